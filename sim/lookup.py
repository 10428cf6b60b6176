"""The look-up of people for engines in Python: what :mod:`sim.people` says, plain or compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from sim.attributes import VISIT
from sim.look import look_for, with_room
from sim.people import look_up, most_visits, set_out_all, visits_of
from sim.plan import Plan, Table

ENDED = np.dtype(
    [
        ("citizen", "i8"),
        ("rank", "i8"),
        ("visit", "i8"),
        ("attempt", "i8"),
        ("dossiers", "i8"),
        ("left", "i8"),
        ("channel", "i8"),
        ("purpose", "i8"),
        ("outcome", "i8"),
        ("departure", "i8"),
        ("owed", "?"),
        ("collects", "?"),
        ("ready", "?"),  # a result of the back office
    ]
)


class Ways(NamedTuple):
    """The functions of the look-up, as they are or compiled."""

    most_visits: Callable[..., int] = most_visits
    look_up: Callable[..., int] = look_up
    visits_of: Callable[..., None] = visits_of
    set_out_all: Callable[..., None] = set_out_all


class People:
    """The citizens of one plan. ``day`` is called once a day, in order, after the day's departures."""

    def __init__(self, plan: Plan, ways: Ways | None = None) -> None:
        self.plan, self.ways = plan, ways or Ways()
        self.look = look_for(plan)

    def day(self, day: int, ended: Iterable[tuple[Any, ...]]) -> Table:
        """The visits of a day, VISIT[n], by (carried over first, arrival, citizen).

        ``ended``: the ENDED rows of visits that ended since the last call; who returns is decided here.
        """
        rows = np.array(list(ended), ENDED)
        with np.errstate(over="ignore"):
            self.look = with_room(self.look, 0, len(rows))
            self.ways.set_out_all(self.plan, self.look, rows)
            most = int(self.ways.most_visits(self.plan, self.look, day))
            self.look = with_room(self.look, most, most)
            visits = np.zeros(self.ways.look_up(self.plan, self.look, day), VISIT)
            self.ways.visits_of(self.plan, self.look, visits)
        return visits
