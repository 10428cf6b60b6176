"""Who comes again, and when: citizens on the way to a later day, in one heap.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.attributes import draw, home_of
from sim.plan import Plan
from sim.processing import is_remote
from sim.streams import Stream, below, counter, whole
from sim.trace import Outcome
from sim.units import DAY, NEVER, SLOT, SLOTS

COMING = np.dtype(
    [
        ("turn", "i8"),  # by day, carried over first, then time of day
        ("arrival", "i8"),
        ("citizen", "i8"),
        ("rank", "i8"),
        ("day", "u4"),
        ("dossiers", "i4"),
        ("visit", "i2"),
        ("attempt", "i2"),
        ("carried", "?"),
        ("collects", "?"),
    ],
    align=True,
)


def comes_back(plan: Plan, visit: Any, outcome: int, departure: int, coming: Any) -> bool:
    """Whether somebody whose ``visit`` (a VISIT row) ended will come again; fills in ``coming``, a COMING row.

    The dossiers are those left where the visit was received, else those brought; none for a result that is owed.
    """
    home = plan.centers[home_of(visit)]
    owed = visit["owed"] and outcome == Outcome.SERVED
    if visit["visit"] % home["visits"] + 1 >= home["visits"] or (outcome <= Outcome.ADVISED and not owed):
        return False
    unserved = outcome >= Outcome.RENEGED
    carried = outcome == Outcome.CARRIED_OVER
    at = counter(visit["citizen"], visit["visit"])
    if not (carried or owed) and whole(draw(plan, Stream.RETURN, at)) >= home["returns"][int(unserved)]:
        return False
    if carried:
        day = _next_opening(plan, departure)
    else:
        day = _working_day(plan, departure // DAY, 1 if owed else _delay(plan, home, unserved, at))
    if day >= len(plan.days):
        return False
    coming["day"], coming["citizen"], coming["rank"] = day, visit["citizen"], visit["rank"]
    coming["visit"], coming["carried"] = visit["visit"] + 1, carried
    coming["collects"] = owed or visit["collects"]
    coming["attempt"] = visit["attempt"] + int(not (unserved or owed))
    coming["dossiers"] = visit["dossiers"] if unserved else 0 if owed else visit["left"]
    coming["arrival"] = plan.days[day]["opens"] if carried else _time_on(plan, day, coming)
    coming["turn"] = turn_of(day, carried, coming["arrival"])
    return True


def fetches(plan: Plan, case: Any, ready: int, coming: Any) -> bool:
    """Whether somebody comes for the result of a ``case`` of the back office; fills in ``coming``, a COMING row.

    Who files from home never does. The visits for the result of visit v are numbered from ``visits`` * (v + 1) on, so
    that no two share a number.
    """
    home = plan.centers[home_of(case)]
    citizen, most = case["citizen"], home["visits"]
    at, days = counter(citizen, case["visit"]), home["fetched"]
    if is_remote(plan, case) or whole(draw(plan, Stream.DELIVERY, counter(citizen, 0))) >= home["in_person"]:
        return False
    day = _working_day(plan, ready // DAY, int(days[0] + below(days[1], draw(plan, Stream.FETCH_DAY, at))))
    if day >= len(plan.days):
        return False
    coming["day"], coming["citizen"], coming["rank"] = day, citizen, case["rank"]
    coming["visit"], coming["attempt"], coming["dossiers"] = most * (case["visit"] + 1), case["attempt"], 0
    coming["carried"], coming["collects"] = False, True
    coming["arrival"] = _time_on(plan, day, coming)
    coming["turn"] = turn_of(day, False, coming["arrival"])
    return True


def _time_on(plan: Plan, day: int, coming: Any) -> int:
    """When somebody who is ``coming`` on a day does so, by their visit."""
    return time_of_day(
        plan, home_of(coming), day, draw(plan, Stream.RETURN_TIME, counter(coming["citizen"], coming["visit"]))
    )


def _delay(plan: Plan, home: Any, unserved: bool, at: Any) -> int:
    delays = home["delays"][int(unserved)]
    return int(delays[0] + below(delays[1], draw(plan, Stream.RETURN_DAY, at)))


def _working_day(plan: Plan, departed: int, delay: int) -> int:
    """The ``delay``-th working day after a departure; the number of days where there is none."""
    day = departed
    while delay > 0 and day < len(plan.days):
        day += 1
        if day < len(plan.days) and plan.days[day]["is_working"]:
            delay -= 1
    return day


def _next_opening(plan: Plan, departure: int) -> int:
    """The first open day that is still to be looked up; the number of days where there is none."""
    day = -(-departure // DAY)
    while day < len(plan.days) and plan.days[day]["opens"] == NEVER:
        day += 1
    return day


def time_of_day(plan: Plan, home: Any, day: int, random: Any) -> int:
    """The time at which somebody of a center comes back, or comes on a Saturday: a quantile of the day's profile."""
    limits = plan.return_times[plan.demand[home, day]["profile"]]
    at, slot = whole(random), 0
    for step in (32, 16, 8, 4, 2, 1):
        last = slot + step - 1
        slot += step * int(last < SLOTS - 1 and limits[last] <= at)
    start = limits[slot - 1] if slot > 0 else 0
    share = (at - start) / (limits[slot] - start)
    return int(day * DAY + slot * SLOT + int(share * SLOT))


def turn_of(day: int, carried: bool, arrival: int) -> int:
    """What those who come again are ordered by, before their number."""
    return int(((2 * day + int(not carried)) << 32) + arrival - day * DAY)


def sooner(one: Any, other: Any) -> bool:
    """The order of those who come again: by day, carried over first, arrival, citizen."""
    if one["turn"] != other["turn"]:
        return bool(one["turn"] < other["turn"])
    return bool(one["citizen"] < other["citizen"])


def put(one: Any, row: Any) -> None:
    """Copies a row, field by field: compiled code would copy a whole row byte by byte."""
    row["turn"], row["arrival"], row["citizen"], row["rank"] = one["turn"], one["arrival"], one["citizen"], one["rank"]
    row["day"], row["dossiers"], row["visit"] = one["day"], one["dossiers"], one["visit"]
    row["attempt"], row["carried"], row["collects"] = one["attempt"], one["carried"], one["collects"]


def lift(heap: Any, size: int) -> None:
    """Restores the heap of ``size`` rows after its last row was filled in; the row past all is room to hold one."""
    child, one = size - 1, heap[len(heap) - 1]
    put(heap[child], one)
    while child > 0 and sooner(one, heap[(child - 1) >> 1]):
        put(heap[(child - 1) >> 1], heap[child])
        child = (child - 1) >> 1
    put(one, heap[child])


def drop_first(heap: Any, size: int) -> None:
    """Removes the first of a heap of ``size`` rows."""
    one, parent, child = heap[size - 1], 0, 1
    while child < size - 1:
        child += int(child + 1 < size - 1 and sooner(heap[child + 1], heap[child]))
        if not sooner(heap[child], one):
            break
        put(heap[child], heap[parent])
        parent, child = child, 2 * child + 1
    put(one, heap[parent])
