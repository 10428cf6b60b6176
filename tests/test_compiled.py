"""The compiled engine: the reference's trace to the bit, the trace's tallies to the bit, and nothing served stale.

A fault that shows in one plan of 300 is caught by the default run, of 1,000 plans, with probability 0.96, and by
the slow one, of 10,000, with certainty for all purposes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.door import load
from sim.engines import FEW, chosen, run, ways_for
from sim.models import compiled as package
from sim.models.center import Center
from sim.models.center import run as reference
from sim.models.compiled import kernels
from sim.models.compiled.engine import run as compiled
from sim.models.compiled.engine import tally
from sim.models.compiled.plain import is_plain
from sim.plan import Plan
from sim.planning import flatten, make_plan, replicate
from sim.replaying import _columns, _plan
from sim.sources import sources_hash
from sim.tally import Tally, joined, tally_of
from sim.trace import Outcome, Trace
from sim.yardstick import yardstick
from tests.plans import EVERYTHING, MINUTES, Citizen, Door, plan_of, random_plan, scenario

BLOCK = 100
CENTERS = ("benchmark_day", "cam_duong", "go_vap", "textbook")
POLICIES = ("none", "add_officials", "extra_points", "guidance_desk", "priority_lane", "weekend_hours")
RULES = ("serve_out", "send_home", "carry_over")


def assert_same(ours: Trace, theirs: Trace, name: object = "") -> None:
    """One trace; the first rows that differ are shown."""
    for table in ("visits", "tasks", "shifts"):
        one, other = getattr(ours, table), getattr(theirs, table)
        assert one.dtype == other.dtype
        if not np.array_equal(one, other):
            rows = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=False) if a != b]
            pytest.fail(f"plan {name}: {len(one)} and {len(other)} {table}, the first that differ: {rows[:2]}")
    assert ours == theirs


@pytest.mark.parametrize("block", range(10))
def test_random_plans(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        plan = random_plan(Random(seed))
        assert_same(compiled(plan), reference(plan), seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_many_random_plans(block: int) -> None:
    for seed in range(10_000 + 1000 * block, 11_000 + 1000 * block):
        plan = random_plan(Random(seed))
        assert_same(compiled(plan), reference(plan), seed)


def in_another_process(code: str, **environment: str) -> str:
    """What a program prints, with variables of its own."""
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


PLAIN = """
from random import Random
from sim.models.center import run as reference
from sim.models.compiled.engine import run
from tests.plans import random_plan
print([seed for seed in range({0}, {1}) if run(random_plan(Random(seed))) != reference(random_plan(Random(seed)))])
"""


def test_random_plans_without_compilation() -> None:
    assert in_another_process(PLAIN.format(20_000, 20_150), NUMBA_DISABLE_JIT="1") == "[]"


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_many_random_plans_without_compilation(block: int) -> None:
    first = 20_000 + 2500 * block
    assert in_another_process(PLAIN.format(first, first + 2500), NUMBA_DISABLE_JIT="1") == "[]"


ADVERSARIAL = """
import sim.models.counters, sim.models.compiled.counters, sim.models.rules as rules

def scattered(a, b, c):
    word = (a * 1_000_003 + b * 7_919 + c * 104_729 + 12_345) % 1_000_000_007
    return word % 10_007, b, c

def turn(rank, entry, visit):
    return scattered(rank, entry, visit)

def claim(breadth, since, official):
    return scattered(breadth, since, official)

for module in (rules, sim.models.counters, sim.models.compiled.counters):
    module.turn, module.claim = turn, claim
