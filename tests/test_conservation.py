"""What no run may break, whatever the scenario: people, waits, officials and counters add up, in integers."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.door import load
from sim.models.center import run
from sim.plan import Change, Kind, Plan, Purpose, Rule
from sim.planning import make_plan
from sim.programs import changes_of
from sim.scenario import Scenario
from sim.trace import Outcome, Trace
from sim.units import DAY, NEVER
from tests.plans import EVERYTHING, SMALL, TEN_MINUTES, WHOLE_CENTER, scenario

CENTERS: dict[str, Any] = {
    "everything": EVERYTHING,
    "whole center": WHOLE_CENTER,
    "sent home": {**EVERYTHING, "closing": {"rule": "send_home"}},
    "carried over": {**EVERYTHING, "closing": {"rule": "carry_over"}, "patience": None},
    "down, and started": {
        **EVERYTHING,
        "network": {
            "outages": {
                "center": {"up": {"kind": "exponential", "mean": 40.0}, "down": {"kind": "exponential", "mean": 20.0}}
            },
            "start_while_down": True,
        },
    },
    "far too many": {
        "days": 3,
        "arrivals": {**SMALL["arrivals"], "per_day": 900.0},
        "returns": {"incomplete": {"share": 0.5}, "unserved": {"share": 1.0}},
        "patience": {"kind": "exponential", "mean": 30.0},
        "points": {"hall": {"counters": 2, "seats": 20}},
    },
    "nobody at the counters": {"staff": {"counter": {"count": 0}}},
    "nobody comes": {"demand": 0.0},
    "day and night": {
        "days": 3,
        "calendar": {
            "hours": {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
            "holidays": "none",
        },
        "arrivals": {"rate_per_hour": 11.0},
        "procedures": {"request": {"service": TEN_MINUTES}},
    },
}
SHIPPED = [
    ["center=go_vap", "days=10"],
    ["center=cam_duong", "days=10"],
    ["center=tan_giang", "days=10"],
    ["center=bac_hong_linh", "days=10"],
]
ALL = [*CENTERS, *(" ".join(one) for one in SHIPPED)]


@cache
def given(name: str) -> Scenario:
    return scenario(**CENTERS[name]) if name in CENTERS else load(name.split()).scenario


@cache
def happened(name: str) -> tuple[Plan, Trace]:
    plan = make_plan(given(name), seed=11)
    return plan, run(plan)


EACH = pytest.mark.parametrize("name", ALL)


def spans(start: Any, end: Any, horizon: int) -> tuple[Any, Any]:
    return start, np.where(end == NEVER, horizon, end)


def integral_and_peak(begun: Any, over: Any) -> tuple[int, int]:
    """The integral over time of how many spans are open, and the most at once, by a sweep over events."""
    events = sorted([*((int(at), 1) for at in begun), *((int(at), -1) for at in over)])
    area = inside = peak = last = 0
    for at, step in events:
        area += inside * (at - last)
        inside, last = inside + step, at
        peak = max(peak, inside)
    assert inside == 0
    return area, peak


@EACH
def test_people_are_conserved(name: str) -> None:
    plan, trace = happened(name)
    visits = trace.visits
    assert len(np.unique(visits[["center", "citizen", "visit"]])) == len(visits)
    counted = Counter(visits["outcome"].tolist())
    assert set(counted) <= {int(outcome) for outcome in Outcome}
    assert sum(counted.values()) == len(visits)
    assert np.array_equal(visits["departure"] == NEVER, visits["outcome"] == Outcome.IN_SYSTEM)
    left = visits["departure"] != NEVER
    assert (visits["departure"][left] >= np.maximum(visits["arrival"], visits["entry"])[left]).all()
    assert (visits["arrival"] < plan.rules.horizon).all()
    assert (visits["departure"] < plan.rules.horizon).all()
    if name == "nobody comes":
        assert len(visits) == 0


@EACH
def test_outcomes_follow_from_tasks(name: str) -> None:
    plan, trace = happened(name)
    tasks: dict[int, list[Any]] = defaultdict(list)
    for row in trace.tasks[trace.tasks["kind"] < plan.fields + Kind.RECORD]:
        tasks[int(row["visit"])].append(row)
    for number, visit in enumerate(trace.visits):
        mine, outcome = tasks[number], visit["outcome"]
        later = [row for row in mine if row["kind"] > plan.fields]
        if later:
            assert outcome in {Outcome.SERVED, Outcome.IN_SYSTEM}
            assert later[-1]["end"] == visit["departure"]
            assert all(before["end"] == after["entry"] for before, after in pairwise(mine))
            continue
        last: Any = mine[-1] if mine else None
        served = last is not None and last["start"] != NEVER and last["end"] == visit["departure"] != NEVER
        received = outcome <= Outcome.INCOMPLETE
        assert received == (served and last["kind"] < plan.fields) or outcome in {
            Outcome.ADVISED,
            Outcome.INCOMPLETE_AT_GUIDANCE,
        }
        assert (last is None) == (visit["entry"] == NEVER)
        if not received and outcome != Outcome.IN_SYSTEM and last is not None:
            assert last["start"] == NEVER
            assert last["end"] == visit["departure"]
        assert len(mine) <= 2
        assert all(before["end"] == after["entry"] for before, after in pairwise(mine))


@EACH
def test_the_next_visit_follows_an_outcome_that_permits_it(name: str) -> None:
    plan, trace = happened(name)
    unserved = {Outcome.RENEGED, Outcome.BALKED, Outcome.TURNED_AWAY}
    incomplete = {Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE}
    before: Any = None
    for visit in trace.visits:
        if visit["visit"] == 0:
            before = visit
            continue
        assert (before["citizen"], before["visit"] + 1) == (visit["citizen"], visit["visit"])
        if before["outcome"] == Outcome.SERVED:
            assert plan.procedures["signature"][visit["procedure"]] != NEVER
            assert (visit["purpose"], visit["dossiers"]) == (Purpose.COLLECT, 0)
            assert visit["arrival"] // DAY > before["departure"] // DAY
            before = visit
            continue
        assert before["outcome"] in {*unserved, *incomplete, Outcome.CARRIED_OVER}
        assert visit["arrival"] // DAY > before["departure"] // DAY
        assert plan.days["opens"][visit["arrival"] // DAY] != NEVER
        brings = before["left"] if before["outcome"] in incomplete else before["dossiers"]
        assert visit["dossiers"] == brings
        assert all(visit[name] == before[name] for name in ("procedure", "priority", "purpose", "channel", "point"))
        assert before["outcome"] == Outcome.CARRIED_OVER or visit["visit"] < plan.rules.visits
        before = visit


@EACH
def test_littles_law_holds_exactly(name: str) -> None:
    plan, trace = happened(name)
    visits, horizon = trace.visits, plan.rules.horizon
    tasks = trace.tasks[trace.tasks["kind"] < plan.fields + Kind.RECORD]
    until = np.where(tasks["start"] != NEVER, tasks["start"], tasks["end"])
    begun, over = spans(tasks["entry"], until, horizon)
    assert integral_and_peak(begun, over)[0] == int((over - begun).sum())
    entered = visits[visits["entry"] != NEVER]
    begun, over = spans(entered["entry"], entered["departure"], horizon)
    inside = integral_and_peak(begun, over)[0]
    # All the time inside is waiting or being served, task after task; nobody is there while papers are typed in.
    tasks_begun, tasks_over = spans(tasks["entry"], tasks["end"], horizon)
    assert inside == int((over - begun).sum()) == int((tasks_over - tasks_begun).sum())


@EACH
def test_officials_do_one_thing_at_a_time_that_they_may(name: str) -> None:
    plan, trace = happened(name)
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    start, end = spans(tasks["start"], tasks["end"], plan.rules.horizon)
    visits = trace.visits[tasks["visit"]]
    who = plan.officials[tasks["official"]]
    kind, field = tasks["kind"] - plan.fields, plan.procedures["field"][visits["procedure"]]
    skill = np.where(kind >= Kind.COLLECTION, field, tasks["kind"])
    assert (who["skills"] >> skill.astype(np.uint64) & np.uint64(1)).all()
    serves = who["classes"] >> visits["priority"].astype(np.uint64) & np.uint64(1) > 0
    assert (serves | (kind >= Kind.COLLECTION)).all()
    steady = (who["rule"] == Rule.NONE) & ~np.isin(tasks["official"], movers(plan))
    assert np.array_equal(who["place"][steady], tasks["place"][steady])
    at_point = kind != Kind.SIGNATURE
    assert np.array_equal(visits["point"][at_point], tasks["place"][at_point] // 2)
    assert np.array_equal(field[kind < 0], tasks["kind"][kind < 0])
    for official in range(len(plan.officials)):
        mine = tasks["official"] == official
        order = np.argsort(start[mine])
        assert (start[mine][order][1:] >= end[mine][order][:-1]).all()


def movers(plan: Plan) -> Any:
    return plan.changes["subject"][plan.changes["kind"] == Change.MOVE]


def duty_spans(plan: Plan, official: int) -> list[tuple[int, int]]:
    changes = changes_of(plan)
    rows = changes[(changes["kind"] == Change.DUTY) & (changes["subject"] == official)]
    times = [int(row["time"]) for row in rows]
    assert rows["value"].tolist() == [1 - n % 2 for n in range(len(rows))]
    return list(zip(times[::2], [*times[1::2], plan.rules.horizon], strict=False))


@EACH
def test_no_task_starts_off_shift_or_on_a_closed_day(name: str) -> None:
    plan, trace = happened(name)
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    for official in range(len(plan.officials)):
        starts = tasks["start"][tasks["official"] == official]
        inside = np.zeros(len(starts), bool)
        for begins, ends in duty_spans(plan, official):
            inside |= (starts >= begins) & (starts < ends)
        assert inside.all()
    assert (plan.days["opens"][tasks["start"] // DAY] != NEVER).all()


@EACH
def test_no_more_counters_than_there_are(name: str) -> None:
    plan, trace = happened(name)
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    changes = changes_of(plan)
    limits = changes[changes["kind"] == Change.LIMIT]
    assert (limits["time"] == 0).all()  # none is taken away in these
    for place, limit in zip(limits["subject"], limits["value"], strict=True):
        here = tasks[tasks["place"] == place]
        start, end = spans(here["start"], here["end"], plan.rules.horizon)
        assert integral_and_peak(start, end)[1] <= limit


@EACH
def test_no_more_people_wait_than_there_are_seats(name: str) -> None:
    plan, trace = happened(name)
    tasks = trace.tasks[trace.tasks["kind"] < plan.fields + Kind.RECORD]
    signing = tasks["kind"] == plan.fields + Kind.SIGNATURE  # who waits for it sits, also while it is done
    until = np.where((tasks["start"] != NEVER) & ~signing, tasks["start"], tasks["end"])
    begun, over = spans(tasks["entry"], until, plan.rules.horizon)
    first = tasks["entry"] == trace.visits["entry"][tasks["visit"]]
    for point, seats in enumerate(plan.points["seats"]):
        here = (trace.visits["point"][tasks["visit"]] == point) & (over > begun)
        events = sorted(
            [
                *((int(at), -1, False) for at in over[here]),
                *((int(at), 1, bool(new)) for at, new in zip(begun[here], first[here], strict=True)),
            ]
        )
        waiting = 0
        for _, step, new in events:
            waiting += step
            assert not new or waiting <= seats


@EACH
def test_no_outage_is_served_through(name: str) -> None:
    plan, trace = happened(name)
    tasks = trace.tasks[trace.tasks["start"] != NEVER]
    visits = trace.visits[tasks["visit"]]
    on_record = tasks["kind"] == plan.fields + Kind.RECORD
    online = plan.procedures["network"][visits["procedure"]] & (tasks["kind"] < plan.fields)
    if plan.rules.paper:
        assert on_record.any()
        online = on_record
    if len(plan.network):
        step = np.searchsorted(plan.network["time"], tasks["start"][online], side="right") - 1
        up = plan.network["speed"][step] > 0
        assert plan.rules.starts_while_down or up.all()
        assert up.all() != plan.rules.starts_while_down  # and there it does happen


def test_the_same_number_gives_the_same_run() -> None:
    plan, trace = happened("everything")
    assert run(plan) == trace == run(make_plan(given("everything"), seed=11))
    assert run(make_plan(given("everything"), seed=11, replication=1)) != trace
    assert run(make_plan(given("everything"), seed=12)) != trace


def test_an_official_whose_stay_overlaps_a_later_shift_is_one_person() -> None:
    # Serving out until 18:00 after the closing at 17:00, and a shift of their own from 17:10.
    calendar = {**SMALL["calendar"], "shifts": {"long": ["07:30-17:00", "17:10-18:30"]}}
    crowd = scenario(
        days=1,
        calendar=calendar,
        arrivals={**SMALL["arrivals"], "per_day": 300.0},
        staff={"counter": {"count": 1, "shifts": ["long"]}},
    )
    plan = make_plan(crowd)
    assert duty_spans(plan, 0) == [(450 * 60_000, 1110 * 60_000)]
    tasks = run(plan).tasks
    served = np.sort(tasks[tasks["start"] != NEVER], order="start")
    assert (served["start"][1:] >= served["end"][:-1]).all()


@pytest.mark.parametrize("down", [20.0, 2000.0])
def test_a_service_across_the_last_outage_of_a_run(down: float) -> None:
    # Up until ten minutes past the horizon: a service that begins before it would need the network after that.
    failing = {"up": {"kind": "deterministic", "mean": 1450.0}, "down": {"kind": "deterministic", "mean": down}}
    network = {"outages": {"center": failing}}
    request = {"service": {"kind": "deterministic", "mean": 50.0}}
    changes = {"days": 1, "network": network, "procedures": {"request": request}}
    plan = make_plan(scenario(**{**CENTERS["day and night"], **changes}))
    assert plan.network["speed"][-1] > 0
    late = run(plan).tasks
    assert (late["start"] > 1400 * 60_000).any()
