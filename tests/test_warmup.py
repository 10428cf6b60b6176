"""Where a run has settled: MSER-5 and Welch's averages on series whose bias is known, and a center's own days."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.warmup import main
from sim.intervals import Floats
from sim.simulating import simulate
from sim.study import Study
from sim.warmup import (
    BATCH,
    Series,
    batch_means,
    command,
    dated,
    enough,
    from_the_start,
    moving_averages,
    mser,
    series_of,
    settled,
    settled_in,
)

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


def test_both_engines_give_the_same_days() -> None:
    for center in ("cam_duong", "central_highlands", "na_hy"):
        words = [f"center={center}", "days=16", "replications=2", "opening=true", "warmup_days=0"]
        one, other = (series_of(sim.load([*words, f"engine={engine}"])) for engine in ("compiled", "reference"))
        assert [a.name for a in one] == [b.name for b in other]
        assert all((a.over == b.over).all() and (a.under == b.under).all() for a, b in zip(one, other, strict=True))


# What is left of a beginning


def working(days: int) -> Floats:
    """The weekdays of so many days from a Monday on."""
    return np.array([day for day in range(days) if day % 7 < 5], float)


def made(
    days: int, level: Callable[[Floats], Floats], noise: float = 0.05, seed: int = 1, name: str = "made"
) -> Series:
    """A ratio of which Mondays have the threefold, and half as many to divide by, times ``level`` of the day."""
    on = working(days)
    weekday = on % 7
    random = np.random.default_rng(seed)
    under = np.where(weekday == 0, 50.0, 100.0) * np.exp(noise * random.normal(size=(200, len(on))))
    figure = np.where(weekday == 0, 30.0, 10.0) * level(on) * np.exp(noise * random.normal(size=(200, len(on))))
    return Series(name, figure * under, under, on, weekday.astype(np.int64))


@cache
def june() -> Study:
    """Measured from day 7 to 36, with five Mondays and four Wednesdays."""
    return sim.load(["center=cam_duong"])


def measuring(warmup: int) -> Study:
    return june().replace(base=june().base.replace(warmup_days=warmup, days=warmup + 30))


def flat(on: Floats) -> Floats:
    return np.ones(len(on))


def ramp(on: Floats) -> Floats:
    return 1 - 0.5 * np.exp(-on / 30)


def test_weekdays_alone_leave_nothing() -> None:
    """Without noise nothing at all, though the plain means of the days differ; a ratio of sums on both sides."""
    series = made(182, flat, noise=0.0)
    found = settled_in(series, june(), 182)
    first, later = (series.days >= 7) & (series.days < 37), series.days >= 91
    plain = [series.over[0, which].sum() / series.under[0, which].sum() for which in (first, later)]
    assert found.left is not None
    assert found.left.estimate.value == pytest.approx(0.0, abs=1e-9)
    assert found.left.settled == pytest.approx(plain[0])
    assert abs(plain[1] - plain[0]) > 0.1
    assert (found.answer, found.left.days, found.left.compared) == ("suffices", 22, 22)


def test_the_interval_of_what_is_left_holds_nothing_as_often_as_is_stated() -> None:
    """Of 400 at 95 %: the binomial 0.1 % points are 365 and 392. None of them is said to be too short."""
    found = [settled_in(made(182, flat, seed=seed), june(), 182) for seed in range(400)]
    told = sum(one.left is not None and one.left.is_told for one in found)
    assert 8 <= told <= 35
    assert all(one.suffices for one in found)


def test_a_ramp_is_too_short_until_what_is_wanted_is_set() -> None:
    """Of exp(-d / 30) / 2 less than 2 % is left from day 97 on; of 30 days the mean is, a little before."""
    found = settled_in(made(364, ramp), june(), 364)
    assert found.answer == "too short"
    assert found.wanted is not None
    assert found.said == f"too short: warmup_days={found.wanted}"
    assert 70 <= found.wanted <= 147
    assert (found.wanted - 7) % 7 == 0
    assert command(june(), [found]) == f"warmup_days={found.wanted} days={found.wanted + 30}"
    for days in (364, 546):
        assert settled_in(made(days, ramp), measuring(found.wanted), days).suffices
    assert settled_in(made(364, ramp), measuring(21), 364).answer == "too short"


@pytest.mark.parametrize(("step", "answer"), [(0.99, "suffices"), (0.985, "suffices"), (0.95, "too short")])
def test_a_difference_that_does_not_matter_is_none_though_it_is_told(step: float, answer: str) -> None:
    found = settled_in(made(182, lambda on: np.where(on < 42, step, 1.0)), june(), 182)
    assert found.left is not None
    assert found.left.is_told
    assert found.answer == answer


def test_of_small_figures_a_tenth_does_not_matter() -> None:
    small = made(182, lambda on: np.where(on < 42, 0.001, 0.002))
    found = settled_in(small, june(), 182)
    assert found.left is not None
    assert (found.left.band, found.left.is_told, found.answer) == (0.1, True, "suffices")


def test_what_grows_has_not_settled_and_is_looked_at_longer() -> None:
    found = settled_in(made(182, lambda on: 1 + on / 100), june(), 182)
    assert (found.answer, found.is_open) == ("has not settled", True)
    assert not settled_in(made(182, flat), june(), 182).is_open
    assert replace(found, is_opening=True).said == "an opening"
    assert not replace(found, is_opening=True).is_open


def test_days_without_their_like_are_left_out() -> None:
    series = made(182, lambda on: np.where(on < 10, 9.0, 1.0))
    strange = np.where(series.days < 10, 9, series.kinds)
    found = settled_in(replace(series, kinds=strange), june(), 182)
    assert found.left is not None
    assert (found.answer, found.left.days, found.left.compared) == ("suffices", 22, 19)
    unlike = settled_in(replace(series, kinds=np.where(series.days < 30, 9, series.kinds)), june(), 182)
    assert unlike.answer == "no like days"
    assert settled_in(replace(series, kinds=np.where(series.days < 60, 9, series.kinds)), june(), 182).left is None


def test_days_around_holidays_and_in_seasons_are_like_no_others() -> None:
    """From Monday 25 May 2026 on; the national day closes Monday 31 August to Wednesday 2 September."""
    seasons = "arrivals.seasons=[{first: 2026-06-08, last: 2026-06-12, factor: 1.5}]"
    study = from_the_start(sim.load(["center=cam_duong", "replications=1", seasons]))
    series = series_of(study)[0]
    dates = [study.base.start + timedelta(int(day)) for day in series.days]
    kinds = dict(zip(dates, series.kinds.tolist(), strict=True))
    assert not {date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)} & set(kinds)
    for weekday, own in ((0, date(2026, 6, 8)), (4, date(2026, 8, 28)), (3, date(2026, 9, 3))):
        seasonal = {date(2026, 6, 8) + timedelta(nth) for nth in range(5)}
        usual = {kind for on, kind in kinds.items() if on.weekday() == weekday and on not in {own, *seasonal}}
        assert len(usual) == 1
        assert kinds[own] not in usual
    assert list(kinds.values()).count(kinds[date(2026, 9, 3)]) == 1


def test_what_learns_or_leaves_by_date_is_named() -> None:
    learning = sim.load(["center=ban_lau"])
    assert dated(learning.scenario) == ("staff.justice.learning", "staff.specialists.learning")
    assert dated(june().scenario) == ()
    found = settled_in(made(364, ramp), june(), 364)
    assert replace(found, by_date=("staff.justice.learning",)).answer == "differs, maybe by date"


def test_at_least_two_hundred_replications_are_run() -> None:
    assert [enough(june().replace(replications=n)).replications for n in (2, 30, 300)] == [200, 200, 300]


def test_a_back_office_that_has_not_filled_is_told() -> None:
    """A new center, told to be no opening: its cases grow for years."""
    study = sim.load(["center=lao_cai_ward", "replications=4", "opening=false", "warmup_days=7"])
    runs: list[int] = []
    cases = next(
        one for one in settled(study, longer=lambda run: runs.append(run.base.days)) if "cases" in one.series.name
    )
    over, _ = cases.series.mean
    assert runs == [184, 368, 736]
    assert over[0] < over[5] < over[-1]
    assert cases.answer == "has not settled"


# The program


def test_the_program_tells_draws_and_writes(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.warmup.LEAST_REPLICATIONS", 3)
    words = ["center=cam_duong", "replications=2", "engine=compiled", "targets={name: none, items: []}"]
    for name in ("1", "2"):
        assert main([*words, f"out={tmp_path / name}"]) == 0
    told = capsys.readouterr()
    assert "measured from day 7 on, looked at over 182 days in 3 replications" in told.out
    assert "3 replications of 182 days" in told.err
    assert max(len(line) for line in told.out.splitlines() if str(tmp_path) not in line) <= 100
    for file in ("warmup.csv", "charts/warmup.png"):
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    rows = pd.read_csv(tmp_path / "1" / "warmup.csv")
    assert set(rows["figure"]) == {"wait_mean", "visits_per_day"}
    assert list(rows.columns) == ["figure", "day", "mean", "mean of 5", "mean of 15"]


def test_the_program_says_what_to_set(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the dossiers come back after four weeks or five: a week of running in does not do, what is said does."""
    monkeypatch.setattr("sim.warmup.LEAST_REPLICATIONS", 20)
    names = sim.load(["center=coc_san"]).base.procedures
    words = ["center=coc_san", "opening=false", "returns.incomplete.first=20", "returns.incomplete.last=25"]
    words += ["arrivals.seasons=[]", "start=2026-05-25", "days=37", *(f"procedures.{n}.incomplete=0.5" for n in names)]
    assert main([*words, f"out={tmp_path / '1'}"]) == 0
    said = capsys.readouterr().out
    wanted = next(line for line in said.splitlines() if line.startswith("to measure as many days when settled: "))
    assert re.search(r"visits_per_day .* too short: warmup_days=\d+", said)
    changed = [word for word in words if not word.startswith("days=")] + wanted.partition(": ")[2].split()
    assert main([*changed, f"out={tmp_path / '2'}"]) == 0
    assert "too short:" not in capsys.readouterr().out.partition("settled: ")[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-m"], "-m: is for motcua run"),
        (["center=cam_duon"], "did you mean cam_duong?"),
        (["calendar.closures=[{first: 2026-06-20, last: 2026-12-31}]"], "is open too seldom to tell weeks apart"),
    ],
)
def test_bad_input_is_told(
    words: list[str], told: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.warmup.LEAST_REPLICATIONS", 2)
    assert main(["center=cam_duong", "replications=2", *words, f"out={tmp_path / 'out'}"]) == 2
    assert told in capsys.readouterr().err
