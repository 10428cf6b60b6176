"""Who waits how long: figures by point, field, priority class, hour and weekday, and which of them fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

import numpy as np

from sim.intervals import Estimate
from sim.report.page.named import Metric, scope_name
from sim.report.page.numbers import Weekday, digits, figure, interval
from sim.report.page.ways import Way
from sim.report.page.words import Word, phrase
from sim.statistics import ratio_estimate
from sim.targets import Target
from sim.verdicts import judge, name_failures

FIGURES = ("wait_mean", "wait_p90", "wait_within_15", "unserved_share")
KINDS = ("point", "field", "priority", "hour")
HOURS, DAYS = 24, 7
K = TypeVar("K")


@dataclass(frozen=True)
class Row:
    """Some of those who came: ``fails`` where their mean wait misses the target, all rows of the table counted."""

    name: Word
    cells: tuple[Word, ...]
    fails: bool


@dataclass(frozen=True)
class Table:
    """A row each; ``heads`` of its columns."""

    title: Word
    heads: tuple[Word, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Cell:
    """Who arrived in an hour of a weekday: their mean wait; ``shade`` from 0 to 1, None where nobody ever came."""

    text: Word
    interval: Word
    whole: Word
    shade: float | None
    fails: bool


@dataclass(frozen=True)
class Week:
    """Mean waits by weekday and hour of arrival; ``title`` says where they are longest."""

    title: Word
    hours: tuple[int, ...]
    rows: tuple[tuple[Word, tuple[Cell, ...]], ...]


def tables(way: Way) -> list[Table]:
    """One a kind of scope of which there are several, and one of weekdays."""
    estimates = way.result.figures.estimates
    found = []
    for kind in KINDS:
        scopes = list(dict.fromkeys(scope for _, scope in estimates if scope.startswith(f"{kind}=")))
        if len(scopes) > 1:
            metrics = [metric for metric in FIGURES if any((metric, scope) in estimates for scope in scopes)]
            fails = failing(way, {scope: own for scope in scopes if (own := estimates.get(("wait_mean", scope)))})
            title = phrase(f"details.{kind}")
            rows = tuple(_row(way, scope, metrics, scope in fails) for scope in scopes)
            found.append(Table(title, (title, *(Metric(metric) for metric in metrics)), rows))
    return [*found, *_weekdays(way)]


def _row(way: Way, scope: str, metrics: Sequence[str], fails: bool) -> Row:
    figures = [(metric, way.result.figures.estimates.get((metric, scope))) for metric in metrics]
    return Row(
        scope_name(way.scenario, scope), tuple(figure(metric, one) if one else "" for metric, one in figures), fails
    )


def _weekdays(way: Way) -> list[Table]:
    days = {day: own for day, own in enumerate(_by_weekday(way)) if own.value is not None}
    if len(days) < 2:
        return []
    fails = failing(way, days)
    title = phrase("details.weekday")
    rows = tuple(Row(Weekday(day), (figure("wait_mean", own),), day in fails) for day, own in days.items())
    return [Table(title, (title, Metric("wait_mean")), rows)]


def _by_weekday(way: Way) -> list[Estimate]:
    curve = way.result.runs.curve("grid")
    pairs = [curve[n] for n in range(HOURS * DAYS)]
    sums = [
        tuple(np.sum([pair[part] for pair in pairs[HOURS * d : HOURS * (d + 1)]], axis=0) for part in (0, 1))
        for d in range(DAYS)
    ]
    return [ratio_estimate(over, under, way.study.level, (0.0, inf)) for over, under in sums]


def failing(way: Way, waits: Mapping[K, Estimate]) -> set[K]:
    """Those whose mean wait misses the target of the whole center, all of them counted (Holm)."""
    if way.wait_target is None:
        return set()
    target = Target(metric="wait_mean", at_most=way.wait_target)
    verdicts = {key: judge(target, own) for key, own in waits.items()}
    named = {id(verdict) for verdict in name_failures(list(verdicts.values()))}
    return {key for key, verdict in verdicts.items() if id(verdict) in named}


def week(way: Way) -> Week | None:
    """The mean wait in each hour of each weekday; None where nobody came."""
    curve = way.result.runs.curve("grid")
    cells = {divmod(n, HOURS): ratio_estimate(*curve[n], way.study.level, (0.0, inf)) for n in range(HOURS * DAYS)}
    came = {at: own for at, own in cells.items() if own.value is not None}
    if not came:
        return None
    days, hours = sorted({day for day, _ in came}), sorted({hour for _, hour in came})
    fails, top = failing(way, came), max(own.value or 0.0 for own in came.values()) or 1.0
    span = range(hours[0], hours[-1] + 1)
    rows = [(Weekday(d), tuple(_cell(came.get((d, h)), top, (d, h) in fails) for h in span)) for d in days]
    return Week(_longest(way, list(came)), tuple(span), tuple(rows))


def _longest(way: Way, came: Sequence[tuple[int, int]]) -> Word:
    """The cell whose mean wait is longest in half of the replications, and its mean wait in the others."""
    curve, half = way.result.runs.curve("grid"), way.study.replications // 2
    pairs = {at: curve[HOURS * at[0] + at[1]] for at in came}
    means = {at: over[:half].sum() / under[:half].sum() for at, (over, under) in pairs.items() if under[:half].sum()}
    if half < 2 or not means:
        return phrase("week.plain")
    day, hour = max(means, key=lambda at: means[at])
    over, under = pairs[day, hour]
    estimate = ratio_estimate(over[half:], under[half:], way.study.level, (0.0, inf))
    if not estimate.value:
        return phrase("week.plain")
    at = scope_name(way.scenario, f"hour={hour}")
    return phrase("week.title", day=Weekday(day), hour=at, figure=figure("wait_mean", estimate))


def _cell(own: Estimate | None, top: float, fails: bool) -> Cell:
    if own is None or own.value is None:
        return Cell("", "", phrase("week.nobody"), None, False)
    return Cell(digits(own.value), interval("wait_mean", own), figure("wait_mean", own), own.value / top, fails)
