"""The compiled engine has room for what the back office makes: rows of cases, stretches of work, people on their way.

In plain Python, where the end of an array is checked. What a day may want is reckoned at midnight; with not a row to
spare beyond that, one more than was reckoned is an error.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from sim.door import load
from sim.look import Look
from sim.models.center import run as reference
from sim.models.compiled import engine, layout
from sim.models.compiled.arrivals import rows_wanted
from sim.models.compiled.engine import run as compiled
from sim.models.compiled.engine import tally
from sim.models.compiled.house import House
from sim.models.compiled.rows import Log, log_for
from sim.plan import Change, Kind, Plan, Rule
from sim.planning import flatten, make_plan, replicate
from sim.returns import COMING
from sim.scenario import Scenario
from sim.streams import WHOLE
from sim.tally import joined, tally_of
from sim.trace import Outcome
from sim.units import MINUTE, NEVER
from sim.yardstick import yardstick
from tests.plans import (
    MINUTES,
    SMALL,
    WHOLE_CENTER,
    Case,
    Citizen,
    Door,
    Hall,
    Official,
    assert_one_trace,
    plan_of,
    random_plan,
    scenario,
)
from tests.test_compiled import assert_same_tallies
from tests.test_corners import all_same, plain_python

BOTH = Official(office=True)
SPECIALIST = Official(classes=(), office=True)
TWO = ((0, False), (0, False))


# Not a row to spare


def exact_rows(house: House, most: int) -> House:
    had, clock = len(house.inside), house.clock
    inside = had - int(clock.free)
    wanted = max(inside + rows_wanted(house, most), int(clock.joined) + inside + most)
    return layout.with_rows(house, wanted) if wanted > had else house


def exact_look(look: Look, visits: int, coming: int) -> Look:
    many = int(look.many[0])
    heap = np.zeros(many + coming + 1, COMING)
    heap[:many] = look.coming[:many]
    kinds: dict[str, Any] = {"today": COMING, "drawn": np.int64, "ends": np.uint32, "order": np.int64}
    return look._replace(coming=heap, **{name: np.zeros(visits, kind) for name, kind in kinds.items()})


def exact_log(log: Log, clock: Any, more: int, days: tuple[int, int], room: Any) -> Log:
    counts = [int(clock[name]) for name in ("visits", "visits", "others", "decisions")]
    wanted = [counts[0] + more, counts[2] + more * int(clock["extra"]) + days[0], counts[3] + days[1]]
    exact = log_for(wanted[0], wanted[1], wanted[2], room)
    for new, had, count in zip(exact, log, counts, strict=True):
        new[:count] = had[:count]
    return exact


@pytest.fixture
def not_a_row_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_python(monkeypatch)
    monkeypatch.setattr(layout, "VISITS", 1)
    monkeypatch.setattr(engine, "_with_rows_for", exact_rows)
    monkeypatch.setattr(engine, "with_room", exact_look)
    monkeypatch.setattr(engine, "with_log_room", exact_log)


@pytest.mark.usefixtures("not_a_row_to_spare")
@pytest.mark.parametrize("first", [0, pytest.param(150, marks=pytest.mark.slow)])
def test_random_plans_with_not_a_row_to_spare(first: int) -> None:
    cases = 0
    for seed in range(first, first + 150):
        plan = random_plan(Random(seed))
        cases += len(plan.steps) > 0
        assert_one_trace(engine.run(plan), reference(plan), seed)
    assert cases > 50


@pytest.mark.usefixtures("not_a_row_to_spare")
@pytest.mark.parametrize("rule", ["serve_out", "carry_over"])
def test_a_whole_center_with_not_a_row_to_spare(rule: str) -> None:
    given: dict[str, Any] = {**WHOLE_CENTER, "closing": {"rule": rule, "overtime_cap": 20.0}}
    plan = make_plan(scenario(**given), seed=7)
    assert_one_trace(engine.run(plan), reference(plan))


# Plans that want as much as they can


def stretches(plan: Plan, trace: Any) -> int:
    return int(((trace.tasks["kind"] >= plan.fields + Kind.STEP) & (trace.tasks["start"] != NEVER)).sum())


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_thousands_of_stretches_on_a_day() -> None:
    people = [Citizen(100 + nth / 10, 0.05, procedure=1) for nth in range(3000)]
    plan = plan_of([Citizen(0, 1), *people], [BOTH], procedures=TWO, cases=[Case(((0, 9000),))], horizon=2 * MINUTES)
    trace = reference(plan)
    assert stretches(plan, trace) == 3001
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_each_visit_cuts_three_times() -> None:
    """Called to a counter, for a signature and to hand the result over, each time from a case."""
    people = [Citizen(50 + 2 * nth, 0.5, procedure=1, signature=0.5, collection=0.5) for nth in range(500)]
    plan = plan_of(
        [Citizen(0, 1), Citizen(2, 1, procedure=2), *people],
        [BOTH, Official(place=2, fields=(2,), office=True)],
        procedures=((0, False), (0, False), (0, False)),
        cases=[Case(((0, 9000),)), Case(()), Case(((None, 9000),))],
    )
    trace = reference(plan)
    assert stretches(plan, trace) == 2 + 1 + 3 * 500
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
@pytest.mark.parametrize("dossiers", [1, 3])
def test_all_steps_end_on_one_day(dossiers: int) -> None:
    """Every visit of a day leaves a record and a case of four steps behind, and all of it is over before midnight."""
    team = [Official(speed=20000, fields=(0, 1), office=True) for _ in range(4)]
    plan = plan_of(
        [Citizen(100 + nth / 10, 0.5, dossiers=dossiers, procedure=0) for nth in range(700)],
        [*team, Official(place=2, fields=(3,), office=True, speed=20000)],
        procedures=((0, True),),
        cases=[Case(((0, 1), (1, 1), (0, 0.5), (None, 0.5)))],
        network=((0, 1000), (99, 0), (300, 1000)),
        paper=1000,
        record=MINUTE // 2,
        horizon=2 * MINUTES,
    )
    trace = reference(plan)
    assert (trace.tasks["end"] != NEVER).all()
    assert len(trace.tasks) >= 700 * 6
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_the_calendar_cuts_every_minute() -> None:
    """Ten officials are sent from one hall to the other at each minute of two days, whoever's case is in hand."""
    halls = [Hall(), Hall()]
    moves = [
        (float(at), Change.MOVE, one, 2 * (at % 2)) for at in range(30, 2 * MINUTES, 3) for one in range(10)
    ]  # fmt: skip
    people = [Citizen(n / 10, 0.1, point=n % 2) for n in range(80)]
    plan = plan_of(
        people,
        [BOTH] * 10,
        halls=halls,
        cases=[Case(((0, 5000),))],
        offices=[[0], [1]],
        changes=moves,
        horizon=2 * MINUTES,
    )
    trace = reference(plan)
    assert stretches(plan, trace) > 9000
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_boards_cut_at_every_other_tick() -> None:
    """A rule that no scenario may have: come where nobody waits, go where at most one does. It cuts 720 times a day."""
    reserve = Official(rule=Rule.OPEN, home=0, high=0, low=1, office=True)
    plan = plan_of([Citizen(0, 0.1)], [reserve], cases=[Case(((0, 9000),))], tick=MINUTE, horizon=3 * MINUTES)
    trace = reference(plan)
    assert stretches(plan, trace) > 3 * 700
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_who_is_inside_at_midnight_makes_a_case_and_a_record_after_it() -> None:
    """Nobody comes on the second day; those who waited through the night are received on paper, thirty at once."""
    plan = plan_of(
        [Citizen(1400 + nth / 10, 5) for nth in range(90)],
        [Official(((MINUTES + 10, 2 * MINUTES),), office=True)] * 30,
        halls=[Hall(counters=30)],
        procedures=((0, True),),
        cases=[Case(((0, 5), (0, 1)))],
        network=((0, 1000), (1390, 0), (MINUTES + 40, 1000)),
        paper=1000,
        record=MINUTE,
        horizon=2 * MINUTES,
    )
    trace = reference(plan)
    assert stretches(plan, trace) == 2 * 90
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
@pytest.mark.parametrize("horizon", [5, 4.02])
def test_masses_are_ready_on_one_day_and_fetched_on_another(horizon: float) -> None:
    """Nobody works in the office before the third day; then everything is ready, and all come on the day after."""
    doors = [Door(day * MINUTES, day * MINUTES + 300, day * MINUTES + 300) for day in range(5)]
    quick = Official(speed=20000)
    plan = plan_of(
        [Citizen(day * MINUTES + 100 + nth / 10, 1, patience=200) for day in range(2) for nth in range(600)],
        [*[quick] * 3, Official(((2 * MINUTES + 600, 3 * MINUTES),), classes=(), office=True, speed=20000)],
        doors=doors,
        cases=[Case(((0, 5), (0, 1)))],
        in_person=WHOLE,
        fetched=(1, 1),
        visits=3,
        horizon=horizon * MINUTES,
    )
    trace = reference(plan)
    assert (trace.visits["visit"] == 3).sum() == 1200
    assert_one_trace(engine.run(plan), trace)


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_results_and_what_was_left_set_out_together() -> None:
    """Each visit is incomplete and makes a case: two set out for each, on one day, and again."""
    doors = [Door(day * MINUTES, day * MINUTES + 600, day * MINUTES + 600) for day in range(5)]
    plan = plan_of(
        [Citizen(100 + nth / 10, 1, dossiers=3, left=1, outcome=Outcome.INCOMPLETE) for nth in range(500)],
        [*[Official(speed=20000)] * 3, *[replace(SPECIALIST, speed=20000)] * 3],
        doors=doors,
        cases=[Case(((0, 1),))],
        in_person=WHOLE,
        fetched=(1, 1),
        returns=(WHOLE, WHOLE),
        visits=4,
        horizon=5 * MINUTES,
    )
    trace = reference(plan)
    assert len(trace.visits) == 500 * 5
    assert_one_trace(engine.run(plan), trace)


