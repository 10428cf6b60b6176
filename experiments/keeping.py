"""Simulations whose finished blocks are files of a results folder: the same command again runs what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from experiments.held import say_damaged, stop_if_asked

if TYPE_CHECKING:
    from sim.executors import Workers
    from sim.folder import Folder
    from sim.running import Block
    from sim.runs import Runs
    from sim.simulations import Part, Simulations
    from sim.study import Study

Told = Callable[[int, str], None]


def kept_in(
    folder: Folder, studies: Mapping[int, Study], workers: Workers | None, told: Callable[[int, str], None]
) -> Simulations:
    """``told``: how many replications more are finished and kept, and of which study by its label.

    Damaged parts are told, set aside and done again.
    """
    from sim.folder import study_key
    from sim.simulations import Simulations

    @cache
    def key(number: int) -> str:
        return study_key(found.studies[number])

    def before(number: int) -> list[Part]:
        parts, damaged = folder.kept_by(key(number))
        say_damaged(folder, damaged)
        return [(part.first, part.runs()) for part in parts]

    def done(block: Block, runs: Runs) -> None:
        folder.keep(block, runs, key(block.study))
        stop_if_asked()
        told(len(runs), found.studies[block.study].label)

    found = Simulations(studies, workers, done, before)
    return found
