"""What no run may break, whatever the scenario: people, waits, officials and counters add up, in integers."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.calendar import joined
from sim.door import load
from sim.models.center import run
from sim.officials import is_weak
from sim.plan import AWAY, BACK_OFFICE, Change, Kind, Plan, Purpose, Rule
from sim.planning import make_plan
from sim.processing import is_remote, work_of_step
from sim.programs import changes_of
from sim.scenario import Scenario
from sim.trace import Outcome, Trace
from sim.units import DAY, NEVER
from tests import crowds, naive
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
    "back office": {
        **EVERYTHING,
        "procedures": {
            name: {
                **entry,
                "processing": {
                    "term": 1,
                    "steps": [
                        {"field": field, "work": {"kind": "gamma", "mean": mean, "cv": 0.5}}
                        for field, mean in ((name, 20.0), ("finance", 6.0), (name, 1.0))
                    ],
                    "signature": {"kind": "exponential", "mean": 1.0},
                },
            }
            for name, entry in EVERYTHING["procedures"].items()
        },
        "back_office": {"delivery": {"in_person": 1.0}, "at_counters": True, "last": 1},
        "results": {"collection": {"kind": "exponential", "mean": 1.0}},
        "staff": {
            **EVERYTHING["staff"],
            "finance": {"count": 1, "role": "specialist", "skills": ["finance", "copies"], "speed": 0.7},
            "leaders": {"count": 1, "role": "leader", "skills": []},
        },
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
        if is_remote(plan, visit):
            assert (len(mine), visit["entry"]) == (0, NEVER)
            assert outcome in {Outcome.SERVED, Outcome.INCOMPLETE, Outcome.IN_SYSTEM}
            continue
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
            assert (last["start"], last["end"]) == (NEVER, visit["departure"])
        assert len(mine) <= 2
        assert all(before["end"] == after["entry"] for before, after in pairwise(mine))


@EACH
def test_the_next_visit_follows_an_outcome_that_permits_it(name: str) -> None:
    plan, trace = happened(name)
    unserved = {Outcome.RENEGED, Outcome.BALKED, Outcome.TURNED_AWAY}
    incomplete = {Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE}
    every = {(int(visit["citizen"]), int(visit["visit"])): visit for visit in trace.visits}
    for (citizen, number), visit in every.items():
        if number % plan.centers["visits"][0] == 0:
            continue
        before = every[citizen, number - 1]
        assert visit["arrival"] // DAY > before["departure"] // DAY
        if before["outcome"] == Outcome.SERVED:
            assert plan.procedures["signature"][visit["procedure"]] != NEVER
            assert (visit["purpose"], visit["dossiers"]) == (Purpose.COLLECT, 0)
            continue
        assert before["outcome"] in {*unserved, *incomplete, Outcome.CARRIED_OVER}
        assert plan.days["opens"][visit["arrival"] // DAY] != NEVER
        brings = before["left"] if before["outcome"] in incomplete else before["dossiers"]
        assert visit["dossiers"] == brings
        same = ("procedure", "priority", "purpose", "channel", *(() if plan.rules.chooses else ("point",)))
        assert all(visit[name] == before[name] for name in same)


@EACH
def test_a_result_is_fetched_once_it_is_ready(name: str) -> None:
    plan, trace = happened(name)
    most, days = int(plan.centers["visits"][0]), plan.centers["fetched"][0]
    every = {(int(visit["citizen"]), int(visit["visit"])): nth for nth, visit in enumerate(trace.visits)}
    ready = {visit: rows[-1][-1]["end"] for visit, rows in cases_of(plan, trace).items()}
    fetched = 0
    for (citizen, number), nth in every.items():
        if number < most:
            continue
        visit, case = trace.visits[nth], every[citizen, number // most - 1]
        assert ready[case] != NEVER
        assert (visit["purpose"], visit["dossiers"]) == (Purpose.COLLECT, 0)
        assert visit["procedure"] == trace.visits["procedure"][case]
        if number % most == 0:
            day = visit["arrival"] // DAY
            passed = plan.days["working"][day] - plan.days["working"][ready[case] // DAY]
            assert days[0] <= passed < days[0] + days[1]
            assert plan.days["is_working"][day]
            fetched += 1
    assert (fetched > 5) == (plan.centers["in_person"][0] > 0)


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
    steps, approvals = kind == Kind.STEP, kind == Kind.APPROVAL
    skill[steps] = step_fields(plan, trace)[trace.tasks["start"] != NEVER][steps]
    skill[approvals] = plan.fields + Kind.SIGNATURE
    assert (who["skills"] >> skill.astype(np.uint64) & np.uint64(1)).all()
    serves = who["classes"] >> visits["priority"].astype(np.uint64) & np.uint64(1) > 0
    assert (serves | (kind >= Kind.COLLECTION)).all()
    assert (who["classes"] & np.uint64(BACK_OFFICE) > 0)[steps | approvals | (kind == Kind.CHECK)].all()
    steady = (who["rule"] == Rule.NONE) & ~np.isin(tasks["official"], movers(plan))
    assert np.array_equal(who["place"][steady], tasks["place"][steady])
    point = np.where((kind == Kind.SIGNATURE) | approvals, len(plan.points), visits["point"])
    point[kind == Kind.CONSULTATION] = len(plan.points) + 1
    point[steps] = plan.offices[visits["point"][steps], skill[steps]]
    assert np.array_equal(point, tasks["place"] // 2)
    assert np.array_equal(field[kind < 0], tasks["kind"][kind < 0])
    for official in range(len(plan.officials)):
        mine = tasks["official"] == official
        order = np.argsort(start[mine])
        assert (start[mine][order][1:] >= end[mine][order][:-1]).all()


Rows = list[list[Any]]


def cases_of(plan: Plan, trace: Trace) -> dict[int, Rows]:
    """The steps of each case by its visit: of each step its stretches, and what still waits, in the order of time."""
    found: dict[int, Rows] = defaultdict(list)
    tasks = trace.tasks[np.isin(trace.tasks["kind"] - plan.fields, (Kind.STEP, Kind.APPROVAL))]
    for task in tasks[np.lexsort((tasks["start"] == NEVER, tasks["entry"], tasks["visit"]))]:
        steps = found[int(task["visit"])]
        if not steps or steps[-1][0]["entry"] != task["entry"]:
            steps.append([])
        steps[-1].append(task)
    return found


def step_fields(plan: Plan, trace: Trace) -> Any:
    """The field of each task that is a step of a case, by its place among the steps."""
    found, seen = np.full(len(trace.tasks), NEVER), (NEVER, NEVER)
    nth = 0
    for row, task in enumerate(trace.tasks):
        if task["kind"] - plan.fields not in {Kind.STEP, Kind.APPROVAL}:
            continue
        case, entry = int(task["visit"]), int(task["entry"])
        nth = 0 if case != seen[0] else nth + (entry != seen[1])
        seen = case, entry
        first = plan.procedures["first_step"][trace.visits["procedure"][case]]
        found[row] = plan.steps["field"][first + nth]
    return found


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
        here = tasks[(tasks["place"] == place) & (tasks["kind"] < plan.fields + Kind.STEP)]
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


# Cases of the back office


@EACH
def test_what_is_accepted_and_has_steps_is_one_case(name: str) -> None:
    plan, trace = happened(name)
    visits, cases = trace.visits, cases_of(plan, trace)
    accepted = (visits["purpose"] == Purpose.SUBMIT) & np.isin(visits["outcome"], (Outcome.SERVED, Outcome.INCOMPLETE))
    rows = plan.procedures[visits["procedure"]]
    made = accepted & (visits["dossiers"] > visits["left"]) & (rows["first_step"] < rows["last_step"])
    assert sorted(cases) == np.flatnonzero(made).tolist()
    accepting = (trace.tasks["kind"] < plan.fields) | (trace.tasks["kind"] == plan.fields + Kind.CHECK)
    received = {int(task["visit"]): int(task["end"]) for task in trace.tasks[accepting]}
    for visit, steps in cases.items():
        row = plan.procedures[trace.visits["procedure"][visit]]
        kinds = np.where(plan.steps["field"] == NEVER, Kind.APPROVAL, Kind.STEP)[row["first_step"] : row["last_step"]]
        assert [step[0]["kind"] - plan.fields for step in steps] == kinds[: len(steps)].tolist()
        ends = [step[-1]["end"] for step in steps]
        assert [step[0]["entry"] for step in steps] == [received[visit], *ends[:-1]]
        assert NEVER not in ends[:-1]
        assert len(steps) == len(kinds) or ends[-1] == NEVER
        for step in steps:
            assert all(one["start"] != NEVER for one in step[:-1])
            assert all(one["end"] <= other["start"] or other["start"] == NEVER for one, other in pairwise(step))


def speed_at(plan: Plan, official: int, field: int, time: int) -> int:
    """Permille of an official in a field, NEVER for a leader's, for what begins at a time."""
    changes = changes_of(plan)
    rows = changes[(changes["kind"] == Change.SPEED) & (changes["subject"] == official) & (changes["time"] <= time)]
    speed = int(rows["value"][-1]) if len(rows) else int(plan.officials["speed"][official])
    with np.errstate(over="ignore"):
        weak = field != NEVER and is_weak(plan, official, field)
    return (speed * int(plan.rules.weak_speed) + 500) // 1000 if weak else speed