def test_more_queues_of_cases_than_bits() -> None:
    for seed in range(6):
        random = Random(seed)
        kinds = [(field, net) for field in range(20) for net in (False, True)]
        people = [
            Citizen(random.randint(0, 30), random.randint(1, 5), procedure=random.choice((0, 1, 2, 37, 38, 39)))
            for _ in range(60)
        ]
        team = [Official(fields=tuple(range(20)), office=True), Official(fields=(0, 18, 19), office=True)]
        works = [Case(((19 - field, random.randint(1, 9)), (field, 3))) for field, _ in kinds]
        plan = plan_of(
            people, [*team, Official(fields=(1, 18))], halls=[Hall(counters=random.choice((1, 9)))],
            procedures=kinds, cases=works, network=((0, 1000), (25, 0), (33, 1000)),
        )  # fmt: skip
        all_same(plan)


@pytest.mark.parametrize("speed", [1000, 50, 20000, 1])
@pytest.mark.parametrize("minutes", [1e6, 1.6e8, 1e12])
def test_work_past_all_horizons(monkeypatch: pytest.MonkeyPatch, speed: int, minutes: float) -> None:
    """A step of many years, put aside at the end of each shift, is under way at the horizon."""
    office = replace(SPECIALIST, duty=((0, 100), (200, 300), (MINUTES, 2 * MINUTES)), speed=speed)
    plan = plan_of(
        [Citizen(10, dossiers=3), Citizen(20, procedure=1)],
        [Official(), office],
        procedures=((0, False), (0, True)),
        cases=[Case(((0, minutes),)), Case(((0, minutes), (0, 1)))],
        network=((0, 1000), (250, 0), (260, 500)),
        horizon=2 * MINUTES,
    )
    trace = reference(plan)
    worked = trace.tasks[trace.tasks["kind"] == plan.fields + Kind.STEP]
    assert worked["start"][worked["start"] != NEVER].tolist() == [20 * MINUTE, 200 * MINUTE, 1440 * MINUTE]
    all_same(plan)
    plain_python(monkeypatch)
    assert_one_trace(engine.run(plan), trace)


