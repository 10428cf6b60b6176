"""What happened: one row per visit and per task, and the paid shifts. No statistics."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Outcome(IntEnum):
    """How a visit ended; each visit has exactly one."""

    SERVED = 0
    ADVISED = 1
    INCOMPLETE_AT_GUIDANCE = 2
    INCOMPLETE = 3
    RENEGED = 4
    BALKED = 5
    TURNED_AWAY = 6
    CARRIED_OVER = 7
    IN_SYSTEM = 8


VISITS = np.dtype(
    [
        ("citizen", "i8"),
        ("center", "i2"),
        ("visit", "i2"),
        ("point", "i2"),
        ("procedure", "i2"),
        ("priority", "i2"),
        ("channel", "i2"),
        ("purpose", "i1"),
        ("dossiers", "i1"),  # how many were brought
        ("left", "i1"),  # how many of them were not accepted
        ("outcome", "i1"),
        ("arrival", "i8"),
        ("entry", "i8"),  # through the door; NEVER for who did not get in
        ("departure", "i8"),  # NEVER for who is still there at the horizon
        ("travel", "i8"),
    ]
)
TASKS = np.dtype(
    [
        ("visit", "i8"),  # row of the visit
        ("kind", "i2"),  # field of work; past them :class:`sim.plan.Kind`
        ("place", "i2"),
        ("official", "i4"),  # NEVER for a task that did not start
        ("entry", "i8"),
        ("start", "i8"),
        ("end", "i8"),  # NEVER for a task that did not end before the horizon
    ]
)


DECISIONS = np.dtype([("time", "i8"), ("official", "i4"), ("place", "i4")])


@dataclass(frozen=True, eq=False)
class Trace:
    """One replication. Rows are in the order (center, citizen, visit, task); times in ms, NEVER for absent.

    ``shifts`` are the paid spans of the officials, ``horizon`` is exclusive, and what arrives before
    ``warmup`` is run but not measured. ``decisions``: where rules sent officials, by time and official.
    """

    visits: NDArray[Any]
    tasks: NDArray[Any]
    shifts: NDArray[Any]
    horizon: int
    warmup: int
    decisions: NDArray[Any] = field(default_factory=lambda: np.empty(0, DECISIONS))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trace) and all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("visits", "tasks", "shifts", "horizon", "warmup", "decisions")
        )

    __hash__ = None  # type: ignore[assignment]


_NUMBERED = np.dtype([("number", "i8"), *((name, VISITS[name]) for name in VISITS.names or ())])


def trace_of(
    visits: list[tuple[int, ...]], tasks: list[tuple[int, ...]], shifts: Any, horizon: int, warmup: int
) -> Trace:
    """A trace of rows in any order; those of visits begin with the number by which tasks name them."""
    seen, done = np.array(visits, dtype=_NUMBERED), np.array(tasks, dtype=TASKS)
    seen = seen[np.lexsort((seen["visit"], seen["citizen"], seen["center"]))]
    row_of = np.empty(seen["number"].max(initial=-1) + 1, np.int64)
    row_of[seen["number"]] = np.arange(len(seen))
    done["visit"] = row_of[done["visit"]]
    done = done[np.lexsort((done["start"], done["kind"], done["entry"], done["visit"]))]
    rows = np.empty(len(seen), VISITS)
    for name in VISITS.names or ():
        rows[name] = seen[name]
    return Trace(rows, done, shifts, horizon, warmup)
