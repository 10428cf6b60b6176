"""Guides who are there for a part of the day: whom they meet, what that does to the load, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.guiding import guided_hours, guided_shares
from sim.money import Cost
from sim.offered_load import load_sheet
from sim.officials import shifts_worked
from sim.paid import paid_of
from sim.planning import make_plan
from sim.policies import applied
from sim.roster import duties
from sim.scenario import Scenario
from sim.targets import Targets
from sim.units import DAY, HOUR, MINUTE, clock
from sim.yardstick import yardstick
from tests.crowds import everyone
from tests.wards import WARD, policy, ward

OFF = (0, 0)
ALL = (0, DAY)


def hours(scenario: Scenario, days: int = 7) -> list[list[tuple[int, ...]]]:
    found = guided_hours(scenario, duties(scenario), range(days))
    return [[tuple(span) for span in day] for day in found.tolist()]


def at(start: str, end: str) -> tuple[int, int]:
    return clock(start), clock(end)


def youth(*spans: str, **changes: Any) -> dict[str, Any]:
    """A ward with a group of volunteers who work some spans."""
    given = {"count": 2, "role": "guide", "paid": False, "shifts": ["youth"], **changes}
    return {
        "calendar": {**WARD["calendar"], "shifts": {"youth": spans}},
        "staff": {**WARD["staff"], "youth": given},
        "guidance": {"service": {"kind": "deterministic", "mean": 3.0}, "finds": 0.5, "mends": 0.4},
    }


@pytest.mark.parametrize(
    ("base", "monday"),
    [
        (ward(), [OFF, OFF]),
        (policy("guidance_desk").apply(ward()), [ALL, OFF]),
        (ward(**youth("08:00-11:00")), [at("08:00", "10:30"), OFF]),
        (ward(**youth("08:00-09:00", "14:00-15:00")), [at("08:00", "14:30"), OFF]),
        (ward(**youth("08:00-11:00", point="branch")), [OFF, at("08:00", "10:30")]),
        (ward(**youth("08:00-08:20")), [at("08:00", "08:00"), OFF]),
        (ward(**youth("14:00-17:00")), [(clock("14:00"), DAY), OFF]),
        (ward(**youth("08:00-11:00", days_at={"mon": "branch"})), [OFF, at("08:00", "10:30")]),
        (ward(**youth("08:00-11:00", last="2026-03-01")), [OFF, OFF]),
        (policy("guidance_desk", finds=0.5, service={"kind": "deterministic", "mean": 3.0}, mends=0.4).apply(
            ward(**youth("08:00-11:00"))
        ), [ALL, OFF]),
    ],
)  # fmt: skip
def test_from_when_to_when_somebody_guides(base: Scenario, monday: list[tuple[int, int]]) -> None:
    assert hours(base)[0] == monday


def test_volunteers_come_on_their_weekdays() -> None:
    after = policy("volunteers").apply(ward())
    found = [day[0] for day in hours(after)]
    assert found == [at("07:30", "10:00"), OFF, at("07:30", "10:00"), OFF, OFF, OFF, OFF]
    saturdays = hours(policy("weekend_hours").apply(after), 14)
    assert saturdays[5][0] == OFF  # nobody asks them for a rest day


@pytest.mark.parametrize(
    ("begin", "end", "wanted"),
    [
        ("08:00", "09:15", {16: 1.0, 17: 1.0, 18: 0.5}),
        ("07:30", "08:00", {**dict.fromkeys(range(16), 1.0)}),
        ("07:00", "07:30", {}),
        ("07:40", "07:55", {15: 0.5}),
    ],
)
def test_the_share_of_a_half_hour_that_is_guided(begin: str, end: str, wanted: dict[int, float]) -> None:
    """The door opens at 07:30: who comes before enters then."""
    share = guided_shares(np.array([at(begin, end)]), np.array([clock("07:30")]))[0]
    assert {slot: value for slot, value in enumerate(share.tolist()) if value} == wanted


def alone(**changes: Any) -> Scenario:
    """One hall of everything, one dossier each, so that the sheet can be checked by hand."""
    given: dict[str, Any] = {
        "arrivals": {"per_day": 100.0, "profile": {"08:00": 0.6, "14:00": 0.4}},
        "procedures": {"paper": {"service": {"kind": "deterministic", "mean": 10.0}, "incomplete": 0.2}},
        "purposes": {"submit": {"share": 1.0}},
        "channels": {"paper": {"share": 1.0}},
        "points": {"hall": {"counters": 4}},
        "network": None,
        **youth("07:30-11:00"),
        **changes,
    }
    return ward(**{**given, "staff": {"all": {"count": 4}, "youth": given["staff"]["youth"]}})


def test_the_load_sheet_knows_who_is_guided() -> None:
    """Mornings are guided: 0.2 x 0.5 x 0.6 go home from the guide, and all who lack something return, like others."""
    nobody = {"incomplete": {"share": 0.0}, "visits": 8}
    once = load_sheet(alone(returns=nobody))
    home = 0.2 * 0.5 * 0.6
    assert once.offered[0, 0, 16] == pytest.approx(60 * 10 * (1 - home))
    assert once.offered[0, 0, 28] == pytest.approx(40 * 10)
    assert once.guided[0, [16, 28]].tolist() == pytest.approx([60 * 3, 0])
    twice = load_sheet(alone(returns={"incomplete": {"share": 1.0}, "visits": 2}))
    again = 60 * 0.2 * (1 - 0.5 * 0.4) + 40 * 0.2
    more = (twice.offered - once.offered)[0, 0]
    assert more[[16, 28]].tolist() == pytest.approx([0.6 * again * 10 * (1 - home), 0.4 * again * 10])
    assert (twice.guided - once.guided)[0, 16] == pytest.approx(0.6 * again * 3)


def test_the_load_sheet_agrees_with_the_people_who_come() -> None:
    """First visits of twelve weeks; the sheet may err by 5 standard errors, at most 15 % of the minutes.

    Were all guided there would be a third of it, were nobody a fifth more.
    """
    given = youth("07:30-08:30")
    given["guidance"] = {**given["guidance"], "finds": 1.0, "mends": 0.1}
    even = {"service": {"kind": "deterministic", "mean": 10.0}, "incomplete": 0.8}
    plain = {**WARD["arrivals"], "day_factor_cv": 0.0}
    scenario = ward(**given, procedures={"paper": even}, arrivals=plain, returns={"visits": 1}, network=None, days=84)
    sheet, block = load_sheet(scenario), everyone(make_plan(scenario))
    for minutes, each in (
        (sheet.offered.sum(), block["work"][block["after_guidance"] < 0]),
        (sheet.guided.sum(), block["guidance"][block["guidance"] > 0]),
    ):
        own = each / MINUTE / 60
        assert abs(minutes - own.sum()) < 5 * np.sqrt((own**2).sum()) < 0.15 * minutes


def test_volunteers_are_as_many_as_the_desk_wants() -> None:
    """Their desk is busy at most BUSIEST of its worst half-hour; one fewer is too few."""
    after = policy("volunteers", count=None).apply(ward(demand=4.0))
    count = after.staff["volunteers_1"].count
    assert count is not None
    assert count > 1
    sheet = load_sheet(after)
    worst = np.nanmax(sheet.guided[0][sheet.guides[0] > 0] / sheet.guides[0][sheet.guides[0] > 0])
    assert worst <= 0.9 < worst * count / (count - 1)


def test_volunteers_cost_their_coordination_and_no_wage() -> None:
    after = policy("volunteers").apply(ward())
    assert after.costs["volunteers"] == Cost(per_month=1e6)
    hours_paid = [
        int(paid_of(shifts_worked(make_plan(one)), 0, 21 * DAY, yardstick(one, Targets(name="none"))).ordinary[0])
        for one in (ward(), after)
    ]
    assert hours_paid[0] == hours_paid[1]


def test_volunteers_keep_their_mornings_when_officials_change_theirs() -> None:
    after = applied(ward(), [policy(name) for name in ("volunteers", "evening_hours", "split_lunch", "extra_points")])
    assert after.calendar.shifts["volunteers_1"] == ("07:30-10:30",)
    mine = [one for one in duties(after) if one.group and not one.group.paid]
    assert [sum(end - start for start, end in one.shifts) / HOUR for one in mine] == [3 * 2 * 3] * 2
    assert all("volunteers_1" not in group.shifts for group in after.staff.values() if group.paid)
    assert policy("guidance_desk", finds=0.5).apply(after).guidance == after.guidance
