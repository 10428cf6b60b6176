"""Places where officials do tasks: who is called next, by whom, and when it is done."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.cases import put_aside, work_on
from sim.models.compiled.ends import busy_until
from sim.models.compiled.house import (
    ANYTHING,
    BITS,
    COLLECT,
    CONSULT,
    COUNTER,
    GUIDE,
    LATER,
    NOBODY,
    ONE_IDLE,
    ONE_JOINED,
    SERVED,
    SIGN,
    STEP,
    UNCHANGED,
    House,
    desk_of,
    first_in,
    first_official,
    is_asked,
    lowest,
    may_serve,
    remote,
)
from sim.models.compiled.lines import changed, leave_line, stand_idle, stand_in_line, take_away, wait_at
from sim.models.compiled.network import end_of_work, end_with_paper, is_down, network_at, network_for
from sim.models.compiled.rings import is_empty
from sim.models.rules import speed_for, time_needed, turn
from sim.officials import errs, is_weak
from sim.plan import Plan, Purpose
from sim.trace import Outcome
from sim.units import NEVER


def call(plan: Plan, house: House, place: Any) -> None:
    """One dispatch pass (clauses "order" and "choice"); see :mod:`.lines` for what it need not look at."""
    row = house.places[place]
    change, one = row["change"], row["one"]
    row["change"] = UNCHANGED
    if change == ONE_IDLE:
        queue = _next_of(house, row, one)
        if queue != NOBODY and house.queues[queue]["of_cases"]:
            stand_idle(house, one)
            _call_all(plan, house, place)
        elif queue != NOBODY:
            slot = first_in(house, queue)
            leave_line(house, slot)
            _start(plan, house, slot, one)
        else:
            stand_idle(house, one)
    elif change == ONE_JOINED:
        official = _first_able(house, place, house.inside[one]["queue"])
        if official != NOBODY:
            take_away(house, official)
            _start(plan, house, one, official)
        else:
            stand_in_line(house, one)
            if not is_empty(house.idle, desk_of(house, place)):
                _call_all(plan, house, place)
    else:
        _call_all(plan, house, place)


def _call_all(plan: Plan, house: House, place: Any) -> None:
    """Calls whoever can be called."""
    while True:
        slot, official = _next(house, place)
        if slot == NOBODY:
            return
        leave_line(house, slot)
        if house.officials[official]["at_desk"]:
            put_aside(plan, house, official)
        else:
            take_away(house, official)
        _start(plan, house, slot, official)


def _next(house: House, place: Any) -> tuple[Any, Any]:
    """The visit that is called, and the official; NOBODY where nobody who waits can be."""
    first, found, by = turn(0, 0, 0), NOBODY, NOBODY
    for queue in range(house.places[place]["queue"], house.places[place]["queue_end"]):
        slot = _head(house, place, np.uint32(queue))
        if slot != NOBODY:
            official = _first_able(house, place, np.uint32(queue))
            if official == NOBODY and house.queues[queue]["urgent"]:
                official = _first_of(house, place, np.uint32(queue), desk_of(house, place))
            if official != NOBODY:
                its_turn = _turn(house, queue, slot)
                if found == NOBODY or its_turn < first:
                    first, found, by = its_turn, slot, official
    return found, by


def _head(house: House, place: Any, queue: Any) -> Any:
    """The visit that is first in a line; of those who ask over a link, the first whose network is up; or NOBODY."""
    one, heads = house.lines[queue]["after"], house.clock["heads"]
    if house.clock["down"] > 0 and is_asked(house, place):
        while one != queue and is_down(house, house.inside[one - heads]["point"]):
            one = house.lines[one]["after"]
    return np.uint32(one - heads) if one != queue else NOBODY


def _next_of(house: House, row: Any, official: Any) -> Any:
    """The queue of a place whose head an official is to call; NOBODY where nobody waits whom they may serve."""
    one = house.officials[official]
    first, found, left = turn(0, 0, 0), NOBODY, row["occupied"] & one["serves"]
    full = row["busy"] >= row["limit"]
    if full:
        left &= row["of_cases"]
    while left != 0:
        queue = row["queue"] + np.uint32(lowest(left))
        left &= left - 1
        while queue < row["queue_end"]:
            line = house.queues[queue]
            barred = is_empty(house.lines, queue) | _is_held(row, line) | (full and not line["of_cases"])
            if not barred and may_serve(one, line):
                its_turn = _turn(house, queue, first_in(house, queue))
                if found == NOBODY or its_turn < first:
                    first, found = its_turn, np.uint32(queue)
            queue += np.uint32(BITS)
    return found


def _turn(house: House, queue: Any, slot: Any) -> tuple[int, int, int]:
    """The turn of who is called first from a queue."""
    who = house.inside[slot]
    return turn(house.queues[queue]["rank"], who["joined"], who["number"])


def _first_able(house: House, place: Any, queue: Any) -> Any:
    """The first of the idle officials of a place who may serve a queue; NOBODY where none can call from it."""
    return _first_of(house, place, queue, place)


def _first_of(house: House, place: Any, queue: Any, head: Any) -> Any:
    """The first of those after a head, the idle of a place or those at its desk, who may serve a queue."""
    line, row, first = house.queues[queue], house.places[place], first_official(house)
    if (row["busy"] >= row["limit"] and not line["of_cases"]) or _is_held(row, line):
        return NOBODY
    one = house.idle[head]["after"]
    while one != head:
        if may_serve(house.officials[one - first], line):
            return np.uint32(one - first)
        one = house.idle[one]["after"]
    return NOBODY


def _is_held(row: Any, line: Any) -> bool:
    """Whether a queue of a place waits for the network, or for its hall to close."""
    return bool((line["hold"] & row["holds"]) != 0)


def _start(plan: Plan, house: House, slot: Any, official: Any) -> None:
    """The visit, which stands in no line, is served by the official, who stands idle no longer."""
    who, one, clock = house.inside[slot], house.officials[official], house.clock
    now, place, stage = clock["now"], house.places[who["place"]], who["stage"]
    if stage >= STEP and stage != CONSULT:
        work_on(plan, house, slot, official)
        return
    place["busy"] += 1
    one["busy"], one["slot"], who["state"] = True, slot, SERVED
    if stage <= COUNTER:
        place["waiting"] -= 1
    elif stage == COLLECT:
        house.points[who["point"]]["results"] -= 1
    if stage == COUNTER and plan.rules["tick"] > 0:
        house.points[who["point"]]["waited"][0] += now - who["joined"]
        house.points[who["point"]]["received"][0] += 1
    at = np.uint32(min(stage, LATER))
    who["start"][at], who["official"][at] = now, official
    if stage == COUNTER and _asks(plan, house, who, official):
        _consult(plan, house, slot)
    elif stage == CONSULT:
        busy_until(house, official, _end_of_consultation(plan, house, who))
    else:
        busy_until(house, official, _end(plan, house, who, official))


def _end(plan: Plan, house: House, who: Any, official: Any) -> int:
    """When a task that begins now will be done."""
    stage, clock = who["stage"], house.clock
    needed = time_needed(_work(who, stage), _speed(plan, who, stage, official, house.officials[official]))
    end = clock["now"] + needed
    if end > house.places[who["place"]]["full_until"] and house.queues[who["queue"]]["network"]:
        center = network_for(plan, house, who)
        if stage == COUNTER and plan.rules["paper"] > 0:
            end = end_with_paper(plan, house, center, who, needed)
        else:
            end = end_of_work(plan, house, center, needed)
    return int(end)


def _asks(plan: Plan, house: House, who: Any, official: Any) -> bool:
    """Whether an official for whom it goes worse asks a specialist over a link (clause "consultation")."""
    consulted = plan.centers[plan.points[who["point"]]["center"]]["consulted"]
    if consulted == 0 or not house.officials[official]["may_be_weak"]:
        return False
    field = plan.procedures[who["procedure"]]["field"]
    if not consulted & (np.uint64(1) << np.uint64(field)) or is_down(house, who["point"]):
        return False
    return is_weak(plan, official, field)


def _consult(plan: Plan, house: House, slot: Any) -> None:
    """The visit waits for a specialist, its official being busy without end."""
    who, place = house.inside[slot], remote(plan, plan.points[house.inside[slot]["point"]]["center"])
    who["stage"], who["joined"] = CONSULT, house.clock["now"]
    who["start"][LATER], who["official"][LATER] = NEVER, NEVER
    queue = np.uint32(plan.procedures[who["procedure"]]["field"]) * np.uint32(plan.priorities.shape[1])
    wait_at(house, slot, place, house.places[place]["queue"] + queue + who["priority"])
    if house.clock["down"] > 0:  # those before may wait for other networks
        changed(house, place, ANYTHING, NOBODY)


def _end_of_consultation(plan: Plan, house: House, who: Any) -> int:
    """When citizen, official and specialist are done who begin now."""
    host, center = house.officials[who["official"][COUNTER]], network_at(plan, who["point"])
    needed = int(plan.rules["set_up"]) + time_needed(int(who["work"]), int(host["speed"]))
    return int(house.clock["now"] + needed) if center == NEVER else end_of_work(plan, house, center, needed)


def _work(who: Any, stage: int) -> int:
    if stage == GUIDE:
        return int(who["guidance"])
    if stage == SIGN:
        return int(who["signature"])
    return int(who["collection"] if stage == COLLECT else who["work"])


def _speed(plan: Plan, who: Any, stage: int, official: Any, one: Any) -> int:
    """Of the official, for whom it may go worse; then what was whole may be taken in wrongly (clause "weak")."""
    speed = int(one["speed"])
    if stage == COUNTER and one["may_be_weak"] and is_weak(plan, official, plan.procedures[who["procedure"]]["field"]):
        speed = speed_for(speed, int(plan.rules["weak_speed"]))
        submits = who["purpose"] == Purpose.SUBMIT and who["outcome"] == Outcome.SERVED
        if submits and errs(plan, who["citizen"], who["visit"]):
            who["outcome"], who["left"] = Outcome.INCOMPLETE, who["dossiers"]
    return speed
