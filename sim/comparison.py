"""Scenarios side by side: differences on common random numbers, never visit by visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.runs import Runs
from sim.statistics import PairedDifference, holm, paired_difference

COMPARED = (
    "wait_mean",
    "wait_within_15",
    "wait_per_resolved",
    "visits_per_resolved",
    "unserved_share",
    "overtime_per_day",
    "cost_per_day",
    "citizen_hours_per_resolved",
)


@dataclass(frozen=True)
class Difference:
    """``other`` less ``baseline`` in one metric; ``adjusted`` is the p-value among all compared with it (Holm)."""

    baseline: str
    other: str
    metric: str
    paired: PairedDifference
    adjusted: float


def compare_runs(
    runs: Mapping[str, Runs], baseline: str, confidence: float = 0.95, promised: Sequence[str] = ()
) -> list[Difference]:
    """Each scenario against ``baseline``, in all of COMPARED and the metrics that a target names (``promised``).

    The replications must have the same keys. Holm's correction is over the scenarios of one metric. ValueError
    where the numbers of replications differ.
    """
    others = [name for name in runs if name != baseline]
    found = []
    for metric in dict.fromkeys((*COMPARED, *promised)):
        key = metric, "all"
        base = runs[baseline].pair(key)
        pairs = {name: paired_difference(*runs[name].pair(key), *base, confidence) for name in others}
        adjusted = _adjusted({name: pair.p_value for name, pair in pairs.items()}, confidence)
        found += [Difference(baseline, name, metric, pairs[name], adjusted.get(name, 1.0)) for name in others]
    return found


def _adjusted(p_values: Mapping[str, float | None], confidence: float) -> dict[str, float]:
    """Holm's p-values of those that have one."""
    tested = {name: p for name, p in p_values.items() if p is not None}
    return dict(zip(tested, holm(list(tested.values()), 1 - confidence).adjusted, strict=True))
