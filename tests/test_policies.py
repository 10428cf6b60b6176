"""Policies: values that change a scenario, and only what they say they change.

The law of this file: for every citizen in a run with a policy and in the run without, everything that is not
governed by ``Policy.streams`` is the same to the bit.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.attributes import VISIT
from sim.models.center import run
from sim.money import Cost
from sim.plan import Plan
from sim.planning import make_plan
from sim.policies import POLICIES, Policy, applied
from sim.policies.policy import officials_of, with_cost, without
from sim.roster import duties
from sim.scenario import Scenario
from sim.streams import WHOLE, Stream
from sim.targets import Targets
from sim.units import DAY, span
from sim.yardstick import yardstick
from tests import crowds

# What each random decision has a say in, of a row of VISIT. Work is the sum over the dossiers that reach the counter.
GOVERNED: dict[Stream, set[str]] = {
    Stream.ARRIVAL: {"arrival"},
    Stream.SATURDAY: {"arrival"},
    Stream.SATURDAY_TIME: {"arrival"},
    Stream.POINT: {"point", "travel"},
    Stream.DRAWN: {"point", "travel"},
    Stream.TRAVEL: {"travel"},
    Stream.PROCEDURE: {"procedure", "point", "work", "left", "outcome"},
    Stream.PURPOSE: {"purpose", "dossiers", "work", "left", "outcome", "guidance", "after_guidance"},
    Stream.PRIORITY: {"priority"},
    Stream.CHANNEL: {"channel", "work"},
    Stream.DOSSIERS: {"dossiers", "work", "left", "outcome"},
    Stream.PATIENCE: {"patience"},
    Stream.SERVICE: {"work"},
    Stream.GUIDANCE: {"guidance"},
    Stream.INCOMPLETE: {"work", "left", "outcome", "after_guidance"},
    Stream.MENDED: {"work", "left", "outcome", "after_guidance"},
}
NAMES: tuple[str, ...] = VISIT.names or ()

SERVICE = {"kind": "lognormal", "mean": 9.0, "cv": 0.9}
INSTANCES: dict[str, dict[str, Any]] = {
    "none": {},
    "weekend_hours": {
        "hours": ["07:30-11:30"],
        "moves": 0.2,
        "staff_share": 0.5,
        "compensation": "time_off",
        "upkeep_per_month": 2e6,
    },
    "extra_points": {
        "count": 2,
        "officials": 2,
        "from_existing": 1,
        "counters": 2,
        "share_each": 0.15,
        "travel": {"kind": "lognormal", "mean": 8.0, "cv": 0.5},
        "rent_per_month": 8e6,
        "set_up": 5e7,
    },
    "guidance_desk": {
        "guides": 2,
        "from_existing": 1,
        "service": {"kind": "exponential", "mean": 3.0},
        "finds": 0.6,
        "mends": 0.5,
        "set_up": 2e7,
    },
    "add_officials": {"count": 2, "group": None, "counters": 2, "set_up_each": 3e7},
    "priority_lane": {"officials": 1},
}


def policy(name: str, **changes: Any) -> Policy:
    return POLICIES[name].model_validate({**INSTANCES[name], **changes})


WARD: dict[str, Any] = {
    "name": "ward",
    "start": "2026-03-02",
    "days": 21,
    "warmup_days": 0,
    "opening": True,
    "calendar": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("07:30-11:30", "13:30-17:00"))},
    "arrivals": {
        "per_day": 90.0,
        "dossiers_per_visitor": 1.4,
        "day_factor_cv": 0.2,
        "profile": {"07:00": 1.0, "07:30": 3.0, "08:00": 4.0, "14:00": 3.0},
    },
    "procedures": {
        "paper": {"share": 0.7, "service": SERVICE, "incomplete": 0.2},
        "land": {"share": 0.3, "service": {"kind": "gamma", "mean": 20.0, "cv": 1.0}, "incomplete": 0.4},
    },
    "purposes": {
        "submit": {"share": 0.8},
        "ask": {"share": 0.1, "service": {"kind": "exponential", "mean": 3.0}},
        "collect": {"share": 0.1, "service": {"kind": "exponential", "mean": 2.0}},
    },
    "channels": {"paper": {"share": 0.9}, "assisted": {"share": 0.1, "overhead": 12.0}},
    "priorities": {"elderly": {"share": 0.2, "rank": 0}, "ordinary": {"share": 0.8, "rank": 1}},
    "points": {
        "hall": {"counters": 4, "share": 0.8, "travel": {"kind": "lognormal", "mean": 15.0, "cv": 0.5}},
        "branch": {"counters": 1, "share": 0.2},
    },
    "staff": {
        "paper": {"count": 3, "skills": ["paper"]},
        "both": {"count": 2, "skills": None},
        "branch": {"count": None, "point": "branch", "skills": ["paper"]},
    },
    "patience": {"kind": "exponential", "mean": 45.0},
    "returns": {"incomplete": {"share": 0.9, "last": 5}, "unserved": {"share": 0.7, "last": 3}},
    "network": {
        "up": {"kind": "exponential", "mean": 2000.0},
        "down": {"kind": "lognormal", "mean": 30.0, "cv": 1.0},
    },
    "costs": {"rent": {"per_month": 1e6, "once": 12e6}},
}


def ward(**changes: Any) -> Scenario:
    """Two points, two fields, two classes, impatient people who come back, outages; three weeks."""
    return Scenario.model_validate({**WARD, **changes})


def with_guides() -> Scenario:
    """The same with a guidance desk, so that policies meet one."""
    return policy("guidance_desk", finds=0.5).apply(ward())


BASES = {"plain": ward, "guided": with_guides}


@cache
def first_visits(base: str, name: str) -> NDArray[Any]:
    """By citizen: the first visits of all days as they are looked up, whoever is received before them."""
    return by_citizen(make_plan(policy(name).apply(BASES[base]()), 17, 4))


def by_citizen(plan: Plan) -> NDArray[Any]:
    """The first visits of a plan's days, in the order of citizens."""
    return crowds.by_citizen(crowds.everyone(plan))


