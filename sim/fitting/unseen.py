"""Waits on days that were not used: how many wait at most so long, foretold and observed, queue by queue.

Given to both models of a day are its arrivals and the counters that were open, interval by interval. Foretold are the
calls: by what was seen on the days used (:mod:`sim.fitting.pace`), or, as the naive model has it, by a single queue
with counters of its own that never pause. Who came first is called first. What the first model is off by on the days
used, which it has seen, is taken off its shares on the others, in log odds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import heappop, heappush
from math import inf
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim.fitting.boards import Boards
from sim.fitting.pace import Pace, pace_of, work_of
from sim.fitting.tickets import Tickets

Numbers = NDArray[np.float64]
WITHIN = (15.0, 30.0)
RUNS, RESAMPLES, CONFIDENCE = 2, 30, 0.9
"""Runs of a day for each time that the days used are drawn again, and how often they are."""
EDGE = 0.005
"""What is added to both sides of a share, so that none has infinite odds."""
BUSY = 50
"""Tickets a day from which on a queue is busy."""


@dataclass(frozen=True)
class Foretold:
    """A queue on days not used, by what it is held against: shares within each of WITHIN.

    ``interval``: of the share within the first of WITHIN, over runs and over days used that are drawn again.
    ``used``: the shares on the days that were used, as if nothing of a day were known. ``least``: the mean error of the
    first share that the chance of so few days makes, even if the mean of all days were foretold: days that were used
    differ by so much from what is foretold of each by the others; None of fewer than two of them.
    """

    office: str
    queue: str
    tickets: int
    a_day: float
    observed: tuple[float, ...]
    predicted: tuple[float, ...]
    interval: tuple[float, float]
    naive: tuple[float, ...] | None
    used: tuple[float, ...]
    least: float | None

    @property
    def is_busy(self) -> bool:
        """Whether it has so many tickets that its share tells something."""
        return self.a_day >= BUSY


def split(days: NDArray[np.int64], how: str | int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Days that are used and days that are held out: every second one (``alternate``), or the last so many.

    ValueError where either would be empty.
    """
    out = days[1::2] if how == "alternate" else days[len(days) - int(how) :]
    used = days[~np.isin(days, out)]
    if not len(out) or not len(used):
        raise ValueError(f"of {len(days)} days some are to be used and some held out")
    return used, out


Days = NDArray[np.int64]


def queues_of(tickets: Tickets) -> Days:
    """The numbers of office and queue, int64[queues, 2]."""
    return np.unique(np.stack([tickets.office, tickets.queue], axis=1), axis=0)


def foretold(
    tickets: Tickets,
    boards: Boards,
    used: Days,
    out: Days,
    done: Callable[[str], None] = lambda _: None,
    *,
    knows_counters: bool = True,
) -> list[Foretold]:
    """All queues that have tickets and intervals on both kinds of days, by office and queue.

    ``done`` is told the name of each queue when it is. Where the counters that were open are not known there is no
    naive model. Chance goes by the names of office and queue, whatever else is in the log.
    """
    found = []
    for office, queue in queues_of(tickets):
        own = tickets.only((tickets.office == office) & (tickets.queue == queue))
        seen = boards.only((boards.office == office) & (boards.queue == queue))
        names = tickets.offices[office], tickets.queues[queue]
        one = _one(own, seen, used, out, np.random.default_rng([crc32(name.encode()) for name in names]))
        if one is not None:
            found.append(one if knows_counters else replace(one, naive=None))
        done(" ".join(names).strip())
    return found


