"""What policies of opening hours do to shifts and to the times at which people come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from math import lcm
from typing import get_args

from sim.arrivals import Arrivals
from sim.calendar import Calendar, Interval, Weekday, WorkingDay, joined
from sim.policies.policy import free_names
from sim.scenario import Scenario
from sim.staff import Group
from sim.units import DAY, SLOT, clock, clock_text

Week = dict[WorkingDay, tuple[str, ...]]
"""The spans of each working weekday on which the center opens."""

WORKING_DAYS: tuple[WorkingDay, ...] = get_args(WorkingDay)


def week_of(calendar: Calendar, shift: str | None) -> Week:
    """What a shift works on each weekday; None is the opening hours."""
    return {on: calendar.spans(shift, on) for on in WORKING_DAYS if calendar.hours.get(on)}


def dealt(
    scenario: Scenario,
    variants: Callable[[Week], tuple[Week, Week]],
    names: tuple[str, str],
    choices: Mapping[str, Sequence[int]],
) -> tuple[Calendar, dict[str, Group]]:
    """Two variants of each shift in use, the opening hours of those without one included, and who works which.

    ``choices`` has the variants of the officials of each group in turn. A variant that changes nothing keeps the name
    of its shift; a shift without such a variant is gone. The calendar has the others in an order in which a new
    group, dealt them in turn, has both variants and different shifts of each.
    """
    calendar, weeks, pairs = scenario.calendar, dict[str, Week](), dict[str | None, list[str]]()
    for shift in dict.fromkeys(shift for group in scenario.staff.values() for shift in group.shifts or (None,)):
        own, pairs[shift] = week_of(calendar, shift), []
        for week, name in zip(variants(own), names, strict=True):
            new = shift
            if new is None or week != own:
                new = _free(f"{shift}_{name}" if shift else name, {*calendar.shifts, *weeks})
                weeks[new] = week
            pairs[shift].append(new)
    names_in_turn = [pair[(nth + other) % 2] for other in (0, 1) for nth, pair in enumerate(pairs.values())]
    staff = {name: _in_turn(group, pairs, choices[name] or [0]) for name, group in scenario.staff.items()}
    unused = [shift for shift in calendar.shifts if shift not in pairs]
    return _with_shifts(calendar, weeks, [*names_in_turn, *unused]), staff


def _free(name: str, taken: Container[str]) -> str:
    return name if name not in taken else next(free_names(name, taken))


def _in_turn(group: Group, pairs: Mapping[str | None, Sequence[str]], choices: Sequence[int]) -> Group:
    shifts = group.shifts or (None,)
    each = range(lcm(len(shifts), len(choices)))
    return group.replace(shifts=_shortest([pairs[shifts[n % len(shifts)]][choices[n % len(choices)]] for n in each]))


def _shortest(names: list[str]) -> tuple[str, ...]:
    """The shortest sequence that, dealt out in turn, gives the same."""
    lengths = (n for n in range(1, len(names) + 1) if len(names) % n == 0)
    return next(tuple(names[:n]) for n in lengths if names[:n] * (len(names) // n) == names)


def _with_shifts(calendar: Calendar, weeks: Mapping[str, Week], names: Iterable[str]) -> Calendar:
    """The calendar with these shifts, from ``weeks`` or as they were."""
    usual = {name: Counter(week.values()).most_common(1)[0][0] for name, week in weeks.items()}
    shifts = {name: usual[name] if name in usual else calendar.shifts[name] for name in names}
    differ: dict[WorkingDay, dict[str, tuple[str, ...]]] = {}
    for on in WORKING_DAYS:
        before = calendar.shifts_on.get(on, {})
        new = {name: week[on] for name, week in weeks.items() if week.get(on, usual[name]) != usual[name]}
        kept = {name: spans for name, spans in before.items() if name in shifts and name not in weeks}
        if kept or new:
            differ[on] = {**kept, **new}
    return calendar.replace(shifts=shifts, shifts_on=differ)


def spans_text(spans: Iterable[Interval]) -> tuple[str, ...]:
    """Spans as a scenario writes them, those that touch made one."""
    return tuple(f"{clock_text(start)}-{end_text(end)}" for start, end in joined([tuple(sorted(spans))]))


def end_text(at: int) -> str:
    """The end of a span as HH:MM, midnight as 24:00."""
    return "24:00" if at == DAY else clock_text(at)


def with_moved(arrivals: Arrivals, share: float, moves: Mapping[WorkingDay, tuple[Interval, Interval]]) -> Arrivals:
    """A share of those who come within one span of a weekday come evenly within another instead.

    ``moves`` has both spans of each weekday; as many come on a day as before. ValueError where the arrivals have no
    profile.
    """
    if share == 0:
        return arrivals
    if arrivals.per_day is None:
        raise ValueError("people can be moved within the day only where arrivals have per_day and a profile")
    own: dict[Weekday, dict[str, float]] = {
        on: _moved(arrivals.profile_on.get(on, arrivals.profile), share, *moves[on]) for on in moves
    }
    days = [on for on, factor in arrivals.weekday.items() if factor > 0]
    found = [own.get(on) or arrivals.profile_on.get(on, arrivals.profile) for on in days]
    if found and all(profile == found[0] for profile in found):
        return arrivals.replace(profile=found[0], profile_on={})
    return arrivals.replace(profile_on={**arrivals.profile_on, **own})


def _moved(profile: Mapping[str, float], share: float, away: Interval, to: Interval) -> dict[str, float]:
    after = {at: weight * (1 - share) if away[0] <= clock(at) < away[1] else weight for at, weight in profile.items()}
    moved = sum(profile.values()) - sum(after.values())
    for slot in range(to[0] // SLOT * SLOT, to[1], SLOT):
        inside = min(slot + SLOT, to[1]) - max(slot, to[0])
        at = clock_text(slot)
        after[at] = after.get(at, 0.0) + moved * inside / (to[1] - to[0])
    return dict(sorted(after.items()))
