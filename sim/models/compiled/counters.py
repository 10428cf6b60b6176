"""Places where officials do tasks: who is called next, by whom, and when it is done."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.cases import put_aside, work_on
from sim.models.compiled.ends import busy_until
from sim.models.compiled.house import (
    BITS,
    COLLECT,
    CONSULT,
    COUNTER,
    GUIDE,
    LATER,
    NOBODY,
    ONE_IDLE,
    ONE_JOINED,
    RECORDS_HELD,
    SERVED,
    SIGN,
    STEP,
    UNCHANGED,
    House,
    desk_of,
    first_in,
    first_official,
    lowest,
    may_serve,
    remote,
)
from sim.models.compiled.lines import leave_line, stand_idle, stand_in_line, take_away, wait_at
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
        queue, official = _next(house, place)
        if queue == NOBODY:
            return
        slot = first_in(house, queue)
        leave_line(house, slot)
        if house.officials[official]["at_desk"]:
            put_aside(plan, house, official)
        else:
            take_away(house, official)
        _start(plan, house, slot, official)


def _next(house: House, place: Any) -> tuple[Any, Any]:
    """The queue whose head is called, and the official; NOBODY where nobody who waits can be."""
    first, found, by = turn(0, 0, 0), NOBODY, NOBODY
    for queue in range(house.places[place]["queue"], house.places[place]["queue_end"]):
        if not is_empty(house.lines, queue):
            official = _first_able(house, place, np.uint32(queue))
            if official == NOBODY and house.queues[queue]["urgent"]:
                official = _first_of(house, place, np.uint32(queue), desk_of(house, place))
            if official != NOBODY:
                its_turn = _turn(house, queue)
                if found == NOBODY or its_turn < first:
                    first, found, by = its_turn, np.uint32(queue), official
    return found, by


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
            barred = is_empty(house.lines, queue) | _is_held(house, row, line) | (full and not line["of_cases"])
            if not barred and may_serve(one, line):
                its_turn = _turn(house, queue)
                if found == NOBODY or its_turn < first:
                    first, found = its_turn, np.uint32(queue)
            queue += np.uint32(BITS)
    return found


def _turn(house: House, queue: Any) -> tuple[int, int, int]:
    """The turn of the first in a queue."""
    who = house.inside[first_in(house, queue)]
    return turn(house.queues[queue]["rank"], who["joined"], who["number"])


def _first_able(house: House, place: Any, queue: Any) -> Any:
    """The first of the idle officials of a place who may serve a queue; NOBODY where none can call from it."""
    return _first_of(house, place, queue, place)


def _first_of(house: House, place: Any, queue: Any, head: Any) -> Any:
    """The first of those after a head, the idle of a place or those at its desk, who may serve a queue."""
    line, row, first = house.queues[queue], house.places[place], first_official(house)
    if (row["busy"] >= row["limit"] and not line["of_cases"]) or _is_held(house, row, line):
        return NOBODY
    one = house.idle[head]["after"]
    while one != head:
        if may_serve(house.officials[one - first], line):
            return np.uint32(one - first)
        one = house.idle[one]["after"]
    return NOBODY


def _is_held(house: House, row: Any, line: Any) -> bool:
    """Whether a queue of a place waits for the network, or for its hall to close."""
    return bool((line["hold"] & (house.clock["holds"] | row["holds"])) != 0)


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
        clock["waiting"] -= 1
    elif stage == COLLECT:
        house.points[who["point"]]["results"] -= 1
    if stage == COUNTER and plan.rules["tick"] > 0:
        house.points[who["point"]]["waited"][0] += now - who["joined"]
        house.points[who["point"]]["received"][0] += 1
    at = np.uint32(min(stage, LATER))
    who["start"][at], who["official"][at] = now, official
    if stage == COUNTER and _asks(plan, house, who, official):
        _consult(plan, house, slot, official)
    elif stage == CONSULT:
        busy_until(house, official, _end_of_consultation(plan, house, who))
    else:
        busy_until(house, official, _end(plan, house, who, official))


def _end(plan: Plan, house: House, who: Any, official: Any) -> int:
    """When a task that begins now will be done."""
    stage, clock = who["stage"], house.clock
    needed = time_needed(_work(who, stage), _speed(plan, who, stage, official, house.officials[official]))
    end = clock["now"] + needed
    if len(plan.network) > 0 and end > clock["full_until"] and house.queues[who["queue"]]["network"]:
        end = _end_of_work(plan, clock["step"], clock["now"], needed)
        if stage == COUNTER and plan.rules["paper"] > 0:
            end = _with_paper(plan, clock["step"], who, needed, end)
    return int(end)


def _asks(plan: Plan, house: House, who: Any, official: Any) -> bool:
    """Whether an official for whom it goes worse asks a specialist over a link (clause "consultation")."""
    consulted = plan.centers[plan.officials[official]["center"]]["consulted"]
    if consulted == 0 or not house.officials[official]["may_be_weak"]:
        return False
    field = plan.procedures[who["procedure"]]["field"]
    if not consulted & (np.uint64(1) << np.uint64(field)) or house.clock["holds"] & RECORDS_HELD:
        return False
    return is_weak(plan, official, field)


def _consult(plan: Plan, house: House, slot: Any, official: Any) -> None:
    """The visit waits for a specialist, its official being busy without end."""
    who, place = house.inside[slot], remote(plan, plan.officials[official]["center"])
    who["stage"], who["joined"] = CONSULT, house.clock["now"]
    who["start"][LATER], who["official"][LATER] = NEVER, NEVER
    queue = np.uint32(plan.procedures[who["procedure"]]["field"]) * np.uint32(plan.priorities.shape[1])
    wait_at(house, slot, place, house.places[place]["queue"] + queue + who["priority"])


def _end_of_consultation(plan: Plan, house: House, who: Any) -> int:
    """When citizen, official and specialist are done who begin now."""
    host, now = house.officials[who["official"][COUNTER]], house.clock["now"]
    needed = int(plan.rules["set_up"]) + time_needed(int(who["work"]), int(host["speed"]))
    return _end_of_work(plan, house.clock["step"], now, needed) if len(plan.network) > 0 else int(now + needed)


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


def _with_paper(plan: Plan, step: int, who: Any, work: int, end: int) -> int:
    """When work is done that goes on, on paper, from the first outage before its end (clause "paper")."""
    start, done = who["start"][COUNTER], 0
    since = start
    while step >= 0 and plan.network[step]["speed"] > 0:
        more = step + 1 < len(plan.network)
        if not more or plan.network[step + 1]["time"] >= end:
            return end
        done += (plan.network[step + 1]["time"] - since) * plan.network[step]["speed"]
        step += 1
        since = plan.network[step]["time"]
    if step < 0:
        return end
    who["on_paper"] = True
    left, pace = 1000 * work - done, plan.rules["paper"]
    return int(since + (left + pace - 1) // pace)


def _end_of_work(plan: Plan, step: int, start: int, work: int) -> int:
    """The first t with W(t) >= W(start) + 1000 * work (clause "network"); ``step`` is the one that holds at start."""
    row = plan.network[step]
    target = row["work"] + (start - row["time"]) * row["speed"] + 1000 * work
    while step + 1 < len(plan.network) and plan.network[step + 1]["work"] < target:
        step += 1
    row = plan.network[step]
    return int(row["time"] - (row["work"] - target) // row["speed"])
