"""What a command will take, before anything is run or written: time, memory, room on the disk.

Replications are tried here and now where that takes no more than a moment, else reckoned by documented rates. What
follows them (tables, charts, assumptions varied) is reckoned by rates that were measured on the shipped centers, on a
processor of 2.5 GHz or so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.trying import SAMPLED, Loads, is_crowded, loads
from sim.engines import chosen
from sim.executors import default_workers
from sim.running import DAYS, block_size
from sim.study import SMOKE

if TYPE_CHECKING:
    from sim.executors import Workers
    from sim.runs.replications import Floats
    from sim.study import Study

START, A_SCENARIO = 2.4, 0.05
PICTURES, MORE_PICTURES, OF_PICTURES = 0.6, 4.0, 4
"""CPU seconds: beginning and ending, each scenario, charts of all and of each of four that have their own."""
THE_PAGE, A_WAY, OF_WAYS, PLAYED = 0.6, 0.15, 12, 20
"""CPU seconds of the page, and of each of twelve ways in it; replications of those whose days are played, traced."""
A_SUM, A_WAIT, A_FIGURE, A_VISIT_ROW = 100e-6, 0.25e-6, 0.45e-6, 5e-6
"""CPU seconds of the tables: each replication, row of waits, row of figures and row of visits."""
A_PROCESS_MORE = 1.5
"""CPU seconds in which a process of the reference engine begins."""
BASE, A_WORKER, A_PROCESS = 430e6, 45e6, 220e6
"""Bytes of the program by itself, of each thread more, and of each process of the reference engine."""
AT_WORK, COPIES, JUDGED, POOLED = 6, 2, 1000, 150
"""Blocks of figures in memory a worker, with what they are made of; a center that is read back, and it joined; bytes
of a replication of the scenario that is judged, and of each other one."""
PAGES, A_PAGE, FEW_BYTES = 1.4e6, 180e3, 62
"""Bytes on the disk: charts of a scenario, its rows in the tables and its part of the page, a visit."""
TRIALS, ENDS, LEAST, PART, A_TRIAL = 2, 10, 20, 5, 6e-3
"""Assumptions are tried twice in one replication each, and ten ends of the largest in a fifth of all, 20 at least."""


@dataclass(frozen=True)
class Work:
    """What a program is asked: ``studies``, each with ``first`` replications at first and ``most`` at last.

    ``finished``: replications of each that are in the folder ``path`` already. ``table``: only sums are kept, as of a
    province, a search or a selection. ``rests``: assumptions are varied afterwards. ``together``: what ties the
    studies; ``what`` they are called; ``then``: what comes after their looks and is not reckoned.
    """

    path: Path
    studies: Sequence[Study]
    first: int
    most: int
    workers: Workers | None = None
    finished: Sequence[int] = ()
    table: bool = False
    rests: bool = False
    together: str = ""
    what: str = "scenarios"
    then: str = ""


class Amount(NamedTuple):
    """CPU seconds and wall seconds, bytes in memory and on the disk, and visits still to be simulated."""

    cpu: float
    wall: float
    memory: float
    disk: float
    visits: float


@dataclass(frozen=True)
class Foreseen:
    """At its first look and at most, by ``tried`` studies (0: by documented rates); what the engines are.

    ``crowded``: studies to which more people come than can be told apart; they fail at once.
    """

    least: Amount
    most: Amount
    tried: int
    engines: tuple[str, ...]
    crowded: tuple[str, ...]


def foreseen(work: Work, *, tries: bool) -> Foreseen:
    """What some work will take; ``tries``: a few replications may be run for it."""
    found, tried = loads(work.studies, min(_block(work, work.first), work.first), tries=tries)
    engines = [
        chosen(study.engine, int(own * work.first)) for study, own in zip(work.studies, found.visits, strict=True)
    ]
    least, most = (_amount(work, found, each, "reference" in engines) for each in (work.first, work.most))
    none = np.flatnonzero(found.visits == 0)[:SAMPLED]
    crowded = tuple(work.studies[number].label for number in none if is_crowded(work.studies[number]))
    return Foreseen(least, most, tried, tuple(dict.fromkeys(engines)), crowded)


def _block(work: Work, each: int) -> int:
    """Replications of a block."""
    days = work.studies[0].base.days
    return max(DAYS // days, 1) if work.table else block_size(each * len(work.studies), days)


def _amount(work: Work, own: Loads, each: int, in_processes: bool) -> Amount:
    done = np.array(work.finished or [0] * len(work.studies))
    todo = np.maximum(each - done, 0) * (own.visits > 0)
    runs = float(todo @ own.seconds) + (_resting(work, own, each) if work.rests else 0.0)
    tables, rows = _tables(work, own, each)
    workers = work.workers if isinstance(work.workers, int) else default_workers()
    processes = workers if in_processes and workers > 1 else 0
    runs += processes * A_PROCESS_MORE
    wall = runs / max(min(workers, int(todo.sum())), 1) + tables
    more = (workers - 1) * A_WORKER + processes * A_PROCESS
    return Amount(
        *(runs + tables, wall, BASE + more + _held(work, own, each)),
        *(float(todo @ own.kept) + rows, float(todo @ own.visits)),
    )


def _resting(work: Work, own: Loads, each: int) -> float:
    """CPU seconds of an hour a day without the network, and of as many assumptions of each study as the first has."""
    study, at_an_end = work.studies[0], min(max(LEAST, each // PART), each)
    if not study.targets.items:
        return 0.0
    without_network = float(np.sort(own.seconds)[-OF_PICTURES:].sum() * at_an_end)
    if each <= SMOKE:
        return without_network
    from sim.assumptions.inputs import inputs_of

    tries = TRIALS * len(inputs_of(study)[0])
    return without_network + float((tries * (own.seconds + A_TRIAL) + ENDS * at_an_end * own.seconds).sum())


def _tables(work: Work, own: Loads, each: int) -> tuple[float, float]:
    """CPU seconds in which tables and charts are made, and their bytes on the disk."""
    scenarios = len(work.studies)
    seconds = START + scenarios * (A_SCENARIO + each * A_SUM)
    if work.table:
        return seconds + 2.0, scenarios * 24e3 + 200e3
    detailed = min(scenarios, OF_PICTURES)
    seconds += PICTURES + MORE_PICTURES * detailed + THE_PAGE + A_WAY * min(scenarios, OF_WAYS)
    seconds += float(np.sort(own.seconds)[-OF_PICTURES:].sum()) * PLAYED
    seconds += each * float((own.waits * A_WAIT + own.figures * A_FIGURE).sum())
    rows = each * float(own.figures @ own.figure) + scenarios * A_PAGE + PAGES * (detailed + 0.5 * (scenarios > 1))
    visits = _visit_rows(work, own, each)
    return seconds + float(visits @ (own.seconds / np.maximum(own.visits, 1) + A_VISIT_ROW)), rows + FEW_BYTES * float(
        visits.sum()
    )


def _visit_rows(work: Work, own: Loads, each: int) -> Floats:
    """Visits that are written, by study: all where they are few, else of those that ask for them."""
    from experiments.run import FEW_VISITS

    asked = np.array([study.visits for study in work.studies])
    visits: Floats = each * own.visits * (asked | (each * own.visits.sum() <= FEW_VISITS))
    return visits


def _held(work: Work, own: Loads, each: int) -> float:
    """Bytes of the replications that are in memory at once: of a run those being simulated, the others are files."""
    workers = work.workers if isinstance(work.workers, int) else default_workers()
    if not work.table:
        judged = each * (JUDGED + POOLED * len(work.studies))
        return float(AT_WORK * workers * _block(work, each) * own.held.max()) + judged
    held = each * own.held
    return float(COPIES * held.max() + 0.1 * held.sum())
