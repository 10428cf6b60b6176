"""Policies that change where citizens are received."""

from __future__ import annotations

from itertools import count, islice
from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.policies.policy import Policy, with_cost, without
from sim.scenario import Point, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Count, NonNegative, Share


class ExtraPoints(Policy):
    """Opens ``count`` further reception points, each with ``officials`` who handle every field.

    Each new point draws ``share_each`` of all citizens, wherever they live; the others go where they went.
    ``from_existing`` of each point's officials come from the largest groups of the existing points, the rest are
    new and paid; they work the calendar's shifts in turn, as others do. ``travel`` is the one-way trip of those
    who come to a new point. There are no guides there.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset(
        {Stream.DRAWN, Stream.TRAVEL, Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED}
    )
    count: Annotated[int, Field(strict=True, ge=1, le=20)]
    officials: Annotated[int, Field(strict=True, ge=1, le=50)]
    from_existing: Count
    counters: Annotated[int, Field(strict=True, ge=1, le=50)]
    share_each: Share
    travel: Distribution | None = None
    rent_per_month: NonNegative
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        taken = {*scenario.points, *scenario.staff}
        free = (name for name in (f"extra_{n}" for n in count(1)) if name not in taken)
        names = list(islice(free, self.count))
        new = Point(counters=self.counters, share=0.0, draws=self.share_each, travel=self.travel)
        staff = without(scenario, min(self.from_existing, self.officials) * self.count)
        shifts = tuple(scenario.calendar.shifts)
        there = {name: Group(count=self.officials, point=name, shifts=shifts) for name in names}
        return scenario.replace(
            points={**scenario.points, **dict.fromkeys(names, new)},
            staff={**staff, **there},
            costs=with_cost(scenario, "extra_points", self.rent_per_month * self.count, self.set_up * self.count),
        )
