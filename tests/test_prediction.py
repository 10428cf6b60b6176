"""The interval of one more realization covers it as often as it states, whatever the distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from sim.prediction import least_realizations, prediction

TRIALS = 20_000
ONE_IN_A_MILLION = 1e-6
EXACT = [
    (39, 0.95, 1, 0.95),
    (199, 0.95, 5, 0.95),
    (999, 0.95, 25, 0.95),
    (100, 0.95, 2, 97 / 101),
    (199, 0.9, 10, 0.9),
]


@pytest.mark.parametrize(("count", "confidence", "rank", "coverage"), EXACT)
def test_ranks_and_what_they_cover(count: int, confidence: float, rank: int, coverage: float) -> None:
    values = np.random.default_rng(1).permutation(np.arange(1.0, count + 1))
    found = prediction(values, confidence)
    assert (found.lower, found.upper) == (rank, count + 1 - rank)
    assert (found.rank, found.realizations, found.mean) == (rank, count, (count + 1) / 2)
    assert found.coverage == pytest.approx(coverage)
    assert found.coverage >= confidence - 1e-12


def covered(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> int:
    """In how many rows the interval of all values but the last holds the last."""
    return sum(found.lower <= row[-1] <= found.upper for row in values for found in [prediction(row[:-1])])


@pytest.mark.parametrize("count", [39, 199])
def test_it_covers_one_more_value_as_often_as_it_states(count: int) -> None:
    """Lognormal, very skewed. A coverage that is 1 % off is found with probability over 0.99."""
    values = np.random.default_rng(2026).lognormal(0.0, 2.0, (TRIALS, count + 1))
    low, high = (binom.ppf(p, TRIALS, 0.95) for p in (ONE_IN_A_MILLION / 2, 1 - ONE_IN_A_MILLION / 2))
    assert low <= covered(values) <= high


def test_of_counts_it_covers_at_least_as_many() -> None:
    values = np.random.default_rng(7).poisson(3.0, (TRIALS // 4, 40)).astype(np.float64)
    assert covered(values) >= binom.ppf(ONE_IN_A_MILLION, TRIALS // 4, 0.95)


def test_the_interval_of_the_mean_would_not_cover_one() -> None:
    values = np.random.default_rng(3).exponential(size=(1000, 200))
    error = values[:, :-1].std(axis=1, ddof=1) / math.sqrt(199)
    inside = np.abs(values[:, -1] - values[:, :-1].mean(axis=1)) <= 1.972 * error
    assert inside.mean() < 0.2


@pytest.mark.parametrize("values", [np.ones(38), np.append(np.ones(60), np.nan), np.ones((40, 2))])
def test_too_few_or_absent_values_are_refused(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    assert least_realizations(0.95) == 39
    with pytest.raises(ValueError, match="wanted at least 39 finite values"):
        prediction(values)
