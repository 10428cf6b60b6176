"""From a scenario to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.distributions import Gamma, quantile_table
from sim.outages import network_steps
from sim.plan import (
    CHANGES,
    CHOICES,
    MOST_DOSSIERS,
    NETWORK,
    OFFICIALS,
    POINTS,
    PROCEDURES,
    SHIFTS,
    UNLIMITED,
    Change,
    Plan,
    Purpose,
    Rules,
    Table,
)
from sim.roster import Duty, can_do, doors, duties, routes
from sim.scenario import Scenario
from sim.streams import thresholds
from sim.units import DAY, NEVER, milliseconds


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
    outages = network_steps(plan, seed, replication)
    if not len(outages):
        return replace(plan, seed=seed, replication=replication)
    rows = np.zeros(len(outages), CHANGES)
    rows["time"], rows["kind"], rows["value"] = outages["time"], Change.NETWORK, outages["speed"]
    changes = in_order(np.concatenate([plan.changes, rows]))
    return replace(plan, seed=seed, replication=replication, network=outages, changes=changes)


def flatten(scenario: Scenario) -> Plan:
    """All of a plan that does not depend on the replication: its key is (0, 0)."""
    tables, duty = _Tables(), duties(scenario)
    rules = _rules(scenario, tables)
    days, profiles, return_times = day_table(scenario)
    fields = scenario.fields
    return Plan(
        seed=0,
        replication=0,
        rules=rules,
        days=days,
        profiles=profiles,
        return_times=return_times,
        points=_points(scenario, tables),
        routes=routes(scenario, duty),
        procedures=_procedures(scenario, fields, tables),
        purposes=_purposes(scenario, tables),
        channels=_choices(scenario.channels, [milliseconds(c.overhead) for c in scenario.channels.values()]),
        priorities=_choices(scenario.priorities, [p.rank for p in scenario.priorities.values()]),
        dossiers=_dossiers(scenario.arrivals.dossiers_per_visitor),
        officials=_officials(scenario, duty),
        changes=_changes(scenario, duty, rules.horizon),
        shifts=_shifts(duty, rules.horizon),
        network=np.empty(0, NETWORK),
        quantiles=tables.array(),
    )


def _rules(scenario: Scenario, tables: _Tables) -> Rules:
    guidance, back, arrivals = scenario.guidance, scenario.returns, scenario.arrivals
    cv = arrivals.day_factor_cv
    kinds, outage = (back.incomplete, back.unserved), scenario.network
    return Rules(
        horizon=scenario.days * DAY,
        warmup=scenario.warmup * DAY,
        greeting=milliseconds(scenario.greeting),
        finds=int(thresholds([guidance.finds, 1])[0]) if guidance else 0,
        mends=int(thresholds([guidance.mends, 1])[0]) if guidance else 0,
        guidance=tables.row(guidance.service) if guidance else NEVER,
        patience=tables.row(scenario.patience),
        outage=(tables.row(outage.up), tables.row(outage.down)) if outage else (NEVER, NEVER),
        day_factor=tables.row(Gamma(kind="gamma", mean=1.0, cv=cv)) if cv else NEVER,
        moves=int(thresholds([arrivals.moves_to_saturday, 1])[0]),
        returns=(int(thresholds([kinds[0].share, 1])[0]), int(thresholds([kinds[1].share, 1])[0])),
        delays=(_delay(kinds[0]), _delay(kinds[1])),
        visits=back.visits,
        carries_over=scenario.closing.rule == "carry_over",
        breaks_in_full=scenario.calendar.late_break == "in_full",
        starts_while_down=bool(outage and outage.start_while_down),
    )


def _delay(back: Any) -> tuple[int, int]:
    return back.first, back.last - back.first + 1


def _points(scenario: Scenario, tables: _Tables) -> Table:
    rows = np.zeros(len(scenario.points), POINTS)
    rows["threshold"] = thresholds([point.share for point in scenario.points.values()])
    rows["draws"] = thresholds([*(point.draws for point in scenario.points.values()), 1.0])[:-1]
    for row, point in zip(rows, scenario.points.values(), strict=True):
        row["seats"] = UNLIMITED if point.seats is None else point.seats
        row["tickets"] = UNLIMITED if point.ticket_cap is None else point.ticket_cap
        row["guided"] = point.guides > 0
        row["travel"] = tables.row(point.travel)
    return rows


def _procedures(scenario: Scenario, fields: tuple[str, ...], tables: _Tables) -> Table:
    rows = np.zeros(len(scenario.procedures), PROCEDURES)
    rows["threshold"] = thresholds([entry.share for entry in scenario.procedures.values()])
    for row, (name, entry) in zip(rows, scenario.procedures.items(), strict=True):
        row["field"] = fields.index(entry.field or name)
        row["service"] = tables.row(entry.service)
        row["incomplete"] = thresholds([entry.incomplete, 1])[0]
        row["network"] = entry.needs_network
    return rows


def _purposes(scenario: Scenario, tables: _Tables) -> Table:
    """One row a purpose of :class:`Purpose`; the value is its quantile row, NEVER for dossiers."""
    rows = np.zeros(len(Purpose), CHOICES)
    entries = [scenario.purposes.get(purpose.name.lower()) for purpose in Purpose]  # type: ignore[call-overload]
    rows["threshold"] = thresholds([entry.share if entry else 0.0 for entry in entries])
    rows["value"] = [tables.row(entry.service) if entry else NEVER for entry in entries]
    return rows


def _choices(entries: Mapping[str, Any], values: list[int]) -> Table:
    rows = np.zeros(len(entries), CHOICES)
    rows["threshold"] = thresholds([entry.share for entry in entries.values()])
    rows["value"] = values
    return rows


def _dossiers(mean: float) -> NDArray[np.int64]:
    """Thresholds of one dossier plus a Poisson number of more, ``mean`` in all, at most MOST_DOSSIERS."""
    shares = [np.exp(1 - mean)]
    for more in range(1, MOST_DOSSIERS):
        shares.append(shares[-1] * (mean - 1) / more)
    return thresholds(shares)


def _officials(scenario: Scenario, duty: list[Duty]) -> Table:
    fields, classes = scenario.fields, list(scenario.priorities)
    points = list(scenario.points)
    rows = np.zeros(len(duty), OFFICIALS)
    for row, one in zip(rows, duty, strict=True):
        group = one.group
        skills = [i for i, field in enumerate(fields) if can_do(one, field)] if group else [len(fields)]
        served = group.serves if group and group.serves is not None else classes
        row["place"] = 2 * points.index(one.point) + (group is None)
        row["skills"] = sum(1 << i for i in skills)
        row["breadth"] = len(skills)
        row["classes"] = sum(1 << classes.index(name) for name in served)
        row["speed"] = round(1000 * group.speed) if group else 1000
    return rows


def _changes(scenario: Scenario, duty: list[Duty], horizon: int) -> Table:
    rows: list[tuple[int, int, int, int]] = []
    stay = milliseconds(scenario.closing.overtime_cap) if scenario.closing.rule == "serve_out" else 0
    for point, entry in enumerate(scenario.points.values()):
        rows += [(0, Change.LIMIT, 2 * point, entry.counters), (0, Change.LIMIT, 2 * point + 1, entry.guides)]
        for opens, closes in doors(scenario):
            rows += [(opens, Change.DOOR, point, 1), (closes, Change.DOOR, point, 0)]
            rows.append((min(closes + stay, -(-closes // DAY) * DAY), Change.HOME, point, 0))
    for official, one in enumerate(duty):
        for start, end in one.presence:
            rows += [(start, Change.DUTY, official, 1), (end, Change.DUTY, official, 0)]
    return in_order(np.array([row for row in rows if row[0] < horizon], dtype=CHANGES))


def in_order(rows: Table) -> Table:
    """Rows by time, and by kind and subject within an instant."""
    return rows[np.lexsort((rows["subject"], rows["kind"], rows["time"]))]


def _shifts(duty: list[Duty], horizon: int) -> Table:
    rows = [
        (official, start, min(end, horizon), int(rest))
        for official, one in enumerate(duty)
        for (start, end), rest in zip(one.shifts, one.rest_pay, strict=True)
    ]
    return np.array(rows, dtype=SHIFTS)
