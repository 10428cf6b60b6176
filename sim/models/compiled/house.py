"""The state of a center in the compiled engine: one row a visit inside, a queue, a place, a point, an official."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.attributes import VISIT
from sim.plan import ROOMS, Plan, Room, Table

GUIDE, COUNTER, SIGN, COLLECT, RECORD = range(5)  # stages of a visit; RECORD: of what it left to be typed in
STEP, APPROVAL, CHECK, CONSULT, READY = range(5, 10)  # but for CONSULT of the back office, a row of their own
LATER = 2  # where in ``start`` and ``official`` all stages after the counter are
EXTRA_TASKS = 3  # of a visit, at most
CUTS = 3  # stretches of work on cases that a visit may end
WAITING, SERVED, ELSEWHERE = range(3)
UNCHANGED, ONE_JOINED, ONE_IDLE, ANYTHING = range(4)  # what changed at a place since its last dispatch pass
NETWORK_HELD, RECORDS_HELD, HALL_OPEN = 1, 2, 4  # reasons for which a queue waits
FAR = 1 << 57  # ms
NOBODY = np.uint32((1 << 32) - 1)
SHELF_BITS = 3
SHELF = 1 << SHELF_BITS
BITS = 60  # of a set of queues of a place: queues whose offsets are equal modulo BITS share one

INSIDE = np.dtype(
    [
        ("number", "i8"),  # by which ties are decided: visits in the order in which they arrive
        ("entry", "i8"),
        ("joined", "i8"),  # when they came to the place where they wait, or waited last
        ("patience", "i8"),
        ("guidance", "i8"),  # of a case: the speed of the present stretch
        ("work", "i8"),  # of a case: what is left of the step, in UNIT of a ms
        ("place", "u4"),
        ("queue", "u4"),
        ("signature", "i8"),  # of a case: W as the present stretch began
        ("collection", "i8"),  # of a case: the row of its step
        ("guide_end", "i8"),
        ("counter_end", "i8"),
        ("start", "i8", (3,)),  # by stage; LATER is that of the present one
        ("departure", "i8"),
        ("official", "i4", (3,)),
        ("timer", "u4"),  # place in the heap of those whose patience counts
        ("result", "i2"),
        ("stage", "i1"),
        ("state", "i1"),
        ("owed", "?"),  # a result is due and not in hand
        ("on_paper", "?"),
        *[(name, VISIT[name]) for name in ("after_guidance", "outcome", "point", "priority", "procedure", "carried")],
        ("collects", "?"),
        *[(name, VISIT[name]) for name in ("citizen", "rank", "arrival", "travel", "dossiers", "left")],
        *[(name, VISIT[name]) for name in ("visit", "attempt", "purpose", "channel")],
    ],
    align=True,
)
CLOCK = np.dtype(
    [
        ("now", "i8"),
        ("end", "i8"),  # the next instant of each kind: completion, change, arrival or midnight, patience
        ("calendar", "i8"),
        ("arrival", "i8"),
        ("expiry", "i8"),
        ("change_at", "i8"),  # of the calendar: the next row, step of the network, and end of a break taken late
        ("step_at", "i8"),
        ("tick_at", "i8"),  # and the next board
        ("back_at", "i8"),
        ("road_at", "i8"),  # who is on the road to another point is there
        ("change", "i8"),  # the next row of the changes, and of the program of which day
        ("change_day", "i8"),
        ("turn", "i8"),  # of the steps of all networks, the next; how many centers' networks are down
        ("down", "i8"),
        ("day", "i8"),  # to be looked up next
        ("next", "u4"),  # of today's visits, the next and how many
        ("today", "u4"),
        ("number", "i8"),
        ("dirty", "u4"),  # how many places have changed; visits that leave, have joined, are timed
        ("leaving", "u4"),
        ("joined", "u4"),
        ("timed", "u4"),
        ("free", "u4"),  # rows
        ("visits", "u4"),  # ended
        ("others", "u4"),  # tasks after the counter that are over
        ("decisions", "u4"),  # of rules
        ("extra", "i8"),  # how many of these a visit may have
        ("behind", "i8"),  # how many rows it may leave: of records, of cases
        ("stretches", "u4"),  # of cases, over and not written down yet
        ("grown", "u4"),  # how many centers have somebody who joined a queue, or a record, at this instant
        ("heads", "u4"),  # before the visits in the lines
        ("shelf", "u4"),  # of the official who is done next
        ("handing", "u4"),  # of the queues of counters, counted from the first: for results, of records and of cases
        ("typing", "u4"),
        ("checks", "u4"),  # 0 where nobody files from home
        ("cases", "u4"),
        ("gate", "u4"),  # the first point at which somebody may stand there, where it is open
        ("by_rule", "?"),  # an official goes by one
        ("asks", "?"),  # or by one that is not compiled; it is asked at this board, and has answered
        ("asked", "?"),
        ("let_in", "?"),  # somebody stands at a gate that is open
        ("unsettled", "?"),
    ],
    align=True,
)
POINT = np.dtype(
    [
        ("issued", "i8"),
        ("results", "i8"),  # how many sit here until their result is handed over
        ("waited", "i8", (2,)),  # today, and on the last day on which anybody was received: ms at the counters
        ("received", "i8", (2,)),
        ("records", "i8"),  # to be typed in
        ("center", "i8"),
        ("opened", "?"),
        ("closed_for_good", "?"),
    ],
    align=True,
)
PLACE = np.dtype(
    [
        ("limit", "i8"),
        ("busy", "i8"),
        ("waiting", "i8"),
        ("on_duty", "i8"),  # who work here and receive citizens
        ("holds", "i8"),  # what waits: NETWORK_HELD and RECORDS_HELD as its network is down, HALL_OPEN as its hall is
        ("full_until", "i8"),  # its network does not hold up what ends by then
        ("occupied", "i8"),  # the set of its queues in which somebody stands; more where queues share bits
        ("of_cases", "i8"),  # the set of its queues of cases
        ("queue", "u4"),  # its queues: the first, and the one after the last
        ("queue_end", "u4"),
        ("one", "u4"),  # the visit that joined, or the official who became idle, and stands in no line yet
        ("change", "i4"),
    ],
    align=True,
)
CENTER = np.dtype(
    [
        ("step", "i8"),  # of its network, that holds; NEVER before the first
        ("first", "i8"),  # its first point, and the one after its last
        ("last", "i8"),
        ("most_waiting", "i8"),  # people in its queues, and records to be typed in: most at once in the measured time
        ("most_records", "i8"),
        ("grows", "?"),  # is among those that have grown
    ],
    align=True,
)
QUEUE = np.dtype(
    [
        ("rank", "i8"),
        ("joined", "i8"),  # when somebody joined it last
        ("bit", "i8"),  # in a set of queues of its place; and the same where it is no other's, else 0
        ("own_bit", "i8"),
        ("kind_bit", "u8"),
        ("class_bit", "u8"),
        ("hold", "i8"),  # for what it waits
        ("network", "?"),
        ("urgent", "?"),  # a citizen waits
        ("of_cases", "?"),
    ],
    align=True,
)
OFFICIAL = np.dtype(
    [
        ("off", "i8"),
        ("left", "i8"),
        ("owed", "i8"),
        ("back", "i8"),
        ("since", "i8"),
        ("serves", "i8"),  # the set of queues of the place that the official may serve; more where they share bits
        ("skills", "u8"),
        ("classes", "u8"),
        ("speed", "i8"),
        ("paid_until", "i8"),  # the end of the day's last shift once it is past
        ("overtime", "i8", (2,)),  # ms of the present month and year; and the month
        ("month", "i8"),
        ("due", "i8"),  # when they are at the target to which a rule sent them
        ("target", "i8"),
        ("wish", "i8"),  # the place that a rule which is not compiled said
        ("receives", "i8"),  # 1 where they receive citizens, else 0
        ("breadth", "i4"),
        ("place", "u4"),
        ("slot", "u4"),
        ("may_be_weak", "?"),
        ("on_duty", "?"),
        ("busy", "?"),
        ("at_desk", "?"),  # busy with a case
    ],
    align=True,
)


STRETCH = np.dtype([(name, "i8") for name in ("slot", "stage", "place", "official", "entry", "start", "end")])


class House(NamedTuple):
    """All that changes in a run.

    ``inside``: INSIDE[n], of which ``free``, uint32[n], lists those not in use, the next one last.
    ``lines`` and ``idle`` are rings (see :mod:`.rings`): visits in ``lines``, after the heads of the queues, of the
    gates of the points and of the road between them; idle officials in ``idle``, in the order of their claim, after the
    heads of the places and those of their desks, at which officials work on cases. ``stretches``: STRETCH[officials].
    ``ends``: when each official is done, times SHELF plus their place in a shelf of SHELF; ``soonest``: the least of
    each shelf, ``racks``: of each SHELF of these. ``of_procedure``: the queue of a procedure, counted from the first of
    its place and class. ``dirty``: places; ``leaving``, ``joined`` and ``timed``: rows of visits; ``grown``: centers.
    ``board``: int64[points, Board]. ``turns``: of the plan, see :func:`sim.outages.turns`.
    """

    clock: Any
    inside: Table
    free: Table
    points: Table
    places: Table
    centers: Table
    queues: Table
    officials: Table
    lines: Table
    idle: Table
    ends: Table
    soonest: Table
    racks: Table
    of_procedure: Table
    dirty: Table
    leaving: Table
    joined: Table
    timed: Table
    grown: Table
    stretches: Table
    turns: Table
    board: Table


def may_serve(one: Any, line: Any) -> bool:
    """Whether an official has the skill and the class of a queue."""
    return bool(one["skills"] & line["kind_bit"] and one["classes"] & line["class_bit"])


def choose_queues(house: House, number: Any) -> None:
    """The set of queues that an official may serve where they work now."""
    one = house.officials[number]
    place, one["serves"] = house.places[one["place"]], 0
    for queue in range(place["queue"], place["queue_end"]):
        if may_serve(one, house.queues[queue]):
            one["serves"] |= house.queues[queue]["bit"]


def gate_of(house: House, point: Any) -> Any:
    """The head of those who stand at the gate of a point."""
    return np.uint32(len(house.queues)) + np.uint32(point)


def road_of(house: House) -> Any:
    """The head of those who are on the road to another point, in the order in which they will be there."""
    return np.uint32(len(house.queues)) + np.uint32(len(house.points))


def leaders_of(plan: Plan, point: Any) -> Any:
    """The place of the leaders of the center of a point."""
    return _room(plan, plan.points[point]["center"], Room.LEADERS)


def aside(plan: Plan) -> Any:
    """The place where nobody is served."""
    return _room(plan, 0, Room.ASIDE)


def remote(plan: Plan, center: Any) -> Any:
    """The place of those whom the officials of a center ask over a link."""
    return _room(plan, plan.centers[center]["asked"], Room.REMOTE)


def _room(plan: Plan, center: Any, room: int) -> Any:
    return np.uint32(2 * len(plan.points) + ROOMS * center + room)


def is_asked(house: House, place: Any) -> bool:
    """Whether a place is of those who are asked over a link."""
    rooms = np.uint32(2 * len(house.points))
    return bool(place >= rooms and (place - rooms) % np.uint32(ROOMS) == np.uint32(Room.REMOTE))


def desk_of(house: House, place: Any) -> Any:
    """The head of those who work on cases at a place."""
    return np.uint32(len(house.places)) + np.uint32(place)


def first_official(house: House) -> Any:
    """Where in ``idle`` the officials stand, after all heads."""
    return np.uint32(2 * len(house.places))


def first_in(house: House, head: Any) -> Any:
    """The row of the visit that is first in a line."""
    return np.uint32(house.lines[head]["after"] - house.clock["heads"])


def lowest(bits: int) -> int:
    """The position of the lowest bit of a set that has one: the exponent of that bit as a number."""
    return int((np.float64(bits & -bits).view(np.int64) >> 52) - 1023)
