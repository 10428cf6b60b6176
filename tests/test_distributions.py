"""The kinds of distributions and their quantile tables, against the laws themselves as scipy has them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sim.distributions import (
    SIDE,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    quantile,
    quantile_table,
)
from sim.streams import Stream, bits, counter, key
from sim.units import MINUTE

ADAPTER: TypeAdapter[Any] = TypeAdapter(Distribution)
CUT = 2.0**-33
"""What lies nearer than this to an end of (0, 1) has the quantile there."""
WORDS = bits(key(11, 0, Stream.SERVICE), counter(np.arange(1 << 18), 0))


def kind(name: str, **numbers: Any) -> Any:
    return ADAPTER.validate_python({"kind": name, **numbers})


def gamma_law(mean: float, cv: float) -> Any:
    return stats.gamma(cv**-2, scale=mean * cv**2)


def lognormal_law(mean: float, cv: float) -> Any:
    variance = np.log1p(cv**2)
    return stats.lognorm(variance**0.5, scale=mean * np.exp(-variance / 2))


class HyperexponentialLaw:
    """p of the people with rate 2 p / mean, the others with 2 (1 - p) / mean."""

    def __init__(self, mean: float, cv: float) -> None:
        self.p = (1 + ((cv**2 - 1) / (cv**2 + 1)) ** 0.5) / 2
        self.parts = [stats.expon(scale=mean / 2 / share) for share in (self.p, 1 - self.p)]

    def cdf(self, x: Any) -> Any:
        return self.p * self.parts[0].cdf(x) + (1 - self.p) * self.parts[1].cdf(x)

    def sf(self, x: Any) -> Any:
        return self.p * self.parts[0].sf(x) + (1 - self.p) * self.parts[1].sf(x)


class EmpiricalLaw:
    """Linear between sorted values."""

    def __init__(self, values: list[float]) -> None:
        self.x, self.u = sorted(values), np.linspace(0, 1, len(values))

    def cdf(self, x: Any) -> Any:
        return np.interp(x, self.x, self.u)

    def ppf(self, u: Any) -> Any:
        return np.interp(u, self.u, self.x)

    def isf(self, v: Any) -> Any:
        return np.interp(1 - v, self.u, self.x)


# Five values: their quarters are knots of the table, so that it bends where they do.
OBSERVED = [2.0, 30.0, 1.0, 9.0, 9.5]
LAWS: list[tuple[Any, Any]] = [
    (kind("exponential", mean=10.0), stats.expon(scale=10)),
    (kind("lognormal", mean=10.0, cv=0.3), lognormal_law(10, 0.3)),
    (kind("lognormal", mean=3.0, cv=1.2), lognormal_law(3, 1.2)),
    (kind("gamma", mean=1.0, cv=0.18), gamma_law(1, 0.18)),
    (kind("gamma", mean=20.0, cv=1.5), gamma_law(20, 1.5)),
    (kind("erlang", mean=8.0, stages=3), stats.gamma(3, scale=8 / 3)),
    (kind("hyperexponential", mean=10.0, cv=2.0), HyperexponentialLaw(10, 2)),
    (kind("uniform", low=5.0, high=15.0), stats.uniform(5, 10)),
    (kind("triangular", low=2.0, mode=3.0, high=20.0), stats.triang(1 / 18, 2, 18)),
    (kind("empirical", values=OBSERVED), EmpiricalLaw(OBSERVED)),
]
IDS = [f"{made.kind} {made.cv:.2f}" for made, _ in LAWS]
EDGES: list[Any] = [
    kind("exponential", mean=0.5),
    kind("lognormal", mean=1.0, cv=0.05),
    kind("lognormal", mean=10.0, cv=2.0),
    kind("gamma", mean=10.0, cv=0.02),
    kind("gamma", mean=10.0, cv=3.0),
    kind("erlang", mean=5.0, stages=1),
    kind("erlang", mean=5.0, stages=1000),
    kind("hyperexponential", mean=10.0, cv=1.0),
    kind("hyperexponential", mean=10.0, cv=10.0),
    kind("uniform", low=0.0, high=1.0),
    kind("triangular", low=1.0, mode=1.0, high=9.0),
    kind("triangular", low=1.0, mode=9.0, high=9.0),
    kind("empirical", values=[4.0, 4.0]),
    kind("empirical", values=[1.0, 5.0, 2.0, 9.0, 9.5, 30.0]),
    kind("deterministic", mean=7.0),
]
EVERY = [made for made, _ in LAWS] + EDGES


def halves(made: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    table = quantile_table(made)
    return table[: SIDE + 1], table[SIDE + 1 :]


def knots() -> NDArray[np.float64]:
    """Distances to the nearer end: 128 equal steps in each halving, from 2^-33 to 1/2."""
    return np.ldexp(1 + np.arange(SIDE + 1) % 128 / 128, np.arange(SIDE + 1) // 128 - 33)


def moments(made: Any) -> tuple[float, float]:
    """Mean and second moment of a table, exactly: linear between knots, constant beyond the outermost."""
    first = second = 0.0
    width = np.diff(knots())
    for half in halves(made):
        x = half / MINUTE
        a, b = x[:-1], x[1:]
        first += float(width @ (a + b)) / 2 + CUT * x[0]
        second += float(width @ (a * a + a * b + b * b)) / 3 + CUT * x[0] ** 2
    return first, second


def random_bits(distance: NDArray[np.int64], upper: bool) -> NDArray[np.uint64]:
    """Bits that lie ``distance`` / 2^53 from 0, or from 1; ``distance`` is odd."""
    return distance.astype(np.uint64) << np.uint64(11) | np.uint64(upper) << np.uint64(63)


def variates(made: Any, words: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.asarray(quantile(quantile_table(made)[None, :], 0, words))


# Mean and cv

# The relative error of interpolation is at most u² q''(u) / q(u) / 8 / 128², a few millionths, and of either sign only
# where the quantile is concave; whole milliseconds add less than half a ms in a minute, 8e-6, and mostly cancel.
CLOSE = 2e-5


@pytest.mark.parametrize("made", EVERY, ids=repr)
def test_the_table_has_the_declared_mean_and_cv(made: Any) -> None:
    first, second = moments(made)
    assert first == pytest.approx(made.mean, rel=CLOSE)
    if made.cv == 0:
        assert second == pytest.approx(first**2, rel=1e-12)
    else:
        assert (second / first**2 - 1) ** 0.5 == pytest.approx(made.cv, rel=CLOSE)


@pytest.mark.parametrize("cv", [2.0, 3.0, 5.0])
def test_of_a_wide_lognormal_the_table_leaves_out_the_outermost_tail_alone(cv: float) -> None:
    made = kind("lognormal", mean=10.0, cv=cv)
    sigma, top = float(np.log1p(cv**2) ** 0.5), float(stats.norm.isf(CUT))
    end = float(made.inverse(np.array([1 - CUT]), np.array([CUT]))[0])
    left = made.mean**2 * (1 + cv**2) * stats.norm.cdf(top - 2 * sigma) + CUT * end**2
    first, second = moments(made)
    assert first == pytest.approx(made.mean, rel=CLOSE)
    assert second == pytest.approx(left, rel=CLOSE)
    # which costs the cv a ten-thousandth at 3 and a thousandth at 5
    assert (second / first**2 - 1) ** 0.5 == pytest.approx(cv, rel=1e-3)


@pytest.mark.parametrize(("made", "law"), LAWS, ids=IDS)
def test_the_declared_mean_and_cv_are_those_of_the_law(made: Any, law: Any) -> None:
    match law:
        case HyperexponentialLaw():
            parts = [(law.p, law.parts[0].mean()), (1 - law.p, law.parts[1].mean())]
            mean, second = sum(p * m for p, m in parts), sum(2 * p * m * m for p, m in parts)
        case EmpiricalLaw():
            pieces = list(pairwise(law.x))
            mean = sum((a + b) / 2 for a, b in pieces) / len(pieces)
            second = sum((a * a + a * b + b * b) / 3 for a, b in pieces) / len(pieces)
        case _:
            mean, second = law.mean(), law.var() + law.mean() ** 2
    assert made.mean == pytest.approx(mean, rel=1e-12)
    assert made.cv == pytest.approx((second / mean**2 - 1) ** 0.5, rel=1e-9)


# The quantile function

EVENLY = np.arange(1, 1 << 52, (1 << 52) // 20_000) | 1
FINELY = (np.exp2(np.linspace(20, 51.99, 5_000))).astype(np.int64) | 1


@pytest.mark.parametrize("upper", [False, True], ids=["lower", "upper"])
@pytest.mark.parametrize(("made", "law"), LAWS, ids=IDS)
def test_variates_are_quantiles(made: Any, law: Any, upper: bool) -> None:
    """Within 1 ms and 5e-5 of the quantile or, where the density is small (towards 0), of the mean."""
    distance = np.concatenate([EVENLY, FINELY])
    distance = distance[distance > 1 << 20]  # 2^-33 of (0, 1)
    found = variates(made, random_bits(distance, upper)) / MINUTE
    u = distance / 2.0**53
    if isinstance(law, HyperexponentialLaw):
        # its quantile has no formula: the variate, pushed back, must be the probability
        back = law.sf(found) if upper else law.cdf(found)
        assert (np.abs(back - u) <= 1e-4 * u + 0.18 / MINUTE).all()  # 0.18 is the density at 0, for 1 ms
        return
    exact = law.isf(u) if upper else law.ppf(u)
    assert (np.abs(found - exact) <= 5e-5 * np.maximum(exact, made.mean) + 1 / MINUTE).all()


@pytest.mark.parametrize("made", EVERY, ids=repr)
def test_tables_ascend_to_the_median_and_on_and_are_at_least_a_millisecond(made: Any) -> None:
    lower, upper = halves(made)
    assert lower[0] >= 1
    assert (np.diff(lower) >= 0).all()
    assert (np.diff(upper) <= 0).all()
    assert lower[-1] == upper[-1]
    assert lower.dtype == upper.dtype == np.int64


@given(st.sampled_from(EVERY), st.lists(st.integers(0, (1 << 64) - 1), min_size=2, max_size=30))
def test_a_larger_probability_never_has_a_smaller_quantile(made: Any, words: list[int]) -> None:
    half = 1 << 63

    def place(word: int) -> int:
        """Where a word lies in (0, 1): ascending below the top bit, descending from the other end above."""
        distance = (word & half - 1) >> 11 | 1
        return distance if word < half else 2 * half - distance

    found = variates(made, np.array(sorted(words, key=place), np.uint64))
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("made", EVERY, ids=repr)
def test_the_outermost_numbers_are_held_at_the_ends_of_the_table(made: Any) -> None:
    lower, upper = halves(made)
    ends = np.array([0, 1 << 11, (1 << 31) - 1, 1 << 63, (1 << 63) + (1 << 31) - 1], np.uint64)
    assert variates(made, ends).tolist() == [lower[0]] * 3 + [upper[0]] * 2


def test_a_time_of_nothing_is_a_millisecond() -> None:
    assert set(variates(kind("deterministic", mean=0.0), WORDS[:99]).tolist()) == {1}
    assert variates(kind("exponential", mean=1e-9), WORDS).max() == 1
    assert quantile_table(kind("deterministic", mean=0.0), 0).max() == 0


def test_each_variate_is_of_its_own_row() -> None:
    tables = np.stack([quantile_table(kind("deterministic", mean=mean)) for mean in (1.0, 2.0, 3.0)])
    assert quantile(tables, np.array([2, 0, 1, 2]), WORDS[:4]).tolist() == [3 * MINUTE, MINUTE, 2 * MINUTE, 3 * MINUTE]


def test_tables_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        quantile_table(kind("exponential", mean=1.0))[0] = 5


# Samples


@pytest.mark.parametrize(("made", "law"), LAWS, ids=IDS)
def test_samples_follow_the_law(made: Any, law: Any) -> None:
    """Kolmogorov's distance of 2^18 variates at significance 1e-6: at most 2.69 / 512 = 0.0053.

    A law that is off by 0.0066 anywhere is found with probability 0.9 at least (1.28 standard errors, of at most
    0.5 / 512, further). The seed is fixed.
    """
    x = np.sort(variates(made, WORDS)) / MINUTE
    below = law.cdf(x)
    steps = np.arange(len(x) + 1) / len(x)
    distance = max(np.abs(below - steps[:-1]).max(), np.abs(below - steps[1:]).max())
    assert distance < (np.log(2 / 1e-6) / 2) ** 0.5 / len(x) ** 0.5


# What is refused


@pytest.mark.parametrize(
    ("given_", "where"),
    [
        ({"kind": "exponential"}, "mean"),
        ({"kind": "exponential", "mean": 0.0}, "mean"),
        ({"kind": "exponential", "mean": -1.0}, "mean"),
        ({"kind": "exponential", "mean": float("nan")}, "mean"),
        ({"kind": "exponential", "mean": float("inf")}, "mean"),
        ({"kind": "exponential", "mean": "10"}, "mean"),
        ({"kind": "exponential", "mean": True}, "mean"),
        ({"kind": "exponential", "mean": 10.0, "cv": 1.0}, "cv"),
        ({"kind": "lognormal", "mean": 10.0}, "cv"),
        ({"kind": "lognormal", "mean": 10.0, "cv": 0.0}, "cv"),
        ({"kind": "gamma", "mean": 10.0, "cv": -1.0}, "cv"),
        ({"kind": "erlang", "mean": 10.0, "stages": 0}, "stages"),
        ({"kind": "erlang", "mean": 10.0, "stages": 2.5}, "stages"),
        ({"kind": "erlang", "mean": 10.0, "stages": 1001}, "stages"),
        ({"kind": "hyperexponential", "mean": 10.0, "cv": 0.99}, "cv"),
        ({"kind": "uniform", "low": 5.0, "high": 5.0}, "low must be less"),
        ({"kind": "uniform", "low": -1.0, "high": 5.0}, "low"),
        ({"kind": "triangular", "low": 2.0, "mode": 1.0, "high": 5.0}, "low <= mode"),
        ({"kind": "triangular", "low": 2.0, "mode": 6.0, "high": 5.0}, "low <= mode"),
        ({"kind": "triangular", "low": 2.0, "mode": 2.0, "high": 2.0}, "low <= mode"),
        ({"kind": "deterministic", "mean": -0.1}, "mean"),
        ({"kind": "empirical", "values": [1.0]}, "values"),
        ({"kind": "empirical", "values": [1.0, -2.0]}, "values"),
        ({"kind": "weibull", "mean": 1.0}, "weibull"),
        ({"mean": 1.0}, "kind"),
    ],
)
def test_impossible_numbers_are_refused(given_: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError, match=where):
        ADAPTER.validate_python(given_)


def test_a_kind_is_frozen_and_compared_by_content() -> None:
    assert kind("lognormal", mean=1.0, cv=2.0) == Lognormal(kind="lognormal", mean=1.0, cv=2.0)
    assert hash(kind("erlang", mean=1.0, stages=2)) == hash(Erlang(kind="erlang", mean=1.0, stages=2))
    with pytest.raises(ValidationError, match="frozen"):
        Exponential(kind="exponential", mean=1.0).mean = 2.0  # type: ignore[misc]


def test_kinds_that_are_the_same_law_have_the_same_table() -> None:
    memoryless = quantile_table(Exponential(kind="exponential", mean=6.0))
    one_stage = quantile_table(Erlang(kind="erlang", mean=6.0, stages=1))
    balanced = quantile_table(Hyperexponential(kind="hyperexponential", mean=6.0, cv=1.0))
    assert np.abs(memoryless - one_stage).max() <= 1
    assert np.abs(memoryless - balanced).max() <= 1
    straight = quantile_table(Empirical(kind="empirical", values=(2.0, 4.0, 6.0)))
    assert np.abs(straight - quantile_table(kind("uniform", low=2.0, high=6.0))).max() <= 1
