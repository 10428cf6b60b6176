"""Officials who are sent: lent by other offices, and what that costs these, or from point to point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.lending import Lending, lending, lent
from sim.metrics import measure
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.money import Cost
from sim.offered_load import load_sheet
from sim.plan import Plan
from sim.planning import make_plan
from sim.policies import applied
from sim.roster import duties
from sim.targets import Targets
from sim.trace import Trace
from sim.units import DAY
from sim.yardstick import yardstick
from tests.wards import policy, staffing, ward

ENGINES = pytest.mark.parametrize("engine", [run, compiled], ids=["reference", "compiled"])


def borrowed(**changes: Any) -> dict[str, Any]:
    """A group of two whom the province lends."""
    return {"both": {"count": 4}, "lent": {"count": 2, "lender": "province", **changes}}


def province(officials: int = 10, utilization: float = 0.75) -> dict[str, Any]:
    return {"province": {"officials": officials, "utilization": utilization}}


# What it costs the lender: three weeks of five working days


@pytest.mark.parametrize(
    ("lender", "dates", "load", "backlog"),
    [
        ({}, {}, 7.5 / 8, 0.0),
        ({"officials": 4}, {}, 3 / 2, 15 * (3 - 2) * 8),
        ({"officials": 4}, {"first": "2026-03-16"}, (10 * 3 / 4 + 5 * 3 / 2) / 15, 5 * (3 - 2) * 8),
        ({"officials": 4}, {"last": "2026-03-03"}, (13 * 3 / 4 + 2 * 3 / 2) / 15, 2 * (3 - 2) * 8),
        ({"officials": 4, "utilization": 0.5}, {}, 1.0, 0.0),
        ({"officials": 2, "utilization": 0.5}, {}, None, 15 * 1 * 8),  # nobody stays: no load can be told
        ({"officials": 2, "utilization": 0.5}, {"first": "2026-03-16"}, 0.5, 5 * 1 * 8),
        ({"utilization": 0.0}, {}, 0.0, 0.0),
    ],
)
def test_what_lending_two_officials_costs(
    lender: dict[str, Any], dates: dict[str, str], load: float | None, backlog: float
) -> None:
    scenario = ward(staff=borrowed(**dates), lenders=province(**lender))
    found = lending(scenario)
    assert (found.load is None) == (load is None)
    assert found.load is None or found.load == pytest.approx(load, rel=1e-12)
    assert found.backlog == pytest.approx(backlog, rel=1e-12)


def test_the_load_is_of_the_lender_with_most_and_the_backlog_of_all() -> None:
    staff = {**borrowed(), "more": {"count": 1, "lender": "district"}}
    scenario = ward(staff=staff, lenders={**province(4), "district": {"officials": 2, "utilization": 1.0}})
    assert lending(scenario) == Lending(2.0, 15 * 8 * (1 + 1))


def test_the_warm_up_and_days_on_which_nobody_comes_do_not_count() -> None:
    scenario = ward(staff=borrowed(last="2026-03-10"), lenders=province(4), opening=False, warmup_days=7)
    assert lending(scenario).backlog == 2 * 8
    assert [lent(scenario, "province", day) for day in (0, 8, 9)] == [2, 2, 0]


def test_without_lenders_there_is_no_figure() -> None:
    assert lending(ward()) == Lending(None, None)


@ENGINES
def test_the_figures_of_a_run_say_what_the_lender_loses(engine: Callable[[Plan], Trace]) -> None:
    scenario = policy("secondment", lender_officials=10).apply(ward())
    found = measure(engine(make_plan(scenario)), yardstick(scenario, Targets(name="none"))).sums
    assert found["lender_utilization", "all"] == pytest.approx((0.85 * 10 / 8, 1.0))
    assert found["lender_backlog_hours", "all"] == pytest.approx((15 * 8 * 0.5, 1.0))


# Secondment


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ({"after": 7, "days": 5}, "2026-03-09", "2026-03-13"),
        ({"after": None, "first": "2026-03-09", "days": 5}, "2026-03-09", "2026-03-13"),
        ({"after": 7, "days": None, "last": "2026-03-13"}, "2026-03-09", "2026-03-13"),
        ({}, "2026-03-02", "2026-08-30"),
    ],
)
def test_who_is_lent_is_there_between_two_days_less_the_way(span: dict[str, Any], first: str, last: str) -> None:
    after = policy("secondment", **span).apply(ward())
    group = after.staff["secondees_1"]
    assert (group.first, group.last) == (date.fromisoformat(first), date.fromisoformat(last))
    days = next(one.paid for one in duties(after) if one.group == group)
    there = [day for day in range(21) if days[day]]
    assert (there == [7, 8, 9, 10, 11]) == bool(span)
    hours = sum(end - start for start, end in days[there[0]]) / DAY * 24
    assert hours == pytest.approx(7.5 - 2 * 0.5)


def test_a_secondment_costs_its_allowance_for_the_days_it_lasts() -> None:
    """The wage of the way is in the paid shifts."""
    money = {"official_hour": 40000.0, "working_days_per_month": 22.0}
    whole, third = (
        policy("secondment", after=0, days=days).apply(ward(money=money)).costs["secondment"] for days in (182, 7)
    )
    month = 2 * 3e6
    assert [whole.per_month, third.per_month] == pytest.approx([month, month / 3])
    assert whole.once == third.once == 6e7


def test_counters_are_set_up_for_those_who_would_find_none() -> None:
    """Four counters for five officials in the hall: nobody new finds one; with seven, two of three do."""
    short = policy("secondment", count=3).apply(ward())
    assert short.points["hall"].counters == 4 + 3
    seven = {"hall": {"counters": 7, "share": 0.8}, "branch": {"counters": 1, "share": 0.2}}
    assert policy("secondment", count=3).apply(ward(points=seven)).points["hall"].counters == 7 + 1
    there = policy("secondment", count=3, point="branch").apply(ward())
    assert (there.points["branch"].counters, there.staff["branch"].count) == (4, 1)


def test_a_second_secondment_of_the_same_lender_adds_up() -> None:
    twice = applied(ward(), [policy("secondment"), policy("secondment", count=3)])
    assert (staffing(twice)["secondees_1"], staffing(twice)["secondees_2"]) == (2, 3)
    assert lending(twice).load == pytest.approx(0.85 * 20 / 15)
    with pytest.raises(ValidationError, match="province has 20 officials and lends 21 at once"):
        policy("secondment", count=19).apply(policy("secondment").apply(ward()))


@pytest.mark.parametrize(
    "span",
    [
        {"after": None},
        {"days": None},
        {"first": "2026-03-09"},
        {"last": "2026-03-09"},
        {"first": "2026-03-09", "last": "2026-03-02", "after": None, "days": None},
    ],
)
def test_a_span_is_said_in_one_way(span: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"wanted the first day|must not come before"):
        policy("secondment", **span)


def test_those_who_are_lent_shorten_the_wait() -> None:
    crowd = ward(demand=1.3)
    waits = [wait(crowd), wait(policy("secondment", learning=None, commute=0.0).apply(crowd))]
    assert waits[1] < 0.9 * waits[0]


def wait(scenario: Any) -> float:
    """In the hall."""
    found = measure(run(make_plan(scenario, 17, 4)), yardstick(scenario, Targets(name="none"))).sums
    above, below = found["wait_mean", "point=hall"]
    return float(above / below)


# A floating team


def test_a_team_that_is_taken_keeps_its_skills_and_one_that_is_hired_knows_all() -> None:
    after = policy("floating_team", count=3, from_existing=2, days_at={"mon": "branch"}).apply(ward())
    assert staffing(after) == {"paper": 1, "paper_floating_1": 2, "both": 2, "branch": 1, "floating_1": 1}
    assert after.staff["paper_floating_1"].skills == ("paper",)
    assert after.staff["floating_1"].skills is None
    assert after.staff["paper_floating_1"].days_at == after.staff["floating_1"].days_at == {"mon": "branch"}
    assert after.points["branch"].counters == 1 + 3
    assert after.costs["floating_team"] == Cost(per_month=1.5e6, once=9e7)


@ENGINES
def test_a_team_serves_at_the_other_point_on_its_weekdays_alone(engine: Callable[[Plan], Trace]) -> None:
    after = policy("floating_team", days_at={"tue": "branch", "thu": "branch"}).apply(ward(demand=1.5))
    trace = engine(make_plan(after, 17, 4))
    mine = trace.tasks[trace.tasks["official"] == 6]
    weekday, place = mine["start"] // DAY % 7, mine["place"]
    assert len(mine) > 100
    assert set(place[np.isin(weekday, [1, 3])].tolist()) == {2}
    assert set(place[~np.isin(weekday, [1, 3])].tolist()) == {0}


def test_the_load_sheet_sends_a_team_where_the_load_is_highest() -> None:
    """Two branches, of which the second opens on Tuesdays with half of its officials."""
    points = {
        "hall": {"counters": 9, "share": 0.6},
        "near": {"counters": 3, "share": 0.2},
        "far": {"counters": 2, "share": 0.2},
    }
    shifts = {"whole": ["07:30-11:30", "13:30-17:00"]}
    calendar = {**ward().calendar.model_dump(), "shifts": shifts, "shifts_on": {"tue": {"whole": ["07:30-09:00"]}}}
    staff = {
        "hall": {"count": 9},
        "near": {"count": 3, "point": "near", "shifts": ["whole"]},
        "far": {"count": 2, "point": "far"},
    }
    scenario = ward(points=points, calendar=calendar, staff=staff)
    team = policy("floating_team", days_at={"tue": None, "wed": None, "thu": "near"}).apply(scenario)
    assert team.staff["floating_1"].days_at == {"tue": "near", "wed": "far", "thu": "near"}


def test_the_load_sheet_knows_where_a_team_is() -> None:
    """One hired, two days of five at the branch: of their 450 minutes a day 180 are there, on a mean day."""
    team = policy("floating_team", days_at={"tue": "branch", "thu": "branch"})
    plain = ward(network=None)
    before, after = (load_sheet(scenario).present.sum(axis=1) for scenario in (plain, team.apply(plain)))
    assert after[1] - before[1] == pytest.approx(450 * 2 / 5)
    roomy = {"hall": {"counters": 9, "share": 0.8}, "branch": {"counters": 9, "share": 0.2}}
    plain = ward(network=None, points=roomy, staff={"all": {"count": 4}, "there": {"count": 1, "point": "branch"}})
    before, after = (load_sheet(scenario).present.sum(axis=1) for scenario in (plain, team.apply(plain)))
    assert (after - before).tolist() == pytest.approx([450 * 3 / 5, 450 * 2 / 5])
