"""How fast people are called: by the counters that are open, and by how many wait.

Counters are shared between queues, and pause: of the same counters more are called where the line is long. So the pace
is no service time. What was seen in intervals alike is taken as it was: the calls a minute of the nearest intervals, by
open counters and by the logarithm of those waiting (nearest neighbors; Cover and Hart 1967).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln
from scipy.stats import norm as normal
from scipy.stats import t as student

from sim.fitting.boards import LONGEST, Boards

Numbers = NDArray[np.float64]
NEIGHBORS = 25
GRID, AROUND = (0.2, 400.0, 80), (0.6, 1.6, 201)
"""Minutes that are tried first, and factors around the likeliest that are tried then."""
DRAWS, LEVEL, FEW_DAYS = 499, 0.95, 3
TINY, LEAST = 1e-9, -700.0
"""Calls of none, and the logarithm of the least likelihood."""
PER_COUNTER, PER_LOG = 1.0, 1.5
"""How far apart intervals are that differ by a counter, and by a factor e in the line."""


@dataclass(eq=False)
class Pace:
    """Calls a minute of one queue in intervals seen: ``open`` counters, ``line`` (who waited or came), ``calls``."""

    open: Numbers
    line: Numbers
    calls: Numbers
    _near: dict[tuple[int, int], Numbers] = field(default_factory=dict, repr=False)

    def near(self, counters: int, line: int) -> Numbers:
        """Calls a minute in the intervals nearest to such a one."""
        key = counters, line
        if key not in self._near:
            apart = PER_COUNTER * np.abs(self.open - counters) + PER_LOG * np.abs(np.log1p(self.line) - np.log1p(line))
            count = min(NEIGHBORS, len(apart))
            self._near[key] = self.calls[np.argpartition(apart, count - 1)[:count]]
        return self._near[key]


def pace_of(boards: Boards) -> Pace | None:
    """The pace of one queue; None where no interval is short enough to have seen its line."""
    length = boards.end - boards.start
    seen = length <= LONGEST
    if not seen.any():
        return None
    line = (boards.waiting + boards.arrivals)[seen].astype(float)
    return Pace(boards.open[seen].astype(float), line, boards.called[seen] / length[seen])


@dataclass(frozen=True)
class Work:
    """Minutes of open counters for each call, while somebody waits.

    That is the mean service time of a queue with counters of its own that never pause, which is what a single queue
    for each service takes it for. ``ends`` of its 95 % interval by days drawn again, None of fewer than FEW_DAYS days.
    """

    minutes: float
    ends: tuple[float, float] | None


def work_of(boards: Boards, scatter: float = 1.0, at_once: float = 1.0) -> Work | None:
    """By the likelihood of the calls in intervals that begin with somebody waiting; None where that says nothing.

    Calls have the mean of so many open counters, and ``scatter`` times it as variance: over ``scatter`` they are taken
    as Poisson. A counter that opens calls ``at_once``, so many more than its minutes make. Where the line was used up,
    there could have been more (censored; Cox and Oakes 1984).
    """
    length = boards.end - boards.start
    seen = (boards.waiting > 0) & (length <= LONGEST) & (boards.open > 0)
    offered, calls = (boards.open * length)[seen] / scatter, boards.called[seen] / scatter
    opened = at_once / scatter * boards.opened()[seen].astype(float)
    is_used_up = (boards.called >= boards.waiting + boards.arrivals)[seen]
    if not calls.any() or is_used_up.all():
        return None
    coarse = np.geomspace(*GRID)
    best = int(_likelihood(coarse, offered, opened, calls, is_used_up).sum(axis=0).argmax())
    if best in (0, len(coarse) - 1):
        return None
    first = coarse[best]
    fine = first * np.geomspace(*AROUND)
    each = _likelihood(fine, offered, opened, calls, is_used_up)
    days, of_day = np.unique(boards.day[seen], return_inverse=True)
    by_day = np.zeros((len(days), len(fine)))
    np.add.at(by_day, of_day, each)
    minutes = float(fine[by_day.sum(axis=0).argmax()])
    if len(days) < FEW_DAYS:
        return Work(minutes, None)
    drawn = np.random.default_rng(len(each)).multinomial(len(days), np.full(len(days), 1 / len(days)), DRAWS)
    found = fine[(drawn @ by_day).argmax(axis=1)]
    return Work(minutes, _expanded(minutes, found, len(days)))


def _expanded(minutes: float, drawn: Numbers, days: int) -> tuple[float, float]:
    """The ends of what was found of days drawn again, each as much further away as few days make them too near.

    In the logarithm, by Student's t to the normal quantile and by the root of n/(n - 1) (Hesterberg 2015, The American
    Statistician 69, section 4: expanded percentile interval).
    """
    tail = (1 + LEVEL) / 2
    further = student.ppf(tail, days - 1) / normal.ppf(tail) * np.sqrt(days / (days - 1))
    low, high = minutes * (np.quantile(drawn, (1 - tail, tail)) / minutes) ** further
    return float(low), float(high)


def _likelihood(
    minutes: Numbers, offered: Numbers, opened: Numbers, calls: Numbers, is_used_up: NDArray[np.bool_]
) -> Numbers:
    """The logarithm of the likelihood, float64[intervals, minutes]: of Poisson numbers that need not be whole."""
    mean, count = offered[:, None] / minutes + opened[:, None], calls[:, None]
    exact = count * np.log(mean) - mean - gammaln(count + 1)
    with np.errstate(divide="ignore"):
        as_many = np.log(gammainc(np.maximum(count, TINY), mean))
    return np.where(is_used_up[:, None], np.maximum(as_many, LEAST), exact)
