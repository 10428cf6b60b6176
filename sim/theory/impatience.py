"""Erlang A: M/M/c where those who wait leave when an exponential patience ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

from sim.theory.birthdeath import log_stationary
from sim.theory.load import at_least, nonnegative, offered_load, positive

TAIL = 1e-17
"""Probability beyond the last state kept: below the rounding of a double."""


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Steady state of M/M/c+M, first come first served."""

    arrival_rate: float
    mean_service: float
    servers: int
    mean_patience: float
    utilization: float
    p_abandon: float
    p_wait: float
    mean_wait: float
    """Over everyone who joined; those who left count with the time they waited."""
    queue_mean: float
    log_p_one_idle: float
    """ln P(exactly one server is idle), the constant of the law of the offered wait."""

    def offered_wait_density(self, minutes: float) -> float:
        """Density, at ``minutes`` > 0, of the wait of somebody with endless patience.

        l P(one idle) exp(l (1 - exp(-x/p)) p - c x / s) for arrival rate l, patience p, service s
        (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).
        """
        patient = -math.expm1(-minutes / self.mean_patience) * self.mean_patience
        drift = self.arrival_rate * patient - self.servers * minutes / self.mean_service
        return self.arrival_rate * math.exp(self.log_p_one_idle + drift)

    def served_within(self, minutes: float) -> float:
        """P(served and wait <= ``minutes``), over all arrivals: those who left did not wait at most that.

        By quadrature; absolute error below 1e-10 as long as ``log_p_one_idle`` is above -100,000.
        """
        nonnegative("minutes", minutes)
        return 1 - self.p_wait + sum(self._served(a, b) for a, b in self._pieces(minutes))

    def _served(self, start: float, end: float) -> float:
        def density(x: float) -> float:
            return self.offered_wait_density(x) * math.exp(-x / self.mean_patience)

        return float(quad(density, start, end, epsabs=1e-13, epsrel=1e-12, limit=200)[0])

    def _pieces(self, minutes: float) -> list[tuple[float, float]]:
        """0..``minutes``, cut around the mode of the density, which a long quadrature can miss."""
        capacity = self.servers / self.mean_service
        mode = max(0.0, self.mean_patience * math.log(self.arrival_rate / capacity))
        width = math.sqrt(self.mean_patience / capacity)
        cuts = [mode + step * width for step in (-32, -8, -2, 0, 2, 8, 32)]
        inside = [0.0, *(cut for cut in cuts if 0 < cut < minutes), minutes]
        return list(pairwise(inside))


def erlang_a(arrival_rate: float, mean_service: float, servers: int, mean_patience: float) -> ErlangA:
    """M/M/c+M at any load (Palm 1957; Garnett, Mandelbaum and Reiman 2002).

    Numerically exact: the birth-death chain is cut where the probability beyond is below ``TAIL``.
    """
    offered_load(arrival_rate, mean_service)
    at_least("servers", servers, 1)
    positive("mean_patience", mean_patience)
    log_p = _number_in_system(arrival_rate, mean_service, servers, mean_patience)
    p = np.exp(log_p)
    queue_mean = float((np.arange(len(p) - servers) * p[servers:]).sum())
    p_wait = float(p[servers:].sum())
    return ErlangA(
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        servers=servers,
        mean_patience=mean_patience,
        utilization=float((np.arange(servers) * p[:servers]).sum()) / servers + p_wait,
        p_abandon=queue_mean / (mean_patience * arrival_rate),
        p_wait=p_wait,
        mean_wait=queue_mean / arrival_rate,
        queue_mean=queue_mean,
        log_p_one_idle=float(log_p[servers - 1]),
    )


def _number_in_system(
    arrival_rate: float, mean_service: float, servers: int, mean_patience: float
) -> NDArray[np.float64]:
    """Logarithms of P(n in system), n = 0..last, the chain doubled until its tail is below ``TAIL``."""
    waiting = 64
    while True:
        present = np.arange(1, servers + waiting + 1)
        busy = np.minimum(present, servers)
        deaths = busy / mean_service + (present - busy) / mean_patience
        log_p = log_stationary(np.full(len(present), arrival_rate), deaths)
        ratio = arrival_rate / deaths[-1]
        # beyond the last state the weights fall at least geometrically with this ratio
        if ratio < 1 and math.exp(log_p[-1]) * waiting * ratio / (1 - ratio) ** 2 < TAIL:
            return log_p
        waiting *= 2
