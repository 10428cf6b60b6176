"""Many centers side by side: what is kept of each, the whole province, and which of them fail.

A replication of the province is the same replication of all its centers: outages, storms and busy days that they
share tie them together, so that sums are taken over centers first, and intervals over replications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.coupling.measuring import ELSEWHERE, SHARED_COST, SHARED_USE
from sim.intervals import Estimate
from sim.offered_load import Binding, load_sheet
from sim.runs import Runs
from sim.runs.replications import Floats, Key
from sim.statistics import SHARE, PairedDifference, holm, paired_difference, ratio_estimate
from sim.study import Study
from sim.summary import QUANTILES, Summary, summarize
from sim.targets import Target, kind_of
from sim.verdicts import Outcome, name_failures

if TYPE_CHECKING:
    import pandas as pd

KEPT = "centers_within_target"
"""The share of centers that keep the first target, in a replication."""
LENDERS = ("lender_utilization", "lender_backlog_hours")
RATIOS = (
    "wait_mean", "wait_within_15", "wait_within_30", "unserved_share", "days_within_target", "time_in_center_mean",
    "wait_per_resolved", "visits_per_resolved", "utilization",
)  # fmt: skip
COUNTS = ("arrived", "served", "incomplete", "reneged", "balked", "turned_away", "carried_over")
A_DAY = ("overtime_per_day", "cost_per_day")
"""Sums over centers of what each has a day."""

Pair = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class Center:
    """What is kept of one center: no more than two sums a figure and replication.

    ``load``: work over staffed minutes, ``binding``: the point and the fields whose work fills their officials most,
    both of :class:`sim.offered_load.LoadSheet`. ``sums``: (metric, scope) to numerators and denominators, float64[R],
    of the center as a whole and of what targets name.
    """

    study: Study
    load: float
    binding: Binding
    figures: Summary
    sums: Mapping[Key, Pair]

    @property
    def name(self) -> str:
        """The name of its row."""
        return self.study.label

    @property
    def wait(self) -> Estimate:
        """Its mean wait, minutes."""
        return self.figures.estimates["wait_mean", "all"]


def center_of(study: Study, runs: Runs) -> Center:
    """What is kept of a center's replications. Loans are left out: they are the province's, not the center's."""
    wanted = {"all", *(target.scope for target in study.targets.items)}
    own = runs.only(lambda key: key[1] in wanted and key[0] not in LENDERS)
    sums = {key: own.pair(key) for key in own.keys}
    sheet = load_sheet(study.scenario)
    return Center(study, sheet.load, sheet.binding, summarize(study, own), sums)


@dataclass(frozen=True, eq=False)
class Province:
    """All centers that are open, by name in the order of their rows, on common random numbers.

    ``own``: of a coupled run, the figures that are of no center, see :mod:`sim.coupling.parting`.
    """

    centers: Mapping[str, Center]
    own: Mapping[str, Pair] = field(default_factory=dict)

    @cached_property
    def failing(self) -> frozenset[str]:
        """The centers that miss a target even when every center and target looked at is counted (Holm)."""
        family = [verdict for center in self.centers.values() for verdict in center.figures.verdicts]
        named = {id(verdict) for verdict in name_failures(family)}
        return frozenset(
            name for name, one in self.centers.items() if any(id(v) in named for v in one.figures.verdicts)
        )

    def verdict(self, name: str) -> Outcome:
        """A center's verdict among all: missed only if it is named as failing, met only if all targets are."""
        outcomes = {verdict.verdict for verdict in self.centers[name].figures.verdicts}
        if name in self.failing:
            return "missed"
        if outcomes <= {"n/a"}:
            return "n/a"
        return "met" if outcomes == {"met"} else "undecided"

    @property
    def worst_first(self) -> list[str]:
        """Names: missed before undecided before met, within each the longest mean wait first; ties in row order."""
        ranks = {"missed": 0, "undecided": 1, "met": 2, "n/a": 3}
        return sorted(self.centers, key=lambda name: (ranks[self.verdict(name)], -(self.centers[name].wait.value or 0)))

    @cached_property
    def sums(self) -> dict[str, Pair]:
        """Numerators and denominators of the province's figures, float64[R]."""
        found = sums_of([center.sums for center in self.centers.values()], first_target(self.study))
        if SHARED_COST in self.own:
            over, under = self.own[SHARED_COST]
            cost, ones = found["cost_per_day"]
            found["cost_per_day"] = cost + np.divide(over, under), ones
        return {**found, **self.own}

    @cached_property
    def totals(self) -> dict[str, Estimate]:
        """The province's figures with their intervals."""
        confidence = self.study.confidence
        days = max(sums["days_all_within_15", "all"][1].sum() for sums in (one.sums for one in self.centers.values()))
        return {
            metric: ratio_estimate(*pair, confidence, *_range_of(metric, pair, int(days)))
            for metric, pair in self.sums.items()
        }

    @property
    def study(self) -> Study:
        """That of the first center: seed, replications, confidence and targets are those of all."""
        return next(iter(self.centers.values())).study


