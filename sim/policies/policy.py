"""What every policy is."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from sim.money import Cost
from sim.scenario import Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Value


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


def officials_of(scenario: Scenario, group: Group) -> int:
    """How many officials a group has; one that follows its point's counters has as many."""
    return scenario.points[group.point].counters if group.count is None else group.count


def without(scenario: Scenario, officials: int, point: str | None = None) -> dict[str, Group]:
    """The staff less some officials of a point (None: of any), one after the other from the largest group.

    Every group keeps one; ValueError where there are not enough to take.
    """
    there = {name: group for name, group in scenario.staff.items() if point in {None, group.point}}
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
