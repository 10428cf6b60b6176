"""Policies that act while the center runs: each names a rule and its parameters (see :mod:`sim.models.rules`)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.policies.policy import (
    ROUTED,
    Policy,
    free_names,
    known_point,
    shifts_of_officials,
    with_cost,
    with_counters,
    without,
)
from sim.scenario import Scenario
from sim.staff import AdjustTomorrow, FloatToQueue, Group, OpenCounter, Rule
from sim.streams import Stream
from sim.values import Count, Key, NonNegative

Officials = Annotated[int, Field(strict=True, ge=1, le=20)]
People = Annotated[int, Field(strict=True, ge=1, le=1000)]


def _with(scenario: Scenario, stem: str, point: str, counts: tuple[int, int], rule: Rule) -> dict[str, Group]:
    """The staff with so many all-round officials who go by a rule, all but so many new ones taken from the point."""
    officials, new = counts
    staff = without(scenario, max(officials - new, 0), known_point(scenario, point))
    name = next(free_names(stem, {*scenario.points, *scenario.staff}))
    return {**staff, name: Group(count=officials, point=point, shifts=shifts_of_officials(scenario), rule=rule)}


class OpenWhenLong(Policy):
    """Keeps ``officials`` aside who open one more counter where ``high`` people wait, until no more than ``low`` do.

    All but ``new`` of them are taken from the largest groups of the point; all handle every field and are paid for
    the whole day, though what else they do aside is not in the model. ``counters`` are set up for them.
    """

    streams: ClassVar[frozenset[Stream]] = ROUTED
    point: Key = "hall"
    officials: Officials
    new: Count
    high: People
    low: Count
    counters: Count
    set_up_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        wider = with_counters(scenario, known_point(scenario, self.point), self.counters)
        rule = OpenCounter(kind="open_counter", high=self.high, low=self.low)
        return wider.replace(
            staff=_with(wider, "reserve", self.point, (self.officials, self.new), rule),
            costs=with_cost(scenario, "open_when_long", once=self.set_up_each * self.counters),
        )


class FloatingOfficial(Policy):
    """Sends ``officials`` to the point where at least ``more`` people wait than at theirs, ``travel`` minutes away.

    All but ``new`` of them come from the largest groups of ``point``; they handle every field.
    ``per_month``: fares, each.
    """

    streams: ClassVar[frozenset[Stream]] = ROUTED
    point: Key = "hall"
    officials: Officials
    new: Count
    more: People
    travel: NonNegative
    per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        rule = FloatToQueue(kind="float_to_queue", more=self.more, travel=self.travel)
        costs = with_cost(scenario, "floating_official", self.per_month * self.officials)
        staff = _with(scenario, "floating", self.point, (self.officials, self.new), rule)
        return scenario.replace(staff=staff, costs=costs)


class AdjustFromReport(Policy):
    """Each morning sends ``officials`` where the mean wait of the last day was longest, from ``above`` minutes on.

    Leaders read the day's report in the evening and adjust the next day (S2). All but ``new`` of the officials come
    from the largest groups of ``point``, where they stay when no point waited so long; they handle every field.
    ``per_month``: fares, each.
    """

    streams: ClassVar[frozenset[Stream]] = ROUTED
    point: Key = "hall"
    officials: Officials
    new: Count
    above: NonNegative
    per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        rule = AdjustTomorrow(kind="adjust_tomorrow", above=self.above)
        costs = with_cost(scenario, "adjust_tomorrow", self.per_month * self.officials)
        staff = _with(scenario, "adjusting", self.point, (self.officials, self.new), rule)
        return scenario.replace(staff=staff, costs=costs)
