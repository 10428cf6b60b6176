"""What a search has simulated so far: asked again, it only runs what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.faults import BadInput, Fault
from sim.running import DAYS, Block, default_workers, simulate_blocks, stretches
from sim.runs import Runs, gathered
from sim.search.systems import kept
from sim.study import Study

Done = Callable[[Block, Runs], None]


class Simulations:
    """Runs of studies by their number. ``done`` is told of each finished block, with all of its figures."""

    def __init__(self, studies: Sequence[Study], workers: int | None = None, done: Done | None = None) -> None:
        self.studies, self.workers, self.done = list(studies), workers or default_workers(), done
        self._parts: dict[tuple[int, bool], list[tuple[int, Runs]]] = {}

    def add(self, number: int, first: int, runs: Runs, *, whole: bool) -> None:
        """Some runs that there are; those of an answer are kept ``whole``."""
        own = runs if whole else kept(self.studies[number], runs)
        self._parts.setdefault((number, whole), []).append((first, own))

    def missing(self, wanted: Mapping[int, Study], first: int) -> list[Block]:
        """What is to be run of some studies so that each has its replications, counted from ``first``."""
        found = []
        for number, study in wanted.items():
            have = {n for start, runs in self._of(number, first) for n in range(start, start + len(runs))}
            lacking = [n for n in range(first, first + study.replications) if n not in have]
            found += [Block(number, *span) for span in stretches(lacking, max(DAYS // study.base.days, 1))]
        return found

    def _of(self, number: int, first: int) -> list[tuple[int, Runs]]:
        return self._parts.get((number, first > 0), [])

    def __call__(self, wanted: Mapping[int, Study], first: int) -> dict[int, Runs]:
        """The runs of some studies, each of so many replications as it wants, counted from ``first``."""

        def done(block: Block, runs: Runs) -> None:
            self.add(block.study, block.first, runs, whole=first > 0)
            if self.done:
                self.done(block, runs)

        def failed(number: int, reason: str) -> None:
            raise BadInput([Fault(self.studies[number].label, "", f"could not be run: {reason}")])

        simulate_blocks(self.studies, self.missing(wanted, first), done, failed, self.workers)
        return {number: self._runs(number, study.replications, first) for number, study in wanted.items()}

    def _runs(self, number: int, replications: int, first: int) -> Runs:
        return gathered([(start - first, runs) for start, runs in self._of(number, first)], replications)
