"""The look-up of people as tables: who wants to come, who does, who comes again.

What is compiled elsewhere runs here as it is written; its numbers of 64 bits wrap, of which numpy is told.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.look import look_for, with_room
from sim.lookup import People
from sim.people import _keyed, moving, wanting
from sim.plan import Plan, Table
from sim.returns import COMING, comes_back
from sim.streams import person
from sim.tables import center


def those_wanting(plan: Plan, day: int) -> NDArray[np.int64]:
    """The citizens who want to come on a day."""
    look = look_for(plan)
    with np.errstate(over="ignore"):
        count = wanting(plan, look, day)
    assert count == look.people.sum()
    slots = np.flatnonzero(look.people).tolist()
    ids = [person(int(plan.centers[0]["number"]), day, slot, k) for slot in slots for k in range(look.people[slot])]
    return np.array(ids, np.int64)


def newcomers(plan: Plan, day: int) -> Table:
    """Those who want to come on this day and do so: rows of COMING."""
    look = look_for(plan)
    with np.errstate(over="ignore"):
        look = with_room(look, wanting(plan, look, day), 0)
        count = _keyed(plan, look, day)
    return np.asarray(look.today[:count])


def would_move(plan: Plan, citizens: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each would rather come on an open Saturday."""
    with np.errstate(over="ignore"):
        return np.array([moving(plan, citizen) for citizen in citizens], bool)


def day_by_day(plan: Plan) -> list[Table]:
    """The visits of each day if nobody comes again."""
    people = People(plan)
    return [people.day(day, ()) for day in range(len(plan.days))]


def everyone(plan: Plan) -> Table:
    """The visits of all days if nobody comes again."""
    return np.concatenate(day_by_day(plan))


def by_citizen(block: Table) -> Table:
    """The same visits in the order of citizens."""
    return np.asarray(block[np.argsort(block["citizen"])])


def returning(plan: Plan, ended: Table) -> Table:
    """Of visits that ended, rows of ENDED, those who come again: rows of COMING."""
    rows, count = np.zeros(len(ended), COMING), 0
    with np.errstate(over="ignore"):
        for visit in ended:
            count += comes_back(plan, visit, visit["outcome"], visit["departure"], rows[count])
    return rows[:count]


def at_center(plan: Plan, number: int) -> Plan:
    """The plan of another center."""
    return plan._replace(centers=center(number, plan.centers["outages"][0]))