def test_every_policy_of_the_configs_is_tested_here() -> None:
    assert set(INSTANCES) == set(POLICIES)
    assert set(GOVERNED) <= set(Stream)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_changes_no_attribute_outside_its_streams(name: str, base: str) -> None:
    before, after = first_visits(base, "none"), first_visits(base, name)
    assert len(before) > 1000
    assert np.array_equal(before["citizen"], after["citizen"])
    may_change = {column for stream in POLICIES[name].streams for column in GOVERNED[stream]}
    for column in NAMES:
        if column not in may_change:
            assert np.array_equal(before[column], after[column]), column


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", POLICIES)
def test_the_streams_that_a_policy_names_are_those_it_uses(name: str, base: str) -> None:
    """No stream is named for nothing: some attribute that only it and its like govern does change."""
    before, after = first_visits(base, "none"), first_visits(base, name)
    changed = {column for column in NAMES if not np.array_equal(before[column], after[column])}
    guides = {"guidance", "after_guidance", "work", "left"}
    wanted: dict[str, set[str]] = {
        "weekend_hours": {"arrival"},
        "extra_points": {"point", "travel"} | (guides if base == "guided" else set()),
        "guidance_desk": guides if base == "plain" else {"after_guidance", "left"},
    }
    assert changed >= wanted.get(name, set())
    assert bool(changed) == bool(POLICIES[name].streams)


def test_extra_points_change_nothing_for_those_who_keep_their_point() -> None:
    for base in BASES:
        before, after = first_visits(base, "none"), first_visits(base, "extra_points")
        stays = before["point"] == after["point"]
        assert 0.5 < stays.mean() < 0.8
        assert np.array_equal(before[stays], after[stays])
        assert set(after["point"][~stays].tolist()) == {2, 3}


def test_extra_points_draw_people_wherever_they_live() -> None:
    """Of those of the hall and of those of the branch alike 15 % go to each.

    At 5 standard errors, from 1,000 people or more: a share that is wrong by 0.075 is found with probability 0.9.
    """
    before, after = (
        by_citizen(make_plan(policy(name).apply(ward(demand=8.0)), 17, 4)) for name in ("none", "extra_points")
    )
    for home in (0, 1):
        there = after["point"][before["point"] == home]
        assert len(there) > 1000
        for new in (2, 3):
            assert abs((there == new).mean() - 0.15) < 5 * (0.15 * 0.85 / len(there)) ** 0.5


