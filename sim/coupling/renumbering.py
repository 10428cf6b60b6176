"""What the ids of a center's plan become in the plan of all centers, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import ROOMS, Change, Plan, Room, Table
from sim.units import NEVER

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Numbers:
    """Of one center, its ``row`` among all: the new ids of its ``fields`` and ``officials``, NEVER where one is gone.

    ``shared``: of its own ids of officials whom all centers share, who of them it is; ``point``: its first point;
    ``points``: how many it has, ``all_points`` and ``all_fields`` how many there are.
    """

    row: int
    fields: Integers
    officials: Integers
    shared: Mapping[int, int]
    point: int
    points: int
    all_points: int
    all_fields: int

    def place(self, own: Any) -> Any:
        """The places of a center among those of all; there is one aside."""
        own = np.asarray(own)
        room = own - 2 * self.points
        center = np.where(room == Room.ASIDE, 0, self.row)
        return np.where(room < 0, own + 2 * self.point, 2 * self.all_points + ROOMS * center + room)

    def own_place(self, place: Any) -> Any:
        """The same the other way round."""
        place = np.asarray(place)
        room = (place - 2 * self.all_points) % ROOMS
        return np.where(place < 2 * self.all_points, place - 2 * self.point, 2 * self.points + room)

    def kinds(self, mask: int) -> int:
        """A set of kinds of tasks, a bit each: fields, and those after them."""
        own = len(self.fields)
        found = sum(1 << int(new) for field, new in enumerate(self.fields) if mask >> field & 1)
        return found | mask >> own << self.all_fields

    def own_kind(self, kind: Integers) -> Integers:
        """The kinds of tasks of the plan of all, as the center counts them."""
        after = kind - self.all_fields + len(self.fields)
        return np.where(kind < self.all_fields, self.own_fields[np.minimum(kind, self.all_fields - 1)], after)

    @cached_property
    def own_fields(self) -> Integers:
        """What each field of all is to the center, NEVER where it has none such."""
        back = np.full(self.all_fields, NEVER)
        back[self.fields] = np.arange(len(self.fields))
        return back

    def changes(self, rows: Table) -> Table:
        """Rows of CHANGES, those of officials who are gone left out."""
        new, kind = rows.copy(), rows["kind"]
        of_points, of_places = np.isin(kind, (Change.HOME, Change.DOOR)), kind == Change.LIMIT
        of_officials = ~(of_points | of_places)
        new["subject"][of_points] += self.point
        new["subject"][of_places] = self.place(rows["subject"][of_places])
        new["subject"][of_officials] = self.officials[rows["subject"][of_officials]]
        moves = kind == Change.MOVE
        new["value"][moves] = self.place(rows["value"][moves])
        return np.asarray(new[~of_officials | (new["subject"] != NEVER)])

    def shifts(self, rows: Table) -> Table:
        """Rows of SHIFTS likewise."""
        new = rows.copy()
        new["official"] = self.officials[rows["official"]]
        return np.asarray(new[new["official"] != NEVER])


def numbers_of(
    plans: Sequence[Plan], fields: Sequence[Sequence[str]], shared: Sequence[Mapping[int, int]]
) -> list[Numbers]:
    """The new ids of all centers: fields by their names, officials by center, after all whom they share.

    ``fields``: the names of those of each plan; ``shared``: see ``Numbers``, their rows are those of the first plan.
    """
    names = list(dict.fromkeys(name for own in fields for name in own))
    points = [len(plan.points) for plan in plans]
    own = [len(plan.officials) - len(gone) for plan, gone in zip(plans, shared, strict=True)]
    found, point, official = [], 0, 0
    for row, plan in enumerate(plans):
        ids = np.full(len(plan.officials), NEVER)
        ids[np.isin(np.arange(len(ids)), list(shared[row]), invert=True)] = official + np.arange(own[row])
        for one, nth in shared[row].items():
            if not any(nth in earlier.values() for earlier in shared[:row]):
                ids[one] = sum(own) + nth
        mine = np.array([names.index(name) for name in fields[row]], np.int64)
        found.append(Numbers(row, mine, ids, shared[row], point, points[row], sum(points), len(names)))
        point, official = point + points[row], official + own[row]
    return found
