"""Who comes, by weekday and half-hour, and how days differ beyond their weekday and chance.

The number of a day is taken as Poisson with a mean of the day's own: that of its weekday times a factor of mean 1,
alike for all queues of an office. Relative to the mean ``m`` of its weekday the variance of a day is then
``cv^2 + 1 / (m k)`` where the part ``k`` of its queues was there and tells of the others. It is estimated within
weekdays that were seen at least twice; its interval is that of a variance of normal numbers (chi-square), from which
``1 / (m k)`` is taken, and 0 where less would be left. The same variance gives the errors of means: those of weekdays
are independent but for what fills gaps, and that of a ratio to their mean is its linear part (the delta method), on a
logarithmic scale with Student's t.
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
CONFIDENCE, FEW = 0.95, 20.0
_MONDAY = 4
"""The day 4 since 1970-01-01 was a Monday."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Of one office, or some of its queues.

    ``counts``: people on each day, float64[days]; ``weekday``: mean people on each weekday, not a number on those that
    were not seen; ``profile``: shares of a day by half-hour, float64[48]; ``factor_cv`` with its interval, None where
    no weekday was seen twice; ``chance``: the relative variance that chance alone gives a day, by weekday, and
    ``filling``: that of the mean of its days by what gaps are filled with, float64[7].
    """

    days: NDArray[np.int64]
    counts: Numbers
    weekday: Numbers
    profile: Numbers
    factor_cv: tuple[float, float, float] | None
    chance: Numbers
    filling: Numbers

    @property
    def per_day(self) -> float:
        """People on the mean of the weekdays, each weighing alike however often it was seen."""
        return float(np.nanmean(self.weekday))

    @property
    def per_day_ends(self) -> tuple[float, float] | None:
        """The 95 % interval of ``per_day``; None where no weekday was seen twice."""
        known = self._reach_and_errors()
        if known is None:
            return None
        reach, part, squares, filling = known
        factor = float(np.exp(reach * np.sqrt((part**2 * squares).sum() + (part @ np.sqrt(filling)) ** 2)))
        return self.per_day / factor, self.per_day * factor

    @property
    def factor_ends(self) -> Numbers | None:
        """The 95 % intervals of weekdays against ``per_day``, float64[7, 2]; None where no weekday was seen twice."""
        known = self._reach_and_errors()
        if known is None:
            return None
        reach, part, squares, filling = known
        own = part**2 * squares
        error = np.sqrt(own.sum() - own + (1 - part) ** 2 * squares + filling)
        ends = np.full((WEEKDAYS, 2), np.nan)
        seen = np.nan_to_num(self.weekday) > 0
        ends[seen] = (self.weekday[seen] / self.per_day)[:, None] * np.exp(reach * np.outer(error, [-1.0, 1.0]))
        return ends

    @property
    def weekday_ends(self) -> Numbers | None:
        """The 95 % intervals of ``weekday``, float64[7, 2]; None where no weekday was seen twice."""
        known = self._reach_and_errors()
        if known is None:
            return None
        reach, _, squares, filling = known
        ends = np.full((WEEKDAYS, 2), np.nan)
        seen = np.nan_to_num(self.weekday) > 0
        ends[seen] = self.weekday[seen][:, None] * np.exp(reach * np.outer(np.sqrt(squares + filling), [-1.0, 1.0]))
        return ends

    def _reach_and_errors(self) -> tuple[float, Numbers, Numbers, Numbers] | None:
        """Student's t, the part of each weekday that was seen in all, and its squared relative errors."""
        seen = np.flatnonzero(np.nan_to_num(self.weekday) > 0)
        if self.factor_cv is None or not len(seen):
            return None
        times = np.bincount(weekday_of(self.days), minlength=WEEKDAYS)[seen]
        part = self.weekday[seen] / self.weekday[seen].sum()
        squares = (self.factor_cv[0] ** 2 + self.chance[seen]) / times
        return float(student.ppf((1 + CONFIDENCE) / 2, int((times - 1).sum()))), part, squares, self.filling[seen]


def weekday_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 on Mondays."""
    return np.asarray((days - _MONDAY) % WEEKDAYS, np.int64)


def arrivals_of(tickets: Tickets, days: NDArray[np.int64]) -> Arrivals:
    """The arrivals of some tickets on ``days``, the days on which the office was open.

    A time that lies between two looks is spread over what lies between them.
    """
    counts = np.bincount(np.searchsorted(days, tickets.day), minlength=len(days)).astype(float)
    return arrivals_from(days, counts, profile_of(tickets))


def arrivals_from(days: NDArray[np.int64], counts: Numbers, profile: Numbers) -> Arrivals:
    """The arrivals of days with so many people each, float64[days], and their shares by half-hour."""
    return arrivals_filled(days, counts, profile, np.ones(len(days)), np.zeros(WEEKDAYS))


def arrivals_filled(
    days: NDArray[np.int64], counts: Numbers, profile: Numbers, kept: Numbers, filling: Numbers
) -> Arrivals:
    """As ``arrivals_from`` where of each day the part ``kept``, float64[days], tells of the rest."""
    on = weekday_of(days)
    weekday, thin = (
        np.array([own[on == one].mean() if (on == one).any() else np.nan for one in range(WEEKDAYS)])
        for own in (counts, 1 / kept)
    )
    with np.errstate(divide="ignore"):
        chance = thin / weekday
    return Arrivals(days, counts, weekday, profile, factor_of(counts, on, kept), chance, filling)


def profile_of(tickets: Tickets) -> Numbers:
    """Shares of a day by half-hour, float64[48], all days together."""
    first, last = tickets.issued
    slots = np.zeros(HALF_HOURS)
    for step in (np.arange(10) + 0.5) / 10:
        at = (first + (last - first) * step) // HALF_HOUR
        slots += np.bincount(np.clip(at, 0, HALF_HOURS - 1).astype(int), minlength=HALF_HOURS)
    total = slots.sum()
    return slots / total if total else slots


def factor_of(counts: Numbers, on: NDArray[np.int64], kept: Numbers | None = None) -> tuple[float, float, float] | None:
    """The coefficient of variation of the day's factor, with its interval; None where no weekday was seen twice.

    ``counts``: float64[days]; ``on``: the weekday of each, 0 on Mondays; ``kept``: the part of each that was seen, all
    where it is None. Weekdays of fewer than FEW people, which chance alone makes differ, are left out where others
    have as many.
    """
    means = {int(one): counts[on == one].mean() for one in np.unique(on)}
    least = FEW if max(means.values(), default=0.0) >= FEW else 0.0
    squares = chance = freedom = 0.0
    for one, mean in means.items():
        own = counts[on == one]
        if len(own) > 1 and mean > 0 and mean >= least:
            squares += float(((own / own.mean() - 1) ** 2).sum())
            chance += (len(own) - 1) / own.mean() * float(1.0 if kept is None else (1 / kept[on == one]).mean())
            freedom += len(own) - 1
    if freedom == 0:
        return None
    small, large = (float(chi2.ppf(tail, freedom)) for tail in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    ends = (np.sqrt(max(squares / by - chance / freedom, 0.0)) for by in (freedom, large, small))
    value, lower, upper = (float(end) for end in ends)
    return value, lower, upper
