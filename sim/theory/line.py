"""A pooled line at several servers, any service time, any patience, finite room: one chain for all of it.

The chain counts those at the servers one by one, and those who wait in parcels of ``spread`` = (1 + cs^2) / 2 people,
cs being the cv of the service time. A parcel comes at rate l / spread and is taken up at rate c / (s spread): the drift
of the line is as it is, its variance that of the Poisson arrivals and a renewal process of services in heavy traffic
(Kingman 1961). Without limits of patience and room its stationary law gives Erlang's probability to wait, and the mean
line of M/M/c times (1 + cs^2) / 2 (Allen 1990, after Cunneen). With patience the k-th person from the end of the line
is held to have waited for k / l, and leaves by the hazard of patience then: M/M/c+M(n) (Whitt 2005, Operations Research
53, 221-235), here with the sum of hazards as an integral, so that it is Erlang A where patience is exponential. In
overload the line is where the fluid model has it, whatever cs is. Exact for M/M/c, M/M/c+M, M/M/c/K, and for the mean
line of M/G/1; an approximation elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.theory.birthdeath import log_stationary
from sim.theory.erlang import mmc
from sim.theory.load import at_least, nonnegative, positive

Floats = NDArray[np.float64]
Hazard = Callable[[Floats], Floats]
TAIL = 1e-13
"""Mean number waiting beyond the last state kept, at most."""
MOST_LEVELS = 1 << 16
LEAST_RATE = 1e-3


@dataclass(frozen=True, eq=False)
class Line:
    """What does not change through the day; minutes.

    ``hazard``: the cumulative hazard of patience, -ln P(patience > t), None for endless patience. ``seats``: who waits
    at most, None for room without limit.
    """

    mean_service: float
    cv_service: float = 1.0
    hazard: Hazard | None = None
    seats: int | None = None

    def __post_init__(self) -> None:
        positive("mean_service", self.mean_service)
        nonnegative("cv_service", self.cv_service)

    @property
    def spread(self) -> float:
        """People in a parcel: (1 + cs^2) / 2."""
        return (1 + self.cv_service**2) / 2

    @property
    def is_bounded(self) -> bool:
        """Whether there is a steady state at any load."""
        return self.hazard is not None or self.seats is not None

    @property
    def room(self) -> int | None:
        """Parcels for which there are seats, None without limit."""
        return None if self.seats is None else round(self.seats / self.spread)

    def leaving(self, levels: int, rate: float) -> Floats:
        """Parcels a minute that lose patience with 0..``levels`` of them waiting, who came at ``rate`` a minute."""
        waiting = np.arange(levels + 1, dtype=np.float64) * self.spread
        if self.hazard is None:
            return np.zeros(levels + 1)
        recent = max(rate, LEAST_RATE)
        return recent * self.hazard(waiting / recent) / self.spread


@dataclass(frozen=True, slots=True)
class Standing:
    """A steady state: probability to wait, mean number waiting, and share of arrivals that find no room."""

    p_wait: float
    queue_mean: float
    p_block: float


def steady(line: Line, rate: float, servers: int) -> Standing:
    """The steady state at ``rate`` arrivals a minute; ValueError where there is none: overload without any limit."""
    at_least("servers", servers, 0)
    if nonnegative("rate", rate) == 0:
        return Standing(float(servers == 0), 0.0, 0.0)
    if not line.is_bounded:
        exact = mmc(rate, line.mean_service, servers)
        return Standing(exact.p_wait, exact.queue_mean * line.spread, 0.0)
    levels = 64 if line.room is None else line.room
    while True:
        p = np.exp(_law(line, rate, servers, levels))
        waiting = p[servers:]
        if line.room is not None or levels >= MOST_LEVELS or float(waiting[-1]) * levels**2 < TAIL:
            break
        levels *= 2
    queue = float(np.arange(levels + 1) @ waiting) * line.spread
    blocked = float(waiting[-1]) if line.room is not None else 0.0
    return Standing(float(waiting.sum()), queue, blocked)


def _law(line: Line, rate: float, servers: int, levels: int) -> Floats:
    """Logarithms of the stationary law: 0..servers busy, then 1..levels parcels waiting."""
    births = np.concatenate([np.full(servers, rate), np.full(levels, rate / line.spread)])
    served = servers / line.mean_service / line.spread
    busy = np.arange(1, servers + 1) / line.mean_service
    return log_stationary(births, np.concatenate([busy, served + line.leaving(levels, rate)[1:]]))
