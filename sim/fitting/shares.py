"""Intervals of shares that go by days: who comes on one day has more in common than chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.fitting.arrivals import CONFIDENCE, Numbers
from sim.fitting.pace import FEW_DAYS

Span = tuple[float, float]
FURTHEST = 20.0
"""Log odds that an end is away at most."""


def share_ends(own: NDArray[np.int64], whole: NDArray[np.int64]) -> Span | None:
    """The 95 % interval of the share that some are of all, from the day of each.

    None where none or all are, or of fewer than FEW_DAYS days. A ratio of sums over days, which differ (Cochran 1977,
    chapter 6).
    """
    days = np.unique(whole)
    some, every = (np.bincount(np.searchsorted(days, one), minlength=len(days)) for one in (own, whole))
    share = some.sum() / every.sum()
    if len(days) < FEW_DAYS or not 0 < share < 1:
        return None
    off = (some - share * every) / (every.sum() * share * (1 - share))
    return odds_ends(float(share), off * len(days) / (len(days) - 1), len(days))


def odds_ends(share: float, moves: Numbers, days: int) -> Span | None:
    """The 95 % interval of a share, by the jackknife of its log odds and Student's t.

    ``moves``: by how much these are greater than without a day, float64[all days]; ``days``: on how many what it is
    the share of was seen, None of fewer than FEW_DAYS.
    """
    if days < FEW_DAYS or not 0 < share < 1:
        return None
    error = np.sqrt((moves**2).sum() * (1 - 1 / len(moves)))
    reach = min(float(student.ppf((1 + CONFIDENCE) / 2, days - 1)) * float(error), FURTHEST)
    low, high = (1 / (1 + (1 - share) / share * np.exp(sign * reach)) for sign in (1, -1))
    return float(low), float(high)
