"""Replications put together: estimates of every metric in every scope, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from sim.intervals import NOBODY, Estimate, absent
from sim.quantiles import quantile_of
from sim.runs.replications import Key, Pair, Replications
from sim.statistics import SHARE, ratio_estimate
from sim.study import Study
from sim.targets import Target, kind_of
from sim.verdicts import Verdict, judge

QUANTILES = {"wait_p50": 0.5, "wait_p90": 0.9}


@dataclass(frozen=True, eq=False)
class Summary:
    """``estimates``: (metric, scope) to its estimate, in a fixed order. ``verdicts``: one for each target."""

    estimates: dict[Key, Estimate]
    verdicts: tuple[Verdict, ...]


def summarize(study: Study, runs: Replications) -> Summary:
    """The summary of all replications of a study, given in their order."""
    days = runs.pair(("days_all_within_15", "all"))[1].sum()
    estimates = {runs.keys[n]: _estimate(runs.keys[n][0], runs.column(n), days, study.level) for n in runs.columns}
    scopes = [scope for scope in runs.cells if scope != "received"]
    estimates |= _quantiles(scopes, runs, study.level)
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


def _quantiles(scopes: Sequence[str], runs: Replications, confidence: float) -> dict[Key, Estimate]:
    pools = {scope: runs.pool(scope) for scope in scopes}
    wanted = [(scope, metric, p) for scope in scopes for metric, p in QUANTILES.items()]
    within = runs.within([(scope, pools[scope].at(p)) for scope, _, p in wanted])
    return {
        (metric, scope): quantile_of(pools[scope], p, counts, confidence)
        for (scope, metric, p), counts in zip(wanted, within, strict=True)
    }


def longest_wait(study: Study, runs: Replications, kind: str) -> tuple[str, Estimate] | None:
    """The scope of a ``kind`` (field, priority, point, hour) whose mean wait is longest, and that mean wait.

    It is chosen on the first half of the replications and estimated on the second, or the choice would make
    the estimate too long. None where there are fewer than four replications, or nothing to choose from.
    """
    half = len(runs) // 2
    scopes = sorted(scope for scope in runs.scopes if scope.startswith(f"{kind}="))
    if half < 2 or len(scopes) < 2:
        return None
    pairs = {scope: runs.pair(("wait_mean", scope)) for scope in scopes}
    means = {}
    for scope, (waited, people) in pairs.items():
        many = people[:half].sum()
        means[scope] = waited[:half].sum() / many if many else -1.0
    longest = max(scopes, key=lambda scope: means[scope])
    waited, people = pairs[longest]
    return longest, ratio_estimate(waited[half:], people[half:], study.level, (0.0, inf))


def _estimate(metric: str, pair: Pair, days: float, confidence: float) -> Estimate:
    """``days``: open days of all replications, the most clusters that a share has."""
    if kind_of(metric) == "share":
        return ratio_estimate(*pair, confidence, SHARE, max(int(min(days, pair[1].sum())), 1))
    return ratio_estimate(*pair, confidence, (0.0, inf))


def _verdict(target: Target, estimates: dict[Key, Estimate], runs: Replications, confidence: float) -> Verdict:
    key = target.metric, target.scope
    estimate = estimates.get(key)
    if estimate is None:  # of an hour in which nobody ever came
        estimate = absent(confidence, NOBODY, len(runs))
    failures = None
    if target.is_absolute:
        numerator, denominator = runs.pair(key)
        failures = int((denominator - numerator if target.at_least is not None else numerator).sum())
    return judge(target, estimate, failures)
