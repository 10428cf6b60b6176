"""Who is called next and by whom, and where officials go: the rules of the contract, written once for every engine.

Plain functions of integers: they see only what a supervisor could see.
"""

from __future__ import annotations

from typing import Any

from sim.plan import Board, Rule
from sim.units import DAY

NORMAL = 1000
RECORDS, CHECKS, CASES = 1 << 30, 1 << 31, (1 << 31) + 1
"""Ranks of what is to be typed in, to be checked, and of cases: after those of all classes."""


def turn(rank: int, entry: int, visit: int) -> tuple[int, int, int]:
    """What orders those who wait; the smallest is called (clause "order")."""
    return rank, entry, visit


def claim(breadth: int, since: int, official: int) -> tuple[int, int, int]:
    """What orders the idle officials who may serve; the smallest is chosen (clause "choice")."""
    return breadth, since, official


def speed_for(speed: int, permille: int) -> int:
    """The speed of an official in permille where it is only some permille of the usual (clause "weak")."""
    return max((speed * permille + NORMAL // 2) // NORMAL, 1)


def time_needed(work: int, speed: int) -> int:
    """Ms that an official of a speed in permille takes for a piece of work (clause "work")."""
    return max(work if speed == NORMAL else (NORMAL * work + speed // 2) // speed, 1)


def step_needs(left: int, speed: int) -> int:
    """What must pass of W, in permille of a ms, for what is left of a step, in UNIT of a ms (clause "step")."""
    return (left + speed - 1) // speed


def place_by_rule(given: Any, here: int, board: Any, now: int, points: Any) -> int:
    """The place where an official is to work (clause "rules"): a row of OFFICIALS, where they are, and a board.

    ``points``: those of their center, the first and the one after the last; they go to no others.
    """
    rule = given["rule"]
    if rule == Rule.OPEN:
        return _open_one_more(given, here, board)
    if rule == Rule.FLOAT:
        return _float(given, here, board, points)
    if rule == Rule.TOMORROW and now % DAY == 0:
        return _tomorrow(given, board, points)
    return here


def point_by_choice(routes: Any, field: Any, here: Any, board: Any, rules: Any) -> Any:
    """The point to which somebody goes who would be received ``here`` (clause "point"), by the last board."""
    found, least = here, board[here, Board.EXPECTED]
    for point in range(len(board)):
        cost = board[point, Board.EXPECTED] + rules["way"]
        if cost < least and point != here and board[point, Board.ON_DUTY] > 0 and routes[point, field] == point:
            found, least = point, cost
    return found


def expected_wait(each: Any, waiting: Any, on_duty: Any) -> Any:
    """What a point publishes, in ms, where each who waits counts for so many."""
    return each * waiting // max(on_duty, 1)


def _open_one_more(given: Any, here: int, board: Any) -> int:
    home = int(given["home"])
    point = home // 2
    if board[point, Board.SENT] > 0:
        return here
    if here != home:
        return home if board[point, Board.WAITING] >= given["high"] else here
    return 2 * len(board) + 1 if board[point, Board.WAITING] <= given["low"] else here


def _float(given: Any, here: int, board: Any, points: Any) -> int:
    if here // 2 >= len(board):
        return here
    most = int(points[0])
    for point in range(points[0] + 1, points[1]):
        if board[point, Board.WAITING] > board[most, Board.WAITING]:
            most = point
    more = board[most, Board.WAITING] - board[here // 2, Board.WAITING]
    return 2 * most if more >= given["high"] and board[most, Board.SENT] == 0 else here


def _tomorrow(given: Any, board: Any, points: Any) -> int:
    worst, longest = int(given["home"]), given["high"] - 1
    for point in range(points[0], points[1]):
        received = board[point, Board.RECEIVED]
        if received > 0 and board[point, Board.WAITED] // received > longest:
            worst, longest = 2 * point, board[point, Board.WAITED] // received
    return worst
