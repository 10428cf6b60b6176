"""M/M/1 whose server breaks down at any time, and goes on with the work where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from sim.theory.load import positive, stable_utilization


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """Steady state; whom the server was at sits there until it is repaired, and is not counted as waiting."""

    availability: float
    number_mean: float
    queue_mean: float
    time_mean: float
    wait_mean: float


def mm1_breakdowns(arrival_rate: float, mean_service: float, up: float, down: float) -> Breakdowns:
    """Exponential times ``up`` and ``down``, whether or not somebody is served.

    H. White and L. S. Christie, "Queuing with preemptive priorities or with breakdown", Operations Research 6 (1958).
    With rates l, m of arrival and service, f, r of failure and repair, and a = r / (f + r): the generating functions
    of the number in the system are U = m (a - l/m) / (m - l z - f l z / (l (1 - z) + r)) while it is up and
    f U / (l (1 - z) + r) while it is down.
    """
    service, fail, repair = (1 / positive(*one) for one in (("mean_service", mean_service), ("up", up), ("down", down)))
    availability = repair / (fail + repair)
    stable_utilization(arrival_rate * mean_service / availability, 1)
    pace, slow = arrival_rate / availability, fail * arrival_rate / repair**2
    number = (pace + slow * arrival_rate) / (service - pace) + slow * availability
    empty = (availability - arrival_rate / service) * (1 + fail / (arrival_rate + repair))
    queue = number - (1 - empty)
    return Breakdowns(availability, number, queue, number / arrival_rate, queue / arrival_rate)
