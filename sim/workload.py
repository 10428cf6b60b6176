"""The work that citizens are expected to bring on a mean open day: arithmetic on means, before any run."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.roster import Duty, doors_by_day, routes
from sim.scenario import Guidance, Procedure, Scenario
from sim.streams import WHOLE
from sim.units import NEVER, SLOTS, day_of, span

Floats = NDArray[np.float64]
_ROUNDING = 1e-12  # what rounding leaves to the last half-hour of a day


class Work(NamedTuple):
    """Minutes: ``offered`` at counters, (points, fields, 48), ``guided``, (points, 48), ``signed``, (48,).

    ``needed``: minutes of officials a day, (points, fields): more than offered where the network fails, as an official
    who serves somebody sits out the outage with them, or what is taken on paper is to be typed in.
    """

    offered: Floats
    guided: Floats
    signed: Floats
    needed: Floats


class Minutes(NamedTuple):
    """Of a citizen on one of their visits, its probability included; and the dossiers accepted on it."""

    counter: float
    guide: float
    signature: float
    accepted: float


def open_days(scenario: Scenario) -> NDArray[np.int64]:
    """The days of a run on which the center opens, after the warm-up."""
    opened = np.flatnonzero(day_table(scenario)[0]["opens"] >= 0)
    return opened[opened >= scenario.warmup]


def work_of(scenario: Scenario, duty: list[Duty]) -> Work:
    """The work of a mean open day."""
    newcomers, returning = _arrivals(scenario)
    again = newcomers.sum() * returning
    fields, points, route = scenario.fields, list(scenario.points), routes(scenario, duty)
    needed, guided = np.zeros((len(points), len(fields))), np.zeros((len(points), SLOTS))
    offered, signed = np.zeros((*needed.shape, SLOTS)), np.zeros(SLOTS)
    stretch, typing = _in_outages(scenario)
    for name, entry in scenario.procedures.items():
        field = fields.index(entry.field or name)
        for reach, to in zip(scenario.reach.values(), route[:, field], strict=True):
            first, later = _of_a_citizen(scenario, name, scenario.has_guides(points[to]))
            share = reach * entry.share
            minutes = share * (newcomers * first.counter + again * later.counter)
            offered[to, field] += minutes
            guided[to] += share * (newcomers * first.guide + again * later.guide)
            signed += share * (newcomers * first.signature + again * later.signature)
            records = share * newcomers.sum() * (first.accepted + later.accepted) * typing
            needed[to, field] += minutes.sum() * stretch + records if entry.needs_network else minutes.sum()
    return Work(offered, guided, signed, needed)


def _arrivals(scenario: Scenario) -> tuple[Floats, Floats]:
    """Newcomers of a mean open day by half-hour, Saturday's movers among them, and when those who return come."""
    table, profiles, times = day_table(scenario)
    days, spread = open_days(scenario), np.diff(times, axis=1, prepend=0) / WHOLE
    spread[spread < _ROUNDING] = 0.0
    moved = table["people"] * np.where(table["moves_to"] == NEVER, 0.0, scenario.arrivals.moves_to_saturday)
    first = ((table["people"] - moved)[days, None] * profiles[table["profile"][days]]).sum(axis=0)
    first += moved[np.isin(table["moves_to"], days)].sum() * spread[1]
    working = days[table["is_working"][days]]
    return first / max(len(days), 1), spread[table["profile"][working]].sum(axis=0) / max(len(working), 1)


def _in_outages(scenario: Scenario) -> tuple[float, float]:
    """Minutes that a minute of work with the network takes, and minutes of typing for each dossier accepted.

    A pause or a slow network stretches work by the inverse of its mean speed; on paper it goes on at that speed.
    """
    network = scenario.network
    if network is None:
        return 1.0, 0.0
    up = 1.0
    if network.up and network.down:
        up = network.up.mean / (network.up.mean + network.down.mean)
    running, down = _windows(scenario)
    if network.answer == "paper" and network.paper:
        lost = down + (1 - down) * (1 - up)
        with_network = running / (1 - down) if down < 1 else 1.0
        return (1 - lost) / with_network + lost / network.paper.speed, lost * network.paper.typing
    slow = network.speed_when_down
    mean = up * (running + down * slow) + (1 - up) * slow
    return (1 / mean if mean > 0 else float("inf")), 0.0


def _windows(scenario: Scenario) -> tuple[float, float]:
    """Over the time the door is open, the windows of the network alone: its mean speed, and the share it is down."""
    network, opened, slower, down = scenario.network, 0, 0.0, 0.0
    doors = doors_by_day(scenario)
    for day in open_days(scenario).tolist() if network else ():
        opened += sum(end - start for start, end in doors[day])
        for window in network.windows if network else ():
            if window.covers(day_of(scenario.start, day)):
                begin, end = span(window.between)
                common = sum(max(min(end, e) - max(begin, s), 0) for s, e in doors[day])
                slower += common * (1 - window.speed)
                down += common * (window.speed == 0)
    return (1 - slower / opened, down / opened) if opened else (1.0, 0.0)


def _of_a_citizen(scenario: Scenario, name: str, has_guides: bool) -> tuple[Minutes, Minutes]:
    """Expected minutes on the first visit, and on all further visits together."""
    guide = scenario.guidance if has_guides else None
    visits = _visits_to_submit(scenario, scenario.procedures[name], guide)
    work, desk = visits[0].counter, visits[0].guide
    for purpose, entry in scenario.purposes.items():
        if guide is not None and purpose == "ask":
            desk += entry.share * guide.service.mean
        elif entry.service is not None:
            work += entry.share * (scenario.greeting + entry.service.mean)
    return visits[0]._replace(counter=work, guide=desk), Minutes(*(sum(column) for column in _columns(visits[1:])))


def _columns(visits: list[Minutes]) -> list[list[float]]:
    return [[visit[nth] for visit in visits] for nth in range(len(Minutes._fields))]


def _visits_to_submit(scenario: Scenario, procedure: Procedure, guide: Guidance | None) -> list[Minutes]:
    """Minutes on the k-th visit, its probability included.

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
        work = received + mean * there * (1 - home) * (procedure.service.mean + procedure.double_entry)
        desk = (1 - none(1 - there)) * guide.service.mean if guide else 0.0
        handed, signature = _result(scenario, procedure, there, back)
        comes = share * scenario.returns.incomplete.share**k
        accepted = mean * there * (1 - back)
        found.append(Minutes(comes * (work + handed), comes * desk, comes * signature, comes * accepted))
    return found


def _result(scenario: Scenario, procedure: Procedure, there: float, back: float) -> tuple[float, float]:
    """Minutes to hand over the result of a visit that lacks nothing, and to sign it, were all made on the spot."""
    if procedure.signature is None or scenario.results is None:
        return 0.0, 0.0
    more = scenario.arrivals.dossiers_per_visitor - 1
    whole, nobody = 1 - there * back, 1 - there

    def none(z: float) -> float:
        return z * exp(more * (z - 1))

    dossiers = there * (1 - back) * exp(more * (whole - 1)) * (1 + more * whole)
    return (none(whole) - none(nobody)) * scenario.results.collection.mean, dossiers * procedure.signature.mean
