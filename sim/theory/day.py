"""M(t)/M/c over one day that begins empty: the Kolmogorov forward equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from sim.theory.load import at_least, nonnegative, positive
from sim.theory.uniform import SPARE, poisson_reach, steps_of

Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DayQueue:
    """Expectations over a day that begins empty; arrivals stop at the last edge, service goes on."""

    arrivals_mean: float
    mean_wait: float
    """Expected sum of waits over expected arrivals, the ratio that pooled replications estimate."""
    p_wait: float
    queue_mean: float
    """Number waiting, averaged over the time between the first and the last edge."""
    number_mean: float
    """Number in system, averaged over the time between the first and the last edge."""
    end_number_mean: float
    """Number in system at the last edge."""
    found: tuple[float, ...]
    """Share of arrivals that find n in system, at index n."""
    servers: int
    mean_service: float

    def wait_within(self, minutes: float) -> float:
        """P(wait <= ``minutes``), over the arrivals of the day."""
        scaled = self.servers * nonnegative("minutes", minutes) / self.mean_service
        found = np.asarray(self.found)
        ahead = np.arange(1, len(found) - self.servers + 1)
        return float(found[: self.servers].sum() + found[self.servers :] @ gammainc(ahead, scaled))


def day_queue(rates: Sequence[float], edges_min: Sequence[float], servers: int, mean_service: float) -> DayQueue:
    """M(t)/M/c with arrival rate ``rates[i]`` from ``edges_min[i]`` to ``edges_min[i + 1]``, at any load.

    ``edges_min`` has one entry more than ``rates`` and increases. By uniformization (Jensen 1953; Grassmann
    1977), so the error in probability is that of the cuts, at most ``TAIL`` for the day and as much for each
    256 jumps. Whoever finds n in system waits an Erlang time of n - c + 1 phases at rate c / mean_service.
    """
    lengths = _lengths(rates, edges_min)
    positive("mean_service", mean_service)
    at_least("servers", servers, 1)
    found, spent, end = _evolve(rates, lengths, servers, mean_service)
    number = np.arange(len(found))
    return DayQueue(
        arrivals_mean=float(np.dot(rates, lengths)),
        mean_wait=float(np.maximum(0, number - servers + 1) @ found) * mean_service / servers,
        p_wait=float(found[servers:].sum()),
        queue_mean=float(np.maximum(0, number - servers) @ spent),
        number_mean=float(number @ spent),
        end_number_mean=float(number @ end),
        found=tuple(found.tolist()),
        servers=servers,
        mean_service=mean_service,
    )


def day_mean_wait(rates: Sequence[float], edges_min: Sequence[float], servers: int, mean_service: float) -> float:
    """Exact mean wait over the arrivals of the day, in minutes; arguments as for :func:`day_queue`."""
    return day_queue(rates, edges_min, servers, mean_service).mean_wait


def day_number(
    rates: Sequence[float], edges_min: Sequence[float], servers: int, mean_service: float, up: Sequence[bool]
) -> tuple[float, float, float]:
    """Number in system and number waiting over the day, averaged over time, and the number at its end, in M(t)/M/c.

    As :func:`day_queue`, but all work stands still in the intervals that are not ``up``; whoever is at a server stays.
    """
    lengths = _lengths(rates, edges_min)
    last = max(servers, poisson_reach(float(np.dot(rates, lengths))))
    deaths = np.minimum(np.arange(last + 1), servers) / positive("mean_service", mean_service)
    p, spent, number = np.zeros(last + 1), np.zeros(last + 1), np.arange(last + 1)
    p[0] = 1.0
    for rate, length, runs in zip(rates, lengths.tolist(), up, strict=True):
        p, occupied = _interval(p, rate, deaths if runs else np.zeros_like(deaths), length)
        spent += occupied / lengths.sum()
    return float(number @ spent), float(np.maximum(0, number - servers) @ spent), float(number @ p)


def _lengths(rates: Sequence[float], edges_min: Sequence[float]) -> Probabilities:
    """Minutes of each interval, once the day has been found possible."""
    if len(edges_min) != len(rates) + 1:
        raise ValueError(f"{len(rates)} rates need {len(rates) + 1} edges_min, got {len(edges_min)}")
    lengths = np.diff(np.asarray(edges_min, dtype=np.float64))
    if not np.all(lengths > 0):
        raise ValueError(f"edges_min must increase, got {list(edges_min)!r}")
    for rate in rates:
        nonnegative("every rate", rate)
    positive("the expected number of arrivals", float(np.dot(rates, lengths)))
    return lengths


def _evolve(
    rates: Sequence[float], lengths: Probabilities, servers: int, mean_service: float
) -> tuple[Probabilities, Probabilities, Probabilities]:
    """Law of the number in system as arrivals find it, averaged over time, and at the last edge."""
    arrivals = float(np.dot(rates, lengths))
    # nobody can find more people than have arrived, so this many states lose no more than TAIL
    last = max(servers, poisson_reach(arrivals))
    deaths = np.minimum(np.arange(last + 1), servers) / mean_service
    p, found, spent = np.zeros((3, last + 1))
    p[0] = 1.0
    for rate, length in zip(rates, lengths.tolist(), strict=True):
        p, occupied = _interval(p, rate, deaths, length)
        found += rate * occupied / arrivals
        spent += occupied / lengths.sum()
    return found, spent, p


def _interval(
    p: Probabilities, rate: float, deaths: Probabilities, length: float
) -> tuple[Probabilities, Probabilities]:
    """State at the end of ``length`` minutes at a constant rate, and the expected minutes in each state."""
    clock = rate + deaths[-1]
    steps, exactly, more = steps_of(clock, length)
    occupied = np.zeros_like(p)
    for _ in range(steps):
        # a step moves nobody further than its jumps, so the empty states above need no work
        top = _top(p) + len(exactly)
        state, p = p[:top], np.zeros_like(p)
        for weight, beyond in zip(exactly, more, strict=True):
            p[:top] += weight * state
            occupied[:top] += beyond / clock * state
            state = _jump(state, rate / clock, deaths[:top] / clock)
    return p, occupied


def _top(p: Probabilities) -> int:
    """Number of states below those that together have a probability of at most ``SPARE``."""
    return int(np.count_nonzero(np.cumsum(p[::-1]) > SPARE))


def _jump(p: Probabilities, up: float, down: Probabilities) -> Probabilities:
    """One jump of the uniformized chain; an arrival in the last state is lost."""
    after = p * (1 - up - down)
    after[-1] += up * p[-1]
    after[1:] += up * p[:-1]
    after[:-1] += down[1:] * p[1:]
    return after
