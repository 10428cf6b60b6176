"""Textbook queues against theory: the compiled engine's estimate, its interval, and whether it covers.

The intervals are those of every figure of the program (:func:`sim.statistics.ratio_estimate`). They are simultaneous:
of m comparisons each has the confidence 1 - (1 - FAMILY) / m (Bonferroni), so a correct simulator covers all with
probability FAMILY at least, as far as the intervals keep what they state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import inf

from experiments.validate.exact import Figure
from experiments.validate.queues import Case, job_of
from experiments.validate.rows import Part, Row
from sim.executors import default_workers
from sim.running import Block, Job, folded
from sim.runs import Runs
from sim.statistics import SHARE, ratio_estimate
from sim.targets import kind_of

FAMILY = 0.99
REPLICATIONS = 40
TIMES = 20
Done = Callable[[int, str], None]


def each(comparisons: int) -> float:
    """The confidence of one of so many simultaneous intervals."""
    return 1 - (1 - FAMILY) / comparisons


def compared(
    cases: Sequence[Case], seed: int, done: Done, part: Part = "theory", source: str = "", times: int = TIMES
) -> list[Row]:
    """All figures of some queues, over ``times`` their days; case n is run with the seed ``seed`` + n.

    ``done`` is called with the replications and the name of each queue that is finished.
    """
    jobs = [job_of(case, case.days * times, seed + n) for n, case in enumerate(cases)]
    with ThreadPoolExecutor(default_workers()) as executor:
        pairs = []
        for case, runs in zip(cases, executor.map(_simulated, jobs), strict=True):
            done(REPLICATIONS, case.name)
            pairs.append((case, runs))
    figures = [(case, figure, found) for case, found in pairs for figure in case.figures(case.days * times)]
    confidence = each(len(figures))
    return [_row(part, case, figure, found, confidence, source) for case, figure, found in figures]


def _simulated(own: Job) -> Runs:
    return folded(own, Block(0, 0, REPLICATIONS))


def _row(part: Part, case: Case, figure: Figure, runs: Runs, confidence: float, source: str) -> Row:
    bounds = SHARE if kind_of(figure.metric) == "share" else (0.0, inf)
    found = ratio_estimate(*runs.pair((figure.metric, figure.scope)), confidence, bounds)
    return Row(
        part=part,
        subject=case.name,
        figure=f"{figure.metric} {figure.scope}".removesuffix(" all"),
        metric=figure.metric,
        low=figure.exact - figure.rounding,
        high=figure.exact + figure.rounding,
        estimate=found.value,
        lower=found.lower,
        upper=found.upper,
        confidence=confidence,
        replications=REPLICATIONS,
        source=source,
    )


def widest(rows: Sequence[Row]) -> float:
    """The largest half-width among some rows, as a share of what was expected."""
    return max(_relative(rows))


def _relative(rows: Sequence[Row]) -> Iterator[float]:
    for row in rows:
        if row.low and row.lower is not None and row.upper is not None:
            yield (row.upper - row.lower) / 2 / row.low
