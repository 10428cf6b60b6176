"""Who is called next and by whom: the rules of the contract, written once for every engine.

Plain functions of integers: they see only what a supervisor could see.
"""

from __future__ import annotations


def goes_before(rank: int, entry: int, visit: int, other_rank: int, other_entry: int, other_visit: int) -> bool:
    """Whether a waiting task is called before another (clause "order")."""
    if rank != other_rank:
        return rank < other_rank
    if entry != other_entry:
        return entry < other_entry
    return visit < other_visit


def serves_rather(breadth: int, since: int, official: int, other_breadth: int, other_since: int, other: int) -> bool:
    """Whether an idle official is chosen rather than another (clause "choice")."""
    if breadth != other_breadth:
        return breadth < other_breadth
    if since != other_since:
        return since < other_since
    return official < other


def time_needed(work: int, speed: int) -> int:
    """Ms that an official of a speed in permille takes for a piece of work (clause "work")."""
    return max((1000 * work + speed // 2) // speed, 1)
