"""Studies simulated: all replications, in parallel, the same result for any number of workers and any order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sim.metrics import Metrics, measure
from sim.models.center import run
from sim.planning import flatten, replicate
from sim.study import Study
from sim.trace import Trace
from sim.yardstick import yardstick

BLOCK = 5


@dataclass(frozen=True)
class Block:
    """Some replications of one study of a sweep: ``first`` to before ``last``."""

    study: int
    first: int
    last: int


@dataclass
class Runs:
    """What has been simulated of a sweep: metrics by (study, replication), and why studies failed."""

    metrics: dict[tuple[int, int], Metrics] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)


Done = Callable[[Block, Sequence[Metrics]], None]


def blocks(studies: Sequence[Study], have: Callable[[int, int], bool]) -> list[Block]:
    """What is to be done: every study's missing replications, a few at a time, all studies abreast."""
    found = []
    most = max((study.replications for study in studies), default=0)
    for first in range(0, most, BLOCK):
        for number, study in enumerate(studies):
            last = min(first + BLOCK, study.replications)
            if any(not have(number, replication) for replication in range(first, last)):
                found.append(Block(number, first, last))
    return found


def simulate_blocks(
    studies: Sequence[Study],
    todo: Sequence[Block],
    done: Done,
    failed: Callable[[Block, str], None],
    workers: int,
) -> None:
    """Runs blocks on ``workers`` processes (1: in this one) and hands over each as it is finished.

    A study that cannot be run fails by itself: ``failed`` is called and the others go on.
    """
    if workers <= 1 or len(todo) <= 1:
        for block in todo:
            _hand_over(block, partial(_block, studies[block.study], block), done, failed)
        return
    for block, result in _in_processes(studies, todo, workers):
        _hand_over(block, result, done, failed)


def _hand_over(block: Block, result: Callable[[], list[Metrics]], done: Done, failed: Any) -> None:
    try:
        metrics = result()
    except (ArithmeticError, MemoryError, RuntimeError, ValueError) as error:
        failed(block, f"{type(error).__name__}: {error}")
        return
    done(block, metrics)


def _in_processes(
    studies: Sequence[Study], todo: Sequence[Block], workers: int
) -> Iterator[tuple[Block, Callable[[], list[Metrics]]]]:
    from concurrent.futures import as_completed

    from loky import get_reusable_executor

    executor = get_reusable_executor(max_workers=workers, timeout=60)
    futures = {executor.submit(_block, studies[block.study], block): block for block in todo}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result
    finally:
        for future in futures:
            future.cancel()
        if not all(future.done() for future in futures):
            executor.shutdown(kill_workers=True)


def _block(study: Study, block: Block) -> list[Metrics]:
    """The metrics of a few replications: the one piece of work that a worker does."""
    scenario = study.scenario
    plan, by = flatten(scenario), yardstick(scenario, study.targets)
    return [measure(run(replicate(plan, study.seed, n)), by) for n in range(block.first, block.last)]


def traces(study: Study) -> Iterator[Trace]:
    """The trace of each replication, in order, made when asked for."""
    plan = flatten(study.scenario)
    for replication in range(study.replications):
        yield run(replicate(plan, study.seed, replication))


def default_workers() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
