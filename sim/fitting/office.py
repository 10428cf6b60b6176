"""One office of a log: who comes to it, its queues with their work and counters, and when it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.fitting.arrivals import CONFIDENCE, HALF_HOUR, Arrivals, Numbers, arrivals_of, profile_of, weekday_of
from sim.fitting.boards import Boards
from sim.fitting.clocks import A_DAY
from sim.fitting.pace import FEW_DAYS, Work, work_of
from sim.fitting.pauses import Spread, spread_of
from sim.fitting.shared import Queues, busy_of, groups_of, works_of
from sim.fitting.tickets import Tickets
from sim.report.detail import free
from sim.report.wording import slug

WITHIN = (15, 30)
MOST_QUEUES, OTHERS, NAMELESS = 50, "others", "office"
TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
"""What YAML takes for something else than a name."""
Span = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One queue. ``ends``: the 95 % interval of its ``share``, None of fewer than FEW_DAYS days.

    ``work`` is None where nobody ever waited; ``crew``: whose counters call it, by their key; ``within``: observed
    shares by minutes.
    """

    key: str
    title: str
    tickets: int
    share: float
    ends: Span | None
    work: Work | None
    crew: str
    within: Mapping[int, float]


@dataclass(frozen=True)
class Crew:
    """Counters that call the same queues, by the keys of these.

    ``open``: on average while any is open, as far as the log ``knows_counters``; ``spread``: how the work of a call
    varies, None where that cannot be seen.
    """

    key: str
    lines: tuple[str, ...]
    open: float
    counters: int
    knows_counters: bool
    spread: Spread | None


@dataclass(frozen=True, eq=False)
class Office:
    """What was measured of an office.

    ``hours``: minutes after midnight by weekday; ``profiles``: shares of its half-hours;
    ``within``: observed shares by minutes.
    """

    name: str
    tickets: int
    arrivals: Arrivals
    hours: Mapping[int, Span]
    profiles: Mapping[int, Numbers]
    lines: tuple[Line, ...]
    crews: tuple[Crew, ...]
    within: Mapping[int, float]


def office_of(tickets: Tickets, boards: Boards, *, knows_counters: bool) -> Office:
    """What is measured of one office, all tickets and intervals of which are given.

    Where it has more queues than a scenario may have, the smallest are one.
    """
    groups = _groups(tickets)
    titles = [OTHERS if len(group) > 1 else tickets.queues[group[0]] or "queue" for group in groups]
    queues = list(zip(_keys(titles), groups, strict=True))
    crews, works = _crews(boards, queues, knows_counters=knows_counters)
    whose = {line: crew.key for crew in crews for line in crew.lines}
    own = [tickets.only(np.isin(tickets.queue, group)) for group in groups]
    shares = [round(len(part) / len(tickets), 6) for part in own]
    shares[0] = round(1.0 - sum(shares[1:]), 6)
    lines = tuple(
        Line(key, title, len(part), share, share_ends(part.day, tickets.day), works[key], whose[key], _within(part))
        for (key, _), title, part, share in zip(queues, titles, own, shares, strict=True)
    )
    hours, arrivals = _hours(tickets), arrivals_of(tickets, tickets.days)
    name = tickets.offices[tickets.office[0]] or NAMELESS
    return Office(name, len(tickets), arrivals, hours, _profiles(tickets, hours), lines, tuple(crews), _within(tickets))


def _within(tickets: Tickets) -> dict[int, float]:
    return {minutes: float(tickets.within(minutes).mean()) for minutes in WITHIN}


def _groups(tickets: Tickets) -> list[Queues]:
    """The numbers of its queues, the largest first; the smallest are one where there are too many."""
    counts = np.bincount(tickets.queue)
    numbers = [int(number) for number in np.argsort(-counts, kind="stable") if counts[number]]
    rest = numbers[MOST_QUEUES:]
    return [*((number,) for number in numbers[:MOST_QUEUES]), *([tuple(rest)] if rest else [])]


def _keys(titles: list[str]) -> list[str]:
    """Names that a scenario may have, one each: no word that YAML takes for something else."""
    taken: set[str] = set()
    stems = [slug(title) for title in titles]
    return [free(stem if stem[0].isalpha() and stem not in TAKEN else f"queue_{stem}", taken) for stem in stems]


def _profiles(tickets: Tickets, hours: Mapping[int, Span]) -> dict[int, Numbers]:
    """Shares by half-hour of each weekday, up to its closing; weekdays with the same hours have the same."""
    on = weekday_of(tickets.day)
    groups: dict[Span, list[int]] = {}
    for day, span in hours.items():
        groups.setdefault(span, []).append(day)
    found: dict[int, Numbers] = {}
    for span, days in groups.items():
        own = profile_of(tickets.only(np.isin(on, days)))
        own[int(np.ceil(span[1] / HALF_HOUR)) :] = 0.0
        found |= dict.fromkeys(days, own / own.sum())
    return found


def _crews(
    boards: Boards, queues: Sequence[tuple[str, Queues]], *, knows_counters: bool
) -> tuple[list[Crew], dict[str, Work | None]]:
    """Whose counters call which queues, given by key and numbers; and the work of each."""
    key_of = {group[0]: key for key, group in queues if len(group) == 1}
    shared = [group for group in groups_of(boards) if key_of.keys() >= set(group)] if knows_counters else []
    crews, works = list[Crew](), dict[str, Work | None]()
    taken = {key for key, _ in queues}
    for group in shared:
        own, busy = [key_of[number] for number in group], busy_of(boards, group)
        found = works_of(busy)
        works |= dict.fromkeys(own) | dict(zip(own, found or [], strict=False))
        spread = spread_of(busy, found) if found else None
        crews.append(
            _crew(free("shared", taken), own, boards.only(np.isin(boards.queue, group)), knows_counters, spread)
        )
    for key, numbers in queues:
        if key not in works:
            seen = boards.only(np.isin(boards.queue, numbers))
            works[key] = work = work_of(seen)
            spread = spread_of(busy_of(seen, (numbers[0],)), [work]) if work and len(numbers) == 1 else None
            crews.append(_crew(key, [key], seen, knows_counters, spread))
    return crews, works


def _crew(key: str, lines: Sequence[str], seen: Boards, knows_counters: bool, spread: Spread | None) -> Crew:
    opened = seen.open[seen.open > 0]
    mean = float(opened.mean()) if len(opened) else 1.0
    return Crew(key, tuple(lines), mean, max(round(mean), 1), knows_counters, spread)


def share_ends(own: NDArray[np.int64], whole: NDArray[np.int64]) -> Span | None:
    """The 95 % interval of the share that some are of all, from the day of each; None of fewer than FEW_DAYS days.

    A ratio of sums over days, which differ (Cochran 1977, chapter 6), on the scale of log odds with Student's t.
    """
    days = np.unique(whole)
    if len(days) < FEW_DAYS or len(own) == len(whole):
        return None
    some, every = (np.bincount(np.searchsorted(days, one), minlength=len(days)) for one in (own, whole))
    share = len(own) / len(whole)
    error = np.sqrt(((some - share * every) ** 2).sum() * len(days) / (len(days) - 1)) / len(whole)
    reach = float(student.ppf((1 + CONFIDENCE) / 2, len(days) - 1)) * error / (share * (1 - share))
    low, high = (1 / (1 + (1 - share) / share * np.exp(sign * reach)) for sign in (1, -1))
    return float(low), float(high)


def _hours(tickets: Tickets) -> dict[int, Span]:
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
