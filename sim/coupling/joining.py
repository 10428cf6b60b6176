"""One plan of several centers from the plans of each, tables that are alike kept once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.coupling.renumbering import Numbers
from sim.outages import in_turn, network_of
from sim.plan import PROGRAMS, Change, Plan, Room, Table
from sim.streams import PERSONS, person
from sim.units import NEVER, SLOTS

SHARED = PERSONS >> 1
"""The number from which on specialists are keyed whom all centers share, beyond any center's own."""
OF_PEOPLE = ("guidance", "patience", "day_factor", "common_factor", "collection")
Rows = Callable[[Any], Any]


class Stack:
    """Tables one below the other, each that is there already kept once."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.length = 0
        self._known: dict[tuple[int, bytes], int] = {}

    def add(self, table: Table) -> int:
        """The first row of a table."""
        first = self._known.setdefault((len(table), table.tobytes()), self.length)
        if first == self.length and len(table):
            self.tables.append(table)
            self.length += len(table)
        return first

    def whole(self, empty: Table) -> Table:
        """All of it; ``empty`` where there is none."""
        return np.concatenate(self.tables) if self.tables else empty[:0]


def joined(plans: Sequence[Plan], numbers: Sequence[Numbers], shared: int) -> Plan:
    """The plan of several centers, in the order of their numbers.

    ``shared``: how many officials there are, the last, whom the officials of all centers ask. The
    rules are those of the first plan: what they say must hold in all.
    """
    first, quantiles, weeks, parts = plans[0], Stack(), Stack(), {name: Stack() for name in _STACKED}
    rows = [_rows_in(quantiles, plan.quantiles) for plan in plans]
    each = [_Center(*one, parts, weeks) for one in zip(plans, numbers, rows, strict=True)]
    rules = first.rules.copy()
    rules["outages"] = rows[0](rules["outages"])
    stacked: dict[str, Any] = {name: stack.whole(getattr(first, name)) for name, stack in parts.items()}
    week = weeks.whole(np.empty((0, 2 * SLOTS), np.int64))
    return first._replace(
        rules=rules,
        centers=np.concatenate([one.row(shared > 0) for one in each]),
        demand=np.concatenate([one.demand() for one in each]),
        **stacked,
        profiles=np.ascontiguousarray(week[:, :SLOTS]).view(np.float64),
        return_times=np.ascontiguousarray(week[:, SLOTS:]),
        points=np.concatenate([one.points() for one in each]),
        routes=_blocks([plan.routes for plan in plans], numbers),
        offices=_blocks([plan.offices for plan in plans], numbers),
        purposes=np.concatenate([one.purposes() for one in each]),
        priorities=np.concatenate([plan.priorities for plan in plans]),
        dossiers=np.concatenate([plan.dossiers for plan in plans]),
        officials=_officials(plans, numbers, shared),
        office_hours=max((plan.office_hours for plan in plans), key=len),
        quantiles=quantiles.whole(first.quantiles),
        **in_turn([network_of(plan, 0) for plan in plans]),
        **_calendar(plans, numbers, shared),
    )


_STACKED = ("procedures", "steps", "channels")


def _rows_in(stack: Stack, quantiles: Table) -> Rows:
    """What the quantile rows of a plan become; NEVER stays."""
    new = np.array([*(stack.add(row[None]) for row in quantiles), NEVER])
    return lambda rows: new[rows]


class _Center:
    """One center's part of the tables, its rows added to the ``parts`` that may be shared."""

    def __init__(self, plan: Plan, numbers: Numbers, rows: Rows, parts: dict[str, Stack], weeks: Stack) -> None:
        self.plan, self.numbers, self.rows = plan, numbers, rows
        self.profile = weeks.add(np.concatenate([plan.profiles.view(np.int64), plan.return_times], axis=1))
        steps, channels = plan.steps.copy(), plan.channels.copy()
        steps["field"] = np.append(numbers.fields, NEVER)[plan.steps["field"]]
        steps["work"], channels["checking"] = rows(plan.steps["work"]), rows(plan.channels["checking"])
        self.step, self.channel = parts["steps"].add(steps), parts["channels"].add(channels)
        self.procedure = parts["procedures"].add(self._procedures())

    def _procedures(self) -> Table:
        procedures = self.plan.procedures.copy()
        procedures["field"] = self.numbers.fields[procedures["field"]]
        for name in ("service", "signature"):
            procedures[name] = self.rows(procedures[name])
        for name in ("first_step", "last_step"):
            procedures[name] += self.step
        return procedures

    def row(self, asks_the_first: bool) -> Table:
        """Its row of CENTERS; specialists are its own, or all at the first center's place."""
        row = self.plan.centers.copy()
        for name, first in (("points", self.numbers.point), ("procedures", self.procedure), ("channels", self.channel)):
            row[name] += first
        for name in OF_PEOPLE:
            row[name] = self.rows(row[name])
        row["consulted"] = self.numbers.kinds(int(row["consulted"][0]))
        row["outages"] = self.rows(row["outages"])
        row["asked"] = 0 if asks_the_first else self.numbers.row
        return row

    def demand(self) -> Table:
        demand = self.plan.demand.copy()
        demand["profile"] += self.profile
        return demand

    def points(self) -> Table:
        points = self.plan.points.copy()
        points["travel"], points["center"] = self.rows(points["travel"]), self.numbers.row
        return points

    def purposes(self) -> Table:
        purposes = self.plan.purposes.copy()
        purposes["value"] = self.rows(purposes["value"])
        return purposes


