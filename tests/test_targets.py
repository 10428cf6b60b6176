"""Targets and verdicts: tables of what is met, missed or undecided, and why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.intervals import Estimate
from sim.statistics import CONSTANT, NOBODY, ONE_REPLICATION, ratio_estimate
from sim.targets import Target, Targets, kind_of
from sim.verdicts import (
    AT_THE_THRESHOLD,
    FAILURE_SEEN,
    TOO_FEW_RUNS,
    Verdict,
    judge,
    judge_all,
    name_failures,
)

MEAN = Target(metric="wait_mean", at_most=15)
WITHIN = Target(metric="wait_within_15", at_least=0.9)
EVERYONE = Target(metric="wait_within_30", at_least=1)
NO_ONE_LEAVES = Target(metric="unserved_share", at_most=0)
NEVER = Estimate(None, None, None, None, 0.95, NOBODY, 30)


def estimate(lower: float | None, value: float, upper: float | None, confidence: float = 0.95) -> Estimate:
    half = None if lower is None or upper is None else (upper - lower) / 2
    return Estimate(value, lower, upper, half, confidence, "by hand", 30)


# Targets


@pytest.mark.parametrize(
    ("target", "text", "zone"),
    [
        (MEAN, "at most 15 min", 0.5),
        (WITHIN, "at least 90 %", 0.01),
        (EVERYONE, "at least 100 %", 0.01),
        (Target(metric="unserved_share", at_most=0.01, guard=True), "at most 1 %", 0.01),
        (Target(metric="wait_p90", at_most=22.5, indifference=2), "at most 22.5 min", 2),
        (Target(metric="days_within_target", at_least=0.995), "at least 99.5 %", 0.01),
        (Target(metric="utilization", at_most=0.85), "at most 85 %", 0.01),
        (Target(metric="visits_per_resolved", at_most=1.2, indifference=0.05), "at most 1.2", 0.05),
    ],
)
def test_a_target_in_words_with_its_zone(target: Target, text: str, zone: float) -> None:
    assert (target.text, target.zone) == (text, zone)


@pytest.mark.parametrize(
    ("metric", "kind"),
    [
        ("wait_mean", "minutes"),
        ("wait_within_30", "share"),
        ("left_within_30", "share"),
        ("periods_within_target", "share"),
        ("time_in_center_mean", "minutes"),
        ("overtime_per_day", "minutes"),
        ("reneged_share", "share"),
        ("reneged", "other"),
        ("cost_per_day", "other"),
    ],
)
def test_a_name_tells_its_unit(metric: str, kind: str) -> None:
    assert kind_of(metric) == kind


@pytest.mark.parametrize(
    ("given_target", "wanted"),
    [
        ({"metric": "wait_mean"}, "exactly one"),
        ({"metric": "wait_mean", "at_most": 15, "at_least": 5}, "exactly one"),
        ({"metric": "wait_within_15", "at_least": 90}, "from 0 to 1"),
        ({"metric": "wait_mean", "at_most": -1}, "minutes from 0 on"),
        ({"metric": "wait_mean", "at_most": float("nan")}, "finite"),
        ({"metric": "wait_mean", "at_most": "15"}, "number"),
        ({"metric": "wait_mean", "atmost": 15}, "Extra inputs"),
        ({"metric": "wait_mean", "at_most": 15, "indifference": -0.5}, "greater than or equal to 0"),
        ({"metric": "queue_mean", "at_most": 5}, "wanted indifference"),
        ({"metric": "wait_max", "at_most": 20}, "a maximum grows"),
    ],
)
def test_a_target_that_cannot_be_judged_is_refused(given_target: dict[str, object], wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        Target.model_validate(given_target)


def test_a_set_names_each_threshold_once() -> None:
    slow = Target(metric="wait_mean", at_most=30)
    with pytest.raises(ValidationError, match="two for wait_mean in all"):
        Targets(name="twice", items=(MEAN, slow))
    hall = Target(metric="wait_mean", at_most=30, scope="point=hall")
    band = Target(metric="wait_mean", at_least=1)
    kept = Targets(name="decision_468", source="Decision 468/QD-TTg", items=(MEAN, hall, band))
    assert kept.items == (MEAN, hall, band)
    assert Targets.model_validate_json(kept.model_dump_json()) == kept


# One verdict


@pytest.mark.parametrize(
    ("target", "lower", "upper", "outcome", "reason"),
    [
        (MEAN, 12.0, 14.0, "met", ""),
        (MEAN, 12.0, 15.0, "met", ""),
        (MEAN, 15.0, 15.0, "met", ""),
        (MEAN, 15.1, 18.0, "missed", ""),
        (MEAN, 14.0, 16.0, "undecided", TOO_FEW_RUNS),
        (MEAN, 14.5, 15.5, "undecided", AT_THE_THRESHOLD),
        (MEAN, 14.4, 15.1, "undecided", TOO_FEW_RUNS),
        (MEAN, 15.0, 15.4, "undecided", AT_THE_THRESHOLD),
        (MEAN, 12.0, None, "undecided", TOO_FEW_RUNS),
        (MEAN, 16.0, None, "missed", ""),
        (MEAN, None, None, "undecided", TOO_FEW_RUNS),
        (WITHIN, 0.9, 0.95, "met", ""),
        (WITHIN, 0.8, 0.899, "missed", ""),
        (WITHIN, 0.895, 0.905, "undecided", AT_THE_THRESHOLD),
        (WITHIN, 0.85, 0.95, "undecided", TOO_FEW_RUNS),
    ],
)
def test_a_verdict(target: Target, lower: float | None, upper: float | None, outcome: str, reason: str) -> None:
    given_estimate = estimate(lower, 15.0 if lower is None else lower, upper)
    verdict = judge(target, given_estimate)
    assert (verdict.verdict, verdict.reason) == (outcome, reason)
    assert (verdict.metric, verdict.scope, verdict.target) == (target.metric, "all", target.text)
    assert verdict.estimate is given_estimate


def test_nobody_is_not_zero() -> None:
    verdict = judge(MEAN, NEVER)
    assert (verdict.verdict, verdict.reason, verdict.p_value) == ("n/a", "nobody to measure", None)
    assert judge(EVERYONE, NEVER).verdict == "n/a"


@pytest.mark.parametrize(
    ("target", "given_estimate", "failures", "outcome", "reason"),
    [
        (EVERYONE, estimate(0.9992, 1, 1), None, "met", ""),
        (EVERYONE, estimate(0.999, 1, 1), 0, "met", ""),
        (EVERYONE, estimate(0.998, 1, 1), None, "undecided", TOO_FEW_RUNS),
        (EVERYONE, estimate(0.9999, 0.99999, 1), None, "missed", FAILURE_SEEN),
        (EVERYONE, estimate(0.9999, 1, 1), 1, "missed", FAILURE_SEEN),
        (EVERYONE, estimate(None, 1, None), None, "undecided", TOO_FEW_RUNS),
        (EVERYONE, estimate(None, 0.5, None), None, "missed", FAILURE_SEEN),
        (NO_ONE_LEAVES, estimate(0, 0, 0.001), None, "met", ""),
        (NO_ONE_LEAVES, estimate(0, 0, 0.0011), None, "undecided", TOO_FEW_RUNS),
        (NO_ONE_LEAVES, estimate(0, 1e-6, 1e-5), None, "missed", FAILURE_SEEN),
    ],
)
def test_everyone_means_everyone(
    target: Target, given_estimate: Estimate, failures: int | None, outcome: str, reason: str
) -> None:
    verdict = judge(target, given_estimate, failures)
    assert (verdict.verdict, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(("days", "outcome"), [(3687, "undecided"), (3688, "met")])
def test_everyone_takes_3688_days_without_a_failure(days: int, outcome: str) -> None:
    # 1 - 0.025^(1/n) <= 0.001 from n = 3688 on, at 95 % two-sided.
    visits = np.full(30, 900.0)
    assert judge(EVERYONE, ratio_estimate(visits, visits, bounds=(0, 1), clusters=days)).verdict == outcome


@given(st.floats(0, 40), st.floats(0, 10), st.floats(0, 10), st.floats(0, 30))
def test_met_and_missed_exclude_each_other(value: float, below: float, above: float, limit: float) -> None:
    given_estimate = estimate(value - below, value, value + above)
    at_most = judge(Target(metric="wait_mean", at_most=limit), given_estimate).verdict
    at_least = judge(Target(metric="wait_mean", at_least=limit), given_estimate).verdict
    if value not in {limit, limit - above, limit + below}:
        swapped = {"met": "missed", "missed": "met", "undecided": "undecided"}
        assert at_least == swapped[at_most] or value - below <= limit <= value + above


# Several verdicts


MET, MISSED = judge(MEAN, estimate(12, 13, 14)), judge(MEAN, estimate(16, 17, 18))
UNDECIDED, ABSENT = judge(MEAN, estimate(14, 15, 16)), judge(MEAN, NEVER)


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ((), "n/a"),
        ((ABSENT, ABSENT), "n/a"),
        ((MET, MET), "met"),
        ((MET, ABSENT), "undecided"),
        ((MET, UNDECIDED), "undecided"),
        ((MET, UNDECIDED, ABSENT, MISSED), "missed"),
    ],
)
def test_all_together(verdicts: tuple[Verdict, ...], outcome: str) -> None:
    assert judge_all(verdicts) == outcome


def test_one_target_is_named_exactly_when_it_is_missed() -> None:
    for verdict in (MET, MISSED, UNDECIDED, ABSENT):
        assert name_failures([verdict]) == ((verdict,) if verdict.verdict == "missed" else ())


def test_naming_among_many_takes_more() -> None:
    # Just missed at the two-sided 95 %: one-sided p just below 0.025, which survives alone, not among ten.
    barely = judge(MEAN, estimate(15.01, 17, 19))
    clearly = judge(MEAN, estimate(25, 26, 27))
    assert barely.verdict == "missed"
    assert name_failures([barely]) == (barely,)
    assert name_failures([clearly, barely] + [MET] * 8 + [ABSENT]) == (clearly,)


def test_a_failure_where_none_is_allowed_is_always_named() -> None:
    refuted = judge(EVERYONE, estimate(0.9, 0.99999, 1))
    assert name_failures([refuted] + [MET] * 50) == (refuted,)


def test_only_one_confidence_makes_a_family() -> None:
    with pytest.raises(ValueError, match="one confidence"):
        name_failures([MET, judge(MEAN, estimate(1, 2, 3, confidence=0.9))])


def test_a_guard_is_marked() -> None:
    guard = Target(metric="unserved_share", at_most=0.01, guard=True)
    assert judge(guard, estimate(0.1, 0.2, 0.3)).guard
    assert not MET.guard


def test_from_replications_to_a_verdict() -> None:
    visits = np.full(30, 100.0)
    waits = visits * np.linspace(10, 12, 30)
    assert judge(MEAN, ratio_estimate(waits, visits)).verdict == "met"
    assert judge(MEAN, ratio_estimate(waits[:1], visits[:1])).estimate.method == ONE_REPLICATION
    steady = judge(MEAN, ratio_estimate(visits * 20, visits))
    assert (steady.verdict, steady.p_value, steady.estimate.method) == ("missed", 0.0, CONSTANT)
