"""Quantiles of waits, pooled over visits, with the replication as the independent unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.intervals import (
    CONSTANT,
    NOBODY,
    Estimate,
    Floats,
    absent,
    point,
    require_confidence,
    skewed_t,
)
from sim.statistics import is_constant, pseudo_values

WOODRUFF = "Woodruff over replications"
OPEN_ENDED = "Woodruff over replications, upper end beyond the data"
SECONDS_A_MINUTE = 60

# A product such as 0.55 * 100 = 55.00000000000001 must not ask for one observation more.
_SLACK = 1e-6

Seconds = NDArray[np.int64]
Integers = NDArray[np.integer[Any]]
Histogram = tuple[Seconds, Seconds]


@dataclass(frozen=True, eq=False)
class Pool:
    """The waits of R replications together: rows of a second, and of how many waits there are in it.

    Rows are by second; several may have the same one. Two integer arrays of one length. ``totals``: all waits, a
    replication, float64[R].
    """

    seconds: Integers
    counts: Integers
    totals: Floats

    @property
    def size(self) -> int:
        """How many waits there are."""
        return int(self._cumulated[-1]) if len(self._cumulated) else 0

    @cached_property
    def _cumulated(self) -> Seconds:
        """Waits up to each row."""
        return np.cumsum(self.counts, dtype=np.int64)

    def at(self, level: float) -> int:
        """The smallest bin whose share of waits at or below it reaches ``level`` <= 1; 0 for none."""
        rank = ceil(level * self.size - _SLACK)
        return int(self.seconds[np.searchsorted(self._cumulated, rank)]) if rank > 0 and self.size else 0


def pooled(bins: Sequence[Histogram]) -> Pool:
    """One sparse histogram a replication put together; ValueError for none or a malformed one."""
    if not bins:
        raise ValueError("wanted at least one replication, given none")
    for seconds, counts in bins:
        _require_histogram(seconds, counts)
    second, count = (np.concatenate([one[part] for one in bins]) for part in (0, 1))
    order = np.argsort(second, kind="stable")
    return Pool(second[order], count[order], np.array([float(counts.sum()) for _, counts in bins]))


def quantile_estimate(bins: Sequence[Histogram], p: float, confidence: float = 0.95) -> Estimate:
    """:func:`quantile_of` R histograms: sorted unique seconds >= 0, and their counts, two int64 arrays of one length.

    Length 0: nobody. Raises ValueError for no replications or a malformed histogram.
    """
    _require_level(p)
    pool = pooled(bins)
    quantile = pool.at(p)
    within = np.array([float(counts[seconds <= quantile].sum()) for seconds, counts in bins])
    return quantile_of(pool, p, within, confidence)


def quantile_of(pool: Pool, p: float, within: Floats, confidence: float = 0.95) -> Estimate:
    """The p-quantile, in minutes, of all waits of R replications, and its interval.

    ``within``: waits of at most ``pool.at(p)`` seconds, a replication, float64[R].

    The value is the smallest bin t with F(t) >= p, F pooled over all visits. The interval is Woodruff's
    (1952, JASA 47, 635-646): the error of F at that bin, as the jackknife over replications gives it, is
    laid around p and read off the pooled distribution; where the error is lopsided its far side below F is
    laid above p, since F is high where the quantile is low.

    Stated 95 %, it covered 94 % of 90th percentiles and 95 % of medians at 30 replications, 92 % of 90th
    percentiles at 10, with exponential waits whose rate varies by replication (gamma, shape 4).

    * nobody: no value, "nobody to measure";
    * fewer observations than 10 / (1 - p), or 10 / p: no value, "too few observations" (a p99 of fewer than
      100 people is their maximum, and ten beyond it are wanted);
    * fewer than two replications with observations: a value without interval;
    * an end of the interval that would need F above 1 is None: it lies beyond what was observed. A lower end
      that would need F at or below 0 is 0 minutes.

    Raises ValueError for p outside (0, 1).
    """
    require_confidence(confidence)
    _require_level(p)
    if pool.size == 0:
        return absent(confidence, NOBODY, len(pool.totals))
    needed = ceil(10 / min(p, 1 - p) - _SLACK)
    if pool.size < needed:
        return absent(confidence, f"too few observations ({pool.size} of {needed})", len(pool.totals))
    total, value = pool.totals, pool.at(p) / SECONDS_A_MINUTE
    figure = point(value, confidence, len(total))
    if np.count_nonzero(total) == 1:
        return figure
    if is_constant(within, total):
        return figure.with_interval((value, value), CONSTANT)
    below, above = skewed_t(pseudo_values(within, total)).reach(confidence)
    lower = pool.at(p - above) / SECONDS_A_MINUTE
    if p + below > 1:
        return replace(figure, lower=lower, method=OPEN_ENDED)
    return figure.with_interval((lower, pool.at(p + below) / SECONDS_A_MINUTE), WOODRUFF)


def _require_level(p: float) -> None:
    if not 0 < p < 1:
        raise ValueError(f"wanted p between 0 and 1 (the 90th percentile is 0.9), given {p}")


def _require_histogram(seconds: Seconds, counts: Seconds) -> None:
    if seconds.ndim != 1 or seconds.shape != counts.shape:
        raise ValueError(f"wanted two arrays of one length, given {seconds.shape} and {counts.shape}")
    if (counts < 0).any() or (seconds < 0).any() or (np.diff(seconds) <= 0).any():
        raise ValueError("wanted sorted unique seconds from 0 on, with counts from 0 on")
