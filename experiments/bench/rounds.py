"""The programs of a model in turns, round by round."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from experiments.bench.programs import Check, Model, Program, Ran, pooled

SEEDS_A_ROUND = 100


@dataclass(frozen=True)
class Spread:
    """Median and range."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """A program's rounds, each several runs as one: its ns a person, and over those of the first program.

    A round's speed is the median of its runs: the first after another program has its memory to fetch from the system.
    ``start``: CPU seconds of a run before the first round, with what it loads and compiles.
    """

    program: Program
    start: float
    rounds: tuple[Ran, ...]
    speeds: tuple[float, ...]
    ratios: tuple[float, ...]
    check: Check


@dataclass(frozen=True)
class Comparison:
    """A model, the programs that were measured on it, the first of them what ratios refer to."""

    model: Model
    measured: tuple[Measured, ...]


def spread(values: Sequence[float]) -> Spread:
    """Median and range of values."""
    return Spread(statistics.median(values), min(values), max(values))


def measured(model: Model, rounds: int) -> Comparison:
    """Runs every program of a model that is there, in turns; says on standard error how far it is."""
    programs = [program for program in model.programs if not program.why_not]
    starts = [_started(model, program) for program in programs]
    done: list[list[list[Ran]]] = [[] for _ in programs]
    for number in range(1, rounds + 1):
        for program, runs in zip(programs, done, strict=True):
            runs.append(_round(model, program, number))
        speeds = (f"{p.name} {_speed(runs[-1]):,.0f}" for p, runs in zip(programs, done, strict=True))
        _say(f"{model.name}: round {number} of {rounds}, ns: {', '.join(speeds)}")
    first = [_speed(runs) for runs in done[0]]
    found = (_measured(*one, first) for one in zip(programs, starts, done, strict=True))
    return Comparison(model, tuple(found))


def _measured(program: Program, start: float, done: Sequence[Sequence[Ran]], first: Sequence[float]) -> Measured:
    rounds, speeds = tuple(pooled(runs) for runs in done), tuple(_speed(runs) for runs in done)
    ratios = tuple(speed / one for speed, one in zip(speeds, first, strict=True))
    return Measured(program, start, rounds, speeds, ratios, program.check(rounds))


def _speed(runs: Sequence[Ran]) -> float:
    return statistics.median(run.spent / run.people for run in runs)


def _started(model: Model, program: Program) -> float:
    _say(f"{model.name}: starting {program.title}")
    began = time.process_time()
    program.run(_size(model, program), 0)
    return time.process_time() - began


def _round(model: Model, program: Program, number: int) -> list[Ran]:
    return [program.run(_size(model, program), number * SEEDS_A_ROUND + n) for n in range(program.times)]


def _size(model: Model, program: Program) -> int:
    return max(round(model.size * program.share), 1)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
