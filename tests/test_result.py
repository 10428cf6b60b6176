"""The Python side: what simulating gives back, the same for any number of processes; comparisons are paired."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest
from pydantic import ValidationError

import sim
from sim.faults import BadInput
from sim.figures import OF_THE_CENTER, is_measured_in
from sim.frames import SUMMARY_COLUMNS
from sim.intervals import NOBODY
from sim.models.center import run
from sim.result import Result, against_baselines, baseline_of, differences
from sim.running import traces
from sim.statistics import paired_difference
from sim.study import Study
from sim.targets import Targets
from tests.test_storage import content

SMALL = ("center=cam_duong", "days=9", "replications=6")


@cache
def result(*more: str) -> Result:
    return sim.simulate(sim.load([*SMALL, *more]), workers=1)


def test_the_result_does_not_depend_on_the_number_of_processes() -> None:
    steps: list[tuple[int, int]] = []
    two = sim.simulate(result().study, workers=2, progress=lambda done, total: steps.append((done, total)))
    assert [content(one) for one in two.runs] == [content(one) for one in result().runs]
    assert two.summary.equals(result().summary)
    assert sorted(steps) in ([(1, 6), (6, 6)], [(5, 6), (6, 6)])


def test_more_replications_keep_those_before() -> None:
    more = result("replications=8")
    assert [content(one) for one in more.runs[:6]] == [content(one) for one in result().runs]


def test_a_study_that_cannot_be_run_says_why() -> None:
    with pytest.raises(BadInput, match="could not be run: OverflowError: more than 1048576 people"):
        sim.simulate(sim.load([*SMALL, "demand=1e8"]), workers=1)


def test_the_parts_of_the_public_surface_fit_together() -> None:
    study = result().study
    plan = sim.make_plan(study.scenario, seed=study.seed, replication=3)
    trace = sim.run(plan, engine="reference")
    assert trace == run(plan)
    assert trace == list(traces(study))[3]
    assert tuple(result().summary.columns) == SUMMARY_COLUMNS
    assert list(result().replications["replication"].unique()) == list(range(6))
    assert {name for name in sim.__all__ if not hasattr(sim, name)} == set()
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        sim.simulat  # noqa: B018


# Comparisons


def test_only_results_on_the_same_random_numbers_are_paired() -> None:
    """Each fault is told by the name of its result."""
    base = result()
    others = {
        "seed": replace(base, study=base.study.replace(seed=2)),
        "fewer": replace(base, study=base.study.replace(replications=5), runs=base.runs[:5]),
        "surer": replace(base, study=base.study.replace(confidence=0.99)),
    }
    with pytest.raises(BadInput) as refused:
        differences({"base": base, **others})
    assert [fault.key for fault in refused.value.faults] == list(others)
    with pytest.raises(BadInput, match="wanted one of base"):
        differences({"base": base}, "bse")
    with pytest.raises(BadInput, match="no results"):
        differences({})


def test_pairing_on_common_random_numbers_narrows_a_difference() -> None:
    """The same days with and without a desk: what is left of the variance of two independent runs is far below 1."""
    today, desk = result(), result("policy=guidance_desk")
    (wait,) = [one for one in differences({"today": today, "desk": desk}) if one.metric == "wait_mean"]
    own = [one.runs.pair(("wait_mean", "all")) for one in (desk, today)]
    assert wait.paired == paired_difference(*own[0], *own[1], 0.95)
    assert (wait.paired.variance_ratio or 0) > 2
    table = sim.compare({"today": today, "desk": desk})
    assert set(table["baseline"]) == {"today"}
    assert table.set_index("metric")["difference"]["wait_mean"] == wait.paired.estimate.value


def test_a_result_differs_from_itself_by_nothing() -> None:
    for one in differences({"a": result(), "b": result()}):
        assert (one.paired.estimate.value, one.paired.p_value, one.adjusted) == (0.0, 1.0, 1.0)


def test_a_comparison_with_a_center_to_which_nobody_comes_has_no_figure() -> None:
    found = {one.metric: one.paired.estimate for one in differences({"a": result(), "b": result("demand=0.0")})}
    assert found["wait_mean"].value is None
    assert found["cost_per_day"].value is not None


def test_baselines_are_the_center_as_it_is_today_of_each_group() -> None:
    desk, none = result("policy=guidance_desk"), result()
    busy, busy_desk = result("demand=1.1"), result("demand=1.1", "policy=guidance_desk")
    assert baseline_of({"desk": desk, "none": none}) == "none"
    assert baseline_of({"desk": desk}) == "desk"
    groups = {"desk": desk, "none": none, "busy": busy, "busy_desk": busy_desk}
    assert {(one.baseline, one.other) for one in against_baselines(groups)} == {("none", "desk"), ("busy", "busy_desk")}
    assert against_baselines({"none": none, "busy": busy}) == []


# What importing costs

FOR_A_RUN = ("pandas", "pyarrow", "simpy", "matplotlib", "loky", "rich")
HEAVY = (*FOR_A_RUN, "numpy", "scipy", "hydra", "yaml", "holidays")
SAYS = f"import sys; print(*(name for name in {HEAVY} if name in sys.modules))"
COLD = (
    ("import sim", "import sim", HEAVY),
    ("motcua --help", "from experiments.__main__ import main; main(['--help'])", HEAVY),
    ("motcua nothing", "from experiments.__main__ import main; main(['nothing'])", HEAVY),
    ("a refusal", "from experiments.run import main; main(['center=x'])", FOR_A_RUN),
)


@pytest.mark.parametrize(("_", "program", "unwanted"), COLD, ids=[name for name, _, _ in COLD])
def test_help_and_refusals_import_nothing_that_only_a_run_needs(
    _: str, program: str, unwanted: tuple[str, ...]
) -> None:
    code = f"{program}\n{SAYS}"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert set(said.stdout.splitlines()[-1].split()).isdisjoint(unwanted)


def judged(metric: str, scope: str, **bound: float) -> Study:
    items = [{"metric": metric, "scope": scope, **bound}]
    return result().study.replace(targets=Targets.model_validate({"name": "own", "items": items}))


def test_a_figure_is_in_every_scope_in_which_it_may_be_promised() -> None:
    given = set(result().figures.estimates)
    metrics = {metric for metric, _ in given}
    assert {metric for metric, scope in given if scope != "all" and OF_THE_CENTER.fullmatch(metric)} == set()
    for scope in ("all", "field=land", "priority=ordinary", "point=hall", "hour=9"):
        for metric in metrics:
            assert ((metric, scope) in given) == is_measured_in(metric, scope), (metric, scope)


@pytest.mark.parametrize(
    ("metric", "scope", "said"),
    [
        ("wait_p90", "hour=9", "wanted no hour: wait_p90 has none"),
        ("utilization", "field=land", "wanted all: utilization has none"),
        ("days_within_target", "point=hall", "wanted all: days_within_target has none"),
    ],
)
def test_a_target_on_a_figure_that_is_not_there_is_refused(metric: str, scope: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        judged(metric, scope, at_most=1.0)


def test_an_hour_in_which_nobody_comes_has_no_verdict() -> None:
    verdicts = Result(judged("wait_mean", "hour=3", at_most=15.0), result().runs).verdicts
    assert [(one.verdict, one.reason) for one in verdicts] == [("n/a", NOBODY)]
