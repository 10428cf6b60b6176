"""Ten thousand replications kept in a folder: ``python -m experiments.bench.sweep``, which says what that takes.

A small center for two weeks, on one thread. Each thousand replications is simulated and kept, and simulated and not
kept, in turns. Only what the store costs is compared: what goes on before and after is the same in both.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

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

    kept: list[float]
    not_kept: list[float]
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

        _seconds(study, todo[:1], nothing)
        each = [_in_turns(study, some, keep, first=nth % 2 == 0) for nth, some in enumerate(_rounds(todo))]
    began = time.process_time()
    summarize(study, StoredRuns(parts, replications))
    judged = time.process_time() - began
    at_first = next((size for last, size in sizes if last >= FIRST), sizes[-1][1])
    disk = sum(part.path.stat().st_size for part in parts)
    return Sweep([one for one, _ in each], [two for _, two in each], sizes[-1][1] - at_first, judged, disk)


def _rounds(todo: list[Block]) -> Iterator[list[Block]]:
    ends = [len(todo) * nth // ROUNDS for nth in range(ROUNDS + 1)]
    yield from (todo[first:last] for first, last in pairwise(ends))


def _in_turns(study: Study, some: list[Block], keep: Callable[[Block, Runs], None], *, first: bool) -> list[float]:
    """The seconds of a round kept, and not kept, in this order if ``first``."""
    found = [_seconds(study, some, done) for done in ((keep, nothing) if first else (nothing, keep))]
    return found if first else found[::-1]


def nothing(_block: Block, _runs: Runs) -> None:
    """Keeps nothing."""


def _seconds(study: Study, some: list[Block], done: Callable[[Block, Runs], Any]) -> float:
    began = time.process_time()
    simulate_blocks([study], some, done, _failed, workers=1)
    return time.process_time() - began


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
