"""Verdicts: an estimate with its interval against a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from sim.intervals import Estimate, p_above, p_below
from sim.statistics import holm
from sim.targets import Target

Outcome = Literal["met", "missed", "undecided", "n/a"]

AT_THE_THRESHOLD = "at the threshold"
TOO_FEW_RUNS = "too few runs"
FAILURE_SEEN = "one failure refutes it"

# A target of 100 % without a failure is met only if failures are shown to be at most this rare.
TOLERATED_FAILURE_SHARE = 0.001


@dataclass(frozen=True)
class Verdict:
    """Whether one target is met, at the estimate's confidence, with the reason where there is one.

    ``target`` is the promise in words. ``p_value`` is one-sided, for the target being met: below
    (1 - confidence) / 2 exactly when the verdict is "missed"; None where nothing was measured.
    """

    metric: str
    scope: str
    target: str
    estimate: Estimate
    verdict: Outcome
    reason: str = ""
    guard: bool = False
    p_value: float | None = None


def judge(target: Target, estimate: Estimate, failures: int | None = None) -> Verdict:
    """*met* if the two-sided interval lies inside the target, *missed* if outside, else *undecided*.

    Undecided is "at the threshold" if the interval lies within the indifference zone, so that more
    runs would not settle what matters, and "too few runs" otherwise. An end that is None is unbounded.
    Without a value the verdict is "n/a" and the reason is the estimate's.

    A target of 100 % (or of at most 0 %) is refuted by one failure; without one it is met if the upper bound
    of the failure share is at most 0.1 %. ``failures`` counts them over all replications; unless given,
    any estimate other than exactly 1 (or 0) is a failure. Other targets do not look at it.
    """
    if estimate.value is None:
        return _verdict(target, estimate, "n/a", estimate.method, None)
    p_value = p_above(estimate, target.threshold)
    if target.at_least is not None:
        p_value = p_below(estimate, target.threshold)
    if target.is_absolute:
        return _judge_absolute(target, estimate, estimate.value, p_value, failures)
    outcome, reason = _compare(target, *_interval(estimate))
    return _verdict(target, estimate, outcome, reason, p_value)


def _compare(target: Target, lower: float, upper: float) -> tuple[Outcome, str]:
    threshold = target.threshold
    low, high = (-inf, threshold) if target.at_most is not None else (threshold, inf)
    if low <= lower and upper <= high:
        return "met", ""
    if upper < low or high < lower:
        return "missed", ""
    if threshold - target.zone <= lower and upper <= threshold + target.zone:
        return "undecided", AT_THE_THRESHOLD
    return "undecided", TOO_FEW_RUNS


def _judge_absolute(target: Target, estimate: Estimate, value: float, p_value: float, failures: int | None) -> Verdict:
    failed = value != target.threshold if failures is None else failures > 0
    if failed:
        return _verdict(target, estimate, "missed", FAILURE_SEEN, 0.0)
    lower, upper = _interval(estimate)
    failure_bound = 1 - lower if target.at_least is not None else upper
    # 1 - 0.999 is a little more than 0.001 in floating point.
    if failure_bound <= TOLERATED_FAILURE_SHARE + 1e-12:
        return _verdict(target, estimate, "met", "", p_value)
    return _verdict(target, estimate, "undecided", TOO_FEW_RUNS, p_value)


def _interval(estimate: Estimate) -> tuple[float, float]:
    lower = -inf if estimate.lower is None else estimate.lower
    upper = inf if estimate.upper is None else estimate.upper
    return lower, upper


def _verdict(target: Target, estimate: Estimate, outcome: Outcome, reason: str, p_value: float | None) -> Verdict:
    return Verdict(
        metric=target.metric,
        scope=target.scope,
        target=target.text,
        estimate=estimate,
        verdict=outcome,
        reason=reason,
        guard=target.guard,
        p_value=p_value,
    )


def judge_all(verdicts: Sequence[Verdict]) -> Outcome:
    """*met* if all are met, *missed* if any is missed, *n/a* if there is none to judge, else *undecided*.

    "All met" needs no correction for the number of targets: claiming it wrongly takes at least one target
    that is not met, and that one's interval bounds the error (an intersection-union test; Berger 1982).
    "Missed" says that some target is missed; which one is for ``name_failures``.
    """
    outcomes = {verdict.verdict for verdict in verdicts}
    if outcomes <= {"n/a"}:
        return "n/a"
    if "missed" in outcomes:
        return "missed"
    return "met" if outcomes == {"met"} else "undecided"


def name_failures(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that fail even when every target, hour, point or center judged beside them is counted.

    Holm's procedure on the one-sided p-values, with a familywise error of (1 - confidence) / 2, the error of
    one verdict: a single target is named exactly when it is missed, and of several only missed ones are.
    Give it the whole family that was looked at; those with nothing to measure are no part of it. Raises
    ValueError if the verdicts have different confidences.
    """
    family = [(verdict, verdict.p_value) for verdict in verdicts if verdict.p_value is not None]
    if not family:
        return ()
    confidences = {verdict.estimate.confidence for verdict, _ in family}
    if len(confidences) > 1:
        raise ValueError(f"wanted one confidence for the family, given {sorted(confidences)}")
    tested = holm([p for _, p in family], (1 - confidences.pop()) / 2)
    return tuple(
        verdict
        for (verdict, _), rejected in zip(family, tested.rejected, strict=True)
        if rejected and verdict.verdict == "missed"
    )
