"""Theory beside runs as a tidy table, and in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

import numpy as np
import pandas as pd

from sim.beside.compared import Beside, parts, why_not
from sim.beside.inputs import PooledLine
from sim.beside.methods import Method
from sim.result import Result
from sim.units import SLOT, SLOTS, clock_text

THEORY_COLUMNS = (
    "scenario", "line", "from", "to", "arrivals", "officials", "method", "theory", "simulated", "lower", "upper",
    "confidence", "replications", "parts", "reason",
)  # fmt: skip
ALL, FAR, DIGITS = "all", 0.5, 9
_FIRST, _OTHERS = "theory:  ", " " * 9


def theory_frame(found: Mapping[str, Beside]) -> pd.DataFrame:
    """One row per scenario, line, half-hour and method: people waiting, and officials at counters, on a mean day.

    Line ``all`` is all of them together, the only one that is simulated by time of day: beside it stand the simulated
    figure with its interval, whether the two part, and why. Absent figures are empty.
    """
    rows = [row for label, one in found.items() for row in _rows(label, one)]
    frame = pd.DataFrame(rows, columns=list(THEORY_COLUMNS))
    return frame.astype({"replications": "Int64", "parts": "boolean"}).round(DIGITS)


def _rows(label: str, found: Beside) -> Iterator[tuple[object, ...]]:
    for slot in found.slots:
        at = _time(slot), _time(slot + 1)
        for method in found.methods:
            yield (
                label,
                ALL,
                *at,
                found.arrivals[slot],
                found.servers[slot],
                method.name,
                *_side_by_side(found, method, slot),
            )
        if len(found.lines) > 1:
            for line, theory in zip(found.lines, found.by_line, strict=True):
                for name, people in theory.items():
                    figures = line.arrivals[slot], line.servers[slot], name, people[slot]
                    yield label, name_of(line), *at, *figures, *(None,) * 5, None, ""


def _side_by_side(found: Beside, method: Method, slot: int) -> tuple[object, ...]:
    one, theory = found.simulated[slot], float(found.theory[method.name][slot])
    return (
        theory, one.value, one.lower, one.upper, one.confidence, one.replications,
        parts(theory, one), found.why[method.name][slot],
    )  # fmt: skip


def name_of(line: PooledLine) -> str:
    """A line of citizens by its place: "hall", "guides at hall"."""
    return line.desk.point if line.desk.is_counter else f"guides at {line.desk.point}"


def theory_lines(results: Mapping[str, Result], found: Mapping[str, Beside | None], width: int = 100) -> list[str]:
    """In words: of each scenario the method nearest to the simulated line, and which cannot be used, and when."""
    said = (f"{label}: {_said(results[label], one)}" for label, one in found.items())
    return [line for one in said for line in wrap(one, width, initial_indent=_FIRST, subsequent_indent=_OTHERS)]


def _said(result: Result, found: Beside | None) -> str:
    if found is None or np.isnan(found.off(found.nearest)):
        return f"nothing to compare: {why_not(result.study.scenario) or 'nobody waits'}"
    near = found.nearest
    said = [f"nearest is {near.title}, {found.off(near):.0%} off the simulated line"]
    silent = [method for method in found.methods if found.silent(method)]
    far = [
        method for method in found.methods if method not in silent and found.off(method) > max(FAR, 2 * found.off(near))
    ]
    if silent:
        slots = sorted({slot for method in silent for slot in found.silent(method)})
        said.append(f"no answer {_spans(slots)}: {', '.join(method.title for method in silent)}")
    if far:
        said.append(f"not to be used: {', '.join(f'{method.title} ({found.off(method):.0%} off)' for method in far)}")
    return "; ".join(said)


def _spans(slots: Sequence[int]) -> str:
    """Half-hours as spans of the day: "08:00-11:30, 13:00-13:30"."""
    starts = [slot for slot in slots if slot - 1 not in slots]
    ends = [slot + 1 for slot in slots if slot + 1 not in slots]
    return ", ".join(f"{_time(a)}-{_time(b)}" for a, b in zip(starts, ends, strict=True))


def _time(slot: int) -> str:
    """The time at which a half-hour begins, the end of the day written 24:00."""
    return clock_text(slot * SLOT) if slot < SLOTS else "24:00"
