"""A sweep that is killed wherever it can be: the same command again, and nothing is lost, done twice or torn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
import sim.folder
from experiments.run import main
from sim.folder import PARTS
from sim.writing import UNFINISHED, put

ROOT = Path(__file__).parents[1]
TINY = ["-m", "center=phuc_hoa", "days=2", "opening=true", "assumptions=no", "workers=1"]
SMALL = [*TINY[1:], "replications=12"]
DEMANDS = "0.5,0.6,0.7,0.8,0.9,1.0,1.1,1.2,1.3,1.4"
LARGE = [*TINY[:-1], "workers=2", f"demand={DEMANDS}", "replications=1000"]
KILLS = 20


def contents(out: Path) -> dict[str, bytes]:
    """All that must be the same whatever befell the run."""
    names = ("summary.csv", "comparison.csv", "replications.parquet", "visits.parquet", "theory.csv")
    return {name: (out / name).read_bytes() for name in names if (out / name).exists()}


def unfinished(out: Path) -> list[Path]:
    return list(out.rglob(f"*{UNFINISHED}"))


# Killed at each write, rename and commit


def dies_at(count: int, window: str) -> Callable[[Path, Callable[[Path], Any]], None]:
    """A way of putting files in their place that ends the process at the ``count``-th: before it is written, when half
    or all of it is written beside its place, or when it is there."""
    seen = 0

    def deadly(path: Path, write: Callable[[Path], Any]) -> None:
        nonlocal seen
        seen += 1
        if seen == count and window != "there":
            beside = path.with_name(f".{path.name}{UNFINISHED}")
            if window != "before":
                write(beside)
            if window == "half":
                os.truncate(beside, beside.stat().st_size // 2)
            os._exit(9)
        put(path, write)
        if seen == count:
            os._exit(9)

    return deadly


def killed(words: list[str], count: int, window: str) -> int:
    """The exit code of the run of some words in a process of its own, which ends at a write: 9, else its own."""
    child = os.fork()
    if child == 0:
        vars(sim.folder)["put"] = dies_at(count, window)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os._exit(main(words))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.slow
@pytest.mark.parametrize("window", ["before", "half", "written", "there"])
def test_killed_at_any_write_it_goes_on(window: str, tmp_path: Path) -> None:
    assert main([*SMALL, f"out={tmp_path / 'right'}"]) == 0
    right, count = contents(tmp_path / "right"), 0
    code = 9
    while code == 9:
        count += 1
        out = tmp_path / f"{count}"
        code = killed([*SMALL, f"out={out}"], count, window)
        if code == 9:
            assert main([*SMALL, f"out={out}"]) == 0
            assert contents(out) == right, (count, window)
            assert unfinished(out) == [], (count, window)
    assert count > 20


# Killed at any moment


def started(out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "experiments.run", *LARGE, f"out={out}"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def moments(seconds: float) -> Iterator[float]:
    """Seconds after the start, ever later, so that something is done in between."""
    chance = random.Random(20)
    return iter(sorted(chance.uniform(0.1, 1.0) * seconds for _ in range(KILLS)))


@pytest.mark.slow
def test_ten_thousand_replications_survive_twenty_kills(tmp_path: Path) -> None:
    sim.simulate(sim.load(["center=phuc_hoa", "days=8", "replications=1", "engine=compiled"]), workers=1)  # compiles it
    began = time.monotonic()
    assert started(tmp_path / "right").wait() == 0
    took = time.monotonic() - began
    out, kills = tmp_path / "killed", 0
    for moment in moments(took):
        running = started(out)
        try:
            running.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            kills += 1
        running.wait()
    assert started(out).wait() == 0
    assert kills >= KILLS // 2
    assert contents(out) == contents(tmp_path / "right")
    assert unfinished(out) == []
    rows = pd.read_parquet(out / "replications.parquet")
    assert len(rows[["scenario", "replication"]].drop_duplicates()) == 10_000
    assert not list((out / PARTS).glob("*.damaged"))
