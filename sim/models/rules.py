"""Who is called next and by whom: the rules of the contract, written once for every engine.

Plain functions of integers: they see only what a supervisor could see.
"""

from __future__ import annotations

NORMAL = 1000


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
