"""How the work of a call varies, pauses and people who no longer answer among it.

While there is a line, the calls of a counter are a renewal process: over a long time their variance is ``cv^2`` times
their mean (Cox 1962, Renewal Theory, chapter 4), and so it is of several counters together. So the coefficient of
variation of the work of a call is seen in how calls scatter, though no visit's end is in a log; an official who pauses
has a long call there, and one who calls somebody who has left a short one. Days that are faster or slower as a whole
are not in it. In a time as short as a few calls the variance is nearer to the mean: it is compared with that of
lognormal work in as short a time, which is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from sim.fitting.arrivals import CONFIDENCE
from sim.fitting.boards import LONGEST, Boards
from sim.fitting.pace import Work, work_of

Numbers = NDArray[np.float64]
MINUTES, CALLS = 15.0, 2.0
"""A stretch is at least so long, and so many calls of each counter are expected in it."""
PATHS, SEED = 4_000, 1
CVS = np.round(np.arange(0.1, 3.01, 0.1), 2)
FEWEST, APART = 10, 0.75
"""Stretches beyond one a day, from which on a spread is told; for how many each counts, as neighbors share a call."""


@dataclass(frozen=True)
class Spread:
    """The coefficient of variation of the work of a call, with its 95 % interval."""

    cv: float
    ends: tuple[float, float]


def work_and_spread(boards: Boards) -> tuple[Work | None, Spread | None]:
    """The minutes of open counters a call of one line, and how they vary; None of what cannot be seen.

    The counters must be known. How calls scatter is found first, and in its light the minutes once more.
    """
    work = work_of(boards)
    spread = spread_of(boards, work) if work else None
    if work is None or spread is None:
        return work, None
    lasts = float(np.median(boards.end - boards.start))
    scatter = float(np.interp(spread.cv, CVS, _scatter(max(round(lasts / work.minutes, 1), 0.1))))
    at_once = (1 + spread.cv**2) / 2
    work = work_of(boards, scatter, at_once) or work
    return work, spread_of(boards, work, at_once) or spread


def spread_of(boards: Boards, work: Work, at_once: float = 1.0) -> Spread | None:
    """Of the counters of one line; None where too few stretches had a line all the time.

    A counter that opens calls ``at_once``, so many more than its minutes make. The interval takes the scatter as that
    of normal numbers (chi-square).
    """
    squares, freedom, each = 0.0, 0, list[float]()
    for day in np.unique(boards.day):
        found = _stretches(boards.only(boards.day == day), work.minutes, at_once)
        if len(found) > 1 and found[:, 1].any():
            mean = found[:, 0] * found[:, 1].sum() / found[:, 0].sum()
            squares += float(((found[:, 1] - mean) ** 2 / mean).sum())
            freedom += len(found) - 1
            each += found[:, 2].tolist()
    if freedom < FEWEST:
        return None
    tails, alone = ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2), APART * freedom
    ends = [squares / freedom * alone / float(chi2.ppf(tail, alone)) for tail in tails]
    scatter = _scatter(round(float(np.mean(each)), 1))
    cv, low, high = (float(np.interp(one, scatter, CVS)) for one in (squares / freedom, *ends))
    return Spread(cv, (low, high))


def _stretches(day: Boards, minutes: float, at_once: float) -> Numbers:
    """Calls that are expected, made, and expected of each counter, in stretches of a day that had a line all the time.

    float64[stretches, 3].
    """
    found: list[tuple[float, float, float]] = []
    length, opened = day.end - day.start, day.opened()
    had_a_line = (day.waiting > 0) & (day.open > 0) & (length <= LONGEST)
    had_a_line &= day.called < day.waiting + day.arrivals
    began, until, mean, calls, each = np.inf, np.nan, 0.0, 0.0, 0.0
    for row in np.flatnonzero(had_a_line):
        if day.start[row] != until:
            began, mean, calls, each = day.start[row], 0.0, 0.0, 0.0
        until = day.end[row]
        each += length[row] / minutes
        mean += day.open[row] * length[row] / minutes + at_once * opened[row]
        calls += day.called[row]
        if each >= CALLS and until - began >= MINUTES:
            found.append((mean, calls, each))
            began, mean, calls, each = until, 0.0, 0.0, 0.0
    return np.array(found).reshape(-1, 3)


@lru_cache(maxsize=256)
def _scatter(calls: float) -> Numbers:
    """Variance over mean of the calls of a counter while so many are expected, by CVS, ascending.

    A stretch begins anywhere: the first call that ends in it is of work drawn by its length.
    """
    random = np.random.default_rng(SEED)
    normal, first = random.standard_normal((PATHS, int(4 * calls) + 40)), random.random(PATHS)
    found = np.empty(len(CVS))
    for nth, cv in enumerate(CVS):
        squared = np.log1p(cv**2)
        work = np.exp(np.sqrt(squared) * normal - squared / 2)
        work[:, 0] *= np.exp(squared) * first
        counts = (np.cumsum(work, axis=1) <= calls).sum(axis=1)
        found[nth] = counts.var() / counts.mean()
    return np.maximum.accumulate(found)
