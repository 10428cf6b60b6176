"""Which of the ways of running a center is the answer: the cheapest that is shown to keep every target."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isnan

from sim.assumptions.ends import slack
from sim.report.wording import headline
from sim.result import Result, alike, baseline_of

COST = "cost_per_day"


def cheapest_met(group: Mapping[str, Result]) -> str | None:
    """The label of the cheapest that meets every target, of equals the baseline; None where none does."""
    baseline = baseline_of(group)
    met = {label: _value(result, COST) for label, result in group.items() if result.verdict == "met"}
    return min(met, key=lambda label: (met[label], label != baseline), default=None)


def nearest(group: Mapping[str, Result]) -> str:
    """The same, or else the one whose worst target is nearest to being met, of those that are undecided if any is."""
    if (best := cheapest_met(group)) is not None:
        return best
    undecided = {label: one for label, one in group.items() if one.verdict == "undecided"} or group
    return min(undecided, key=lambda label: _misses_by(undecided[label]))


def _misses_by(result: Result) -> float:
    """How far the worst target is from being met, in units of its indifference zone."""
    both = zip(result.study.targets.items, result.verdicts, strict=True)
    by = [slack(target, verdict)[0] for target, verdict in both]
    return max((one for one in by if not isnan(one)), default=inf)


def nearest_of_each(results: Mapping[str, Result]) -> list[str]:
    """The same of all groups that are asked the same."""
    return [nearest(group) for group in asked_together(results)]


def asked_together(results: Mapping[str, Result]) -> list[dict[str, Result]]:
    """Results in groups that differ in their policies only, and promise the same."""
    found: list[dict[str, Result]] = []
    for group in alike(results):
        promises: dict[str, dict[str, Result]] = {}
        for label, result in group.items():
            promises.setdefault(result.study.targets.model_dump_json(), {})[label] = result
        found += promises.values()
    return found


def efficient(group: Mapping[str, Result]) -> frozenset[str]:
    """The labels of those than which none costs less, or as much, and has a better figure of the first target."""
    metric = headline(result.study for result in group.values())
    at = {label: (_value(one, COST), _far(one, metric)) for label, one in group.items()}
    known = {label: place for label, place in at.items() if inf not in place}
    return frozenset(
        label
        for label, (x, y) in known.items()
        if not any(a <= x and b <= y and (a, b) != (x, y) for a, b in known.values())
    )


def _value(result: Result, metric: str) -> float:
    value = result.figures.estimates[metric, "all"].value
    return inf if value is None else value


def _far(result: Result, metric: str) -> float:
    """The figure, so that less is better."""
    value = _value(result, metric)
    promises = [t for t in result.study.targets.items if (t.metric, t.scope) == (metric, "all")]
    return -value if value < inf and any(t.at_least is not None for t in promises) else value
