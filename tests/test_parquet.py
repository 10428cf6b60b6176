"""Long tables written piece by piece: the same rows as in one piece."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim import parquet
from sim.parquet import write_frames, write_replications
from sim.result import Result


@pytest.fixture(scope="module")
def result() -> Result:
    """Days on which hours are empty, fields unmeasured, and half of all comes from home."""
    return sim.simulate(sim.load(["center=cam_duong", "days=8", "replications=3"]), workers=1)


@pytest.mark.parametrize("rows", [1, 1000, 1 << 20])
def test_replications_are_the_table_that_a_notebook_has(
    rows: int, result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", rows)
    write_replications(tmp_path / "table", {result.study.label: result.runs})
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table"), result.replications)


@pytest.mark.parametrize("rows", [1, 300, 1 << 20])
def test_visits_are_the_table_that_a_notebook_has_but_for_categories(
    rows: int, result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", rows)
    write_frames(tmp_path / "table", result.visits_by_replication())
    read, visits = pd.read_parquet(tmp_path / "table"), result.visits
    texts = dict.fromkeys(visits.columns[visits.dtypes == "category"], str)
    assert len(texts) == 7
    pd.testing.assert_frame_equal(read, visits.astype(texts))
