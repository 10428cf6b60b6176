"""What queueing theory says exactly of the figures of a run, in the metrics of :mod:`sim.figures`; times in minutes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.theory import (
    booked_queue,
    day_number,
    day_queue,
    erlang_a,
    mg1,
    mm1_breakdowns,
    mmc,
    mmc_priority,
    mmck,
    two_skills,
)

MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Figure:
    """What theory says of one metric in one scope; ``rounding``: how far a printed figure may be from it."""

    metric: str
    exact: float
    scope: str = "all"
    rounding: float = 0.0


def delay_system(servers: int, per_hour: float, mean: float, within: Sequence[int]) -> Callable[[int], list[Figure]]:
    """M/M/c."""
    exact = mmc(per_hour / 60, mean, servers)

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * 24 * days),
            Figure("wait_mean", exact.mean_wait),
            *(Figure(f"wait_within_{t}", exact.wait_within(t)) for t in within),
            Figure("queue_mean", exact.queue_mean),
            Figure("utilization", exact.utilization),
            Figure("time_in_center_mean", exact.mean_wait + mean),
        ]

    return figures


def one_server(per_hour: float, mean: float, cv: float) -> list[Figure]:
    """M/G/1."""
    exact = mg1(per_hour / 60, mean, cv)
    return [
        Figure("wait_mean", exact.mean_wait),
        Figure("wait_within_0", exact.p_no_wait),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def crommelin(rate: float, service: float, t: float) -> float:
    """P(wait <= t) in M/D/1 (Erlang 1909; Crommelin 1932); exact, and stable for t of a few services."""
    ahead = (rate * (k * service - t) for k in range(math.floor(t / service) + 1))
    return (1 - rate * service) * math.fsum(x**k / math.factorial(k) * math.exp(-x) for k, x in enumerate(ahead))


def impatient(per_hour: float, mean: float, servers: int, patience: float) -> list[Figure]:
    """M/M/c+M."""
    exact = erlang_a(per_hour / 60, mean, servers, patience)
    return [
        Figure("wait_mean", exact.mean_wait),
        *(Figure(f"wait_within_{t}", exact.served_within(t)) for t in (0, 1, 3)),
        Figure("reneged_share", exact.p_abandon),
        Figure("unserved_share", exact.p_abandon),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def finite_room(per_hour: float, mean: float, servers: int, seats: int) -> list[Figure]:
    """M/M/c/K."""
    exact = mmck(per_hour / 60, mean, servers, servers + seats)
    return [
        Figure("wait_mean", exact.mean_wait),
        Figure("wait_within_0", (1 - exact.p_block) * (1 - exact.p_wait)),
        Figure("balked_share", exact.p_block),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


def two_classes(per_hour: float, first: float, mean: float, servers: int) -> list[Figure]:
    """M/M/c, ``first`` of the arrivals called before the others."""
    exact = mmc_priority((per_hour / 60 * first, per_hour / 60 * (1 - first)), mean, servers)
    return [
        Figure("wait_mean", exact.mean_waits[0], "priority=elderly"),
        Figure("wait_mean", exact.mean_waits[1], "priority=ordinary"),
        Figure("wait_mean", exact.mean_wait),
        Figure("queue_mean", sum(exact.queue_means)),
    ]


def n_model(per_hour: float, land: float, means: tuple[float, float]) -> list[Figure]:
    """One official for the field request only, one for both; ``land`` of the arrivals need the second."""
    rate = per_hour / 60
    exact = two_skills((rate * (1 - land), rate * land), means, (1, 0), 1)
    return [
        Figure("wait_mean", exact.mean_waits[0], "field=request"),
        Figure("wait_mean", exact.mean_waits[1], "field=land"),
        Figure("wait_within_0", 1 - exact.p_waits[0], "field=request"),
        Figure("wait_within_0", 1 - exact.p_waits[1], "field=land"),
        Figure("queue_mean", sum(exact.queue_means)),
    ]


def breakdowns(per_hour: float, mean: float, up: float, down: float) -> Callable[[int], list[Figure]]:
    """M/M/1 that breaks down at any time; who sits at the counter in an outage is being received."""
    exact = mm1_breakdowns(per_hour / 60, mean, up, down)

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * 24 * days),
            Figure("wait_mean", exact.wait_mean),
            Figure("queue_mean", exact.queue_mean),
            Figure("time_in_center_mean", exact.time_mean),
        ]

    return figures


def tandem(per_hour: float, guidance: float, mean: float, counters: int) -> list[Figure]:
    """M/M/1 of a guide, then M/M/c (R. R. P. Jackson 1954): the wait is that of both queues."""
    desk, hall = mmc(per_hour / 60, guidance, 1), mmc(per_hour / 60, mean, counters)
    return [
        Figure("wait_mean", desk.mean_wait + hall.mean_wait),
        Figure("queue_mean", desk.queue_mean + hall.queue_mean),
        Figure("time_in_center_mean", desk.mean_wait + guidance + hall.mean_wait + mean),
    ]


def several_dossiers(per_hour: float, dossiers: float, mean: float) -> list[Figure]:
    """M/G/1 whose work is that of 1 + Poisson(dossiers - 1) exponential dossiers."""
    return one_server(per_hour, dossiers * mean, math.sqrt(2 * dossiers - 1) / dossiers)


def signed(per_hour: float, signature: float, handed: float) -> list[Figure]:
    """A leader as M/M/1 behind counters enough for all: what leaves M/M/infinity is Poisson (Mirasol 1963)."""
    exact = mmc(per_hour / 60, signature, 1)
    return [
        Figure("result_wait_mean", exact.mean_wait + signature + handed),
        Figure("time_in_center_mean", 5 + exact.mean_wait + signature + handed),
    ]


def booked(every: float, comes: float, mean: float) -> list[Figure]:
    """D/M/1, or GI/M/1 where a place is free or missed, by people who come at their time."""
    exact = booked_queue(every, mean, comes)
    return [
        Figure("wait_mean", exact.mean_wait),
        *(Figure(f"wait_within_{t}", exact.wait_within(t)) for t in (0, 3)),
        Figure("queue_mean", exact.queue_mean),
        Figure("utilization", exact.utilization),
    ]


OPEN, CLOSE, OUT = 480, 1020, (600, 690)


def working_day(per_hour: float, mean: float, counters: int, down: bool) -> Callable[[int], list[Figure]]:
    """M/M/c from the opening to the closing, all work at a standstill in an outage; who is inside is served out.

    At the closing everybody inside, waiting or half served, still wants ``mean`` of work: the overtime.
    """
    edges = [OPEN, *OUT, CLOSE]
    exact = day_number([per_hour / 60] * 3, edges, counters, mean, (True, not down, True))

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", per_hour * (CLOSE - OPEN) / 60 * days),
            Figure("overtime_per_day", exact[2] * mean),
        ]

    return figures


DAY_STEPS = {
    "00:00": 0.0,
    "07:30": 40.0,
    "08:30": 60.0,
    "11:00": 25.0,
    "13:00": 50.0,
    "16:00": 15.0,
    "17:30": 0.0,
}


def one_day(mean: float, servers: int) -> Callable[[int], list[Figure]]:
    """M(t)/M/c by day, empty at midnight."""
    hours = [int(at[:2]) * 60 + int(at[3:]) for at in DAY_STEPS]
    exact = day_queue([rate / 60 for rate in DAY_STEPS.values()], [*hours, MINUTES_A_DAY], servers, mean)
    assert exact.end_number_mean < 1e-9

    def figures(days: int) -> list[Figure]:
        return [
            Figure("arrived", exact.arrivals_mean * days),
            Figure("wait_mean", exact.mean_wait),
            *(Figure(f"wait_within_{t}", exact.wait_within(t)) for t in (0, 5, 15)),
            Figure("queue_mean", exact.queue_mean),
            Figure("time_in_center_mean", exact.mean_wait + mean),
        ]

    return figures
