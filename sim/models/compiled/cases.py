"""The back office: steps of cases, worked at in stretches (clauses "step" and "aside")."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.ends import busy_until, never_done
from sim.models.compiled.house import (
    ANYTHING,
    APPROVAL,
    CHECK,
    LATER,
    NOBODY,
    READY,
    SERVED,
    STEP,
    WAITING,
    House,
    desk_of,
    leaders_of,
)
from sim.models.compiled.lines import changed, free, leave, stand_again, stand_among, take_away, wait_at
from sim.models.compiled.network import network_for, passed, reaches
from sim.models.rules import speed_for, step_needs
from sim.officials import is_weak
from sim.plan import Plan
from sim.processing import accepted, in_units, work_of_step
from sim.units import NEVER


def open_case(plan: Plan, house: House, who: Any) -> None:
    """What was accepted at a visit whose reception is over takes a row of its own until its result is ready."""
    row, dossiers = plan.procedures[who["procedure"]], accepted(who)
    if dossiers == 0 or row["first_step"] == row["last_step"]:
        return
    house.clock["free"] -= 1
    slot = house.free[house.clock["free"]]
    house.inside[slot] = who
    case = house.inside[slot]
    case["timer"], case["dossiers"], case["collection"] = NOBODY, dossiers, row["first_step"]
    case["counter_end"] = house.clock["now"]
    _wait_for_step(plan, house, slot)


def file_from_home(plan: Plan, house: House, slot: Any) -> None:
    """What was filed from home waits to be checked; its visit is none, and ends when it has been."""
    who = house.inside[slot]
    who["joined"], who["work"], who["stage"] = house.clock["now"], in_units(who["work"]), CHECK
    who["start"][LATER], who["official"][LATER] = NEVER, NEVER
    place = np.uint32(2 * who["point"])
    _wait_at(plan, house, slot, place, house.clock["checks"], plan.procedures[who["procedure"]]["field"])


def _wait_at(plan: Plan, house: House, slot: Any, place: Any, first: Any, field: Any) -> None:
    """In the queue of a field, of those from ``first`` on, for what needs the network or not."""
    net = np.uint32(plan.procedures[house.inside[slot]["procedure"]]["network"])
    wait_at(house, slot, place, np.uint32(house.places[place]["queue"] + first + np.uint32(2 * field) + net))


def _wait_for_step(plan: Plan, house: House, slot: Any) -> None:
    """The step of a case waits from now."""
    case, step = house.inside[slot], np.int64(house.inside[slot]["collection"])
    field, places = plan.steps[step]["field"], house.places
    case["joined"], case["work"] = house.clock["now"], work_of_step(plan, case, step)
    case["start"][LATER], case["official"][LATER] = NEVER, NEVER
    if field == NEVER:
        case["stage"], place = APPROVAL, leaders_of(plan, case["point"])
        wait_at(house, slot, place, np.uint32(places[place]["queue_end"] - np.uint32(1)))
        return
    case["stage"], place = STEP, np.uint32(2 * plan.offices[case["point"], field])
    _wait_at(plan, house, slot, place, house.clock["cases"], field)


def work_on(plan: Plan, house: House, slot: Any, official: Any) -> None:
    """A stretch of work begins: its end is known, unless it is put aside before."""
    case, one, now = house.inside[slot], house.officials[official], house.clock["now"]
    stand_among(house, official, desk_of(house, one["place"]))
    one["busy"], one["at_desk"], one["slot"], case["state"] = True, True, slot, SERVED
    case["start"][LATER], case["official"][LATER] = now, official
    speed, case["signature"] = int(one["speed"]), _reached(plan, house, case)
    field = np.int64(plan.procedures[case["procedure"]]["field"])
    if case["stage"] != CHECK:
        field = np.int64(plan.steps[np.int64(case["collection"])]["field"])
    if field != NEVER and one["may_be_weak"] and is_weak(plan, official, field):
        speed = speed_for(speed, int(plan.rules["weak_speed"]))
    case["guidance"] = speed
    busy_until(house, official, _end_of_stretch(plan, house, case, now, step_needs(case["work"], speed)))


def _reached(plan: Plan, house: House, case: Any) -> int:
    """W now, of the work clock that a case goes by."""
    center = network_for(plan, house, case)
    return int(1000 * house.clock["now"]) if center == NEVER else passed(plan, house, center)


def _end_of_stretch(plan: Plan, house: House, case: Any, now: int, needed: int) -> int:
    """The first t with W(t) >= W(now) + ``needed``."""
    center = network_for(plan, house, case)
    if center == NEVER:
        return int(now + (needed + 999) // 1000)
    return reaches(plan, house, center, case["signature"] + needed)


def stretch_is_over(house: House, official: Any) -> None:
    """The official leaves the desk; the stretch is written down before the next instant."""
    one, clock = house.officials[official], house.clock
    case, row = house.inside[one["slot"]], house.stretches[clock["stretches"]]
    clock["stretches"] += 1
    row["slot"], row["stage"], row["official"] = one["slot"], case["stage"], official
    row["place"], row["entry"] = case["place"], case["joined"]
    row["start"], row["end"] = case["start"][LATER], clock["now"]
    take_away(house, official)
    one["busy"], one["at_desk"], one["left"] = False, False, clock["now"]


def put_aside(plan: Plan, house: House, official: Any) -> None:
    """What an official works on waits again, in its old place; the official is neither idle nor busy."""
    slot = house.officials[official]["slot"]
    case = house.inside[slot]
    stretch_is_over(house, official)
    case["work"] -= (_reached(plan, house, case) - case["signature"]) * case["guidance"]
    case["start"][LATER], case["official"][LATER], case["state"] = NEVER, NEVER, WAITING
    stand_again(house, slot)
    never_done(house, official)


def step_is_done(plan: Plan, house: House, official: Any) -> None:
    """The official is idle; the case goes on to its next step, or its result is ready."""
    slot = house.officials[official]["slot"]
    case = house.inside[slot]
    stretch_is_over(house, official)
    free(house, official)
    if case["stage"] == CHECK:
        open_case(plan, house, case)
        leave(house, slot, case["outcome"])
        return
    case["collection"] += 1
    if case["collection"] < plan.procedures[case["procedure"]]["last_step"]:
        _wait_for_step(plan, house, slot)
    else:
        case["stage"] = READY
        leave(house, slot, case["outcome"])


def leave_desk(plan: Plan, house: House, official: Any) -> None:
    """The calendar calls an official away from a case, who is neither idle nor busy."""
    place = house.officials[official]["place"]
    put_aside(plan, house, official)
    changed(house, place, ANYTHING, NOBODY)
