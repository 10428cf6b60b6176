"""Each clause of the contract by small cases: a plan, and the rows worked out by hand, in every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from sim.models.center import Center
from sim.models.contract import CLAUSES
from sim.models.staffing import calendar
from sim.plan import ROOMS, Change, Kind, Plan, Room, Rule
from sim.scalars import UNLIMITED, rules
from sim.streams import WHOLE
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, in_minutes
from tests import test_contract_elsewhere, test_contract_office, test_contract_people
from tests.plans import MINUTES, Citizen, Door, Hall, Official, plan_of, random_plan
from tests.situations import ENGINES, MS, Situation, Tasks, Visits, assert_rows

SERVED, ADVISED, AT_GUIDANCE, INCOMPLETE, RENEGED, BALKED, AWAY, CARRIED, INSIDE = Outcome

CASES: list[Situation] = []


def case(clause: str, what: str, plan: Plan, visits: Visits, tasks: Tasks | None = None) -> None:
    CASES.append(Situation(clause, what, plan, visits, tasks))


@ENGINES
@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.clause}: {one.what}")
def test_clause(one: Situation, engine: Callable[[Plan], Trace]) -> None:
    assert_rows(one, engine(one.plan))


def test_every_clause_has_a_case_and_every_case_a_clause() -> None:
    office, elsewhere = test_contract_office, test_contract_elsewhere
    others = (*vars(test_contract_people), *vars(office), *vars(elsewhere))
    laws = {name.removeprefix("test_clause_") for name in (*globals(), *others) if name.startswith("test_clause_")}
    assert {one.clause for one in (*CASES, *office.CASES, *elsewhere.CASES)} | laws == set(CLAUSES)


# Clause time

case(
    "time",
    "the horizon at the instant of a completion, and of an arrival",
    plan_of([Citizen(10), Citizen(20)], horizon=20),
    [(10, None, INSIDE)],
    [(0, 0, 10, 10, None)],
)
case(
    "time",
    "an arrival, an opening and a completion at the first ms and at the last before the horizon",
    plan_of([Citizen(0), Citizen(20 - MS)], [Official(), Official()], horizon=20, doors=[Door(0, 20, 20)]),
    [(0, 10, SERVED), (20 - MS, None, INSIDE)],
)
case(
    "time",
    "work and patience of 1 ms",
    plan_of([Citizen(10, MS), Citizen(10, MS, patience=MS), Citizen(10, MS, patience=2 * MS)]),
    [(10, 10 + MS, SERVED), (10, 10 + MS, RENEGED), (10, 10 + 2 * MS, SERVED)],
)

# Clause work

case(
    "work",
    "speeds of 700, 500 and 20000 permille, rounded half up, at least 1 ms",
    plan_of(
        [Citizen(10), Citizen(50, 3 * MS), Citizen(60, 3 * MS), Citizen(70, MS)],
        [
            Official(duty=((10, 11), (60, 61)), speed=700),
            Official(duty=((50, 51),), speed=500),
            Official(duty=((70, 71),), speed=20000),
        ],
    ),
    # 600000 / 0.7 = 857142.86; 3 / 0.5 = 6; 3 / 0.7 = 4.29; 1 / 20 = 0.05
    [(10, 857143 * MS + 10, SERVED), (50, 50 + 6 * MS, SERVED), (60, 60 + 4 * MS, SERVED), (70, 70 + MS, SERVED)],
)
case(
    "work",
    "5 / 2 = 2.5 ms is rounded to 3",
    plan_of([Citizen(10, 5 * MS)], [Official(speed=2000)]),
    [(10, 10 + 3 * MS, SERVED)],
)

# Clause network

OUTAGE = ((0, 1000), (15, 0), (20, 1000))
NET, NO_NET = (0, True), (0, False)

case(
    "network",
    "an outage stops the work that needs it, and no other",
    plan_of(
        [Citizen(10), Citizen(10, procedure=1)], [Official(), Official()], procedures=(NET, NO_NET), network=OUTAGE
    ),
    [(10, 25, SERVED), (10, 20, SERVED)],
)
case(
    "network",
    "work that is done at the instant of an outage ends then; 1 ms more ends after it",
    plan_of([Citizen(10, 5), Citizen(10, 5 + MS)], [Official()] * 2, procedures=(NET,), network=OUTAGE),
    [(10, 15, SERVED), (10, 20 + MS, SERVED)],
)
case(
    "network",
    "at 300 permille 1 ms takes 4: the first at which W has reached it",
    plan_of(
        [Citizen(10, MS), Citizen(10, 6)],
        [Official()] * 2,
        procedures=(NET,),
        network=((0, 300), (20, 0), (30, 500), (40, 0), (50, 2000)),
    ),
    # of 6 minutes 3 are done by 20, and 3 more take 6 from 30 on
    [(10, 10 + 4 * MS, SERVED), (10, 36, SERVED)],
)
case(
    "network",
    "several outages in one service, and the last step goes on",
    plan_of([Citizen(10, 30)], procedures=(NET,), network=((0, 1000), (15, 0), (20, 1000), (25, 0), (40, 1000))),
    [(10, 60, SERVED)],
)
case(
    "network",
    "an official's speed divides the work, the network the rest",
    plan_of([Citizen(10, 20)], [Official(speed=2000)], procedures=(NET,), network=OUTAGE),
    [(10, 25, SERVED)],
)

# Clause down

DOWN = ((0, 1000), (10, 0), (20, 1000))
IN_THE_DARK = [Citizen(12), Citizen(13, 2, procedure=1)]

case(
    "down",
    "who needs the network waits for it, others pass",
    plan_of(IN_THE_DARK, procedures=(NET, NO_NET), network=DOWN),
    [(12, 30, SERVED), (13, 15, SERVED)],
    [(0, 0, 12, 20, 30), (1, 0, 13, 13, 15)],
)
case(
    "down",
    "where it may start, the citizen sits at the counter",
    plan_of(IN_THE_DARK, procedures=(NET, NO_NET), network=DOWN, starts_while_down=True),
    [(12, 30, SERVED), (13, 32, SERVED)],
    [(0, 0, 12, 12, 30), (1, 0, 13, 30, 32)],
)
case(
    "down",
    "at the instant it goes down nothing starts, at the instant it comes up work does; slow is not down",
    plan_of(
        [Citizen(10, 5), Citizen(20, 5), Citizen(30, 5)],
        [Official()] * 3,
        procedures=(NET,),
        network=((0, 1000), (10, 0), (20, 1000), (30, 500), (50, 1000)),
    ),
    [(10, 25, SERVED), (20, 25, SERVED), (30, 40, SERVED)],
    [(0, 0, 10, 20, 25), (1, 1, 20, 20, 25), (2, 2, 30, 30, 40)],
)

# Clause finish

case(
    "finish",
    "a service is finished after the shift, and nothing else is begun",
    plan_of([Citizen(10), Citizen(11)], [Official(duty=((0, 15), (40, 60)))]),
    [(10, 20, SERVED), (11, 50, SERVED)],
    [(0, 0, 10, 10, 20), (1, 0, 11, 40, 50)],
)

# Clause break

LUNCH = [Official(duty=((0, 15), (25, 60)))]

case(
    "break",
    "begun late, it ends on time",
    plan_of([Citizen(10), Citizen(11)], LUNCH),
    [(10, 20, SERVED), (11, 35, SERVED)],
)
case(
    "break",
    "begun late, in full",
    plan_of([Citizen(10), Citizen(11)], LUNCH, breaks_in_full=True),
    [(10, 20, SERVED), (11, 40, SERVED)],
)
case(
    "break",
    "a service longer than the break leaves none",
    plan_of([Citizen(10, 20), Citizen(11)], LUNCH),
    [(10, 30, SERVED), (11, 40, SERVED)],
)
case(
    "break",
    "a service longer than the break, in full",
    plan_of([Citizen(10, 20), Citizen(11)], LUNCH, breaks_in_full=True),
    [(10, 30, SERVED), (11, 50, SERVED)],
)
case(
    "break",
    "a service that ends as the break begins, or as it should end",
    plan_of(
        [Citizen(5), Citizen(11), Citizen(100, 25), Citizen(101)],
        [Official(duty=((0, 15), (25, 60), (90, 115), (125, 200)))],
        breaks_in_full=True,
    ),
    # the first is not late; the second begins at 125 and lasts 10
    [(5, 15, SERVED), (11, 35, SERVED), (100, 125, SERVED), (101, 145, SERVED)],
)
case(
    "break",
    "in full beyond the next shift, or to its end: that shift is missed, the one after it not",
    plan_of(
        [Citizen(10, 12), Citizen(11), Citizen(110), Citizen(111)],
        [Official(duty=((0, 15), (25, 28), (50, 115), (125, 130), (150, 180)))],
        breaks_in_full=True,
    ),
    # off from 22 to 32 and from 120 to 130
    [(10, 22, SERVED), (11, 60, SERVED), (110, 120, SERVED), (111, 160, SERVED)],
)
case(
    "break",
    "in full, and a service beyond the shift after the break as well: each break counts for itself",
    plan_of([Citizen(10, 30), Citizen(11)], [Official(duty=((0, 15), (25, 30), (50, 80)))], breaks_in_full=True),
    # the second break is 30 to 50, begun at 40
    [(10, 40, SERVED), (11, 70, SERVED)],
)
case(
    "break",
    "the night is no break",
    plan_of(
        [Citizen(10), Citizen(MINUTES + 1)],
        [Official(duty=((0, 15), (MINUTES, MINUTES + 60)))],
        horizon=2 * MINUTES,
        breaks_in_full=True,
    ),
    [(10, 20, SERVED), (MINUTES + 1, MINUTES + 11, SERVED)],
)

# Clause ranks: every pairing at one instant, 20

TWO_LONG = [Citizen(10, 30), Citizen(10, 30)]

case(
    "ranks",
    "completion before arrival: who comes as a counter is left needs no seat",
    plan_of([Citizen(10), Citizen(20)], halls=[Hall(seats=0)]),
    [(10, 20, SERVED), (20, 30, SERVED)],
)
case(
    "ranks",
    "completion, then the end of the shift: nobody is called",
    plan_of([Citizen(10), Citizen(15)], [Official(duty=((0, 20),))], horizon=60),
    [(10, 20, SERVED), (15, None, INSIDE)],
)
case(
    "ranks",
    "the end of a shift before an arrival",
    plan_of([Citizen(20)], [Official(duty=((0, 20), (30, 60)))]),
    [(20, 40, SERVED)],
)
case(
    "ranks",
    "the beginning of a shift, more counters and an arrival: called at once",
    plan_of([Citizen(20)], [Official(duty=((20, 60),))], halls=[Hall(0, seats=0)], limits=[(20, 0, 1)]),
    [(20, 30, SERVED)],
)
case(
    "ranks",
    "one shift begins as another ends",
    plan_of([Citizen(10), Citizen(15)], [Official(duty=((0, 20),)), Official(duty=((20, 60),))]),
    [(10, 20, SERVED), (15, 30, SERVED)],
    [(0, 0, 10, 10, 20), (1, 1, 15, 20, 30)],
)
case(
    "ranks",
    "the network goes down as somebody comes and an official is free",
    plan_of([Citizen(20, 5)], procedures=(NET,), network=((0, 1000), (20, 0), (30, 1000))),
    [(20, 35, SERVED)],
)
case(
    "ranks",
    "arrival, and another's patience ends: the seat is free",
    plan_of([Citizen(10, 30), Citizen(15, patience=5), Citizen(20)], halls=[Hall(seats=1)]),
    [(10, 40, SERVED), (15, 20, RENEGED), (20, 50, SERVED)],
)
case(
    "ranks",
    "completion, and the patience of who would be called ends: gone, the next is called",
    plan_of([Citizen(10), Citizen(15, patience=5), Citizen(16)]),
    [(10, 20, SERVED), (15, 20, RENEGED), (16, 30, SERVED)],
)
case(
    "ranks",
    "the network comes up, a shift begins, counters are opened, and patience ends: gone",
    plan_of(
        [Citizen(10, patience=10), Citizen(11, patience=9, procedure=1), Citizen(12, patience=9, procedure=1)],
        [Official(), Official(duty=((20, 60),))],
        procedures=(NET, NO_NET),
        halls=[Hall(0)],
        limits=[(20, 0, 5)],
        network=((0, 1000), (5, 0), (20, 1000)),
    ),
    [(10, 20, RENEGED), (11, 20, RENEGED), (12, 30, SERVED)],
)
case(
    "ranks",
    "completion, and those who wait are sent home: nobody is called",
    plan_of([Citizen(10), Citizen(15)], doors=[Door(0, 20, 20)]),
    [(10, 20, SERVED), (15, 20, AWAY)],
    [(0, 0, 10, 10, 20), (1, None, 15, None, 20)],
)
case(
    "ranks",
    "sent home as patience ends: sent home",
    plan_of([Citizen(10, 30), Citizen(15, patience=5)], doors=[Door(0, 20, 20)]),
    [(10, 40, SERVED), (15, 20, AWAY)],
)
case(
    "ranks",
    "the door closes as somebody comes",
    plan_of([Citizen(20 - MS), Citizen(20)], [Official()] * 2, doors=[Door(0, 20, 60)]),
    [(20 - MS, 30 - MS, SERVED), (None, 20, AWAY)],
)
case(
    "ranks",
    "the door opens at midnight as somebody comes, whichever was known first",
    plan_of(
        [Citizen(10), Citizen(MINUTES), Citizen(2 * MINUTES - 5, 20), Citizen(2 * MINUTES)],
        doors=[
            Door(0, 50, 50),
            Door(MINUTES, 2 * MINUTES - 1, 2 * MINUTES),
            Door(2 * MINUTES, 3 * MINUTES, 3 * MINUTES),
        ],
        horizon=4 * MINUTES,
    ),
    [
        (10, 20, SERVED),
        (MINUTES, MINUTES + 10, SERVED),
        (2 * MINUTES - 5, 2 * MINUTES + 15, SERVED),
        (2 * MINUTES, 2 * MINUTES + 25, SERVED),
    ],
)
case(
    "ranks",
    "the door closes at midnight as somebody comes, whichever was known first",
    plan_of(
        [Citizen(10), Citizen(MINUTES), Citizen(3 * MINUTES)],
        doors=[Door(0, MINUTES, MINUTES), Door(2 * MINUTES, 3 * MINUTES, 3 * MINUTES)],
        limits=[(2 * MINUTES + 50, 0, 5)],
        horizon=4 * MINUTES,
    ),
    [(10, 20, SERVED), (None, MINUTES, AWAY), (None, 3 * MINUTES, AWAY)],
)
case(
    "ranks",
    "balking follows dispatch, reneging precedes it: two come to one seat as one is called and one gives up",
    plan_of(
        [Citizen(10), Citizen(15, patience=5), Citizen(16), Citizen(20), Citizen(20)],
        halls=[Hall(seats=2)],
    ),
    [(10, 20, SERVED), (15, 20, RENEGED), (16, 30, SERVED), (20, 40, SERVED), (20, 50, SERVED)],
)
case(
    "ranks",
    "one pass an instant, after arrivals and reneging: the class of who comes last goes first",
    plan_of(
        [Citizen(10), Citizen(15), Citizen(16, patience=4), Citizen(20), Citizen(20, priority=1)],
        ranks=(1, 0),
        halls=[Hall(seats=2)],
    ),
    [(10, 20, SERVED), (15, 40, SERVED), (16, 20, RENEGED), (20, 50, SERVED), (20, 30, SERVED)],
)
case(
    "ranks",
    "two completions and two calls at one instant",
    plan_of([Citizen(10), Citizen(10), Citizen(15), Citizen(15)], [Official(), Official()]),
    [(10, 20, SERVED), (10, 20, SERVED), (15, 30, SERVED), (15, 30, SERVED)],
    [(0, 0, 10, 10, 20), (1, 1, 10, 10, 20), (2, 0, 15, 20, 30), (3, 1, 15, 20, 30)],
)
case(
    "ranks",
    "who comes from the guide and who comes in at one instant join by id",
    plan_of(
        [Citizen(10, guidance=10), Citizen(15, 10), Citizen(20, 10)],
        [Official(duty=((20, 60),)), Official(place=1, fields=(1,))],
    ),
    [(10, 40, SERVED), (15, 30, SERVED), (20, 50, SERVED)],
)

# Clause order

case(
    "order",
    "the lower rank first, then who joined first, then the lower id",
    plan_of(
        [Citizen(10), Citizen(11), Citizen(12, priority=1), Citizen(13, priority=1), Citizen(13, priority=1)],
        ranks=(1, 0),
    ),
    [(10, 20, SERVED), (11, 60, SERVED), (12, 30, SERVED), (13, 40, SERVED), (13, 50, SERVED)],
)
case(
    "order",
    "classes of one rank are one line",
    plan_of([Citizen(10), Citizen(11, priority=1), Citizen(12), Citizen(13, priority=1)], ranks=(4, 4)),
    [(10, 20, SERVED), (11, 30, SERVED), (12, 40, SERVED), (13, 50, SERVED)],
)
case(
    "order",
    "the lower id at one instant, also in different lines of one rank",
    plan_of(
        [Citizen(10), Citizen(11, priority=1, procedure=1), Citizen(11), Citizen(11, priority=1)],
        ranks=(4, 4),
        procedures=(NO_NET, NET),
        network=((0, 1000),),
    ),
    [(10, 20, SERVED), (11, 30, SERVED), (11, 40, SERVED), (11, 50, SERVED)],
)
case(
    "order",
    "it is the time they joined this queue that counts, not when they came",
    plan_of([Citizen(10), Citizen(11, guidance=4), Citizen(12)], [Official(), Official(place=1, fields=(1,))]),
    [(10, 20, SERVED), (11, 40, SERVED), (12, 30, SERVED)],
)
case(
    "order",
    "the first in line for whom nobody is there holds up nobody",
    plan_of(
        [Citizen(10), Citizen(11, procedure=1), Citizen(12)],
        [Official(), Official(fields=(1,), duty=((50, 90),))],
        procedures=(NO_NET, (1, False)),
    ),
    [(10, 20, SERVED), (11, 60, SERVED), (12, 30, SERVED)],
)
case(
    "order",
    "no free counter: nobody is called, whoever is idle",
    plan_of([Citizen(10), Citizen(11)], [Official(), Official()], halls=[Hall(1)]),
    [(10, 20, SERVED), (11, 30, SERVED)],
)
case(
    "order",
    "several calls in one pass: each takes the first for whom somebody is left",
    plan_of(
        [Citizen(10), Citizen(10, procedure=1), Citizen(10, procedure=1), Citizen(10)],
        [Official(fields=(0, 1)), Official(fields=(1,))],
        procedures=(NO_NET, (1, False)),
    ),
    [(10, 20, SERVED), (10, 20, SERVED), (10, 30, SERVED), (10, 30, SERVED)],
    [(0, 0, 10, 10, 20), (1, 1, 10, 10, 20), (2, 1, 10, 20, 30), (3, 0, 10, 20, 30)],
)

# Clause choice

case(
    "choice",
    "the fewest skills",
    plan_of([Citizen(10)], [Official(fields=(0, 1)), Official()], procedures=(NO_NET, (1, False))),
    [(10, 20, SERVED)],
    [(0, 1, 10, 10, 20)],
)
case(
    "choice",
    "then the longest idle: since the last service, or the beginning of the shift",
    plan_of(
        [Citizen(10, 5), Citizen(10, 4), Citizen(20), Citizen(21), Citizen(22)],
        [Official(), Official(), Official(duty=((14 + MS, 60),))],
    ),
    [(10, 15, SERVED), (10, 14, SERVED), (20, 30, SERVED), (21, 31, SERVED), (22, 32, SERVED)],
    [(0, 0, 10, 10, 15), (1, 1, 10, 10, 14), (2, 1, 20, 20, 30), (3, 2, 21, 21, 31), (4, 0, 22, 22, 32)],
)
case(
    "choice",
    "skills before idleness; a break begins idleness anew",
    plan_of(
        [Citizen(20), Citizen(21), Citizen(22)],
        [Official(duty=((0, 10), (15, 60))), Official(breadth=2), Official(duty=((12, 60),))],
    ),
    [(20, 30, SERVED), (21, 31, SERVED), (22, 32, SERVED)],
    [(0, 2, 20, 20, 30), (1, 0, 21, 21, 31), (2, 1, 22, 22, 32)],
)
case(
    "choice",
    "then the lowest id, also of those who are free at one instant",
    plan_of([Citizen(10, 5), Citizen(10, 5), Citizen(20), Citizen(20)], [Official(), Official()]),
    [(10, 15, SERVED), (10, 15, SERVED), (20, 30, SERVED), (20, 30, SERVED)],
    [(0, 0, 10, 10, 15), (1, 1, 10, 10, 15), (2, 0, 20, 20, 30), (3, 1, 20, 20, 30)],
)
case(
    "choice",
    "who has not the field, the class or the place may not serve",
    plan_of(
        [Citizen(10, priority=1)],
        [Official(fields=(1,)), Official(classes=(0,)), Official(place=1), Official(place=2), Official()],
        halls=[Hall(), Hall()],
        ranks=(0, 0),
        procedures=(NO_NET, (1, False)),
    ),
    [(10, 20, SERVED)],
    [(0, 4, 10, 10, 20)],
)

# Clause renege

GUIDE = Official(place=1, fields=(1,))

case(
    "renege",
    "in the queue",
    plan_of([Citizen(10, 30), Citizen(11, patience=7), Citizen(11, patience=40)]),
    [(10, 40, SERVED), (11, 18, RENEGED), (11, 50, SERVED)],
    [(0, 0, 10, 10, 40), (1, None, 11, None, 18), (2, 0, 11, 40, 50)],
)
case(
    "renege",
    "during guidance: they leave when they would wait again, even if somebody is free",
    plan_of([Citizen(10, guidance=10, patience=4)], [Official(), GUIDE]),
    [(10, 20, RENEGED)],
    [(0, 1, 10, 10, 20), (0, None, 20, None, 20)],
)
case(
    "renege",
    "at the very end of guidance: too late; 1 ms later: called",
    plan_of([Citizen(10, guidance=10, patience=10), Citizen(30, guidance=10, patience=10 + MS)], [Official(), GUIDE]),
    [(10, 20, RENEGED), (30, 50, SERVED)],
)
case(
    "renege",
    "during guidance, where the visit ends there: it does",
    plan_of([Citizen(10, guidance=10, patience=4, after_guidance=ADVISED)], [Official(), GUIDE]),
    [(10, 20, ADVISED)],
)
case(
    "renege",
    "it counts from the door: waiting for the guide, with the guide and waiting again",
    plan_of([Citizen(8, 50), Citizen(9, guidance=6), Citizen(10, guidance=5, patience=15)], [Official(), GUIDE]),
    [(8, 58, SERVED), (9, 68, SERVED), (10, 25, RENEGED)],
    [(0, 0, 8, 8, 58), (1, 1, 9, 9, 15), (1, 0, 15, 58, 68), (2, 1, 10, 15, 20), (2, None, 20, None, 25)],
)
case(
    "renege",
    "it counts from the door, not from the second queue: called by the guide at once, then waiting",
    plan_of([Citizen(8, 50), Citizen(10, guidance=5, patience=12)], [Official(), GUIDE]),
    [(8, 58, SERVED), (10, 22, RENEGED)],
)
case(
    "renege",
    "not during the service, and not at the gate",
    plan_of([Citizen(1, 30, patience=5), Citizen(2, patience=15)], doors=[Door(10, 60, 60)]),
    [(10, 40, SERVED), (10, 25, RENEGED)],
)

# Clause seats

case(
    "seats",
    "waiting people only, the last id balks first",
    plan_of([*TWO_LONG, Citizen(20), Citizen(20), Citizen(20)], [Official(), Official()], halls=[Hall(seats=2)]),
    [(10, 40, SERVED), (10, 40, SERVED), (20, 50, SERVED), (20, 50, SERVED), (20, 20, BALKED)],
    [(0, 0, 10, 10, 40), (1, 1, 10, 10, 40), (2, 0, 20, 40, 50), (3, 1, 20, 40, 50), (4, None, 20, None, 20)],
)
case(
    "seats",
    "who is called at once needs none, whatever their id: the class goes first, the seat by id",
    plan_of([Citizen(20), Citizen(20), Citizen(20, priority=1)], ranks=(1, 0), halls=[Hall(seats=1)]),
    [(20, 40, SERVED), (20, 20, BALKED), (20, 30, SERVED)],
)
case(
    "seats",
    "both queues of the point count, those of another do not",
    plan_of(
        [Citizen(10, guidance=30), Citizen(11, guidance=5), Citizen(12), Citizen(13, point=1)],
        [GUIDE],
        halls=[Hall(seats=1), Hall(seats=1)],
        horizon=40,
    ),
    [(10, None, INSIDE), (11, None, INSIDE), (12, 12, BALKED), (13, None, INSIDE)],
)
case(
    "seats",
    "who comes from the guide needs no new one, and takes it from who comes in then",
    plan_of([Citizen(10, guidance=10), Citizen(15), Citizen(20)], [GUIDE], halls=[Hall(seats=1)], horizon=60),
    [(10, None, INSIDE), (15, None, INSIDE), (20, 20, BALKED)],
)

# Clause reduction

case(
    "reduction",
    "three counters become one while three are busy, then two",
    plan_of(
        [Citizen(10, 20), Citizen(10, 22), Citizen(10, 24), Citizen(11), Citizen(11)],
        [Official()] * 3,
        limits=[(15, 0, 1), (40, 0, 2)],
    ),
    [(10, 30, SERVED), (10, 32, SERVED), (10, 34, SERVED), (11, 44, SERVED), (11, 50, SERVED)],
    [(0, 0, 10, 10, 30), (1, 1, 10, 10, 32), (2, 2, 10, 10, 34), (3, 0, 11, 34, 44), (4, 1, 11, 40, 50)],
)
case(
    "reduction",
    "to none, at the instant of a completion and an arrival",
    plan_of([Citizen(10), Citizen(20)], limits=[(20, 0, 0), (50, 0, 1)]),
    [(10, 20, SERVED), (20, 60, SERVED)],
)

# Clause gate

case(
    "gate",
    "they enter by id when it opens, before who comes at that ms; tickets likewise",
    plan_of(
        [Citizen(5), Citizen(3), Citizen(10), Citizen(10), Citizen(11)],
        doors=[Door(10, 90, 90)],
        halls=[Hall(tickets=3)],
    ),
    [(10, 20, SERVED), (10, 30, SERVED), (10, 40, SERVED), (None, 10, AWAY), (None, 11, AWAY)],
)
case(
    "gate",
    "at the horizon they stand there still",
    plan_of([Citizen(5), Citizen(6)], doors=[Door(10, 90, 90)], horizon=8),
    [(None, None, INSIDE), (None, None, INSIDE)],
    [],
)
case(
    "gate",
    "seats of those who come in together",
    plan_of([Citizen(3), Citizen(5), Citizen(6), Citizen(10)], doors=[Door(10, 90, 90)], halls=[Hall(seats=1)]),
    [(10, 20, SERVED), (10, 30, SERVED), (10, 10, BALKED), (10, 10, BALKED)],
)
case(
    "gate",
    "at the closing, after it, and on a closed day nobody gets in or stays; tickets are of the day and the point",
    plan_of(
        [
            Citizen(10, 5),
            Citizen(11, 5),
            Citizen(12, 5, point=1),
            Citizen(50),
            Citizen(70),
            Citizen(MINUTES + 15),
            Citizen(2 * MINUTES + 15, 5),
        ],
        [Official(), Official(place=2)],
        doors=[Door(10, 50, 50), Door(2 * MINUTES + 20, 2 * MINUTES + 50, 2 * MINUTES + 50)],
        halls=[Hall(tickets=1), Hall(tickets=1)],
        horizon=3 * MINUTES,
    ),
    [
        (10, 15, SERVED),
        (None, 11, AWAY),
        (12, 17, SERVED),
        (None, 50, AWAY),
        (None, 70, AWAY),
        (None, MINUTES + 15, AWAY),
        (2 * MINUTES + 20, 2 * MINUTES + 25, SERVED),
    ],
)

# Clause closing

STAY = [Official(duty=((0, 30),))]

case(
    "closing",
    "serve_out: until the cap, then who waits is turned away and who is served is finished",
    plan_of([Citizen(10), Citizen(11), Citizen(12)], STAY, doors=[Door(0, 20, 25)]),
    [(10, 20, SERVED), (11, 30, SERVED), (12, 25, AWAY)],
)
case(
    "closing",
    "send_home: at the closing",
    plan_of([Citizen(10, 15), Citizen(11), Citizen(12, guidance=5)], [*STAY], doors=[Door(0, 20, 20)]),
    [(10, 25, SERVED), (11, 20, AWAY), (12, 20, AWAY)],
)
case(
    "closing",
    "with the guide at the closing: they leave when they would begin to wait, unless their visit ends there",
    plan_of(
        [Citizen(15, guidance=10), Citizen(16, guidance=10, after_guidance=ADVISED)],
        [Official(), GUIDE, GUIDE],
        doors=[Door(0, 20, 20)],
    ),
    [(15, 25, AWAY), (16, 26, ADVISED)],
    [(0, 1, 15, 15, 25), (0, None, 25, None, 25), (1, 2, 16, 16, 26)],
)
case(
    "closing",
    "with the guide until the very closing; and with patience that ended: sent home",
    plan_of(
        [Citizen(10, guidance=10), Citizen(15, guidance=10, patience=7)],
        [Official(), GUIDE, GUIDE],
        doors=[Door(0, 20, 20)],
    ),
    [(10, 20, AWAY), (15, 25, AWAY)],
)
NEXT = MINUTES + 30
case(
    "closing",
    "carry_over: in front of their class the next day, not of another; the first in line for tickets",
    plan_of(
        [
            Citizen(5, 30),
            Citizen(11),
            Citizen(12, guidance=30),
            Citizen(MINUTES + 1),
            Citizen(MINUTES + 2, priority=1),
            Citizen(NEXT),
        ],
        [Official(duty=((0, 20), (NEXT, NEXT + 90))), GUIDE],
        ranks=(1, 0),
        doors=[Door(0, 20, 20), Door(NEXT, NEXT + 60, NEXT + 60)],
        halls=[Hall(tickets=4)],
        horizon=2 * MINUTES,
        carries_over=True,
        visits=9,
    ),
    [
        (5, 35, SERVED),
        (11, 20, CARRIED),
        (NEXT, NEXT + 20, SERVED),
        (12, 42, CARRIED),
        (NEXT, NEXT + 40, SERVED),
        (NEXT, NEXT + 30, SERVED),
        (NEXT, NEXT + 10, SERVED),
        (None, NEXT, AWAY),
    ],
)
case(
    "closing",
    "carry_over: over closed days, and to nowhere if no opening follows",
    plan_of(
        [Citizen(10, 30), Citizen(11), Citizen(3 * MINUTES + 11, 30), Citizen(3 * MINUTES + 12)],
        doors=[Door(0, 20, 20), Door(3 * MINUTES, 3 * MINUTES + 20, 3 * MINUTES + 20)],
        horizon=4 * MINUTES,
        carries_over=True,
        visits=9,
    ),
    [
        (10, 40, SERVED),
        (11, 20, CARRIED),
        (3 * MINUTES, 3 * MINUTES + 10, SERVED),
        (3 * MINUTES + 11, 3 * MINUTES + 41, SERVED),
        (3 * MINUTES + 12, 3 * MINUTES + 20, CARRIED),
    ],
)
case(
    "closing",
    "sent home at the midnight at which the door opens anew: the new day is not closed for good",
    plan_of(
        [Citizen(MINUTES - 5, 20), Citizen(MINUTES - 4), Citizen(MINUTES + 20)],
        doors=[Door(0, MINUTES - 1, MINUTES), Door(MINUTES, 2 * MINUTES - 1, 2 * MINUTES)],
        horizon=2 * MINUTES,
    ),
    [(MINUTES - 5, MINUTES + 15, SERVED), (MINUTES - 4, MINUTES, AWAY), (MINUTES + 20, MINUTES + 30, SERVED)],
)
case(
    "closing",
    "carried over at midnight: to the opening of the day that begins",
    plan_of(
        [Citizen(MINUTES - 5, 20), Citizen(MINUTES - 4, 9)],
        doors=[Door(day * MINUTES - 10, day * MINUTES, day * MINUTES) for day in (1, 2, 3)],
        horizon=3 * MINUTES,
        carries_over=True,
        visits=9,
    ),
    [
        (MINUTES - 5, MINUTES + 15, SERVED),
        (MINUTES - 4, MINUTES, CARRIED),
        (2 * MINUTES - 10, 2 * MINUTES - 1, SERVED),
    ],
)
case(
    "closing",
    "carry_over: not once they have come as often as they may",
    plan_of(
        [Citizen(10, 30), Citizen(11)],
        doors=[Door(0, 20, 20), Door(MINUTES, MINUTES + 20, MINUTES + 20)],
        horizon=2 * MINUTES,
        carries_over=True,
        visits=1,
    ),
    [(10, 40, SERVED), (11, 20, CARRIED)],
)

# Clauses speed and weak

case(
    "speed",
    "what has begun goes on as it was, what begins at the very instant does not",
    plan_of([Citizen(10), Citizen(15)], changes=[(12, Change.SPEED, 0, 2000), (20, Change.SPEED, 0, 500)]),
    [(10, 20, SERVED), (15, 40, SERVED)],
)
case(
    "weak",
    "slower in the field that does not suit, and taken in wrongly what would have been served",
    plan_of(
        [Citizen(10), Citizen(40, procedure=1), Citizen(60, outcome=ADVISED), Citizen(90, dossiers=7)],
        [Official(fields=(0, 1), weak=(0,), speed=2000)],
        procedures=((0, False), (1, False)),
        weak_speed=357,
        errs=WHOLE,
    ),
    # 2000 * 0.357 = 714 permille: 600000 / 0.714 = 840336.13
    [
        (10, 10 + 840336 * MS, INCOMPLETE),
        (40, 45, SERVED),
        (60, 60 + 840336 * MS, ADVISED),
        (90, 90 + 840336 * MS, INCOMPLETE),
    ],
)
case(
    "weak",
    "every pairing, by its share",
    plan_of(
        [Citizen(10), Citizen(40, procedure=1)], [Official(fields=(0, 1))], procedures=((0, False), (1, False))
    )._replace(rules=rules(horizon=DAY, weak=WHOLE, weak_speed=500)),
    [(10, 30, SERVED), (40, 60, SERVED)],
)

# Clauses paper and record

case(
    "paper",
    "begun in an outage; overtaken by one; done at its very instant; slow before it",
    plan_of(
        [Citizen(10), Citizen(10, 5), Citizen(16, 2, left=1, outcome=INCOMPLETE), Citizen(17, 2, procedure=1)],
        [Official()] * 2,
        procedures=(NET, NO_NET),
        network=OUTAGE,
        paper=500,
        record=2 * MINUTE,
    ),
    # of 10 minutes 5 are left at 15, which take 10; then 2 are typed in; what is not accepted is not typed in
    [(10, 25, SERVED), (10, 15, SERVED), (16, 20, INCOMPLETE), (17, 22, SERVED)],
    [(0, 0, 10, 10, 25), (0, 1, 25, 25, 27), (1, 1, 10, 10, 15), (2, 1, 16, 16, 20), (3, 1, 17, 20, 22)],
)
case(
    "paper",
    "a slow network before the outage, and one that is up again before the end",
    plan_of([Citizen(10)], procedures=(NET,), network=((0, 500), (15, 0), (20, 1000)), paper=1000, record=MINUTE),
    [(10, 22.5, SERVED)],
    [(0, 0, 10, 10, 22.5), (0, 0, 22.5, 22.5, 23.5)],
)
LONG = ((0, 1000), (15, 0), (60, 1000))
case(
    "record",
    "waits for the network, then for all who wait, by when it joined; a dossier at a time",
    plan_of(
        [Citizen(10), Citizen(58, 5, dossiers=7, left=2, outcome=INCOMPLETE), Citizen(64, 5, procedure=1)],
        procedures=(NET, NO_NET),
        network=LONG,
        paper=1000,
        record=2 * MINUTE,
    ),
    [(10, 20, SERVED), (58, 63, INCOMPLETE), (64, 70, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 63, 65), (1, 0, 58, 58, 63), (1, 0, 63, 70, 74), (2, 0, 64, 65, 70)],
)
case(
    "record",
    "after hours: from the instant the door closes; an outage stops it; the horizon leaves it undone",
    plan_of(
        [Citizen(10), Citizen(12)],
        [Official(), Official()],
        doors=[Door(0, 30, 40)],
        procedures=(NET,),
        network=((0, 1000), (15, 0), (20, 1000), (31, 0), (50, 1000)),
        paper=1000,
        record=2 * MINUTE,
        records_after_hours=True,
        horizon=51,
    ),
    [(10, 20, SERVED), (12, 22, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, 30, None), (1, 1, 12, 12, 22), (1, 1, 22, 30, None)],
)
case(
    "record",
    "nobody with the skill: it stays; the closing does not end it, and the next day it is done",
    plan_of(
        [Citizen(10)],
        [Official(duty=((0, 20), (MINUTES, MINUTES + 60)))],
        doors=[Door(0, 15, 15), Door(MINUTES, MINUTES + 60, MINUTES + 60)],
        procedures=(NET,),
        network=((0, 1000), (15, 0), (30, 1000)),
        paper=1000,
        record=2 * MINUTE,
        horizon=2 * MINUTES,
    ),
    [(10, 20, SERVED)],
    [(0, 0, 10, 10, 20), (0, 0, 20, MINUTES, MINUTES + 2)],
)

# Clauses away and move

case(
    "away",
    "absent or called away, an official does not come",
    plan_of(
        [Citizen(10)],
        [Official(called_away=1), Official(absent=1, spell=3), Official(duty=((30, 60),), absent=0, called_away=0)],
    ),
    [(10, 40, SERVED)],
    [(0, 2, 10, 30, 40)],
)
case(
    "away",
    "a storm keeps an official away on its day, whenever their shifts begin, and on no other",
    plan_of(
        [Citizen(10), Citizen(MINUTES + 10)],
        [Official(duty=((0, 20), (30, 60), (MINUTES, MINUTES + 60)), storm=1)],
        doors=[Door(0, 60, 60), Door(MINUTES, MINUTES + 60, MINUTES + 60)],
        storms=[0],
        horizon=2 * MINUTES,
    ),
    [(10, 60, AWAY), (MINUTES + 10, MINUTES + 20, SERVED)],
)
TWO_HALLS = (Hall(), Hall())
case(
    "move",
    "who is being served is served to the end; at the old place nobody is left",
    plan_of(
        [Citizen(10, 15), Citizen(12, 5, point=1), Citizen(30, 5)],
        halls=TWO_HALLS,
        changes=[(20, Change.MOVE, 0, 2)],
        horizon=60,
    ),
    [(10, 25, SERVED), (12, 30, SERVED), (30, None, INSIDE)],
)
case(
    "move",
    "who is idle goes at once, and has been idle since then; off duty they are there when they come",
    plan_of(
        [Citizen(20, 5, point=1), Citizen(30, 5, point=1), Citizen(32, 5, point=1), Citizen(50, 5)],
        [Official(), Official(duty=((10, 60),), place=2), Official(duty=((45, 60),), place=2)],
        halls=TWO_HALLS,
        changes=[(20, Change.MOVE, 0, 2), (40, Change.MOVE, 2, 0)],
    ),
    [(20, 25, SERVED), (30, 35, SERVED), (32, 37, SERVED), (50, 55, SERVED)],
    [(0, 1, 20, 20, 25), (1, 0, 30, 30, 35), (2, 1, 32, 32, 37), (3, 2, 50, 50, 55)],
)
case(
    "move",
    "a counter of the old place is taken until the service there ends",
    plan_of(
        [Citizen(10), Citizen(12, 5)],
        [Official(), Official(duty=((11, 100),))],
        halls=[Hall(counters=1), Hall()],
        changes=[(15, Change.MOVE, 0, 2)],
    ),
    [(10, 20, SERVED), (12, 25, SERVED)],
)

# Clause law

EVENINGS = [Door(0, 40, 60), Door(MINUTES, MINUTES + 40, MINUTES + 60)]
ON_DUTY = Official(duty=((0, 60), (MINUTES, MINUTES + 60)))
LATE = [Citizen(35, 20), Citizen(MINUTES + 35, 5), Citizen(MINUTES + 38, 5)]
STAYS = [(40, Change.STAY, 0, 20), (MINUTES + 40, Change.STAY, 0, 20)]


def evenings(
    changes: list[tuple[float, Change, int, float]],
    months: tuple[int, int] = (0, 0),
    month_limit: int = UNLIMITED,
    year_limit: int = UNLIMITED,
) -> Plan:
    """15 minutes of overtime on the first day; on the second somebody waits as the shifts end."""
    plan = plan_of(LATE, [ON_DUTY], doors=EVENINGS, horizon=2 * MINUTES, changes=[*STAYS, *changes])
    plan.rules.month_limit, plan.rules.year_limit = month_limit, year_limit
    plan.days["month"] = months
    return plan


STAYED: Visits = [(35, 55, SERVED), (MINUTES + 35, MINUTES + 40, SERVED), (MINUTES + 38, MINUTES + 45, SERVED)]
WENT: Visits = [*STAYED[:2], (MINUTES + 38, MINUTES + 60, AWAY)]
FULL = 35 * MINUTE
case("law", "15 minutes worked and 20 to come are within 35", evenings([], month_limit=FULL, year_limit=FULL), STAYED)
case("law", "and beyond 34.99 of a month", evenings([], month_limit=FULL - 1), WENT)
case("law", "or of a year", evenings([], year_limit=FULL - 1), WENT)
case("law", "a new month begins at nothing", evenings([], (0, 1), month_limit=FULL - 1), STAYED)
case("law", "the year goes on", evenings([], (0, 1), year_limit=FULL - 1), WENT)
case("law", "until it is over", evenings([], (11, 12), year_limit=FULL - 1), STAYED)
case("law", "planned overtime counts", evenings([(1, Change.EXTRA, 0, 1)], month_limit=FULL), WENT)

# Clause result

LEADER = Official(place=2, fields=(2,))
case(
    "result",
    "signed, then handed over before all who wait",
    plan_of(
        [Citizen(10, 5, signature=3, collection=2), Citizen(16, 1), Citizen(17, 9), Citizen(17, 1)],
        [Official(), LEADER],
    ),
    [(10, 28, SERVED), (16, 17, SERVED), (17, 26, SERVED), (17, 29, SERVED)],
    [
        (0, 0, 10, 10, 15),
        (0, 1, 15, 15, 18),
        (0, 0, 18, 26, 28),
        (1, 0, 16, 16, 17),
        (2, 0, 17, 17, 26),
        (3, 0, 17, 28, 29),
    ],
)
case(
    "result",
    "leaders sign by class and visit, at an instant too; what is incomplete is not signed; patience is not asked",
    plan_of(
        [
            Citizen(9, 6, signature=9, priority=1),
            Citizen(10, 5, signature=3, patience=6, procedure=1, priority=1),
            Citizen(10, 5, signature=3, priority=1),
            Citizen(11, 4, signature=2),
            Citizen(12, 3, signature=2, outcome=INCOMPLETE, left=1),
        ],
        [*[Official(fields=(0, 1))] * 6, Official(place=2, fields=(3,))],
        ranks=(0, 1),
        procedures=((0, False), (1, False)),
    ),
    [(9, 27, SERVED), (10, 30, SERVED), (10, 33, SERVED), (11, 18, SERVED), (12, 15, INCOMPLETE)],
)
case(
    "result",
    "after the cut-off it is owed; at the cut-off it is made; who waits as all are sent home is owed it",
    plan_of(
        [Citizen(10, 5, signature=3), Citizen(13, 4, signature=20), Citizen(13, 5, signature=3)],
        [Official(), Official(), Official(), LEADER],
        doors=[Door(0, 30, 30)],
        cut_off=17 * MINUTE,
    ),
    [(10, 19, SERVED), (13, 38, SERVED), (13, 18, SERVED)],
    [
        (0, 0, 10, 10, 15),
        (0, 3, 15, 15, 18),
        (0, 0, 18, 18, 19),
        (1, 1, 13, 13, 17),
        (1, 3, 17, 18, 38),
        (1, None, 38, None, 38),
        (2, 2, 13, 13, 18),
    ],
)
case(
    "seats",
    "who waits for a result keeps a seat until it is handed over",
    plan_of(
        [Citizen(10, 5, signature=10), Citizen(12, 5), Citizen(16), Citizen(25, 3), Citizen(25.5)],
        [Official(), LEADER],
        halls=[Hall(seats=1)],
    ),
    [(10, 26, SERVED), (12, 20, SERVED), (16, 16, BALKED), (25, 29, SERVED), (25.5, 25.5, BALKED)],
)

# Clauses board and rules

FIVE = 5 * MINUTE
RESERVE = Official(place=3, rule=Rule.OPEN, home=0, high=2, low=0)
case(
    "board",
    "published after the other changes of the instant, before arrivals: three wait at 15, of whom one came at 15",
    plan_of([Citizen(7), Citizen(8), Citizen(10), Citizen(15)], [Official(), RESERVE], tick=FIVE, horizon=18),
    # at 10 only the second waits; at 15 the second and the third do, and the reserve is there at once
    [(7, 17, SERVED), (8, None, INSIDE), (10, None, INSIDE), (15, None, INSIDE)],
    [(0, 0, 7, 7, 17), (1, 1, 8, 15, None), (2, 0, 10, 17, None), (3, None, 15, None, None)],
)
case(
    "rules",
    "open one more: one official a board; aside again at the board at which nobody waits",
    plan_of(
        [Citizen(1, 60), *[Citizen(2, 7)] * 4, Citizen(31, 5)],
        [Official(), RESERVE, RESERVE],
        tick=FIVE,
        horizon=62,
    ),
    # 5: four wait, the first reserve comes; 10: three still wait, the second; both are busy until nobody waits at 17
    [(1, 61, SERVED), (2, 12, SERVED), (2, 17, SERVED), (2, 19, SERVED), (2, 24, SERVED), (31, None, INSIDE)],
    [
        (0, 0, 1, 1, 61),
        (1, 1, 2, 5, 12),
        (2, 2, 2, 10, 17),
        (3, 1, 2, 12, 19),
        (4, 2, 2, 17, 24),
        (5, 0, 31, 61, None),
    ],
)
FLOATS = Official(rule=Rule.FLOAT, home=0, high=2)
case(
    "rules",
    "float: to the point where most wait, with a way to go; what is being served is served to the end",
    plan_of(
        [Citizen(1, 8), *[Citizen(2, 10, point=1)] * 2],
        [replace(FLOATS, travel=7)],
        halls=[Hall(), Hall()],
        tick=FIVE,
        horizon=60,
    ),
    # sent at 5, done at 9, there at the first board after 12
    [(1, 9, SERVED), (2, 25, SERVED), (2, 35, SERVED)],
)
case(
    "rules",
    "float: not for one more, and nobody follows at the same board",
    plan_of(
        [*[Citizen(2, 30, point=1)] * 3],
        [FLOATS, FLOATS, replace(FLOATS, high=4)],
        halls=[Hall(), Hall()],
        tick=FIVE,
        horizon=60,
    ),
    [(2, 35, SERVED), (2, 40, SERVED), (2, None, INSIDE)],
    [(0, 0, 2, 5, 35), (1, 1, 2, 10, 40), (2, 0, 2, 35, None)],
)
TWO_DAYS = [Door(0, 60, 60), Door(MINUTES, MINUTES + 60, MINUTES + 60)]
case(
    "rules",
    "tomorrow: where the mean wait was longest, from so much on",
    plan_of(
        [*[Citizen(10, 10, point=1)] * 3, Citizen(MINUTES + 10, 10), Citizen(MINUTES + 10, 10, point=1)],
        [Official(place=2), Official(rule=Rule.TOMORROW, home=0, high=10)],
        halls=[Hall(), Hall()],
        doors=TWO_DAYS,
        tick=FIVE,
        horizon=MINUTES + 30,
    ),
    # 0, 10 and 20 minutes: a mean of 10, so that nobody is left at the first point
    [
        (10, 20, SERVED),
        (10, 30, SERVED),
        (10, 40, SERVED),
        (MINUTES + 10, None, INSIDE),
        (MINUTES + 10, MINUTES + 20, SERVED),
    ],
    [
        (0, 0, 10, 10, 20),
        (1, 0, 10, 20, 30),
        (2, 0, 10, 30, 40),
        (3, None, MINUTES + 10, None, None),
        (4, 0, MINUTES + 10, MINUTES + 10, MINUTES + 20),
    ],
)

# Clauses that are laws rather than single situations


def settlements(plan: Plan) -> list[float]:
    """The instants, in minutes, at which the reference engine makes a dispatch pass."""
    center, found = Center(plan), []
    settle = center.env.settle

    def counted() -> None:
        found.append(in_minutes(center.env.now))
        settle()

    center.env.settle = counted
    center.env.process(calendar(center))
    center.env.process(center.arrivals())
    center.env.run(until=plan.rules.horizon)
    return found


def test_clause_pass() -> None:
    # No pass at 27, when the patience of the second ends in its service, at 50, when the door and the shift
    # end with nobody there, nor at 55, when somebody is turned away; one at 30 for a completion and an arrival.
    plan = plan_of(
        [Citizen(10), Citizen(12, patience=15), Citizen(30, 5), Citizen(31, patience=2), Citizen(55)],
        [Official(duty=((5, 50),))],
        doors=[Door(0, 50, 50)],
        limits=[(40, 0, 3)],
        horizon=60,
    )
    assert settlements(plan) == [0, 5, 10, 12, 20, 30, 31, 33, 35, 40]


@ENGINES
def test_clause_outcome(engine: Callable[[Plan], Trace]) -> None:
    seen: set[int] = set()
    for seed in range(60):
        plan = random_plan(Random(seed))
        visits = engine(plan).visits
        names = visits[["center", "citizen", "visit"]]
        assert len(np.unique(names)) == len(visits)
        came = np.flatnonzero(plan.columns["arrival"] < plan.rules.horizon)
        assert np.array_equal(visits["citizen"][visits["visit"] == 0], came)
        seen |= set(visits["outcome"].tolist())
        inside = visits["outcome"] == INSIDE
        assert np.array_equal(visits["departure"] == NEVER, inside)
    assert seen == set(Outcome)


@ENGINES
def test_clause_rows(engine: Callable[[Plan], Trace]) -> None:
    for seed in range(60):
        plan = random_plan(Random(seed))
        trace = engine(plan)
        visits, tasks = trace.visits, trace.tasks
        assert np.array_equal(visits, np.sort(visits, order=["center", "citizen", "visit"]))
        assert np.array_equal(tasks, np.sort(tasks, order=["visit", "entry", "kind", "start"]))
        mine, kind = visits[tasks["visit"]], tasks["kind"] - plan.fields
        assert (tasks["entry"] >= mine["entry"]).all()
        stays = (tasks["end"] != NEVER) & (kind < Kind.RECORD)
        departure = np.where(mine["departure"] == NEVER, DAY * 9, mine["departure"])
        assert (tasks["end"][stays] <= departure[stays]).all()
        of_leaders, steps = np.isin(kind, (Kind.SIGNATURE, Kind.APPROVAL)), kind == Kind.STEP
        rooms, center = 2 * len(plan.points), plan.points["center"][mine["point"]].astype(np.int64)
        hall = kind == Kind.GUIDANCE
        place = np.where(of_leaders, rooms + ROOMS * center + Room.LEADERS, 2 * mine["point"] + hall)
        asked = rooms + ROOMS * plan.centers["asked"][center] + Room.REMOTE
        place = np.where(kind == Kind.CONSULTATION, asked, place)
        assert np.array_equal(tasks["place"][~steps], place[~steps])
        ways = zip(tasks["place"][steps] // 2, mine["point"][steps], strict=True)
        assert all(place in plan.offices[point] for place, point in ways)
