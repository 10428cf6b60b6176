"""From a scenario to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.distributions import Distribution, Gamma, quantile_table
from sim.dossiers import BackOffice, Results
from sim.guiding import guided_hours
from sim.network import Network
from sim.outages import FULL, network_steps, windows_of, with_work
from sim.plan import (
    CHANNELS,
    CHOICES,
    NETWORK,
    POINTS,
    PROCEDURES,
    STEPS,
    UNLIMITED,
    Plan,
    Purpose,
    Table,
    no_columns,
    rules,
)
from sim.roster import Duty, duties
from sim.routing import is_asked, offices, routes
from sim.scenario import MOST_DOSSIERS, Guidance, Scenario
from sim.staffing import officials_table, programs_of
from sim.streams import keys, thresholds
from sim.units import DAY, HOUR, NEVER, clock, day_of, milliseconds


class _Tables:
    """Quantile tables by their distribution, each kept once."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def row(self, distribution: Any) -> int:
        if distribution is None:
            return NEVER
        if distribution not in self.rows:
            self.rows.append(distribution)
        return self.rows.index(distribution)

    def array(self) -> NDArray[np.int64]:
        return np.stack([quantile_table(row) for row in self.rows]) if self.rows else np.empty((0, 0), np.int64)


def make_plan(scenario: Scenario, seed: int = 1, replication: int = 0) -> Plan:
    """The plan of one replication: a pure function of its arguments."""
    return replicate(flatten(scenario), seed, replication)


def replicate(plan: Plan, seed: int, replication: int) -> Plan:
    """A flattened scenario under a key, its outages decided."""
    keyed = plan._replace(seed=seed, replication=replication, keys=keys(seed, replication))
    return keyed._replace(network=network_steps(keyed)) if plan.rules.up != NEVER else keyed


def flatten(scenario: Scenario) -> Plan:
    """All of a plan that does not depend on the replication: its key is (0, 0)."""
    tables, duty = _Tables(), duties(scenario)
    days, profiles, return_times = day_table(scenario)
    days["guiding"], guiding = _guiding(scenario, duty)
    days["program"], (programs, changes, shifts) = programs_of(scenario, duty)
    return Plan(
        seed=0,
        replication=0,
        keys=keys(0, 0),
        rules=_rules(scenario, tables, duty),
        days=days,
        profiles=profiles,
        return_times=return_times,
        points=_points(scenario, tables),
        routes=routes(scenario, duty),
        offices=offices(scenario, duty),
        procedures=_procedures(scenario, tables),
        steps=_steps(scenario, tables),
        purposes=_purposes(scenario, tables),
        channels=_channels(scenario, tables),
        priorities=_choices(scenario.priorities, [p.rank for p in scenario.priorities.values()]),
        dossiers=_dossiers(scenario.arrivals.dossiers_per_visitor),
        officials=officials_table(scenario, duty),
        guiding=guiding,
        programs=programs,
        changes=changes,
        shifts=shifts,
        network=windows_of(scenario),
        office_hours=office_hours(scenario),
        quantiles=tables.array(),
        columns=no_columns(),
    )


def _rules(scenario: Scenario, tables: _Tables, duty: list[Duty]) -> Any:
    closing, calendar, law = scenario.closing, scenario.calendar, scenario.overtime
    return rules(
        horizon=scenario.days * DAY,
        warmup=scenario.warmup * DAY,
        greeting=milliseconds(scenario.greeting),
        carries_over=closing.rule == "carry_over",
        breaks_in_full=calendar.late_break == "in_full",
        weak=_threshold(scenario.mismatch.share),
        weak_speed=round(FULL / scenario.mismatch.time_factor),
        errs=_threshold(scenario.mismatch.errors),
        consulted=sum(1 << n for n, f in enumerate(scenario.fields) if any(is_asked(one, f) for one in duty)),
        set_up=milliseconds(scenario.mismatch.set_up),
        month_limit=UNLIMITED if law.beyond else round(law.month * HOUR),
        tick=milliseconds(scenario.board_every) if any(group.rule for group in scenario.staff.values()) else 0,
        year_limit=UNLIMITED if law.beyond else round(law.year * HOUR),
        **_visitors(scenario, tables),
        **_bulk(scenario),
        **_guidance(scenario.guidance, tables),
        **_results(scenario.results, tables),
        **_back_office(scenario.back_office),
        **_network(scenario.network, tables),
    )


def _visitors(scenario: Scenario, tables: _Tables) -> dict[str, Any]:
    """How many come, how long they wait and whether they come again."""
    cv, back = scenario.arrivals.day_factor_cv, scenario.returns
    return {
        "patience": tables.row(scenario.patience),
        "day_factor": tables.row(Gamma(kind="gamma", mean=1.0, cv=cv)) if cv else NEVER,
        "moves": _threshold(scenario.arrivals.moves_to_saturday),
        "returns": tuple(_threshold(kind.share) for kind in (back.incomplete, back.unserved)),
        "delays": (_delay(back.incomplete), _delay(back.unserved)),
        "visits": back.visits,
    }


def _bulk(scenario: Scenario) -> dict[str, int]:
    """The class of those who bring many dossiers."""
    found = (
        {"bulk": entry.dossiers, "bulk_class": number}
        for number, entry in enumerate(scenario.priorities.values())
        if entry.dossiers is not None
    )
    return next(found, {})


def _guidance(guidance: Guidance | None, tables: _Tables) -> dict[str, Any]:
    if guidance is None:
        return {}
    finds, mends = _threshold(guidance.finds), _threshold(guidance.mends)
    return {"guidance": tables.row(guidance.service), "finds": finds, "mends": mends}


