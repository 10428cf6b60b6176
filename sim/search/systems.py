"""The ways of running a center among which is searched, each with what is known of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sim.intervals import Estimate
from sim.runs import Runs
from sim.runs.replications import Floats
from sim.simulations import kept
from sim.study import Study
from sim.summary import Summary, summarize
from sim.verdicts import AT_THE_THRESHOLD, judge_all

COST = "cost_per_day"
State = Literal["feasible", "near", "out", "open"]
"""All targets met; not decided, each target that is not met being at the threshold; a target missed; none of these."""


@dataclass(eq=False)
class System:
    """One way of running a center. ``strict`` is the study at the confidence with which it may be ruled out.

    ``known`` is what another one tells of it, see :mod:`sim.search.order`.
    """

    study: Study
    strict: Study
    runs: Runs | None = field(default=None, repr=False)
    known: Literal["feasible", "out", None] = None

    def look(self, runs: Runs) -> None:
        """Goes on with all replications so far."""
        self.runs = kept(self.study, runs)
        self.study = self.study.at(len(runs), self.study.looks)
        self.strict = self.strict.at(len(runs), self.strict.looks)
        for name in ("figures", "_shown", "_strictly"):
            self.__dict__.pop(name, None)

    @property
    def replications(self) -> int:
        """How many there are so far."""
        return len(self.runs) if self.runs is not None else 0

    @cached_property
    def figures(self) -> Summary:
        """Its estimates and verdicts at the stated confidence."""
        assert self.runs is not None
        return summarize(self.study, self.runs)

    @cached_property
    def _strictly(self) -> Summary:
        assert self.runs is not None
        return summarize(self.strict, self.runs)

    @property
    def state(self) -> State:
        """What is known of it; what its own replications decide comes before what another one tells."""
        own = self._shown if self.runs is not None else "open"
        return self.known if self.known is not None and own in ("open", "near") else own

    @cached_property
    def _shown(self) -> State:
        """By its own replications. It is ruled out by intervals that hold for all ways and targets together."""
        strict = self._strictly.verdicts
        if judge_all(strict) == "missed":
            return "out"
        if all(verdict.verdict == "met" for verdict in self.figures.verdicts):
            return "feasible"
        unmet = [verdict for verdict in strict if verdict.verdict != "met"]
        return "near" if all(verdict.reason == AT_THE_THRESHOLD for verdict in unmet) else "open"

    @property
    def looks_feasible(self) -> bool:
        """Whether its estimates, as they stand, keep all targets."""
        pairs = zip(self.study.targets.items, self.figures.verdicts, strict=True)
        return all(target.is_kept_by(verdict.estimate.value) for target, verdict in pairs)

    @property
    def cost(self) -> float:
        """Money a day, by the replications so far."""
        return self.figures.estimates[COST, "all"].value or 0.0

    def estimate(self, metric: str) -> Estimate:
        """Its figure in a metric of the whole center."""
        return self.figures.estimates[metric, "all"]

    def first(self, metric: str, replications: int) -> tuple[Floats, Floats]:
        """Numerators and denominators of a metric of the whole center in the first replications."""
        assert self.runs is not None
        over, under = self.runs.pair((metric, "all"))
        return over[:replications], under[:replications]
