"""Who may do what work, and how many minutes of it they get done on a mean open day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand import open_days
from sim.forecast import storm_chances
from sim.roster import Duty, place_on, speed_on
from sim.routing import can_do, can_process
from sim.scenario import Scenario
from sim.staff import Group
from sim.units import DAY, MINUTE, SLOT, SLOTS, WEEK
from sim.workload import class_shares

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_SETS = 1024


def minutes_of(scenario: Scenario, duty: list[Duty], role: str, point: str | None = None) -> Floats:
    """Minutes of those in a role by half-hour, (48,); what they get done where they are fast or slow."""
    own = [one for one in duty if (one.group.role if one.group else "guide") == role]
    weights, minutes = _days(scenario, own, point)
    speeds = [pace(scenario, one.group) if one.group else 1.0 for one in own]
    return np.asarray(weights @ np.tensordot(minutes, np.array(speeds), axes=([1], [0])))


def pace(scenario: Scenario, group: Group) -> float:
    """What an hour on duty of one of a group gets done on average, in hours: absences, storms and learning included.

    Where pairings do not suit, or fields are weak, by their share of the group's fields.
    """
    weeks = range(min(scenario.warmup, scenario.days - 1), scenario.days, WEEK)
    speed = float(np.mean([speed_on(scenario, group, day) for day in weeks]))
    there = (1 - group.called_away) * (1 - (group.absence.share if group.absence else 0.0))
    there *= 1 - _in_storms(scenario, group)
    weak = len(group.weak) / len(scenario.fields if group.skills is None else group.skills or scenario.fields)
    weak += (1 - weak) * scenario.mismatch.share
    return speed * there / (1 + weak * (scenario.mismatch.time_factor - 1))


def _in_storms(scenario: Scenario, group: Group) -> float:
    """The share of open days on which a storm keeps one of a group away."""
    away = scenario.storm_away(group)
    days = open_days(scenario) if away else ()
    return away * float(storm_chances(scenario)[days].mean()) if len(days) else 0.0


@dataclass(frozen=True, eq=False)
class Crew:
    """The officials at the counters of a point and in its back office, the fastest first.

    ``minutes``: on duty, (kinds of days, officials, 48); ``weights``: the share of each kind; ``able``: whom they
    may serve, (officials, fields, classes); ``shares`` of classes; ``room``: counter minutes in a half-hour.
    ``office``: whose dossiers they work on, (officials, fields), where they need no counter.
    """

    weights: Floats
    minutes: Floats
    speeds: Floats
    able: Flags
    shares: Floats
    room: float
    office: Flags

    @property
    def pairs(self) -> Flags:
        """Whom they may serve, by pairs of field and class, (officials, fields * classes)."""
        officials, fields, classes = self.able.shape
        return self.able.reshape(officials, fields * classes)

    def minutes_of(self, who: Flags) -> Floats:
        """Minutes of work that some of them get done by half-hour, the fastest taking the counters there are."""
        minutes = self.minutes[:, who]
        taken = np.cumsum(minutes, axis=1) - minutes
        seated = np.clip(self.room - taken, 0, minutes)
        return np.asarray(self.speeds[who] @ np.tensordot(self.weights, seated, axes=1))

    def minutes_with(self, office: Flags, others: Flags) -> float:
        """Minutes a day of those who may work in the back office, and of others at the counters beside them."""
        at_desks = self.speeds[office] @ np.tensordot(self.weights, self.minutes[:, office], axes=1)
        return float(np.sum(at_desks)) + float(self.minutes_of(others & ~office).sum())

    def received(self, work: Floats, who: Flags) -> float:
        """Minutes a day of reception, of ``work`` (fields, classes) offered, that some get done: least cut."""
        able, whole = self.pairs & who[:, None], float(work.sum())
        cuts = (
            whole - work.ravel()[some].sum() + self.minutes_of(np.any(able[:, some], axis=1)).sum()
            for some in remaining(able)
        )
        return min(whole, *(float(cut) for cut in cuts))

    def left(self, work: Floats, field: int) -> float:
        """Minutes a day that reception leaves to those who work on dossiers of a field: others receive all they can."""
        own, everybody = self.office[:, field], np.ones(len(self.able), bool)
        theirs = self.received(work, everybody) - self.received(work, ~own)
        return max(self.minutes_with(own, ~everybody) - theirs, 0.0)

    def usable(self, fields: list[int], but: frozenset[int] = frozenset()) -> Floats:
        """Minutes for work of any of the fields by half-hour, of those who serve the fullest classes, ``but`` some."""
        able = np.asarray(np.any(self.able[:, fields], axis=1))
        sets = [sorted(set(some) - but) for some in remaining(able)]
        found = [self.minutes_of(np.any(able[:, some], axis=1)) / self.shares[some].sum() for some in sets if some]
        return min(found, key=lambda minutes: float(minutes.sum()))


def remaining(able: Flags) -> list[list[int]]:
    """What is left of all columns without those of some rows: the sets that can bind, by Hall's condition.

    Up to MOST_SETS of them; beyond, the columns of each further row are left out alone.
    """
    every = frozenset(range(able.shape[1]))
    rows = dict.fromkeys(frozenset(np.flatnonzero(row).tolist()) for row in able)
    found = {every: None}
    for row in rows:
        found |= dict.fromkeys([some - row for some in (found if 2 * len(found) <= MOST_SETS else [every])])
    found[every.difference(*rows)] = None
    return [sorted(some) for some in found if some]


def known_classes(scenario: Scenario) -> list[str]:
    """Those that anybody is of: another binds nobody."""
    return list(_known_shares(scenario))


def _known_shares(scenario: Scenario) -> dict[str, float]:
    return {name: share for name, share in class_shares(scenario).items() if share > 0}


def crews(scenario: Scenario, duty: list[Duty]) -> list[Crew]:
    """The crew of each point."""
    shares = _known_shares(scenario)
    return [_crew(scenario, duty, point, shares) for point in scenario.points]


def _crew(scenario: Scenario, duty: list[Duty], point: str, shares: dict[str, float]) -> Crew:
    working = ((one, one.group) for one in duty if one.group and one.group.role in {"counter", "specialist"})
    groups = [(one, group) for one, group in working if point in {group.point, *group.days_at.values()}]
    paces = {of: pace(scenario, group) for of, group in {id(group): group for _, group in groups}.items()}
    groups.sort(key=lambda pair: -paces[id(pair[1])])
    able = [
        [can_do(one, field) and (group.serves is None or name in group.serves) for name in shares]
        for one, group in groups
        for field in scenario.fields
    ]
    office = [[can_process(scenario, one, field) for field in scenario.fields] for one, _ in groups]
    weights, minutes = _days(scenario, [one for one, _ in groups], point)
    return Crew(
        weights,
        minutes,
        speeds=np.array([paces[id(group)] for _, group in groups], np.float64),
        able=np.array(able, bool).reshape(len(groups), len(scenario.fields), len(shares)),
        shares=np.array(list(shares.values())),
        room=scenario.points[point].counters * SLOT / MINUTE,
        office=np.array(office, bool).reshape(len(groups), len(scenario.fields)),
    )


def _days(scenario: Scenario, duty: list[Duty], point: str | None) -> tuple[Floats, Floats]:
    """The kinds of open days: the share of each, and paid minutes at a point or anywhere, (kinds, officials, 48)."""
    spans: dict[int, list[tuple[int, int, int]]] = {day: [] for day in open_days(scenario).tolist()}
    for official, one in enumerate(duty):
        for start, end in one.shifts:
            if start // DAY in spans and point in {None, place_on(scenario, one, start // DAY)}:
                spans[start // DAY].append((official, start % DAY, start % DAY + end - start))
    kinds = Counter(tuple(day) for day in spans.values())
    edges = np.arange(SLOTS) * SLOT
    minutes = np.zeros((len(kinds), len(duty), SLOTS))
    for row, kind in zip(minutes, kinds, strict=True):
        for official, at, to in kind:
            row[official] += np.clip(np.minimum(to, edges + SLOT) - np.maximum(at, edges), 0, None)
    return np.array(list(kinds.values())) / max(len(spans), 1), minutes / MINUTE
