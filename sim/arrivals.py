"""Who comes, when: what a person writes of arrivals."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sim.calendar import Weekday
from sim.units import DAY, SLOT, clock
from sim.values import Clock, Date, NonNegative, Share, Value


def _on_the_half_hour(given: dict[str, Any]) -> dict[str, Any]:
    for at in given:
        if clock(at) % SLOT or clock(at) == DAY:
            raise ValueError(f"wanted half-hours from 00:00 to 23:30, given {at}")
    return given


HalfHours = Annotated[dict[Clock, NonNegative], AfterValidator(_on_the_half_hour)]


class Season(Value):
    """Days, both ends included, on which ``factor`` times as many come."""

    first: Date
    last: Date
    factor: NonNegative


class Arrivals(Value):
    """Who comes, when. Either ``per_day`` with a ``profile``, or ``rate_per_hour``.

    ``per_day`` counts people or dossiers of a mean working day; the weekday factors are scaled to mean 1
    over the weekdays that have any. ``profile`` gives each half-hour its weight (``profile_on``: weekdays that
    differ); weights before the opening are people at the gate. ``rate_per_hour``: a number, or steps by time of day.
    ``day_factor_cv``: how days vary beyond weekdays and chance, by a factor of mean 1, as the coefficient of variation.
    ``day_factor_common_cv``: that of the part of it which is the same at every center of the country.
    """

    per_day: NonNegative | None = None
    counted_as: Literal["people", "dossiers"] = "people"
    rate_per_hour: NonNegative | HalfHours | None = None
    profile: HalfHours = Field(default_factory=dict)
    profile_on: dict[Weekday, HalfHours] = Field(default_factory=dict)
    dossiers_per_visitor: Annotated[float, Field(strict=True, ge=1, le=8)] = 1.0
    weekday: dict[Weekday, NonNegative] = Field(
        default_factory=lambda: dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 1.0)  # type: ignore[arg-type]
    )
    seasons: tuple[Season, ...] = ()
    day_factor_cv: Annotated[float, Field(strict=True, ge=0, le=3)] = 0.0
    day_factor_common_cv: Annotated[float, Field(strict=True, ge=0, le=3)] = 0.0
    moves_to_saturday: Share = 0.0

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.per_day is None) == (self.rate_per_hour is None):
            raise ValueError("wanted either per_day or rate_per_hour")
        if self.per_day is not None and not sum(self.profile.values()) > 0:
            raise ValueError("per_day wants a profile with a positive weight")
        if self.day_factor_common_cv > self.day_factor_cv:
            raise ValueError(
                f"day_factor_common_cv is a part of day_factor_cv: wanted at most {self.day_factor_cv:g}, "
                f"not {self.day_factor_common_cv:g}"
            )
        return self

    @property
    def day_factor_local_cv(self) -> float:
        """That of the center's own part: of two independent factors, (1 + cv²) = (1 + common²) (1 + local²)."""
        if not self.day_factor_common_cv:
            return self.day_factor_cv
        return sqrt(max((1 + self.day_factor_cv**2) / (1 + self.day_factor_common_cv**2) - 1, 0.0))