# Months


def slow_office(days: int, per_day: float = 60.0) -> Scenario:
    """Three times as many cases as one specialist and the officials between citizens can do."""
    minutes = {"kind": "lognormal", "mean": 45.0, "cv": 1.5}
    request = {"service": {"kind": "exponential", "mean": 5.0}, "incomplete": 0.1}
    return scenario(
        days=days,
        arrivals={**SMALL["arrivals"], "per_day": per_day, "dossiers_per_visitor": 1.3},
        procedures={"request": {**request, "processing": {"term": 10, "steps": [{"work": minutes}]}}},
        returns={"incomplete": {"share": 0.9}, "visits": 3},
        back_office={"delivery": {"in_person": 0.8, "post": 0.2}, "at_counters": True},
        results={"collection": {"kind": "exponential", "mean": 2.0}},
        staff={"counter": {"count": None}, "office": {"count": 1, "role": "specialist"}},
    )


def test_cases_that_pile_up_for_months() -> None:
    one = slow_office(120)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    plans = [replicate(plan, 2, nth) for nth in range(2)]
    traces = [compiled(own) for own in plans]
    pending = [
        int(((own.tasks["kind"] >= plan.fields + Kind.STEP) & (own.tasks["end"] == NEVER)).sum()) for own in traces
    ]
    assert min(pending) > 1500
    assert_one_trace(traces[0], reference(plans[0]))
    assert_same_tallies(tally(plans, by), joined([tally_of(own, by) for own in traces]))


@pytest.mark.usefixtures("not_a_row_to_spare")
def test_cases_that_pile_up_with_not_a_row_to_spare() -> None:
    plan = make_plan(slow_office(20), 2)
    assert_one_trace(engine.run(plan), reference(plan))


@pytest.mark.slow
def test_cases_that_pile_up_for_years() -> None:
    plan = make_plan(slow_office(1000, per_day=100.0), 2)
    assert_one_trace(compiled(plan), reference(plan))
