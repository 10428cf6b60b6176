"""Priority classes that do not interrupt a service in hand, and those that do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.theory.erlang import erlang_c, mmc
from sim.theory.load import at_least, nonnegative, offered_load, stable_utilization


@dataclass(frozen=True, slots=True)
class PriorityQueue:
    """Steady state by class, the class served first at index 0; first come first served within a class."""

    utilization: float
    mean_waits: tuple[float, ...]
    queue_means: tuple[float, ...]
    mean_wait: float
    """Over all arrivals."""


def _cobham(arrival_rates: Sequence[float], loads: Sequence[float], delay: float) -> PriorityQueue:
    """W_k = delay / ((1 - s_(k-1)) (1 - s_k)), where s_k is the load per server of classes 0..k.

    ``delay`` is the mean time until a server is free for a class that nobody precedes.
    """
    waits = []
    ahead = 0.0
    for load in loads:
        waits.append(delay / ((1 - ahead) * (1 - ahead - load)))
        ahead += load
    queues = tuple(rate * wait for rate, wait in zip(arrival_rates, waits, strict=True))
    return PriorityQueue(ahead, tuple(waits), queues, sum(queues) / sum(arrival_rates))


def mmc_priority(arrival_rates: Sequence[float], mean_service: float, servers: int) -> PriorityQueue:
    """M/M/c with one mean service for all classes (Cobham 1954; Kella and Yechiali 1985)."""
    at_least("servers", servers, 1)
    at_least("the number of classes", len(arrival_rates), 1)
    loads = [offered_load(rate, mean_service) / servers for rate in arrival_rates]
    offered = sum(arrival_rates) * mean_service
    return _cobham(arrival_rates, loads, erlang_c(servers, offered) * mean_service / servers)


def mg1_priority(arrival_rates: Sequence[float], mean_services: Sequence[float], cvs: Sequence[float]) -> PriorityQueue:
    """M/G/1 with a service time of its own for each class (Cobham 1954)."""
    at_least("the number of classes", len(arrival_rates), 1)
    classes = list(zip(arrival_rates, mean_services, cvs, strict=True))
    loads = [offered_load(rate, mean) for rate, mean, _ in classes]
    stable_utilization(sum(loads), 1)
    residual = sum(rate * mean**2 * (1 + nonnegative("cv", cv) ** 2) / 2 for rate, mean, cv in classes)
    return _cobham(arrival_rates, loads, residual)


@dataclass(frozen=True, slots=True)
class PreemptiveQueue:
    """Steady state by class, the class served first at index 0; what is interrupted goes on where it stopped."""

    utilization: float
    mean_times: tuple[float, ...]
    """From the arrival to the end of service."""
    number_means: tuple[float, ...]
    """Waiting, interrupted or in service."""


def mg1_preemptive(
    arrival_rates: Sequence[float], mean_services: Sequence[float], cvs: Sequence[float]
) -> PreemptiveQueue:
    """M/G/1 with a service time of its own for each class, preemptive resume.

    T_k = E[S_k] / (1 - s_(k-1)) + R_k / ((1 - s_(k-1)) (1 - s_k)), s_k the load and R_k the mean residual work of
    classes 0..k: the others do not exist for them (H. White and L. S. Christie 1958; R. W. Conway, W. L. Maxwell and
    L. W. Miller, *Theory of Scheduling*, 1967, chapter 8).
    """
    at_least("the number of classes", len(arrival_rates), 1)
    classes = list(zip(arrival_rates, mean_services, cvs, strict=True))
    stable_utilization(sum(offered_load(rate, mean) for rate, mean, _ in classes), 1)
    times, ahead, residual = [], 0.0, 0.0
    for rate, mean, cv in classes:
        residual += rate * mean**2 * (1 + nonnegative("cv", cv) ** 2) / 2
        free = 1 - ahead
        ahead += rate * mean
        times.append(mean / free + residual / (free * (1 - ahead)))
    return _preemptive(arrival_rates, times, ahead)


def mmc_preemptive(arrival_rates: Sequence[float], mean_service: float, servers: int) -> PreemptiveQueue:
    """M/M/c with one mean service for all classes, preemptive resume.

    Classes 0..k together are M/M/c, whichever of them is in service (J. P. Buzen and A. B. Bondi, *The response times
    of priority classes under preemptive resume in M/M/m queues*, Operations Research 31, 1983).
    """
    at_least("the number of classes", len(arrival_rates), 1)
    times, rates, inside = [], 0.0, 0.0
    for rate in arrival_rates:
        rates += rate
        together = rates * (mmc(rates, mean_service, servers).mean_wait + mean_service)
        times.append((together - inside) / rate)
        inside = together
    return _preemptive(arrival_rates, times, rates * mean_service / servers)


def _preemptive(arrival_rates: Sequence[float], times: Sequence[float], utilization: float) -> PreemptiveQueue:
    numbers = tuple(rate * time for rate, time in zip(arrival_rates, times, strict=True))
    return PreemptiveQueue(utilization, tuple(times), numbers)
