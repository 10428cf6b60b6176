"""Who is on duty when: groups and shifts dealt out to single officials, Saturdays and time off included."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sim.calendar import Interval, intervals, joined, weekday_of
from sim.scenario import Scenario
from sim.staff import Group, Overtime
from sim.units import DAY, HOUR, MONTHS, WEEK, WEEKDAYS, day_of, milliseconds

SATURDAY = WEEKDAYS.index("sat")
WEEKS_TO_TAKE_OFF = 4
Days = list[tuple[Interval, ...]]


@dataclass(frozen=True)
class Duty:
    """One official, day by day: ``paid`` spans, and ``there``, which adds the time they stay to serve out.

    ``away``: paid spans in which they are at a meeting, on leave or on their way.
    ``rest`` marks the days on which a rest day's work is paid and not taken off. Guides of a point have no group.
    """

    point: str
    group: Group | None
    paid: Days
    there: Days
    rest: list[bool]
    away: Days

    @property
    def shifts(self) -> tuple[Interval, ...]:
        """All paid spans on one clock."""
        return tuple((day * DAY + s, day * DAY + e) for day, spans in enumerate(self.paid) for s, e in spans)

    @property
    def presence(self) -> tuple[Interval, ...]:
        """All spans on duty on one clock, midnight bridged."""
        return tuple(joined(self.there))

    @property
    def rest_pay(self) -> tuple[bool, ...]:
        """Of each of ``shifts``, whether it is paid as work on a rest day."""
        return tuple(rest for rest, spans in zip(self.rest, self.paid, strict=True) for _ in spans)


def duties(scenario: Scenario) -> list[Duty]:
    """All officials in the order of the scenario: groups first, then the guides of each point."""
    found = []
    for group in scenario.staff.values():
        count = size_of(scenario, group)
        names = group.shifts or (None,)
        shifts = [names[i % len(names)] for i in range(count)]
        for days in _dealt(scenario, group, shifts):
            here = _own_days(scenario, group, days)
            found.append(_duty(scenario, group.point, group, here, _gone(scenario, group, days, here)))
    for name, point in scenario.points.items():
        found += [_duty(scenario, name, None, _manned(scenario), [()] * scenario.days) for _ in range(point.guides)]
    return found


def official_names(scenario: Scenario) -> tuple[str, ...]:
    """The officials in the order of :func:`duties`: their group or point, and a number."""
    sizes = {name: size_of(scenario, group) for name, group in scenario.staff.items()}
    guides = {f"guide {name}": point.guides for name, point in scenario.points.items()}
    return tuple(f"{name} {nth}" for name, size in {**sizes, **guides}.items() for nth in range(1, size + 1))


def official_pay(scenario: Scenario) -> tuple[bool, ...]:
    """Of each official in the order of :func:`duties`, whether they are paid."""
    groups = [group.paid for group in scenario.staff.values() for _ in range(size_of(scenario, group))]
    return (*groups, *(True for point in scenario.points.values() for _ in range(point.guides)))


def size_of(scenario: Scenario, group: Group) -> int:
    """How many officials a group has."""
    return scenario.points[group.point].counters if group.count is None else group.count


def speed_on(scenario: Scenario, group: Group, day: int) -> float:
    """The speed of a group on a day of the run: who learns gets faster by a step each week."""
    if group.learning is None:
        return group.speed
    since = group.learning.since or group.first or scenario.start
    weeks = max((day_of(scenario.start, day) - since).days // WEEK, 0)
    learned = min(weeks / group.learning.weeks, 1.0)
    return group.speed * (group.learning.start + (1 - group.learning.start) * learned)


def place_on(scenario: Scenario, one: Duty, day: int) -> str:
    """The point at which an official works on a day."""
    return one.group.days_at.get(weekday_of(day_of(scenario.start, day)), one.point) if one.group else one.point


def _manned(scenario: Scenario) -> Days:
    """A guide's post is manned whenever the door is open, by whoever's turn it is."""
    return [scenario.calendar.opening(day_of(scenario.start, day)) for day in range(scenario.days)]


def _dealt(scenario: Scenario, group: Group, shifts: list[str | None]) -> list[Days]:
    """The spans of each official of one group on each day, in ms after that day's midnight.

    Dealt out beyond the run, so that time off which is owed at its end does not crowd its last days.
    """
    dates = [day_of(scenario.start, day) for day in range(scenario.days + WEEKS_TO_TAKE_OFF * 7)]
    working: list[Days] = [
        [() if rests(scenario, on) else scenario.calendar.shift(name, on) for on in dates] for name in shifts
    ]
    overtime: list[Counter[int]] = [Counter() for _ in shifts]
    for day, on in enumerate(dates[: scenario.days]):
        if group.paid and rests(scenario, on) and scenario.calendar.opening(on) and _has_working_days(scenario, day):
            _work_on_rest_day(scenario, working, overtime, day)
    return [official[: scenario.days] for official in working]


def _belongs(group: Group, on: date) -> bool:
    return (group.first is None or group.first <= on) and (group.last is None or on <= group.last)


def _gone(scenario: Scenario, group: Group, days: Days, here: Days) -> Days:
    """What is paid of the spans of an official in which they are not at their place."""
    found: Days = []
    for day, (spans, present) in enumerate(zip(days, here, strict=True)):
        belongs = _belongs(group, day_of(scenario.start, day))
        found.append(_less(spans, present) if belongs and spans != present else ())
    return found


def _less(spans: tuple[Interval, ...], cuts: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Spans of a day less others."""
    for begin, end in cuts:
        pieces = [piece for s, e in spans for piece in ((s, min(e, begin)), (max(s, end), e))]
        spans = tuple((s, e) for s, e in pieces if s < e)
    return spans


