"""A figure over some days of a run against the same figure over others, weighted so that like days weigh alike.

A month has five Mondays where a half-year has one day of five, and on Mondays more come and wait longer: means over
both differ where nothing needs to settle. So the others are weighted: each kind of day (weekday and what else makes it
unlike, :func:`sim.warmup.series.kinds_of_days`) has there the weight that it has among the first days (direct
standardization). Days whose kind is missing on the other side are left out on both.

Both sides are ratios of sums, as every figure of a run is: waited over joined, each summed over the days with their
weights. So those who wait count alike, and the first side is what a run reports of these days. A mean of the ratios of
weekdays would count a quiet day as much as a full one, and be biased where few come. The difference is paired by
replication with linearized residuals (:func:`sim.statistics.paired_difference`): what ties the days of a replication
together is in its error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.intervals import Estimate
from sim.statistics import paired_difference
from sim.warmup.series import Series

Days = NDArray[np.bool_]

BAND, LEAST_BAND = 0.02, 0.1
"""A difference of at most 2 % of the settled figure does not matter: at a mean wait of 15 minutes, the target, that is
0.3 min, less than its indifference zone of 0.5 min, and a tenth of what single months differ by. Nor does one of 0.1,
in minutes, visits, cases or records, which is less than what is told of a figure below 5."""


@dataclass(frozen=True)
class Difference:
    """The figure over some days less that over others, ``settled``, by days that are alike.

    ``compared`` of the ``days`` have others that are like them.
    """

    estimate: Estimate
    settled: float
    days: int
    compared: int

    @property
    def band(self) -> float:
        """The largest difference that does not matter."""
        return max(BAND * self.settled, LEAST_BAND)

    @property
    def is_told(self) -> bool:
        """Whether it is told from nothing."""
        low, high = self._ends
        return low > 0 or high < 0

    @property
    def matters(self) -> bool:
        """Whether its interval lies wholly beyond the band."""
        low, high = self._ends
        return low > self.band or high < -self.band

    @property
    def is_small(self) -> bool:
        """Whether its interval lies within the band."""
        low, high = self._ends
        return -self.band <= low and high <= self.band

    @property
    def _ends(self) -> tuple[float, float]:
        """Without limits where there is no interval."""
        low, high = self.estimate.lower, self.estimate.upper
        return (-inf if low is None else low), (inf if high is None else high)


def difference(series: Series, days: Days, others: Days, confidence: float) -> Difference | None:
    """The balanced difference of a figure over ``days`` less that over ``others``; None where no two are alike."""
    first, second = (np.bincount(series.kinds[which], minlength=series.kinds.max() + 1) for which in (days, others))
    of_first, of_second = ((counts > 0)[series.kinds] for counts in (first, second))
    used, like = days & of_second, others & of_first
    if not used.any():
        return None
    weights = (first / np.maximum(second, 1))[series.kinds[like]]
    sums = [part[:, used].sum(axis=1) for part in (series.over, series.under)]
    sums += [part[:, like] @ weights for part in (series.over, series.under)]
    found = paired_difference(sums[0], sums[1], sums[2], sums[3], confidence).estimate
    under = sums[3].sum()
    return Difference(found, float(sums[2].sum() / under) if under else 0.0, int(days.sum()), int(used.sum()))


def first_without(differences: Sequence[Difference | None]) -> int | None:
    """The first of some beginnings, one later than the other, from which on nothing is left that is told or matters."""
    for nth, one in enumerate(differences):
        if one is not None and (one.is_small or not one.is_told):
            return nth
    return None
