"""Policies that send officials where they are needed: from other offices, or from point to point."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from sim.calendar import Weekday, WorkingDay
from sim.offered_load import load_sheet, ratio
from sim.policies.policy import (
    Policy,
    free_names,
    instead,
    known_point,
    officials_of,
    part,
    shifts_of_officials,
    standing,
    with_cost,
    with_counters,
    without,
)
from sim.scenario import Scenario
from sim.staff import Group, Learning, Lender
from sim.streams import Stream
from sim.units import day_of
from sim.values import Count, Date, Key, NonNegative, Share

MOST = 100
"""Officials who may be lent to one center."""
Officials = Annotated[int, Field(strict=True, ge=1, le=MOST)]


class Secondment(Policy):
    """Borrows ``count`` officials of a ``lender`` for a span of days: what they do here is left undone there.

    The lender has ``lender_officials``, whose own work takes the share ``lender_utilization`` of their time: see
    ``lender_utilization`` and ``lender_backlog_hours`` among the figures. The span begins on the day ``first``, or
    ``after`` so many days of the run; it ends with ``last``, or after so many ``days``. ``skills`` None is all fields;
    in the fields ``weak`` the work goes worse. ``commute`` minutes of their way, there and back, are paid and not
    worked. ``counters`` are set up for them; None is one for each who would find none free. Wages follow from the
    officials; each has an ``allowance_per_month``.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    lender: Key
    lender_officials: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    lender_utilization: Share
    count: Officials
    point: Key = "hall"
    skills: tuple[Key, ...] | None
    weak: tuple[Key, ...] = ()
    first: Date | None = None
    last: Date | None = None
    after: Annotated[int, Field(strict=True, ge=0, le=9_999)] | None
    days: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None
    commute: Annotated[NonNegative, Field(le=240)]
    learning: Learning | None
    counters: Count | None
    set_up_each: NonNegative
    allowance_per_month: NonNegative

    @model_validator(mode="after")
    def _one_span(self) -> Self:
        if (self.first is None) == (self.after is None) or (self.last is None) == (self.days is None):
            raise ValueError("wanted the first day or after, and the last day or days; set the other to null")
        if self.first and self.last and self.last < self.first:
            raise ValueError("the last day must not come before the first")
        return self

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        first, last = self._span(scenario)
        share = _share_of_days(scenario, first, last)
        counters = standing(scenario, self.point, self.count) if self.counters is None else self.counters
        group = Group(
            count=self.count,
            skills=self.skills,
            point=self.point,
            shifts=shifts_of_officials(scenario),
            weak=self.weak,
            learning=self.learning,
            first=first,
            last=last,
            commute=self.commute,
            lender=self.lender,
        )
        name = next(free_names("secondees", scenario.staff))
        month = self.count * share * self.allowance_per_month
        wider = with_counters(scenario, self.point, counters)
        return wider.replace(
            staff={**wider.staff, name: group},
            lenders={**wider.lenders, self.lender: self._lender(scenario)},
            costs=with_cost(scenario, "secondment", month, self.set_up_each * counters),
        )

    def _span(self, scenario: Scenario) -> tuple[date, date]:
        first = self.first or day_of(scenario.start, self.after or 0)
        last = self.last or day_of(first, (self.days or 1) - 1)
        if last < first:
            raise ValueError(f"the last day, {last}, comes before the first, {first}")
        end = day_of(scenario.start, scenario.days - 1)
        if first > end or last < day_of(scenario.start, scenario.warmup):
            raise ValueError(f"nobody is lent on the measured days: they come from {first} to {last}")
        return first, last

    def _lender(self, scenario: Scenario) -> Lender:
        mine = Lender(officials=self.lender_officials, utilization=self.lender_utilization)
        there = scenario.lenders.get(self.lender, mine)
        if there != mine:
            raise ValueError(
                f"lender {self.lender} has {there.officials} officials and utilization {there.utilization:g} already: "
                f"wanted the same, not {mine.officials} and {mine.utilization:g}"
            )
        return mine


