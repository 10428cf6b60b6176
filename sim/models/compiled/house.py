"""The state of a center in the compiled engine: one row a visit inside, a queue, a place, a point, an official."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sim.attributes import VISIT
from sim.models.compiled.rings import LINK, clear
from sim.plan import Plan, Shared, Table
from sim.units import NEVER

GUIDE, COUNTER = 0, 1  # stages of a visit
WAITING, SERVED, ELSEWHERE = range(3)
UNCHANGED, ONE_JOINED, ONE_IDLE, ANYTHING = range(4)  # what changed at a place since its last dispatch pass
FAR = 1 << 57  # ms
NOBODY = np.uint32((1 << 32) - 1)
SHELF = 16
BITS = 60  # of a set of queues of a place: queues whose offsets are equal modulo BITS share one

INSIDE = np.dtype(
    [
        ("number", "i8"),  # by which ties are decided: visits in the order in which they are looked up
        ("entry", "i8"),
        ("joined", "i8"),  # when they came to the place where they wait, or waited last
        ("patience", "i8"),
        ("guidance", "i8"),
        ("work", "i8"),
        ("place", "u4"),
        ("queue", "u4"),
        ("guide_end", "i8"),
        ("start", "i8", (2,)),  # by stage; what is done at the counter ends with the visit
        ("departure", "i8"),
        ("official", "i4", (2,)),
        ("timer", "u4"),  # place in the heap of those whose patience counts
        ("result", "i2"),
        ("stage", "i1"),
        ("state", "i1"),
        *[(name, VISIT[name]) for name in ("after_guidance", "outcome", "point", "priority", "procedure", "carried")],
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
        ("back_at", "i8"),
        ("change", "i8"),  # the next row of the changes, and of the program of which day
        ("change_day", "i8"),
        ("step", "i8"),
        ("day", "i8"),  # to be looked up next
        ("next", "i8"),  # of today's visits, the next and how many
        ("today", "i8"),
        ("number", "i8"),
        ("dirty", "i8"),  # how many places have changed; visits that leave, have joined, are timed
        ("leaving", "i8"),
        ("joined", "i8"),
        ("timed", "i8"),
        ("visits", "i8"),  # ended
        ("waiting", "i8"),  # people in all queues, and most of them at once in the measured time
        ("most_waiting", "i8"),
        ("heads", "u4"),  # before the visits in the lines
        ("held", "?"),
        ("let_in", "?"),  # somebody stands at a gate that is open
        ("unsettled", "?"),
    ],
    align=True,
)
POINT = np.dtype([("issued", "i8"), ("opened", "?"), ("closed_for_good", "?")], align=True)
PLACE = np.dtype(
    [
        ("limit", "i8"),
        ("busy", "i8"),
        ("waiting", "i8"),
        ("occupied", "i8"),  # the set of its queues in which somebody stands; more where queues share bits
        ("queue", "u4"),  # its queues: the first, and the one after the last
        ("queue_end", "u4"),
        ("one", "u4"),  # the visit that joined, or the official who became idle, and stands in no line yet
        ("change", "i4"),
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
        ("network", "?"),
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
        ("breadth", "i4"),
        ("place", "u4"),
        ("slot", "u4"),
        ("on_duty", "?"),
        ("busy", "?"),
    ],
    align=True,
)


class House(NamedTuple):
    """All that changes in a run.

    ``lines`` and ``idle`` are rings (see :mod:`.rings`): visits in ``lines``, after the heads of the queues and of the
    gates of the points; idle officials in ``idle``, in the order of their claim, after the heads of the places.
    ``ends``: when each official is done, times SHELF plus their place in a shelf of SHELF, and ``soonest`` of each
    shelf. ``of_procedure``: the queue of a procedure, counted from the first of its place and class. ``dirty``:
    places; ``leaving``, ``joined`` and ``timed``: rows of visits.
    """

    clock: Any
    points: Table
    places: Table
    queues: Table
    officials: Table
    lines: Table
    idle: Table
    ends: Table
    soonest: Table
    of_procedure: Table
    dirty: Table
    leaving: Table
    joined: Table
    timed: Table


def house_for(plan: Plan, visits: int) -> House:
    """The empty house of a plan, with room for so many visits; ``open_house`` begins a run in it."""
    empty = _empty(Shared(plan.points, plan.procedures, plan.priorities, plan.officials, plan.routes))
    return with_rows(House(*(part.copy() for part in empty)), visits)


@lru_cache(maxsize=8)
def _empty(shared: Shared) -> House:
    """A house without room for visits."""
    points, procedures, priorities, given, routes = shared.tables
    kinds = sorted({(int(row["field"]), bool(row["network"])) for row in procedures})
    classes, places, officials = len(priorities), 2 * len(points), len(given)
    queues = len(points) * classes * (len(kinds) + 1)
    of_procedure = [classes * kinds.index((int(row["field"]), bool(row["network"]))) for row in procedures]
    shelves = max(-(-officials // SHELF), 1)
    house = House(
        clock=np.zeros(1, CLOCK).view(np.recarray)[0],
        points=np.zeros(len(points), POINT),
        places=np.zeros(places, PLACE),
        queues=np.zeros(queues, QUEUE),
        officials=np.zeros(officials, OFFICIAL),
        idle=np.zeros(places + officials, LINK),
        ends=np.zeros(shelves * SHELF, np.int64),
        soonest=np.zeros(shelves, np.int64),
        of_procedure=np.array(of_procedure, np.uint32),
        dirty=np.zeros(places, np.uint32),
        **_lists(queues + len(points), 0),
    )
    house.clock["heads"] = queues + len(points)
    for name in ("skills", "classes", "speed", "breadth", "place"):
        house.officials[name] = given[name]
    _lay_out(house, priorities["value"], [kinds, [(routes.shape[1], False)]] * len(points))
    return house


def _lists(heads: int, visits: int) -> dict[str, Table]:
    lists = {name: np.zeros(visits, np.uint32) for name in ("leaving", "joined", "timed")}
    return {"lines": np.zeros(heads + visits, LINK), **lists}


def with_rows(house: House, visits: int) -> House:
    """The same house with room for so many visits; what stands in its lists stays there."""
    lists = _lists(house.clock["heads"], visits)
    for name, room in lists.items():
        had = getattr(house, name)
        room[: len(had)] = had
    return house._replace(**lists)


def _lay_out(house: House, ranks: Table, at: list[list[tuple[int, bool]]]) -> None:
    """Which queues stand at which place, by kind, ``at`` each, then class; and who serves them."""
    places, queues, officials = house.places, house.queues, house.officials
    length = np.array([len(here) * len(ranks) for here in at])
    places["queue_end"] = np.cumsum(length)
    places["queue"] = places["queue_end"] - length
    place = np.repeat(np.arange(len(places)), length)
    kind = np.repeat(np.array([one for here in at for one in here], np.uint64), len(ranks), axis=0)
    number = np.tile(np.arange(len(ranks), dtype=np.uint64), len(queues) // len(ranks))
    queues["kind_bit"], queues["network"] = np.uint64(1) << kind[:, 0], kind[:, 1]
    queues["class_bit"], queues["rank"] = np.uint64(1) << number, ranks[number.astype(np.int64)]
    queues["bit"] = 1 << (np.arange(len(queues)) - places["queue"][place]) % BITS
    queues["own_bit"] = np.where(length[place] <= BITS, queues["bit"], 0)
    able = (officials["skills"][:, None] & queues["kind_bit"] != 0) & (officials["place"][:, None] == place)
    able &= officials["classes"][:, None] & queues["class_bit"] != 0
    officials["serves"] = np.bitwise_or.reduce(np.where(able, queues["bit"], 0), axis=1)


def may_serve(one: Any, line: Any) -> bool:
    """Whether an official has the skill and the class of a queue."""
    return bool(one["skills"] & line["kind_bit"] and one["classes"] & line["class_bit"])


def gate_of(house: House, point: Any) -> Any:
    """The head of those who stand at the gate of a point."""
    return np.uint32(len(house.queues)) + np.uint32(point)


def first_in(house: House, head: Any) -> Any:
    """The row of the visit that is first in a line."""
    return np.uint32(house.lines[head]["after"] - house.clock["heads"])


def lowest(bits: int) -> int:
    """The position of the lowest bit of a set that has one: the exponent of that bit as a number."""
    return int((np.float64(bits & -bits).view(np.int64) >> 52) - 1023)


def open_house(house: House) -> None:
    """Everything as it is before the first midnight."""
    clock = house.clock
    clock["now"], clock["end"], clock["expiry"] = NEVER, FAR, FAR
    clock["day"], clock["next"], clock["today"], clock["number"], clock["arrival"] = 0, 0, 0, 0, 0
    clock["dirty"], clock["leaving"], clock["joined"], clock["timed"] = 0, 0, 0, 0
    clock["visits"], clock["waiting"], clock["most_waiting"] = 0, 0, 0
    clock["held"], clock["unsettled"], clock["let_in"] = False, False, False
    for point in range(len(house.points)):
        hall = house.points[point]
        hall["issued"], hall["opened"], hall["closed_for_good"] = 0, False, True
    for place in range(len(house.places)):
        row = house.places[place]
        row["limit"], row["busy"], row["waiting"], row["occupied"], row["change"] = 0, 0, 0, 0, UNCHANGED
        clear(house.idle, place)
    for queue in range(len(house.queues)):
        house.queues[queue]["joined"] = NEVER
    for head in range(clock["heads"]):
        clear(house.lines, head)
    for number in range(len(house.officials)):
        one = house.officials[number]
        one["on_duty"], one["busy"], one["slot"], one["owed"] = False, False, NOBODY, 0
        one["off"], one["left"], one["back"] = NEVER, NEVER, FAR
    house.ends[:] = FAR
    house.soonest[:] = FAR