turn.__module__ = claim.__module__ = scattered.__module__ = rules.__name__
rules.scattered = scattered
"""


@pytest.mark.parametrize("jit", ["1", pytest.param("0", marks=pytest.mark.slow)])
def test_an_adversarial_rule(jit: str, tmp_path: Path) -> None:
    # A hash of all that a rule may see: who is called next, and by whom, is scattered, but scattered alike.
    code = ADVERSARIAL + PLAIN.format(30_000, 30_200 if jit == "1" else 33_000)
    assert in_another_process(code, NUMBA_DISABLE_JIT=jit, XDG_CACHE_HOME=str(tmp_path)) == "[]"


def plan_for(*overrides: str, replication: int = 0) -> Plan:
    return make_plan(load(list(overrides)).scenario, 1, replication)


def shipped() -> list[tuple[str, str]]:
    """Every shipped center under every policy that it can have."""
    return [
        (center, policy) for center in CENTERS for policy in POLICIES if center not in ("benchmark_day", "textbook")
    ] + [
        ("benchmark_day", "none"),
        ("textbook", "none"),
    ]


@pytest.mark.parametrize(("center", "policy"), shipped())
def test_shipped_scenarios_and_policies(center: str, policy: str) -> None:
    plan = plan_for(f"center={center}", f"policy={policy}", "days=18")
    assert_same(compiled(plan), reference(plan, ways_for(FEW)), center)


@pytest.mark.slow
@pytest.mark.parametrize(("center", "policy"), shipped())
def test_shipped_scenarios_and_policies_whole(center: str, policy: str) -> None:
    for replication in range(3):
        plan = plan_for(f"center={center}", f"policy={policy}", replication=replication)
        assert_same(compiled(plan), reference(plan, ways_for(FEW)), (center, policy, replication))


@pytest.mark.parametrize("rule", RULES)
def test_scenarios_with_everything_on(rule: str) -> None:
    given: dict[str, Any] = {**EVERYTHING, "closing": {"rule": rule, "overtime_cap": 20.0}}
    for seed in range(3):
        plan = make_plan(scenario(**given), seed=seed)
        assert_same(compiled(plan), reference(plan), (rule, seed))


@pytest.mark.parametrize("patience", [None, 15])
def test_midnight_is_an_instant_like_any_other(patience: float | None) -> None:
    # Who waits is called, or gives up, at the midnight at which a service ends and the next day is looked up.
    late = MINUTES - 20
    citizens = [Citizen(late, work=20), Citizen(late + 5, work=5, patience=patience), Citizen(MINUTES + 60, work=1)]
    plan = plan_of(citizens, doors=[Door(0, 3 * MINUTES, 3 * MINUTES)], horizon=3 * MINUTES)
    trace = compiled(plan)
    assert_same(trace, reference(plan))
    second = trace.visits[1]
    assert (second["departure"] - (MINUTES + (5 if patience is None else 0)) * 60_000, second["outcome"]) == (
        0,
        Outcome.SERVED if patience is None else Outcome.RENEGED,
    )


# Folding


def assert_same_tallies(ours: Tally, theirs: Tally) -> None:
    for name in ours._fields:
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.dtype == other.dtype, name
        assert np.array_equal(one, other), name


@pytest.mark.parametrize("rule", RULES)
def test_what_is_folded_is_the_tally_of_the_trace(rule: str) -> None:
    given: dict[str, Any] = {**EVERYTHING, "closing": {"rule": rule, "overtime_cap": 20.0}}
    one = scenario(**given)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    traces = [compiled(replicate(plan, 4, nth)) for nth in range(5)]
    assert_same_tallies(tally(plan, by, 4, range(5)), joined([tally_of(trace, by) for trace in traces]))


@pytest.mark.parametrize("center", ["go_vap", "cam_duong", "benchmark_day"])
def test_shipped_scenarios_are_folded_alike(center: str) -> None:
    study = load([f"center={center}", "days=30"])
    plan, by = flatten(study.scenario), yardstick(study.scenario, study.targets)
    traces = [compiled(replicate(plan, 2, nth)) for nth in (7, 3)]
    assert_same_tallies(tally(plan, by, 2, (7, 3)), joined([tally_of(trace, by) for trace in traces]))


def test_waits_of_days_find_room() -> None:
    # One official for ten, and nobody is sent home: waits grow past every bound that the fold began with.
    given = {
        "arrivals": {"per_day": 400.0, "profile": {"07:30": 1.0}},
        "closing": {"rule": "serve_out", "overtime_cap": 1000.0},
    }
    one = scenario(**given, days=12)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    found = tally(plan, by, 1, [0])
    assert found.waits[:, 2].max() > 1 << 13
    assert_same_tallies(found, tally_of(compiled(replicate(plan, 1, 0)), by))


# First come, first served


def minutes(random: np.random.Generator, number: int, most: int) -> NDArray[np.float64]:
    return random.integers(0, most, number).astype(np.float64)


def line(seed: int, officials: int, horizon: int | None = None) -> Plan:
    """Whole minutes, so that nearly all ties."""
    random = np.random.default_rng(seed)
    people = int(random.integers(1, 80))
    rows = {"arrivals": np.sort(minutes(random, people, 60)), "work": minutes(random, people, 9)}
    plan = _plan(_columns(rows), {0: officials})
    if horizon is not None:
        scalars = np.array([plan.rules], plan.rules.dtype).view(np.recarray)
        scalars["horizon"] = horizon
        plan = plan._replace(rules=scalars[0])
    return plan


@pytest.mark.parametrize("officials", [1, 2, 3, 7])
def test_the_recursion_gives_the_trace_of_the_events(officials: int) -> None:
    for seed in range(60):
        for horizon in (None, 45 * 60_000):
            plan = line(seed, officials, horizon)
            assert is_plain(plan)
            assert_same(compiled(plan), reference(plan), (seed, horizon))


def changed(plan: Plan, table: str, column: str, value: Any, row: int = 0) -> Plan:
    rows = getattr(plan, table).copy()
    rows[column][row] = value
    return plan._replace(**{table: rows})


@pytest.mark.parametrize(
    ("table", "column", "value", "row"),
    [
        ("officials", "speed", 900, 1),
        ("officials", "skills", 0, 1),
        ("officials", "classes", 0, 1),
        ("officials", "breadth", 2, 1),
        ("officials", "place", 1, 0),
        ("points", "seats", 5, 0),
        ("points", "tickets", 5, 0),
        ("columns", "patience", 60_000, 0),
        ("columns", "guidance", 60_000, 0),
        ("changes", "time", 60_000, 0),
        ("changes", "value", 1, -1),
    ],
)
def test_the_recursion_is_used_where_it_is_exact_only(table: str, column: str, value: Any, row: int) -> None:
    plan = line(3, 2)
    assert not is_plain(changed(plan, table, column, value, row))


# The choice of an engine


def test_the_number_of_visits_decides() -> None:
    assert chosen("auto", FEW - 1) == "reference"
    assert chosen("auto", FEW) == "compiled"
    assert chosen("reference", 10**9) == "reference"
    assert chosen("compiled", 1) == "compiled"
    with pytest.raises(sim.BadInput, match="engine: given 'fast', wanted auto, compiled or reference"):
        chosen("fast", 1)  # type: ignore[arg-type]


def bell(center: Center) -> Generator[Any, Any, None]:
    """A process of a researcher's own: it rings once."""
    yield center.env.timeout(60_000)
    RUNG.append(center.env.now)


