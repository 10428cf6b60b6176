"""How the time of officials and of the queue was spent, in the measured part of a trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.trace import Trace
from sim.units import NEVER

Integers = NDArray[np.int64]
Spans = tuple[Integers, Integers]


@dataclass(frozen=True)
class Time:
    """ms: worked within the shifts, worked beyond them, and waited by all citizens together."""

    in_shift: int
    overtime: int
    waiting: int


def busy_time(trace: Trace) -> Time:
    """From the warm-up to the horizon; work and waits that straddle either are cut there."""
    official = trace.tasks["official"][trace.tasks["start"] != NEVER]
    start, end = clipped(serving_spans(trace), trace.warmup, trace.horizon)
    in_shift = 0
    for number in np.unique(official):
        mine = official == number
        spans = trace.shifts[trace.shifts["official"] == number]
        in_shift += int((_paid_before(spans, end[mine]) - _paid_before(spans, start[mine])).sum())
    begun, over = clipped(waiting_spans(trace), trace.warmup, trace.horizon)
    worked = int((end - start).sum())
    return Time(in_shift, worked - in_shift, int((over - begun).sum()))


def serving_spans(trace: Trace) -> Spans:
    """From when to when each task that was begun was worked at, ms."""
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    return tasks["start"], _until(tasks["end"], trace.horizon)


def waiting_spans(trace: Trace) -> Spans:
    """From when to when each task waited, ms."""
    tasks = trace.tasks
    until = np.where(tasks["start"] != NEVER, tasks["start"], tasks["end"])
    return tasks["entry"], _until(until, trace.horizon)


def waits_of(trace: Trace) -> Integers:
    """The wait of each visit in ms: all its queues together, those still waiting so far."""
    begun, over = waiting_spans(trace)
    waits = np.zeros(len(trace.visits), np.int64)
    np.add.at(waits, trace.tasks["visit"], over - begun)
    return waits


def longest_queue(trace: Trace) -> int:
    """Most people waiting at once in the measured time, all points together; 0 ms is no waiting."""
    begun, over = clipped(waiting_spans(trace), trace.warmup, trace.horizon)
    waited = over > begun
    times = np.concatenate([over[waited], begun[waited]])
    steps = np.repeat([-1, 1], int(waited.sum()))
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
