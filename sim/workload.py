"""The work that citizens are expected to bring on a mean open day: arithmetic on means, before any run."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.appointments import Appointments
from sim.book_load import booked_arrivals
from sim.demand import day_table, open_days
from sim.distributions import Distribution
from sim.dossiers import Procedure
from sim.forecast import expected_people
from sim.guiding import guided_hours, guided_shares
from sim.network_load import in_outages
from sim.roster import Duty
from sim.routing import routes
from sim.scenario import MOST_DOSSIERS, Guidance, Scenario
from sim.streams import WHOLE
from sim.units import DAY, NEVER, SLOTS

Floats = NDArray[np.float64]
_ROUNDING = 1e-12  # what rounding leaves to the last half-hour of a day


class Work(NamedTuple):
    """Minutes: ``offered`` at counters, (points, fields, 48), ``guided``, (points, 48), ``signed``, (48,).

    ``needed``: minutes of officials a day, (points, fields): more than offered where the network fails, as an official
    who serves somebody sits out the outage with them, or what is taken on paper is to be typed in. ``accepted``:
    dossiers a day, (procedures, points); ``fetched``: visits a day to fetch results of the back office.
    ``visits``: those who come to a counter, (points, 48), and of a day the sum of their ``squares``, square minutes of
    work, (points,): without handing over results, which is a task of its own.
    """

    offered: Floats
    guided: Floats
    signed: Floats
    needed: Floats
    accepted: Floats
    fetched: float
    visits: Floats
    squares: Floats


class Minutes(NamedTuple):
    """Of a citizen on one of their visits, its probability included.

    Also the dossiers ``accepted`` on it, and the ``cases``: whether any is; the ``visits``: whether they come to a
    counter, and the ``square`` of their minutes there.
    """

    counter: float
    guide: float
    signature: float
    accepted: float
    cases: float
    visits: float
    square: float


def class_shares(scenario: Scenario) -> dict[str, float]:
    """The share of each class of citizens of the work at counters.

    Where all bring alike it is their share of the visits. A class of those who bring many dossiers has their share of
    the work on first visits, in all fields and half-hours alike. That is not exact: more of them have something to
    bring again, and their part is larger in a field whose dossiers take longer. Overall it is about right.
    """
    found = {name: entry.share for name, entry in scenario.priorities.items()}
    for bulk, entry in scenario.priorities.items():
        if entry.dossiers is not None:
            behind = [name for name, one in scenario.priorities.items() if one.rank >= entry.rank and name != bulk]
            part = _work_in_bulk(scenario, entry.dossiers)
            found[bulk] = part * sum(found[name] for name in behind)
            found |= {name: (1 - part) * found[name] for name in behind}
    return found if scenario.appointments is None else _with_book(scenario, scenario.appointments, found)


def _with_book(scenario: Scenario, book: Appointments, shares: dict[str, float]) -> dict[str, float]:
    """The shares where people book: those who do are not of the classes that are called after them.

    Not exact either, as it counts first visits: who comes again is of the class they would have without the book.
    """
    booked = booked_arrivals(scenario)[open_days(scenario)].sum()
    part = _share(booked, arrivals_of(scenario)[0].sum())
    rank = scenario.priorities[book.priority].rank
    behind = [name for name, one in scenario.priorities.items() if one.rank > rank]
    return {
        **{name: share * (1 - part if name in behind else 1) for name, share in shares.items()},
        book.priority: part * sum(shares[name] for name in behind),
    }


def _work_in_bulk(scenario: Scenario, dossiers: int) -> float:
    """The share of the work on first visits that those bring who bring at least so many dossiers."""
    mean, most = scenario.arrivals.dossiers_per_visitor, range(dossiers, MOST_DOSSIERS + 1)
    chance = [exp(1 - mean) * (mean - 1) ** (n - 1) / factorial(n - 1) for n in most]
    share = scenario.purposes["submit"].share if "submit" in scenario.purposes else 0.0
    visit = scenario.greeting + overhead(scenario)
    each = sum(one.share * (one.service.mean + one.double_entry) for one in scenario.procedures.values())
    others = [one for one in scenario.purposes.values() if one.service is not None]
    bulk = share * sum(p * (visit + n * each) for n, p in zip(most, chance, strict=True))
    rest = sum(one.share * (scenario.greeting + one.service.mean) for one in others if one.service)
    return _share(bulk, share * (visit + mean * each) + rest)


def work_of(scenario: Scenario, duty: list[Duty]) -> Work:
    """The work of a mean open day."""
    newcomers, returning = arrivals_of(scenario)
    guided_here = _guided(scenario, duty)
    fields, points, route = scenario.fields, list(scenario.points), routes(scenario, duty)
    needed, guided = np.zeros((len(points), len(fields))), np.zeros((len(points), SLOTS))
    offered, signed = np.zeros((*needed.shape, SLOTS)), np.zeros(SLOTS)
    accepted, fetched = np.zeros((len(scenario.procedures), len(points))), 0.0
    visits, squares = np.zeros_like(guided), np.zeros(len(points))
    (stretch, typing), later = in_outages(scenario), returning.sum(axis=0)
    for number, (name, entry) in enumerate(scenario.procedures.items()):
        field, (fetch, minutes_each, square) = fields.index(entry.field or name), _fetching(scenario, entry)
        for reach, to in zip(scenario.reach.values(), route[:, field], strict=True):
            minutes = reach * entry.share * _of_citizens(scenario, name, newcomers, returning, guided_here[to])
            come = fetch * minutes[4].sum()
            work = minutes[0] + come * minutes_each * later
            offered[to, field] += work
            guided[to] += minutes[1]
            signed += minutes[2]
            accepted[number, to] += minutes[3].sum()
            fetched += come
            visits[to] += minutes[5] + come * later
            squares[to] += minutes[6].sum() + come * square
            on_paper = minutes[3].sum() * typing
            needed[to, field] += work.sum() * stretch + on_paper if entry.needs_network else work.sum()
    return Work(offered, guided, signed, needed, accepted, fetched, visits, squares)


def _fetching(scenario: Scenario, procedure: Procedure) -> tuple[float, float, float]:
    """The share who come for a result of the back office, the minutes at the counter of that, and their square."""
    if scenario.back_office is None or scenario.results is None or procedure.processing is None:
        return 0.0, 0.0, 0.0
    collection = scenario.results.collection
    return scenario.back_office.delivery.in_person, scenario.greeting + collection.mean, _square(scenario, collection)


def _square(scenario: Scenario, work: Distribution) -> float:
    """The mean square of minutes of a work and the greeting before it."""
    return (scenario.greeting + work.mean) ** 2 + (work.mean * work.cv) ** 2


def arrivals_of(scenario: Scenario) -> tuple[Floats, Floats]:
    """By open day and half-hour, their sum a mean day: newcomers, movers and booked among them, and one who returns."""
    table, demand, profiles, times = day_table(scenario)
    people = expected_people(scenario)
    days, spread = open_days(scenario), np.diff(times, axis=1, prepend=0) / WHOLE
    spread[spread < _ROUNDING] = 0.0
    moved = people * np.where(demand["moves_to"] == NEVER, 0.0, scenario.arrivals.moves_to_saturday)
    first = (people - moved)[days, None] * profiles[demand["profile"][days]]
    first += np.array([moved[demand["moves_to"] == day].sum() for day in days])[:, None] * spread[1]
    working = table["is_working"][days]
    again = np.where(working[:, None], spread[demand["profile"][days]], 0.0)
    first = first / scenario.for_each_visitor + booked_arrivals(scenario)[days]
    return first / max(len(days), 1), again / max(int(working.sum()), 1)


def overhead(scenario: Scenario) -> float:
    """Minutes that the channel of who submits adds, of those who come to the hall."""
    return sum(one.share * one.overhead for one in scenario.channels.values()) / (1 - scenario.from_home)


def _guided(scenario: Scenario, duty: list[Duty]) -> Floats:
    """Of those who come to each point, by open day and half-hour, the share that is guided, (points, days, 48)."""
    days = open_days(scenario)
    opens = day_table(scenario).days["opens"][days] % DAY
    hours = guided_hours(scenario, duty, days.tolist())
    return np.stack([guided_shares(hours[:, point], opens) for point in range(hours.shape[1])])


def _of_citizens(scenario: Scenario, name: str, newcomers: Floats, returning: Floats, guided: Floats) -> Floats:
    """The minutes of all who bring a procedure to a point on a mean day, (Minutes, 48), were it all they do there."""
    first, again = newcomers * guided, returning * guided
    shares = (_share(first.sum(), newcomers.sum()), _share(again.sum(), returning.sum()))
    found = np.zeros((len(Minutes._fields), SLOTS))
    for has_guide, come, come_again in ((True, first, again), (False, newcomers - first, returning - again)):
        if come.any() or come_again.any():
            one, later = _of_a_citizen(scenario, name, has_guide, shares)
            found += np.outer(one, come.sum(axis=0)) + newcomers.sum() * np.outer(later, come_again.sum(axis=0))
    return found


def _share(some: float, whole: float) -> float:
    return min(float(some / whole), 1.0) if whole else 0.0


def _of_a_citizen(
    scenario: Scenario, name: str, has_guide: bool, shares: tuple[float, float]
) -> tuple[Minutes, Minutes]:
    """Expected minutes on the first visit, and on all further visits together, of those whom a guide meets or not.

    ``shares``: how many are guided on their first visit, and on each of the others.
    """
    guide = scenario.guidance if has_guide else None
    visits = _visits_to_submit(scenario, scenario.procedures[name], guide, shares)
    work, desk, come, square = visits[0].counter, visits[0].guide, visits[0].visits, visits[0].square
    for purpose, entry in scenario.purposes.items():
        if guide is not None and purpose == "ask":
            desk += entry.share * guide.service.mean
        elif entry.service is not None:
            work += entry.share * (scenario.greeting + entry.service.mean)
            come += entry.share
            square += entry.share * _square(scenario, entry.service)
    return visits[0]._replace(counter=work, guide=desk, visits=come, square=square), _sum(visits[1:])


def _sum(visits: Iterable[Minutes]) -> Minutes:
    return Minutes(*(sum(column) for column in zip((0.0,) * len(Minutes._fields), *visits, strict=True)))


def _fates(procedure: Procedure, guide: Guidance | None) -> tuple[float, float]:
    """The probabilities that a guide sends a dossier home, and that it is brought back whoever finds out."""
    finds, mends = (guide.finds, guide.mends) if guide else (0.0, 0.0)
    return procedure.incomplete * finds * (1 - mends), procedure.incomplete * (1 - finds * mends)


def _visits_to_submit(
    scenario: Scenario, procedure: Procedure, guide: Guidance | None, shares: tuple[float, float]
) -> list[Minutes]:
    """Minutes on the k-th visit, its probability included, were ``guide`` there on it.

    Before it each visit was guided or not, by chance: ``guided`` has the probabilities of how many were.
    """
    backs = [_fates(procedure, one)[1] for one in (None, scenario.guidance)]
    share = scenario.purposes["submit"].share if "submit" in scenario.purposes else 0.0
    found, guided = [], np.ones(1)
    for k in range(scenario.returns.visits):
        comes = share * scenario.returns.incomplete.share**k
        parts = [
            _visit(scenario, procedure, guide, backs[0] ** (k - n) * backs[1] ** n, comes * float(weight))
            for n, weight in enumerate(guided)
            if weight
        ]
        found.append(_sum(parts))
        often = shares[min(k, 1)]
        guided = np.convolve(guided, [1 - often, often])
    return found


def _visit(scenario: Scenario, procedure: Procedure, guide: Guidance | None, there: float, comes: float) -> Minutes:
    """Minutes on a visit that is made with probability ``comes``, each dossier brought with probability ``there``.

    A citizen has one dossier and a Poisson number more. Each is brought back whatever becomes of the others;
    ``none(z)``, the generating function of their number, is the probability that all have what each has with
    probability z.
    """
    (home, back), mean = _fates(procedure, guide), scenario.arrivals.dossiers_per_visitor

    def none(z: float) -> float:
        return z * exp((mean - 1) * (z - 1))

    visit, brought = scenario.greeting + overhead(scenario), there * (1 - home)
    come = 1 - none(1 - brought)
    work = come * visit + mean * brought * (procedure.service.mean + procedure.double_entry)
    desk = (1 - none(1 - there)) * guide.service.mean if guide else 0.0
    handed, signature = _result(scenario, procedure, there, back)
    accepted, cases = mean * there * (1 - back), 1 - none(1 - there * (1 - back))
    square = _square_of_visit(scenario, procedure, come, brought)
    return Minutes(*(comes * each for each in (work + handed, desk, signature, accepted, cases, come, square)))


def _square_of_visit(scenario: Scenario, procedure: Procedure, come: float, brought: float) -> float:
    """The mean square of minutes of reception, of who comes to a counter with probability ``come``.

    Each of one dossier and a Poisson number more is ``brought`` there with a probability, whatever becomes of others.
    """
    more, each = scenario.arrivals.dossiers_per_visitor - 1, procedure.service.mean + procedure.double_entry
    dossiers, pairs = (1 + more) * brought, (more**2 + 2 * more) * brought**2
    here = [one for one in scenario.channels.values() if one.checking is None]
    at_once = sum(one.share * (scenario.greeting + one.overhead) ** 2 for one in here) / (1 - scenario.from_home)
    both = 2 * (scenario.greeting + overhead(scenario)) * each * dossiers
    spread = dossiers * (procedure.service.mean * procedure.service.cv) ** 2
    return come * at_once + both + spread + (dossiers + pairs) * each**2


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
