"""The load before any run: work offered over staffed minutes, by field, point and half-hour.

Above 1 a center is overloaded, and its waits depend on how long one looks. The sheet is arithmetic on means:
visits of a mean open day, with the returns of incomplete dossiers that they cause, over the officials who
may serve them, at most as many as there are counters. Who leaves unserved is not foreseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.roster import Duty, duties
from sim.scenario import Scenario
from sim.units import DAY, MINUTE, SLOT, SLOTS

Floats = NDArray[np.float64]
MOST_FIELDS = 12


@dataclass(frozen=True, eq=False)
class LoadSheet:
    """Minutes of a mean open day: ``offered`` and ``staffed``, shape (points, fields, 48).

    ``present``: minutes of officials at counters, (points, 48), of any skill. ``guided`` and ``guides``:
    minutes of guidance offered and staffed, (points, 48). ``binding``: the point and the fields whose work
    is the largest share of the minutes of those who can do any of it, and that share.
    """

    fields: tuple[str, ...]
    points: tuple[str, ...]
    offered: Floats
    staffed: Floats
    present: Floats
    guided: Floats
    guides: Floats
    binding: tuple[str, tuple[str, ...], float]

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
    offered, guided = _offered(scenario, duty)
    fields = scenario.fields
    able = np.array([[_can(one, field) for field in fields] for one in duty]).reshape(len(duty), len(fields))
    minutes = _minutes(scenario, duty)
    at = np.array([list(scenario.points).index(one.point) for one in duty], dtype=int)
    counters = np.array([one.group is not None for one in duty], dtype=bool)
    shape = (len(scenario.points), len(fields), SLOTS)
    staffed, present, guides = np.zeros(shape), np.zeros((shape[0], SLOTS)), np.zeros((shape[0], SLOTS))
    for number, point in enumerate(scenario.points.values()):
        most = point.counters * SLOT / MINUTE
        here = counters & (at == number)
        present[number] = np.minimum(minutes[here].sum(axis=0), most)
        guides[number] = minutes[~counters & (at == number)].sum(axis=0)
        for field in range(len(fields)):
            staffed[number, field] = np.minimum(minutes[here & able[:, field]].sum(axis=0), most)
    binding = _binding(scenario, offered, minutes, able, [counters & (at == p) for p in range(shape[0])])
    return LoadSheet(fields, tuple(scenario.points), offered, staffed, present, guided, guides, binding)


def busiest_group(scenario: Scenario) -> str:
    """The group of officials whose fields have the highest load at their point; "" without staff."""
    sheet = load_sheet(scenario)
    loads = {}
    for name, group in scenario.staff.items():
        point = sheet.points.index(group.point)
        own = [group.skills is None or field in group.skills for field in sheet.fields]
        loads[name] = float(ratio(sheet.offered[point][own].sum(), sheet.staffed[point][own].max(axis=0).sum()))
    return max(loads, key=lambda name: loads[name], default="")


def _can(one: Duty, field: str) -> bool:
    return one.group is not None and (one.group.skills is None or field in one.group.skills)


def _open_days(scenario: Scenario) -> NDArray[np.int64]:
    days = day_table(scenario)[0]
    measured = np.flatnonzero(days["opens"] >= 0)
    return measured[measured >= scenario.warmup]


def _minutes(scenario: Scenario, duty: list[Duty]) -> Floats:
    """Paid minutes of each official in each half-hour of a mean open day, less what speed takes."""
    days = _open_days(scenario)
    edges = np.arange(SLOTS) * SLOT
    minutes = np.zeros((len(duty), SLOTS))
    for number, one in enumerate(duty):
        for start, end in one.shifts:
            if start // DAY in days:
                at = start % DAY
                minutes[number] += np.clip(np.minimum(at + end - start, edges + SLOT) - np.maximum(at, edges), 0, None)
    speeds = np.array([one.group.speed if one.group else 1.0 for one in duty])
    return np.asarray(minutes * speeds[:, None] / MINUTE / max(len(days), 1))


def _offered(scenario: Scenario, duty: list[Duty]) -> tuple[Floats, Floats]:
    """Minutes at counters, (points, fields, 48), and with guides, (points, 48)."""
    table, profiles, _ = day_table(scenario)
    days = _open_days(scenario)
    arrivals = (table["people"][days, None] * profiles[table["profile"][days]]).sum(axis=0) / max(len(days), 1)
    fields, points = scenario.fields, list(scenario.points)
    offered, guided = np.zeros((len(points), len(fields), SLOTS)), np.zeros((len(points), SLOTS))
    for name, entry in scenario.procedures.items():
        field = entry.field or name
        able = [any(_can(one, field) for one in duty if one.point == point) for point in points]
        for number, point in enumerate(scenario.points.values()):
            to = number if able[number] or not any(able) else able.index(True)
            work, desk = _minutes_of_a_visit(scenario, name, scenario.points[points[to]].guides > 0)
            people = arrivals * point.share * entry.share
            offered[to, fields.index(field)] += people * work
            guided[to] += people * desk
    return offered, guided


def _minutes_of_a_visit(scenario: Scenario, name: str, has_guides: bool) -> tuple[float, float]:
    """Expected minutes at the counter and with a guide that one newcomer causes, returns included."""
    guide = scenario.guidance if has_guides else None
    shares = {purpose: entry.share for purpose, entry in scenario.purposes.items()}
    work = desk = 0.0
    for purpose, entry in scenario.purposes.items():
        if entry.service is not None and not (guide and purpose == "ask"):
            work += entry.share * (scenario.greeting + entry.service.mean)
    desk += guide.service.mean * shares.get("ask", 0.0) if guide else 0.0
    visits, dossiers = shares.get("submit", 0.0), scenario.arrivals.dossiers_per_visitor
    procedure = scenario.procedures[name]
    overhead = sum(channel.share * channel.overhead for channel in scenario.channels.values())
    finds, mends = (guide.finds, guide.mends) if guide else (0.0, 0.0)
    home = procedure.incomplete * finds * (1 - mends)
    back = procedure.incomplete * (1 - finds * mends)
    for _ in range(scenario.returns.visits):
        received = 1 - home**dossiers if home else 1.0
        work += visits * (received * (scenario.greeting + overhead) + dossiers * (1 - home) * procedure.service.mean)
        desk += visits * guide.service.mean if guide else 0.0
        some = 1 - (1 - back) ** dossiers
        visits, dossiers = (
            visits * some * scenario.returns.incomplete.share,
            dossiers * back / some if some else 0.0,
        )
    return work, desk


def _binding(
    scenario: Scenario,
    offered: Floats,
    minutes: Floats,
    able: NDArray[np.bool_],
    here: list[NDArray[np.bool_]],
) -> tuple[str, tuple[str, ...], float]:
    """The set of fields at one point whose work fills those who may do any of it the most (Hall's condition)."""
    fields = scenario.fields
    worst: tuple[str, tuple[str, ...], float] = ("", (), 0.0)
    sizes = range(1, len(fields) + 1) if len(fields) <= MOST_FIELDS else (1, len(fields))
    for number, (name, point) in enumerate(scenario.points.items()):
        most = point.counters * SLOT / MINUTE
        for chosen in (list(c) for size in sizes for c in combinations(range(len(fields)), size)):
            who = here[number] & able[:, chosen].any(axis=1)
            load = float(ratio(offered[number, chosen].sum(), np.minimum(minutes[who].sum(axis=0), most).sum()))
            if load > worst[2]:
                worst = (name, tuple(fields[i] for i in chosen), load)
    return worst
