"""The figures of each center of a coupled run, and last those of none, from a trace or without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.coupling.parting import Parts
from sim.coupling.renumbering import Integers
from sim.metrics import measure_all, metrics_of
from sim.officials import mark_away, shifts_worked
from sim.paid import Paid, paid_of
from sim.plan import Plan
from sim.runs import Bins, Runs
from sim.runs.replications import Key
from sim.trace import Trace
from sim.yardstick import Yardstick

ELSEWHERE = "received_elsewhere"
SHARED_USE, SHARED_COST = "shared_utilization", "shared_cost_per_day"
_SHARED = {SHARED_USE: "utilization", SHARED_COST: "cost_per_day"}
_NO_WAITS = Bins(*(np.empty(0, np.int32) for _ in Bins._fields))


def measured(parts: Parts, trace: Trace) -> list[Runs]:
    """Of one replication, from its trace."""
    found = [measure_all([own], part.by) for part, own in zip(parts.centers, parts.traces(trace), strict=True)]
    visits, centers = trace.visits[trace.visits["arrival"] >= trace.warmup], parts.coupled.plan.centers
    home = np.searchsorted(centers["number"], visits["center"])
    elsewhere = home != parts.of_point[visits["point"]]
    homes = np.stack([np.bincount(of, minlength=len(centers)) for of in (home[elsewhere], home)], axis=1)
    return [*found, _of_none(homes[None], _of_shared(parts, trace))]


def _of_shared(parts: Parts, trace: Trace) -> Runs | None:
    """What those whom all centers share do and are paid, where there are any."""
    if not parts.coupled.shared:
        return None
    tasks, shifts = (parts.of_shared(rows) for rows in (trace.tasks, trace.shifts))
    return measure_all([replace(trace, visits=trace.visits[:0], tasks=tasks, shifts=shifts)], parts.by_shared)


def folded(parts: Parts, plans: Sequence[Plan]) -> list[Runs]:
    """Of some replications by the compiled engine, without traces: the same, bit for bit."""
    from sim.models.compiled.engine import folded as tallies

    shares, count = parts.shares(), len(parts.centers)
    own, homes = tallies(plans, shares)
    worked = _paid(parts, plans, [share.by for share in shares])
    found = [metrics_of(tally, paid, share.by) for tally, paid, share in zip(own, worked, shares, strict=True)]
    return [*found[:count], _of_none(homes[:, :count], found[count] if parts.coupled.shared else None)]


def _paid(parts: Parts, plans: Sequence[Plan], every: Sequence[Yardstick]) -> list[Paid]:
    """The paid time of the officials of each share in some replications; once where it is the same in all."""
    from sim.models.compiled.kernels import compiled

    worked = [shifts_worked(plan, compiled(mark_away)) for plan in plans]
    time = int(plans[0].rules.warmup), int(plans[0].rules.horizon)
    found = {
        key: [paid_of(rows, *time, by) for rows, by in zip(parts.shifts(own), every, strict=True)]
        for key, own in {id(own): own for own in worked}.items()
    }
    each = [found[id(own)] for own in (worked if len(found) > 1 else worked[:1])]
    return [Paid.joined(own) for own in zip(*each, strict=True)]


def _of_none(homes: Integers, shared: Runs | None) -> Runs:
    """Who was received elsewhere than at home, in all and by home; the use and the pay of whom all share.

    ``homes``: int64[R, centers, 2], see :data:`sim.models.compiled.shares.Sums`.
    """
    over, under = homes[..., 0].astype(np.float64), homes[..., 1].astype(np.float64)
    sums = {(ELSEWHERE, "all"): (over.sum(axis=1), under.sum(axis=1))}
    if shared is not None:
        sums |= {(name, "all"): shared.pair((metric, "all")) for name, metric in _SHARED.items()}
    keys: tuple[Key, ...] = tuple(sums)
    numerators, denominators = (np.stack([pair[part] for pair in sums.values()], axis=1) for part in (0, 1))
    return Runs(keys, numerators, denominators, {}, _NO_WAITS, {ELSEWHERE: (over, under)})