def test_a_point_that_draws_more_takes_people_from_home_and_from_the_next_alone() -> None:
    """Thresholds grow with the shares, so nobody who was drawn to the first new point stays at home."""
    few, many = (
        by_citizen(make_plan(policy("extra_points", count=1, share_each=share).apply(ward()), 17, 4))
        for share in (0.1, 0.4)
    )
    changed = few["point"] != many["point"]
    assert set(many["point"][changed].tolist()) == {2}
    assert 0.2 < changed.mean() < 0.4
    assert np.array_equal(few[~changed], many[~changed])


def test_those_whom_a_guide_sends_home_with_nothing_bring_the_same_work() -> None:
    before, after = first_visits("plain", "none"), first_visits("plain", "guidance_desk")
    assert ((after["left"] & ~before["left"]) == 0).all()
    assert (after["work"] <= before["work"]).all()
    same = after["left"] == before["left"]
    untouched = same & (before["left"] == 0)
    assert np.array_equal(before["work"][untouched], after["work"][untouched])


def test_weekend_hours_move_people_within_their_week_and_nobody_else() -> None:
    before, after = first_visits("plain", "none"), first_visits("plain", "weekend_hours")
    moved = before["arrival"] != after["arrival"]
    assert (after["arrival"][moved] // DAY % 7 == 5).all()
    assert (after["arrival"][moved] // DAY // 7 == before["arrival"][moved] // DAY // 7).all()


@pytest.mark.parametrize("name", POLICIES)
def test_first_visits_in_the_traces_agree(name: str) -> None:
    """What the engine records of citizens of both runs, whatever happened to them."""
    before, after = (run(make_plan(policy(other).apply(ward()), 17, 4)).visits for other in ("none", name))
    first = [visits[visits["visit"] == 0] for visits in (before, after)]
    assert np.array_equal(first[0]["citizen"], first[1]["citizen"])
    may_change = {column for stream in POLICIES[name].streams for column in GOVERNED[stream]}
    for column in ("procedure", "priority", "purpose", "channel", "dossiers", "arrival", "travel", "point"):
        if column not in may_change:
            assert np.array_equal(first[0][column], first[1][column]), column
    # and of later visits, who they are
    later = [visits[visits["visit"] > 0] for visits in (before, after)]
    both = np.intersect1d(later[0]["citizen"], later[1]["citizen"])
    assert len(both) > 20
    for column in ("procedure", "priority", "purpose", "channel"):
        kinds = [dict(zip(visits["citizen"].tolist(), visits[column].tolist(), strict=True)) for visits in later]
        assert all(kinds[0][who] == kinds[1][who] for who in both.tolist())


@pytest.mark.parametrize("name", POLICIES)
def test_outages_are_those_of_the_day_and_not_of_the_policy(name: str) -> None:
    plans = [make_plan(policy(other).apply(ward()), 17, 4) for other in ("none", name)]
    assert len(plans[0].network) > 10
    assert np.array_equal(plans[0].network, plans[1].network)


# What a policy does to a scenario


@pytest.mark.parametrize("name", POLICIES)
def test_the_given_scenario_stays_as_it_is(name: str) -> None:
    scenario = ward()
    before = scenario.model_dump_json()
    changed = policy(name).apply(scenario)
    assert scenario.model_dump_json() == before
    assert (changed == scenario) == (name == "none")
    assert Scenario.model_validate(changed.model_dump()) == changed


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_a_frozen_value(name: str) -> None:
    made = policy(name)
    assert made == policy(name)
    assert made.apply(ward()) == made.apply(ward())
    with pytest.raises(ValidationError):
        made.surprise = 1  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="surprise"):
        policy(name, surprise=1)


def test_policies_compose_from_left_to_right() -> None:
    chain = [policy(name) for name in POLICIES if name != "none"]
    enough = ward(staff={"paper": {"count": 9, "skills": ["paper"]}, "both": {"count": 2}})
    for order in list(permutations(chain))[::10]:
        step = enough
        for one in order:
            step = one.apply(step)
        assert applied(enough, order) == step
    assert applied(ward(), ()) == ward()
    # the order matters: a group that was enlarged first gives its officials away first
    hire, take = policy("add_officials", group="both", count=2), policy("priority_lane", officials=2)
    assert staffing(applied(ward(), (hire, take))) == {"paper": 2, "both": 3, "branch": 1, "priority_lane": 2}
    assert staffing(applied(ward(), (take, hire))) == {"paper": 1, "both": 4, "branch": 1, "priority_lane": 2}


def staffing(scenario: Scenario) -> dict[str, int]:
    return {name: officials_of(scenario, group) for name, group in scenario.staff.items()}


@pytest.mark.parametrize(
    ("name", "changes", "officials", "guides", "counters"),
    [
        ("none", {}, 6, 0, 5),
        ("weekend_hours", {}, 6, 0, 5),
        ("extra_points", {"from_existing": 0}, 10, 0, 9),
        ("extra_points", {"from_existing": 1}, 8, 0, 9),
        ("extra_points", {"count": 1, "from_existing": 9}, 6, 0, 7),
        ("guidance_desk", {"from_existing": 0}, 6, 2, 5),
        ("guidance_desk", {"from_existing": 1}, 5, 2, 5),
        ("guidance_desk", {"from_existing": 9}, 4, 2, 5),
        ("add_officials", {"count": 3, "counters": 1}, 9, 0, 6),
        ("add_officials", {"count": 3, "counters": 0, "group": "both"}, 9, 0, 5),
        ("priority_lane", {"officials": 2}, 6, 0, 5),
    ],
)
def test_officials_guides_and_counters_after_a_policy(
    name: str, changes: dict[str, Any], officials: int, guides: int, counters: int
) -> None:
    after = policy(name, **changes).apply(ward())
    assert sum(staffing(after).values()) == officials
    assert sum(point.guides for point in after.points.values()) == guides
    assert sum(point.counters for point in after.points.values()) == counters


def test_a_group_that_follows_the_counters_does_so_no_more_once_it_is_enlarged() -> None:
    after = policy("add_officials", group="branch", count=2, counters=1).apply(ward())
    assert after.staff["branch"].count == 3
    assert after.points["branch"].counters == 2


def test_without_takes_from_the_largest_group_in_turn() -> None:
    assert {name: group.count for name, group in without(ward(), 3).items()} == {"paper": 1, "both": 1, "branch": None}
    assert without(ward(), 0) == ward().staff
    with pytest.raises(ValueError, match="not 4 officials to take"):
        without(ward(), 4)


BRANCHES: dict[str, Any] = {
    "points": {"hall": {"counters": 4, "share": 0.8}, "branch": {"counters": 9, "share": 0.2}},
    "staff": {"paper": {"count": 3}, "there": {"count": None, "point": "branch"}, "both": {"count": 2}},
}


def test_without_takes_from_one_point_where_it_is_told_to() -> None:
    """The branch has the largest group, nine that follow its counters."""
    scenario = ward(**BRANCHES)
    counts = [
        {name: group.count for name, group in without(scenario, 3, point).items()} for point in (None, "hall", "branch")
    ]
    assert counts == [
        {"paper": 3, "there": 6, "both": 2},
        {"paper": 1, "there": None, "both": 1},
        {"paper": 3, "there": 6, "both": 2},
    ]
    with pytest.raises(ValueError, match="not 4 officials to take"):
        without(scenario, 4, "hall")
    assert without(scenario, 8, "branch")["there"].count == 1


@pytest.mark.parametrize(
    ("name", "changes", "wanted"),
    [
        ("priority_lane", {"officials": 3}, {"paper": 1, "there": 9, "both": 1, "priority_lane": 3}),
        ("priority_lane", {"officials": 3, "point": "branch"}, {"paper": 3, "there": 6, "both": 2, "priority_lane": 3}),
        ("guidance_desk", {"guides": 3, "from_existing": 3}, {"paper": 1, "there": 9, "both": 1}),
        ("guidance_desk", {"guides": 3, "from_existing": 3, "point": "branch"}, {"paper": 3, "there": 6, "both": 2}),
    ],
)
def test_a_lane_and_a_desk_take_from_their_own_point(
    name: str, changes: dict[str, Any], wanted: dict[str, int]
) -> None:
    assert staffing(policy(name, **changes).apply(ward(**BRANCHES))) == wanted


def test_costs_add_up() -> None:
    scenario = applied(ward(), [policy("extra_points"), policy("weekend_hours"), policy("add_officials")])
    assert scenario.costs == {
        "rent": Cost(per_month=1e6, once=12e6),
        "extra_points": Cost(per_month=16e6, once=1e8),
        "weekend_hours": Cost(per_month=2e6),
        "add_officials": Cost(once=6e7),
    }
    # a month of 22 working days, set-up spread over 12 months
    per_day = (1e6 + 1e6 + 16e6 + 1e8 / 12 + 2e6 + 6e7 / 12) / 22
    assert yardstick(scenario, Targets(name="none")).prices.per_day == pytest.approx(per_day, rel=1e-12)
    twice = applied(ward(), [policy("extra_points", count=1)] * 2)
    assert twice.costs["extra_points"] == Cost(per_month=16e6, once=1e8)
    assert list(twice.points) == ["hall", "branch", "extra_1", "extra_2"]
    assert with_cost(scenario, "new") == {**scenario.costs, "new": Cost()}


def test_new_points_are_nobodys_nearest_and_draw_their_share_of_all() -> None:
    after = policy("extra_points").apply(ward())
    assert {name: point.share for name, point in after.points.items()} == {
        "hall": 0.8, "branch": 0.2, "extra_1": 0.0, "extra_2": 0.0,
    }  # fmt: skip
    assert [point.draws for point in after.points.values()] == [0.0, 0.0, 0.15, 0.15]
    assert after.reach == pytest.approx({"hall": 0.56, "branch": 0.14, "extra_1": 0.15, "extra_2": 0.15}, rel=1e-12)
    assert ward().reach == {"hall": 0.8, "branch": 0.2}
    plan = make_plan(after)
    assert plan.points["draws"].tolist() == [0, 0, round(0.15 * WHOLE), round(0.3 * WHOLE)]
    assert plan.points["threshold"].tolist() == [round(0.8 * WHOLE), WHOLE, WHOLE, WHOLE]
    assert not make_plan(ward()).points["draws"].any()


def test_all_may_be_drawn_but_no_more_than_all() -> None:
    everyone = policy("extra_points", count=2, share_each=0.5, from_existing=0).apply(ward())
    assert everyone.reach == {"hall": 0.0, "branch": 0.0, "extra_1": 0.5, "extra_2": 0.5}
    assert set(by_citizen(make_plan(everyone, 17, 4))["point"].tolist()) == {2, 3}
    with pytest.raises(ValueError, match="the points draw more than all citizens"):
        policy("extra_points", count=1, share_each=0.01, from_existing=0).apply(everyone)
    with pytest.raises(ValidationError, match="the points draw more than all citizens"):
        ward(points={"hall": {"counters": 4, "draws": 0.7}, "branch": {"counters": 1, "share": 0.0, "draws": 0.4}})


def test_new_names_are_free_of_points_and_of_groups() -> None:
    taken = ward(staff={**WARD["staff"], "extra_1": {"count": 1}})
    after = policy("extra_points").apply(taken)
    assert list(after.points) == ["hall", "branch", "extra_2", "extra_3"]
    assert list(after.staff) == ["paper", "both", "branch", "extra_1", "extra_2", "extra_3"]
    assert after.staff["extra_1"] == taken.staff["extra_1"]


SHIFTS = {"early": ["07:30-11:30", "12:30-16:00"], "late": ["08:30-12:30", "13:30-17:00"]}


@pytest.mark.parametrize(
    ("name", "group"), [("extra_points", "extra_1"), ("extra_points", "extra_2"), ("priority_lane", "priority_lane")]
)
def test_new_groups_work_the_shifts_of_the_calendar_in_turn(name: str, group: str) -> None:
    changes = {"officials": 3, "from_existing": 0} if name == "extra_points" else {"officials": 2}
    in_shifts = ward(calendar={**WARD["calendar"], "shifts": SHIFTS})
    after = policy(name, **changes).apply(in_shifts)
    assert after.staff[group].shifts == ("early", "late")
    there = [one for one in duties(after) if one.group == after.staff[group]]
    first = [[(start % DAY, end % DAY) for start, end in one.shifts[:2]] for one in there]
    early, late = ([span(text) for text in spans] for spans in SHIFTS.values())
    assert len(first) == changes["officials"]
    assert first == [early, late, early][: len(first)]
    assert policy(name, **changes).apply(ward()).staff[group].shifts == ()


def test_a_lane_serves_the_first_rank_alone() -> None:
    after = policy("priority_lane").apply(ward())
    lane = after.staff["priority_lane"]
    assert (lane.count, lane.serves, lane.skills, lane.point) == (1, ("elderly",), None, "hall")
    ranks = {name: {"share": 0.25, "rank": rank} for name, rank in (("a", 2), ("b", 1), ("c", 1), ("d", 3))}
    assert policy("priority_lane").apply(ward(priorities=ranks)).staff["priority_lane"].serves == ("b", "c")


def test_a_guidance_desk_may_count_its_own_guides() -> None:
    """As many as the busiest half-hour wants, and no more for people who do not come."""
    after = policy("guidance_desk", guides=None, from_existing=0).apply(ward(demand=8.0))
    fewer = policy("guidance_desk", guides=None, from_existing=0).apply(ward(demand=0.01))
    assert after.points["hall"].guides > 2
    assert fewer.points["hall"].guides == 1


# What is refused

ALONE = {"ordinary": {"share": 1.0, "rank": 1}}
SIX_DAYS = {
    "per_day": 90.0,
    "profile": {"08:00": 1.0},
    "weekday": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 1.0),
}


