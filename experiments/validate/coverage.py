"""How often intervals hold the true value: many studies of a few models, each judged as ``motcua run`` would.

The truth is that of theory where there is one, else the figure of all studies together. Its error is 1 / sqrt(studies)
of that of one study, which moves a coverage of 95 % by less than 0.02 % where there are 1,000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import nan

import numpy as np
from numpy.typing import NDArray

from experiments.validate.queues import CASES, job_of
from sim.door import load
from sim.executors import default_workers
from sim.intervals import Estimate, clopper_pearson
from sim.quantiles import SECONDS_A_MINUTE, pooled
from sim.running import Block, Job, folded, job
from sim.runs import Runs
from sim.runs.replications import Key
from sim.summary import QUANTILES, longest_wait, summarize

REPLICATIONS = 30
DAY, DAYS = "a day M(t)/M/5", 5
CENTERS = {"Gò Vấp": "go_vap", "Cam Đường": "cam_duong"}
MODELS = (DAY, *CENTERS)
WORST = "worst hour"
ROUNDING = 1e-9
"""By which a figure that is the same in all replications may be off, relatively: sums in another order."""
FIGURES = (
    *("wait_mean", "wait_p50", "wait_p90", "wait_within_15", "queue_mean", "queue_max", "time_in_center_mean"),
    *("arrived", "unserved_share", "wait_per_resolved", "visits_per_resolved", "days_within_target"),
    *("days_all_within_15", "utilization", "overtime_per_day", "cost_per_day"),
)
Integers = NDArray[np.int64]
Done = Callable[[int, str], None]
Found = dict[str, tuple[str, Estimate]]
"""By figure the scope it was found in, and its estimate."""


@dataclass(frozen=True)
class Covered:
    """A figure of a model: in how many ``studies`` its interval lay ``below`` or ``above`` the truth, or was not there.

    ``method`` gave most of the intervals; ``half_width`` is their mean. ``exact``: the truth is that of theory.
    """

    model: str
    figure: str
    method: str
    truth: float
    exact: bool
    studies: int
    below: int
    above: int
    without: int
    half_width: float

    @property
    def share(self) -> float:
        """The share of the intervals that held it; nan where there was none."""
        number = self.studies - self.without
        return 1 - (self.below + self.above) / number if number else nan

    @property
    def is_low(self) -> bool:
        """Whether fewer than 95 % is more than chance (one-sided, 2.5 %)."""
        number = self.studies - self.without
        return number > 0 and clopper_pearson(number - self.below - self.above, number, 0.95)[1] < 0.95


def covered(studies: int, seed: int, done: Done) -> list[Covered]:
    """The figures of all models; ``done`` is called with the studies and the model, a few at a time."""
    case = next(case for case in CASES if case.name == DAY)
    exact = {figure.metric: figure.exact for figure in case.figures(DAYS)}
    jobs = {DAY: (job_of(case, DAYS, seed), exact)}
    for nth, (name, center) in enumerate(CENTERS.items(), 1):
        jobs[name] = job(load([f"center={center}", "days=10", f"seed={seed + nth}"])), {}
    return [row for name, (own, known) in jobs.items() for row in _of_model(name, own, known, studies, done)]


def _of_model(name: str, own: Job, exact: dict[str, float], studies: int, done: Done) -> Iterator[Covered]:
    found, sums, waits = [], Sums(), np.zeros(0, np.int64)
    with ThreadPoolExecutor(default_workers()) as executor:
        for runs in executor.map(partial(_study, own), range(studies)):
            found.append(_found(own, runs))
            sums.add(runs)
            waits = _with_waits(waits, runs)
            done(1, name)
    known = {**_quantiles(waits), **sums.ratios(), **{(metric, "all"): value for metric, value in exact.items()}}
    for figure in (*FIGURES, WORST):
        each = [one[figure] for one in found if figure in one]
        if each:
            yield _covered(name, figure, each, known, figure in exact)


def _study(own: Job, nth: int) -> Runs:
    """The replications of one study: no two have one in common."""
    runs = folded(own, Block(0, nth * REPLICATIONS, (nth + 1) * REPLICATIONS))
    return runs.only(lambda key: key[1] == "all" or key[0] in {"wait_mean", "arrived"})


def _found(own: Job, runs: Runs) -> Found:
    """The estimates of a study, the longest wait of an hour last."""
    estimates = summarize(own.study, runs.only(lambda key: key[1] == "all")).estimates
    found = {figure: ("all", estimates[figure, "all"]) for figure in FIGURES if (figure, "all") in estimates}
    worst = longest_wait(own.study, runs, "hour")
    return found if worst is None else {**found, WORST: worst}


class Sums:
    """Numerators and denominators of all studies together."""

    def __init__(self) -> None:
        self.keys: tuple[Key, ...] = ()
        self.over = self.under = np.zeros(0)

    def add(self, runs: Runs) -> None:
        """Those of one more study."""
        over, under = runs.numerators.sum(axis=0), runs.denominators.sum(axis=0)
        self.keys, self.over, self.under = (
            (runs.keys, self.over + over, self.under + under) if self.keys else (runs.keys, over, under)
        )

    def ratios(self) -> dict[Key, float]:
        """The figure of all, where there was somebody to measure."""
        rows = zip(self.keys, self.over.tolist(), self.under.tolist(), strict=True)
        return {key: over / under for key, over, under in rows if under > 0}


def _with_waits(counts: Integers, runs: Runs) -> Integers:
    """The visits by second of their wait, with those of one more study."""
    pool = runs.pool("all")
    more = np.bincount(pool.seconds, weights=pool.counts).astype(np.int64)
    found = np.zeros(max(len(counts), len(more)), np.int64)
    found[: len(counts)] += counts
    found[: len(more)] += more
    return found


def _quantiles(counts: Integers) -> dict[Key, float]:
    seconds = np.flatnonzero(counts)
    pool = pooled([(seconds, counts[seconds])])
    return {(name, "all"): pool.at(p) / SECONDS_A_MINUTE for name, p in QUANTILES.items()}


def _covered(
    model: str, figure: str, each: Sequence[tuple[str, Estimate]], known: dict[Key, float], exact: bool
) -> Covered:
    metric = "wait_mean" if figure == WORST else figure
    ends = [
        (one.lower - known[metric, scope], one.upper - known[metric, scope])
        for scope, one in each
        if one.lower is not None and one.upper is not None
    ]
    slack = ROUNDING * max(abs(known[metric, scope]) for scope, _ in each)
    usual, method = (
        Counter(names).most_common(1)[0][0] for names in zip(*((s, e.method) for s, e in each), strict=True)
    )
    return Covered(
        model,
        figure,
        method,
        known[metric, usual],
        exact,
        studies=len(each),
        below=sum(upper < -slack for _, upper in ends),
        above=sum(lower > slack for lower, _ in ends),
        without=len(each) - len(ends),
        half_width=float(np.mean([upper - lower for lower, upper in ends])) / 2 if ends else nan,
    )
