"""Confidence intervals for figures that are estimated from independent replications.

The replication is the only independent unit: returns, backlogs and ramp-up tie the days of one replication
together. This module knows nothing of waits or shares; it turns one number a replication into the distances
from an estimate to the ends of its interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtr, stdtrit

NOBODY = "nobody to measure"
ONE_REPLICATION = "one replication: no interval"
CONSTANT = "constant"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure, its two-sided interval at ``confidence``, and the name of the method that gave the interval.

    ``value`` is None where there was nothing to measure: a mean over nobody is never 0, and ``method`` then
    gives the reason. ``lower`` or ``upper`` is None where that end cannot be estimated (one replication, or a
    quantile whose end lies beyond the data); ``half_width`` is half of ``upper - lower``, None unless both
    exist. ``replications`` counts all of them, the empty ones included.
    """

    value: float | None
    lower: float | None
    upper: float | None
    half_width: float | None
    confidence: float
    method: str
    replications: int

    def with_interval(
        self, ends: tuple[float, float], method: str, bounds: tuple[float, float] = (-inf, inf)
    ) -> Estimate:
        """The same figure with an interval, clipped to ``bounds``, the range of what is estimated.

        Raises ValueError if the figure is out of its own range: then the data are not what they claim.
        """
        value, (low, high) = self.value, bounds
        if value is None or not low <= value <= high:
            raise ValueError(f"wanted an estimate from {low} to {high}, given {value}")
        lower, upper = max(low, min(ends[0], value)), min(high, max(ends[1], value))
        return replace(self, lower=lower, upper=upper, half_width=(upper - lower) / 2, method=method)


def require_confidence(confidence: float) -> None:
    """ValueError unless 0.5 <= ``confidence`` < 1: below one half an interval may miss its estimate."""
    if not 0.5 <= confidence < 1.0:
        raise ValueError(f"wanted a confidence from 0.5 to below 1 (95 % is 0.95), given {confidence}")


def absent(confidence: float, method: str, replications: int) -> Estimate:
    """No figure at all; ``method`` is the reason."""
    return Estimate(None, None, None, None, confidence, method, replications)


def point(value: float, confidence: float, replications: int) -> Estimate:
    """A figure without an interval: one replication tells nothing of its error."""
    return Estimate(value, None, None, None, confidence, ONE_REPLICATION, replications)


@dataclass(frozen=True)
class SkewedT:
    """Student's t for an estimate with skewed error: Hall's monotone cubic transformation.

    With T = (estimate - truth) / standard error over n replications and g their skewness, the statistic
    h(T) = T + shift + bend T^2 + bend^2 T^3 / 3, bend = g / (3 sqrt n), shift = g / (6 sqrt n), has Student's
    t distribution with n - 1 degrees of freedom up to terms of order 1/n (Johnson 1978, JASA 73, 536-544;
    Hall 1992, J. R. Statist. Soc. B 54, 221-228, who makes Johnson's quadratic monotone). The skewness is
    the bias-adjusted G1 (Joanes and Gill 1998). |g| <= sqrt n bounds the shift by 1/6, so an interval of
    at least 50 % always holds its estimate.

    For ratios the expansion has one more term, from the covariance of residual and denominator. It is left
    out: where denominators are nearly constant it changes nothing, elsewhere it lowered the coverage.
    """

    standard_error: float
    degrees: int
    bend: float
    shift: float

    def statistic(self, deviation: float) -> float:
        """h(T) of an estimate that lies ``deviation`` above the hypothetical truth."""
        t = deviation / self.standard_error
        return t + self.shift + self.bend * t**2 + self.bend**2 * t**3 / 3

    def two_sided_p(self, deviation: float) -> float:
        """P-value of a truth that lies ``deviation`` below the estimate."""
        return float(2 * stdtr(self.degrees, -abs(self.statistic(deviation))))

    def reach(self, confidence: float) -> tuple[float, float]:
        """Distances, both positive, from the estimate down to the lower and up to the upper end."""
        t = float(stdtrit(self.degrees, (1 + confidence) / 2))
        return self._deviation(t), -self._deviation(-t)

    def _deviation(self, statistic: float) -> float:
        straight = statistic - self.shift
        if abs(self.bend * straight) < 1e-8:
            return self.standard_error * straight
        return self.standard_error * float(np.cbrt(1 + 3 * self.bend * straight) - 1) / self.bend


def skewed_t(influences: Floats) -> SkewedT:
    """The error distribution of a mean-like estimate.

    ``influences`` has one float64 a replication (pseudo-values of a jackknife, or linearized residuals), at
    least two and not all equal; the estimate's variance is their sample variance over n.
    """
    n = influences.size
    centered = influences - influences.mean()
    scaled = centered / np.abs(centered).max()
    variance = float((scaled**2).mean())
    skewness = float((scaled**3).mean()) / variance**1.5
    if n > 2:
        skewness *= sqrt(n * (n - 1)) / (n - 2)
    error = float(np.abs(centered).max()) * sqrt(variance / (n - 1))
    return SkewedT(error, n - 1, skewness / (3 * sqrt(n)), skewness / (6 * sqrt(n)))


def clopper_pearson(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """The exact two-sided interval of a binomial share (Clopper and Pearson 1934), never of zero width."""
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"wanted 0 <= successes <= trials >= 1, given {successes} and {trials}")
    tail = (1 - confidence) / 2
    failures = trials - successes
    lower = float(betaincinv(successes, failures + 1, tail)) if successes else 0.0
    upper = float(betaincinv(successes + 1, failures, 1 - tail)) if failures else 1.0
    return lower, upper


def p_above(estimate: Estimate, threshold: float) -> float:
    """One-sided p-value of "the truth is at most ``threshold``", from the interval alone.

    The distance to the lower end stands for the t quantile of the interval's confidence. So the p-value is
    below (1 - confidence) / 2 exactly when the whole interval is above the threshold; elsewhere the interval
    is taken to widen in proportion to the t quantile, which for the lower end of a right-skewed figure
    errs on the side of a larger p-value. 1 if the figure or that end is absent.
    """
    return _p_beyond(estimate, estimate.lower, threshold, 1)


def p_below(estimate: Estimate, threshold: float) -> float:
    """One-sided p-value of "the truth is at least ``threshold``": the mirror image of ``p_above``.

    So it errs the other way for the upper end of a right-skewed figure: with exponential replication means
    a p-value of at most 0.0025 came up in 0.9 % of 30 replications and 0.5 % of 100. Targets look at that
    end of a figure that must be large, a share near 1, which is skewed to the left.
    """
    return _p_beyond(estimate, estimate.upper, threshold, -1)


def _p_beyond(estimate: Estimate, end: float | None, threshold: float, sign: int) -> float:
    if estimate.value is None or end is None:
        return 1.0
    excess, reach = sign * (estimate.value - threshold), sign * (estimate.value - end)
    if reach <= 0:
        return 0.0 if excess > 0 else 1.0
    degrees = max(estimate.replications - 1, 1)
    quantile = float(stdtrit(degrees, (1 + estimate.confidence) / 2))
    return float(stdtr(degrees, -quantile * excess / reach))
