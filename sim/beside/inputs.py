"""What theory needs to know of a scenario: the lines at its desks, pooled, and each group of officials apart.

All of it is arithmetic on means, from the load sheet's own sources: visits by half-hour, those who come again in
expectation; mean and cv of the work; officials by 5 minutes; patience; the kinds of days. Guides are a line of their
own, and who comes from them comes to the counters as the fluid of that line flows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.beside.days import BIN_MINUTES, IN_SLOT, Day, Desk, Kind, kinds_of_days, skills_of
from sim.crews import pace
from sim.roster import Duty, duties
from sim.scenario import Scenario
from sim.staff import Group
from sim.tally import BINS
from sim.theory.line import Hazard, Line
from sim.theory.varying import fluid
from sim.units import SLOTS
from sim.workload import Work, work_of

Floats = NDArray[np.float64]
LONGEST_HAZARD = 36.0
BALANCING = 400
RECENT = 12


@dataclass(frozen=True, eq=False)
class PooledLine:
    """One line before all the officials of a desk, each of whom can do all that is wanted there."""

    desk: Desk
    line: Line
    days: tuple[Day, ...]

    @property
    def arrivals(self) -> Floats:
        """People of a mean day by half-hour of entering, (48,)."""
        by_bin = sum(day.share * day.arrivals for day in self.days)
        return np.asarray(np.reshape(by_bin, (SLOTS, IN_SLOT)).sum(axis=1), np.float64)

    @property
    def servers(self) -> Floats:
        """Officials on a mean day by half-hour, (48,)."""
        by_bin = sum(day.share * day.servers for day in self.days)
        return np.asarray(np.reshape(by_bin, (SLOTS, IN_SLOT)).mean(axis=1), np.float64)


def lines_of(scenario: Scenario) -> tuple[tuple[PooledLine, ...], tuple[PooledLine, ...]]:
    """The lines of a scenario: at each point its counters and its guides, and with officials of equal skills apart.

    The second is empty where all at a point can do all that is wanted there. Neither has a point to which nobody comes.
    """
    duty = duties(scenario)
    work = work_of(scenario, duty)
    names = [name for name, visits in zip(scenario.points, work.visits, strict=True) if visits.sum() > 0]
    guided = [Desk(name, is_counter=False) for name in names if work.guided[_at(scenario, name)].sum() > 0]
    parts = {name: _parts(scenario, duty, work, name) for name in names}
    apart = [desk for own in parts.values() for desk in own]
    desks = [*(Desk(name) for name in names), *guided, *apart]
    kinds = kinds_of_days(scenario, duty, work, desks) if names else []
    if not kinds:
        return (), ()
    days = _days(scenario, work, kinds, (desks, [*parts.values()]))
    lines = [PooledLine(desk, _line(scenario, duty, work, desk), own) for desk, own in zip(desks, days, strict=True)]
    together = [line for line in lines if line.desk.skills is None]
    split = [line for line in lines if line.desk.skills is not None or (line.desk not in _split(parts))]
    return tuple(together), tuple(split) if apart else ()


def _split(parts: dict[str, dict[Desk, float]]) -> list[Desk]:
    """The desks that are told apart by skills."""
    return [Desk(name) for name, own in parts.items() if own]


def _at(scenario: Scenario, name: str) -> int:
    return list(scenario.points).index(name)


def _days(
    scenario: Scenario, work: Work, kinds: list[Kind], places: tuple[list[Desk], list[dict[Desk, float]]]
) -> list[tuple[Day, ...]]:
    """The kinds of days at each desk."""
    desks, parts = places
    service = scenario.guidance.service if scenario.guidance else None
    share = {desk: part for own in parts for desk, part in own.items()}
    found: list[tuple[Day, ...]] = []
    guides = {desk.point: number for number, desk in enumerate(desks) if not desk.is_counter}
    for number, desk in enumerate(desks):
        at = _at(scenario, desk.point)
        minutes = service.mean if service else 1.0
        visits = work.visits[at] * share.get(desk, 1.0) if desk.is_counter else work.guided[at] / minutes
        days = [kind.day(number, visits) for kind in kinds]
        if desk.is_counter and desk.point in guides and service:
            line = Line(service.mean, service.cv)
            first = [kind.day(guides[desk.point], work.guided[at] / minutes) for kind in kinds]
            days = [_through_guides(line, *both) for both in zip(first, days, strict=True)]
        found.append(tuple(days))
    return found


def _through_guides(line: Line, guides: Day, counters: Day) -> Day:
    """The day at counters of those whom guides send on as they can, and of the others who pass by."""
    asked, wanted = guides.arrivals, counters.arrivals
    if not asked.any():
        return counters
    sent = fluid(line, BIN_MINUTES, guides.rates, guides.crowds, guides.servers.tolist(), recent(guides))[1]
    share = float(np.minimum(asked, wanted).sum() / asked.sum())
    past = np.maximum(wanted - share * asked, 0.0)
    return replace(counters, rates=(past + share * sent) / BIN_MINUTES, crowds=np.zeros(BINS))


def recent(day: Day) -> Floats:
    """The rate at which those came who wait in a bin: that of the last hour, crowds included."""
    arrived = np.concatenate([np.zeros(RECENT), np.cumsum(day.arrivals)])
    over = np.minimum(np.arange(BINS) + 1, RECENT) * BIN_MINUTES
    return np.asarray((arrived[RECENT:] - arrived[:-RECENT]) / over)


def _line(scenario: Scenario, duty: list[Duty], work: Work, desk: Desk) -> Line:
    """Mean work a visit over the speed of those who are there, drawn out as outages do."""
    at, hazard, seats = _at(scenario, desk.point), hazard_of(scenario), scenario.points[desk.point].seats
    if not desk.is_counter:
        service = scenario.guidance.service if scenario.guidance else None
        return Line(service.mean if service else 1.0, service.cv if service else 1.0, hazard, seats)
    visits = float(work.visits[at].sum())
    minutes = float(work.offered[at].sum()) / visits
    longer = float(work.needed[at].sum()) / float(work.offered[at].sum())
    groups = _groups(scenario, duty, desk)
    speed = float(np.mean([pace(scenario, group) for group in groups])) if groups else 1.0
    squared = max(float(work.squares[at]) / visits / minutes**2 - 1, 0.0)
    return Line(minutes * longer / speed, sqrt(squared), hazard, seats)


def _groups(scenario: Scenario, duty: list[Duty], desk: Desk) -> list[Group]:
    """The group of each official at a desk."""
    own = [one for one in duty if one.group and one.group.role == "counter" and one.group.point == desk.point]
    return [one.group for one in own if one.group and desk.skills in {None, skills_of(scenario, one)}]


def _parts(scenario: Scenario, duty: list[Duty], work: Work, point: str) -> dict[Desk, float]:
    """Officials of equal skills at a point as desks of their own, with the share of its visits that each receives.

    Each field is dealt out over those who can do it so that their loads come as near to one another as they can (a
    multiplicative iteration); none where everybody can do all fields that are wanted there.
    """
    needed = {
        field: minutes
        for field, minutes in zip(scenario.fields, work.needed[_at(scenario, point)], strict=True)
        if minutes > 0
    }
    sizes: dict[frozenset[str], float] = {}
    for one in duty:
        if one.group and one.group.role == "counter" and one.group.point == point:
            skills = skills_of(scenario, one)
            sizes[skills] = sizes.get(skills, 0.0) + 1.0
    if len(sizes) < 2:
        return {}
    able = np.array([[field in skills for field in needed] for skills in sizes], np.float64)
    size, dealt = np.array([*sizes.values()])[:, None], able * np.array([*sizes.values()])[:, None]
    minutes = np.array([*needed.values()])
    for _ in range(BALANCING):
        dealt /= np.maximum(dealt.sum(axis=0), 1e-12)
        loads = (dealt @ minutes)[:, None] / size
        dealt *= (np.maximum(loads, 1e-9) / loads.max()) ** -0.5
    shares = (dealt / np.maximum(dealt.sum(axis=0), 1e-12)) @ minutes / minutes.sum()
    return {Desk(point, skills=skills): float(share) for skills, share in zip(sizes, shares, strict=True) if share > 0}


def hazard_of(scenario: Scenario) -> Hazard | None:
    """The cumulative hazard of patience, -ln P(patience > t), t in minutes, linear between 2,000 quantiles."""
    if scenario.patience is None:
        return None
    hazard = np.geomspace(1e-6, LONGEST_HAZARD, 2000)
    below = np.clip(-np.expm1(-hazard), 0.0, 1 - 2.0**-53)
    at = np.concatenate([[0.0], np.maximum.accumulate(scenario.patience.inverse(below, np.exp(-hazard)))])
    hazard = np.concatenate([[0.0], hazard])

    def cumulative(minutes: Floats) -> Floats:
        return np.asarray(np.interp(minutes, at, hazard), dtype=np.float64)

    return cumulative
