"""The days of a plan under its key: on which a storm lasts, and how many people that leaves to come on each."""

from __future__ import annotations

import numpy as np

from sim.plan import Plan, Table
from sim.storms import LONGEST_STORM
from sim.streams import Stream, bits, counter, person, whole


def with_storms(plan: Plan) -> Plan:
    """A plan with its storms: those on its dates, and those that begin by the numbers of the province."""
    days, lasts = plan.days.copy(), int(plan.rules.storm_days)
    first = np.arange(LONGEST_STORM + 1 - lasts, LONGEST_STORM + len(days))
    at = counter(person(plan.rules.province, first, 0, 0), 0)
    begins = whole(bits(plan.keys[Stream.STORM], at)) < plan.rules.storm_begins
    days["storm"] |= np.convolve(begins, np.ones(lasts))[lasts - 1 : lasts - 1 + len(days)] > 0
    demand = plan.demand.copy()
    for people in demand["people"]:
        _in_storms(people, days["storm"], float(plan.rules.storm_factor), float(plan.rules.storm_later))
    return plan._replace(days=days, demand=demand)


def _in_storms(people: Table, storm: Table, factor: float, share: float) -> None:
    """So many more, or fewer, come in storms; of those whom they keep away a share comes later."""
    usual = people.copy()
    kept = np.where(storm, usual * max(1 - factor, 0.0), 0.0)
    people[:] = np.where(storm, usual * factor, usual)
    _come_later(people, ~storm & (usual > 0), kept * share)


def _come_later(people: Table, is_clear: Table, later: Table) -> None:
    """Adds those who come later to the first day after theirs on which people come and no storm lasts."""
    clear = np.flatnonzero(is_clear)
    stayed = np.flatnonzero(later)
    nth = np.searchsorted(clear, stayed)
    within = nth < len(clear)
    np.add.at(people, clear[nth[within]], later[stayed[within]])
