"""A trace as tidy tables with the names of its scenario: one row a visit, a task, a shift, a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault, nearest
from sim.frames import minutes, named, visits_frame
from sim.plan import AWAY, REST_DAY, UNPAID, Kind
from sim.roster import official_names
from sim.scenario import Scenario
from sim.trace import Trace
from sim.units import DAY, NEVER

TASKS = ("reception", *(kind.name.lower() for kind in Kind))


def frame(trace: Trace, scenario: Scenario, rows: str = "visits") -> pd.DataFrame:
    """What happened in one replication, as a table: its ``rows`` are visits, tasks, shifts or decisions.

    ``visits``: as ``Result.visits``, without the replication. ``tasks``: ``task`` (reception, guidance, signature,
    collection, record, step, approval, check, consultation) for a ``citizen`` and ``visit``, who joined at ``entry``,
    was served from ``start`` to ``end`` by ``official`` at ``point``; ``field`` of a reception. Without a start it was
    only waited for; what is put aside and gone on with has a row a stretch. ``shifts``: paid spans of each official
    from ``start`` to ``end``, in which they may be ``away``; ``paid`` is false of volunteers, ``rest_day`` is paid as
    such. ``decisions``: where rules sent an official at a ``time``.

    Times are minutes from the scenario's first midnight, absent ones empty, the warm-up is in it. Dates:
    ``pd.Timestamp(scenario.start) + pd.to_timedelta(frame.start, unit="min")``. ``scenario`` is that of the study,
    policies applied: ``study.scenario``. BadInput for other rows, or a scenario that cannot be that of the trace.
    """
    faults = list(_faults(trace, scenario, rows))
    if faults:
        raise BadInput(faults)
    return ROWS[rows](trace, scenario)


def points_at(places: NDArray[Any], scenario: Scenario) -> NDArray[Any]:
    """The point of each place; NEVER where it is none: at home, with a leader, with a specialist over a link."""
    at_point = (places != NEVER) & (places < 2 * len(scenario.points))
    return np.where(at_point, places // 2, NEVER)


def _visits(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    return visits_frame(trace, scenario, 0).drop(columns="replication")


def _tasks(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    tasks, fields = trace.tasks, list(scenario.fields)
    visits = trace.visits[tasks["visit"]]
    kind = tasks["kind"].astype(np.int64)
    made = pd.DataFrame({"citizen": visits["citizen"], "visit": visits["visit"]})
    made["task"] = named(TASKS, np.maximum(kind - len(fields) + 1, 0))
    made["field"] = named(fields, np.where(kind < len(fields), kind, NEVER))
    made["point"] = named(list(scenario.points), points_at(tasks["place"], scenario))
    made["official"] = named(official_names(scenario), tasks["official"])
    for name in ("entry", "start", "end"):
        made[name] = minutes(tasks[name])
    return made


def _shifts(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    shifts = trace.shifts
    made = pd.DataFrame({"official": named(official_names(scenario), shifts["official"])})
    made["start"], made["end"] = minutes(shifts["start"]), minutes(shifts["end"])
    for name, bit, when in (("away", AWAY, True), ("paid", UNPAID, False), ("rest_day", REST_DAY, True)):
        made[name] = ((shifts["pay"] & bit) != 0) == when
    return made


def _decisions(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    decided = trace.decisions
    made = pd.DataFrame({"time": minutes(decided["time"])})
    made["official"] = named(official_names(scenario), decided["official"])
    made["point"] = named(list(scenario.points), points_at(decided["place"], scenario))
    return made


ROWS: dict[str, Callable[[Trace, Scenario], pd.DataFrame]] = {
    "visits": _visits,
    "tasks": _tasks,
    "shifts": _shifts,
    "decisions": _decisions,
}


def _faults(trace: object, scenario: object, rows: str) -> Iterator[Fault]:
    if not isinstance(trace, Trace):
        yield Fault("trace", type(trace).__name__, "wanted a Trace, as sim.run gives")
    if not isinstance(scenario, Scenario):
        yield Fault("scenario", type(scenario).__name__, "wanted a Scenario: study.scenario")
    elif isinstance(trace, Trace) and not _may_be_of(trace, scenario):
        yield Fault("scenario", scenario.name, "is not that of the trace: wanted study.scenario, policies applied")
    if rows not in ROWS:
        yield Fault("rows", repr(rows), f"wanted one of {', '.join(ROWS)}", nearest(str(rows), ROWS))


def _may_be_of(trace: Trace, scenario: Scenario) -> bool:
    """Whether a trace is as long as the scenario says, and every number in it has a name there."""
    counts = {"point": len(scenario.points), "procedure": len(scenario.procedures)}
    counts |= {"priority": len(scenario.priorities), "channel": len(scenario.channels)}
    limits = [(trace.visits[name], count) for name, count in counts.items()]
    officials = len(official_names(scenario))
    limits += [(rows["official"], officials) for rows in (trace.tasks, trace.shifts, trace.decisions)]
    limits.append((trace.tasks["kind"], len(scenario.fields) + len(Kind)))
    long = (trace.horizon, trace.warmup) == (scenario.days * DAY, scenario.warmup * DAY)
    return long and all(numbers.max(initial=NEVER) < count for numbers, count in limits)
