"""The clauses of the contract where centers of one plan have networks of their own, and that they share nothing.

Situations worked out by hand (see :mod:`tests.situations`): each has two halls, of a center each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.outages import in_turn, network_of
from sim.plan import Change, Plan, Rule
from sim.trace import Outcome, Trace
from sim.units import MINUTE, NEVER
from tests.plans import (
    MINUTES,
    SPAN,
    Case,
    Citizen,
    Door,
    Hall,
    Official,
    Steps,
    assert_one_trace,
    plan_of,
    with_centers,
)
from tests.situations import ENGINES, Situation, Tasks, Visits, assert_rows

SERVED = Outcome.SERVED
DOWN: Steps = ((0, 1000), (15, 0), (40, 1000))
NET, NO_NET = (0, True), (0, False)
HALLS = (Hall(), Hall(center=1))
HERE, THERE = Official(), Official(place=2)
OFFICE: dict[str, Any] = {"classes": (), "office": True}
LINK: dict[str, Any] = {"consulted": 1, "set_up": 2 * MINUTE, "weak_speed": 500}
BADLY = [Official(weak=(0,)), Official(place=2, weak=(0,))]

CASES: list[Situation] = []


def case(clause: str, what: str, plan: Plan, visits: Visits, tasks: Tasks) -> None:
    CASES.append(Situation(clause, what, plan, visits, tasks))


@ENGINES
@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.clause}: {one.what}")
def test_clause(one: Situation, engine: Callable[[Plan], Trace]) -> None:
    assert_rows(one, engine(one.plan))


def two(citizens: list[Citizen], team: list[Official], network: Steps = DOWN, other: Steps = (), **given: Any) -> Plan:
    """A center with a ``network``, and the ``other``."""
    procedures = given.pop("procedures", (NET,))
    return with_centers(plan_of(citizens, team, halls=HALLS, procedures=procedures, network=network, **given), other)


def at_both(at: float, work: float = 10, **brings: Any) -> list[Citizen]:
    return [Citizen(at, work, point=point, **brings) for point in (0, 1)]


case(
    "down",
    "the network of the first center is down: its citizen waits, that of the second is called",
    two(at_both(20), [HERE, THERE]),
    [(20, 50, SERVED), (20, 30, SERVED)],
    [(0, 0, 20, 40, 50), (1, 1, 20, 20, 30)],
)
case(
    "down",
    "that of the second is down",
    two(at_both(20), [HERE, THERE], network=(), other=DOWN),
    [(20, 30, SERVED), (20, 50, SERVED)],
    [(0, 0, 20, 20, 30), (1, 1, 20, 40, 50)],
)
case(
    "down",
    "at one instant the first is up again and the second goes down",
    two([Citizen(20), Citizen(40, point=1)], [HERE, THERE], other=((0, 1000), (40, 0), (50, 1000))),
    [(20, 50, SERVED), (40, 60, SERVED)],
    [(0, 0, 20, 40, 50), (1, 1, 40, 50, 60)],
)
case(
    "down",
    "where services may start while the network is down, the work waits for that of the point",
    two(at_both(20), [HERE, THERE], starts_while_down=True),
    [(20, 50, SERVED), (20, 30, SERVED)],
    [(0, 0, 20, 20, 50), (1, 1, 20, 20, 30)],
)
case(
    "network",
    "an outage within a service at the first center, a slow network at the second",
    two(at_both(10), [HERE, THERE], other=((0, 500), (60, 1000))),
    [(10, 45, SERVED), (10, 30, SERVED)],
    [(0, 0, 10, 10, 45), (1, 1, 10, 10, 30)],
)
case(
    "network",
    "who is sent to another center ends by the network where they began, and begins by the one where they are",
    two([Citizen(10), Citizen(12, point=1)], [HERE], changes=[(18, Change.MOVE, 0, 2)]),
    [(10, 45, SERVED), (12, 55, SERVED)],
    [(0, 0, 10, 10, 45), (1, 0, 12, 45, 55)],
)
case(
    "network",
    "who comes from where it is up waits where it is down",
    two([Citizen(16)], [THERE], changes=[(20, Change.MOVE, 0, 0)]),
    [(16, 50, SERVED)],
    [(0, 0, 16, 40, 50)],
)
case(
    "paper",
    "each goes over to paper in the outage of their own center, and its records wait for its own network",
    two(at_both(10), [HERE, THERE], other=((0, 1000), (12, 0), (20, 1000)), paper=500, record=2 * MINUTE),
    [(10, 25, SERVED), (10, 28, SERVED)],
    [(0, 0, 10, 10, 25), (0, 0, 25, 40, 42), (1, 1, 10, 10, 28), (1, 1, 28, 28, 30)],
)
case(
    "record",
    "after hours: the door of both is closed, the network of one is up",
    two(
        at_both(10),
        [HERE, THERE],
        other=((0, 1000), (15, 0), (20, 1000)),
        doors=[Door(0, 30, 60)],
        paper=1000,
        record=2 * MINUTE,
        records_after_hours=True,
    ),
    [(10, 20, SERVED), (10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 40, 42), (1, 1, 10, 10, 20), (1, 1, 20, 30, 32)],
)
case(
    "step",
    "done at the office of the other center, by the network there",
    two(
        [Citizen(10, 5), Citizen(10, point=1)],
        [HERE, Official(**OFFICE), THERE, Official(place=2, **OFFICE)],
        cases=[Case(((0, 7),))],
        offices=((1,), (0,)),
    ),
    [(10, 15, SERVED), (10, 20, SERVED)],
    [(0, 0, 10, 10, 15), (0, 3, 15, 15, 22), (1, 2, 10, 10, 20), (1, 1, 20, 40, 47)],
)
case(
    "aside",
    "put aside while the first network is down: what was done by it is less than at the second center",
    two(
        [*at_both(1, 1), *at_both(18, 4, procedure=1)],
        [Official(office=True), Official(place=2, office=True)],
        procedures=(NET, NO_NET),
        cases=[Case(((0, 20),))],
        offices=((0,), (1,)),
    ),
    [(1, 2, SERVED), (1, 2, SERVED), (18, 22, SERVED), (18, 22, SERVED)],
    [
        *[(0, 0, 1, 1, 2), (0, 0, 2, 2, 18), (0, 0, 2, 40, 47)],
        *[(1, 1, 1, 1, 2), (1, 1, 2, 2, 18), (1, 1, 2, 22, 26)],
        *[(2, 0, 18, 18, 22), (3, 1, 18, 18, 22)],
    ],
)
case(
    "file",
    "checked by the network of the point",
    two(at_both(20, channel=1), [Official(**OFFICE), Official(place=2, **OFFICE)]),
    [(None, 50, SERVED), (None, 30, SERVED)],
    [(0, 0, 20, 40, 50), (1, 1, 20, 20, 30)],
)
case(
    "consultation",
    "who has asked first waits for the network of their point; who asks from the other passes them",
    two([Citizen(10), Citizen(12, point=1)], [*BADLY, Official(duty=((20, 100),), place=6)], **LINK),
    [(10, 52, SERVED), (12, 32, SERVED)],
    [(0, 0, 10, 10, 52), (0, 2, 10, 40, 52), (1, 1, 12, 12, 32), (1, 2, 12, 20, 32)],
)
case(
    "consultation",
    "a specialist stands idle while the network is down where somebody asked, and is called from elsewhere",
    two([Citizen(10), Citizen(20, point=1)], [*BADLY, Official(duty=((17, 100),), place=6)], **LINK),
    [(10, 52, SERVED), (20, 32, SERVED)],
    [(0, 0, 10, 10, 52), (0, 2, 10, 40, 52), (1, 1, 20, 20, 32), (1, 2, 20, 20, 32)],
)
case(
    "consultation",
    "an outage holds up those who are asked from there alone; during it nobody is asked from there",
    two(
        [Citizen(10), Citizen(12, point=1), Citizen(16)],
        [*BADLY, *[Official(place=6)] * 2, Official(weak=(0,))],
        procedures=(NO_NET,),
        **LINK,
    ),
    [(10, 47, SERVED), (12, 24, SERVED), (16, 36, SERVED)],
    [(0, 0, 10, 10, 47), (0, 2, 10, 10, 47), (1, 1, 12, 12, 24), (1, 3, 12, 12, 24), (2, 4, 16, 16, 36)],
)


# Centers that share nothing

BLOCK = 25


def apart(rng: Random) -> tuple[Plan, list[Plan]]:
    """Two centers of a hall each in one plan, and each of them alone."""
    opens, days = rng.choice((0, 480)), rng.randint(1, 2)
    starts = [day * MINUTES + opens for day in range(days)]
    given: dict[str, Any] = {
        "doors": [Door(start, start + SPAN, start + SPAN + 20) for start in starts],
        "ranks": rng.choice(((0, 1), (1, 0))),
        "procedures": [(rng.randrange(2), rng.random() < 0.7), (1, True)],
        "cases": [Case(tuple((rng.randrange(2), rng.choice((3, 7, 20))) for _ in range(rng.randint(1, 3))))],
        "horizon": days * MINUTES,
        "starts_while_down": rng.random() < 0.3,
        "paper": rng.choice((0, 0, 1000, 500)),
        "record": 2 * MINUTE,
        "records_after_hours": rng.random() < 0.5,
        "tick": 5 * MINUTE,
    }
    crowds = [[_citizen(rng, rng.choice(starts)) for _ in range(rng.randint(5, 40))] for _ in range(2)]
    teams = [[_official(rng, starts) for _ in range(rng.randint(1, 4))] for _ in range(2)]
    halls = [Hall(rng.randint(1, 3), rng.randint(0, 2), rng.choice((None, 3)), rng.choice((None, 9))) for _ in range(2)]
    networks = [_network(rng, starts) for _ in range(2)]
    everyone = [replace(one, point=n) for n, crowd in enumerate(crowds) for one in crowd]
    officials = [replace(one, place=one.place + 2 * n, home=2 * n) for n, team in enumerate(teams) for one in team]
    both = [replace(hall, center=n) for n, hall in enumerate(halls)]
    offices = [[0] * 2, [1] * 2]
    together = plan_of(everyone, officials, halls=both, offices=offices, network=networks[0], **given)
    alone = zip(crowds, teams, halls, networks, strict=True)
    return with_centers(together, networks[1]), [plan_of(a, b, halls=[c], network=d, **given) for a, b, c, d in alone]


def _citizen(rng: Random, start: int) -> Citizen:
    return Citizen(
        start + rng.randint(0, SPAN),
        rng.choice((1, 3, 8)),
        rng.choice((None, 5, 20)),
        rng.choice((None, None, 2)),
        priority=rng.randrange(2),
        procedure=rng.randrange(2),
        channel=int(rng.random() < 0.3),
        dossiers=3,
    )


def _official(rng: Random, starts: list[int]) -> Official:
    """At the counters or of the guides; some work on cases too, some open a counter when many wait."""
    place, (a, b) = int(rng.random() < 0.2), sorted(rng.sample(range(SPAN), 2))
    spans = rng.choice((((0, SPAN),), ((0, a), (b, SPAN))))
    duty = tuple((start + begin, start + end) for start in starts for begin, end in spans)
    one = Official(duty, place, (2,) if place else (0, 1), speed=rng.choice((1000, 700)), office=rng.random() < 0.5)
    return one if place else replace(one, rule=rng.choice((Rule.NONE, Rule.OPEN)), high=2, low=0)


def _network(rng: Random, starts: list[int]) -> Steps:
    """Up and down in turn, now and then slow."""
    if rng.random() < 0.2:
        return ()
    at = sorted({start + rng.randint(0, SPAN) for start in starts for _ in range(6)} - {0})
    return [(0, 1000), *((time, rng.choice((0, 0, 500, 1000))) for time in at), (at[-1] + 9, 1000)]


def assert_as_alone(trace: Trace, center: int, own: Trace, officials: int) -> None:
    """The visits and tasks of one of two centers are those it has alone; so many officials are before its own."""
    mine = np.flatnonzero(trace.visits["point"] == center)
    left_out = {"citizen", "center", "point"}
    names = [name for name in own.visits.dtype.names or () if name not in left_out]
    assert trace.visits[names][mine].tolist() == own.visits[names].tolist()
    tasks = trace.tasks[np.isin(trace.tasks["visit"], mine)]
    tasks["visit"] = np.searchsorted(mine, tasks["visit"])
    tasks["place"] -= 2 * center
    tasks["official"] -= np.where(tasks["official"] == NEVER, 0, officials).astype(tasks["official"].dtype)
    assert tasks.tolist() == own.tasks.tolist()


@pytest.mark.parametrize("block", range(4))
def test_centers_that_share_nothing_are_as_they_are_alone(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        together, each = apart(Random(seed))
        trace, before = run(together), 0
        assert_one_trace(trace, compiled(together), seed)
        for center, plan in enumerate(each):
            assert_as_alone(trace, center, run(plan), before)
            before += len(plan.officials)


def test_the_network_of_one_center_makes_a_difference_to_it_alone() -> None:
    changed = 0
    for seed in range(40):
        together, (first, _) = apart(Random(seed))
        always_up = together._replace(**in_turn([network_of(together, 0), network_of(together, 1)[:0]]))
        ours, theirs = compiled(together), compiled(always_up)
        changed += ours != theirs
        assert_as_alone(theirs, 0, compiled(first), 0)
    assert changed > 20
