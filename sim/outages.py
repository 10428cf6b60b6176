"""When the network is up: steps of speed, fixed before a run, and the work clock that they make.

W(t), the integral of the speed in permille over ms, is an exact integer; ``work`` of a step is W at its
time. So the end of a task is known at its start, and outages cause no event in a service.
"""

from __future__ import annotations

import numpy as np

from sim.distributions import quantile
from sim.plan import NETWORK, Plan, Table
from sim.streams import Stream, bits, counter, key, person
from sim.units import NEVER

FULL = 1000


def network_steps(plan: Plan, seed: int, replication: int) -> Table:
    """Steps from time 0 to the first up past the horizon; empty where there are no outages."""
    up, down = plan.rules.outage
    if up == NEVER:
        return np.empty(0, NETWORK)
    times = [0]
    while times[-1] < plan.rules.horizon:
        nth = person(plan.center, 0, 0, 0) + np.arange(len(times) // 2, len(times) // 2 + 64)
        lengths = np.empty(2 * len(nth), np.int64)
        lengths[0::2] = quantile(plan.quantiles, up, bits(key(seed, replication, Stream.UP), counter(nth, 0)))
        lengths[1::2] = quantile(plan.quantiles, down, bits(key(seed, replication, Stream.DOWN), counter(nth, 0)))
        times += (times[-1] + np.cumsum(lengths)).tolist()
    last = next(i for i in range(0, len(times), 2) if times[i] >= plan.rules.horizon)
    speeds = [FULL if i % 2 == 0 else 0 for i in range(last + 1)]
    return with_work(times[: last + 1], speeds)


def with_work(times: list[int], speeds: list[int]) -> Table:
    """Steps with W at each; ``times`` ascend from 0, speeds are in permille, the last is not 0."""
    steps = np.zeros(len(times), NETWORK)
    steps["time"], steps["speed"] = times, speeds
    steps["work"][1:] = np.cumsum(np.diff(steps["time"]) * steps["speed"][:-1])
    return steps
