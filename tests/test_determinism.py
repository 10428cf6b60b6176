"""The same study gives the same bytes: for any number of workers, any order, any machine's settings.

``python -m tests.test_determinism`` prints the digest of one trace; the tests run it under other settings.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.dispatch import simulate_blocks
from sim.metrics import measure
from sim.models.center import run
from sim.planning import flatten, make_plan, replicate
from sim.running import LEAST, Block, blocks
from sim.runs import Runs
from sim.runs.replications import Metrics
from sim.scenario import Scenario
from sim.study import Study
from sim.targets import Targets
from sim.trace import Trace
from sim.yardstick import yardstick

ROOT = Path(__file__).parent.parent


HOURS = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("07:30-11:30", "13:30-17:00")),
    "sat": ("08:00-10:00",),
}
WARD: dict[str, Any] = {
    "name": "Phường thử",
    "start": "2026-04-20",
    "days": 14,
    "warmup_days": 0,
    "opening": True,
    "calendar": {"hours": HOURS},
    "arrivals": {
        "per_day": 60.0,
        "dossiers_per_visitor": 1.4,
        "day_factor_cv": 0.2,
        "day_factor_common_cv": 0.1,
        "moves_to_saturday": 0.1,
        "profile": {"07:00": 1.0, "07:30": 3.0, "08:00": 4.0, "14:00": 3.0},
    },
    "procedures": {
        "paper": {"share": 0.7, "service": {"kind": "lognormal", "mean": 9.0, "cv": 0.9}, "incomplete": 0.2},
        "land": {"share": 0.3, "service": {"kind": "gamma", "mean": 20.0, "cv": 1.0}, "incomplete": 0.4},
    },
    "purposes": {"submit": {"share": 0.8}, "ask": {"share": 0.2, "service": {"kind": "exponential", "mean": 3.0}}},
    "priorities": {"elderly": {"share": 0.2, "rank": 0}, "ordinary": {"share": 0.8, "rank": 1}},
    "points": {
        "hall": {"counters": 3, "share": 0.8, "guides": 1, "seats": 12},
        "branch": {
            "counters": 1,
            "share": 0.2,
            "travel": {"kind": "triangular", "low": 1.0, "mode": 5.0, "high": 20.0},
        },
    },
    "staff": {
        "paper": {"count": 2, "skills": ["paper"]},
        "both": {"count": 1},
        "there": {"count": None, "point": "branch", "skills": ["paper"], "speed": 0.9},
    },
    "guidance": {"service": {"kind": "hyperexponential", "mean": 3.0, "cv": 1.5}, "finds": 0.5, "mends": 0.5},
    "patience": {"kind": "exponential", "mean": 45.0},
    "returns": {"incomplete": {"share": 0.9, "last": 5}, "unserved": {"share": 0.7, "last": 3}},
    "storms": {"every": 10.0, "days": 2, "away": 0.4, "factor": 0.5, "network_down": 0.3},
    "network": {
        "outages": {
            "center": {
                "up": {"kind": "exponential", "mean": 900.0},
                "down": {"kind": "erlang", "mean": 30.0, "stages": 2},
            },
            "portal": {"up": {"kind": "exponential", "mean": 3000.0}, "down": {"kind": "exponential", "mean": 60.0}},
        },
    },
}


def ward(**changes: Any) -> Scenario:
    """A small center with something of everything that is random."""
    return Scenario.model_validate({**WARD, **changes})


def study(**changes: Any) -> Study:
    return Study(base=ward(**changes), targets=Targets(name="none"), seed=3, replications=2 * LEAST + 1)


def digest(trace: Trace) -> str:
    """SHA-256 of all of a trace."""
    found = hashlib.sha256()
    for table in (trace.visits, trace.tasks, trace.shifts):
        found.update(table.tobytes())
    found.update(f"{trace.horizon} {trace.warmup}".encode())
    return found.hexdigest()


def bytes_of(metrics: Metrics) -> tuple[Any, ...]:
    """All of some metrics, in a form that compares to the bit."""
    sums = tuple((key, float(top).hex(), float(bottom).hex()) for key, (top, bottom) in metrics.sums.items())
    waits = tuple((scope, *(part.tobytes() for part in pair)) for scope, pair in metrics.waits.items())
    drawn = tuple((name, *(part.tobytes() for part in curve)) for name, curve in metrics.curves.items())
    return sums, waits, drawn


def simulated(studies: Sequence[Study], workers: int, todo: Sequence[Block] | None = None) -> dict[Any, Any]:
    """The metrics of each (study, replication), to the bit."""
    found: dict[Any, Any] = {}

    def done(block: Block, runs: Runs) -> None:
        for replication, one in zip(range(block.first, block.last), runs, strict=True):
            found[studies[block.study].base.demand, replication] = bytes_of(one)

    def failed(number: int, reason: str) -> None:
        raise AssertionError(f"study {number}: {reason}")

    simulate_blocks(studies, blocks(studies, lambda *_: False) if todo is None else todo, done, failed, workers)
    return found


@pytest.fixture(scope="module")
def alone() -> dict[Any, Any]:
    """Three studies by one worker, in their order."""
    return simulated([study(demand=demand) for demand in (0.5, 1.0, 1.5)], 1)


def test_any_number_of_workers_gives_the_same(alone: dict[Any, Any]) -> None:
    together = simulated([study(demand=demand) for demand in (0.5, 1.0, 1.5)], 2)
    assert together == alone
    assert len(alone) == 3 * (2 * LEAST + 1)


def test_any_order_gives_the_same(alone: dict[Any, Any]) -> None:
    studies = [study(demand=demand) for demand in (1.5, 0.5, 1.0)]
    todo = blocks(studies, lambda *_: False)
    random.Random(5).shuffle(todo)
    assert simulated(studies, 1, todo) == alone


def test_blocks_of_another_size_give_the_same(alone: dict[Any, Any]) -> None:
    """Replication by replication, last first."""
    studies = [study(demand=1.0)]
    todo = [Block(0, n, n + 1) for n in reversed(range(studies[0].replications))]
    found = simulated(studies, 1, todo)
    assert found == {key: value for key, value in alone.items() if key[0] == 1.0}


def test_what_is_there_already_is_not_done_again() -> None:
    studies = [study(), study(demand=0.5)]
    todo = blocks(studies, lambda number, replication: number == 0 and replication < 2 * LEAST)
    done = {(block.study, n) for block in todo for n in range(block.first, block.last)}
    wanted = {(0, 2 * LEAST)} | {(1, n) for n in range(2 * LEAST + 1)}
    assert done == wanted
    assert blocks(studies, lambda *_: True) == []


def test_replication_99_alone_is_replication_99_of_a_run() -> None:
    flat = flatten(ward())
    in_turn = [run(replicate(flat, 7, n)) for n in (97, 98, 99)]
    assert run(make_plan(ward(), 7, 99)) == in_turn[2]
    assert digest(in_turn[2]) != digest(in_turn[1])
    by = yardstick(ward(), Targets(name="none"))
    assert bytes_of(measure(in_turn[2], by)) == bytes_of(measure(run(make_plan(ward(), 7, 99)), by))


def test_another_seed_gives_another_trace() -> None:
    assert len({digest(run(make_plan(ward(), seed, 0))) for seed in (0, 1, 2, 2**32 - 1)}) == 4


def test_a_run_leaves_its_plan_as_it_was() -> None:
    plan = make_plan(ward(), 7, 1)
    before = [np.asarray(value).tobytes() for value in plan]
    assert run(plan) == run(plan)
    assert [np.asarray(value).tobytes() for value in plan] == before


def test_numpy_s_own_random_numbers_are_not_used() -> None:
    state = np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    python = random.getstate()
    run(make_plan(ward(), 7, 1))
    assert np.random.get_state()[1].tobytes() == state  # type: ignore[index]  # noqa: NPY002
    assert random.getstate() == python


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "random", "TZ": "Asia/Ho_Chi_Minh", "LANG": "vi_VN.UTF-8"},
    ],
    ids=lambda settings: settings["TZ"],
)
def test_hash_seed_time_zone_and_language_do_not_matter(settings: dict[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHON"))}
    environment = {**kept, **settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.test_determinism"]
    printed = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert printed.strip() == digest(run(make_plan(ward(), 1, 0)))


if __name__ == "__main__":
    sys.stdout.write(digest(run(make_plan(ward(), 1, 0))) + "\n")
