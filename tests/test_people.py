"""Who comes, when, and with what: the people of a plan, looked up without an engine.

Statistical checks have fixed seeds and are judged at ALPHA each, about forty of them; ``detects`` in a docstring is
the deviation that is found with probability 0.9: (quantile at ALPHA / 2 + 1.28) standard errors = 6.2 of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from sim.attributes import VISIT, _dossiers
from sim.lookup import ENDED, People
from sim.models.center import run
from sim.outages import in_turn, with_outages
from sim.plan import Plan, Purpose
from sim.planning import make_plan
from sim.scenario import Returns, Scenario
from sim.streams import PERSONS, WHOLE, Stream, bits, counter, key, person, thresholds, whole
from sim.trace import Outcome
from sim.units import DAY, HOUR, MINUTE, NEVER, SLOT, clock
from sim.wanting import TILE, exp_of_minus, poisson
from tests.crowds import at_center, by_citizen, day_by_day, everyone, newcomers, returning, those_wanting

ALPHA = 1e-6
CRITICAL = float(stats.norm.isf(ALPHA / 2))
WEEK = ("mon", "tue", "wed", "thu", "fri")
ALL_WEEK = (*WEEK, "sat", "sun")
OFFICE = ["07:30-11:30", "13:30-17:00"]
SERVICE = {"kind": "lognormal", "mean": 10.0, "cv": 0.8}
PROFILE = {"07:00": 1.0, "07:30": 3.0, "08:00": 4.0, "09:30": 2.0, "13:30": 2.0, "16:30": 0.5}


GUIDANCE = {"service": {"kind": "exponential", "mean": 3.0}, "finds": 0.6, "mends": 0.5}


def ward(**changes: Any) -> Scenario:
    """A small center, open from Monday to Friday, from Monday 2 March 2026 (no holiday until 26 April)."""
    given_: dict[str, Any] = {
        "name": "ward",
        "start": "2026-03-02",
        "days": 14,
        "warmup_days": 0,
        "opening": True,
        "calendar": {"hours": dict.fromkeys(WEEK, OFFICE)},
        "arrivals": {"per_day": 120.0, "profile": PROFILE},
        "procedures": {"paper": {"share": 1.0, "service": SERVICE}},
        "points": {"hall": {"counters": 3}},
        "staff": {"all": {"count": 3}},
    }
    return Scenario.model_validate({**given_, **changes})


def arrivals(**changes: Any) -> dict[str, Any]:
    return {"per_day": 120.0, "profile": PROFILE, **changes}


def is_normal(mean: float, expected: float, error: float) -> bool:
    return abs(mean - expected) <= CRITICAL * error


def is_multinomial(observed: Any, shares: Any) -> bool:
    expected = np.asarray(shares) / np.sum(shares) * np.sum(observed)
    return float(stats.chisquare(observed, expected).pvalue) > ALPHA


# How many


def uniforms(seed: int, n: int = 4000) -> NDArray[np.float64]:
    return np.asarray((whole(bits(key(seed, 0, Stream.COUNT), counter(np.arange(n), 0))) + 0.5) / WHOLE)


def test_exp_is_exact_to_the_last_bit_but_one() -> None:
    x = np.linspace(0, TILE, 200_001)
    assert np.abs(exp_of_minus(x) / np.exp(-x) - 1).max() <= 2 * np.finfo(float).eps
    assert exp_of_minus(0.0) == 1.0
    assert [exp_of_minus(one) for one in x[::1000]] == exp_of_minus(x)[::1000].tolist()


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.01, 0.3, 1.0, 7.5, 37.0, 250.0, 499.999, 500.0])
def test_numbers_are_poisson_quantiles(mean: float) -> None:
    u = np.append(uniforms(3), [1e-12, 1e-6, 1 - 1e-6, 1 - 1e-12])
    assert [poisson(mean, one) for one in u.tolist()] == stats.poisson.ppf(u, mean).tolist()


@given(st.floats(0, TILE), st.floats(0, 50), st.floats(1e-12, 1 - 1e-12))
def test_a_poisson_quantile_never_falls_as_the_mean_grows(mean: float, more: float, u: float) -> None:
    assert poisson(mean, u) <= poisson(min(mean + more, TILE), u)


def per_slot(mean: float, **changes: Any) -> Scenario:
    """``mean`` people expected in one half-hour of each weekday."""
    return ward(arrivals={"rate_per_hour": {"09:00": 2 * mean, "09:30": 0.0}}, **changes)


@pytest.mark.parametrize("mean", [0.4, 30.0, 499.999, 500.0, 500.001, 999.0, 1000.0, 1234.5, 5000.0])
def test_the_number_in_a_half_hour_is_the_quantile_of_its_keyed_uniforms(mean: float) -> None:
    """Beyond TILE it is a sum of quantiles, one a tile: a sum of independent Poisson numbers is one again."""
    plan = make_plan(per_slot(mean), 5, 2)
    for day in (0, 1, 7):
        citizens = those_wanting(plan, day)
        expected = plan.profiles[0, 18] * plan.demand[0]["people"][day]
        assert expected == pytest.approx(mean, rel=1e-14)
        tiles = np.arange(np.ceil(expected / TILE))
        drawn = whole(bits(key(5, 2, Stream.COUNT), counter(np.full(len(tiles), person(0, day, 18, 0)), tiles)))
        parts = np.clip(expected - tiles * TILE, 0, TILE)
        number = stats.poisson.ppf((drawn + 0.5) / WHOLE, parts).sum()
        assert citizens.tolist() == [person(0, day, 18, k) for k in range(int(number))]
        assert np.sort(newcomers(plan, day)["citizen"]).tolist() == citizens.tolist()


def working_counts(scenario: Scenario) -> NDArray[np.int64]:
    """How many want to come on each working day."""
    plan = make_plan(scenario, 1, 0)
    return np.array([len(those_wanting(plan, day)) for day in np.flatnonzero(plan.days["is_working"]).tolist()])


@pytest.mark.parametrize("mean", [12.0, 1200.0])
def test_numbers_over_days_have_the_mean_and_the_variance_of_poisson(mean: float) -> None:
    """Over 500 days; detects 8 % and 0.8 % in the mean, 39 % in the variance."""
    counts = working_counts(per_slot(mean, days=700))
    n = len(counts)
    assert is_normal(counts.mean(), mean, (mean / n) ** 0.5)
    # the fourth central moment of Poisson is 3 m² + m
    assert is_normal(counts.var(ddof=1), mean, ((2 * mean**2 + mean) / n) ** 0.5)


def test_with_no_demand_nobody_comes() -> None:
    for scenario in (ward(demand=0.0), ward(arrivals={"rate_per_hour": 0.0}), ward(arrivals=arrivals(per_day=0.0))):
        assert len(everyone(make_plan(scenario))) == 0


@pytest.mark.parametrize("per_day", [1e8, 1e12])
def test_more_people_than_have_numbers_are_refused_at_once(per_day: float) -> None:
    plan = make_plan(ward(arrivals=arrivals(per_day=per_day)))
    with pytest.raises(OverflowError, match=f"more than {PERSONS} people"):
        those_wanting(plan, 0)


RICH: dict[str, Any] = {
    "procedures": {
        "paper": {"share": 0.6, "service": SERVICE, "incomplete": 0.2},
        "land": {"share": 0.4, "service": {"kind": "gamma", "mean": 20.0, "cv": 1.0}, "incomplete": 0.4},
    },
    "purposes": {
        "submit": {"share": 0.7},
        "ask": {"share": 0.2, "service": {"kind": "exponential", "mean": 3.0}},
        "collect": {"share": 0.1, "service": {"kind": "exponential", "mean": 2.0}},
    },
    "channels": {"paper": {"share": 0.9}, "assisted": {"share": 0.1, "overhead": 12.0}},
    "priorities": {"elderly": {"share": 0.15, "rank": 0}, "ordinary": {"share": 0.85, "rank": 1}},
    "points": {
        "hall": {"counters": 3, "share": 0.8, "travel": {"kind": "lognormal", "mean": 15.0, "cv": 0.5}},
        "branch": {"counters": 1, "share": 0.2},
    },
    "staff": {"all": {"count": 3}, "there": {"count": 1, "point": "branch"}},
    "patience": {"kind": "exponential", "mean": 60.0},
    "greeting": 1.5,
}


# All but the rank, which counts those who want to come before.
BROUGHT = [name for name in VISIT.names or () if name != "rank"]


def rich(**changes: Any) -> Scenario:
    return ward(**{**RICH, **changes})


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 3), st.floats(0, 3), st.integers(0, 99), st.sampled_from([0.0, 0.25]))
def test_more_demand_adds_people_and_changes_nobody(one: float, two: float, replication: int, cv: float) -> None:
    low, high = sorted([one, two])
    blocks = [
        by_citizen(
            everyone(
                make_plan(
                    rich(days=5, demand=demand, arrivals=arrivals(per_day=60.0, day_factor_cv=cv)), 3, replication
                )
            )
        )
        for demand in (low, high)
    ]
    again = np.isin(blocks[1]["citizen"], blocks[0]["citizen"])
    assert np.array_equal(blocks[1][again][BROUGHT], blocks[0][BROUGHT])
    for block in blocks:
        assert block["rank"].tolist() == list(range(len(block)))


# On which day


def expected_people(**changes: Any) -> list[float]:
    demand = make_plan(ward(**changes)).demand[0]
    return [round(float(people), 9) for people in demand["people"][:7]]


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ({}, [120] * 5 + [0, 0]),
        ({"weekday": {"mon": 1.6, "tue": 1.1, "wed": 1.1, "thu": 1.1, "fri": 1.1}}, [160, 110, 110, 110, 110, 0, 0]),
        ({"weekday": {"mon": 2.0, "tue": 0.0, "wed": 1.0}}, [160, 0, 80, 0, 0, 0, 0]),
        ({"counted_as": "dossiers", "dossiers_per_visitor": 1.5}, [80] * 5 + [0, 0]),
        ({"counted_as": "people", "dossiers_per_visitor": 1.5}, [120] * 5 + [0, 0]),
        (
            {"seasons": [{"first": "2026-03-03", "last": "2026-03-04", "factor": 1.5}]},
            [120, 180, 180, 120, 120, 0, 0],
        ),
        (
            {
                "seasons": [
                    {"first": "2026-03-03", "last": "2026-03-31", "factor": 2.0},
                    {"first": "2026-03-05", "last": "2026-03-05", "factor": 0.5},
                ]
            },
            [120, 240, 240, 120, 240, 0, 0],
        ),
    ],
)
def test_expected_people_of_a_week(given_: dict[str, Any], wanted: list[float]) -> None:
    assert expected_people(arrivals=arrivals(**given_)) == pytest.approx(wanted, rel=1e-12)


def test_demand_multiplies_and_closed_days_have_nobody() -> None:
    closed = {"hours": dict.fromkeys(WEEK, OFFICE), "also_closed": ["2026-03-04"]}
    assert expected_people(demand=1.5, calendar=closed) == pytest.approx([180, 180, 0, 180, 180, 0, 0])


def test_the_day_factor_has_mean_one_and_the_declared_cv() -> None:
    """One slot with 100 people over 2,000 days: variance 100 + (100 cv)². Detects 4.4 % in the mean, 24 % in cv²."""
    cv, mean = 0.3, 100.0
    rates = {"09:00": 2 * mean, "09:30": 0.0}
    counts = working_counts(ward(days=2800, arrivals={"rate_per_hour": rates, "day_factor_cv": cv})) / mean
    n, variance = len(counts), cv**2 + 1 / mean
    assert is_normal(counts.mean(), 1, (variance / n) ** 0.5)
    # gamma: excess kurtosis 6 cv²; the Poisson part adds next to nothing
    assert is_normal(counts.var(ddof=1), variance, variance * ((2 + 6 * cv**2) / n) ** 0.5)


def test_the_day_factor_is_of_the_day_and_not_of_the_half_hour() -> None:
    """On a day with more people at 8 there are more at 14, too: correlation 100 cv² / (1 + 100 cv²) = 0.9."""
    rates = {"08:00": 200.0, "08:30": 0.0, "14:00": 200.0, "14:30": 0.0}
    plan = make_plan(ward(days=1400, arrivals={"rate_per_hour": rates, "day_factor_cv": 0.3}), 1, 0)
    days = np.flatnonzero(plan.days["is_working"]).tolist()
    slots = [(those_wanting(plan, day) >> 20) & 63 for day in days]
    counts = np.array([[np.count_nonzero(slot == 16), np.count_nonzero(slot == 28)] for slot in slots])
    assert np.corrcoef(counts.T)[0, 1] == pytest.approx(0.9, abs=CRITICAL * (1 - 0.9**2) / len(days) ** 0.5)


# At what time


def test_arrivals_follow_the_profile_and_are_even_within_a_half_hour() -> None:
    """Some 33,000 people; a share of a half-hour that is 6 % off (of 3/12.5), or a minute in 30 by 19 %, is found."""
    plan = make_plan(ward(days=28, arrivals=arrivals(per_day=1650.0)), 4, 0)
    at = np.concatenate([newcomers(plan, day) for day in range(28)])["arrival"] % DAY
    slots = np.bincount(at // SLOT, minlength=48)
    wanted = np.zeros(48)
    for time, weight in PROFILE.items():
        wanted[clock(time) // SLOT] = weight
    assert (slots[wanted == 0] == 0).all()
    assert is_multinomial(slots[wanted > 0], wanted[wanted > 0])
    assert is_multinomial(np.bincount(at % SLOT // MINUTE, minlength=30), np.ones(30))


def test_a_weekday_may_have_a_profile_of_its_own() -> None:
    """Newcomers and those who come back follow that of their day; the number of people stays."""
    own = arrivals(per_day=400.0, profile_on={"tue": {"09:00": 1.0}, "thu": {"10:00": 3.0, "15:30": 1.0}})
    changed = ward(days=14, arrivals=own)
    plan, plain = make_plan(changed, 4, 0), make_plan(ward(days=14, arrivals=arrivals(per_day=400.0)), 4, 0)
    assert np.array_equal(plan.demand["people"], plain.demand["people"])
    assert plan.demand[0]["profile"].tolist() == [0, 2, 0, 3, 0, 1, 1] * 2
    assert plan.profiles[2:, [18, 20, 31]].tolist() == [[1.0, 0.0, 0.0], [0.0, 0.75, 0.25]]
    assert np.array_equal(plan.profiles[:2], plain.profiles)
    for day in range(14):
        slots = set((newcomers(plan, day)["arrival"] % DAY // SLOT).tolist())
        assert slots == {1: {18}, 3: {20, 31}}.get(day % 7, set() if day % 7 > 4 else slots)
        if day % 7 in (0, 2, 4):
            assert np.array_equal(newcomers(plan, day)["arrival"], newcomers(plain, day)["arrival"])
    assert np.array_equal(plan.return_times[2:], [thresholds(row) for row in plan.profiles[2:]])
    between = make_plan(changed.replace(returns=Returns(between="08:00-09:00")))
    assert (between.return_times == between.return_times[0]).all()


def test_weights_before_the_opening_are_people_at_the_gate() -> None:
    plan = make_plan(ward(arrivals=arrivals(per_day=1000.0)), 1, 0)
    block = newcomers(plan, 0)
    early = block["arrival"] < plan.days["opens"][0]
    assert plan.days["opens"][0] == clock("07:30")
    assert is_normal(early.mean(), 1 / 12.5, (0.08 * 0.92 / len(block)) ** 0.5)
    assert (block["arrival"][early] >= clock("07:00")).all()


def test_rates_hold_until_the_next_step() -> None:
    plan = make_plan(ward(arrivals={"rate_per_hour": {"08:00": 12.0, "10:30": 4.0, "17:00": 0.0}}))
    means = plan.profiles[0] * plan.demand[0]["people"][0]
    wanted = [0.0] * 16 + [6.0] * 5 + [2.0] * 13 + [0.0] * 14
    assert means.tolist() == pytest.approx(wanted, rel=1e-12)
    assert plan.demand[0]["people"][5] == 0  # a Saturday
    constant = make_plan(ward(arrivals={"rate_per_hour": 12.0}))
    assert (constant.profiles[0] * constant.demand[0]["people"][0]).tolist() == pytest.approx([6.0] * 48)


def test_a_day_is_in_the_order_of_arrival_and_all_on_that_day() -> None:
    plan = make_plan(rich(arrivals=arrivals(per_day=500.0)), 9, 1)
    for day, block in enumerate(day_by_day(plan)):
        assert (block["arrival"] // DAY == day).all()
        order = list(zip(block["arrival"].tolist(), block["citizen"].tolist(), strict=True))
        assert order == sorted(order)


# What they bring


@pytest.fixture(scope="module")
def crowd() -> tuple[Plan, NDArray[Any]]:
    """The people of two weeks at a big center, about 40,000."""
    plan = make_plan(rich(arrivals=arrivals(per_day=4000.0, dossiers_per_visitor=1.44)), 21, 0)
    return plan, everyone(plan)


@pytest.mark.parametrize(
    ("column", "shares"),
    [
        ("procedure", [0.6, 0.4]),
        ("purpose", [0.7, 0.2, 0.1]),
        ("channel", [0.9, 0.1]),
        ("priority", [0.15, 0.85]),
        ("point", [0.8, 0.2]),
    ],
)
def test_shares_are_the_declared_ones(crowd: tuple[Plan, NDArray[Any]], column: str, shares: list[float]) -> None:
    """Detects 0.015 in a share of a half."""
    assert is_multinomial(np.bincount(crowd[1][column]), shares)


def test_attributes_are_independent_of_each_other(crowd: tuple[Plan, NDArray[Any]]) -> None:
    """Pairwise correlations over 40,000 people; detects 0.031."""
    columns = ["procedure", "channel", "priority", "point", "patience", "arrival"]
    found = np.corrcoef([crowd[1][name].astype(float) for name in columns])[np.triu_indices(len(columns), 1)]
    assert np.abs(found).max() < CRITICAL / len(crowd[1]) ** 0.5


def test_times_are_independent_of_each_other() -> None:
    """Rank correlations of way, patience, guidance and work over 20,000 people alike; detects 0.044."""
    points = {"hall": {"counters": 3, "guides": 1, "travel": {"kind": "lognormal", "mean": 15.0, "cv": 0.5}}}
    patience = {"kind": "exponential", "mean": 60.0}
    scenario = ward(arrivals=arrivals(per_day=2000.0), points=points, guidance=GUIDANCE, patience=patience)
    block = everyone(make_plan(scenario, 5, 0))
    columns = np.array([block[name] for name in ("arrival", "travel", "patience", "guidance", "work")])
    found = np.asarray(stats.spearmanr(columns, axis=1).statistic)[np.triu_indices(len(columns), 1)]
    assert np.abs(found).max() < CRITICAL / len(block) ** 0.5


def test_dossiers_are_one_and_a_poisson_number_more(crowd: tuple[Plan, NDArray[Any]]) -> None:
    submits = crowd[1][crowd[1]["purpose"] == Purpose.SUBMIT]
    number = np.bitwise_count(submits["dossiers"])
    assert (submits["dossiers"] == (1 << number.astype(np.int64)) - 1).all()
    shares = [*stats.poisson.pmf(np.arange(4), 0.44), stats.poisson.sf(3, 0.44)]
    assert is_multinomial(np.bincount(np.minimum(number - 1, 4)), shares)
    assert is_normal(number.mean(), 1.44, (0.44 / len(number)) ** 0.5)
    assert (crowd[1]["dossiers"][crowd[1]["purpose"] != Purpose.SUBMIT] == 0).all()


@pytest.mark.parametrize("mean", [1.0, 1.44, 4.0, 8.0])
def test_the_mean_number_of_dossiers_as_tabled(mean: float) -> None:
    """At most fifteen a visit: of those who would bring more, who matter only at a mean of 8 (0.12 % less)."""
    limits = make_plan(ward(arrivals=arrivals(dossiers_per_visitor=mean))).dossiers[0]["threshold"] / WHOLE
    tabled = float((1 - limits[:-1]).sum() + 1)
    assert tabled == pytest.approx(mean, rel=1.3e-3 if mean > 4 else 1e-5)


def test_work_is_greeting_overhead_and_dossiers(crowd: tuple[Plan, NDArray[Any]]) -> None:
    """The mean work of each kind of visit, to 6.2 standard errors: 3 % with the many, 9 % with the few."""
    block = crowd[1]
    minutes = block["work"] / MINUTE
    for purpose, procedure, channel, wanted in (
        (Purpose.SUBMIT, 0, 0, 1.5 + 1.44 * 10),
        (Purpose.SUBMIT, 1, 0, 1.5 + 1.44 * 20),
        (Purpose.SUBMIT, 0, 1, 1.5 + 12 + 1.44 * 10),
        (Purpose.ASK, 0, 0, 1.5 + 3),
        (Purpose.ASK, 0, 1, 1.5 + 3),
        (Purpose.COLLECT, 1, 0, 1.5 + 2),
    ):
        rows = (block["purpose"] == purpose) & (block["procedure"] == procedure) & (block["channel"] == channel)
        mine = minutes[rows]
        assert is_normal(mine.mean(), wanted, mine.std() / len(mine) ** 0.5), (purpose, procedure, channel)


def test_incomplete_dossiers_are_as_many_as_declared(crowd: tuple[Plan, NDArray[Any]]) -> None:
    block = crowd[1]
    for procedure, share in ((0, 0.2), (1, 0.4)):
        rows = block[(block["procedure"] == procedure) & (block["purpose"] == Purpose.SUBMIT)]
        brought = np.bitwise_count(rows["dossiers"]).sum()
        lacking = np.bitwise_count(rows["left"]).sum()
        assert is_normal(lacking / brought, share, (share * (1 - share) / brought) ** 0.5)
        assert ((rows["left"] & ~rows["dossiers"]) == 0).all()
        assert ((rows["outcome"] == Outcome.INCOMPLETE) == (rows["left"] != 0)).all()
    assert set(block["outcome"][block["purpose"] == Purpose.ASK].tolist()) == {Outcome.ADVISED}
    assert set(block["outcome"][block["purpose"] == Purpose.COLLECT].tolist()) == {Outcome.SERVED}


def test_travel_is_there_and_back_for_those_who_live_near_a_point_that_has_a_way(
    crowd: tuple[Plan, NDArray[Any]],
) -> None:
    travel = crowd[1]["travel"] / MINUTE
    here = crowd[1]["point"] == 0
    assert (travel[~here] == 0).all()
    assert is_normal(travel[here].mean(), 30, 15 / here.sum() ** 0.5)


def test_who_needs_a_skill_that_their_point_lacks_goes_to_the_first_that_has_it() -> None:
    scenario = rich(staff={"all": {"count": 3}, "there": {"count": 1, "point": "branch", "skills": ["paper"]}})
    block = everyone(make_plan(scenario, 1, 0))
    assert set(block["point"][block["procedure"] == 0].tolist()) == {0, 1}
    assert set(block["point"][block["procedure"] == 1].tolist()) == {0}


def test_a_point_whose_officials_serve_one_class_only_receives_no_others() -> None:
    """A priority lane with every skill must not draw citizens whom it does not serve."""
    staff = {
        "all": {"count": 3},
        "there": {"count": 1, "point": "branch", "skills": ["paper"]},
        "lane": {"count": 1, "point": "branch", "serves": ["elderly"]},
    }
    block = everyone(make_plan(rich(staff=staff), 1, 0))
    ordinary = block["priority"] == 1
    assert not (ordinary & (block["procedure"] == 1) & (block["point"] == 1)).any()


def test_people_of_two_replications_are_unrelated_and_of_one_the_same() -> None:
    def looked_up(replication: int) -> NDArray[Any]:
        return everyone(make_plan(rich(), 1, replication))

    assert np.array_equal(looked_up(4), looked_up(4))
    assert len(np.intersect1d(looked_up(4)["work"], looked_up(5)["work"])) < 5


# Guides


Dossiers = tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]


@cache
def guided(finds: float = 0.6, mends: float = 0.5, per_day: float = 200.0) -> Dossiers:
    """What :func:`dossiers_of` gives, guides at both points."""
    points = {name: {**entry, "guides": 1} for name, entry in RICH["points"].items()}
    desk = {**GUIDANCE, "finds": finds, "mends": mends}
    return dossiers_of(arrivals=arrivals(per_day=per_day, dossiers_per_visitor=1.44), points=points, guidance=desk)


def dossiers_of(**changes: Any) -> Dossiers:
    """The block, the dossiers taken home from the guide, and those found incomplete at the counter."""
    plan = make_plan(rich(**changes), 6, 0)
    block = by_citizen(everyone(plan))
    has_guide = plan.points["guided"][block["point"]] & (block["purpose"] != Purpose.COLLECT)
    with np.errstate(over="ignore"):
        found = [_dossiers(plan, plan.centers[0], row, bool(one)) for row, one in zip(block, has_guide, strict=True)]
    at_home, incomplete, _ = np.array(found, np.int64).T
    return block, at_home, incomplete


def test_what_a_guide_leaves_incomplete_is_part_of_what_was_incomplete_without() -> None:
    """And a guide finds and mends the declared shares of it; detects 0.06 and 0.08."""
    without, _, before = dossiers_of(arrivals=arrivals(per_day=1000.0, dossiers_per_visitor=1.44))
    block, at_home, after = guided(per_day=1000.0)
    assert np.array_equal(block["citizen"], without["citizen"])
    assert ((after & ~before) == 0).all()
    assert ((at_home & ~before) == 0).all()
    assert ((at_home & after) == 0).all()
    lacking, found = np.bitwise_count(before).sum(), np.bitwise_count(before & ~after).sum()
    sent = np.bitwise_count(at_home).sum()
    assert is_normal(found / lacking, 0.6, (0.24 / lacking) ** 0.5)
    assert is_normal(sent / found, 0.5, (0.25 / found) ** 0.5)
    assert np.array_equal(block["left"], at_home | after)
    assert (block["work"] <= without["work"]).all()
    assert np.array_equal(block["work"][at_home == 0], without["work"][at_home == 0])
    for name in ("arrival", "point", "priority", "procedure", "purpose", "channel", "travel", "patience", "dossiers"):
        assert np.array_equal(block[name], without[name]), name


def test_a_better_guide_finds_what_a_worse_one_found() -> None:
    _, _, worse = guided(finds=0.3)
    _, _, better = guided(finds=0.8)
    assert ((better & ~worse) == 0).all()
    assert better.any()
    _, few, _ = guided(mends=0.8)
    _, many, _ = guided(mends=0.2)
    assert ((few & ~many) == 0).all()
    assert few.any()


@pytest.mark.parametrize(("finds", "mends"), [(0.0, 0.5), (1.0, 0.0), (1.0, 1.0)])
def test_guides_who_find_nothing_or_everything(finds: float, mends: float) -> None:
    _, at_home, incomplete = guided(finds, mends)
    assert bool(at_home.any()) == (finds == 1 and mends == 0)
    assert bool(incomplete.any()) == (finds == 0)


def test_what_becomes_of_a_visit_at_the_guide() -> None:
    block, at_home, incomplete = guided(per_day=1000.0)
    purpose = block["purpose"]
    assert ((block["guidance"] == NEVER) == (purpose == Purpose.COLLECT)).all()
    assert (block["after_guidance"][purpose == Purpose.ASK] == Outcome.ADVISED).all()
    submits = block[purpose == Purpose.SUBMIT]
    all_home = (at_home == block["dossiers"])[purpose == Purpose.SUBMIT]
    assert ((submits["after_guidance"] == Outcome.INCOMPLETE_AT_GUIDANCE) == all_home).all()
    assert (submits["after_guidance"][~all_home] == NEVER).all()
    ends = np.where((at_home | incomplete) != 0, Outcome.INCOMPLETE, Outcome.SERVED)[purpose == Purpose.SUBMIT]
    assert (submits["outcome"] == ends).all()


# Saturdays


def saturdays(moves: float, **changes: Any) -> Scenario:
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    return rich(
        **{"calendar": {"hours": hours}, "arrivals": arrivals(per_day=400.0, moves_to_saturday=moves), **changes}
    )


def test_those_who_come_on_saturday_are_the_same_people() -> None:
    """Of 4,000 people 30 % move (detects 4.5 %): all else about them, and everything about the others, stays."""
    without = by_citizen(everyone(make_plan(rich(arrivals=arrivals(per_day=400.0)), 1, 0)))
    block = by_citizen(everyone(make_plan(saturdays(0.3), 1, 0)))
    assert np.array_equal(block["citizen"], without["citizen"])
    moved = block["arrival"] != without["arrival"]
    assert is_normal(moved.mean(), 0.3, (0.21 / len(block)) ** 0.5)
    names = [name for name in VISIT.names or () if name != "arrival"]
    assert np.array_equal(block[names], without[names])
    day, week = block["arrival"] // DAY, without["arrival"] // DAY // 7
    assert (day[moved] == 7 * week[moved] + 5).all()
    at = block["arrival"][moved] % DAY
    assert ((at >= clock("07:30")) & (at < clock("11:30"))).all()
    assert is_multinomial(np.bincount((at - clock("07:30")) // SLOT, minlength=8), np.ones(8))


def test_a_larger_share_moves_more_of_the_same_people() -> None:
    few, many = (by_citizen(everyone(make_plan(saturdays(share), 1, 0))) for share in (0.1, 0.4))
    on_saturday = [block["arrival"] // DAY % 7 == 5 for block in (few, many)]
    assert (on_saturday[1] | ~on_saturday[0]).all()


def test_nobody_moves_to_a_saturday_that_is_closed_or_past_the_end() -> None:
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    closed = {"hours": hours, "also_closed": ["2026-03-07"]}
    plan = make_plan(saturdays(0.5, calendar=closed, days=12), 1, 0)
    assert plan.demand[0]["moves_to"].tolist() == [NEVER] * 12
    assert make_plan(saturdays(0.5, days=13), 1, 0).demand[0]["moves_to"].tolist()[6:] == [NEVER] + [12] * 5 + [NEVER]
    without = everyone(make_plan(rich(days=12, arrivals=arrivals(per_day=400.0)), 1, 0))
    assert np.array_equal(everyone(plan), without)


# Coming back


BROUGHT_BEFORE, LACKING = 0b111, 0b101


def ended(day: int, outcome: Outcome, n: int = 1, visit: int = 0) -> Any:
    rows = np.zeros(n, ENDED)
    rows["citizen"] = person(0, day, 20, np.arange(n))
    rows["visit"], rows["outcome"] = visit, outcome
    rows["dossiers"], rows["left"] = BROUGHT_BEFORE, LACKING
    rows["departure"] = day * DAY + 10 * HOUR
    return rows


def coming_back(share: float = 1.0, first: int = 1, last: int = 1, **changes: Any) -> Scenario:
    back = {"share": share, "first": first, "last": last}
    given_ = {"days": 28, "returns": {"incomplete": back, "unserved": back, "between": "08:00-10:00", "visits": 4}}
    return saturdays(0.0, **{**given_, **changes})


@pytest.mark.parametrize(
    ("day", "delay", "wanted"),
    [(0, 1, 1), (0, 4, 4), (0, 5, 7), (4, 1, 7), (5, 1, 7), (6, 1, 7), (3, 10, 17), (5, 5, 11), (2, 1, 4), (2, 2, 7)],
)
def test_people_return_on_working_days(day: int, delay: int, wanted: int) -> None:
    """Monday 2 March is day 0; the 5th, day 3, is closed in the last two rows; an open Saturday is no working day."""
    closed = {"also_closed": ["2026-03-05"]} if day == 2 else {}
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    plan = make_plan(coming_back(first=delay, last=delay, calendar={"hours": hours, **closed}))
    rows = returning(plan, ended(day, Outcome.INCOMPLETE))
    assert rows["day"].tolist() == [wanted]
    assert (rows["arrival"] // DAY).tolist() == [wanted]
    assert clock("08:00") <= rows["arrival"][0] % DAY < clock("10:00")


def test_returns_have_the_declared_share_and_delays() -> None:
    """20,000 people who left on Monday; 2 to 6 working days, equally likely. Detects 0.02 in the share."""
    plan = make_plan(coming_back(0.7, 2, 6))
    rows = returning(plan, ended(0, Outcome.INCOMPLETE, 20_000))
    days = rows["day"]
    assert is_normal(len(rows) / 20_000, 0.7, (0.21 / 20_000) ** 0.5)
    assert np.unique(days).tolist() == [2, 3, 4, 7, 8]
    assert is_multinomial(np.bincount(days)[[2, 3, 4, 7, 8]], np.ones(5))
    assert is_multinomial(np.bincount(rows["arrival"] % DAY // SLOT)[16:20], np.ones(4))


def test_without_a_span_people_return_as_people_come() -> None:
    back = {"incomplete": {"share": 1.0}}
    plan = make_plan(coming_back(returns=back))
    rows = returning(plan, ended(0, Outcome.INCOMPLETE, 20_000))
    slots = np.bincount(rows["arrival"] % DAY // SLOT, minlength=48)
    wanted = np.zeros(48)
    for time, weight in PROFILE.items():
        wanted[clock(time) // SLOT] = weight
    assert is_multinomial(slots[wanted > 0], wanted[wanted > 0])


@pytest.mark.parametrize(
    ("outcome", "attempt", "share", "dossiers"),
    [
        (Outcome.INCOMPLETE, 1, 1.0, LACKING),
        (Outcome.INCOMPLETE_AT_GUIDANCE, 1, 1.0, LACKING),
        (Outcome.RENEGED, 0, 0.0, BROUGHT_BEFORE),
        (Outcome.BALKED, 0, 0.0, BROUGHT_BEFORE),
        (Outcome.TURNED_AWAY, 0, 0.0, BROUGHT_BEFORE),
    ],
)
def test_incomplete_and_unserved_visits_have_shares_of_their_own(
    outcome: Outcome, attempt: int, share: float, dossiers: int
) -> None:
    returns = {"incomplete": {"share": 1.0}, "unserved": {"share": 0.0}}
    rows = returning(make_plan(coming_back(returns=returns)), ended(0, outcome, 50))
    assert len(rows) == 50 * share
    both = returning(make_plan(coming_back()), ended(0, outcome, 50))
    assert len(both) == 50
    assert set(both["attempt"].tolist()) == {attempt}
    assert set(both["visit"].tolist()) == {1}
    assert set(both["dossiers"].tolist()) == {dossiers}
    assert not both["carried"].any()


@pytest.mark.parametrize("outcome", [Outcome.SERVED, Outcome.ADVISED])
def test_who_was_served_or_advised_does_not_come_again(outcome: Outcome) -> None:
    assert len(returning(make_plan(coming_back()), ended(0, outcome, 50))) == 0


def test_nobody_makes_more_visits_than_allowed_or_returns_past_the_end() -> None:
    plan = make_plan(coming_back())
    for visit, comes in ((0, 1), (2, 1), (3, 0)):
        assert len(returning(plan, ended(0, Outcome.RENEGED, visit=visit))) == comes
    assert len(returning(plan, ended(25, Outcome.INCOMPLETE))) == 0  # a Friday, the last working day
    assert len(returning(plan, ended(24, Outcome.INCOMPLETE))) == 1


def test_who_is_carried_over_comes_first_at_the_next_opening() -> None:
    plan = make_plan(coming_back(0.0, arrivals=arrivals(per_day=50.0)))
    people = People(plan)
    for day in range(5):
        people.day(day, ())
    block = people.day(5, [tuple(row) for row in ended(4, Outcome.CARRIED_OVER, 3, visit=2).tolist()])
    # Friday's people are carried to the open Saturday, whatever the share of returns
    assert block["carried"].tolist() == [True] * 3
    assert block["arrival"].tolist() == [5 * DAY + clock("07:30")] * 3
    assert block["visit"].tolist() == [3] * 3
    assert block["attempt"].tolist() == [0] * 3
    assert len(people.day(6, [tuple(row) for row in ended(5, Outcome.CARRIED_OVER, 2).tolist()])) == 0
    monday = people.day(7, ())
    assert monday["carried"].tolist() == [True] * 2 + [False] * (len(monday) - 2)


@pytest.mark.parametrize(
    ("departure", "wanted"),
    [
        (4 * DAY + 17 * HOUR, [5]),
        (5 * DAY - 1, [5]),
        (5 * DAY, [5]),  # at the midnight before the open Saturday, which is still to come
        (5 * DAY + 1, [7]),
        (7 * DAY, [7]),
        (4 * DAY, [4]),
        (25 * DAY + 17 * HOUR, [26]),
        (26 * DAY + 1, []),  # the last opening of the run
        (28 * DAY, []),
    ],
)
def test_people_are_carried_over_to_the_first_opening_from_their_departure_on(
    departure: int, wanted: list[int]
) -> None:
    plan = make_plan(coming_back(0.0))
    rows = ended(0, Outcome.CARRIED_OVER)
    rows["departure"] = departure
    found = returning(plan, rows)
    assert found["day"].tolist() == wanted
    assert found["arrival"].tolist() == plan.days["opens"][wanted].tolist()
    assert (found["arrival"] >= departure).all()


def test_a_visit_that_is_carried_over_counts_like_any_other() -> None:
    """Of the four visits that are allowed."""
    plan = make_plan(coming_back(0.0))
    for visit, comes in ((0, 1), (2, 1), (3, 0), (7, 0)):
        found = returning(plan, ended(4, Outcome.CARRIED_OVER, visit=visit))
        assert found["visit"].tolist() == [visit + 1] * comes
        assert found["dossiers"].tolist() == [BROUGHT_BEFORE] * comes


# One center of several


def test_a_center_is_part_of_who_everybody_is() -> None:
    """Two centers of the same scenario and seed have the same law and other people."""
    plan = make_plan(rich(arrivals=arrivals(per_day=400.0)), 1, 0)
    first, second = (by_citizen(everyone(at_center(plan, number))) for number in (0, 3))
    day, slot = 13, 47
    assert first["citizen"].max() <= person(0, day, slot, PERSONS - 1)
    assert person(3, 0, 0, 0) <= second["citizen"].min()
    assert second["citizen"].max() <= person(3, day, slot, PERSONS - 1)
    shift = person(3, 0, 0, 0)
    assert not np.array_equal(first["citizen"] + shift, second["citizen"])
    shared = np.intersect1d(first["citizen"] + shift, second["citizen"])
    both = [one[np.isin(one["citizen"], shared - less)] for one, less in ((first, shift), (second, 0))]
    assert len(shared) > 1000
    for name in ("work", "patience"):
        assert (both[0][name] == both[1][name]).mean() < 0.5, name
    assert (both[0]["arrival"] % DAY != both[1]["arrival"] % DAY).mean() > 0.99


def test_the_day_factor_is_of_the_day_and_the_center() -> None:
    """With a factor that varies, the crowds of one day at two centers vary apart; of one center they are one."""
    plan = make_plan(ward(arrivals=arrivals(per_day=2000.0, day_factor_cv=0.5)), 1, 0)
    crowds = [[len(those_wanting(at_center(plan, number), day)) for day in range(5)] for number in (0, 0, 1)]
    assert crowds[0] == crowds[1]
    # a factor of its own: numbers differ by far more than the 5 x 63 of two Poisson numbers of 2,000
    assert max(abs(a - b) for a, b in zip(crowds[0], crowds[2], strict=True)) > 315


def test_the_outages_are_of_the_center() -> None:
    failing = {"up": {"kind": "exponential", "mean": 300.0}, "down": {"kind": "exponential", "mean": 30.0}}
    plan = make_plan(ward(network={"outages": {"center": failing}}), 1, 0)
    empty = plan._replace(**in_turn([plan.network[:0]]))
    steps = [with_outages(at_center(empty, number)).network for number in (0, 0, 1)]
    assert np.array_equal(steps[0], plan.network)
    assert np.array_equal(steps[0], steps[1])
    assert len(np.intersect1d(steps[0]["time"], steps[2]["time"])) == 1  # time 0


def test_a_trace_says_of_which_center_it_is() -> None:
    plan = make_plan(ward(days=1), 1, 0)
    visits = run(at_center(plan, 5)).visits
    assert set(visits["center"].tolist()) == {5}
    assert set(run(plan).visits["center"].tolist()) == {0}
    assert (visits["citizen"] >= person(5, 0, 0, 0)).all()


def test_what_stays_with_a_person_from_visit_to_visit_and_what_does_not() -> None:
    """Work is of the attempt: who gave up brings the same again, who was incomplete something new."""
    scenario = rich(
        arrivals=arrivals(per_day=300.0), returns={"unserved": {"share": 1.0}, "incomplete": {"share": 1.0}}
    )
    plan = make_plan(scenario, 1, 0)
    people = People(plan)
    first = people.day(0, ())
    submits = first[first["purpose"] == Purpose.SUBMIT]
    gave_up, lacking = submits[::2], submits[1::2]
    rows = [
        (v["citizen"], v["rank"], 0, 0, v["dossiers"], v["dossiers"], 0, 0, outcome, 9 * HOUR, False, False, False)
        for visits, outcome in ((gave_up, Outcome.RENEGED), (lacking, Outcome.INCOMPLETE))
        for v in visits
    ]
    second = people.day(1, rows)
    second = second[second["visit"] == 1]
    assert len(second) == len(submits)
    before, after = by_citizen(submits), by_citizen(second)
    for name in ("citizen", "rank", "dossiers", "point", "priority", "procedure", "purpose", "channel", "travel"):
        assert np.array_equal(before[name], after[name]), name
    new = np.isin(after["citizen"], lacking["citizen"])
    assert np.array_equal(after["work"][~new], before["work"][~new])
    assert (after["work"][new] != before["work"][new]).all()
    assert np.array_equal(after["left"][~new], before["left"][~new])
    # patience is of the visit
    assert (after["patience"] != before["patience"]).all()
