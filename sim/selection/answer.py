"""Which of several ways of running a center is the best, and its figures on replications without part in the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.result import Result
from sim.selection.abreast import abreast
from sim.selection.budgeted import budgeted
from sim.selection.course import Course
from sim.selection.question import Question
from sim.simulations import FRESH, Simulated
from sim.statistics import PairedDifference, paired_difference
from sim.study import Study


@dataclass(frozen=True, eq=False)
class Selection:
    """The choice and, on fresh replications on the same citizens, every scenario and how it differs from the lead.

    The estimate of the one chosen is biased by the choice, and so are those of the ones that left; these are not.
    """

    studies: Sequence[Study]
    course: Course
    results: Mapping[int, Result]

    @property
    def lead(self) -> int:
        """The best, or, where none is, the one ahead of those inside."""
        return self.course.order[0]

    @property
    def is_sure(self) -> bool:
        """Whether the best, or one as good, is shown with the stated confidence."""
        chance = self.course.probability
        return self.course.best is not None and (chance is None or chance[1] >= self.studies[0].confidence)

    @property
    def runner_up(self) -> int:
        """The one nearest to the lead, on the replications of the choice."""
        return min((n for n in self.course.order if n != self.lead), key=self.course.behind)

    @property
    def alike(self) -> list[int]:
        """Those that differ from the lead by no more than does not matter."""
        return [n for n in self.course.order if n != self.lead and self.is_alike(n)]

    def difference(self, number: int) -> PairedDifference:
        """The figure of a scenario less that of the lead."""
        key = self.course.question.key
        pairs = [self.results[n].runs.pair(key) for n in (number, self.lead)]
        return paired_difference(*pairs[0], *pairs[1], self.studies[0].confidence)

    def is_alike(self, number: int) -> bool:
        """Whether a scenario differs from the lead by no more than does not matter: the whole interval says so."""
        estimate, within = self.difference(number).estimate, self.course.question.within
        if estimate.lower is None or estimate.upper is None:
            return False
        return -within <= estimate.lower and estimate.upper <= within


def select(studies: Sequence[Study], asked: Question, simulated: Simulated, budget: int | None = None) -> Selection:
    """The best by a race on the same citizens, or, with a ``budget`` of replications, by its allocation.

    Then all are looked at once, on the studies' number of fresh replications.
    """
    course = abreast(studies, asked, simulated) if budget is None else budgeted(studies, asked, simulated, budget)
    fresh = {number: study.model_copy(update={"stopping": None, "looks": ()}) for number, study in enumerate(studies)}
    runs = simulated(fresh, FRESH)
    return Selection(studies, course, {number: Result(study, runs[number]) for number, study in fresh.items()})
