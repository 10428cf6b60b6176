"""The engines against exact answers of queueing theory; ``python -m tests.test_textbook`` prints the table.

The long run is by the reference engine, the short one by the compiled engine, of which one replication of each case is
compared with the reference engine's to the bit. Each case of :mod:`experiments.validate.queues` is run through plan,
engine and metrics. A row compares one figure: z = (estimate - exact) / standard error, the estimate a ratio of sums
over R independent replications and its error from their residuals, so z has a Student t law with R - 1 degrees of
freedom. A row fails beyond the two-sided quantile at FAMILY / number of rows (Bonferroni): a correct simulator fails
the whole table with probability at most FAMILY, and the seed is fixed. There is no other tolerance.

Power: a row finds, with probability 0.9, a bias of ``detectable`` = (critical value + 0.9 quantile) standard
errors, printed as ``found``. In the short run this is 7 to 35 % of a mean wait, 3 to 20 % of a share within t, 5 to
13 % of a share lost, 1 to 4 % of a utilization; in the long run, with forty times the data, 1 to 5 %, 0.3 to 3 %, 0.8
to 2 % and 0.1 to 0.5 %. ``SHORT`` and ``LONG`` bound it and are checked, so that no row can grow blunt unnoticed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pytest
from loky import get_reusable_executor
from numpy.typing import NDArray
from scipy.stats import t as student

from experiments.validate.exact import Figure, delay_system, finite_room, impatient, one_day, one_server, two_classes
from experiments.validate.queues import CASES, Case, job_of
from sim.executors import default_workers
from sim.metrics import measure_all
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.planning import replicate
from sim.running import Block, Job, folded
from sim.runs import Runs

Numbers = NDArray[np.float64]

FAMILY = 0.01
POWER = 0.9


@dataclass(frozen=True)
class Row:
    """One comparison; ``detectable`` is the bias that is found with probability POWER."""

    case: str
    figure: Figure
    estimate: float
    error: float
    critical: float
    detectable: float

    @property
    def z(self) -> float:
        return (self.estimate - self.figure.exact) / self.error

    @property
    def ok(self) -> bool:
        return abs(self.z) <= self.critical

    @property
    def relative(self) -> float:
        """The detectable bias as a share of the exact figure."""
        return self.detectable / self.figure.exact


# Scale of a run: replications, and measured days as a multiple of the case's


@dataclass(frozen=True)
class Scale:
    replications: int
    times: int
    engine: Literal["compiled", "reference"]


QUICK = Scale(replications=20, times=1, engine="compiled")
THOROUGH = Scale(replications=40, times=20, engine="reference")
# The largest relative bias that may be missed with more than probability 0.1, by kind of figure.
SHORT = {"wait_mean": 0.35, "queue_mean": 0.35, "wait_within": 0.20, "share": 0.13, "other": 0.21}
LONG = {"wait_mean": 0.05, "queue_mean": 0.05, "wait_within": 0.03, "share": 0.02, "other": 0.03}


def kind(metric: str) -> str:
    if metric.startswith("wait_within"):
        return "wait_within"
    if metric in {"wait_mean", "queue_mean"}:
        return metric
    return "share" if metric.endswith("_share") else "other"


def own_job(case: Case, days: int) -> Job:
    """The job of a case under a seed of its own, so that the cases are independent."""
    return job_of(case, days, 2026 + [one.name for one in CASES].index(case.name))


def simulated(case: Case, days: int, replications: range) -> Runs:
    """The metrics of some replications, by the reference engine."""
    own = own_job(case, days)
    return measure_all((run(replicate(own.plan, own.study.seed, n)) for n in replications), own.by)


def all_runs(scale: Scale) -> list[Runs]:
    """The metrics of each case, a replication each."""
    if scale.engine == "compiled":
        jobs_of = [own_job(case, case.days * scale.times) for case in CASES]
        return [folded(own, Block(0, 0, scale.replications)) for own in jobs_of]
    executor = get_reusable_executor(max_workers=default_workers())
    jobs = [
        [executor.submit(simulated, case, case.days * scale.times, range(n, n + 1)) for n in range(scale.replications)]
        for case in CASES
    ]
    return [Runs.joined([job.result() for job in row]) for row in jobs]


def compared(figure: Figure, runs: Runs) -> tuple[float, float]:
    """A metric and its standard error."""
    return ratio_of(*runs.pair((figure.metric, figure.scope)))


def ratio_of(numerator: Numbers, denominator: Numbers) -> tuple[float, float]:
    """The ratio of sums over replications and its standard error, from linearized residuals."""
    ratio = float(numerator.sum() / denominator.sum())
    residuals = (numerator - ratio * denominator) / denominator.mean()
    return ratio, float(residuals.std(ddof=1) / math.sqrt(len(residuals)))


@cache
def table(scale: Scale = QUICK) -> tuple[Row, ...]:
    """All comparisons."""
    found = []
    for case, runs in zip(CASES, all_runs(scale), strict=True):
        found += [(case.name, figure, *compared(figure, runs)) for figure in case.figures(case.days * scale.times)]
    freedom = scale.replications - 1
    critical = float(student.ppf(1 - FAMILY / len(found) / 2, freedom))
    reach = critical + float(student.ppf(POWER, freedom))
    return tuple(Row(*row, critical, reach * row[-1]) for row in found)


def printed(rows: Sequence[Row]) -> str:
    """The table, a line a row."""
    head = f"{'queue':20} {'figure':20} {'scope':16} {'exact':>10} {'estimate':>10} {'error':>9} {'z':>6} {'found':>7}"
    lines = [
        f"{row.case:20} {row.figure.metric:20} {row.figure.scope:16} {row.figure.exact:10.5g} {row.estimate:10.5g} "
        f"{row.error:9.3g} {row.z:6.2f} {row.relative:7.2%}{'' if row.ok else '  FAILED'}"
        for row in rows
    ]
    foot = (
        f"{len(rows)} rows, |z| at most {rows[0].critical:.2f} (together {FAMILY:.0%}); "
        f"found: relative bias found with probability {POWER:.0%}; "
        f"sum of z² / rows {np.mean([row.z**2 for row in rows]):.2f}"
    )
    return "\n".join([head, *lines, foot])


def check(rows: Sequence[Row], reach: dict[str, float]) -> None:
    assert all(row.ok for row in rows), printed([row for row in rows if not row.ok])
    blunt = [row for row in rows if row.relative > reach[kind(row.figure.metric)]]
    assert not blunt, printed(blunt)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_engines_give_one_trace(case: Case) -> None:
    own = own_job(case, case.days)
    plan = replicate(own.plan, own.study.seed, 0)
    assert run(plan) == compiled(plan)


def test_the_simulator_agrees_with_theory() -> None:
    check(table(QUICK), SHORT)


@pytest.mark.slow
def test_the_simulator_agrees_with_theory_on_much_data() -> None:
    rows = table(THOROUGH)
    sys.stdout.write("\n" + printed(rows) + "\n")
    check(rows, LONG)


def test_a_wrong_simulator_would_be_found() -> None:
    """The same estimates against queues that are off by a little: each must be refused."""
    rows = {(row.case, row.figure.metric, row.figure.scope): row for row in table(QUICK)}

    def refused(case: str, wrong: Figure) -> bool:
        row = rows[case, wrong.metric, wrong.scope]
        return abs(row.estimate - wrong.exact) > row.critical * row.error

    # service 5 % longer
    assert refused("M/M/3", next(f for f in delay_system(3, 72, 2.1, ())(3) if f.metric == "utilization"))
    assert refused("a day M(t)/M/5", next(f for f in one_day(6.3, 5)(12) if f.metric == "time_in_center_mean"))
    # two seats more, patience 30 % longer, no class called first
    assert refused("M/M/2/7", next(f for f in finite_room(60, 2, 2, 7) if f.metric == "balked_share"))
    assert refused("M/M/3+M", next(f for f in impatient(96, 2.5, 3, 6.5) if f.metric == "wait_mean"))
    assert refused("M/M/2 two classes", Figure("wait_mean", two_classes(48, 0.3, 2, 2)[2].exact, "priority=elderly"))
    # exponential instead of constant service
    assert refused("M/D/1", one_server(21, 2, 1)[0])


if __name__ == "__main__":
    sys.stdout.write(printed(table(THOROUGH if "--long" in sys.argv else QUICK)) + "\n")
