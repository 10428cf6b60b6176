"""The way of a citizen through one visit, from the gate to the street."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.calendar import come_later, count_overtime
from sim.models.compiled.cases import step_is_done
from sim.models.compiled.counters import call
from sim.models.compiled.ends import who_is_done
from sim.models.compiled.fold import Fold
from sim.models.compiled.house import (
    ANYTHING,
    CONSULT,
    COUNTER,
    LATER,
    NOBODY,
    UNCHANGED,
    WAITING,
    House,
    desk_of,
    is_asked,
)
from sim.models.compiled.lines import changed, free, give_up, join, leave
from sim.models.compiled.patience import remember
from sim.models.compiled.results import end_other, go_on, received
from sim.models.compiled.rings import is_empty
from sim.models.compiled.rows import Log
from sim.plan import Plan
from sim.scalars import UNLIMITED
from sim.trace import Outcome
from sim.units import NEVER


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


def renege(house: House) -> None:
    """The patience of somebody who waits is over."""
    slot = house.timed[0]
    changed(house, house.inside[slot]["place"], ANYTHING, NOBODY)
    give_up(house, slot, Outcome.RENEGED)


def settle(plan: Plan, house: House) -> None:
    """The dispatch passes of this instant; then who has no seat balks, and patience and the queue begin to count."""
    clock = house.clock
    clock["unsettled"] = False
    nth, asked = 0, 0
    while nth < clock["dirty"]:  # may grow by those of the specialists who are asked, called last
        place = house.dirty[np.uint32(nth)]
        if is_asked(house, place):
            asked += 1
        else:
            call(plan, house, place)
        nth += 1
    if asked > 0:
        _call_those_asked(plan, house)
    clock["dirty"] = 0
    if clock["joined"] > 0:
        _balk(plan, house)
        for nth in range(clock["joined"]):
            who = house.inside[house.joined[nth]]
            if _waits(who) and who["patience"] != NEVER and who["timer"] == NOBODY:
                remember(house, house.joined[nth])
        clock["joined"] = 0
    for nth in range(clock["grown"]):
        _look_at_most(house, house.grown[nth], clock["now"] >= plan.rules["warmup"])
    clock["grown"] = 0


def _look_at_most(house: House, center: Any, measured: bool) -> None:
    """How many wait at a center at once, and how much is to be typed in."""
    own, waiting, records = house.centers[center], 0, 0
    own["grows"] = False
    if measured:
        for point in range(own["first"], own["last"]):
            if house.points[point]["center"] == center:
                waiting += house.places[2 * point]["waiting"] + house.places[2 * point + 1]["waiting"]
                records += house.points[point]["records"]
        own["most_waiting"] = max(own["most_waiting"], waiting)
        own["most_records"] = max(own["most_records"], records)


def _call_those_asked(plan: Plan, house: House) -> None:
    for nth in range(house.clock["dirty"]):
        place = house.dirty[np.uint32(nth)]
        if house.places[place]["change"] != UNCHANGED:
            if house.clock["down"] > 0:  # whoever is first in a line may wait for a network, and the next not
                changed(house, place, ANYTHING, NOBODY)
            call(plan, house, place)


def _waits(who: Any) -> bool:
    """For a guide or a counter, and not for a specialist who is asked."""
    return bool((who["state"] == WAITING) & (who["stage"] <= COUNTER))


def _balk(plan: Plan, house: House) -> None:
    """Who entered now, still waits and has no seat, last id first."""
    for nth in range(house.clock["joined"]):
        point = int(house.inside[house.joined[nth]]["point"])
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
        enters = who["point"] == point and _waits(who) and who["entry"] == house.clock["now"]
        if enters and (last == NOBODY or who["number"] > house.inside[last]["number"]):
            last = slot
    return last