def _results(results: Results | None, tables: _Tables) -> dict[str, Any]:
    if results is None:
        return {}
    return {"collection": tables.row(results.collection), "cut_off": clock(results.cut_off)}


def _back_office(office: BackOffice | None) -> dict[str, Any]:
    if office is None:
        return {}
    return {"in_person": _threshold(office.delivery.in_person), "fetched": _delay(office)}


def _network(network: Network | None, tables: _Tables) -> dict[str, Any]:
    """Outages, and the answer to them."""
    if network is None:
        return {}
    paper = network.paper if network.answer == "paper" else None
    return {
        "up": tables.row(network.up),
        "down": tables.row(network.down),
        "speed_when_down": round(FULL * network.speed_when_down),
        "starts_while_down": network.start_while_down,
        "paper": round(FULL * paper.speed) if paper else 0,
        "record": milliseconds(paper.typing) if paper else 0,
        "records_after_hours": bool(paper and paper.typed_in == "after_hours"),
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


def _points(scenario: Scenario, tables: _Tables) -> Table:
    rows = np.zeros(len(scenario.points), POINTS)
    rows["threshold"] = thresholds([point.share for point in scenario.points.values()])
    rows["draws"] = thresholds([*(point.draws for point in scenario.points.values()), 1.0])[:-1]
    for row, (name, point) in zip(rows, scenario.points.items(), strict=True):
        row["seats"] = UNLIMITED if point.seats is None else point.seats
        row["tickets"] = UNLIMITED if point.ticket_cap is None else point.ticket_cap
        row["guided"] = scenario.has_guides(name)
        row["travel"] = tables.row(point.travel)
    return rows


def _procedures(scenario: Scenario, tables: _Tables) -> Table:
    rows = np.zeros(len(scenario.procedures), PROCEDURES)
    rows["threshold"] = thresholds([entry.share for entry in scenario.procedures.values()])
    for row, (name, entry) in zip(rows, scenario.procedures.items(), strict=True):
        row["field"] = scenario.fields.index(entry.field or name)
        row["service"] = tables.row(entry.service)
        row["incomplete"] = thresholds([entry.incomplete, 1])[0]
        row["network"] = entry.needs_network
        row["entry"] = milliseconds(entry.double_entry)
        row["signature"] = tables.row(entry.signature)
        row["term"] = entry.processing.term if entry.processing else 0
    rows["last_step"] = np.cumsum([len(_steps_of(scenario, name)) for name in scenario.procedures])
    rows["first_step"][1:] = rows["last_step"][:-1]
    return rows


def _steps(scenario: Scenario, tables: _Tables) -> Table:
    """The steps of the back office, procedure by procedure."""
    rows = [(field, tables.row(work)) for name in scenario.procedures for field, work in _steps_of(scenario, name)]
    return np.array(rows, STEPS)


def _steps_of(scenario: Scenario, name: str) -> list[tuple[int, Distribution]]:
    """The field and the work of each step of a procedure; NEVER where a leader signs."""
    entry = scenario.procedures[name]
    if entry.processing is None:
        return []
    own = entry.field or name
    steps = [(scenario.fields.index(step.field or own), step.work) for step in entry.processing.steps]
    return [*steps, *([(NEVER, entry.processing.signature)] if entry.processing.signature else [])]


def _purposes(scenario: Scenario, tables: _Tables) -> Table:
    """One row a purpose of :class:`Purpose`; the value is its quantile row, NEVER for dossiers."""
    rows = np.zeros(len(Purpose), CHOICES)
    entries = [scenario.purposes.get(purpose.name.lower()) for purpose in Purpose]  # type: ignore[call-overload]
    shares = np.array([entry.share if entry else 0.0 for entry in entries])
    shares[Purpose.SUBMIT] /= 1 - scenario.from_home
    rows["threshold"] = thresholds(shares / scenario.for_each_visitor)
    rows["value"] = [tables.row(entry.service) if entry else NEVER for entry in entries]
    return rows


def _channels(scenario: Scenario, tables: _Tables) -> Table:
    entries = scenario.channels.values()
    rows = np.zeros(len(entries), CHANNELS)
    rows["threshold"] = thresholds([entry.share for entry in entries])
    rows["value"] = [milliseconds(entry.overhead) for entry in entries]
    rows["checking"] = [tables.row(entry.checking) for entry in entries]
    return rows


def office_hours(scenario: Scenario) -> Table:
    """The clock of office hours, in permille of a ms, from the first midnight on, where dossiers come from home."""
    if not scenario.from_home:
        return np.empty(0, NETWORK)
    edges = [(0, 0)]
    for day in range(scenario.days):
        for start, end in scenario.calendar.opening(day_of(scenario.start, day)):
            edges += [(day * DAY + start, FULL), (day * DAY + end, 0)]
    return with_work([at for at, _ in edges], [speed for _, speed in edges])


def _choices(entries: Mapping[str, Any], values: list[int]) -> Table:
    rows = np.zeros(len(entries), CHOICES)
    rows["threshold"] = thresholds([entry.share for entry in entries.values()])
    rows["value"] = values
    return rows


def _dossiers(mean: float) -> Table:
    """One dossier plus a Poisson number of more, ``mean`` in all, at most MOST_DOSSIERS."""
    shares = [np.exp(1 - mean)]
    for more in range(1, MOST_DOSSIERS):
        shares.append(shares[-1] * (mean - 1) / more)
    rows = np.zeros(MOST_DOSSIERS, CHOICES)
    rows["threshold"], rows["value"] = thresholds(shares), np.arange(1, MOST_DOSSIERS + 1)
    return rows
