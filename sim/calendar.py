"""When a center is open: weekly hours, shifts, holidays and closures, turned into intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Literal, Self, cast

import holidays
from pydantic import AfterValidator, Field, model_validator

from sim.units import DAY, WEEKDAYS, span
from sim.values import Date, Key, Span, Value

Interval = tuple[int, int]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WorkingDay = Literal["mon", "tue", "wed", "thu", "fri"]


def weekday_of(on: date) -> Weekday:
    """The name by which a scenario calls a date's day of the week."""
    return cast("Weekday", WEEKDAYS[on.weekday()])


def _apart(spans: tuple[str, ...]) -> tuple[str, ...]:
    intervals = sorted(span(text) for text in spans)
    for before, after in pairwise(intervals):
        if before[1] > after[0]:
            raise ValueError("the spans overlap")
    return spans


Spans = Annotated[tuple[Span, ...], AfterValidator(_apart)]


class Closure(Value):
    """Whole days, from ``first`` to ``last``, both included.

    Of the center: it is shut and nobody comes. Of a group of officials: they are on leave. Of storms: there is one.
    """

    first: Date
    last: Date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day must not come before the first")
        return self


def _days_apart(closures: tuple[Closure, ...]) -> tuple[Closure, ...]:
    for before, after in pairwise(sorted(closures, key=lambda one: one.first)):
        if after.first <= before.last:
            raise ValueError(f"the spans of days overlap on {after.first}")
    return closures


Dates = Annotated[tuple[Closure, ...], AfterValidator(_days_apart)]


class Calendar(Value):
    """Opening hours by weekday, shifts by name, and the dates that differ.

    A center opens its door at the first span of a day and shuts it at the end of the last: between them
    lunch is a break of the officials, not of the queue. ``shifts`` lets groups of officials work other
    spans than the opening hours, ``shifts_on`` says on which weekdays a shift differs from itself.
    ``late_break`` says whether a break that begins late, because a service ran into it, still ends
    ``on_time`` or is taken ``in_full``.
    """

    hours: dict[Weekday, Spans]
    shifts: dict[Key, Spans] = Field(default_factory=dict)
    shifts_on: dict[WorkingDay, dict[Key, Spans]] = Field(default_factory=dict)
    holidays: Literal["vietnam", "none"] = "vietnam"
    also_closed: tuple[Date, ...] = ()
    also_open: tuple[Date, ...] = ()
    closures: tuple[Closure, ...] = ()
    late_break: Literal["on_time", "in_full"] = "on_time"

    @model_validator(mode="after")
    def _opened_dates_have_hours(self) -> Self:
        for on in self.also_open:
            if not self.hours.get(weekday_of(on)):
                raise ValueError(f"also_open lifts a holiday: {on} is a weekday without hours")
        return self

    def closed(self, on: date) -> bool:
        """True on a closure, a listed date or a public holiday that is not listed as open."""
        if any(closure.first <= on <= closure.last for closure in self.closures) or on in self.also_closed:
            return True
        if on in self.also_open or self.holidays == "none":
            return False
        return on in _vietnam(on.year)

    def opening(self, on: date) -> tuple[Interval, ...]:
        """The spans of one date in ms after its midnight; empty when closed."""
        if self.closed(on):
            return ()
        return intervals(self.hours.get(weekday_of(on), ()))

    def shift(self, name: str | None, on: date) -> tuple[Interval, ...]:
        """The working spans of a shift on one date: within the opening hours of a working weekday.

        On a rest day (Saturday, Sunday) everyone who is on duty works the opening hours.
        """
        opening = self.opening(on)
        if name is None or not opening or on.weekday() >= WEEKDAYS.index("sat"):
            return opening
        return intervals(self.spans(name, weekday_of(on)))

    def spans(self, name: str | None, weekday: Weekday) -> tuple[str, ...]:
        """What a shift works on a weekday as it is written; None is the opening hours."""
        if name is None:
            return self.hours.get(weekday, ())
        own = next((shifts for on, shifts in self.shifts_on.items() if on == weekday), {})
        return own.get(name, self.shifts[name])


@lru_cache(maxsize=1024)
def intervals(spans: tuple[str, ...]) -> tuple[Interval, ...]:
    """Sorted intervals in ms after midnight."""
    return tuple(sorted(span(text) for text in spans))


def edges(days: Sequence[tuple[Interval, ...]], day: int) -> Iterator[tuple[int, int]]:
    """When the joined intervals begin (1) and end (0) on one day, in ms after its midnight."""
    through = day > 0 and bool(days[day - 1]) and days[day - 1][-1][1] == DAY
    today = joined([days[day]])
    if through and not (today and today[0][0] == 0):
        yield 0, 0
    for start, end in today:
        if start > 0 or not through:
            yield start, 1
        if end < DAY:
            yield end, 0


def joined(days: Sequence[tuple[Interval, ...]]) -> list[Interval]:
    """Intervals of consecutive days on one clock, those that touch or overlap made one (open day and night)."""
    whole: list[Interval] = []
    for day, spans in enumerate(days):
        for start, end in spans:
            if whole and whole[-1][1] >= day * DAY + start:
                whole[-1] = whole[-1][0], max(whole[-1][1], day * DAY + end)
            else:
                whole.append((day * DAY + start, day * DAY + end))
    return whole


@lru_cache(maxsize=64)
def _vietnam(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))
