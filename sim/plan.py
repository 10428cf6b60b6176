"""The scenario flattened for one replication: what an engine needs, in integers and ids.

Times are int64 ms from the scenario's first midnight, shares are thresholds on the scale of
:func:`sim.streams.whole`, names are positions. No row per citizen: people are looked up a day at a time
(:mod:`sim.people`). ``columns`` are the exception: a replay brings its own people, a row each, by arrival;
the columns mean what those of :data:`sim.attributes.VISIT` do.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.streams import Words
from sim.units import NEVER

UNLIMITED = 1 << 40
MOST_DOSSIERS = 15
Table = NDArray[Any]

RULES = np.dtype(
    [
        ("center", "i8"),
        ("horizon", "i8"),
        ("warmup", "i8"),
        ("greeting", "i8"),
        ("finds", "i8"),
        ("mends", "i8"),
        ("guidance", "i8"),  # quantile rows, NEVER without: of guidance, patience, the factor of a day, outages
        ("patience", "i8"),
        ("day_factor", "i8"),
        ("up", "i8"),
        ("down", "i8"),
        ("moves", "i8"),
        ("returns", "i8", (2,)),  # thresholds: incomplete, unserved
        ("delays", "i8", (2, 2)),  # first day, number of days
        ("visits", "i8"),
        ("carries_over", "?"),
        ("breaks_in_full", "?"),
        ("starts_while_down", "?"),
    ]
)
POINTS = np.dtype(
    [("threshold", "i8"), ("draws", "i8"), ("seats", "i8"), ("tickets", "i8"), ("travel", "i4"), ("guided", "?")]
)
PROCEDURES = np.dtype([("threshold", "i8"), ("incomplete", "i8"), ("field", "i4"), ("service", "i4"), ("network", "?")])
CHOICES = np.dtype([("threshold", "i8"), ("value", "i8")])
OFFICIALS = np.dtype([("skills", "u8"), ("classes", "u8"), ("speed", "i8"), ("place", "i4"), ("breadth", "i4")])
PROGRAMS = np.dtype([("changes", "i8"), ("shifts", "i8")])  # their first rows; one row more than there are
CHANGES = np.dtype([("time", "i8"), ("value", "i8"), ("kind", "i4"), ("subject", "i4")])
SHIFTS = np.dtype([("official", "i4"), ("start", "i8"), ("end", "i8"), ("pay", "i4")])
NETWORK = np.dtype([("time", "i8"), ("speed", "i8"), ("work", "i8")])
COLUMNS = np.dtype(
    [
        (name, "i8")
        for name in (
            "arrival",
            "dossiers",
            "point",
            "priority",
            "procedure",
            "purpose",
            "channel",
            "travel",
            "patience",
            "guidance",
            "after_guidance",
            "work",
            "outcome",
            "left",
        )
    ]
)


class Change(IntEnum):
    """Kinds of rows of ``Plan.changes``: what the calendar does at an instant."""

    HOME = 0  # point: whoever still waits leaves, before the door opens anew
    DOOR = 1  # point, 1 opens or 0 closes
    DUTY = 2  # official, 1 on or 0 off, in turn and not at one instant
    LIMIT = 3  # place, counters that may be busy


class Purpose(IntEnum):
    """Why somebody comes."""

    SUBMIT = 0
    ASK = 1
    COLLECT = 2


class Plan(NamedTuple):
    """One replication, ready to run. Places are 2 * point for counters and 2 * point + 1 for guides.

    A day follows its program: the rows of ``changes`` and ``shifts`` from one row of ``programs`` to the next,
    their times from that day's midnight. ``network`` has the steps of its speed, none where it is always up.
    """

    seed: int
    replication: int
    keys: Words
    rules: Any
    days: Table
    profiles: NDArray[np.float64]
    return_times: NDArray[np.int64]
    points: Table
    routes: NDArray[np.int64]
    procedures: Table
    purposes: Table
    channels: Table
    priorities: Table
    dossiers: Table
    officials: Table
    programs: Table
    changes: Table
    shifts: Table
    network: Table
    quantiles: NDArray[np.int64]
    columns: Table

    @property
    def fields(self) -> int:
        """Number of fields of work; the task kind of guidance is one more."""
        return int(self.routes.shape[1])


class Shared:
    """Tables that the replications of a scenario share, as one key: what follows from them is worked out once."""

    def __init__(self, *tables: Table) -> None:
        self.tables = tables
        self._content = tuple((table.shape, table.dtype.itemsize, table.tobytes()) for table in tables)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shared) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)


_DEFAULTS = {
    "guidance": NEVER,
    "patience": NEVER,
    "day_factor": NEVER,
    "up": NEVER,
    "down": NEVER,
    "delays": ((1, 1), (1, 1)),
    "visits": 1,
}


def rules(**given: Any) -> Any:
    """The scalars of a plan, a record of RULES; what is not given is absent, off or 0."""
    row = np.zeros(1, RULES).view(np.recarray)
    for name, value in {**_DEFAULTS, **given}.items():
        row[name] = value
    return row[0]


def no_columns() -> Table:
    """For plans whose people are looked up."""
    return np.empty(0, COLUMNS)