def _own_days(scenario: Scenario, group: Group, days: Days) -> Days:
    """What a group's own dates, meetings and ways leave of the spans of its officials."""
    if not (group.first or group.last or group.leave or group.meetings or group.commute):
        return days
    found: Days = []
    for day, spans in enumerate(days):
        on = day_of(scenario.start, day)
        if not _belongs(group, on) or any(one.first <= on <= one.last for one in group.leave):
            found.append(())
        else:
            found.append(_without(spans, intervals(group.meetings.get(weekday_of(on), ())), group.commute))
    return found


def _without(spans: tuple[Interval, ...], meetings: tuple[Interval, ...], commute: float) -> tuple[Interval, ...]:
    """Spans of a day less meetings, and less the way at both ends of it."""
    way = milliseconds(commute)
    ends = ((spans[0][0], spans[0][0] + way), (spans[-1][1] - way, spans[-1][1])) if spans and way else ()
    return _less(spans, (*meetings, *ends))


def rests(scenario: Scenario, on: date) -> bool:
    """Saturday and Sunday are rest days, each unless people come on it by a demand of its own."""
    return on.weekday() >= SATURDAY and not scenario.arrivals.weekday.get(weekday_of(on), 0.0)


def _has_working_days(scenario: Scenario, day: int) -> bool:
    """Whether people come by themselves in the week of a rest day, so that opening it makes sense."""
    monday = day - day_of(scenario.start, day).weekday()
    return any(scenario.is_working(weekday) for weekday in range(monday, monday + SATURDAY))


