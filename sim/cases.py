"""What became of the dossiers that went on to the back office, visit by visit."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.plan import Kind
from sim.trace import Trace
from sim.units import DAY, NEVER
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]


class Ready(IntEnum):
    """The columns of ``Tally.ready``: dossiers of the back office by working days, those beyond the last in it."""

    TAKEN = 0  # those that are ready, by the days it took
    LEFT = 1  # all, by the days that were left of the run when they were received
    LEFT_OF_READY = 2  # the same of those that are ready


class Cases(NamedTuple):
    """What the back office has of each visit: dossiers, 0 without; working days left of the run, and taken; ms so far.

    ``taken``: NEVER where the result is not ready at the horizon.
    """

    dossiers: Integers
    left: Integers
    taken: Integers
    lasted: Integers


def cases_of(trace: Trace, by: Yardstick) -> Cases:
    """What the back office had of each visit of a trace."""
    visits, tasks, fields = trace.visits, trace.tasks, len(by.fields)
    steps = tasks[(tasks["kind"] == fields + Kind.STEP) | (tasks["kind"] == fields + Kind.APPROVAL)]
    at_counter = tasks[(tasks["kind"] < fields) & (tasks["end"] != NEVER)]
    received, ready, is_case = (np.zeros(len(visits), np.int64) for _ in range(3))
    received[at_counter["visit"]] = at_counter["end"]
    checked = tasks["kind"] == fields + Kind.CHECK
    np.maximum.at(received, tasks["visit"][checked], tasks["end"][checked])
    is_case[steps["visit"]] = 1
    np.maximum.at(ready, steps["visit"], steps["end"])
    pending = np.zeros(len(visits), bool)
    pending[steps["visit"][steps["end"] == NEVER]] = True
    first, last, worked = received // DAY, np.maximum(ready // DAY, 0), np.append(by.worked, 0)
    taken = np.where(last > first, worked[last - 1] - worked[first] + 1, 0)
    return Cases(
        dossiers=is_case * (visits["dossiers"] - visits["left"]),
        left=by.worked[-1] - worked[first],
        taken=np.where(pending, NEVER, taken),
        lasted=np.where(pending, trace.horizon, ready) - received,
    )


def ready_of(cases: Cases, visits: NDArray[np.void], by: Yardstick) -> Integers:
    """The dossiers of some visits by procedure and working days, int64[procedures, spans, 3]."""
    found = np.zeros((len(by.field_of), by.spans, len(Ready)), np.int64)
    some = cases.dossiers > 0
    is_ready = some & (cases.taken != NEVER)
    for which, days, column in (
        (is_ready, cases.taken, Ready.TAKEN),
        (some, cases.left, Ready.LEFT),
        (is_ready, cases.left, Ready.LEFT_OF_READY),
    ):
        at = visits["procedure"][which], np.minimum(days[which], by.spans - 1), np.int64(column)
        np.add.at(found, at, cases.dossiers[which])
    return found
