"""Trials kept in a results folder: the same command again tries only what is missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.faults import Damaged

if TYPE_CHECKING:
    from sim.assumptions.trials import Trial, Try
    from sim.executors import Workers
    from sim.folder import Folder
    from sim.runs import Runs


def kept_in(folder: Folder, workers: Workers | None) -> Try:
    """Tries whose sums are files of the folder."""
    from experiments.progress import Progress
    from sim.assumptions.trials import tried
    from sim.runs.storage import write_runs

    def tries(trials: Sequence[Trial]) -> list[Runs]:
        paths = [_path(folder, trial) for trial in trials]
        found = {path: runs for path in dict.fromkeys(paths) if (runs := _read(folder, path)) is not None}
        todo = dict(zip(paths, trials, strict=True))
        missing = [(path, trial) for path, trial in todo.items() if path not in found]
        total = sum(trial.last - trial.first for trial in todo.values())
        left = sum(trial.last - trial.first for _, trial in missing)
        with Progress(total, total - left, log=folder.log) as progress:

            def done(number: int, runs: Runs) -> None:
                path, trial = missing[number]
                folder.write(path, lambda beside: write_runs(beside, trial.first, runs))
                found[path] = runs
                progress.advance(trial.last - trial.first, trial.study.label)

            tried([trial for _, trial in missing], workers, done)
        return [found[path] for path in paths]

    return tries


def _path(folder: Folder, trial: Trial) -> Path:
    from sim.folder import PARTS, study_key

    return folder.path / PARTS / f"{study_key(trial.study)}-{trial.first:06d}-{trial.last:06d}.sums"


def _read(folder: Folder, path: Path) -> Runs | None:
    """The sums of an earlier run; None where there are none, or none that can be read."""
    from sim.runs.storage import Part

    if not path.exists():
        return None
    try:
        return Part.checked(path).runs()
    except Damaged:
        print(f"damaged, done again: {path}", file=sys.stderr)
        folder.log(f"damaged, done again: {path.name}")
        return None
