"""Where to look in a space of inputs: points of the unit cube, and what is made of the figures there.

Each input is uniform over its range, and independent of the others.

* Elementary effects (Morris 1991, Technometrics 33, 161-174): trajectories on a grid of ``LEVELS`` levels, in which
  each input moves once by ``STEP`` of its range. Campolongo, Cariboni and Saltelli (2007) rank by the mean of their
  sizes.
* Variance shares (Sobol' 1993): two samples and one with each input exchanged (Saltelli et al. 2010); first-order
  shares by their estimator, total ones by Jansen's, both as scipy has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from scipy.special import stdtrit
from scipy.stats import sobol_indices
from scipy.stats.qmc import Sobol

from sim.intervals import Floats

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
RESAMPLES = 499
ONE_INPUT = 3
"""Samples of a single input: both, and the first exchanged; all of the variance is its own."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Index:
    """A figure of one input with its interval."""

    value: float
    lower: float
    upper: float


def random_numbers(seed: int, purpose: int) -> np.random.Generator:
    """The generator of a design: of no stream that a replication reads."""
    return np.random.default_rng([seed, purpose])


def trajectories(inputs: int, count: int, random: np.random.Generator) -> Floats:
    """Points float64[count, inputs + 1, inputs]: along a trajectory each input moves once, in random order."""
    made = np.zeros((count, inputs + 1, inputs))
    for row in made:
        down = random.random(inputs) < 0.5
        levels = random.integers(0, LEVELS // 2, inputs) / (LEVELS - 1)
        row[:] = np.where(down, 1 - levels, levels)
        for nth, which in enumerate(random.permutation(inputs)):
            row[nth + 1 :, which] += -STEP if down[which] else STEP
    return made


def elementary_effects(points: Floats, figures: Floats) -> Floats:
    """The effects float64[count, inputs] of the inputs' moves, each over the whole range of the input."""
    moves, changes = np.diff(points, axis=1), np.diff(figures, axis=1)
    which = np.abs(moves).argmax(axis=2)
    effects = np.zeros(points[:, 0].shape)
    rows = np.arange(len(points))[:, None]
    effects[rows, which] = changes / np.take_along_axis(moves, which[:, :, None], axis=2)[:, :, 0]
    return effects


@dataclass(frozen=True, eq=False)
class Effects:
    """Of one input over all trajectories: the mean of the effects, of their sizes, and their standard deviation."""

    mean: Index
    size: Index
    deviation: float


def effects_of(effects: Floats, confidence: float, random: np.random.Generator) -> list[Effects]:
    """One an input; percentile intervals of trajectories drawn again."""
    drawn = random.integers(0, len(effects), (RESAMPLES, len(effects)))
    means, sizes = effects[drawn].mean(axis=1), np.abs(effects)[drawn].mean(axis=1)
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    return [
        Effects(
            Index(float(own.mean()), *np.quantile(means[:, nth], tails)),
            Index(float(np.abs(own).mean()), *np.quantile(sizes[:, nth], tails)),
            float(own.std(ddof=1)) if len(own) > 1 else 0.0,
        )
        for nth, own in enumerate(effects.T)
    ]


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the figure's variance by input, alone and with all interactions; the figures' standard deviation."""

    first: tuple[Index, ...]
    total: tuple[Index, ...]
    deviation: float


def exchanged(inputs: int, count: int, random: np.random.Generator) -> Floats:
    """Points float64[inputs + 2, count, inputs]: two samples, and the first with each input of the second."""
    both = Sobol(2 * inputs, rng=random).random(count)
    a, b = both[:, :inputs], both[:, inputs:]
    mixed = np.repeat(a[None], inputs, axis=0)
    for which in range(inputs):
        mixed[which, :, which] = b[:, which]
    return np.concatenate([a[None], b[None], mixed])


def shares_of(figures: Floats, confidence: float, random: np.random.Generator) -> Shares:
    """From the figures float64[inputs + 2, count] at such points; percentile intervals of points drawn again."""
    count = figures.shape[1]
    value = _indices(figures)
    drawn = [_indices(figures[:, random.integers(0, count, count)]) for _ in range(RESAMPLES)]
    lower, upper = np.quantile(drawn, ((1 - confidence) / 2, (1 + confidence) / 2), axis=0)
    first, total = (
        tuple(Index(float(a), float(b), float(c)) for a, b, c in zip(value[n], lower[n], upper[n], strict=True))
        for n in (0, 1)
    )
    return Shares(first, total, float(figures[:2].std()))


def _indices(figures: Floats) -> Floats:
    """First-order and total shares, float64[2, inputs]; all 0 where the figures do not vary."""
    if figures[:2].std() == 0:
        return np.zeros((2, len(figures) - 2))
    if len(figures) == ONE_INPUT:
        return np.ones((2, 1))
    parts: dict[Literal["f_A", "f_B", "f_AB"], Floats] = {
        "f_A": figures[:1],
        "f_B": figures[1:2],
        "f_AB": figures[2:, None],
    }
    found = sobol_indices(func=parts, n=figures.shape[1])
    return np.stack([found.first_order.ravel(), found.total_order.ravel()])


@dataclass(frozen=True)
class Decomposed:
    """A figure over draws of the inputs: its mean, the interval of the draws, and what its spread is made of.

    ``inputs`` is the standard deviation that the inputs bring, ``simulation`` that of the noise in one draw.
    """

    mean: Index
    interval: Interval
    inputs: float
    simulation: float


def decomposed(figures: Floats, variances: Floats, confidence: float) -> Decomposed:
    """From the figure of each draw of the inputs and the variance of its simulation error.

    The variance of the figures is that of the inputs plus that of the simulation (one-way random effects). The
    interval is of quantiles of the figures, drawn in to the mean by as much as the simulation has spread them (Barton,
    Nelson and Xie 2014, INFORMS J. Computing 26, 74-87: undone, the interval is too wide).
    """
    mean, total, noise = float(figures.mean()), float(figures.var(ddof=1)), float(variances.mean())
    inputs = max(total - noise, 0.0)
    drawn_in = mean + (figures - mean) * (sqrt(inputs / total) if total else 1.0)
    low, high = np.quantile(drawn_in, ((1 - confidence) / 2, (1 + confidence) / 2))
    reach = float(stdtrit(len(figures) - 1, (1 + confidence) / 2)) * sqrt(total / len(figures))
    return Decomposed(Index(mean, mean - reach, mean + reach), (float(low), float(high)), sqrt(inputs), sqrt(noise))
