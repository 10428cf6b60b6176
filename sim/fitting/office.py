"""One office of a log: who comes to it, its queues with their work and counters, and when it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.fitting.arrivals import HALF_HOUR, WEEKDAYS, Arrivals, Numbers, arrivals_filled, profile_of, weekday_of
from sim.fitting.boards import Boards
from sim.fitting.clocks import A_DAY
from sim.fitting.files import name_of
from sim.fitting.gaps import Days, days_of
from sim.fitting.pace import Work, work_of
from sim.fitting.pauses import Spread, work_and_spread
from sim.fitting.shared import Queues, groups_of, together
from sim.fitting.shares import Span, odds_ends
from sim.fitting.tickets import Tickets
from sim.report.detail import free
from sim.report.wording import slug

WITHIN = (15, 30)
MOST_QUEUES, OTHERS = 50, "others"
TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
"""What YAML takes for something else than a name."""
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Line:
    """One queue: its ``share`` of all who come while no queue is missing.

    ``ends``: the 95 % interval of the share, None of fewer than FEW_DAYS days; ``crew``: whose counters call it, by
    their key; ``within``: observed shares by minutes; ``days``: how many it was there.
    """

    key: str
    title: str
    tickets: int
    share: float
    ends: Span | None
    crew: str
    within: Mapping[int, float]
    days: int


@dataclass(frozen=True)
class Crew:
    """Counters that call the same queues, by the keys of these.

    ``open``: on average while any is open, as far as the log ``knows_counters``; ``work`` of a call, None where nobody
    ever waited; ``spread``: how it varies, None where that cannot be seen.
    """

    key: str
    lines: tuple[str, ...]
    open: float
    counters: int
    knows_counters: bool
    work: Work | None
    spread: Spread | None


@dataclass(frozen=True, eq=False)
class Office:
    """What was measured of an office, ``arrivals`` and ``within`` as if none of its queues were missing on a day.

    ``has_gaps``: whether one was; ``hours``: minutes after midnight by weekday; ``profiles``: shares of its half-hours;
    ``within``: observed shares by minutes.
    """

    name: str
    tickets: int
    arrivals: Arrivals
    hours: Mapping[int, Spans]
    profiles: Mapping[int, Numbers]
    lines: tuple[Line, ...]
    crews: tuple[Crew, ...]
    within: Mapping[int, float]
    has_gaps: bool


def office_of(tickets: Tickets, boards: Boards, *, knows_counters: bool) -> Office:
    """What is measured of one office, all tickets and intervals of which are given.

    Where it has more queues than a scenario may have, the smallest are one.
    """
    groups, known = _groups(tickets), days_of(tickets.queue, tickets.day)
    titles = [OTHERS if len(group) > 1 else tickets.queues[group[0]] or "queue" for group in groups]
    queues = list(zip(_keys(titles), groups, strict=True))
    crews = _crews(boards, queues, knows_counters=knows_counters)
    whose = {line: crew.key for crew in crews for line in crew.lines}
    lines = _lines(tickets, queues, known, whose)
    hours, arrivals = _hours(tickets, boards), arrivals_of_days(known, profile_of(tickets))
    name = name_of(tickets.offices[tickets.office[0]], tickets.offices)
    within = {minutes: sum(line.share * line.within[minutes] for line in lines) for minutes in WITHIN}
    gaps, profiles = not known.is_there.all(), _profiles(tickets, hours)
    return Office(name, len(tickets), arrivals, hours, profiles, lines, tuple(crews), within, gaps)


def arrivals_of_days(known: Days, profile: Numbers) -> Arrivals:
    """As if no queue were missing on any day."""
    on, filling = weekday_of(known.days), np.zeros(WEEKDAYS)
    for one in np.unique(on):
        moves = known.whole_moves((on == one).astype(float))
        filling[one] = (moves**2).sum() * (1 - 1 / len(moves))
    return arrivals_filled(known.days, known.whole, profile, known.kept, filling)


def _lines(
    tickets: Tickets, queues: Sequence[tuple[str, Queues]], known: Days, whose: Mapping[str, str]
) -> tuple[Line, ...]:
    """The queues, given by key and numbers; ``whose`` counters call each."""
    rows = [np.isin(known.queues, group) for _, group in queues]
    shares = [round(float(known.usual[own].sum() / known.usual.sum()), 6) for own in rows]
    shares[0] = round(1.0 - sum(shares[1:]), 6)
    made = []
    for (key, group), own, share in zip(queues, rows, shares, strict=True):
        part, there = tickets.only(np.isin(tickets.queue, group)), known.is_there[own].any(axis=0)
        title = OTHERS if len(group) > 1 else tickets.queues[group[0]] or "queue"
        ends = odds_ends(share, known.odds_moves(own), int(there.sum())) if len(queues) > 1 else None
        made.append(Line(key, title, len(part), share, ends, whose[key], _within(part), int(there.sum())))
    return tuple(made)


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


def _profiles(tickets: Tickets, hours: Mapping[int, Spans]) -> dict[int, Numbers]:
    """Shares by half-hour of each weekday, up to its closing; weekdays with the same hours have the same."""
    on = weekday_of(tickets.day)
    groups: dict[Spans, list[int]] = {}
    for day, spans in hours.items():
        groups.setdefault(spans, []).append(day)
    found: dict[int, Numbers] = {}
    for spans, days in groups.items():
        own = profile_of(tickets.only(np.isin(on, days)))
        own[int(np.ceil(spans[-1][1] / HALF_HOUR)) :] = 0.0
        found |= dict.fromkeys(days, own / own.sum())
    return found


def _crews(boards: Boards, queues: Sequence[tuple[str, Queues]], *, knows_counters: bool) -> list[Crew]:
    """Whose counters call which queues, given by key and numbers."""
    key_of = {group[0]: key for key, group in queues if len(group) == 1}
    found = groups_of(boards) if knows_counters else []
    shared = [own for group in found if len(own := tuple(number for number in group if number in key_of)) > 1]
    apart = {key: numbers for key, numbers in queues if not any(numbers[0] in group for group in shared)}
    taken = {key for key, _ in queues}
    groups = [(free("shared", taken), [key_of[number] for number in group], group) for group in shared]
    groups += [(key, [key], numbers) for key, numbers in apart.items()]
    return [
        _crew(key, lines, together(boards, numbers), knows_counters=knows_counters) for key, lines, numbers in groups
    ]


def _crew(key: str, lines: Sequence[str], seen: Boards, *, knows_counters: bool) -> Crew:
    knows = knows_counters and len(seen.day) > 0
    work, spread = work_and_spread(seen) if knows else (work_of(seen), None)
    opened = seen.open[seen.open > 0]
    mean = float(opened.mean()) if len(opened) else 1.0
    return Crew(key, tuple(lines), mean, max(round(mean), 1), knows, work, spread)


def _hours(tickets: Tickets, boards: Boards) -> dict[int, Spans]:
    """When the office is open on each weekday that was seen, in half-hours.

    From the first call of a usual day (of a day without calls, its first ticket) to the last ticket of all; half-hours
    in which boards show no open counter on most days are left out.
    """
    on = weekday_of(tickets.day)
    found = {}
    for one in np.unique(on):
        own = tickets.only(on == one)
        firsts = [_first(own.only(own.day == day)) for day in own.days]
        opens = min(np.floor(np.median(firsts) / HALF_HOUR) * HALF_HOUR, A_DAY - HALF_HOUR)
        closes = min(max(np.ceil(own.issued[1].max() / HALF_HOUR) * HALF_HOUR, opens + HALF_HOUR), A_DAY)
        seen = boards.only(weekday_of(boards.day) == one)
        slots = [slot for slot in np.arange(opens, closes, HALF_HOUR) if not _is_shut(seen, float(slot))]
        found[int(one)] = _spans(slots) or ((float(opens), float(closes)),)
    return found


def _first(day: Tickets) -> float:
    called = day.called[1][np.isfinite(day.called[1])]
    return float(called.min() if len(called) else day.issued[1].min())


def _is_shut(boards: Boards, slot: float) -> bool:
    here = boards.only((boards.start >= slot) & (boards.start < slot + HALF_HOUR))
    days = np.unique(here.day)
    return len(days) > 0 and len(np.unique(here.day[here.open > 0])) < len(days) / 2


def _spans(slots: Sequence[float]) -> Spans:
    """Half-hours that follow one another as spans."""
    found: list[Span] = []
    for slot in map(float, slots):
        if found and found[-1][1] == slot:
            found[-1] = (found[-1][0], slot + HALF_HOUR)
        else:
            found.append((slot, slot + HALF_HOUR))
    return tuple(found)
