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
from sim.models.compiled.shares import Share
from sim.plan import Kind, Plan, Table
from sim.trace import Trace
from sim.units import NEVER
from sim.yardstick import Yardstick, yardstick

Known = dict[str, dict[str, list[Any]]]
"""By table and field what is known of each row."""


class Parts:
    """How what happens in a run of a coupled plan is parted, center by center.

    ``by_shared``: the yardstick for the specialists whom all centers share.
    """

    def __init__(self, coupled: Coupled) -> None:
        self.coupled, plan = coupled, coupled.plan
        self.of_point = plan.points["center"].astype(np.int64)
        self.of_official = plan.officials["center"].astype(np.int64)
        own = [yardstick(one, study.targets) for one, study in zip(coupled.scenarios, coupled.studies, strict=True)]
        known, spans = {name: _known(plan, own, name) for name in _OF_ROW}, max(by.spans for by in own)
        self.centers = [
            Part(plan, numbers, by if coupled.coupling.choice is None else _wider(plan, numbers, by, spans, known))
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

    def shifts(self, shifts: Table) -> list[Table]:
        """The shifts of the officials of each center by their ids there; last those of all centers, where there are."""
        found = _parted(shifts, self.of_official[shifts["official"]], len(self.centers))
        for part, rows in zip(self.centers, found, strict=True):
            rows["official"] -= part.official
        return [*found, self.of_shared(shifts)] if self.coupled.shared else found

    def of_shared(self, rows: Table) -> Table:
        """Of shifts or tasks those of the specialists whom all share, by their ids among these."""
        first = len(self.coupled.plan.officials) - len(self.coupled.shared)
        own = rows[rows["official"] >= first]
        own["official"] -= first
        return own

    def shares(self) -> tuple[Share, ...]:
        """What each center, and last those of all centers, have of the sums of a run."""
        found = tuple(part.share for part in self.centers)
        return (*found, found[0]._replace(by=self.by_shared)) if self.coupled.shared else found


class Part:
    """One center's part of a trace, and the yardstick for it."""

    def __init__(self, plan: Plan, numbers: Numbers, by: Yardstick) -> None:
        self.numbers, self.by = numbers, by
        self.official = int(numbers.officials[numbers.officials != NEVER].min(initial=len(plan.officials)))
        self.procedure = _own_first(len(plan.procedures), plan.centers[numbers.row]["procedures"])
        self.channel = _own_first(len(plan.channels), plan.centers[numbers.row]["channels"])
        self.share = Share(by, numbers.point, np.maximum(numbers.own_fields, 0), self.procedure)

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


def _wider(plan: Plan, numbers: Numbers, by: Yardstick, spans: int, known: Known) -> Yardstick:
    """The yardstick of a center to which citizens of others come, with procedures and channels of their own.

    Those of a field that is not received here are never brought; they count as of the first. As many working days are
    told apart as at the center with the longest terms: its dossiers may be worked on here.
    """
    found: dict[str, Any] = {"spans": spans}
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
