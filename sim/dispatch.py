"""Blocks of replications given to pools, and their figures handed over as they are finished.

A study that cannot be run fails by itself. A block whose worker was lost is run again, alone and after all others; one
that loses its worker then, too, is left out and told: it is what ends workers, and nothing else is lost with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future

from sim.executors import Here, Pool, Processes, Threads, Workers, reason_of, text_of
from sim.faults import Unreachable
from sim.running import Block, may_be_compiled
from sim.runs import Runs
from sim.study import Study

Studies = Sequence[Study] | Mapping[int, Study]
"""By their numbers."""
Done = Callable[[Block, Runs], object]
Failed = Callable[[int, str], None]


def simulate_blocks(studies: Studies, todo: Sequence[Block], done: Done, failed: Failed, workers: Workers) -> None:
    """Runs blocks and hands over each as it is finished, the same for any workers.

    A study that cannot be run fails by itself: ``failed`` is called once, with its number and the reason, nothing
    more of it is handed over, and the others go on.
    """
    for pool, own in _pools(studies, todo, workers):
        with pool:
            dispatch = _Dispatch(pool, studies, done, failed)
            dispatch.run(own)
            dispatch.run_alone()


def _pools(studies: Studies, todo: Sequence[Block], workers: Workers) -> Iterator[tuple[Pool, Sequence[Block]]]:
    """Compiled studies first, in threads; the others in processes."""
    if not isinstance(workers, int):
        from sim.cluster import Cluster

        if todo:
            yield Cluster(workers), todo
        return
    in_threads = {number: may_be_compiled(studies[number]) for number in {block.study for block in todo}}
    for which, many in ((True, Threads), (False, Processes)):
        own = [block for block in todo if in_threads[block.study] == which]
        if own:
            yield (many(workers) if workers > 1 and len(own) > 1 else Here()), own


class _Dispatch:
    """One pool at work. ``_lost``: blocks that are to be run again."""

    def __init__(self, pool: Pool, studies: Studies, done: Done, failed: Failed) -> None:
        self._pool, self._studies, self._done, self._failed = pool, studies, done, failed
        self._wrong: set[int] = set()
        self._lost: list[Block] = []
        self._texts: dict[int, str] = {}

    def run(self, todo: Sequence[Block], abreast: int | None = None) -> None:
        """As many at once as the pool takes, or ``abreast``."""
        waiting, running = deque(todo), dict[Future[Runs], Block]()
        while waiting or running:
            while waiting and len(running) < (abreast or self._pool.abreast):
                block = waiting.popleft()
                if block.study not in self._wrong and (text := self._text(block.study)):
                    running[self._pool.submit(text, block)] = block
            for future in self._pool.finished(running) if running else ():
                self._ended(running.pop(future), future)

    def run_alone(self) -> None:
        """What was lost, one after the other; what is lost again is told."""
        lost, self._lost = self._lost, []
        for block in lost:
            self.run([block], abreast=1)
        for block in self._lost:
            self._fail(block.study, _ends_workers(block))

    def _text(self, number: int) -> str:
        if number not in self._texts:
            try:
                self._texts[number] = text_of(self._studies[number])
            except Exception as error:  # noqa: BLE001 - one scenario must not stop the others; it is reported
                self._fail(number, reason_of(error))
                return ""
        return self._texts[number]

    def _ended(self, block: Block, future: Future[Runs]) -> None:
        if block.study in self._wrong:
            return
        try:
            runs = future.result()
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - one scenario must not stop the others; it is reported
            if self._pool.is_lost(error):
                self._lost.append(block)
            else:
                self._fail(block.study, reason_of(error))
        else:
            self._done(block, runs)

    def _fail(self, number: int, reason: str) -> None:
        if number not in self._wrong:
            self._wrong.add(number)
            self._failed(number, reason)


def _ends_workers(block: Block) -> str:
    last = block.last - 1
    which = f"replication {last}" if block.first == last else f"replications {block.first} to {last}"
    return f"{which} ended the worker, and again when run alone; if memory ran out, run with fewer workers"
