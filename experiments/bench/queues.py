"""The queues M/M/1 and M/M/12: each program simulates a number of customers from empty and records every wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from experiments.bench import ours
from experiments.bench.known import mean_wait_of
from experiments.bench.options import TITLES, Options
from experiments.bench.programs import CRITICAL, Model, Program, Ran, timed
from sim.plan import Plan
from sim.trace import Trace

PEERS = "experiments.bench.peers"
FAST_RUNS = 5


@dataclass(frozen=True)
class Queue:
    """M/M/c with a mean service of one minute; ``rate`` in arrivals a minute."""

    servers: int
    rate: float


QUEUES = {"mm1": Queue(1, 0.9), "mm12": Queue(12, 10.2)}


def queue_model(name: str, options: Options) -> Model:
    """The queue of a name and its programs."""
    queue = QUEUES[name]
    known = mean_wait_of(queue.servers, queue.rate)

    def peer(title: str, module: str, package: str, share: float, times: int = 1) -> Program:
        program = Program(title, partial(_peer, module, queue), known.check, share, times, package)
        if not program.why_not:
            # Now and not in its first run: cimba extends numba, which works only before anything is compiled.
            import_module(f"{PEERS}.{module}")
        return program

    programs = (
        Program("compiled", partial(_ours, partial(ours.run, engine="compiled"), queue), known.check, times=FAST_RUNS),
        Program("compiled, events", partial(_ours, ours.run_by_events, queue), known.check, times=FAST_RUNS),
        Program("reference", partial(_ours, partial(ours.run, engine="reference"), queue), known.check, share=0.05),
        peer("heapq loop", "heapq_loop", "", 0.4),
        peer("SimPy", "simpy_processes", "simpy", 0.08),
        peer("Ciw", "ciw_network", "ciw", 0.05),
        peer("salabim", "salabim_components", "salabim", 0.004),
        peer("cimba", "cimba_model", "cimba", 1.0, FAST_RUNS),
    )
    note = (
        f"Mean wait by Erlang: {known.mean:.5f}; s.e.: the square root of {known.variance:.1f} / customers, the "
        f"asymptotic variance of this queue, whatever the program. Off: more than {CRITICAL} s.e. away, 1 in "
        "1,000 right programs. The compiled engine serves such a queue by the recursion of Kiefer and Wolfowitz; its "
        "loop over events stands beside it."
    )
    return Model(name, TITLES[name], "customer", options.customers, programs, note)


def _ours(run: Callable[[Plan], Trace], queue: Queue, customers: int, seed: int) -> Ran:
    """The textbook center, for as many days as it takes; its plan is made before."""
    days = -(-customers // round(queue.rate * 60 * 24))
    plan = ours.planned(_overrides(queue, days), seed)
    trace, spent = timed(lambda: run(plan))
    return Ran(len(trace.visits), spent, ours.mean_wait(trace))


def _overrides(queue: Queue, days: int) -> tuple[str, ...]:
    return (
        "center=textbook",
        f"days={days}",
        f"arrivals.rate_per_hour={queue.rate * 60}",
        "procedures.request.service={kind: exponential, mean: 1.0}",
        f"points.hall.counters={queue.servers}",
    )


def _peer(module: str, queue: Queue, customers: int, seed: int) -> Ran:
    simulate = import_module(f"{PEERS}.{module}").queue
    (recorded, wait), spent = timed(lambda: simulate(queue.servers, queue.rate, customers, seed))
    return Ran(recorded, spent, wait)
