"""Long work is visible and stoppable: the log of a results folder, what a look decides, and what one failure ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from experiments.held import in_folder
from experiments.progress import Progress
from experiments.run import main
from sim.folder import LOG, PARTS, Folder

ROOT = Path(__file__).parent.parent
TINY = ("center=textbook", "days=1", "arrivals.rate_per_hour=2", "replications=2", "workers=1")
ENOUGH = ("center=cam_duong", "days=8", "precision=enough", "stopping.first=10", "stopping.most=20", "workers=1")
IMPOSSIBLE = ("-m", *TINY, "demand=1e9,1.0")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")

pytestmark = pytest.mark.usefixtures("without_charts")
Captured = pytest.CaptureFixture[str]


def logged(out: Path) -> list[str]:
    """The events of a log, each a line that begins with a time."""
    lines = (out / LOG).read_text(encoding="utf-8").splitlines()
    assert all(STAMP.match(line) for line in lines)
    return [STAMP.sub("", line) for line in lines]


# The log


def test_each_run_adds_its_beginning_looks_and_end_to_the_log_and_changes_no_result(tmp_path: Path) -> None:
    """A folder whose log is lost, or that holds what a killed run left, is the same study's still."""
    out = tmp_path / "out"
    assert main([*TINY, f"out={out}"]) == 0
    first = logged(out)
    assert first[0].startswith(f"started: motcua run {' '.join(TINY)} out={out}: ")
    assert first[1].startswith("look at 2 replications: ")
    assert first[-1] == "ended: exit code 0"
    summary = (out / "summary.csv").read_bytes()
    (out / "summary.csv").unlink()
    assert main([*TINY, f"out={out}"]) == 0
    assert logged(out)[: len(first)] == first
    (out / LOG).unlink()
    assert main([*TINY, f"out={out}"]) == 0
    assert (out / "summary.csv").read_bytes() == summary
    for path in out.iterdir():
        if path.name not in {LOG, PARTS}:
            path.rename(tmp_path / path.name)
    assert main([*TINY, f"out={out}"]) == 0
    assert (out / "summary.csv").read_bytes() == summary


def test_a_log_of_somebody_else_is_left_alone(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / LOG).write_text("mine", encoding="utf-8")
    assert main([*TINY, f"out={tmp_path}"]) == 2
    assert "this one holds something else" in capsys.readouterr().err
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(LOG, "mine")]


def test_a_log_that_takes_nothing_has_the_exit_code_of_any_file(tmp_path: Path, capsys: Captured) -> None:
    """A folder in its place, and a link that leads elsewhere; both are found out before the first run."""
    for name, code, said in (
        ("there", 3, f"{LOG}: Is a directory"),
        ("full", 2, "wanted files and folders of its own"),
    ):
        out = tmp_path / name
        (out / PARTS).mkdir(parents=True)
        (out / LOG).mkdir() if code == 3 else (out / LOG).symlink_to("/dev/full")
        assert main([*TINY, f"out={out}"]) == code
        assert said in capsys.readouterr().err
        assert list((out / PARTS).iterdir()) == []


def test_the_log_says_what_was_damaged_and_what_stopped_a_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main([*TINY, f"out={out}"]) == 0
    part = next((out / PARTS).glob("*.figures"))
    part.write_bytes(part.read_bytes()[:-50])
    assert main([*TINY, f"out={out}"]) == 0
    assert f"damaged, set aside and done again: {part.stem}.damaged" in logged(out)
    longer = [sys.executable, "-m", "experiments", "run", *TINY[:3], "replications=9000", "workers=1", f"out={out}"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    with subprocess.Popen([*longer, "engine=reference"], cwd=ROOT, env=environment, stderr=subprocess.PIPE) as running:
        while len(list((out / PARTS).glob("*.figures"))) < 3:
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 143
    assert logged(out)[-1] == "ended: stopped by SIGTERM, exit code 143"


class Last:
    """What is ended by a signal in its finalizer, where exceptions are ignored."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_whose_exception_is_lost_ends_the_run_at_the_next_block(
    number: signal.Signals, tmp_path: Path
) -> None:
    def work(_: Folder) -> int:
        Last(number)
        with Progress(1, 0) as progress:
            progress.advance(1, "a scenario")
        return 0

    studies = [sim.load(["center=textbook", "days=1"])]
    if number == signal.SIGINT:
        with pytest.raises(KeyboardInterrupt):
            in_folder(tmp_path / "out", studies, work, ["run"])
    else:
        assert in_folder(tmp_path / "out", studies, work, ["run"]) == 143
    assert in_folder(tmp_path / "out", studies, lambda _: 0, ["run"]) == 0


# Looks


def test_each_look_says_what_is_decided(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    assert main(["-m", *ENOUGH, "policy=none,weekend_hours", f"out={out}"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("looked at ")]
    assert said[0].startswith("looked at 10 replications: ")
    assert max(map(len, said)) < 100
    looks = [event for event in logged(out) if event.startswith("look at ")]
    assert looks[0].startswith("look at 10 replications: none: wait_mean at most 15 min: ")
    assert "weekend_hours: wait_mean at most 15 min: " in looks[1]


# Failures


def test_what_cannot_be_run_ends_a_sweep_at_once_or_at_its_end(tmp_path: Path, capsys: Captured) -> None:
    """The first of two, in which more people come than can be told apart; the same folder serves both ways."""
    out, first = tmp_path / "out", "demand=1000000000.0: could not be run: OverflowError"
    assert main([*IMPOSSIBLE, f"out={out}", "on_failure=stop"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(first)
    assert "stopped: finished replications are kept" in said.err
    assert not (out / "summary.csv").exists()
    assert [event[: len(first)] for event in logged(out)[-2:]] == [first, "ended: exit code 1"]
    assert main([*IMPOSSIBLE, f"out={out}", "on_failure=go_on"]) == 1
    assert first in capsys.readouterr().out
    assert "demand=1.0" in (out / "summary.csv").read_text(encoding="utf-8")


def test_how_a_failure_ends_a_sweep_is_one_of_two(capsys: Captured) -> None:
    assert main([*TINY, "on_failure=halt"]) == 2
    assert capsys.readouterr().err == "on_failure: given 'halt', wanted one of go_on, stop\n"


# Memory


@pytest.mark.slow
def test_memory_does_not_grow_with_replications() -> None:
    """From the hundredth to the ten thousandth, each kept in its folder, on one thread: by less than 10 MB."""
    command = [sys.executable, "-m", "experiments.bench.sweep", "10000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    kept, not_kept, growth, _, disk = json.loads(done.stdout)
    assert 0 <= growth < 10e6
    assert disk > 10_000 * 1_000
    assert len(kept) == len(not_kept) == 10
