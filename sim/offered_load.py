"""The load before any run: work offered over staffed minutes, by field, point and half-hour.

Above 1 a center is overloaded, and its waits depend on how long one looks. The sheet is arithmetic on means:
visits of a mean open day, with the returns of incomplete dossiers that they cause, over the work that the
officials who may serve them get done at the counters there are. Who leaves unserved is not foreseen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.roster import Duty, can_do, duties, routes
from sim.scenario import Guidance, Procedure, Scenario
from sim.streams import WHOLE
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS

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
    are of those who serve the classes that fill theirs the most over the day, by the share of these classes.
    ``guided`` and ``guides``: minutes of guidance offered and staffed, (points, 48). ``binding``: the point and the
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
    offered, guided, needed = _offered(scenario, duty)
    crews, fields, points = _crews(scenario, duty), scenario.fields, tuple(scenario.points)
    done = np.nan_to_num(ratio(offered.sum(axis=2), needed), nan=1.0)[:, :, None]
    done_here = np.nan_to_num(ratio(offered.sum(axis=(1, 2)), needed.sum(axis=1)), nan=1.0)[:, None]
    staffed = np.stack([[crew.usable([field]) for field in range(len(fields))] for crew in crews]) * done
    present = np.stack([crew.usable(list(range(len(fields)))) for crew in crews]) * done_here
    guides = np.zeros_like(guided)
    for number, point in enumerate(points):
        weights, minutes = _days(scenario, [one for one in duty if one.point == point and one.group is None])
        guides[number] = weights @ minutes.sum(axis=1)
    binding, classes = _binding(scenario, needed, crews)
    return LoadSheet(fields, points, offered, staffed, present, guided, guides, binding, classes)


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
    return [name for name, entry in scenario.priorities.items() if entry.share > 0]


def _crews(scenario: Scenario, duty: list[Duty]) -> list[_Crew]:
    classes, crews = _classes(scenario), []
    shares = np.array([scenario.priorities[name].share for name in classes])
    for point, entry in scenario.points.items():
        groups = [(one, one.group) for one in duty if one.point == point and one.group is not None]
        groups.sort(key=lambda pair: -pair[1].speed)
        able = [
            [can_do(one, field) and (group.serves is None or name in group.serves) for name in classes]
            for one, group in groups
            for field in scenario.fields
        ]
        who = np.array(able, bool).reshape(len(groups), len(scenario.fields), len(classes))
        speeds = np.array([group.speed for _, group in groups], np.float64)
        days = _days(scenario, [one for one, _ in groups])
        crews.append(_Crew(*days, speeds, who, shares, entry.counters * SLOT / MINUTE))
    return crews


def busiest_group(scenario: Scenario) -> str:
    """The group of officials whose fields and classes have the highest load at their point; "" without staff."""
    duty, classes, points, loads = duties(scenario), _classes(scenario), list(scenario.points), {}
    needed, crews = _offered(scenario, duty)[2], _crews(scenario, duty)
    for name, group in scenario.staff.items():
        point, served = points.index(group.point), set(classes if group.serves is None else group.serves)
        but = frozenset(i for i, one in enumerate(classes) if one not in served)
        skills = scenario.fields if group.skills is None else group.skills
        own = [i for i, field in enumerate(scenario.fields) if field in skills and len(but) < len(classes)]
        minutes = np.array([crews[point].usable([field], but) for field in own]).max(axis=0, initial=0.0).sum()
        loads[name] = float(np.nan_to_num(ratio(needed[point, own].sum(), minutes), nan=-1.0, posinf=np.inf))
    return max(loads, key=lambda name: loads[name], default="")


def _open_days(scenario: Scenario) -> NDArray[np.int64]:
    opened = np.flatnonzero(day_table(scenario)[0]["opens"] >= 0)
    return opened[opened >= scenario.warmup]


def _days(scenario: Scenario, duty: list[Duty]) -> tuple[Floats, Floats]:
    """The kinds of open days: the share of each, and paid minutes, (kinds, officials, 48)."""
    spans: dict[int, list[tuple[int, int, int]]] = {day: [] for day in _open_days(scenario).tolist()}
    for official, one in enumerate(duty):
        for start, end in one.shifts:
            if start // DAY in spans:
                spans[start // DAY].append((official, start % DAY, start % DAY + end - start))
    kinds = Counter(tuple(day) for day in spans.values())
    edges = np.arange(SLOTS) * SLOT
    minutes = np.zeros((len(kinds), len(duty), SLOTS))
    for row, kind in zip(minutes, kinds, strict=True):
        for official, at, to in kind:
            row[official] += np.clip(np.minimum(to, edges + SLOT) - np.maximum(at, edges), 0, None)
    return np.array(list(kinds.values())) / max(len(spans), 1), minutes / MINUTE


def _arrivals(scenario: Scenario) -> tuple[Floats, Floats]:
    """Newcomers of a mean open day by half-hour, Saturday's movers among them, and when those who return come."""
    table, profiles, times = day_table(scenario)
    days, spread = _open_days(scenario), np.diff(times, axis=1, prepend=0) / WHOLE
    spread[spread < _ROUNDING] = 0.0
    moved = table["people"] * np.where(table["moves_to"] == NEVER, 0.0, scenario.arrivals.moves_to_saturday)
    first = ((table["people"] - moved)[days, None] * profiles[table["profile"][days]]).sum(axis=0)
    first += moved[np.isin(table["moves_to"], days)].sum() * spread[1]
    return first / max(len(days), 1), spread[0]


def _offered(scenario: Scenario, duty: list[Duty]) -> tuple[Floats, Floats, Floats]:
    """Minutes at counters, (points, fields, 48), with guides, (points, 48), and of officials a day, (points, fields).

    The last are more where the network fails: an official who serves somebody sits out the outage with them.
    """
    newcomers, returning = _arrivals(scenario)
    again = newcomers.sum() * returning
    fields, points, route = scenario.fields, list(scenario.points.values()), routes(scenario, duty)
    needed, guided = np.zeros((len(points), len(fields))), np.zeros((len(points), SLOTS))
    offered = np.zeros((*needed.shape, SLOTS))
    for name, entry in scenario.procedures.items():
        field = fields.index(entry.field or name)
        for reach, to in zip(scenario.reach.values(), route[:, field], strict=True):
            (work, desk), (more_work, more_desk) = _minutes_of_a_citizen(scenario, name, points[to].guides > 0)
            share = reach * entry.share
            minutes = share * (newcomers * work + again * more_work)
            offered[to, field] += minutes
            guided[to] += share * (newcomers * desk + again * more_desk)
            needed[to, field] += minutes.sum() * (_stretch(scenario) if entry.needs_network else 1.0)
    return offered, guided, needed


def _stretch(scenario: Scenario) -> float:
    """Minutes that a minute of work with the network takes: (up + down) / up; more for who is called in an outage."""
    network = scenario.network
    return 1.0 if network is None else 1.0 + float(ratio(network.down.mean, network.up.mean))


Pair = tuple[float, float]
Binding = tuple[str, tuple[str, ...], float]


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
