"""Appointments at equal intervals, some of them missed, at one exponential server."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1

from scipy.optimize import brentq

from sim.theory.load import positive, stable_utilization


@dataclass(frozen=True, slots=True)
class BookedQueue:
    """Steady state of GI/M/1, first come first served; ``p_wait``: the probability to wait."""

    utilization: float
    p_wait: float
    mean_wait: float
    queue_mean: float
    mean_service: float

    def wait_within(self, t: float) -> float:
        """P(wait <= t)."""
        return 1 - self.p_wait * exp(-(1 - self.p_wait) * t / self.mean_service)


def booked_queue(interval: float, mean_service: float, comes: float = 1.0) -> BookedQueue:
    """One exponential server with a time every ``interval`` minutes, to each of which somebody comes or not.

    They come with probability ``comes`` (1: D/M/1), so that gaps are the interval times a geometric number. In GI/M/1
    whoever comes waits with the probability s that solves s = A((1 - s) / service), A being the Laplace transform of
    the gaps, and then a mean of service / (1 - s) (Kleinrock, *Queueing Systems* I, section 6.4).
    """
    if not 0 < comes <= 1:
        raise ValueError(f"comes must be above 0 and at most 1, got {comes!r}")
    gap, service = positive("interval", interval), positive("mean_service", mean_service)
    rate = comes / gap
    utilization = stable_utilization(rate * service, 1)

    def excess(free: float) -> float:
        """1 - A(free / service) over ``free`` = 1 - s, less 1: below 0 from the root on."""
        at = free * gap / service
        return -expm1(-at) / (1 - (1 - comes) * exp(-at)) / free - 1

    free = float(brentq(excess, 1e-12, 1.0, xtol=1e-15, rtol=1e-14))
    wait = (1 - free) / free * service
    return BookedQueue(utilization, 1 - free, wait, rate * wait, service)
