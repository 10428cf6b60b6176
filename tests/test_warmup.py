"""Where a run has settled: MSER-5 and Welch's averages on series whose bias is known, and a center's own days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.warmup import main
from sim.intervals import Floats
from sim.simulating import simulate
from sim.warmup import BATCH, batch_means, from_the_start, moving_averages, mser, series_of, settled

Captured = pytest.CaptureFixture[str]
PHI, START, LONG = 0.9, 30.0, 500


def autoregression(random: np.random.Generator, start: float) -> Floats:
    """X(t) = 0.9 X(t - 1) + e, of mean 0 in the long run; its mean is ``start`` times 0.9^t."""
    found = np.zeros(LONG)
    level = start
    for t, shock in enumerate(random.normal(size=LONG)):
        found[t] = level = PHI * level + shock
    return found


def truncated(series: Floats) -> tuple[float, float, bool]:
    """The mean of all, that of what MSER-5 leaves, and whether that is refused."""
    found = mser(batch_means(series, np.ones(LONG)))
    return float(series.mean()), float(series[found.observations :].mean()), found.is_refused


def test_the_known_bias_of_an_autoregression_is_taken_out() -> None:
    random = np.random.default_rng(1)
    runs = [truncated(autoregression(random, START)) for _ in range(400)]
    assert np.mean([run[2] for run in runs]) < 0.1
    raw, left = (np.array([run[n] for run in runs if not run[2]]) for n in (0, 1))
    bias = START * PHI * (1 - PHI**LONG) / (1 - PHI) / LONG
    error = raw.std() / 20
    assert raw.mean() == pytest.approx(bias, abs=3 * error)
    assert abs(left.mean()) < bias / 8
    assert (left**2).mean() < (raw**2).mean()


def test_a_step_is_cut_where_it_ends() -> None:
    batches = np.tile([-1.0, 1.0], 30)
    batches[:8] += 9
    found = mser(batches)
    assert (found.observations, found.is_refused) == (8 * BATCH, False)
    assert found.statistics[8] == pytest.approx(1 / 52)


def test_what_never_settles_is_refused() -> None:
    assert mser(np.arange(40.0)).is_refused
    with pytest.raises(ValueError, match="10 batches"):
        mser(np.arange(9.0))


def test_moving_averages_are_those_of_welch() -> None:
    y = np.array([4.0, 1.0, 7.0, 2.0, 6.0, 5.0, 3.0])
    ones = np.ones(7)
    assert moving_averages(y, ones, 2) == pytest.approx([4, y[:3].mean(), y[:5].mean(), y[1:6].mean(), y[2:].mean()])
    ratio = moving_averages(y, np.arange(1.0, 8.0), 1)
    assert ratio[1] == pytest.approx(y[:3].sum() / 6)
    assert batch_means(y, np.arange(1.0, 8.0)) == pytest.approx([y[:5].sum() / 15])


def test_the_days_of_a_run_add_up_to_its_figures() -> None:
    """Those who come are the same, whatever is measured: from the warm-up on the days are those of the summary."""
    study = sim.load(["center=cam_duong", "days=16", "replications=2"])
    beginning = study.replace(base=study.base.replace(opening=True, warmup_days=0))
    estimates = simulate(study, workers=1).figures.estimates
    wait, visits = series_of(beginning)
    late = wait.days >= study.base.warmup
    assert wait.over[:, late].sum() / wait.under[:, late].sum() == pytest.approx(estimates["wait_mean", "all"].value)
    assert visits.over[:, late].sum() / 2 == estimates["arrived", "all"].value
    assert from_the_start(study).base.days == 182


def test_a_warmup_that_is_too_short_is_told() -> None:
    """A new center, told to be no opening: in five days its back office has not filled with cases."""
    study = sim.load(["center=lao_cai_ward", "replications=4", "opening=false", "warmup_days=7"])
    cases = next(one for one in settled(study) if one.series.name == "cases_under_way")
    over, _ = cases.series.mean
    assert over[0] < over[5] < over[-1]
    assert (cases.left.estimate.value or 0.0) < 0
    assert not cases.suffices
    assert cases.said == "has not settled" or cases.said.startswith("too short: warmup_days=")
    assert replace(cases, is_opening=True).said == "an opening"


def test_the_program_tells_draws_and_writes(tmp_path: Path, capsys: Captured) -> None:
    words = ["center=cam_duong", "replications=2", "engine=compiled", "targets={name: none, items: []}"]
    for name in ("1", "2"):
        assert main([*words, f"out={tmp_path / name}"]) == 0
    said = capsys.readouterr().out
    assert "measured from day 7 on, looked at over 182 days" in said
    assert max(len(line) for line in said.splitlines() if str(tmp_path) not in line) <= 100
    for file in ("warmup.csv", "charts/warmup.png"):
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    rows = pd.read_csv(tmp_path / "1" / "warmup.csv")
    assert set(rows["figure"]) == {"wait_mean", "visits_per_day"}
    assert list(rows.columns) == ["figure", "day", "mean", "mean of 5", "mean of 15"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-m"], "-m: is for motcua run"),
        (["center=cam_duon"], "did you mean cam_duong?"),
        (["calendar.closures=[{first: 2026-06-20, last: 2026-12-31}]"], "is open too seldom to tell weeks apart"),
    ],
)
def test_bad_input_is_told(words: list[str], told: str, tmp_path: Path, capsys: Captured) -> None:
    assert main(["center=cam_duong", "replications=2", *words, f"out={tmp_path / 'out'}"]) == 2
    assert told in capsys.readouterr().err
