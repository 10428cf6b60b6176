"""Text of the user's stays text in everything that is written, and all that is written stays in its folder."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
import yaml

from experiments.new.form import csv_form
from experiments.run import main
from experiments.validate.files import written as validated
from experiments.validate.rows import Row
from sim.folder import PARTS, Folder
from sim.frames import FORMULAS, cell, csv_text
from sim.report import charts
from sim.writing import put
from tests.test_folder import study

NASTY = '=A1 <script>alert(1)</script> ](javascript:x) | `a` ../%00 &amp; "Phường" Привет a=b'
NAMES = ("=cmd|' /C calc'!A1", "../" + "a" * 300)
Captured = pytest.CaptureFixture[str]


def own_file(folder: Path) -> Path:
    """A scenario with such a text in every field that takes one."""
    target = {"metric": "wait_mean", "at_most": 15.0}
    parts = ("purpose", "aims", "data_sources", "pre_processing", "distributions", "warm_up", "code_access")
    seen = {"metric": "wait_mean", "value": 3.0, "days": 2, "used_as_input": False, "source": f"V {NASTY}"}
    values = {
        "defaults": [{"center": "textbook"}],
        "name": NASTY,
        "days": 7,
        "opening": True,
        "points": {"hall": {"title": NASTY, "counters": 1}},
        "targets": {"name": "own", "source": NASTY, "items": [target]},
        "reporting": dict.fromkeys(parts, NASTY),
        "observed": {"said": seen},
    }
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return path


def some_figures(*given: Any) -> Iterator[Any]:
    """The charts that show most of what a user wrote, and are drawn soon."""
    yield from (one for one in draw(*given) if one[0].startswith(("way", "load_sheet", "served")))


draw = charts._figures


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of such scenarios, run under a strict mask, in a folder of a folder; ``printed.txt`` is what it said."""
    folder = tmp_path_factory.mktemp("outside")
    names = ",".join(f'"{name}"' for name in NAMES)
    words = [f"center='{own_file(folder)}'", "arrivals.rate_per_hour=1", "replications=1", "engine=reference"]
    before, printed = os.umask(0o027), io.StringIO()
    try:
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(printed), redirect_stderr(printed):
            patched.setattr(charts, "_figures", some_figures)
            assert main([*words, "workers=1", "-m", f"points.hall.title={names}", f"out={folder / 'out'}"]) == 0
    finally:
        os.umask(before)
    (folder / "printed.txt").write_text(printed.getvalue(), encoding="utf-8")
    return folder / "out"


def test_all_is_in_the_folder_under_plain_names(ran: Path) -> None:
    assert {path.name for path in ran.parent.iterdir()} == {"own.yaml", "printed.txt", "out"}
    inside = list(ran.rglob("*"))
    assert {path.parent for path in inside} == {ran, ran / PARTS, ran / "charts"}
    assert all(re.fullmatch(r"\.?[a-z0-9][A-Za-z0-9_.-]{0,100}", path.name) for path in inside)
    assert len([path for path in inside if path.name.startswith("way-")]) == 4


def test_the_mask_of_the_user_holds_and_nothing_can_be_executed(ran: Path) -> None:
    for path in (ran, *ran.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o750 if path.is_dir() else 0o640)
        assert path.is_dir() or path.read_bytes()[:1] != b"\x80"


