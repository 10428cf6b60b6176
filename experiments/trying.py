"""What a replication takes of time, memory and disk: tried here and now, or by rates that were measured elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np

from sim.demand import day_table, expected_visits
from sim.plan import Table
from sim.running import Block, by_reference, folded, is_compiled, job
from sim.runs import Runs
from sim.runs.replications import Floats
from sim.runs.storage import as_bytes
from sim.streams import PERSONS
from sim.study import Study

TRIED, SAMPLED = 6, 40
"""Of more studies so many are tried, and so many asked how many visits they expect; the others lie between them."""
MOST_COMPILED, MOST_REFERENCE = 1_000_000, 10_000
"""Visits of a trial: half a second in either engine."""
TIMES = 2
A_REPLICATION, A_VISIT, SLOWER = 1e-3, 460e-9, 100.0
"""CPU seconds, measured by ``motcua bench`` and on the shipped centers; the reference engine is so much slower."""
HELD, HELD_A_VISIT, HELD_A_DAY = 40_000, 10, 16
KEPT, KEPT_A_VISIT = 5_000, 1.2
FIGURES, FIGURE, WAITS_A_VISIT = 750, 8.0, 0.6
"""Bytes in memory and in a part; rows of ``replications.parquet``, their bytes, and rows of waits: as the shipped
centers have them."""
FOOTER = 6_000


class Load(NamedTuple):
    """What a replication of a study takes on average.

    ``visits``: expected. ``seconds`` of CPU time; ``held`` and ``kept``: bytes in memory and on the disk; ``figures``
    and ``waits``: rows of both; ``figure``: bytes on the disk of one of the former.
    """

    visits: float
    seconds: float
    held: float
    kept: float
    figures: float
    figure: float
    waits: float


class Loads(NamedTuple):
    """The same of some studies, float64[n] each."""

    visits: Floats
    seconds: Floats
    held: Floats
    kept: Floats
    figures: Floats
    figure: Floats
    waits: Floats


def visits_of(studies: Sequence[Study]) -> Floats:
    """Visits that a replication of each study is expected to have, 0 where more people come than can be told apart."""
    at = np.unique(np.linspace(0, len(studies) - 1, min(len(studies), SAMPLED)).round().astype(int))
    known = [_visits(studies[number]) for number in at]
    return np.asarray(np.interp(np.arange(len(studies)), at, known), float)


def _visits(study: Study) -> int:
    return 0 if is_crowded(study) else expected_visits(day_table(study.scenario).demand)


def is_crowded(study: Study) -> bool:
    """Whether more people are expected in a half-hour than can be told apart."""
    table = day_table(study.scenario)
    return bool(table.demand["people"].max(initial=0.0) * table.profiles.max(initial=0.0) >= PERSONS)


def by_rate(study: Study, visits: float) -> Load:
    """By documented rates."""
    each = A_VISIT * (1 if is_compiled(study) else SLOWER)
    held = HELD + HELD_A_VISIT * visits + HELD_A_DAY * study.base.days
    kept = KEPT + KEPT_A_VISIT * visits
    return Load(visits, A_REPLICATION + each * visits, held, kept, FIGURES, FIGURE, WAITS_A_VISIT * visits)


def can_be_tried(study: Study, visits: float) -> bool:
    """Whether a trial takes no more than about a second: nothing is compiled for it."""
    from sim.models.compiled.kernels import is_kept

    return 0 < visits <= MOST_COMPILED and is_kept() if is_compiled(study) else 0 < visits <= MOST_REFERENCE


def tried(study: Study, visits: float, block: int) -> Load:
    """A block of at most so many replications, run and kept nowhere."""
    own, compiled = job(study), is_compiled(study)
    most = MOST_COMPILED if compiled else MOST_REFERENCE
    many = max(min(block, study.replications, int(most / visits)), 1)
    simulated = folded if compiled else by_reference
    runs = simulated(own, Block(0, 0, 1 if compiled else many))
    as_bytes(0, runs)  # what is loaded once is not timed
    times = []
    for _ in range(TIMES):
        began = time.thread_time()
        runs = simulated(own, Block(0, 0, many))
        written = len(as_bytes(0, runs))
        times.append((time.thread_time() - began, written))
    seconds, kept = min(times)
    sums: tuple[Table, ...] = (
        runs.numerators,
        runs.denominators,
        *runs.waits,
        *(part for curve in runs.curves.values() for part in curve),
    )
    rows = len(runs.columns)
    return Load(
        *(visits, seconds / many, sum(one.nbytes for one in sums) / many, kept / many),
        *(rows, _figure(runs), len(runs.waits.visits) / many),
    )


def _figure(runs: Runs) -> float:
    """Bytes of a row of ``replications.parquet``."""
    from sim.parquet import write_replications

    written = BytesIO()
    write_replications(written, {"": runs})
    return max(written.getbuffer().nbytes - FOOTER, 0) / (len(runs) * len(runs.columns))


def loads(studies: Sequence[Study], block: int, *, tries: bool) -> tuple[Loads, int]:
    """What a replication of each study takes, and how many of them were tried: those between by their visits."""
    visits = visits_of(studies)
    order = np.argsort(visits, kind="stable")
    chosen = order[np.unique(np.linspace(0, len(order) - 1, min(len(order), TRIED)).round().astype(int))]
    does = tries and all(can_be_tried(studies[n], visits[n]) for n in chosen if visits[n])
    found = np.array(
        [tried(studies[n], visits[n], block) if does and visits[n] else by_rate(studies[n], visits[n]) for n in chosen]
    )
    return Loads(*(np.interp(visits, found[:, 0], column) for column in found.T)), len(chosen) if does else 0
