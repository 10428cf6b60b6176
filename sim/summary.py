"""Replications put together: estimates of every metric in every scope, and the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from sim.intervals import NOBODY, Estimate, absent
from sim.quantiles import quantile_of
from sim.runs import Key, Runs
from sim.statistics import SHARE, mean_estimate, ratio_estimate
from sim.study import Study
from sim.targets import Target, kind_of
from sim.verdicts import Verdict, judge

QUANTILES = {"wait_p50": 0.5, "wait_p90": 0.9}


@dataclass(frozen=True, eq=False)
class Summary:
    """``estimates``: (metric, scope) to its estimate, in a fixed order. ``verdicts``: one for each target."""

    estimates: dict[Key, Estimate]
    verdicts: tuple[Verdict, ...]


def summarize(study: Study, runs: Runs) -> Summary:
    """The summary of all replications of a study, given in their order."""
    estimates = {runs.keys[n]: _estimate(runs.keys[n], runs, study.level) for n in runs.columns}
    scopes = [scope for scope in runs.cells if scope != "received"]
    for scope in scopes:
        pool = runs.pool(scope)
        for metric, p in QUANTILES.items():
            estimates[metric, scope] = quantile_of(pool, p, study.level)
    ordered = dict(sorted(estimates.items(), key=lambda item: _position(item[0], scopes)))
    verdicts = tuple(_verdict(target, ordered, runs, study.level) for target in study.targets.items)
    return Summary(ordered, verdicts)


def _position(key: Key, scopes: list[str]) -> tuple[int, str, int, str]:
    metric, scope = key
    kind, _, name = scope.partition("=")
    return (
        scopes.index(scope) if scope in scopes else len(scopes),
        kind,
        int(name) if kind == "hour" else 0,
        metric,
    )


def longest_wait(study: Study, runs: Runs, kind: str) -> tuple[str, Estimate] | None:
    """The scope of a ``kind`` (field, priority, point, hour) whose mean wait is longest, and that mean wait.

    It is chosen on the first half of the replications and estimated on the second, or the choice would make
    the estimate too long. None where there are fewer than four replications, or nothing to choose from.
    """
    half = len(runs) // 2
    scopes = sorted(scope for scope in runs.scopes if scope.startswith(f"{kind}="))
    if half < 2 or len(scopes) < 2:
        return None
    means = {}
    for scope in scopes:
        waited, people = runs[:half].pair(("wait_mean", scope))
        means[scope] = waited.sum() / people.sum() if people.sum() else -1.0
    longest = max(scopes, key=lambda scope: means[scope])
    return longest, _estimate(("wait_mean", longest), runs[half:], study.level)


def _estimate(key: Key, runs: Runs, confidence: float) -> Estimate:
    numerator, denominator = runs.pair(key)
    if kind_of(key[0]) == "share":
        days = runs.pair(("days_all_within_15", "all"))[1].sum()
        clusters = min(days, denominator.sum())
        return ratio_estimate(numerator, denominator, confidence, SHARE, max(int(clusters), 1))
    if (denominator == 1.0).all():
        return mean_estimate(numerator, confidence)
    return ratio_estimate(numerator, denominator, confidence, (0.0, inf))


def _verdict(target: Target, estimates: dict[Key, Estimate], runs: Runs, confidence: float) -> Verdict:
    key = target.metric, target.scope
    estimate = estimates.get(key)
    if estimate is None:  # of an hour in which nobody ever came
        estimate = absent(confidence, NOBODY, len(runs))
    failures = None
    if target.is_absolute:
        numerator, denominator = runs.pair(key)
        failures = int((denominator - numerator if target.at_least is not None else numerator).sum())
    return judge(target, estimate, failures)