def _one(own: Tickets, seen: Boards, used: Days, out: Days, random: np.random.Generator) -> Foretold | None:
    before, after = own.only(np.isin(own.day, used)), own.only(np.isin(own.day, out))
    learnt, held = seen.only(np.isin(seen.day, used)), seen.only(np.isin(seen.day, out))
    work = work_of(learnt)
    if pace_of(learnt) is None or not len(before) or not len(after) or not held.arrivals.sum():
        return None
    shares = np.concatenate([_learnt_again(before, learnt, held, random) for _ in range(RESAMPLES)])
    low, high = np.quantile(shares[:, 0], ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    single = None if work is None else _shares(held, lambda day: _single(day, work.minutes, random))
    return Foretold(
        office=own.offices[own.office[0]],
        queue=own.queues[own.queue[0]],
        tickets=len(after),
        a_day=len(own) / len(own.days),
        observed=_observed(after),
        predicted=_means(shares),
        interval=(float(low), float(high)),
        naive=None if single is None else _means(single),
        used=_observed(before),
        least=_least(before, learnt, len(np.unique(after.day)), random),
    )


def _least(before: Tickets, learnt: Boards, days: int, random: np.random.Generator) -> float | None:
    """The mean size of an error that is normal, with the deviation of the mean of so many days."""
    off = []
    for day in np.unique(before.day):
        seen, others = learnt.only(learnt.day == day), learnt.only(learnt.day != day)
        pace = pace_of(others)
        if pace is not None and seen.arrivals.sum():
            share = _shares(seen, partial(_called, pace=pace, random=random))[:, 0].mean()
            off.append(_observed(before.only(before.day == day))[0] - share)
    return float(np.sqrt(2 / np.pi / days) * np.std(off, ddof=1)) if len(off) > 1 else None


def _learnt_again(before: Tickets, learnt: Boards, held: Boards, random: np.random.Generator) -> Numbers:
    """Shares on days not used, float64[RUNS, 2], when the days used are drawn again, so that what is learnt differs.

    What the model is off by is seen on each day used with a pace that was learnt on the others.
    """
    days = np.unique(learnt.day)
    drawn = random.choice(days, len(days))
    rows = {day: np.flatnonzero(learnt.day == day) for day in days}
    pace = pace_of(learnt.only(np.concatenate([rows[day] for day in drawn]))) or pace_of(learnt)
    assert pace is not None
    inside, alone = list[Numbers](), [int(day) for day in np.unique(drawn)]
    for day in alone:
        left = [rows[one] for one in drawn if one != day]
        own = (pace_of(learnt.only(np.concatenate(left))) if left else None) or pace
        inside.append(_shares(learnt.only(rows[day]), partial(_called, pace=own, random=random)))
    people = np.array([learnt.arrivals[rows[day]].sum() * (drawn == day).sum() for day in alone], float)
    tickets = np.concatenate([np.flatnonzero(before.day == day) for day in drawn])
    shares = _shares(held, lambda day: _called(day, pace, random))
    if not people.sum() or not len(tickets):
        return shares
    model = np.average([own.mean(axis=0) for own in inside], axis=0, weights=people)
    return _mended(shares, model, np.array(_observed(before.only(tickets))))


def _mended(shares: Numbers, model: Numbers, seen: Numbers) -> Numbers:
    """Shares with what the model is off by on the days used taken off, in log odds."""
    odds = _log_odds(shares) + _log_odds(seen) - _log_odds(model)
    return np.asarray(np.clip((1 + 2 * EDGE) / (1 + np.exp(-odds)) - EDGE, 0.0, 1.0), float)


def _log_odds(shares: Numbers) -> Numbers:
    inside = (shares + EDGE) / (1 + 2 * EDGE)
    return np.asarray(np.log(inside / (1 - inside)), float)


def _means(shares: Numbers) -> tuple[float, ...]:
    return tuple(float(mean) for mean in shares.mean(axis=0))


def _observed(tickets: Tickets) -> tuple[float, ...]:
    return tuple(float(tickets.within(minutes).mean()) for minutes in WITHIN)


Runs = tuple[Numbers, list[Numbers]]
"""Arrival times of a day, ascending, and by run the times of calls in that order, infinite of who is never called."""


def _shares(held: Boards, day_of: Callable[[Boards], Runs]) -> Numbers:
    """Shares within each of WITHIN, float64[RUNS, 2], of all who came on the days."""
    over, people = np.zeros((RUNS, len(WITHIN))), 0
    for day in np.unique(held.day):
        own = held.only(held.day == day)
        came, runs = day_of(own)
        people += len(came)
        for nth, calls in enumerate(runs):
            waits = np.maximum(calls - came, 0.0)
            over[nth] += [np.count_nonzero(waits <= minutes) for minutes in WITHIN]
    return over / max(people, 1)


def _spread(counts: NDArray[np.int64], day: Boards, random: np.random.Generator) -> Numbers:
    """Times anywhere within their intervals alike, ascending."""
    at = np.repeat(np.arange(len(counts)), counts)
    return np.sort(day.start[at] + (day.end - day.start)[at] * random.random(len(at)))


def _came(day: Boards, random: np.random.Generator) -> Numbers:
    """When they came, ascending: who waits as the first interval begins, then."""
    return np.concatenate([np.full(day.waiting[0], day.start[0]), _spread(day.arrivals, day, random)])


def _called(day: Boards, pace: Pace, random: np.random.Generator) -> Runs:
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


def _single(day: Boards, service: float, random: np.random.Generator) -> Runs:
    """Runs of a day as a single queue with exponential service and the counters that were open."""
    came = _came(day, random)
    return came, [_first_come(came, day.open, day, random.exponential(service, len(came))) for _ in range(RUNS)]


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


def errors(found: Sequence[Foretold], minutes: int, of: str) -> Numbers:
    """Foretold less observed shares within the n-th of WITHIN, by the name of a model."""
    pairs = [(getattr(one, of), one.observed) for one in found if getattr(one, of) is not None]
    return np.array([model[minutes] - seen[minutes] for model, seen in pairs])
