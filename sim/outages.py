"""When the network is up: steps of speed, fixed before a run, and the work clock that they make.

W(t), the integral of the speed in permille over ms, is an exact integer; ``work`` of a step is W at its
time. So the end of a task is known at its start, and outages cause no event in a service.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.distributions import quantile
from sim.plan import NETWORK, Plan, Table
from sim.streams import Stream, bits, counter, person

FULL = 1000
AT_ONCE = 64


def network_steps(plan: Plan) -> Table:
    """Steps of a plan that has outages, from time 0 to the first up past the horizon."""
    times = np.zeros(1, np.int64)
    while times[-1] < plan.rules.horizon:
        first = len(times) // 2
        at = counter(person(plan.rules.center, 0, 0, 0) + np.arange(first, first + AT_ONCE), 0)
        lengths = np.empty(2 * AT_ONCE, np.int64)
        lengths[0::2] = quantile(plan.quantiles, plan.rules.up, bits(plan.keys[Stream.UP], at))
        lengths[1::2] = quantile(plan.quantiles, plan.rules.down, bits(plan.keys[Stream.DOWN], at))
        times = np.append(times, times[-1] + np.cumsum(lengths))
    last = 2 * int(np.searchsorted(times[::2], plan.rules.horizon))
    return with_work(times[: last + 1], np.where(np.arange(last + 1) % 2 == 0, FULL, 0))


def with_work(times: ArrayLike, speeds: ArrayLike) -> Table:
    """Steps with W at each; ``times`` ascend from 0, speeds are in permille, the last is not 0."""
    steps = np.zeros(np.size(times), NETWORK)
    steps["time"], steps["speed"] = times, speeds
    steps["work"][1:] = np.cumsum(np.diff(steps["time"]) * steps["speed"][:-1])
    return steps
