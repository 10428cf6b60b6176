"""Metrics, arrival models and processes of one's own, in both engines, and what is said of wrong ones."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

import sim
from sim.faults import BadInput
from sim.models.center import Center
from sim.models.compiled.engine import run as compiled
from sim.plan import Plan
from sim.trace import Trace

STUDY = sim.load(["center=cam_duong", "days=14", "warmup_days=7", "replications=3", "engine=reference"])
PLAN = sim.make_plan(STUDY.scenario, seed=5, replication=2)


def arrived(trace: Trace) -> tuple[float, float]:
    return float((trace.visits["arrival"] >= trace.warmup).sum()), 1.0


def on_mondays(day: int, random: np.random.Generator) -> list[float]:
    expected = np.zeros(48)
    expected[16] = 40 + random.random() if day % 7 == 0 else 0
    return list(expected)


def mondays(plan: Plan) -> Plan:
    return sim.with_arrivals(plan, on_mondays)


# Metrics


def test_a_metric_of_ones_own_is_that_which_ships() -> None:
    result = sim.simulate(STUDY, workers=1)
    shipped = sim.estimate(STUDY, "wait_mean")
    assert shipped.estimate == result.figures.estimates["wait_mean", "all"]
    mine = sim.estimate(STUDY, arrived)
    assert mine.numerators.tolist() == result.runs.pair(("arrived", "all"))[0].tolist()
    assert (mine.name, mine.less(mine).estimate.value) == ("arrived", 0.0)


def test_only_replications_of_the_same_citizens_are_paired() -> None:
    mine = sim.estimate(STUDY.at(1), arrived)
    with pytest.raises(BadInput, match=r"arrived: given \(seed, .*\) = \(1, 1, 0.95\), wanted \(2, 1, 0.95\)"):
        mine.less(sim.estimate(STUDY.at(1).replace(seed=2), arrived))


def fails(trace: Trace) -> tuple[float, float]:
    return float(trace.visits["wait"].sum()), 1.0


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (fails, "metric fails, replication 0: failed: ValueError: no field of name wait"),
        (lambda _: 3.0, "metric <lambda>, replication 0: given 3.0, wanted two finite numbers: "),
        (lambda _: (1.0, -1.0), "metric <lambda>, replication 0: given (1.0, -1.0), wanted two finite numbers: "),
        (lambda _: (1.0, 0.0), "metric <lambda>, replication 0: given (1.0, 0.0), wanted two finite numbers: "),
        ("wait_men", "metric: given wait_men, wanted one that ships, or a function of a trace"),
    ],
)
def test_what_a_metric_must_give(metric: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        sim.estimate(STUDY.at(1), metric)
    assert str(caught.value).startswith(said)


# Arrivals


def test_an_arrival_model_runs_in_both_engines() -> None:
    plan = mondays(PLAN)
    trace = sim.run(plan, engine="reference")
    assert trace == compiled(plan)
    first = trace.visits[trace.visits["visit"] == 0]
    half_hours = np.unique(first["arrival"] // 1_800_000 % 48)
    days = np.unique(first["arrival"] // 86_400_000)
    assert (half_hours.tolist(), days.tolist()) == ([16], [0, 7])
    assert 50 < len(first) < 120


def test_the_same_numbers_each_time_and_others_in_each_replication() -> None:
    again = mondays(PLAN)
    assert np.array_equal(again.demand, mondays(PLAN).demand)
    other = mondays(PLAN._replace(replication=3))
    assert (again.demand["people"] != other.demand["people"]).any()
    assert not np.shares_memory(again.demand, PLAN.demand)


def test_what_people_bring_does_not_depend_on_the_model() -> None:
    twice = sim.run(sim.with_arrivals(PLAN, lambda *_: 2 * np.ones(48)), engine="reference").visits
    once = sim.run(sim.with_arrivals(PLAN, lambda *_: np.ones(48)), engine="reference").visits
    both = {row["citizen"]: row for row in twice if row["visit"] == 0}
    same = [row for row in once if row["visit"] == 0 and row["citizen"] in both]
    assert len(same) > 100
    for name in ("arrival", "point", "procedure", "dossiers"):
        assert all(row[name] == both[row["citizen"]][name] for row in same)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (lambda *_: [1.0] * 24, "arrivals <lambda>, day 0: given numbers of shape (24,), wanted 48 numbers: "),
        (lambda *_: "many", "arrivals <lambda>, day 0: given str, wanted 48 numbers: "),
        (lambda *_: [0.0] * 47 + [-1.0], "arrivals <lambda>, day 0, 23:30: given -1, wanted a number from 0 to "),
        (lambda *_: [np.nan] * 48, "arrivals <lambda>, day 0, 00:00: given nan, wanted a number from 0 to "),
        (lambda: [0.0] * 48, "arrivals <lambda>, day 0: failed: TypeError: "),
    ],
)
def test_what_an_arrival_model_must_give(model: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        sim.with_arrivals(PLAN, model)
    assert str(caught.value).startswith(said)


# Changes of a plan


def quieter(plan: Plan) -> Plan:
    plan.demand["people"] *= 0.5
    return plan


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (quieter, "change quieter: changed the plan that it was given: wanted plan._replace(…) of copies"),
        (lambda _: None, "change <lambda>: given 'NoneType', wanted a Plan"),
        (lambda plan: plan._replace(seed=9), "change <lambda>: wanted the seed and replication of the plan"),
        (
            lambda plan: plan._replace(profiles=plan.profiles.astype("f4")),
            "change <lambda>.profiles: given float32, wanted the columns and types that it had",
        ),
        (
            lambda plan: plan._replace(routes=plan.routes.ravel()),
            "change <lambda>.routes: given 1 axes, wanted 2, contiguous",
        ),
    ],
)
def test_what_a_change_must_give(change: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        sim.estimate(STUDY.at(1), arrived, change=change)
    assert str(caught.value).startswith(said)


# Processes


def test_a_process_that_looks_changes_nothing_and_the_compiled_engine_has_none() -> None:
    seen: list[int] = []

    def camera(center: Center) -> Generator[Any, Any, None]:
        while True:
            seen.append(len(center.inside))
            yield center.env.timeout(3_600_000)

    one = STUDY.at(1)
    assert sim.estimate(one, arrived, processes=[camera]).numerators == sim.estimate(one, arrived).numerators
    assert len(seen) == 24 * 14
    assert max(seen) > 0
    with pytest.raises(BadInput, match="wanted reference or auto: only they run the process camera"):
        sim.estimate(one.replace(engine="compiled"), arrived, processes=[camera])
