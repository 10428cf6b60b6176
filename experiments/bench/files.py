"""The files of a comparison: figures by program and by round, and the chart."""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path

from experiments.bench.chart import speeds_chart
from experiments.bench.rounds import Comparison, spread
from experiments.bench.scale import Figure
from sim.report.style import rendered
from sim.writing import put

PROGRAMS_HEAD = [
    *(
        "model",
        "program",
        "people",
        "rounds",
        "ns",
        "ns_low",
        "ns_high",
        "ratio",
        "ratio_low",
        "ratio_high",
        "ratio_to",
    ),
    *("wait", "expected", "error", "check", "start_seconds", "lacks"),
]
SCALE_HEAD = ["scale", "figure", "unit", "median", "low", "high"]
ROUNDS_HEAD = ["model", "program", "round", "people", "ns", "ratio", "wait"]


def written(folder: Path, comparisons: Sequence[Comparison], figures: Sequence[Figure] = ()) -> list[str]:
    """Writes ``bench.csv``, ``rounds.csv``, ``scale.csv`` and ``bench.png`` and ``.svg``; returns lines that say where.

    ``ns`` is CPU time a person, ``wait``, ``expected`` and its standard ``error`` are minutes.
    """
    lines = _write_comparisons(folder, comparisons) if comparisons else []
    if figures:
        rows = ((one.scale, one.name, one.unit, *astuple(one.value)) for one in figures)
        _put(folder / "scale.csv", _text(SCALE_HEAD, rows).encode())
        lines.append(f"{folder}: scale.csv")
    return lines


def _write_comparisons(folder: Path, comparisons: Sequence[Comparison]) -> list[str]:
    _put(folder / "bench.csv", _text(PROGRAMS_HEAD, _programs(comparisons)).encode())
    _put(folder / "rounds.csv", _text(ROUNDS_HEAD, _rounds(comparisons)).encode())
    chart = speeds_chart(comparisons, f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    _put(folder / "bench.png", rendered(chart, "png"))
    _put(folder / "bench.svg", rendered(chart, "svg"))
    return [f"{folder}: bench.csv, rounds.csv, bench.png, bench.svg"]


def _put(path: Path, data: bytes) -> None:
    put(path, partial(Path.write_bytes, data=data))


def _text(head: Sequence[str], rows: Iterator[tuple[object, ...]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([head, *rows])
    return lines.getvalue()


def _programs(comparisons: Sequence[Comparison]) -> Iterator[tuple[object, ...]]:
    for comparison in comparisons:
        measured = {one.program: one for one in comparison.measured}
        first = comparison.measured[0].program.name
        for program in comparison.model.programs:
            if program not in measured:
                yield (comparison.model.name, program.title, *[""] * 12, program.why_not, "", program.lacks)
                continue
            one = measured[program]
            speed, ratio, check = spread(one.speeds), spread(one.ratios), one.check
            yield (
                *(comparison.model.name, program.title, one.rounds[0].people, len(one.rounds)),
                *(speed.median, speed.low, speed.high, ratio.median, ratio.low, ratio.high, first),
                *(check.wait, check.expected, check.error, check.verdict, one.start, program.lacks),
            )


def _rounds(comparisons: Sequence[Comparison]) -> Iterator[tuple[object, ...]]:
    for comparison in comparisons:
        for one in comparison.measured:
            rounds = zip(one.rounds, one.speeds, one.ratios, strict=True)
            for number, (ran, speed, ratio) in enumerate(rounds, 1):
                yield comparison.model.name, one.program.title, number, ran.people, speed, ratio, ran.wait
