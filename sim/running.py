"""Studies simulated: all replications, in parallel, the same result for any number of workers and any order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from threading import Thread

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


Done = Callable[[Block, Sequence[Metrics]], None]
Failed = Callable[[int, str], None]
Pieces = Generator[tuple[Block, Callable[[], list[Metrics]]], None, None]


def blocks(studies: Sequence[Study], have: Callable[[int, int], bool]) -> list[Block]:
    """What is to be done: every study's missing replications and no others, a few at a time, all studies abreast."""
    found = []
    most = max((study.replications for study in studies), default=0)
    for start in range(0, most, BLOCK):
        for number, study in enumerate(studies):
            stop = min(start + BLOCK, study.replications)
            missing = [n for n in range(start, stop) if not have(number, n)]
            firsts = [n for n in missing if n - 1 not in missing]
            lasts = [n + 1 for n in missing if n + 1 not in missing]
            found += [Block(number, first, last) for first, last in zip(firsts, lasts, strict=True)]
    return found


def simulate_blocks(
    studies: Sequence[Study],
    todo: Sequence[Block],
    done: Done,
    failed: Failed,
    workers: int,
) -> None:
    """Runs blocks on ``workers`` processes (1: in this one) and hands over each as it is finished.

    A study that cannot be run fails by itself: ``failed`` is called once, with its number and the reason, the
    rest of it is left undone, and the others go on.
    """
    in_process = workers <= 1 or len(todo) <= 1
    with closing(_here(studies, todo) if in_process else _in_processes(studies, todo, workers)) as results:
        wrong: set[int] = set()
        for block, result in results:
            if block.study in wrong:
                continue
            try:
                metrics = result()
            except BrokenExecutor:
                reason = "a worker process was killed; if memory ran out, run with fewer workers"
            except Exception as error:  # noqa: BLE001 - one scenario must not stop the others; it is reported
                reason = f"{type(error).__name__}: {error}"
            else:
                done(block, metrics)
                continue
            wrong.add(block.study)
            failed(block.study, reason)


def _here(studies: Sequence[Study], todo: Sequence[Block]) -> Pieces:
    for block in todo:
        yield block, partial(_block, studies[block.study], block)


def _in_processes(studies: Sequence[Study], todo: Sequence[Block], workers: int) -> Pieces:
    from loky import get_reusable_executor

    executor = get_reusable_executor(
        max_workers=workers, timeout=60, initializer=_end_with_parent, initargs=(os.getpid(),)
    )
    futures = {executor.submit(_block, studies[block.study], block): block for block in todo}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result
    finally:
        for future in futures:
            future.cancel()
        if not all(future.done() for future in futures):
            executor.shutdown(kill_workers=True)


def _end_with_parent(parent: int) -> None:
    """A worker whose parent was killed would wait for more work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


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
