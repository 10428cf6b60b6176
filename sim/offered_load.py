"""The load before any run: work offered over staffed minutes, by field, point and half-hour.

Above 1 a center is overloaded, and its waits depend on how long one looks. The sheet is arithmetic on means:
visits of a mean open day, with the returns of incomplete dossiers that they cause, over the work that the
officials who may serve them get done at the counters there are. Who leaves unserved is not foreseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import exp

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.roster import Duty, can_do, duties, routes
from sim.scenario import Guidance, Procedure, Scenario
from sim.streams import WHOLE
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS

Floats = NDArray[np.float64]
MOST_FIELDS = 12
_ROUNDING = 1e-12  # what rounding leaves to the last half-hour of a day


@dataclass(frozen=True, eq=False)
class LoadSheet:
    """Minutes of a mean open day: ``offered`` and ``staffed``, shape (points, fields, 48).

    Minutes staffed are those of work that gets done: an official of speed 2 does 60 in half an hour.
    ``present``: those of officials at counters, (points, 48), of any skill. ``guided`` and ``guides``:
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
    crews = [_crew(scenario, duty, point) for point in scenario.points]
    shape = (len(scenario.points), len(fields), SLOTS)
    staffed, present, guides = np.zeros(shape), np.zeros((shape[0], SLOTS)), np.zeros((shape[0], SLOTS))
    for number, (point, crew) in enumerate(zip(scenario.points, crews, strict=True)):
        present[number] = crew.minutes_of(np.ones(len(crew.speeds), bool))
        guides[number] = _minutes(scenario, [one for one in duty if one.point == point and one.group is None]).sum(
            axis=0
        )
        for field in range(len(fields)):
            staffed[number, field] = crew.minutes_of(crew.able[:, field])
    binding = _binding(scenario, offered, crews)
    return LoadSheet(fields, tuple(scenario.points), offered, staffed, present, guided, guides, binding)


@dataclass(frozen=True, eq=False)
class _Crew:
    """The officials at the counters of a point, the fastest first.

    ``minutes``: on duty, (officials, 48); ``able``: what they may do, (officials, fields); ``room``: the minutes
    of all counters in a half-hour.
    """

    minutes: Floats
    speeds: Floats
    able: NDArray[np.bool_]
    room: float

    def minutes_of(self, who: NDArray[np.bool_]) -> Floats:
        """Minutes of work that some of them get done by half-hour, the fastest taking the counters there are."""
        minutes = self.minutes[who]
        taken = np.cumsum(minutes, axis=0) - minutes
        return np.asarray(self.speeds[who] @ np.clip(self.room - taken, 0, minutes))


def _crew(scenario: Scenario, duty: list[Duty], point: str) -> _Crew:
    groups = [(one, one.group) for one in duty if one.point == point and one.group is not None]
    officials = sorted(groups, key=lambda pair: -pair[1].speed)
    able = [[can_do(one, field) for field in scenario.fields] for one, _ in officials]
    return _Crew(
        minutes=_minutes(scenario, [one for one, _ in officials]),
        speeds=np.array([group.speed for _, group in officials], dtype=np.float64),
        able=np.array(able, dtype=bool).reshape(len(officials), len(scenario.fields)),
        room=scenario.points[point].counters * SLOT / MINUTE,
    )


def busiest_group(scenario: Scenario) -> str:
    """The group of officials whose fields have the highest load at their point; "" without staff."""
    sheet = load_sheet(scenario)
    loads = {}
    for name, group in scenario.staff.items():
        point = sheet.points.index(group.point)
        own = [group.skills is None or field in group.skills for field in sheet.fields]
        minutes = sheet.staffed[point][own].max(axis=0, initial=0.0).sum()
        loads[name] = float(np.nan_to_num(ratio(sheet.offered[point][own].sum(), minutes), nan=-1.0, posinf=np.inf))
    return max(loads, key=lambda name: loads[name], default="")


def _open_days(scenario: Scenario) -> NDArray[np.int64]:
    days = day_table(scenario)[0]
    measured = np.flatnonzero(days["opens"] >= 0)
    return measured[measured >= scenario.warmup]


def _minutes(scenario: Scenario, duty: list[Duty]) -> Floats:
    """Paid minutes of each official in each half-hour of a mean open day."""
    days = _open_days(scenario)
    edges = np.arange(SLOTS) * SLOT
    minutes = np.zeros((len(duty), SLOTS))
    for number, one in enumerate(duty):
        for start, end in one.shifts:
            if start // DAY in days:
                at = start % DAY
                minutes[number] += np.clip(np.minimum(at + end - start, edges + SLOT) - np.maximum(at, edges), 0, None)
    return np.asarray(minutes / MINUTE / max(len(days), 1))


