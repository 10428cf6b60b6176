"""The compiled engine: the reference's trace to the bit, the trace's tallies to the bit, and nothing served stale.

A fault that shows in one plan of 100 is caught by the default run, of 400 plans, with probability 0.98, and by
the slow one, of 10,600 more, with certainty for all purposes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.door import groups, load
from sim.engines import FEW, chosen, run, ways_for
from sim.models import compiled as package
from sim.models.center import Center
from sim.models.center import run as reference
from sim.models.compiled import kernels
from sim.models.compiled.engine import run as compiled
from sim.models.compiled.engine import tally
from sim.models.compiled.plain import is_plain
from sim.models.compiled.room import Room
from sim.plan import Plan
from sim.planning import flatten, make_plan, replicate
from sim.replaying import _columns, _plan
from sim.sources import sources_hash
from sim.tally import Tally, joined, tally_of
from sim.trace import Outcome
from sim.units import NEVER
from sim.yardstick import yardstick
from tests.plans import (
    EVERYTHING,
    MINUTES,
    WHOLE_CENTER,
    Citizen,
    Door,
    Hall,
    Official,
    assert_one_trace,
    plan_of,
    random_plan,
    scenario,
)

BLOCK = 100
CENTERS = ("benchmark_day", "cam_duong", "go_vap", "textbook")
POLICIES = (
    "none",
    "add_officials",
    "evening_hours",
    "extra_points",
    "guidance_desk",
    "priority_lane",
    "ticket_cap",
    "weekend_hours",
    "[weekend_hours,evening_hours,pooled_queue]",
)
RULES = ("serve_out", "send_home", "carry_over")


@pytest.mark.parametrize("block", [*range(4), *(pytest.param(block, marks=pytest.mark.slow) for block in range(4, 10))])
def test_random_plans(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        plan = random_plan(Random(seed))
        assert_one_trace(compiled(plan), reference(plan), seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_many_random_plans(block: int) -> None:
    for seed in range(10_000 + 1000 * block, 11_000 + 1000 * block):
        plan = random_plan(Random(seed))
        assert_one_trace(compiled(plan), reference(plan), seed)


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


CHECKED = """
from sim.models.center import run as reference
from sim.models.compiled.engine import run
from tests.test_compiled import crowded_midnight, plan_for
plans = plan_for("center=benchmark_day", "days=6", "network.outages.center.up.mean=300"), crowded_midnight()
print([run(plan) == reference(plan) for plan in plans])
"""


def test_times_past_32_bits_and_a_crowded_midnight_without_compilation() -> None:
    # Where numpy checks what compiled code does not: the width of a number, the end of an array.
    assert in_another_process(CHECKED, NUMBA_DISABLE_JIT="1") == "[True, True]"


def crowded_midnight() -> Plan:
    """At midnight 100 leave their guides and are sent home, the door opens, and they and 100 others join anew."""
    waiting = [Citizen(10, work=5, patience=9000) for _ in range(100)]
    guided = [Citizen(MINUTES - 30, work=5, guidance=30, patience=9000) for _ in range(100)]
    return plan_of(
        [*waiting, *guided],
        [Official(place=1, fields=(1,)) for _ in range(100)],
        halls=[Hall(counters=9, guides=100)],
        doors=[Door(0, MINUTES, MINUTES), Door(MINUTES, 2 * MINUTES, 2 * MINUTES)],
        horizon=2 * MINUTES,
        carries_over=True,
        visits=3,
    )


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_many_random_plans_without_compilation(block: int) -> None:
    first = 20_000 + 2500 * block
    assert in_another_process(PLAIN.format(first, first + 2500), NUMBA_DISABLE_JIT="1") == "[]"


ADVERSARIAL = """
import sim.models.counters, sim.models.compiled.counters, sim.models.compiled.lines, sim.models.rules as rules

def scattered(a, b, c):
    word = (a * 1_000_003 + b * 7_919 + c * 104_729 + 12_345) % 1_000_000_007
    return word % 10_007, b, c

def turn(rank, entry, visit):
    return scattered(rank, entry, visit)

def claim(breadth, since, official):
    return scattered(breadth, since, official)

for module in (rules, sim.models.counters, sim.models.compiled.counters, sim.models.compiled.lines):
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
        ("cam_duong", "[split_lunch,evening_hours,dedicated_queues]"),
        ("benchmark_day", "none"),
        ("textbook", "none"),
        ("na_hy", "[vacant_headquarters,remote_specialists,postal_return]"),
        ("lao_cai_ward", "[digital_teams,postal_return]"),
        ("da_nang", "non_territorial"),
        *((center, "none") for center in groups()["center"] if center not in CENTERS),
    ]


@pytest.mark.parametrize(("center", "policy"), shipped())
def test_shipped_scenarios_and_policies(center: str, policy: str) -> None:
    plan = plan_for(f"center={center}", f"policy={policy}", "days=18")
    assert_one_trace(compiled(plan), reference(plan, ways_for(FEW)), center)


