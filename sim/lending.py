"""What lending costs the lender: arithmetic on what a scenario says, without a run.

An office of N officials whose own work takes the share u of their time, and which lends k of them, has the load
u N / (N - k). Above 1 each day leaves u N - (N - k) official-days of its work undone.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.scenario import Scenario
from sim.units import day_of

HOURS_A_DAY = 8
"""The normal working hours of a day (Labor Code, article 105)."""


class Lending(NamedTuple):
    """What lenders lose; both None without lenders.

    ``load``: of the lender with the highest, its mean over the days on which somebody stays, None if nobody ever does.
    ``backlog``: hours of all lenders' work that the days could not hold.
    """

    load: float | None
    backlog: float | None


def lending(scenario: Scenario) -> Lending:
    """The load of lenders and what they leave undone, over the measured days on which people come."""
    if not scenario.lenders:
        return Lending(None, None)
    days = [day for day in range(scenario.warmup, scenario.days) if scenario.is_working(day)]
    loads, backlog = [], 0.0
    for name, lender in scenario.lenders.items():
        stay = [lender.officials - lent(scenario, name, day) for day in days]
        work = lender.utilization * lender.officials
        backlog += sum(max(work - some, 0.0) for some in stay) * HOURS_A_DAY
        own = [work / some for some in stay if some > 0]
        loads += [sum(own) / len(own)] if own else []
    return Lending(max(loads, default=None), backlog)


def lent(scenario: Scenario, lender: str, day: int) -> int:
    """How many officials a lender has lent on a day of the run."""
    on = day_of(scenario.start, day)
    return sum(
        group.count or 0
        for group in scenario.staff.values()
        if group.lender == lender and (group.first or on) <= on <= (group.last or on)
    )
