"""Scenarios side by side: differences on common random numbers, never visit by visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.runs.replications import Floats, Replications
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
    runs: Mapping[str, Replications], baseline: str, level: Callable[[str, int], float], promised: Sequence[str] = ()
) -> list[Difference]:
    """Each scenario against ``baseline``, in all of COMPARED and the metrics that a target names (``promised``).

    The replications must have the same keys; where one has more of them than the other, those are left out. ``level``:
    that of intervals on so many replications of a scenario. Holm's correction is over the scenarios of one metric.
    """
    paired = {name: min(len(own), len(runs[baseline])) for name, own in runs.items() if name != baseline}
    found = []
    for metric in dict.fromkeys((*COMPARED, *promised)):
        pairs = {
            name: paired_difference(
                *_first(runs[name].pair((metric, "all")), number),
                *_first(runs[baseline].pair((metric, "all")), number),
                level(name, number),
            )
            for name, number in paired.items()
        }
        adjusted = _adjusted({name: pair.p_value for name, pair in pairs.items()})
        found += [Difference(baseline, name, metric, pairs[name], adjusted.get(name, 1.0)) for name in pairs]
    return found


def _first(pair: tuple[Floats, Floats], number: int) -> tuple[Floats, Floats]:
    """Numerators and denominators of the first replications."""
    return pair[0][:number], pair[1][:number]


def _adjusted(p_values: Mapping[str, float | None]) -> dict[str, float]:
    """Holm's p-values of those that have one; they do not depend on any level."""
    tested = {name: p for name, p in p_values.items() if p is not None}
    return dict(zip(tested, holm(list(tested.values()), 0.5).adjusted, strict=True))
