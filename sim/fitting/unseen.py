"""Waits on days that were not used: how many wait at most so long, foretold and observed, queue by queue.

Given to both models of a day are its arrivals and the counters that were open (:mod:`sim.fitting.calls`). The first
goes by the pace of the days used, twice: by that of every second one, and of the others. What both are off by on days
used, each of them foretold by the others, is taken off, in log odds, the paces counting as one day by themselves. Of
what they make days differ by, so much is taken as these days have shown: the slope of what was observed on what was
foretold, within queues, over all busy ones. As each has errors of its own, their product tells how much days differ
without them (an instrumental variable; Fuller 1987, Measurement Error Models, section 1.4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm as normal
from scipy.stats import t as student

from sim.fitting.boards import Boards
from sim.fitting.calls import WITHIN, called_alone, called_at, shares
from sim.fitting.pace import FEW_DAYS, pace_of, work_of
from sim.fitting.tickets import Tickets

Numbers = NDArray[np.float64]
RESAMPLES, CONFIDENCE = 999, 0.9
"""How often the days used are drawn again."""
EDGE = 0.005
"""What is added to both sides of a share, so that none has infinite odds."""
BUSY = 50
"""Tickets a day from which on a queue is busy."""


@dataclass(frozen=True)
class Foretold:
    """A queue on days not used, by what it is held against: shares within each of WITHIN.

    ``interval``: of the share within the first of WITHIN, over days used that are drawn again and over what days
    differ from what is foretold of each by the others. ``least``: the mean error of that share that the chance of so
    few days, used and held out, makes by itself. Both are None of fewer than FEW_DAYS days used. ``used``: the shares
    on the days that were used, as if nothing of a day were known; ``days``: held out.
    """

    office: str
    queue: str
    tickets: int
    a_day: float
    observed: tuple[float, ...]
    predicted: tuple[float, ...]
    interval: tuple[float, float] | None
    naive: tuple[float, ...] | None
    used: tuple[float, ...]
    least: float | None
    days: int

    @property
    def is_busy(self) -> bool:
        """Whether it has so many tickets that its share tells something."""
        return self.a_day >= BUSY

    @property
    def is_inside(self) -> bool:
        """Whether the first share that was observed lies in its interval."""
        return self.interval is not None and self.interval[0] <= self.observed[0] <= self.interval[1]


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


@dataclass(frozen=True, eq=False)
class Learnt:
    """Of days used: ``people``, float64[days]; shares ``seen``, and twice ``told`` by the others, float64[days, 2].

    ``picked``: some of these days drawn again, int64[..., days].
    """

    people: Numbers
    seen: Numbers
    first: Numbers
    second: Numbers

    @property
    def told(self) -> Numbers:
        """By both."""
        return (self.first + self.second) / 2

    @property
    def weight(self) -> float:
        """Of what was seen on these days against what the pace told, which counts as one day more."""
        return len(self.people) / (len(self.people) + 1)

    def mended(self, told: Numbers, slopes: Numbers, picked: Days | slice = slice(None)) -> Numbers:
        """The shares ``told``, float64[..., 2], less what was off on these days."""
        seen, inside = (_log_odds(self.mean(own, picked)) for own in (self.seen, self.told))
        odds = inside + self.weight * (seen - inside) + slopes * (_log_odds(told) - inside)
        return np.asarray(np.clip((1 + 2 * EDGE) / (1 + np.exp(-odds)) - EDGE, 0.0, 1.0), float)

    def mean(self, of: Numbers, picked: Days | slice = slice(None)) -> Numbers:
        """By people, of numbers of these days, float64[..., 2]."""
        people = self.people[picked][..., None]
        return np.asarray((people * of[picked]).sum(axis=-2) / people.sum(axis=-2), float)


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
    naive model. Chance goes by the names of office and queue, whatever else is in the log; how much days differ, by all
    busy queues of it.
    """
    found = []
    for office, queue in queues_of(tickets):
        own = tickets.only((tickets.office == office) & (tickets.queue == queue))
        seen = boards.only((boards.office == office) & (boards.queue == queue))
        names = tickets.offices[office], tickets.queues[queue]
        random = np.random.default_rng([crc32(name.encode()) for name in names])
        one = _by_the_pace(own, seen, used, out, random)
        if one is not None:
            found.append(
                (one if knows_counters else replace(one, naive=None), _learnt(own, seen, used, random), random)
            )
        done(" ".join(names).strip())
    slopes = slopes_of([learnt for one, learnt, _ in found if one.is_busy] or [learnt for _, learnt, _ in found])
    return [mended(one, learnt, slopes, random) for one, learnt, random in found]


