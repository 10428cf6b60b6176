"""Who works: groups of officials, when they come and how fast they are, and what the law allows."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.calendar import Dates, Spans, Weekday
from sim.values import Count, Date, Flag, Key, NonNegative, Positive, Share, Value

Speed = Annotated[float, Field(strict=True, ge=0.05, le=20)]


class Absence(Value):
    """Random absence: the ``share`` of an official's days, in spells of ``days`` calendar days."""

    share: Annotated[float, Field(strict=True, ge=0, le=0.9)]
    days: Annotated[int, Field(strict=True, ge=1, le=60)] = 1


class Learning(Value):
    """Speed grows from ``start``, as a share of the full one, to it over ``weeks``, a step each week.

    It begins on the day ``since``; None is the group's first day, or the first of the run.
    """

    start: Annotated[float, Field(strict=True, ge=0.05, le=1)]
    weeks: Annotated[int, Field(strict=True, ge=1, le=104)]
    since: Date | None = None


class OpenCounter(Value):
    """Work aside until ``high`` people wait at their point; aside again when no more than ``low`` do."""

    kind: Literal["open_counter"]
    high: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    low: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be less than high, or the counter opens and closes without end")
        return self


class FloatToQueue(Value):
    """Go to the point with most people waiting, where that is at least ``more`` than at their own; ``travel`` min."""

    kind: Literal["float_to_queue"]
    more: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    travel: NonNegative = 0.0


class AdjustTomorrow(Value):
    """Each morning work where the mean wait of the last day was longest, from ``above`` minutes on; else at home."""

    kind: Literal["adjust_tomorrow"]
    above: NonNegative


Rule = Annotated[OpenCounter | FloatToQueue | AdjustTomorrow, Field(discriminator="kind")]


class Group(Value):
    """Officials of one kind. ``count`` None follows the counters of their point; ``skills`` None is all.

    ``role``: they receive at counters, guide at the door, are leaders who sign, wherever their room is, specialists
    who work in the back office of a point, or remote ones whom officials at counters ask over a video link.
    ``shifts`` are dealt out in turn; none means the opening hours. ``meetings`` and days of ``leave`` are cut out;
    ``first`` and ``last`` are the days between which they belong to the center. ``serves`` limits them to priority
    classes. ``speed`` is relative to the stated service times; in the fields ``weak`` it goes worse (see Mismatch).
    ``called_away``: the share of half days; ``storm_away``: that of days of a storm, None is as for all (see Storms).
    ``days_at``: the weekdays on which they work at another point. ``commute``: minutes that their way takes from the
    beginning and the end of a day. ``lender``: who lends them. ``rule``: what they go by while the center runs, seeing
    only what a supervisor could see.
    """

    count: Count | None
    skills: tuple[Key, ...] | None = None
    point: Key = "hall"
    role: Literal["counter", "guide", "leader", "specialist", "remote"] = "counter"
    shifts: tuple[Key, ...] = ()
    serves: tuple[Key, ...] | None = None
    speed: Speed = 1.0
    weak: tuple[Key, ...] = ()
    learning: Learning | None = None
    absence: Absence | None = None
    called_away: Annotated[float, Field(strict=True, ge=0, le=0.95)] = 0.0
    storm_away: Share | None = None
    meetings: dict[Weekday, Spans] = Field(default_factory=dict)
    leave: Dates = ()
    first: Date | None = None
    last: Date | None = None
    days_at: dict[Weekday, Key] = Field(default_factory=dict)
    commute: Annotated[NonNegative, Field(le=240)] = 0.0
    lender: Key | None = None
    rule: Rule | None = None
    paid: Flag = True

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError("the last day must not come before the first")
        return self


class Mismatch(Value):
    """The wrong person at the desk: for the ``share`` of pairings of an official and a field, and where ``weak``.

    The work takes ``time_factor`` times as long; ``errors`` is the share of visits that are taken in wrongly, and come
    back as incomplete. Where a remote specialist has the skill, they are asked instead: ``set_up`` minutes, then it
    goes as with anybody, both being busy.
    """

    share: Share = 0.0
    time_factor: Annotated[float, Field(strict=True, ge=1, le=10)] = 1.4
    errors: Share = 0.0
    set_up: NonNegative = 2.0


class Lender(Value):
    """An office that lends officials: how many it has, and the share of their time that its own work takes."""

    officials: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    utilization: Annotated[float, Field(strict=True, ge=0, le=1)]


class Overtime(Value):
    """Limits of overtime, hours of each official (Labor Code, article 107: 4 a day, 40 a month, 200 a year).

    Who has no room left goes when their shift ends. ``beyond``: the limits are known, and not kept.
    """

    day: Positive = 4.0
    month: Positive = 40.0
    year: Positive = 200.0
    beyond: Flag = False


class SaturdayDuty(Value):
    """Who works an opened Saturday: the share of each group, in rotation, and what they get for it.

    ``time_off`` takes the same hours from their next working week; ``pay`` adds to the wage bill, and is overtime.
    """

    share: Share = 0.5
    compensation: Literal["time_off", "pay"] = "time_off"
