"""The work on dossiers in the back office on a mean open day, over what reception leaves to those who do it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.crews import Crew
from sim.home_load import filed_from_home
from sim.network_load import stretch_in_office
from sim.roster import Duty
from sim.routing import offices
from sim.scenario import Scenario
from sim.workload import Work

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OfficeLoad:
    """Minutes of a mean open day, which are bound to no half-hour.

    ``offered`` and ``staffed``: by the point at which it is done and by field, (points, fields). Staffed are the
    minutes of those who work on dossiers of the field that reception leaves them, the others receiving all they can:
    as much of it as can be done, and a little less is. ``approved`` and ``leaders``: of signatures, and of leaders
    what those on the spot leave. ``both``: by point, of reception and the back office, and of all who do either,
    (points, 2), where officials at counters do both, else zeros. ``fetched``: visits a day to fetch results.
    """

    offered: Floats
    staffed: Floats
    approved: float
    leaders: float
    both: Floats
    fetched: float


def steps_of(scenario: Scenario, duty: list[Duty], work: Work) -> tuple[Floats, Floats]:
    """Minutes of checks and steps a day, offered and needed, (points, fields): more needed where the network fails.

    Checks are counted as though the network never failed: they are short beside the steps.
    """
    place, (offered, filed) = offices(scenario, duty), filed_from_home(scenario, duty)
    needed, stretch = offered.copy(), stretch_in_office(scenario)
    for (name, entry), accepted in zip(scenario.procedures.items(), work.accepted + filed, strict=True):
        for step in entry.processing.steps if entry.processing else ():
            field = scenario.fields.index(step.field or entry.field or name)
            minutes = accepted * step.work.mean
            np.add.at(offered[:, field], place[:, field], minutes)
            np.add.at(needed[:, field], place[:, field], minutes * stretch if entry.needs_network else minutes)
    return offered, needed


def approved_minutes(scenario: Scenario, duty: list[Duty], work: Work) -> float:
    """Minutes a day of leaders who sign results of the back office."""
    every = work.accepted + filed_from_home(scenario, duty)[1]
    signed = [entry.processing.signature if entry.processing else None for entry in scenario.procedures.values()]
    return sum(float(accepted.sum()) * one.mean for one, accepted in zip(signed, every, strict=True) if one is not None)


def office_load(
    scenario: Scenario, work: Work, steps: tuple[Floats, Floats], crews: list[Crew], desk: tuple[float, float]
) -> OfficeLoad | None:
    """The load of the back office, None without one. ``desk``: minutes of signatures in it a day, and of leaders."""
    if scenario.back_office is None:
        return None
    offered, needed = steps
    staffed, both = np.zeros_like(offered), np.zeros((len(crews), 2))
    for point, crew in enumerate(crews):
        reception = np.outer(work.needed[point], crew.shares)
        for field in np.flatnonzero(offered[point]).tolist():
            staffed[point, field] = crew.left(reception, field) * offered[point, field] / needed[point, field]
        if scenario.back_office.at_counters:
            everybody = np.any(crew.office, axis=1)
            minutes = crew.minutes_with(everybody, np.any(crew.able, axis=(1, 2)))
            both[point] = work.needed[point].sum() + needed[point].sum(), minutes
    left = max(desk[1] - float(work.signed.sum()), 0.0)
    return OfficeLoad(offered, staffed, desk[0], left, both, work.fetched)
