"""From the roster to the plan: the table of officials, and what the calendar does on each day."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.calendar import edges, weekday_of
from sim.plan import AWAY, BACK_OFFICE, OFFICIALS, REST_DAY, UNPAID, Change, Kind, Rule, Table
from sim.programs import Programs, Row, Tables
from sim.roster import Days, Duty, doors_by_day, size_of, speed_on
from sim.routing import can_do, can_process, in_back_office, is_asked
from sim.scenario import Scenario
from sim.staff import AdjustTomorrow, FloatToQueue, Group, OpenCounter
from sim.streams import person, thresholds
from sim.units import DAY, day_of, milliseconds

FULL = 1000


def officials_table(scenario: Scenario, duty: list[Duty], number: int) -> Table:
    """A row of OFFICIALS for each official of the center of a number."""
    fields, classes, points = scenario.fields, list(scenario.priorities), list(scenario.points)
    rows = np.zeros(len(duty), OFFICIALS)
    rows["key"] = person(number, 0, 0, np.arange(len(duty)))
    for row, one in zip(rows, duty, strict=True):
        group = one.group or Group(count=None, role="guide")
        served = group.serves if group.serves is not None else classes
        able = [can_do(one, f) or can_process(scenario, one, f) or is_asked(one, f) for f in fields]
        skills = np.flatnonzero(able).tolist()
        if group.role in {"guide", "leader"}:
            skills = [len(fields) + (Kind.SIGNATURE if group.role == "leader" else Kind.GUIDANCE)]
        row["place"] = _place(scenario, group, one.point)
        row["skills"] = sum(1 << i for i in skills)
        row["weak"] = sum(1 << fields.index(name) for name in group.weak)
        row["breadth"] = len(skills)
        row["home"] = 2 * points.index(one.point)
        _rule(row, group.rule)
        if row["rule"] == Rule.OPEN:
            row["place"] = 2 * len(points) + 1
        row["classes"] = sum(1 << classes.index(name) for name in served if group.role != "specialist")
        row["classes"] += np.uint64(BACK_OFFICE * in_back_office(scenario, one.group))
        row["speed"] = _permille(scenario, group, 0)
        row["called_away"] = thresholds([group.called_away, 1])[0]
        row["storm"] = thresholds([scenario.storm_away(group), 1])[0]
        if group.absence:
            row["absent"] = thresholds([1 - (1 - group.absence.share) ** (1 / group.absence.days), 1])[0]
            row["spell"] = group.absence.days
    return rows


def _rule(row: Any, rule: OpenCounter | FloatToQueue | AdjustTomorrow | None) -> None:
    """What an official goes by while the center runs."""
    match rule:
        case OpenCounter():
            row["rule"], row["high"], row["low"] = Rule.OPEN, rule.high, rule.low
        case FloatToQueue():
            row["rule"], row["high"], row["travel"] = Rule.FLOAT, rule.more, milliseconds(rule.travel)
        case AdjustTomorrow():
            row["rule"], row["high"] = Rule.TOMORROW, milliseconds(rule.above)
        case None:
            row["rule"] = Rule.NONE


def _place(scenario: Scenario, group: Group, point: str) -> int:
    if group.role in {"leader", "remote"}:
        return 2 * len(scenario.points) + 2 * (group.role == "remote")
    return 2 * list(scenario.points).index(point) + (group.role == "guide")


def programs_of(scenario: Scenario, duty: list[Duty]) -> tuple[list[int], Tables]:
    """The number of each day's program, and the tables of programs."""
    calendar, door, found = Programs(), doors_by_day(scenario), []
    groups = _changing(scenario)
    known: dict[Any, int] = {}
    for day in range(scenario.days):
        around, also = slice(max(day - 1, 0), day + 1), _changes(scenario, groups, day)
        key = (
            day == 0,
            also,
            *door[around],
            *((*one.there[around], one.paid[day], one.away[day], one.rest[day]) for one in duty),
        )
        if key not in known:
            rows = _door(scenario, door, day) + _duty(duty, day) + _overtime(scenario, duty, day) + list(also)
            rows += _limits(scenario) if day == 0 else []
            known[key] = calendar.number(rows, _paid(duty, day))
        found.append(known[key])
    return found, calendar.tables()


