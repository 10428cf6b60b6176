"""Boards, and the rules that look at them: where officials work is decided while the center runs."""

from __future__ import annotations

from typing import Any

from sim.models.compiled.calendar import move
from sim.models.compiled.house import House, aside
from sim.models.compiled.rows import Log, write_decision
from sim.models.rules import expected_wait, place_by_rule
from sim.plan import Board, Plan, Rule
from sim.units import DAY, NEVER


def publish(plan: Plan, house: House, log: Log, keeps: bool) -> bool:
    """A board, and what the rules decide by it (clauses "board" and "rules").

    False where one that is not compiled is to be asked first, and the call repeated (:mod:`sim.own_rules`).
    """
    clock = house.clock
    if not clock["asked"]:
        for point in range(len(house.points)):
            _fill(plan, house, point)
        if clock["asks"]:
            clock["asked"] = True
            return False
    clock["asked"] = False
    for number in range(len(house.officials) if clock["by_rule"] else 0):
        one = house.officials[number]
        if one["due"] != NEVER:
            if clock["now"] >= one["due"]:
                one["due"] = NEVER
                move(plan, house, number, one["target"])
        elif plan.officials[number]["rule"] != Rule.NONE:
            _decide(plan, house, number, log, keeps)
    clock["tick_at"] += plan.rules["tick"]
    return True


def _fill(plan: Plan, house: House, point: int) -> None:
    """What a supervisor sees of a point now."""
    hall, board, place = house.points[point], house.board, 2 * point
    if house.clock["now"] % DAY == 0 and hall["received"][0] > 0:
        hall["waited"][1], hall["received"][1] = hall["waited"][0], hall["received"][0]
        hall["waited"][0], hall["received"][0] = 0, 0
    board[point, Board.WAITING], board[point, Board.SENT] = house.places[place]["waiting"], 0
    board[point, Board.WAITED], board[point, Board.RECEIVED] = hall["waited"][1], hall["received"][1]
    waiting, there = house.places[place]["waiting"], house.places[place]["on_duty"]
    board[point, Board.ON_DUTY], board[point, Board.EXPECTED] = there, expected_wait(plan.rules["each"], waiting, there)


def _decide(plan: Plan, house: House, number: int, log: Log, keeps: bool) -> None:
    given, now, points = plan.officials[number], house.clock["now"], len(house.points)
    here = int(house.officials[number]["place"])
    place = int(house.officials[number]["wish"])
    if given["rule"] != Rule.OWN:
        place = int(place_by_rule(given, here, house.board, now, plan.centers[given["center"]]["points"]))
    if place == here:
        return
    _count(house, here)
    _count(house, place)
    if keeps:
        write_decision(log, house.clock["decisions"], now, number, place)
    house.clock["decisions"] += 1
    if given["travel"] > 0 and here // 2 < points and place // 2 < points:
        house.officials[number]["due"], house.officials[number]["target"] = now + given["travel"], place
        place = int(aside(plan))
    move(plan, house, number, place)


def _count(house: House, place: Any) -> None:
    """Somebody is sent to a place, or away."""
    if place // 2 < len(house.points):
        house.board[place // 2, Board.SENT] += 1
