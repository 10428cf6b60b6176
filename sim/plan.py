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

Table = NDArray[Any]

POINTS = np.dtype(
    [
        ("threshold", "i8"),
        ("draws", "i8"),
        ("seats", "i8"),
        ("tickets", "i8"),
        ("travel", "i4"),
        ("center", "u2"),  # row of CENTERS
        ("guided", "?"),
    ],
    align=True,
)
PROCEDURES = np.dtype(
    [
        ("threshold", "i8"),
        ("incomplete", "i8"),
        ("field", "u4"),
        ("service", "i4"),
        ("entry", "i8"),  # ms a dossier for a second software
        ("signature", "i4"),  # quantile row; NEVER where the result is not made on the spot
        ("first_step", "u4"),  # of the back office, rows of STEPS: the first, and the one after the last
        ("last_step", "u4"),
        ("term", "i4"),  # working days
        ("network", "?"),
    ],
    align=True,
)
STEPS = np.dtype([("field", "i4"), ("work", "i4")])  # NEVER where a leader signs; quantile row
CHOICES = np.dtype([("threshold", "i8"), ("value", "i8")])
CHANNELS = np.dtype([*CHOICES.descr, ("checking", "i8")])  # quantile row, NEVER where people come to the hall
OFFICIALS = np.dtype(
    [
        ("skills", "u8"),
        ("classes", "u8"),
        ("weak", "u8"),  # fields in which the work goes worse
        ("speed", "i8"),
        ("absent", "i8"),  # thresholds: a spell of absence begins on a day; called away for half a day
        ("called_away", "i8"),
        ("storm", "i8"),  # threshold: kept away on a day of a storm
        ("spell", "i8"),  # days
        ("high", "i8"),  # what their rule goes by, see :class:`Rule`
        ("low", "i8"),
        ("travel", "i8"),  # ms to another point by a rule
        ("rule", "i4"),
        ("home", "i4"),  # the place that the rule sends them to, or from
        ("place", "i4"),
        ("breadth", "i4"),
        ("center", "i4"),  # row of CENTERS; NEVER of those whom all centers share
        ("key", "i8"),  # the entity of their random numbers on day 0
    ]
)
PROGRAMS = np.dtype([("changes", "i8"), ("shifts", "i8")])  # their first rows; one row more than there are
CHANGES = np.dtype([("time", "i8"), ("value", "i8"), ("kind", "i4"), ("subject", "i4")])
SHIFTS = np.dtype([("official", "i4"), ("start", "i8"), ("end", "i8"), ("pay", "i4")])
# Bits of ``pay``: paid as work on a rest day; paid, and the official is away; not paid.
REST_DAY, AWAY, UNPAID = 1, 2, 4
BACK_OFFICE = 1 << 63
"""Beside the classes that an official serves: whether they work in the back office."""
NETWORK = np.dtype([("time", "i8"), ("speed", "i8"), ("work", "i8")])
_GIVEN = (
    *("arrival", "dossiers", "point", "priority", "procedure", "purpose", "channel", "travel"),
    *("patience", "guidance", "after_guidance", "work", "signature", "collection", "outcome", "left"),
)
COLUMNS = np.dtype([(name, "i8") for name in _GIVEN])


class Change(IntEnum):
    """Kinds of rows of ``Plan.changes``: what the calendar does at an instant."""

    HOME = 0  # point: whoever still waits leaves, before the door opens anew
    DOOR = 1  # point, 1 opens or 0 closes
    DUTY = 2  # official, 1 on or 0 off, in turn and not at one instant
    LIMIT = 3  # place, counters that may be busy
    SPEED = 4  # official, permille from now on
    MOVE = 5  # official, the place from now on
    STAY = 6  # official, ms by which their day may now go beyond its shifts
    EXTRA = 7  # official, ms of planned overtime that begin now


class Rule(IntEnum):
    """Which rule says, at each board, where an official works (see :mod:`sim.models.rules`)."""

    NONE = 0
    OPEN = 1  # at home where ``high`` people wait, aside again where no more than ``low`` do
    FLOAT = 2  # to the point where at least ``high`` more people wait
    TOMORROW = 3  # to the point with the longest mean wait of the last day, of at least ``high`` ms, else at home
    OWN = 4  # where a function of somebody's own says, see :mod:`sim.own_rules`


class Board(IntEnum):
    """Columns of a board, a row a point: what a supervisor can see."""

    WAITING = 0  # people in the queues at the counters
    ON_DUTY = 1  # officials who work there
    SENT = 2  # officials whom a rule has sent there, or away, since the board was published
    WAITED = 3  # of the last day on which anybody was received: ms that they waited at the counters, and how many
    RECEIVED = 4
    EXPECTED = 5  # ms that each point publishes as the wait there


class Kind(IntEnum):
    """Kinds of tasks, counted from the number of fields of work; those before are the fields, at a counter."""

    GUIDANCE = 0
    SIGNATURE = 1
    COLLECTION = 2
    RECORD = 3
    STEP = 4
    APPROVAL = 5
    CHECK = 6
    CONSULTATION = 7


class Room(IntEnum):
    """The places of a center beside its points; nobody is served aside, where the officials of all centers go."""

    LEADERS = 0  # who sign
    ASIDE = 1
    REMOTE = 2  # specialists who are asked over a link


ROOMS = len(Room)


class Purpose(IntEnum):
    """Why somebody comes."""

    SUBMIT = 0
    ASK = 1
    COLLECT = 2


class Plan(NamedTuple):
    """One replication, ready to run.

    Places are 2 * point for counters, 2 * point + 1 for guides, then ROOMS of each center, see :class:`sim.plan.Room`.
    ``centers``: CENTERS[n], mostly one. Rows of ``points`` are by center; those of ``procedures`` and ``channels`` may
    be of several that are alike. ``purposes``, ``priorities`` and ``dossiers``: [centers, choices]; classes and their
    ranks are the same in all. ``demand``: [centers, days].
    A day follows its program: the rows of ``changes`` and ``shifts`` from one row of ``programs`` to the next, their
    times from that day's midnight. ``guiding``: kinds of days, [kinds, points, 2], each point guided from a time of the
    day up to another; who comes then passes the guides first. ``offices``: [points, fields], the point to whose
    officials a step in a field goes. ``network`` has the steps of the speed of each center's network, one center after
    the other, from one row of ``networks``, [centers + 1], to the next; none where it is always up. ``office_hours``
    has those of a clock that runs while the door is open, none where nobody files from home. ``times``: ms after
    midnight, those of a day that can be booked from its ``first_time`` to its ``last_time``; the first center alone
    keeps a book.
    """

    seed: int
    replication: int
    keys: Words
    rules: Any
    centers: Table
    days: Table
    demand: Table
    profiles: NDArray[np.float64]
    return_times: NDArray[np.int64]
    times: NDArray[np.int64]
    points: Table
    routes: NDArray[np.int64]
    offices: NDArray[np.int64]
    procedures: Table
    steps: Table
    purposes: Table
    channels: Table
    priorities: Table
    dossiers: Table
    officials: Table
    guiding: NDArray[np.int64]
    programs: Table
    changes: Table
    shifts: Table
    network: Table
    networks: NDArray[np.int64]
    office_hours: Table
    quantiles: NDArray[np.int64]
    columns: Table

    @property
    def fields(self) -> int:
        """Number of fields of work; other kinds of tasks come after them, see :class:`Kind`."""
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


def no_columns() -> Table:
    """For plans whose people are looked up."""
    return np.empty(0, COLUMNS)