def worked(plan: Plan, stretch: Any, field: int, online: bool) -> tuple[int, int]:
    """Millionths of a ms of work done in a stretch, and in its last ms."""
    speed = speed_at(plan, int(stretch["official"]), field, int(stretch["start"]))
    start, end = int(stretch["start"]), int(stretch["end"])
    steps = plan.network.tolist() if online else []
    return speed * naive.work_passed(steps, start, end), speed * naive.work_passed(steps, end - 1, end)


@EACH
def test_the_work_of_a_step_is_done_whatever_comes_between(name: str) -> None:
    """Exactly: what was done a ms before the end was less. Cases of first visits, whose dossiers are known."""
    plan, trace = happened(name)
    brought = {int(one["citizen"]): one for one in crowds.everyone(plan)}
    checked, cut = 0, 0
    for visit, steps in cases_of(plan, trace).items():
        who = trace.visits[visit]
        row, first = brought[int(who["citizen"])], int(plan.procedures["first_step"][who["procedure"]])
        if who["visit"] > 0 or row["left"].bit_count() != who["left"]:
            continue
        case = {name: int(row[name]) for name in ("citizen", "attempt", "procedure")}
        case["dossiers"] = int(row["dossiers"] & ~row["left"])
        for nth, step in enumerate(steps):
            field = int(plan.steps["field"][first + nth])
            online = field != NEVER and bool(plan.procedures["network"][who["procedure"]])
            if step[-1]["end"] != NEVER:
                done = [worked(plan, stretch, field, online) for stretch in step]
                with np.errstate(over="ignore"):
                    wanted = work_of_step(plan, case, first + nth)
                total = sum(work for work, _ in done)
                assert total - done[-1][1] < wanted <= total
                checked, cut = checked + 1, cut + (len(step) > 1)
    assert (checked > 20) == (len(plan.steps) > 0)
    assert (cut > 5) == (len(plan.steps) > 0)


