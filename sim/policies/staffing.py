"""Policies that change how many officials there are."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.offered_load import busiest_group
from sim.policies.policy import Policy, officials_of, with_cost
from sim.scenario import Scenario
from sim.streams import Stream
from sim.values import Count, Key, NonNegative


class AddOfficials(Policy):
    """Hires ``count`` officials into ``group`` (None: the group with the highest load), each paid.

    ``counters`` are set up with them: where all counters are taken already, more officials alone only fill
    the gaps that breaks leave.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    count: Annotated[int, Field(strict=True, ge=1, le=100)]
    group: Key | None = None
    counters: Count
    set_up_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        name = self.group or busiest_group(scenario)
        if name not in scenario.staff:
            raise ValueError(f"group {name} is none of {', '.join(scenario.staff) or 'the staff'}")
        group = scenario.staff[name]
        point = scenario.points[group.point]
        more = group.replace(count=officials_of(scenario, group) + self.count)
        return scenario.replace(
            points={**scenario.points, group.point: point.replace(counters=point.counters + self.counters)},
            staff={**scenario.staff, name: more},
            costs=with_cost(scenario, "add_officials", once=self.set_up_each * self.counters),
        )
