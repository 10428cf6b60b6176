"""Where a series settles, to look at: MSER-5's truncation point and Welch's moving averages.

* MSER-5 (White 1997, Simulation 69, 323-334; Franklin and White 2008, Winter Simulation Conference, 541-546): of means
  of 5 observations, here a week of working days, as many are left out at the beginning as makes the standard error of
  the mean of the others least. A point beyond the middle is refused: the run is too short to tell. Where there is
  nothing to leave out it picks a week by noise: it is shown, and decides nothing.
* Welch (1983, in Lavenberg, Computer Performance Modeling Handbook, 268-328): means over replications, day by day, and
  their moving averages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.intervals import Floats

BATCH = 5
LAST = 5
"""Batches at the end of which no mean is taken: of a few, the spread is small by chance."""
WINDOWS = 2, 7
"""Windows of moving averages: over one week of working days, and over three."""


@dataclass(frozen=True, eq=False)
class Truncation:
    """How many observations MSER leaves out. ``statistics``: what is least there, by the batches left out."""

    observations: int
    statistics: Floats
    is_refused: bool


def mser(batches: Floats, each: int = BATCH) -> Truncation:
    """The truncation point from means of ``each`` observations, at least 2 * LAST of them (ValueError otherwise)."""
    count = len(batches)
    if count < 2 * LAST:
        raise ValueError(f"wanted at least {2 * LAST} batches, given {count}")
    kept = [batches[left_out:] for left_out in range(count - LAST + 1)]
    statistics = np.array([((own - own.mean()) ** 2).sum() / len(own) ** 2 for own in kept])
    least = int(statistics.argmin())
    return Truncation(least * each, statistics, 2 * least > count)


def batch_means(over: Floats, under: Floats, each: int = BATCH) -> Floats:
    """Ratios of sums of ``each`` observations one after the other; the last ones that make no batch are left out."""
    whole = len(over) // each * each
    sums = (part[:whole].reshape(-1, each).sum(axis=1) for part in (over, under))
    return np.asarray(np.divide(*sums))


def moving_averages(over: Floats, under: Floats, window: int) -> Floats:
    """Welch's moving averages: of 2 * ``window`` + 1 observations, of the first few of as many as there are around.

    The last ``window`` observations have none.
    """
    sums = [np.concatenate([[0.0], np.cumsum(part)]) for part in (over, under)]
    at = np.arange(max(len(over) - window, 0))
    reach = np.minimum(at, window)
    above, below = (total[at + reach + 1] - total[at - reach] for total in sums)
    return np.asarray(above / below)
