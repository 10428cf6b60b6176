"""Figures that others have printed, with parameters that are stated completely; the engine is the compiled one.

Two kinds: what a paper computed is an expectation, and is compared as theory is, its rounding allowed for. What a
tutorial simulated is one realization (the mean of some runs of a stated length, from an empty start): it is compared
with the prediction interval of one realization, of as many runs of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from experiments.validate.exact import Figure
from experiments.validate.queues import Case, exponential
from experiments.validate.rows import Row
from experiments.validate.theory import REPLICATIONS, Done, compared
from sim.door import load
from sim.executors import default_workers
from sim.intervals import Floats
from sim.models.compiled.engine import run
from sim.plan import Plan
from sim.planning import flatten, replicate
from sim.prediction import prediction
from sim.trace import Trace
from sim.units import MINUTE, NEVER

GARNETT = (
    "V O. Garnett, A. Mandelbaum and M. Reiman, Designing a call center with impatient customers, Manufacturing & "
    "Service Operations Management 4(3), 2002, 208-227: 48 calls a minute, 50 agents, service 1 min, patience 2 min"
)
MONKS = (
    "V T. Monks, A. Harper and A. Heather, An introduction to discrete-event simulation using free and open source "
    "software, doi 10.5281/zenodo.13971858, repository pythonhealthdatascience/intro-open-sim at 3f42d0d, "
    "content/07_experiments.ipynb, section 6: means of 5 runs of 1,000 minutes (printed as hours)"
)
CIW = "V Ciw documentation, repository CiwPython/Ciw at 5855d5a, docs/Tutorial/GettingStarted"
SECOND = 1 / 60
CALL_DAYS = 5
CALLS = ("arrivals.rate_per_hour=2880", f"procedures.request.service={exponential(1)}", "points.hall.counters=50")


def _garnett(_: int) -> list[Figure]:
    return [
        Figure("reneged_share", 0.031, rounding=0.0005),
        Figure("wait_mean", 3.7 * SECOND, rounding=0.05 * SECOND),
        Figure("queue_mean", 3, rounding=0.5),
        Figure("utilization", 0.93, rounding=0.005),
    ]


def _patient(_: int) -> list[Figure]:
    return [Figure("wait_mean", 20.8 * SECOND, rounding=0.05 * SECOND), Figure("queue_mean", 17, rounding=0.5)]


COMPUTED = (
    Case("calls, impatient", (*CALLS, f"patience={exponential(2)}"), days=1, warmup=1, figures=_garnett),
    Case("calls, patient", CALLS, days=1, warmup=1, figures=_patient),
)


@dataclass(frozen=True)
class Simulated:
    """A printed result: the mean of ``runs`` runs, of what ``measured`` says of one trace."""

    model: str
    metric: str
    printed: float
    rounding: float
    overrides: tuple[str, ...]
    runs: int
    measured: Callable[[Trace], float]
    source: str


def mean_wait(trace: Trace, arrived: tuple[float, float], ended_by: float = np.inf, begun_by: float = np.inf) -> float:
    """Mean minutes waited by who came between two minutes and whose service had begun, or ended, by another."""
    entry, start, end = (trace.tasks[name] / MINUTE for name in ("entry", "start", "end"))
    counted = (trace.tasks["start"] != NEVER) & (start <= begun_by) & (entry > arrived[0]) & (entry < arrived[1])
    if ended_by < np.inf:
        counted &= (trace.tasks["end"] != NEVER) & (end <= ended_by)
    return float((start - entry)[counted].mean())


def ended_work(trace: Trace, minutes: float, counters: int) -> float:
    """The work of services that had ended by then, over the time of all counters until then."""
    start, end = trace.tasks["start"], trace.tasks["end"]
    over = (end != NEVER) & (end <= minutes * MINUTE)
    return float((end - start)[over].sum() / MINUTE / (minutes * counters))


def _urgent_care(operators: int, wait: float, busy: float) -> list[Simulated]:
    """Calls of 5, 7 and 10 minutes (triangular), one every 0.6 minutes; a call that has not ended is no work yet."""
    overrides = (
        "arrivals.rate_per_hour=100",
        "procedures.request.service={kind: triangular, low: 5, mode: 7, high: 10}",
        f"points.hall.counters={operators}",
        "days=1",
    )
    name, waited = f"111 calls, {operators} operators", partial(mean_wait, arrived=(-1, 1000), begun_by=1000)
    return [
        Simulated(name, "wait_mean", wait, 0.005, overrides, 5, waited, MONKS),
        Simulated(
            name, "utilization", busy, 5e-5, overrides, 5, partial(ended_work, minutes=1000, counters=operators), MONKS
        ),
    ]


def _bank(counters: int, printed: float, runs: int, arrived: tuple[float, float], until: float, part: int) -> Simulated:
    """A customer every 5 minutes, served for 10; recorded are those who have left."""
    overrides = (
        "arrivals.rate_per_hour=12",
        f"procedures.request.service={exponential(10)}",
        f"points.hall.counters={counters}",
        f"days={1 if until <= 1440 else 2}",
    )
    source = f"{CIW}/part_{part}.rst: {runs} run{'s' * (runs > 1)} of {until:,.0f} minutes"
    name = f"bank, {counters} tellers, {runs} run{'s' * (runs > 1)}"
    measured = partial(mean_wait, arrived=arrived, ended_by=until)
    return Simulated(name, "wait_mean", printed, 1e-5, overrides, runs, measured, source)


SIMULATED = (
    *_urgent_care(13, 4.00, 0.9319),
    *_urgent_care(14, 1.09, 0.8481),
    _bank(3, 4.23054, 1, (-1.0, 1440), 1440, 3),
    _bank(3, 5.62649, 10, (100, 1540), 1640, 4),
    _bank(4, 0.79868, 10, (100, 1540), 1640, 4),
)


def replications_of(realizations: int) -> int:
    """How many replications :func:`published` does."""
    return len(COMPUTED) * REPLICATIONS + realizations * sum(runs for _, runs in _models())


def _models() -> list[tuple[tuple[str, ...], int]]:
    """What is simulated: the keys of each model, and the runs of one realization."""
    return list(dict.fromkeys((one.overrides, one.runs) for one in SIMULATED))


def published(realizations: int, seed: int, done: Done) -> list[Row]:
    """All printed figures beside ours; ``realizations`` of each that was simulated. ``done`` as in ``compared``."""
    models = _models()
    rows = compared(COMPUTED, seed + len(models), done, "published", GARNETT, CALL_DAYS)
    plans = [flatten(load(["center=textbook", *overrides]).scenario) for overrides, _ in models]

    def simulated(which: int) -> list[Row]:
        own = [one for one in SIMULATED if (one.overrides, one.runs) == models[which]]
        return _realized(own, plans[which], realizations, seed + which)

    with ThreadPoolExecutor(default_workers()) as executor:
        for (_, runs), found in zip(models, executor.map(simulated, range(len(models))), strict=True):
            done(realizations * runs, found[0].subject)
            rows += found
    return rows


def _realized(figures: Sequence[Simulated], plan: Plan, realizations: int, seed: int) -> list[Row]:
    """The figures of one model, which have the same runs."""
    runs = figures[0].runs
    values = np.empty((len(figures), realizations, runs))
    for n in range(realizations * runs):
        trace = run(replicate(plan, seed, n))
        values[:, n // runs, n % runs] = [one.measured(trace) for one in figures]
    return [_row(one, found) for one, found in zip(figures, values.mean(axis=2), strict=True)]


def _row(one: Simulated, values: Floats) -> Row:
    found = prediction(values)
    return Row(
        part="published",
        subject=one.model,
        figure=one.metric,
        metric=one.metric,
        low=one.printed - one.rounding,
        high=one.printed + one.rounding,
        estimate=found.mean,
        lower=found.lower,
        upper=found.upper,
        confidence=found.coverage,
        replications=found.realizations,
        source=one.source,
    )
