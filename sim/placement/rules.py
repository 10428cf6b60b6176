"""Where officials go one by one: each next one to the center with the highest urgency, and what urgency is.

Ties go to the center with the fewest so far, then to the first row, so that the same question has one answer. The four
rules differ in their urgency alone; all add up, and none sends anybody to a center that is not in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heapreplace
from math import inf

from sim.demand import day_table
from sim.offered_load import LoadSheet, load_sheet
from sim.scenario import Scenario
from sim.theory import mmc
from sim.units import MINUTE

Urgency = Callable[[int, int], float]
"""Of a center, by its place in the list, that has been given so many officials already."""
RULES = ("equal", "by_need", "skill_gap", "by_benefit")
_STEPS = 60


def one_by_one(count: int, centers: int, urgency: Urgency) -> tuple[int, ...]:
    """How many officials each center gets, ``count`` in all. ValueError without a center."""
    if centers < 1:
        raise ValueError("wanted a center that is open")
    given = [0] * centers
    queue = [(-urgency(n, 0), 0, n) for n in range(centers)]
    heapify(queue)
    for _ in range(count):
        n = queue[0][2]
        given[n] += 1
        heapreplace(queue, (-urgency(n, given[n]), given[n], n))
    return tuple(given)


def alike(_: int, __: int) -> float:
    """The urgency of ``equal``: none is more urgent than another."""
    return 0.0


def by_shares(weights: Sequence[float]) -> Urgency:
    """In proportion to weights, by the method of highest averages (Jefferson, D'Hondt): weight / (given + 1)."""
    return lambda n, given: weights[n] / (given + 1)


def limited(urgency: Urgency, most: int) -> Urgency:
    """The same, at no center beyond ``most`` as long as another has fewer."""
    return lambda n, given: urgency(n, given) if given < most else -inf


def skill_gap(scenario: Scenario) -> float:
    """Minutes of work a day in fields for which no official at the counters has the skill and suits."""
    sheet = load_sheet(scenario)
    suits = {
        field
        for group in scenario.staff.values()
        if group.role == "counter" and group.count != 0
        for field in scenario.fields
        if (group.skills is None or field in group.skills) and field not in group.weak
    }
    return float(sum(sheet.offered[:, n].sum() for n, field in enumerate(sheet.fields) if field not in suits))


def need(scenario: Scenario, minutes: float) -> float:
    """The load over the load at which the mean wait is ``minutes``: above 1 the target is out of reach.

    That load is of M/M/c with the center's mean officials at counters and mean work of a visit: an orientation by a
    steady state, which knows no mornings, no absences and no fields.
    """
    sheet = load_sheet(scenario)
    officials, work = _officials(sheet), _work(scenario, sheet)
    return sheet.load / permitted(officials, work, minutes)


def permitted(officials: int, work: float, minutes: float) -> float:
    """The load at which so many officials, who take ``work`` minutes a visit, keep people ``minutes`` on average."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        load = (low + high) / 2
        if load < 1 and mmc(load * officials / work, work, officials).mean_wait <= minutes:
            low = load
        else:
            high = load
    return low or 0.5**_STEPS


def _officials(sheet: LoadSheet) -> int:
    """Officials at counters, on average over the hours in which there is one: at least one."""
    busy = sheet.present[:, sheet.present.sum(axis=0) > 0]
    return max(round(float(busy.sum() / 30 / max(busy.shape[1], 1))), 1)


def _work(scenario: Scenario, sheet: LoadSheet) -> float:
    """Minutes of work that somebody who comes to the hall for the first time brings, those of returns counted in."""
    days, demand, *_ = day_table(scenario)
    people = float(demand["people"].sum()) / scenario.for_each_visitor / max(int(days["is_working"].sum()), 1)
    return max(float(sheet.offered.sum()) / people if people else 0.0, 1 / MINUTE)
