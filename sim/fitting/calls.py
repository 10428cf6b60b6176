"""When those of a day would be called, given who came and which counters were open, interval by interval.

By the pace that was seen (:mod:`sim.fitting.pace`), or, as the naive model has it, by a single queue with counters of
its own that never pause. Who came first is called first.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.fitting.boards import Boards
from sim.fitting.pace import Pace

Numbers = NDArray[np.float64]
WITHIN = (15.0, 30.0)
RUNS = 6
"""Runs of each day."""
Runs = tuple[Numbers, list[Numbers]]
"""Arrival times of a day, ascending, and by run the times of calls in that order, infinite of who is never called."""


def shares(held: Boards, day_of: Callable[[Boards], Runs]) -> Numbers:
    """Mean shares within each of WITHIN, float64[2], of all who came on the days."""
    over, people = np.zeros(len(WITHIN)), 0
    for day in np.unique(held.day):
        came, runs = day_of(held.only(held.day == day))
        people += len(came)
        waits = np.maximum(np.array(runs) - came, 0.0)
        over += [np.count_nonzero(waits <= minutes) / RUNS for minutes in WITHIN]
    return over / max(people, 1)


def _spread(counts: NDArray[np.int64], day: Boards, random: np.random.Generator) -> Numbers:
    """Times anywhere within their intervals alike, ascending."""
    at = np.repeat(np.arange(len(counts)), counts)
    return np.sort(day.start[at] + (day.end - day.start)[at] * random.random(len(at)))


def _came(day: Boards, random: np.random.Generator) -> Numbers:
    """When they came, ascending: who waits as the first interval begins, then."""
    return np.concatenate([np.full(day.waiting[0], day.start[0]), _spread(day.arrivals, day, random)])


def called_at(day: Boards, pace: Pace, random: np.random.Generator) -> Runs:
    """Runs of a day at the pace that was seen."""
    came, length = _came(day, random), day.end - day.start
    calls, line = np.zeros((RUNS, len(length)), np.int64), np.full(RUNS, day.waiting[0])
    for nth, arrivals in enumerate(day.arrivals):
        line += arrivals
        for size in np.unique(line[line > 0]):
            runs = np.flatnonzero(line == size)
            some = pace.near(int(day.open[nth]), int(size))
            picked = some[random.integers(0, len(some), len(runs))] * length[nth]
            calls[runs, nth] = np.minimum(np.floor(picked + random.random(len(runs))), size)
        line -= calls[:, nth]
    return came, [_in_order(own, day, len(came), random) for own in calls]


def _in_order(calls: NDArray[np.int64], day: Boards, people: int, random: np.random.Generator) -> Numbers:
    times = np.full(people, inf)
    called = _spread(calls, day, random)
    times[: len(called)] = called
    return times


def called_alone(day: Boards, minutes: float, random: np.random.Generator) -> Runs:
    """Runs of a day as a single queue with exponential service and the counters that were open."""
    came = _came(day, random)
    return came, [_first_come(came, day.open, day, random.exponential(minutes, len(came))) for _ in range(RUNS)]


def _first_come(came: Numbers, counters: NDArray[np.int64], day: Boards, work: Numbers) -> Numbers:
    """Times of calls where somebody may begin only while fewer than the open counters are at work."""
    ends: list[float] = []
    called = np.full(len(came), inf)
    last = -inf
    for nth, (at, minutes) in enumerate(zip(came, work, strict=True)):
        begin = _free(max(at, last), ends, counters, day)
        if begin == inf:
            break
        called[nth] = last = begin
        heappush(ends, begin + minutes)
    return called


def _free(at: float, ends: list[float], counters: NDArray[np.int64], day: Boards) -> float:
    """The first time from ``at`` on at which a counter is free; what has ended by then is taken off ``ends``."""
    nth = max(int(np.searchsorted(day.start, at, side="right")) - 1, 0)
    while nth < len(counters):
        while ends and ends[0] <= at:
            heappop(ends)
        if len(ends) < counters[nth]:
            return at
        free = ends[0] if ends and counters[nth] else inf
        until = day.start[nth + 1] if nth + 1 < len(counters) else inf
        at = min(free, until)
        nth += int(free >= until)
    return inf
