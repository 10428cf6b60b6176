"""The back office against answers that are exact to the ms: a recursion, a calendar walked by dates, no office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.door import load
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.plan import Kind, Plan, Purpose
from sim.planning import flatten, make_plan
from sim.processing import UNIT, is_judged, is_on_time, work_of_step
from sim.roster import duties
from sim.scenario import Scenario
from sim.sums import Sum
from sim.tally import tally_of
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER
from sim.yardstick import yardstick
from tests.plans import MINUTES, SMALL, Case, Citizen, Door, Hall, Official, plan_of, scenario
from tests.test_conservation import cases_of

# One specialist, first come, first served: the end of each case by the calendar alone


def one_specialist(days: int, **specialist: Any) -> Scenario:
    """Several dossiers a visit, none of them incomplete; the specialist has two shifts a day, meetings and leave."""
    request = {"service": {"kind": "gamma", "mean": 4.0, "cv": 0.9}}
    work = {"kind": "lognormal", "mean": 4.3, "cv": 1.1}
    shifts = {"own": ["07:47-11:11", "13:00-16:59"]}
    return scenario(
        days=days,
        calendar={**SMALL["calendar"], "shifts": shifts},
        arrivals={**SMALL["arrivals"], "per_day": 50.0, "dossiers_per_visitor": 1.5},
        procedures={"request": {**request, "processing": {"term": 2, "steps": [{"work": work}]}}},
        back_office={"delivery": {"online": 1.0}},
        staff={
            "counter": {"count": None},
            "office": {
                "count": 1,
                "role": "specialist",
                "shifts": ["own"],
                "meetings": {"tue": ["09:00-10:17"], "thu": ["08:00-08:01", "15:00-16:59"]},
                "leave": [{"first": "2026-06-03", "last": "2026-06-03"}],
                **specialist,
            },
        },
    )


def by_recursion(cases: list[tuple[int, int]], spans: list[tuple[int, int]], speed: int) -> list[int]:
    """The ends of cases (received, work in millionths of a ms), one after the other in the spans that are left."""
    ends, now = [], 0
    for received, work in cases:
        now, left = max(now, received), work
        for start, end in spans:
            begin = max(start, now)
            room = (end - begin) * 1000 * speed
            if 0 < left <= room:
                now, left = begin - (-left // (1000 * speed)), 0
            elif left and room > 0:
                left -= room
        ends.append(now if left == 0 else NEVER)
        now = now if left == 0 else spans[-1][1]
    return ends


@pytest.mark.parametrize("engine", [run, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize("speed", [1.0, 0.7, 1.3])
@pytest.mark.parametrize("seed", range(3))
def test_one_specialist_is_a_recursion(engine: Callable[[Plan], Trace], seed: int, speed: float) -> None:
    one = one_specialist(12, speed=speed)
    plan = make_plan(one, seed)
    trace, spans = engine(plan), [*duties(one)[-1].presence]
    first = [row for row in trace.tasks if row["kind"] < plan.fields and row["end"] != NEVER]
    first = [row for row in first if trace.visits["purpose"][row["visit"]] == Purpose.SUBMIT]
    first.sort(key=lambda row: (row["end"], trace.visits["arrival"][row["visit"]]))
    cases = []
    for row in first:
        who = trace.visits[row["visit"]]
        dossiers = (1 << int(who["dossiers"])) - 1
        case = {"citizen": int(who["citizen"]), "attempt": 0, "procedure": 0, "dossiers": dossiers}
        with np.errstate(over="ignore"):
            cases.append((int(row["end"]), work_of_step(plan, case, 0)))
    found = cases_of(plan, trace)
    ends = [int(found[int(row["visit"])][0][-1]["end"]) for row in first]
    assert ends == by_recursion(cases, spans, round(1000 * speed))
    assert sum(len(steps[0]) > 1 for steps in found.values()) > 10


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_specialist_at_minutes_that_tie_is_a_recursion(data: st.DataObject) -> None:
    """Receptions end, shifts end and cases end at the same minutes; the three engines."""
    number = data.draw(st.integers(1, 12))
    minutes = st.integers(1, 60)
    ends = sorted(data.draw(st.lists(minutes, min_size=number, max_size=number)))
    edges = sorted(data.draw(st.sets(st.integers(0, 90), min_size=2, max_size=8)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    work, speed = data.draw(st.sampled_from([1, 2, 5, 9])), data.draw(st.sampled_from([1000, 500, 300, 700, 2000]))
    assume(spans)
    office = Official(tuple(spans), classes=(), office=True, speed=speed)
    plan = plan_of([Citizen(end - 1, 1) for end in ends], [*[Official()] * 12, office], halls=[Hall(12)],
                   cases=[Case(((0, work),))])  # fmt: skip
    cases = [(end * MINUTE, work * MINUTE * UNIT) for end in ends]
    wanted = by_recursion(cases, [(start * MINUTE, end * MINUTE) for start, end in spans], speed)
    for engine in (run, compiled):
        trace = engine(plan)
        assert [int(steps[0][-1]["end"]) for _, steps in sorted(cases_of(plan, trace).items())] == wanted


# Terms: working days by dates

TET = {date(2026, 2, day) for day in (16, 17, 18, 19, 20)}  # Mùng 1 is 17 February 2026
FIRST = date(2026, 1, 26)


def shut(on: date) -> bool:
    """What the scenario below says in its own words."""
    return on in TET or date(2026, 3, 4) <= on <= date(2026, 3, 9) or on == date(2026, 2, 11)


def works_on(on: date) -> bool:
    """People come by themselves from Monday to Thursday; Fridays and Saturdays are open, and no working days."""
    return on.weekday() < 4 and not shut(on)


def dated() -> Scenario:
    hours = {day: ["07:30-11:30", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    minute = {"kind": "exponential", "mean": 3.0}
    long = {"kind": "exponential", "mean": 29.0}
    return scenario(
        start=FIRST.isoformat(),
        days=70,
        calendar={
            "hours": hours,
            "holidays": "vietnam",
            "also_closed": ["2026-02-11"],
            "closures": [{"first": "2026-03-04", "last": "2026-03-09"}],
        },
        arrivals={
            **SMALL["arrivals"],
            "per_day": 30.0,
            "dossiers_per_visitor": 1.3,
            "weekday": {"mon": 1.0, "tue": 1.0, "wed": 1.0, "thu": 1.0, "fri": 0.0},
        },
        procedures={
            name: {"service": minute, "share": share, "processing": {"term": term, "steps": [{"work": long}]}}
            for name, share, term in (("same", 0.3, 0), ("next", 0.3, 1), ("later", 0.4, 8))
        },
        back_office={"delivery": {"post": 1.0}},
        staff={"counter": {"count": None}, "office": {"count": 2, "role": "specialist"}},
    )


DATED = dated()
PLAN = flatten(DATED)
LAST = FIRST + timedelta(days=69)


def due(on: date, term: int) -> date:
    """The last of so many working days after a date."""
    while term > 0:
        on += timedelta(days=1)
        term -= works_on(on)
    return on


def test_the_calendar_is_the_one_written_out_here() -> None:
    dates = [FIRST + timedelta(days=day) for day in range(70)]
    assert PLAN.days["is_working"].tolist() == [works_on(on) for on in dates]
    assert sum(works_on(on) for on in dates) == 10 * 4 - 4 - 1 - 3  # Tết, the 11th, the closure


times = st.integers(0, 70 * DAY - 1)
waits = st.one_of(st.integers(0, 12 * DAY), st.integers(0, 12).map(lambda days: days * DAY))


@settings(max_examples=500, deadline=None)
@given(received=times, wait=waits, term=st.integers(0, 14))
def test_a_term_is_working_days_counted_by_dates(received: int, wait: int, term: int) -> None:
    ready = received + wait
    assume(ready < 70 * DAY)
    on, end = (FIRST + timedelta(days=at // DAY) for at in (received, ready))
    assert is_judged(PLAN, received, term) == (due(on, term) <= LAST)
    assert is_on_time(PLAN, received, ready, term) == (end <= due(on, term))


@pytest.mark.parametrize(
    ("received", "term", "last"),
    [
        ((2026, 1, 26), 0, (2026, 1, 26)),
        ((2026, 1, 29), 1, (2026, 2, 2)),  # Thursday: Friday is no working day, nor are Saturday and Sunday
        ((2026, 1, 31), 1, (2026, 2, 2)),  # received on an opened Saturday
        ((2026, 2, 10), 2, (2026, 2, 23)),  # closed on the 11th, the 12th is the first, Tết, the 23rd
        ((2026, 3, 3), 1, (2026, 3, 10)),
    ],
)
def test_the_last_day_of_a_term(received: tuple[int, int, int], term: int, last: tuple[int, int, int]) -> None:
    """Ready a ms before its end is on time, at its end it is not."""
    at = (date(*received) - FIRST).days * DAY + 9 * 60 * MINUTE
    end = ((date(*last) - FIRST).days + 1) * DAY
    assert is_on_time(PLAN, at, end - 1, term)
    assert not is_on_time(PLAN, at, end, term)


@pytest.mark.parametrize("engine", [run, compiled], ids=["reference", "compiled"])
def test_on_time_shares_are_those_counted_by_dates(engine: Callable[[Plan], Trace]) -> None:
    plan = make_plan(DATED, 3)
    trace = engine(plan)
    by, end_of_run = yardstick(DATED, load(["center=go_vap"]).targets), int(trace.horizon)
    termed, on_time, ms = (Counter[int]() for _ in range(3))
    received = {int(row["visit"]): int(row["end"]) for row in trace.tasks if row["kind"] < plan.fields}
    for visit, steps in cases_of(plan, trace).items():
        procedure = int(trace.visits["procedure"][visit])
        dossiers, end = int(trace.visits["dossiers"][visit]), int(steps[-1][-1]["end"])
        on = FIRST + timedelta(days=received[visit] // DAY)
        last = due(on, (0, 1, 8)[procedure])
        if last > LAST:
            continue
        termed[procedure] += dossiers
        on_time[procedure] += dossiers * (end != NEVER and FIRST + timedelta(days=end // DAY) <= last)
        ms[procedure] += dossiers * ((end if end != NEVER else end_of_run) - received[visit])
    cells = tally_of(trace, by).cells[0].reshape(3, -1, len(Sum) + len(by.within)).sum(axis=1)
    for procedure in range(3):
        mine = termed[procedure], on_time[procedure], ms[procedure]
        assert tuple(cells[procedure, [Sum.TERMED, Sum.ON_TIME, Sum.PROCESSED]].tolist()) == mine
        assert 0 < on_time[procedure] < termed[procedure] or procedure == 2


# Citizens wait as if there were no back office


def one_of_many(rng: Random, opens: int) -> Citizen:
    return Citizen(
        at=max(opens + rng.randint(-5, 60), 0),
        work=rng.choice((1, 2, 3, 5, 8)),
        patience=rng.choice((None, None, 5, 20)),
        guidance=rng.choice((None, None, 2)),
        signature=rng.choice((None, None, 1, 4)),
        outcome=rng.choice((Outcome.SERVED, Outcome.INCOMPLETE)),
        left=rng.choice((1, 2)),
        dossiers=3,
        priority=rng.randrange(2),
        procedure=rng.randrange(3),
    )


def of_equals(rng: Random) -> Plan:
    """Officials who are all alike, receive and work on cases; everything at whole minutes, so that nearly all ties."""
    opens = rng.choice((0, 480, 1380))
    first, second = sorted(rng.sample(range(opens + 1, opens + 60), 2))
    official = Official(((opens, first), (second, opens + 60)), office=True, speed=rng.choice((1000, 700)))
    leader = Official(((opens, opens + 60),), place=2, fields=(2,), office=True)
    people = [one_of_many(rng, opens) for _ in range(rng.choice((5, 15, 25)))]
    steps = [(rng.choice((0, 0, None)), rng.choice((1, 3, 7, 30))) for _ in range(rng.randint(1, 3))]
    return plan_of(
        people,
        [*[official] * rng.randint(1, 4), *[leader] * rng.randint(0, 2), Official(place=1, fields=(1,))],
        halls=[Hall(counters=rng.randint(1, 4), seats=rng.choice((None, 2, 5)))],
        doors=[Door(opens, opens + 60, min(opens + 70, MINUTES))],
        ranks=(0, 1),
        procedures=((0, True), (0, False), (0, True)),
        cases=[Case(tuple(steps)), Case(((0, 4),))],
        network=rng.choice(((), ((0, 1000), (opens + 20, 0), (opens + 27, 1000)))),
        horizon=2 * MINUTES,
        returns=(0, 0),
        breaks_in_full=rng.random() < 0.5,
        starts_while_down=rng.random() < 0.3,
    )


def without_office(plan: Plan) -> Plan:
    """The same people and officials; nothing follows reception."""
    rows = plan.procedures.copy()
    rows["first_step"] = rows["last_step"] = 0
    return plan._replace(procedures=rows)


@pytest.mark.parametrize("engine", [run, compiled], ids=["reference", "compiled"])
def test_citizens_of_equal_officials_do_not_feel_the_back_office(engine: Callable[[Plan], Trace]) -> None:
    """Nothing is typed in, which nobody is called away for. Who serves whom may differ: all are alike."""
    cut, names = 0, ["visit", "kind", "place", "entry", "start", "end"]
    for seed in range(150):
        plan = of_equals(Random(seed))
        with_, without = engine(plan), engine(without_office(plan))
        assert np.array_equal(with_.visits, without.visits), seed
        mine = with_.tasks[with_.tasks["kind"] < plan.fields + Kind.STEP]
        assert np.array_equal(mine[names], without.tasks[names]), seed
        cut += sum(len(step) - 1 for steps in cases_of(plan, with_).values() for step in steps)
    assert cut > 300
