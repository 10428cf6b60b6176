"""Who comes, by weekday and half-hour, and how days differ beyond their weekday and chance.

The number of a day is taken as Poisson with a mean of the day's own: that of its weekday times a factor of mean 1,
alike for all queues of an office. Relative to the mean ``m`` of its weekday the variance of a day is then
``cv^2 + 1 / m``. It is estimated within weekdays that were seen at least twice; its interval is that of a variance of
normal numbers (chi-square), from which ``1 / m`` is taken, and 0 where less would be left. The same variance gives the
errors of means: those of weekdays are independent, and that of a ratio to their mean is its linear part (the delta
method), on a logarithmic scale with Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2
from scipy.stats import t as student

from sim.fitting.tickets import Tickets

Numbers = NDArray[np.float64]
HALF_HOURS, WEEKDAYS, HALF_HOUR = 48, 7, 30.0
CONFIDENCE = 0.95
_MONDAY = 4
"""The day 4 since 1970-01-01 was a Monday."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Of one office, or some of its queues.

    ``counts``: people on each day, float64[days]; ``weekday``: mean people on each weekday, not a number on those that
    were not seen; ``profile``: shares of a day by half-hour, float64[48]; ``factor_cv`` with its interval, None where
    no weekday was seen twice. ``per_day_ends`` and ``factor_ends``, of what weekdays have against the mean of all,
    float64[7, 2]: 95 % intervals, None where no weekday was seen twice.
    """

    days: NDArray[np.int64]
    counts: Numbers
    weekday: Numbers
    profile: Numbers
    factor_cv: tuple[float, float, float] | None
    per_day_ends: tuple[float, float] | None
    factor_ends: Numbers | None

    @property
    def per_day(self) -> float:
        """People on the mean of the weekdays, each weighing alike however often it was seen."""
        return float(np.nanmean(self.weekday))


def weekday_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 on Mondays."""
    return np.asarray((days - _MONDAY) % WEEKDAYS, np.int64)


def arrivals_of(tickets: Tickets, days: NDArray[np.int64]) -> Arrivals:
    """The arrivals of some tickets on ``days``, the days on which the office was open.

    A time that lies between two looks is spread over what lies between them.
    """
    counts = np.bincount(np.searchsorted(days, tickets.day), minlength=len(days)).astype(float)
    on = weekday_of(days)
    weekday = np.array([counts[on == one].mean() if (on == one).any() else np.nan for one in range(WEEKDAYS)])
    factor = factor_of(counts, on)
    return Arrivals(days, counts, weekday, profile_of(tickets), factor, *_ends(weekday, on, factor))


def _ends(
    weekday: Numbers, on: NDArray[np.int64], factor: tuple[float, float, float] | None
) -> tuple[tuple[float, float] | None, Numbers | None]:
    """Intervals of the mean of the weekdays, and of each weekday against it; None where no error is known."""
    seen = np.flatnonzero(np.nan_to_num(weekday) > 0)
    times = np.bincount(on, minlength=WEEKDAYS)[seen]
    if factor is None or not len(seen):
        return None, None
    mean, part = weekday[seen].mean(), weekday[seen] / weekday[seen].sum()
    squares = (factor[0] ** 2 + 1 / weekday[seen]) / times
    reach = float(student.ppf((1 + CONFIDENCE) / 2, int((times - 1).sum())))
    of_mean = float(np.exp(reach * np.sqrt((part**2 * squares).sum())))
    of_each = np.sqrt((part**2 * squares).sum() - (part**2 * squares) + (1 - part) ** 2 * squares)
    ends = np.full((WEEKDAYS, 2), np.nan)
    ends[seen] = (weekday[seen] / mean)[:, None] * np.exp(reach * of_each[:, None] * np.array([-1.0, 1.0]))
    return (float(mean / of_mean), float(mean * of_mean)), ends


def profile_of(tickets: Tickets) -> Numbers:
    """Shares of a day by half-hour, float64[48], all days together."""
    first, last = tickets.issued
    slots = np.zeros(HALF_HOURS)
    for step in (np.arange(10) + 0.5) / 10:
        at = (first + (last - first) * step) // HALF_HOUR
        slots += np.bincount(np.clip(at, 0, HALF_HOURS - 1).astype(int), minlength=HALF_HOURS)
    total = slots.sum()
    return slots / total if total else slots


def factor_of(counts: Numbers, on: NDArray[np.int64]) -> tuple[float, float, float] | None:
    """The coefficient of variation of the day's factor, with its interval; None where no weekday was seen twice.

    ``counts``: float64[days]; ``on``: the weekday of each, 0 on Mondays.
    """
    squares = chance = freedom = 0.0
    for one in np.unique(on):
        own = counts[on == one]
        if len(own) > 1 and own.mean() > 0:
            squares += float(((own / own.mean() - 1) ** 2).sum())
            chance += (len(own) - 1) / own.mean()
            freedom += len(own) - 1
    if freedom == 0:
        return None
    small, large = (float(chi2.ppf(tail, freedom)) for tail in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    ends = (np.sqrt(max(squares / by - chance / freedom, 0.0)) for by in (freedom, large, small))
    value, lower, upper = (float(end) for end in ends)
    return value, lower, upper
