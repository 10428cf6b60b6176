"""This program as one of those that are measured: its engines, their plans, and what their traces say."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from sim.door import load
from sim.engines import run as run_engine
from sim.plan import Plan
from sim.planning import flatten, replicate
from sim.trace import Trace
from sim.units import DAY, MINUTE, NEVER

Engine = Literal["compiled", "reference"]


def run(plan: Plan, engine: Engine) -> Trace:
    """The trace of a plan by one of the engines."""
    return run_engine(plan, engine)


def run_by_events(plan: Plan) -> Trace:
    """The trace of a plan by the loop of the compiled engine, even where a recursion would do."""
    from sim.models.compiled.engine import by_events

    return by_events(plan)


def planned(overrides: tuple[str, ...], replication: int) -> Plan:
    """The plan of one replication of a scenario."""
    return replicate(_flat(overrides), 1, replication)


@lru_cache(maxsize=16)
def _flat(overrides: tuple[str, ...]) -> Plan:
    return flatten(load(list(overrides)).scenario)


def waits_by_day(trace: Trace) -> Any:
    """Minutes waited at all queues by those who came on each day, and their visits: float64[2, days]."""
    tasks, day = trace.tasks, trace.visits["arrival"] // DAY
    called = tasks["start"] != NEVER
    waited = (tasks["start"] - tasks["entry"])[called]
    minutes = np.bincount(day[tasks["visit"][called]], waited, minlength=day.max(initial=0) + 1)
    return np.stack([minutes / MINUTE, np.bincount(day, minlength=len(minutes))])


def mean_wait(trace: Trace) -> float:
    """Minutes from the door to a guide, and from the guide to the counter, in the mean over visits."""
    minutes, visits = waits_by_day(trace).sum(axis=1)
    return float(minutes / visits)
