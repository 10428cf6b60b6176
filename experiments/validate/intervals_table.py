"""What was measured of intervals, comparisons and selections, as lines of at most 100 columns and as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from textwrap import wrap

from experiments.validate.alike import STOPPING, Alike
from experiments.validate.coverage import REPLICATIONS, Covered
from experiments.validate.selected import Selected
from experiments.validate.table import WIDTH, number
from sim.writing import put

Measured = Sequence[Covered] | Sequence[Alike] | Sequence[Selected]


def measured_text(rows: Measured) -> str:
    """The rows, under what they are."""
    coverage = [row for row in rows if isinstance(row, Covered)]
    alike = [row for row in rows if isinstance(row, Alike)]
    selected = [row for row in rows if isinstance(row, Selected)]
    return "\n".join(_coverage(coverage) if coverage else _alike(alike) if alike else _selected(selected))


def measured_written(folder: Path, rows: Measured) -> str:
    """Writes ``coverage.csv``, ``alike.csv`` or ``selected.csv``, without seconds; returns the line that says where."""
    name = f"{type(rows[0]).__name__.lower().replace('covered', 'coverage')}.csv"
    names = [one.name for one in fields(rows[0]) if one.compare]
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([names, *([getattr(row, name) for name in names] for row in rows)])
    put(folder / name, partial(Path.write_bytes, data=lines.getvalue().encode("utf-8")))
    return f"{folder}: {name}"


def _coverage(rows: Sequence[Covered]) -> list[str]:
    said = (
        f"Coverage: of {rows[0].studies:,} studies of {REPLICATIONS} replications each, the share whose 95 % interval "
        "holds the true value, and how many lie wholly below or above it. True is what theory has (=), else the "
        "figure of all studies together. low: fewer than 95 % by more than chance, of each row alone (2.5 %: of "
        f"{len(rows)} rows {0.025 * len(rows):.0f} by chance)."
    )
    head = f"{'':16} {'figure':20} {'true':>11} {'held':>7} {'below':>6} {'above':>6} {'half-width':>11}  method"
    return [*wrap(said, WIDTH), head, *map(_covered, rows)]


def _covered(row: Covered) -> str:
    truth, low = f"{'= ' if row.exact else ''}{number(row.truth)}", "  low" if row.is_low else ""
    ends = f"{row.share:7.1%} {row.below:6} {row.above:6} {number(row.half_width):>11}"
    return f"{row.model:16} {row.figure:20} {truth:>11} {ends}  {_short(row.method)}{low}"


def _short(method: str) -> str:
    """The first word of a method."""
    return method.partition(" ")[0]


def _alike(rows: Sequence[Alike]) -> list[str]:
    first = rows[0]
    said = (
        f"Alike: {first.comparisons:,} comparisons of a center with itself on other people, {STOPPING.first} to "
        f"{STOPPING.most} replications, looked at until every target and difference is decided: {first.looks:.1f} "
        f"looks and {first.replications:.0f} replications on average, {first.to_the_cap} went to the most there may "
        "be. A claim at the last look that a figure differs is false; at most the stated share may be made of each."
    )
    return [*wrap(said, WIDTH), *map(_claims, rows)]


def _claims(row: Alike) -> str:
    low, high = row.interval
    share = row.claimed / max(row.comparisons, 1)
    return f"{row.figure:20} stated {row.stated:.0%}, claimed {row.claimed}: {share:.1%} ({low:.1%} to {high:.1%})"


def _selected(rows: Sequence[Selected]) -> list[str]:
    return [line for row in rows for line in [*wrap(_about(row), WIDTH), _right(row)]]


def _about(row: Selected) -> str:
    counts = "it alone is right" if row.good == 1 else f"{row.good} ways that are within that of it count as right"
    gap = f"{row.gap:.3f} min ({row.gap_low:.3f} to {row.gap_high:.3f})"
    return (
        f"Selected: {row.selections:,} times the best of {row.ways} ways of running {row.center}, by {row.figure}, "
        f"each time on a seed of its own. By {row.long:,} replications on another seed {row.best} is the best, "
        f"{row.second} worse by {gap}; {row.within:g} does not matter: {counts}. {row.replications:.0f} replications "
        f"of a way on average, {row.undecided} undecided, {row.seconds:.0f} s."
    )


def _right(row: Selected) -> str:
    low, high = row.interval
    said = f"right {row.right}: {row.right / row.selections:.1%} ({low:.1%} to {high:.1%})"
    short = "  low: fewer than stated by more than chance" if high < row.stated else ""
    return f"{row.figure:20} stated at least {row.stated:.0%}, {said}{short}"