def _arrivals(scenario: Scenario) -> tuple[Floats, Floats]:
    """Newcomers of a mean open day by half-hour, Saturday's movers among them, and when those who return come."""
    table, profiles, times = day_table(scenario)
    days, spread = _open_days(scenario), np.diff(times, axis=1, prepend=0) / WHOLE
    spread[spread < _ROUNDING] = 0.0
    moved = table["people"] * np.where(table["moves_to"] == NEVER, 0.0, scenario.arrivals.moves_to_saturday)
    first = ((table["people"] - moved)[days, None] * profiles[table["profile"][days]]).sum(axis=0)
    first += moved[np.isin(table["moves_to"], days)].sum() * spread[1]
    return first / max(len(days), 1), spread[0]


def _offered(scenario: Scenario, duty: list[Duty]) -> tuple[Floats, Floats]:
    """Minutes at counters, (points, fields, 48), and with guides, (points, 48)."""
    newcomers, returning = _arrivals(scenario)
    again = newcomers.sum() * returning
    fields, points, route = scenario.fields, list(scenario.points.values()), routes(scenario, duty)
    offered, guided = np.zeros((len(points), len(fields), SLOTS)), np.zeros((len(points), SLOTS))
    for name, entry in scenario.procedures.items():
        field = fields.index(entry.field or name)
        for point, to in zip(points, route[:, field], strict=True):
            (work, desk), (more_work, more_desk) = _minutes_of_a_citizen(scenario, name, points[to].guides > 0)
            share = point.share * entry.share
            offered[to, field] += share * (newcomers * work + again * more_work)
            guided[to] += share * (newcomers * desk + again * more_desk)
    return offered, guided


Pair = tuple[float, float]


def _minutes_of_a_citizen(scenario: Scenario, name: str, has_guides: bool) -> tuple[Pair, Pair]:
    """Expected minutes at the counter and with a guide on the first visit, and on all further visits together."""
    guide = scenario.guidance if has_guides else None
    visits = _visits_to_submit(scenario, scenario.procedures[name], guide)
    work, desk = visits[0]
    for purpose, entry in scenario.purposes.items():
        if guide is not None and purpose == "ask":
            desk += entry.share * guide.service.mean
        elif entry.service is not None:
            work += entry.share * (scenario.greeting + entry.service.mean)
    return (work, desk), (sum(more for more, _ in visits[1:]), sum(more for _, more in visits[1:]))


def _visits_to_submit(scenario: Scenario, procedure: Procedure, guide: Guidance | None) -> list[Pair]:
    """Minutes at the counter and with a guide on the k-th visit, its probability included.

    A citizen brings one dossier and a Poisson number more. Each is brought back with probability ``back``
    whatever becomes of the others, so it is there on visit k with back^k; ``none(z)``, the generating function
    of their number, is the probability that all have what each has with probability z.
    """
    finds, mends = (guide.finds, guide.mends) if guide else (0.0, 0.0)
    home, back = procedure.incomplete * finds * (1 - mends), procedure.incomplete * (1 - finds * mends)
    mean = scenario.arrivals.dossiers_per_visitor
    share = scenario.purposes["submit"].share if "submit" in scenario.purposes else 0.0
    visit = scenario.greeting + sum(channel.share * channel.overhead for channel in scenario.channels.values())

    def none(z: float) -> float:
        return z * exp((mean - 1) * (z - 1))

    found = []
    for k in range(scenario.returns.visits):
        there = back**k
        received = (1 - none(1 - there * (1 - home))) * visit
        work = received + mean * there * (1 - home) * procedure.service.mean
        desk = (1 - none(1 - there)) * guide.service.mean if guide else 0.0
        comes = share * scenario.returns.incomplete.share**k
        found.append((comes * work, comes * desk))
    return found


def _binding(scenario: Scenario, offered: Floats, crews: list[_Crew]) -> tuple[str, tuple[str, ...], float]:
    """The set of fields at one point whose work fills those who may do any of it the most (Hall's condition).

    Of more than MOST_FIELDS fields only each alone and all together are looked at.
    """
    fields = scenario.fields
    worst: tuple[str, tuple[str, ...], float] = ("", (), 0.0)
    sizes = range(1, len(fields) + 1) if len(fields) <= MOST_FIELDS else (1, len(fields))
    for number, (name, crew) in enumerate(zip(scenario.points, crews, strict=True)):
        for chosen in (list(c) for size in sizes for c in combinations(range(len(fields)), size)):
            minutes = crew.minutes_of(np.any(crew.able[:, chosen], axis=1))
            load = float(ratio(offered[number, chosen].sum(), minutes.sum()))
            if load > worst[2]:
                worst = (name, tuple(fields[i] for i in chosen), load)
    return worst
