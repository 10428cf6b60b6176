"""What is known of a queue: its mean wait, and how far the mean of a run may lie from it."""

from __future__ import annotations

import numpy as np

from experiments.bench.programs import Known
from sim.theory import mmc

TAIL = 1e-18


def mean_wait_of(servers: int, rate: float, service: float = 1.0) -> Known:
    """The mean wait of M/M/c, ``rate`` in arrivals a minute, ``service`` in minutes.

    Its asymptotic variance is that of the integral of the queue minus the mean wait for each arrival, a birth-death
    process with rewards: with g the differences of the solution h of Poisson's equation, the martingale of the rewards
    plus h jumps by g - wait at an arrival and by -g at a departure (S. Asmussen, *Applied Probability and Queues*,
    2nd ed., section I.7, gives the equation). For one server it is Daley's rho (2 + 5 rho - 4 rho^2 + rho^3) /
    (1 - rho)^4 (D. J. Daley, J. Appl. Prob. 5, 1968).
    """
    exact = mmc(rate, service, servers)
    count = servers + int(np.log(TAIL) / np.log(exact.utilization)) + 1
    present = np.arange(count)
    leaving = np.minimum(present, servers) / service
    stationary = np.cumprod(np.concatenate([[1.0], rate / leaving[1:]]))
    stationary /= stationary.sum()
    surplus = stationary * (np.maximum(present - servers, 0) - rate * exact.mean_wait)
    # rate * stationary[i] * g[i] is minus the surplus up to i; summed from the far end, where it would cancel.
    beyond = np.cumsum(surplus[::-1])[::-1]
    rising = np.append(beyond[1:], 0.0) / (rate * stationary)
    at_arrivals = rate * stationary @ (rising - exact.mean_wait) ** 2
    at_departures = (leaving * stationary)[1:] @ rising[:-1] ** 2
    return Known(exact.mean_wait, float(at_arrivals + at_departures) / rate)
