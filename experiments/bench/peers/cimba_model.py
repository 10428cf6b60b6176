"""M/M/c in cimba for Python, which compiles the model and runs it on a library in C.

It extends numba: it is to be imported before anything else is compiled in a process.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cimba as cb
import numpy as np
from cimba import inputs


@cache
def _model(servers: int, rate: float) -> Any:
    """A line and the officials who call from it; every wait is recorded in its data set."""

    class Center(cb.Model):
        customers: int = 1
        between: cb.Input[float] = inputs.dist.exponential(mean=1 / rate)
        service: cb.Input[float] = inputs.dist.exponential(mean=1.0)
        line: cb.Store[float]
        waits: cb.Dataset
        mean: cb.Output[float]
        count: cb.Output[float]

        @cb.process
        def arrivals(self) -> None:
            for _ in range(self.customers):
                cb.hold(self.between.next())
                self.line.put(cb.now())

        @cb.process(copies=servers)  # type: ignore[untyped-decorator]
        def official(self) -> None:
            while True:
                came = self.line.get()
                self.waits.record(cb.now() - came)
                cb.hold(self.service.next())

        @cb.on_end  # type: ignore[untyped-decorator]
        def sum_up(self) -> None:
            self.mean, self.count = self.waits.sample_mean(), self.waits.sample_count()

    return Center()


def queue(servers: int, rate: float, customers: int, seed: int) -> tuple[int, float]:
    """How many waits were recorded, and their mean; service one minute in the mean."""
    model = _model(servers, rate)
    model.customers = customers
    found = cb.Experiment(model, window=cb.Window.until_idle(), seed=seed).run(workers=1)[model]
    return int(np.asarray(found.count).item()), float(np.asarray(found.mean).item())
