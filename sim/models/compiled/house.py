"""The state of a center in the compiled engine: one row a visit inside, a queue, a place, a point, an official."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.attributes import VISIT
from sim.plan import Plan, Table
from sim.units import NEVER

GUIDE, COUNTER = 0, 1  # stages of a visit
WAITING, SERVED, ELSEWHERE = range(3)
UNCHANGED, ONE_JOINED, ONE_IDLE, ANYTHING = range(4)  # what changed at a place since its last dispatch pass
FAR = 1 << 57  # ms
NOBODY = np.uint32((1 << 32) - 1)
SHELF = 16

INSIDE = np.dtype(
    [
        ("number", "i8"),  # by which ties are decided: visits in the order in which they are looked up
        ("entry", "i8"),
        ("joined", "i8"),  # the line in which they stand, or stood last
        ("patience", "i8"),
        ("guidance", "i8"),
        ("work", "i8"),
        ("place", "u4"),
        ("queue", "u4"),
        ("before", "u4"),
        ("after", "u4"),
        ("guide_start", "i8"),
        ("guide_end", "i8"),
        ("start", "i8"),  # at the counter; such a task ends with the visit
        ("departure", "i8"),
        ("guide", "i4"),
        ("official", "i4"),
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
        ("held", "?"),
        ("let_in", "?"),  # somebody stands at a gate that is open
        ("unsettled", "?"),
    ],
    align=True,
)
POINT = np.dtype(
    [("issued", "i8"), ("gate", "u4"), ("gate_end", "u4"), ("opened", "?"), ("closed_for_good", "?")], align=True
)
PLACE = np.dtype(
    [
        ("limit", "i8"),
        ("busy", "i8"),
        ("waiting", "i8"),
        ("queue", "u4"),  # its queues: the first, and the one after the last
        ("queue_end", "u4"),
        ("idle", "u4"),  # its idle officials in the order of their claim: the first and the last
        ("idle_end", "u4"),
        ("one", "u4"),  # the queue that somebody joined, or the official who became idle
        ("change", "i4"),
    ],
    align=True,
)
QUEUE = np.dtype(
    [
        ("rank", "i8"),
        ("kind_bit", "u8"),
        ("class_bit", "u8"),
        ("head", "u4"),
        ("tail", "u4"),
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
        ("skills", "u8"),
        ("classes", "u8"),
        ("speed", "i8"),
        ("breadth", "i4"),
        ("place", "u4"),
        ("slot", "u4"),
        ("before", "u4"),
        ("after", "u4"),
        ("on_duty", "?"),
        ("busy", "?"),
    ],
    align=True,
)


class House(NamedTuple):
    """All that changes in a run.

    ``ends``: when each official is done, times SHELF plus their place in a shelf of SHELF, and ``soonest`` of each
    shelf. ``of_procedure``: the queue of a procedure, counted from the first of its place and class. ``dirty``:
    places; ``leaving``, ``joined`` and ``timed``: rows of visits.
    """

    clock: Any
    points: Table
    places: Table
    queues: Table
    officials: Table
    ends: Table
    soonest: Table
    of_procedure: Table
    dirty: Table
    leaving: Table
    joined: Table
    timed: Table


def house_for(plan: Plan, visits: int) -> House:
    """The empty house of a plan, with room for so many visits; ``open_house`` begins a run in it."""
    kinds = sorted({(int(row["field"]), bool(row["network"])) for row in plan.procedures})
    classes, places, officials = len(plan.priorities), 2 * len(plan.points), len(plan.officials)
    queues = len(plan.points) * classes * (len(kinds) + 1)
    of_procedure = [classes * kinds.index((int(row["field"]), bool(row["network"]))) for row in plan.procedures]
    shelves = max(-(-officials // SHELF), 1)
    house = House(
        clock=np.zeros(1, CLOCK).view(np.recarray)[0],
        points=np.zeros(len(plan.points), POINT),
        places=np.zeros(places, PLACE),
        queues=np.zeros(queues, QUEUE),
        officials=np.zeros(officials, OFFICIAL),
        ends=np.zeros(shelves * SHELF, np.int64),
        soonest=np.zeros(shelves, np.int64),
        of_procedure=np.array(of_procedure, np.uint32),
        dirty=np.zeros(places, np.uint32),
        **_lists(visits),
    )
    for name in ("skills", "classes", "speed", "breadth", "place"):
        house.officials[name] = plan.officials[name]
    _lay_out(plan, house, kinds)
    return house


def _lists(visits: int) -> dict[str, Table]:
    return {name: np.zeros(visits, np.uint32) for name in ("leaving", "joined", "timed")}


def with_rows(house: House, visits: int) -> House:
    """The same house with room for so many visits; what stands in its lists stays there."""
    lists = _lists(visits)
    for name, room in lists.items():
        had = getattr(house, name)
        room[: len(had)] = had
    return house._replace(**lists)


def _lay_out(plan: Plan, house: House, kinds: list[tuple[int, bool]]) -> None:
    """Which queues stand at which place: at counters by kind, then class; at guides by class."""
    first, guidance = 0, (plan.fields, False)
    for place in range(len(house.places)):
        at = [guidance] if place % 2 else kinds
        house.places[place]["queue"] = first
        house.places[place]["queue_end"] = first + len(at) * len(plan.priorities)
        for kind, network in at:
            for number, rank in enumerate(plan.priorities["value"].tolist()):
                row = house.queues[first]
                row["kind_bit"], row["class_bit"], row["network"], row["rank"] = 1 << kind, 1 << number, network, rank
                first += 1


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
        hall["issued"], hall["gate"], hall["gate_end"] = 0, NOBODY, NOBODY
        hall["opened"], hall["closed_for_good"] = False, True
    for place in range(len(house.places)):
        row = house.places[place]
        row["limit"], row["busy"], row["waiting"], row["change"] = 0, 0, 0, UNCHANGED
        row["idle"], row["idle_end"] = NOBODY, NOBODY
    for queue in range(len(house.queues)):
        house.queues[queue]["head"], house.queues[queue]["tail"] = NOBODY, NOBODY
    for number in range(len(house.officials)):
        one = house.officials[number]
        one["on_duty"], one["busy"], one["slot"], one["owed"] = False, False, NOBODY, 0
        one["off"], one["left"], one["back"] = NEVER, NEVER, FAR
    house.ends[:] = FAR
    house.soonest[:] = FAR
