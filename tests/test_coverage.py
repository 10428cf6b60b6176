"""The measurements of intervals and of false claims: what they count, and that they would see what is wrong."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest

from experiments.validate import alike as alike_part
from experiments.validate import main
from experiments.validate.alike import CENTER, STOPPING, Alike, _compared
from experiments.validate.coverage import DAY, DAYS, WORST, Covered, covered
from experiments.validate.queues import CASES
from sim.door import load
from sim.running import Job, job
from sim.study import Study

ROW = Covered("model", "wait_mean", "jackknife", 1.0, True, studies=1000, below=30, above=25, without=0, half_width=0.1)


def test_an_interval_that_holds_too_rarely_is_marked() -> None:
    """Of 1,000 intervals that hold in 95 %, fewer than 93.6 % do 1 time in 40; 92 % is far below."""
    assert not ROW.is_low
    assert not replace(ROW, below=35, above=28).is_low
    assert replace(ROW, below=40, above=40).is_low
    assert replace(ROW, below=40, above=40).share == pytest.approx(0.92)
    assert replace(ROW, without=500, below=0, above=0).share == 1.0
    assert not replace(ROW, without=1000, below=0, above=0).is_low
    assert isnan(replace(ROW, without=1000, below=0, above=0).share)


@pytest.fixture(scope="module")
def rows() -> list[Covered]:
    return covered(4, 77, lambda *_: None)


def test_the_truth_is_that_of_theory_where_there_is_one(rows: list[Covered]) -> None:
    exact = {figure.metric: figure.exact for case in CASES if case.name == DAY for figure in case.figures(DAYS)}
    own = {row.figure: row for row in rows if row.model == DAY}
    assert {name for name, row in own.items() if row.exact} == exact.keys() & own.keys()
    assert own["wait_mean"].truth == exact["wait_mean"]
    assert own["wait_p90"].truth == pytest.approx(35.0, rel=0.25)
    assert not own["wait_p90"].exact


def test_every_kind_of_interval_is_measured(rows: list[Covered]) -> None:
    assert {row.method.partition(" ")[0] for row in rows} == {"jackknife", "Woodruff", "Clopper-Pearson", "constant"}
    assert [row.model for row in rows if row.figure == WORST] == [DAY, "Gò Vấp", "Cam Đường"]
    assert not any(row.below + row.above for row in rows if row.method == "constant")
    for row in rows:
        assert row.below + row.above + row.without <= row.studies == 4


def test_a_true_difference_is_claimed_and_an_alike_is_not_looked_at_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a tenth of the people, the second run differs: the same comparison says so."""
    study = load([*CENTER]).replace(stopping=STOPPING)
    once = _compared(study, 5)
    assert once.looks >= 1
    assert once.replications in set(STOPPING.numbers())
    fewer = load([*CENTER, "demand=0.1"]).base

    def other(own: Study) -> Job:
        return job(own.replace(base=fewer) if own.seed == 6 else own)

    monkeypatch.setattr(alike_part, "job", other)
    found = {one.metric: one for one in _compared(study, 5).differences}
    assert found["wait_mean"].adjusted < 0.001


def test_the_share_of_claims_has_an_interval() -> None:
    low, high = Alike("wait_mean", 0.05, 1000, 50, 2.0, 60.0, 0).interval
    assert low < 0.05 < high
    assert high - low < 0.03


def test_the_program_writes_them_where_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parts=alike", "studies=20", f"out={tmp_path}"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["alike.csv"]
    out = capsys.readouterr().out
    assert "20 comparisons of a center with itself" in out
    assert max(map(len, out.splitlines()[:4])) <= 100
