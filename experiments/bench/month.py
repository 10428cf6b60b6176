"""A month of Cam Đường: both engines with all records, and the compiled one with metrics only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

from experiments.bench import ours
from experiments.bench.options import TITLES, Options
from experiments.bench.programs import Check, Model, Program, Ran, pooled, timed
from sim.door import load
from sim.plan import Plan
from sim.sums import Sum
from sim.tally import Tally, joined, tally_of
from sim.units import MINUTE
from sim.yardstick import Yardstick, yardstick

OVERRIDES = ("center=cam_duong", "days=30")
ALIKE = range(90_000, 90_003)


def month_model(options: Options) -> Model:
    """The month and its programs; a run is ``options.months`` of them."""
    programs = (
        Program("metrics only", _folded, _check_folded),
        Program("compiled", partial(_traced, "compiled"), partial(_check_traces, "compiled")),
        Program("reference", partial(_traced, "reference"), partial(_check_traces, "reference"), share=0.1),
    )
    note = (
        f"Same: the traces of {len(ALIKE)} months are those of the reference engine, and what is folded while they run "
        "is what these traces add up to, to the bit. Plans are made before the clock starts."
    )
    return Model("month", TITLES["month"], "visit", options.months, programs, note)


def _plans(months: int, seed: int) -> list[Plan]:
    return [ours.planned(OVERRIDES, seed * 1000 + nth) for nth in range(months)]


def _traced(engine: ours.Engine, months: int, seed: int) -> Ran:
    plans = _plans(months, seed)
    traces, spent = timed(lambda: [ours.run(plan, engine) for plan in plans])
    visits = [len(trace.visits) for trace in traces]
    waited = sum(ours.mean_wait(trace) * count for trace, count in zip(traces, visits, strict=True))
    return Ran(sum(visits), spent, waited / sum(visits))


def _folded(months: int, seed: int) -> Ran:
    plans, tally = _plans(months, seed), _tally()
    found, spent = timed(lambda: tally(plans, _by()))
    sums = found.cells.sum(axis=(0, 1))
    visits = sum(len(ours.run(plan, "compiled").visits) for plan in plans)
    return Ran(visits, spent, float(sums[Sum.WAITED] / sums[Sum.JOINED]) / MINUTE)


def _tally() -> Callable[[Sequence[Plan], Yardstick], Tally]:
    from sim.models.compiled.engine import tally

    return tally


@cache
def _by() -> Yardstick:
    study = load(list(OVERRIDES))
    return yardstick(study.scenario, study.targets)


def _check_traces(engine: ours.Engine, runs: Sequence[Ran]) -> Check:
    plans = [ours.planned(OVERRIDES, nth) for nth in ALIKE]
    same = all(ours.run(plan, engine) == ours.run(plan, "reference") for plan in plans)
    return Check(pooled(runs).wait, None, None, "same" if same else "off")


def _check_folded(runs: Sequence[Ran]) -> Check:
    plans = [ours.planned(OVERRIDES, nth) for nth in ALIKE]
    known = joined([tally_of(ours.run(plan, "reference"), _by()) for plan in plans])
    same = all((one == other).all() for one, other in zip(_tally()(plans, _by()), known, strict=True))
    return Check(pooled(runs).wait, None, None, "same" if same else "off")