def first_target(study: Study) -> Target | None:
    """The promise by which centers are counted: the first that guards no other and is no quantile."""
    return next((t for t in study.targets.items if not t.guard and t.metric not in QUANTILES), None)


def sums_of(centers: Sequence[Mapping[Key, Pair]], target: Target | None) -> dict[str, Pair]:
    """The sums of a province's figures from those of its centers, each over all centers in a replication."""
    found: dict[str, Pair] = {}
    for metric in RATIOS:
        found[metric] = _added(centers, metric, 0), _added(centers, metric, 1)
    for metric in (*COUNTS, *A_DAY):
        each = [np.divide(*sums[metric, "all"]) for sums in centers]
        found[metric] = np.sum(each, axis=0), np.ones(len(each[0]))
    if target is not None:
        found[KEPT] = _kept(centers, target)
    return found


def _added(centers: Sequence[Mapping[Key, Pair]], metric: str, part: int) -> Floats:
    return np.asarray(np.sum([sums[metric, "all"][part] for sums in centers], axis=0), np.float64)


def _kept(centers: Sequence[Mapping[Key, Pair]], target: Target) -> Pair:
    """How many centers keep a target in each replication, and how many there are in which anything was measured."""
    kept, measured = [], []
    for sums in centers:
        over, under = sums[target.metric, target.scope]
        room = target.threshold * under - over
        kept.append(((room >= 0) if target.at_most is not None else (room <= 0)) & (under > 0))
        measured.append(under > 0)
    return np.sum(kept, axis=0).astype(np.float64), np.sum(measured, axis=0).astype(np.float64)


def _range_of(metric: str, pair: Pair, days: int) -> tuple[tuple[float, float], int | None]:
    """The range of a figure and, for a share of 0 or 1, the units held to be independent: days, which centers share."""
    if metric in {KEPT, ELSEWHERE, SHARED_USE}:
        return SHARE, None
    if metric == SHARED_COST:
        return (0.0, inf), None
    if kind_of(metric) == "share":
        return SHARE, max(int(min(days, pair[1].sum())), 1)
    return (0.0, inf), None


@dataclass(frozen=True)
class Change:
    """A figure of the province under one way of running it, less that under another; ``adjusted`` by Holm."""

    other: str
    metric: str
    paired: PairedDifference
    adjusted: float | None

    @property
    def is_distinguishable(self) -> bool:
        """Whether it is told from no change, all ways of the figure counted."""
        return self.adjusted is not None and self.adjusted < 1 - self.paired.estimate.confidence


def changes(ways: Mapping[str, Mapping[str, Pair]], metrics: Sequence[str], confidence: float) -> list[Change]:
    """Each way against the first, replication by replication; Holm's correction is over the ways of one metric."""
    first, *others = ways
    found = []
    for metric in metrics:
        pairs = {name: paired_difference(*ways[name][metric], *ways[first][metric], confidence) for name in others}
        tested = {name: pair.p_value for name, pair in pairs.items() if pair.p_value is not None}
        adjusted = (
            dict(zip(tested, holm(list(tested.values()), 1 - confidence).adjusted, strict=True)) if tested else {}
        )
        found += [Change(name, metric, pair, adjusted.get(name)) for name, pair in pairs.items()]
    return found


def centers_frame(province: Province) -> pd.DataFrame:
    """As ``summary.csv`` of a run, by center and its number; ``failing``: whether the center is named, see Province."""
    from sim.frames import summary_frame

    frame = summary_frame({name: one.figures for name, one in province.centers.items()})
    frame = frame.rename(columns={"scenario": "center"})
    numbers = {name: one.study.center for name, one in province.centers.items()}
    frame.insert(1, "number", frame["center"].map(numbers))
    frame.insert(2, "load", frame["center"].map({name: one.load for name, one in province.centers.items()}))
    frame["failing"] = frame["center"].isin(province.failing)
    return frame


def totals_frame(totals: Mapping[str, Estimate]) -> pd.DataFrame:
    """One row a figure of the province."""
    import pandas as pd

    return pd.DataFrame([{"metric": metric, **asdict(estimate)} for metric, estimate in totals.items()])
