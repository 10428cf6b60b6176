"""Policies that change where citizens are received."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.policies.policy import Policy, with_cost, without
from sim.scenario import Group, Point, Scenario
from sim.streams import Stream
from sim.values import Count, NonNegative, Share


class ExtraPoints(Policy):
    """Opens ``count`` further reception points, each with ``officials`` who handle every field.

    Each new point draws ``share_each`` of the citizens from the existing ones. ``from_existing`` of each
    point's officials come from the largest groups of the existing points, the rest are new and paid.
    ``travel`` is the one-way trip of those who live near a new point. There are no guides at the new points.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset(
        {Stream.POINT, Stream.TRAVEL, Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED}
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
        taken = len(scenario.points)
        names = [f"extra_{n}" for n in range(taken + 1, taken + self.count + 1)]
        points = _thinned(scenario.points, 1 - self.count * self.share_each)
        new = Point(counters=self.counters, share=self.share_each, travel=self.travel)
        staff = without(scenario, min(self.from_existing, self.officials) * self.count)
        there = {name: Group(count=self.officials, point=name) for name in names}
        return scenario.replace(
            points={**points, **dict.fromkeys(names, new)},
            staff={**staff, **there},
            costs=with_cost(scenario, "extra_points", self.rent_per_month * self.count, self.set_up * self.count),
        )


def _thinned(points: dict[str, Point], kept: float) -> dict[str, Point]:
    if kept < 0:
        raise ValueError("the new points draw more than all citizens: lower count or share_each")
    return {name: point.replace(share=point.share * kept) for name, point in points.items()}