def _changing(scenario: Scenario) -> list[tuple[Group, range]]:
    """The groups whose speed or place differs from day to day, and the numbers of their officials."""
    found, first = [], 0
    for group in scenario.staff.values():
        size = size_of(scenario, group)
        if group.learning or group.days_at:
            found.append((group, range(first, first + size)))
        first += size
    return found


def _changes(scenario: Scenario, groups: list[tuple[Group, range]], day: int) -> tuple[Row, ...]:
    """What changes of them at the midnight before a day."""
    found: list[Row] = []
    for group, numbers in groups:
        speeds, places = ([of(scenario, group, on) for on in (day, day - 1)] for of in (_permille, _place_on))
        if day > 0 and speeds[0] != speeds[1]:
            found += [(0, speeds[0], Change.SPEED, number) for number in numbers]
        if places[0] != (places[1] if day > 0 else _place(scenario, group, group.point)):
            found += [(0, places[0], Change.MOVE, number) for number in numbers]
    return tuple(found)


def _permille(scenario: Scenario, group: Group, day: int) -> int:
    return round(FULL * speed_on(scenario, group, day))


def _place_on(scenario: Scenario, group: Group, day: int) -> int:
    on = day_of(scenario.start, day)
    return _place(scenario, group, group.days_at.get(weekday_of(on), group.point))


def _limits(scenario: Scenario) -> list[Row]:
    """How many may work at each place: at a counter each, guides and leaders as many as there are."""
    points = enumerate(scenario.points.items())
    groups = scenario.staff.values()
    found: list[Row] = []
    for n, (name, point) in points:
        guides = sum(
            size_of(scenario, group) for group in groups if group.role == "guide" and name in _points_of(group)
        )
        found += [(0, point.counters, Change.LIMIT, 2 * n), (0, point.guides + guides, Change.LIMIT, 2 * n + 1)]
    for place, role in ((0, "leader"), (2, "remote")):
        many = sum(size_of(scenario, group) for group in groups if group.role == role)
        found.append((0, many, Change.LIMIT, 2 * len(scenario.points) + place))
    return found


def _points_of(group: Group) -> set[str]:
    return {group.point, *group.days_at.values()}


def _door(scenario: Scenario, door: Days, day: int) -> list[Row]:
    """Every point opens and closes at once; whoever waits is sent home some time later, at midnight at the latest."""
    stay = milliseconds(scenario.closing.overtime_cap) if scenario.closing.rule == "serve_out" else 0
    today = list(edges(door, day))
    home = [at + stay if at else 0 for at, opens in today if not opens and (at == 0 or at + stay < DAY)]
    if day > 0 and any(at + stay >= DAY for at, opens in edges(door, day - 1) if at and not opens):
        home.append(0)
    rows: list[Row] = [(at, opens, Change.DOOR, point) for at, opens in today for point in range(len(scenario.points))]
    return rows + [(at, 0, Change.HOME, point) for at in home for point in range(len(scenario.points))]


def _duty(duty: list[Duty], day: int) -> list[Row]:
    return [(at, on, Change.DUTY, number) for number, one in enumerate(duty) for at, on in edges(one.there, day)]


def _overtime(scenario: Scenario, duty: list[Duty], day: int) -> list[Row]:
    """Overtime planned on a rest day as it begins, and that which may follow the last shift.

    It matters where the law is kept, and where the back office ends with the shift.
    """
    found: list[Row] = []
    limited = not scenario.overtime.beyond or scenario.back_office is not None
    for number, one in enumerate(duty if limited else ()):
        if one.rest[day] and one.paid[day]:
            planned = sum(end - start for start, end in one.paid[day])
            found.append((one.paid[day][0][0], planned, Change.EXTRA, number))
        if one.paid[day] and one.there[day][-1][1] > one.paid[day][-1][1]:
            most = one.there[day][-1][1] - one.paid[day][-1][1]
            found.append((one.paid[day][-1][1], most, Change.STAY, number))
    return found


def _paid(duty: list[Duty], day: int) -> list[Row]:
    found: list[Row] = []
    for number, one in enumerate(duty):
        pay = REST_DAY * one.rest[day] | UNPAID * (one.group is not None and not one.group.paid)
        found += [(number, start, end, pay) for start, end in one.paid[day]]
        found += [(number, start, end, pay | AWAY) for start, end in one.away[day]]
    return found
