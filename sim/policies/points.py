"""Policies that change where citizens are received."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.policies.policy import Policy, free_names, known_point, shifts_of_officials, with_cost, with_counters, without
from sim.scenario import Point, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Count, Key, NonNegative, Share


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
        names = list(islice(free_names("extra", {*scenario.points, *scenario.staff}), self.count))
        new = Point(counters=self.counters, share=0.0, draws=self.share_each, travel=self.travel)
        staff = without(scenario, min(self.from_existing, self.officials) * self.count)
        shifts = shifts_of_officials(scenario)
        there = {name: Group(count=self.officials, point=name, shifts=shifts) for name in names}
        return scenario.replace(
            points={**scenario.points, **dict.fromkeys(names, new)},
            staff={**staff, **there},
            costs=with_cost(scenario, "extra_points", self.rent_per_month * self.count, self.set_up * self.count),
        )


class BiggerHall(Policy):
    """Gives a point more ``seats``, and more ``counters``, so that fewer find the hall full and leave at once.

    Seats alone do not shorten the line: who would have left now waits, and the mean wait may rise. More counters
    help only where officials stand without one; nobody is hired, also not into a group that follows the counters.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    point: Key = "hall"
    seats: Count
    counters: Count
    rent_per_month: NonNegative
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        point = scenario.points[known_point(scenario, self.point)]
        if not self.counters and not (self.seats and point.seats is not None):
            limit = "has room without limit" if point.seats is None else "stays as it is"
            raise ValueError(
                f"point {self.point} {limit}: wanted more counters{' or seats' * (point.seats is not None)}"
            )
        seats = None if point.seats is None else point.seats + self.seats
        wider = with_counters(scenario, self.point, self.counters)
        roomy = wider.points[self.point].replace(seats=seats)
        return wider.replace(
            points={**wider.points, self.point: roomy},
            costs=with_cost(scenario, "bigger_hall", self.rent_per_month, self.set_up),
        )
