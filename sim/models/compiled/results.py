"""What follows reception on the same visit: the result is signed and handed over; paper is typed in."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.cases import open_case
from sim.models.compiled.fold import Fold
from sim.models.compiled.folding import fold_other, fold_work
from sim.models.compiled.house import COLLECT, LATER, NOBODY, RECORD, SIGN, House, leaders_of
from sim.models.compiled.lines import grow, leave, wait_at
from sim.models.compiled.rows import Log, ones, write_other, write_stretch
from sim.plan import Plan
from sim.trace import Outcome
from sim.units import DAY, NEVER


def received(plan: Plan, house: House, slot: Any) -> None:
    """Reception is over: papers are to be typed in, the back office begins, the result is to be signed, or owed."""
    who, now = house.inside[slot], house.clock["now"]
    who["counter_end"] = now
    if who["on_paper"]:
        _put_on_record(plan, house, who)
    if len(plan.steps) > 0:
        open_case(plan, house, who)
    who["owed"] = who["signature"] != NEVER and who["outcome"] == Outcome.SERVED
    if who["owed"] and now % DAY <= plan.rules["cut_off"]:
        house.points[who["point"]]["results"] += 1
        _wait_for_result(plan, house, slot, SIGN)
    else:
        leave(house, slot, who["outcome"])


def go_on(plan: Plan, house: House, slot: Any, log: Log, fold: Fold, keeps: bool) -> None:
    """A task after the counter is done."""
    who, now = house.inside[slot], house.clock["now"]
    if who["stage"] == COLLECT:
        who["owed"] = False
        leave(house, slot, who["outcome"])
        return
    end_other(plan, house, log, fold, keeps, who, now)
    if who["stage"] == SIGN:
        _wait_for_result(plan, house, slot, COLLECT)
    else:
        house.points[who["point"]]["records"] -= 1
        house.free[house.clock["free"]] = slot
        house.clock["free"] += 1


def end_other(plan: Plan, house: House, log: Log, fold: Fold, keeps: bool, who: Any, end: int) -> None:
    """A task after the counter is over, at NEVER if not before the horizon."""
    if keeps:
        write_other(plan, log, house.clock["others"], who, end)
    else:
        fold_other(plan, fold, who, end)
    house.clock["others"] += 1


def end_stretch(plan: Plan, house: House, log: Log, fold: Fold, keeps: bool, row: Any) -> None:
    """A stretch of work on a case, a STRETCH row, is over."""
    if keeps:
        write_stretch(plan, log, house.clock["others"], house.inside[row["slot"]], row)
    else:
        fold_work(plan, fold, row["start"], row["end"], row["official"])
    house.clock["others"] += 1


def _wait_for_result(plan: Plan, house: House, slot: Any, stage: int) -> None:
    """Waits at the leaders or for whoever hands the result over; where the point is closed for good, goes."""
    who = house.inside[slot]
    who["stage"], who["joined"] = stage, house.clock["now"]
    who["start"][LATER], who["official"][LATER] = NEVER, NEVER
    if house.points[who["point"]]["closed_for_good"]:
        house.points[who["point"]]["results"] -= 1
        leave(house, slot, who["outcome"])
    elif stage == SIGN:
        place = leaders_of(plan, who["point"])
        wait_at(house, slot, place, house.places[place]["queue"] + who["priority"])
    else:
        _wait_at_counters(plan, house, slot, house.clock["handing"])


def _wait_at_counters(plan: Plan, house: House, slot: Any, first: Any) -> None:
    """In the queue of its field, of those from ``first`` on."""
    who = house.inside[slot]
    place, field = np.uint32(2 * who["point"]), plan.procedures[who["procedure"]]["field"]
    wait_at(house, slot, place, np.uint32(house.places[place]["queue"] + first + field))


def _put_on_record(plan: Plan, house: House, who: Any) -> None:
    """What was accepted on paper takes a row of its own until it is typed in."""
    accepted = ones(who["dossiers"]) - (ones(who["left"]) if who["outcome"] == Outcome.INCOMPLETE else 0)
    if accepted <= 0:
        return
    house.clock["free"] -= 1
    slot = house.free[house.clock["free"]]
    house.points[who["point"]]["records"] += 1
    grow(house, house.points[who["point"]]["center"])
    house.inside[slot] = who
    row = house.inside[slot]
    row["stage"], row["joined"], row["timer"] = RECORD, house.clock["now"], NOBODY
    row["work"] = accepted * plan.rules["record"]
    row["start"][LATER], row["official"][LATER] = NEVER, NEVER
    _wait_at_counters(plan, house, slot, house.clock["typing"])
