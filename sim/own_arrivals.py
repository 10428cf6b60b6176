"""An arrival model of one's own, put into a plan: how many people are to be expected, by day and half-hour.

A plan is what both engines run, so that both run the model. The number who come in a half-hour is then the Poisson
quantile of its keyed uniform, as ever: a random expectation makes a doubly stochastic Poisson process. What people
bring along, how long they wait and whether they come again does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.faults import BadInput, Fault
from sim.plan import Plan
from sim.streams import PERSONS
from sim.units import NEVER, SLOTS

Arrivals = Callable[[int, np.random.Generator], ArrayLike]
"""Of a day, counted from 0, and random numbers of that day and replication: people expected in each half-hour [48]."""


def with_arrivals(plan: Plan, model: Arrivals) -> Plan:
    """The plan of one center with its people expected as ``model`` says, in the place of its demand and day factors.

    ``model(day, random)`` is called once for each day, closed ones too; the generator is keyed by seed, replication,
    center and day, so that a day has the same numbers whatever other days do. Who booked a time, who comes again and
    what a storm does to officials stay as they are. BadInput where it fails, or gives anything but SLOTS numbers from
    0 to less than PERSONS for a day.
    """
    if len(plan.centers) != 1 or len(plan.columns):
        raise BadInput([Fault("plan", "", "wanted one of one center, made by sim.make_plan")])
    days, center = range(len(plan.days)), plan.centers.copy()
    expected = np.stack([_expected(plan, model, day) for day in days])
    demand, people = plan.demand.copy(), expected.sum(axis=1)
    rows = demand[0]["profile"].copy()
    demand[0]["people"], demand[0]["profile"] = people, np.arange(len(days)) + len(plan.profiles)
    center["day_factor"], center["common_factor"] = NEVER, NEVER
    shares = np.divide(expected, people[:, None], out=np.zeros_like(expected), where=people[:, None] > 0)
    return plan._replace(
        centers=center,
        demand=demand,
        profiles=np.concatenate([plan.profiles, shares]),
        return_times=np.concatenate([plan.return_times, plan.return_times[rows]]),
    )


def _expected(plan: Plan, model: Arrivals, day: int) -> NDArray[np.float64]:
    """What the model says of one day; BadInput where that cannot be."""
    key = [plan.seed, plan.replication, int(plan.centers[0]["number"]), day]
    at = f"arrivals {getattr(model, '__name__', 'model')}, day {day}"
    try:
        given: Any = model(day, np.random.Generator(np.random.Philox(np.random.SeedSequence(key))))
    except Exception as error:
        raise BadInput([Fault(at, "", f"failed: {type(error).__name__}: {error}")]) from error
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != (SLOTS,):
        shape = f"numbers of shape {found.shape}" if found.size else type(given).__name__
        raise BadInput([Fault(at, shape, f"wanted {SLOTS} numbers: people expected in each half-hour from 00:00 on")])
    wrong = ~((found >= 0) & (found < PERSONS))
    if wrong.any():
        slot = int(wrong.argmax())
        time = f"{slot // 2:02d}:{slot % 2 * 30:02d}"
        raise BadInput([Fault(f"{at}, {time}", f"{found[slot]:g}", f"wanted a number from 0 to less than {PERSONS}")])
    return found
