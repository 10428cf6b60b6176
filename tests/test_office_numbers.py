"""Common random numbers in the back office: a policy changes neither the work of a step nor who fetches a result."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.attributes import draw
from sim.models.compiled.engine import run
from sim.plan import Kind, Plan, Purpose
from sim.planning import make_plan
from sim.policies import POLICIES
from sim.processing import work_of_step
from sim.scenario import Scenario
from sim.streams import Stream, counter
from sim.trace import Trace
from sim.units import DAY, NEVER
from tests.crowds import everyone
from tests.wards import WARD, policy, ward

OF_CASES = (Stream.STEP, Stream.DELIVERY, Stream.FETCH_DAY)
LAST_DAYS = 7


def ward_with_office() -> Scenario:
    """Land goes on to a specialist, to finance and to a leader; papers to whoever receives."""
    steps = [{"work": {"kind": "gamma", "mean": 30.0, "cv": 0.8}}, {"field": "finance", "work": TEN}]
    procedures = {
        "paper": {**WARD["procedures"]["paper"], "processing": {"term": 3, "steps": [{"work": TEN}]}},
        "land": {**WARD["procedures"]["land"], "processing": {"term": 10, "steps": steps, "signature": TEN}},
    }
    return ward(
        procedures=procedures,
        back_office={"delivery": {"in_person": 0.6, "online": 0.4}, "at_counters": True},
        results={"collection": {"kind": "exponential", "mean": 1.0}},
        mismatch={"share": 0.1},
        staff={
            **WARD["staff"],
            "office": {"count": 2, "role": "specialist", "skills": ["land", "finance"]},
            "leaders": {"count": 1, "role": "leader", "skills": []},
        },
    )


TEN = {"kind": "lognormal", "mean": 10.0, "cv": 0.6}


@cache
def plan_with(name: str) -> Plan:
    return make_plan(policy(name).apply(ward_with_office()), 17, 4)


def works(plan: Plan, citizens: list[int]) -> list[int]:
    """What each step of each procedure would take for some citizens: a dossier of a first visit, two of a second."""
    kinds = range(len(plan.procedures))
    cases = [
        {"citizen": one, "procedure": kind, "attempt": attempt, "dossiers": dossiers}
        for one in citizens
        for kind in kinds
        for attempt, dossiers in ((0, 1), (1, 5))
    ]
    with np.errstate(over="ignore"):
        return [
            work_of_step(plan, case, step)
            for case in cases
            for step in range(*(int(plan.procedures[case["procedure"]][end]) for end in ("first_step", "last_step")))
        ]


def test_one_policy_says_that_it_changes_what_the_back_office_draws() -> None:
    assert [name for name, kind in POLICIES.items() if set(OF_CASES) & kind.streams] == ["postal_return"]


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_changes_neither_the_work_of_a_step_nor_who_fetches(name: str) -> None:
    before, after = plan_with("none"), plan_with(name)
    citizens = everyone(before)["citizen"][::40].tolist()
    assert len(citizens) > 30
    assert works(before, citizens) == works(after, citizens)
    for stream in OF_CASES:
        at = counter(np.array(citizens), 0)
        assert np.array_equal(draw(before, stream, at), draw(after, stream, at))
    assert (before.centers["in_person"] == after.centers["in_person"]) == (name != "postal_return")
    assert np.array_equal(before.centers["fetched"], after.centers["fetched"])


def test_people_dossiers_attempts_and_steps_draw_numbers_of_their_own() -> None:
    plan = plan_with("none")
    citizens = everyone(plan)["citizen"].tolist()
    land = [{"citizen": one, "procedure": 1, "attempt": n, "dossiers": d} for one in citizens for n, d in EACH]
    with np.errstate(over="ignore"):
        found = np.array([[work_of_step(plan, case, step) for step in (1, 2, 3)] for case in land])
    columns = found.reshape(len(citizens), -1).T
    assert len(np.unique(found)) > 0.99 * found.size
    # 15 columns of some 1,300 people: of independent ones a correlation beyond 0.18 has probability 1e-8
    correlations = np.corrcoef(np.log(columns))[np.triu_indices(len(columns), 1)]
    assert np.abs(correlations).max() < 0.18


EACH = ((0, 1), (0, 2), (0, 4), (1, 1), (2, 1))


def fetched_of(plan: Plan, trace: Trace) -> dict[tuple[int, int], bool]:
    """Of each case that is ready well before the horizon, by citizen and visit, whether somebody comes for it."""
    tasks, visits, most = trace.tasks, trace.visits, int(plan.centers["visits"][0])
    names = [(int(one["citizen"]), int(one["visit"])) for one in visits]
    steps = tasks[tasks["kind"] >= plan.fields + Kind.STEP]
    pending = set(steps["visit"][steps["end"] == NEVER].tolist())
    ready: dict[int, int] = {}
    for task in steps:
        ready[int(task["visit"])] = max(ready.get(int(task["visit"]), 0), int(task["end"]))
    done = [nth for nth, end in ready.items() if nth not in pending and end < trace.horizon - LAST_DAYS * DAY]
    came = {name for name, one in zip(names, visits, strict=True) if one["purpose"] == Purpose.COLLECT}
    return {names[nth]: (names[nth][0], most * (names[nth][1] + 1)) in came for nth in done}


@pytest.mark.parametrize("name", ["guidance_desk", "add_officials", "paper_fallback", "overtime"])
def test_who_fetches_a_result_does_so_under_every_policy(name: str) -> None:
    before, after = (fetched_of(plan_with(one), run(plan_with(one))) for one in ("none", name))
    both = before.keys() & after.keys()
    assert len(both) > 300
    assert 0.5 < sum(before[case] for case in both) / len(both) < 0.7
    assert all(before[case] == after[case] for case in both)


def test_a_run_may_hold_more_people_and_the_others_keep_their_work() -> None:
    """More demand adds people: the cases of those who come in both runs take the same."""
    plans = [make_plan(ward_with_office().replace(demand=share), 17, 4) for share in (1.0, 1.3)]
    few: Any = everyone(plans[0])["citizen"]
    assert np.isin(few, everyone(plans[1])["citizen"]).all()
    sample = few[::20].tolist()
    assert works(plans[0], sample) == works(plans[1], sample)
