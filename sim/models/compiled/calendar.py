"""The calendar of the plan and the steps of the networks of its centers, applied at their instants."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.cases import leave_desk
from sim.models.compiled.house import (
    ANYTHING,
    FAR,
    HALL_OPEN,
    NOBODY,
    RECORD,
    House,
    choose_queues,
    gate_of,
    leaders_of,
)
from sim.models.compiled.lines import changed, free, give_up, take_away
from sim.models.compiled.network import ALWAYS, next_step
from sim.models.compiled.rings import is_empty
from sim.officials import is_away
from sim.plan import BACK_OFFICE, Change, Plan
from sim.trace import Outcome
from sim.units import DAY, MONTHS, NEVER


def begin(plan: Plan, house: House) -> None:
    """The first row of the calendar and the first steps of the networks are next."""
    clock = house.clock
    clock["change"], clock["change_day"], clock["back_at"] = 0, NEVER, FAR
    clock["tick_at"] = 0 if plan.rules["tick"] > 0 else FAR
    clock["turn"], clock["down"] = 0, 0
    clock["step_at"] = house.turns[0]["time"] if len(house.turns) > 0 else FAR
    for center in range(len(house.centers)):
        house.centers[center]["step"] = NEVER
    for place in range(len(house.places)):
        house.places[place]["full_until"] = ALWAYS
    next_day(plan, clock)
    turn_to_soonest(clock)


def next_day(plan: Plan, clock: Any) -> None:
    """The first row of the next day on which the calendar has one."""
    clock["change_at"] = FAR
    while clock["change_at"] == FAR and clock["change_day"] + 1 < len(plan.days):
        clock["change_day"] += 1
        program = plan.days[clock["change_day"]]["program"]
        clock["change"] = plan.programs[program]["changes"]
        _set_time(plan, clock)


def _set_time(plan: Plan, clock: Any) -> None:
    """When the row of the calendar happens, FAR for none left in the program of its day."""
    program = plan.days[clock["change_day"]]["program"]
    clock["change_at"] = FAR
    if clock["change"] < plan.programs[program + 1]["changes"]:
        clock["change_at"] = clock["change_day"] * DAY + plan.changes[clock["change"]]["time"]


def turn_to_soonest(clock: Any) -> None:
    """When something of the calendar happens next."""
    clock["calendar"] = min(clock["change_at"], clock["step_at"], clock["back_at"], clock["tick_at"])


def calendar(plan: Plan, house: House) -> None:
    """All that the calendar and the network do at this instant."""
    clock = house.clock
    while clock["change_at"] == clock["now"]:
        _apply(plan, house, plan.changes[clock["change"]])
        clock["change"] += 1
        _set_time(plan, clock)
        if clock["change_at"] == FAR:
            next_day(plan, clock)
    while clock["step_at"] == clock["now"]:
        next_step(plan, house)
    if clock["back_at"] == clock["now"]:
        _backs(house)
    turn_to_soonest(clock)


def _apply(plan: Plan, house: House, row: Any) -> None:
    kind, subject = row["kind"], row["subject"]
    if kind == Change.DUTY:
        _duty(plan, house, subject, row["value"] != 0)
    elif kind == Change.DOOR:
        _door(plan, house, subject, row["value"] != 0)
    elif kind == Change.HOME:
        _send_home(plan, house, subject)
    elif kind == Change.LIMIT:
        house.places[subject]["limit"] = row["value"]
        changed(house, subject, ANYTHING, NOBODY)
    elif kind == Change.SPEED:
        house.officials[subject]["speed"] = row["value"]
    elif kind == Change.MOVE:
        move(plan, house, subject, row["value"])
    elif kind == Change.STAY:
        _stay(plan, house, subject, row["value"])
    elif kind == Change.EXTRA:
        if not is_away(plan, subject, house.clock["now"]):
            count_overtime(plan, house, subject, row["value"])
    else:
        raise ValueError("the calendar has a change of unknown kind")


def _door(plan: Plan, house: House, point: int, opens: bool) -> None:
    """Opens, so that whoever stands at the gate comes in before who arrives now; or closes."""
    hall, place = house.points[point], 2 * point
    hall["opened"] = opens
    row = house.places[place]
    row["holds"] = row["holds"] | HALL_OPEN if opens else row["holds"] & ~HALL_OPEN
    if plan.rules["records_after_hours"]:
        changed(house, place, ANYTHING, NOBODY)
    if opens:
        hall["closed_for_good"] = False
        if not is_empty(house.lines, gate_of(house, point)):
            house.clock["let_in"], house.clock["gate"] = True, 0


def _send_home(plan: Plan, house: House, point: int) -> None:
    """Whoever waits leaves, and nobody begins to wait any more (clause "closing")."""
    house.points[point]["closed_for_good"] = True
    outcome = Outcome.CARRIED_OVER if plan.rules["carries_over"] else Outcome.TURNED_AWAY
    for place in range(2 * point, 2 * point + 2):
        row = house.places[place]
        if row["waiting"] > 0 or house.points[point]["results"] > 0:
            changed(house, place, ANYTHING, NOBODY)
            for queue in range(row["queue"], row["queue_end"]):
                _empty(house, queue, point, outcome)
    if house.points[point]["results"] > 0:
        leaders = leaders_of(plan, point)
        changed(house, leaders, ANYTHING, NOBODY)
        for queue in range(house.places[leaders]["queue"], house.places[leaders]["queue_end"]):
            _empty(house, queue, point, outcome)


def _empty(house: House, queue: int, point: int, outcome: int) -> None:
    """Whoever of a point stands in a queue leaves; records stay."""
    one = house.lines[queue]["after"]
    while one != queue:
        slot = np.uint32(one - house.clock["heads"])
        one = house.lines[one]["after"]
        if house.inside[slot]["point"] == point and house.inside[slot]["stage"] < RECORD:
            give_up(house, slot, outcome)


def _duty(plan: Plan, house: House, number: int, on: bool) -> None:
    """A shift begins or ends; a break to be taken in full that began late delays it (clause "break")."""
    one, now = house.officials[number], house.clock["now"]
    if on and is_away(plan, number, now):
        return
    if not on:
        if one["at_desk"]:
            leave_desk(plan, house, number)
        elif one["on_duty"] and not one["busy"]:
            changed(house, one["place"], ANYTHING, NOBODY)
            take_away(house, number)
        _count(house, one, -int(one["on_duty"]))
        one["on_duty"], one["off"], one["owed"], one["back"] = False, now, 0, FAR
        return
    one["paid_until"] = NEVER
    if one["classes"] != plan.officials[number]["classes"]:
        one["classes"] = plan.officials[number]["classes"]
        choose_queues(house, number)
    in_a_break = one["off"] != NEVER and one["off"] // DAY == now // DAY
    if plan.rules["breaks_in_full"] and in_a_break:
        if one["busy"]:
            one["owed"] = now - one["off"]
            return
        if one["left"] > one["off"]:
            come_later(house, number, now + one["left"] - one["off"])
            return
    _present(house, number)


def move(plan: Plan, house: House, number: int, place: int) -> None:
    """From now on the official works at another place; whom they serve they serve to the end (clause "move")."""
    one = house.officials[number]
    idle = one["on_duty"] and (one["at_desk"] or not one["busy"])
    if one["at_desk"]:
        leave_desk(plan, house, number)
    elif idle:
        changed(house, one["place"], ANYTHING, NOBODY)
        take_away(house, number)
    _count(house, one, -int(one["on_duty"]))
    one["place"] = place
    _count(house, one, int(one["on_duty"]))
    choose_queues(house, number)
    if idle:
        free(house, number)


def _stay(plan: Plan, house: House, number: int, most: int) -> None:
    """The shifts of the day are over: the official stays if the law leaves room for it (clause "law").

    The back office is done for the day.
    """
    one = house.officials[number]
    one["paid_until"] = house.clock["now"]
    if one["classes"] & np.uint64(BACK_OFFICE):
        _stay_for_citizens(plan, house, number)
    count_overtime(plan, house, number, 0)
    room_in_month = one["overtime"][0] + most <= plan.rules["month_limit"]
    if not (room_in_month and one["overtime"][1] + most <= plan.rules["year_limit"]):
        _duty(plan, house, number, False)


def _stay_for_citizens(plan: Plan, house: House, number: int) -> None:
    """An official works on no more cases today."""
    one = house.officials[number]
    one["classes"] &= np.uint64(BACK_OFFICE - 1)
    if one["at_desk"]:
        leave_desk(plan, house, number)
        free(house, number)
    choose_queues(house, number)


def count_overtime(plan: Plan, house: House, number: Any, overtime: int) -> None:
    """Adds overtime of an official to what was worked in this month and year."""
    one, month = house.officials[number], plan.days[house.clock["now"] // DAY]["month"]
    if month != one["month"]:
        one["overtime"][0] = 0
        if month // MONTHS != one["month"] // MONTHS:
            one["overtime"][1] = 0
        one["month"] = month
    one["overtime"][0] += overtime
    one["overtime"][1] += overtime


def come_later(house: House, number: int, time: int) -> None:
    """Comes on duty at a time, unless another shift ends before."""
    clock = house.clock
    house.officials[number]["back"] = time
    clock["back_at"] = min(clock["back_at"], time)
    turn_to_soonest(clock)


def _backs(house: House) -> None:
    """Those whose break ends now are back."""
    clock, soonest = house.clock, FAR
    for number in range(len(house.officials)):
        one = house.officials[number]
        if one["back"] <= clock["now"]:
            one["back"] = FAR
            _present(house, number)
        soonest = min(soonest, one["back"])
    clock["back_at"] = soonest


def _present(house: House, number: int) -> None:
    """On duty from now, idle unless a service still runs."""
    one = house.officials[number]
    _count(house, one, int(not one["on_duty"]))
    one["on_duty"] = True
    if not one["busy"]:
        free(house, number)


def _count(house: House, one: Any, more: int) -> None:
    """So many more are on duty where an official works, if they receive."""
    house.places[one["place"]]["on_duty"] += more * one["receives"]
