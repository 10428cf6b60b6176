"""A metric of one's own: a plain function from a trace to two numbers, judged as those that ship are.

A figure is the ratio of two sums over replications, such as minutes waited over people who waited; its interval is
the jackknife of :func:`sim.statistics.ratio_estimate`, two studies are compared by paired differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from sim.engines import Process, run
from sim.faults import BadInput, Fault, shown
from sim.intervals import Estimate, Floats
from sim.metrics import measure
from sim.own_rules import OwnRule
from sim.plan import Plan
from sim.planning import replicate
from sim.running import is_compiled, job
from sim.statistics import PairedDifference, paired_difference, ratio_estimate
from sim.study import Study
from sim.trace import Trace

Metric = Callable[[Trace], tuple[float, float]]
Change = Callable[[Plan], Plan]


@dataclass(frozen=True, eq=False)
class Measured:
    """Numerators and denominators, float64[replications] each, of one metric; ``seed`` and ``confidence`` of its study.

    ``bounds``: what the ratio cannot go beyond, (0, 1) for a share.
    """

    name: str
    numerators: Floats
    denominators: Floats
    seed: int
    confidence: float
    bounds: tuple[float, float] = (-inf, inf)

    @property
    def estimate(self) -> Estimate:
        """The ratio of the sums with its interval."""
        return ratio_estimate(self.numerators, self.denominators, self.confidence, self.bounds)

    def less(self, other: Measured) -> PairedDifference:
        """This less another of the same seed and as many replications, paired on the same citizens, else BadInput."""
        mine, theirs = ((one.seed, len(one.numerators), one.confidence) for one in (self, other))
        if mine != theirs:
            said = f"wanted {theirs}, as the other has, to be paired"
            raise BadInput([Fault(self.name, f"(seed, replications, confidence) = {mine}", said)])
        pairs = (self.numerators, self.denominators, other.numerators, other.denominators)
        return paired_difference(*pairs, self.confidence)


def estimate(
    study: Study,
    metric: Metric | str,
    change: Change | None = None,
    processes: Sequence[Process] = (),
    rule: OwnRule | None = None,
    bounds: tuple[float, float] = (-inf, inf),
) -> Measured:
    """One metric of all replications of a study, one after the other in this process.

    ``metric``: a function that gives a sum and a count of a :class:`sim.trace.Trace`, or the name of one that ships.
    It sees all that happened: what arrives before ``trace.warmup``, in ms, is for it to leave out. ``change``: a
    function that gives each replication another plan, such as :func:`sim.own_arrivals.with_arrivals`; ``processes``
    and ``rule``: see :func:`sim.engines.run`. BadInput, in a line, where one of them does not do as it must.
    """
    own, name, pairs = job(study), metric if isinstance(metric, str) else _name(metric), []
    engine = study.engine if processes else "compiled" if is_compiled(study) else "reference"
    for replication in range(study.replications):
        plan = replicate(own.plan, study.seed, replication)
        trace = run(plan if change is None else changed(plan, change), engine, processes, rule)
        if isinstance(metric, str):
            sums = measure(trace, own.by).sums
            if (metric, "all") not in sums:
                raise BadInput([Fault("metric", metric, "wanted one that ships, or a function of a trace")])
            pairs.append(sums[metric, "all"])
        else:
            pairs.append(_pair(metric, trace, replication))
    over, under = np.array(pairs, np.float64).T
    return Measured(name, np.ascontiguousarray(over), np.ascontiguousarray(under), study.seed, study.confidence, bounds)


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _pair(metric: Metric, trace: Trace, replication: int) -> tuple[float, float]:
    at = f"metric {_name(metric)}, replication {replication}"
    try:
        given = metric(trace)
    except Exception as error:
        raise BadInput([Fault(at, "", f"failed: {type(error).__name__}: {error}")]) from error
    wanted = "wanted two finite numbers: a sum, and a count that is not negative and not 0 where the sum is not"
    try:
        over, under = (float(one) for one in given)
    except (TypeError, ValueError):
        raise BadInput([Fault(at, shown(given), wanted)]) from None
    if not (isfinite(over) and isfinite(under)) or under < 0 or (under == 0 and over != 0):
        raise BadInput([Fault(at, shown((over, under)), wanted)])
    return over, under


def changed(plan: Plan, change: Change) -> Plan:
    """Another plan in the place of one. BadInput where the function gives none, or one that no engine could run."""
    at = f"change {_name(change)}"
    before = [np.asarray(one).tobytes() for one in plan]
    made: object = change(plan)
    if [np.asarray(one).tobytes() for one in plan] != before:
        raise BadInput([Fault(at, "", "changed the plan that it was given: wanted plan._replace(…) of copies")])
    if not isinstance(made, Plan):
        raise BadInput([Fault(at, shown(type(made).__name__), "wanted a Plan")])
    if (made.seed, made.replication) != (plan.seed, plan.replication):
        raise BadInput([Fault(at, "", "wanted the seed and replication of the plan that it was given")])
    faults = []
    for name, old, new in zip(Plan._fields, plan, made, strict=True):
        if isinstance(old, np.ndarray) and not (isinstance(new, np.ndarray) and new.dtype == old.dtype):
            given = str(getattr(new, "dtype", type(new).__name__))
            faults.append(Fault(f"{at}.{name}", given[:60], "wanted the columns and types that it had"))
        elif isinstance(old, np.ndarray) and (new.ndim != old.ndim or not new.flags.c_contiguous):
            faults.append(Fault(f"{at}.{name}", f"{new.ndim} axes", f"wanted {old.ndim}, contiguous"))
    if faults:
        raise BadInput(faults)
    return made