def test_no_text_is_a_formula(ran: Path) -> None:
    for path in ran.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [one for row in csv.reader(file) for one in row if one.startswith(FORMULAS)]
        assert [one for one in cells if not re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?|-inf", one)] == []
    labels = set(pd.read_csv(ran / "summary.csv")["scenario"])
    assert {f"points.hall.title={name}" for name in NAMES} == labels


def test_pictures_hold_text_and_nothing_else(ran: Path) -> None:
    pictures = list((ran / "charts").glob("*.svg"))
    assert len(pictures) == 5
    said = ""
    for path in pictures:
        for element in ET.parse(path).iter():
            name = str(element.tag).rpartition("}")[2]
            assert name not in {"script", "foreignObject", "a", "image"}
            links = [value for key, value in element.attrib.items() if key.endswith("href")]
            assert not [one for one in links if not one.startswith("#")]
            assert not [key for key in element.attrib if key.startswith("on")]
            said += element.text or ""
    assert "<script>alert" in said


def test_the_sheet_shows_what_was_written(ran: Path) -> None:
    text = (ran / "stress_des.md").read_text(encoding="utf-8")
    assert "\\<script\\>alert" in text
    outside = re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", text)
    assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(javascript", outside)


def test_what_is_printed_commands_no_terminal(ran: Path) -> None:
    printed = (ran.parent / "printed.txt").read_text(encoding="utf-8")
    assert all(character.isprintable() or character == "\n" for character in printed)
    assert "<script>alert" in printed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "-", "=", "1", "Đông", "", "'=1"])
def test_a_cell(text: str) -> None:
    """An apostrophe before what a spreadsheet would compute; texts that it would not stay as they are."""
    assert cell(text) == (f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text)


def test_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"name": ["-1", None], "value": [-1.5, float("nan")], "mixed": [-2, "-2"]})
    frame["kind"] = pd.Categorical(["=a", "b"])
    assert csv_text(frame) == "name,value,mixed,kind\n'-1,-1.5,-2,'=a\n,,'-2,b\n"
    assert frame["name"][0] == "-1"
    assert not [line for line in csv_form().decode("utf-8-sig").splitlines() if line.startswith(FORMULAS)]


def test_a_validation_is_escaped_too(tmp_path: Path) -> None:
    validated(tmp_path, [Row("observed", "=1+1", "mean wait", "wait_mean", low=1.0, high=2.0)])
    assert "'=1+1" in (tmp_path / "validation.csv").read_text(encoding="utf-8")


def test_a_file_whose_name_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("sim.report.charts._figures", lambda *_: iter(()))
    file = own_file(tmp_path).rename(tmp_path / "=1+1.yaml")
    words = [f"center='{file}'", "arrivals.rate_per_hour=1", "replications=1", "engine=reference", "workers=1"]
    assert main([*words, f"out={tmp_path / 'out'}"]) == 0
    for name in ("summary.csv", "theory.csv"):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8").splitlines()[1].startswith("'=1+1 · none,")


def test_a_link_gives_way_to_a_file(tmp_path: Path) -> None:
    """Also one that is put there while a run goes on, at the file or at what stands beside it until it is whole."""
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    for name in ("summary.csv", ".summary.csv.new"):
        (tmp_path / name).symlink_to(mine)
        put(tmp_path / "summary.csv", lambda beside: beside.write_text("run", encoding="utf-8"))
        assert mine.read_text(encoding="utf-8") == "mine"
        assert (tmp_path / "summary.csv").read_text(encoding="utf-8") == "run"
        assert not (tmp_path / "summary.csv").is_symlink()


def test_charts_become_a_file_while_a_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    words = ["center=textbook", "days=7", "opening=true", "replications=1", "arrivals.rate_per_hour=1"]
    keep = Folder.keep

    def kept(self: Folder, *given: object) -> object:
        part = keep(self, *given)  # type: ignore[arg-type]
        (self.path / "charts").touch()
        return part

    monkeypatch.setattr(Folder, "keep", kept)
    assert main([*words, "engine=reference", "workers=1", f"out={tmp_path / 'out'}"]) == 3
    assert capsys.readouterr().err.startswith(f"cannot write there: {tmp_path / 'out' / 'charts'}: File exists")


def test_a_manifest_whose_looks_cannot_be_read_is_told(tmp_path: Path, capsys: Captured) -> None:
    with Folder(tmp_path, [study(1)]) as folder:
        folder.write_manifest({"looks": {study(1).label: [{"x": 1}]}})
    words = ["center=textbook", "days=2", "replications=1", "workers=1", f"out={tmp_path}"]
    assert main(words) == 2
    assert "manifest.json does not say which looks were made" in capsys.readouterr().err
