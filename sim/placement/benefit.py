"""What one more official is worth at a center, by simulation on common random numbers.

The benefit is the fall of the minutes that all its citizens wait together, on average over replications that the
comparison does not use: who chooses and judges by the same runs finds every choice better than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.faults import BadInput, Fault
from sim.running import Block, default_workers, simulate_blocks
from sim.runs import Runs
from sim.study import Study

Given = tuple[int, int]
"""A center, by its place in the list, and how many officials it has been given."""


class Waits:
    """Minutes waited, by center and officials given; simulated when first asked for.

    ``study`` gives the study of a center with so many officials more. The replications are those after the study's.
    """

    def __init__(self, study: Callable[[int, int], Study], workers: int | None) -> None:
        self._study, self._workers = study, workers
        self._minutes: dict[Given, float] = {}

    def look(self, wanted: Sequence[Given]) -> None:
        """Simulates what is not known, in parallel."""
        todo = [given for given in dict.fromkeys(wanted) if given not in self._minutes]
        minutes = _waited([self._study(*given) for given in todo], self._workers)
        self._minutes.update(zip(todo, minutes, strict=True))

    def gain(self, center: int, given: int) -> float:
        """Minutes of waiting in a run of its days that one more official takes away."""
        self.look([(center, given), (center, given + 1)])
        return self._minutes[center, given] - self._minutes[center, given + 1]

    def rises(self) -> tuple[int, int]:
        """How often a gain is larger than the one before, of how many pairs looked at: 0 for a concave benefit.

        Where it is 0 the greedy choice is the best of all by these runs (Fox 1966); where it is not, two officials
        may be worth more than one here and one there, which the greedy choice does not see.
        """
        pairs = [(n, k) for n, k in self._minutes if (n, k + 1) in self._minutes and (n, k + 2) in self._minutes]
        return sum(self.gain(n, k + 1) > self.gain(n, k) for n, k in pairs), len(pairs)


def _waited(studies: Sequence[Study], workers: int | None) -> list[float]:
    """Minutes waited in a replication, on average over as many as a study has, those after its own. Raises BadInput."""
    found: dict[int, float] = {}

    def done(block: Block, runs: Runs) -> None:
        found[block.study] = float(runs.pair(("wait_mean", "all"))[0].mean())

    def failed(number: int, reason: str) -> None:
        raise BadInput([Fault(studies[number].label, "", f"could not be run: {reason}")])

    todo = [Block(n, study.replications, 2 * study.replications) for n, study in enumerate(studies)]
    simulate_blocks(studies, todo, done, failed, workers or default_workers())
    return [found[n] for n in range(len(studies))]