def _share_of_days(scenario: Scenario, first: date, last: date) -> float:
    """The share of the measured working days that lie between two dates, both included."""
    working = [day for day in range(scenario.warmup, scenario.days) if scenario.is_working(day)]
    return sum(first <= day_of(scenario.start, day) <= last for day in working) / max(len(working), 1)


class FloatingTeam(Policy):
    """Sends ``count`` officials of a ``point`` to another on some weekdays, ``days_at``; else they work at home.

    A weekday whose point is None goes to the one, but for their own, with the highest load on that weekday by the load
    sheet before. ``from_existing`` of them come from the largest groups of their point and keep their skills, the
    others are hired and know every field. ``counters`` at each point they go to; None is one for each who would find
    none free. Each costs ``travel_per_month``.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    count: Officials
    from_existing: Count
    point: Key = "hall"
    days_at: Annotated[dict[WorkingDay, Key | None], Field(min_length=1)]
    counters: Count | None
    set_up_each: NonNegative
    travel_per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        days_at, after, once = self._days_at(scenario), scenario, 0
        for point in dict.fromkeys(days_at.values()):
            weekdays = [on for on, to in days_at.items() if to == point]
            more = standing(scenario, point, self.count, weekdays) if self.counters is None else self.counters
            after, once = with_counters(after, point, more), once + more
        return after.replace(
            staff=self._team(after, days_at),
            costs=with_cost(scenario, "floating_team", self.count * self.travel_per_month, self.set_up_each * once),
        )

    def _days_at(self, scenario: Scenario) -> dict[Weekday, str]:
        others = [name for name in scenario.points if name != self.point]
        if not others:
            raise ValueError(f"there is no point but {self.point}: nowhere to send anybody")
        found: dict[Weekday, str] = {}
        for on, point in self.days_at.items():
            if not scenario.calendar.hours.get(on):
                raise ValueError(f"the center is closed on {on}: wanted a weekday with opening hours")
            if point == self.point:
                raise ValueError(f"on {on} they would stay at {point}: wanted another point")
            found[on] = known_point(scenario, point) if point else max(others, key=_loads(scenario, on).__getitem__)
        return found

    def _team(self, scenario: Scenario, days_at: dict[Weekday, str]) -> dict[str, Group]:
        taken = min(self.from_existing, self.count)
        after = scenario
        for name, left in without(scenario, taken, self.point).items():
            group = scenario.staff[name]
            stay, size = officials_of(scenario, left), officials_of(scenario, group)
            if stay < size:
                floating = next(free_names(f"{name}_floating", after.staff))
                split = {name: part(group, 0, stay), floating: part(group, stay, size - stay, days_at=days_at)}
                after = after.replace(staff=instead(after, name, split))
        if taken == self.count:
            return dict(after.staff)
        shifts = shifts_of_officials(scenario)
        hired = Group(count=self.count - taken, point=self.point, shifts=shifts, days_at=days_at)
        return {**after.staff, next(free_names("floating", after.staff)): hired}


def _loads(scenario: Scenario, on: WorkingDay) -> dict[str, float]:
    """The load of each point on one weekday: of a center that opens on that day alone, with all who return."""
    calendar = scenario.calendar
    alone = scenario.replace(
        opening=True,
        warmup_days=0,
        calendar=calendar.replace(hours={on: calendar.hours[on]}, also_open=()),
        arrivals=scenario.arrivals.replace(moves_to_saturday=0.0),
        returns=scenario.returns.replace(between=None),
    )
    sheet = load_sheet(alone)
    loads = np.nan_to_num(ratio(sheet.offered.sum(axis=(1, 2)), sheet.present.sum(axis=1)), posinf=np.inf)
    return dict(zip(sheet.points, loads.tolist(), strict=True))
