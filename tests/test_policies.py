"""Policies: values that change a scenario, and only what they say they change.

The law of this file: for every citizen in a run with a policy and in the run without, everything that is not
governed by ``Policy.streams`` is the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.attributes import VISIT
from sim.metrics import measure
from sim.models.center import run
from sim.money import Cost
from sim.offered_load import load_sheet
from sim.paid import paid_of
from sim.plan import Plan
from sim.planning import make_plan
from sim.policies import POLICIES, applied
from sim.policies.policy import newcomers, with_cost, without
from sim.policies.queueing import queues_of
from sim.policies.shifts import spans_text
from sim.roster import doors, duties
from sim.scenario import Scenario
from sim.streams import WHOLE, Stream
from sim.targets import Targets
from sim.trace import Outcome
from sim.units import DAY, HOUR, clock_text, span
from sim.yardstick import yardstick
from tests import crowds
from tests.wards import INSTANCES, OFFICE, SERVICE, UNSUITED, WARD, policy, staffing, ward, ward_for

# What each random decision has a say in, of a row of VISIT. Work is the sum over the dossiers that reach the counter.
# The number of people in a half-hour says who comes at all, and with it only the place of the others among all.
GOVERNED: dict[Stream, set[str]] = {
    Stream.COUNT: {"rank"},
    Stream.ARRIVAL: {"arrival"},
    Stream.SATURDAY: {"arrival"},
    Stream.SATURDAY_TIME: {"arrival"},
    Stream.POINT: {"point", "travel"},
    Stream.DRAWN: {"point", "travel"},
    Stream.TRAVEL: {"travel"},
    Stream.PROCEDURE: {"procedure", "point", "work", "left", "outcome"},
    Stream.PURPOSE: {"purpose", "dossiers", "work", "left", "outcome", "guidance", "after_guidance"},
    Stream.PRIORITY: {"priority"},
    Stream.CHANNEL: {  # who files from home comes to no hall
        *("channel", "work", "point", "travel", "patience", "guidance", "after_guidance", "left", "outcome"),
    },
    Stream.CHECK: {"work"},
    Stream.DELIVERY: set(),  # of later visits alone
    Stream.CHOICE: {"arrival", "travel", "point"},  # on the day itself, where they first look at what points publish
    Stream.ERROR: set(),  # at the counter
    Stream.DOSSIERS: {"dossiers", "work", "left", "outcome"},
    Stream.PATIENCE: {"patience"},
    Stream.SERVICE: {"work"},
    Stream.GUIDANCE: {"guidance"},
    Stream.INCOMPLETE: {"work", "left", "outcome", "after_guidance"},
    Stream.MENDED: {"work", "left", "outcome", "after_guidance"},
    Stream.RETURN_TIME: set(),  # of later visits alone
    **{stream: set() for stream in (Stream.BOOKED, Stream.NO_SHOW, Stream.PUNCTUALITY)},  # of those who book
}
NAMES: tuple[str, ...] = VISIT.names or ()


def with_guides(name: str) -> Scenario:
    """The same with a guidance desk, so that policies meet one."""
    return policy("guidance_desk", finds=0.5).apply(ward_for(name))


BASES = {"plain": ward_for, "guided": with_guides}
WHILE_RUNNING = ("non_territorial", "postal_return", "remote_specialists")
"""Policies that change nothing of who comes first, but what happens then."""


@cache
def first_visits(base: str, name: str, wanted_by: str = "") -> NDArray[Any]:
    """By citizen: the first visits of all days as they are looked up, whoever is received before them."""
    return by_citizen(make_plan(policy(name).apply(BASES[base](wanted_by or name)), 17, 4))


def by_citizen(plan: Plan) -> NDArray[Any]:
    """The first visits of a plan's days, in the order of citizens."""
    return crowds.by_citizen(crowds.everyone(plan))


