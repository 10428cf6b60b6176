"""Scenarios side by side: differences on common random numbers, never visit by visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.metrics import Metrics
from sim.statistics import PairedDifference, holm, paired_difference
from sim.summary import sums

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


def compare_runs(runs: Mapping[str, Sequence[Metrics]], baseline: str, confidence: float = 0.95) -> list[Difference]:
    """Each scenario against ``baseline``, in all of COMPARED; the replications must have the same keys.

    Holm's correction is over the scenarios of one metric. ValueError where the numbers of replications differ.
    """
    others = [name for name in runs if name != baseline]
    found = []
    for metric in COMPARED:
        base = sums((metric, "all"), runs[baseline])
        pairs = {name: paired_difference(*sums((metric, "all"), runs[name]), *base, confidence) for name in others}
        tested = [name for name in others if pairs[name].p_value is not None]
        adjusted = dict(
            zip(
                tested,
                holm([pairs[name].p_value or 0.0 for name in tested], 1 - confidence).adjusted,
                strict=True,
            )
        )
        found += [Difference(baseline, name, metric, pairs[name], adjusted.get(name, 1.0)) for name in others]
    return found
