"""Ways of running a center of which one is known to be no worse than another, without any run.

Where officials are all alike and always there, and everybody is served in the order in which they came, one official
more makes nobody wait longer, whatever the arrivals and the work: the vector of Kiefer and Wolfowitz (1955, Trans. Am.
Math. Soc. 78, 1-18) keeps its order from citizen to citizen (Jacobs and Schach 1972, Ann. Math. Stat. 43, 1623-1633).
It is a theorem for a plain plan (:func:`sim.models.compiled.plain.is_plain`) and for nothing else: with several skills,
patience, lunch or people who come back there are centers at which somebody waits longer for one official more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from sim.models.compiled.plain import is_plain
from sim.plan import Plan
from sim.planning import flatten
from sim.policies.policy import officials_of
from sim.study import Study
from sim.targets import Target

_SHORTER = re.compile(r"wait_(mean|p\d+)|(time_in_center|queue)_mean|(unserved|carried_over|in_system)_share")
_OFTENER = re.compile(r"(wait|left|days_all)_within_\d+|(days|periods)_within_target|served_share")

Sizes = tuple[int, ...]


class Order:
    """``above``: to each way of running those that never make anybody wait longer; itself is not among them."""

    def __init__(self, above: Sequence[frozenset[int]]) -> None:
        self.above = tuple(above)

    def above_any(self, numbers: Iterable[int]) -> set[int]:
        """Those that are never worse than one of some."""
        return {other for number in numbers for other in self.above[number]}

    def below_any(self, numbers: Iterable[int]) -> set[int]:
        """Those that are never better than one of some."""
        better = set(numbers)
        return {number for number, own in enumerate(self.above) if own & better}

    def middle(self, numbers: Sequence[int]) -> list[int]:
        """Of some, those to look at first: none above another, each with as many of them on either side as can be."""
        some, found = set(numbers), list[int]()
        under = {n: sum(n in self.above[other] for other in some) if self.above[n] else 0 for n in some}
        for number in sorted(some, key=lambda n: (-min(under[n], len(self.above[n] & some)), n)):
            if not any(number in self.above[other] or other in self.above[number] for other in found):
                found.append(number)
        return found


def order(studies: Sequence[Study]) -> Order:
    """The order of some studies that differ in what a center may choose; of those without a theorem nothing is known.

    Two are compared where all but the numbers of officials and counters is the same, and every target is one that
    shorter waits keep.
    """
    alike: dict[str, list[int]] = {}
    for number, study in enumerate(studies):
        if all(map(_is_kept_by_shorter_waits, study.targets.items)):
            alike.setdefault(_without_sizes(study), []).append(number)
    above = [frozenset[int]() for _ in studies]
    for numbers in alike.values():
        sizes = _plain(studies, numbers)
        for number, own in sizes.items():
            above[number] = frozenset(n for n, more in sizes.items() if more != own and _is_within(own, more))
    return Order(above)


def _is_kept_by_shorter_waits(target: Target) -> bool:
    wanted = _SHORTER if target.at_most is not None else _OFTENER
    return wanted.fullmatch(target.metric) is not None


def _without_sizes(study: Study) -> str:
    """All that a study is, but for how many officials and counters there are."""
    own = study.model_dump(mode="json", exclude={"base", "policies", "label"})
    whole = own | study.scenario.model_dump(mode="json")
    for group in whole["staff"].values():
        del group["count"]
    for point in whole["points"].values():
        del point["counters"]
    return json.dumps(whole, sort_keys=True)


def _plain(studies: Sequence[Study], numbers: Sequence[int]) -> dict[int, Sizes]:
    """Those of some studies whose plans are plain, with their sizes.

    None where the one with the most counters and the fewest officials is not: what else a plain plan must have is the
    same for all.
    """
    sizes = {number: _sizes(studies[number]) for number in numbers}
    likely = max(numbers, key=lambda n: (sum(sizes[n][1]), -sum(sizes[n][0]), -n))
    if len(numbers) < 2 or not is_plain(_plan(studies[likely])):
        return {}
    return {n: (*staff, *counters) for n, (staff, counters) in sizes.items() if is_plain(_plan(studies[n]))}


def _sizes(study: Study) -> tuple[Sizes, Sizes]:
    scenario = study.scenario
    staff = tuple(officials_of(scenario, group) for group in scenario.staff.values())
    return staff, tuple(point.counters for point in scenario.points.values())


def _plan(study: Study) -> Plan:
    return flatten(study.scenario, study.center)


def _is_within(one: Sizes, other: Sizes) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
