"""The scenario flattened for one replication: what an engine needs, in integers and ids.

Times are int64 ms from the scenario's first midnight, shares are thresholds on the scale of
:func:`sim.streams.whole`, names are positions. No row per citizen: people are looked up a day at a time
(:mod:`sim.people`). ``columns`` are the exception: a replay brings its own people, a row each, by arrival;
the columns mean what those of :data:`sim.attributes.VISIT` do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.units import NEVER

UNLIMITED = 1 << 40
MOST_DOSSIERS = 15
Table = NDArray[Any]

POINTS = np.dtype(
    [("threshold", "i8"), ("draws", "i8"), ("seats", "i8"), ("tickets", "i8"), ("guided", "?"), ("travel", "i4")]
)
PROCEDURES = np.dtype([("threshold", "i8"), ("field", "i4"), ("service", "i4"), ("incomplete", "i8"), ("network", "?")])
CHOICES = np.dtype([("threshold", "i8"), ("value", "i8")])
OFFICIALS = np.dtype([("place", "i4"), ("skills", "u8"), ("breadth", "i4"), ("classes", "u8"), ("speed", "i8")])
CHANGES = np.dtype([("time", "i8"), ("kind", "i4"), ("subject", "i4"), ("value", "i8")])
SHIFTS = np.dtype([("official", "i4"), ("start", "i8"), ("end", "i8"), ("pay", "i4")])
NETWORK = np.dtype([("time", "i8"), ("speed", "i8"), ("work", "i8")])
BROUGHT = (
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
COLUMNS = np.dtype([(name, "i8") for name in ("arrival", "dossiers", *BROUGHT)])


class Change(IntEnum):
    """Kinds of rows of ``Plan.changes``: what the calendar does at an instant."""

    HOME = 0  # point: whoever still waits leaves, before the door opens anew
    DOOR = 1  # point, 1 opens or 0 closes
    DUTY = 2  # official, 1 on or 0 off, in turn and not at one instant
    LIMIT = 3  # place, counters that may be busy
    NETWORK = 4  # all places, speed in permille


class Purpose(IntEnum):
    """Why somebody comes."""

    SUBMIT = 0
    ASK = 1
    COLLECT = 2


@dataclass(frozen=True)
class Rules:
    """The few scalars of a plan."""

    horizon: int
    warmup: int
    greeting: int = 0
    finds: int = 0
    mends: int = 0
    guidance: int = NEVER
    patience: int = NEVER
    day_factor: int = NEVER
    outage: tuple[int, int] = (NEVER, NEVER)  # quantile rows: up, down
    moves: int = 0
    returns: tuple[int, int] = (0, 0)  # thresholds: incomplete, unserved
    delays: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (1, 1))  # first day, number of days
    visits: int = 1
    carries_over: bool = False
    breaks_in_full: bool = False
    starts_while_down: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """One replication, ready to run. Places are 2 * point for counters and 2 * point + 1 for guides."""

    seed: int
    replication: int
    rules: Rules
    days: Table
    profiles: NDArray[np.float64]
    return_times: NDArray[np.int64]
    points: Table
    routes: NDArray[np.int64]
    procedures: Table
    purposes: Table
    channels: Table
    priorities: Table
    dossiers: NDArray[np.int64]
    officials: Table
    changes: Table
    shifts: Table
    network: Table
    quantiles: NDArray[np.int64]
    center: int = 0
    columns: Table = field(default_factory=lambda: np.empty(0, COLUMNS))

    @property
    def fields(self) -> int:
        """Number of fields of work; the task kind of guidance is one more."""
        return int(self.routes.shape[1])
