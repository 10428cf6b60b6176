"""A rule of one's own: a plain function that says, at each board, at which point an official works.

Both engines call that same function with the same integers, so that they decide alike; it sees the board, never what
is to come. It takes the place of the rule by which officials of the plan go (``staff.NAME.rule``, or a policy such as
``floating_official``); how many they are, where they are at home and how long they are on the way stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any

from sim.faults import BadInput, Fault, shown
from sim.plan import Plan, Room, Rule, Table
from sim.units import DAY, MINUTE

ASIDE = -1
"""In the place of a point: at no counter."""
OwnRule = Callable[[int, int, Table, int], int]
"""Of ``here`` and ``home``, points or ASIDE, ``board`` int64[points, Board] and ``now`` in ms the point to work at."""


def with_own_rule(plan: Plan) -> Plan:
    """The plan whose officials that go by a rule go by one of one's own. BadInput where there are none."""
    if not (plan.officials["rule"] != Rule.NONE).any() or plan.rules.tick <= 0:
        wanted = "wanted officials who go by a rule, as with policy=floating_official: here are none"
        raise BadInput([Fault("rule", "", wanted)])
    officials = plan.officials.copy()
    officials["rule"][officials["rule"] != Rule.NONE] = Rule.OWN
    return plan._replace(officials=officials)


def place_by_own(rule: OwnRule, given: Any, here: int, board: Table, now: int, points: Any) -> int:
    """The place to which a rule sends an official: a row of OFFICIALS, the place where they are, a board.

    ``points``: those of their center, the first and the one after the last. BadInput where the rule fails or gives
    anything but one of them or ASIDE.
    """
    at = ASIDE if here // 2 >= len(board) else here // 2
    seen = board.copy()
    name = f"rule {getattr(rule, '__name__', type(rule).__name__)}"
    when = f"{name}, day {now // DAY}, {now % DAY // (60 * MINUTE):02d}:{now // MINUTE % 60:02d}"
    try:
        found: Any = rule(at, int(given["home"]) // 2, seen, int(now))
    except Exception as error:
        raise BadInput([Fault(when, "", f"failed: {type(error).__name__}: {error}")]) from error
    try:
        point = index(found)
    except TypeError:
        point = len(board)
    if point != ASIDE and not points[0] <= point < points[1]:
        wanted = f"wanted a point from {points[0]} to {points[1] - 1}, or {ASIDE} for aside"
        raise BadInput([Fault(when, shown(found), wanted)])
    if point == at:
        return here
    return 2 * point if point != ASIDE else 2 * len(board) + Room.ASIDE
