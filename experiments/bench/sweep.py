"""Ten thousand replications kept in a folder: ``python -m experiments.bench.sweep``, which says what that takes.

A small center for two weeks, on one thread. Each block of replications is simulated twice, once kept and once not, and
neighbors in turns. Only what the store costs is compared: what goes on before and after is the same in both.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sim.dispatch import simulate_blocks
from sim.door import load
from sim.folder import Folder
from sim.running import Block, blocks
from sim.runs import Runs
from sim.runs.storage import Part
from sim.runs.stored import StoredRuns
from sim.study import Study
from sim.summary import summarize

WORDS = ("center=phuc_hoa", "days=14", "engine=compiled")
ROUNDS, FIRST = 10, 100


class Sweep(NamedTuple):
    """What a process found.

    CPU seconds of each round kept and not kept; bytes of memory that became more from the ``FIRST`` replication to the
    last; CPU seconds in which all figures are read back and judged; bytes on the disk.
    """

    kept: Sequence[float]
    not_kept: Sequence[float]
    growth: float
    judged: float
    disk: float


def swept(replications: int, folder: Path) -> Sweep:
    """So many replications in a folder that is not there yet; compiled code is loaded before."""
    study = load([*WORDS, f"replications={replications}"])
    todo = blocks([study], lambda *_: False)
    parts: list[Part] = []
    sizes: list[tuple[int, int]] = []
    with Folder(folder, [study]) as own:

        def keep(block: Block, runs: Runs) -> None:
            parts.append(own.keep(block, runs))
            sizes.append((block.last, _resident()))

        _seconds(study, todo[:1], [nothing])
        in_turns = [(keep, nothing)[nth % 2] for nth in range(len(todo) + 1)]
        first, second = _seconds(study, todo, in_turns), _seconds(study, todo, in_turns[1:])
        each = [(b, a) if nth % 2 else (a, b) for nth, (a, b) in enumerate(zip(first, second, strict=True))]
    began = time.process_time()
    summarize(study, StoredRuns(parts, replications))
    judged = time.process_time() - began
    at_first = next((size for last, size in sizes if last >= FIRST), sizes[-1][1])
    disk = sum(part.path.stat().st_size for part in parts)
    kept, not_kept = zip(*_rounds(each), strict=True)
    return Sweep(kept, not_kept, sizes[-1][1] - at_first, judged, disk)


def _rounds(each: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The seconds of all blocks of a round, kept and not kept."""
    ends = [len(each) * nth // ROUNDS for nth in range(ROUNDS + 1)]
    for first, last in pairwise(ends):
        kept, not_kept = zip(*each[first:last], strict=True)
        yield sum(kept), sum(not_kept)


def nothing(_block: Block, _runs: Runs) -> None:
    """Keeps nothing."""


def _seconds(study: Study, some: list[Block], what: Sequence[Callable[[Block, Runs], None]]) -> list[float]:
    """CPU seconds of each block, what is done with it included."""
    ends = [time.process_time()]

    def done(block: Block, runs: Runs) -> None:
        what[len(ends) - 1](block, runs)
        ends.append(time.process_time())

    simulate_blocks([study], some, done, _failed, workers=1)
    return [two - one for one, two in pairwise(ends)]


def _failed(_: int, reason: str) -> None:
    raise RuntimeError(reason)


def _resident() -> int:
    """Bytes in memory now, on Linux; elsewhere the peak so far, which is no less."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    with TemporaryDirectory() as root:
        print(json.dumps(swept(int(sys.argv[1]), Path(root) / "sweep")))
