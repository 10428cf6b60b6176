"""How the time of officials and of the queue was spent, in the measured part of a trace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.plan import Kind
from sim.trace import Trace
from sim.units import DAY, NEVER

Integers = NDArray[np.int64]
Spans = tuple[Integers, Integers]


def busy_time(trace: Trace, shape: tuple[int, int]) -> tuple[int, Integers]:
    """Ms worked in shifts; and beyond them, int64[officials, days] by the day on which the task began.

    From the warm-up to the horizon: work that straddles either is cut there.
    """
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    start, end = clipped(serving_spans(trace), trace.warmup, trace.horizon)
    in_shift, beyond = 0, np.zeros(shape, np.int64)
    for number in np.unique(tasks["official"]):
        mine = tasks["official"] == number
        spans = trace.shifts[trace.shifts["official"] == number]
        paid = _paid_before(spans, end[mine]) - _paid_before(spans, start[mine])
        in_shift += int(paid.sum())
        np.add.at(beyond[number], start[mine] // DAY, end[mine] - start[mine] - paid)
    return in_shift, beyond


def serving_spans(trace: Trace) -> Spans:
    """From when to when each task that was begun was worked at, ms."""
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    return tasks["start"], _until(tasks["end"], trace.horizon)


def waiting_spans(trace: Trace, fields: int) -> Spans:
    """From when to when each citizen waited to be guided or received, ms."""
    tasks = trace.tasks[trace.tasks["kind"] <= fields]
    until = np.where(tasks["start"] != NEVER, tasks["start"], tasks["end"])
    return tasks["entry"], _until(until, trace.horizon)


def record_spans(trace: Trace, fields: int) -> Spans:
    """From when to when what was taken on paper was not typed in, ms."""
    tasks = trace.tasks[trace.tasks["kind"] == fields + Kind.RECORD]
    return tasks["entry"], _until(tasks["end"], trace.horizon)


def waits_of(trace: Trace, fields: int) -> Integers:
    """The wait of each visit in ms: all its queues together, those still waiting so far."""
    begun, over = waiting_spans(trace, fields)
    waits = np.zeros(len(trace.visits), np.int64)
    np.add.at(waits, trace.tasks["visit"][trace.tasks["kind"] <= fields], over - begun)
    return waits


def most_at_once(begun: Integers, over: Integers) -> int:
    """Most spans that cover one time; 0 ms is no span."""
    long = over > begun
    times = np.concatenate([over[long], begun[long]])
    steps = np.repeat([-1, 1], int(long.sum()))
    return int(np.cumsum(steps[np.argsort(times, kind="stable")]).max(initial=0))


def clipped(spans: Spans, warmup: int, horizon: int) -> Spans:
    """What lies of each span between two times; nothing is a span of no length."""
    start = np.clip(spans[0], warmup, horizon)
    return start, np.maximum(np.clip(spans[1], warmup, horizon), start)


def _until(time: Integers, horizon: int) -> Integers:
    return np.where(time == NEVER, horizon, time)


def _paid_before(spans: NDArray[np.void], at: Integers) -> Integers:
    """Ms of an official's shifts (ascending) that lie before each time."""
    total = np.concatenate([[0], np.cumsum(spans["end"] - spans["start"])])
    nth = np.searchsorted(spans["start"], at, side="right")
    cut = np.where(nth > 0, spans["end"][nth - 1] - at, 0) if len(spans) else np.zeros(len(at), np.int64)
    return np.asarray(total[nth] - np.maximum(cut, 0), dtype=np.int64)