@pytest.mark.slow
@pytest.mark.parametrize(("center", "policy"), shipped())
def test_shipped_scenarios_and_policies_whole(center: str, policy: str) -> None:
    for replication in range(3):
        plan = plan_for(f"center={center}", f"policy={policy}", replication=replication)
        assert_one_trace(compiled(plan), reference(plan, ways_for(FEW)), (center, policy, replication))


@pytest.mark.parametrize("center", [EVERYTHING, WHOLE_CENTER], ids=["everything", "whole center"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_scenarios_with_everything_on(rule: str, seed: int, center: dict[str, Any]) -> None:
    given: dict[str, Any] = {**center, "closing": {"rule": rule, "overtime_cap": 20.0}}
    plan = make_plan(scenario(**given), seed=seed)
    assert_one_trace(compiled(plan), reference(plan), (rule, seed))


@pytest.mark.parametrize("patience", [None, 15])
def test_midnight_is_an_instant_like_any_other(patience: float | None) -> None:
    # Who waits is called, or gives up, at the midnight at which a service ends and the next day is looked up.
    late = MINUTES - 20
    citizens = [Citizen(late, work=20), Citizen(late + 5, work=5, patience=patience), Citizen(MINUTES + 60, work=1)]
    plan = plan_of(citizens, doors=[Door(0, 3 * MINUTES, 3 * MINUTES)], horizon=3 * MINUTES)
    trace = compiled(plan)
    assert_one_trace(trace, reference(plan))
    second = trace.visits[1]
    assert (second["departure"] - (MINUTES + (5 if patience is None else 0)) * 60_000, second["outcome"]) == (
        0,
        Outcome.SERVED if patience is None else Outcome.RENEGED,
    )


# Folding

MINUTES_OF_WORK = {"kind": "exponential", "mean": 11.0}


def assert_same_tallies(ours: Tally, theirs: Tally) -> None:
    for name in ours._fields:
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.dtype == other.dtype, name
        assert np.array_equal(one, other), name


@pytest.mark.parametrize("center", [EVERYTHING, WHOLE_CENTER], ids=["everything", "whole center"])
@pytest.mark.parametrize("rule", RULES)
def test_what_is_folded_is_the_tally_of_the_trace(rule: str, center: dict[str, Any]) -> None:
    given: dict[str, Any] = {**center, "closing": {"rule": rule, "overtime_cap": 20.0}}
    one = scenario(**given)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    plans = [replicate(plan, 4, nth) for nth in range(5)]
    assert_same_tallies(tally(plans, by), joined([tally_of(compiled(own), by) for own in plans]))


def test_results_given_up_at_the_closing_are_folded_as_owed() -> None:
    """Somebody waits for theirs when all are sent home: it ends, and nobody handed it over."""
    one = scenario(
        procedures={"request": {"service": MINUTES_OF_WORK, "signature": {"kind": "deterministic", "mean": 1.0}}},
        results={"collection": {"kind": "deterministic", "mean": 5.0}, "cut_off": "17:00"},
        staff={"counter": {"count": None}, "leader": {"count": 1, "role": "leader"}},
        closing={"rule": "send_home"},
    )
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    plans = [replicate(plan, 4, nth) for nth in range(12)]
    traces = [compiled(own) for own in plans]
    waited = [(one.tasks["kind"] == 3) & (one.tasks["start"] == NEVER) & (one.tasks["end"] != NEVER) for one in traces]
    assert sum(int(rows.sum()) for rows in waited) > 3
    assert_same_tallies(tally(plans, by), joined([tally_of(own, by) for own in traces]))


@pytest.mark.parametrize("center", ["go_vap", "cam_duong", "benchmark_day"])
def test_shipped_scenarios_are_folded_alike(center: str) -> None:
    study = load([f"center={center}", "days=30"])
    plan, by = flatten(study.scenario), yardstick(study.scenario, study.targets)
    plans = [replicate(plan, 2, nth) for nth in (7, 3)]
    assert_same_tallies(tally(plans, by), joined([tally_of(compiled(own), by) for own in plans]))


def test_waits_of_days_find_room() -> None:
    # One official for ten, and nobody is sent home: waits grow past every bound that the fold began with.
    given = {
        "arrivals": {"per_day": 400.0, "profile": {"07:30": 1.0}},
        "closing": {"rule": "serve_out", "overtime_cap": 1000.0},
        "overtime": {"beyond": True},
    }
    one = scenario(**given, days=12)
    plan, by = flatten(one), yardstick(one, load(["center=go_vap"]).targets)
    found = tally([replicate(plan, 1, 0)], by)
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
            assert_one_trace(compiled(plan), reference(plan), (seed, horizon))


def test_the_recursion_leaves_long_times_to_the_events() -> None:
    minutes = {"arrivals": np.array([5.9e8, 5.9e8 + 1]), "work": np.array([1e6, 1.0])}
    plan = _plan(_columns(minutes), {0: 1})
    assert not is_plain(plan)
    assert_one_trace(compiled(plan), reference(plan))


def test_people_who_move_to_an_opened_saturday_need_events() -> None:
    plan = plan_for(
        "center=textbook", "days=14", "arrivals.rate_per_hour=60", "points.hall.counters=2",
        "arrivals.moves_to_saturday=0.5", "arrivals.weekday.sat=0", "saturday_duty.share=1.0",
        "saturday_duty.compensation=pay", "overtime.beyond=true",
    )  # fmt: skip
    assert_one_trace(compiled(plan), reference(plan, ways_for(FEW)))


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
        ("demand", "moves_to", 0, 0),
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
    assert_one_trace(run(plan, processes=[bell]), reference(plan))
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


HELD = """
import warnings
from random import Random
from sim.models.center import run as reference
from sim.models.compiled import kernels
from sim.models.compiled.engine import run
from tests.plans import random_plan
warnings.simplefilter("always")
print(run(random_plan(Random(1))) == reference(random_plan(Random(1))), kernels.is_kept())
"""


@pytest.mark.slow
def test_damaged_machine_code_is_made_anew(tmp_path: Path) -> None:
    assert in_another_process(HELD, XDG_CACHE_HOME=str(tmp_path)) == "True True"
    for path in tmp_path.rglob("*.nb?"):
        path.write_bytes(b"")
    for _ in range(2):
        assert in_another_process(HELD, XDG_CACHE_HOME=str(tmp_path)) == "True True"
    assert all(path.stat().st_size for path in tmp_path.rglob("*.nb?"))


def test_a_file_that_cannot_be_read_is_done_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Damaged:
        overloads: ClassVar[dict[str, str]] = {}
        typeof_pyval = staticmethod(type)

        def compile(self, types: tuple[type, ...]) -> None:
            assert types == (int, int)
            raise EOFError("Ran out of input")

    folder = tmp_path / "motcua" / sources_hash()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder.mkdir(parents=True)
    monkeypatch.setattr(kernels, "_can_keep", lambda _: True)
    monkeypatch.setattr(kernels, "_dispatcher", lambda _, can_keep: Damaged() if can_keep else int.__add__)
    function = kernels._compiled.__wrapped__(int.__add__)
    with pytest.warns(UserWarning, match="Ran out of input.*the engine is compiled anew in each process"):
        assert function(1, 2) == 3
    assert not folder.exists()
    assert function(2, 3) == 5


def test_no_home_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", home)
    assert not kernels.is_kept()
    with pytest.warns(UserWarning, match="compiled anew"):
        assert not kernels._can_keep.__wrapped__(kernels.cache_folder())


def test_threads_that_ask_at_once_share_what_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def dispatcher(function: Callable[..., Any], *, can_keep: bool) -> Callable[..., Any]:
        time.sleep(0.05)
        made.append(function.__name__)
        return function

    monkeypatch.setattr(kernels, "_dispatcher", dispatcher)
    asked = lambda _: kernels.compiled(a_function_of_its_own)  # noqa: E731 - a name for what each thread does
    with ThreadPoolExecutor(4) as executor:
        found = list(executor.map(asked, range(8)))
    assert made == ["a_function_of_its_own"]
    assert len(set(found)) == 1


def a_function_of_its_own() -> None:
    """Compiled for no other test."""


# Memory used again


def test_a_trace_that_somebody_holds_is_not_written_over() -> None:
    plans = [random_plan(Random(seed)) for seed in (3, 4)]
    held = compiled(plans[0])
    view, known = held.visits[1:], reference(plans[0])
    others = [compiled(plan) for plan in plans for _ in range(3)]
    assert held == known
    del held
    compiled(plans[1])
    assert np.array_equal(view, known.visits[1:])
    assert others[0] == known
    assert others[-1] == reference(plans[1])


def test_memory_that_nobody_looks_at_is_used_again() -> None:
    room = Room()
    first = room.array("visits", 10, np.dtype(np.int64))
    address = first.ctypes.data
    assert room.array("visits", 10, np.dtype(np.int64)).ctypes.data != address
    del first
    again = room.array("visits", 10, np.dtype(np.int64)).ctypes.data
    assert room.array("visits", 8, np.dtype(np.int64)).ctypes.data == again


def test_only_the_newest_versions_are_kept(tmp_path: Path) -> None:
    for nth in range(7):
        (tmp_path / f"v{nth}").mkdir()
        os.utime(tmp_path / f"v{nth}", (nth, nth))
    assert kernels._can_keep.__wrapped__(tmp_path / "v7")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v4", "v5", "v6", "v7"]


def test_every_function_of_the_engine_is_compiled() -> None:
    # A module of the engine that is not listed would fail when it is called first; one that is, is registered whole.
    modules = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {
        "__init__",
        "engine",
        "kernels",
        "layout",
        "room",
        "shares",
    }
    assert modules == {module.__name__.rpartition(".")[2] for module in kernels.ENGINE}
