"""Corners in which the two engines could differ and random plans seldom are: each was found by breaking one of them."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from sim.distributions import quantile
from sim.door import load
from sim.models.center import run as reference
from sim.models.compiled import engine
from sim.models.compiled.engine import run as compiled
from sim.models.compiled.engine import tally
from sim.models.compiled.plain import is_plain
from sim.outages import in_turn, with_work
from sim.plan import CHOICES, Plan
from sim.planning import flatten, make_plan, replicate
from sim.returns import turn_of
from sim.streams import WHOLE, Stream, bits, counter, person
from sim.tally import joined, tally_of
from sim.units import DAY
from sim.yardstick import yardstick
from tests import naive
from tests.plans import EVERYTHING, MINUTES, SMALL, Citizen, Door, Hall, Official, assert_one_trace, plan_of, scenario
from tests.test_compiled import assert_same_tallies, changed, line

GUIDE = Official(place=1, fields=(1,))


def all_same(plan: Plan) -> None:
    assert_one_trace(compiled(plan), reference(plan))
    assert_one_trace(naive.run(plan), reference(plan))


def test_guidance_ends_as_the_door_opens_anew() -> None:
    # closed for good since 20; the next opening, MINUTES, is the instant at which guidance ends: completion first
    plan = plan_of(
        [Citizen(10, guidance=MINUTES - 10)],
        [Official(), GUIDE],
        doors=[Door(0, 20, 20), Door(MINUTES, MINUTES + 50, MINUTES + 50)],
        horizon=2 * MINUTES,
    )
    trace = compiled(plan)
    assert trace.visits["departure"][0] == MINUTES * 60_000
    all_same(plan)


def test_guidance_ends_as_those_who_wait_are_sent_home_and_the_door_opens() -> None:
    # with the guide from 5 minutes before midnight to midnight: begins to wait, is sent home, and only then it opens
    plan = plan_of(
        [Citizen(MINUTES - 13, guidance=8), Citizen(MINUTES - 12, guidance=5)],
        [Official(duty=((MINUTES + 5, MINUTES + 60),)), GUIDE],
        doors=[Door(0, MINUTES - 10, MINUTES), Door(MINUTES, MINUTES + 50, MINUTES + 50)],
        horizon=2 * MINUTES,
    )
    assert compiled(plan).visits["outcome"].tolist() == [6, 6]
    all_same(plan)


def test_fewer_tickets_than_people_at_the_gate() -> None:
    plan = plan_of([Citizen(3), Citizen(5)], doors=[Door(10, 90, 90)], halls=[Hall(tickets=1)])
    assert [row["outcome"] for row in compiled(plan).visits] == [0, 6]
    all_same(plan)


def test_many_officials() -> None:
    for number in (7, 8, 9, 16, 17, 33):
        random = Random(number)
        people = [Citizen(random.randint(0, 60), random.randint(1, 40), patience=30) for _ in range(150)]
        all_same(plan_of(people, [Official()] * number, halls=[Hall(40)]))


def test_guides_are_there_in_the_third_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """From day 50 on, ms since the first midnight do not fit in 32 bits."""
    few = {**SMALL["arrivals"], "per_day": 12.0}
    hall, guidance = {"counters": 2, "guides": 1}, EVERYTHING["guidance"]
    plan = make_plan(scenario(days=60, opening=False, arrivals=few, points={"hall": hall}, guidance=guidance))
    trace = reference(plan)
    guiding = trace.tasks[trace.tasks["kind"] == plan.fields]
    assert (guiding["entry"] >= 1 << 32).any()
    assert_one_trace(compiled(plan), trace)
    plain_python(monkeypatch)
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.parametrize("speed", [1.0, 0.3, 0.05])
def test_a_service_past_all_horizons(monkeypatch: pytest.MonkeyPatch, speed: float) -> None:
    endless = {"request": {"service": {"kind": "deterministic", "mean": 1e12}}}
    plan = make_plan(scenario(days=1, procedures=endless, staff={"counter": {"count": 2, "speed": speed}}))
    assert (reference(plan).tasks["start"] >= 0).any()
    all_same(plan)
    plain_python(monkeypatch)
    assert_one_trace(engine.run(plan), reference(plan))


def test_more_queues_than_bits() -> None:
    for seed in range(6):
        random = Random(seed)
        kinds = [(field, net) for field in range(32) for net in (False, True)]
        people = [
            Citizen(random.randint(0, 30), random.randint(1, 5), procedure=random.choice((0, 1, 2, 60, 61, 62, 63)))
            for _ in range(60)
        ]
        officials = [Official(fields=tuple(range(32))), Official(fields=(0, 30, 31)), Official(fields=(1,))]
        all_same(plan_of(people, officials, procedures=kinds, network=((0, 1000),)))


def test_slow_network_goes_down_as_the_work_is_done() -> None:
    plan = plan_of([Citizen(10, 5)], procedures=((0, True),), network=((0, 500), (20, 0), (30, 1000)))
    assert compiled(plan).visits["departure"][0] == 20 * 60_000
    all_same(plan)


def test_two_guides_done_at_one_instant_in_the_other_order() -> None:
    # guide 0 serves the second visit, guide 1 the first; both join the line at 20, the lower id first
    plan = plan_of(
        [Citizen(10, guidance=10), Citizen(15, guidance=5)],
        [Official(), Official(place=1, fields=(1,), duty=((12, 90),)), Official(place=1, fields=(1,), duty=((0, 90),))],
    )
    assert (compiled(plan).visits["departure"] // 60_000).tolist() == [30, 40]
    all_same(plan)


def test_nor_do_they_pass_who_joined_before() -> None:
    # as before; the third, with the greatest id, has been in the line since 19
    plan = plan_of(
        [Citizen(10, guidance=10), Citizen(15, guidance=5), Citizen(5, 20), Citizen(19)],
        [Official(), Official(place=1, fields=(1,), duty=((12, 90),)), Official(place=1, fields=(1,), duty=((0, 90),))],
    )
    assert (compiled(plan).visits["departure"] // 60_000).tolist() == [25, 45, 55, 35]
    all_same(plan)


# Room: one row more than there is room for


def plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Array bounds are checked only without compilation."""
    monkeypatch.setattr(engine, "compiled", lambda function: function)


