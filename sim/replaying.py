"""Given numbers through the engine: arrivals and service times of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.demand import DAYS
from sim.faults import BadInput, Fault
from sim.models.center import run
from sim.plan import (
    CHANGES,
    CHOICES,
    COLUMNS,
    NETWORK,
    OFFICIALS,
    POINTS,
    PROCEDURES,
    SHIFTS,
    UNLIMITED,
    Change,
    Plan,
    Rules,
)
from sim.planning import in_order
from sim.streams import WHOLE
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SLOTS


def replay(
    arrivals: ArrayLike,
    work: ArrayLike,
    counters: int | Mapping[float, int],
    patience: ArrayLike | None = None,
) -> Trace:
    """The trace of one queue, first come first served, with given numbers.

    ``arrivals`` and ``work``: minutes[n], arrivals ascending from 0 on; ``patience``: minutes[n], or None
    for no limit. ``counters``: a number, or the number from each time in minutes on (0 before the first).
    Times are rounded to ms; work and patience are at least 1 ms. BadInput where they are not such numbers.
    Row i of ``visits`` and of ``tasks`` is citizen i.
    """
    columns = _columns(arrivals, work, patience)
    steps = {0.0: counters} if isinstance(counters, int) else dict(counters)
    _check_counters(steps)
    return run(_plan(columns, steps))


def _columns(arrivals: ArrayLike, work: ArrayLike, patience: ArrayLike | None) -> NDArray[Any]:
    given = {"arrivals": arrivals, "work": work} | ({} if patience is None else {"patience": patience})
    faults, found = [], {}
    for name, values in given.items():
        array = np.asarray(values, dtype=np.float64)
        found[name] = array
        if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
            faults.append(Fault(name, "", "wanted one row of finite minutes, none negative"))
        elif array.shape != np.shape(arrivals):
            faults.append(Fault(name, f"{len(array)} numbers", f"wanted one for each of {np.size(arrivals)} arrivals"))
        elif name == "arrivals" and (np.diff(array) < 0).any():
            faults.append(Fault(name, "", "wanted ascending times"))
    if faults:
        raise BadInput(faults)
    columns = np.zeros(len(found["arrivals"]), COLUMNS)
    columns["arrival"] = np.rint(found["arrivals"] * MINUTE)
    columns["work"] = np.maximum(np.rint(found["work"] * MINUTE), 1)
    columns["dossiers"], columns["outcome"] = 1, Outcome.SERVED
    columns["guidance"] = columns["after_guidance"] = NEVER
    columns["patience"] = np.maximum(np.rint(found["patience"] * MINUTE), 1) if patience is not None else NEVER
    return columns


def _check_counters(steps: Mapping[float, int]) -> None:
    for at, number in steps.items():
        if not np.isfinite(at) or at < 0 or number < 0 or number != int(number):
            raise BadInput([Fault("counters", f"{at}: {number}", "wanted whole numbers from times in minutes on")])


def _plan(columns: NDArray[Any], steps: Mapping[float, int]) -> Plan:
    """One hall, open day and night, its officials always there; the counters limit how many may work."""
    last = max(int(columns["arrival"].max(initial=0)), *(round(at * MINUTE) for at in steps))
    horizon = (last + int(columns["work"].sum()) + DAY) // DAY * DAY + DAY
    most = max(steps.values())
    rows = [
        (0, Change.LIMIT, 0, 0),
        (0, Change.DOOR, 0, 1),
        *((0, Change.DUTY, one, 1) for one in range(most)),
    ]
    rows += [(round(at * MINUTE), Change.LIMIT, 0, number) for at, number in sorted(steps.items())]
    days = np.zeros(horizon // DAY, DAYS)
    days["moves_to"] = NEVER
    everyone = np.array([(WHOLE, 0)], CHOICES)
    return Plan(
        seed=0,
        replication=0,
        rules=Rules(horizon=horizon, warmup=0),
        days=days,
        profiles=np.zeros((2, SLOTS)),
        return_times=np.zeros((2, SLOTS), np.int64),
        points=np.array([(WHOLE, UNLIMITED, UNLIMITED, False, NEVER)], POINTS),
        routes=np.zeros((1, 1), np.int64),
        procedures=np.array([(WHOLE, 0, NEVER, 0, False)], PROCEDURES),
        purposes=everyone,
        channels=everyone,
        priorities=everyone,
        dossiers=np.array([WHOLE]),
        officials=np.array([(0, 1, 1, 1, 1000)] * most, OFFICIALS),
        changes=in_order(np.array(rows, CHANGES)),
        shifts=np.array([(one, 0, horizon, 0) for one in range(most)], SHIFTS),
        network=np.empty(0, NETWORK),
        quantiles=np.empty((0, 0), np.int64),
        columns=columns,
    )
