"""The ways of running a center that were tried, with what the page says of each and of all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sim.assumptions.trials import slim, unfit_targets
from sim.comparison import Difference
from sim.intervals import Estimate
from sim.report.cheapest import asked_together, efficient, nearest
from sim.report.page.called import given_beside, is_as_now, way_name
from sim.report.page.words import Joined, Word
from sim.report.wording import row_name
from sim.rested import Rested
from sim.result import Result, baseline_of
from sim.scenario import Scenario
from sim.study import Study
from sim.summary import summarize
from sim.targets import Target
from sim.verdicts import Outcome, Verdict, judge_all
from sim.yardstick import yardstick

OVERTIME = {"day": 1, "month": 28, "year": 28}
"""Spans in which overtime is counted, and the days that a run has at least to say so."""
COST = "cost_per_day"
Worked = tuple[str, Estimate, float]
"""A span, the hours in it, and its limit."""
MOST_PLAYED = 4


@dataclass(frozen=True, eq=False)
class Way:
    """One scenario. ``number``: its place in all of the page; ``change``: by metric, against the baseline.

    ``in_detail``: whether it has sections of its own. ``stands``: whether it is met also when all ways of its group
    that were looked at are counted (Bonferroni): its intervals are so wide then that all hold together.
    """

    number: int
    label: str
    result: Result
    name: Word
    is_baseline: bool
    change: Mapping[str, Difference]
    rested: Rested | None
    in_detail: bool
    stands: bool

    @property
    def study(self) -> Study:
        """What was asked."""
        return self.result.study

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with its policies applied."""
        return self.study.scenario

    @cached_property
    def wait_target(self) -> float | None:
        """Minutes that the mean wait must keep; None where no target says."""
        return yardstick(self.scenario, self.study.targets).wait_target

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met."""
        return self.result.verdict

    @property
    def currency(self) -> str:
        """The currency of all costs."""
        return self.scenario.money.currency

    def figure(self, metric: str, scope: str = "all") -> Estimate | None:
        """A figure that was measured; None where there is none."""
        found = self.result.figures.estimates.get((metric, scope))
        return None if found is None or found.value is None else found

    @property
    def cost(self) -> float | None:
        """State cost a working day."""
        found = self.figure(COST)
        return found.value if found else None

    @property
    def is_plain(self) -> bool:
        """Whether it is run as it is now."""
        return is_as_now(self.study)

    @property
    def why_not_tried(self) -> str:
        """Why nothing was tried of it: it promises nothing, or a quantile, or that was left out."""
        if not self.study.targets.items:
            return "no_promise"
        return "unfit" if unfit_targets(self.study) else "off"

    @property
    def a_month(self) -> float:
        """Working days of a month, by which costs a day are multiplied."""
        return self.scenario.money.working_days_per_month

    def overtime(self) -> list[Worked]:
        """Hours of overtime of the official with most."""
        return overtime_of(self.scenario, self.figure)

    @property
    def not_met(self) -> list[tuple[Verdict, Target]]:
        """The targets that are not shown to be kept, with what is said of them."""
        both = zip(self.result.verdicts, self.study.targets.items, strict=True)
        return [(verdict, target) for verdict, target in both if verdict.verdict != "met"]


def overtime_of(scenario: Scenario, figure: Callable[[str], Estimate | None]) -> list[Worked]:
    """Hours of the official with most, in their worst day and month and in a year at this rate, each with its limit.

    Of a month and a year nothing is said of a run that is shorter than a month.
    """
    days = scenario.days - scenario.warmup
    told = [span for span, least in OVERTIME.items() if days >= least]
    found = [(span, figure(f"overtime_{span}_most"), float(getattr(scenario.overtime, span))) for span in told]
    return [(span, estimate, limit) for span, estimate, limit in found if estimate is not None]


def times(estimate: Estimate, factor: float) -> Estimate:
    """A figure and its interval in another unit."""
    value, lower, upper = (
        None if one is None else one * factor for one in (estimate.value, estimate.lower, estimate.upper)
    )
    return replace(estimate, value=value, lower=lower, upper=upper, half_width=None)


@dataclass(frozen=True, eq=False)
class Group:
    """The ways of running one center under one demand, in their order; ``center`` is what it is called.

    ``nearest``: the way that the answer is about, see :func:`sim.report.cheapest.nearest`. ``efficient``: the numbers
    of those than which none is cheaper and better.
    """

    center: Word
    ways: tuple[Way, ...]
    nearest: Way
    efficient: frozenset[int]

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is promised, by all ways alike."""
        return self.baseline.study.targets.items

    @property
    def baseline(self) -> Way:
        """The way it is run today, or the first one."""
        return next((way for way in self.ways if way.is_baseline), self.ways[0])

    @property
    def recommended(self) -> Way | None:
        """The cheapest that is shown to keep every target; None where none is."""
        return self.nearest if self.nearest.verdict == "met" else None


def groups(
    results: Mapping[str, Result],
    alike: Sequence[Mapping[str, Result]],
    differences: Sequence[Difference],
    rests: Mapping[str, Rested],
    in_detail: Sequence[str],
) -> tuple[Group, ...]:
    """All ways by group. ``alike``: results that differ in their policies only."""
    numbers = {label: nth for nth, label in enumerate(results)}
    found = []
    for group in alike:
        baselines = {d.baseline for d in differences if d.other in group} & set(group) or {baseline_of(group)}
        ways = tuple(
            Way(
                numbers[label],
                label,
                result,
                way_name(result.study),
                label in baselines,
                {d.metric: d for d in differences if d.other == label and d.baseline in group},
                rests.get(label),
                label in in_detail,
                _stands(result, len(group)),
            )
            for label, result in group.items()
        )
        by_label = {way.label: way for way in ways}
        best = frozenset(by_label[label].number for label in efficient(group))
        found.append(Group(_called(group, results), ways, by_label[nearest(group)], best))
    return tuple(found)


def _called(group: Mapping[str, Result], results: Mapping[str, Result]) -> Word:
    """The center, and the parts of labels that tell its groups apart."""
    name = next(iter(group.values())).study.base.name
    parts = [row_name(result.study).split(" · ") for result in group.values()]
    everywhere = [row_name(result.study).split(" · ") for result in results.values()]
    own = [p for p in parts[0] if all(p in one for one in parts) and not all(p in one for one in everywhere)]
    policies = {"+".join(chosen for chosen, _ in result.study.policies) for result in group.values()} | {"none"}
    beside = given_beside([result.study for result in group.values()])
    return Joined([name, *(part for part in own if part not in policies), *beside], " · ")


def played_of(results: Mapping[str, Result]) -> list[str]:
    """The labels of those whose days are played: what each answer is about, and what that is compared with."""
    pairs = [(nearest(group), baseline_of(group)) for group in asked_together(results)]
    return list(dict.fromkeys(label for pair in pairs for label in pair))[:MOST_PLAYED]


def _stands(result: Result, ways: int) -> bool:
    """Whether all targets are met with intervals of which ``ways`` as wide as these hold together."""
    if result.verdict != "met" or ways == 1:
        return result.verdict == "met"
    wider = {"confidence": 1 - (1 - result.study.level) / ways, "looks": ()}
    study = result.study.model_copy(update=wider)
    runs = result.runs if unfit_targets(study) else slim(study, result.runs)
    return judge_all(summarize(study, runs).verdicts) == "met"


def single(result: Result, name: Word) -> Way:
    """A way by itself, beside no others."""
    return Way(0, result.study.label, result, name, False, {}, None, True, result.verdict == "met")
