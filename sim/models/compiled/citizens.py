"""The way of a citizen through one visit, from the gate to the street."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.look import Look
from sim.models.compiled.calendar import come_later, count_overtime
from sim.models.compiled.cases import file_from_home, step_is_done
from sim.models.compiled.counters import call, who_is_done
from sim.models.compiled.fold import Fold
from sim.models.compiled.house import (
    ANYTHING,
    CONSULT,
    COUNTER,
    ELSEWHERE,
    FAR,
    GUIDE,
    LATER,
    NOBODY,
    WAITING,
    House,
    desk_of,
    first_in,
    gate_of,
)
from sim.models.compiled.lines import changed, free, give_up, join, leave
from sim.models.compiled.patience import remember
from sim.models.compiled.results import end_other, go_on, received
from sim.models.compiled.rings import insert, is_empty, remove
from sim.models.compiled.rows import Log
from sim.people import look_up, most_visits, visit_of
from sim.plan import UNLIMITED, Plan
from sim.processing import is_remote
from sim.trace import Outcome
from sim.units import DAY, NEVER


def completion(plan: Plan, house: House, log: Log, fold: Fold, keeps: bool) -> None:
    """A task is done: the official is idle, off, or in the break that is owed; the visit goes on or ends."""
    number, now = who_is_done(house), house.clock["now"]
    one = house.officials[number]
    if one["at_desk"]:
        step_is_done(plan, house, number)
        return
    slot = one["slot"]
    who = house.inside[slot]
    stage = who["stage"]
    _released(plan, house, number, who["place"], who["start"][min(stage, LATER)])
    if stage == CONSULT:
        end_other(plan, house, log, fold, keeps, who, now)
        stage, who["stage"] = COUNTER, COUNTER
        place = np.uint32(2 * who["point"])
        _released(plan, house, np.uint32(who["official"][COUNTER]), place, who["start"][COUNTER])
    if stage == COUNTER:
        if who["signature"] == NEVER and not who["on_paper"] and len(plan.steps) == 0:
            leave(house, slot, who["outcome"])
        else:
            received(plan, house, slot)
    elif stage > COUNTER:
        go_on(plan, house, slot, log, fold, keeps)
    else:
        who["guide_end"] = now
        if who["after_guidance"] != NEVER:
            leave(house, slot, who["after_guidance"])
        else:
            join(plan, house, slot, COUNTER)


def _released(plan: Plan, house: House, number: Any, at: Any, start: int) -> None:
    """An official who was busy at a place is idle, off, or in the break that is owed."""
    one, place, now = house.officials[number], house.places[at], house.clock["now"]
    one["busy"], one["left"] = False, now
    if one["paid_until"] != NEVER:
        count_overtime(plan, house, number, now - max(start, one["paid_until"]))
    others = not (is_empty(house.idle, at) & is_empty(house.idle, desk_of(house, at)))
    if (place["busy"] >= place["limit"]) & others:
        changed(house, at, ANYTHING, NOBODY)
    place["busy"] -= 1
    if one["on_duty"]:
        free(house, number)
    elif one["owed"] > 0:
        come_later(house, number, now + one["owed"])


def midnight(plan: Plan, look: Look, house: House, log: Log, fold: Fold, keeps: bool) -> bool:
    """The people of the day are looked up; False where there is no room for them."""
    clock, day = house.clock, house.clock["day"]
    most = most_visits(plan, look, day)
    if not _has_room(plan, look, house, log, fold, most, keeps):
        return False
    count = look_up(plan, look, day)
    for point in range(len(house.points)):
        house.points[point]["issued"] = 0
    clock["day"], clock["next"], clock["today"], clock["unsettled"] = day + 1, 0, count, True
    _next_arrival(plan, look, house)
    return True


def _has_room(plan: Plan, look: Look, house: House, log: Log, fold: Fold, most: int, keeps: bool) -> bool:
    """Whether so many more visits fit in, and all those who may set out or end before the next midnight."""
    more = inside(house) + most
    extra, boards = house.clock["extra"], boards_of_a_day(plan, house)
    others = extra * more + cuts_of_a_day(plan, house)
    fits = house.clock["free"] >= rows_wanted(house, most) and len(look.today) >= most
    fits &= house.clock["joined"] + more <= len(house.joined)
    kept = house.clock["visits"] + more <= len(log.rows) and house.clock["others"] + others <= len(log.others)
    kept &= house.clock["decisions"] + boards <= len(log.decisions)
    kept = kept if keeps else fold.many[0] + 2 * more <= len(fold.beyond)
    return bool(fits and kept and look.many[0] + setting_out(house, more) < len(look.coming))


def boards_of_a_day(plan: Plan, house: House) -> int:
    """How many decisions rules may make before the next midnight, and at it, at most."""
    return len(house.officials) * int(DAY // plan.rules["tick"] + 1) if plan.rules["tick"] > 0 else 0


def cuts_of_a_day(plan: Plan, house: House) -> int:
    """How many stretches of work on cases the calendar and boards may end before the next midnight, and at it."""
    if len(plan.steps) == 0 and house.clock["checks"] == 0:
        return 0
    rows, day = plan.programs, house.clock["day"]
    cuts = boards_of_a_day(plan, house)
    for one in range(max(day - 1, 0), min(day + 2, len(plan.days))):
        program = plan.days[one]["program"]
        cuts += rows[program + 1]["changes"] - rows[program]["changes"]
    return int(cuts)


def setting_out(house: House, more: int) -> int:
    """How many of so many visits and cases may set out for another: for what they left, and for a result."""
    return int(2 * more if house.clock["behind"] > 0 else more)


def rows_wanted(house: House, most: int) -> int:
    """How many free rows so many more visits may want before the next midnight, and what visits leave behind."""
    return int(most + house.clock["behind"] * (most + inside(house)))


def inside(house: House) -> int:
    """How many visits have not ended."""
    return int(len(house.inside) - house.clock["free"])


def _next_arrival(plan: Plan, look: Look, house: House) -> None:
    """When the next visit begins, or the next day."""
    clock = house.clock
    if clock["next"] < clock["today"]:
        clock["arrival"] = max(look.today[clock["next"]]["arrival"], clock["now"])
    else:
        clock["arrival"] = clock["day"] * DAY if clock["day"] < len(plan.days) else FAR


def _from_the_gate(house: House) -> Any:
    """The next of those who are let in, in the order in which they came; NOBODY when all are inside."""
    for point in range(len(house.points)):
        hall = house.points[point]
        gate = gate_of(house, point)
        if hall["opened"] and not is_empty(house.lines, gate):
            slot = first_in(house, gate)
            remove(house.lines, house.lines[gate]["after"])
            return slot
    house.clock["let_in"] = False
    return NOBODY


def _next_visit(plan: Plan, look: Look, house: House) -> Any:
    """The visit that arrives now."""
    clock = house.clock
    clock["free"] -= 1
    slot = house.free[clock["free"]]
    visit_of(plan, look.today[clock["next"]], house.inside[slot])
    begin_visit(house.inside[slot], clock["number"])
    clock["number"] += 1
    clock["next"] += 1
    _next_arrival(plan, look, house)
    return slot


def begin_visit(who: Any, number: int) -> None:
    """All that has not happened yet."""
    who["number"], who["state"], who["result"], who["timer"] = number, ELSEWHERE, Outcome.IN_SYSTEM, NOBODY
    who["entry"], who["departure"], who["stage"] = NEVER, NEVER, GUIDE
    who["guide_end"], who["counter_end"], who["owed"], who["on_paper"] = NEVER, NEVER, False, False
    for stage in (GUIDE, COUNTER, LATER):
        who["start"][stage], who["official"][stage] = NEVER, NEVER


def arrive(plan: Plan, look: Look, house: House) -> None:
    """Who is let in at the gate, or else arrives: in, at the gate, or turned away (clause "gate")."""
    slot = _from_the_gate(house) if house.clock["let_in"] else _next_visit(plan, look, house)
    if slot == NOBODY:
        return
    who = house.inside[slot]
    hall, clock, now = house.points[who["point"]], house.clock, house.clock["now"]
    if clock["checks"] != 0 and is_remote(plan, who):
        file_from_home(plan, house, slot)
        return
    if not hall["opened"]:
        opens = plan.days[now // DAY]["opens"]
        if opens == NEVER or now >= opens:
            leave(house, slot, Outcome.TURNED_AWAY)
        else:
            gate = gate_of(house, who["point"])
            insert(house.lines, clock["heads"] + slot, house.lines[gate]["before"])
        return
    hall["issued"] += 1
    if hall["issued"] > plan.points[who["point"]]["tickets"]:
        leave(house, slot, Outcome.TURNED_AWAY)
        return
    who["entry"] = now
    join(plan, house, slot, COUNTER if who["guidance"] == NEVER else GUIDE)


def renege(house: House) -> None:
    """The patience of somebody who waits is over."""
    slot = house.timed[0]
    changed(house, house.inside[slot]["place"], ANYTHING, NOBODY)
    give_up(house, slot, Outcome.RENEGED)


def settle(plan: Plan, house: House) -> None:
    """The dispatch passes of this instant; then who has no seat balks, and patience and the queue begin to count."""
    clock = house.clock
    clock["unsettled"] = False
    nth = 0
    while nth < clock["dirty"]:  # grows while specialists are asked
        call(plan, house, house.dirty[np.uint32(nth)])
        nth += 1
    clock["dirty"] = 0
    if clock["joined"] > 0:
        _balk(plan, house)
        for nth in range(clock["joined"]):
            who = house.inside[house.joined[nth]]
            if who["state"] == WAITING and who["patience"] != NEVER and who["timer"] == NOBODY:
                remember(house, house.joined[nth])
        clock["joined"] = 0
    more = clock["waiting"] > clock["most_waiting"] or clock["records"] > clock["most_records"]
    if more and clock["now"] >= plan.rules["warmup"]:
        clock["most_waiting"] = max(clock["most_waiting"], clock["waiting"])
        clock["most_records"] = max(clock["most_records"], clock["records"])


def _balk(plan: Plan, house: House) -> None:
    """Who entered now, still waits and has no seat, last id first."""
    for point in range(len(house.points)):
        seats = plan.points[point]["seats"]
        if seats >= UNLIMITED:
            continue
        seats -= house.points[point]["results"]
        while house.places[2 * point]["waiting"] + house.places[2 * point + 1]["waiting"] > seats:
            last = _last_to_enter(house, point)
            if last == NOBODY:
                break
            give_up(house, last, Outcome.BALKED)


def _last_to_enter(house: House, point: int) -> Any:
    last = NOBODY
    for nth in range(house.clock["joined"]):
        slot = house.joined[nth]
        who = house.inside[slot]
        enters = who["point"] == point and who["state"] == WAITING and who["entry"] == house.clock["now"]
        if enters and (last == NOBODY or who["number"] > house.inside[last]["number"]):
            last = slot
    return last
