"""Studies at points all over the ranges of their inputs: elementary effects, and shares of variance.

The figure is that of the first target. Of shares that sum to 1 all that are assumptions are set at each point, and
the rest is rescaled: where they leave no room, they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.assumptions.designs import (
    Effects,
    Shares,
    effects_of,
    elementary_effects,
    exchanged,
    random_numbers,
    shares_of,
    trajectories,
)
from sim.assumptions.ends import Found, screened
from sim.assumptions.inputs import Input, LeftOut, inputs_of
from sim.assumptions.one_by_one import FEW
from sim.assumptions.trials import Point, Trial, Try
from sim.assumptions.varying import Unfit, varied
from sim.faults import BadInput, Fault
from sim.intervals import Floats
from sim.statistics import residuals
from sim.study import Study

TRAJECTORIES, EACH_TRAJECTORY = 20, 2
COUNT, EACH_POINT, MOST_INPUTS = 128, 2, 8
_MORRIS, _SOBOL, _AGAIN = range(1, 4)
_SCREENED = 10_000
"""Replications behind those of the study, so far away that neither the first look nor a run with more sees them."""


@dataclass(frozen=True, eq=False)
class Morris:
    """Effects of all inputs, the largest first; ``noise``: what the simulation adds to one effect, a deviation."""

    study: Study
    inputs: tuple[Input, ...]
    effects: tuple[Effects, ...]
    noise: float
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, eq=False)
class Variance:
    """Shares of the variance by input, all others as assumed; ``noise``: the simulation's deviation, of all points."""

    study: Study
    inputs: tuple[Input, ...]
    shares: Shares
    noise: float
    left_out: tuple[LeftOut, ...]


def morris(study: Study, tries: Try) -> Morris:
    """Elementary effects: a trajectory has its own replications, so that both kinds of chance are in the interval."""
    inputs, left_out = effective(study, tries)
    points = trajectories(len(inputs), TRAJECTORIES, random_numbers(study.seed, _MORRIS))
    firsts = np.repeat(far_behind(study) + EACH_TRAJECTORY * np.arange(TRAJECTORIES), len(inputs) + 1)
    found = points_at(study, inputs, points.reshape(-1, len(inputs)), firsts, EACH_TRAJECTORY, tries)
    figures = np.array([point.value for point in found]).reshape(points.shape[:2])
    effects = elementary_effects(points, figures)
    made = effects_of(effects, study.confidence, random_numbers(study.seed, _AGAIN))
    order = sorted(range(len(inputs)), key=lambda n: -made[n].size.value)
    noise = _noise_of_effects(found, points)
    chosen = tuple(inputs[n] for n in order)
    return Morris(study, chosen, tuple(made[n] for n in order), noise, tuple(left_out))


def _noise_of_effects(found: Sequence[Point], points: Floats) -> float:
    """The root mean square of the simulation error of an effect."""
    steps = [
        (found[row * points.shape[1] + nth], found[row * points.shape[1] + nth + 1])
        for row in range(len(points))
        for nth in range(points.shape[1] - 1)
    ]
    move = np.abs(np.diff(points[0], axis=0)).max()
    variances = [variance(residuals(*b.pair) - residuals(*a.pair)) for a, b in steps if is_of_some(a) and is_of_some(b)]
    return float(np.sqrt(np.mean(variances)) / move) if variances else 0.0


def sobol(study: Study, tries: Try, every: bool = False) -> Variance:
    """Shares of the variance by the largest inputs, at most MOST_INPUTS (``every``: all), on the same replications."""
    inputs, left_out = effective(study, tries)
    kept = inputs if every else inputs[:MOST_INPUTS]
    left_out += [(one.name, "its effect is smaller than that of those looked at") for one in inputs[len(kept) :]]
    points = exchanged(len(kept), COUNT, random_numbers(study.seed, _SOBOL))
    firsts = np.full(points[..., 0].size, far_behind(study))
    found = points_at(study, kept, points.reshape(-1, len(kept)), firsts, EACH_POINT, tries)
    figures = np.array([point.value for point in found]).reshape(points.shape[:2])
    shares = shares_of(figures, study.confidence, random_numbers(study.seed, _AGAIN))
    order = sorted(range(len(kept)), key=lambda n: -shares.total[n].value)
    first, total = (tuple(part[n] for n in order) for part in (shares.first, shares.total))
    noise = float(np.sqrt(np.mean([variance(residuals(*point.pair)) for point in found if is_of_some(point)])))
    ordered = tuple(kept[n] for n in order)
    return Variance(study, ordered, Shares(first, total, shares.deviation), noise, tuple(left_out))


def far_behind(study: Study) -> int:
    """The first replication that no look at the study itself, or at more of it, ever sees."""
    return study.replications + _SCREENED


def effective(
    study: Study, tries: Try, which: Callable[[Study], Found] = inputs_of
) -> tuple[list[Input], list[LeftOut]]:
    """Inputs that change the figure at all, the largest first. BadInput where none does."""
    choice = screened(study, tries, FEW, which)
    inputs = [one.input for one in choice.screened if one.effect > 0]
    without = [(one.input.name, "changes nothing of the figure") for one in choice.screened if one.effect == 0]
    if not inputs:
        raise BadInput([Fault("assumptions", "", "wanted at least one with a range that changes the figure")])
    return inputs, [*choice.left_out, *without]


def points_at(
    study: Study, inputs: Sequence[Input], points: Floats, firsts: np.ndarray, each: int, tries: Try
) -> list[Point]:
    """The study at points of the unit cube, each in ``each`` replications from its own first on."""
    trials = []
    for point, first in zip(points, firsts.tolist(), strict=True):
        values = {one: one.from_unit(float(u)) for one, u in zip(inputs, point, strict=True)}
        try:
            trials.append(Trial(varied(study, values), first, first + each))
        except Unfit as error:
            at = ", ".join(f"{one.name}={one.said(x)}" for one, x in values.items())
            raise BadInput([Fault("assumptions", "", f"some values do not fit together: {error} (at {at})")]) from None
    return [Point(trial.study, runs) for trial, runs in zip(trials, tries(trials), strict=True)]


def is_of_some(point: Point) -> bool:
    """Whether the first target's figure is of anybody there."""
    return bool(point.pair[1].sum())


def variance(influences: Floats) -> float:
    """The variance of a mean."""
    return float(influences.var(ddof=1)) / len(influences)
