"""What the look-up of people remembers from day to day, and its room."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.attributes import VISIT
from sim.plan import Plan, Table
from sim.returns import COMING
from sim.units import SLOTS

COMERS, FREE = 0, 1


class Look(NamedTuple):
    """The look-up of one run: what it remembers, and its room.

    ``coming``: COMING[n], a heap of those who come on a later day, one row more than it may hold. ``block``: rows
    with the fields of VISIT, of which ``free`` lists those not in use, the next one last; ``today``: the rows of the
    day in order. ``sizes``: uint32[2], how many are coming and how many rows are free. ``people``: int64[SLOTS],
    newcomers by half-hour of the day; ``before``: int64[days + 1], how many wanted to come before each day;
    ``drawn``, ``ends`` and ``order``: int64[n], room to sort.
    """

    coming: Table
    block: Table
    free: Table
    today: Table
    sizes: Table
    people: Table
    before: Table
    drawn: Table
    ends: Table
    order: Table


def look_for(plan: Plan, visit: np.dtype[Any] = VISIT, visits: int = 256, coming: int = 256) -> Look:
    """A look-up at its beginning, with room for a number of visits, rows of ``visit``, and of people on their way."""
    return Look(
        coming=np.zeros(coming + 1, COMING),
        block=np.zeros(visits, visit),
        free=np.arange(visits, dtype=np.uint32)[::-1].copy(),
        today=np.zeros(visits, COMING),
        sizes=np.array([0, visits], np.uint32),
        people=np.zeros(SLOTS, np.int64),
        before=np.zeros(len(plan.days) + 1, np.int64),
        **_room_to_sort(visits),
    )


def _room_to_sort(visits: int) -> dict[str, Table]:
    return {
        name: np.zeros(visits, kind) for name, kind in (("drawn", np.int64), ("ends", np.uint32), ("order", np.int64))
    }


def emptied(look: Look) -> Look:
    """The same room at a new beginning."""
    look.sizes[COMERS], look.sizes[FREE] = 0, len(look.block)
    look.free[:] = np.arange(len(look.block), dtype=np.uint32)[::-1]
    return look


def with_room(look: Look, visits: int, coming: int) -> Look:
    """The same look-up with room for at least so many more visits and people on their way, if it has not."""
    if visits > look.sizes[FREE]:
        had, free = len(look.block), look.free[: look.sizes[FREE]]
        block = np.zeros(max(had + visits, 2 * had), look.block.dtype)
        block[:had] = look.block
        more = np.arange(had, len(block), dtype=np.uint32)[::-1]
        room = np.zeros(len(block), np.uint32)
        room[: len(more) + len(free)] = np.concatenate([more, free])
        look.sizes[FREE] += len(more)
        today = np.zeros(len(block), COMING)
        today[: len(look.today)] = look.today
        look = look._replace(block=block, free=room, today=today, **_room_to_sort(len(block)))
    if look.sizes[COMERS] + coming >= len(look.coming):
        heap = np.zeros(max(int(look.sizes[COMERS]) + coming + 1, 2 * len(look.coming)), COMING)
        heap[: len(look.coming)] = look.coming
        look = look._replace(coming=heap)
    return look
