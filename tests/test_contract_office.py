"""The clauses of the contract on the back office: situations worked out by hand, and laws of those who fetch results.

In situations the first procedure makes cases and the second, where there is one, does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sim.models.compiled.engine import run as compiled
from sim.plan import Change, Kind, Plan, Purpose, Rule
from sim.planning import make_plan
from sim.scenario import Scenario
from sim.streams import WHOLE
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER
from tests.plans import MINUTES, SMALL, Case, Citizen, Door, Hall, Official, plan_of, scenario
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
SPECIALIST = Official(**OWN)
BOTH = Official(office=True)
SIGNER = Official(place=2, fields=(2,), office=True)
PLAIN, NET = (0, False), (0, True)
TWO = (PLAIN, PLAIN)
OUTAGE = ((0, 1000), (15, 0), (20, 1000))


def worked(minutes: float) -> list[Case]:
    """One step of so many minutes a dossier, in the first field."""
    return [Case(((0, minutes),))]


# Clause step

case(
    "step",
    "from the end of reception on, one step after the other, each by who has the skill; no counter is taken",
    plan_of(
        [Citizen(10), Citizen(20, 20, procedure=1)],
        [Official(), Official(fields=(1,), **OWN), Official(fields=(2,), **OWN), Official(place=2, fields=(4,), **OWN)],
        halls=[Hall(counters=1)],
        procedures=TWO,
        cases=[Case(((1, 5), (2, 7), (1, 2), (None, 3)))],
    ),
    [(10, 20, SERVED), (20, 40, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 1, 20, 20, 25),
        (0, 2, 25, 25, 32),
        (0, 1, 32, 32, 34),
        (0, 3, 34, 34, 37),
        (1, 0, 20, 20, 40),
    ],
)
case(
    "step",
    "the dossiers accepted at a visit are one case, what is brought again none of it, and an answer is none",
    plan_of(
        [
            Citizen(10, dossiers=7),
            Citizen(30, dossiers=7, left=2, outcome=INCOMPLETE),
            Citizen(60, dossiers=1, left=1, outcome=INCOMPLETE),
            Citizen(80, outcome=ADVISED),
            Citizen(100, guidance=5, after_guidance=AT_GUIDANCE),
        ],
        [Official(), SPECIALIST, Official(place=1, fields=(1,))],
        cases=worked(5),
    ),
    [(10, 20, SERVED), (30, 40, INCOMPLETE), (60, 70, INCOMPLETE), (80, 90, ADVISED), (100, 105, AT_GUIDANCE)],
    [
        (0, 0, 10, 10, 20),
        (0, 1, 20, 20, 35),
        (1, 0, 30, 30, 40),
        (1, 1, 40, 40, 50),
        (2, 0, 60, 60, 70),
        (3, 0, 80, 80, 90),
        (4, 2, 100, 100, 105),
    ],
)
case(
    "step",
    "what was taken in wrongly is no case",
    plan_of([Citizen(10)], [Official(weak=(0,)), SPECIALIST], cases=worked(5), errs=WHOLE),
    [(10, 20, INCOMPLETE)],
    [(0, 0, 10, 10, 20)],
)
case(
    "step",
    "of any class: by when it began to wait, at one instant by id",
    plan_of(
        [Citizen(10, 5, priority=1), Citizen(10, 8, priority=1), Citizen(12, 8), Citizen(13, 7, priority=1)],
        [*[Official()] * 4, SPECIALIST],
        ranks=(0, 1),
        cases=worked(20),
    ),
    [(10, 15, SERVED), (10, 18, SERVED), (12, 20, SERVED), (13, 20, SERVED)],
    [
        (0, 0, 10, 10, 15),
        (0, 4, 15, 15, 35),
        (1, 1, 10, 10, 18),
        (1, 4, 18, 35, 55),
        (2, 2, 12, 12, 20),
        (2, 4, 20, 55, 75),
        (3, 3, 13, 13, 20),
        (3, 4, 20, 75, 95),
    ],
)
case(
    "step",
    "after all who wait, those of the last class too",
    plan_of([Citizen(10), Citizen(12, priority=1)], [BOTH], ranks=(0, 9), cases=worked(5)),
    [(10, 20, SERVED), (12, 30, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 30, 35), (1, 0, 12, 20, 30), (1, 0, 30, 35, 40)],
)
case(
    "step",
    "after all that is to be typed in; waits while the network is down where the procedure needs it, else not",
    plan_of(
        [Citizen(10, 5), Citizen(16, 1, procedure=1)],
        [BOTH],
        procedures=(NET, PLAIN),
        cases=[Case(((0, 5),)), Case(((0, 3),))],
        network=((0, 1000), (11, 0), (20, 1000)),
        paper=1000,
        record=2 * MINUTE,
    ),
    [(10, 15, SERVED), (16, 17, SERVED)],
    [(0, 0, 10, 10, 15), (0, 0, 15, 20, 22), (0, 0, 15, 22, 27), (1, 0, 16, 16, 17), (1, 0, 17, 17, 20)],
)
case(
    "step",
    "where services may start while the network is down, steps may not",
    plan_of(
        [Citizen(12, 5)], [Official(), SPECIALIST], procedures=(NET,), cases=worked(5),
        network=((0, 1000), (17, 0), (30, 1000)), starts_while_down=True,
    ),
    [(12, 17, SERVED)],
    [(0, 0, 12, 12, 17), (0, 1, 17, 30, 35)],
)  # fmt: skip
case(
    "step",
    "an outage within a stretch: no event, what is not done goes on after it; a slow network",
    plan_of(
        [Citizen(5, 5), Citizen(45, 5)],
        [Official(), SPECIALIST],
        procedures=(NET,),
        cases=worked(10),
        network=(*OUTAGE, (45, 2000), (50, 500), (100, 1000)),
    ),
    [(5, 10, SERVED), (45, 47.5, SERVED)],
    # of the second 5 minutes are done by 50, and 5 more take 10
    [(0, 0, 5, 5, 10), (0, 1, 10, 10, 25), (1, 0, 45, 45, 47.5), (1, 1, 47.5, 47.5, 60)],
)
case(
    "step",
    "done as the network goes down: done then; the leader's signature never waits for it",
    plan_of(
        [Citizen(5, 5)],
        [Official(), SPECIALIST, SIGNER],
        procedures=(NET,),
        cases=[Case(((0, 5), (None, 3)))],
        network=OUTAGE,
    ),
    [(5, 10, SERVED)],
    [(0, 0, 5, 5, 10), (0, 1, 10, 10, 15), (0, 2, 15, 15, 18)],
)
case(
    "step",
    "speeds that do not divide: the first ms at which it is done, never rounded down, at least 1",
    plan_of(
        [Citizen(10), Citizen(40, procedure=1), Citizen(60, procedure=2)],
        [Official(), replace(SPECIALIST, speed=700), Official(fields=(1,), speed=20000, **OWN)],
        procedures=(PLAIN, PLAIN, PLAIN),
        cases=[Case(((0, 10),)), Case(((0, 3 * MS),)), Case(((1, MS),))],
    ),
    [(10, 20, SERVED), (40, 50, SERVED), (60, 70, SERVED)],
    # 600000 / 0.7 = 857142.86; 3 / 0.7 = 4.29, where a service takes 4; 1 / 20 = 0.05
    [
        (0, 0, 10, 10, 20),
        (0, 1, 20, 20, 20 + 857143 * MS),
        (1, 0, 40, 40, 50),
        (1, 1, 50, 50, 50 + 5 * MS),
        (2, 0, 60, 60, 70),
        (2, 2, 70, 70, 70 + MS),
    ],
)
case(
    "step",
    "worse in a field that does not suit; a signature is of no field",
    plan_of(
        [Citizen(10)],
        [Official(), replace(SPECIALIST, weak=(0,)), replace(SIGNER, weak=(0, 1, 2))],
        cases=[Case(((0, 5), (None, 3)))],
        weak_speed=500,
    ),
    [(10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 30), (0, 2, 30, 30, 33)],
)
case(
    "step",
    "a leader signs for any class, beyond the leaders who may sign at once; who is not of the back office does not",
    plan_of(
        [Citizen(10, priority=1), Citizen(11, 4, procedure=1, priority=1, signature=2)],
        [Official(), Official(), replace(SIGNER, office=False, classes=(0,)), replace(SIGNER, classes=(0,))],
        ranks=(0, 1),
        procedures=TWO,
        cases=[Case(((None, 3),))],
        leaders=0,
        horizon=40,
    ),
    [(10, 20, SERVED), (11, None, INSIDE)],
    [(0, 0, 10, 10, 20), (0, 3, 20, 20, 23), (1, 1, 11, 11, 15), (1, None, 15, None, None)],
)
case(
    "step",
    "at the point of the field's office, by nobody else",
    plan_of(
        [Citizen(10), Citizen(12, 3, point=1)],
        [Official(), Official(place=2), SPECIALIST, replace(SPECIALIST, place=2, duty=((30, 90),))],
        halls=[Hall(), Hall()],
        offices=[[1], [0]],
        cases=worked(5),
    ),
    [(10, 20, SERVED), (12, 15, SERVED)],
    [(0, 0, 10, 10, 20), (0, 3, 20, 30, 35), (1, 1, 12, 12, 15), (1, 2, 15, 15, 20)],
)
case(
    "step",
    "nobody with the skill, or at the horizon in the middle of a stretch: the visit ended, the step did not",
    plan_of(
        [Citizen(10), Citizen(11, 3, procedure=1)],
        [Official(), Official(), Official(fields=(1,), **OWN)],
        procedures=TWO,
        cases=[Case(((0, 5),)), Case(((1, 9),))],
        horizon=23,
    ),
    [(10, 20, SERVED), (11, 14, SERVED)],
    [(0, 0, 10, 10, 20), (0, None, 20, None, None), (1, 1, 11, 11, 14), (1, 2, 14, 14, None)],
)
case(
    "step",
    "done at the horizon is not done",
    plan_of([Citizen(10)], [Official(), SPECIALIST], cases=worked(5), horizon=25),
    [(10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, None)],
)
case(
    "step",
    "a change of speed holds from the next stretch on",
    plan_of(
        [Citizen(10)],
        [Official(), replace(SPECIALIST, duty=((0, 25), (30, 90)))],
        cases=worked(10),
        changes=[(22, Change.SPEED, 1, 2000)],
    ),
    [(10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 25), (0, 1, 20, 30, 32.5)],
)
case(
    "step",
    "by the fewest skills, then the longest idle, then the lowest id",
    plan_of(
        [Citizen(10), Citizen(11, 10), Citizen(12, 10), Citizen(13, 10)],
        [
            *[Official()] * 4,
            Official(fields=(0, 1), **OWN),
            replace(SPECIALIST, duty=((5, 90),)),
            SPECIALIST,
            SPECIALIST,
        ],
        cases=worked(30),
    ),
    [(10, 20, SERVED), (11, 21, SERVED), (12, 22, SERVED), (13, 23, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 6, 20, 20, 50),
        (1, 1, 11, 11, 21),
        (1, 7, 21, 21, 51),
        (2, 2, 12, 12, 22),
        (2, 5, 22, 22, 52),
        (3, 3, 13, 13, 23),
        (3, 4, 23, 23, 53),
    ],
)

# Clause aside

case(
    "aside",
    "called by whoever waits to be received, and on with it when free",
    plan_of([Citizen(10), Citizen(25, 4, procedure=1)], [BOTH], procedures=TWO, cases=worked(10)),
    [(10, 20, SERVED), (25, 29, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 20, 25), (0, 0, 20, 29, 34), (1, 0, 25, 25, 29)],
)
case(
    "aside",
    "who comes at the instant at which the step is done interrupts nothing",
    plan_of([Citizen(10), Citizen(30, 4, procedure=1)], [BOTH], procedures=TWO, cases=worked(10)),
    [(10, 20, SERVED), (30, 34, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 20, 30), (1, 0, 30, 30, 34)],
)
case(
    "aside",
    "an idle official who is eligible comes first, however many skills they have; one who is not does not count",
    plan_of(
        [Citizen(10), Citizen(25, 4, procedure=1), Citizen(40, 4, procedure=1, priority=1)],
        [BOTH, Official(fields=(0, 1, 2), classes=(0,))],
        ranks=(0, 0),
        procedures=TWO,
        cases=worked(40),
    ),
    [(10, 20, SERVED), (25, 29, SERVED), (40, 44, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 20, 40), (0, 0, 20, 44, 64), (1, 1, 25, 25, 29), (2, 0, 40, 40, 44)],
)
case(
    "aside",
    "neither class nor field nor place lets an official at work on a case be called by whom they may not serve",
    plan_of(
        [
            Citizen(10),
            Citizen(25, 4, procedure=1, priority=1),
            Citizen(26, 4, procedure=2),
            Citizen(27, 4, procedure=1, point=1),
        ],
        [replace(BOTH, classes=(0,))],
        ranks=(0, 0),
        halls=[Hall(), Hall()],
        procedures=(PLAIN, PLAIN, (1, False)),
        cases=worked(40),
        horizon=59,
    ),
    [(10, 20, SERVED), (25, None, INSIDE), (26, None, INSIDE), (27, None, INSIDE)],
    [
        (0, 0, 10, 10, 20),
        (0, 0, 20, 20, None),
        (1, None, 25, None, None),
        (2, None, 26, None, None),
        (3, None, 27, None, None),
    ],
)
case(
    "aside",
    "chosen by the claim they had when idle, not by when the case began",
    plan_of(
        [Citizen(10), Citizen(20, 1, procedure=1), Citizen(22, 20, procedure=2), Citizen(25, 3, procedure=2)],
        [
            Official(),
            replace(BOTH, breadth=2),
            Official(fields=(0, 1), breadth=2, duty=((5, 100),), office=True),
        ],
        procedures=(PLAIN, PLAIN, PLAIN),
        cases=[Case(((1, 30),)), Case(((0, 30),))],
    ),
    [(10, 20, SERVED), (20, 21, SERVED), (22, 42, SERVED), (25, 28, SERVED)],
    # official 2, idle since 5, begins at 20; official 1, idle since 0, begins at 21 and is called
    [
        (0, 0, 10, 10, 20),
        (0, 2, 20, 20, 50),
        (1, 0, 20, 20, 21),
        (1, 1, 21, 21, 25),
        (1, 1, 21, 28, 54),
        (2, 0, 22, 22, 42),
        (3, 1, 25, 25, 28),
    ],
)
case(
    "aside",
    "two citizens at one instant, two officials at desks: the class that goes first takes the first claim; "
    "whoever is free first goes on with the case that has waited longest",
    plan_of(
        [
            Citizen(10),
            Citizen(20, 1),
            Citizen(30, 3, procedure=1, priority=1),
            Citizen(30, 8, procedure=1),
        ],
        [Official(duty=((0, 22),)), replace(BOTH, breadth=2), replace(BOTH, breadth=2, duty=((5, 100),))],
        ranks=(0, 1),
        procedures=TWO,
        cases=worked(30),
    ),
    [(10, 20, SERVED), (20, 21, SERVED), (30, 33, SERVED), (30, 38, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 1, 20, 20, 30),
        (0, 2, 20, 33, 53),
        (1, 0, 20, 20, 21),
        (1, 2, 21, 21, 30),
        (1, 1, 21, 38, 59),
        (2, 2, 30, 30, 33),
        (3, 1, 30, 30, 38),
    ],
)
case(
    "aside",
    "the fewest skills are called before the longest idle",
    plan_of(
        [Citizen(10), Citizen(12, 9), Citizen(30, 3, procedure=1)],
        [*[Official(duty=((0, 22),))] * 2, replace(BOTH, breadth=3), replace(BOTH, breadth=2, duty=((5, 100),))],
        procedures=TWO,
        cases=worked(30),
    ),
    [(10, 20, SERVED), (12, 21, SERVED), (30, 33, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 3, 20, 20, 30),
        (0, 3, 20, 33, 53),
        (1, 1, 12, 12, 21),
        (1, 2, 21, 21, 51),
        (2, 3, 30, 30, 33),
    ],
)
case(
    "aside",
    "work on a case takes no counter; where all are taken, nobody who waits calls",
    plan_of(
        [Citizen(10), Citizen(22, procedure=1), Citizen(25, 5, procedure=1)],
        [BOTH, BOTH],
        halls=[Hall(counters=1)],
        procedures=TWO,
        cases=worked(30),
    ),
    [(10, 20, SERVED), (22, 32, SERVED), (25, 37, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 50), (1, 0, 22, 22, 32), (2, 0, 25, 32, 37)],
)
case(
    "aside",
    "a counter is opened, the network is up again: who has waited calls then",
    plan_of(
        [Citizen(5, 5), Citizen(20, 5, procedure=1), Citizen(42, 5, procedure=2)],
        [BOTH],
        halls=[Hall(counters=1)],
        procedures=(PLAIN, PLAIN, NET),
        cases=worked(60),
        limits=[(15, 0, 0), (30, 0, 1)],
        network=((0, 1000), (40, 0), (50, 1000)),
    ),
    [(5, 10, SERVED), (20, 35, SERVED), (42, 55, SERVED)],
    [
        (0, 0, 5, 5, 10),
        (0, 0, 10, 10, 30),
        (0, 0, 10, 35, 50),
        (0, 0, 10, 55, 80),
        (1, 0, 20, 30, 35),
        (2, 0, 42, 50, 55),
    ],
)
case(
    "aside",
    "called to hand a result over",
    plan_of(
        [Citizen(10), Citizen(25, 5, procedure=1, signature=3, collection=2)],
        [BOTH, Official(place=2, fields=(2,))],
        procedures=TWO,
        cases=worked(40),
    ),
    [(10, 20, SERVED), (25, 35, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 0, 20, 20, 25),
        (0, 0, 20, 30, 33),
        (0, 0, 20, 35, 67),
        (1, 0, 25, 25, 30),
        (1, 1, 30, 30, 33),
        (1, 0, 33, 33, 35),
    ],
)
case(
    "aside",
    "a leader is called to sign for a citizen who waits for it",
    plan_of(
        [Citizen(10), Citizen(18, 6, procedure=1, signature=4)],
        [Official(), Official(), SIGNER],
        procedures=TWO,
        cases=[Case(((None, 10),))],
    ),
    [(10, 20, SERVED), (18, 29, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 2, 20, 20, 24),
        (0, 2, 20, 28, 34),
        (1, 1, 18, 18, 24),
        (1, 2, 24, 24, 28),
        (1, 0, 28, 28, 29),
    ],
)
case(
    "aside",
    "not called to type in, which comes before the next case",
    plan_of(
        [Citizen(10), Citizen(12, 9), Citizen(25, 5, procedure=1)],
        [Official(duty=((0, 30),)), Official(duty=((0, 22),)), replace(BOTH, breadth=2)],
        procedures=(PLAIN, NET),
        cases=worked(30),
        network=((0, 1000), (24, 0), (26, 1000)),
        paper=1000,
        record=2 * MINUTE,
    ),
    [(10, 20, SERVED), (12, 21, SERVED), (25, 30, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 2, 20, 20, 50),
        (1, 1, 12, 12, 21),
        (1, 2, 21, 52, 82),
        (2, 0, 25, 25, 30),
        (2, 2, 30, 50, 52),
    ],
)
case(
    "aside",
    "a break: on with it after that, on time and in full, and done at its very beginning is done",
    plan_of(
        [Citizen(10), Citizen(35, 5)],
        [Official(), replace(SPECIALIST, duty=((0, 25), (30, 50), (60, 90)))],
        cases=worked(10),
        breaks_in_full=True,
    ),
    [(10, 20, SERVED), (35, 40, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 25), (0, 1, 20, 30, 35), (1, 0, 35, 35, 40), (1, 1, 40, 40, 50)],
)
case(
    "aside",
    "the end of a shift: another who is there goes on at once",
    plan_of([Citizen(10)], [Official(), replace(SPECIALIST, duty=((0, 25),)), SPECIALIST], cases=worked(10)),
    [(10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 25), (0, 2, 20, 25, 30)],
)
case(
    "aside",
    "put aside three times at speeds that do not divide: not a ms of work is lost or won",
    plan_of(
        [Citizen(10)],
        [
            Official(),
            replace(SPECIALIST, speed=700, duty=((0, 20 + MS), (30, 30 + MS), (40, 40 + MS))),
            replace(SPECIALIST, speed=999, duty=((50, 90),)),
        ],
        cases=worked(2 * MS),
        network=((0, 1000),),
    ),
    [(10, 20, SERVED)],
    # of 2 ms 0.7, 0.7 and again 0.6 more than what is left: done within the third
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 20 + MS), (0, 1, 20, 30, 30 + MS), (0, 1, 20, 40, 40 + MS)],
)
case(
    "aside",
    "what is left is for the speed of whoever goes on",
    plan_of(
        [Citizen(10)],
        [
            Official(),
            replace(SPECIALIST, speed=700, duty=((0, 25),)),
            replace(SPECIALIST, speed=300, duty=((25, 90),)),
        ],
        cases=worked(10),
    ),
    [(10, 20, SERVED)],
    # 10 - 5 * 0.7 = 6.5; 390000 / 0.3 = 1300000
    [(0, 0, 10, 10, 20), (0, 1, 20, 20, 25), (0, 2, 20, 25, 25 + 1_300_000 * MS)],
)
case(
    "aside",
    "sent elsewhere: it waits where it was, and who was sent works on what waits there",
    plan_of(
        [Citizen(10), Citizen(12, 3, point=1)],
        [Official(), Official(place=2), SPECIALIST],
        halls=[Hall(), Hall()],
        offices=[[0], [1]],
        cases=worked(20),
        changes=[(25, Change.MOVE, 2, 2), (50, Change.MOVE, 2, 0)],
    ),
    [(10, 20, SERVED), (12, 15, SERVED)],
    [(0, 0, 10, 10, 20), (0, 2, 20, 20, 25), (0, 2, 20, 50, 65), (1, 1, 12, 12, 15), (1, 2, 15, 25, 45)],
)
NEXT = MINUTES + 40
case(
    "aside",
    "after the last shift of the day they stay for the door alone; on with it on the next",
    plan_of(
        [Citizen(10), Citizen(45, 5)],
        [Official(duty=((0, 60), (NEXT, NEXT + 60)), office=True)],
        doors=[Door(0, 60, 60), Door(NEXT, NEXT + 60, NEXT + 60)],
        cases=worked(30),
        changes=[(40, Change.STAY, 0, 20)],
        horizon=2 * MINUTES,
    ),
    [(10, 20, SERVED), (45, 50, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 0, 20, 20, 40),
        (0, 0, 20, NEXT, NEXT + 10),
        (1, 0, 45, 45, 50),
        (1, 0, 50, NEXT + 10, NEXT + 40),
    ],
)
case(
    "aside",
    "a rule sends them to another point in the middle of a case",
    plan_of(
        [Citizen(1, 4), *[Citizen(7, 2, point=1, procedure=1)] * 2],
        [replace(BOTH, rule=Rule.FLOAT, home=0, high=2)],
        halls=[Hall(), Hall()],
        procedures=TWO,
        cases=worked(10),
        tick=5 * MINUTE,
        horizon=40,
    ),
    [(1, 5, SERVED), (7, 12, SERVED), (7, 14, SERVED)],
    [
        (0, 0, 1, 1, 5),
        (0, None, 5, None, None),
        (0, 0, 5, 5, 10),
        (1, 0, 7, 10, 12),
        (2, 0, 7, 12, 14),
    ],
)
case(
    "aside",
    "put aside while the network is down: nothing was done since, and it waits for it",
    plan_of(
        [Citizen(10), Citizen(25, 3, procedure=1)],
        [BOTH],
        procedures=(NET, PLAIN),
        cases=worked(10),
        network=((0, 1000), (22, 0), (40, 1000)),
    ),
    [(10, 20, SERVED), (25, 28, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 20, 25), (0, 0, 20, 40, 48), (1, 0, 25, 25, 28)],
)
case(
    "aside",
    "put aside, it goes before those that joined after it",
    plan_of([Citizen(10), Citizen(25, 3)], [BOTH], cases=worked(10)),
    [(10, 20, SERVED), (25, 28, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 20, 25), (0, 0, 20, 28, 33), (1, 0, 25, 25, 28), (1, 0, 28, 33, 43)],
)
case(
    "aside",
    "and behind those that joined before it, though begun before them",
    plan_of(
        [Citizen(10), Citizen(14, 10, procedure=1), Citizen(28, 20, procedure=2)],
        [
            *[Official(duty=((0, 26),))] * 2,
            replace(BOTH, breadth=2),
            Official(fields=(0, 1), duty=((30, 90),), **OWN),
        ],
        procedures=(PLAIN, PLAIN, PLAIN),
        cases=[Case(((1, 9),)), Case(((0, 9),))],
    ),
    [(10, 20, SERVED), (14, 24, SERVED), (28, 48, SERVED)],
    [
        (0, 0, 10, 10, 20),
        (0, 3, 20, 30, 39),
        (1, 1, 14, 14, 24),
        (1, 2, 24, 24, 28),
        (1, 3, 24, 39, 44),
        (2, 2, 28, 28, 48),
    ],
)
case(
    "aside",
    "midnight cuts nothing, who comes at it does",
    plan_of(
        [Citizen(MINUTES - 40, 10), Citizen(MINUTES - 20, 10), Citizen(2 * MINUTES, 3, procedure=1)],
        [BOTH],
        procedures=TWO,
        cases=worked(MINUTES),
        horizon=4 * MINUTES,
    ),
    [
        (MINUTES - 40, MINUTES - 30, SERVED),
        (MINUTES - 20, MINUTES - 10, SERVED),
        (2 * MINUTES, 2 * MINUTES + 3, SERVED),
    ],
    [
        (0, 0, MINUTES - 40, MINUTES - 40, MINUTES - 30),
        (0, 0, MINUTES - 30, MINUTES - 30, MINUTES - 20),
        (0, 0, MINUTES - 30, MINUTES - 10, 2 * MINUTES - 20),
        (1, 0, MINUTES - 20, MINUTES - 20, MINUTES - 10),
        (1, 0, MINUTES - 10, 2 * MINUTES - 20, 2 * MINUTES),
        (1, 0, MINUTES - 10, 2 * MINUTES + 3, 3 * MINUTES - 17),
        (2, 0, 2 * MINUTES, 2 * MINUTES, 2 * MINUTES + 3),
    ],
)
case(
    "aside",
    "the closing sends nobody's case home",
    plan_of(
        [Citizen(10), Citizen(12)],
        [BOTH],
        doors=[Door(0, 25, 25)],
        cases=worked(10),
    ),
    [(10, 20, SERVED), (12, 30, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 30, 40), (1, 0, 12, 20, 30), (1, 0, 30, 40, 50)],
)


# Clause fetch

OPEN_DAYS = (0, 2, 3, 5, 6)


def fetching(citizen: Citizen, on_duty: tuple[int, ...] = OPEN_DAYS, horizon: float = 7, **given: Any) -> Plan:
    """One citizen at a center that is open on some days, whose results are fetched two working days later."""
    spans = [(day * MINUTES + 480, day * MINUTES + 960) for day in range(7)]
    return plan_of(
        [citizen],
        [Official(tuple(spans[day] for day in on_duty), office=True), Official(place=1, fields=(1,))],
        doors=[Door(*spans[day], spans[day][1]) for day in OPEN_DAYS],
        horizon=horizon * MINUTES,
        visits=3,
        **{"cases": worked(30), "in_person": WHOLE, "fetched": (2, 1), **given},
    )


def came(trace: Trace) -> list[tuple[int, int, int]]:
    """Number, day and outcome of each visit."""
    return [(int(one["visit"]), int(one["arrival"] // DAY), int(one["outcome"])) for one in trace.visits]


@ENGINES
def test_clause_fetch(engine: Callable[[Plan], Trace]) -> None:
    """Ready on day 0, fetched on the second working day after it, past the guide, by what handing over takes."""
    trace = engine(fetching(Citizen(500, 20, guidance=2, collection=3)))
    assert came(trace) == [(0, 0, SERVED), (3, 3, SERVED)]
    mine = trace.tasks[trace.tasks["visit"] == 1]
    assert (mine["kind"].tolist(), (mine["end"] - mine["start"]).tolist()) == ([0], [3 * MINUTE])
    assert trace.visits[["purpose", "dossiers", "left"]][1].tolist() == (Purpose.COLLECT, 0, 0)


@ENGINES
@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"horizon": 3.0}, [(0, 0, SERVED)]),  # the day lies beyond the run
        ({"in_person": 0}, [(0, 0, SERVED)]),  # by post
        # ready on day 2, since nobody works on it before the end of day 0 or on day 1
        ({"cases": worked(470)}, [(0, 0, SERVED), (3, 5, SERVED)]),
        ({"cases": worked(470), "fetched": (3, 1)}, [(0, 0, SERVED), (3, 6, SERVED)]),
        # never ready
        ({"cases": [Case(((None, 1),))]}, [(0, 0, SERVED)]),
    ],
)
def test_when_a_result_is_fetched(
    engine: Callable[[Plan], Trace], given: dict[str, Any], wanted: list[tuple[int, int, int]]
) -> None:
    assert came(engine(fetching(Citizen(500, 20), **given))) == wanted


@ENGINES
def test_who_leaves_without_the_result_comes_as_often_as_they_may(engine: Callable[[Plan], Trace]) -> None:
    """Nobody is on duty after day 0: they give up on day 3, and on the next two working days."""
    plan = fetching(Citizen(500, 20, patience=1), on_duty=(0,), returns=(0, WHOLE), delays=((1, 1), (1, 1)))
    assert came(engine(plan)) == [(0, 0, SERVED), (3, 3, RENEGED), (4, 5, RENEGED), (5, 6, RENEGED)]


@ENGINES
def test_a_result_is_fetched_while_what_was_left_is_brought_again(engine: Callable[[Plan], Trace]) -> None:
    """One dossier of two is accepted; the other lacks something each time: visits 0 to 2, and 3 for the result."""
    plan = fetching(Citizen(500, 20, dossiers=3, left=1, outcome=INCOMPLETE), returns=(WHOLE, 0), fetched=(1, 1))
    trace = engine(plan)
    assert came(trace) == [(0, 0, INCOMPLETE), (1, 2, INCOMPLETE), (2, 3, INCOMPLETE), (3, 2, SERVED)]
    steps = trace.tasks["kind"] == plan.fields + Kind.STEP
    assert (trace.tasks["end"] - trace.tasks["start"])[steps].tolist() == [30 * MINUTE]


@ENGINES
@pytest.mark.parametrize(("work", "day"), [(10 - MS, 1), (10, 2)])
def test_what_is_ready_at_midnight_is_ready_on_the_day_that_begins(
    engine: Callable[[Plan], Trace], work: float, day: int
) -> None:
    plan = plan_of(
        [Citizen(MINUTES - 20)],
        [BOTH],
        doors=[Door(day * MINUTES, (day + 1) * MINUTES - 1, (day + 1) * MINUTES - 1) for day in range(4)],
        horizon=4 * MINUTES,
        cases=worked(work),
        in_person=WHOLE,
        fetched=(1, 1),
    )
    assert came(engine(plan)) == [(0, 0, SERVED), (1, day, SERVED)]


def office_of_many() -> Scenario:
    """Everybody is received and every case is ready on its day, or on the next."""
    minute = {"kind": "deterministic", "mean": 1.0}
    request = {"service": minute, "incomplete": 0.3, "processing": {"term": 1, "steps": [{"work": minute}]}}
    office = {"delivery": {"in_person": 0.6, "post": 0.3, "online": 0.1}, "first": 2, "last": 4}
    return scenario(
        days=40,
        arrivals={**SMALL["arrivals"], "per_day": 150.0, "dossiers_per_visitor": 1.5},
        points={"hall": {"counters": 9}},
        procedures={"request": request},
        returns={"incomplete": {"share": 1.0}, "visits": 4},
        back_office=office,
        results={"collection": minute},
        staff={"counter": {"count": None}, "office": {"count": 4, "role": "specialist"}},
    )


def results_of(plan: Plan, trace: Trace) -> list[tuple[int, int, int | None]]:
    """Of each case that is ready ten days before the horizon: its citizen, the day, and the day of the fetching."""
    tasks, visits = trace.tasks, trace.visits
    ready: dict[tuple[int, int], int] = {}
    for task in tasks[tasks["kind"] == plan.fields + Kind.STEP]:
        who = visits[task["visit"]]
        ready[int(who["citizen"]), int(who["visit"])] = int(task["end"])
    came_for = {
        (int(one["citizen"]), int(one["visit"])): int(one["arrival"] // DAY)
        for one in visits[visits["purpose"] == Purpose.COLLECT]
    }
    numbers = {(who, number // 4 - 1) for who, number in came_for}
    assert numbers <= set(ready)
    assert all(number % 4 == 0 for _, number in came_for)  # all are received, so nobody comes twice for one
    last = len(plan.days) - 10
    return [
        (who, end // DAY, came_for.get((who, 4 * (visit + 1))))
        for (who, visit), end in ready.items()
        if end != NEVER and end // DAY < last
    ]


def test_who_fetches_a_result_and_when() -> None:
    """At 5 standard deviations of 3,262 citizens and 2,349 results.

    Shares of 0.54 or 0.66 who come, and of 0.27 or 0.4 on one of three days, are caught with probability 0.9.
    """
    plan = make_plan(office_of_many(), seed=5)
    found = results_of(plan, compiled(plan))
    assert len(found) > 3000
    fetched = [(ready, day) for _, ready, day in found if day is not None]
    deviation = (len({who for who, *_ in found}) * 0.6 * 0.4) ** 0.5
    citizens = {who: day is not None for who, _, day in found}
    assert abs(sum(citizens.values()) - 0.6 * len(citizens)) < 5 * deviation
    assert all(citizens[who] == (day is not None) for who, _, day in found)  # for all their results, or for none
    working = plan.days["working"]
    waited = Counter(int(working[day] - working[ready]) for ready, day in fetched)
    assert set(waited) == {2, 3, 4}
    assert all(plan.days["is_working"][day] for _, day in fetched)
    for count in waited.values():
        assert abs(count - len(fetched) / 3) < 5 * (len(fetched) * 2 / 9) ** 0.5