def test_one_more_on_a_day_than_there_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_python(monkeypatch)
    all_same(plan_of([Citizen(n / 10, 1) for n in range(257)], [Official()] * 2, doors=[Door(0, 60, 60)]))


def crowd(day: int, number: int, **given: Any) -> list[Citizen]:
    return [Citizen(day * MINUTES + 100 + n / 10, 1, **given) for n in range(number)]


def test_one_more_than_rows_with_much_room_to_set_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # 200 set out for the day after next, so that only the heap grows; then they and 57 more are 257 for 256 rows
    plain_python(monkeypatch)
    doors = [Door(day * MINUTES, day * MINUTES + 300, day * MINUTES + 300) for day in range(3)]
    people = crowd(0, 200, priority=1) + crowd(1, 20) + crowd(2, 57)
    all_same(
        plan_of(
            people,
            [Official(classes=(0,), speed=20000)],
            doors=doors,
            ranks=(0, 0),
            horizon=3 * MINUTES,
            returns=(0, WHOLE),
            visits=2,
            delays=((1, 1), (2, 1)),
        )
    )


def test_room_in_the_log_for_who_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    # 150 give up on each of three days; 100 are inside at the midnight at which room for them is short
    plain_python(monkeypatch)
    doors = [
        Door(0, 200, 200),
        Door(MINUTES, 2 * MINUTES - 1, 2 * MINUTES - 1 + 1438),
        Door(2 * MINUTES, 2 * MINUTES + 300, 3 * MINUTES - 1),
    ]
    all_same(
        plan_of(
            crowd(0, 150, patience=5) + crowd(1, 100),
            [Official(fields=(1,))],
            doors=doors,
            procedures=((0, False), (1, False)),
            horizon=3 * MINUTES,
            returns=(0, WHOLE),
            visits=3,
            delays=((1, 1), (1, 1)),
        )
    )


