"""The way of a citizen through one visit, from the gate to the street."""

from __future__ import annotations

from typing import Any

from sim.look import COMERS, FREE, Look
from sim.models.compiled.calendar import come_later
from sim.models.compiled.counters import call, changed, free, give_up, join, leave, who_is_done
from sim.models.compiled.folding import Fold
from sim.models.compiled.house import ANYTHING, COUNTER, ELSEWHERE, FAR, GUIDE, NOBODY, WAITING, House
from sim.models.compiled.patience import remember
from sim.people import look_up, most_visits
from sim.plan import UNLIMITED, Plan
from sim.trace import Outcome
from sim.units import DAY, NEVER


def completion(plan: Plan, look: Look, house: House) -> None:
    """A task is done: the official is idle, off, or in the break that is owed; the visit goes on or ends."""
    number, now = who_is_done(house), house.clock["now"]
    one = house.officials[number]
    slot, place = one["slot"], house.places[one["place"]]
    one["busy"], one["left"] = False, now
    if place["busy"] >= place["limit"] or not one["on_duty"]:
        changed(house, one["place"], ANYTHING, NOBODY)
    place["busy"] -= 1
    if one["on_duty"]:
        free(house, number)
    elif one["owed"] > 0:
        come_later(house, number, now + one["owed"])
    who = look.block[slot]
    if who["stage"] == COUNTER:
        leave(house, look, slot, who["outcome"])
        return
    who["guide_end"] = now
    if who["after_guidance"] != NEVER:
        leave(house, look, slot, who["after_guidance"])
    else:
        join(plan, look, house, slot, COUNTER)


def midnight(plan: Plan, look: Look, house: House, fold: Fold, keeps: bool) -> bool:
    """The people of the day are looked up; False where there is no room for them."""
    clock, day = house.clock, house.clock["day"]
    most = most_visits(plan, look, day)
    if not _has_room(look, house, fold, most, keeps):
        return False
    count = look_up(plan, look, day)
    for point in range(len(house.points)):
        house.points[point]["issued"] = 0
    clock["day"], clock["next"], clock["today"] = day + 1, 0, count
    _next_arrival(plan, look, house)
    return True


def _has_room(look: Look, house: House, fold: Fold, most: int, keeps: bool) -> bool:
    """Whether so many more visits fit in, and all those who may set out or be folded before the next midnight."""
    more = inside(look, house, keeps) + most
    fits = look.sizes[FREE] >= most and len(house.leaving) >= len(look.block)
    fits = fits and (keeps or fold.many[0] + 2 * more <= len(fold.beyond))
    return bool(fits and look.sizes[COMERS] + more < len(look.coming))


def inside(look: Look, house: House, keeps: bool) -> int:
    """How many visits have not ended."""
    return int(len(look.block) - look.sizes[FREE] - (house.clock["visits"] if keeps else 0))


def _next_arrival(plan: Plan, look: Look, house: House) -> None:
    """When the next visit begins, or the next day."""
    clock = house.clock
    if clock["next"] < clock["today"]:
        clock["arrival"] = max(look.block[look.today[clock["next"]]]["arrival"], clock["now"])
    else:
        clock["arrival"] = clock["day"] * DAY if clock["day"] < len(plan.days) else FAR


def _from_the_gate(look: Look, house: House) -> Any:
    """The next of those who are let in, in the order in which they came; NOBODY when all are inside."""
    for point in range(len(house.points)):
        hall = house.points[point]
        if hall["opened"] and hall["gate"] != NOBODY:
            slot = hall["gate"]
            hall["gate"] = look.block[slot]["after"]
            return slot
    house.clock["let_in"] = False
    return NOBODY


def _next_visit(plan: Plan, look: Look, house: House) -> Any:
    """The visit that arrives now."""
    clock = house.clock
    slot = look.today[clock["next"]]
    begin_visit(look.block[slot], clock["number"])
    clock["number"] += 1
    clock["next"] += 1
    _next_arrival(plan, look, house)
    return slot


