"""Stationary law of a finite birth-death chain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def log_stationary(births: NDArray[np.float64], deaths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithms of the stationary probabilities of states 0..n.

    ``births[i]`` is the rate from i to i + 1 and ``deaths[i]`` the rate from i + 1 to i, both positive, of
    shape (n,). In logarithms, because the weights of a long chain overflow a double.
    """
    log_weights = np.concatenate(([0.0], np.cumsum(np.log(births) - np.log(deaths))))
    log_weights -= log_weights.max()
    normalized: NDArray[np.float64] = log_weights - np.log(np.exp(log_weights).sum())
    return normalized
