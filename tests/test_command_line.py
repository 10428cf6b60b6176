"""The programs as people run them: exit codes, streams, signals, and the same bytes whatever surrounds them."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

import sim
from experiments import progress
from experiments.__main__ import PROGRAMS
from experiments.__main__ import main as motcua
from experiments.progress import Progress
from experiments.report import PAGE
from experiments.run import main
from sim.door import groups
from sim.folder import LOCK, LOG, PARTS, name_of
from sim.frames import csv_text
from sim.looks import Look
from sim.parquet import write_replications
from sim.report.stress_des import FILE, MAY_DIFFER
from sim.result import Result
from sim.simulating import simulate
from tests.full_disk import fills_up

ROOT = Path(__file__).parent.parent
SAME = ("summary.csv", "comparison.csv", "theory.csv", "replications.parquet", "visits.parquet")
SMALL = ("center=cam_duong", "days=8", "replications=2")
SWEEP = ("-m", "center=cam_duong", "days=8", "replications=6", "policy=none,weekend_hours")
LONGER = ("center=cam_duong", "days=23", "replications=200")
PROGRAM = (sys.executable, "-m", "experiments")

Captured = pytest.CaptureFixture[str]


def contents(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in SAME if (path / name).exists()}


def times(path: Path) -> dict[str, int]:
    return {part.name: part.stat().st_mtime_ns for part in (path / PARTS).glob("*.figures")}


def command(*arguments: str) -> list[str]:
    return [*PROGRAM, *arguments]


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, run to its end."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep, made in this process alone."""
    out = tmp_path_factory.mktemp("swept") / "out"
    assert main([*SWEEP, "workers=1", f"out={out}"]) == 0
    return out


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study."""
    out = tmp_path_factory.mktemp("single") / "out"
    assert main([*SMALL, f"out={out}"]) == 0
    return out


@pytest.fixture
def copy(single: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(single, tmp_path / "out"))


# Done


def test_the_results_folder_holds_what_is_promised(swept: Path) -> None:
    assert {path.name for path in swept.iterdir()} == {*SAME, PARTS, LOG, "charts", "manifest.json", FILE, PAGE}
    manifest = json.loads((swept / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["state"] == "done"
    assert manifest["command"] == ["motcua", "run", *SWEEP, "workers=1", f"out={swept}"]
    assert set(manifest["studies"]) == set(manifest["resolved"]) == {"none", "weekend_hours"}
    assert {"versions", "machine", "seconds", "sources"} <= set(manifest)
    charts = {path.suffix for path in (swept / "charts").iterdir()}
    assert charts == {".png", ".svg"}
    assert set(pd.read_csv(swept / "comparison.csv")["scenario"]) == {"weekend_hours"}


def test_the_reporting_sheet_points_at_what_is_there_and_says_what_ran(swept: Path) -> None:
    text = (swept / FILE).read_text(encoding="utf-8")
    pictures = [line.partition("](")[2].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    assert pictures == ["charts/way-none.png"]
    assert (swept / pictures[0]).exists()
    last = text.partition(MAY_DIFFER)[2]
    manifest = json.loads((swept / "manifest.json").read_text(encoding="utf-8"))
    assert all(f"{name} {version}" in last for name, version in manifest["versions"].items())
    assert shlex.join(manifest["command"]) in last


def test_a_run_says_what_of_its_reporting_sheet_waits(copy: Path, capsys: Captured) -> None:
    """Words of the author change nothing else: no replication is run again, and no figure moves."""
    before, made = contents(copy), times(copy)
    assert main([*SMALL, f"out={copy}", "reporting.purpose='Is it | enough?'"]) == 0
    counted = "STRESS-DES: 19 of 24 items are filled from the run, 1 with words of yours, 5 wait for you"
    said = f"sheet:   {copy / FILE}\n         {counted}\n"
    assert said in capsys.readouterr().out
    assert "\nIs it \\| enough?\n" in (copy / FILE).read_text(encoding="utf-8")
    assert (contents(copy), times(copy)) == (before, made)


def test_nothing_around_a_run_changes_its_bytes(swept: Path, tmp_path: Path) -> None:
    """Two processes, another hash seed, zone, locale and encoding, and a folder whose name wants quotes."""
    out = tmp_path / "kết quả của phường"
    around = {"PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = program("run", *SWEEP, "workers=2", f"out={out}", **around)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(contents(out)) == list(SAME)
    assert contents(out) == contents(swept)
    told, ran = ((path / FILE).read_text(encoding="utf-8").partition(MAY_DIFFER)[::2] for path in (out, swept))
    assert told[0] == ran[0]
    assert "undecided" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if str(tmp_path) not in line) <= 100


def test_an_extended_study_repeats_nothing(copy: Path, capsys: Captured) -> None:
    """The figures are those of a run that had all replications at once, its intervals those of a second look."""
    before = times(copy)
    assert main([*SMALL[:2], "replications=4", f"out={copy}"]) == 0
    assert capsys.readouterr().err == ""
    assert times(copy).items() > before.items()
    assert len(times(copy)) == 2
    fresh = simulate(sim.load([*SMALL[:2], "replications=4"]), workers=1)
    whole = Result(fresh.study.at(4, [Look(2, 0.95)]), fresh.runs)
    assert (copy / "summary.csv").read_text(encoding="utf-8") == csv_text(whole.summary)
    assert len(pd.read_parquet(copy / "visits.parquet")) == len(whole.visits)


def test_what_is_missing_of_a_finished_folder_is_written_again(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Without ``out`` the folder is named by the study. Nothing but the answer is on standard output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    out = copy.rename(tmp_path / "results" / name_of([sim.load(SMALL)]))
    right, before = contents(out), times(out)
    for name in right:
        (out / name).unlink()
    (out / "comparison.csv").write_text("of another sweep", encoding="utf-8")
    assert main(SMALL) == 0
    assert [path.name for path in (tmp_path / "results").iterdir()] == [out.name]
    assert (contents(out), times(out)) == (right, before)
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert (said.err, lines[0], lines[1].split()[:2]) == ("", "Cam Đường", ["scenario", "verdict"])
    assert [line.partition(":")[0] for line in lines[-5:-1]] == ["results", "page", "charts", "sheet"]
    assert lines[-1].startswith("         STRESS-DES: 18 of 24 items are filled from the run, 6 wait for you")
    assert "\x1b" not in said.out
    assert max(len(line) for line in lines) <= 100


def test_a_scenario_that_cannot_be_run_does_not_stop_the_others(tmp_path: Path, capsys: Captured) -> None:
    """Nobody comes to the first; more people than can be told apart come to the second."""
    assert main(["-m", *SMALL, "demand=0.0,1e8", f"out={tmp_path / 'out'}"]) == 1
    said = capsys.readouterr()
    assert "demand=0.0                  n/a" in said.out
    assert "demand=100000000.0: could not be run: OverflowError" in said.out
    assert set(pd.read_csv(tmp_path / "out" / "summary.csv")["scenario"]) == {"demand=0.0"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["failed"]) == ["demand=100000000.0"]


# Refused

REFUSED = (
    (("center=cam_duon",), ["center"]),
    (("staff.nobody.count=1", "days=0"), ["staff.nobody.count", "days"]),
    (("workers=0", "out=", "--sweep", "demand=-1"), ["workers", "out", "--sweep", "demand"]),
    (("--cfg", "hydra"), ["--cfg"]),
    (("demand=1,2",), ["demand"]),
    (("out=~nobody_of_this_name/x",), ["out"]),
    (("policy=none,weekend_hours", "workers=2.5"), ["workers", "policy"]),
)


@pytest.mark.parametrize(("arguments", "keys"), REFUSED, ids=[" ".join(given) for given, _ in REFUSED])
def test_bad_input_is_one_line_a_fault_and_writes_nothing(
    arguments: Sequence[str], keys: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(":")[0] for line in said.err.splitlines()] == keys
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_is_refused(copy: Path, tmp_path: Path, capsys: Captured) -> None:
    before = contents(copy)
    assert main([*SMALL, f"out={tmp_path}"]) == 2
    assert main([*SMALL, "seed=2", f"out={copy}"]) == 2
    assert [line.partition(", ")[2] for line in capsys.readouterr().err.splitlines()] == [
        "wanted a new, an empty or a results folder; this one holds something else",
        "wanted a folder of this study; this one holds the results of another",
    ]
    assert contents(copy) == before


def test_where_nothing_can_be_written_is_found_out_before_the_first_run(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    assert main([*LONGER, f"out={tmp_path / 'file' / 'out'}"]) == 3
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"cannot write there: {tmp_path / 'file' / 'out'}: Not a directory\n")


LIMITED = (
    "import resource, sys; from experiments.run import main;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); sys.exit(main(sys.argv[1:]))"
)


def test_a_full_disk_keeps_what_is_finished_and_says_so(copy: Path, tmp_path: Path, capsys: Captured) -> None:
    """The system's own errors: no room for the summary, and a limit on the size of files."""
    part = next((copy / PARTS).glob("*.figures"))
    right, whole = contents(copy), part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.MonkeyPatch.context() as patched:
        fills_up(patched, lambda _, path: path.name == "summary.csv")
        assert main([*SMALL, f"out={copy}"]) == 4
    assert capsys.readouterr().err.splitlines() == [
        f"damaged, set aside and done again: {part.with_suffix('.damaged')}",
        f"disk full: {copy / 'summary.csv'}: No space left on device; finished replications are kept",
    ]
    assert part.read_bytes() == whole
    assert contents(copy) == right
    limited = [sys.executable, "-c", LIMITED, *SMALL, f"out={tmp_path / 'limited'}"]
    said = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stdout) == (4, "")
    assert said.stderr.startswith(f"disk full: {tmp_path / 'limited' / 'manifest.json'}: File too large")


