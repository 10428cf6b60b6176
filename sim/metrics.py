"""The figures of replications, from their tallies, all replications at once.

Minutes, shares from 0 to 1, counts per replication; definitions in the words of :data:`sim.figures.METRICS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.cases import Ready
from sim.figures import COUNTS, UNSERVED
from sim.paid import Paid, paid_of
from sim.runs import Bins, Runs
from sim.runs.replications import Floats, Metrics, Pair
from sim.sums import Sum
from sim.tally import BINS, HOURS, Tally, tally_of, through_the_day
from sim.trace import Trace
from sim.units import DAY, HOUR, MINUTE
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]
Figure = tuple[str, Any, Any]
"""A metric, its numerators and its denominators, a replication each or the same in all."""
DAYS_OF_YEAR = 365


def measure(trace: Trace, by: Yardstick) -> Metrics:
    """All metrics of one replication in all scopes: ``all``, ``field=``, ``priority=``, ``point=`` and ``hour=``."""
    return measure_all([trace], by)[0]


def measure_all(traces: Iterable[Trace], by: Yardstick) -> Runs:
    """All metrics of some replications, at least one, of the same scenario."""
    return Runs.joined(
        [metrics_of(tally_of(one, by), paid_of(one.shifts, one.warmup, one.horizon, by), by) for one in traces]
    )


def metrics_of(tally: Tally, paid: Paid, by: Yardstick) -> Runs:
    """All metrics of the replications of a tally; ``hour=`` is the hour of arrival."""
    scopes, sums = _scopes(tally, by)
    visits, house = list(_visits(sums, by)), [*_days(tally, by), *_center(tally, paid, by)]
    replications = len(tally.time)
    in_scopes, in_all = (replications, len(scopes)), (replications,)
    over, under = (
        np.concatenate([_columns(visits, n, in_scopes).reshape(replications, -1), _columns(house, n, in_all)], axis=1)
        for n in (1, 2)
    )
    keys = [(metric, scope) for scope in scopes for metric, _, _ in visits] + [
        (metric, "all") for metric, _, _ in house
    ]
    return Runs(
        tuple(keys),
        over,
        under,
        _cells(by),
        Bins(*(np.ascontiguousarray(column, np.int32) for column in tally.waits.T)),
        _curves(tally, paid, by),
    )


def _columns(figures: list[Figure], part: int, shape: tuple[int, ...]) -> Floats:
    """The numerators (1) or denominators (2) of figures, side by side in the last axis."""
    found = np.empty((*shape, len(figures)))
    for nth, figure in enumerate(figures):
        found[..., nth] = figure[part]
    return found


def _kinds(by: Yardstick) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("field", by.fields), ("priority", by.priorities), ("point", by.points)


def _scopes(tally: Tally, by: Yardstick) -> tuple[list[str], Integers]:
    """The names of the scopes, and the sums in each: [R, S, Sum + T]."""
    cells = tally.cells.reshape(len(tally.cells), *(len(names) for _, names in _kinds(by)), tally.cells.shape[-1])
    names, others = ["all"], [tuple(range(1, 4))]
    for axis, (kind, own) in enumerate(_kinds(by), 1):
        names += [f"{kind}={name}" for name in own]
        others.append(tuple(other for other in (1, 2, 3) if other != axis))
    sums = [cells.sum(axis=axes).reshape(len(cells), -1, cells.shape[-1]) for axes in others]
    longest = [cells[..., Sum.LONGEST].max(axis=axes).reshape(len(cells), -1) for axes in others]
    names += [f"hour={hour}" for hour in range(HOURS)]
    whole = np.concatenate([*sums, tally.hours], axis=1)
    whole[:, :-HOURS, Sum.LONGEST] = np.concatenate(longest, axis=1)
    return names, whole


def _cells(by: Yardstick) -> dict[str, tuple[int, ...]]:
    """The cells of ``Tally.waits`` that make up each scope."""
    cells = np.arange(len(by.fields) * len(by.priorities) * len(by.points))
    shaped = cells.reshape([len(names) for _, names in _kinds(by)])
    found = {"all": cells}
    for axis, (kind, names) in enumerate(_kinds(by)):
        found |= {f"{kind}={name}": shaped.take(nth, axis).ravel() for nth, name in enumerate(names)}
    return {scope: tuple(own.tolist()) for scope, own in found.items()} | {"received": (len(cells),)}


def _visits(sums: Integers, by: Yardstick) -> Iterator[Figure]:
    """Metrics of visits, numerators and denominators [R, S]; times in minutes."""
    arrived, joined, resolved = (sums[..., column] for column in (Sum.ARRIVED, Sum.JOINED, Sum.RESOLVED))
    waited, inside, gate, travel, longest = (
        sums[..., column] / MINUTE for column in (Sum.WAITED, Sum.INSIDE, Sum.GATE, Sum.TRAVEL, Sum.LONGEST)
    )
    yield "wait_mean", waited, joined
    yield "gate_wait_mean", gate, joined
    yield "wait_max", longest, joined > 0
    for nth, minutes in enumerate(by.within):
        yield f"wait_within_{minutes}", sums[..., len(Sum) + nth], arrived
    yield "time_in_center_mean", inside, joined
    yield "left_within_30", sums[..., Sum.LEFT], arrived
    yield "arrived", arrived, 1.0
    for name, outcomes in COUNTS.items():
        count = _count(sums, outcomes)
        yield name, count, 1.0
        yield f"{name}_share", count, arrived
    yield "unserved_share", _count(sums, UNSERVED), arrived
    yield "wait_per_resolved", waited, resolved
    yield "visits_per_resolved", arrived, resolved
    known = resolved if by.travel_known else 0.0
    yield "travel_per_resolved", travel, known
    yield "citizen_hours_per_resolved", (travel + gate + inside) / 60, known
    yield from _results(sums)


def _results(sums: Integers) -> Iterator[Figure]:
    """What became of results made on the spot and in the back office."""
    due, in_hand, whole, late = (sums[..., column] for column in (Sum.DUE, Sum.IN_HAND, Sum.WHOLE, Sum.LATE))
    yield "result_wait_mean", sums[..., Sum.RESULT_WAIT] / MINUTE, sums[..., Sum.STAYED]
    yield "same_day_share", in_hand, due
    yield "late_for_citizen_share", late, whole
    yield "late_in_system_share", late - (due - in_hand) + sums[..., Sum.UNRECORDED], whole
    yield "on_time_share", sums[..., Sum.ON_TIME], sums[..., Sum.TERMED]
    yield "acknowledged_share", sums[..., Sum.ACKNOWLEDGED], sums[..., Sum.FILED]
    yield "processing_days_mean", sums[..., Sum.PROCESSED] / DAY, sums[..., Sum.TERMED]


def _count(sums: Integers, outcomes: tuple[str, ...]) -> Integers:
    return np.asarray(sum(sums[..., Sum[outcome]] for outcome in outcomes))


def _days(tally: Tally, by: Yardstick) -> Iterator[Figure]:
    """Days, and whole calendar months, of those to which somebody came; a mean over nobody keeps no target."""
    came = tally.days[..., 0] > 0
    yield "days_within_target", *_kept(tally.days, by)
    months, first = np.unique(by.months, return_index=True)
    of_months = np.add.reduceat(tally.days, first, axis=1)
    yield "periods_within_target", *_kept(of_months[:, np.isin(months, by.whole_months)], by)
    for nth, minutes in enumerate(by.within):
        all_in_time = came & (tally.days[..., 3 + nth] == 0)
        yield f"days_all_within_{minutes}", all_in_time.sum(axis=1), came.sum(axis=1)


def _kept(units: Integers, by: Yardstick) -> tuple[Any, Any]:
    """How many days, or months, kept the target as their mean wait, and how many there are."""
    if by.wait_target is None:
        return 0.0, 0.0
    came, joined, waited = (units[..., column] for column in range(3))
    kept = (joined > 0) & (waited <= by.wait_target * MINUTE * joined)
    return kept.sum(axis=1), (came > 0).sum(axis=1)


def _center(tally: Tally, paid: Paid, by: Yardstick) -> Iterator[Figure]:
    """Metrics of the house as a whole, over the measured time."""
    in_shift, _, waiting, queue_max, records_max = tally.time.T
    overtime = _beyond(tally, by).sum(axis=(1, 2))
    yield "utilization", in_shift, paid.present
    yield "overtime_per_day", overtime / MINUTE, by.working_days
    yield "queue_mean", waiting, by.open_time
    yield "queue_max", queue_max, 1.0
    yield "reentry_backlog_max", records_max, 1.0
    for span, hours in _overtime(tally, paid, by).items():
        yield f"overtime_{span}_most", hours.max(axis=1, initial=0.0), 1.0
    for name, value in (("utilization", by.lending.load), ("backlog_hours", by.lending.backlog)):
        yield f"lender_{name}", value or 0.0, float(value is not None)
    prices = by.prices
    wages = prices.official * (paid.ordinary + prices.rest_day * paid.rest_day)
    total = wages + overtime * prices.official * prices.overtime + prices.per_day * by.working_days
    total = total + prices.per_case * tally.cells[..., Sum.CASES].sum(axis=1)
    yield "cost_per_day", total, by.working_days
    yield "cost_per_resolved", total, tally.cells[..., Sum.RESOLVED].sum(axis=1)


def _beyond(tally: Tally, by: Yardstick) -> Integers:
    """Ms that paid officials worked beyond their shifts, by official and day; volunteers stay for nothing."""
    return np.asarray(tally.ledger * np.array(by.paid, np.int64)[:, None])


def _overtime(tally: Tally, paid: Paid, by: Yardstick) -> dict[str, Floats]:
    """Hours of overtime of each official, float64[R, officials]: in their worst day and month, and a year at this rate.

    Work beyond the shifts and paid work on rest days (Labor Code, article 107).
    """
    worked = (_beyond(tally, by) + paid.planned) / HOUR
    _, first = np.unique(by.months, return_index=True)
    of_months = np.add.reduceat(worked, first, axis=2)
    a_year = worked.sum(axis=2) * DAYS_OF_YEAR / by.measured_days
    return {"day": worked.max(axis=2, initial=0.0), "month": of_months.max(axis=2, initial=0.0), "year": a_year}


def _curves(tally: Tally, paid: Paid, by: Yardstick) -> dict[str, Pair]:
    """``waiting``, ``serving`` and ``on_duty``: mean people by 5 minutes of an open day; position is the bin.

    ``records``: those still to be typed in as each day ends; ``overtime``: hours a year of each official.
    ``grid``: minutes waited and people who joined, by 24 * weekday + hour of arrival. ``ready``: see below.
    """
    shape = len(tally.time), BINS
    people = through_the_day(tally.curves, tally.span_days)
    numerators = {
        "waiting": people[:, 0],
        "serving": people[:, 1],
        "on_duty": np.broadcast_to(paid.on_duty, shape),
    }
    days = np.broadcast_to(float(by.open_days), shape)
    found = {name: (numerator, days) for name, numerator in numerators.items()}
    joined = tally.grid[..., 1].astype(np.float64)
    found["records"] = _whole(tally.days[..., -1])
    found["overtime"] = _whole(_overtime(tally, paid, by)["year"])
    if by.spans:
        found["ready"] = _ready_within(tally)
    return {**found, "grid": (tally.grid[..., 0] / MINUTE, joined)}


def _ready_within(tally: Tally) -> Pair:
    """By procedure * spans + d: dossiers of the back office ready by the end of d working days, of those d days old.

    Who was received fewer than d working days before the end of the run is in neither, so that the last days of a run
    make nobody late; the last d of each procedure stands for all after it, and is not told apart.
    """
    days = np.cumsum(tally.ready, axis=2)
    before = np.concatenate([np.zeros_like(days[:, :, :1]), days[:, :, :-1]], axis=2)
    over = days[..., Ready.TAKEN] - before[..., Ready.LEFT_OF_READY]
    under = days[:, :, -1:, Ready.LEFT] - before[..., Ready.LEFT]
    flat = len(tally.ready), -1
    return over.reshape(flat).astype(np.float64), under.reshape(flat).astype(np.float64)


def _whole(numbers: Any) -> tuple[Floats, Floats]:
    """Numbers as numerators and denominators."""
    over = np.asarray(numbers, np.float64)
    return over, np.ones_like(over)