@pytest.mark.parametrize(
    ("name", "changes", "base", "why"),
    [
        ("extra_points", {"count": 7, "from_existing": 0}, {}, "the points draw more than all citizens"),
        ("extra_points", {"from_existing": 2}, {}, "not 4 officials to take"),
        ("guidance_desk", {"guides": 9, "from_existing": 9}, {}, "not 9 officials to take"),
        ("guidance_desk", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("add_officials", {"group": "nobody"}, {}, "group nobody is none of paper, both, branch"),
        ("priority_lane", {"officials": 4}, {}, "not 4 officials to take"),
        ("priority_lane", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("priority_lane", {"officials": 4}, BRANCHES, "not 4 officials to take"),
        ("guidance_desk", {"guides": 4, "from_existing": 4}, BRANCHES, "not 4 officials to take"),
        ("priority_lane", {}, {"priorities": ALONE}, "nobody to keep a lane for"),
        ("weekend_hours", {"hours": []}, {}, "people can move to Saturday only where"),
        ("weekend_hours", {}, {"arrivals": SIX_DAYS}, "a Saturday with a demand of its own"),
    ],
)
def test_what_cannot_be_done_is_refused(name: str, changes: dict[str, Any], base: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        policy(name, **changes).apply(ward(**base))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("weekend_hours", {"moves": 1.2}),
        ("weekend_hours", {"hours": ["11:30-07:30"]}),
        ("weekend_hours", {"compensation": "nothing"}),
        ("extra_points", {"count": 0}),
        ("extra_points", {"rent_per_month": -1.0}),
        ("guidance_desk", {"guides": 0}),
        ("guidance_desk", {"finds": 1.1}),
        ("add_officials", {"count": 0}),
        ("add_officials", {"count": 1.5}),
        ("priority_lane", {"officials": 0}),
    ],
)
def test_impossible_numbers_are_refused(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(changes))):
        policy(name, **changes)


def test_a_second_lane_is_refused_and_loses_nobody() -> None:
    with pytest.raises(ValueError, match="a priority lane already"):
        applied(ward(), [policy("priority_lane")] * 2)
