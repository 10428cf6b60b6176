"""Results that are there already, side by side: the figures of a sweep, and refusals of what cannot be paired."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from experiments.compare import main as compare
from experiments.run import main as run
from sim.faults import BadInput, Damaged
from sim.folder import PARTS
from sim.reopening import reopen, reopened, together
from sim.result import Result, differences
from sim.runs.storage import Part

Captured = pytest.CaptureFixture[str]

BASE = ("center=cam_duong", "days=9", "replications=6", "engine=reference", "assumptions=no", "workers=1")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep, and its scenarios each by itself."""
    root = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.charts.write_charts", lambda *_: [])
        _filled(root)
    return root


def _filled(root: Path) -> None:
    assert run(["-m", *BASE, "policy=none,guidance_desk", f"out={root / 'both'}"]) == 0
    assert run([*BASE, f"out={root / 'today'}"]) == 0
    assert run([*BASE, "policy=guidance_desk", f"out={root / 'guided'}"]) == 0


def test_results_read_back_are_those_of_the_run(folders: Path) -> None:
    read = reopen(folders / "guided")
    (result,) = read.values()
    fresh = sim.simulate(sim.load([*BASE[:4], "policy=guidance_desk"]), workers=1)
    assert result.summary.drop(columns="scenario").equals(fresh.summary.drop(columns="scenario"))
    assert result.replications.drop(columns="scenario").equals(fresh.replications.drop(columns="scenario"))
    assert result.study.scenario == fresh.study.scenario
    for name in ("inputs", "assumptions", "own_figures", "marks", "words", "assumed"):
        assert getattr(result.study, name) == getattr(fresh.study, name)
    assert sim.stress_des(result) == sim.stress_des(Result(result.study, fresh.runs))
    assert list(sim.reopen(folders / "guided")) == list(read)