def begin_visit(who: Any, number: int) -> None:
    """All that has not happened yet."""
    who["number"], who["state"], who["result"], who["timer"] = number, ELSEWHERE, Outcome.IN_SYSTEM, NOBODY
    who["entry"], who["departure"], who["stage"] = NEVER, NEVER, GUIDE
    who["guide_start"], who["guide_end"], who["guide"] = NEVER, NEVER, NEVER
    who["start"], who["official"] = NEVER, NEVER


def forget_the_rest(look: Look, house: House) -> None:
    """Visits of the last day that would begin at the horizon or later do not begin."""
    for nth in range(house.clock["next"], house.clock["today"]):
        look.block[look.today[nth]]["number"] = NEVER


def arrive(plan: Plan, look: Look, house: House) -> None:
    """Who is let in at the gate, or else arrives: in, at the gate, or turned away (clause "gate")."""
    slot = _from_the_gate(look, house) if house.clock["let_in"] else _next_visit(plan, look, house)
    if slot == NOBODY:
        return
    who = look.block[slot]
    hall, now = house.points[who["point"]], house.clock["now"]
    if not hall["opened"]:
        opens = plan.days[now // DAY]["opens"]
        if opens == NEVER or now >= opens:
            leave(house, look, slot, Outcome.TURNED_AWAY)
        else:
            _stand_at_the_gate(look, house, slot)
        return
    hall["issued"] += 1
    if hall["issued"] > plan.points[who["point"]]["tickets"]:
        leave(house, look, slot, Outcome.TURNED_AWAY)
        return
    who["entry"] = now
    join(plan, look, house, slot, COUNTER if who["guidance"] == NEVER else GUIDE)


def _stand_at_the_gate(look: Look, house: House, slot: Any) -> None:
    hall = house.points[look.block[slot]["point"]]
    look.block[slot]["after"] = NOBODY
    if hall["gate"] == NOBODY:
        hall["gate"] = slot
    else:
        look.block[hall["gate_end"]]["after"] = slot
    hall["gate_end"] = slot


def renege(look: Look, house: House) -> None:
    """The patience of somebody who waits is over."""
    slot = house.timed[0]
    changed(house, look.block[slot]["place"], ANYTHING, NOBODY)
    give_up(look, house, slot, Outcome.RENEGED)


def settle(plan: Plan, look: Look, house: House) -> None:
    """The dispatch passes of this instant; then who has no seat balks, and patience begins to count."""
    clock = house.clock
    clock["unsettled"] = False
    for nth in range(clock["dirty"]):
        call(plan, look, house, house.dirty[nth])
    clock["dirty"] = 0
    if clock["joined"] > 0:
        _balk(plan, look, house)
        for nth in range(clock["joined"]):
            who = look.block[house.joined[nth]]
            if who["state"] == WAITING and who["patience"] != NEVER and who["timer"] == NOBODY:
                remember(look, house, house.joined[nth])
        clock["joined"] = 0


def _balk(plan: Plan, look: Look, house: House) -> None:
    """Who entered now, still waits and has no seat, last id first."""
    for point in range(len(house.points)):
        seats = plan.points[point]["seats"]
        if seats >= UNLIMITED:
            continue
        while house.places[2 * point]["waiting"] + house.places[2 * point + 1]["waiting"] > seats:
            last = _last_to_enter(look, house, point)
            if last == NOBODY:
                break
            give_up(look, house, last, Outcome.BALKED)


def _last_to_enter(look: Look, house: House, point: int) -> Any:
    last = NOBODY
    for nth in range(house.clock["joined"]):
        slot = house.joined[nth]
        who = look.block[slot]
        enters = who["point"] == point and who["state"] == WAITING and who["entry"] == house.clock["now"]
        if enters and (last == NOBODY or who["number"] > look.block[last]["number"]):
            last = slot
    return last
