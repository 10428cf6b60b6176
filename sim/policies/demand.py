"""Policies that change who is called first."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.policies.policy import Policy, without
from sim.scenario import Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Key


class PriorityLane(Policy):
    """Keeps ``officials`` of a point for the citizens of the first rank; they handle every field.

    The officials come from the largest groups of that point, so that everyone else there has fewer.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    point: Key = "hall"
    officials: Annotated[int, Field(strict=True, ge=1, le=20)]

    def apply(self, scenario: Scenario) -> Scenario:
        if self.point not in scenario.points:
            raise ValueError(f"point {self.point} is none of {', '.join(scenario.points)}")
        ranks = {name: entry.rank for name, entry in scenario.priorities.items()}
        first = tuple(name for name, rank in ranks.items() if rank == min(ranks.values()))
        if len(first) == len(ranks):
            raise ValueError("all citizens have the same rank: there is nobody to keep a lane for")
        if "priority_lane" in scenario.staff:
            raise ValueError("there is a priority lane already: raise its officials instead")
        shifts = tuple(scenario.calendar.shifts)
        lane = Group(count=self.officials, point=self.point, serves=first, shifts=shifts)
        return scenario.replace(staff={**without(scenario, self.officials, self.point), "priority_lane": lane})
