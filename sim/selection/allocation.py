"""A budget of replications allocated to scenarios run on numbers of their own, so that the best is most likely found.

Optimal computing budget allocation (Chen, Lin, Yücesan and Chick 2000, Discrete Event Dyn. Syst. 10, 251-270). It
assumes independent samples: under common random numbers its shares are not the best, and
:mod:`sim.selection.elimination` is to be used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]


def shares(means: ArrayLike, deviations: ArrayLike) -> Floats:
    """The share of the budget of each scenario, float64[k], from means and standard deviations of one replication.

    With b the lowest mean and gaps d_i: N_i / N_j = (s_i d_j / (s_j d_i))², N_b = s_b sqrt(sum N_i² / s_i²). A mean
    that equals the lowest counts as a gap of a thousandth of its deviation. ValueError for fewer than two, or where a
    deviation is not positive.
    """
    mean, deviation = np.asarray(means, np.float64), np.asarray(deviations, np.float64)
    if mean.size < 2 or mean.shape != deviation.shape or not (deviation > 0).all():
        raise ValueError("wanted at least two means, each with a positive deviation")
    best = int(mean.argmin())
    others = np.arange(mean.size) != best
    gaps = np.maximum(mean - mean[best], deviation / 1000)
    weights = np.where(others, (deviation / gaps) ** 2, 0.0)
    weights[best] = deviation[best] * np.sqrt(((weights[others] / deviation[others]) ** 2).sum())
    return np.asarray(weights / weights.sum())


def additions(means: ArrayLike, deviations: ArrayLike, done: ArrayLike, more: int) -> NDArray[np.int64]:
    """How many of ``more`` replications each scenario gets, int64[k], coming nearest to the shares."""
    counts = np.asarray(done, np.int64)
    wanted = shares(means, deviations) * (counts.sum() + more)
    found = np.zeros(counts.size, np.int64)
    for _ in range(more):
        found[int((wanted - counts - found).argmax())] += 1
    return found


def probability_of_best(means: ArrayLike, deviations: ArrayLike, done: ArrayLike, within: float = 0.0) -> float:
    """A lower bound of the chance that the scenario with the lowest mean is the best, in Bayes' sense (Bonferroni).

    Or, with ``within`` above 0, that no other is better by more than that.
    """
    mean, deviation, counts = (np.asarray(one, np.float64) for one in (means, deviations, done))
    best = int(mean.argmin())
    spread = np.sqrt(deviation**2 / counts + deviation[best] ** 2 / counts[best])
    wrong = ndtr(-(mean - mean[best] + within) / spread)
    return float(max(1 - np.delete(wrong, best).sum(), 0.0))
