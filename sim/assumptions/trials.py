"""Studies tried at some of their replications, of which only the sums are kept that their targets are judged by.

All trials of a study have its seed, so that replication n of one meets the same citizens as replication n of another:
differences are those of common random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.demand import day_table, expected_visits
from sim.dispatch import simulate_blocks
from sim.engines import chosen
from sim.executors import Workers, default_workers
from sim.faults import BadInput, Fault
from sim.intervals import Estimate, Floats
from sim.running import DAYS, Block
from sim.runs import Bins, Runs
from sim.runs.replications import Key, Replications
from sim.statistics import PairedDifference, paired_difference
from sim.study import Study
from sim.summary import QUANTILES, summarize
from sim.verdicts import Outcome, Verdict, judge_all

_DAYS_OPEN = "days_all_within_15", "all"


@dataclass(frozen=True)
class Trial:
    """A study at its replications ``first`` to before ``last``."""

    study: Study
    first: int
    last: int


Try = Callable[[Sequence[Trial]], list[Runs]]
"""What tries several at once and gives the sums of each."""


@dataclass(frozen=True, eq=False)
class Point:
    """A study with its sums: the figures of its targets, and what is to be said of them."""

    study: Study
    runs: Runs

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One a target."""
        return summarize(self.study, self.runs).verdicts

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met."""
        return judge_all(self.verdicts)

    @property
    def estimate(self) -> Estimate:
        """The figure of the first target."""
        return self.verdicts[0].estimate

    @property
    def pair(self) -> tuple[Floats, Floats]:
        """Numerators and denominators of that figure."""
        return self.runs.pair(first_figure(self.study))

    @property
    def value(self) -> float:
        """That figure; not a number where there was nothing to measure."""
        over, under = self.pair
        return float(over.sum() / under.sum()) if under.sum() else float("nan")

    def against(self, base: Point) -> PairedDifference:
        """Its change against another, paired; over the replications that this one has."""
        over, under = (sums[: len(self.runs)] for sums in base.pair)
        return paired_difference(*self.pair, over, under, self.study.confidence)


def first_figure(study: Study) -> Key:
    """The figure that is looked at."""
    return study.targets.items[0].metric, study.targets.items[0].scope


def unfit_targets(study: Study) -> list[Fault]:
    """Why a study cannot be looked at: it promises nothing, or a quantile, which is no ratio of sums."""
    if not study.targets.items:
        return [Fault("targets", study.targets.name, "wanted a target: there is no verdict that could change")]
    wanted = "wanted means and shares, such as wait_within_15: a quantile cannot be paired by replications"
    return [
        Fault(f"targets.items.{nth}.metric", target.metric, wanted)
        for nth, target in enumerate(study.targets.items)
        if target.metric in QUANTILES
    ]


def slim(study: Study, runs: Replications) -> Runs:
    """The sums alone that the targets of a study are judged by."""
    wanted = {_DAYS_OPEN} | {key for t in study.targets.items for key in ((t.metric, t.scope), ("arrived", t.scope))}
    columns = [n for n, key in enumerate(runs.keys) if key in wanted]
    over, under = (np.stack([runs.column(n)[part] for n in columns], axis=1) for part in (0, 1))
    nobody = np.zeros(0, np.int32)
    return Runs(tuple(runs.keys[n] for n in columns), over, under, {}, Bins(nobody, nobody, nobody, nobody), {})


def tried(trials: Sequence[Trial], workers: Workers | None, done: Callable[[int, Runs], None]) -> None:
    """Runs trials and hands over the sums of each, by its number, when it is finished.

    BadInput where one cannot be run.
    """
    blocks = [block for number, trial in enumerate(trials) for block in _blocks(number, trial)]
    parts: dict[int, list[tuple[int, Runs]]] = {}

    def finished(block: Block, runs: Runs) -> None:
        own, trial = parts.setdefault(block.study, []), trials[block.study]
        own.append((block.first, slim(trial.study, runs)))
        if sum(len(part) for _, part in own) == trial.last - trial.first:
            done(block.study, Runs.joined([part for _, part in sorted(parts.pop(block.study), key=lambda one: one[0])]))

    def failed(number: int, reason: str) -> None:
        raise BadInput([Fault(trials[number].study.label, "", f"could not be run: {reason}")])

    studies = _on_one_engine(trials)
    simulate_blocks(studies, blocks, finished, failed, workers or default_workers())


def _on_one_engine(trials: Sequence[Trial]) -> list[Study]:
    """The studies; "auto" goes by the visits of all trials together, taken to be as many in each as in the first."""
    if not trials or trials[0].study.engine != "auto":
        return [trial.study for trial in trials]
    demand = day_table(trials[0].study.scenario).demand
    visits = expected_visits(demand) * sum(trial.last - trial.first for trial in trials)
    return [trial.study.model_copy(update={"engine": chosen("auto", visits)}) for trial in trials]


def in_memory(workers: Workers | None = None) -> Try:
    """Tries that are kept nowhere."""

    def tries(trials: Sequence[Trial]) -> list[Runs]:
        found: dict[int, Runs] = {}
        tried(trials, workers, found.__setitem__)
        return [found[number] for number in range(len(trials))]

    return tries


def _blocks(number: int, trial: Trial) -> list[Block]:
    size = max(DAYS // trial.study.base.days // 2, 1)
    return [Block(number, at, min(at + size, trial.last)) for at in range(trial.first, trial.last, size)]
