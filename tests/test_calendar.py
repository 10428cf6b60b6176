"""When a center is open and who is on duty: dates, hours, shifts, Saturdays, and the rows an engine gets."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.calendar import Calendar, joined
from sim.plan import Change, Plan
from sim.planning import make_plan
from sim.programs import changes_of, shifts_of
from sim.roster import Duty, doors, duties
from sim.scenario import Scenario
from sim.units import DAY, HOUR, MINUTE, clock, span

WEEK = ("mon", "tue", "wed", "thu", "fri")
ALL_WEEK = (*WEEK, "sat", "sun")
OFFICE = ("07:30-11:30", "13:30-17:00")
OFFICE_DAY = [span(text) for text in OFFICE]
MORNING = [span("07:30-11:30")]


def calendar(**changes: Any) -> Calendar:
    return Calendar.model_validate({"hours": dict.fromkeys(WEEK, OFFICE), **changes})


def ward(**changes: Any) -> Scenario:
    """Four weeks from Monday 1 June 2026, which have no holiday."""
    given_: dict[str, Any] = {
        "name": "ward",
        "start": "2026-06-01",
        "days": 28,
        "warmup_days": 0,
        "opening": True,
        "calendar": {"hours": dict.fromkeys(WEEK, OFFICE)},
        "arrivals": {"per_day": 10.0, "profile": {"08:00": 1.0}},
        "procedures": {"paper": {"service": {"kind": "exponential", "mean": 5.0}}},
        "points": {"hall": {"counters": 3}},
        "staff": {"all": {"count": 4}},
    }
    return Scenario.model_validate({**given_, **changes})


# Dates


@pytest.mark.parametrize(
    ("on", "spans"),
    [
        ("2026-06-01", OFFICE_DAY),
        ("2026-06-05", OFFICE_DAY),
        ("2026-06-06", []),
        ("2026-06-07", []),
        ("2026-02-17", []),  # the first day of the lunar year
        ("2026-09-02", []),
        ("2026-01-02", OFFICE_DAY),  # swapped for a Saturday by a decision that a config can state
    ],
)
def test_the_hours_of_a_date(on: str, spans: list[tuple[int, int]]) -> None:
    assert list(calendar().opening(date.fromisoformat(on))) == spans


@pytest.mark.parametrize(
    ("year", "closed"),
    [
        (
            2025,
            "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
        ),
        (
            2026,
            "01-01 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
        ),
    ],
)
def test_the_weekdays_on_which_vietnam_is_closed(year: int, closed: str) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    shut = [on for on in days if on.weekday() < 5 and not calendar().opening(on)]
    assert [f"{on:%m-%d}" for on in shut] == closed.split()
    assert not any(calendar(holidays="none").closed(on) for on in days)


@pytest.mark.parametrize(
    ("changes", "on", "open_"),
    [
        ({"also_open": ["2026-09-02"]}, "2026-09-02", True),
        ({"also_open": ["2026-09-02"], "also_closed": ["2026-09-02"]}, "2026-09-02", False),
        (
            {"also_open": ["2026-09-02"], "closures": [{"first": "2026-09-01", "last": "2026-09-30"}]},
            "2026-09-02",
            False,
        ),
        ({"also_closed": ["2026-01-02"]}, "2026-01-02", False),
        ({"closures": [{"first": "2026-06-03", "last": "2026-06-05"}]}, "2026-06-02", True),
        ({"closures": [{"first": "2026-06-03", "last": "2026-06-05"}]}, "2026-06-03", False),
        ({"closures": [{"first": "2026-06-03", "last": "2026-06-05"}]}, "2026-06-05", False),
        ({"closures": [{"first": "2026-06-03", "last": "2026-06-05"}]}, "2026-06-08", True),
        ({"closures": [{"first": "2026-06-03", "last": "2026-06-03"}]}, "2026-06-03", False),
        ({"holidays": "none"}, "2026-02-17", True),
        ({"holidays": "none", "also_closed": ["2026-02-17"]}, "2026-02-17", False),
        ({"hours": {"sat": OFFICE}, "also_open": ["2026-06-06"]}, "2026-06-06", True),
    ],
)
def test_dates_that_differ(changes: dict[str, Any], on: str, open_: bool) -> None:
    assert bool(calendar(**changes).opening(date.fromisoformat(on))) == open_


def test_spans_are_sorted_and_shifts_have_their_own() -> None:
    made = calendar(
        hours={"mon": ["13:30-17:00", "07:30-11:30"], "sat": ["08:00-10:00"]}, shifts={"late": ["10:00-17:00"]}
    )
    assert list(made.opening(date(2026, 6, 1))) == OFFICE_DAY
    assert made.shift("late", date(2026, 6, 1)) == (span("10:00-17:00"),)
    assert list(made.shift(None, date(2026, 6, 1))) == OFFICE_DAY
    assert made.shift("late", date(2026, 6, 2)) == ()
    # on a rest day whoever is on duty works the opening hours
    assert made.shift("late", date(2026, 6, 6)) == (span("08:00-10:00"),)


def test_a_shift_may_differ_on_some_weekdays() -> None:
    made = calendar(
        hours={**dict.fromkeys(WEEK, OFFICE), "sat": ["08:00-10:00"]},
        shifts={"late": ["10:00-17:00"], "early": ["07:00-12:00"]},
        shifts_on={"tue": {"late": ["12:00-19:00"]}, "wed": {"late": []}},
    )
    late = [made.shift("late", date(2026, 6, day)) for day in range(1, 7)]
    usual = (span("10:00-17:00"),)
    assert late == [usual, (span("12:00-19:00"),), (), usual, usual, (span("08:00-10:00"),)]
    assert {made.shift("early", date(2026, 6, day)) for day in range(1, 6)} == {(span("07:00-12:00"),)}
    assert made.spans(None, "mon") == tuple(OFFICE)
    assert made.spans(None, "sun") == ()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hours": {"mon": ["07:30-11:30", "11:00-12:00"]}}, "overlap"),
        ({"shifts": {"late": []}, "shifts_on": {"sat": {"late": []}}}, "shifts_on.sat"),
        (
            {"shifts": {"late": []}, "shifts_on": {"mon": {"late": ["11:30-07:30"]}}},
            "the end must come after the start",
        ),
        ({"hours": {"mon": ["11:30-07:30"]}}, "the end must come after the start"),
        ({"hours": {"mon": ["07:30-07:30"]}}, "the end must come after the start"),
        ({"hours": {"mon": ["07:30"]}}, "quoted span"),
        ({"hours": {"mon": ["7:30-11:30"]}}, "quoted time"),
        ({"hours": {"mon": ["07:30-24:01"]}}, "quoted time"),
        ({"hours": {"mon": [450]}}, "quotes"),
        ({"hours": {"monday": ["07:30-11:30"]}}, "monday"),
        ({"shifts": {"late": ["10:00-12:00", "11:59-13:00"]}}, "overlap"),
        ({"closures": [{"first": "2026-06-02", "last": "2026-06-01"}]}, "last day must not come before"),
        ({"also_open": ["2026-02-30"]}, "date"),
        ({"also_open": ["2026-06-06"]}, "2026-06-06 is a weekday without hours"),  # a Saturday
        ({"also_open": ["2026-09-02", "2026-06-07"]}, "2026-06-07 is a weekday without hours"),
        ({"hours": {"mon": OFFICE, "sat": []}, "also_open": ["2026-06-06"]}, "also_open lifts a holiday"),
        ({"holidays": "france"}, "vietnam"),
        ({"late_break": "never"}, "on_time"),
    ],
)
def test_impossible_calendars_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        calendar(**changes)


def test_spans_that_touch_are_no_overlap() -> None:
    assert calendar(hours={"mon": ["07:30-11:30", "11:30-12:00"]}).opening(date(2026, 6, 1)) == (
        span("07:30-11:30"),
        span("11:30-12:00"),
    )


# The running in


@pytest.mark.parametrize(
    ("start", "changes", "days"),
    [
        ("2026-06-01", {}, 7),  # a Monday: five working days, a weekend, and measuring begins on the Monday
        ("2026-06-03", {}, 7),
        ("2026-06-05", {}, 7),
        ("2026-06-06", {}, 9),  # a Saturday
        ("2026-06-07", {}, 8),
        ("2026-02-12", {}, 14),  # two days before the week of Tết, three after it
        ("2026-05-25", {}, 7),
        ("2026-06-01", {"calendar": {"hours": dict.fromkeys(ALL_WEEK, OFFICE)}}, 7),  # nobody comes at weekends
        (
            "2026-06-01",
            {
                "calendar": {"hours": dict.fromkeys(ALL_WEEK, OFFICE)},
                "arrivals": {"per_day": 10.0, "profile": {"08:00": 1.0}, "weekday": dict.fromkeys(ALL_WEEK, 1.0)},
            },
            5,
        ),
        (
            "2026-06-01",
            {"arrivals": {"per_day": 10.0, "profile": {"08:00": 1.0}, "weekday": {"mon": 1.0, "fri": 0.5}}},
            18,
        ),
        ("2026-06-01", {"warmup_days": 5}, 5),
        ("2026-06-01", {"warmup_days": 6}, 6),
        ("2026-06-01", {"opening": True}, 0),
        ("2026-06-01", {"opening": True, "warmup_days": 2}, 2),
    ],
)
def test_measuring_begins_on_the_sixth_working_day(start: str, changes: dict[str, Any], days: int) -> None:
    scenario = ward(**{"start": start, "warmup_days": None, "opening": False, **changes})
    assert scenario.warmup == days
    if scenario.warmup_days is None and not scenario.opening:
        assert [scenario.is_working(day) for day in range(days + 1)].count(True) == 6
        assert scenario.is_working(days)


@pytest.mark.parametrize(("days", "warmup"), [(6, 6), (7, 7), (8, 7)])
def test_a_run_of_five_working_days_is_all_running_in(days: int, warmup: int) -> None:
    """At the end of the run at the latest; a study of nothing is refused (test_configs.py)."""
    assert ward(warmup_days=None, opening=False, days=days).warmup == warmup


def test_no_opened_saturday_moves_the_first_day_that_is_measured() -> None:
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    for start in (1, 3, 6):
        plain = ward(warmup_days=None, opening=False, start=f"2026-06-0{start}")
        assert plain.replace(calendar=calendar(hours=hours)).warmup == plain.warmup


# Intervals on one clock


@given(st.lists(st.lists(st.integers(0, 24), min_size=2, max_size=8, unique=True).map(sorted), min_size=1, max_size=6))
def test_joined_days_cover_the_same_time_in_the_fewest_intervals(edges: list[list[int]]) -> None:
    days = [tuple(zip(one[::2], one[1::2], strict=False)) for one in edges]
    scaled = [tuple((a * HOUR, b * HOUR) for a, b in spans) for spans in days]
    whole = joined(scaled)
    hours = {day * 24 + hour for day, spans in enumerate(days) for a, b in spans for hour in range(a, b)}
    assert {at for start, end in whole for at in range(start // HOUR, end // HOUR)} == hours
    assert all(before[1] < after[0] for before, after in pairwise(whole))


# Doors


def test_a_door_opens_once_a_day_and_lunch_does_not_close_it() -> None:
    assert doors(ward(days=8)) == [
        (day * DAY + clock("07:30"), day * DAY + clock("17:00")) for day in (0, 1, 2, 3, 4, 7)
    ]


def test_a_center_open_day_and_night_has_one_door_interval() -> None:
    whole = ward(calendar={"hours": dict.fromkeys(ALL_WEEK, ("00:00-24:00",)), "holidays": "none"}, days=5)
    assert doors(whole) == [(0, 5 * DAY)]
    one = duties(whole)[0]
    assert one.presence == ((0, 5 * DAY),)
    assert sum(end - start for start, end in one.shifts) == 5 * DAY


def test_a_door_that_is_open_past_midnight_stays_open() -> None:
    hours = {"mon": ["20:00-24:00"], "tue": ["00:00-02:00", "20:00-23:00"]}
    assert doors(ward(calendar={"hours": hours}, days=7)) == [
        (20 * HOUR, DAY + 23 * HOUR),
    ]


# Duty


def paid(one: Duty) -> int:
    return sum(end - start for start, end in one.shifts)


def on_day(one: Duty, day: int) -> list[tuple[int, int]]:
    """The spans of one day, in ms after its midnight."""
    return [(start - day * DAY, end - day * DAY) for start, end in one.shifts if start // DAY == day]


def test_officials_come_in_the_order_of_groups_and_guides_last() -> None:
    scenario = ward(
        points={"hall": {"counters": 3, "share": 0.7, "guides": 1}, "branch": {"counters": 2, "share": 0.3}},
        staff={"all": {"count": 2}, "there": {"count": None, "point": "branch"}, "nobody": {"count": 0}},
        guidance={"service": {"kind": "exponential", "mean": 2.0}, "finds": 0.5, "mends": 0.5},
    )
    found = [(one.point, one.group is None) for one in duties(scenario)]
    assert found == [("hall", False)] * 2 + [("branch", False)] * 2 + [("hall", True)]


def test_shifts_are_dealt_in_turn() -> None:
    shifts = {"early": ["07:30-11:30", "12:30-15:00"], "late": ["09:00-12:30", "13:30-17:00"]}
    scenario = ward(
        calendar={"hours": dict.fromkeys(WEEK, ("07:30-17:00",)), "shifts": shifts},
        staff={"all": {"count": 3, "shifts": ["early", "late"]}, "whole": {"count": 1}},
    )
    days = [on_day(one, 1) for one in duties(scenario)]
    early, late = ([span(text) for text in shifts[name]] for name in ("early", "late"))
    assert days == [early, late, early, [span("07:30-17:00")]]


@pytest.mark.parametrize(
    ("closing", "stay"),
    [
        ({}, 60),
        ({"rule": "serve_out", "overtime_cap": 90.0}, 90),
        ({"rule": "serve_out", "overtime_cap": 0.0}, 0),
        ({"rule": "send_home"}, 0),
        ({"rule": "carry_over", "overtime_cap": 90.0}, 0),
    ],
)
def test_presence_adds_the_time_to_serve_out(closing: dict[str, Any], stay: int) -> None:
    one = duties(ward(closing=closing))[0]
    assert on_day(one, 0) == OFFICE_DAY
    assert [end - start for start, end in one.presence[:2]] == [4 * HOUR, int(3.5 * HOUR) + stay * MINUTE]


def test_only_who_is_there_at_the_closing_stays() -> None:
    scenario = ward(
        calendar={"hours": dict.fromkeys(WEEK, OFFICE), "shifts": {"short": ["07:30-16:00"], "long": ["09:00-18:00"]}},
        staff={"all": {"count": 3, "shifts": ["short", "long"]}, "whole": {"count": 1}},
    )
    ends = [one.presence[0 if one.group and one.group.shifts else 1][1] for one in duties(scenario)]
    assert ends == [clock("16:00"), clock("18:00"), clock("16:00"), clock("18:00")]


def test_nobody_stays_past_midnight() -> None:
    beyond = {"closing": {"overtime_cap": 600.0}, "overtime": {"beyond": True}}
    late = ward(calendar={"hours": dict.fromkeys(WEEK, ("20:00-23:30",))}, **beyond)
    assert duties(late)[0].presence[0] == (20 * HOUR, DAY)


# Saturdays


def saturdays(duty: dict[str, Any], count: int = 4, days: int = 28, **changes: Any) -> Scenario:
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    return ward(calendar={"hours": hours, **changes}, saturday_duty=duty, staff={"all": {"count": count}}, days=days)


def on_saturdays(scenario: Scenario) -> list[list[int]]:
    """Which officials are on duty on each Saturday of the run."""
    found = duties(scenario)
    return [[n for n, one in enumerate(found) if on_day(one, day)] for day in range(5, scenario.days, 7)]


@pytest.mark.parametrize(("share", "count", "each"), [(0.5, 4, 2), (0.5, 5, 3), (1.0, 3, 3), (0.01, 4, 1), (0.0, 4, 0)])
def test_the_share_on_duty_is_rounded_up_and_takes_turns(share: float, count: int, each: int) -> None:
    turns = on_saturdays(saturdays({"share": share, "compensation": "pay"}, count, 7 * 2 * count))
    assert {len(turn) for turn in turns} == {each}
    assert set(Counter(n for turn in turns for n in turn).values()) == ({2 * each} if each else set())


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.floats(0, 1), st.integers(2, 6), st.integers(0, 6), st.sampled_from([1, 2, 4, 7]))
def test_time_off_conserves_the_hours_of_each_official(
    count: int, share: float, weeks: int, first: int, hours: int
) -> None:
    """Each works what they would have worked without Saturdays, but for the last one, whose time off lies beyond."""
    spans = ["07:00-09:00", "10:00-15:00"][: 1 if hours <= 2 else 2] if hours != 1 else ["07:00-08:00"]
    scenario = saturdays(
        {"share": share, "compensation": "time_off"},
        count,
        7 * weeks,
        hours={**dict.fromkeys(WEEK, OFFICE), "sat": spans},
    ).replace(start=date(2026, 6, 1 + first))
    without = scenario.replace(calendar=scenario.calendar.replace(hours=dict.fromkeys(WEEK, OFFICE)))
    last = max(day for day in range(scenario.days) if (first + day) % 7 == 5)
    reaches = last + 6 < scenario.days  # the whole of the next working week lies in the run
    for one, before in zip(duties(scenario), duties(without), strict=True):
        owed = 0 if reaches else sum(end - start for start, end in on_day(one, last))
        beyond = paid(one) - paid(before)
        assert 0 <= beyond <= owed
        if last == scenario.days - 1 or last == scenario.days - 2:
            assert beyond == owed


def test_time_off_is_taken_from_the_ends_of_days_at_most_half_of_each() -> None:
    """Four hours for a Saturday morning: an afternoon of 3.5 h, and half an hour of another day."""
    scenario = saturdays({"share": 0.5, "compensation": "time_off"}, 2, 14)
    on_duty = duties(scenario)[on_saturdays(scenario)[0][0]]
    week = [sum(end - start for start, end in on_day(on_duty, day)) for day in range(7, 12)]
    assert sum(week) == 5 * 7.5 * HOUR - 4 * HOUR
    assert min(week) >= 3.75 * HOUR
    assert all(on_day(on_duty, day)[0][0] == clock("07:30") for day in range(7, 12))


def test_time_off_is_on_different_days_for_those_who_were_on_duty_together() -> None:
    scenario = saturdays({"share": 1.0, "compensation": "time_off"}, 5, 14)
    shortest = [
        min(range(7, 12), key=lambda day, one=one: sum(end - start for start, end in on_day(one, day)))  # type: ignore[misc]
        for one in duties(scenario)
    ]
    assert sorted(shortest) == [7, 8, 9, 10, 11]


def test_paid_saturdays_are_marked_and_take_nothing_off() -> None:
    scenario = saturdays({"share": 0.5, "compensation": "pay"})
    for one in duties(scenario):
        assert one.rest_pay == tuple(start // DAY % 7 == 5 for start, _ in one.shifts)
        assert paid(one) == 20 * 7.5 * HOUR + sum(one.rest_pay) * 4 * HOUR
    off = duties(saturdays({"share": 0.5, "compensation": "time_off"}))
    assert not any(any(one.rest_pay) for one in off)
    shifts = shifts_of(make_plan(scenario))
    assert set(shifts["pay"][shifts["start"] // DAY % 7 == 5].tolist()) == {1}
    assert set(shifts["pay"][shifts["start"] // DAY % 7 < 5].tolist()) == {0}


def test_a_saturday_with_people_of_its_own_is_an_ordinary_working_day() -> None:
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"]}
    scenario = ward(
        calendar={"hours": hours},
        arrivals={"per_day": 10.0, "profile": {"08:00": 1.0}, "weekday": dict.fromkeys((*WEEK, "sat"), 1.0)},
        saturday_duty={"share": 0.5, "compensation": "pay"},
    )
    for one in duties(scenario):
        assert on_day(one, 5) == MORNING
        assert paid(one) == 4 * (5 * 7.5 + 4) * HOUR
        assert not any(one.rest_pay)


@pytest.mark.parametrize(("own", "rest"), [("sat", 6), ("sun", 5)])
def test_each_day_of_the_weekend_is_a_rest_day_or_not_by_itself(own: str, rest: int) -> None:
    """Both are open; on one of them people come by themselves."""
    hours = {**dict.fromkeys(WEEK, OFFICE), "sat": ["07:30-11:30"], "sun": ["07:30-11:30"]}
    scenario = ward(
        calendar={"hours": hours},
        arrivals={"per_day": 10.0, "profile": {"08:00": 1.0}, "weekday": dict.fromkeys((*WEEK, own), 1.0)},
        saturday_duty={"share": 0.5, "compensation": "pay"},
    )
    found = duties(scenario)
    for week in range(0, 28, 7):
        assert [on_day(one, week + 11 - rest) for one in found] == [MORNING] * 4
        assert sorted(on_day(one, week + rest) for one in found) == [[], [], MORNING, MORNING]
    for one in found:
        assert one.rest_pay == tuple(start // DAY % 7 == rest for start, _ in one.shifts)


def test_nobody_is_on_duty_on_the_saturday_of_a_week_without_working_days() -> None:
    """Nobody wants to come in that week, so that nobody can move to its Saturday."""
    whole_week = [{"first": "2026-06-08", "last": "2026-06-12"}]
    scenario = saturdays({"share": 1.0, "compensation": "pay"}, closures=whole_week)
    assert [len(turn) for turn in on_saturdays(scenario)] == [4, 0, 4, 4]
    all_but_friday = [{"first": "2026-06-08", "last": "2026-06-11"}]
    scenario = saturdays({"share": 1.0, "compensation": "pay"}, closures=all_but_friday)
    assert [len(turn) for turn in on_saturdays(scenario)] == [4, 4, 4, 4]


def worked(one: Duty, days: range) -> float:
    """Paid hours on some days."""
    return sum(end - start for start, end in one.shifts if start // DAY in days) / HOUR


@pytest.mark.parametrize(
    ("closed", "off"),
    [
        ([], (4.0, 0.0, 0.0, 0.0)),
        ([("2026-06-08", "2026-06-11")], (3.75, 0.25, 0.0, 0.0)),  # of Friday, the half
        ([("2026-06-08", "2026-06-12")], (0.0, 4.0, 0.0, 0.0)),
        ([("2026-06-08", "2026-06-19")], (0.0, 0.0, 4.0, 0.0)),
        ([("2026-06-08", "2026-06-18"), ("2026-06-22", "2026-06-26")], (0.0, 3.75, 0.0, 0.0)),  # the rest is lost
        ([("2026-06-08", "2026-06-26")], (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_time_off_that_a_week_does_not_hold_is_taken_in_the_next_two(
    closed: list[tuple[str, str]], off: tuple[float, ...]
) -> None:
    """Four hours are owed for the 6th of June alone; the later Saturdays are closed."""
    closures = [{"first": first, "last": last} for first, last in closed]
    later = ["2026-06-13", "2026-06-20", "2026-06-27", "2026-07-04"]
    scenario = saturdays({"share": 1.0, "compensation": "time_off"}, 1, 35, closures=closures, also_closed=later)
    plain = scenario.replace(calendar=scenario.calendar.replace(hours=dict.fromkeys(WEEK, OFFICE)))
    one, before = duties(scenario)[0], duties(plain)[0]
    weeks = [range(monday, monday + 7) for monday in range(7, 35, 7)]
    assert tuple(worked(before, week) - worked(one, week) for week in weeks) == off
    assert worked(one, range(7)) == 5 * 7.5 + 4


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.floats(0, 1), st.integers(1, 40), st.integers(1, 20), st.sampled_from(["time_off", "pay"]))
def test_the_roster_of_a_day_is_the_same_however_much_longer_the_run_is(
    count: int, share: float, days: int, more: int, compensation: str
) -> None:
    """Time off is dealt beyond the end: what is owed there does not crowd the last days."""
    longer = saturdays({"share": share, "compensation": compensation}, count, days + more)
    for one, whole in zip(duties(longer.replace(days=days)), duties(longer), strict=True):
        kept = [n for n, (start, _) in enumerate(whole.shifts) if start < days * DAY]
        assert one.shifts == tuple(whole.shifts[n] for n in kept)
        assert one.rest_pay == tuple(whole.rest_pay[n] for n in kept)


def test_nobody_is_on_duty_on_a_closed_saturday() -> None:
    scenario = saturdays({"share": 1.0, "compensation": "time_off"}, also_closed=["2026-06-06"])
    assert [len(turn) for turn in on_saturdays(scenario)] == [0, 4, 4, 4]


# Rows of a plan


def rows(plan: Plan, kind: Change) -> list[tuple[int, int, int]]:
    """Time, subject and value of the changes of a kind."""
    changes = changes_of(plan)
    return [tuple(row) for row in changes[changes["kind"] == kind][["time", "subject", "value"]].tolist()]


def test_officials_go_on_and_off_duty_in_turn_and_as_they_are_present() -> None:
    scenario = saturdays({"share": 0.5, "compensation": "time_off"}, 3)
    plan, found = make_plan(scenario), duties(scenario)
    for number, one in enumerate(found):
        mine = [(time, value) for time, subject, value in rows(plan, Change.DUTY) if subject == number]
        assert mine == [row for start, end in one.presence for row in ((start, 1), (end, 0))]
    shifts = shifts_of(plan)
    for number, one in enumerate(found):
        spans = shifts[shifts["official"] == number][["start", "end"]].tolist()
        assert [tuple(row) for row in spans] == list(one.shifts)


def test_doors_limits_and_the_last_call_of_a_day() -> None:
    plan = make_plan(ward(days=1, closing={"overtime_cap": 45.0}))
    assert rows(plan, Change.DOOR) == [(clock("07:30"), 0, 1), (clock("17:00"), 0, 0)]
    assert rows(plan, Change.HOME) == [(clock("17:45"), 0, 0)]
    assert rows(plan, Change.LIMIT) == [(0, 0, 3), (0, 1, 0), (0, 2, 0), (0, 4, 0)]
    assert rows(make_plan(ward(days=1, closing={"rule": "send_home"})), Change.HOME) == [(clock("17:00"), 0, 0)]


@pytest.mark.parametrize("days", [1, 3, 28])
def test_changes_lie_within_the_horizon_in_the_order_of_time(days: int) -> None:
    plan = make_plan(saturdays({"share": 1.0, "compensation": "pay"}, days=days))
    time = changes_of(plan)["time"]
    assert (time[1:] >= time[:-1]).all()
    assert ((time >= 0) & (time < plan.rules.horizon)).all()
    assert plan.rules.horizon == days * DAY
    shifts = shifts_of(plan)
    assert (shifts["start"] < shifts["end"]).all()
    assert (shifts["end"] <= plan.rules.horizon).all()


def test_holidays_and_weekends_have_no_opening_in_the_days_of_a_plan() -> None:
    plan = make_plan(ward(start="2026-04-25", days=8))  # Saturday; Monday the 27th, Thursday and Friday are closed
    assert [at if at < 0 else at % DAY for at in plan.days["opens"].tolist()] == [
        -1, -1, -1, clock("07:30"), clock("07:30"), -1, -1, -1,
    ]  # fmt: skip
    assert plan.days["is_working"].tolist() == [False] * 3 + [True] * 2 + [False] * 3
    assert plan.days["working"].tolist() == [0, 0, 0, 1, 2, 2, 2, 2]
