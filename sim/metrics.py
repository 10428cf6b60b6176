"""One replication's figures, from its trace alone, as the sums that estimates are made of.

A metric is a ratio of sums: a numerator and a denominator a replication, so that replications can be put
together without weighting them wrongly, and absence is a denominator of 0, never a figure of 0. Minutes,
shares from 0 to 1, counts per replication; definitions in the words of ``METRICS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.curves import Curve, curves
from sim.occupancy import busy_time, longest_queue, shift_cost, waits_of
from sim.quantiles import Histogram
from sim.trace import Outcome, Trace
from sim.units import DAY, HOUR, MINUTE, NEVER, SECOND
from sim.yardstick import Yardstick

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Sums = dict[tuple[str, str], tuple[float, float]]

METRICS: dict[str, str] = {
    "wait_mean": "minutes from the door to the counter, over all who joined the queue",
    "wait_p50": "the wait that half of those who joined did not exceed",
    "wait_p90": "the wait that nine of ten who joined did not exceed",
    "wait_max": "the longest wait of a replication",
    "wait_within_T": "share of all who came that were received after at most T minutes",
    "gate_wait_mean": "minutes at the gate before the opening",
    "days_within_target": "share of open days whose mean wait keeps the target",
    "days_all_within_T": "share of open days on which everybody was received within T minutes",
    "periods_within_target": "share of whole calendar months whose mean wait keeps the target",
    "wait_per_resolved": "minutes of waiting, of all visits, for each dossier accepted",
    "unserved_share": "share that gave up, found no seat, was turned away or held over",
    "time_in_center_mean": "minutes from the door to the street",
    "left_within_30": "share that left, received, within 30 minutes of the door",
    "visits_per_resolved": "visits for each dossier accepted",
    "travel_per_resolved": "minutes on the way for each dossier accepted",
    "utilization": "share of the paid time of officials that was work at a desk",
    "overtime_per_day": "minutes of work beyond the shift, of all officials, a working day",
    "queue_mean": "people waiting, over the time the door is open",
    "queue_max": "most people waiting at once",
    "cost_per_day": "state cost of a working day, opened Saturdays spread over them",
    "cost_per_resolved": "state cost of each dossier accepted",
    "citizen_hours_per_resolved": "citizens' hours (way, gate, center) for each dossier accepted",
}
COUNTS = {
    "served": (Outcome.SERVED,),
    "advised": (Outcome.ADVISED,),
    "incomplete": (Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE),
    "reneged": (Outcome.RENEGED,),
    "balked": (Outcome.BALKED,),
    "turned_away": (Outcome.TURNED_AWAY,),
    "carried_over": (Outcome.CARRIED_OVER,),
    "in_system": (Outcome.IN_SYSTEM,),
}
UNSERVED = (Outcome.RENEGED, Outcome.BALKED, Outcome.TURNED_AWAY, Outcome.CARRIED_OVER)
RECEIVED = (Outcome.SERVED, Outcome.ADVISED, Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE)


_WITHIN = re.compile(r"(wait|days_all)_within_[1-9]\d{0,3}")


def is_metric(name: str) -> bool:
    """Whether a name is one of METRICS (T any whole number of minutes), of COUNTS, or a share of a count."""
    return name in metric_names() or bool(_WITHIN.fullmatch(name))


def metric_names() -> tuple[str, ...]:
    """All names, those within T minutes with the T that is always measured."""
    named = (name.replace("_T", f"_{minutes}") for name in METRICS for minutes in ((15, 30) if "_T" in name else (0,)))
    return (*named, "arrived", *COUNTS, *(f"{name}_share" for name in COUNTS))


@dataclass(frozen=True, eq=False)
class Metrics:
    """``sums``: (metric, scope) to (numerator, denominator).

    ``waits``: scope to the one-second bins of the waits of those who joined; scope ``received`` has those who
    were received. ``curves``: what charts draw, by name of :mod:`sim.curves`.
    """

    sums: Sums
    waits: dict[str, Histogram]
    curves: dict[str, Curve]


@dataclass(frozen=True, eq=False)
class Measured:
    """The measured visits, a row each, with what follows from their tasks; times in ms."""

    arrival: NDArray[np.int64]
    wait: NDArray[np.int64]
    inside: NDArray[np.int64]
    gate: NDArray[np.int64]
    travel: NDArray[np.int64]
    resolved: NDArray[np.int64]
    outcome: NDArray[np.int64]
    joined: Mask
    received: Mask


def measure(trace: Trace, by: Yardstick) -> Metrics:
    """All metrics in all scopes; ``all``, ``field=``, ``priority=``, ``point=`` and ``hour=`` (of arrival)."""
    counted = trace.visits["arrival"] >= trace.warmup
    seen = _measured(trace, counted)
    sums: Sums = {}
    waits: dict[str, Histogram] = {}
    for scope, rows in _scopes(trace, counted, by):
        for metric, numerator, denominator in _visits(seen, rows, by):
            sums[metric, scope] = numerator, denominator
        if not scope.startswith("hour="):
            waits[scope] = np.unique(seen.wait[rows & seen.joined] // SECOND, return_counts=True)
    waits["received"] = np.unique(seen.wait[seen.received] // SECOND, return_counts=True)
    for metric, numerator, denominator in (*_days(seen, by), *_center(trace, seen, by)):
        sums[metric, "all"] = numerator, denominator
    return Metrics(sums, waits, curves(trace, by))


def _measured(trace: Trace, counted: Mask) -> Measured:
    visits, outcome = trace.visits, trace.visits["outcome"]
    entered = visits["entry"] != NEVER
    departure = np.where(visits["departure"] == NEVER, trace.horizon, visits["departure"])
    received = np.isin(outcome, RECEIVED)
    at_counter = np.zeros(len(visits), bool)
    at_counter[trace.tasks["visit"][(trace.tasks["start"] != NEVER) & (trace.tasks["place"] % 2 == 0)]] = True
    joined = entered & (outcome != Outcome.BALKED)
    gate = np.where(entered, visits["entry"] - visits["arrival"], 0)
    columns = {
        "arrival": visits["arrival"],
        "wait": waits_of(trace),
        "inside": np.where(entered, departure - visits["entry"], 0),
        "gate": gate,
        "travel": visits["travel"],
        "resolved": np.where(received, visits["dossiers"] - visits["left"], 0),
        "outcome": outcome,
        "joined": joined,
        "received": received | at_counter,
    }
    return Measured(**{name: column[counted] for name, column in columns.items()})


def _scopes(trace: Trace, counted: Mask, by: Yardstick) -> Iterator[tuple[str, Mask]]:
    visits = trace.visits[counted]
    yield "all", np.ones(len(visits), bool)
    field = np.array(by.field_of)[visits["procedure"]]
    for kind, names, column in (
        ("field", by.fields, field),
        ("priority", by.priorities, visits["priority"]),
        ("point", by.points, visits["point"]),
    ):
        for number, name in enumerate(names):
            yield f"{kind}={name}", column == number
    hour = visits["arrival"] % DAY // HOUR
    for number in range(24):
        if (hour == number).any():
            yield f"hour={number}", hour == number


def _visits(seen: Measured, rows: Mask, by: Yardstick) -> Iterator[tuple[str, float, float]]:
    """Metrics of the visits in ``rows``; times in minutes."""
    arrived, joined = float(rows.sum()), rows & seen.joined
    entered, resolved = float(joined.sum()), float(seen.resolved[rows].sum())
    waited = seen.wait[joined].sum() / MINUTE
    inside = seen.inside[joined].sum() / MINUTE
    travel, gate = seen.travel[rows].sum() / MINUTE, seen.gate[rows].sum() / MINUTE
    received = rows & seen.received
    yield "wait_mean", waited, entered
    yield "gate_wait_mean", gate, entered
    yield "wait_max", seen.wait[joined].max(initial=0) / MINUTE, float(entered > 0)
    for minutes in by.within:
        yield f"wait_within_{minutes}", float((received & (seen.wait <= minutes * MINUTE)).sum()), arrived
    yield "time_in_center_mean", inside, entered
    left = np.isin(seen.outcome, RECEIVED) & rows & (seen.inside <= 30 * MINUTE)
    yield "left_within_30", float(left.sum()), arrived
    yield "arrived", arrived, 1.0
    for name, outcomes in COUNTS.items():
        count = float((np.isin(seen.outcome, outcomes) & rows).sum())
        yield name, count, 1.0
        yield f"{name}_share", count, arrived
    yield "unserved_share", float((np.isin(seen.outcome, UNSERVED) & rows).sum()), arrived
    yield "wait_per_resolved", waited, resolved
    yield "visits_per_resolved", arrived, resolved
    known = resolved if by.travel_known else 0.0
    yield "travel_per_resolved", travel, known
    yield "citizen_hours_per_resolved", (travel + gate + inside) / 60, known


def _days(seen: Measured, by: Yardstick) -> Iterator[tuple[str, float, float]]:
    """Days, and whole calendar months, of those to which somebody came; a mean over nobody keeps no target."""
    day = seen.arrival // DAY
    came = np.bincount(day, minlength=len(by.months)) > 0
    yield "days_within_target", *_kept(seen, by, day, np.flatnonzero(came))
    month = by.months[day]
    yield "periods_within_target", *_kept(seen, by, month, np.intersect1d(month, by.whole_months))
    for minutes in by.within:
        late = ~(seen.received & (seen.wait <= minutes * MINUTE))
        failed = np.bincount(day[late], minlength=len(came)) > 0
        yield f"days_all_within_{minutes}", float((~failed & came).sum()), float(came.sum())


def _kept(seen: Measured, by: Yardstick, unit: Integers, units: Integers) -> tuple[float, float]:
    """How many ``units`` (days, months) kept the target as their mean wait, and how many there are."""
    if by.wait_target is None or not len(units):
        return 0.0, 0.0
    size = int(unit.max()) + 1
    waited = np.bincount(unit[seen.joined], weights=seen.wait[seen.joined], minlength=size)
    joined = np.bincount(unit[seen.joined], minlength=size)
    kept = (joined > 0) & (waited <= by.wait_target * MINUTE * joined)
    return float(kept[units].sum()), float(len(units))


def _center(trace: Trace, seen: Measured, by: Yardstick) -> Iterator[tuple[str, float, float]]:
    """Metrics of the house as a whole, over the measured time."""
    time = busy_time(trace)
    yield "utilization", float(time.in_shift), float(time.paid)
    yield "overtime_per_day", time.overtime / MINUTE, float(by.working_days)
    yield "queue_mean", float(time.waiting), float(by.open_time)
    yield "queue_max", float(longest_queue(trace)), 1.0
    prices = by.prices
    cost = shift_cost(trace, prices.official, prices.rest_day) + time.overtime * prices.official * prices.overtime
    total = cost + prices.per_day * by.working_days
    yield "cost_per_day", total, float(by.working_days)
    yield "cost_per_resolved", total, float(seen.resolved.sum())
