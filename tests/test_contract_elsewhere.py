"""The clauses of the contract on what is done from elsewhere: dossiers filed from home, specialists over a link, other
points of a center. Situations worked out by hand (see :mod:`tests.situations`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.plan import Change, Kind, Plan, Rule
from sim.streams import WHOLE
from sim.trace import Outcome, Trace
from sim.units import MINUTE
from tests.plans import MINUTES, Case, Citizen, Door, Hall, Official, plan_of
from tests.situations import ENGINES, MS, Situation, Tasks, Visits, assert_rows

SERVED, ADVISED, AT_GUIDANCE, INCOMPLETE, RENEGED, BALKED, AWAY, CARRIED, INSIDE = Outcome

CASES: list[Situation] = []


def case(clause: str, what: str, plan: Plan, visits: Visits, tasks: Tasks | None = None) -> None:
    CASES.append(Situation(clause, what, plan, visits, tasks))


@ENGINES
@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.clause}: {one.what}")
def test_clause(one: Situation, engine: Callable[[Plan], Trace]) -> None:
    assert_rows(one, engine(one.plan))


OWN: dict[str, Any] = {"classes": (), "office": True}
SPECIALIST, BOTH = Official(**OWN), Official(office=True)
NIGHT = Door(60, 70, 70)
OUTAGE = ((0, 1000), (15, 0), (40, 1000))


def filed(at: float, work: float = 10, **brings: Any) -> Citizen:
    """Filed from home: ``work`` is that of the check."""
    return Citizen(at, work, channel=1, **brings)


# Clause file

case(
    "file",
    "checked at once by whoever is free in the office, though the door is closed; no gate, and nobody waits",
    plan_of([filed(10, 5), filed(12, 5)], [SPECIALIST], doors=[NIGHT]),
    [(None, 15, SERVED), (None, 20, SERVED)],
    [(0, 0, 10, 10, 15), (1, 0, 12, 15, 20)],
)
case(
    "file",
    "neither tickets nor seats nor patience nor the closing concern it; who comes at the closing is turned away",
    plan_of(
        [filed(10, 70, patience=1), Citizen(70)],
        [SPECIALIST],
        halls=[Hall(seats=0, tickets=0)],
        doors=[NIGHT],
    ),
    [(None, 80, SERVED), (None, 70, AWAY)],
    [(0, 0, 10, 10, 80)],
)
case(
    "file",
    "put aside for a citizen; then before steps of cases that waited longer",
    plan_of(
        [Citizen(10, 5), filed(12, 10), Citizen(20, 5, procedure=1)],
        [BOTH],
        procedures=((0, False), (0, False)),
        cases=[Case(((0, 30),))],
    ),
    [(10, 15, SERVED), (None, 30, SERVED), (20, 25, SERVED)],
    [
        (0, 0, 10, 10, 15),
        (0, 0, 15, 30, 60),
        *[(1, 0, 12, 15, 20), (1, 0, 12, 25, 30), (1, 0, 30, 60, 90)],
        (2, 0, 20, 20, 25),
    ],
)
case(
    "file",
    "what lacks something is sent back as its check ends; what was accepted of it goes on",
    plan_of(
        [filed(10, 5, dossiers=3, left=1, outcome=INCOMPLETE), filed(30, 5, left=1, outcome=INCOMPLETE)],
        [SPECIALIST],
        cases=[Case(((0, 7),))],
    ),
    [(None, 15, INCOMPLETE), (None, 35, INCOMPLETE)],
    [(0, 0, 10, 10, 15), (0, 0, 15, 15, 22), (1, 0, 30, 30, 35)],
)
case(
    "file",
    "it waits for the network where its procedure needs it, and for somebody with the skill",
    plan_of(
        [filed(20, 10), filed(20, 10, procedure=1)],
        [SPECIALIST, Official(fields=(1,), **OWN)],
        procedures=((0, True), (1, False)),
        network=OUTAGE,
    ),
    [(None, 50, SERVED), (None, 30, SERVED)],
    [(0, 0, 20, 40, 50), (1, 1, 20, 20, 30)],
)
case(
    "file",
    "not checked by the horizon",
    plan_of([filed(10, 50), filed(11)], [SPECIALIST], horizon=30),
    [(None, None, INSIDE), (None, None, INSIDE)],
    [(0, 0, 10, 10, None), (1, None, 11, None, None)],
)


# Clause consultation

WEAK = Official(weak=(0,))
ASKED = Official(place=4, fields=(0,))
LINK: dict[str, Any] = {"consulted": 1, "set_up": 2 * MINUTE, "weak_speed": 500, "errs": WHOLE}

case(
    "consultation",
    "set up and worked as by anybody; nothing is taken in wrongly, and another citizen waits for both",
    plan_of([Citizen(10), Citizen(12)], [WEAK, Official(place=4, fields=(0,))], **LINK, remote=1),
    [(10, 22, SERVED), (12, 34, SERVED)],
    [(0, 0, 10, 10, 22), (0, 1, 10, 10, 22), (1, 0, 12, 22, 34), (1, 1, 22, 22, 34)],
)
case(
    "consultation",
    "two officials ask one specialist: the second waits with their citizen, though the shift ends meanwhile",
    plan_of(
        [Citizen(10), Citizen(12)],
        [Official(duty=((0, 20),), weak=(0,)), Official(duty=((0, 20),), weak=(0,)), ASKED],
        **LINK,
    ),
    [(10, 22, SERVED), (12, 34, SERVED)],
    [(0, 0, 10, 10, 22), (0, 2, 10, 10, 22), (1, 1, 12, 12, 34), (1, 2, 12, 22, 34)],
)
case(
    "consultation",
    "who is called while the network is down is served alone, as badly as ever",
    plan_of(
        [Citizen(20)],
        [WEAK, ASKED],
        procedures=((0, False),),
        network=OUTAGE,
        consulted=1,
        set_up=2 * MINUTE,
        weak_speed=500,
    ),
    [(20, 40, SERVED)],
    [(0, 0, 20, 20, 40)],
)
case(
    "consultation",
    "the network that goes down holds up all three, though their procedure does not need it",
    plan_of([Citizen(10)], [WEAK, ASKED], network=OUTAGE, **LINK),
    [(10, 47, SERVED)],
    [(0, 0, 10, 10, 47), (0, 1, 10, 10, 47)],
)
case(
    "consultation",
    "who waits for a specialist waits until the network is up again",
    plan_of([Citizen(10)], [WEAK, Official(duty=((20, 100),), place=4, fields=(0,))], network=OUTAGE, **LINK),
    [(10, 52, SERVED)],
    [(0, 0, 10, 10, 52), (0, 1, 10, 40, 52)],
)
case(
    "consultation",
    "by class, then by who has waited longest; a field in which nobody is asked goes as before",
    plan_of(
        [Citizen(10), Citizen(11, priority=1), Citizen(12), Citizen(13, procedure=1)],
        [*[Official(weak=(0, 1), fields=(0, 1))] * 4, ASKED],
        ranks=(0, 1),
        procedures=((0, False), (1, False)),
        consulted=1,
        weak_speed=500,
    ),
    [(10, 20, SERVED), (11, 40, SERVED), (12, 30, SERVED), (13, 33, SERVED)],
    [
        *[(0, 0, 10, 10, 20), (0, 4, 10, 10, 20)],
        *[(1, 1, 11, 11, 40), (1, 4, 11, 30, 40)],
        *[(2, 2, 12, 12, 30), (2, 4, 12, 20, 30)],
        (3, 3, 13, 13, 33),
    ],
)
case(
    "consultation",
    "at the speed of the official when the specialist comes",
    plan_of(
        [Citizen(10)],
        [WEAK, Official(duty=((20, 100),), place=4, fields=(0,), speed=3000)],
        changes=[(15, Change.SPEED, 0, 500)],
        **LINK,
    ),
    [(10, 42, SERVED)],
    [(0, 0, 10, 10, 42), (0, 1, 10, 20, 42)],
)
case(
    "consultation",
    "a citizen with a specialist has no patience to lose, takes no seat, and the closing sends nobody home",
    plan_of(
        [Citizen(10, patience=5), Citizen(10, patience=5)],
        [WEAK, WEAK, ASKED],
        halls=[Hall(seats=0)],
        doors=[Door(0, 15, 15)],
        **LINK,
    ),
    [(10, 22, SERVED), (10, 34, SERVED)],
    [(0, 0, 10, 10, 22), (0, 2, 10, 10, 22), (1, 1, 10, 10, 34), (1, 2, 10, 22, 34)],
)


# Clause point

LOOKS: dict[str, Any] = {"chooses": WHOLE, "each": 10 * MINUTE, "way": 4 * MINUTE, "tick": 5 * MINUTE}
TWO = (Hall(), Hall())
THERE = Official(place=2)

case(
    "point",
    "by the last board, not by what is: the third sees two waiting, the fourth comes before the next board",
    plan_of(
        [Citizen(10, 60), Citizen(11), Citizen(12), Citizen(16), Citizen(17)],
        [Official(), THERE],
        halls=TWO,
        **LOOKS,
    ),
    [(10, 70, SERVED), (11, 80, SERVED), (12, 90, SERVED), (20, 30, SERVED), (21, 40, SERVED)],
)
case(
    "point",
    "there before who comes from home at that instant, who has the larger number",
    plan_of(
        [Citizen(10, 60), Citizen(11), Citizen(16), Citizen(20, point=1)],
        [Official(), THERE],
        halls=TWO,
        **LOOKS,
    ),
    [(10, 70, SERVED), (11, 80, SERVED), (20, 30, SERVED), (20, 40, SERVED)],
)
case(
    "point",
    "where the way costs as much as the wait their own is first; where it costs more they stay too",
    plan_of(
        [Citizen(10, 60), Citizen(11), Citizen(16)],
        [Official(), THERE],
        halls=TWO,
        **{**LOOKS, "way": 10 * MINUTE},
    ),
    [(10, 70, SERVED), (11, 80, SERVED), (16, 90, SERVED)],
)
case(
    "point",
    "of two others that cost the same the lower; a point with nobody who receives on duty is out",
    plan_of(
        [Citizen(10, 60, point=3), Citizen(11, point=3), Citizen(16, point=3)],
        [Official(place=6), Official(place=2), Official(place=4), Official(duty=((50, 60),))],
        halls=(Hall(), Hall(), Hall(), Hall()),
        **LOOKS,
    ),
    [(10, 70, SERVED), (11, 80, SERVED), (20, 30, SERVED)],
)
case(
    "point",
    "specialists and officials who are off do not count as on duty; people are divided among those who receive",
    plan_of(
        [*[Citizen(10, 60), Citizen(10, 60)], *[Citizen(11)] * 2, Citizen(16)],
        [Official(), Official(), THERE, Official(place=2, **OWN)],
        halls=TWO,
        **{**LOOKS, "way": 11 * MINUTE},
    ),
    [(10, 70, SERVED), (10, 70, SERVED), (11, 80, SERVED), (11, 80, SERVED), (16, 90, SERVED)],
)
case(
    "point",
    "who would not be there before the horizon stays",
    plan_of([Citizen(10, 60), Citizen(11), Citizen(16)], [Official(), THERE], halls=TWO, horizon=20, **LOOKS),
    [(10, None, INSIDE), (11, None, INSIDE), (16, None, INSIDE)],
)
case(
    "point",
    "who is on the road at the horizon has not entered",
    plan_of([Citizen(10, 60), Citizen(11), Citizen(16)], [Official(), THERE], halls=TWO, horizon=20 + MS, **LOOKS),
    [(10, None, INSIDE), (11, None, INSIDE), (20, None, INSIDE)],
)


@ENGINES
def test_clause_point(engine: Callable[[Plan], Trace]) -> None:
    """The way there and back is added, the arrival is at the other point; who was held over does not look."""
    late = [Citizen(10, 60), Citizen(11), Citizen(16), Citizen(69, patience=None)]
    officials = [Official(duty=((0, 70), (MINUTES, MINUTES + 100))), Official(((0, 20), (MINUTES, 2 * MINUTES)), 2)]
    doors = [Door(0, 70, 70), Door(MINUTES, MINUTES + 100, MINUTES + 200)]
    plan = plan_of(late, officials, halls=TWO, doors=doors, horizon=2 * MINUTES, carries_over=True, visits=5, **LOOKS)
    trace = engine(plan)
    moved = trace.visits[trace.visits["point"] == 1]
    assert moved["travel"].tolist() == [8 * MINUTE]
    assert moved["arrival"].tolist() == [20 * MINUTE]
    again = trace.visits[trace.visits["visit"] == 1]
    assert len(again) >= 2
    assert (again["point"] == 0).all()


@ENGINES
def test_clause_consultation(engine: Callable[[Plan], Trace]) -> None:
    """The kinds of tasks say who asked and who was asked; a rule may move an official who waits with a citizen."""
    officials = [Official(weak=(0,), rule=Rule.FLOAT, high=1, home=0), THERE, Official(place=6, fields=(0,))]
    people = [Citizen(10, 30), Citizen(11, 60, point=1), Citizen(12, point=1), Citizen(13, point=1)]
    plan = plan_of(people, officials, halls=TWO, tick=5 * MINUTE, **{**LINK, "errs": 0})
    trace = engine(plan)
    kinds = trace.tasks["kind"][trace.tasks["visit"] == 0].tolist()
    assert kinds == [0, plan.fields + Kind.CONSULTATION]
    assert trace.decisions["official"].tolist()[:1] == [0]
    assert trace.visits["departure"][0] == (10 + 2 + 30) * MINUTE
    assert sorted(trace.visits["outcome"].tolist()) == [SERVED] * 4
