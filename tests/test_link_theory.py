"""Specialists who are asked over a link, against exact answers.

With a counter and an official for everybody who comes nobody waits to be called, and each asks at once: what is left is
the queue at the specialists, M/M/c. The mean time in the center is compared by its t over replications: a correct
simulator fails a row with probability ``LEVEL``, and one that is 5 % off passes with probability below 0.1.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from sim.door import load
from sim.models.compiled.engine import run
from sim.planning import flatten, replicate
from sim.theory import mmc
from sim.units import MINUTE, NEVER

LEVEL, REPLICATIONS, DAYS = 1e-3, 20, 120
ALL = "all: {count: 60, weak: [request]}"


@pytest.mark.parametrize(("specialists", "per_hour"), [(1, 3.0), (2, 8.4)])
def test_shared_specialists_are_a_queue_of_their_own(specialists: int, per_hour: float) -> None:
    study = load(
        [
            "center=textbook",
            f"days={DAYS}",
            f"arrivals.rate_per_hour={per_hour}",
            "procedures.request.service={kind: exponential, mean: 10}",
            "points.hall.counters=60",
            f"staff={{{ALL}, video: {{count: {specialists}, role: remote, skills: [request]}}}}",
            "mismatch.set_up=0",
        ]
    )
    plan, means = flatten(study.scenario), []
    for nth in range(REPLICATIONS):
        visits = run(replicate(plan, 5, nth)).visits
        done = visits[(visits["departure"] != NEVER) & (visits["arrival"] >= plan.rules.warmup)]
        assert (done["entry"] == done["arrival"]).all()
        means.append(float((done["departure"] - done["entry"]).mean() / MINUTE))
    exact = mmc(per_hour / 60, 10.0, specialists).mean_wait + 10.0
    error = np.std(means, ddof=1) / np.sqrt(REPLICATIONS)
    reach = student.ppf(1 - LEVEL / 2, REPLICATIONS - 1) + student.ppf(0.9, REPLICATIONS - 1)
    assert reach * error / exact < 0.05
    assert abs(np.mean(means) - exact) < student.ppf(1 - LEVEL / 2, REPLICATIONS - 1) * error
