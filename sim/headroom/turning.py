"""Where the verdict on each target turns as one value of a study goes up or down, with an interval.

At each value the same replications are run, on the same citizens. The figure of a target, and both ends of its
interval, are followed over the values (:mod:`sim.assumptions.threshold`): the figure crosses the target at the turning
point, and the values whose interval holds the target are the interval of that.

What is guaranteed: at the true turning point the true figure is the target, so that the interval of the figure there
holds the target with its stated confidence, and then the turning point is among the values that are reported. The
search adds no error of its own to that, though it looks at many values: it makes no claim at any of them but that one
(a confidence set by inverting a test, as Fieller's for a ratio). Two things are taken for granted: that the figure
goes one way where it crosses, so that those values are an interval, and that between neighbors that were looked at,
1/400 of the way apart, the curves are straight. Replications of a ratio of sums are linearized as for any other figure
of a run, so the coverage is that of its intervals. A target that allows no failure turns where the first failure is
seen: where that is depends on how many replications look for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isnan

from sim.assumptions.ends import slack
from sim.assumptions.threshold import Curves, crossing
from sim.assumptions.trials import Point, Trial, Try
from sim.study import Study
from sim.targets import Target
from sim.verdicts import Verdict

ABREAST = 2
"""Values looked at together on the way."""


@dataclass(eq=False)
class Walk:
    """A study at some values, from ``start``, where it is as it is: ``points`` by the value.

    ``whole``: its values are whole numbers.
    """

    start: float
    made: Callable[[float], Study]
    tries: Try
    points: dict[float, Point]
    whole: bool = False

    @property
    def base(self) -> Point:
        """As it is."""
        return self.points[self.start]

    @property
    def values(self) -> list[float]:
        """Those that were looked at, ascending."""
        return sorted(self.points)

    def look(self, values: Sequence[float]) -> None:
        """Looks at some values, in the replications that the study has as it is."""
        trials = [Trial(self.made(x), 0, len(self.base.runs)) for x in values]
        for x, trial, runs in zip(values, trials, self.tries(trials), strict=True):
            self.points[x] = Point(trial.study, runs)


@dataclass(frozen=True)
class Turn:
    """Where a target turns. ``met_until``: so far it is met; ``missed_from``: from there on it is missed.

    Of whole values the first two are the last ones on the near side. Each is infinite where it lies beyond the values
    that were looked at: above where the target is kept as it is, below where it is not.
    """

    target: Target
    base: Verdict
    value: float
    met_until: float
    missed_from: float

    @property
    def is_measured(self) -> bool:
        """Whether there is anything that could turn."""
        return self.base.verdict != "n/a"


def walked(
    base: Point,
    start: float,
    made: Callable[[float], Study],
    tries: Try,
    ways: tuple[Sequence[float], Sequence[float]],
    *,
    whole: bool = False,
) -> Walk:
    """Looks at values above, until all targets are missed, and then at those below, until all are met."""
    walk = Walk(start, made, tries, {start: base}, whole)
    for values, wanted in zip(ways, ("missed", "met"), strict=True):
        last = base
        for nth in range(0, len(values), ABREAST):
            if all(verdict.verdict == wanted for verdict in last.verdicts):
                break
            some = values[nth : nth + ABREAST]
            walk.look(some)
            last = walk.points[some[-1]]
    return walk


def turns(walk: Walk) -> tuple[Turn, ...]:
    """Where each target turns; more values are looked at near there."""
    return tuple(_turn(walk, nth) for nth in range(len(walk.base.verdicts)))


def _turn(walk: Walk, nth: int) -> Turn:
    target = walk.base.study.targets.items[nth]

    def at(x: float) -> Curves:
        if x not in walk.points:
            walk.look([x])
        return slack(target, walk.points[x].verdicts[nth])

    known = {x: at(x) for x in walk.values}
    start, low, high = walk.start, walk.values[0], walk.values[-1]
    now = known[start]
    found = crossing(at, known, (start, low, high) if now[0] > 0 else (start, high, low), walk.whole)
    value, met_until = _beyond(found.value, now[0], start), _beyond(found.met_until, now[2], start)
    if walk.whole:
        value, met_until = _last_before(value, known, 0), _last_before(met_until, known, 2)
    return Turn(target, walk.base.verdicts[nth], value, met_until, _beyond(found.missed_from, now[1], start))


def _beyond(x: float | None, curve: float, start: float) -> float:
    """A crossing on its own side of the start; without one, beyond what was looked at on that side."""
    if isnan(curve):
        return inf
    side = -1 if curve > 0 else 1
    return x if x is not None and (x - start) * side >= 0 else side * inf


def _last_before(x: float, known: dict[float, Curves], which: int) -> float:
    """The last value looked at before one at which a curve has crossed."""
    return max((at for at in known if at < x and known[at][which] <= 0), default=x) if abs(x) < inf else x


def first_to_turn(found: Sequence[Turn]) -> Turn:
    """The target that decides how far all of them are kept."""
    return min((turn for turn in found if turn.is_measured), key=lambda turn: turn.value)
