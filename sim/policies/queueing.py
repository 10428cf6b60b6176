"""Policies that pool the queues of a point, or divide them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.offered_load import load_sheet
from sim.policies.policy import ROUTED, Policy, free_names, instead, officials_of, part, points_of, with_cost
from sim.scenario import Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Key, NonNegative

Speed = Annotated[float, Field(strict=True, ge=0.05, le=20)]


class PooledQueue(Policy):
    """Makes one queue of all at a point (None: at every point): every official there serves every field.

    Nobody waits while an official is free. Who served some fields only becomes a generalist, who works at ``speed``
    times the pace in all of them; who knew every field before stays as fast as they were. Each generalist learns for
    some ``hours``, paid on top of the shifts before the run begins, and a ``fee_each``. Whom a point sent elsewhere
    because nobody there knew the field is now received there.
    """

    streams: ClassVar[frozenset[Stream]] = ROUTED
    point: Key | None
    speed: Speed
    hours: NonNegative
    fee_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        points = points_of(scenario, self.point)
        learn = {
            name: group
            for name, group in scenario.staff.items()
            if group.role == "counter" and group.point in points
            if group.skills is not None and not set(scenario.fields) <= set(group.skills)
        }
        if not learn:
            raise ValueError(f"all officials of {', '.join(points)} serve every field already: there is one queue")
        pooled = {name: group.replace(skills=None, speed=group.speed * self.speed) for name, group in learn.items()}
        officials = sum(officials_of(scenario, group) for group in learn.values())
        once = officials * (self.hours * scenario.money.official_hour + self.fee_each)
        return scenario.replace(
            staff={**scenario.staff, **pooled}, costs=with_cost(scenario, "pooled_queue", once=once)
        )


class DedicatedQueues(Policy):
    """Gives each official of a point (None: of every point) one field, or few, of those of their group.

    Each group divides what it does: a queue a field, staffed in proportion to the work that comes, or as many queues
    as officials where these are fewer than the fields. One line may be long while the next official is idle; it pays
    only if the officials are faster at it, ``speed`` times the pace of before. ``set_up`` is for signs and tickets.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    point: Key | None
    speed: Speed
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        offered, points = load_sheet(scenario).offered.sum(axis=2), points_of(scenario, self.point)
        after = scenario
        for name, group in scenario.staff.items():
            minutes = offered[list(scenario.points).index(group.point)].tolist()
            work = {
                field: minutes[nth]
                for nth, field in enumerate(scenario.fields)
                if group.skills is None or field in group.skills
            }
            officials = officials_of(scenario, group)
            if group.role == "counter" and group.point in points and min(len(work), officials) > 1:
                after = after.replace(
                    staff=instead(after, name, self._divided(after, name, group, queues_of(work, officials)))
                )
        if after is scenario:
            raise ValueError(f"no group of {', '.join(points)} has several fields and several officials to divide")
        return after.replace(costs=with_cost(scenario, "dedicated_queues", once=self.set_up))

    def _divided(
        self, scenario: Scenario, name: str, group: Group, queues: list[tuple[list[str], int]]
    ) -> dict[str, Group]:
        names, made, first = free_names(name, scenario.staff), dict[str, Group](), 0
        for fields, officials in queues:
            made[next(names)] = part(group, first, officials, skills=tuple(fields), speed=group.speed * self.speed)
            first += officials
        return made


def queues_of(work: dict[str, float], officials: int) -> list[tuple[list[str], int]]:
    """The fields of each queue and its officials, from the minutes of work in each field.

    The largest field goes first to the queue with the least work; each queue has one official, and every further
    one goes where there is most work for each.
    """
    fields: list[list[str]] = [[] for _ in range(min(len(work), officials))]

    def minutes(nth: int) -> float:
        return sum(work[field] for field in fields[nth])

    for field in sorted(work, key=lambda name: -work[name]):
        fields[min(range(len(fields)), key=lambda nth: (minutes(nth), len(fields[nth])))].append(field)
    staff = [1] * len(fields)
    for _ in range(officials - len(fields)):
        staff[max(range(len(fields)), key=lambda nth: minutes(nth) / staff[nth])] += 1
    return list(zip(fields, staff, strict=True))
