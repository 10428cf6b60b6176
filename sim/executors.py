"""Where blocks of replications are run: threads, processes or other machines, in one shape.

A pool takes a block of a study and gives a future of its figures, as executors of ``concurrent.futures`` do. Compiled
studies run in threads, for the compiled engine does not hold the interpreter's lock; those of the reference engine in
processes; other machines are :mod:`sim.cluster`. A study travels as text, its policies applied: a worker needs nothing
but the program.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from functools import lru_cache
from threading import Thread
from typing import Any, Protocol, Self

from sim.launch import Launch
from sim.running import Block, Job, by_reference, folded, is_compiled, job
from sim.runs import Runs
from sim.study import Study

IN_MEMORY = 16
"""Studies whose plans a worker has in memory."""
Workers = int | str | Launch
"""So many threads or processes of this machine; or other machines, by their scheduler's address or as jobs."""
Finished = set[Future[Runs]]


class Pool(Protocol):
    """Where blocks are run; as a context manager it ends what runs. ``abreast``: how many it is given at once."""

    @property
    def abreast(self) -> int: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def submit(self, text: str, block: Block) -> Future[Runs]:
        """A block of a study is to be run."""

    def finished(self, futures: Collection[Future[Runs]]) -> Finished:
        """Those that are finished, at least one, however long that takes."""

    def is_lost(self, error: BaseException) -> bool:
        """Whether a future raised this because its worker is gone."""


class Elsewhere(Exception):
    """Why a block could not be run, as another machine told it."""


def reason_of(error: BaseException) -> str:
    """Why a block could not be run, in words."""
    return str(error) if isinstance(error, Elsewhere) else f"{type(error).__name__}: {error}"


def text_of(study: Study) -> str:
    """A study as text, all that its figures depend on."""
    return study.model_copy(update={"base": study.scenario, "policies": ()}).model_dump_json()


def simulated(text: str, block: Block) -> Runs:
    """The figures of a block, of a study as text."""
    own, compiled = _job(text)
    return folded(own, block) if compiled else by_reference(own, block)


@lru_cache(maxsize=IN_MEMORY)
def _job(text: str) -> tuple[Job, bool]:
    study = Study.model_validate_json(text)
    return job(study), is_compiled(study)


class Here:
    """No pool: a block is run where it is submitted."""

    abreast = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, text: str, block: Block) -> Future[Runs]:
        """The figures, at once."""
        future: Future[Runs] = Future()
        try:
            future.set_result(simulated(text, block))
        except Exception as error:  # noqa: BLE001 - it is raised where the figures are asked for
            future.set_exception(error)
        return future

    def finished(self, futures: Collection[Future[Runs]]) -> Finished:
        """All."""
        return set(futures)

    def is_lost(self, _: BaseException) -> bool:
        """Never: with this process all is gone."""
        return False


class Threads(Here):
    """Threads of this process."""

    def __init__(self, workers: int) -> None:
        self.abreast = 2 * workers
        self._executor = ThreadPoolExecutor(workers)

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def submit(self, text: str, block: Block) -> Future[Runs]:
        """In the next thread that is free."""
        return self._executor.submit(simulated, text, block)

    def finished(self, futures: Collection[Future[Runs]]) -> Finished:
        """The first that are."""
        return wait(futures, return_when=FIRST_COMPLETED).done


class Processes(Threads):
    """Processes of this machine, of which one that ends takes down the others; new ones take their place."""

    def __init__(self, workers: int) -> None:
        self.abreast, self._workers = 2 * workers, workers
        self._futures: list[Future[Runs]] = []

    def __exit__(self, *_: object) -> None:
        if not all(future.done() for future in self._futures):
            self._pool().shutdown(kill_workers=True)

    def submit(self, text: str, block: Block) -> Future[Runs]:
        """In the next process that is free."""
        future: Future[Runs]
        try:
            future = self._pool().submit(simulated, text, block)
        except BrokenExecutor:  # found out while it was given something
            future = self._pool().submit(simulated, text, block)
        self._futures = [*(one for one in self._futures if not one.done()), future]
        return future

    def is_lost(self, error: BaseException) -> bool:
        """Where a process was ended, all that were given something lose it."""
        return isinstance(error, BrokenExecutor)

    def _pool(self) -> Any:
        from loky import get_reusable_executor

        return get_reusable_executor(
            max_workers=self._workers, timeout=60, initializer=_end_with_parent, initargs=(os.getpid(),)
        )


def _end_with_parent(parent: int) -> None:
    """A worker leaves Ctrl-C to its parent; one whose parent was killed would wait for more work for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def default_workers() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
