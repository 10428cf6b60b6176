"""The table on a terminal: no figure is ever cut, whatever the scenarios are called."""

from __future__ import annotations

import pytest

import sim
from experiments.table import WIDTH, _cells, table

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
