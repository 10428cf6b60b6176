"""The interval in which one more realization lies, from independent replications of the same thing.

A figure that was observed once is one realization of its period. The interval of a mean shrinks with the number of
replications and must miss it in the end; this one does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from sim.intervals import Floats, require_confidence

_SLACK = 1e-9  # 0.025 * 200 must not fall short of 5


@dataclass(frozen=True)
class Prediction:
    """From the ``rank``-th smallest to the ``rank``-th largest of ``realizations`` values; ``mean`` is theirs.

    ``coverage``: the probability that it holds one more value, exact for a continuous figure, at least that otherwise.
    """

    lower: float
    upper: float
    mean: float
    rank: int
    realizations: int

    @property
    def coverage(self) -> float:
        return (self.realizations + 1 - 2 * self.rank) / (self.realizations + 1)


def least_realizations(confidence: float) -> int:
    """The fewest values that give an interval at all: 39 at 95 %."""
    require_confidence(confidence)
    return ceil(2 / (1 - confidence) - _SLACK) - 1


def prediction(values: Floats, confidence: float = 0.95) -> Prediction:
    """The narrowest interval [X(j), X(n + 1 - j)] of n values that holds one more with at least ``confidence``.

    Among n + 1 independent values of one distribution each rank is equally likely to be that of the last, so the
    probability is (n + 1 - 2 j) / (n + 1), whatever the distribution (Wilks 1941, Ann. Math. Statist. 12, 91-96); ties
    only add to it. n = 199 gives j = 5 and 95 % exactly. ValueError for too few values, or one that is not finite.
    """
    least = least_realizations(confidence)
    if values.ndim != 1 or values.size < least or not np.isfinite(values).all():
        raise ValueError(f"wanted at least {least} finite values at a confidence of {confidence}, given {values.size}")
    rank = floor((values.size + 1) * (1 - confidence) / 2 + _SLACK)
    ordered = np.sort(values)
    return Prediction(float(ordered[rank - 1]), float(ordered[-rank]), float(ordered.mean()), rank, int(ordered.size))