def test_folders_compared_are_as_a_sweep_of_both(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    assert compare([str(folders / "today"), str(folders / "guided"), f"out={tmp_path / 'out'}"]) == 0
    said = capsys.readouterr().out
    assert "against cam_duong · none, paired on the same citizens:" in said
    assert max(map(len, said.splitlines())) <= max(100, len(f"results: {tmp_path / 'out'}") + 40)
    own, theirs = (pd.read_csv(path / "comparison.csv") for path in (tmp_path / "out", folders / "both"))
    assert own.drop(columns=["baseline", "scenario"]).equals(theirs.drop(columns=["baseline", "scenario"]))
    figures = [pd.read_csv(path / "summary.csv") for path in (tmp_path / "out", folders / "both")]
    assert figures[0].drop(columns="scenario").equals(figures[1].drop(columns="scenario"))
    assert (tmp_path / "out" / "charts" / "served_within.svg").exists()


def test_nothing_is_written_where_nothing_is_asked_for(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    before = {path: path.stat().st_mtime_ns for path in folders.rglob("*")}
    for path in folders.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert compare([str(folders / "today"), str(folders / "guided"), "baseline=guidance_desk"]) == 0
    finally:
        for path in folders.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert {path: path.stat().st_mtime_ns for path in folders.rglob("*")} == before
    assert "against cam_duong · guidance_desk" in capsys.readouterr().out


def test_the_same_scenario_of_two_folders_is_told_apart_by_their_names(
    folders: Path, tmp_path: Path, capsys: Captured
) -> None:
    for name in ("again", "today"):
        shutil.copytree(folders / "today", tmp_path / name)
    assert compare([str(folders / "today"), str(tmp_path / "again")]) == 0
    said = capsys.readouterr().out
    assert "today: cam_duong · none" in said
    assert "again: cam_duong · none" in said
    assert compare([str(folders / "today"), str(tmp_path / "again"), "baseline=none"]) == 2
    assert "fits several of" in capsys.readouterr().err
    assert compare([str(folders / "today"), str(tmp_path / "today")]) == 2
    assert "wanted folders of different names" in capsys.readouterr().err


def test_one_folder_is_shown_by_itself(folders: Path, capsys: Captured) -> None:
    assert compare([str(folders / "today")]) == 0
    assert "against" not in capsys.readouterr().out


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    said = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    change(said)
    (path / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def _first(said: dict[str, Any], table: str) -> Any:
    return next(iter(said[table].values()))


MANIFESTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "not finished": (lambda said: said.update(state="running"), "is not finished"),
    "another program": (lambda said: said.update(program="other"), "wanted a results folder of motcua run"),
    "a search": (lambda said: said.update(command=["motcua", "search"]), "the results of motcua search"),
    "no command": (lambda said: said.pop("command"), "wanted those of motcua run"),
    "no looks": (lambda said: said.pop("looks"), "cannot be read"),
    "no studies": (lambda said: said.pop("studies"), "cannot be read"),
    "no looks at a study": (lambda said: _first(said, "looks").clear(), "cannot be read"),
    "more replications": (lambda said: _first(said, "looks")[0].update(replications=7), "replications are missing"),
    "other figures": (lambda said: _first(said, "resolved").update(seed=2), "not that of its results"),
    "a text for a number": (lambda said: _first(said, "resolved").update(seed="x"), "cannot be read"),
    "an unknown policy": (lambda said: _first(said, "resolved").update(policies=[["magic", {}]]), "cannot be read"),
    "nothing known": (lambda said: said.pop("known"), "cannot be read"),
    "fewer inputs than none": (lambda said: _first(said, "known").update(inputs=-5), "cannot be read"),
    "no results": (lambda said: said.update(looks={}), "cannot be read"),
    "no replications": (lambda said: _first(said, "looks")[0].update(replications=0), "cannot be read"),
    "a level that is none": (lambda said: _first(said, "looks")[0].update(level=2.0), "cannot be read"),
    "a look twice": (lambda said: _first(said, "looks").append(_first(said, "looks")[0]), "cannot be read"),
    "no sources": (lambda said: said.pop("sources"), "cannot be read"),
    "a key that leads out": (lambda said: said.update(sources="0" * 20, studies={"x": "/**"}), "cannot be read"),
    "a label that commands": (lambda said: said.update(looks={"x\x1b[2J": [{}]}), "cannot be read"),
    "another version": (lambda said: said.update(sources="0" * 20), "another version of the program than"),
}


@pytest.mark.parametrize(("change", "why"), MANIFESTS.values(), ids=MANIFESTS)
def test_what_a_manifest_may_say(
    change: Callable[[dict[str, Any]], object], why: str, folders: Path, tmp_path: Path, capsys: Captured
) -> None:
    shutil.copytree(folders / "guided", tmp_path / "guided")
    changed(tmp_path / "guided", change)
    assert compare([str(folders / "today"), str(tmp_path / "guided")]) == 2
    out, complaint = capsys.readouterr()
    assert (out, complaint.count("\n")) == ("", 1)
    assert why in complaint


def test_results_of_another_version_are_shown_and_said_to_be(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copytree(folders / "guided", tmp_path / "guided")
    changed(tmp_path / "guided", lambda said: said.update(sources="0" * 20))
    assert compare([str(tmp_path / "guided")]) == 0
    assert "made by another version of the program" in capsys.readouterr().out


def test_damaged_and_missing_parts_are_told_with_the_command_that_mends_them(
    folders: Path, tmp_path: Path, capsys: Captured
) -> None:
    shutil.copytree(folders / "guided", tmp_path / "guided")
    part = next((tmp_path / "guided" / PARTS).glob("*.figures"))
    data = part.read_bytes()
    part.write_bytes(data[:-1])
    for why in ("1 of its parts are damaged", "some of its replications are missing"):
        assert compare([str(tmp_path / "guided")]) == 2
        complaint = capsys.readouterr().err
        assert why in complaint
        assert "the same command again makes them: motcua run center=cam_duong" in complaint
        assert complaint.endswith(f"out={tmp_path / 'guided'}\n")
        part.unlink(missing_ok=True)
    (tmp_path / "elsewhere").write_bytes(data)
    part.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="is a link"):
        reopen(tmp_path / "guided")
    (tmp_path / "guided" / "manifest.json").unlink()
    os.mkfifo(tmp_path / "guided" / "manifest.json")
    with pytest.raises(BadInput, match="is a device, pipe or socket"):
        reopen(tmp_path / "guided")
    with pytest.raises(BadInput, match="cannot be read: File name too long"):
        reopen("x" * 5000)


def test_what_changes_or_goes_while_it_is_read_is_told(folders: Path, tmp_path: Path) -> None:
    shutil.copytree(folders / "guided", tmp_path / "guided")
    (result,) = reopen(tmp_path / "guided").values()
    for part in (tmp_path / "guided" / PARTS).iterdir():
        data = part.read_bytes()
        part.write_bytes(data[:-100] + bytes(100))
        os.utime(part, ns=(1, 1))
    with pytest.raises(Damaged, match="was changed while it was read"):
        result.runs.pair(("wait_mean", "all"))
    shutil.rmtree(tmp_path / "guided")
    with pytest.raises(Damaged, match="No such file"):
        result.runs.pool("all")


def test_a_damaged_file_ends_a_program_in_a_line(
    folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def gone(_: Part) -> None:
        raise Damaged("part: No such file or directory")

    monkeypatch.setattr(Part, "waits", gone)
    assert compare([str(folders / "today")]) == 3
    assert capsys.readouterr().err == "cannot read there: part: No such file or directory\n"


def test_only_what_differs_in_policies_alone_is_paired(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.charts.write_charts", lambda *_: [])
        assert run([*BASE, "policy=guidance_desk", "demand=1.3", f"out={tmp_path / 'more'}"]) == 0
        capsys.readouterr()
        assert compare([str(folders / "today"), str(tmp_path / "more"), f"out={tmp_path / 'both'}"]) == 0
    said = capsys.readouterr().out
    assert "not paired with today: cam_duong · none, whose citizens they do not have:" in said
    assert "  more: cam_duong · guidance_desk: demand 1.3, not 1.0" in said
    assert "against" not in said
    assert not (tmp_path / "both" / "comparison.csv").exists()


def test_a_pair_has_the_level_of_the_one_that_was_looked_at_more(folders: Path, tmp_path: Path) -> None:
    """Whichever of both is the baseline: the interval is the same, mirrored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.charts.write_charts", lambda *_: [])
        for many in ("replications=4", "replications=6"):
            assert run([BASE[0], BASE[1], many, *BASE[3:], f"out={tmp_path / 'grown'}"]) == 0
    results = together([reopened(tmp_path / "grown"), reopened(folders / "guided")])
    one, two = (next(d for d in differences(results, name) if d.metric == "wait_mean").paired for name in results)
    assert one.estimate.confidence == two.estimate.confidence > 0.95
    assert (one.estimate.lower, one.estimate.upper) == pytest.approx((-two.estimate.upper, -two.estimate.lower))  # type: ignore[operator]


def test_what_could_not_be_run_is_said_with_its_folder(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copytree(folders / "guided", tmp_path / "guided")
    changed(tmp_path / "guided", lambda said: said.update(failed={"x": "its worker\x1b[2J was killed"}))
    assert compare([str(folders / "today"), str(tmp_path / "guided")]) == 1
    assert "guided: x: could not be run: its worker?[2J was killed" in capsys.readouterr().out
    with pytest.warns(UserWarning, match="x could not be run"):
        reopen(tmp_path / "guided")
    changed(tmp_path / "guided", lambda said: said.update(failed={}, sources="0" * 20))
    with pytest.warns(UserWarning, match="another version"):
        reopen(tmp_path / "guided")
    assert compare([str(tmp_path / "guided"), f"out={tmp_path / 'out'}"]) == 2
    assert "are shown, and not written again" in capsys.readouterr().err


def test_a_copy_that_shares_its_files_is_read(folders: Path, tmp_path: Path) -> None:
    """Backups share unchanged files by hard links, and nothing is written here."""
    shutil.copytree(folders / "guided", tmp_path / "guided", copy_function=os.link)
    assert list(reopen(tmp_path / "guided")) == ["cam_duong · guidance_desk"]


def test_what_cannot_be_paired_is_refused(folders: Path, tmp_path: Path, capsys: Captured) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.charts.write_charts", lambda *_: [])
        assert run(["center=cam_duong", "days=9", "replications=5", *BASE[3:], f"out={tmp_path / 'five'}"]) == 0
    capsys.readouterr()
    assert compare([str(folders / "today"), str(tmp_path / "five")]) == 2
    assert "wanted (1, 0.95, 6)" in capsys.readouterr().err


WORDS = (
    ((), "wanted folders of results"),
    (("today", "today/"), "is there twice"),
    (("today", "-m"), "is for motcua run"),
    (("today", "workers=2"), "is for motcua run"),
    (("today", "baseline="), "wanted the label of a scenario"),
    (("today", "baseline=guided_desk"), "given guided_desk, wanted one of"),
    (("today", "nowhere"), "is no folder"),
    (("today", "."), "wanted a results folder"),
    (("today", "--dry-run"), "--dry-run"),
    (("today", "no\x1bfolder"), "wanted a folder"),
)


@pytest.mark.parametrize(("words", "why"), WORDS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else "")
def test_words_it_does_not_take(
    words: tuple[str, ...], why: str, folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(folders)
    assert compare(words) == 2
    out, complaint = capsys.readouterr()
    assert out == ""
    assert why in complaint


def test_help_comes_without_folders(capsys: Captured) -> None:
    assert compare(["--help"]) == 0
    assert capsys.readouterr().out.startswith("motcua compare DIR")
