"""What the calendar does on each day, each program of a day kept once: a run of ten years has few.

A program is the rows of changes and of paid shifts that fall on a day, with times from its midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.plan import CHANGES, PROGRAMS, SHIFTS, Plan, Table
from sim.units import DAY

Row = tuple[int, int, int, int]
Tables = tuple[Table, Table, Table]


class Programs:
    """Collects programs. Rows are (time, value, kind, subject) and (official, start, end, pay)."""

    def __init__(self) -> None:
        self._number: dict[tuple[tuple[Row, ...], tuple[Row, ...]], int] = {}

    def number(self, changes: Iterable[Row], shifts: Iterable[Row]) -> int:
        """The number of the program with these rows; changes are put in the order of their instants."""
        ordered = sorted(changes, key=lambda row: (row[0], row[2], row[3]))
        return self._number.setdefault((tuple(ordered), tuple(shifts)), len(self._number))

    def tables(self) -> Tables:
        """Programs, changes and shifts, as a plan has them."""
        first = np.zeros(len(self._number) + 1, PROGRAMS)
        first["changes"][1:] = np.cumsum([len(changes) for changes, _ in self._number])
        first["shifts"][1:] = np.cumsum([len(shifts) for _, shifts in self._number])
        changes = [row for rows, _ in self._number for row in rows]
        shifts = [row for _, rows in self._number for row in rows]
        return first, np.array(changes, CHANGES), np.array(shifts, SHIFTS)


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
    rows = _unrolled(plan, plan.changes, "changes", ("time",))
    return np.asarray(rows[rows["time"] < plan.rules.horizon])


def shifts_of(plan: Plan) -> Table:
    """All paid shifts of a plan by official, SHIFTS[n] with times from the first midnight, cut at the horizon."""
    rows = _unrolled(plan, plan.shifts, "shifts", ("start", "end"))
    rows["end"] = np.minimum(rows["end"], plan.rules.horizon)
    rows = rows[rows["start"] < plan.rules.horizon]
    return np.asarray(rows[np.lexsort((rows["start"], rows["official"]))])


def _unrolled(plan: Plan, table: Table, name: str, times: tuple[str, ...]) -> Table:
    first, program = plan.programs[name], plan.days["program"]
    length = first[program + 1] - first[program]
    before = np.repeat(np.cumsum(length) - length, length)
    rows = np.asarray(table[np.repeat(first[program], length) + np.arange(length.sum()) - before])
    for column in times:
        rows[column] += np.repeat(np.arange(len(program)) * DAY, length)
    return rows