# Interrupted


def descendants(pid: int) -> set[int]:
    """The processes that a process started, and those that they started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, parent = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def gone(processes: set[int], seconds: float) -> bool:
    """Whether some processes have ended, at the latest after some time."""
    for _ in range(round(seconds / 0.1)):
        if not any(alive(pid) for pid in processes):
            return True
        time.sleep(0.1)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def stopped(out: Path, number: signal.Signals, *, group: bool) -> tuple[int, str, set[int]]:
    """Runs LONGER on two processes until one more part is there; its exit code, complaint and processes."""
    parts = len(times(out)) + 1 if out.exists() else 1
    with subprocess.Popen(
        command("run", *LONGER, "engine=reference", "workers=2", f"out={out}"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        while not (out / LOCK).exists():
            assert running.poll() is None
            time.sleep(0.01)
        assert main([*LONGER, "engine=reference", f"out={out}"]) == 5
        while len(times(out)) < parts:
            assert running.poll() is None
            time.sleep(0.01)
        processes = descendants(running.pid)
        (os.killpg if group else os.kill)(running.pid, number)
        _, complaint = running.communicate(timeout=30)
    return running.returncode, complaint, processes


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up under /proc")
def test_an_interrupted_run_goes_on_from_where_it_was(tmp_path: Path, capsys: Captured) -> None:
    """SIGINT to the group, as a terminal sends it, then SIGTERM to the first process: nothing lost, nothing twice."""
    out = tmp_path / "out"
    before: dict[str, int] = {}
    for number, group, code in ((signal.SIGINT, True, 130), (signal.SIGTERM, False, 143)):
        returned, complaint, processes = stopped(out, number, group=group)
        assert returned == code
        *progress, last = complaint.splitlines()
        assert last == "stopped: finished replications are kept; the same command goes on from there"
        assert [line for line in progress if " replications, " not in line] == []
        assert len(processes) >= 2
        assert gone(processes, 5)
        assert {path.name for path in out.iterdir()} == {PARTS, LOG, "manifest.json"}
        assert times(out).items() >= before.items()
        before = times(out)
        assert "is held by another run (process " in capsys.readouterr().err
    assert len(before) >= 2
    assert main([*LONGER, "workers=1", "assumptions=no", f"out={out}"]) == 0
    assert times(out).items() >= before.items()
    assert len(times(out)) == 40
    whole, replications = simulate(sim.load(LONGER), workers=1), BytesIO()
    write_replications(replications, {whole.study.label: whole.runs})
    kept = contents(out)
    assert kept.pop("theory.csv")
    assert kept == {
        "summary.csv": csv_text(whole.summary).encode(),
        "replications.parquet": replications.getvalue(),
    }


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up under /proc")
def test_the_workers_of_a_killed_run_end(tmp_path: Path) -> None:
    code, _, processes = stopped(tmp_path / "out", signal.SIGKILL, group=False)
    assert code == -signal.SIGKILL
    assert gone(processes, 10)


# Streams


@pytest.mark.parametrize("arguments", [("run", "--help"), ("run", "--cfg", "job")], ids=" ".join)
def test_a_reader_that_has_read_enough_and_a_full_output_are_no_tracebacks(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(command(*arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as piped:
        assert piped.stdout is not None
        piped.stdout.close()
        assert piped.stderr is not None
        assert (piped.stderr.read(), piped.wait(60)) == (b"", 141)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        filled = subprocess.run(command(*arguments), cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (filled.returncode, filled.stderr) == (4, b"no room for the output: No space left on device\n")


def test_progress_is_told_in_lines_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    logged: list[str] = []
    monkeypatch.setattr(progress, "LOG_EVERY", 0.0)
    with Progress(10, 2, {"one": 5, "two": 1, "three": 2}, logged.append) as told:
        told.without("three")
        told.advance(5, "one")
        told.advance(1, f"two{' and more' * 20}")
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["7 of 8 replications", "8 of 8 replications"]
    assert [line.partition("; ")[2][:23] for line in logged] == ["1 of 2 scenarios done, "] * 2
    assert re.search(r", [\d.e+]+ a second, 0 s left; 1 of 2 scenarios done, at one$", lines[0])
    assert max(map(len, lines)) < 100 < len(logged[1])


def test_progress_is_a_bar_on_a_terminal_and_goes_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    said = b""
    with os.fdopen(theirs, "w", encoding="utf-8") as stream, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        with Progress(10, 4) as told:
            told.advance(5, "guidance_desk")
        print("end", file=stream, flush=True)
        while b"end" not in said:
            said += os.read(ours, 65536)
    os.close(ours)
    assert b"9 of 10 replications" in said
    assert b"guidance_desk" in said
    assert said.strip().endswith(b"\x1b[2Kend")


@pytest.mark.parametrize("columns", [60, 80, 300])
def test_the_help_fits_a_terminal(columns: int, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert motcua(["run", "--help"]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 110
    listed = said.split("Groups:\n")[1].split("\n\n")[0].splitlines()
    assert min(columns, 110) - 25 < max(map(len, listed)) <= columns
    assert all(name in said for name in (*groups()["policy"], *groups()["center"]))


# The programs by name


def test_motcua_runs_its_programs_by_name(capsys: Captured) -> None:
    for arguments in ([], ["--help"], ["-h"]):
        assert motcua(arguments) == 0
        assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "  "] == list(PROGRAMS)
    assert motcua(["--version"]) == 0
    assert capsys.readouterr().out == f"motcua {sim.__version__}\n"
    assert motcua(["rnu"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "did you mean: motcua run"
    for name in PROGRAMS:
        if name != "schema":
            assert motcua([name, "--help"]) == 0
            assert f"motcua {name}" in capsys.readouterr().out


def test_the_composed_scenario_is_printed_and_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--cfg", "job", "center=go_vap"]) == 0
    (tmp_path / "mine.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert sim.load(["center=mine.yaml"]).scenario == sim.load(["center=go_vap"]).scenario
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
