"""What has been simulated so far of studies that are known only as the work goes: asked again, it runs what is missing.

Which study is asked for next may depend on what was found, as in a search or where officials are placed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sim.dispatch import simulate_blocks
from sim.executors import Workers, default_workers
from sim.faults import BadInput, Fault
from sim.running import DAYS, Block, stretches
from sim.runs import Runs, gathered
from sim.study import Study
from sim.summary import QUANTILES

FRESH = 1 << 23
"""The first of the replications on which an answer is confirmed: nothing else looks at them. They are kept whole."""

Part = tuple[int, Runs]
"""The number of the first replication, and it and those after it."""
Done = Callable[[Block, Runs], None]
Simulated = Callable[[Mapping[int, Study], int], Mapping[int, Runs]]
"""Studies by their number, each with the replications it wants, and the number of the first: their runs."""


def nothing(_: int) -> Iterable[Part]:
    """What was there before, where nothing is kept."""
    return ()


class Simulations:
    """Runs of studies by their number.

    ``done`` is told of each finished block, with all of its figures; ``before`` is asked once for each study what
    there was of it already.
    """

    def __init__(
        self,
        studies: Mapping[int, Study],
        workers: Workers | None = None,
        done: Done | None = None,
        before: Callable[[int], Iterable[Part]] = nothing,
    ) -> None:
        """``studies``: those known at first; one that is asked for later is known from then on."""
        self.studies, self.workers = dict(studies), workers or default_workers()
        self.done, self.before = done, before
        self._parts: dict[int, list[Part]] = {}

    def missing(self, wanted: Mapping[int, Study], first: int) -> list[Block]:
        """What is to be run of some studies so that each has its replications, counted from ``first``."""
        found = []
        for number, study in wanted.items():
            parts = self._of(number, study)
            have = {n for start, runs in parts for n in range(start, start + len(runs))}
            lacking = [n for n in range(first, first + study.replications) if n not in have]
            found += [Block(number, *span) for span in stretches(lacking, max(DAYS // study.base.days, 1))]
        return found

    def _of(self, number: int, study: Study) -> list[Part]:
        """The parts that there are of a study."""
        own = self.studies.setdefault(number, study)
        if number not in self._parts:
            self._parts[number] = [(first, _in_memory(own, first, runs)) for first, runs in self.before(number)]
        return self._parts[number]

    def __call__(self, wanted: Mapping[int, Study], first: int) -> dict[int, Runs]:
        """The runs of some studies, each of so many replications as it wants, counted from ``first``."""

        def done(block: Block, runs: Runs) -> None:
            study = self.studies[block.study]
            self._parts[block.study].append((block.first, _in_memory(study, block.first, runs)))
            if self.done:
                self.done(block, runs)

        def failed(number: int, reason: str) -> None:
            raise BadInput([Fault(self.studies[number].label, "", f"could not be run: {reason}")])

        simulate_blocks(self.studies, self.missing(wanted, first), done, failed, self.workers)
        return {number: self._runs(number, study.replications, first) for number, study in wanted.items()}

    def _runs(self, number: int, replications: int, first: int) -> Runs:
        return gathered([(start - first, runs) for start, runs in self._parts[number]], replications)


def _in_memory(study: Study, first: int, runs: Runs) -> Runs:
    return runs if first >= FRESH else kept(study, runs)


def kept(study: Study, runs: Runs) -> Runs:
    """Of some runs what verdicts and sums need: a thousand ways of running a center are in memory at once."""
    wanted = {"all", *(target.scope for target in study.targets.items)}
    has_quantiles = any(target.metric in QUANTILES for target in study.targets.items)
    columns = [n for n, (_, scope) in enumerate(runs.keys) if scope in wanted]
    cells = {scope: own for scope, own in runs.cells.items() if scope in wanted or scope == "received"}
    none = runs.waits.rows(slice(0))
    return replace(
        runs,
        keys=tuple(runs.keys[n] for n in columns),
        numerators=runs.numerators[:, columns],
        denominators=runs.denominators[:, columns],
        cells=cells if has_quantiles else {},
        waits=runs.waits if has_quantiles else none,
        curves={},
    )
