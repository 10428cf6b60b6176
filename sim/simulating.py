"""A study simulated in this process: all its replications, or as many as are enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.dispatch import simulate_blocks
from sim.executors import Workers, default_workers
from sim.faults import BadInput, Fault
from sim.result import Result
from sim.running import Block, blocks
from sim.runs import Runs, gathered
from sim.sequential import until_enough
from sim.study import Study

Progress = Callable[[int, int], None]


def simulate(study: Study, workers: Workers | None = None, progress: Progress | None = None) -> Result:
    """All replications of a study, on as many threads or processes as there are processors unless ``workers`` says.

    With ``study.stopping`` as many as are enough, see :mod:`sim.sequential`. ``progress`` is called with the
    replications done and to do, as far as is known. What cannot be run raises BadInput.
    """
    parts: list[tuple[int, Runs]] = []

    def more(wanted: Mapping[int, Study]) -> dict[int, Runs]:
        _simulate(wanted[0], parts, workers or default_workers(), progress)
        return {0: gathered(parts, wanted[0].replications)}

    return until_enough([study], more)[0]


def _simulate(study: Study, parts: list[tuple[int, Runs]], workers: Workers, progress: Progress | None) -> None:
    """Adds to ``parts`` what is missing of the replications of a study, each with the number of its first."""

    def done(block: Block, runs: Runs) -> None:
        parts.append((block.first, runs))
        if progress:
            progress(sum(len(part) for _, part in parts), study.replications)

    def failed(_: int, reason: str) -> None:
        raise BadInput([Fault(study.label or study.base.name, "", f"could not be run: {reason}")])

    have = {n for first, runs in parts for n in range(first, first + len(runs))}
    simulate_blocks([study], blocks([study], lambda _, n: n in have), done, failed, workers)
