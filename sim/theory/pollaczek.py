"""M/G/1 by the formulas of Pollaczek and Khinchine."""

from __future__ import annotations

from dataclasses import dataclass

from sim.theory.load import nonnegative, offered_load, stable_utilization


@dataclass(frozen=True, slots=True)
class MG1:
    """Steady state of M/G/1, first come first served."""

    utilization: float
    p_wait: float
    p_no_wait: float
    mean_wait: float
    queue_mean: float
    wait_second_moment: float | None
    """E[wait^2] in square minutes; None unless the third moment of service was given."""


def mg1(arrival_rate: float, mean_service: float, cv: float, third_moment: float | None = None) -> MG1:
    """M/G/1 from mean and coefficient of variation of the service time.

    With arrival rate l and utilization r, E[W] = l E[S^2] / 2(1 - r); with E[S^3] given in cubic minutes,
    E[W^2] = 2 E[W]^2 + l E[S^3] / 3(1 - r) (Kleinrock, *Queueing Systems* I, section 5.7). A third moment
    that no service time of this mean and cv can have (below E[S^2]^2 / E[S], by Cauchy and Schwarz) is
    refused.
    """
    utilization = stable_utilization(offered_load(arrival_rate, mean_service), 1)
    second_moment = mean_service**2 * (1 + nonnegative("cv", cv) ** 2)
    mean_wait = arrival_rate * second_moment / (2 * (1 - utilization))
    wait_second_moment = None
    if third_moment is not None:
        least = second_moment**2 / mean_service
        # the bound is attained by constant service, so equality up to rounding must pass
        if third_moment < least * (1 - 1e-12):
            raise ValueError(f"third_moment must be at least {least:g} here, got {third_moment!r}")
        wait_second_moment = 2 * mean_wait**2 + arrival_rate * third_moment / (3 * (1 - utilization))
    return MG1(utilization, utilization, 1 - utilization, mean_wait, arrival_rate * mean_wait, wait_second_moment)
