"""Rules of somebody's own: both engines ask the same function the same questions, and wrong answers are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.faults import BadInput
from sim.models.compiled.engine import run as compiled
from sim.models.rules import place_by_rule
from sim.own_rules import ASIDE, OwnRule, with_own_rule
from sim.plan import Board, Plan, Rule, Table
from sim.units import DAY

BRIEF = ["center=cam_duong", "days=9", "warmup_days=7", "replications=2", "engine=reference"]
FLOATING = [*BRIEF, "policy=floating_official", "policy.floating_official.officials=2"]


def plan_of(*overrides: str, seed: int = 3) -> Plan:
    return sim.make_plan(sim.load([*FLOATING, *overrides]).scenario, seed=seed)


def hashed(here: int, home: int, board: Table, now: int) -> int:
    """A mess of all that it may see, often somewhere else."""
    number = (int(board.sum()) * 7919 + now // 60_000 * 31 + here * 13 + home) % 11
    return here if number < 5 else ASIDE if number == 5 else number % len(board)


def as_shipped(here: int, home: int, board: Table, now: int) -> int:
    """FLOAT in one's own words, of officials who go from three people more on."""
    most = int(np.argmax(board[:, Board.WAITING]))
    more = here != ASIDE and board[most, Board.WAITING] - board[here, Board.WAITING] >= 3
    return most if more and board[most, Board.SENT] == 0 else here


def both(plan: Plan, rule: OwnRule) -> Any:
    trace = sim.run(plan, engine="reference", rule=rule)
    assert trace == sim.run(plan, engine="compiled", rule=rule)
    return trace


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("travel", ["0.0", "12.0"])
def test_both_engines_give_the_same_trace(seed: int, travel: str) -> None:
    trace = both(plan_of(f"policy.floating_official.travel={travel}", seed=seed), hashed)
    assert len(trace.decisions) > 100
    assert len(np.unique(trace.decisions["place"])) > 3


def test_it_takes_the_place_of_a_rule_that_ships() -> None:
    plan = plan_of("policy.floating_official.more=3")
    trace = both(plan, as_shipped)
    assert len(trace.decisions) > 0
    assert trace == sim.run(plan, engine="reference")


def test_who_opens_a_counter_goes_by_it_too() -> None:
    plan = sim.make_plan(sim.load([*BRIEF, "policy=open_when_long"]).scenario, seed=3)
    trace = both(plan, lambda *given: given[1] if given[2][given[1], Board.WAITING] > 1 else ASIDE)
    assert {int(place) for place in trace.decisions["place"]} == {0, 2 * len(plan.points) + 1}


def test_the_plan_stays_as_it_is() -> None:
    plan = plan_of()
    changed = with_own_rule(plan)
    assert set(changed.officials["rule"]) == {Rule.NONE, Rule.OWN}
    assert set(plan.officials["rule"]) == {Rule.NONE, Rule.FLOAT}
    assert place_by_rule(changed.officials[-1], 4, np.zeros((3, len(Board)), np.int64), 0, (0, 3)) == 4
    with pytest.raises(ValueError, match="none is given"):
        compiled(changed)


def test_what_it_writes_on_a_board_is_its_own() -> None:
    def scribbles(here: int, home: int, board: Table, now: int) -> int:
        board[:] = 99
        return here

    plan = plan_of()
    assert len(both(plan, scribbles).decisions) == 0


def test_all_replications() -> None:
    study = sim.load(FLOATING)
    shipped, mine = (sim.estimate(study, "wait_mean", rule=rule) for rule in (None, hashed))
    assert mine.less(shipped).estimate.value != 0


def fails(here: int, home: int, board: Table, now: int) -> int:
    return {0: home}[now // DAY]


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (fails, "rule fails, day 1, 00:00: failed: KeyError: 1"),
        (lambda *_: 9, "rule <lambda>, day 0, 00:00: given 9, wanted a point from 0 to 2, or -1 for aside"),
        (lambda *_: None, "rule <lambda>, day 0, 00:00: given None, wanted a point from 0 to 2, or -1 for aside"),
        (lambda *_: 0.5, "rule <lambda>, day 0, 00:00: given 0.5, wanted a point from 0 to 2, or -1 for aside"),
    ],
)
def test_what_a_rule_must_give(engine: Any, rule: OwnRule, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        sim.run(plan_of(), engine, rule=rule)
    assert str(caught.value) == said


def test_somebody_must_go_by_it() -> None:
    plan = sim.make_plan(sim.load(BRIEF).scenario)
    with pytest.raises(BadInput, match="wanted officials who go by a rule, as with policy=floating_official"):
        sim.run(plan, rule=hashed)
