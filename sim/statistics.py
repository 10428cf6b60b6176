"""Estimates over replications: ratios of sums, means, paired differences, and several tests at once.

Every per-visit figure in every scope is a ratio of sums over replications, given as two float64 arrays of
length R: ``numerator`` and ``denominator``. A replication with nobody in the scope is 0/0; it stays in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.intervals import (
    CONSTANT,
    NOBODY,
    ONE_REPLICATION,
    Estimate,
    Floats,
    absent,
    clopper_pearson,
    point,
    require_confidence,
    skewed_t,
)

JACKKNIFE = "jackknife over replications, skewness-corrected t"
EXACT = "Clopper-Pearson over clusters"
PAIRED = "paired replications, linearized residuals, skewness-corrected t"
SHARE = (0.0, 1.0)

# A spread this small, relative to the figure, is rounding of sums of equal ratios.
_ROUNDING = 1e-12


def ratio_estimate(
    numerator: Floats,
    denominator: Floats,
    confidence: float = 0.95,
    bounds: tuple[float, float] = (-inf, inf),
    clusters: int | None = None,
) -> Estimate:
    """The ratio of the sums of two arrays of length R, its interval a delete-one jackknife over replications.

    The interval is Student's t with R - 1 degrees of freedom on the jackknife pseudo-values (Quenouille
    1956; Tukey 1958), corrected for their skewness (``sim.intervals.SkewedT``) and clipped to ``bounds``.
    Stated 95 %, it covered 94, 95 and 95 % at 10, 30 and 100 replications with exponential replication
    means (plain t: 90, 93, 94), and 92, 93 and 94 % with lognormal ones of skewness 3.7 (plain t: 88, 91,
    94).

    * all denominators 0: no value, "nobody to measure";
    * fewer than two replications with a denominator: a value without interval;
    * every replication alike: zero width, "constant", except a share (bounds 0 and 1) at 0 or at 1. For
      that the interval is exact and binomial with n = ``clusters``, the number of units held to be
      independent: the open days of all replications, say, never the visits, which wait in the same queue.
      Unless given it is the number of replications with a denominator, the most cautious choice.

    Raises ValueError for arrays of unequal or zero length, values that are not finite, a negative
    denominator, a figure outside its bounds, or a confidence outside [0.5, 1).
    """
    require_confidence(confidence)
    _require_ratio(numerator, denominator)
    replications, measured = numerator.size, int(np.count_nonzero(denominator))
    if measured == 0:
        return absent(confidence, NOBODY, replications)
    value = float(numerator.sum() / denominator.sum())
    figure = point(value, confidence, replications)
    if measured == 1:
        return figure
    if not is_constant(numerator, denominator):
        below, above = skewed_t(pseudo_values(numerator, denominator)).reach(confidence)
        return figure.with_interval((value - below, value + above), JACKKNIFE, bounds)
    if bounds != SHARE or value not in SHARE:
        return figure.with_interval((value, value), CONSTANT, bounds)
    trials = measured if clusters is None else clusters
    ends = clopper_pearson(trials if value else 0, trials, confidence)
    return figure.with_interval(ends, f"{EXACT} (n = {trials})", bounds)


def mean_estimate(values: Floats, confidence: float = 0.95, bounds: tuple[float, float] = (0.0, inf)) -> Estimate:
    """The mean of one count a replication, an array of length R: a ratio whose denominators are 1."""
    return ratio_estimate(values, np.ones(values.shape), confidence, bounds)


def pseudo_values(numerator: Floats, denominator: Floats) -> Floats:
    """Jackknife pseudo-values n r - (n-1) r_i of a ratio r of sums, r_i without replication i.

    At least two denominators must be positive, or leaving one out leaves nothing.
    """
    n, over, under = numerator.size, numerator.sum(), denominator.sum()
    left_out: Floats = (over - numerator) / (under - denominator)
    pseudo: Floats = n * (over / under) - (n - 1) * left_out
    return pseudo


def residuals(numerator: Floats, denominator: Floats) -> Floats:
    """Linearized replication residuals (x_i - r y_i) / mean(y) of a ratio r of sums; they sum to 0."""
    ratio = numerator.sum() / denominator.sum()
    linear: Floats = (numerator - ratio * denominator) / denominator.mean()
    return linear


def is_constant(numerator: Floats, denominator: Floats) -> bool:
    """Whether every replication has the same ratio (an empty one has any), up to rounding."""
    ratio = numerator.sum() / denominator.sum()
    return bool(np.abs(numerator - ratio * denominator).max() <= _ROUNDING * np.abs(numerator).max())


@dataclass(frozen=True)
class PairedDifference:
    """Figure A minus figure B on common random numbers.

    ``p_value`` is two-sided, for no difference: below 1 - confidence exactly when the interval excludes 0
    (None without an interval). ``variance_ratio`` is the variance of the difference had A and B been run
    independently over that of the paired one: what pairing bought, inf if A and B differ by a constant,
    None if there is no variance at all.
    """

    estimate: Estimate
    p_value: float | None
    variance_ratio: float | None


def paired_difference(
    num_a: Floats, den_a: Floats, num_b: Floats, den_b: Floats, confidence: float = 0.95
) -> PairedDifference:
    """Ratio A minus ratio B, replication i of both run on the same random numbers; never visit by visit.

    Four float64 arrays of one length R. The interval is a skewness-corrected t with R - 1 degrees of freedom
    on the differences of the linearized replication residuals of both ratios (delta method; Cochran 1977,
    section 6.4). "nobody to measure" if either ratio has no denominator; no interval if either has one.
    Raises ValueError as ``ratio_estimate`` does, and if A and B have unequal numbers of replications.
    """
    require_confidence(confidence)
    _require_ratio(num_a, den_a)
    _require_ratio(num_b, den_b)
    if num_a.size != num_b.size:
        raise ValueError(f"wanted equally many replications to pair, given {num_a.size} and {num_b.size}")
    replications = num_a.size
    measured = min(int(np.count_nonzero(den_a)), int(np.count_nonzero(den_b)))
    if measured == 0:
        return PairedDifference(absent(confidence, NOBODY, replications), None, None)
    value = float(num_a.sum() / den_a.sum() - num_b.sum() / den_b.sum())
    figure = point(value, confidence, replications)
    if measured == 1:
        return PairedDifference(figure, None, None)
    return _from_residuals(figure, value, residuals(num_a, den_a), residuals(num_b, den_b))


def _from_residuals(figure: Estimate, value: float, of_a: Floats, of_b: Floats) -> PairedDifference:
    gap = of_a - of_b
    independent, paired = float(of_a.var() + of_b.var()), float(gap.var())
    if np.abs(gap).max() <= _ROUNDING * max(np.abs(of_a).max(), np.abs(of_b).max(), abs(value)):
        same = figure.with_interval((value, value), CONSTANT)
        return PairedDifference(same, 0.0 if value else 1.0, inf if independent else None)
    error = skewed_t(gap)
    below, above = error.reach(figure.confidence)
    estimate = figure.with_interval((value - below, value + above), PAIRED)
    return PairedDifference(estimate, error.two_sided_p(value), independent / paired)


@dataclass(frozen=True)
class HolmTest:
    """Several tests at once, in the order given: adjusted p-values, and which are rejected."""

    adjusted: tuple[float, ...]
    rejected: tuple[bool, ...]


def holm(p_values: Sequence[float], alpha: float) -> HolmTest:
    """Holm's step-down procedure (1979): the chance of any false rejection is at most ``alpha``.

    The k-th smallest of m p-values is multiplied by m - k + 1 and is never below the one before it; no
    independence is assumed. Raises ValueError for a p-value outside [0, 1] or an alpha outside (0, 1).
    """
    if not 0 < alpha < 1:
        raise ValueError(f"wanted an alpha between 0 and 1, given {alpha}")
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError(f"wanted p-values from 0 to 1, given {list(p_values)}")
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = largest
    return HolmTest(tuple(adjusted), tuple(p <= alpha for p in adjusted))


def _require_ratio(numerator: Floats, denominator: Floats) -> None:
    if numerator.ndim != 1 or numerator.shape != denominator.shape or numerator.size == 0:
        shapes = f"{numerator.shape} and {denominator.shape}"
        raise ValueError(f"wanted a numerator and a denominator of one positive length, given {shapes}")
    if not (np.isfinite(numerator).all() and np.isfinite(denominator).all()):
        raise ValueError("wanted finite numerators and denominators")
    if (denominator < 0).any():
        raise ValueError("wanted denominators from 0 on: they count people, days or dossiers")


__all__ = [
    "CONSTANT",
    "EXACT",
    "JACKKNIFE",
    "NOBODY",
    "ONE_REPLICATION",
    "PAIRED",
    "SHARE",
    "Estimate",
    "HolmTest",
    "PairedDifference",
    "holm",
    "is_constant",
    "mean_estimate",
    "paired_difference",
    "pseudo_values",
    "ratio_estimate",
    "residuals",
]
