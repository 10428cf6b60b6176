"""What a replication adds up to, in whole numbers: all that its metrics are made of.

An engine that keeps no trace adds these up while it runs. ``tally_of`` says what they are, from a trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.afterwards import add_cases, add_results, only_filed
from sim.cases import Cases, Ready, cases_of, ready_of
from sim.occupancy import (
    Spans,
    busy_time,
    clipped,
    most_at_once,
    record_spans,
    serving_spans,
    waiting_spans,
    waits_of,
)
from sim.sums import RECEIVED, SOON, Sum
from sim.trace import Outcome, Trace
from sim.units import DAY, HOUR, MINUTE, NEVER, SECOND
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]

BIN = 5 * MINUTE
BINS = DAY // BIN
HOURS = 24
WEEK = 7 * HOURS


class Tally(NamedTuple):
    """Sums of R replications over the measured visits (arrived after the warm-up) and the measured time.

    All are int64. A cell is (field * priorities + priority) * points + point, C in number. T thresholds: the
    visits received after a wait of at most so many minutes, those of ``Yardstick.within``.
    """

    cells: Integers  # [R, C, Sum + T]
    hours: Integers  # [R, 24, Sum + T], by hour of arrival
    days: Integers  # [R, days, 4 + T], by day of arrival: came, joined, ms waited, late by each threshold; records
    # that are still to be typed in as the day ends
    ledger: Integers  # [R, officials, days], by day on which the task began: ms worked beyond the shifts
    curves: Integers  # [R, 2, BINS, 2], waiting and serving: ends less begins by bin, and their ms in it
    span_days: Integers  # [R, 2], waiting and serving: days of the ends less days of the begins
    grid: Integers  # [R, 168, 2], by 24 * weekday + hour of arrival: ms waited, and people who joined
    time: Integers  # [R, 5]: ms worked in shifts, ms beyond them, ms waited, most people waiting at once, and records
    ready: Integers  # [R, procedures, spans, 3]: dossiers of the back office, see Ready
    waits: Integers  # [n, 4], sorted: replication, cell (C: all received), second of wait, visits who joined


def tally_of(trace: Trace, by: Yardstick) -> Tally:
    """The tally of one replication, from all that happened."""
    measured, cases = trace.visits["arrival"] >= trace.warmup, cases_of(trace, by)
    visits, sums = trace.visits[measured], _sums(trace, by, cases)[measured]
    cells = len(by.fields) * len(by.priorities) * len(by.points)
    field = np.array(by.field_of, np.int64)[visits["procedure"]]
    cell = (field * len(by.priorities) + visits["priority"]) * len(by.points) + visits["point"]
    day, hour = visits["arrival"] // DAY, visits["arrival"] % DAY // HOUR
    late = sums[:, [Sum.ARRIVED]] - sums[:, len(Sum) :]
    of_days = np.column_stack([sums[:, [Sum.ARRIVED, Sum.JOINED, Sum.WAITED]], late, np.zeros(len(late), np.int64)])
    fields = len(by.fields)
    queues = _queues(trace, fields)
    in_shift, ledger = busy_time(trace, (len(by.officials), len(by.months)))
    spans = waiting_spans(trace, fields), serving_spans(trace)
    course = [course_of(clipped(own, trace.warmup, trace.horizon)) for own in spans]
    tally = Tally(
        cells=_with_longest(_added(sums, cell, cells), sums, cell),
        hours=_with_longest(_added(sums, hour, HOURS), sums, hour),
        days=_with_records(_added(of_days, day, len(by.months)), trace, fields),
        ledger=ledger,
        curves=np.stack([bins for bins, _ in course]),
        span_days=np.array([days for _, days in course]),
        grid=_added(sums[:, [Sum.WAITED, Sum.JOINED]], by.weekdays[day] * HOURS + hour, WEEK),
        time=np.array([in_shift, int(ledger.sum()), *queues]),
        ready=ready_of(Cases(*(part[measured] for part in cases)), visits, by),
        waits=_bins(sums, cell, waits_of(trace, fields)[measured], cells),
    )
    return Tally._make([*(part[None] for part in tally[:-1]), tally.waits])


def zeros(replications: int, by: Yardstick) -> Tally:
    """The tally of replications in which nothing happened."""
    cells, sums = len(by.fields) * len(by.priorities) * len(by.points), len(Sum) + len(by.within)
    spans = len(by.field_of), by.spans, len(Ready)
    days, bins = len(by.months), ((2, BINS, 2), (2,), (WEEK, 2), (5,), spans)
    shapes = (cells, sums), (HOURS, sums), (days, 4 + len(by.within)), (len(by.officials), days), *bins
    return Tally._make([*(np.zeros((replications, *shape), np.int64) for shape in shapes), np.zeros((0, 4), np.int64)])


def joined(tallies: Sequence[Tally]) -> Tally:
    """Tallies one after the other along the replications."""
    counts = np.array([len(tally.time) for tally in tallies], np.int64)
    firsts = np.repeat(np.cumsum(counts) - counts, [len(tally.waits) for tally in tallies])
    whole = Tally(*(np.concatenate(parts) for parts in zip(*tallies, strict=True)))
    whole.waits[:, 0] += firsts
    return whole


def _sums(trace: Trace, by: Yardstick, cases: Cases) -> Integers:
    """What each visit adds to its cell, [visits, Sum + T]."""
    visits, outcome, wait = trace.visits, trace.visits["outcome"], waits_of(trace, len(by.fields))
    entered = visits["entry"] != NEVER
    departure = np.where(visits["departure"] == NEVER, trace.horizon, visits["departure"])
    joined = entered & (outcome != Outcome.BALKED)
    ended = np.isin(outcome, RECEIVED)
    inside = np.where(joined, departure - visits["entry"], 0)
    at_counter = np.zeros(len(visits), bool)
    at_counter[trace.tasks["visit"][(trace.tasks["start"] != NEVER) & (trace.tasks["kind"] < len(by.fields))]] = True
    received = ended | at_counter
    sums = np.zeros((len(visits), len(Sum) + len(by.within)), np.int64)
    sums[:, Sum.ARRIVED], sums[:, Sum.JOINED], sums[:, Sum.RECEIVED] = 1, joined, received
    sums[:, Sum.RESOLVED] = np.where(ended, visits["dossiers"] - visits["left"], 0)
    sums[:, Sum.WAITED] = sums[:, Sum.LONGEST] = np.where(joined, wait, 0)
    sums[:, Sum.INSIDE] = inside
    sums[:, Sum.GATE] = np.where(entered, visits["entry"] - visits["arrival"], 0)
    sums[:, Sum.TRAVEL] = visits["travel"]
    sums[:, Sum.LEFT] = ended & (inside <= SOON)
    sums[np.arange(len(visits)), Sum.SERVED + outcome] = 1
    add_results(sums, trace, by)
    add_cases(sums, cases, np.array(by.terms, np.int64)[visits["procedure"]])
    for nth, minutes in enumerate(by.within):
        sums[:, len(Sum) + nth] = received & (wait <= minutes * MINUTE)
    only_filed(sums, trace, by)
    return sums


def _queues(trace: Trace, fields: int) -> tuple[int, int, int]:
    """Ms waited, most people waiting at once, and most records, in the measured time."""
    begun, over = clipped(waiting_spans(trace, fields), trace.warmup, trace.horizon)
    records = clipped(record_spans(trace, fields), trace.warmup, trace.horizon)
    return int((over - begun).sum()), most_at_once(begun, over), most_at_once(*records)


def _with_records(found: Integers, trace: Trace, fields: int) -> Integers:
    """By day also the records that are still to be typed in as it ends."""
    for begun, over in zip(*record_spans(trace, fields), strict=True):
        found[begun // DAY : over // DAY, -1] += 1
    return found


def _added(columns: Integers, row: Integers, rows: int) -> Integers:
    """Columns added up by the row they belong to."""
    found = np.zeros((rows, columns.shape[1]), np.int64)
    np.add.at(found, row, columns)
    return found


def _with_longest(found: Integers, sums: Integers, row: Integers) -> Integers:
    """The longest wait of a row in place of their sum."""
    found[:, Sum.LONGEST] = 0
    np.maximum.at(found[:, Sum.LONGEST], row, sums[:, Sum.LONGEST])
    return found


def _bins(sums: Integers, cell: Integers, wait: Integers, cells: int) -> Integers:
    """Rows of ``Tally.waits``: those who joined by their cell, then all who were received."""
    joined, received = sums[:, Sum.JOINED] == 1, sums[:, Sum.RECEIVED] == 1
    row = np.concatenate([cell[joined], np.full(int(received.sum()), cells)])
    second = np.concatenate([wait[joined], wait[received]]) // SECOND
    span = int(second.max(initial=0)) + 1
    found, count = np.unique(row * span + second, return_counts=True)
    return np.column_stack([np.zeros(len(found), np.int64), found // span, found % span, count])


def course_of(spans: Spans) -> tuple[Integers, int]:
    """Of the ends of spans less their begins: by bin of the day how many and their ms in the bin, and their days."""
    bins, days = np.zeros((BINS, 2), np.int64), 0
    for at, sign in zip(spans, (-1, 1), strict=True):
        own = at % DAY // BIN
        np.add.at(bins[:, 0], own, sign)
        np.add.at(bins[:, 1], own, sign * (at % BIN))
        days += sign * int((at // DAY).sum())
    return bins, days


def through_the_day(bins: Integers, days: Integers) -> NDArray[np.float64]:
    """Mean number of spans that cover each bin of the day, summed over days, [..., BINS]."""
    reached = np.cumsum(bins[..., ::-1, 0], axis=-1)[..., ::-1]
    later = reached - bins[..., 0]
    covered: NDArray[np.float64] = ((days[..., None] + later) * BIN + bins[..., 1]) / BIN
    return covered
