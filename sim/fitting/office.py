"""One office of a log: who comes to it, its queues with their work and counters, and when it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.fitting.arrivals import HALF_HOUR, Arrivals, arrivals_of, weekday_of
from sim.fitting.boards import Boards
from sim.fitting.clocks import A_DAY
from sim.fitting.pace import Work, work_of
from sim.fitting.tickets import Tickets
from sim.report.wording import plain, slug

WITHIN = (15, 30)


@dataclass(frozen=True)
class Line:
    """One queue.

    ``work`` is None where nobody ever waited; ``open``: counters on average while any is open, as far as the log
    ``knows_counters``.
    """

    key: str
    title: str
    tickets: int
    share: float
    work: Work | None
    open: float
    counters: int
    knows_counters: bool


@dataclass(frozen=True, eq=False)
class Office:
    """What was measured of an office.

    ``hours``: minutes after midnight by weekday; ``within``: observed shares by minutes.
    """

    name: str
    tickets: int
    arrivals: Arrivals
    hours: Mapping[int, tuple[float, float]]
    lines: tuple[Line, ...]
    within: Mapping[int, float]


def office_of(tickets: Tickets, boards: Boards, *, knows_counters: bool) -> Office:
    """What is measured of one office, all tickets and intervals of which are given."""
    days = tickets.days
    total, left = len(tickets), 1.0
    lines: list[Line] = []
    numbers = np.unique(tickets.queue)
    keys = _keys([tickets.queues[number] for number in numbers])
    for nth, (number, key) in enumerate(zip(numbers, keys, strict=True), 1):
        own, seen = tickets.only(tickets.queue == number), boards.only(boards.queue == number)
        share = left if nth == len(numbers) else round(len(own) / total, 6)
        left = round(left - share, 6)
        lines.append(_line(key, own, seen, share, knows_counters=knows_counters))
    within = {minutes: float(tickets.within(minutes).mean()) for minutes in WITHIN}
    name = plain(tickets.offices[tickets.office[0]]) or "office"
    return Office(name, total, arrivals_of(tickets, days), _hours(tickets), tuple(lines), within)


def _keys(titles: list[str]) -> list[str]:
    """Names that a scenario may have, one each."""
    found: list[str] = []
    for title in titles:
        stem = slug(title) if title else "queue"
        stem = stem if stem[0].isalpha() else f"queue_{stem}"
        found.append(stem if stem not in found else f"{stem}_{len(found) + 1}")
    return found


def _line(key: str, own: Tickets, seen: Boards, share: float, *, knows_counters: bool) -> Line:
    opened = seen.open[seen.open > 0]
    mean = float(opened.mean()) if len(opened) else 1.0
    title = plain(own.queues[own.queue[0]]) or "the only queue"
    counters = max(round(mean), 1)
    work = work_of(seen)
    return Line(key, title, len(own), share, work, mean, counters, knows_counters)


def _hours(tickets: Tickets) -> dict[int, tuple[float, float]]:
    """When the office opens and closes on each weekday that was seen: the first call and the last ticket of its days.

    Both to the half-hour, the one before and the one after.
    """
    on, issued = weekday_of(tickets.day), tickets.issued[1]
    called = np.where(np.isfinite(tickets.called[1]), tickets.called[1], np.inf)
    found = {}
    for day in np.unique(on):
        own = on == day
        first = min(called[own].min(), issued[own].max())
        opens = np.floor(first / HALF_HOUR) * HALF_HOUR
        closes = np.ceil(issued[own].max() / HALF_HOUR) * HALF_HOUR
        found[int(day)] = float(opens), float(min(max(closes, opens + HALF_HOUR), A_DAY))
    return found
