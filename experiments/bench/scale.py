"""What no ratio of CPU times says: many centers on threads, and memory. Each figure is of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from experiments.bench.options import TITLES, Options
from experiments.bench.rounds import Spread, spread

YEAR, LONG, SHORT = 250, 3650, 10
FEW_CENTERS, FEW_REPLICATIONS = 400, 200


class Figure(NamedTuple):
    """One figure of a scale: median and range over processes."""

    scale: str
    name: str
    unit: str
    value: Spread


def country(options: Options) -> list[Figure]:
    """All centers for a year on two threads; and fewer of them on one and on two, in turns; the first may compile."""
    few = min(FEW_CENTERS, options.centers)
    _year("country", 1, YEAR, 1)
    whole = _year("country", options.centers, YEAR, 2)
    turns = [[_year("country", few, YEAR, threads) for threads in (1, 2)] for _ in range(options.rounds)]
    visits, wall, _, peak, wait, least, most = whole
    return [
        Figure("country", f"{options.centers:,} centers, {YEAR} days, two threads", "s", spread([wall])),
        Figure("country", "visits", "millions", spread([visits / 1e6])),
        Figure("country", "visits", "millions a second", spread([visits / 1e6 / wall])),
        Figure("country", "peak of memory", "MB", spread([peak])),
        Figure("country", "mean wait, range over centers", "min", Spread(wait, least, most)),
        Figure("country", f"speed of two threads over one, {few:,} centers", "×", _ratio(turns)),
    ]


def _ratio(turns: list[list[list[float]]]) -> Spread:
    return spread([one[1] / two[1] for one, two in turns])


def memory(options: Options) -> list[Figure]:
    """The peak of a process that runs one center for ten days, and for ten years, in turns; the first may compile."""
    peaks = [[_year("memory", 1, days, 1)[3] for days in (SHORT, LONG)] for _ in range(options.rounds + 1)][1:]
    short, long = (spread(values) for values in zip(*peaks, strict=True))
    return [
        Figure("memory", f"peak, {SHORT} days", "MB", short),
        Figure("memory", f"peak, {LONG:,} days", "MB", long),
        Figure("memory", "growth", "MB", spread([two - one for one, two in peaks])),
    ]


def sweep(options: Options) -> list[Figure]:
    """What it costs to keep replications, in time and memory, and to have them back."""
    many = options.replications
    _told("sweep: compiling, if it has to be", "sweep", FEW_REPLICATIONS)
    kept, not_kept, growth, judged, disk = _told(f"sweep: {many:,} replications, kept and not kept", "sweep", many)
    shares = [100 * (one / two - 1) for one, two in zip(kept, not_kept, strict=True)]
    return [
        Figure("sweep", "CPU time of a replication, not kept", "ms", spread([1e4 * one / many for one in not_kept])),
        Figure("sweep", "more where it is kept", "%", spread(shares)),
        Figure("sweep", f"growth of memory to {many:,} replications", "MB", spread([growth / 1e6])),
        Figure("sweep", "all figures read back and judged", "s of CPU time", spread([judged])),
        Figure("sweep", "on the disk", "MB", spread([disk / 1e6])),
    ]


SCALES: dict[str, Callable[[Options], list[Figure]]] = {"country": country, "memory": memory, "sweep": sweep}


def _year(scale: str, *told: int) -> list[float]:
    """What the process says, see :class:`experiments.bench.country.Year`."""
    found: list[float] = _told(f"{scale}: {told[0]:,} centers, {told[1]:,} days, threads: {told[2]}", "country", *told)
    return found


def _told(what: str, program: str, *told: int) -> Any:
    """What a process of a program of this folder says."""
    print(what, file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"experiments.bench.{program}", *map(str, told)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(ran.stdout)


def text(figures: list[Figure]) -> str:
    """One line a figure."""
    scale = figures[0].scale
    lines = [f"{scale}: {TITLES[scale]}"]
    return "\n".join([*lines, *(f"{one.name:58} {_shown(one.value):>22} {one.unit}" for one in figures)])


def _shown(value: Spread) -> str:
    if value.low == value.high:
        return f"{value.median:#.3g}"
    return f"{value.median:#.3g} ({value.low:#.3g}–{value.high:#.3g})"
