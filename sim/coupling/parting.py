"""The trace of all centers parted into one a center, and what belongs to none of them.

A visit counts at the center that received it, or would have: its wait, its work and its dossiers are what happened
there, whoever lives where. How many are received elsewhere than at home is said of the province. Specialists whom all
centers share are of no center: what they do and are paid is left out of every center's figures.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from sim.coupling import Coupled
from sim.coupling.renumbering import Integers, Numbers
from sim.metrics import measure_all
from sim.plan import Kind, Plan, Table
from sim.runs import Bins, Curve, Key, Runs
from sim.trace import Trace
from sim.units import NEVER
from sim.yardstick import Yardstick, yardstick

ELSEWHERE = "received_elsewhere"
SHARED_USE, SHARED_COST = "shared_utilization", "shared_cost_per_day"
_NO_WAITS = Bins(*(np.empty(0, np.int32) for _ in Bins._fields))
Sums = dict[Key, tuple[float, float]]


class Parts:
    """How traces of a coupled plan are parted and measured, center by center."""

    def __init__(self, coupled: Coupled) -> None:
        self.coupled, plan = coupled, coupled.plan
        self.of_point = plan.points["center"].astype(np.int64)
        self.of_official = plan.officials["center"].astype(np.int64)
        own = [yardstick(one, study.targets) for one, study in zip(coupled.scenarios, coupled.studies, strict=True)]
        known = {name: _known(plan, own, name) for name in _OF_ROW}
        self.centers = [
            Part(plan, numbers, by if coupled.coupling.choice is None else _wider(plan, numbers, by, known))
            for numbers, by in zip(coupled.numbers, own, strict=True)
        ]
        self.by_shared = replace(own[0], officials=coupled.shared, paid=self._paid(), prices=_wages(own[0]))

    def _paid(self) -> tuple[bool, ...]:
        groups = self.coupled.coupling.staff
        return tuple(groups[name.rpartition(" ")[0]].paid for name in self.coupled.shared)

    def traces(self, trace: Trace) -> list[Trace]:
        """The trace of each center, its ids those of its own plan."""
        tasks, count = self._of_centers(trace.tasks), len(self.centers)
        at = self.of_point[trace.visits["point"]]
        visits = _parted(trace.visits, at, count)
        place = np.empty(len(at), np.int64)
        place[np.argsort(at, kind="stable")] = np.concatenate([np.arange(len(rows)) for rows in visits])
        mine = at[tasks["visit"]]
        tasks["visit"] = place[tasks["visit"]]
        others = [_parted(rows, self.of_official[rows["official"]], count) for rows in (trace.shifts, trace.decisions)]
        every = zip(self.centers, visits, _parted(tasks, mine, count), *others, strict=True)
        return [part.trace(trace, *rows) for part, *rows in every]

    def _of_centers(self, tasks: Table) -> Table:
        """The tasks but those of specialists whom all share, and those that wait for them."""
        asks = tasks["kind"] == self.coupled.plan.fields + Kind.CONSULTATION
        return np.asarray(tasks[~asks] if self.coupled.shared else tasks.copy())

    def measured(self, trace: Trace) -> list[Runs]:
        """The figures of each center, and last those of none."""
        found = [measure_all([own], part.by) for part, own in zip(self.centers, self.traces(trace), strict=True)]
        return [*found, self._of_none(trace)]

    def _of_none(self, trace: Trace) -> Runs:
        """Who was received elsewhere than at home, in all and by home; the use and the pay of whom all share."""
        plan, visits = self.coupled.plan, trace.visits[trace.visits["arrival"] >= trace.warmup]
        home = np.searchsorted(plan.centers["number"], visits["center"])
        elsewhere, rows = home != self.of_point[visits["point"]], len(plan.centers)
        over, under = (np.bincount(of, minlength=rows)[None].astype(np.float64) for of in (home[elsewhere], home))
        sums: Sums = {(ELSEWHERE, "all"): (float(over.sum()), float(under.sum()))}
        first = len(plan.officials) - len(self.coupled.shared)
        tasks, shifts = (rows[rows["official"] >= first] for rows in (trace.tasks, trace.shifts))
        for table in (tasks, shifts):
            table["official"] -= first
        if self.coupled.shared:
            own = measure_all([replace(trace, visits=trace.visits[:0], tasks=tasks, shifts=shifts)], self.by_shared)
            for name, metric in ((SHARED_USE, "utilization"), (SHARED_COST, "cost_per_day")):
                spent, whole = own.pair((metric, "all"))
                sums[name, "all"] = float(spent[0]), float(whole[0])
        return _runs(sums, {ELSEWHERE: (np.arange(rows), over, under)})


class Part:
    """One center's part of a trace, and the yardstick for it."""

    def __init__(self, plan: Plan, numbers: Numbers, by: Yardstick) -> None:
        self.numbers, self.by = numbers, by
        self.official = int(numbers.officials[numbers.officials != NEVER].min(initial=len(plan.officials)))
        self.procedure = _own_first(len(plan.procedures), plan.centers[numbers.row]["procedures"])
        self.channel = _own_first(len(plan.channels), plan.centers[numbers.row]["channels"])

    def trace(self, whole: Trace, visits: Table, tasks: Table, shifts: Table, decisions: Table) -> Trace:
        """Its rows under its own ids."""
        visits["point"] -= self.numbers.point
        visits["procedure"], visits["channel"] = self.procedure[visits["procedure"]], self.channel[visits["channel"]]
        tasks["kind"] = self.numbers.own_kind(tasks["kind"].astype(np.int64))
        for rows in (tasks, decisions):
            rows["place"] = self.numbers.own_place(rows["place"].astype(np.int64))
        for rows in (tasks, shifts, decisions):
            rows["official"] -= np.where(rows["official"] != NEVER, self.official, 0).astype(np.int32)
        return replace(whole, visits=visits, tasks=tasks, shifts=shifts, decisions=decisions)


