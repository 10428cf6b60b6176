"""Replications put together: estimates of every metric in every scope, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.intervals import Estimate
from sim.metrics import Metrics
from sim.quantiles import quantile_estimate
from sim.statistics import SHARE, mean_estimate, ratio_estimate
from sim.study import Study
from sim.targets import Target, kind_of
from sim.verdicts import Verdict, judge

QUANTILES = {"wait_p50": 0.5, "wait_p90": 0.9}


@dataclass(frozen=True, eq=False)
class Summary:
    """``estimates``: (metric, scope) to its estimate, in a fixed order. ``verdicts``: one for each target."""

    estimates: dict[tuple[str, str], Estimate]
    verdicts: tuple[Verdict, ...]


def summarize(study: Study, runs: Sequence[Metrics]) -> Summary:
    """The summary of all replications of a study, given in their order."""
    keys = list(dict.fromkeys(key for metrics in runs for key in metrics.sums))
    estimates = {key: _estimate(key, runs, study.confidence) for key in keys}
    scopes = list(dict.fromkeys(scope for metrics in runs for scope in metrics.waits if scope != "received"))
    for scope in scopes:
        bins = [metrics.waits.get(scope, _EMPTY) for metrics in runs]
        for metric, p in QUANTILES.items():
            estimates[metric, scope] = quantile_estimate(bins, p, study.confidence)
    ordered = dict(sorted(estimates.items(), key=lambda item: _position(item[0], scopes)))
    verdicts = tuple(_verdict(target, ordered, runs) for target in study.targets.items)
    return Summary(ordered, verdicts)


_EMPTY = (np.empty(0, np.int64), np.empty(0, np.int64))


def _position(key: tuple[str, str], scopes: list[str]) -> tuple[int, str, int, str]:
    metric, scope = key
    kind, _, name = scope.partition("=")
    return (
        scopes.index(scope) if scope in scopes else len(scopes),
        kind,
        int(name) if kind == "hour" else 0,
        metric,
    )


def longest_wait(study: Study, runs: Sequence[Metrics], kind: str) -> tuple[str, Estimate] | None:
    """The scope of a ``kind`` (field, priority, point, hour) whose mean wait is longest, and that mean wait.

    It is chosen on the first half of the replications and estimated on the second, or the choice would make
    the estimate too long. None where there are fewer than four replications, or nothing to choose from.
    """
    half = len(runs) // 2
    scopes = sorted({scope for metrics in runs for metric, scope in metrics.sums if scope.startswith(f"{kind}=")})
    if half < 2 or len(scopes) < 2:
        return None
    means = {}
    for scope in scopes:
        waited, people = sums(("wait_mean", scope), runs[:half])
        means[scope] = waited.sum() / people.sum() if people.sum() else -1.0
    longest = max(scopes, key=lambda scope: means[scope])
    return longest, _estimate(("wait_mean", longest), runs[half:], study.confidence)


def sums(key: tuple[str, str], runs: Sequence[Metrics]) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of one metric and scope, a replication each; 0/0 where it is absent."""
    pairs = np.array([metrics.sums.get(key, (0.0, 0.0)) for metrics in runs], dtype=np.float64)
    return pairs[:, 0], pairs[:, 1]


def _estimate(key: tuple[str, str], runs: Sequence[Metrics], confidence: float) -> Estimate:
    numerator, denominator = sums(key, runs)
    if kind_of(key[0]) == "share":
        days = sums(("days_all_within_15", "all"), runs)[1].sum()
        clusters = min(days, denominator.sum())
        return ratio_estimate(numerator, denominator, confidence, SHARE, max(int(clusters), 1))
    if (denominator == 1.0).all():
        return mean_estimate(numerator, confidence)
    return ratio_estimate(numerator, denominator, confidence, (0.0, inf))


def _verdict(target: Target, estimates: dict[tuple[str, str], Estimate], runs: Sequence[Metrics]) -> Verdict:
    key = target.metric, target.scope
    estimate = estimates.get(key)
    if estimate is None:
        raise KeyError(f"no metric {target.metric} in scope {target.scope}")
    failures = None
    if target.is_absolute:
        numerator, denominator = sums(key, runs)
        failures = int((denominator - numerator if target.at_least is not None else numerator).sum())
    return judge(target, estimate, failures)
