"""``--dry-run``: what a command will take, said and nothing run or written; and what is refused for taking too much."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.foreseen import Foreseen, Work, foreseen
from experiments.progress import duration
from experiments.room import available, in_words
from sim.executors import default_workers
from sim.faults import BadInput, Fault
from sim.folder import Folder

if TYPE_CHECKING:
    from experiments.options import Options
    from sim.study import Study

SHARE = 0.8
"""Of the memory that is available, what a run may take unless told otherwise."""
SAFELY = 4
"""What is foreseen by rates to take so many times less than it may is neither tried nor refused."""


def first_looks(studies: Sequence[Study]) -> tuple[int, int]:
    """How many replications a study has at its first look, and at its last: the most of all studies."""
    looks = [(own.stopping.first, own.stopping.most) if own.stopping else (own.replications,) * 2 for own in studies]
    return max(first for first, _ in looks), max(most for _, most in looks)


def foreseen_only(work: Work, options: Options) -> bool:
    """Whether what was asked is done when it is said what the work will take, as it is for ``--dry-run``.

    Raises BadInput where it will take more memory or time than it may.
    """
    if not options.dry_run and not _beyond(work, foreseen(work, tries=False), options, SAFELY):
        return False
    folder = Folder(work.path, work.studies, work.together)
    folder.refuse_what_is_not_ours()
    work = replace(work, finished=[_finished(folder, number, work.most) for number in range(len(work.studies))])
    if options.dry_run:
        print(said(work, options))
        return True
    faults = _beyond(work, foreseen(work, tries=True), options)
    if faults:
        raise BadInput(faults)
    return False


def _finished(folder: Folder, number: int, most: int) -> int:
    """How many of the first replications of a study are there and whole; nothing is set aside."""
    parts, _ = folder.looked_through(folder.keys[number])
    return len({n for part in parts for n in range(part.first, min(part.first + len(part), most))})


def _beyond(work: Work, found: Foreseen, options: Options, times: int = 1) -> list[Fault]:
    """What is foreseen to be above a limit when it is taken so many times.

    Where it depends on what is found, the most counts; but of a search or a selection what it takes at least, for
    nearly all that is looked at is ruled out early, and only sums of it are kept.
    """
    faults, counts = [], found.least if work.table else found.most
    room, of = options.memory, ""
    if room is None:
        room, of = SHARE * available(), f", {SHARE:.0%} of what is available"
    if times * counts.memory > room:
        wanted = f"{in_words(counts.memory)} foreseen, more than {in_words(room)}{of}: memory=none lifts the limit"
        faults.append(Fault("memory", "", wanted))
    here = options.workers is None or isinstance(options.workers, int)  # how fast others are is not known
    if here and times * counts.wall > 3600 * options.hours:
        wanted = f"{duration(counts.wall)} foreseen, more than {options.hours:g} hours: hours=none lifts the limit"
        faults.append(Fault("hours", "", wanted))
    return faults


def _about(found: Foreseen, what: str) -> str:
    """An amount in words, "at most" where it depends on what is found."""
    least, most = (getattr(one, what) for one in (found.least, found.most))
    words = in_words if what in ("memory", "disk") else duration
    return f"{words(least)} to at most {words(most)}" if words(least) != words(most) else words(most)


def said(work: Work, options: Options) -> str:
    """The lines of a dry run."""
    found = foreseen(work, tries=True)
    workers, done = options.workers or default_workers(), sum(work.finished)
    on = f"{workers} workers" if isinstance(workers, int) else f"{default_workers()} workers here, other machines apart"
    rows = [
        (work.what, f"{len(work.studies)}"),
        ("replications", f"{_replications(work)}; {done} are finished in the folder already"),
        ("visits", f"about {_counted(found)} to simulate"),
        ("engine", " and ".join(found.engines)),
        ("time", f"{_about(found, 'cpu')} of CPU time, {_about(found, 'wall')} on {on}"),
        ("memory", _about(found, "memory")),
        ("disk", f"{_about(found, 'disk')} more, {in_words(_free(work.path))} are free there"),
        ("results", f"{work.path}{'' if work.path.exists() else ', which is not there yet'}"),
        *([("then", work.then)] if work.then else []),
        ("estimated", _by(found, len(work.studies))),
        *(
            ("cannot be run", f"{label}: more people come in a half-hour than can be told apart")
            for label in found.crowded
        ),
        *((f"refused: {fault.key}", fault.wanted) for fault in _beyond(work, found, options)),
    ]
    return "\n".join(["nothing is run or written:", *(f"  {name:13} {text}" for name, text in rows)])


def _replications(work: Work) -> str:
    if work.first == work.most:
        return f"{work.first} of each, {work.first * len(work.studies)} in all"
    return f"{work.first} of each at the first look, at most {work.most}"


def _counted(found: Foreseen) -> str:
    least, most = (f"{one.visits:,.0f}" for one in (found.least, found.most))
    return least if least == most else f"{least} to at most {most}"


def _by(found: Foreseen, studies: int) -> str:
    """Where the estimate is from."""
    if found.tried:
        return f"a moment of {found.tried} of {studies} was run in memory; tables and charts by documented rates"
    return "by documented rates: a trial would take too long, or the engine is not compiled yet"


def _free(path: Path) -> float:
    """Bytes that are free where a folder is or will be."""
    there = next((parent for parent in (path.absolute(), *path.absolute().parents) if parent.is_dir()), None)
    return float(shutil.disk_usage(there).free) if there else inf