def of_both(before: NDArray[Any], after: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The rows of the citizens who come with a policy and without."""
    _, rows, others = np.intersect1d(before["citizen"], after["citizen"], return_indices=True)
    return before[rows], after[others]


def test_every_policy_of_the_configs_is_tested_here() -> None:
    assert set(INSTANCES) == set(POLICIES)
    assert set(GOVERNED) <= set(Stream)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_changes_no_attribute_outside_its_streams(name: str, base: str) -> None:
    before, after = first_visits(base, "none", name), first_visits(base, name)
    if Stream.COUNT not in POLICIES[name].streams:
        assert np.array_equal(before["citizen"], after["citizen"])
    before, after = of_both(before, after)
    assert len(before) > 1000
    may_change = {column for stream in POLICIES[name].streams for column in GOVERNED[stream]}
    for column in NAMES:
        if column not in may_change:
            assert np.array_equal(before[column], after[column]), column


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", POLICIES)
def test_the_streams_that_a_policy_names_are_those_it_uses(name: str, base: str) -> None:
    """No stream is named for nothing: some attribute that only it and its like govern does change."""
    before, after = of_both(first_visits(base, "none", name), first_visits(base, name))
    changed = {column for column in NAMES if not np.array_equal(before[column], after[column])}
    guides = {"guidance", "after_guidance", "work", "left"}
    wanted: dict[str, set[str]] = {
        "weekend_hours": {"arrival"},
        "evening_hours": {"rank"},
        "split_lunch": {"rank"},
        "appointments": {"rank"},
        "cross_training": {"point"} | (guides if base == "guided" else set()),
        "pooled_queue": {"point"} | (guides if base == "guided" else set()),
        "information_campaign": {"left", "outcome"} | ({"after_guidance"} if base == "guided" else set()),
        **{rule: {"point"} for rule in ("open_when_long", "floating_official", "adjust_tomorrow")},
        "extra_points": {"point", "travel"} | (guides if base == "guided" else set()),
        "vacant_headquarters": {"point", "travel"} | (guides if base == "guided" else set()),
        "digital_teams": {"channel", "work", "point", "travel", "patience"} | (guides if base == "guided" else set()),
        "guidance_desk": guides if base == "plain" else {"after_guidance", "left"},
        "volunteers": guides if base == "plain" else set(),
    }
    assert changed >= wanted.get(name, set())
    joins_a_desk = (name, base) == ("volunteers", "guided")  # which is there all day, and does the same
    assert bool(changed) == (bool(POLICIES[name].streams) and not joins_a_desk and name not in WHILE_RUNNING)


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
    before, after = (run(make_plan(policy(other).apply(ward_for(name)), 17, 4)).visits for other in ("none", name))
    first = of_both(*(visits[visits["visit"] == 0] for visits in (before, after)))
    assert len(first[0]) > 1000
    may_change = {column for stream in POLICIES[name].streams for column in GOVERNED[stream]}
    for column in ("procedure", "priority", "purpose", "channel", "dossiers", "arrival", "travel", "point"):
        if column not in may_change:
            assert np.array_equal(first[0][column], first[1][column]), column
    # and of later visits, but for those for a result, who they are
    most = ward().returns.visits
    later = [visits[(visits["visit"] > 0) & (visits["visit"] < most)] for visits in (before, after)]
    both = np.intersect1d(later[0]["citizen"], later[1]["citizen"])
    assert len(both) > 20
    for column in {"procedure", "priority", "purpose", "channel"} - may_change:
        kinds = [dict(zip(visits["citizen"].tolist(), visits[column].tolist(), strict=True)) for visits in later]
        assert all(kinds[0][who] == kinds[1][who] for who in both.tolist())


@pytest.mark.parametrize("name", POLICIES)
def test_outages_are_those_of_the_day_and_not_of_the_policy(name: str) -> None:
    plans = [make_plan(policy(other).apply(ward_for(name)), 17, 4) for other in ("none", name)]
    assert len(plans[0].network) > 10
    assert np.array_equal(plans[0].network["time"], plans[1].network["time"])
    slower = plans[1].network["speed"][plans[0].network["speed"] == 0]
    assert set(slower.tolist()) == {500 if name == "backup_link" else 0}


# What a policy does to a scenario


@pytest.mark.parametrize("name", POLICIES)
def test_the_given_scenario_stays_as_it_is(name: str) -> None:
    scenario = ward_for(name)
    before = scenario.model_dump_json()
    changed = policy(name).apply(scenario)
    assert scenario.model_dump_json() == before
    assert (changed == scenario) == (name == "none")
    assert Scenario.model_validate(changed.model_dump()) == changed


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_a_frozen_value(name: str) -> None:
    made = policy(name)
    assert made == policy(name)
    assert made.apply(ward_for(name)) == made.apply(ward_for(name))
    with pytest.raises(ValidationError):
        made.surprise = 1  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="surprise"):
        policy(name, surprise=1)


@pytest.mark.parametrize("number", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 20))])
def test_policies_compose_from_left_to_right(number: int) -> None:
    # who pools all queues leaves nobody to teach, and volunteers find less than a desk
    chain = [policy(name) for name in POLICIES if name not in {"none", "pooled_queue", "volunteers"}]
    crowd = {"count": 9, "skills": ["paper"]}
    office = {"count": 2, "role": "specialist"}
    groups = {"paper": crowd, "both": {"count": 2}, "branch": {**crowd, "point": "branch"}, "office": office}
    enough = ward(**{**OFFICE, **UNSUITED, "staff": groups})
    order = Random(number).sample(chain, len(chain))
    step = enough
    for one in order:
        step = one.apply(step)
    assert applied(enough, order) == step


def test_the_order_of_policies_matters_and_none_changes_nothing() -> None:
    assert applied(ward(), ()) == ward()
    # the order matters: a group that was enlarged first gives its officials away first
    hire, take = policy("add_officials", group="both", count=2), policy("priority_lane", officials=2)
    assert staffing(applied(ward(), (hire, take))) == {"paper": 2, "both": 3, "branch": 1, "priority_lane": 2}
    assert staffing(applied(ward(), (take, hire))) == {"paper": 1, "both": 4, "branch": 1, "priority_lane": 2}


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
        ("evening_hours", {}, 6, 0, 5),
        ("split_lunch", {}, 6, 0, 5),
        ("bigger_hall", {"counters": 2}, 6, 0, 7),
        ("bigger_hall", {"counters": 2, "point": "branch"}, 6, 0, 7),
        ("information_campaign", {}, 6, 0, 5),
        ("cross_training", {"officials": 2, "group": "paper"}, 6, 0, 5),
        ("pooled_queue", {}, 6, 0, 5),
        ("dedicated_queues", {}, 6, 0, 5),
        ("ticket_cap", {}, 6, 0, 5),
        ("open_when_long", {}, 7, 0, 5),
        ("open_when_long", {"point": "hall", "officials": 2, "new": 0, "counters": 1}, 6, 0, 6),
        ("floating_official", {"point": "hall", "new": 0}, 6, 0, 5),
        ("adjust_tomorrow", {"point": "hall", "new": 0}, 6, 0, 5),
        ("overtime", {}, 6, 0, 5),
        ("volunteers", {}, 8, 0, 5),
        ("bulk_lane", {"officials": 2}, 6, 0, 5),
        ("paper_fallback", {}, 6, 0, 5),
        ("backup_link", {}, 6, 0, 5),
        ("secondment", {}, 8, 0, 7),
        ("secondment", {"counters": 1}, 8, 0, 6),
        ("secondment", {"point": "branch", "count": 3}, 9, 0, 8),
        ("floating_team", {}, 7, 0, 6),
        ("floating_team", {"from_existing": 1}, 6, 0, 6),
        ("floating_team", {"count": 3, "from_existing": 2, "counters": 2}, 7, 0, 7),
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


# Hours


def paid(scenario: Scenario, day: int) -> list[tuple[str, ...]]:
    """The spans of every official on one day, as a person writes them."""
    return [spans_text(one.paid[day]) for one in duties(scenario)]


def paid_hours(scenario: Scenario) -> list[float]:
    return [sum(end - start for start, end in one.shifts) / HOUR for one in duties(scenario)]


def per_day(scenario: Scenario) -> NDArray[np.float64]:
    """Expected newcomers by weekday (from Monday) and half-hour, in the first week."""
    plan = make_plan(scenario)
    week = plan.demand[0][:7]
    return np.asarray(plan.profiles[week["profile"]] * week["people"][:, None])


DAY_SHIFT, EARLY, LATE = (
    ("07:30-11:30", "13:30-17:00"),
    ("07:30-10:30", "12:30-17:00"),
    ("07:30-12:30", "14:30-17:00"),
)


def test_a_split_lunch_sends_half_of_the_officials_of_each_point_early_and_the_others_late() -> None:
    after = policy("split_lunch").apply(ward())
    assert set(after.calendar.hours.values()) == {("07:30-17:00",)}
    assert after.calendar.shifts == {"early_lunch": EARLY, "late_lunch": LATE}
    assert paid(after, 1) == [EARLY, LATE, EARLY, LATE, EARLY, EARLY]
    assert paid_hours(after) == paid_hours(ward())
    assert doors(after) == doors(ward())
    assert after.costs == ward().costs
    # officials hired into a group of one are not all at lunch at once
    hired = policy("add_officials", group="branch", count=3).apply(after)
    assert paid(hired, 1)[-4:] == [EARLY, LATE, EARLY, LATE]


@pytest.mark.parametrize(("earlier", "early", "late"), [(0, "13:30", "15:30"), (15, "13:15", "15:15")])
def test_the_first_lunch_may_begin_when_it_is_told_to(earlier: int, early: str, late: str) -> None:
    after = policy("split_lunch", earlier=earlier).apply(ward())
    assert [spans[1] for spans in paid(after, 1)[:2]] == [f"{early}-17:00", f"{late}-17:00"]
    assert paid_hours(after) == paid_hours(ward())


def test_groups_of_one_take_their_lunch_in_turn() -> None:
    singles = {name: {"count": 1} for name in ("a", "b", "c")}
    assert paid(policy("split_lunch").apply(ward(staff=singles)), 1) == [EARLY, LATE, EARLY]


def test_a_split_lunch_moves_people_from_the_afternoon_to_noon_and_leaves_their_number() -> None:
    before, after = per_day(ward()), per_day(policy("split_lunch", moves=0.25).apply(ward()))
    assert after.sum(axis=1) == pytest.approx(before.sum(axis=1), rel=1e-12)
    assert after[:, :23] == pytest.approx(before[:, :23], rel=1e-12)
    assert after[:, 27:] == pytest.approx(0.75 * before[:, 27:], rel=1e-12)
    noon = 0.25 * before[:, 27:].sum(axis=1) / 4
    assert after[:, 23:27] == pytest.approx(np.tile(noon[:, None], 4), rel=1e-12)
    same = policy("split_lunch", moves=0.0).apply(ward())
    assert same.arrivals == ward().arrivals


def test_a_lunch_that_differs_by_weekday_is_split_as_it_is() -> None:
    """Shifts follow the weekday, and so does the profile; who has another break keeps it."""
    hours = {"mon": DAY_SHIFT, "tue": ("07:00-12:00", "13:00-16:00"), "wed": ("08:00-12:00",)}
    own = {"early": ("07:30-11:30", "12:30-16:00"), "cut": ("08:00-11:30", "13:30-17:00")}
    groups = {"a": {"count": 2}, "b": {"count": 2, "shifts": ["early", "cut"]}}
    before = ward(calendar={"hours": hours, "shifts": own}, staff=groups)
    after = policy("split_lunch").apply(before)
    early, cut = own.values()
    assert paid(after, 0) == [EARLY, LATE, early, ("08:00-12:30", "14:30-17:00")]
    assert paid(after, 1) == [("07:00-11:30", "12:30-16:00"), ("07:00-12:30", "13:30-16:00"), early, cut]
    assert paid(after, 2) == [hours["wed"], hours["wed"], early, cut]
    assert set(after.calendar.shifts) == {"early", "early_lunch", "late_lunch", "cut_early_lunch", "cut_late_lunch"}
    assert set(after.arrivals.profile_on) == {"mon", "tue"}
    assert per_day(after)[2] == pytest.approx(per_day(before)[2], rel=1e-12)


STAYS = ("07:30-11:30", "13:30-19:00")


@pytest.mark.parametrize(
    ("compensation", "evening", "other", "more"),
    [
        ("later_start", ("09:30-11:30", "13:30-19:00"), DAY_SHIFT, 0),
        ("time_off", STAYS, ("07:30-11:30", "13:30-15:40"), 0),
        ("pay", STAYS, DAY_SHIFT, 2),
    ],
)
def test_who_works_an_evening_begins_later_or_goes_home_earlier_or_is_paid(
    compensation: str, evening: tuple[str, ...], other: tuple[str, ...], more: int
) -> None:
    after = policy("evening_hours", compensation=compensation).apply(ward())
    assert paid(after, 1) == paid(after, 3) == [evening, evening, DAY_SHIFT, evening, DAY_SHIFT, evening]
    assert paid(after, 2) == paid(after, 4) == [other, other, DAY_SHIFT, other, DAY_SHIFT, other]
    assert [after.calendar.hours[on][-1] for on in ("mon", "tue", "thu")] == [
        "13:30-17:00", "13:30-19:00", "13:30-19:00",
    ]  # fmt: skip
    evenings = 6 * np.array([1, 1, 0, 1, 0, 1])
    assert np.array(paid_hours(after)) - paid_hours(ward()) == pytest.approx(more * evenings)


def test_time_off_for_evenings_is_whole_minutes_and_leaves_days_off_alone() -> None:
    shifts = {"three_days": ["08:00-12:00", "13:00-13:30"]}
    on: dict[str, Any] = {"mon": {"three_days": []}, "tue": {"three_days": []}}
    before = ward(
        calendar={**WARD["calendar"], "shifts": shifts, "shifts_on": on},
        staff={"both": {"count": 1, "shifts": ["three_days"]}, "day": {"count": 1}},
    )
    after = policy("evening_hours", until="18:00", weekdays=["tue", "thu"]).apply(before)
    week = [paid(after, day) for day in range(5)]
    assert [spans for spans, _ in week] == [
        (), (), ("08:00-12:00",), ("08:00-12:00", "13:00-13:30", "17:00-18:00"), ("08:00-12:00",),
    ]  # fmt: skip
    assert [spans[-1] for _, spans in week] == [
        "13:30-16:20", "13:30-18:00", "13:30-16:20", "13:30-18:00", "13:30-16:20",
    ]  # fmt: skip
    uneven = policy("evening_hours", until="17:30", weekdays=["mon", "tue"]).apply(
        ward(calendar={"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("07:00-17:10",))})
    )
    assert [paid(uneven, day)[0] for day in range(5)] == [
        ("07:00-17:30",), ("07:00-17:30",), ("07:00-16:57",), ("07:00-16:57",), ("07:00-16:56",),
    ]  # fmt: skip


def test_a_paid_evening_costs_the_overtime_factor() -> None:
    """The shifts carry the plain wage of four who stay twice a week for two hours, a monthly cost the rest."""
    money = {"official_hour": 40000.0, "overtime_factor": 1.5, "working_days_per_month": 22.0}
    after = policy("evening_hours", compensation="pay").apply(ward(money=money))
    assert after.costs["evening_hours"].per_month == pytest.approx(2e6 + 4 * 4 * 22 / 5 * 40000 * 0.5)
    assert policy("evening_hours").apply(ward(money=money)).costs["evening_hours"] == Cost(per_month=2e6)
    by = yardstick(after, Targets(name="none"))
    trace = run(make_plan(after))
    wages = [paid_of(one.shifts, 0, one.horizon, by).ordinary[0] for one in (trace, run(make_plan(ward())))]
    premium = (after.costs["evening_hours"].per_month - 2e6) / 22 * by.working_days
    assert (wages[0] - wages[1]) / HOUR * 40000 * 0.5 == pytest.approx(premium)


def test_evening_hours_move_people_of_their_weekdays_alone_and_leave_their_number() -> None:
    before, after = per_day(ward()), per_day(policy("evening_hours", moves=0.25).apply(ward()))
    assert after.sum(axis=1) == pytest.approx(before.sum(axis=1), rel=1e-12)
    assert after[[0, 2, 4, 5, 6]] == pytest.approx(before[[0, 2, 4, 5, 6]], rel=1e-12)
    for day in (1, 3):
        assert after[day, :34] == pytest.approx(0.75 * before[day, :34], rel=1e-12)
        assert after[day, 34:38] == pytest.approx([before[day].sum() / 16] * 4, rel=1e-12)


def test_who_comes_by_day_in_spite_of_the_evening_came_before_too() -> None:
    before, after = first_visits("plain", "none"), first_visits("plain", "evening_hours")
    new = after[~np.isin(after["citizen"], before["citizen"])]
    late = new["arrival"] % DAY
    assert (late >= 17 * HOUR).all()
    assert (late < 19 * HOUR).all()
    assert set((new["arrival"] // DAY % 7).tolist()) == {1, 3}
    gone = before[~np.isin(before["citizen"], after["citizen"])]
    assert set((gone["arrival"] // DAY % 7).tolist()) == {1, 3}
    assert len(new) == pytest.approx(len(gone), abs=5 * len(new) ** 0.5)


def test_returns_come_by_the_profile_of_their_day() -> None:
    after = policy("evening_hours", moves=1.0, weekdays=["tue"]).apply(ward(days=60))
    visits = run(make_plan(after, 17, 4)).visits
    again = visits[visits["visit"] > 0]
    tuesday = again["arrival"] // DAY % 7 == 1
    assert tuesday.sum() > 50
    assert np.array_equal(again["arrival"] % DAY >= 17 * HOUR, tuesday)


def test_evening_hours_and_a_split_lunch_go_together_in_both_orders() -> None:
    evening, lunch = policy("evening_hours", compensation="pay"), policy("split_lunch", moves=0.0)
    one, other = applied(ward(), [evening, lunch]), applied(ward(), [lunch, evening])
    for scenario in (one, other):
        assert scenario.calendar.hours["tue"] == ("07:30-19:00",)
        assert scenario.calendar.hours["wed"] == ("07:30-17:00",)
        assert scenario.arrivals == evening.apply(ward()).arrivals
        assert sum(paid_hours(scenario)) == pytest.approx(sum(paid_hours(evening.apply(ward()))))
        lunches = {spans[0].split("-")[1] for spans in paid(scenario, 1)}
        assert lunches == {"10:30", "12:30"}
    assert paid(other, 1)[:3] == [("07:30-10:30", "12:30-19:00"), ("07:30-12:30", "14:30-19:00"), EARLY]
    # a new group works both variants of the shifts there are
    new = policy("extra_points", from_existing=0).apply(other)
    assert paid(new, 1)[-2:] == [("07:30-10:30", "12:30-19:00"), LATE]


# Before the counter


def figures(scenario: Scenario) -> Callable[[str], float]:
    """Each metric of all visits of one replication."""
    found = measure(run(make_plan(scenario, 17, 4)), yardstick(scenario, Targets(name="none")))

    def figure(metric: str) -> float:
        above, below = found.sums[metric, "all"]
        return above / below

    return figure


def test_whoever_was_complete_stays_so_under_a_campaign() -> None:
    before, after = first_visits("plain", "none"), first_visits("plain", "information_campaign")
    assert ((after["left"] & ~before["left"]) == 0).all()
    assert np.array_equal(before["work"], after["work"])
    lacking = [int(np.bitwise_count(visits["left"]).sum()) for visits in (before, after)]
    assert lacking[1] / lacking[0] == pytest.approx(0.7, abs=5 * (0.21 / lacking[0]) ** 0.5)


def test_a_campaign_multiplies_and_so_does_a_second_one() -> None:
    once, twice = (applied(ward(), [policy("information_campaign")] * n) for n in (1, 2))
    assert [entry.incomplete for entry in once.procedures.values()] == pytest.approx([0.14, 0.28])
    assert [entry.incomplete for entry in twice.procedures.values()] == pytest.approx([0.098, 0.196])
    assert twice.costs["information_campaign"] == Cost(per_month=2e6, once=2e7)


def test_a_campaign_takes_the_load_of_second_trips() -> None:
    """One dossier each, nobody is lost: with a share p incomplete there are 1 + p + p² + … visits."""
    alike = {"paper": {"share": 1.0, "service": SERVICE, "incomplete": 0.2}}
    all_return = {"incomplete": {"share": 1.0}, "visits": 63}
    plain: dict[str, Any] = {**WARD["arrivals"], "dossiers_per_visitor": 1.0}
    base = ward(procedures=alike, returns=all_return, arrivals=plain, purposes={"submit": {"share": 1.0}})
    loads = [load_sheet(scenario).load for scenario in (base, policy("information_campaign", fewer=0.5).apply(base))]
    assert loads[1] / loads[0] == pytest.approx((1 - 0.2) / (1 - 0.1))


def test_a_cap_of_tickets_is_so_many_for_each_newcomer_of_a_mean_working_day() -> None:
    after = policy("ticket_cap").apply(ward())
    people = 90.0 * 1.3
    assert [point.ticket_cap for point in after.points.values()] == [round(people * 0.8), round(people * 0.2)]
    given = policy("ticket_cap", tickets=7, point="branch").apply(ward())
    assert [point.ticket_cap for point in given.points.values()] == [None, 7]
    assert given.costs == ward().costs
    lower = policy("ticket_cap", tickets=5, point="branch").apply(given)
    assert lower.points["branch"].ticket_cap == 5
    drawn = policy("ticket_cap").apply(policy("extra_points").apply(ward()))
    assert drawn.points["extra_1"].ticket_cap == round(people * 0.15)


def test_a_cap_shortens_the_wait_of_those_who_are_let_in_and_the_guard_tells() -> None:
    """Where those turned away give up; where they come again they take tomorrow's tickets."""
    crowd = ward(demand=1.5, patience=None, returns={"incomplete": {"share": 0.9, "last": 5}})
    plain, capped = (figures(one) for one in (crowd, policy("ticket_cap", of_mean_day=0.6).apply(crowd)))
    assert capped("wait_mean") < 0.7 * plain("wait_mean")
    assert capped("cost_per_day") <= plain("cost_per_day")
    assert capped("unserved_share") > 0.2 > plain("unserved_share")


# Skills and queues


def test_the_largest_group_learns_and_each_official_keeps_number_and_shift() -> None:
    shifts = {"early": ["07:30-11:30"], "late": ["13:30-17:00"], "whole": DAY_SHIFT}
    staff = {
        "both": {"count": 9},
        "paper": {"count": 5, "skills": ["paper"], "shifts": ["early", "late", "whole"]},
        "land": {"count": 2, "skills": ["land"]},
    }
    before = ward(calendar={**WARD["calendar"], "shifts": shifts}, staff=staff)
    money: dict[str, Any] = {"official_hour": 40000.0}
    after = policy("cross_training", group=None, officials=2).apply(before.replace(money=money))
    assert staffing(after) == {"both": 9, "paper": 3, "paper_trained_1": 2, "land": 2}
    assert after.staff["paper_trained_1"].skills == ("paper", "land")
    assert paid(after, 1) == paid(before, 1)
    assert after.costs["cross_training"] == Cost(once=2 * (40 * 40000 + 2e6))
    again = policy("cross_training", group=None, officials=2).apply(after)
    assert staffing(again) == {"both": 9, "paper": 1, "paper_trained_2": 2, "paper_trained_1": 2, "land": 2}
    assert paid(again, 1) == paid(before, 1)


def test_a_group_that_learns_as_a_whole_keeps_its_name() -> None:
    after = policy("cross_training", group="paper", officials=3, fields=["land"]).apply(ward())
    assert staffing(after) == staffing(ward())
    assert after.staff["paper"].skills == ("paper", "land")


def test_one_queue_for_all() -> None:
    after = policy("pooled_queue", point="hall").apply(ward())
    assert [(group.skills, group.speed) for group in after.staff.values()] == [
        (None, 0.9), (None, 1.0), (("paper",), 1.0),
    ]  # fmt: skip
    assert after.costs["pooled_queue"].once == 3 * 2e6  # an hour of an official costs nothing here
    everywhere = policy("pooled_queue").apply(ward())
    assert {group.skills for group in everywhere.staff.values()} == {None}
    assert everywhere.costs["pooled_queue"].once == 4 * 2e6


def test_at_the_same_speed_one_queue_waits_less_than_divided_ones() -> None:
    crowd = ward(patience=None, network=None)
    pooled = policy("pooled_queue", speed=1.0).apply(crowd)
    waits = [figures(one)("wait_mean") for one in (pooled, crowd, policy("dedicated_queues").apply(crowd))]
    assert waits == sorted(waits)
    assert waits[0] < 0.8 * waits[2]


@pytest.mark.parametrize(
    ("work", "officials", "wanted"),
    [
        ({"a": 60.0, "b": 30.0, "c": 10.0}, 3, [(["a"], 1), (["b"], 1), (["c"], 1)]),
        ({"a": 60.0, "b": 30.0, "c": 10.0}, 7, [(["a"], 4), (["b"], 2), (["c"], 1)]),
        ({"a": 10.0, "b": 60.0, "c": 30.0}, 2, [(["b"], 1), (["c", "a"], 1)]),
        ({"a": 0.0, "b": 0.0, "c": 5.0}, 3, [(["c"], 1), (["a"], 1), (["b"], 1)]),
        ({"a": 1.0, "b": 1.0}, 1, [(["a", "b"], 1)]),
    ],
)
def test_fields_and_officials_are_divided_by_work(
    work: dict[str, float], officials: int, wanted: list[tuple[list[str], int]]
) -> None:
    assert queues_of(work, officials) == wanted


def test_dedicated_queues_divide_each_group_within_itself() -> None:
    after = policy("dedicated_queues", speed=1.1).apply(ward())
    assert staffing(after) == {"paper": 3, "both_1": 1, "both_2": 1, "branch": 1}
    assert [(g.skills, g.speed) for g in after.staff.values()] == [
        (("paper",), 1.0), (("land",), 1.1), (("paper",), 1.1), (("paper",), 1.0),
    ]  # fmt: skip
    pooled = policy("dedicated_queues").apply(policy("pooled_queue").apply(ward()))
    assert staffing(pooled) == {"paper_1": 2, "paper_2": 1, "both_1": 1, "both_2": 1, "branch": 1}


def test_a_bigger_hall_hires_nobody_and_holds_more() -> None:
    small = ward(points={"hall": {"counters": 4, "share": 0.8, "seats": 3}, "branch": {"counters": 1, "share": 0.2}})
    after = policy("bigger_hall", point="hall").apply(small)
    assert (after.points["hall"].seats, after.points["hall"].counters) == (13, 5)
    follows = policy("bigger_hall", point="branch").apply(small)
    assert (follows.points["branch"].seats, follows.staff["branch"].count) == (None, 1)
    twice = policy("bigger_hall").apply(after)
    assert (twice.points["hall"].seats, twice.costs["bigger_hall"]) == (23, Cost(per_month=2e6, once=1e8))
    balked = [
        int((run(make_plan(scenario, 17, 4)).visits["outcome"] == Outcome.BALKED).sum()) for scenario in (small, after)
    ]
    assert balked[1] < 0.5 * balked[0]


def test_who_books_comes_evenly_and_is_called_before_who_does_not() -> None:
    base = ward()
    after = policy("appointments", share=0.5, no_show=0.2).apply(base)
    ranks, book = {name: entry.rank for name, entry in after.priorities.items()}, after.appointments
    assert ranks == {"elderly": 0, "ordinary": 2, "booked": 1}
    assert book is not None
    times = book.times(base.calendar.opening(base.start))
    assert [clock_text(at) for at in (times[0], times[13], times[14], times[-1])] == [
        "07:30",
        "10:45",
        "13:30",
        "16:15",
    ]
    people = 90 / 1.4 if base.arrivals.counted_as == "dossiers" else 90.0
    assert (book.places, len(times)) == (2, 26)
    assert book.per_day == pytest.approx(people / 2)
    assert newcomers(after) == pytest.approx(newcomers(base))
    assert after.arrivals.per_day == pytest.approx(90 * 0.6)


def test_booking_shortens_the_wait_and_most_for_those_who_book() -> None:
    base = ward(demand=1.2, patience=None, network=None)
    after = policy("appointments", share=0.5).apply(base)
    was, waits = figures(base), measure(run(make_plan(after, 17, 4)), yardstick(after, Targets(name="none"))).sums
    mean = {name: waits["wait_mean", f"priority={name}"] for name in after.priorities}
    assert figures(after)("wait_mean") < 0.8 * was("wait_mean")
    assert mean["booked"][0] / mean["booked"][1] < 0.5 * mean["ordinary"][0] / mean["ordinary"][1]


# What is refused

ALONE = {"ordinary": {"share": 1.0, "rank": 1}}
SIX_DAYS = {
    "per_day": 90.0,
    "profile": {"08:00": 1.0},
    "weekday": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 1.0),
}
SLOW = {"windows": [{"between": "10:00-11:00", "speed": 0.5}]}
OTHER_LENDER = {"province": {"officials": 9, "utilization": 0.85}}
ALL_IN_ONE = {"points": {"hall": {"counters": 4}}, "staff": {"both": {"count": 4}}}
MONDAYS = {"hours": {"mon": DAY_SHIFT}}
SINGLE = {**WARD["arrivals"], "dossiers_per_visitor": 1.0}
FRIDAYS = {"hours": {"fri": DAY_SHIFT}}
DOES = {"service": {"kind": "exponential", "mean": 3.0}, "finds": 0.5, "mends": 0.5}
DESK = {"points": {**WARD["points"], "hall": {"counters": 4, "share": 0.8, "guides": 1}}, "guidance": DOES}
UNPAID = {
    "staff": {**WARD["staff"], "youth": {"count": 1, "role": "guide", "paid": False}},
    "guidance": {**DOES, "mends": 0.4},
}
ASKING = {
    "ask": WARD["purposes"]["ask"],
    "submit": {"share": 0.0},
    "collect": {**WARD["purposes"]["collect"], "share": 0.9},
}
LAND_ALONE = {**WARD["staff"], "office": {"count": 2, "role": "specialist", "skills": ["land"]}}
TWO_LAST = {"one": {"share": 0.5, "rank": 1}, "other": {"share": 0.5, "rank": 1}}
ONLINE = {"delivery": {"online": 1.0}}
SHORT_MORNING = {"hours": {"mon": ["11:00-12:00", "14:00-17:00"]}}
SEATED = {"hall": {"counters": 4, "share": 0.8, "seats": 3}, "branch": {"counters": 1, "share": 0.2}}
CAPPED = {"hall": {"counters": 4, "share": 0.8, "ticket_cap": 20}, "branch": {"counters": 1, "share": 0.2}}


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
        ("evening_hours", {"until": "17:00"}, {}, "on tue the door closes at 17:00 today: wanted later"),
        ("evening_hours", {"weekdays": ["fri"]}, {"calendar": MONDAYS}, "the center is closed on fri"),
        ("evening_hours", {"weekdays": ["mon"]}, {"arrivals": {"rate_per_hour": 9.0}}, "per_day and a profile"),
        ("evening_hours", {"weekdays": ["mon"]}, {"calendar": MONDAYS}, "there is none to take time off, wanted later"),
        ("split_lunch", {}, {"calendar": {"hours": {"mon": ["07:30-17:00"]}}}, "there is no lunch to split"),
        ("split_lunch", {}, {"calendar": {"hours": {"sat": DAY_SHIFT}}}, "there is no lunch to split"),
        ("split_lunch", {"earlier": 240}, {}, "on mon one lunch after the other does not fit"),
        ("split_lunch", {}, {"calendar": SHORT_MORNING}, "on mon one lunch after the other does not fit"),
        ("bigger_hall", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("bigger_hall", {"counters": 0}, {}, "point hall has room without limit: wanted more counters"),
        (
            "bigger_hall",
            {"counters": 0, "seats": 0},
            {"points": SEATED},
            "stays as it is: wanted more counters or seats",
        ),
        ("ticket_cap", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        (
            "ticket_cap",
            {"tickets": 30},
            {"points": CAPPED},
            "at most 20 tickets already: wanted fewer than that, not 30",
        ),
        ("cross_training", {"group": "nobody"}, {}, "group nobody is none of paper, both, branch"),
        ("cross_training", {"group": "both"}, {}, "group both knows these fields already"),
        ("cross_training", {"fields": ["papers"]}, {}, "field papers is none of paper, land"),
        ("cross_training", {"officials": 2}, {}, "wanted at most the 1 officials of group branch, not 2"),
        (
            "cross_training",
            {"group": None},
            {"staff": {"both": {"count": 2}}},
            "all officials know these fields already",
        ),
        ("pooled_queue", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("pooled_queue", {}, {"staff": {"both": {"count": 2}}}, "serve every field already"),
        ("dedicated_queues", {"point": "branch"}, {}, "no group of branch has several fields and several officials"),
        ("bulk_lane", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("bulk_lane", {"officials": 4}, {}, "not 4 officials to take"),
        (
            "bulk_lane",
            {},
            {"arrivals": SINGLE},
            "everybody brings one dossier",
        ),
        ("volunteers", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("volunteers", {}, {"calendar": FRIDAYS}, "the center is closed on mon"),
        ("volunteers", {"between": "17:00-18:00"}, {}, "on mon the door is closed from 17:00-18:00"),
        ("volunteers", {"ends_early": 180.0}, {}, "there is no time but the 180 minutes at the end"),
        ("volunteers", {"mends": 0.4}, DESK, "others guide here already and do it otherwise"),
        ("guidance_desk", {"finds": 0.5}, UNPAID, "others guide here already and do it otherwise"),
        ("overtime", {"cap": 60.0}, {}, "officials stay up to 60 minutes already: wanted more than that, not 60"),
        ("overtime", {"cap": 300.0}, {}, "wanted at most the 4 hours of overtime.day, or overtime.beyond: true"),
        ("overtime", {"cap": None}, {"closing": {"overtime_cap": 240.0}}, "officials stay up to 240 minutes already"),
        ("paper_fallback", {}, {"network": None}, "the network never fails here: wanted a network section"),
        ("backup_link", {}, {"network": None}, "the network never fails here: wanted a network section"),
        ("backup_link", {}, {"network": SLOW}, "the network never fails here: wanted a network section"),
        ("secondment", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("secondment", {"skills": ["papers"]}, {}, "papers"),
        ("secondment", {"count": 21}, {}, "province has 20 officials and lends 21 at once"),
        ("secondment", {"after": 21}, {}, "nobody is lent on the measured days: they come from 2026-03-23"),
        ("secondment", {}, {"lenders": OTHER_LENDER}, "has 9 officials and utilization 0.85 already: wanted the same"),
        ("floating_team", {"point": "elsewhere"}, {}, "point elsewhere is none of hall, branch"),
        ("floating_team", {"days_at": {"mon": "elsewhere"}}, {}, "point elsewhere is none of hall, branch"),
        ("floating_team", {"days_at": {"mon": "hall"}}, {}, "on mon they would stay at hall: wanted another point"),
        ("floating_team", {}, {"calendar": MONDAYS}, "the center is closed on tue"),
        ("floating_team", {}, ALL_IN_ONE, "there is no point but hall: nowhere to send anybody"),
        ("floating_team", {"count": 4, "from_existing": 4}, {}, "not 4 officials to take"),
        ("appointments", {}, {"priorities": TWO_LAST}, "one class of citizens that is called last, not one and other"),
        ("appointments", {"ends_early": 240.0}, {}, "on mon there is no time but the 240 minutes before a closing"),
        ("vacant_headquarters", {"count": 4}, {}, "not 4 officials to take"),
        ("vacant_headquarters", {"count": 2, "share_each": 0.6}, {}, "the points draw more than all citizens"),
        ("non_territorial", {}, ALL_IN_ONE, "there is no point but hall: nowhere to go instead"),
        ("digital_teams", {}, {}, "nobody could check what is filed from home: wanted a back_office section"),
        (
            "digital_teams",
            {"channel": "papers"},
            OFFICE,
            "channel papers is none of those at the hall: paper, assisted",
        ),
        ("digital_teams", {}, {**OFFICE, "purposes": ASKING}, "nobody comes to submit: there is nobody to help"),
        ("digital_teams", {}, {**OFFICE, "staff": LAND_ALONE}, "nobody in the back office has the skill to check"),
        ("postal_return", {}, {}, "nobody comes again for a result: wanted a back_office section"),
        (
            "postal_return",
            {},
            {**OFFICE, "back_office": ONLINE},
            "nobody comes for a result of the back office already",
        ),
        ("remote_specialists", {}, {}, "these fields suit all officials: nobody would ask"),
        ("remote_specialists", {"fields": ["papers"]}, UNSUITED, "field papers is none of paper, land"),
        ("remote_specialists", {"time_share": 0.1}, UNSUITED, "or a time_share of more than 0.1"),
        ("remote_specialists", {}, {**UNSUITED, "demand": 9.0}, "of their time: wanted more specialists"),
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
        ("evening_hours", {"until": "18:45"}),
        ("evening_hours", {"weekdays": []}),
        ("evening_hours", {"weekdays": ["sat"]}),
        ("evening_hours", {"staff_share": 1.5}),
        ("split_lunch", {"moves": -0.1}),
        ("split_lunch", {"earlier": -15}),
        ("information_campaign", {"fewer": 1.1}),
        ("ticket_cap", {"tickets": 0}),
        ("ticket_cap", {"of_mean_day": 0.0}),
        ("bigger_hall", {"seats": -1}),
        ("cross_training", {"officials": 0}),
        ("pooled_queue", {"speed": 0.0}),
        ("dedicated_queues", {"speed": 21.0}),
        ("overtime", {"cap": 0.0}),
        ("bulk_lane", {"dossiers": 1}),
        ("bulk_lane", {"officials": 0}),
        ("volunteers", {"count": 0}),
        ("volunteers", {"weekdays": []}),
        ("volunteers", {"between": "10:30-07:30"}),
        ("volunteers", {"finds": 1.1}),
        ("backup_link", {"slow_speed": 0.0}),
        ("paper_fallback", {"typing": 0.0}),
        ("secondment", {"count": 0}),
        ("secondment", {"commute": -1.0}),
        ("floating_team", {"days_at": {}}),
        ("floating_team", {"count": 0}),
        ("appointments", {"share": 0.0}),
        ("appointments", {"share": 1.1}),
        ("appointments", {"no_show": 1.0}),
        ("appointments", {"places": 0}),
        ("appointments", {"every": 0}),
        ("vacant_headquarters", {"officials": 0}),
        ("non_territorial", {"way": 0.0}),
        ("non_territorial", {"share": 0.0}),
        ("digital_teams", {"share": 1.0}),
        ("digital_teams", {"teams": 0}),
        ("postal_return", {"share": 1.1}),
        ("remote_specialists", {"count": 0}),
        ("remote_specialists", {"time_share": 0.0}),
    ],
)
def test_impossible_numbers_are_refused(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(changes))):
        policy(name, **changes)


ONCE = {
    "bulk_lane": "there is a class of bulk filers already",
    "priority_lane": "a priority lane already",
    "evening_hours": "there are evening hours already: name all their weekdays at once",
    "split_lunch": "there is no lunch to split",
    "ticket_cap": "tickets already: wanted fewer",
    "cross_training": "group branch knows these fields already",
    "pooled_queue": "serve every field already: there is one queue",
    "dedicated_queues": "no group of hall, branch has several fields",
    "overtime": "officials stay up to 120 minutes already",
    "paper_fallback": "outages are answered on paper already",
    "backup_link": "work goes on at 0.5 of the usual speed already: wanted a faster link",
    "appointments": "people book already: raise appointments.per_day",
    "non_territorial": "may be received at any point already",
    "remote_specialists": "there are specialists to ask already",
}


@pytest.mark.parametrize("name", [name for name in POLICIES if name != "none"])
def test_a_policy_that_is_applied_twice_is_refused_or_costs_twice(name: str) -> None:
    once = policy(name).apply(ward_for(name))
    if name in ONCE:
        with pytest.raises(ValueError, match=ONCE[name]):
            policy(name).apply(once)
        return
    twice = policy(name).apply(once)
    for cost in ("per_month", "once"):
        added = [getattr(scenario.costs.get(name, Cost()), cost) for scenario in (once, twice)]
        assert added[1] == 2 * added[0]
