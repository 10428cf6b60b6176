"""The table on a terminal: no figure is ever cut, whatever the scenarios are called."""

from __future__ import annotations

import pytest

import sim
from experiments.table import WIDTH, _cells, _percent_sign, table

FEW = ["center=cam_duong", "days=9", "replications=2"]


@pytest.fixture(scope="module")
def results() -> dict[str, sim.Result]:
    labels = {
        "cam_duong · none": "policy=none",
        "cam_duong · " + "+".join(["guidance_desk"] * 5): "policy=guidance_desk",
    }
    return {label: sim.simulate(sim.load([*FEW, policy]), workers=1) for label, policy in labels.items()}


def test_every_figure_is_whole(results: dict[str, sim.Result]) -> None:
    lines = table(results, {}).splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    for result in results.values():
        assert any(all(cell in line for cell in _cells(result)) for line in lines)


def test_what_a_policy_became_is_said(results: dict[str, sim.Result]) -> None:
    assert "guides at hall 0→1" in table(results, {})


def test_a_scenario_that_failed_is_named(results: dict[str, sim.Result]) -> None:
    assert "cam_duong · demand=9: could not be run: too many" in table(results, {"cam_duong · demand=9": "too many"})


def test_results_of_the_back_office_are_set_against_their_terms(results: dict[str, sim.Result]) -> None:
    step = "{work: {kind: exponential, mean: 9.0}}"
    overrides = [
        f"+procedures.land.processing={{term: 1, steps: [{step}]}}",
        "+back_office={delivery: {online: 1.0}, at_counters: true}",
        "targets.items=[{metric: on_time_share, at_least: 1.0}]",
    ]
    result = sim.simulate(sim.load([*FEW, "days=16", *overrides]), workers=1)
    on_time = result.figures.estimates["on_time_share", "all"]
    assert on_time.value is not None
    lines = table({"one": result}, {}).splitlines()
    at = lines.index("results of the back office, against their terms:")
    assert f": {_percent_sign(on_time)} on time, after " in lines[at + 1]
    assert lines[at + 1].endswith(" days")
    assert any("on_time_share at least 100 %" in line for line in lines)
    assert max(len(line) for line in lines) <= WIDTH
    assert "back office" not in table(results, {})