def _by_the_pace(own: Tickets, seen: Boards, used: Days, out: Days, random: np.random.Generator) -> Foretold | None:
    """As the pace has it alone; None where there is nobody on days used or held out, or no pace."""
    before, after = own.only(np.isin(own.day, used)), own.only(np.isin(own.day, out))
    learnt, held = seen.only(np.isin(seen.day, used)), seen.only(np.isin(seen.day, out))
    work = work_of(learnt)
    if pace_of(learnt) is None or not len(before) or not len(after) or not held.arrivals.sum():
        return None
    single = None if work is None else shares(held, partial(called_alone, minutes=work.minutes, random=random))
    return Foretold(
        office=own.offices[own.office[0]],
        queue=own.queues[own.queue[0]],
        tickets=len(after),
        a_day=len(own) / len(own.days),
        observed=_observed(after),
        predicted=_plain(np.mean(_told_twice(held, learnt, random), axis=0)),
        interval=None,
        naive=None if single is None else _plain(single),
        used=_observed(before),
        least=None,
        days=len(after.days),
    )


def _learnt(own: Tickets, seen: Boards, used: Days, random: np.random.Generator) -> Learnt:
    """Days used, each told by the others; a single one by itself."""
    days = []
    for day in np.intersect1d(used, own.days):
        there, one = own.only(own.day == day), seen.only(seen.day == day)
        others = seen.only((seen.day != day) & np.isin(seen.day, used))
        others = one if pace_of(others) is None else others
        if pace_of(others) is not None and one.arrivals.sum():
            told = _told_twice(one, others, random)
            days.append((len(there), *_observed(there), *told[0], *told[1]))
    table = np.array(days, float).reshape(len(days), 1 + 3 * len(WITHIN))
    return Learnt(table[:, 0], *np.hsplit(table[:, 1:], 3))


def _told_twice(held: Boards, learnt: Boards, random: np.random.Generator) -> list[Numbers]:
    """Shares by the pace of every second day that was learnt from, and by that of the others, or of all."""
    second = np.isin(learnt.day, np.unique(learnt.day)[1::2])
    paces = [pace_of(learnt.only(half)) or pace_of(learnt) for half in (~second, second)]
    return [shares(held, partial(called_at, pace=pace, random=random)) for pace in paces if pace is not None]


def _plain(numbers: Numbers) -> tuple[float, ...]:
    return tuple(map(float, numbers))


def slopes_of(found: Sequence[Learnt]) -> Numbers:
    """How much of what days are foretold to differ by, within queues, is seen, float64[2], from 0 to 1.

    Of log odds, weighted by people; 1 where nothing tells.
    """
    both, squares = np.zeros(len(WITHIN)), np.zeros(len(WITHIN))
    for one in filter(lambda one: len(one.people), found):
        odds = [_log_odds(own) for own in (one.seen, one.first, one.second)]
        seen, first, second = (own - one.mean(own) for own in odds)
        both += one.people @ (seen * (first + second) / 2)
        squares += one.people @ (first * second)
    return np.clip(np.divide(both, squares, out=np.ones_like(both), where=squares > 0), 0.0, 1.0)


def mended(one: Foretold, learnt: Learnt, slopes: Numbers, random: np.random.Generator) -> Foretold:
    """In light of the days used: less what the pace is off by on them."""
    if not len(learnt.people):
        return one
    raw = np.array(one.predicted)
    found = replace(one, predicted=_plain(learnt.mended(raw, slopes)))
    days, off = len(learnt.people), (learnt.seen - learnt.mended(learnt.told, slopes))[:, 0]
    if days < FEW_DAYS:
        return found
    off -= off.mean()
    again = learnt.mended(raw, slopes, random.integers(0, days, (RESAMPLES, days)))[:, 0] - found.predicted[0]
    ahead = off[random.integers(0, days, (RESAMPLES, one.days))].mean(axis=1)
    tail, wider = (1 + CONFIDENCE) / 2, np.sqrt(days / (days - 1))
    further = wider * student.ppf(tail, days - 1) / normal.ppf(tail)
    low, high = np.clip(found.predicted[0] + further * np.quantile(again + ahead, (1 - tail, tail)), 0.0, 1.0)
    return replace(found, interval=(float(low), float(high)), least=float(wider * np.abs(again - ahead).mean()))


def _log_odds(share: Numbers) -> Numbers:
    inside = (share + EDGE) / (1 + 2 * EDGE)
    return np.asarray(np.log(inside / (1 - inside)), float)


def _observed(tickets: Tickets) -> tuple[float, ...]:
    return tuple(float(tickets.within(minutes).mean()) for minutes in WITHIN)


def errors(found: Sequence[Foretold], minutes: int, of: str) -> Numbers:
    """Foretold less observed shares within the n-th of WITHIN, by the name of a model."""
    pairs = [(getattr(one, of), one.observed) for one in found if getattr(one, of) is not None]
    return np.array([model[minutes] - seen[minutes] for model, seen in pairs])
