"""How many want to come on a day, by center and half-hour: Poisson quantiles of keyed numbers.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.attributes import draw
from sim.distributions import quantile
from sim.look import Look
from sim.plan import Plan
from sim.streams import PERSONS, WHOLE, Stream, counter, person, whole
from sim.units import MINUTE, NEVER, SLOTS

TILE = 500.0
MOST = int(TILE + 40 * TILE**0.5)


def exp_of_minus(x: Any) -> Any:
    """exp(-x) for 0 <= x <= TILE by products and sums alone: the same bits in every engine."""
    halvings = np.rint(x * 1.4426950408889634)
    rest = -(x - halvings * 0.6931471803691238) + halvings * 1.9082149292705877e-10
    power = 1.0 + rest / 14
    for n in range(13, 0, -1):
        power = 1.0 + power * rest / n
    return np.ldexp(power, np.int64(-halvings))


def poisson(mean: float, uniform: float) -> int:
    """The Poisson quantile by search from 0, for means up to TILE; it never falls as the mean grows."""
    mass = exp_of_minus(mean)
    reached, count = mass, 0
    while uniform >= reached and count < MOST:
        count += 1
        mass = mass * (mean / count)
        reached = reached + mass
    return count


def wanting(plan: Plan, look: Look, day: int) -> int:
    """How many want to come on a day; by center and half-hour in ``look.people``, each a Poisson quantile."""
    total = 0
    for center in range(len(plan.centers)):
        total += wanting_at(plan, look, center, day)
    return total


def wanting_at(plan: Plan, look: Look, center: int, day: int) -> int:
    """The same of one center."""
    home, row, total = plan.centers[center], plan.demand[center, day], 0
    factor = _day_factor(plan, home, day)
    for slot in range(SLOTS):
        mean = plan.profiles[row["profile"], slot] * row["people"] * factor
        look.people[center, slot] = _number(plan, home, day, slot, mean) if mean > 0 else 0
        total += look.people[center, slot]
    return total


def _day_factor(plan: Plan, home: Any, day: int) -> float:
    """What multiplies the people expected on a day: a factor of the center, and one that all centers share."""
    factor = 1.0
    if home["day_factor"] != NEVER:
        at = counter(person(home["number"], day, 0, 0), 0)
        factor = quantile(plan.quantiles, home["day_factor"], draw(plan, Stream.DAY_FACTOR, at)) / MINUTE
    if home["common_factor"] != NEVER:
        at = counter(person(0, day, 0, 0), 0)
        factor *= quantile(plan.quantiles, home["common_factor"], draw(plan, Stream.COMMON_DAY, at)) / MINUTE
    return factor


def _number(plan: Plan, home: Any, day: int, slot: int, mean: float) -> int:
    """How many want to come in one half-hour: the sum over tiles of TILE, so that it never falls as the mean grows."""
    count, tile = 0, 0
    while mean > tile * TILE and count < PERSONS:
        random = draw(plan, Stream.COUNT, counter(person(home["number"], day, slot, 0), tile))
        count += poisson(min(mean - tile * TILE, TILE), (whole(random) + 0.5) / WHOLE)
        tile += 1
    if count >= PERSONS:
        raise OverflowError("more than 1048576 people want to come in one half-hour")
    return count
