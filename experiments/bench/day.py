"""The service-center day: engines and C give one trace; for other programs the engines' mean wait is what is known."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from experiments.bench import c_loop, ours
from experiments.bench.options import TITLES, Options
from experiments.bench.programs import CRITICAL, Check, Known, Model, Program, Ran, pooled, timed
from experiments.bench.queues import PEERS
from sim.faults import BadInput, Fault
from sim.plan import Plan
from sim.trace import Trace

Run = Callable[[Plan], Trace]
ALIKE_DAYS, ALIKE_SEED = 20, 7
KNOWN_RUNS, KNOWN_SEED = 40, 10_000
FAST_RUNS = 10
ALWAYS_UP = ("network=null",)


def day_model(options: Options) -> Model:
    """The day and its programs."""
    known = partial(_against_known, options.days, ())
    without_outages = partial(_against_known, options.days, ALWAYS_UP)
    compiled = partial(ours.run, engine="compiled")
    programs = (
        _tracing("compiled", compiled, partial(_is_alike, compiled), times=FAST_RUNS),
        _tracing("reference", partial(ours.run, engine="reference"), known, share=0.1),
        _tracing("C loop", c_loop.run, partial(_is_alike, c_loop.run), times=FAST_RUNS, absent=c_loop.why_not()),
        _script(options.script, known),
        Program("Ciw", partial(_peer, "ciw_network"), without_outages, 0.08, package="ciw", lacks="outages"),
        Program("salabim", partial(_peer, "salabim_components"), known, 0.03, package="salabim"),
    )
    note = (
        f"Same: the trace of {ALIKE_DAYS} days is that of the reference engine, row by row. Ok: within {CRITICAL} s.e. "
        "of the engines' mean wait over other days, with the features that the program has; s.e. from the spread of "
        "the days, of both means. Plans and a script's draws are made before the clock starts."
    )
    return Model("day", TITLES["day"], "citizen", options.days, programs, note)


def scenario(days: int, *more: str) -> tuple[str, ...]:
    """The overrides of the day."""
    return ("center=benchmark_day", f"days={days}", *more)


def _tracing(
    name: str, run: Run, check: Callable[..., Check], share: float = 1.0, times: int = 1, absent: str = ""
) -> Program:
    """A program that gives a trace, and what its runs are checked by."""

    def traced(days: int, seed: int) -> Ran:
        plan = ours.planned(scenario(days), seed)
        trace, spent = timed(lambda: run(plan))
        return Ran(_citizens(trace), spent, ours.mean_wait(trace))

    return Program(name, traced, check, share, times, absent=absent)


def _is_alike(run: Run, runs: Sequence[Ran]) -> Check:
    """Whether the trace is that of the reference engine."""
    plan = ours.planned(scenario(ALIKE_DAYS), ALIKE_SEED)
    same = run(plan) == ours.run(plan, "reference")
    return Check(pooled(runs).wait, None, None, "same" if same else "off")


def _citizens(trace: Trace) -> int:
    return int((trace.visits["visit"] == 0).sum())


@cache
def _known(days: int, more: tuple[str, ...]) -> Known:
    """The mean wait of the day by the compiled engine, over replications that no round uses."""
    plans = (ours.planned(scenario(days, *more), KNOWN_SEED + n) for n in range(KNOWN_RUNS))
    return known_from(ours.run(plan, "compiled") for plan in plans)


def known_from(traces: Iterable[Trace]) -> Known:
    """The mean wait over traces, a ratio of sums over days, which are taken as independent."""
    found = [(ours.waits_by_day(trace), _citizens(trace)) for trace in traces]
    minutes, visits = np.concatenate([by_day for by_day, _ in found], axis=1)
    people = sum(citizens for _, citizens in found)
    mean = float(minutes.sum() / visits.sum())
    squares = float(((minutes - mean * visits) ** 2).sum())
    error = squares**0.5 / float(visits.sum())
    return Known(mean, error**2 * people, error)


def _against_known(days: int, more: tuple[str, ...], runs: Sequence[Ran]) -> Check:
    return _known(days, more).check(runs)


def _peer(module: str, days: int, seed: int) -> Ran:
    simulate = import_module(f"{PEERS}.{module}").day
    (citizens, visits, minutes), spent = timed(lambda: simulate(days, seed))
    return Ran(citizens, spent, minutes / visits)


def _script(path: Path | None, check: Callable[[Sequence[Ran]], Check]) -> Program:
    if path is None:
        return Program("script", partial(_scripted, None), check, absent="none given (script=FILE)")
    return Program(path.stem, partial(_scripted, _loaded(path)), check, share=0.25)


def _scripted(script: Any, days: int, seed: int) -> Ran:
    """Records of a script are (citizen, visit, arrival, guide's start and end, counter's start and end)."""
    draws = script.draws(days, seed)
    records, spent = timed(lambda: script.simulate(days, draws))
    waited = sum(record[3] - record[2] + record[5] - record[4] for record in records)
    return Ran(len(draws["arrival"]), spent, waited / len(records))


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if missing := [name for name in ("draws", "simulate") if not hasattr(module, name)]:
        raise BadInput([Fault("script", str(path), f"wanted a program with {' and '.join(missing)}")])
    return module
