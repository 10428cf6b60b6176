"""The network that officials work with: when it is down or slow, and what they do then."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from math import prod
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from sim.calendar import Weekday, weekday_of
from sim.distributions import Distribution
from sim.units import span
from sim.values import Date, Flag, Share, Span, Value

LEAST_SPEED = 0.001
MOST_WINDOWS = 200
Scope = Literal["center", "province", "portal"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


def _a_permille(speed: float) -> float:
    if 0 < speed < LEAST_SPEED:
        raise ValueError(f"wanted 0, which is down, or at least {LEAST_SPEED:g}")
    return speed


class Window(Value):
    """A span of the day in which the network runs at ``speed``, a share of the usual: 0 is down, 0.667 time × 1.5.

    On each day from ``first`` to ``last`` (None: of the run), or only on some ``weekdays``.
    """

    between: Span
    speed: Annotated[Share, AfterValidator(_a_permille)] = 0.0
    first: Date | None = None
    last: Date | None = None
    weekdays: tuple[Weekday, ...] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError("the last day must not come before the first")
        return self

    def covers(self, on: date) -> bool:
        """Whether it is in force on a date."""
        within = (self.first is None or self.first <= on) and (self.last is None or on <= self.last)
        return within and (self.weekdays is None or weekday_of(on) in self.weekdays)

    def meets(self, other: Window) -> bool:
        """Whether there may be an instant at which both are in force."""
        days = {None} if self.weekdays is None or other.weekdays is None else {*self.weekdays} & {*other.weekdays}
        first = max(one for one in (self.first, other.first, date.min) if one)
        last = min(one for one in (self.last, other.last, date.max) if one)
        (start, end), (begins, ends) = span(self.between), span(other.between)
        return bool(days) and first <= last and start < ends and begins < end


class Outage(Value):
    """Minutes ``up`` and ``down`` in turn, on the 24-hour clock, up at the first midnight."""

    up: Distribution
    down: Distribution

    @model_validator(mode="after")
    def _not_at_once(self) -> Self:
        if self.up.mean + self.down.mean < 1:
            raise ValueError("wanted at least a minute, up and down together, on average")
        return self


class Paper(Value):
    """Work on paper in an outage: its ``speed`` beside the usual, and minutes to type in each dossier later.

    It is typed in by whoever has nobody to serve, ``when_free``, or ``after_hours`` once the door is closed.
    """

    speed: Annotated[float, Field(strict=True, ge=0.05, le=20)] = 1.0
    typing: Annotated[float, Field(strict=True, gt=0, le=600)]
    typed_in: Literal["when_free", "after_hours"] = "when_free"


class Network(Value):
    """``outages`` of the center alone, of its province and of the national portal, and ``windows``.

    It is down while any of them is, and as slow as the slowest of what slows it. ``answer`` to an outage: ``pause``
    until it is over, go on at a share ``slow_speed`` of the usual, or on ``paper``. ``start_while_down``: whether a
    citizen may be called to a counter in a pause and sit there.
    """

    outages: dict[Scope, Outage] = Field(default_factory=dict)
    windows: Annotated[tuple[Window, ...], Field(max_length=MOST_WINDOWS)] = ()
    answer: Literal["pause", "slow", "paper"] = "pause"
    slow_speed: Annotated[float, Field(strict=True, ge=LEAST_SPEED, le=1)] | None = None
    paper: Paper | None = None
    start_while_down: Flag = False

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if self.answer == "slow" and self.slow_speed is None:
            raise ValueError("answer: slow wants a slow_speed, the share of the usual")
        if self.answer == "paper" and self.paper is None:
            raise ValueError("answer: paper wants a paper section with the minutes of typing")
        for one, other in combinations(range(len(self.windows)), 2):
            if self.windows[one].meets(self.windows[other]):
                raise ValueError(f"windows {one} and {other} overlap")
        return self

    @property
    def speed_when_down(self) -> float:
        """Share of the usual speed in an outage."""
        return self.slow_speed if self.answer == "slow" and self.slow_speed else 0.0

    @property
    def share_up(self) -> float:
        """The share of the time in which no outage is, in the long run: scopes fail independently of each other."""
        return prod(one.up.mean / (one.up.mean + one.down.mean) for one in self.outages.values())
