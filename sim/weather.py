"""The days of a plan under its key: on which a storm lasts, and how many people that leaves to come on each."""

from __future__ import annotations

import numpy as np

from sim.plan import Plan, Table
from sim.storms import LONGEST_STORM
from sim.streams import Stream, bits, counter, person, whole


def stormy_days(plan: Plan) -> Table:
    """The days of a plan with storms: those on its dates, and those that begin by the numbers of the province."""
    days, lasts = plan.days.copy(), int(plan.rules.storm_days)
    first = np.arange(LONGEST_STORM + 1 - lasts, LONGEST_STORM + len(days))
    at = counter(person(plan.rules.province, first, 0, 0), 0)
    begins = whole(bits(plan.keys[Stream.STORM], at)) < plan.rules.storm_begins
    days["storm"] |= np.convolve(begins, np.ones(lasts))[lasts - 1 : lasts - 1 + len(days)] > 0
    factor, usual = float(plan.rules.storm_factor), plan.days["people"]
    kept = np.where(days["storm"], usual * max(1 - factor, 0.0), 0.0)
    days["people"] = np.where(days["storm"], usual * factor, usual)
    _come_later(days, usual, kept * plan.rules.storm_later)
    return days


def _come_later(days: Table, usual: Table, later: Table) -> None:
    """Adds those who come later to the first day after theirs on which people come and no storm lasts."""
    clear = np.flatnonzero(~days["storm"] & (usual > 0))
    stayed = np.flatnonzero(later)
    nth = np.searchsorted(clear, stayed)
    within = nth < len(clear)
    np.add.at(days["people"], clear[nth[within]], later[stayed[within]])
