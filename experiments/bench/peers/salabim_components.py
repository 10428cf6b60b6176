"""M/M/c and the service-center day in salabim, its processes written with ``yield``."""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import salabim

DAY = 1440.0
RATES = ((450, 510, 45), (510, 570, 60), (570, 630, 50), (630, 690, 35), (810, 930, 40), (930, 1020, 20))
SPREAD = math.sqrt(math.log(1.25))
Process = Generator[Any, Any, None]

salabim.yieldless(False)


class Customer(salabim.Component):  # type: ignore[misc]
    """Waits, is served, leaves."""

    def process(self) -> Process:
        came = self.env.now()
        yield self.request(self.env.desk)
        self.env.waits.append(self.env.now() - came)
        yield self.hold(self.env.draw.expovariate(1.0))
        self.release()


class Customers(salabim.Component):  # type: ignore[misc]
    """Lets customers come."""

    def process(self) -> Process:
        for _ in range(self.env.customers):
            yield self.hold(self.env.draw.expovariate(self.env.rate))
            Customer()


def queue(servers: int, rate: float, customers: int, seed: int) -> tuple[int, float]:
    """How many waits were recorded, and their mean; service one minute in the mean."""
    env = salabim.Environment(trace=False)
    env.draw, env.rate, env.customers = random.Random(seed), rate, customers
    env.desk = salabim.Resource("desk", capacity=servers)
    env.waits = []
    Customers()
    env.run()
    return len(env.waits), sum(env.waits) / len(env.waits)


class Citizen(salabim.Component):  # type: ignore[misc]
    """Guide and counter, and again the next morning if a paper was missing."""

    def process(self) -> Process:
        env, draw = self.env, self.env.draw
        rank = 0 if draw.random() < 0.2 else 1
        counter = draw.choices(env.counters, (5, 4, 3))[0]
        for visit in range(4):
            came = env.now()
            yield self.request((env.guides, 1, rank))
            env.waited += env.now() - came
            yield self.hold(draw.expovariate(0.5))
            self.release()
            came = env.now()
            yield self.request((counter, 1, rank))
            env.waited += env.now() - came
            yield self.wait(env.network)
            env.served.add(self)
            yield self.hold(draw.lognormvariate(math.log(12.0) - SPREAD**2 / 2, SPREAD))
            env.served.remove(self)
            self.release()
            env.visits += 1
            if visit < 3 and draw.random() >= 0.15:
                return
            yield self.hold(till=(env.now() // DAY + 1) * DAY + draw.uniform(450, 690))


class Citizens(salabim.Component):  # type: ignore[misc]
    """Lets citizens come, at rates by the hour."""

    def process(self) -> Process:
        draw = self.env.draw
        for day in range(self.env.days):
            for start, end, rate in RATES:
                at = start + draw.expovariate(rate / 60)
                while at < end:
                    yield self.hold(till=day * DAY + at)
                    Citizen()
                    self.env.citizens += 1
                    at += draw.expovariate(rate / 60)


class Lunch(salabim.Component):  # type: ignore[misc]
    """Nothing starts at noon; what is in hand is finished."""

    def process(self) -> Process:
        places = {place: place.capacity() for place in (self.env.guides, *self.env.counters)}
        for day in range(self.env.days + 10):
            yield self.hold(till=day * DAY + 690)
            for place in places:
                place.set_capacity(0)
            yield self.hold(120)
            for place, number in places.items():
                place.set_capacity(number)


class Outages(salabim.Component):  # type: ignore[misc]
    """Work at counters pauses while the network is down."""

    def process(self) -> Process:
        draw = self.env.draw
        while True:
            yield self.hold(draw.expovariate(1 / (3 * DAY)))
            self.env.network.set(False)
            held = list(self.env.served)
            for citizen in held:
                citizen.interrupt()
            yield self.hold(draw.expovariate(1 / 45))
            self.env.network.set(True)
            for citizen in held:
                citizen.resume()


def day(days: int, seed: int) -> tuple[int, int, float]:
    """Citizens, visits and minutes waited."""
    env = salabim.Environment(trace=False)
    env.draw, env.days, env.served = random.Random(seed), days, set()
    env.citizens, env.visits, env.waited = 0, 0, 0.0
    env.guides = salabim.Resource("guides", capacity=2)
    env.counters = [salabim.Resource(f"counter {n}", capacity=number) for n, number in enumerate((5, 4, 3))]
    env.network = salabim.State("network", value=True)
    for process in (Citizens, Lunch, Outages):
        process()
    env.run(till=(days + 10) * DAY)
    return env.citizens, env.visits, env.waited
