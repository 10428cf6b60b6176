"""From a scenario to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendar import edges
from sim.demand import day_table
from sim.distributions import Gamma, quantile_table
from sim.outages import network_steps
from sim.plan import (
    CHOICES,
    MOST_DOSSIERS,
    NETWORK,
    OFFICIALS,
    POINTS,
    PROCEDURES,
    UNLIMITED,
    Change,
    Plan,
    Purpose,
    Table,
    no_columns,
    rules,
)
from sim.programs import Programs, Row
from sim.roster import Days, Duty, can_do, doors_by_day, duties, routes
from sim.scenario import Scenario
from sim.streams import keys, thresholds
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
    keyed = plan._replace(seed=seed, replication=replication, keys=keys(seed, replication))
    return keyed._replace(network=network_steps(keyed)) if plan.rules.up != NEVER else keyed


def flatten(scenario: Scenario) -> Plan:
    """All of a plan that does not depend on the replication: its key is (0, 0)."""
    tables, duty = _Tables(), duties(scenario)
    given = _rules(scenario, tables)
    days, profiles, return_times = day_table(scenario)
    days["program"], calendar = _programs(scenario, duty)
    programs, changes, shifts = calendar.tables()
    return Plan(
        seed=0,
        replication=0,
        keys=keys(0, 0),
        rules=given,
        days=days,
        profiles=profiles,
        return_times=return_times,
        points=_points(scenario, tables),
        routes=routes(scenario, duty),
        procedures=_procedures(scenario, tables),
        purposes=_purposes(scenario, tables),
        channels=_choices(scenario.channels, [milliseconds(c.overhead) for c in scenario.channels.values()]),
        priorities=_choices(scenario.priorities, [p.rank for p in scenario.priorities.values()]),
        dossiers=_dossiers(scenario.arrivals.dossiers_per_visitor),
        officials=_officials(scenario, duty),
        programs=programs,
        changes=changes,
        shifts=shifts,
        network=np.empty(0, NETWORK),
        quantiles=tables.array(),
        columns=no_columns(),
    )


def _rules(scenario: Scenario, tables: _Tables) -> Any:
    guidance, back, arrivals = scenario.guidance, scenario.returns, scenario.arrivals
    cv = arrivals.day_factor_cv
    kinds, outage = (back.incomplete, back.unserved), scenario.network
    return rules(
        horizon=scenario.days * DAY,
        warmup=scenario.warmup * DAY,
        greeting=milliseconds(scenario.greeting),
        finds=int(thresholds([guidance.finds, 1])[0]) if guidance else 0,
        mends=int(thresholds([guidance.mends, 1])[0]) if guidance else 0,
        guidance=tables.row(guidance.service) if guidance else NEVER,
        patience=tables.row(scenario.patience),
        up=tables.row(outage.up) if outage else NEVER,
        down=tables.row(outage.down) if outage else NEVER,
        day_factor=tables.row(Gamma(kind="gamma", mean=1.0, cv=cv)) if cv else NEVER,
        moves=int(thresholds([arrivals.moves_to_saturday, 1])[0]),
        returns=tuple(int(thresholds([kind.share, 1])[0]) for kind in kinds),
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


def _procedures(scenario: Scenario, tables: _Tables) -> Table:
    rows = np.zeros(len(scenario.procedures), PROCEDURES)
    rows["threshold"] = thresholds([entry.share for entry in scenario.procedures.values()])
    for row, (name, entry) in zip(rows, scenario.procedures.items(), strict=True):
        row["field"] = scenario.fields.index(entry.field or name)
        row["service"] = tables.row(entry.service)
        row["incomplete"] = thresholds([entry.incomplete, 1])[0]
        row["network"] = entry.needs_network
        row["signature"] = NEVER
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


def _dossiers(mean: float) -> Table:
    """One dossier plus a Poisson number of more, ``mean`` in all, at most MOST_DOSSIERS."""
    shares = [np.exp(1 - mean)]
    for more in range(1, MOST_DOSSIERS):
        shares.append(shares[-1] * (mean - 1) / more)
    rows = np.zeros(MOST_DOSSIERS, CHOICES)
    rows["threshold"], rows["value"] = thresholds(shares), np.arange(1, MOST_DOSSIERS + 1)
    return rows


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


def _programs(scenario: Scenario, duty: list[Duty]) -> tuple[list[int], Programs]:
    """The number of each day's program, and the programs."""
    calendar, door, found = Programs(), doors_by_day(scenario), []
    known: dict[Any, int] = {}
    for day in range(scenario.days):
        around = slice(max(day - 1, 0), day + 1)
        key = (day == 0, *door[around], *((*one.there[around], one.paid[day], one.rest[day]) for one in duty))
        if key not in known:
            rows = _door(scenario, door, day) + _duty(duty, day) + (_limits(scenario) if day == 0 else [])
            known[key] = calendar.number(rows, _paid(duty, day))
        found.append(known[key])
    return found, calendar


def _limits(scenario: Scenario) -> list[Row]:
    points = enumerate(scenario.points.values())
    both = [((2 * n, point.counters), (2 * n + 1, point.guides)) for n, point in points]
    return [(0, number, Change.LIMIT, place) for pair in both for place, number in pair]


def _door(scenario: Scenario, door: Days, day: int) -> list[Row]:
    """Every point opens and closes at once; whoever waits is sent home some time later, at midnight at the latest."""
    stay = milliseconds(scenario.closing.overtime_cap) if scenario.closing.rule == "serve_out" else 0
    today = list(edges(door, day))
    home = [at + stay if at else 0 for at, opens in today if not opens and (at == 0 or at + stay < DAY)]
    if day > 0 and any(at + stay >= DAY for at, opens in edges(door, day - 1) if at and not opens):
        home.append(0)
    rows: list[Row] = [(at, opens, Change.DOOR, point) for at, opens in today for point in range(len(scenario.points))]
    return rows + [(at, 0, Change.HOME, point) for at in home for point in range(len(scenario.points))]


def _duty(duty: list[Duty], day: int) -> list[Row]:
    return [(at, on, Change.DUTY, number) for number, one in enumerate(duty) for at, on in edges(one.there, day)]


def _paid(duty: list[Duty], day: int) -> list[Row]:
    return [(number, start, end, int(one.rest[day])) for number, one in enumerate(duty) for start, end in one.paid[day]]
