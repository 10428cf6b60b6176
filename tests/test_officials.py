"""What befalls officials: laws of absence, calls away and pairings, and how groups become rows of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.models.center import run
from sim.officials import errs, is_away, is_weak
from sim.plan import AWAY, UNPAID, Change, Plan
from sim.planning import make_plan
from sim.programs import changes_of, shifts_of
from sim.streams import WHOLE
from sim.units import DAY, HOUR
from tests.plans import WHOLE_CENTER, Official, plan_of, scenario

DAYS, TEAM = 400, 30
STANDARD_ERRORS = 4.5  # a true law passes but for 7 in a million


def team(**given: Any) -> Plan:
    return plan_of([], [Official(**given)] * TEAM, horizon=DAYS * 1440)


@pytest.mark.parametrize(("share", "spell"), [(0.1, 1), (0.3, 5)])
def test_absence_is_the_stated_share_in_spells(share: float, spell: int) -> None:
    """Days are bound within a spell, so that the error is that of DAYS * TEAM / spell independent ones, at most."""
    begins = 1 - (1 - share) ** (1 / spell)
    plan = team(absent=begins, spell=spell)
    with np.errstate(over="ignore"):
        away = np.array([[is_away(plan, one, day * DAY + 8 * HOUR) for day in range(DAYS)] for one in range(TEAM)])
    error = np.sqrt(share * (1 - share) * (2 * spell - 1) / away.size)
    assert abs(away.mean() - share) < STANDARD_ERRORS * error
    runs = np.diff(np.pad(away[:, spell:-spell].astype(int), ((0, 0), (1, 1))))
    lengths = np.concatenate([np.flatnonzero(row == -1) - np.flatnonzero(row == 1) for row in runs])
    inner = lengths[1:-1]
    assert (inner >= min(spell, inner.max())).mean() > 0.9
    # the same in the morning and in the afternoon, and other than other officials
    with np.errstate(over="ignore"):
        later = [is_away(plan, 0, day * DAY + 13 * HOUR) for day in range(DAYS)]
    assert later == away[0].tolist()
    assert abs(np.corrcoef(away[0], away[1])[0, 1]) < STANDARD_ERRORS * np.sqrt(spell / DAYS)


def test_calls_away_are_of_half_days() -> None:
    plan = team(called_away=0.25)
    with np.errstate(over="ignore"):
        halves = np.array(
            [
                [is_away(plan, one, day * DAY + at * HOUR) for at in (8, 13)]
                for day in range(DAYS)
                for one in range(TEAM)
            ]
        )
    assert abs(halves.mean() - 0.25) < STANDARD_ERRORS * np.sqrt(0.25 * 0.75 / halves.size)
    assert abs(np.corrcoef(halves.T)[0, 1]) < STANDARD_ERRORS / np.sqrt(len(halves))


def test_pairings_and_errors_are_of_their_shares() -> None:
    plan = team()
    plan.rules.weak, plan.rules.errs = int(0.2 * WHOLE), int(0.3 * WHOLE)
    many = 4000
    with np.errstate(over="ignore"):
        weak = np.array([is_weak(plan, one % 200, one // 200) for one in range(many) if one % 200 < TEAM])
        wrong = np.array([errs(plan, citizen, 0) for citizen in range(many)])
    assert abs(weak.mean() - 0.2) < STANDARD_ERRORS * np.sqrt(0.2 * 0.8 / len(weak))
    assert abs(wrong.mean() - 0.3) < STANDARD_ERRORS * np.sqrt(0.3 * 0.7 / many)


def test_what_is_not_said_befalls_nobody() -> None:
    plan = team()
    with np.errstate(over="ignore"):
        assert not any(
            is_away(plan, one, day * DAY) or is_weak(plan, one, 0) for one in range(TEAM) for day in range(9)
        )


# From the scenario to the plan

STAFF: dict[str, Any] = {
    "old": {"count": 2},
    "new": {"count": 1, "learning": {"start": 0.5, "weeks": 4}},
    "lent": {"count": 1, "first": "2026-06-03", "last": "2026-06-04", "commute": 30.0, "days_at": {"thu": "branch"}},
    "leader": {"count": 1, "role": "leader", "meetings": {"mon": ["08:00-10:00"]}},
    "youth": {"count": 1, "role": "guide", "paid": False, "leave": [{"first": "2026-06-02", "last": "2026-06-05"}]},
}
POINTS = {"hall": {"counters": 3, "share": 0.5}, "branch": {"counters": 1, "share": 0.5}}
GUIDANCE = {"service": {"kind": "exponential", "mean": 1.0}, "finds": 0.0, "mends": 0.0}


def center(**changes: Any) -> Plan:
    return make_plan(scenario(**{"staff": STAFF, "points": POINTS, "guidance": GUIDANCE, "days": 30, **changes}))


def rows(plan: Plan, kind: Change, official: int) -> list[tuple[int, int]]:
    changes = changes_of(plan)
    mine = changes[(changes["kind"] == kind) & (changes["subject"] == official)]
    return [(int(row["time"]) // DAY, int(row["value"])) for row in mine]


def test_who_learns_is_faster_by_a_step_each_week() -> None:
    plan = center()
    assert plan.officials["speed"].tolist() == [1000, 1000, 500, 1000, 1000, 1000]
    assert rows(plan, Change.SPEED, 2) == [(7, 625), (14, 750), (21, 875), (28, 1000)]
    assert rows(plan, Change.SPEED, 0) == []


def test_who_is_lent_comes_on_their_days_less_their_way_and_to_their_points() -> None:
    plan = center()
    shifts = shifts_of(plan)
    mine = shifts[(shifts["official"] == 3) & (shifts["pay"] == 0)]
    hours = [(row["start"] // DAY, row["start"] % DAY / HOUR, row["end"] % DAY / HOUR) for row in mine]
    assert hours == [(2, 8.0, 11.5), (2, 13.0, 16.5), (3, 8.0, 11.5), (3, 13.0, 16.5)]
    moves = rows(plan, Change.MOVE, 3)
    assert moves[:4] == [(3, 2), (4, 0), (10, 2), (11, 0)]


def test_leaders_and_guides_have_places_of_their_own() -> None:
    plan = center()
    assert plan.officials["place"].tolist() == [0, 0, 0, 0, 4, 1]
    assert plan.points["guided"].tolist() == [True, False]
    limits = changes_of(plan)[changes_of(plan)["kind"] == Change.LIMIT]
    assert dict(zip(limits["subject"].tolist(), limits["value"].tolist(), strict=True)) == {
        0: 3,
        1: 1,
        2: 1,
        3: 0,
        4: 1,
        6: 0,
    }
    shifts = shifts_of(plan)
    leader = shifts[(shifts["official"] == 4) & (shifts["start"] < DAY) & (shifts["pay"] == 0)]
    assert [(row["start"] / HOUR, row["end"] / HOUR) for row in leader] == [(7.5, 8.0), (10.0, 11.5), (13.0, 17.0)]
    assert shifts["pay"][(shifts["official"] == 4) & (shifts["start"] == 8 * HOUR)].tolist() == [AWAY]
    youth = shifts[shifts["official"] == 5]
    there = youth[youth["pay"] == UNPAID]
    assert set((there["start"] // DAY).tolist()).isdisjoint({1, 2, 3, 4})
    assert set((youth["pay"] - UNPAID).tolist()) == {0, AWAY}


def test_meetings_leave_and_ways_are_paid() -> None:
    """All but the days before and after an official belongs to the center."""
    shifts = shifts_of(center())
    length = shifts["end"] - shifts["start"]
    hours = [int(length[shifts["official"] == one].sum()) / HOUR for one in range(6)]
    assert hours == [176.0, 176.0, 176.0, 16.0, 176.0, 176.0]


def test_absent_officials_are_marked_in_the_trace_and_start_nothing() -> None:
    trace = run(make_plan(scenario(**WHOLE_CENTER), seed=5))
    away = trace.shifts[trace.shifts["pay"] & AWAY > 0]
    assert len(away) > 3
    started = trace.tasks[trace.tasks["start"] >= 0]
    for row in away:
        inside = (started["start"] > row["start"]) & (started["start"] < row["end"])
        assert not (inside & (started["official"] == row["official"])).any()


def test_nobody_stays_after_a_paid_saturday_that_is_the_whole_overtime_of_a_day() -> None:
    given = {"days": 8, "staff": {"all": {"count": 2}}, "saturday_duty": {"share": 1.0, "compensation": "pay"}}
    saturday = ["07:30-11:30"]
    calendar = {**WHOLE_CENTER["calendar"], "hours": {**WHOLE_CENTER["calendar"]["hours"], "sat": saturday}}
    for limits, leaves in (({}, 11.5), ({"day": 4.25}, 11.75), ({"beyond": True}, 12.0)):
        whole = {**given, "calendar": calendar, "overtime": limits, "closing": {"overtime_cap": 30.0}}
        duty = changes_of(make_plan(scenario(**whole)))
        off = duty[(duty["kind"] == Change.DUTY) & (duty["value"] == 0) & (duty["time"] // DAY == 5)]
        assert set((off["time"] % DAY / HOUR).tolist()) == {leaves}


def test_paid_saturdays_stop_at_the_limit_and_pass_to_the_next_in_turn() -> None:
    """Four hours each: five officials, two a Saturday, at most two Saturdays a month for each."""
    given = {
        "days": 61,
        "calendar": {**WHOLE_CENTER["calendar"], "late_break": "on_time"},
        "staff": {"all": {"count": 5}},
        "saturday_duty": {"share": 0.8, "compensation": "pay"},
        "overtime": {"month": 8.0, "year": 14.0},
        "closing": {"rule": "send_home"},
    }
    shifts = shifts_of(make_plan(scenario(**given)))
    saturdays = shifts[shifts["pay"] > 0]
    month = np.where(saturdays["start"] // DAY < 30, 6, 7)
    hours = np.zeros((5, 2))
    np.add.at(hours, (saturdays["official"], month - 6), (saturdays["end"] - saturdays["start"]) / HOUR)
    assert hours.max() == 8.0
    assert hours.sum(axis=1).max() <= 14.0
    unlimited = shifts_of(make_plan(scenario(**{**given, "overtime": {"beyond": True}})))
    assert (unlimited["pay"] > 0).sum() > len(saturdays)
