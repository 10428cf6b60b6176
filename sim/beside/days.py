"""The kinds of days that a scenario has: who is at which desk when, and how many come.

Days differ by opening and staff, and by how many come. A desk is one line of citizens with the officials who serve it:
the counters of a point, its guides, or those at its counters who have the same skills.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand import open_days
from sim.distributions import Gamma
from sim.roster import Duty, place_on
from sim.scenario import Scenario
from sim.tally import BIN, BINS
from sim.units import MINUTE, SLOTS, day_of, milliseconds
from sim.workload import Work, arrivals_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BIN_MINUTES = BIN / MINUTE
IN_SLOT = BINS // SLOTS
LEVELS, FACTORS = 5, 25
MOST_PATTERNS = 6
_NOBODY = 1e-12


@dataclass(frozen=True)
class Desk:
    """Officials of one role at a point: all of them, or those who have the same ``skills``."""

    point: str
    is_counter: bool = True
    skills: frozenset[str] | None = None

    def has(self, scenario: Scenario, one: Duty, day: int) -> bool:
        """Whether an official works here on a day."""
        role = "guide" if one.group is None else one.group.role
        if role != ("counter" if self.is_counter else "guide") or place_on(scenario, one, day) != self.point:
            return False
        return self.skills is None or self.skills == skills_of(scenario, one)


def skills_of(scenario: Scenario, one: Duty) -> frozenset[str]:
    """The fields that an official has the skill for."""
    skills = one.group.skills if one.group else None
    return frozenset(scenario.fields if skills is None else skills)


@dataclass(frozen=True, eq=False)
class Day:
    """A kind of day at one desk, by bins of 5 minutes: arrivals a minute, people who enter together, servers.

    ``relieved``: servers as a bin begins, those who go then and end the service in hand included.
    ``share`` of open days are of this kind; ``home``: the bin in which whoever waits is sent home, None if in none.
    """

    share: float
    rates: Floats
    crowds: Floats
    servers: Integers
    relieved: Integers
    home: int | None

    @property
    def arrivals(self) -> Floats:
        """People by bin."""
        return self.rates * BIN_MINUTES + self.crowds


@dataclass(frozen=True)
class Kind:
    """Open days alike: their ``share``, and by half-hour their ``part`` of the visits of a mean day, (48,).

    The door is open from one bin to another; ``servers``: on duty, and those with who is just relieved, (2, desks,
    bins).
    """

    share: float
    part: Floats
    door: tuple[int, int]
    home: int | None
    servers: Integers

    def day(self, desk: int, visits: Floats) -> Day:
        """The day at a desk of so many visits by half-hour of a mean day.

        Who comes before the door opens enters with it; who comes after it closes is turned away.
        """
        first, last = self.door
        rates = np.repeat(visits * self.part / IN_SLOT, IN_SLOT) / BIN_MINUTES
        crowds = np.zeros(BINS)
        crowds[first] = rates[:first].sum() * BIN_MINUTES
        rates[:first] = rates[last:] = 0.0
        on_duty, relieved = self.servers[:, desk]
        return Day(self.share, rates, crowds, on_duty, relieved, self.home)


def kinds_of_days(scenario: Scenario, duty: list[Duty], work: Work, desks: list[Desk]) -> list[Kind]:
    """The kinds of open days; of many by staff, those of one opening have their mean staff."""
    days = open_days(scenario).tolist()
    servers, doors = [_servers(scenario, duty, day, desks) for day in days], [_door(scenario, day) for day in days]
    found = _alike([(door, one.tobytes()) for door, one in zip(doors, servers, strict=True)])
    if len(found) > MOST_PATTERNS:
        found = _alike([(door, b"") for door in doors])
    return [
        Kind(share, part, doors[rows[0]], _home(scenario, doors[rows[0]]), _mean([servers[row] for row in rows]))
        for rows in found
        for share, part in _levels(scenario, work, rows)
    ]


def _alike(keys: list[tuple[tuple[int, int], bytes]]) -> list[list[int]]:
    """Positions of equal keys."""
    found: dict[tuple[tuple[int, int], bytes], list[int]] = {}
    for position, key in enumerate(keys):
        found.setdefault(key, []).append(position)
    return list(found.values())


def _mean(servers: list[Integers]) -> Integers:
    return np.asarray(np.rint(np.mean(servers, axis=0)), np.int64)


def _door(scenario: Scenario, day: int) -> tuple[int, int]:
    opening = scenario.calendar.opening(day_of(scenario.start, day))
    return opening[0][0] // BIN, -(-opening[-1][1] // BIN)


def _home(scenario: Scenario, door: tuple[int, int]) -> int | None:
    """When those who still wait are sent home, or home until they are carried over to the next day."""
    stay = milliseconds(scenario.closing.overtime_cap) if scenario.closing.rule == "serve_out" else 0
    at = door[1] + -(-stay // BIN)
    return at if at < BINS else None


def _servers(scenario: Scenario, duty: list[Duty], day: int, desks: list[Desk]) -> Integers:
    """Officials at each desk, and with those just relieved, (2, desks, bins); no more than there are counters.

    Of several desks at the counters of one point each has its part of these.
    """
    found = np.zeros((2, len(desks), BINS), np.int64)
    for one in duty:
        here = [number for number, desk in enumerate(desks) if desk.has(scenario, one, day)]
        if here:
            there = _presence(one, day)
            just_now = np.concatenate([there[:1], there[:-1]])
            found[:, here] += np.stack([there, there | just_now])[:, None]
    for whole in (True, False):
        for name, point in scenario.points.items():
            own = [
                n
                for n, desk in enumerate(desks)
                if desk.is_counter and desk.point == name and (desk.skills is None) is whole
            ]
            wanted = found[:, own].sum(axis=1, keepdims=True)
            part = np.minimum(1.0, point.counters / np.maximum(wanted, 1))
            found[:, own] = np.maximum(np.rint(found[:, own] * part), (found[:, own] > 0) & (point.counters > 0))
    return found


def _presence(one: Duty, day: int) -> NDArray[np.bool_]:
    """Whether an official is there at the beginning of each bin."""
    at, found = np.arange(BINS) * BIN, np.zeros(BINS, np.bool_)
    for start, end in one.there[day]:
        found |= (start <= at) & (at < end)
    return found


def _levels(scenario: Scenario, work: Work, positions: list[int]) -> list[tuple[float, Floats]]:
    """Some open days by how many come: the share of each level among all open days, and by half-hour its part, (48,).

    The part is of the visits of a mean day. Newcomers vary by the day's factor, who comes again does not.
    """
    first, again = arrivals_of(scenario)
    back = max(float(work.visits.sum()) / max(float(first.sum()), _NOBODY) - 1, 0.0)
    later, many = again * back * first.sum(), len(first)
    total = (first + later).sum(axis=0)
    factors = _factors(scenario.arrivals.day_factor_cv)
    each = np.concatenate([factors[:, None] * first[row] + later[row] for row in positions]) * many
    order = np.argsort(each.sum(axis=1), kind="stable")
    levels = LEVELS if np.ptp(each, axis=0).max() > _NOBODY * many else 1
    groups = np.array_split(order, min(levels, len(order)))
    parts = (each[group].mean(axis=0) for group in groups)
    shares = (len(group) / len(order) * len(positions) / many for group in groups)
    whole = [np.divide(part, total, out=np.zeros(SLOTS), where=total > 0) for part in parts]
    return list(zip(shares, whole, strict=True))


def _factors(cv: float) -> Floats:
    """Equally likely factors of days, of mean 1."""
    if not cv:
        return np.ones(1)
    middle = (np.arange(FACTORS) + 0.5) / FACTORS
    found = Gamma(kind="gamma", mean=1.0, cv=cv).inverse(middle, 1 - middle)
    return np.asarray(found / found.mean())
