"""Policies that change where citizens are received."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.policies.policy import Policy, free_names, known_point, shifts_of_officials, with_cost, with_counters, without
from sim.scenario import Choice, Point, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.values import Count, Key, NonNegative, Positive, Share


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
        new = Point(counters=self.counters, share=0.0, draws=self.share_each, travel=self.travel)
        names = list(islice(free_names("extra", {*scenario.points, *scenario.staff}), self.count))
        staff = _staffed(scenario, names, self.officials, self.from_existing)
        cost = with_cost(scenario, "extra_points", self.rent_per_month * self.count, self.set_up * self.count)
        return scenario.replace(points={**scenario.points, **dict.fromkeys(names, new)}, staff=staff, costs=cost)


class VacantHeadquarters(Policy):
    """Receives citizens again in ``count`` headquarters of communes that were merged, and stand empty since.

    They stand where people live: ``share_each`` of all citizens then have each as their nearest point, a ``travel``
    away, and the others go where they went. Nobody else's way changes. The houses are the state's, so that there is no
    rent; they are degraded: ``set_up`` repairs and equips each, ``upkeep_per_month`` keeps it. ``from_existing`` of the
    ``officials`` of each are moved there from the largest groups, which are short of them, the rest are new and paid;
    they handle every field, and there are ``seats`` and no guides.
    """

    streams: ClassVar[frozenset[Stream]] = ExtraPoints.streams
    count: Annotated[int, Field(strict=True, ge=1, le=20)]
    officials: Annotated[int, Field(strict=True, ge=1, le=50)]
    from_existing: Count
    counters: Annotated[int, Field(strict=True, ge=1, le=50)]
    seats: Count | None
    share_each: Share
    travel: Distribution
    set_up: NonNegative
    upkeep_per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        new = Point(
            title="Trụ sở cũ",
            counters=self.counters,
            seats=self.seats,
            share=0.0,
            draws=self.share_each,
            travel=self.travel,
        )
        names = list(islice(free_names("headquarters", {*scenario.points, *scenario.staff}), self.count))
        staff = _staffed(scenario, names, self.officials, self.from_existing)
        upkeep, once = self.upkeep_per_month * self.count, self.set_up * self.count
        cost = with_cost(scenario, "vacant_headquarters", upkeep, once)
        return scenario.replace(points={**scenario.points, **dict.fromkeys(names, new)}, staff=staff, costs=cost)


def _staffed(scenario: Scenario, points: list[str], officials: int, from_existing: int) -> dict[str, Group]:
    """The staff with so many officials at each new point, some of them from the largest groups there are."""
    staff, shifts = without(scenario, min(from_existing, officials) * len(points)), shifts_of_officials(scenario)
    return {**staff, **{name: Group(count=officials, point=name, shifts=shifts) for name in points}}


class NonTerritorial(Policy):
    """Lets citizens be received at any point: the ``share`` of them looks at what points publish and chooses.

    Points of one scenario stand for the centers of a city. They go where least is to be expected, see Choice: ``each``
    minutes for each person who waits, over the officials on duty, and ``way`` minutes more to another than their own.
    The dossiers follow them: connecting the centers costs ``once``, and ``per_month`` at each point.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.CHOICE})
    share: Annotated[Share, Field(gt=0)]
    each: Positive
    way: Annotated[Positive, Field(le=600)]
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        if len(scenario.points) == 1:
            raise ValueError(f"there is no point but {next(iter(scenario.points))}: nowhere to go instead")
        if scenario.choice is not None:
            raise ValueError("citizens may be received at any point already: change choice instead")
        return scenario.replace(
            choice=Choice(share=self.share, each=self.each, way=self.way),
            costs=with_cost(scenario, "non_territorial", self.per_month * len(scenario.points), self.once),
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
