"""Many centers for a year, metrics only, on threads of one process: ``python -m experiments.bench.country``.

The service-center day's structure at 80 citizens a day. The process says what it took and ends, so that its peak of
memory is its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.door import load
from sim.models.compiled.engine import tally
from sim.plan import Plan
from sim.planning import flatten, replicate
from sim.sums import Sum
from sim.tables import center
from sim.units import MINUTE
from sim.yardstick import yardstick

BLOCK = 20
CITIZENS = 80
SEED = 1


class Year(NamedTuple):
    """What a process did and took: wall and CPU seconds, the peak of its memory in MB, mean waits in minutes."""

    visits: int
    wall: float
    cpu: float
    peak: float
    wait: float
    least: float
    most: float


def simulate(centers: int, days: int, threads: int) -> Year:
    """Centers 0 to ``centers`` - 1, each a plan of its own, a few at a time; compiled code is loaded before."""
    study = load(["center=benchmark_day", f"days={days}", f"demand={CITIZENS / 300}"])
    plan, by = flatten(study.scenario), yardstick(study.scenario, study.targets)

    def waits(first: int) -> Any:
        plans = [_at(plan, number) for number in range(first, min(first + BLOCK, centers))]
        return tally(plans, by).cells.sum(axis=1)

    tally([_at(plan, 0)], by)
    began, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as executor:
        sums = np.concatenate(list(executor.map(waits, range(0, centers, BLOCK))))
    wall, cpu = time.perf_counter() - began, time.process_time() - worked
    mean = sums[:, Sum.WAITED] / sums[:, Sum.JOINED] / MINUTE
    pooled = sums[:, Sum.WAITED].sum() / sums[:, Sum.JOINED].sum() / MINUTE
    visits = int(sums[:, Sum.ARRIVED].sum())
    return Year(visits, wall, cpu, peak(), float(pooled), float(mean.min()), float(mean.max()))


def _at(plan: Plan, number: int) -> Plan:
    """The plan of one center."""
    return replicate(plan._replace(centers=center(number, plan.centers["outages"][0])), SEED, 0)


def peak() -> float:
    """The peak of this process's memory so far, in MB. On Linux from /proc: ``getrusage`` has the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        found = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(found["VmHWM"].split()[0]) / (1 << 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


if __name__ == "__main__":
    print(json.dumps(simulate(*map(int, sys.argv[1:]))))
