"""The cheapest way of running a center that keeps every target, found with a stated confidence.

What is claimed: with the stated confidence the answer keeps all targets, shown on replications that had no part in its
choice; and with the stated confidence nothing that clearly keeps them, by more than the zone in which a difference
does not matter, is cheaper. Feasibility comes first, as in procedures for constrained selection (Andradóttir and Kim
2010, Nav. Res. Logist. 57, 403-421): ways of running it are looked at again and again, each look paid for
(:mod:`sim.looks`), until each that is cheaper than the cheapest feasible one is ruled out, or at the threshold.
All run on the same citizens. Where it is a theorem that one way is never worse than another, what is found of one
is known of the other (:mod:`sim.search.order`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.faults import BadInput, Fault
from sim.looks import Stopping
from sim.result import Result
from sim.search.frontier import Step, efficient, steps
from sim.search.labels import short_labels
from sim.search.order import Order, order
from sim.search.systems import State, System
from sim.simulations import FRESH, Simulated
from sim.study import Study
from sim.summary import QUANTILES

AT_FIRST = Stopping(first=10, growth=2.0, most=640)
CONFIRMATION = Stopping(first=30, growth=1.5, most=5000)


@dataclass(eq=False)
class Search:
    """Ways of running a center, and what was found of them. ``confirmed``: those tried on fresh replications."""

    systems: list[System]
    schedule: Stopping
    order: Order
    confirmed: dict[int, Result] = field(default_factory=dict)
    answer: int | None = None

    def numbers(self, *states: State) -> list[int]:
        """The systems in one of some states that were looked at, the cheapest first."""
        found = [number for number in self.looked_at if self.systems[number].state in states]
        return sorted(found, key=lambda number: (self.systems[number].cost, number))

    @property
    def looked_at(self) -> list[int]:
        """All but those that were ruled out without a replication."""
        return [number for number, system in enumerate(self.systems) if system.runs is not None]

    @property
    def metric(self) -> str:
        """The figure that cost is set against: that of the first promise which is no guard."""
        items = self.systems[0].study.targets.items
        return next(
            (t.metric for t in items if t.scope == "all" and not t.guard and t.metric not in QUANTILES), "wait_mean"
        )

    @cached_property
    def names(self) -> list[str]:
        """What tells each from the others."""
        return short_labels([system.study.label for system in self.systems])

    @cached_property
    def efficient(self) -> list[int]:
        """Those that none beats in cost and figure at once, the cheapest first."""
        items = self.systems[0].study.targets.items
        upward = any(t.at_least is not None for t in items if t.metric == self.metric and t.scope == "all")
        return efficient(self.systems, self.looked_at, self.metric, lowest=not upward)

    @cached_property
    def steps(self) -> list[Step]:
        """From each efficient one to the next, paired."""
        return steps(self.systems, self.metric, self.efficient)

    @property
    def undecided(self) -> list[int]:
        """Those that would be cheaper and are not decided after as many replications as there may be."""
        return [number for number in self.cheaper if self.systems[number].state == "open"]

    @property
    def cheaper(self) -> list[int]:
        """Those that would be cheaper than the answer, or than nothing, and are not decided."""
        limit = self.systems[self.answer].cost if self.answer is not None else float("inf")
        return [number for number in self.numbers("open", "near") if self.systems[number].cost < limit]


def search(studies: Sequence[Study], simulated: Simulated) -> Search:
    """Searches among studies that differ in what a center may choose; see the words above.

    BadInput where there is nothing to choose from, or nothing is promised.
    """
    refuse(studies, [])
    schedule = studies[0].stopping or AT_FIRST
    found = Search([_system(study, len(studies), schedule) for study in studies], schedule, order(studies))
    while unseen := [n for n, system in enumerate(found.systems) if system.runs is None and system.known != "out"]:
        _look(found, found.order.middle(unseen), schedule.first, simulated)
    tried: set[int] = set()
    while (candidate := _candidate(found, tried, simulated)) is not None:
        tried.add(candidate)
        found.confirmed[candidate] = _confirmed(studies[candidate], candidate, len(tried), simulated)
        if found.confirmed[candidate].verdict == "met":
            found.answer = candidate
            break
    return found


def refuse(studies: Sequence[Study], faults: Sequence[Fault]) -> None:
    """BadInput, with ``faults``, where there is nothing to choose from, or nothing is promised."""
    wrong = list(faults)
    if len(studies) < 2:
        wrong.append(Fault("search", "one scenario", "wanted two or more to choose from: KEY=VALUE,VALUE"))
    if not all(study.targets.items for study in studies):
        wrong.append(Fault("targets", "", "promises nothing: wanted a target to keep"))
    if wrong:
        raise BadInput(wrong)


def _system(study: Study, among: int, schedule: Stopping) -> System:
    """With the level at which it is ruled out: one tail, shared by all systems and targets."""
    each = 1 - 2 * (1 - study.confidence) / (among * len(study.targets.items))
    paid = study.model_copy(update={"stopping": schedule})
    return System(paid, paid.model_copy(update={"confidence": max(each, study.confidence)}))


def _look(found: Search, numbers: Sequence[int], replications: int, simulated: Simulated) -> None:
    wanted = {n: found.systems[n].study.model_copy(update={"replications": replications}) for n in numbers}
    for number, runs in simulated(wanted, 0).items():
        found.systems[number].look(runs)
    for number in found.order.above_any(found.numbers("feasible")):
        found.systems[number].known = "feasible"
    for number in found.order.below_any(found.numbers("out")):
        found.systems[number].known = "out"


def _candidate(found: Search, tried: set[int], simulated: Simulated) -> int | None:
    """The cheapest that is feasible, once all that is cheaper is decided; None where there is none."""
    while True:
        feasible = [number for number in found.numbers("feasible") if number not in tried]
        undecided = _undecided(found, feasible[0] if feasible else None)
        if not undecided:
            return feasible[0] if feasible else None
        for replications in sorted({found.systems[number].replications for number in undecided}):
            alike = [number for number in undecided if found.systems[number].replications == replications]
            more = next(number for number in found.schedule.numbers() if number > replications)
            _look(found, alike, more, simulated)


def _undecided(found: Search, limit: int | None) -> list[int]:
    """Those to look at again: open, cheaper than the cheapest feasible one, and not looked at as often as may be.

    While nothing is feasible, these are the ones up to the cheapest whose estimates keep all targets, or all.
    """
    systems = found.systems
    waiting = [number for number in found.numbers("open") if systems[number].replications < found.schedule.most]
    if limit is not None:
        return [number for number in waiting if systems[number].cost < systems[limit].cost]
    promising = next((nth for nth, number in enumerate(waiting) if systems[number].looks_feasible), len(waiting) - 1)
    return waiting[: promising + 1]


def _confirmed(study: Study, number: int, attempt: int, simulated: Simulated) -> Result:
    """The study on fresh replications, until its targets are decided; each attempt spends half of the error left."""
    confidence = 1 - (1 - study.confidence) * 0.5**attempt
    one = study.model_copy(update={"confidence": confidence, "stopping": CONFIRMATION})
    numbers = CONFIRMATION.numbers()
    while True:
        one = one.at(next(numbers), one.looks)
        result = Result(one, simulated({number: one}, FRESH)[number])
        if result.verdict in ("met", "missed") or one.replications == CONFIRMATION.most:
            return result
