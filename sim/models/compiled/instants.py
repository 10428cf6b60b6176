"""From instant to instant, rank by rank, in the order of the contract."""

from __future__ import annotations

from typing import Any

from sim.look import Look
from sim.models.compiled.arrivals import arrive, midnight
from sim.models.compiled.boards import publish
from sim.models.compiled.calendar import begin, calendar, turn_to_soonest
from sim.models.compiled.citizens import completion, renege, settle
from sim.models.compiled.fold import Fold
from sim.models.compiled.folding import MOST_RECORDS, MOST_WAITING, fold_case, fold_visit
from sim.models.compiled.house import CHECK, CONSULT, COUNTER, READY, RECORD, House
from sim.models.compiled.opening import open_house
from sim.models.compiled.results import end_other, end_stretch
from sim.models.compiled.rows import Log, write_down
from sim.people import set_out, set_out_for_result
from sim.plan import Plan
from sim.units import NEVER


def start(plan: Plan, house: House) -> None:
    """Before the first instant."""
    open_house(plan, house)
    begin(plan, house)


def advance(plan: Plan, look: Look, house: House, log: Log, fold: Fold, keeps: bool) -> bool:
    """Runs until the horizon; False where room is to be made first, or a rule asked, and the call repeated.

    ``keeps``: whether visits that have ended are written down in the log; otherwise they are folded.
    """
    clock = house.clock
    while True:
        now = min(clock["end"], clock["calendar"], clock["arrival"], clock["expiry"], clock["road_at"])
        _after_leaving(plan, look, house, log, fold, keeps)
        if now >= plan.rules["horizon"]:
            _stay(plan, house, log, fold, keeps)
            return True
        clock["now"] = now
        while clock["end"] == now:
            completion(plan, house, log, fold, keeps)
        if clock["calendar"] == now:
            calendar(plan, house)
            if clock["tick_at"] == now:
                if not publish(plan, house, log, keeps):
                    return False
                turn_to_soonest(clock)
        if clock["arrival"] == now and clock["next"] == clock["today"]:
            if clock["leaving"] > 0:
                continue
            if not midnight(plan, look, house, log, fold, keeps):
                return False
        _arrivals_and_after(plan, look, house)


def _arrivals_and_after(plan: Plan, look: Look, house: House) -> None:
    """The later ranks of an instant."""
    clock, now = house.clock, house.clock["now"]
    while clock["let_in"] or clock["road_at"] == now or (clock["arrival"] == now and clock["next"] < clock["today"]):
        arrive(plan, look, house)
    while clock["expiry"] <= now:
        renege(house)
    if clock["unsettled"]:
        settle(plan, house)


def _after_leaving(plan: Plan, look: Look, house: House, log: Log, fold: Fold, keeps: bool) -> None:
    """Stretches that are over are written down; those who left come back some day or never, and their rows are free."""
    clock = house.clock
    for nth in range(clock["stretches"]):
        end_stretch(plan, house, log, fold, keeps, house.stretches[nth])
    clock["stretches"] = 0
    for nth in range(clock["leaving"]):
        slot = house.leaving[nth]
        who = house.inside[slot]
        if who["stage"] == READY:
            set_out_for_result(plan, look, who, who["departure"])
            _close(plan, fold, keeps, who, who["departure"])
        else:
            set_out(plan, look, who, who["result"], who["departure"])
            _end(plan, house, log, fold, keeps, who)
        house.free[house.clock["free"]] = slot
        house.clock["free"] += 1
    clock["leaving"] = 0


def _end(plan: Plan, house: House, log: Log, fold: Fold, keeps: bool, who: Any) -> None:
    """Nothing more happens to a visit."""
    clock = house.clock
    if COUNTER < who["stage"] < RECORD:
        end_other(plan, house, log, fold, keeps, who, who["departure"])
    if keeps:
        write_down(log, clock["visits"], who)
    else:
        fold_visit(plan, fold, who)
    clock["visits"] += 1


def _close(plan: Plan, fold: Fold, keeps: bool, case: Any, ready: int) -> None:
    """Nothing more happens to a case, ready at NEVER if not before the horizon."""
    if not keeps:
        fold_case(plan, fold, case, ready)


def _stay(plan: Plan, house: House, log: Log, fold: Fold, keeps: bool) -> None:
    """Those who are still inside at the horizon, whose rows are not free; the longest queue."""
    for nth in range(house.clock["free"]):
        house.inside[house.free[nth]]["number"] = NEVER
    for slot in range(len(house.inside)):
        who = house.inside[slot]
        if who["number"] == NEVER:
            continue
        if who["stage"] >= RECORD:
            end_other(plan, house, log, fold, keeps, who, NEVER)
        if who["stage"] == CONSULT:
            who["stage"] = COUNTER
        if who["stage"] < RECORD or who["stage"] == CHECK:
            _end(plan, house, log, fold, keeps, who)
        elif who["stage"] > RECORD:
            _close(plan, fold, keeps, who, NEVER)
    if not keeps:
        for center in range(len(house.centers)):
            fold.time[center, MOST_WAITING] = house.centers[center]["most_waiting"]
            fold.time[center, MOST_RECORDS] = house.centers[center]["most_records"]
