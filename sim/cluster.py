"""Other machines: a scheduler of dask.distributed, found by its address, and the workers that it has.

The scheduler gives what a lost worker had to another one. A block whose workers are lost again and again it gives back,
and then it is run alone (:mod:`sim.dispatch`). Workers must run the same version of the program: the hash of its
sources travels with each block.
"""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import cache, partial
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, Self

from sim.executors import Elsewhere, Finished, reason_of, simulated
from sim.faults import BadInput, Fault, Unreachable
from sim.launch import Launch
from sim.running import Block
from sim.runs import Runs
from sim.sources import sources_hash

if TYPE_CHECKING:
    from distributed import Client

CONNECTING = 10.0
"""Seconds in which a scheduler must answer."""
WITHOUT_WORKERS = 120.0
"""Seconds for which all workers may be gone: a cluster may be starting, or starting them anew."""
LOOK = 2.0
"""Seconds between looks at which workers there are."""


class Cluster:
    """The workers of a scheduler, as a pool: so many blocks are given to it that no worker is ever without one."""

    def __init__(self, where: str | Launch) -> None:
        """BadInput where nobody answers there, or a worker runs another version."""
        self._where, self._client = where, _client(where)
        self._executor = self._client.get_executor(pure=False)
        self._looked = self._had = time.monotonic()
        self._threads = _threads(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False)

    @property
    def abreast(self) -> int:
        """Two for each thread of all workers."""
        self._look()
        return 2 * max(self._threads, 1)

    def submit(self, text: str, block: Block) -> Future[Runs]:
        """By the worker that the scheduler chooses."""
        future: Future[Runs] = Future()
        there = self._executor.submit(simulated_there, text, block, sources_hash())
        there.add_done_callback(partial(self._came, future))
        return future

    def _came(self, future: Future[Runs], there: Future[Runs | str]) -> None:
        """Hands over what came back; what was canceled was so because the scheduler is gone."""
        error = self._gone() if there.cancelled() else there.exception()
        if error is None:
            came = there.result()
            if isinstance(came, Runs):
                future.set_result(came)
                return
            error = Elsewhere(came)
        future.set_exception(error)

    def _gone(self) -> Unreachable:
        return Unreachable(f"workers: {_named(self._where)}: the scheduler is gone")

    def finished(self, futures: Collection[Future[Runs]]) -> Finished:
        """The first that are. Raises Unreachable where the scheduler is gone, or all workers are for long."""
        while True:
            done = wait(futures, timeout=LOOK, return_when=FIRST_COMPLETED).done
            if done:
                return done
            if self._client.status != "running":
                raise self._gone()
            self._look()

    def is_lost(self, error: BaseException) -> bool:
        """Whether the scheduler gave a block back because its workers were lost again and again."""
        from distributed.scheduler import KilledWorker

        return isinstance(error, KilledWorker)

    def _look(self) -> None:
        """Which workers there are now, every few seconds."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked, self._threads = now, _threads(self._client)
        if self._threads:
            self._had = now
        elif isinstance(self._where, str) and now - self._had > WITHOUT_WORKERS:  # jobs may stand in a queue for long
            raise Unreachable(f"workers: {self._where}: there has been no worker for {WITHOUT_WORKERS:.0f} s")


def simulated_there(text: str, block: Block, sources: str) -> Runs | str:
    """The figures of a block, of a study as text, or why there are none.

    Nothing is raised: an exception that the other side cannot read would never arrive.
    """
    if sources != sources_hash():
        return "a worker runs another version of the program"
    try:
        return simulated(text, block)
    except Exception as error:  # noqa: BLE001 - it is told where the study was asked for
        return reason_of(error)


def _named(where: str | Launch) -> str:
    return where if isinstance(where, str) else f"{where.jobs} jobs of {where.kind}"


@cache
def _client(where: str | Launch) -> Client:
    """The connection to a scheduler, kept until the process ends; jobs that were started end then, too."""
    try:
        from distributed import Client
    except ImportError:
        wanted = "wanted the packages for a cluster: pip install 'motcua[cluster]'"
        raise BadInput([Fault("workers", _named(where), wanted)]) from None
    try:
        there = where if isinstance(where, str) else _started(where)
        client = Client(there, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        wanted = f"wanted a scheduler that answers: {str(error).splitlines()[0]}"
        raise BadInput([Fault("workers", _named(where), wanted)]) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is told by who asked for it
    atexit.register(client.close)
    _refuse_other_versions(client, _named(where))
    return client


def _started(launch: Launch) -> Any:
    """A scheduler in this process, and the jobs that were asked for; what they print goes nowhere."""
    from dask_jobqueue.slurm import SLURMCluster

    cluster = SLURMCluster(
        cores=launch.cores,
        memory=launch.memory,
        processes=1,
        walltime=launch.walltime,
        queue=launch.queue,
        account=launch.account,
        interface=launch.interface,
        local_directory=gettempdir(),
        job_extra_directives=["--output=/dev/null", "--error=/dev/null"],
        scheduler_options={"dashboard": False},
    )
    atexit.register(cluster.close)
    cluster.scale(jobs=launch.jobs)
    return cluster


def _refuse_other_versions(client: Client, address: str) -> None:
    """BadInput where a worker that is there cannot run this version."""
    wanted = f"wanted workers with this version of the program (sources {sources_hash()[:8]})"
    for worker, said in client.run(sources_hash, on_error="return").items():
        if said != sources_hash():
            found = f"sources {said[:8]}" if isinstance(said, str) else str(said)
            raise BadInput([Fault("workers", address, f"{wanted}; {worker} has {found}")])


def _threads(client: Client) -> int:
    """Threads of all workers that a scheduler has; none where it does not answer."""
    try:
        there: dict[str, int] = client.nthreads()
    except OSError:
        return 0
    return sum(there.values())
