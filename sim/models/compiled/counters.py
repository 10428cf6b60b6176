"""Places where officials do tasks: queues, idle officials, who is called next, and when it is done."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.look import Look
from sim.models.compiled.house import (
    ANYTHING,
    COUNTER,
    ELSEWHERE,
    FAR,
    GUIDE,
    NOBODY,
    ONE_IDLE,
    ONE_JOINED,
    SERVED,
    SHELF,
    UNCHANGED,
    WAITING,
    House,
)
from sim.models.compiled.patience import forget, remember
from sim.models.rules import claim, time_needed, turn
from sim.outages import FULL
from sim.plan import UNLIMITED, Plan
from sim.trace import Outcome
from sim.units import NEVER


def changed(house: House, place: Any, change: int, one: Any) -> None:
    """Something at a place is not as it was: one dispatch pass at the end of this instant.

    Where it is all that changed at the place, the pass need only look at the queue or the official named by ``one``.
    """
    row, clock = house.places[place], house.clock
    if row["change"] == UNCHANGED:
        row["change"], row["one"] = change, one
        house.dirty[clock["dirty"]] = place
        clock["dirty"] += 1
        clock["unsettled"] = True
    elif change != ONE_JOINED or row["change"] != ONE_JOINED or row["one"] != one:
        row["change"] = ANYTHING


def join(plan: Plan, look: Look, house: House, slot: Any, stage: int) -> None:
    """The visit waits from now, at the guides or the counters of its point."""
    who, clock = look.block[slot], house.clock
    who["stage"], who["joined"] = stage, clock["now"]
    if house.points[who["point"]]["closed_for_good"]:
        leave(house, look, slot, Outcome.CARRIED_OVER if plan.rules["carries_over"] else Outcome.TURNED_AWAY)
        return
    place = np.uint32(2 * who["point"] + (stage == GUIDE))
    offset = house.of_procedure[who["procedure"]] if stage == COUNTER else np.uint32(0)
    who["place"], who["queue"] = place, house.places[place]["queue"] + offset + who["priority"]
    who["state"] = WAITING
    _stand_in_line(look, house, slot)
    house.places[place]["waiting"] += 1
    clock["waiting"] += 1
    changed(house, place, ONE_JOINED, who["queue"])
    if who["patience"] != NEVER and who["entry"] + who["patience"] <= clock["now"]:
        remember(look, house, slot)
    elif who["patience"] != NEVER or plan.points[who["point"]]["seats"] < UNLIMITED:
        house.joined[clock["joined"]] = slot
        clock["joined"] += 1


def _stand_in_line(look: Look, house: House, slot: Any) -> None:
    """Behind all who joined before, and those of this instant with a smaller number."""
    who = look.block[slot]
    queue = house.queues[who["queue"]]
    after, before = NOBODY, queue["tail"]
    while before != NOBODY and _is_earlier(who, look.block[before]):
        after, before = before, look.block[before]["before"]
    who["before"], who["after"] = before, after
    if before == NOBODY:
        queue["head"] = slot
    else:
        look.block[before]["after"] = slot
    if after == NOBODY:
        queue["tail"] = slot
    else:
        look.block[after]["before"] = slot


def _is_earlier(who: Any, other: Any) -> bool:
    return bool(other["joined"] == who["joined"] and other["number"] > who["number"])


def leave_line(look: Look, house: House, slot: Any) -> None:
    """Waits no longer."""
    who = look.block[slot]
    queue = house.queues[who["queue"]]
    if who["before"] == NOBODY:
        queue["head"] = who["after"]
    else:
        look.block[who["before"]]["after"] = who["after"]
    if who["after"] == NOBODY:
        queue["tail"] = who["before"]
    else:
        look.block[who["after"]]["before"] = who["before"]
    house.places[who["place"]]["waiting"] -= 1
    house.clock["waiting"] -= 1
    if who["timer"] != NOBODY:
        forget(look, house, slot)


def give_up(look: Look, house: House, slot: Any, outcome: int) -> None:
    """Ceases to wait without having been called, and leaves."""
    leave_line(look, house, slot)
    leave(house, look, slot, outcome)


def leave(house: House, look: Look, slot: Any, outcome: int) -> None:
    """The visit ends now; what follows from it is seen to before the next instant, or the midnight of this one."""
    who, clock = look.block[slot], house.clock
    who["state"], who["result"], who["departure"] = ELSEWHERE, outcome, clock["now"]
    house.leaving[clock["leaving"]] = slot
    clock["leaving"] += 1


def call(plan: Plan, look: Look, house: House, place: Any) -> None:
    """One dispatch pass (clauses "order" and "choice")."""
    row = house.places[place]
    change = row["change"]
    row["change"] = UNCHANGED
    while row["waiting"] > 0 and row["busy"] < row["limit"] and row["idle"] != NOBODY:
        queue, official = _next(look, house, row, change)
        if queue == NOBODY:
            return
        _start(plan, look, house, queue, official)
        if change == ONE_IDLE:
            return


def _next(look: Look, house: House, row: Any, change: int) -> tuple[Any, Any]:
    """The queue whose head is called, and the official; NOBODY where nobody who waits can be.

    After a pass nobody is left who could be called. So where only one has joined since, only they can be, if they
    are first in line; where only one official has become idle, only that one can call.
    """
    if change == ONE_JOINED:
        official = _first_able(house, row["idle"], house.queues[row["one"]])
        return row["one"] if official != NOBODY else NOBODY, official
    first, found, by = turn(0, 0, 0), NOBODY, NOBODY
    for queue in range(row["queue"], row["queue_end"]):
        line = house.queues[queue]
        if change == ONE_IDLE and not _may_serve(house.officials[row["one"]], line):
            continue
        if line["head"] != NOBODY:
            head = look.block[line["head"]]
            its_turn = turn(line["rank"], head["joined"], head["number"])
            if found == NOBODY or its_turn < first:
                official = row["one"] if change == ONE_IDLE else _first_able(house, row["idle"], line)
                if official != NOBODY and not (line["network"] and house.clock["held"]):
                    first, found, by = its_turn, np.uint32(queue), official
    return found, by


def _first_able(house: House, idle: Any, line: Any) -> Any:
    """The first of the idle officials, from ``idle`` on, who may serve a queue; nobody while the network holds it."""
    if line["head"] == NOBODY or (line["network"] and house.clock["held"]):
        return NOBODY
    while idle != NOBODY and not _may_serve(house.officials[idle], line):
        idle = house.officials[idle]["after"]
    return idle


def _may_serve(one: Any, line: Any) -> bool:
    return bool(one["skills"] & line["kind_bit"] and one["classes"] & line["class_bit"])


def _start(plan: Plan, look: Look, house: House, queue: Any, official: Any) -> None:
    clock, slot = house.clock, house.queues[queue]["head"]
    who, one, now = look.block[slot], house.officials[official], clock["now"]
    leave_line(look, house, slot)
    take_away(house, official)
    house.places[who["place"]]["busy"] += 1
    one["busy"], one["slot"], who["state"] = True, slot, SERVED
    if who["stage"] == GUIDE:
        who["guide_start"], who["guide"], work = now, official, who["guidance"]
    else:
        who["start"], who["official"], work = now, official, who["work"]
    needed = time_needed(work, one["speed"])
    end = _end_of_work(plan, clock["step"], now, needed) if house.queues[queue]["network"] else now + needed
    shelf, entry = official // np.uint32(SHELF), end * SHELF + official % np.uint32(SHELF)
    house.ends[official] = entry
    house.soonest[shelf] = min(house.soonest[shelf], entry)
    clock["end"] = min(clock["end"], end)


def _end_of_work(plan: Plan, step: int, start: int, work: int) -> int:
    """The first t with W(t) >= W(start) + 1000 * work (clause "network"); ``step`` is the one that holds at start."""
    more = step + 1 < len(plan.network)
    if len(plan.network) == 0 or (
        plan.network[step]["speed"] == FULL and not (more and plan.network[step + 1]["time"] < start + work)
    ):
        return start + work
    row = plan.network[step]
    target = row["work"] + (start - row["time"]) * row["speed"] + 1000 * work
    while step + 1 < len(plan.network) and plan.network[step + 1]["work"] < target:
        step += 1
    row = plan.network[step]
    return int(row["time"] - (row["work"] - target) // row["speed"])


def free(house: House, number: Any) -> None:
    """The official is idle from now, and stands in line by their claim."""
    one = house.officials[number]
    row = house.places[one["place"]]
    one["since"] = house.clock["now"]
    mine = claim(one["breadth"], one["since"], number)
    after, before = NOBODY, row["idle_end"]
    while before != NOBODY and _claim(house, before) > mine:
        after, before = before, house.officials[before]["before"]
    one["before"], one["after"] = before, after
    if before == NOBODY:
        row["idle"] = number
    else:
        house.officials[before]["after"] = number
    if after == NOBODY:
        row["idle_end"] = number
    else:
        house.officials[after]["before"] = number
    changed(house, one["place"], ONE_IDLE, number)


def _claim(house: House, number: Any) -> tuple[int, int, int]:
    return claim(house.officials[number]["breadth"], house.officials[number]["since"], number)


def take_away(house: House, number: Any) -> None:
    """The official is idle no longer."""
    one = house.officials[number]
    row = house.places[one["place"]]
    if one["before"] == NOBODY:
        row["idle"] = one["after"]
    else:
        house.officials[one["before"]]["after"] = one["after"]
    if one["after"] == NOBODY:
        row["idle_end"] = one["before"]
    else:
        house.officials[one["after"]]["before"] = one["before"]


def who_is_done(house: House) -> Any:
    """An official whose task ends now; the next end is looked for."""
    shelf = 0
    while house.soonest[shelf] // SHELF != house.clock["now"]:
        shelf += 1
    number = np.uint32(shelf * SHELF + house.soonest[shelf] % SHELF)
    house.ends[number] = FAR
    soonest = _least(house.ends, number - number % np.uint32(SHELF))
    house.soonest[shelf] = soonest
    for shelf in range(len(house.soonest)):
        soonest = min(soonest, house.soonest[shelf])
    house.clock["end"] = soonest // SHELF
    return number


def _least(ends: Any, first: Any) -> int:
    """The least of a shelf, in four lanes that do not wait for each other."""
    a, b, c, d = ends[first], ends[first + np.uint32(1)], ends[first + np.uint32(2)], ends[first + np.uint32(3)]
    for _ in range(SHELF // 4 - 1):
        first += np.uint32(4)
        a, b = min(a, ends[first]), min(b, ends[first + np.uint32(1)])
        c, d = min(c, ends[first + np.uint32(2)]), min(d, ends[first + np.uint32(3)])
    return int(min(a, b, c, d))
