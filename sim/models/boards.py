"""Boards, and the rules that look at them: where officials work is decided while the center runs."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.contract import Rank
from sim.models.instants import At
from sim.models.rules import expected_wait, place_by_rule
from sim.models.staffing import Official, move
from sim.own_rules import place_by_own
from sim.plan import Board, Rule
from sim.units import DAY, NEVER

if TYPE_CHECKING:
    from sim.models.center import Center


def boards(center: Center) -> Generator[At, Any, None]:
    """The process that publishes a board at every tick, and has the rules decide (clauses "board" and "rules")."""
    tick, time = int(center.plan.rules.tick), 0
    by_rule = [official for official in center.officials if official.given["rule"] != Rule.NONE]
    while tick > 0:
        yield At(center.env, time, Rank.BOARD)
        center.board = board = _board(center)
        for official in by_rule:
            _decide(center, official, board)
        time += tick


def _board(center: Center) -> Any:
    """What a supervisor sees now, int64[points, Board]."""
    board = np.zeros((len(center.points), len(Board)), np.int64)
    for one in center.officials:
        if one.on_duty and one.receives and one.place in center.halls:
            board[one.place.number // 2, Board.ON_DUTY] += 1
    for row, point in zip(board, center.points, strict=True):
        if center.env.now % DAY == 0 and point.report[1] > 0:
            point.last_report, point.report = point.report, (0, 0)
        row[Board.WAITING] = point.counters.people
        row[Board.EXPECTED] = expected_wait(int(center.plan.rules.each), point.counters.people, row[Board.ON_DUTY])
        row[Board.WAITED], row[Board.RECEIVED] = point.last_report
    return board


def _decide(center: Center, official: Official, board: Any) -> None:
    """An official on the way goes on, or is there; another's rule gives a place."""
    now, here = center.env.now, official.place.number
    if official.due != NEVER:
        if now >= official.due:
            official.due = NEVER
            move(center, official, center.places[official.target])
        return
    points = center.plan.centers[official.center]["points"]
    if center.rule is not None and official.given["rule"] == Rule.OWN:
        place = place_by_own(center.rule, official.given, here, board, now, points)
    else:
        place = place_by_rule(official.given, here, board, now, points)
    if place == here:
        return
    between = [one // 2 for one in (here, place) if one // 2 < len(board)]
    for point in between:
        board[point, Board.SENT] += 1
    center.decisions.append((now, official.number, place))
    if official.given["travel"] > 0 and len(between) > 1:
        official.due, official.target = now + int(official.given["travel"]), place
        place = center.aside.number
    move(center, official, center.places[place])