def _work_on_rest_day(scenario: Scenario, working: list[Days], overtime: list[Counter[int]], day: int) -> None:
    """Puts the officials whose turn it is on duty, and takes their time off from the weeks after or counts it.

    Where it is paid, those with no room left in the month or the year are passed over, so that fewer may come.
    ``overtime``: ms of each official by month, and by year as a negative number.
    """
    on = day_of(scenario.start, day)
    opening = scenario.calendar.opening(on)
    length = sum(end - start for start, end in opening)
    duty = math.ceil(scenario.saturday_duty.share * len(working))
    turn, pays = on.toordinal() // 7 * duty, scenario.saturday_duty.compensation == "pay"
    order = [(turn + nth) % len(working) for nth in range(len(working))]
    if pays:
        order = [one for one in order if _has_room(scenario.overtime, overtime[one], on, length)]
    for nth, one in enumerate(order[:duty]):
        working[one][day] = opening
        if pays:
            overtime[one].update({_month(on): length, -on.year: length})
        else:
            _take_off(working[one], _weeks_after(on, day, nth), length)


def _month(on: date) -> int:
    return on.year * MONTHS + on.month - 1


def _has_room(limits: Overtime, worked: Counter[int], on: date, more: int) -> bool:
    """Whether so much more overtime keeps the limits of the month and the year."""
    in_month, in_year = worked[_month(on)] + more, worked[-on.year] + more
    return limits.beyond or (in_month <= limits.month * HOUR and in_year <= limits.year * HOUR)


def _weeks_after(on: date, day: int, nth: int) -> list[int]:
    """The weekdays of the weeks after, from another one for each official, Friday first."""
    monday = day + 7 - on.weekday()
    found: list[int] = []
    for week in range(WEEKS_TO_TAKE_OFF - 1):
        days = list(range(monday + 7 * week + SATURDAY - 1, monday + 7 * week - 1, -1))
        found += days[nth % SATURDAY :] + days[: nth % SATURDAY]
    return found


def _take_off(official: Days, days: list[int], owed: int) -> None:
    """Removes ``owed`` ms from the ends of the given days, at most half a day each before the next one."""
    for day in days:
        spans = list(official[day])
        most = sum(end - start for start, end in spans) // 2
        while spans and owed > 0 and most > 0:
            start, end = spans.pop()
            cut = min(owed, most, end - start)
            owed, most = owed - cut, most - cut
            if cut < end - start:
                spans.append((start, end - cut))
        official[day] = tuple(spans)


def _duty(scenario: Scenario, point: str, group: Group | None, days: Days, away: Days) -> Duty:
    stay = milliseconds(scenario.closing.overtime_cap) if scenario.closing.rule == "serve_out" else 0
    pays = scenario.saturday_duty.compensation == "pay"
    dates = [day_of(scenario.start, day) for day in range(scenario.days)]
    rest, limits = [pays and rests(scenario, on) for on in dates], scenario.overtime
    keeps = [paid and not limits.beyond for paid in rest]
    left = [_left(limits, spans, stay) if kept else stay for spans, kept in zip(days, keeps, strict=True)]
    opened = (scenario.calendar.opening(on) for on in dates)
    there = [_staying(*one) for one in zip(days, opened, left, strict=True)]
    return Duty(point, group, days, there, rest, away)


def _left(limits: Overtime, spans: tuple[Interval, ...], stay: int) -> int:
    """How long they may stay after hours that are overtime themselves."""
    return min(stay, max(round(limits.day * HOUR) - sum(end - start for start, end in spans), 0))


@lru_cache(maxsize=4096)
def _staying(spans: tuple[Interval, ...], opening: tuple[Interval, ...], stay: int) -> tuple[Interval, ...]:
    """Spans of a day, those until the door closes drawn out by the time to serve out, up to midnight."""
    last = opening[-1][1] if opening else -1
    return tuple((s, min(e + stay, DAY) if e == last and last < DAY else e) for s, e in spans)


def doors(scenario: Scenario) -> list[Interval]:
    """When the door is open: from the first opening of a day to its last closing, midnight bridged."""
    return joined(doors_by_day(scenario))


def doors_by_day(scenario: Scenario) -> Days:
    """The span of each day in which the door is open; lunch is in it."""
    days = [scenario.calendar.opening(day_of(scenario.start, day)) for day in range(scenario.days)]
    return [((spans[0][0], spans[-1][1]),) if spans else () for spans in days]
