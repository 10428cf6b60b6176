"""Storms and floods: when they come, and what they do to a center while they last."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.calendar import Dates
from sim.values import NonNegative, Share, Value

LONGEST_STORM = 60


class Storms(Value):
    """Storms begin a mean of ``every`` days apart, any day alike, and last ``days`` days; and on given ``dates``.

    ``every`` and ``days`` are calendar days; one that begins while another lasts draws it out. While a storm lasts the
    share ``away`` of officials is kept away, on each day others, their pay going on; where groups differ, they say so
    (``storm_away``). Guides are not, as somebody takes their turn. ``factor`` times as many citizens come for the
    first time; who comes again, or put it off to Saturday, comes in any weather. Of those whom the storm keeps away
    the share ``come_later`` comes on the first working day without one, besides those who come then anyway, the others
    never; who files from home is counted with them. The network is down on the share ``network_down`` of mornings and
    afternoons, from midnight or noon on.
    """

    every: Annotated[float, Field(strict=True, ge=1, le=100_000)] | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=LONGEST_STORM)] | None = None
    dates: Dates = ()
    away: Share = 0.0
    factor: NonNegative = 1.0
    come_later: Share = 1.0
    network_down: Share = 0.0

    @model_validator(mode="after")
    def _come_some_time(self) -> Self:
        if (self.every is None) != (self.days is None):
            raise ValueError("wanted every, the days between storms, and days, how long one lasts, or neither")
        if self.every is None and not self.dates:
            raise ValueError("wanted every and days, or dates: here no storm ever comes")
        return self

    @property
    def begins(self) -> float:
        """The probability that a storm begins on a day."""
        return 1 / self.every if self.every else 0.0

    @property
    def lasts(self) -> int:
        """Days that a storm lasts which comes at random."""
        return self.days or 1

    def on(self, day: date) -> bool:
        """Whether a storm lasts on a date by what is given."""
        return any(one.first <= day <= one.last for one in self.dates)
