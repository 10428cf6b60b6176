"""Waits on days that were not used: how many wait at most so long, foretold and observed, queue by queue.

Given to both models of a day are its arrivals and the counters that were open (:mod:`sim.fitting.calls`). The first
goes by the pace of the days used. What it is off by on these, each of them foretold by the others, is taken off, in log
odds, the pace counting as one day by itself.
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

    ``interval``: of the share within the first of WITHIN; ``least``: the mean error of that share that is to be
    expected of so few days, used and held out, by how days used differ from what the others foretell of them. Both are
    None of fewer than FEW_DAYS days used. ``used``: the shares on the days that were used, as if nothing of a day were
    known; ``days``: held out.
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
    """Of days used: ``people``, float64[days]; shares ``seen``, and ``told`` by the others, float64[days, 2]."""

    people: Numbers
    seen: Numbers
    told: Numbers

    @property
    def weight(self) -> float:
        """Of what was seen on these days against what the pace told, which counts as one day more."""
        return len(self.people) / (len(self.people) + 1)

    def mended(self, told: Numbers, picked: Days | slice = slice(None)) -> Numbers:
        """The shares ``told``, float64[..., 2], less what was off on these days.

        ``picked``: some of them drawn again, int64[..., days].
        """
        seen, inside = (_log_odds(self.mean(own, picked)) for own in (self.seen, self.told))
        odds = _log_odds(told) + self.weight * (seen - inside)
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
    naive model. Chance goes by the names of office and queue, whatever else is in the log.
    """
    found = []
    for office, queue in queues_of(tickets):
        own = tickets.only((tickets.office == office) & (tickets.queue == queue))
        seen = boards.only((boards.office == office) & (boards.queue == queue))
        names = tickets.offices[office], tickets.queues[queue]
        random = np.random.default_rng([crc32(name.encode()) for name in names])
        one = _by_the_pace(own, seen, used, out, random)
        if one is not None:
            one = one if knows_counters else replace(one, naive=None)
            found.append(mended(one, _learnt(own, seen, used, random), random))
        done(" ".join(names).strip())
    return found


def _by_the_pace(own: Tickets, seen: Boards, used: Days, out: Days, random: np.random.Generator) -> Foretold | None:
    """As the pace has it alone; None where there is nobody on days used or held out, or no pace."""
    before, after = own.only(np.isin(own.day, used)), own.only(np.isin(own.day, out))
    learnt, held = seen.only(np.isin(seen.day, used)), seen.only(np.isin(seen.day, out))
    pace, work = pace_of(learnt), work_of(learnt)
    if pace is None or not len(before) or not len(after) or not held.arrivals.sum():
        return None
    single = None if work is None else shares(held, partial(called_alone, minutes=work.minutes, random=random))
    return Foretold(
        office=own.offices[own.office[0]],
        queue=own.queues[own.queue[0]],
        tickets=len(after),
        a_day=len(own) / len(own.days),
        observed=_observed(after),
        predicted=_plain(shares(held, partial(called_at, pace=pace, random=random))),
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
        pace = pace_of(seen.only((seen.day != day) & np.isin(seen.day, used))) or pace_of(one)
        if pace is not None and one.arrivals.sum():
            told = _plain(shares(one, partial(called_at, pace=pace, random=random)))
            days.append((len(there), *_observed(there), *told))
    table = np.array(days, float).reshape(len(days), 1 + 2 * len(WITHIN))
    return Learnt(table[:, 0], *np.hsplit(table[:, 1:], 2))


def _plain(numbers: Numbers) -> tuple[float, ...]:
    return tuple(map(float, numbers))


def mended(one: Foretold, learnt: Learnt, random: np.random.Generator) -> Foretold:
    """In light of the days used: less what the pace is off by on them.

    The interval is of days used drawn again, of as many days held out, which differ from what is foretold as days used
    do, and of the chance of each visitor. Its ends are as much further away as few days make them too near (Hesterberg
    2015, The American Statistician 69, section 4).
    """
    if not len(learnt.people):
        return one
    found = replace(one, predicted=_plain(learnt.mended(np.array(one.predicted))))
    days, share = len(learnt.people), found.predicted[0]
    if days < FEW_DAYS:
        return found
    off = (learnt.seen - learnt.mended(learnt.told))[:, 0]
    again = learnt.mended(np.array(one.predicted), random.integers(0, days, (RESAMPLES, days)))[:, 0] - share
    ahead = (off - off.mean())[random.integers(0, days, (RESAMPLES, one.days))].mean(axis=1)
    tail, wider = (1 + CONFIDENCE) / 2, np.sqrt(days / (days - 1))
    further = wider * student.ppf(tail, days - 1) / normal.ppf(tail)
    each = random.normal(0.0, np.sqrt((share + EDGE) * (1 - share + EDGE) / one.tickets), RESAMPLES)
    low, high = np.clip(share + further * np.quantile(again + ahead + each, (1 - tail, tail)), 0.0, 1.0)
    return replace(found, interval=(float(low), float(high)), least=float(wider * np.abs(again + ahead).mean()))


def _log_odds(share: Numbers) -> Numbers:
    inside = (share + EDGE) / (1 + 2 * EDGE)
    return np.asarray(np.log(inside / (1 - inside)), float)


def _observed(tickets: Tickets) -> tuple[float, ...]:
    return tuple(float(tickets.within(minutes).mean()) for minutes in WITHIN)


def errors(found: Sequence[Foretold], minutes: int, of: str) -> Numbers:
    """Foretold less observed shares within the n-th of WITHIN, by the name of a model."""
    pairs = [(getattr(one, of), one.observed) for one in found if getattr(one, of) is not None]
    return np.array([model[minutes] - seen[minutes] for model, seen in pairs])
