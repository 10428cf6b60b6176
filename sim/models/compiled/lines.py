"""Who waits at a place, and which officials stand idle: they stand in lines, and what changes calls for a pass.

After a dispatch pass nobody is left who could be called. So where one person has joined an empty queue since, only
they can be; where one official has become idle, only that one can call. The one who did so stands in no line before
the pass, and mostly never will: the pass finds who is to call or to be called, or puts them in line. As soon as
anything else changes at the place, they are put in line and the pass looks at everything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.house import (
    ANYTHING,
    COUNTER,
    ELSEWHERE,
    GUIDE,
    NOBODY,
    ONE_IDLE,
    ONE_JOINED,
    UNCHANGED,
    WAITING,
    House,
    first_official,
)
from sim.models.compiled.patience import forget, remember
from sim.models.compiled.rings import insert, is_empty, remove
from sim.models.rules import claim
from sim.plan import Plan
from sim.scalars import UNLIMITED
from sim.trace import Outcome
from sim.units import NEVER


def changed(house: House, place: Any, change: int, one: Any) -> None:
    """Something at a place is not as it was: one dispatch pass at the end of this instant.

    ``one``: the visit that joined or the official who became idle and stands in no line yet.
    """
    row, clock = house.places[place], house.clock
    if row["change"] == UNCHANGED:
        row["change"], row["one"] = change, one
        house.dirty[clock["dirty"]] = place
        clock["dirty"] += 1
        clock["unsettled"] = True
        return
    _put_in_line(house, row["change"], row["one"])
    _put_in_line(house, change, one)
    row["change"] = ANYTHING


def _put_in_line(house: House, change: int, one: Any) -> None:
    if change == ONE_JOINED:
        stand_in_line(house, one)
    elif change == ONE_IDLE:
        stand_idle(house, one)


def join(plan: Plan, house: House, slot: Any, stage: int) -> None:
    """The visit waits from now, at the guides or the counters of its point."""
    who, clock = house.inside[slot], house.clock
    who["stage"], who["joined"] = stage, clock["now"]
    if house.points[who["point"]]["closed_for_good"]:
        leave(house, slot, Outcome.CARRIED_OVER if plan.rules["carries_over"] else Outcome.TURNED_AWAY)
        return
    place = np.uint32(2 * who["point"] + (stage == GUIDE))
    offset = house.of_procedure[who["procedure"]] if stage == COUNTER else np.uint32(0)
    house.places[place]["waiting"] += 1
    grow(house, house.points[who["point"]]["center"])
    wait_at(house, slot, place, house.places[place]["queue"] + offset + who["priority"])
    _sit_down(plan, house, slot)


def grow(house: House, center: Any) -> None:
    """More wait at a center, or more is to be typed in; how many at once is looked at when the instant is over."""
    own = house.centers[center]
    if not own["grows"]:
        own["grows"] = True
        house.grown[house.clock["grown"]] = center
        house.clock["grown"] += 1


def wait_at(house: House, slot: Any, place: Any, queue: Any) -> None:
    """What a row stands for waits from now in a queue of a place."""
    who = house.inside[slot]
    who["place"], who["queue"], who["state"] = place, queue, WAITING
    house.clock["unsettled"] = True
    if is_empty(house.lines, queue):
        changed(house, place, ONE_JOINED, slot)
    else:
        stand_in_line(house, slot)


def _sit_down(plan: Plan, house: House, slot: Any) -> None:
    """What may come of waiting is seen to in this instant: patience is over, or begins to count; no seat is free."""
    who, clock = house.inside[slot], house.clock
    is_patient = who["patience"] == NEVER
    if is_patient & (plan.points[who["point"]]["seats"] >= UNLIMITED):
        return
    if is_patient or who["entry"] + who["patience"] > clock["now"]:
        house.joined[clock["joined"]] = slot
        clock["joined"] += 1
    else:
        changed(house, who["place"], ANYTHING, NOBODY)
        remember(house, slot)


def stand_in_line(house: House, slot: Any) -> None:
    """Behind all who joined before, and those of this instant with a smaller number."""
    who, heads = house.inside[slot], house.clock["heads"]
    queue = who["queue"]
    line, behind = house.queues[queue], house.lines[queue]["before"]
    if line["joined"] == who["joined"]:
        while behind != queue and _is_earlier(who, house.inside[behind - heads]):
            behind = house.lines[behind]["before"]
    line["joined"] = who["joined"]
    insert(house.lines, heads + slot, behind)
    house.places[who["place"]]["occupied"] |= line["bit"]


def stand_again(house: House, slot: Any) -> None:
    """In its old place in the queue it left: behind those who joined before, or then with a smaller number."""
    who, heads = house.inside[slot], house.clock["heads"]
    queue = who["queue"]
    ahead = house.lines[queue]["after"]
    while ahead != queue and _is_before(house.inside[ahead - heads], who):
        ahead = house.lines[ahead]["after"]
    insert(house.lines, heads + slot, house.lines[ahead]["before"])
    house.places[who["place"]]["occupied"] |= house.queues[queue]["bit"]


def _is_before(one: Any, who: Any) -> bool:
    if one["joined"] != who["joined"]:
        return bool(one["joined"] < who["joined"])
    return bool(one["number"] < who["number"])


def _is_earlier(who: Any, other: Any) -> bool:
    return bool(other["joined"] == who["joined"] and other["number"] > who["number"])


def leave_line(house: House, slot: Any) -> None:
    """Stands in line no longer."""
    who, clock = house.inside[slot], house.clock
    queue, place = who["queue"], house.places[who["place"]]
    remove(house.lines, clock["heads"] + slot)
    place["occupied"] &= ~(house.queues[queue]["own_bit"] * is_empty(house.lines, queue))
    if who["timer"] != NOBODY:
        forget(house, slot)


def give_up(house: House, slot: Any, outcome: int) -> None:
    """Ceases to wait without having been called, and leaves."""
    who = house.inside[slot]
    leave_line(house, slot)
    if who["stage"] > COUNTER:
        house.points[who["point"]]["results"] -= 1
        leave(house, slot, who["outcome"])
        return
    house.places[who["place"]]["waiting"] -= 1
    leave(house, slot, outcome)


def leave(house: House, slot: Any, outcome: int) -> None:
    """The visit ends now; what follows from it is seen to before the next instant, or the midnight of this one."""
    who, clock = house.inside[slot], house.clock
    who["state"], who["result"], who["departure"] = ELSEWHERE, outcome, clock["now"]
    house.leaving[clock["leaving"]] = slot
    clock["leaving"] += 1


def free(house: House, number: Any) -> None:
    """The official is idle from now."""
    one = house.officials[number]
    one["since"] = house.clock["now"]
    changed(house, one["place"], ONE_IDLE, number)


def stand_idle(house: House, number: Any) -> None:
    """Stands among the idle officials of the place by their claim."""
    stand_among(house, number, house.officials[number]["place"])


def stand_among(house: House, number: Any, head: Any) -> None:
    """Stands among the officials after a head by their claim."""
    one, first = house.officials[number], first_official(house)
    mine, behind = claim(one["breadth"], one["since"], number), house.idle[head]["before"]
    while behind != head and _claim(house, behind - first) > mine:
        behind = house.idle[behind]["before"]
    insert(house.idle, first + number, behind)


def _claim(house: House, number: Any) -> tuple[int, int, int]:
    return claim(house.officials[number]["breadth"], house.officials[number]["since"], number)


def take_away(house: House, number: Any) -> None:
    """Stands idle, or at the desk, no longer."""
    remove(house.idle, first_official(house) + number)