def test_room_for_who_sets_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_python(monkeypatch)
    doors = [Door(day * MINUTES, day * MINUTES + 300, day * MINUTES + 300) for day in range(3)]
    people = crowd(0, 300, priority=1) + crowd(1, 514)
    plan = plan_of(
        people,
        [Official(classes=(1,), speed=20000)],
        doors=doors,
        ranks=(0, 0),
        horizon=3 * MINUTES,
        returns=(0, WHOLE),
        visits=2,
        delays=((1, 1), (1, 1)),
    )
    all_same(plan)


def test_room_for_those_inside_who_set_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_python(monkeypatch)
    doors = [Door(day * MINUTES, day * MINUTES + 300, day * MINUTES + 300) for day in (0, 3)]
    doors.insert(1, Door(MINUTES, 3 * MINUTES - 1, 3 * MINUTES - 1))
    people = crowd(0, 300, priority=1) + crowd(1, 258) + crowd(2, 298)
    plan = plan_of(
        people,
        [Official(classes=(1,), speed=20000)],
        doors=doors,
        ranks=(0, 0),
        horizon=4 * MINUTES,
        returns=(0, WHOLE),
        visits=2,
        delays=((1, 1), (1, 1)),
    )
    all_same(plan)


# Folding


def folded_alike(**given: Any) -> None:
    one = scenario(**given)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    assert_same_tallies(tally([replicate(plan, 1, 0)], by), tally_of(compiled(replicate(plan, 1, 0)), by))


STAY = {"rule": "serve_out", "overtime_cap": 5000.0}


def test_carried_over_to_the_very_warm_up() -> None:
    # who is carried over comes at the first midnight that is measured, and never are there more who wait
    folded_alike(
        closing={"rule": "carry_over"},
        warmup_days=1,
        days=2,
        calendar={"hours": {day: ["00:00-01:00"] for day in ("mon", "tue", "wed")}, "holidays": "none"},
        arrivals={"per_day": 60.0, "profile": {"00:00": 1.0}, "weekday": {"mon": 1.0, "tue": 0.0}},
        returns={"visits": 5},
    )


def test_a_service_into_the_shift_of_the_next_day() -> None:
    folded_alike(procedures={"request": {"service": {"kind": "deterministic", "mean": 1500.0}}})


def test_times_that_are_exactly_a_bound() -> None:
    # all stand at the gate: the n-th of each counter waits 15 n minutes
    for mean in (5.0, 10.0, 15.0, 30.0):
        folded_alike(
            procedures={"request": {"service": {"kind": "deterministic", "mean": mean}}},
            arrivals={"per_day": 30.0, "profile": {"07:00": 1.0}},
        )


# First come, first served: whatever plan is plain, its trace is that of the events


def with_center(plan: Plan, **given: Any) -> Plan:
    centers = plan.centers.copy()
    for name, value in given.items():
        centers[name] = value
    return plan._replace(centers=centers)


