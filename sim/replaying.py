"""Given numbers through the engine: arrivals and service times of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.demand import DAYS, DEMAND
from sim.engines import run
from sim.faults import BadInput, Fault, shown
from sim.plan import (
    CHANNELS,
    CHOICES,
    COLUMNS,
    NETWORK,
    OFFICIALS,
    POINTS,
    PROCEDURES,
    STEPS,
    Change,
    Plan,
    Table,
)
from sim.programs import Row, by_day, parts_of_plan
from sim.scalars import UNLIMITED, center, rules
from sim.streams import WHOLE, keys
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SLOTS

MOST = 10**9
MOST_COUNTERS = 100_000


def replay(
    arrivals: ArrayLike,
    work: ArrayLike,
    counters: int | Mapping[float, int],
    patience: ArrayLike | None = None,
) -> Trace:
    """The trace of one queue, first come first served, with given numbers.

    ``arrivals`` and ``work``: minutes[n], arrivals ascending from 0 on; ``patience``: minutes[n], or None
    for no limit. ``counters``: a number, or the number from each time in minutes on (0 before the first).
    Times are rounded to ms; work and patience are at least 1 ms. BadInput, with all faults, where they are not
    such numbers, or add up to more than MOST minutes.
    Row i of ``visits`` and of ``tasks`` is citizen i.
    """
    rows, faults = _rows({"arrivals": arrivals, "work": work} | ({} if patience is None else {"patience": patience}))
    steps = _steps(counters)
    if isinstance(steps, Fault):
        faults.append(steps)
    if faults or isinstance(steps, Fault):
        raise BadInput(faults)
    return run(_plan(_columns(rows), steps))


def _rows(given: Mapping[str, ArrayLike]) -> tuple[dict[str, NDArray[np.float64]], list[Fault]]:
    """The given numbers by name, and what is wrong with them."""
    faults, found = [], {}
    for name, values in given.items():
        try:
            array = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty(0)[:, None]
        found[name] = array
        if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
            faults.append(Fault(name, "", "wanted one row of finite minutes, none negative"))
        elif found["arrivals"].ndim == 1 and len(array) != len(found["arrivals"]):
            wanted = f"wanted one for each of {len(found['arrivals'])} arrivals"
            faults.append(Fault(name, f"{len(array)} numbers", wanted))
        elif name == "arrivals" and (np.diff(array) < 0).any():
            faults.append(Fault(name, "", "wanted ascending times"))
        elif (total := float(array.sum() if name == "work" else array.max(initial=0))) > MOST:
            faults.append(Fault(name, f"{total:.3g} minutes", f"wanted at most {MOST}, of all work together"))
    return found, faults


def _steps(counters: int | Mapping[float, int]) -> dict[int, int] | Fault:
    """The number of counters from each time in ms on."""
    steps = {0.0: counters} if not isinstance(counters, Mapping) else counters
    try:
        found = {round(float(at) * MINUTE): index(number) for at, number in steps.items()}
    except (OverflowError, TypeError, ValueError):
        found = {}
    numbers = list(found.values())
    if not found or min(*found, *numbers) < 0 or max(found) > MOST * MINUTE or max(numbers) > MOST_COUNTERS:
        wanted = f"wanted a whole number up to {MOST_COUNTERS}, or such numbers by the minute from which they hold"
        return Fault("counters", shown(counters), wanted)
    return found


def _columns(rows: Mapping[str, NDArray[np.float64]]) -> NDArray[Any]:
    columns = np.zeros(len(rows["arrivals"]), COLUMNS)
    columns["arrival"] = np.rint(rows["arrivals"] * MINUTE)
    columns["work"] = np.maximum(np.rint(rows["work"] * MINUTE), 1)
    columns["dossiers"], columns["outcome"] = 1, Outcome.SERVED
    for name in ("guidance", "after_guidance", "patience", "signature", "collection"):
        columns[name] = NEVER
    if "patience" in rows:
        columns["patience"] = np.maximum(np.rint(rows["patience"] * MINUTE), 1)
    return columns


def _one_hall() -> dict[str, Any]:
    """Whoever comes is received there, all work is done there, and all people are alike."""
    alike = dict.fromkeys(("purposes", "priorities", "dossiers"), np.array([[(WHOLE, 0)]], CHOICES))
    return {**dict.fromkeys(("routes", "offices"), np.zeros((1, 1), np.int64)), **alike}


def _plan(columns: NDArray[Any], steps: Mapping[int, int]) -> Plan:
    """One hall, open day and night, its officials always there; the counters limit how many may work."""
    horizon = (max(int(columns["arrival"].max(initial=0)), *steps) + int(columns["work"].sum())) // DAY * DAY + 2 * DAY
    table = _calendar(steps, horizon)
    return Plan(
        seed=0,
        replication=0,
        keys=keys(0, 0),
        rules=rules(horizon=horizon),
        centers=center(),
        days=table[0],
        demand=_no_demand(len(table[0])),
        profiles=np.zeros((2, SLOTS)),
        return_times=np.zeros((2, SLOTS), np.int64),
        times=np.empty(0, np.int64),
        points=np.array([(WHOLE, 0, UNLIMITED, UNLIMITED, NEVER, 0, False)], POINTS),
        **_one_hall(),
        procedures=np.array([(WHOLE, 0, 0, NEVER, 0, NEVER, 0, 0, 0, False)], PROCEDURES),
        steps=np.empty(0, STEPS),
        channels=np.array([(WHOLE, 0, NEVER)], CHANNELS),
        officials=_officials(max(steps.values())),
        guiding=np.zeros((1, 1, 2), np.int64),
        **table[1],
        network=np.empty(0, NETWORK),
        networks=np.zeros(2, np.int64),
        office_hours=np.empty(0, NETWORK),
        quantiles=np.empty((0, 0), np.int64),
        columns=columns,
    )


def _officials(many: int) -> Table:
    """All alike, at the counters."""
    rows = np.zeros(many, OFFICIALS)
    rows["skills"], rows["classes"], rows["speed"], rows["breadth"] = 1, 1, 1000, 1
    rows["key"] = np.arange(many)
    return rows


def _no_demand(days: int) -> Table:
    """Nobody comes but those who are given."""
    demand = np.zeros((1, days), DEMAND)
    demand["moves_to"] = NEVER
    return demand


def _calendar(steps: Mapping[int, int], horizon: int) -> tuple[Table, dict[str, Any]]:
    """Days, and what happens on them."""
    days = np.zeros(horizon // DAY, DAYS)
    paid = [(one, 0, horizon, 0) for one in range(max(steps.values()))]
    days["program"], tables = by_day(_changes(steps), paid, len(days))
    return days, parts_of_plan(tables)


def _changes(steps: Mapping[int, int]) -> list[Row]:
    rows = [(0, 1, int(Change.DOOR), 0)] + [(0, 1, int(Change.DUTY), one) for one in range(max(steps.values()))]
    first = [] if 0 in steps else [(0, 0, int(Change.LIMIT), 0)]
    return rows + first + [(at, number, int(Change.LIMIT), 0) for at, number in steps.items()]
