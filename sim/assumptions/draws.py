"""Verdicts with the error of the inputs in them: a study over draws of all that is not known for sure.

Drawn are its assumptions, its measured numbers, or both, independently of one another. What the inputs bring to the
error of a figure and what the simulation does are independent, so the distances to the ends of both intervals add in
squares (Barton, Nelson and Xie 2014, INFORMS J. Computing 26, 74-87, call this the total uncertainty).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import hypot
from typing import Literal

import numpy as np

from sim.assumptions.designs import Decomposed, decomposed, random_numbers
from sim.assumptions.ends import Found, base_point
from sim.assumptions.everywhere import effective, far_behind, points_at, variance
from sim.assumptions.inputs import Input, LeftOut, inputs_of, measured_of
from sim.assumptions.trials import Point, Try
from sim.intervals import Estimate
from sim.runs.replications import Key
from sim.statistics import SHARE, residuals
from sim.study import Study
from sim.targets import Target, kind_of
from sim.verdicts import Outcome, Verdict, judge, judge_all

DRAWS, EACH_DRAW = 200, 2
WITH_INPUTS = "simulation and inputs, added in squares"
FAILS_IN_DRAWS = "one failure in draws of the inputs"
Kinds = Literal["all", "measured"]
_DRAWS = 4


@dataclass(frozen=True, eq=False)
class Uncertain:
    """The figure of the first target as assumed, with its simulation error alone, and over draws of the inputs.

    ``verdicts``: one a target, with the error of the inputs in its interval. ``kinds``: which inputs were drawn.
    """

    base: Point
    kinds: Kinds
    inputs: tuple[Input, ...]
    over_draws: Decomposed
    verdicts: tuple[Verdict, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def estimate(self) -> Estimate:
        """As assumed."""
        return self.base.estimate

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met, with the error of the inputs."""
        return judge_all(self.verdicts)


def uncertain(study: Study, tries: Try, kinds: Kinds = "all", base: Point | None = None) -> Uncertain:
    """A study over draws of its inputs, each draw with replications of its own.

    BadInput where none of them changes the figure, or some values do not fit together.
    """
    which: Callable[[Study], Found] = measured_of if kinds == "measured" else _all_of
    inputs, left_out = effective(study, tries, which)
    drawn = random_numbers(study.seed, _DRAWS).random((DRAWS, len(inputs)))
    firsts = far_behind(study) + EACH_DRAW * np.arange(DRAWS)
    found = points_at(study, inputs, drawn, firsts, EACH_DRAW, tries)
    base = base or base_point(study, tries)
    targets = study.targets.items
    over = [_over(found, (target.metric, target.scope), study.confidence) for target in targets]
    verdicts = tuple(
        _judged(target, plain, spread, found)
        for target, plain, spread in zip(targets, base.verdicts, over, strict=True)
    )
    first = over[0]
    assert first is not None, "a first look saw its figure"
    return Uncertain(base, kinds, tuple(inputs), first, verdicts, tuple(left_out))


def _all_of(study: Study) -> Found:
    """Measured and assumed."""
    (measured, without), (assumed, others) = measured_of(study), inputs_of(study)
    return [*measured, *assumed], [*without, *others]


def _over(found: list[Point], key: Key, confidence: float) -> Decomposed | None:
    """A figure over draws; None where fewer than two of them have anybody to measure."""
    pairs = [pair for pair in (point.runs.pair(key) for point in found) if pair[1].sum()]
    if len(pairs) < 2:
        return None
    figures = np.array([over.sum() / under.sum() for over, under in pairs])
    return decomposed(figures, np.array([variance(residuals(*pair)) for pair in pairs]), confidence)


def _judged(target: Target, plain: Verdict, over: Decomposed | None, found: list[Point]) -> Verdict:
    """A verdict with the error of the inputs; of a promise to all, whether some draw breaks it."""
    estimate = plain.estimate
    if estimate.value is None or over is None:
        return plain
    if target.is_absolute:
        fails = any(_breaks(target, point) for point in found)
        return replace(plain, verdict="undecided", reason=FAILS_IN_DRAWS) if fails and plain.verdict == "met" else plain
    return judge(target, with_inputs(estimate, over, kind_of(target.metric) == "share"))


def with_inputs(estimate: Estimate, over: Decomposed, is_share: bool) -> Estimate:
    """An estimate whose interval has the error of its inputs too."""
    value = estimate.value
    if value is None or estimate.lower is None or estimate.upper is None:
        return estimate
    low, high = over.interval
    ends = (
        value - hypot(value - estimate.lower, max(value - low, 0.0)),
        value + hypot(estimate.upper - value, max(high - value, 0.0)),
    )
    return estimate.with_interval(ends, WITH_INPUTS, SHARE if is_share else (0.0, float("inf")))


def _breaks(target: Target, point: Point) -> bool:
    over, under = point.runs.pair((target.metric, target.scope))
    return bool(under.sum()) and float(over.sum() / under.sum()) != target.threshold