@EACH
def test_a_case_is_put_aside_for_a_reason_and_never_worked_at_beyond_a_shift(name: str) -> None:
    plan, trace = happened(name)
    tasks, changes = trace.tasks, changes_of(plan)
    begun = {(int(task["official"]), int(task["start"])) for task in tasks if task["start"] != NEVER}
    leaving = (changes["kind"] == Change.STAY) | (changes["kind"] == Change.MOVE)
    leaving |= (changes["kind"] == Change.DUTY) & (changes["value"] == 0)
    begun |= set(zip(changes["subject"][leaving].tolist(), changes["time"][leaving].tolist(), strict=True))
    begun |= set(zip(trace.decisions["official"].tolist(), trace.decisions["time"].tolist(), strict=True))
    shifts = trace.shifts[trace.shifts["pay"] & AWAY == 0]
    paid = {
        official: joined([tuple(zip(mine["start"].tolist(), mine["end"].tolist(), strict=True))])
        for official in np.unique(shifts["official"]).tolist()
        if len(mine := shifts[shifts["official"] == official])
    }
    for steps in cases_of(plan, trace).values():
        for step in steps:
            assert all((int(one["official"]), int(one["end"])) in begun for one in step[:-1])
            for one in step:
                start, end = int(one["start"]), int(one["end"] if one["end"] != NEVER else plan.rules.horizon)
                official = int(one["official"])
                assert start == NEVER or any(begins <= start and end <= ends for begins, ends in paid[official])


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
