"""Uniformization: a chain watched at the jumps of a Poisson clock (Jensen 1953; Grassmann 1977)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtrc, xlogy

TAIL = 1e-15
"""Probability given up at each cut: more arrivals in the day than states, more jumps in a step than terms."""
SPARE = 1e-18
"""Probability given up at the start of each step."""
JUMPS_PER_STEP = 256.0
"""Expected jumps of one step: few enough that Poisson probabilities keep 12 digits."""


def poisson_reach(mean: float) -> int:
    """A count that a Poisson number of this mean exceeds with probability at most ``TAIL``."""
    reach = math.ceil(mean)
    while pdtrc(reach, mean) > TAIL:
        reach += 1 + math.isqrt(reach)
    return reach


def poisson(mean: float) -> NDArray[np.float64]:
    """The probabilities of 0, 1, 2, … up to ``poisson_reach``."""
    count = np.arange(poisson_reach(mean) + 1)
    return np.asarray(np.exp(xlogy(count, mean) - mean - gammaln(count + 1)))


def steps_of(clock: float, length: float) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """Equal steps that a time is cut into; the probability of n jumps in one of them, and of more than n."""
    steps = max(1, math.ceil(clock * length / JUMPS_PER_STEP))
    jumps = clock * length / steps
    exactly = poisson(jumps)
    return steps, exactly, np.asarray(pdtrc(np.arange(len(exactly)), jumps))
