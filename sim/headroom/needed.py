"""How many officials more a center would need for its promise, one group at a time.

To each group one is added, then another, until the targets are met or MOST_MORE are added. Those who receive at
counters find one: where the officials of a point would outnumber its counters, as many are set up with them.

What is guaranteed: "the first number that is met" is found from small to large, and each number that is truly too small
has its own chance to be taken for enough, so that the stated confidence does not hold for it. It is a choice and no
claim: of the fewest officials over all groups, and among those of the group whose targets are kept with most room. The
claim is made on as many fresh replications, which had no part in the choice, and from large to small: one more than was
chosen first, and only if that is met the number itself. The order is fixed before they are looked at, and in a fixed
order the first number that is truly too small is the only one at which the claim could go wrong (fixed-sequence
testing; Maurer, Hothorn and Lehmacher 1995). So with the stated confidence the number that is named is not too small.
That no smaller one would do, or no other group, is no claim: it was not shown to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.assumptions.trials import Try
from sim.headroom.changes import more
from sim.headroom.officials import Step, slack_of, steps_at
from sim.policies.policy import officials_of
from sim.simulations import FRESH
from sim.study import Study
from sim.verdicts import Outcome

MOST_MORE = 12


@dataclass(frozen=True, eq=False)
class Larger:
    """A group that has ``count`` officials, and the numbers more that were looked at, up to the first that is met."""

    name: str
    count: int
    steps: tuple[Step, ...]

    @property
    def enough(self) -> Step | None:
        """The first number at which all targets are met."""
        return next((step for step in self.steps if step.verdict == "met"), None)

    @property
    def most(self) -> int:
        """The most that could be looked at."""
        return max((step.by for step in self.steps if step.point is not None), default=0)

    @property
    def ends(self) -> tuple[Step, ...]:
        """What is to be shown of it: the last two numbers, or of a group that is not enough the first and the last."""
        return self.steps[-2:] if self.enough is not None else tuple(dict.fromkeys((self.steps[0], self.steps[-1])))


@dataclass(frozen=True, eq=False)
class Chosen:
    """The group with the fewest more, and what fresh replications say of that number and one more, largest first.

    ``counters``: those that are set up with the number.
    """

    group: Larger
    step: Step
    counters: int
    again: tuple[Step, ...]

    @property
    def shown(self) -> Step | None:
        """The smallest number that is shown to meet all targets; None where not even the largest is."""
        last = None
        for step in self.again:
            if step.verdict != "met":
                break
            last = step
        return last

    @property
    def verdict(self) -> Outcome:
        """On the number that was chosen, by the replications that had no part in that."""
        return next((step.verdict for step in self.again if step.verdict != "met"), "met")


@dataclass(frozen=True, eq=False)
class Needed:
    """All groups of a center that breaks its promise, and the one with the fewest more; None where none is enough."""

    groups: tuple[Larger, ...]
    chosen: Chosen | None


def needed(study: Study, tries: Try) -> Needed:
    """Every group of a settled study with ever more officials."""
    staff = study.base.staff
    found: dict[str, list[Step]] = {name: [] for name in staff}
    for by in range(1, MOST_MORE + 1):
        going = [name for name, steps in found.items() if not steps or _goes_on(steps[-1])]
        for name, step in zip(going, steps_at(study, going, by, tries, more), strict=True):
            found[name].append(step)
    groups = tuple(Larger(name, officials_of(study.base, staff[name]), tuple(steps)) for name, steps in found.items())
    return Needed(groups, _chosen(study, groups, tries))


def _goes_on(last: Step) -> bool:
    return last.point is not None and last.verdict != "met"


def _chosen(study: Study, groups: Sequence[Larger], tries: Try) -> Chosen | None:
    able = [(group, step) for group in groups if (step := group.enough) is not None]
    if not able:
        return None
    group, step = min(able, key=lambda one: (one[1].by, slack_of(one[1])))
    again = [one for by in (step.by + 1, step.by) for one in steps_at(study, [group.name], by, tries, more, FRESH)]
    return Chosen(group, step, counters_more(study, step), tuple(one for one in again if one.point is not None))


def counters_more(study: Study, step: Step) -> int:
    """How many counters were set up with the officials."""
    if step.point is None:
        return 0
    points = step.point.study.base.points
    return sum(points[name].counters - point.counters for name, point in study.scenario.points.items())
