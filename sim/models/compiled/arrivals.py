"""Who comes to the points: the people of a day, those at the gates, and those on the road to another point."""

from __future__ import annotations

from typing import Any

from sim.choice import goes_to, may_choose
from sim.look import Look
from sim.models.compiled.cases import file_from_home
from sim.models.compiled.fold import Fold
from sim.models.compiled.house import (
    COUNTER,
    ELSEWHERE,
    FAR,
    GUIDE,
    LATER,
    NOBODY,
    House,
    first_in,
    gate_of,
    road_of,
)
from sim.models.compiled.lines import grow, join, leave
from sim.models.compiled.rings import insert, is_empty, remove
from sim.models.compiled.rows import Log
from sim.models.rules import point_by_choice
from sim.people import look_up, most_visits, visit_of
from sim.plan import Plan
from sim.processing import is_remote
from sim.trace import Outcome
from sim.units import DAY, NEVER


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
    if day * DAY == plan.rules["warmup"]:
        for center in range(len(house.centers)):
            grow(house, center)
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
    clock = house.clock
    while clock["gate"] < len(house.points):
        gate = gate_of(house, clock["gate"])
        if house.points[clock["gate"]]["opened"] and not is_empty(house.lines, gate):
            slot = first_in(house, gate)
            remove(house.lines, house.lines[gate]["after"])
            return slot
        clock["gate"] += 1
    clock["let_in"] = False
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
    """Who is let in at the gate, is there from another point, or else arrives (clauses "gate" and "point")."""
    clock = house.clock
    if clock["let_in"]:
        slot = _from_the_gate(house)
    elif clock["road_at"] == clock["now"]:
        slot = _from_the_road(house)
    else:
        slot = _next_visit(plan, look, house)
        if _never_comes_here(plan, house, slot):
            return
    if slot != NOBODY:
        _come_in(plan, house, slot)


def _never_comes_here(plan: Plan, house: House, slot: Any) -> bool:
    """Files from home, or sets out for another point."""
    who, clock = house.inside[slot], house.clock
    if clock["checks"] != 0 and is_remote(plan, who):
        file_from_home(plan, house, slot)
        return True
    if plan.rules["chooses"] == 0 or not may_choose(plan, who):
        return False
    field = plan.procedures[who["procedure"]]["field"]
    point = point_by_choice(plan.routes, field, who["point"], house.board, plan.rules)
    due = clock["now"] + plan.rules["way"]
    if point == who["point"] or due >= plan.rules["horizon"]:
        return False
    goes_to(plan, who, point, due)
    insert(house.lines, clock["heads"] + slot, house.lines[road_of(house)]["before"])
    clock["road_at"] = house.inside[first_in(house, road_of(house))]["arrival"]
    return True


def _from_the_road(house: House) -> Any:
    """The first of those who set out for another point is there; all ways are equally long."""
    clock, road = house.clock, road_of(house)
    slot = first_in(house, road)
    remove(house.lines, house.lines[road]["after"])
    clock["road_at"] = FAR if is_empty(house.lines, road) else house.inside[first_in(house, road)]["arrival"]
    return slot


def _come_in(plan: Plan, house: House, slot: Any) -> None:
    """In, at the gate, or turned away."""
    who = house.inside[slot]
    hall, clock, now = house.points[who["point"]], house.clock, house.clock["now"]
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
