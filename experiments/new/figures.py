"""What timed visits measure, with intervals: work a dossier, its spread, what is incomplete, dossiers a visit.

The model's work of a visit is greeting + overhead of its channel + the sum over its dossiers. Greeting and the mean
overhead (the sheet does not ask for the channel) are taken off the total of the visits, never off a single one, which
would leave negative work: with T the minutes at the counter, d the dossiers and m the minutes a dossier that a
scenario assumes, the visits of some fields measure how many times as long it takes,

    factor = sum(T - greeting - mean overhead) / sum(d m),

a ratio of means; new m = factor m, which for one field does not depend on the m assumed. Its variance is that of the
residuals T - fixed - factor d m (Cochran 1977, chapter 6), and its interval Student's t on its logarithm by the delta
method: it wants no shape of distribution, and its upper end lies farther off than its lower, as skewed work wants.
For lognormal work of cv 0.8, read to the minute, an interval of 95 % covered in 94.5 % of samples of 30 visits, and in
96 % of 10; of cv 1.2 in 93 and 95 %. It does not know that greeting and overhead are assumed.

The cv comes from the residuals' variance, less that of the overhead; its interval is that of a jackknife on its
logarithm, corrected for skewness (Hall 1992, as in :mod:`sim.intervals`): wide, and it covered in 95 to 99 % of
samples of 20 and 30.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, stdtrit

from experiments.new.visits import Visit
from sim.intervals import clopper_pearson, skewed_t
from sim.scenario import Scenario

MEAN_FROM = 10
CV_FROM = 20
LEAST_CV = 0.01
CONFIDENCE = 0.95
_BISECTIONS = 60
Floats = NDArray[np.float64]


class Measured(NamedTuple):
    """A figure, the ends of its interval at CONFIDENCE, how many visits it rests on, and how."""

    value: float
    low: float
    high: float
    visits: int
    how: str


class Fixed(NamedTuple):
    """What a visit takes whatever is brought: mean minutes and their variance."""

    mean: float
    variance: float


def fixed(scenario: Scenario) -> Fixed:
    """Greeting, and the overhead of a channel that the sheet does not tell."""
    mean = sum(channel.share * channel.overhead for channel in scenario.channels.values())
    square = sum(channel.share * channel.overhead**2 for channel in scenario.channels.values())
    return Fixed(scenario.greeting + mean, max(square - mean**2, 0.0))


class Work:
    """The visits of some fields, against assumed ``minutes`` a dossier; ``always`` is what each takes anyway."""

    def __init__(self, visits: Sequence[Visit], minutes: Mapping[str, float], always: Fixed) -> None:
        self.always, self.number = always, len(visits)
        self.spent = np.array([visit.minutes - always.mean for visit in visits])
        self.each = np.array([minutes[visit.field] for visit in visits])
        self.dossiers = np.array([float(visit.dossiers) for visit in visits])

    def factor(self) -> tuple[float, float, float]:
        """How many times as long as assumed a dossier takes, and the ends of its interval, which is none up to 0."""
        value = _factor(self.spent, self.each * self.dossiers)
        if value <= 0:
            return value, value, value
        residuals = self.spent - value * self.each * self.dossiers
        error = math.sqrt(float((residuals**2).mean()) / (self.number - 1)) / float((self.each * self.dossiers).mean())
        reach = math.exp(float(stdtrit(self.number - 1, (1 + CONFIDENCE) / 2)) * error / value)
        return value, value / reach, value * reach

    def cv(self) -> tuple[float, float, float] | None:
        """Of the work of one dossier, and the ends of its interval; None where overheads alone vary as much."""
        whole = self._squared_cv(np.ones(self.number, bool))
        if whole <= LEAST_CV**2:
            return None
        least = whole / 1e4
        parts = [0.5 * math.log(max(self._squared_cv(one), least)) for one in ~np.eye(self.number, dtype=bool)]
        value = 0.5 * math.log(whole)
        below, above = _reach(self.number * value - (self.number - 1) * np.array(parts))
        return math.exp(value), math.exp(value - below), math.exp(value + above)

    def _squared_cv(self, kept: NDArray[np.bool_]) -> float:
        spent, each, dossiers = self.spent[kept], self.each[kept], self.dossiers[kept]
        factor = _factor(spent, each * dossiers)
        residuals = spent - factor * each * dossiers
        variance = float((residuals**2).sum()) * spent.size / (spent.size - 1) - self.always.variance * spent.size
        return variance / float((dossiers * (factor * each) ** 2).sum())


def _factor(spent: Floats, assumed: Floats) -> float:
    return float(spent.sum() / assumed.sum())


def _reach(influences: Floats) -> tuple[float, float]:
    """Distances from an estimate down and up to the ends of its interval; none where nothing varies."""
    if np.ptp(influences) <= 1e-12 * max(float(np.abs(influences).max()), 1.0):
        return 0.0, 0.0
    return skewed_t(influences).reach(CONFIDENCE)


def dossiers_a_visit(visits: Sequence[Visit]) -> Measured:
    """Of those who bring any: one and a Poisson number of more, as in the model, whose interval is Garwood's (1936).

    Where counts vary more than that, it is the wider one of Student's t, corrected for skewness.
    """
    counts = np.array([float(visit.dossiers) for visit in visits])
    mean, more, tail = float(counts.mean()), float(counts.sum()) - counts.size, (1 - CONFIDENCE) / 2
    below, above = _reach(counts)
    low = float(gammaincinv(more, tail)) if more else 0.0
    high = float(gammaincinv(more + 1, 1 - tail))
    ends = min(1 + low / counts.size, max(mean - below, 1.0)), max(1 + high / counts.size, mean + above)
    return Measured(mean, *ends, counts.size, "of those who bring any")


def incomplete_share(visits: Sequence[Visit]) -> Measured:
    """Of dossiers, where a visit is incomplete if any of its dossiers is.

    The share p that makes as many visits incomplete as were, sum(1 - (1 - p)^d); the ends are those of Clopper and
    Pearson for the share of visits, carried over in the same way.
    """
    counts = np.array([visit.dossiers for visit in visits])
    wrong = sum(not visit.complete for visit in visits)
    low, high = clopper_pearson(wrong, len(visits), CONFIDENCE)

    def share(of_visits: float) -> float:
        return _root(lambda p: float((1 - (1 - p) ** counts).mean()), of_visits)

    return Measured(
        share(wrong / len(visits)), share(low), share(high), len(visits), f"{wrong} incomplete, for all fields"
    )


def _root(rising: Callable[[float], float], wanted: float) -> float:
    """Where a function that rises from 0 to 1 over [0, 1] has a value."""
    if not 0 < wanted < 1:
        return wanted
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
