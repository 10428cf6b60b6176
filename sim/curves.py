"""What charts draw of one replication: through the day, and by weekday and hour.

A curve is positions, numerators and denominators of equal length, so that replications add up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.occupancy import waiting_spans, waits_of
from sim.trace import Outcome, Trace
from sim.units import DAY, HOUR, MINUTE, NEVER
from sim.yardstick import Yardstick

BIN = 5 * MINUTE
BINS = DAY // BIN
Curve = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def curves(trace: Trace, by: Yardstick) -> dict[str, Curve]:
    """``waiting``, ``serving`` and ``on_duty``: mean people by 5 minutes of an open day; position is the bin.

    ``grid``: minutes waited and people who joined, by 24 * weekday + hour of arrival.
    """
    days = np.full(BINS, float(by.open_days))
    served = trace.tasks[trace.tasks["start"] != NEVER]
    until = np.where(served["end"] == NEVER, trace.horizon, served["end"])
    spans = {
        "waiting": waiting_spans(trace),
        "serving": (served["start"], until),
        "on_duty": (trace.shifts["start"], trace.shifts["end"]),
    }
    found = {name: (np.arange(BINS), _through_the_day(trace, *ends), days) for name, ends in spans.items()}
    return {**found, "grid": _grid(trace, by)}


def _through_the_day(trace: Trace, start: Any, end: Any) -> NDArray[np.float64]:
    """Mean number of spans that cover each bin of the day, summed over the measured days."""
    measured = end > trace.warmup
    begin = np.maximum(start[measured], trace.warmup)
    return (_before(end[measured]) - _before(begin)) / BIN


def _before(at: Any) -> NDArray[np.float64]:
    """Ms of each bin of the day that lie before the times, since time 0, all times together."""
    days, rest = np.divmod(at, DAY)
    own, part = np.divmod(rest, BIN)
    reached = np.cumsum(np.bincount(own, minlength=BINS)[::-1])[::-1]
    later = np.append(reached[1:], 0)
    return np.asarray((days.sum() + later) * BIN + np.bincount(own, weights=part, minlength=BINS), dtype=np.float64)


def _grid(trace: Trace, by: Yardstick) -> Curve:
    visits = trace.visits
    joined = (visits["arrival"] >= trace.warmup) & (visits["entry"] != NEVER) & (visits["outcome"] != Outcome.BALKED)
    arrival = visits["arrival"][joined]
    cell = by.weekdays[arrival // DAY] * 24 + arrival % DAY // HOUR
    waited = np.bincount(cell, weights=waits_of(trace)[joined], minlength=7 * 24) / MINUTE
    people = np.bincount(cell, minlength=7 * 24).astype(np.float64)
    return np.arange(7 * 24, dtype=np.int64), waited.astype(np.float64), people
