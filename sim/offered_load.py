"""The load before any run: work offered over staffed minutes, by field, point and half-hour.

Above 1 a center is overloaded, and its waits depend on how long one looks. The sheet is arithmetic on means:
visits of a mean open day, with the returns of incomplete dossiers that they cause, over the work that the
officials who may serve them get done at the counters there are. Who leaves unserved is not foreseen; whom a rule
may bring to a counter counts as if they were at their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.forecast import storm_chances
from sim.roster import Duty, duties, place_on, speed_on
from sim.routing import can_do
from sim.scenario import Scenario
from sim.staff import Group
from sim.units import DAY, MINUTE, SLOT, SLOTS, WEEK
from sim.workload import class_shares, open_days, work_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_SETS = 1024
_ROUNDING = 1e-12  # what rounding leaves to the last half-hour of a day, or to one of two equal loads


@dataclass(frozen=True, eq=False)
class LoadSheet:
    """Minutes of a mean open day: ``offered`` and ``staffed``, shape (points, fields, 48).

    Minutes staffed are those of work that gets done: an official of speed 2 does 60 in half an hour, and work
    that needs the network stands still in an outage. ``present``: those of officials at counters, (points, 48),
    of any skill. Officials limited to some classes of citizens count for no more than the work of those: minutes
    are of those who serve the classes that fill theirs the most over the day, by the share of these classes. Of who
    brings many dossiers it is the share of work (see :func:`sim.workload.class_shares`, which is not exact).
    ``guided`` and ``guides``: minutes of guidance offered and staffed, (points, 48); ``signed`` and ``leaders``: of
    signatures on the spot, (48,). ``binding``: the point and the
    fields whose work is the largest share of the minutes of those who can do any of it, and that share; ``classes``:
    of whom, where not of all (a field of fewer is written "land (ordinary)").
    """

    fields: tuple[str, ...]
    points: tuple[str, ...]
    offered: Floats
    staffed: Floats
    present: Floats
    guided: Floats
    guides: Floats
    signed: Floats
    leaders: Floats
    binding: tuple[str, tuple[str, ...], float]
    classes: tuple[str, ...] = ()

    @property
    def load(self) -> float:
        """Work over staffed minutes of the whole center; nan without officials and work, inf without officials."""
        return float(ratio(self.offered.sum(), self.present.sum()))

    def by_field(self) -> Floats:
        """Load of each field in each half-hour, (fields, 48): its work over all who may do it."""
        return ratio(self.offered.sum(axis=0), self.staffed.sum(axis=0))

    def by_point(self) -> Floats:
        """Load of each point in each half-hour, (points, 48)."""
        return ratio(self.offered.sum(axis=1), self.present)


def ratio(work: object, minutes: object) -> Floats:
    """Work over minutes; inf where there is work and nobody, nan where there is neither."""
    above, below = np.asarray(work, dtype=np.float64), np.asarray(minutes, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below, dtype=np.float64)


def load_sheet(scenario: Scenario) -> LoadSheet:
    """The sheet of a scenario, over the open days after its warm-up."""
    duty = duties(scenario)
    work = work_of(scenario, duty)
    offered, needed = work.offered, work.needed
    crews, fields, points = _crews(scenario, duty), scenario.fields, tuple(scenario.points)
    done = np.nan_to_num(ratio(offered.sum(axis=2), needed), nan=1.0)[:, :, None]
    done_here = np.nan_to_num(ratio(offered.sum(axis=(1, 2)), needed.sum(axis=1)), nan=1.0)[:, None]
    staffed = np.stack([[crew.usable([field]) for field in range(len(fields))] for crew in crews]) * done
    present = np.stack([crew.usable(list(range(len(fields)))) for crew in crews]) * done_here
    guides = np.stack([_minutes_of(scenario, duty, "guide", point) for point in points])
    binding, classes = _binding(scenario, needed, crews)
    desks = work.guided, guides, work.signed, _minutes_of(scenario, duty, "leader")
    return LoadSheet(fields, points, offered, staffed, present, *desks, binding, classes)


def _minutes_of(scenario: Scenario, duty: list[Duty], role: str, point: str | None = None) -> Floats:
    """Minutes of those in a role by half-hour, (48,); what they get done where they are fast or slow."""
    own = [one for one in duty if (one.group.role if one.group else "guide") == role]
    weights, minutes = _days(scenario, own, point)
    speeds = [_pace(scenario, one.group) if one.group else 1.0 for one in own]
    return np.asarray(weights @ np.tensordot(minutes, np.array(speeds), axes=([1], [0])))


def _pace(scenario: Scenario, group: Group) -> float:
    """What an hour on duty of one of a group gets done on average, in hours: absences, storms and learning included.

    Where pairings do not suit, or fields are weak, by their share of the group's fields.
    """
    weeks = range(scenario.warmup, scenario.days, WEEK)
    speed = float(np.mean([speed_on(scenario, group, day) for day in weeks]))
    there = (1 - group.called_away) * (1 - (group.absence.share if group.absence else 0.0))
    there *= 1 - _in_storms(scenario, group)
    weak = len(group.weak) / len(scenario.fields if group.skills is None else group.skills or scenario.fields)
    weak += (1 - weak) * scenario.mismatch.share
    return speed * there / (1 + weak * (scenario.mismatch.time_factor - 1))


def _in_storms(scenario: Scenario, group: Group) -> float:
    """The share of open days on which a storm keeps one of a group away."""
    away, days = scenario.storm_away(group), open_days(scenario)
    return away * float(storm_chances(scenario)[days].mean()) if away and len(days) else 0.0


@dataclass(frozen=True, eq=False)
class _Crew:
    """The officials at the counters of a point, the fastest first.

    ``minutes``: on duty, (kinds of days, officials, 48); ``weights``: the share of each kind; ``able``: whom they
    may serve, (officials, fields, classes); ``shares`` of classes; ``room``: counter minutes in a half-hour.
    """

    weights: Floats
    minutes: Floats
    speeds: Floats
    able: Flags
    shares: Floats
    room: float

    def minutes_of(self, who: Flags) -> Floats:
        """Minutes of work that some of them get done by half-hour, the fastest taking the counters there are."""
        minutes = self.minutes[:, who]
        taken = np.cumsum(minutes, axis=1) - minutes
        seated = np.clip(self.room - taken, 0, minutes)
        return np.asarray(self.speeds[who] @ np.tensordot(self.weights, seated, axes=1))

    def usable(self, fields: list[int], but: frozenset[int] = frozenset()) -> Floats:
        """Minutes for work of any of the fields by half-hour, of those who serve the fullest classes, ``but`` some."""
        able = np.asarray(np.any(self.able[:, fields], axis=1))
        sets = [sorted(set(some) - but) for some in _remaining(able)]
        found = [self.minutes_of(np.any(able[:, some], axis=1)) / self.shares[some].sum() for some in sets if some]
        return min(found, key=lambda minutes: float(minutes.sum()))


def _remaining(able: Flags) -> list[list[int]]:
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


def _classes(scenario: Scenario) -> list[str]:
    """Those that anybody is of: another binds nobody."""
    return [name for name, share in class_shares(scenario).items() if share > 0]


def _crews(scenario: Scenario, duty: list[Duty]) -> list[_Crew]:
    classes, crews = _classes(scenario), []
    shares = np.array([class_shares(scenario)[name] for name in classes])
    for point, entry in scenario.points.items():
        receiving = ((one, one.group) for one in duty if one.group and one.group.role == "counter")
        groups = [(one, group) for one, group in receiving if point in {group.point, *group.days_at.values()}]
        paces = {id(group): _pace(scenario, group) for _, group in groups}
        groups.sort(key=lambda pair: -paces[id(pair[1])])
        able = [
            [can_do(one, field) and (group.serves is None or name in group.serves) for name in classes]
            for one, group in groups
            for field in scenario.fields
        ]
        who = np.array(able, bool).reshape(len(groups), len(scenario.fields), len(classes))
        speeds = np.array([paces[id(group)] for _, group in groups], np.float64)
        days = _days(scenario, [one for one, _ in groups], point)
        crews.append(_Crew(*days, speeds, who, shares, entry.counters * SLOT / MINUTE))
    return crews


def busiest_group(scenario: Scenario) -> str:
    """The group of officials whose fields and classes have the highest load at their point; "" without staff."""
    duty, classes, points, loads = duties(scenario), _classes(scenario), list(scenario.points), {}
    needed, crews = work_of(scenario, duty).needed, _crews(scenario, duty)
    receiving = {name: group for name, group in scenario.staff.items() if group.role == "counter"}
    for name, group in receiving.items():
        point, served = points.index(group.point), set(classes if group.serves is None else group.serves)
        but = frozenset(i for i, one in enumerate(classes) if one not in served)
        skills = scenario.fields if group.skills is None else group.skills
        own = [i for i, field in enumerate(scenario.fields) if field in skills and len(but) < len(classes)]
        minutes = np.array([crews[point].usable([field], but) for field in own]).max(axis=0, initial=0.0).sum()
        loads[name] = float(np.nan_to_num(ratio(needed[point, own].sum(), minutes), nan=-1.0, posinf=np.inf))
    return max(loads, key=lambda name: loads[name], default="")


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


Binding = tuple[str, tuple[str, ...], float]


def _binding(scenario: Scenario, needed: Floats, crews: list[_Crew]) -> tuple[Binding, tuple[str, ...]]:
    """The fields, of which classes, whose work at one point fills those who can do any of it most (Hall)."""
    worst: tuple[Binding, tuple[str, ...]] = ("", (), 0.0), ()
    for point, crew, minutes in zip(scenario.points, crews, needed, strict=True):
        work = np.outer(minutes, crew.shares).ravel()
        able = crew.able.reshape(len(crew.able), work.size)
        for some in _remaining(able):
            chosen = [pair for pair in some if work[pair] > 0]
            load = float(ratio(work[chosen].sum(), crew.minutes_of(np.any(able[:, chosen], axis=1)).sum()))
            if load > worst[0][2] * (1 + _ROUNDING):
                fields, classes = _named(scenario, chosen)
                worst = (point, fields, load), classes
    return worst


def _named(scenario: Scenario, pairs: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields, and their classes, none for all; a field of fewer classes than the others has its own behind it."""
    every = _classes(scenario)
    own: dict[str, list[str]] = {}
    for pair in pairs:
        own.setdefault(scenario.fields[pair // len(every)], []).append(every[pair % len(every)])
    seen = [name for name in every if any(name in some for some in own.values())]
    fields = tuple(field if some == seen else f"{field} ({', '.join(some)})" for field, some in own.items())
    return fields, () if seen == every else tuple(seen)
