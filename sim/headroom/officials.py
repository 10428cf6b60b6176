"""How many officials fewer a center could do with, one group at a time.

Of each group one is taken away, then another, until a target is missed. "So many can be spared" is said of the last
number before the first at which the targets are not shown to be met. With the stated confidence that is not too many:
numbers are tried in a fixed order, and the first that is truly too large is the only one at which the claim could go
wrong (fixed-sequence testing; Maurer, Hothorn and Lehmacher 1995). That holds for one group. Which group can spare
most, and which least, is chosen among all, so both are looked at again, on as many replications that had no part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.assumptions.ends import slacks
from sim.assumptions.trials import Point, Trial, Try
from sim.assumptions.varying import Unfit
from sim.headroom.changes import fewer
from sim.policies.policy import officials_of
from sim.simulations import FRESH
from sim.study import Study
from sim.verdicts import Outcome

MOST_FEWER = 12

Changed = Callable[[Study, str, int], Study]
"""A settled study with so many officials more, or fewer, in a group; raises Unfit where that is no scenario."""


@dataclass(frozen=True, eq=False)
class Step:
    """A group with so many officials fewer, or more: what was found, or why it cannot be."""

    by: int
    point: Point | None
    why_not: str = ""

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met; they are not where the center could not work at all."""
        return self.point.verdict if self.point is not None else "missed"


@dataclass(frozen=True, eq=False)
class Group:
    """A group that has ``count`` officials, and the numbers fewer that were looked at."""

    name: str
    count: int
    steps: tuple[Step, ...]

    @property
    def spare(self) -> int:
        """The most that can be spared, each number up to it being shown to meet all targets."""
        return next((step.by - 1 for step in self.steps if step.verdict != "met"), len(self.steps))

    @property
    def is_open(self) -> bool:
        """Whether more could be spared than was looked at."""
        return self.spare == len(self.steps) < self.count

    @property
    def broken(self) -> Step | None:
        """The first number that is missed."""
        return next((step for step in self.steps if step.verdict == "missed"), None)


@dataclass(frozen=True, eq=False)
class Again:
    """A group at a number fewer, on replications that had no part in its choice."""

    group: Group
    by: int
    point: Point


@dataclass(frozen=True, eq=False)
class Spared:
    """All groups of a center; ``most`` and ``least``: who can spare most, and whom one more away breaks first."""

    groups: tuple[Group, ...]
    most: Again | None
    least: Again | None


def spared(study: Study, tries: Try) -> Spared:
    """Every group of a settled study that meets its targets, with ever fewer officials."""
    staff = study.base.staff
    counts = {name: officials_of(study.base, group) for name, group in staff.items()}
    found: dict[str, list[Step]] = {name: [] for name, count in counts.items() if count}
    going = list(found)
    for by in range(1, MOST_FEWER + 1):
        going = [name for name in going if counts[name] >= by and not _is_missed(found[name])]
        for name, step in zip(going, steps_at(study, going, by, tries, fewer), strict=True):
            found[name].append(step)
    groups = tuple(Group(name, counts[name], tuple(steps)) for name, steps in found.items())
    return Spared(groups, *_again(study, groups, tries))


def _is_missed(steps: Sequence[Step]) -> bool:
    return bool(steps) and steps[-1].verdict == "missed"


def steps_at(study: Study, names: Sequence[str], by: int, tries: Try, changed: Changed, first: int = 0) -> list[Step]:
    """Some groups of a study, each ``changed`` by so many officials, in its replications from ``first`` on."""
    made: dict[str, Study | str] = {}
    for name in names:
        try:
            made[name] = changed(study, name, by)
        except Unfit as error:
            made[name] = str(error)
    trials = [Trial(one, first, first + study.replications) for one in made.values() if isinstance(one, Study)]
    points = iter([Point(trial.study, runs) for trial, runs in zip(trials, tries(trials), strict=True)])
    return [Step(by, next(points)) if isinstance(one, Study) else Step(by, None, one) for one in made.values()]


def _again(study: Study, groups: Sequence[Group], tries: Try) -> tuple[Again | None, Again | None]:
    """Who can spare most and whom one more breaks first, each on fresh replications; None where there is none."""
    able = [group for group in groups if group.spare]
    weak = [group for group in groups if group.broken is not None and group.broken.point is not None]
    chosen: list[tuple[Group, int] | None] = [None, None]
    if able:
        most = max(able, key=lambda group: (group.spare, -slack_of(group.steps[group.spare - 1])))
        chosen[0] = most, most.spare
    if weak:
        least = min(weak, key=lambda group: (group.broken.by, -slack_of(group.broken)) if group.broken else (0, 0.0))
        chosen[1] = least, least.broken.by if least.broken else 0
    trials = [
        Trial(fewer(study, one[0].name, one[1]), FRESH, FRESH + study.replications) for one in chosen if one is not None
    ]
    points = iter([Point(trial.study, runs) for trial, runs in zip(trials, tries(trials), strict=True)])
    most_again, least_again = (None if one is None else Again(*one, next(points)) for one in chosen)
    return most_again, least_again


def slack_of(step: Step) -> float:
    """How far the worst target is from being met; what cannot be is furthest."""
    return slacks(step.point)[0] if step.point is not None else float("inf")
