"""Officials who are lent to a province: how many go to each of its centers, by four rules, and what that is worth.

* ``equal``: as many everywhere, what is left over to the first rows;
* ``by_need``: to the center whose load is highest above what its target permits (:func:`sim.placement.rules.need`);
* ``skill_gap``: in proportion to the work in fields without an official who suits; alike where there is no gap;
* ``by_benefit``: to the center where one more takes most waiting away (:class:`sim.placement.benefit.Waits`).

The last is greedy, and the best by the runs it looks at where each official at a center is worth no more than the one
before. That need not hold: a line that two would clear and one would not, a counter that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.centers import KEPT, Center, Change, Pair, Province, center_of, changes
from sim.faults import BadInput, Fault
from sim.intervals import Estimate
from sim.placement.benefit import Given, Waits
from sim.placement.rules import RULES, Urgency, alike, by_shares, limited, need, one_by_one, skill_gap
from sim.policies.reinforcements import MOST, Secondment
from sim.simulations import Simulated
from sim.statistics import ratio_estimate
from sim.study import Study

POLICY = "secondment"
NOBODY = "nobody"
COMPARED = ("wait_mean", "unserved_share", KEPT, "cost_per_day")
HOURS_A_DAY = 8


@dataclass(frozen=True, eq=False)
class Way:
    """What one rule gives: how many officials each center has, by name, and the province with them."""

    name: str
    given: dict[str, int]
    province: Province


@dataclass(frozen=True, eq=False)
class Placement:
    """The ways by name, that of nobody first; ``rises`` is of :meth:`sim.placement.benefit.Waits.rises`.

    ``lender_load``: that of the office that lends all of them; above 1 ``lender_backlog`` hours of its work are left
    undone a working day.
    """

    ways: dict[str, Way]
    rises: tuple[int, int]
    lender_load: float
    lender_backlog: float

    def changes(self, first: str = NOBODY) -> list[Change]:
        """What each way changes against one of them, paired, Holm-adjusted over the ways of a figure."""
        sums: dict[str, dict[str, Pair]] = {first: self.ways[first].province.sums}
        sums |= {name: way.province.sums for name, way in self.ways.items()}
        metrics = [metric for metric in COMPARED if metric in sums[first]]
        return changes(sums, metrics, self.ways[first].province.study.confidence)

    def worst(self, way: str) -> tuple[str, Estimate]:
        """The center with the longest mean wait: chosen on half of the replications, estimated on the others."""
        return worst_center(self.ways[way].province)


def worst_center(province: Province) -> tuple[str, Estimate]:
    """The center with the longest mean wait in the first half of the replications, and its wait in the second."""
    half = max(province.study.replications // 2, 1)

    def early(center: Center) -> float:
        waited, people = center.sums["wait_mean", "all"]
        return float(waited[:half].sum() / people[:half].sum()) if people[:half].sum() else -1.0

    chosen = max(province.centers.values(), key=early)
    waited, people = chosen.sums["wait_mean", "all"]
    return chosen.name, ratio_estimate(waited[half:], people[half:], province.study.confidence, (0.0, float("inf")))


LEAST = 2
"""Replications that a comparison of placements needs."""


class Lent:
    """The centers of a province and the officials to be placed; studies with so many of them, made when asked for.

    Each study has the policy ``secondment`` last, as it is at a center that gets officials. Raises BadInput where the
    lender has too few, or the centers have no room, or no mean wait is promised, or one replication is asked for.
    """

    def __init__(self, studies: Sequence[Study], count: int) -> None:
        self.count = count
        self._plain = [study.model_copy(update={"policies": study.policies[:-1]}) for study in studies]
        self._policies: list[Secondment] = [study.policies[-1][1] for study in studies]
        self.names = [study.label for study in studies]
        self.lender = self._policies[0]
        self.replications = studies[0].replications
        if self.replications < LEAST:
            wanted = f"wanted at least {LEAST}: the worst center is chosen on half of them and judged on the others"
            raise BadInput([Fault("replications", str(self.replications), wanted)])
        if self.lender.lender_officials <= count:
            key, wanted = f"policy.{POLICY}.lender_officials", f"wanted more than the {count} who are lent"
            raise BadInput([Fault(key, str(self.lender.lender_officials), f"{wanted}: {key}=…")])
        if count > MOST * len(studies):
            wanted = f"wanted at most {MOST * len(studies)}, {MOST} at each of {len(studies)} centers"
            raise BadInput([Fault("count", str(count), wanted)])
        self.minutes = _promised(studies[0])

    def __len__(self) -> int:
        return len(self._plain)

    def study(self, center: int, given: int) -> Study:
        """A center with so many of the officials."""
        plain = self._plain[center]
        if not given:
            return plain
        policy = self._policies[center].replace(count=given)
        return plain.model_copy(update={"policies": (*plain.policies, (POLICY, policy))})

    def number(self, center: int, given: int) -> int:
        """The number of that study, by which its runs are known."""
        return given * len(self) + center

    def studies(self, wanted: Sequence[Given]) -> dict[int, Study]:
        """Some of them by their numbers."""
        return {self.number(*pair): self.study(*pair) for pair in wanted}


def _promised(study: Study) -> float:
    """The mean wait that is promised, minutes. Raises BadInput where none is."""
    for target in study.targets.items:
        if target.metric == "wait_mean" and target.scope == "all" and target.at_most:
            return target.at_most
    raise BadInput([Fault("targets", study.targets.name, "wanted a target of wait_mean, at_most, for by_need")])


@dataclass(frozen=True)
class Choice:
    """How many officials each center gets, by way; ``rises`` as in :class:`Placement`."""

    given: dict[str, tuple[int, ...]]
    rises: tuple[int, int]

    @property
    def asked(self) -> list[Given]:
        """What is to be compared: a center with as many officials under two ways is simulated once."""
        return list(dict.fromkeys(pair for counts in self.given.values() for pair in enumerate(counts)))


def chosen(lent: Lent, simulated: Simulated) -> Choice:
    """What the four rules choose. What chooses by simulation looks at replications after those of the studies."""

    def waited(wanted: Sequence[Given]) -> list[float]:
        found = simulated(lent.studies(wanted), lent.replications)
        return [float(found[lent.number(*pair)].pair(("wait_mean", "all"))[0].mean()) for pair in wanted]

    waits = Waits(waited)
    urgencies = _urgencies(lent, waits)
    given = {name: one_by_one(lent.count, len(lent), limited(urgencies[name], MOST)) for name in RULES}
    return Choice({NOBODY: (0,) * len(lent), **given}, waits.rises())


def looked_at(lent: Lent) -> int:
    """How many studies that takes at most: each center with nobody and one, and one more after each who is placed."""
    return 2 * len(lent) + lent.count


def _urgencies(lent: Lent, waits: Waits) -> dict[str, Urgency]:
    centers = range(len(lent))
    waits.look([(n, given) for n in centers for given in (0, 1)])
    return dict(
        zip(
            RULES,
            (
                alike,
                lambda n, given: need(lent.study(n, given).scenario, lent.minutes),
                by_shares([skill_gap(lent.study(n, 0).scenario) for n in centers]),
                waits.gain,
            ),
            strict=True,
        )
    )


def compared(lent: Lent, choice: Choice, simulated: Simulated) -> Placement:
    """The four ways of placing officials over centers, and that of placing nobody, on common random numbers."""
    asked = lent.studies(choice.asked)
    found = {number: center_of(asked[number], runs) for number, runs in simulated(asked, 0).items()}
    ways = {}
    for name, counts in choice.given.items():
        own = {lent.names[n]: found[lent.number(n, given)] for n, given in enumerate(counts)}
        ways[name] = Way(name, dict(zip(lent.names, counts, strict=True)), Province(own))
    loan, stay = lent.lender, lent.lender.lender_officials - lent.count
    work = loan.lender_utilization * loan.lender_officials
    return Placement(ways, choice.rises, work / stay, max(work - stay, 0.0) * HOURS_A_DAY)


__all__ = [
    "COMPARED",
    "NOBODY",
    "POLICY",
    "RULES",
    "Choice",
    "Lent",
    "Placement",
    "Way",
    "chosen",
    "compared",
    "looked_at",
    "worst_center",
]
