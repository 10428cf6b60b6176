"""M/M/c as a plain loop over a heap of events."""

from __future__ import annotations

import random
from collections import deque
from heapq import heappop, heappush

ARRIVAL, DEPARTURE = 0, 1


def queue(servers: int, rate: float, customers: int, seed: int) -> tuple[int, float]:
    """How many waits were recorded, and their mean; service one minute in the mean."""
    draw = random.Random(seed).expovariate
    waits: list[float] = []
    line: deque[float] = deque()
    events = [(draw(rate), ARRIVAL)]
    coming, idle = customers - 1, servers
    while events:
        now, kind = heappop(events)
        if kind == ARRIVAL:
            line.append(now)
            if coming:
                coming -= 1
                heappush(events, (now + draw(rate), ARRIVAL))
        else:
            idle += 1
        if line and idle:
            waits.append(now - line.popleft())
            idle -= 1
            heappush(events, (now + draw(1.0), DEPARTURE))
    return len(waits), sum(waits) / len(waits)
