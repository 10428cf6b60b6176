"""How often a scenario is said to differ from itself, where replications are added until every difference is decided.

Two runs of one scenario are compared as ``motcua run -m … precision=enough stopping.compared=yes`` compares two
policies, but on different people: every claim of a difference at the last look is false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sim.comparison import Difference
from sim.door import load
from sim.executors import default_workers
from sim.intervals import clopper_pearson
from sim.looks import Stopping
from sim.result import against_baselines
from sim.running import Block, folded, job
from sim.runs import Runs
from sim.sequential import until_enough
from sim.study import Study

CENTER = ("center=phuc_hoa", "days=7", "opening=true", "targets=decision_468")
STOPPING = Stopping(first=30, growth=1.5, most=500, compared=True)
Done = Callable[[int, str], None]


@dataclass(frozen=True)
class Alike:
    """Of ``comparisons`` of a scenario with itself those in which the figure of a target is said to differ.

    ``looks`` and ``replications`` are means; ``to_the_cap`` counts those that went to the most replications.
    """

    figure: str
    stated: float
    comparisons: int
    claimed: int
    looks: float
    replications: float
    to_the_cap: int

    @property
    def interval(self) -> tuple[float, float]:
        """The share that is claimed, in the long run: 95 %, Clopper and Pearson."""
        return clopper_pearson(self.claimed, self.comparisons, 0.95)


def alike(comparisons: int, seed: int, done: Done) -> list[Alike]:
    """A row for each figure that a target names."""
    study = load([*CENTER]).replace(stopping=STOPPING)
    metrics = [target.metric for target in study.targets.items if target.scope == "all"]
    with ThreadPoolExecutor(default_workers()) as executor:
        found = []
        for one in executor.map(partial(_compared, study), range(seed, seed + 2 * comparisons, 2)):
            found.append(one)
            done(1, "a center with itself")
    return [_row(metric, found) for metric in metrics]


@dataclass(frozen=True)
class Compared:
    """One comparison when it was stopped: the differences, the looks and the replications."""

    differences: list[Difference]
    looks: int
    replications: int


def _compared(study: Study, seed: int) -> Compared:
    """A scenario under one seed, and the same under the next."""
    jobs = [job(study.replace(seed=seed + n)) for n in (0, 1)]
    have: list[list[Runs]] = [[], []]

    def more(wanted: Mapping[int, Study]) -> dict[int, Runs]:
        for number, one in wanted.items():
            first = sum(map(len, have[number]))
            have[number].append(folded(jobs[number], Block(number, first, one.replications)))
        return {number: Runs.joined(have[number]) for number in wanted}

    found = until_enough([study, study], more)
    results = {"once": found[0], "again": found[1]}
    last = found[1].study
    return Compared(against_baselines(results), len(last.looks), last.replications)


def _row(metric: str, found: list[Compared]) -> Alike:
    own = [difference for one in found for difference in one.differences if difference.metric == metric]
    claimed = sum(one.adjusted < 1 - one.paired.estimate.confidence for one in own)
    return Alike(
        metric,
        stated=0.05,
        comparisons=len(own),
        claimed=claimed,
        looks=sum(one.looks for one in found) / len(found),
        replications=sum(one.replications for one in found) / len(found),
        to_the_cap=sum(one.replications == STOPPING.most for one in found),
    )
