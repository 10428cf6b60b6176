"""Trials kept in a results folder: the same command again tries only what is missing."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.runs import Bins, Runs

if TYPE_CHECKING:
    from sim.assumptions.trials import Trial, Try
    from sim.executors import Workers
    from sim.folder import Folder


def kept_in(folder: Folder, workers: Workers | None) -> Try:
    """Tries whose sums are files of the folder."""
    from experiments.progress import Progress
    from sim.assumptions.trials import tried

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
                folder.write(path, lambda beside: beside.write_text(_text(runs), encoding="ascii"))
                found[path] = runs
                progress.advance(trial.last - trial.first, trial.study.label)

            tried([trial for _, trial in missing], workers, done)
        return [found[path] for path in paths]

    return tries


def _path(folder: Folder, trial: Trial) -> Path:
    from sim.folder import PARTS, study_key

    return folder.path / PARTS / f"{study_key(trial.study)}-{trial.first:06d}-{trial.last:06d}.json"


def _text(runs: Runs) -> str:
    """Numbers as they are: they are read back to the bit."""
    sums = {"numerators": runs.numerators.tolist(), "denominators": runs.denominators.tolist()}
    return json.dumps({"keys": runs.keys, **sums})


def _read(folder: Folder, path: Path) -> Runs | None:
    """The sums of an earlier run; None where there are none, or none that can be read."""
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text(encoding="ascii"))
        keys = tuple((metric, scope) for metric, scope in said["keys"])
        sums = [np.array(said[name], float).reshape(-1, len(keys)) for name in ("numerators", "denominators")]
    except (OSError, ValueError, KeyError, TypeError):
        print(f"damaged, done again: {path}", file=sys.stderr)
        folder.log(f"damaged, done again: {path.name}")
        return None
    nobody = np.zeros(0, np.int32)
    return Runs(keys, sums[0], sums[1], {}, Bins(nobody, nobody, nobody, nobody), {})
