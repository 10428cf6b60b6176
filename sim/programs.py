"""What the calendar does on each day, each program of a day kept once: a run of ten years has few.

A program is the rows of changes and of paid shifts that fall on a day, with times from its midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import CHANGES, PROGRAMS, SHIFTS, Plan, Shared, Table
from sim.units import DAY

Row = tuple[int, int, int, int]
Tables = tuple[Table, Table, Table]


class Programs:
    """Collects programs. Rows are (time, value, kind, subject) and (official, start, end, pay)."""

    def __init__(self) -> None:
        self._number: dict[tuple[tuple[Row, ...], tuple[Row, ...]], int] = {}

    def number(self, changes: Iterable[Row], shifts: Iterable[Row]) -> int:
        """The number of the program with these rows: changes by their instants, shifts by official and start."""
        ordered = sorted(changes, key=lambda row: (row[0], row[2], row[3]))
        return self._number.setdefault((tuple(ordered), tuple(sorted(shifts))), len(self._number))

    def tables(self) -> Tables:
        """Programs, changes and shifts, as a plan has them."""
        first = np.zeros(len(self._number) + 1, PROGRAMS)
        first["changes"][1:] = np.cumsum([len(changes) for changes, _ in self._number])
        first["shifts"][1:] = np.cumsum([len(shifts) for _, shifts in self._number])
        changes = [row for rows, _ in self._number for row in rows]
        shifts = [row for _, rows in self._number for row in rows]
        return first, np.array(changes, CHANGES), np.array(shifts, SHIFTS)


def parts_of_plan(tables: Tables) -> dict[str, Any]:
    """The tables of programs by their names in a :class:`sim.plan.Plan`."""
    return dict(zip(("programs", "changes", "shifts"), tables, strict=True))


def by_day(changes: Sequence[Row], shifts: Sequence[Row], days: int) -> tuple[NDArray[np.int32], Tables]:
    """The program of each day, and the tables, from rows whose times count from the first midnight."""
    found = Programs()
    mine: list[tuple[list[Row], list[Row]]] = [([], []) for _ in range(days)]
    for time, value, kind, subject in changes:
        mine[time // DAY][0].append((time % DAY, value, kind, subject))
    for official, start, end, pay in shifts:
        midnight = start // DAY * DAY
        mine[start // DAY][1].append((official, start - midnight, end - midnight, pay))
    numbers = [found.number(*rows) for rows in mine]
    return np.array(numbers, np.int32), found.tables()


def changes_of(plan: Plan) -> Table:
    """All changes of a plan, CHANGES[n] with times from the first midnight, those past the horizon left out."""
    row, day = _unrolled(plan.programs["changes"], plan.days["program"])
    rows = plan.changes[row]
    rows["time"] += day * DAY
    return np.asarray(rows[rows["time"] < plan.rules.horizon])


def shifts_of(plan: Plan) -> Table:
    """All paid shifts of a plan by official, SHIFTS[n] with times from the first midnight, cut at the horizon.

    One array for all replications of a scenario, which cannot be written to.
    """
    return _shifts(Shared(plan.shifts, plan.programs, plan.days["program"]), int(plan.rules.horizon))


@lru_cache(maxsize=8)
def _shifts(shared: Shared, horizon: int) -> Table:
    shifts, programs, program = shared.tables
    row, day = _unrolled(programs["shifts"], program)
    order = np.argsort(shifts["official"][row], kind="stable")
    rows, midnight = shifts[row[order]], day[order] * DAY
    rows["start"] += midnight
    rows["end"] = np.minimum(rows["end"] + midnight, horizon)
    rows = rows[rows["start"] < horizon]
    rows.setflags(write=False)
    return np.asarray(rows)


def _unrolled(first: Table, program: Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that fall on each day, day after day, and their days; ``first``: the first row of each program."""
    length = first[program + 1] - first[program]
    before = np.cumsum(length) - length
    day = np.repeat(np.arange(len(program)), length)
    return (first[program] - before)[day] + np.arange(length.sum()), day
