"""Two engines, one meaning: the identical trace on random plans in which nearly everything ties.

A fault that shows in one plan of 100 is caught by the default run, of 400 plans, with probability 0.98, and by
the slow one, of 10,600 more, with certainty for all purposes.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.models.center import run
from sim.plan import Change, Kind, Plan, Rule
from sim.planning import make_plan
from sim.streams import WHOLE
from sim.trace import Outcome, Trace
from sim.units import NEVER
from tests import naive
from tests.plans import EVERYTHING, WHOLE_CENTER, assert_one_trace, random_plan, scenario

BLOCK = 100


def assert_same(plan: Plan, name: object = "") -> Trace:
    """Both engines give one trace."""
    ours = run(plan)
    assert_one_trace(ours, naive.run(plan), name)
    return ours


@pytest.mark.parametrize("block", [*range(4), *(pytest.param(block, marks=pytest.mark.slow) for block in range(4, 10))])
def test_random_plans(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        assert_same(random_plan(Random(seed)), seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(1000, 1020))
def test_many_random_plans(block: int) -> None:
    for seed in range(block * 5 * BLOCK, (block + 1) * 5 * BLOCK):
        assert_same(random_plan(Random(seed)), seed)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_plans_that_shrink(rng: Random) -> None:
    assert_same(random_plan(rng))


@pytest.mark.parametrize("rule", ["serve_out", "send_home", "carry_over"])
@pytest.mark.parametrize("center", [EVERYTHING, WHOLE_CENTER], ids=["everything", "whole center"])
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_scenarios_with_everything_on(rule: str, seed: int, center: dict[str, Any]) -> None:
    given_: dict[str, Any] = {**center, "closing": {"rule": rule, "overtime_cap": 20.0}}
    assert_same(make_plan(scenario(**given_), seed=seed), (rule, seed))


def kinds_of(plans: list[Plan]) -> dict[str, int]:
    """In how many plans each mechanism is on."""
    return {
        "outages": sum((plan.network["speed"] == 0).any() for plan in plans),
        "starts while down": sum(plan.rules.starts_while_down and len(plan.network) > 0 for plan in plans),
        "networks of two centers": sum(np.diff(plan.networks).astype(bool).sum() > 1 for plan in plans),
        "in full": sum(plan.rules.breaks_in_full for plan in plans),
        "carried over": sum(plan.rules.carries_over for plan in plans),
        "several points": sum(len(plan.points) > 1 for plan in plans),
        "several days": sum((plan.days["opens"] != NEVER).sum() > 1 for plan in plans),
        "returns": sum(plan.centers["returns"][0, 1] == WHOLE for plan in plans),
        "speeds": sum((plan.officials["speed"] != 1000).any() for plan in plans),
        "weak": sum(plan.rules.weak > 0 and plan.rules.errs > 0 for plan in plans),
        "after hours": sum(plan.rules.paper > 0 and plan.rules.records_after_hours for plan in plans),
        "absent": sum((plan.officials["absent"] > 0).any() for plan in plans),
        "called away": sum((plan.officials["called_away"] > 0).any() for plan in plans),
        "storms": sum(plan.days["storm"].any() and (plan.officials["storm"] > 0).any() for plan in plans),
        **{kind.name: sum((plan.changes["kind"] == kind).any() for plan in plans) for kind in Change},
    }


def test_the_random_plans_reach_every_rule() -> None:
    # Counts over 400 plans; a rule that is never exercised would be tested in name only.
    plans = [random_plan(Random(seed)) for seed in range(400)]
    outcomes: Counter[Outcome] = Counter()
    tasks: Counter[Kind] = Counter()
    decided: Counter[Rule] = Counter()
    for plan in plans:
        trace = run(plan)
        outcomes.update(Outcome(outcome) for outcome in trace.visits["outcome"].tolist())
        tasks.update(Kind(kind) for kind in (trace.tasks["kind"] - plan.fields).tolist() if kind >= 0)
        decided.update(Rule(rule) for rule in plan.officials["rule"][trace.decisions["official"]].tolist())
    assert min(outcomes[outcome] for outcome in Outcome) > 50
    assert min(tasks[kind] for kind in Kind) > 50
    assert min(decided[rule] for rule in Rule if rule not in (Rule.NONE, Rule.OWN)) > 20, decided
    ties = sum(len(plan.columns) - len(np.unique(plan.columns["arrival"])) for plan in plans)
    assert ties > 1000
    kinds = kinds_of(plans)
    assert min(kinds.values()) > 20, kinds