RUNG: list[int] = []


def test_a_process_of_ones_own_needs_the_reference_engine_and_says_so() -> None:
    plan = random_plan(Random(1))
    RUNG.clear()
    assert_same(run(plan, processes=[bell]), reference(plan))
    assert RUNG == [60_000]
    with pytest.raises(sim.BadInput, match=r"engine: given 'compiled', wanted reference or auto: .* process bell"):
        run(plan, "compiled", [bell])


# Compiled code on disk


def test_machine_code_is_kept_under_the_hash_of_the_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kernels.cache_folder() == tmp_path / "motcua" / sources_hash()
    assert not kernels.is_kept()
    edited = "0" * 20
    monkeypatch.setattr(kernels, "sources_hash", lambda: edited)
    assert kernels.cache_folder().name == edited


def test_a_cache_that_cannot_be_written_costs_time_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="the engine is compiled anew in each process"):
        assert not kernels._can_keep.__wrapped__(tmp_path / "file" / "motcua" / "x")


def test_only_the_newest_versions_are_kept(tmp_path: Path) -> None:
    for nth in range(7):
        (tmp_path / f"v{nth}").mkdir()
        os.utime(tmp_path / f"v{nth}", (nth, nth))
    assert kernels._can_keep.__wrapped__(tmp_path / "v7")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v4", "v5", "v6", "v7"]


def test_every_function_of_the_engine_is_compiled() -> None:
    # A module of the engine that is not listed would fail when it is called first; one that is, is registered whole.
    modules = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {"__init__", "engine", "kernels"}
    assert modules == {module.__name__.rpartition(".")[2] for module in kernels.ENGINE}
