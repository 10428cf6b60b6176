"""The clauses of the contract on people, each as a law of whole crowds: who comes, with what, and who comes back.

Statistical checks are at 5 standard deviations, so that true figures fail once in 1.7 million times; seeds are
fixed. What they catch with which probability is stated where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from sim.attributes import VISIT, draw
from sim.lookup import ENDED, People
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.plan import Plan, Purpose, Table
from sim.planning import make_plan
from sim.scenario import Scenario
from sim.streams import PERSON_BITS, WHOLE, Stream, counter, person, whole
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS
from sim.wanting import TILE
from tests import naive
from tests.crowds import day_by_day, newcomers, returning, would_move
from tests.plans import MINUTES, SMALL, Citizen, Door, Official, plan_of, scenario

ENGINES = pytest.mark.parametrize("engine", [run, compiled, naive.run], ids=["reference", "compiled", "naive"])
SERVED, ADVISED, AT_GUIDANCE, INCOMPLETE, RENEGED, BALKED, *_ = Outcome


@pytest.mark.parametrize("demand", [1.0, 1.02, 1.5, 40.0])
def test_clause_identity(demand: float) -> None:
    few, many = (make_plan(scenario(demand=share), seed=7) for share in (1.0, demand))
    for day in range(5):
        before, after = newcomers(few, day), newcomers(many, day)
        same = np.isin(after["citizen"], before["citizen"])
        names = ["citizen", "arrival", "visit", "attempt", "dossiers", "carried"]
        assert np.array_equal(np.sort(after[same], order="citizen")[names], np.sort(before, order="citizen")[names])
        slot, k = (after["citizen"] >> PERSON_BITS) & 63, after["citizen"] % (1 << PERSON_BITS)
        assert np.array_equal(after["arrival"] // SLOT, day * SLOTS + slot)
        mean = many.profiles[0] * many.demand[0]["people"][day]
        uniform = whole(draw(many, Stream.COUNT, counter(person(0, day, np.arange(SLOTS), 0), 0))) / WHOLE
        wanted = np.where(mean > 0, poisson.ppf(uniform, mean), 0)
        count = np.bincount(slot, minlength=SLOTS)
        assert np.array_equal(count[mean <= TILE], wanted[mean <= TILE])  # of larger means each tile is one
        assert np.array_equal(np.bincount(slot, weights=k, minlength=SLOTS), count * (count - 1) / 2)


def test_clause_saturday() -> None:
    hours = {**SMALL["calendar"]["hours"], "sat": ["07:30-11:30"]}
    calendar_ = {**SMALL["calendar"], "hours": hours}
    arrivals = {**SMALL["arrivals"], "per_day": 400.0}
    stay, move = (
        make_plan(scenario(days=7, calendar=calendar_, arrivals={**arrivals, "moves_to_saturday": share}), seed=3)
        for share in (0.0, 0.25)
    )
    without, opened = (day_by_day(plan) for plan in (stay, move))
    saturday = opened[5]
    assert len(without[5]) == 0
    moved = saturday["citizen"]
    assert would_move(move, moved).all()
    everyone = np.concatenate(without)
    assert np.array_equal(would_move(move, everyone["citizen"]), np.isin(everyone["citizen"], moved))
    for day in range(5):
        stayed = ~np.isin(without[day]["citizen"], moved)
        assert np.array_equal(opened[day], without[day][stayed])
    assert np.isin(moved, everyone["citizen"]).all()
    # 5 x 400 people, a quarter of them: 500 +- 97. Shares of 0.17 or 0.33 are caught with probability 0.998
    assert abs(len(moved) - 0.25 * len(everyone)) < 5 * np.sqrt(len(everyone) * 0.25 * 0.75)
    brought = [name for name in VISIT.names or () if name not in {"arrival", "patience"}]
    as_planned = np.sort(everyone[np.isin(everyone["citizen"], moved)], order="citizen")
    assert np.array_equal(np.sort(saturday, order="citizen")[brought], as_planned[brought])
    assert ((saturday["arrival"] >= 5 * DAY + 450 * MINUTE) & (saturday["arrival"] < 5 * DAY + 690 * MINUTE)).all()


def minutes(mean: float) -> dict[str, Any]:
    return {"kind": "deterministic", "mean": mean}


def failing(up: float, down: float) -> dict[str, Any]:
    return {"up": minutes(up), "down": minutes(down)}


@ENGINES
def test_clause_causes(engine: Callable[[Plan], Trace]) -> None:
    # Down: the center from 100 to 120 and 1,420 to 1,440, the portal from 110 to 140, the province from 150 to 160,
    # all by a storm on the second day; slow from 150 to 180.
    network = {
        "outages": {"center": failing(100, 20), "portal": failing(110, 30), "province": failing(150, 10)},
        "windows": [{"between": "02:30-03:00", "speed": 0.5}],
    }
    storms = {"dates": [{"first": "2026-06-02", "last": "2026-06-02"}], "network_down": 1.0}
    made = make_plan(scenario(days=3, network=network, storms=storms))
    plan = plan_of([Citizen(95), Citizen(145), Citizen(1400, 30)], procedures=((0, True),), horizon=3 * MINUTES)
    visits = engine(plan._replace(network=made.network, networks=made.networks)).visits
    assert (visits["departure"] / MINUTE).tolist() == [145, 170, 2890]


@ENGINES
def test_clause_storm(engine: Callable[[Plan], Trace]) -> None:
    # On a Tuesday half as many come, and of the other half the half on Wednesday; the network is down all Tuesday.
    dates, down = [{"first": "2026-06-02", "last": "2026-06-02"}], {"network_down": 1.0, "away": 0.0}
    storms = {"dates": dates, "factor": 0.5, "come_later": 0.5, **down}
    plan = make_plan(scenario(network={"answer": "pause"}, storms=storms, returns={"unserved": {"share": 1.0}}), seed=4)
    trace = engine(plan)
    first = trace.visits[trace.visits["visit"] == 0]["arrival"]
    uniform = whole(draw(plan, Stream.COUNT, counter(person(0, np.arange(5)[:, None], np.arange(SLOTS), 0), 0))) / WHOLE
    means = np.array([60, 30, 75, 60, 60])[:, None] * plan.profiles[0]
    wanted = np.where(means > 0, poisson.ppf(uniform, means), 0).sum(axis=1)
    assert np.bincount(first // DAY, minlength=5).tolist() == wanted.tolist()
    started = np.bincount(trace.tasks["start"][trace.tasks["start"] >= 0] // DAY, minlength=5)
    assert started[1] == 0 < started[[0, 2, 3, 4]].min()
    # who comes again, on Wednesday, is not kept away
    again = trace.visits[trace.visits["visit"] > 0]["arrival"]
    assert np.bincount(again // DAY, minlength=5)[2] == (first // DAY == 1).sum()


def ward(**changes: Any) -> Scenario:
    """All kinds of people, with work that can be added up by hand."""
    return scenario(
        arrivals={**SMALL["arrivals"], "per_day": 3000.0, "dossiers_per_visitor": 1.6},
        procedures={
            "a": {"service": minutes(10.0), "share": 0.5, "incomplete": 0.3},
            "b": {"service": minutes(20.0), "share": 0.5},
        },
        channels={"paper": {"share": 0.5}, "assisted": {"share": 0.5, "overhead": 6.0}},
        purposes={
            "submit": {"share": 0.7},
            "ask": {"share": 0.2, "service": minutes(3.0)},
            "collect": {"share": 0.1, "service": minutes(5.0)},
        },
        greeting=2.0,
        **changes,
    )


def first_day(given: Scenario) -> Table:
    return np.asarray(People(make_plan(given)).day(0, []))


def work_by_hand(block: Table, received: Any) -> Any:
    """Minutes of the visits of a ward that bring so many dossiers to the counter."""
    filed = block["purpose"] == Purpose.SUBMIT
    each = np.where(block["procedure"] == 0, 10, 20)
    own = np.select([filed, block["purpose"] == Purpose.ASK], [received * each + block["channel"] * 6, 3], 5)
    return 2 + own


def near(share: float, hits: Any, trials: Any) -> bool:
    """Within 5 standard deviations: true figures fail once in 1.7 million times."""
    return bool(abs(hits.sum() - share * trials.sum()) <= 5 * np.sqrt(trials.sum() * share * (1 - share)))


def test_clause_visit() -> None:
    block = first_day(ward())
    filed, count = block["purpose"] == Purpose.SUBMIT, np.bitwise_count(block["dossiers"])
    assert np.array_equal(block["work"], MINUTE * work_by_hand(block, count))
    assert (count[filed] >= 1).all()
    assert (count[~filed] == 0).all()
    assert ((block["left"] & ~block["dossiers"]) == 0).all()
    assert (block["left"][block["procedure"] == 1] == 0).all()
    kinds = [block["purpose"] == Purpose.ASK, block["left"] != 0]
    assert np.array_equal(block["outcome"], np.select(kinds, [ADVISED, INCOMPLETE], SERVED))
    risky = filed & (block["procedure"] == 0)
    lacking = np.bitwise_count(block["left"])[risky]
    # 1050 visits with 1680 dossiers; a share of 0.22 or 0.38 is caught with probability 0.97
    assert near(0.3, lacking, count[risky])


def test_only_the_incomplete_dossiers_come_back() -> None:
    given = ward(returns={"incomplete": {"share": 1.0}})
    people = People(make_plan(given))
    block = people.day(0, [])
    lacks = block[block["left"] != 0]
    how = INCOMPLETE, DAY // 2, False, False, False
    ended = [(row["citizen"], row["rank"], 0, 0, row["dossiers"], row["left"], 0, 0, *how) for row in lacks]
    again = people.day(1, ended)
    again = np.sort(again[again["visit"] == 1], order="citizen")
    lacks = np.sort(lacks, order="citizen")
    for name in ("citizen", "priority", "procedure", "purpose", "channel", "point"):
        assert np.array_equal(again[name], lacks[name])
    assert np.array_equal(again["dossiers"], lacks["left"])
    assert (again["attempt"] == 1).all()
    assert np.array_equal(again["work"], MINUTE * work_by_hand(again, np.bitwise_count(again["dossiers"])))


@pytest.mark.parametrize(("finds", "mends"), [(0.0, 0.5), (0.5, 0.4), (1.0, 0.0), (1.0, 1.0)])
def test_clause_guide(finds: float, mends: float) -> None:
    alone = first_day(ward())
    desk = {"service": minutes(4.0), "finds": finds, "mends": mends}
    guided = first_day(ward(points={"hall": {"counters": 2, "guides": 1}}, guidance=desk))
    for name in ("citizen", "arrival", "purpose", "procedure", "dossiers", "priority", "channel", "patience"):
        assert np.array_equal(guided[name], alone[name])
    asks, collects = (guided["purpose"] == purpose for purpose in (Purpose.ASK, Purpose.COLLECT))
    assert np.array_equal(guided["guidance"], np.where(collects, NEVER, 4 * MINUTE))
    assert np.array_equal(guided["after_guidance"] == ADVISED, asks)
    assert ((guided["left"] & ~alone["left"]) == 0).all()
    home = guided["after_guidance"] == AT_GUIDANCE
    assert np.array_equal(guided["left"][home], guided["dossiers"][home])
    one = alone["left"] == (alone["dossiers"] == 1)  # brought a single dossier, and it lacks something
    one &= alone["left"] == 1
    assert near(finds * (1 - mends), home[one], one[one])
    assert near(finds * mends, guided["left"][one] == 0, one[one])
    # What the guide sends home is not received: work is for the rest, found by the counter or complete.
    received = (guided["work"] // MINUTE - work_by_hand(guided, 0)) // np.where(guided["procedure"] == 0, 10, 20)
    at_home = np.bitwise_count(guided["dossiers"]) - received
    filed = ~asks & ~collects
    found = np.bitwise_count(alone["left"])
    assert near(finds * (1 - mends), at_home[filed], found[filed])
    assert (at_home[filed] <= np.bitwise_count(guided["left"])[filed]).all()


@pytest.mark.parametrize("ends_early", [0.0, 30.0])
def test_who_comes_when_nobody_guides_passes_by(ends_early: float) -> None:
    """From 08:00 to 10:00, no lunch: who comes then is guided as by a desk of the whole day, the others not at all."""
    desk = {"service": minutes(4.0), "finds": 0.5, "mends": 0.5, "ends_early": ends_early}
    shifts = {**SMALL["calendar"], "shifts": {"morning": ["08:00-09:00", "09:30-10:00"]}}
    group = {"count": 1, "role": "guide", "shifts": ["morning"], "paid": False}
    some = ward(calendar=shifts, guidance=desk, staff={**SMALL["staff"], "youth": group})
    here, always, never = (
        np.sort(first_day(one), order="citizen")
        for one in (some, ward(points={"hall": {"counters": 2, "guides": 1}}, guidance=desk), ward())
    )
    time = np.maximum(here["arrival"], 450 * MINUTE) / MINUTE
    guided = (time >= 480) & (time < 600 - ends_early)
    assert 0.1 < guided.mean() < 0.7
    assert np.array_equal(here[guided], always[guided])
    assert np.array_equal(here[~guided], never[~guided])


def test_who_stands_at_the_gate_is_guided_as_the_door_opens() -> None:
    desk = {"service": minutes(4.0), "finds": 0.5, "mends": 0.5}
    shifts = {**SMALL["calendar"], "shifts": {"morning": ["07:30-09:00"]}, "shifts_on": {"mon": {"morning": []}}}
    group = {"count": 1, "role": "guide", "shifts": ["morning"]}
    plan = make_plan(ward(calendar=shifts, guidance=desk, staff={**SMALL["staff"], "youth": group}))
    monday, tuesday = day_by_day(plan)[:2]
    assert (monday["guidance"] == NEVER).all()
    gate = tuesday["arrival"] % DAY < 450 * MINUTE
    assert gate.sum() > 50
    assert np.array_equal(tuesday["guidance"][gate] != NEVER, tuesday["purpose"][gate] != Purpose.COLLECT)


@ENGINES
@pytest.mark.parametrize("back", [True, False])
def test_who_stands_at_the_desk_as_the_guide_goes_stays(engine: Callable[[Plan], Trace], back: bool) -> None:
    """The guide goes at 500 with two in line: the one in hand is finished, the other waits for 600, or the closing."""
    spans = ((480, 500), (600, 660)) if back else ((480, 500),)
    plan = plan_of(
        [Citizen(485, guidance=30), Citizen(490, guidance=10)],
        [Official(), Official(spans, place=1, fields=(1,))],
        doors=[Door(480, 700, 700)],
    )
    trace = engine(plan)
    assert trace.visits["outcome"].tolist() == [SERVED, SERVED if back else Outcome.TURNED_AWAY]
    assert (trace.visits["departure"] / MINUTE).tolist() == [525.0, 620.0 if back else 700.0]


@ENGINES
def test_clause_returns(engine: Callable[[Plan], Trace]) -> None:
    # Open on days 0, 2, 3, 5 and 6. Something incomplete: two working days later, three visits at most.
    # Who gives up comes on the next working day, and as they were.
    days = [0, 2, 3, 5, 6]
    doors = [Door(day * MINUTES + 480, day * MINUTES + 960, day * MINUTES + 960) for day in days]
    plan = plan_of(
        [Citizen(500, 20), Citizen(501, patience=1), Citizen(530, outcome=INCOMPLETE, left=1)],
        doors=doors,
        horizon=7 * MINUTES,
        returns=(WHOLE, WHOLE),
        delays=((2, 1), (1, 1)),
        visits=3,
    )
    trace = engine(plan)
    rows = [(int(v["citizen"]), int(v["visit"]), int(v["arrival"] // DAY)) for v in trace.visits]
    assert [row for row in rows if row[0] == 2] == [(2, 0, 0), (2, 1, 3), (2, 2, 6)]
    assert [row for row in rows if row[0] == 1][:2] == [(1, 0, 0), (1, 1, 2)]
    back = trace.visits["visit"] > 0
    opened = (trace.visits["arrival"] % DAY >= 480 * MINUTE) & (trace.visits["arrival"] % DAY < 960 * MINUTE)
    assert opened[back].all()


def test_the_shares_and_days_of_returns() -> None:
    back = {
        "incomplete": {"share": 0.6, "first": 1, "last": 3},
        "unserved": {"share": 0.3, "first": 2, "last": 2},
        "between": "08:00-09:00",
        "visits": 3,
    }
    plan = make_plan(scenario(days=12, returns=back))
    ended = np.zeros(9000, ENDED)
    ended["citizen"], ended["departure"] = np.arange(9000), 4 * DAY + 500 * MINUTE  # a Friday
    ended["outcome"] = np.repeat([INCOMPLETE, RENEGED, BALKED], 3000)
    ended["visit"][::2] = 1
    rows = returning(plan, ended)
    days = rows["day"]
    incomplete, unserved = rows["citizen"] < 3000, rows["citizen"] >= 3000
    # 5 standard deviations; shares off by 0.06, and 0.04 of 6000, are caught with probability 0.95
    assert near(0.6, incomplete, np.ones(3000))
    assert near(0.3, unserved, np.ones(6000))
    assert set(days[unserved]) == {8}
    counts = [(days[incomplete] == day) for day in (7, 8, 9)]
    assert all(near(1 / 3, count, np.ones(incomplete.sum())) for count in counts)
    assert sum(int(count.sum()) for count in counts) == incomplete.sum()
    assert np.array_equal(rows["attempt"], np.where(incomplete, 1, 0))
    at = rows["arrival"] - days * DAY
    assert ((at >= 480 * MINUTE) & (at < 540 * MINUTE)).all()
    ended["visit"] = 2
    assert len(returning(plan, ended)) == 0
    assert len(returning(plan, ended[:0])) == 0