_OF_ROW = {"procedures": ("field_of", "signed", "terms"), "channels": ("from_home",)}


def _own_first(length: int, rows: Any) -> Integers:
    """The position of each row of a table where a center's own come first, and then the others in their order."""
    found = np.empty(length, np.int64)
    found[_order(length, rows)] = np.arange(length)
    return found


def _order(length: int, rows: Any) -> Integers:
    every = np.arange(length)
    return np.concatenate([every[rows[0] : rows[1]], every[: rows[0]], every[rows[1] :]])


def _known(plan: Plan, own: list[Yardstick], table: str) -> dict[str, list[Any]]:
    """What the yardsticks of the centers say of each row of a table, a field by its name."""
    found: dict[str, list[Any]] = {name: [None] * len(getattr(plan, table)) for name in _OF_ROW[table]}
    for by, (first, last) in zip(own, plan.centers[table].tolist(), strict=True):
        for name, said in found.items():
            values = [by.fields[one] for one in by.field_of] if name == "field_of" else getattr(by, name)
            said[first:last] = values
    return found


def _wider(plan: Plan, numbers: Numbers, by: Yardstick, known: dict[str, dict[str, list[Any]]]) -> Yardstick:
    """The yardstick of a center to which citizens of others come, with procedures and channels of their own.

    Those of a field that is not received here are never brought; they count as of the first.
    """
    found: dict[str, Any] = {}
    for table, said in known.items():
        order = _order(len(getattr(plan, table)), plan.centers[numbers.row][table]).tolist()
        found |= {name: tuple(values[row] for row in order) for name, values in said.items()}
    fields = {name: nth for nth, name in enumerate(by.fields)}
    found["field_of"] = tuple(fields.get(name, 0) for name in found["field_of"])
    return replace(by, **found)


def _wages(by: Yardstick) -> Any:
    """Prices of officials alone."""
    return replace(by.prices, per_day=0.0, per_case=0.0)


def _parted(rows: Table, at: Integers, count: int) -> list[Table]:
    """Rows by center, in their order; those of none, at NEVER, are left out."""
    order = np.argsort(at, kind="stable")
    ends = np.searchsorted(at[order], np.arange(count + 1))
    return [rows[order[first:last]] for first, last in pairwise(ends.tolist())]


def _runs(sums: Sums, curves: dict[str, Curve]) -> Runs:
    """One replication of figures that have no waits."""
    over, under = (np.array([[pair[part] for pair in sums.values()]]) for part in (0, 1))
    return Runs(tuple(sums), over, under, {}, _NO_WAITS, curves)
