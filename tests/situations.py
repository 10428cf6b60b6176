"""Situations worked out by hand: a plan, and the rows that every engine must give.

Times are minutes; None is never. Visits are (entry, departure, outcome) by citizen, tasks are (visit, official,
entry, start, end). Citizen n is the n-th to arrive, given ties in the given order.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.plan import Plan
from sim.trace import Trace
from sim.units import MINUTE, NEVER, milliseconds
from tests import naive

ENGINES = pytest.mark.parametrize("engine", [run, compiled, naive.run], ids=["reference", "compiled", "naive"])
MS = 1 / MINUTE

Time = float | None
Visits = list[tuple[Time, Time, int]]
Tasks = list[tuple[int, int | None, Time, Time, Time]]


@dataclass(frozen=True)
class Situation:
    """What a clause means in one situation. ``tasks`` None: not worth listing."""

    clause: str
    what: str
    plan: Plan
    visits: Visits
    tasks: Tasks | None = None


def ms(at: Time) -> int:
    return NEVER if at is None else milliseconds(at)


def visits_of(trace: Trace) -> list[tuple[int, ...]]:
    return [tuple(row) for row in trace.visits[["entry", "departure", "outcome"]].tolist()]


def tasks_of(trace: Trace) -> list[tuple[int, ...]]:
    return [tuple(row) for row in trace.tasks[["visit", "official", "entry", "start", "end"]].tolist()]


def assert_rows(one: Situation, trace: Trace) -> None:
    """The trace has the rows of the situation."""
    assert visits_of(trace) == [(ms(entry), ms(leaves), outcome) for entry, leaves, outcome in one.visits]
    if one.tasks is not None:
        wanted = [
            (visit, NEVER if official is None else official, ms(entry), ms(start), ms(end))
            for visit, official, entry, start, end in one.tasks
        ]
        assert tasks_of(trace) == wanted
