"""The simulator against exact answers of queueing theory; ``python -m tests.test_textbook`` prints the table.

Each case is a scenario in the keys of ``center=textbook``, run through plan, engine and metrics. A row compares
one figure: z = (estimate - exact) / standard error, the estimate a ratio of sums over R independent
replications and its error from their residuals, so z has a Student t law with R - 1 degrees of freedom. A row
fails beyond the two-sided quantile at FAMILY / number of rows (Bonferroni): a correct simulator fails the whole
table with probability at most FAMILY, and the seed is fixed. There is no other tolerance.

Power: a row finds, with probability 0.9, a bias of ``detectable`` = (critical value + 0.9 quantile) standard
errors, printed as ``found``. In the short run this is 7 to 35 % of a mean wait, 3 to 20 % of a share within t, 5 to
13 % of a share lost, 1 to 4 % of a utilization; in the long run, with forty times the data, 1 to 5 %, 0.3 to 3 %, 0.8
to 2 % and 0.1 to 0.5 %. ``SHORT`` and ``LONG`` bound it and are checked, so that no row can grow blunt unnoticed.

What is exact only nearly is far below one standard error of the long run (0.1 % of a mean wait):
* the quantile tables make a mean at most 1e-5 too large, and milliseconds round 2 minutes by 4e-6;
* a day or more of warm-up is over ten relaxation times 1 / (c mu (1 - sqrt(rho))^2), so the start is forgotten to
  e^-10; the day begins empty, and over six hours after the last arrival nobody is left at midnight;
* who still waits at the horizon counts with the wait so far: relatively (mean residual wait) / (length of a run),
  1e-3 of a mean wait in the short run (a tenth of its standard error at most), 5e-5 in the long one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from loky import get_reusable_executor
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.door import load
from sim.metrics import measure_all
from sim.models.center import run
from sim.planning import flatten, replicate
from sim.running import default_workers
from sim.runs import Runs
from sim.theory import day_number, day_queue, erlang_a, mg1, mm1_breakdowns, mmc, mmc_priority, mmck, two_skills
from sim.yardstick import yardstick

Numbers = NDArray[np.float64]

FAMILY = 0.01
POWER = 0.9
MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Figure:
    """What theory says of one metric in one scope."""

    metric: str
    exact: float
    scope: str = "all"


@dataclass(frozen=True)
class Case:
    """A queue: its textbook keys, the days that are measured after ``warmup`` days, and its exact figures.

    ``rates``: steps of ``arrivals.rate_per_hour``, whose times the command line's grammar cannot write.
    """

    name: str
    overrides: tuple[str, ...]
    days: int
    warmup: int
    figures: Callable[[int], list[Figure]]
    rates: dict[str, float] | None = None


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
    workers: int


QUICK = Scale(replications=20, times=1, workers=1)
THOROUGH = Scale(replications=40, times=20, workers=default_workers())
# The largest relative bias that may be missed with more than probability 0.1, by kind of figure.
SHORT = {"wait_mean": 0.35, "queue_mean": 0.35, "wait_within": 0.20, "share": 0.13, "other": 0.21}
LONG = {"wait_mean": 0.05, "queue_mean": 0.05, "wait_within": 0.03, "share": 0.02, "other": 0.03}


def kind(metric: str) -> str:
    if metric.startswith("wait_within"):
        return "wait_within"
    if metric in {"wait_mean", "queue_mean"}:
        return metric
    return "share" if metric.endswith("_share") else "other"


# The queues


def exponential(mean: float) -> str:
    return f"{{kind: exponential, mean: {mean}}}"


def delay_system(servers: int, per_hour: float, mean: float, within: Sequence[int]) -> Callable[[int], list[Figure]]:
    """M/M/c."""
    exact = mmc(per_hour / 60, mean, servers)

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * 24 * days),
            Figure("wait_mean", exact.mean_wait),
            *(Figure(f"wait_within_{t}", exact.wait_within(t)) for t in within),
            Figure("queue_mean", exact.queue_mean),
            Figure("utilization", exact.utilization),
            Figure("time_in_center_mean", exact.mean_wait + mean),
        ]

    return figures


def one_server(per_hour: float, mean: float, cv: float) -> list[Figure]:
    """M/G/1."""
    exact = mg1(per_hour / 60, mean, cv)
    return [
        Figure("wait_mean", exact.mean_wait),
        Figure("wait_within_0", exact.p_no_wait),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def crommelin(rate: float, service: float, t: float) -> float:
    """P(wait <= t) in M/D/1 (Erlang 1909; Crommelin 1932); exact, and stable for t of a few services."""
    ahead = (rate * (k * service - t) for k in range(math.floor(t / service) + 1))
    return (1 - rate * service) * math.fsum(x**k / math.factorial(k) * math.exp(-x) for k, x in enumerate(ahead))


def impatient(per_hour: float, mean: float, servers: int, patience: float) -> list[Figure]:
    """M/M/c+M."""
    exact = erlang_a(per_hour / 60, mean, servers, patience)
    return [
        Figure("wait_mean", exact.mean_wait),
        *(Figure(f"wait_within_{t}", exact.served_within(t)) for t in (0, 1, 3)),
        Figure("reneged_share", exact.p_abandon),
        Figure("unserved_share", exact.p_abandon),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def finite_room(per_hour: float, mean: float, servers: int, seats: int) -> list[Figure]:
    """M/M/c/K."""
    exact = mmck(per_hour / 60, mean, servers, servers + seats)
    return [
        Figure("wait_mean", exact.mean_wait),
        Figure("wait_within_0", (1 - exact.p_block) * (1 - exact.p_wait)),
        Figure("balked_share", exact.p_block),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def two_classes(per_hour: float, first: float, mean: float, servers: int) -> list[Figure]:
    """M/M/c, ``first`` of the arrivals called before the others."""
    exact = mmc_priority((per_hour / 60 * first, per_hour / 60 * (1 - first)), mean, servers)
    return [
        Figure("wait_mean", exact.mean_waits[0], "priority=elderly"),
        Figure("wait_mean", exact.mean_waits[1], "priority=ordinary"),
        Figure("wait_mean", exact.mean_wait),
        Figure("queue_mean", sum(exact.queue_means)),
    ]


def n_model(per_hour: float, land: float, means: tuple[float, float]) -> list[Figure]:
    """One official for the field request only, one for both; ``land`` of the arrivals need the second."""
    rate = per_hour / 60
    exact = two_skills((rate * (1 - land), rate * land), means, (1, 0), 1)
    return [
        Figure("wait_mean", exact.mean_waits[0], "field=request"),
        Figure("wait_mean", exact.mean_waits[1], "field=land"),
        Figure("wait_within_0", 1 - exact.p_waits[0], "field=request"),
        Figure("wait_within_0", 1 - exact.p_waits[1], "field=land"),
        Figure("queue_mean", sum(exact.queue_means)),
    ]


def breakdowns(per_hour: float, mean: float, up: float, down: float) -> Callable[[int], list[Figure]]:
    """M/M/1 that breaks down at any time; who sits at the counter in an outage is being received."""
    exact = mm1_breakdowns(per_hour / 60, mean, up, down)

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * 24 * days),
            Figure("wait_mean", exact.wait_mean),
            Figure("queue_mean", exact.queue_mean),
            Figure("time_in_center_mean", exact.time_mean),
        ]

    return figures


def tandem(per_hour: float, guidance: float, mean: float, counters: int) -> list[Figure]:
    """M/M/1 of a guide, then M/M/c (R. R. P. Jackson 1954): the wait is that of both queues."""
    desk, hall = mmc(per_hour / 60, guidance, 1), mmc(per_hour / 60, mean, counters)
    return [
        Figure("wait_mean", desk.mean_wait + hall.mean_wait),
        Figure("queue_mean", desk.queue_mean + hall.queue_mean),
        Figure("time_in_center_mean", desk.mean_wait + guidance + hall.mean_wait + mean),
    ]


def several_dossiers(per_hour: float, dossiers: float, mean: float) -> list[Figure]:
    """M/G/1 whose work is that of 1 + Poisson(dossiers - 1) exponential dossiers."""
    return one_server(per_hour, dossiers * mean, math.sqrt(2 * dossiers - 1) / dossiers)


def signed(per_hour: float, signature: float, handed: float) -> list[Figure]:
    """A leader as M/M/1 behind counters enough for all: what leaves M/M/infinity is Poisson (Mirasol 1963)."""
    exact = mmc(per_hour / 60, signature, 1)
    return [
        Figure("result_wait_mean", exact.mean_wait + signature + handed),
        Figure("time_in_center_mean", 5 + exact.mean_wait + signature + handed),
    ]


OPEN, CLOSE, OUT = 480, 1020, (600, 690)


def working_day(per_hour: float, mean: float, counters: int, down: bool) -> Callable[[int], list[Figure]]:
    """M/M/c from the opening to the closing, all work at a standstill in an outage; who is inside is served out.

    At the closing everybody inside, waiting or half served, still wants ``mean`` of work: the overtime.
    """
    edges = [OPEN, *OUT, CLOSE]
    exact = day_number([per_hour / 60] * 3, edges, counters, mean, (True, not down, True))

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * (CLOSE - OPEN) / 60 * days),
            Figure("overtime_per_day", exact[2] * mean),
        ]

    return figures


DAY_STEPS = {
    "00:00": 0.0,
    "07:30": 40.0,
    "08:30": 60.0,
    "11:00": 25.0,
    "13:00": 50.0,
    "16:00": 15.0,
    "17:30": 0.0,
}


def one_day(mean: float, servers: int) -> Callable[[int], list[Figure]]:
    """M(t)/M/c by day, empty at midnight."""
    hours = [int(at[:2]) * 60 + int(at[3:]) for at in DAY_STEPS]
    exact = day_queue([rate / 60 for rate in DAY_STEPS.values()], [*hours, MINUTES_A_DAY], servers, mean)
    assert exact.end_number_mean < 1e-9

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", exact.arrivals_mean * days),
            Figure("wait_mean", exact.mean_wait),
            *(Figure(f"wait_within_{t}", exact.wait_within(t)) for t in (0, 5, 15)),
            Figure("queue_mean", exact.queue_mean),
            Figure("time_in_center_mean", exact.mean_wait + mean),
        ]

    return figures


BY_DAY = {"00:00": 0.0, "08:00": 26.0, "17:00": 0.0}
CLOSING = (
    *(f"calendar.hours.{day}=['08:00-17:00']" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    f"procedures.request.service={exponential(8)}",
    "points.hall.counters=4",
    "closing.overtime_cap=400",
    "overtime.beyond=true",
)
CASES = (
    Case(
        "M/M/3",
        (
            "arrivals.rate_per_hour=72",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=3",
        ),
        days=3,
        warmup=1,
        figures=delay_system(3, 72, 2, (0, 1, 5)),
    ),
    Case(
        "M/M/12",
        (
            "arrivals.rate_per_hour=57.6",
            f"procedures.request.service={exponential(10)}",
            "points.hall.counters=12",
        ),
        days=4,
        warmup=1,
        figures=delay_system(12, 57.6, 10, (0, 2, 10)),
    ),
    Case(
        "M/G/1 lognormal",
        ("arrivals.rate_per_hour=21", "procedures.request.service={kind: lognormal, mean: 2, cv: 1.2}"),
        days=6,
        warmup=1,
        figures=lambda _: one_server(21, 2, 1.2),
    ),
    Case(
        "M/D/1",
        ("arrivals.rate_per_hour=21", "procedures.request.service={kind: deterministic, mean: 2}"),
        days=6,
        warmup=1,
        figures=lambda _: [
            *one_server(21, 2, 0),
            *(Figure(f"wait_within_{t}", crommelin(21 / 60, 2, t)) for t in (1, 3, 5)),
        ],
    ),
    Case(
        "M/M/3+M",
        (
            "arrivals.rate_per_hour=96",
            f"procedures.request.service={exponential(2.5)}",
            "points.hall.counters=3",
            f"patience={exponential(5)}",
        ),
        days=2,
        warmup=1,
        figures=lambda _: impatient(96, 2.5, 3, 5),
    ),
    Case(
        "M/M/2/7",
        (
            "arrivals.rate_per_hour=60",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=2",
            "points.hall.seats=5",
        ),
        days=3,
        warmup=1,
        figures=lambda _: finite_room(60, 2, 2, 5),
    ),
    Case(
        "M/M/2 two classes",
        (
            "arrivals.rate_per_hour=48",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=2",
            "priorities={elderly: {share: 0.3, rank: 0}, ordinary: {share: 0.7, rank: 1}}",
        ),
        days=3,
        warmup=1,
        figures=lambda _: two_classes(48, 0.3, 2, 2),
    ),
    Case(
        "two skills (N)",
        (
            "arrivals.rate_per_hour=30",
            f"procedures.request={{share: 0.6, service: {exponential(2)}}}",
            f"+procedures.land={{share: 0.4, service: {exponential(3)}}}",
            "points.hall.counters=2",
            "staff={one: {count: 1, skills: [request]}, both: {count: 1, skills: [request, land]}}",
        ),
        days=5,
        warmup=1,
        figures=lambda _: n_model(30, 0.4, (2, 3)),
    ),
    Case(
        "M/M/1 breakdowns",
        (
            "arrivals.rate_per_hour=18",
            f"procedures.request.service={exponential(2)}",
            f"network={{up: {exponential(40)}, down: {exponential(10)}, start_while_down: true}}",
        ),
        days=20,
        warmup=1,
        figures=breakdowns(18, 2, 40, 10),
    ),
    Case(
        "tandem",
        (
            "arrivals.rate_per_hour=36",
            f"procedures.request.service={exponential(4)}",
            "points.hall.counters=4",
            "points.hall.guides=1",
            f"guidance={{service: {exponential(1)}, finds: 0.0, mends: 0.0}}",
        ),
        days=4,
        warmup=1,
        figures=lambda _: tandem(36, 1, 4, 4),
    ),
    Case(
        "several dossiers",
        (
            "arrivals.rate_per_hour=16",
            f"procedures.request.service={exponential(1.5)}",
            "arrivals.dossiers_per_visitor=1.5",
        ),
        days=6,
        warmup=1,
        figures=lambda _: several_dossiers(16, 1.5, 1.5),
    ),
    Case(
        "a leader signs",
        (
            "arrivals.rate_per_hour=18",
            f"procedures.request.service={exponential(5)}",
            f"procedures.request.signature={exponential(2)}",
            "results={collection: {kind: deterministic, mean: 0.01}, cut_off: '24:00'}",
            "points.hall.counters=40",
            "+staff.leader={count: 1, role: leader}",
        ),
        days=6,
        warmup=1,
        figures=lambda _: signed(18, 2, 0.01),
    ),
    Case(
        "a day with an outage",
        (*CLOSING, "network={windows: [{between: '10:00-11:30'}], start_while_down: true}"),
        days=30,
        warmup=0,
        figures=working_day(26, 8, 4, down=True),
        rates=BY_DAY,
    ),
    Case("after closing", CLOSING, days=30, warmup=0, figures=working_day(26, 8, 4, down=False), rates=BY_DAY),
    Case(
        "a day M(t)/M/5",
        (
            f"procedures.request.service={exponential(6)}",
            "points.hall.counters=5",
        ),
        days=12,
        warmup=0,
        figures=one_day(6, 5),
        rates=DAY_STEPS,
    ),
)


def asked(case: Case) -> tuple[int, ...]:
    """The t of all P(wait <= t)."""
    names = {figure.metric for figure in case.figures(1) if kind(figure.metric) == "wait_within"}
    return tuple(sorted(int(name.rpartition("_")[2]) for name in names))


def simulated(case: Case, days: int, replications: range) -> Runs:
    """The metrics of some replications."""
    overrides = [*case.overrides, f"days={days + case.warmup}", f"warmup_days={case.warmup}"]
    study = load(["center=textbook", *overrides])
    scenario = study.scenario
    if case.rates:
        scenario = scenario.replace(arrivals=scenario.arrivals.replace(rate_per_hour=case.rates))
    plan, by = flatten(scenario), replace(yardstick(scenario, study.targets), within=asked(case))
    seed = 2026 + [one.name for one in CASES].index(case.name)  # so that the cases are independent
    return measure_all((run(replicate(plan, seed, n)) for n in replications), by)


def all_runs(scale: Scale) -> list[Runs]:
    """The metrics of each case, a replication each; on several processes where the scale says so."""
    if scale.workers == 1:
        return [simulated(case, case.days * scale.times, range(scale.replications)) for case in CASES]
    executor = get_reusable_executor(max_workers=scale.workers)
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
