"""What every policy is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import count
from typing import Any, ClassVar, get_args

from sim.arrivals import Arrivals
from sim.calendar import Weekday
from sim.demand import booked_people, day_table
from sim.money import Cost
from sim.scenario import Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Value

ROUTED = frozenset({Stream.POINT, Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED})
"""What changes for those who are received at another point than before, where other guides may stand."""


class Policy(Value):
    """A typed value that turns a scenario into another. A researcher's own is a subclass."""

    streams: ClassVar[frozenset[Stream]] = frozenset()

    @abstractmethod
    def apply(self, scenario: Scenario) -> Scenario:
        """The changed scenario; the given one stays as it is."""


class NoChange(Policy):
    """The center as it runs today."""

    def apply(self, scenario: Scenario) -> Scenario:
        return scenario


def with_cost(scenario: Scenario, name: str, per_month: float = 0.0, once: float = 0.0) -> dict[str, Cost]:
    """The scenario's costs and one more; a policy that is applied twice costs twice."""
    before = scenario.costs.get(name, Cost())
    after = Cost(per_month=before.per_month + per_month, once=before.once + once)
    return {**scenario.costs, name: after}


def free_names(stem: str, taken: Container[str]) -> Iterator[str]:
    """stem_1, stem_2 and so on, but for those that are taken."""
    return (name for name in (f"{stem}_{n}" for n in count(1)) if name not in taken)


def known_point(scenario: Scenario, point: str) -> str:
    """The point; ValueError where the scenario has none of that name."""
    if point not in scenario.points:
        raise ValueError(f"point {point} is none of {', '.join(scenario.points)}")
    return point


def points_of(scenario: Scenario, point: str | None) -> list[str]:
    """The point, or all where it is None."""
    return list(scenario.points) if point is None else [known_point(scenario, point)]


def part(group: Group, first: int, officials: int, **changes: Any) -> Group:
    """Some officials of a group, from the ``first`` (0 is the first) on, each with the shift they have."""
    turn = first % len(group.shifts) if group.shifts else 0
    return group.replace(count=officials, shifts=group.shifts[turn:] + group.shifts[:turn], **changes)


def instead(scenario: Scenario, name: str, groups: Mapping[str, Group]) -> dict[str, Group]:
    """The staff with other groups in the place of one, so that all officials keep their order."""
    return {
        own: group
        for other, one in scenario.staff.items()
        for own, group in (groups if other == name else {other: one}).items()
    }


def newcomers(scenario: Scenario) -> float:
    """How many first come to the halls on a mean working day; who files from home does not."""
    table = day_table(scenario)
    people = table.demand["people"].sum() / scenario.for_each_visitor + booked_people(scenario, table.days).sum()
    return float(people / max(table.days["is_working"].sum(), 1))


def so_many_times(arrivals: Arrivals, factor: float) -> Arrivals:
    """The arrivals, so many times as many."""
    if arrivals.per_day is not None:
        return arrivals.replace(per_day=arrivals.per_day * factor)
    rate = arrivals.rate_per_hour
    others = {at: value * factor for at, value in rate.items()} if isinstance(rate, dict) else (rate or 0.0) * factor
    return arrivals.replace(rate_per_hour=others)


def officials_of(scenario: Scenario, group: Group) -> int:
    """How many officials a group has; one that follows its point's counters has as many."""
    return scenario.points[group.point].counters if group.count is None else group.count


def shifts_of_officials(scenario: Scenario) -> tuple[str, ...]:
    """The shifts of the calendar that a new group works in turn: all but those of volunteers alone."""
    own = {shift for group in scenario.staff.values() if not group.paid for shift in group.shifts}
    own -= {shift for group in scenario.staff.values() if group.paid for shift in group.shifts}
    return tuple(shift for shift in scenario.calendar.shifts if shift not in own)


def standing(scenario: Scenario, point: str, more: int, weekdays: Iterable[Weekday] = ()) -> int:
    """How many of so many more officials at a point would find no counter there, on the fullest of some weekdays."""
    there = [
        sum(
            officials_of(scenario, group)
            for group in scenario.staff.values()
            if group.role == "counter" and group.days_at.get(on, group.point) == point
        )
        for on in weekdays or get_args(Weekday)
    ]
    return max(min(more, max(there) + more - scenario.points[point].counters), 0)


def with_counters(scenario: Scenario, point: str, more: int) -> Scenario:
    """The scenario with more counters at a point; nobody is hired, also not into a group that follows them."""
    wider = scenario.points[point].replace(counters=scenario.points[point].counters + more)
    staff = {
        name: group.replace(count=officials_of(scenario, group)) if more and group.point == point else group
        for name, group in scenario.staff.items()
    }
    return scenario.replace(points={**scenario.points, point: wider}, staff=staff)


def without(scenario: Scenario, officials: int, point: str | None = None) -> dict[str, Group]:
    """The staff less some officials at the counters of a point (None: of any), one by one from the largest group.

    Only those who receive at counters and go by no rule are taken, and every group keeps one; ValueError where there
    are not enough to take.
    """
    receiving = {name: one for name, one in scenario.staff.items() if one.role == "counter" and one.rule is None}
    there = {name: group for name, group in receiving.items() if point in {None, group.point}}
    left = {name: officials_of(scenario, group) for name, group in there.items()}
    for _ in range(officials):
        largest = max(left, key=lambda name: left[name], default=None)
        if largest is None or left[largest] < 2:
            raise ValueError(f"there are not {officials} officials to take: each group keeps one")
        left[largest] -= 1
    taken = {name: group.replace(count=left[name]) for name, group in there.items()}
    return {
        name: taken[name] if name in taken and left[name] != officials_of(scenario, group) else group
        for name, group in scenario.staff.items()
    }
