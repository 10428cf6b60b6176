"""M/M/c in SimPy: one process a customer, one resource."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy


def queue(servers: int, rate: float, customers: int, seed: int) -> tuple[int, float]:
    """How many waits were recorded, and their mean; service one minute in the mean."""
    draw, env = random.Random(seed).expovariate, simpy.Environment()
    desk = simpy.Resource(env, servers)
    waits: list[float] = []

    def customer() -> Generator[Any, Any, None]:
        came = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(draw(1.0))

    def arrivals() -> Generator[Any, Any, None]:
        for _ in range(customers):
            yield env.timeout(draw(rate))
            env.process(customer())

    env.process(arrivals())
    env.run()
    return len(waits), sum(waits) / len(waits)
