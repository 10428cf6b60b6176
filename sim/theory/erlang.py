"""Erlang's formulas: M/M/c with loss, with delay, and with a finite room."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.theory.birthdeath import log_stationary
from sim.theory.load import at_least, nonnegative, offered_load, stable_utilization


def erlang_b(servers: int, offered: float) -> float:
    """Share of arrivals lost by M/G/c/c at ``offered`` erlangs (Erlang 1917).

    By the recursion B(n) = a B(n-1) / (n + a B(n-1)), which neither overflows nor cancels. ``servers`` may
    be 0, where everybody is lost.
    """
    nonnegative("offered", offered)
    blocked = 1.0
    for server in range(1, at_least("servers", servers, 0) + 1):
        blocked = offered * blocked / (server + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """Share of arrivals that wait in M/M/c at ``offered`` erlangs, less than ``servers`` (Erlang 1917)."""
    utilization = stable_utilization(nonnegative("offered", offered), servers)
    blocked = erlang_b(servers, offered)
    return blocked / (1 - utilization * (1 - blocked))


@dataclass(frozen=True, slots=True)
class MMC:
    """Steady state of M/M/c, first come first served."""

    utilization: float
    p_wait: float
    mean_wait: float
    queue_mean: float
    drain_rate: float
    """Service capacity minus arrival rate, per minute: the rate of the exponential wait of those who wait."""

    def wait_within(self, minutes: float) -> float:
        """P(wait <= ``minutes``), over all arrivals."""
        return 1 - self.p_wait * math.exp(-self.drain_rate * nonnegative("minutes", minutes))


def mmc(arrival_rate: float, mean_service: float, servers: int) -> MMC:
    """M/M/c (Gross, Shortle, Thompson and Harris, *Fundamentals of Queueing Theory*, section 3.3)."""
    offered = offered_load(arrival_rate, mean_service)
    utilization = stable_utilization(offered, servers)
    p_wait = erlang_c(servers, offered)
    drain_rate = (servers - offered) / mean_service
    mean_wait = p_wait / drain_rate
    return MMC(utilization, p_wait, mean_wait, arrival_rate * mean_wait, drain_rate)


@dataclass(frozen=True, slots=True)
class MMCK:
    """Steady state of M/M/c/K: an arrival that finds K in the system is lost."""

    utilization: float
    p_block: float
    p_wait: float
    """P(wait > 0) of those who were let in."""
    mean_wait: float
    """Mean wait of those who were let in."""
    queue_mean: float


def mmck(arrival_rate: float, mean_service: float, servers: int, capacity: int) -> MMCK:
    """M/M/c/K at any load; ``capacity`` is K, officials plus seats for those who wait.

    (Gross, Shortle, Thompson and Harris, section 3.5.)
    """
    offered_load(arrival_rate, mean_service)
    at_least("capacity", capacity, at_least("servers", servers, 1))
    present = np.arange(1, capacity + 1)
    busy = np.minimum(present, servers)
    p = np.exp(log_stationary(np.full(capacity, arrival_rate), busy / mean_service))
    admitted = float(p[:-1].sum())
    queue_mean = float(((present - busy) * p[1:]).sum())
    return MMCK(
        utilization=float((busy * p[1:]).sum()) / servers,
        p_block=float(p[-1]),
        p_wait=float(p[servers:-1].sum()) / admitted,
        mean_wait=queue_mean / (arrival_rate * admitted),
        queue_mean=queue_mean,
    )
