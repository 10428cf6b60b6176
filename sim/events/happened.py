"""What happened in a trace, event by event: who came, waited, was served, left, and what became of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import Kind
from sim.trace import Trace
from sim.units import NEVER

Table = NDArray[Any]


class Activity(IntEnum):
    """What is done; those of a task are its kinds, "reception" is the task at a counter."""

    ARRIVE = 0
    ENTER = 1
    LEAVE = 2
    FILE = 3  # online from home
    ANSWER = 4  # what was filed from home is accepted or sent back
    RECEPTION = 5
    GUIDANCE = 6
    SIGNATURE = 7
    COLLECTION = 8
    RECORD = 9
    STEP = 10
    APPROVAL = 11
    CHECK = 12
    CONSULTATION = 13


class Transition(IntEnum):
    """What becomes of an activity: of the standard lifecycle model of XES (IEEE 1849-2016)."""

    SCHEDULE = 0  # joins the queue
    START = 1
    SUSPEND = 2  # put aside
    RESUME = 3
    COMPLETE = 4
    WITHDRAW = 5  # given up, or sent home, before it started


EVENTS = np.dtype(
    [
        ("time", "i8"),  # ms from the scenario's first midnight
        ("visit", "i8"),  # row of the visit
        ("later", "?"),  # than what was begun before and ends at this instant
        ("nth", "i8"),  # orders what happens to a visit at one instant
        ("stage", "i1"),
        ("activity", "i1"),
        ("transition", "i1"),
        ("official", "i4"),  # NEVER where nobody is at work
        ("place", "i4"),  # NEVER at home
        ("step", "i2"),  # of the back office, from 1; 0 of anything else
    ]
)
_ORDER = ("time", "later", "visit", "nth", "stage")
_AFTERWARDS = (Kind.RECORD, Kind.STEP, Kind.APPROVAL)


def happened(trace: Trace, fields: int, filed: Table, kept: Table) -> Table:
    """The events of some visits, EVENTS[n], by time; of what happens at one instant, ends come first.

    ``filed``: by row of the visit, whether it was filed from home. ``kept``: the visits that are told. Work of the
    back office that is put aside and gone on with is suspended and resumed. Who was still there, and what was still
    waiting or under way at the horizon, has no event for its end.
    """
    events = np.concatenate([*_of_visits(trace, fields, filed), *_of_tasks(trace, fields)])
    events = events[kept[events["visit"]]]
    order = np.lexsort([events[name] for name in reversed(_ORDER)])
    return np.asarray(events[order])


def _of_visits(trace: Trace, fields: int, filed: Table) -> Iterator[Table]:
    visits, rows = trace.visits, np.arange(len(trace.visits))
    place = np.where(filed, NEVER, 2 * visits["point"].astype(np.int64))
    last = np.full(len(visits), NEVER)
    inside = np.flatnonzero(~np.isin(trace.tasks["kind"], [fields + kind for kind in _AFTERWARDS]))
    last[trace.tasks["visit"][inside]] = 2 * inside + 1
    for time, nth, names in (
        ("arrival", NEVER - 2, (Activity.ARRIVE, Activity.FILE)),
        ("entry", NEVER - 1, (Activity.ENTER, Activity.ENTER)),
        ("departure", last, (Activity.LEAVE, Activity.ANSWER)),
    ):
        found = _events(visits[time], rows, nth=nth, stage=3, place=place, activity=np.where(filed, *names[::-1]))
        found["transition"] = Transition.COMPLETE
        yield found[found["time"] != NEVER]


def _events(time: Table, visit: Table, **columns: Any) -> Table:
    found = np.zeros(len(time), EVENTS)
    found["time"], found["visit"], found["later"], found["official"] = time, visit, True, NEVER
    for name, values in columns.items():
        found[name] = values
    return found


def _of_tasks(trace: Trace, fields: int) -> Iterator[Table]:
    """A row of a task is its wait, or a stretch of it: rows of one task differ in their start alone."""
    tasks = trace.tasks
    same = np.zeros(len(tasks) + 1, bool)
    names = ("visit", "kind", "entry")
    same[1:-1] = np.logical_and.reduce([tasks[name][1:] == tasks[name][:-1] for name in names])
    first, last = ~same[:-1], ~same[1:]
    task = np.cumsum(first) - 1
    waits, goes_on = tasks["start"] == NEVER, tasks["end"] == NEVER
    unfinished = (np.bincount(task, waits & goes_on) > 0)[task] if len(tasks) else waits
    begun = first | np.append(False, waits[:-1] & ~first[1:])
    common: dict[str, Any] = {"nth": 2 * np.arange(len(tasks)), "place": tasks["place"]}
    common["activity"] = Activity.RECEPTION + np.maximum(tasks["kind"].astype(np.int64) - fields + 1, 0)
    common["step"] = _steps(tasks, fields, first)
    yield _events(tasks["entry"], tasks["visit"], transition=Transition.SCHEDULE, **common)[first]
    given_up = _events(tasks["end"], tasks["visit"], stage=2, transition=Transition.WITHDRAW, **common)
    yield given_up[waits & ~goes_on]
    common["official"] = tasks["official"]
    starts = np.where(begun, Transition.START, Transition.RESUME)
    yield _events(tasks["start"], tasks["visit"], stage=1, transition=starts, **common)[~waits]
    common["nth"] = common["nth"] + 3 * _consults(tasks, fields)
    ends = np.where(last & ~unfinished, Transition.COMPLETE, Transition.SUSPEND)
    at_once = tasks["start"] == tasks["end"]
    stops = _events(tasks["end"], tasks["visit"], stage=2, later=at_once, transition=ends, **common)
    yield stops[~waits & ~goes_on]


def _consults(tasks: Table, fields: int) -> Table:
    """Whether the next task is a consultation of this one, at whose end it ends."""
    return np.append(tasks["kind"][1:] == fields + Kind.CONSULTATION, False)[: len(tasks)]


def _steps(tasks: Table, fields: int, first: Table) -> Table:
    """Which step of the back office a task is, from 1; 0 where it is none."""
    is_step = np.isin(tasks["kind"], [fields + Kind.STEP, fields + Kind.APPROVAL])
    before = np.cumsum(is_step & first)
    start = np.searchsorted(tasks["visit"], tasks["visit"])
    return np.where(is_step, before - np.append(0, before)[start], 0)