def test_plain_only_where_it_is_exact() -> None:
    plan = line(3, 2)
    assert is_plain(plan)
    assert not is_plain(plan._replace(**in_turn([with_work([0, 60_000, 120_000], [1000, 0, 1000])])))
    assert not is_plain(with_center(plan, visits=3, returns=(WHOLE, 0)))
    assert is_plain(with_center(plan, visits=1, returns=(WHOLE, 0)))
    assert not is_plain(plan._replace(priorities=np.array([[(WHOLE // 2, 0), (WHOLE, 1)]], CHOICES)))
    assert not is_plain(plan._replace(points=np.concatenate([plan.points] * 2)))
    looked_up = make_plan(load(["center=textbook", "days=2"]).scenario)
    assert is_plain(looked_up)
    assert not is_plain(changed(looked_up, "points", "guided", True))
    assert not is_plain(with_center(looked_up, patience=0))
    limits = [row for row, kind in enumerate(plan.changes["kind"]) if kind == 3 and plan.changes["subject"][row] == 0]
    assert not is_plain(changed(plan, "changes", "value", 1, limits[0]))
    for row in range(len(plan.changes)):
        assert not is_plain(changed(plan, "changes", "time", 60_000, row)), row


def test_what_changes_on_a_later_day_is_seen() -> None:
    # off duty from 50 minutes of the second day on: nobody else is served
    plan = plan_of([Citizen(10), Citizen(MINUTES + 60)], [Official(duty=((0, MINUTES + 50),))], horizon=2 * MINUTES)
    assert not is_plain(plan)
    all_same(plan)


def test_an_official_who_never_comes_serves_nobody() -> None:
    plan = plan_of([Citizen(10), Citizen(10)], [Official(), Official(duty=((5 * MINUTES, 6 * MINUTES),))])
    assert not is_plain(plan)
    all_same(plan)


def test_one_more_on_a_plain_day_than_there_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_python(monkeypatch)
    plan = plan_of([Citizen(n / 10, 1) for n in range(257)])
    assert is_plain(plan)
    all_same(plan)


def test_a_replication_does_not_remember_the_one_before() -> None:
    one = scenario()
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    plans = [replicate(plan, 1, nth) for nth in range(6)]
    found = joined([tally_of(compiled(own), by) for own in plans])
    assert (found.time[:-1, 3] > found.time[1:, 3]).any()
    assert_same_tallies(tally(plans, by), found)


def test_who_left_late_in_one_replication_is_on_time_in_the_next() -> None:
    one = scenario(
        days=1,
        calendar={"hours": {"mon": ["07:30-11:30", "13:00-17:00"]}, "holidays": "none", "late_break": "in_full"},
        arrivals={"per_day": 300.0, "profile": {"07:30": 1.0, "13:00": 1.0}},
        closing={"rule": "send_home"},
        procedures={"request": {"service": {"kind": "exponential", "mean": 17.0}}},
    )
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    plans = [replicate(plan, 1, nth) for nth in range(3)]
    found = joined([tally_of(compiled(own), by) for own in plans])
    assert_same_tallies(tally(plans, by), found)


def test_who_comes_again_at_the_ms_of_a_newcomer_is_looked_up_first() -> None:
    def plan_with(*more: Citizen) -> Plan:
        doors = [Door(0, 60, 60), Door(MINUTES, MINUTES + 60, MINUTES + 60)]
        return plan_of(
            [Citizen(1, 10, patience=1000), Citizen(0, 55), *more],
            [Official(duty=((0, 20), (MINUTES, MINUTES + 90)))],
            doors=doors,
            horizon=2 * MINUTES,
            returns=(0, WHOLE),
            visits=2,
            delays=((1, 1), (1, 1)),
        )

    again = reference(plan_with()).visits
    at = int(again["arrival"][again["visit"] == 1][0])
    visits = compiled(plan_with(Citizen(at / 60_000, 10))).visits
    both = visits[visits["arrival"] == at]
    assert both["visit"].tolist() == [1, 0]  # rows by citizen: who comes again, the newcomer
    assert both["departure"][0] < both["departure"][1]


def test_carried_over_together_they_come_by_citizen() -> None:
    plan = plan_of(
        [Citizen(5, 30), Citizen(11), Citizen(12)],
        doors=[Door(0, 20, 20), Door(MINUTES, MINUTES + 60, MINUTES + 60)],
        horizon=2 * MINUTES,
        carries_over=True,
        visits=9,
    )
    ends = [int(one["departure"]) // 60_000 - MINUTES for one in compiled(plan).visits if one["visit"] == 1]
    assert ends == [10, 20]
    all_same(plan)


def test_carried_over_before_who_comes_earlier_that_day() -> None:
    assert (
        turn_of(0, False, DAY - 1)
        < turn_of(1, True, DAY + 500)
        < turn_of(1, False, DAY + 1)
        < turn_of(2, True, 2 * DAY)
    )


def test_the_outages_of_a_long_run_are_drawn_one_after_the_other() -> None:
    plan = make_plan(
        load(
            [
                "center=benchmark_day",
                "days=60",
                "network.outages.center.up.mean=100",
                "network.outages.center.down.mean=60",
            ]
        ).scenario
    )
    first, times = person(int(plan.centers[0]["number"]), 0, 0, 0), [0]
    for number in range(len(plan.network) // 2):
        for kind, row in zip((Stream.UP, Stream.DOWN), plan.centers["outages"][0], strict=True):
            drawn = bits(plan.keys[kind], counter(np.array([first + number]), 0))
            times.append(times[-1] + int(quantile(plan.quantiles, row, drawn)[0]))
    assert len(times) > 500
    assert plan.network["time"].tolist() == times
