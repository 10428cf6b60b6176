"""How one of several scenarios was chosen: when each left, what beat it, and the replications that were looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.faults import BadInput, Fault
from sim.looks import Stopping
from sim.runs import Runs
from sim.runs.replications import Floats
from sim.selection.question import Question
from sim.study import Study

AT_FIRST = Stopping(first=20, growth=1.25, most=2000)
Pair = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class Course:
    """Scenarios by their number. ``inside``: those that may still be the best, one where that is decided.

    ``pairs``: numerators and denominators of the figure in the replications that each was looked at. ``left`` and
    ``by``: after how many each of the others left, and which beat it. ``probability``: of a budget, the least chance
    that the one inside is the best, and that it is, or is within what does not matter of it.
    """

    question: Question
    pairs: Mapping[int, Pair]
    inside: Sequence[int]
    left: Mapping[int, int]
    by: Mapping[int, int]
    probability: tuple[float, float] | None = None

    @property
    def best(self) -> int | None:
        """The one that is left, None while there are several."""
        return self.inside[0] if len(self.inside) == 1 else None

    def replications(self, number: int) -> int:
        """How many of a scenario were looked at."""
        return len(self.pairs[number][0])

    def figure(self, number: int) -> float:
        """Of those: a choice was made on them, which makes the figure of the best look too good."""
        over, under = self.pairs[number]
        return float(over.sum() / under.sum())

    def behind(self, number: int) -> float:
        """By how much a scenario is worse than the first; in a race on the replications that both were looked at."""
        over, under = self.pairs[self.order[0]]
        both = self.replications(number) if self.probability is None else len(over)
        return self.question.sign * (self.figure(number) - float(over[:both].sum() / under[:both].sum()))

    @cached_property
    def order(self) -> list[int]:
        """The best first: those inside by their figures, then those that left, the last one first."""
        sign = self.question.sign
        return sorted(self.pairs, key=lambda n: (n not in self.inside, -self.left.get(n, 0), sign * self.figure(n), n))


def pairs_of(studies: Mapping[int, Study], runs: Mapping[int, Runs], asked: Question) -> dict[int, Pair]:
    """The figure in some runs, by number. BadInput where there is nobody to measure."""
    found = {number: own.pair(asked.key) for number, own in runs.items()}
    empty = [number for number, (_, under) in found.items() if not under.sum() > 0]
    if empty:
        raise BadInput([Fault("metric", asked.metric, f"{studies[n].label} has nobody to measure") for n in empty])
    return found
