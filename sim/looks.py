"""Looks at a growing number of replications, each at a level so that all of them together keep the stated confidence.

An interval that is looked at again and again, until it says something, misleads more often than it states (Armitage,
McPherson and Rowe 1969, J. R. Statist. Soc. A 132, 235-244). Here the chance of error is spent by the number of
replications reached (Lan and DeMets 1983, Biometrika 70, 659-663): half of it at the first look, all of it only in the
end, so that more replications may always be added. An interval at the level of its look is a repeated confidence
interval (Jennison and Turnbull 1989, J. R. Statist. Soc. B 51, 305-361): whatever makes one stop, all intervals of a
figure hold together with the stated confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from sim.streams import REPLICATIONS
from sim.values import Flag, Key, Positive, Value

Floats = NDArray[np.float64]
NODES = 400
MOST_LOOKS = 200


class Stopping(Value):
    """How many replications are enough: looks at ``first``, ``growth`` times as many and so on, at most at ``most``.

    It is enough when every target is met, missed, at the threshold, or has a figure whose interval is no wider than
    ``half_width``, by metric, in its unit; metrics there that no target names must be as precise. ``compared``: the
    differences to the baseline of a sweep, in the metrics of the targets, must be decided too.
    """

    first: Annotated[int, Field(strict=True, ge=10, lt=REPLICATIONS)] = 30
    growth: Annotated[float, Field(strict=True, ge=1.1, le=4)] = 1.5
    most: Annotated[int, Field(strict=True, ge=10, lt=REPLICATIONS)] = 2000
    half_width: dict[Key, Positive] = Field(default_factory=dict)
    compared: Flag = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.most < self.first:
            raise ValueError("most must not be less than first")
        return self

    def numbers(self) -> Iterator[int]:
        """The numbers of replications at which is looked, ascending."""
        number = float(self.first)
        while ceil(number) < self.most:
            yield ceil(number)
            number *= self.growth
        yield self.most


@dataclass(frozen=True)
class Look:
    """Verdicts that were given on so many replications, from intervals at a level."""

    replications: int
    level: float


def spent(replications: int, first: int) -> float:
    """The share of the chance of error that is spent by a look at so many replications, ``first`` or more."""
    return 1 - 0.5 * sqrt(first / replications)


def levels(confidence: float, numbers: Sequence[int]) -> list[float]:
    """The level of the intervals at each of some looks, whose numbers of replications ascend.

    ValueError where they do not, or where there are more than MOST_LOOKS.
    """
    if not numbers or list(numbers) != sorted(set(numbers)) or len(numbers) > MOST_LOOKS:
        raise ValueError(f"wanted from 1 to {MOST_LOOKS} ascending numbers of replications, given {list(numbers)}")
    shares = np.array([spent(number, numbers[0]) for number in numbers])
    limits = boundaries(tuple(numbers), tuple(((1 - confidence) * np.diff(shares, prepend=0.0)).tolist()))
    return [float(2 * ndtr(limit) - 1) for limit in limits]


@lru_cache(maxsize=64)
def boundaries(information: tuple[int, ...], errors: tuple[float, ...]) -> tuple[float, ...]:
    """Two-sided limits of standardized sums, each passed first at its look with the chance that ``errors`` gives it.

    Under no difference the sums are those of a Brownian motion at times ``information``; the density of those that
    have passed no limit yet is carried from look to look by Gauss-Legendre quadrature (Armitage, McPherson and Rowe).
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    limits: list[float] = []
    inside, mass = np.zeros(1), np.ones(1)
    for step, error in zip(np.diff(information, prepend=0), errors, strict=True):
        spread = sqrt(step)
        limit = _limit(inside, mass, spread, error)
        reached = nodes * limit
        density = np.exp(-(((reached[:, None] - inside) / spread) ** 2) / 2) / (spread * sqrt(2 * np.pi))
        inside, mass = reached, weights * limit * (density @ mass)
        limits.append(limit)
    return tuple(limit / sqrt(at) for limit, at in zip(limits, information, strict=True))


def _limit(inside: Floats, mass: Floats, spread: float, error: float) -> float:
    """The limit beyond which sums, that stand ``inside`` with some ``mass``, are after a step with chance ``error``."""

    def excess(limit: float) -> float:
        beyond = ndtr((-limit - inside) / spread) + ndtr((inside - limit) / spread)
        return float(mass @ beyond) - error

    far = float(np.abs(inside).max()) - spread * float(ndtri(error / 4))
    return float(brentq(excess, 0.0, far, xtol=1e-12 * far))


def level_after(confidence: float, past: Sequence[Look], replications: int, *, pays: bool) -> float:
    """The level of a look at so many ``replications`` when some were made before.

    Looks that are paid for from the first on (``pays``) go on with :func:`levels`. Where a first look has spent all, as
    one at a fixed number of replications, each after it has half of the error of the one before: together they
    have at most twice the error that is stated, and :func:`risk` says it.
    """
    before = [look for look in past if look.replications < replications]
    if not before:
        return levels(confidence, [replications])[0] if pays else confidence
    numbers = [look.replications for look in before]
    paid = zip(before, levels(confidence, numbers), strict=True)
    if all(abs(look.level - level) < 1e-9 for look, level in paid):
        return levels(confidence, [*numbers, replications])[-1]
    return 1 - (1 - confidence) * 0.5 ** len(before)


def risk(confidence: float, looks: Sequence[Look]) -> float:
    """The most that the chance of any wrong interval can be over some looks: as stated if they were paid for."""
    found = levels(confidence, [look.replications for look in looks])
    if all(abs(look.level - level) < 1e-9 for look, level in zip(looks, found, strict=True)):
        return 1 - confidence
    return float(sum(1 - look.level for look in looks))
