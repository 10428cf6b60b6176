"""What the look-up of people remembers from day to day, and its room."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.plan import Plan, Table
from sim.returns import COMING
from sim.units import SLOTS

VISITS = COMERS = 256  # at first


class Look(NamedTuple):
    """The look-up of one run: what it remembers, and its room.

    ``coming``: COMING[n], a heap of those who come on a later day, one row more than it may hold, and ``many``,
    uint32[1], how many they are. ``today``: COMING[n], those who come today, in order. ``people``: int64[centers,
    SLOTS], newcomers by half-hour of the day; ``before``: int64[centers, days + 1], how many wanted to come before each
    day; ``ranks``: int64[centers], of the first in a half-hour; ``drawn``, ``ends`` and ``order``: n rows to sort in.
    """

    coming: Table
    many: Table
    today: Table
    people: Table
    before: Table
    ranks: Table
    drawn: Table
    ends: Table
    order: Table


def look_for(plan: Plan) -> Look:
    """A look-up at its beginning, with room for some visits a day and people on their way."""
    return Look(
        coming=np.zeros(COMERS + 1, COMING),
        many=np.zeros(1, np.uint32),
        people=np.zeros((len(plan.centers), SLOTS), np.int64),
        before=np.zeros((len(plan.centers), len(plan.days) + 1), np.int64),
        ranks=np.zeros(len(plan.centers), np.int64),
        **_room_for(VISITS),
    )


def _room_for(visits: int) -> dict[str, Table]:
    kinds: dict[str, Any] = {"today": COMING, "drawn": np.int64, "ends": np.uint32, "order": np.int64}
    return {name: np.zeros(visits, kind) for name, kind in kinds.items()}


def emptied(look: Look) -> Look:
    """The same room at a new beginning."""
    look.many[0] = 0
    return look


def with_room(look: Look, visits: int, coming: int) -> Look:
    """The same look-up with room for so many visits on the next day, and so many more people on their way."""
    if visits > len(look.today):
        look = look._replace(**_room_for(max(visits, 2 * len(look.today))))
    many = int(look.many[0])
    if many + coming >= len(look.coming):
        heap = np.zeros(max(many + coming + 1, 2 * len(look.coming)), COMING)
        heap[:many] = look.coming[:many]
        look = look._replace(coming=heap)
    return look
