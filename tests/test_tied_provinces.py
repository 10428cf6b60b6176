"""A province whose centers are tied, from the command line: what is refused, and the same bytes however it is run."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from experiments import province
from sim.coupling import simulating
from sim.faults import BadInput
from sim.provinces.tied import coupling_of
from tests.test_provinces import SMALL, table

CHOICE = ("coupled.choice.share=0.5", "coupled.choice.each=2", "coupled.choice.way=5")
QUICK = ("center=phuc_hoa", "days=9", "replications=4", "engine=compiled", *CHOICE)
WRITTEN = ("summary.csv", "province.csv")


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        (["coupled=maybe"], ["coupled: given 'maybe', wanted yes, no or keys such as coupled.choice.share=0.1"]),
        (["coupled=[1]"], ["coupled: given [1], wanted yes, no or keys such as coupled.choice.share=0.1"]),
        ([*CHOICE, "coupled.choice.share=2"], ["coupled.choice.share: given 2, wanted at most 1"]),
        (CHOICE[:1], ["coupled.choice.each: is missing", "coupled.choice.way: is missing"]),
        (["coupled.choise.share=0.1"], ["coupled.choise: unknown key, wanted one of choice, staff (did you mean choi"]),
        (["coupled.choice.share=0.1,0.2"], ["coupled.choice.share: wanted one value: a province is one run"]),
        (["~coupled.choice"], ["coupled.choice: cannot be removed"]),
        (["coupled.choice=3", "coupled.choice.share=0.1"], ["coupled.choice.share: lies below a key that has a value"]),
        (["coupled.staff.video.count=x"], ["coupled.staff.video.count: given 'x', wanted a whole number"]),
        (["coupled.staff.video={count:2,role:guide}"], ["coupled: staff.video wants the role remote"]),
        (["coupled"], ["coupled: wanted KEY=VALUE"]),
    ],
)
def test_what_cannot_tie_centers_is_told(words: list[str], faults: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        coupling_of(words)
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == len(faults)
    for one, start in zip(said, faults, strict=True):
        assert one.startswith(start)


def test_what_ties_centers_is_read() -> None:
    assert coupling_of([]) is None
    assert coupling_of(["coupled=no"]) is None
    untied = coupling_of(["coupled=yes"])
    assert untied is not None
    assert (untied.choice, untied.staff) == (None, {})
    both = coupling_of([*CHOICE, "coupled.staff.video.count=2"])
    assert both is not None
    assert both.choice is not None
    assert (both.choice.share, both.staff["video"].role) == (0.5, "remote")


def bytes_of(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in WRITTEN]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table of three centers, whose replications are done two at a time; no chart, which says nothing of ties."""
    monkeypatch.setattr(simulating, "VISITS", 200)
    monkeypatch.setattr(province, "write_chart", lambda *_: None)
    return f"centers={table(tmp_path, SMALL)}"


def test_any_workers_and_either_engine_write_the_same_bytes(given: str, tmp_path: Path) -> None:
    ways = {"one": ["workers=1"], "two": ["workers=2"], "reference": ["engine=reference"]}
    for name, more in ways.items():
        assert province.main([given, *QUICK, *more, f"out={tmp_path / name}"]) == 0
    first, *others = (bytes_of(tmp_path / name) for name in ways)
    assert others == [first, first]
    assert b"received_elsewhere" in first[1]


def test_an_interrupted_run_goes_on_and_writes_the_same_bytes(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[simulating.Span] = []

    def blocks(coupled: Any, todo: Any, workers: int, stop: int | None = None) -> Any:
        for span, each in islice(simulated(coupled, todo, workers), stop):
            done.append(span)
            yield span, each
        if stop is not None:
            raise KeyboardInterrupt

    simulated = simulating.simulated
    monkeypatch.setattr(simulating, "simulated", partial(blocks, stop=1))
    assert province.main([given, *QUICK, "workers=1", f"out={tmp_path / 'cut'}"]) == 130
    assert not (tmp_path / "cut" / "summary.csv").exists()
    monkeypatch.setattr(simulating, "simulated", blocks)
    assert province.main([given, *QUICK, f"out={tmp_path / 'cut'}"]) == 0
    assert len(done) > 2
    assert sorted(n for first, last in done for n in range(first, last)) == list(range(4))
    monkeypatch.setattr(simulating, "simulated", simulated)
    assert province.main([given, *QUICK, f"out={tmp_path / 'whole'}"]) == 0
    assert bytes_of(tmp_path / "cut") == bytes_of(tmp_path / "whole")
    capsys.readouterr()


def test_a_folder_is_of_one_way_of_tying(given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = f"out={tmp_path / 'out'}"
    assert province.main([given, *QUICK, out]) == 0
    before = bytes_of(tmp_path / "out")
    assert province.main([given, *QUICK[:4], out]) == 2
    assert "out" in capsys.readouterr().err
    assert bytes_of(tmp_path / "out") == before