def _blocks(tables: Sequence[NDArray[np.int64]], numbers: Sequence[Numbers]) -> NDArray[np.int64]:
    """Points by point and field; NEVER for the fields that are not of a point's center."""
    found = np.full((numbers[0].all_points, numbers[0].all_fields), NEVER)
    for table, own in zip(tables, numbers, strict=True):
        found[own.point : own.point + own.points, own.fields] = table + own.point
    return found


def _officials(plans: Sequence[Plan], numbers: Sequence[Numbers], shared: int) -> Table:
    """Those of each center, keyed by their numbers in it, and those whom all share."""
    total = shared + sum(len(plan.officials) - len(own.shared) for plan, own in zip(plans, numbers, strict=True))
    found = np.zeros(total, plans[0].officials.dtype)
    for plan, own in zip(plans, numbers, strict=True):
        stays = own.officials != NEVER
        rows, ids = plan.officials[stays], own.officials[stays]
        for name in ("skills", "weak"):
            rows[name] = [own.kinds(int(mask)) for mask in rows[name]]
        for name in ("place", "home"):
            rows[name] = own.place(rows[name])
        rows["center"], rows["key"] = own.row, person(int(plan.centers[0]["number"]), 0, 0, np.arange(len(rows)))
        found[ids] = rows
    for plan, own in zip(plans, numbers, strict=True):
        for one, nth in own.shared.items():
            skills = own.kinds(int(plan.officials["skills"][one]))
            found["skills"][total - shared + nth] |= np.uint64(skills)
    found["center"][total - shared :], found["place"][total - shared :] = NEVER, _asked_by_all(numbers)
    found["key"][total - shared :] = SHARED + np.arange(shared)
    return found


def _asked_by_all(numbers: Sequence[Numbers]) -> int:
    """The place of the specialists whom all centers share, the first center's."""
    return 2 * numbers[0].all_points + Room.REMOTE


def _calendar(plans: Sequence[Plan], numbers: Sequence[Numbers], shared: int) -> dict[str, Any]:
    """The days, and what happens on them and who guides then in all centers; all who are shared may be busy at once."""
    days = plans[0].days.copy()
    guiding, days["guiding"] = _together([plan.days["guiding"] for plan in plans])
    programs, days["program"] = _together([plan.days["program"] for plan in plans])
    parts: dict[str, list[Table]] = {"changes": [], "shifts": []}
    first = np.zeros(len(programs) + 1, PROGRAMS)
    for nth, program in enumerate(programs):
        for name, order in (("changes", ("subject", "kind", "time")), ("shifts", ("start", "official"))):
            rows = [_of_program(*one, name) for one in zip(plans, numbers, program, strict=True)]
            table = np.concatenate(rows)
            parts[name].append(table[np.lexsort([table[key] for key in order])])
            first[name][nth + 1] = first[name][nth] + len(table)
    changes = np.concatenate(parts["changes"])
    of_all = (changes["kind"] == Change.LIMIT) & (changes["subject"] == _asked_by_all(numbers))
    changes["value"][of_all & (shared > 0)] = shared
    return {
        "days": days,
        "guiding": np.stack([_guiding(plans, kinds) for kinds in guiding]),
        "programs": first,
        "changes": changes,
        "shifts": np.concatenate(parts["shifts"]),
    }


def _guiding(plans: Sequence[Plan], kinds: Table) -> Table:
    return np.concatenate([plan.guiding[kind] for plan, kind in zip(plans, kinds, strict=True)])


def _together(columns: Sequence[Table]) -> tuple[Table, Table]:
    """The combinations of what the days of several calendars are, and that of each day."""
    found, of_day = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    return found, of_day.ravel()


def _of_program(plan: Plan, own: Numbers, program: int, name: str) -> Table:
    """The changes or shifts of one program of a plan."""
    first = plan.programs[name]
    rows = getattr(plan, name)[first[program] : first[program + 1]]
    return own.changes(rows) if name == "changes" else own.shifts(rows)
