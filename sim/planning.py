"""From a scenario to its plan."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand import booked_times, day_table
from sim.distributions import Gamma
from sim.dossiers import BackOffice
from sim.guiding import guided_hours
from sim.network import SCOPES, Network, Scope
from sim.outages import FULL, in_turn, windows_of, with_outages
from sim.plan import Plan, no_columns
from sim.programs import parts_of_plan
from sim.roster import Duty, duties
from sim.routing import is_asked, offices, routes
from sim.scalars import UNLIMITED, center, rules
from sim.scenario import Choice, Guidance, Scenario
from sim.staffing import officials_table, programs_of
from sim.storms import Storms
from sim.streams import keys, thresholds
from sim.tables import (
    Quantiles,
    channels_table,
    choices_table,
    dossiers_table,
    office_hours,
    points_table,
    procedures_table,
    purposes_table,
    steps_table,
)
from sim.units import DAY, HOUR, NEVER, clock, milliseconds
from sim.weather import with_storms

MOST_TRIES = 16
"""Of people for a place: that all of them file from home is as likely as not to be noticed in no run."""


def make_plan(scenario: Scenario, seed: int = 1, replication: int = 0) -> Plan:
    """The plan of one replication: a pure function of its arguments."""
    return replicate(flatten(scenario), seed, replication)


def replicate(plan: Plan, seed: int, replication: int) -> Plan:
    """A flattened scenario under a key, its storms and outages decided."""
    keyed = plan._replace(seed=seed, replication=replication, keys=keys(seed, replication))
    if plan.rules.storm_days:
        keyed = with_storms(keyed)
    return with_outages(keyed)


def flatten(scenario: Scenario, number: int = 0) -> Plan:
    """All of a plan that does not depend on the replication; ``number`` tells a center from others of a province."""
    tables, duty = Quantiles(), duties(scenario)
    days, demand, profiles, return_times = day_table(scenario)
    (days["guiding"], guiding), (days["program"], calendar) = _guiding(scenario, duty), programs_of(scenario, duty)
    return Plan(
        seed=0,
        replication=0,
        keys=keys(0, 0),
        rules=_rules(scenario, tables),
        centers=_center(scenario, tables, duty, number),
        days=days,
        demand=demand[None],
        profiles=profiles,
        return_times=return_times,
        times=booked_times(scenario)[0],
        points=points_table(scenario, tables),
        routes=routes(scenario, duty),
        offices=offices(scenario, duty),
        **_work(scenario, tables),
        **_choices(scenario, tables),
        officials=officials_table(scenario, duty, number),
        guiding=guiding,
        **parts_of_plan(calendar),
        **in_turn([windows_of(scenario)]),
        office_hours=office_hours(scenario),
        quantiles=tables.array(),
        columns=no_columns(),
    )


def _work(scenario: Scenario, tables: Quantiles) -> dict[str, Any]:
    """What is done for people, by what they come for and how they file."""
    return {
        "procedures": procedures_table(scenario, tables),
        "steps": steps_table(scenario, tables),
        "channels": channels_table(scenario, tables),
    }


def _choices(scenario: Scenario, tables: Quantiles) -> dict[str, Any]:
    """What people come for, of which class they are and how much they bring: tables of one center."""
    return {
        "purposes": purposes_table(scenario, tables)[None],
        "priorities": choices_table(scenario.priorities, [p.rank for p in scenario.priorities.values()])[None],
        "dossiers": dossiers_table(scenario.arrivals.dossiers_per_visitor)[None],
    }


def _rules(scenario: Scenario, tables: Quantiles) -> Any:
    closing, calendar, law = scenario.closing, scenario.calendar, scenario.overtime
    return rules(
        horizon=scenario.days * DAY,
        warmup=scenario.warmup * DAY,
        carries_over=closing.rule == "carry_over",
        breaks_in_full=calendar.late_break == "in_full",
        weak=_threshold(scenario.mismatch.share),
        weak_speed=round(FULL / scenario.mismatch.time_factor),
        errs=_threshold(scenario.mismatch.errors),
        set_up=milliseconds(scenario.mismatch.set_up),
        month_limit=UNLIMITED if law.beyond else round(law.month * HOUR),
        tick=milliseconds(scenario.board_every) if _looks_at_boards(scenario) else 0,
        **choice_rules(scenario.choice),
        year_limit=UNLIMITED if law.beyond else round(law.year * HOUR),
        cut_off=clock(scenario.results.cut_off) if scenario.results else DAY,
        **_network(scenario.network, tables),
        **_storms(scenario.storms),
        **_appointments(scenario, tables),
    )


def _center(scenario: Scenario, tables: Quantiles, duty: list[Duty], number: int) -> Any:
    """Its row of CENTERS."""
    return center(
        points=len(scenario.points),
        procedures=len(scenario.procedures),
        channels=len(scenario.channels),
        number=number,
        greeting=milliseconds(scenario.greeting),
        consulted=sum(1 << n for n, f in enumerate(scenario.fields) if any(is_asked(one, f) for one in duty)),
        collection=tables.row(scenario.results.collection if scenario.results else None),
        outages=_outage(scenario.network, SCOPES[0], tables),
        **_visitors(scenario, tables),
        **_bulk(scenario),
        **_guidance(scenario.guidance, tables),
        **_back_office(scenario.back_office),
    )


def _visitors(scenario: Scenario, tables: Quantiles) -> dict[str, Any]:
    """How many come, how long they wait and whether they come again."""
    arrivals, back = scenario.arrivals, scenario.returns
    return {
        "patience": tables.row(scenario.patience),
        "day_factor": _factor(arrivals.day_factor_local_cv, tables),
        "common_factor": _factor(arrivals.day_factor_common_cv, tables),
        "moves": _threshold(arrivals.moves_to_saturday),
        "returns": tuple(_threshold(kind.share) for kind in (back.incomplete, back.unserved)),
        "delays": (_delay(back.incomplete), _delay(back.unserved)),
        "visits": back.visits,
    }


def _appointments(scenario: Scenario, tables: Quantiles) -> dict[str, Any]:
    book = scenario.appointments
    if book is None:
        return {}
    return {
        "places": book.places,
        "tries": MOST_TRIES if scenario.from_home else 1,
        "keeps": _threshold(1 - book.no_show),
        "punctual": (milliseconds(book.early), tables.row(book.punctuality)),
        "book_class": list(scenario.priorities).index(book.priority),
    }


def _factor(cv: float, tables: Quantiles) -> int:
    """The quantile row of a factor of mean 1."""
    return tables.row(Gamma(kind="gamma", mean=1.0, cv=cv)) if cv else NEVER


def _bulk(scenario: Scenario) -> dict[str, int]:
    """The class of those who bring many dossiers."""
    found = (
        {"bulk": entry.dossiers, "bulk_class": number}
        for number, entry in enumerate(scenario.priorities.values())
        if entry.dossiers is not None
    )
    return next(found, {})


def _guidance(guidance: Guidance | None, tables: Quantiles) -> dict[str, Any]:
    if guidance is None:
        return {}
    finds, mends = _threshold(guidance.finds), _threshold(guidance.mends)
    return {"guidance": tables.row(guidance.service), "finds": finds, "mends": mends}


def _looks_at_boards(scenario: Scenario) -> bool:
    return scenario.choice is not None or any(group.rule for group in scenario.staff.values())


def choice_rules(choice: Choice | None) -> dict[str, int]:
    """What the rules of a plan say of those who choose among points."""
    if choice is None:
        return {}
    return {"chooses": _threshold(choice.share), "each": milliseconds(choice.each), "way": milliseconds(choice.way)}


def _back_office(office: BackOffice | None) -> dict[str, Any]:
    if office is None:
        return {}
    return {"in_person": _threshold(office.delivery.in_person), "fetched": _delay(office)}


def _network(network: Network | None, tables: Quantiles) -> dict[str, Any]:
    """Outages, and the answer to them."""
    if network is None:
        return {}
    paper = network.paper if network.answer == "paper" else None
    return {
        "outages": [_outage(network, scope, tables) for scope in SCOPES[1:]],
        "speed_when_down": round(FULL * network.speed_when_down),
        "starts_while_down": network.start_while_down,
        "paper": round(FULL * paper.speed) if paper else 0,
        "record": milliseconds(paper.typing) if paper else 0,
        "records_after_hours": bool(paper and paper.typed_in == "after_hours"),
    }


def _outage(network: Network | None, scope: Scope, tables: Quantiles) -> tuple[int, int]:
    """The quantile rows of up and down in a scope."""
    outage = network.outages.get(scope) if network else None
    return (tables.row(outage.up), tables.row(outage.down)) if outage else (NEVER, NEVER)


def _storms(storms: Storms | None) -> dict[str, Any]:
    if storms is None:
        return {}
    return {
        "storm_begins": _threshold(storms.begins),
        "storm_days": storms.lasts,
        "storm_factor": storms.factor,
        "storm_later": storms.come_later,
        "storm_down": _threshold(storms.network_down),
    }


def _threshold(share: float) -> int:
    return int(thresholds([share, 1])[0])


def _delay(back: Any) -> tuple[int, int]:
    return back.first, back.last - back.first + 1


def _guiding(scenario: Scenario, duty: list[Duty]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The kind of each day, and the hours of each kind in which those who come are guided."""
    hours = guided_hours(scenario, duty, range(scenario.days))
    kinds, of_day = np.unique(hours.reshape(len(hours), -1), axis=0, return_inverse=True)
    return of_day.ravel(), kinds.reshape(len(kinds), *hours.shape[1:])
