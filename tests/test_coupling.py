"""Several centers in one run: untied they are what each is alone; tied, all engines give one trace."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.coupling import Coupled, Coupling, couple
from sim.coupling.measuring import ELSEWHERE, SHARED_COST, SHARED_USE, folded, measured
from sim.coupling.parting import Parts
from sim.faults import BadInput
from sim.metrics import measure_all
from sim.models.center import run as reference
from sim.models.compiled.engine import run as compiled
from sim.plan import Kind
from sim.planning import flatten, replicate
from sim.provinces import centers_of
from sim.runs import Runs
from sim.scenario import Scenario
from sim.study import Study
from sim.targets import Targets
from sim.trace import Trace
from tests import naive
from tests.plans import EVERYTHING, SMALL, WHOLE_CENTER, assert_one_trace

TARGETS = Targets.model_validate({"name": "none", "items": []})
CHOICE = {"share": 0.5, "each": 4.0, "way": 6.0}
VIDEO = {"count": 1, "role": "remote", "skills": ["land"], "absence": {"share": 0.2}}


def study(number: int, scenario: Scenario) -> Study:
    return Study(base=scenario, targets=TARGETS, center=number, label=f"center {number}")


def whole_center(rng: Random, weak: bool, days: int = 8) -> Scenario:
    """A center in which everything is on, with numbers, fields and people of its own."""
    own = {**SMALL, **WHOLE_CENTER, "days": days, "opening": True, "money": {"official_hour": 60.0}, "choice": None}
    own["network"] = own_network(rng)
    staff = {name: one for name, one in own["staff"].items() if one.get("role") != "remote"}
    if rng.random() < 0.5:
        own["procedures"] = dict(reversed(own["procedures"].items()))
    if rng.random() < 0.3:
        own["channels"] = EVERYTHING["channels"]
    more = {"per_day": rng.choice((40.0, 90.0)), "moves_to_saturday": rng.choice((0.0, 0.1))}
    own["arrivals"] = {**own["arrivals"], **more, "dossiers_per_visitor": rng.choice((1.0, 1.4))}
    own |= {"greeting": rng.choice((0.0, 1.0)), "patience": rng.choice((None, own["patience"]))}
    own["returns"] = {**own["returns"], "visits": rng.randint(1, 4)}
    staff["civil"] = {**staff["civil"], "count": rng.randint(1, 3)}
    if not weak:
        staff["all"] = {**staff["all"], "weak": []}
    return Scenario.model_validate({**own, "staff": staff})


def own_network(rng: Random) -> dict[str, Any]:
    """Outages of the center and windows differ, or are not there."""
    network = WHOLE_CENTER["network"]
    minutes = {
        "up": {"kind": "exponential", "mean": rng.choice((90.0, 400.0))},
        "down": network["outages"]["center"]["down"],
    }
    own = {"center": minutes} if rng.random() < 0.7 else {}
    others = {scope: outage for scope, outage in network["outages"].items() if scope != "center"}
    return {**network, "outages": {**own, **others}, "windows": network["windows"][: rng.randint(0, 2)]}


def own_remote(one: Scenario) -> Scenario:
    """The same with specialists of its own."""
    return one.replace(staff={**one.staff, "video": VIDEO})


def province(seed: int, days: int = 8, **coupling: Any) -> Coupled:
    rng = Random(seed)
    numbers = sorted(rng.sample(range(4095), rng.randint(1, 3)))
    only_last = "staff" in coupling and rng.random() < 0.5
    scenarios = [whole_center(rng, not only_last or one == numbers[-1], days) for one in numbers]
    if only_last:
        scenarios = [one.replace(mismatch={"share": 0.0}) for one in scenarios]
    if "staff" not in coupling:
        scenarios = [own_remote(one) for one in scenarios]
    return couple([study(*one) for one in zip(numbers, scenarios, strict=True)], Coupling.model_validate(coupling))


def alone(coupled: Coupled, engine: Any, replication: int = 0) -> list[Trace]:
    """The traces of its centers, each in a run of its own."""
    rows = zip(coupled.studies, coupled.scenarios, strict=True)
    return [engine(replicate(flatten(one, own.center), 1, replication)) for own, one in rows]


def assert_law(coupled: Coupled, engine: Any) -> None:
    whole, parts = engine(replicate(coupled.plan, 1, 0)), Parts(coupled)
    for one, own, name in zip(parts.traces(whole), alone(coupled, engine), coupled.studies, strict=True):
        assert_one_trace(own, one, name.label)
        assert own.visits.size


SOME = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(st.integers(0, 10**6))
def test_centers_that_nothing_ties_are_what_each_is_alone(seed: int) -> None:
    coupled = province(seed)
    assert_law(coupled, reference)
    assert_law(coupled, compiled)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_centers_that_nothing_ties_are_what_each_is_alone_in_many(seed: int) -> None:
    assert_law(province(seed), compiled)


@pytest.mark.parametrize("table", ["lam_dong", "dien_bien"])
def test_the_centers_of_a_shipped_table_are_what_each_is_alone(table: str) -> None:
    studies = centers_of(table, ["days=10"])[:12]
    assert_law(couple(studies, Coupling()), compiled)


def test_figures_are_those_of_each_center_alone() -> None:
    coupled = province(6)
    parts = Parts(coupled)
    found = measured(parts, reference(replicate(coupled.plan, 1, 0)))
    for part, own, runs in zip(parts.centers, alone(coupled, reference), found, strict=False):
        expected = measure_all([own], part.by)
        assert runs.keys == expected.keys
        assert np.array_equal(runs.numerators, expected.numerators)
        assert np.array_equal(runs.denominators, expected.denominators)
    assert found[-1].pair((ELSEWHERE, "all"))[0] == 0


TIES: dict[str, dict[str, Any]] = {
    "choice": {"choice": CHOICE},
    "specialists": {"staff": {"video": VIDEO}},
    "both": {"choice": {**CHOICE, "share": 1.0}, "staff": {"video": {**VIDEO, "skills": None, "count": 2}}},
}


@pytest.mark.parametrize("name", TIES)
@SOME
@given(st.integers(0, 10**6))
def test_all_engines_give_one_trace(name: str, seed: int) -> None:
    plan = replicate(province(seed, **TIES[name]).plan, 1, 0)
    ours = reference(plan)
    assert_one_trace(ours, compiled(plan), seed)


def assert_same_runs(ours: Runs, theirs: Runs) -> None:
    assert (ours.keys, ours.cells) == (theirs.keys, theirs.cells)
    for name in ("numerators", "denominators"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    for name, own, other in zip(ours.waits._fields, ours.waits, theirs.waits, strict=True):
        assert np.array_equal(own, other), name
    assert ours.curves.keys() == theirs.curves.keys()
    for name, curve in ours.curves.items():
        assert all(map(np.array_equal, curve, theirs.curves[name])), name


def assert_folded(coupled: Coupled) -> None:
    """Without traces every figure is what it is of traces, center by center."""
    parts, plans = Parts(coupled), [replicate(coupled.plan, 1, replication) for replication in (0, 1)]
    of_traces = [measured(parts, compiled(plan)) for plan in plans]
    for ours, theirs in zip(folded(parts, plans), zip(*of_traces, strict=True), strict=True):
        assert_same_runs(ours, Runs.joined(theirs))


@pytest.mark.parametrize("name", ["untied", *TIES])
@SOME
@given(st.integers(0, 10**6))
def test_figures_need_no_trace(name: str, seed: int) -> None:
    assert_folded(province(seed, **TIES.get(name, {})))


def of_own_fields(one: Scenario) -> Scenario:
    """The same center, whose back office works in the fields that are received."""
    procedures = dict(one.procedures)
    for name, entry in one.procedures.items():
        if entry.processing:
            steps = tuple(step.replace(field=None) for step in entry.processing.steps)
            procedures[name] = entry.replace(processing=entry.processing.replace(steps=steps))
    return one.replace(procedures=procedures, staff={**one.staff, "office": one.staff["office"].replace(skills=None)})


def without_office(one: Scenario) -> Scenario:
    """The same center, with leaders, where nothing is left to do after reception."""
    procedures = {name: entry.replace(processing=None) for name, entry in one.procedures.items()}
    staff = {name: group for name, group in one.staff.items() if group.role != "specialist"}
    return one.replace(procedures=procedures, back_office=None, channels=EVERYTHING["channels"], staff=staff)


@pytest.mark.parametrize("own_first", [True, False])
def test_dossiers_of_others_are_counted_where_no_own_go_to_the_back_office(own_first: bool) -> None:
    """They are worked on at the center that received them, whose own terms tell no days apart."""
    with_office = of_own_fields(own_remote(whole_center(Random(3), weak=True)))
    pair = [without_office(with_office), with_office]
    rows = [study(n, one) for n, one in enumerate(pair if own_first else pair[::-1])]
    coupled = couple(rows, Coupling.model_validate({"choice": {**CHOICE, "share": 1.0}}))
    assert_folded(coupled)
    number = 0 if own_first else 1
    parts = Parts(coupled)
    _, received = folded(parts, [replicate(coupled.plan, 1, 0)])[number].curves["ready"]
    assert received.sum() > 0
    assert parts.centers[number].by.spans == max(part.by.spans for part in parts.centers) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
@pytest.mark.parametrize("name", ["untied", *TIES])
def test_figures_need_no_trace_in_many(name: str, seed: int) -> None:
    assert_folded(province(seed, **TIES.get(name, {})))


SOMETIMES = [pytest.param(name, marks=pytest.mark.slow) for name in ("choice", "specialists")]


@pytest.mark.parametrize("name", ["both", *SOMETIMES])
def test_the_naive_engine_gives_that_trace(name: str) -> None:
    """Of three centers, on a Monday and a Tuesday."""
    plan = replicate(province(6, days=2, **TIES[name]).plan, 1, 0)
    assert_one_trace(reference(plan), naive.run(plan), name)


def test_who_chooses_is_measured_where_they_were_received() -> None:
    """Each visit counts once, at the center of its point; who came from another is counted by home too."""
    coupled = province(6, **TIES["both"])
    trace = reference(replicate(coupled.plan, 1, 0))
    parts = Parts(coupled)
    visits = [part.visits for part in parts.traces(trace)]
    assert sum(map(len, visits)) == len(trace.visits)
    away = [int((rows["center"] != one.center).sum()) for rows, one in zip(visits, coupled.studies, strict=True)]
    of_none = measured(parts, trace)[-1]
    over, under = of_none.pair((ELSEWHERE, "all"))
    assert (over[0], under[0]) == (sum(away), len(trace.visits))
    assert of_none.curves[ELSEWHERE][0].sum() == sum(away) > 0
    assert of_none.pair((SHARED_COST, "all"))[0][0] > 0
    assert 0 < of_none.pair((SHARED_USE, "all"))[0][0] <= of_none.pair((SHARED_USE, "all"))[1][0]
    asked = trace.tasks["kind"] == coupled.plan.fields + Kind.CONSULTATION
    assert not any(
        (part.tasks["kind"] == len(by.fields) + Kind.CONSULTATION).any() for part, by in _parts(parts, trace)
    )
    assert (trace.tasks["official"][asked] != -1).any()


def _parts(parts: Parts, trace: Trace) -> list[tuple[Trace, Any]]:
    return [(own, part.by) for own, part in zip(parts.traces(trace), parts.centers, strict=True)]


def test_centers_of_one_run_promise_the_same() -> None:
    first = whole_center(Random(1), weak=True)
    other = Targets.model_validate({"name": "b", "items": [{"metric": "wait_within_20", "at_least": 0.9}]})
    rows = [study(0, first), study(1, first).replace(targets=other)]
    with pytest.raises(BadInput) as refused:
        couple(rows, Coupling())
    assert [fault.key for fault in refused.value.faults] == ["targets"]


@pytest.mark.parametrize(
    ("changes", "coupling", "keys"),
    [
        ({"closing": {"rule": "send_home"}}, {}, ["closing.rule"]),
        ({"days": 9}, {}, ["days"]),
        ({"choice": CHOICE}, {}, ["choice"]),
        ({"network": {**WHOLE_CENTER["network"], "start_while_down": True}}, {}, ["network"]),
        (
            {},
            {"staff": {"video": {**VIDEO, "skills": ["lande"]}}},
            ["coupled.staff.video.skills", "coupled.staff.video"],
        ),
        ({}, {"staff": {"civil": VIDEO}}, ["coupled.staff.civil"]),
    ],
)
def test_what_cannot_be_one_run_is_refused(changes: Any, coupling: Any, keys: list[str]) -> None:
    first = whole_center(Random(1), weak=True)
    rows = [study(0, first), study(1, first.replace(**changes))]
    with pytest.raises(BadInput) as refused:
        couple(rows, Coupling.model_validate(coupling))
    assert [fault.key for fault in refused.value.faults] == keys
