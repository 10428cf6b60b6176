"""Policies that change how many officials there are, and what they can do."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.offered_load import busiest_group
from sim.policies.policy import ROUTED, Policy, free_names, instead, officials_of, part, with_cost
from sim.scenario import Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Count, Key, NonNegative


class AddOfficials(Policy):
    """Hires ``count`` officials into ``group`` (None: the group with the highest load), each paid.

    ``counters`` are set up with them: where all counters are taken already, more officials alone only fill
    the gaps that breaks leave. Specialists of the back office sit at none, and get none.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    count: Annotated[int, Field(strict=True, ge=1, le=100)]
    group: Key | None = None
    counters: Count
    set_up_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        name = _known_group(scenario, self.group or busiest_group(scenario))
        group = scenario.staff[name]
        point = scenario.points[group.point]
        more = group.replace(count=officials_of(scenario, group) + self.count)
        counters = self.counters if group.role != "specialist" else 0
        return scenario.replace(
            points={**scenario.points, group.point: point.replace(counters=point.counters + counters)},
            staff={**scenario.staff, name: more},
            costs=with_cost(scenario, "add_officials", once=self.set_up_each * counters),
        )


class CrossTraining(Policy):
    """Teaches ``officials`` of ``group`` further ``fields`` (None: all): they help where others are overrun.

    ``group`` None is the largest that has something to learn. They are called last, since whoever has the fewest
    skills is called first, and work at the speed of their group in the new fields too. The course is over when the
    run begins, so nobody is missing at a counter: its ``hours`` are paid on top of the shifts, and ``fee_each``. Whom
    their point sent elsewhere because nobody there knew the field is now received there.
    """

    streams: ClassVar[frozenset[Stream]] = ROUTED
    officials: Annotated[int, Field(strict=True, ge=1, le=100)]
    group: Key | None
    fields: tuple[Key, ...] | None
    hours: NonNegative
    fee_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        for field in self.fields or ():
            if field not in scenario.fields:
                raise ValueError(f"field {field} is none of {', '.join(scenario.fields)}")
        name = _known_group(scenario, self.group or self._largest(scenario))
        group = scenario.staff[name]
        stay = officials_of(scenario, group) - self.officials
        if stay < 0:
            raise ValueError(
                f"wanted at most the {stay + self.officials} officials of group {name}, not {self.officials}"
            )
        if not self._new_to(scenario, group):
            raise ValueError(f"group {name} knows these fields already: there is nothing to learn")
        skills = tuple(f for f in scenario.fields if f in (group.skills or ()) or f in self._new_to(scenario, group))
        trained = next(free_names(f"{name}_trained", scenario.staff)) if stay else name
        split = {
            **({name: part(group, 0, stay)} if stay else {}),
            trained: part(group, stay, self.officials, skills=skills),
        }
        once = self.officials * (self.hours * scenario.money.official_hour + self.fee_each)
        return scenario.replace(
            staff=instead(scenario, name, split), costs=with_cost(scenario, "cross_training", once=once)
        )

    def _new_to(self, scenario: Scenario, group: Group) -> list[str]:
        fields = scenario.fields if self.fields is None else self.fields
        knows_all = group.skills is None or group.role != "counter"
        return [] if knows_all else [field for field in fields if field not in (group.skills or ())]

    def _largest(self, scenario: Scenario) -> str:
        sizes = {name: officials_of(scenario, g) for name, g in scenario.staff.items() if self._new_to(scenario, g)}
        if not sizes:
            raise ValueError("all officials know these fields already: there is nothing to learn")
        return max(sizes, key=lambda name: sizes[name])


def _known_group(scenario: Scenario, name: str) -> str:
    if name not in scenario.staff:
        raise ValueError(f"group {name} is none of {', '.join(scenario.staff) or 'the staff'}")
    return name
