"""Looks at growing numbers of replications: limits against published ones, the chance of error, and what is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import e, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

import sim
from experiments.run import main
from sim.faults import BadInput
from sim.folder import read_manifest
from sim.looks import Look, Stopping, boundaries, level_after, levels, risk, spent
from sim.runs.replications import Replications
from sim.sequential import open_questions, until_enough, why_stopped
from sim.study import Study

NORMAL_95 = -float(ndtri(0.0125))
PUBLISHED: dict[str, tuple[Callable[[float], float], tuple[float, ...]]] = {
    "O'Brien-Fleming": (lambda t: 4 - 4 * float(ndtr(NORMAL_95 / sqrt(t))), (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)),
    "Pocock": (lambda t: 0.05 * log(1 + (e - 1) * t), (2.4380, 2.4268, 2.4101, 2.3966, 2.3859)),
}
"""Spending functions of Lan and DeMets, and the limits at five equal steps (Reboussin et al. 2000, program LANDEM)."""
TEXTBOOK = ["center=textbook", "arrivals.rate_per_hour=5", "days=4", "warmup_days=1"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_limits_are_those_published(name: str) -> None:
    spending, limits = PUBLISHED[name]
    errors = np.diff([spending(step / 5) for step in range(1, 6)], prepend=0.0)
    found = boundaries((1, 2, 3, 4, 5), tuple(errors.tolist()))
    assert found == pytest.approx(limits, abs=2e-3)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(10, 5000), min_size=1, max_size=12, unique=True), st.floats(0.5, 0.999))
def test_more_looks_never_cost_less_and_never_all(numbers: list[int], confidence: float) -> None:
    found = levels(confidence, sorted(numbers))
    assert all(confidence <= level < 1 for level in found)
    assert found[0] == pytest.approx(1 - (1 - confidence) / 2), "half of the error"
    assert sum(1 - level for level in found) >= (1 - confidence) * spent(max(numbers), min(numbers)) - 1e-9


def test_intervals_that_are_looked_at_until_they_mislead_do_so_as_rarely_as_stated() -> None:
    """20,000 sequences of normal replications: a rate of 5 % would be found above 5.5 % with a power of 99.9 %."""
    numbers = list(Stopping(most=600).numbers())
    limits = np.array([-ndtri((1 - level) / 2) for level in levels(0.95, numbers)])
    steps = np.random.default_rng(5).normal(size=(20_000, len(numbers))) * np.sqrt(np.diff(numbers, prepend=0))
    passed = np.abs(np.cumsum(steps, axis=1)) / np.sqrt(numbers) > limits
    rate, stated = passed.any(axis=1).mean(), 0.05 * spent(600, 30)
    assert abs(rate - stated) < 4 * sqrt(stated * (1 - stated) / 20_000)
    assert (np.abs(np.cumsum(steps, axis=1)) / np.sqrt(numbers) > 1.96).any(axis=1).mean() > 0.15, "without paying"


def test_a_look_after_one_that_spent_all_is_told() -> None:
    """Two looks at fixed numbers: 5 % at the first, half of it at the second, and the sum is stated."""
    first = Look(30, level_after(0.95, [], 30, pays=False))
    second = Look(60, level_after(0.95, [first], 60, pays=True))
    assert first.level == 0.95
    assert second.level == pytest.approx(0.975)
    assert risk(0.95, [first]) == pytest.approx(0.05)
    assert risk(0.95, [first, second]) == pytest.approx(0.075)
    assert level_after(0.95, [first, second], 60, pays=True) == second.level, "the same look is no other"


def test_looks_that_are_paid_for_go_on_where_they_stopped() -> None:
    paid = [Look(n, level) for n, level in zip((30, 45), levels(0.95, (30, 45)), strict=True)]
    assert level_after(0.95, paid, 100, pays=False) == levels(0.95, (30, 45, 100))[-1]
    assert risk(0.95, paid) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("stopping={first: 30, most: 20}", "stopping: most must not be less than first"),
        ("stopping={first: 5}", "stopping.first: given 5, wanted"),
        ("stopping={growth: 1.0}", "stopping.growth: given 1.0, wanted at least 1.1"),
        (
            "stopping={half_width: {wait_men: 1.0}}",
            "stopping.half_width: given 'wait_men', wanted a metric (did you mean wait_mean?)",
        ),
    ],
)
def test_what_is_refused(given: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        sim.load([*TEXTBOOK, given])
    assert reason in "\n".join(str(fault) for fault in refused.value.faults)


def test_a_clear_case_stops_at_its_first_look_and_a_close_one_goes_on() -> None:
    clear = sim.simulate(sim.load([*TEXTBOOK, "precision=enough", "stopping.first=10", at_most(500.0)]))
    assert (clear.study.replications, clear.verdict) == (10, "met")
    assert why_stopped(clear).startswith("enough")
    mean = clear.figures.estimates["wait_mean", "all"].value or 0.0
    near = sim.simulate(sim.load([*TEXTBOOK, "stopping={first: 10, most: 40}", at_most(mean)]))
    assert [look.replications for look in near.study.looks] == [10, 15, 23, 34, 40]
    assert near.verdict == "undecided"
    assert why_stopped(near).startswith("the most there may be; open: wait_mean at most")
    assert near.verdicts[0].estimate.confidence == pytest.approx(levels(0.95, [10, 15, 23, 34, 40])[-1])


def at_most(minutes: float, zone: float = 0.001) -> str:
    return f"targets={{name: near, items: [{{metric: wait_mean, at_most: {minutes:.4f}, indifference: {zone}}}]}}"


def test_a_figure_may_be_wanted_to_a_precision() -> None:
    wanted = [*TEXTBOOK, "precision=enough", "stopping={first: 10, half_width: {time_in_center_mean: 12.0}}"]
    found = sim.simulate(sim.load(wanted))
    half_width = found.figures.estimates["time_in_center_mean", "all"].half_width
    assert half_width is not None
    assert half_width <= 12.0
    assert found.study.replications > 10
    assert not list(open_questions(found))


def test_differences_may_be_asked_to_be_decided() -> None:
    """A scenario and itself under other random numbers: the target is decided at once, the difference never."""
    for compared, looks in (("false", 1), ("true", 3)):
        study = sim.load([*TEXTBOOK, f"stopping={{first: 10, most: 20, compared: {compared}}}", at_most(500.0)])
        fixed = study.replace(stopping=None, replications=20)
        runs = {number: sim.simulate(fixed.replace(seed=1 + number)).runs for number in (0, 1)}
        own = [study.model_copy(update={"label": str(number)}) for number in runs]
        found = until_enough(own, partial(_first_of, runs))
        assert [len(one.study.looks) for one in found.values()] == [looks, looks]


def _first_of(runs: Mapping[int, Replications], wanted: Mapping[int, Study]) -> dict[int, Replications]:
    return {number: runs[number][: study.replications] for number, study in wanted.items()}


def test_more_replications_in_a_folder_are_a_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = f"out={tmp_path / 'folder'}"
    for count in (10, 20, 20):
        assert main([*TEXTBOOK, f"replications={count}", out]) == 0
    said = capsys.readouterr().out
    assert "10, 20: 97.5 % intervals, together 92.5 %" in said
    looks = read_manifest(tmp_path / "folder")["looks"]
    assert [look["replications"] for look in next(iter(looks.values()))] == [10, 20]
