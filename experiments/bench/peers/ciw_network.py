"""M/M/c and the service-center day in Ciw."""

from __future__ import annotations

import math
import random
from typing import Any

import ciw

DAY = 1440.0
HOURS = (450.0, 510.0, 570.0, 630.0, 690.0, 810.0, 930.0, 1020.0, DAY)
RATES = (0.0, 45 / 60, 60 / 60, 50 / 60, 35 / 60, 0.0, 40 / 60, 20 / 60, 0.0)
CLASSES = {"elderly": 0.2, "ordinary": 0.8}
GUIDES, COUNTERS, HOME = 1, (2, 3, 4), 5


def queue(servers: int, rate: float, customers: int, seed: int) -> tuple[int, float]:
    """How many waits were recorded, and their mean; service one minute in the mean."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return len(waits), sum(waits) / len(waits)


class ToAField(ciw.routing.NodeRouting):  # type: ignore[misc]
    """From the guide to the counters of one's field, the same on each visit."""

    def next_node(self, ind: Any) -> Any:
        if not hasattr(ind, "field"):
            ind.field, ind.visits = random.choices(COUNTERS, (5, 4, 3))[0], 0
        return self.simulation.nodes[ind.field]


class HomeOrAway(ciw.routing.NodeRouting):  # type: ignore[misc]
    """From the counter away, or home for what was missing."""

    def next_node(self, ind: Any) -> Any:
        ind.visits += 1
        again = ind.visits < 4 and random.random() < 0.15
        return self.simulation.nodes[HOME if again else -1]


class UntilTomorrow(ciw.dists.Distribution):  # type: ignore[misc]
    """The time at home until the next morning."""

    def sample(self, t: float | None = None, ind: Any = None) -> float:  # noqa: ARG002
        now = t or 0.0
        return (now // DAY + 1) * DAY + random.uniform(HOURS[0], HOURS[4]) - now


def day(days: int, seed: int) -> tuple[int, int, float]:
    """Citizens, visits and minutes waited; the network is always up."""
    ciw.seed(seed)
    simulation = ciw.Simulation(_center(days))
    simulation.simulate_until_max_time((days + 10) * DAY)
    records = [record for record in simulation.get_all_records() if record.node != HOME]
    visits = sum(record.node in COUNTERS for record in records)
    citizens = len({record.id_number for record in records})
    return citizens, visits, sum(record.waiting_time for record in records)


def _center(days: int) -> Any:
    spread = math.sqrt(math.log(1.25))
    work = ciw.dists.Lognormal(math.log(12.0) - spread**2 / 2, spread)
    stations = [ciw.dists.Exponential(0.5), work, work, work, UntilTomorrow()]
    return ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.PoissonIntervals([rate * share for rate in RATES], list(HOURS), days * DAY), *[None] * 4]
            for name, share in CLASSES.items()
        },
        service_distributions=dict.fromkeys(CLASSES, stations),
        number_of_servers=[*(_on_duty(number) for number in (2, 5, 4, 3)), math.inf],
        priority_classes={name: rank for rank, name in enumerate(CLASSES)},
        routing={name: _way() for name in CLASSES},
    )


def _way() -> Any:
    return ciw.routing.NetworkRouting(
        [ToAField(), HomeOrAway(), HomeOrAway(), HomeOrAway(), ciw.routing.Direct(GUIDES)]
    )


def _on_duty(number: int) -> Any:
    return ciw.Schedule(numbers_of_servers=[number, 0, number], shift_end_dates=[690.0, 810.0, DAY])
