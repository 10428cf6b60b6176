"""Policies by which people need not come, or not so far: what they do to those who come, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.metrics import measure
from sim.models.center import run
from sim.offered_load import load_sheet
from sim.plan import Kind
from sim.planning import make_plan
from sim.policies import applied
from sim.policies.policy import newcomers
from sim.scenario import Scenario
from sim.sums import Sum
from sim.tally import tally_of
from sim.targets import Targets
from sim.units import DAY
from sim.yardstick import yardstick
from tests import crowds
from tests.wards import OFFICE, SERVICE, policy, ward, ward_for

NONE = Targets(name="none", items=())
ALL_FETCH = {"back_office": {"delivery": {"in_person": 1.0}}}
FAR = {"kind": "deterministic", "mean": 20.0}


def figures(scenario: Scenario) -> Callable[..., float]:
    """Each metric of one replication, in a scope."""
    found = measure(run(make_plan(scenario, 17, 4)), yardstick(scenario, NONE))

    def figure(metric: str, scope: str = "all") -> float:
        above, below = found.sums[metric, scope]
        return float(above / below)

    return figure


# Filed from home


def with_home() -> Scenario:
    """A ward some of whose dossiers come from home already."""
    home = {"home": {"share": 0.2, "checking": SERVICE}, "paper": {"share": 0.5}, "assisted": {"share": 0.3}}
    return ward(**{**OFFICE, "channels": home})


@pytest.mark.parametrize("make", [lambda: ward(**OFFICE), with_home])
@pytest.mark.parametrize("changes", [{}, {"channel": "assisted", "share": 0.9}])
def test_as_many_want_something_as_before_and_fewer_come(make: Callable[[], Scenario], changes: dict[str, Any]) -> None:
    before = make()
    after = policy("digital_teams", **changes).apply(before)
    wanting = [newcomers(one) * one.for_each_visitor for one in (before, after)]
    assert wanting[1] == pytest.approx(wanting[0], rel=1e-12)
    helped = changes.get("share", 0.3) * (before.channels["assisted"].share if changes else 1 - before.from_home)
    assert after.from_home == pytest.approx(before.from_home + helped)
    filers = 0.8 / (1 - before.from_home)  # for each who comes to the hall
    assert newcomers(after) == pytest.approx(newcomers(before) * (1 - filers * helped))
    others = [newcomers(one) * one.purposes["ask"].share for one in (before, after)]
    assert others[1] == pytest.approx(others[0])


@pytest.mark.parametrize("make", [lambda: ward(**OFFICE), with_home])
def test_who_still_comes_is_the_same_and_brings_the_same_at_the_same_time(make: Callable[[], Scenario]) -> None:
    plans = [make_plan(one, 17, 4) for one in (make(), policy("digital_teams").apply(make()))]
    before, after = (crowds.by_citizen(crowds.everyone(plan)) for plan in plans)
    assert np.array_equal(before["citizen"], after["citizen"])
    names = [[channel["checking"] >= 0 for channel in plan.channels] for plan in plans]
    submits = before["purpose"] == 0
    home = [np.array(own)[rows["channel"]] & submits for own, rows in zip(names, (before, after), strict=True)]
    assert (home[1] >= home[0]).all(), "who filed from home still does"
    moved = home[1] & ~home[0]
    assert abs(moved.sum() / (submits & ~home[0]).sum() - 0.3) < 0.05
    for name in before.dtype.names or ():
        if name != "channel":
            assert np.array_equal(before[name][~moved], after[name][~moved]), name
    for name in ("arrival", "procedure", "dossiers", "priority"):
        assert np.array_equal(before[name][moved], after[name][moved]), name


def test_a_second_team_helps_a_share_of_those_who_are_left() -> None:
    twice = applied(ward(**OFFICE), [policy("digital_teams"), policy("digital_teams")])
    assert twice.from_home == pytest.approx(1 - 0.7 * 0.7)
    assert list(twice.channels) == ["paper_from_home", "paper", "assisted_from_home", "assisted"]


def test_fewer_are_at_the_counters_and_the_back_office_checks_what_they_file() -> None:
    before, after = ward(**OFFICE), policy("digital_teams", share=0.5).apply(ward(**OFFICE))
    seen = [run(make_plan(one, 17, 4)) for one in (before, after)]
    checks = [int((one.tasks["kind"] == 2 + Kind.CHECK).sum()) for one in seen]
    assert checks[0] == 0
    assert checks[1] > 100
    assert load_sheet(after).load < load_sheet(before).load
    assert figures(after)("arrived") < 0.7 * figures(before)("arrived")


# Results by post


def test_the_post_saves_the_trips_of_those_who_came_for_a_result() -> None:
    """All fetch theirs, and then a half of them does: each saves one visit, and one way there and back."""
    base = ward(**{**OFFICE, **ALL_FETCH})
    after = policy("postal_return", share=0.5).apply(base)
    assert after.back_office is not None
    assert (after.back_office.delivery.in_person, after.back_office.delivery.post) == (0.5, 0.5)
    visits = [run(make_plan(one, 17, 4)).visits for one in (base, after)]
    fetch = [rows[rows["visit"] >= 8] for rows in visits]
    assert np.isin(fetch[1]["citizen"], fetch[0]["citizen"]).mean() > 0.95, "but for those whose result is ready by now"
    assert abs(len(fetch[1]) / len(fetch[0]) - 0.5) < 0.1
    assert figures(after)("visits_per_resolved") < figures(base)("visits_per_resolved")


def test_each_result_by_post_costs_the_postage() -> None:
    """Beside wages and what is paid by month: as many of the results as the share that goes by post."""
    base = ward_for("postal_return", money={"postage": 20_000.0, "official_hour": 0.0}, costs={})
    after = policy("postal_return", per_month=0.0).apply(base)
    for one, share in ((base, 0.1), (after, 0.1 + 0.8 / 2)):
        trace, by = run(make_plan(one, 17, 4)), yardstick(one, NONE)
        steps = trace.tasks["visit"][trace.tasks["kind"] == 2 + Kind.STEP]
        cases = len(np.unique(steps))
        assert cases > 100
        assert tally_of(trace, by).cells[..., Sum.CASES].sum() == cases
        assert figures(one)("cost_per_day") == pytest.approx(share * cases * 20_000.0 / by.working_days)


def test_without_a_back_office_there_is_no_postage() -> None:
    assert figures(ward(money={"postage": 20_000.0}, costs={}))("cost_per_day") == 0


# Specialists over a link


def test_whom_a_field_does_not_suit_asks_and_takes_nothing_in_wrongly() -> None:
    """As many pairings do not suit; with specialists they err no more, and each call takes its set-up."""
    calm: dict[str, Any] = {"demand": 0.3, "patience": None, "network": None, "returns": {}}
    wrong = {"mismatch": {"share": 0.5, "time_factor": 2.0, "errors": 1.0}}
    base = ward(**{**wrong, **calm})
    after = policy("remote_specialists", count=5).apply(base)
    traces = [run(make_plan(one, 17, 4)) for one in (base, after)]
    asked = [one.tasks[one.tasks["kind"] == 2 + Kind.CONSULTATION] for one in traces]
    assert len(asked[0]) == 0
    assert len(asked[1]) > 100
    assert figures(after)("incomplete_share") < 0.7 * figures(base)("incomplete_share")
    assert figures(after)("incomplete_share") == pytest.approx(figures(ward(**calm))("incomplete_share"), abs=0.01)


def test_specialists_are_paid_for_the_time_they_are_expected_to_be_asked() -> None:
    """A single field that suits nobody: all of its work, and a set-up a visit; within what the run then takes."""
    alone = {"procedures": {"paper": {"share": 1.0, "service": SERVICE}}, "network": None, "patience": None}
    groups = {"both": {"count": 5, "weak": ["paper"]}, "branch": {"count": None, "point": "branch", "weak": ["paper"]}}
    base = ward(**alone, staff=groups, demand=0.2, costs={}, money={"official_hour": 60.0})
    after = policy("remote_specialists", count=3, link_per_month=0.0).apply(base)
    paid = after.costs["remote_specialists"].per_month / 22  # minutes a day, as an hour costs 60
    trace = run(make_plan(after, 17, 4))
    calls = trace.tasks[trace.tasks["kind"] == 1 + Kind.CONSULTATION]
    used = float((calls["end"] - calls["start"]).sum()) / 60_000 / len(np.unique(calls["start"] // DAY))
    assert paid == pytest.approx(used, rel=0.15)
    assert policy("remote_specialists", count=3, time_share=0.5).apply(base).costs["remote_specialists"].per_month == (
        pytest.approx(0.5 * 3 * 7.5 * 60 * 22 + 2 * 1e6)
    )


# Elsewhere


def test_those_who_live_near_an_old_headquarters_have_a_shorter_way_and_nobody_another() -> None:
    near = {"kind": "deterministic", "mean": 5.0}
    base = ward(points={"hall": {"counters": 4, "travel": FAR}}, staff={"both": {"count": 4}})
    after = policy("vacant_headquarters", count=2, share_each=0.25, travel=near).apply(base)
    assert list(after.reach.values()) == pytest.approx([0.5, 0.25, 0.25])
    before, now = (crowds.by_citizen(crowds.everyone(make_plan(one, 17, 4))) for one in (base, after))
    stay = now["point"] == 0
    assert np.array_equal(before[stay], now[stay])
    assert set((now["travel"][~stay] / 60_000).tolist()) == {10.0}
    assert {name: one.count for name, one in after.staff.items()} == {
        "both": 2,
        "headquarters_1": 1,
        "headquarters_2": 1,
    }
    assert after.costs["vacant_headquarters"].per_month == 2 * 4e6


def test_who_may_choose_evens_out_the_lines() -> None:
    """Two centers alike, three quarters of the people at one of them: with all free to choose both lines are alike."""
    same = {"counters": 3, "travel": FAR}
    groups = {"first": {"count": 3, "point": "first"}, "second": {"count": 3, "point": "second"}}
    points = {"first": {**same, "share": 0.75}, "second": {**same, "share": 0.25}}
    base = ward(points=points, staff=groups, patience=None, network=None, demand=0.9)
    after = policy("non_territorial", share=1.0, way=3.0).apply(base)
    found = [figures(one) for one in (base, after)]
    waits = [[figure("wait_mean", f"point={name}") for name in points] for figure in found]
    assert waits[0][0] > 5 * waits[0][1]
    assert waits[1][0] < 2 * waits[1][1]
    assert found[1]("wait_mean") < 0.7 * found[0]("wait_mean")
    assert found[1]("travel_per_resolved") > found[0]("travel_per_resolved"), "no free lunch: they drive on"
