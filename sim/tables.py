"""Tables of a plan: points, procedures, and what people bring along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution, quantile_table
from sim.outages import FULL, with_work
from sim.plan import CENTERS, CHANNELS, CHOICES, NETWORK, POINTS, PROCEDURES, STEPS, UNLIMITED, Purpose, Table
from sim.scenario import MOST_DOSSIERS, Scenario
from sim.streams import thresholds
from sim.units import DAY, NEVER, day_of, milliseconds


def center(number: int = 0, outages: Any = (NEVER, NEVER)) -> Table:
    """The row of CENTERS of a plan of one center; without outages of its own unless given quantile rows."""
    return np.array([(number, outages)], CENTERS)


class Quantiles:
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


def points_table(scenario: Scenario, tables: Quantiles) -> Table:
    """A row of POINTS each: who comes there, and how many fit in."""
    rows = np.zeros(len(scenario.points), POINTS)
    rows["threshold"] = thresholds([point.share for point in scenario.points.values()])
    rows["draws"] = thresholds([*(point.draws for point in scenario.points.values()), 1.0])[:-1]
    for row, (name, point) in zip(rows, scenario.points.items(), strict=True):
        row["seats"] = UNLIMITED if point.seats is None else point.seats
        row["tickets"] = UNLIMITED if point.ticket_cap is None else point.ticket_cap
        row["guided"] = scenario.has_guides(name)
        row["travel"] = tables.row(point.travel)
    return rows


def procedures_table(scenario: Scenario, tables: Quantiles) -> Table:
    """A row of PROCEDURES each."""
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


def steps_table(scenario: Scenario, tables: Quantiles) -> Table:
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


def purposes_table(scenario: Scenario, tables: Quantiles) -> Table:
    """One row a purpose of :class:`Purpose`; the value is its quantile row, NEVER for dossiers."""
    rows = np.zeros(len(Purpose), CHOICES)
    entries = [scenario.purposes.get(purpose.name.lower()) for purpose in Purpose]  # type: ignore[call-overload]
    shares = np.array([entry.share if entry else 0.0 for entry in entries])
    shares[Purpose.SUBMIT] /= 1 - scenario.from_home
    rows["threshold"] = thresholds(shares / scenario.for_each_visitor)
    rows["value"] = [tables.row(entry.service) if entry else NEVER for entry in entries]
    return rows


def channels_table(scenario: Scenario, tables: Quantiles) -> Table:
    """A row of CHANNELS each."""
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


def choices_table(entries: Mapping[str, Any], values: list[int]) -> Table:
    """A row of CHOICES each, with a value."""
    rows = np.zeros(len(entries), CHOICES)
    rows["threshold"] = thresholds([entry.share for entry in entries.values()])
    rows["value"] = values
    return rows


def dossiers_table(mean: float) -> Table:
    """One dossier plus a Poisson number of more, ``mean`` in all, at most MOST_DOSSIERS."""
    shares = [np.exp(1 - mean)]
    for more in range(1, MOST_DOSSIERS):
        shares.append(shares[-1] * (mean - 1) / more)
    rows = np.zeros(MOST_DOSSIERS, CHOICES)
    rows["threshold"], rows["value"] = thresholds(shares), np.arange(1, MOST_DOSSIERS + 1)
    return rows
