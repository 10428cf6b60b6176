"""A run that is ended at any of its writes: no file is torn, and the same command then gives the same bytes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from experiments.run import main
from sim import folder, writing
from sim.folder import PARTS
from sim.report import charts

DEVICE = Path("/dev/full")
WORDS = ("center=textbook", "days=7", "opening=true", "replications=2", "arrivals.rate_per_hour=1", "engine=reference")
SWEEP = (*WORDS, "workers=1", "name='Phường Một'")
MAY_DIFFER = ("manifest.json", "stress_des.md", "log.txt", "report.html")
Captured = pytest.CaptureFixture[str]


def no_room(beside: Path) -> None:
    """The system's own error."""
    with DEVICE.open("wb") as device:
        device.write(b"0")


def asked_to_stop(number: signal.Signals) -> Callable[[Path], None]:
    return lambda _: os.kill(os.getpid(), number)


def vanishes(beside: Path) -> None:
    """Somebody moves the folder away."""
    top = beside.parent.parent if beside.parent.name in {PARTS, "charts"} else beside.parent
    top.rename(top.with_name("moved"))


FAULTS: dict[str, tuple[Callable[[Path], None], int]] = {
    "disk full": (no_room, 4),
    "Ctrl-C": (asked_to_stop(signal.SIGINT), 130),
    "SIGTERM": (asked_to_stop(signal.SIGTERM), 143),
    "SIGHUP": (asked_to_stop(signal.SIGHUP), 129),
    "SIGKILL": (asked_to_stop(signal.SIGKILL), -signal.SIGKILL),
}


class Ending:
    """Writes go on until that of the file ``at``: half of it is there when the fault comes."""

    def __init__(self, out: Path, fault: Callable[[Path], None] = no_room, at: str = "") -> None:
        self.out, self.fault, self.at, self.names = out, fault, at, list[str]()

    def __call__(self, path: Path, write: Callable[[Path], Any]) -> None:
        self.names.append(str(path.relative_to(self.out)))
        wrong = self.names[-1] == self.at

        def half(beside: Path) -> None:
            write(beside)
            content = beside.read_bytes()
            beside.write_bytes(content[: len(content) // 2])
            self.fault(beside)

        writing.put(path, half if wrong else write)


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two charts of the run, whose drawing is not what is tested, drawn once."""
    draw, render = charts._figures, charts.rendered
    found: list[Any] = []

    def figures(*given: Any) -> Iterator[Any]:
        found.extend([] if found else [one for one, _ in zip(draw(*given), range(2), strict=False)])
        yield from found

    kept = cache(render)
    monkeypatch.setattr(charts, "_figures", figures)
    monkeypatch.setattr(charts, "rendered", kept)


def ended(ending: Ending) -> int:
    """The exit code of a run with a fault, in a process of its own where that is what ends it."""
    words = [*SWEEP, f"out={ending.out}"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folder, "put", ending)
        if ending.fault is not FAULTS["SIGKILL"][0]:
            return main(words)
        child = os.fork()
        if child == 0:
            os._exit(main(words))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole_files(out: Path) -> dict[str, bytes]:
    """What is there under its own name; what may differ between runs only has to be whole."""
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")]
    for path in files:
        if path.name == "manifest.json":
            assert json.loads(path.read_text(encoding="utf-8"))["program"] == "motcua"
        if path.name == "report.html":
            assert path.read_text(encoding="utf-8").endswith("</html>")
    return {str(path.relative_to(out)): path.read_bytes() for path in files if path.name not in MAY_DIFFER}


@pytest.mark.skipif(not DEVICE.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "name", [name if name == "disk full" else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS]
)
def test_whatever_ends_a_run_at_whichever_write(name: str, tmp_path: Path, drawn_once: None, capfd: Captured) -> None:
    """At the first write of a new folder, then at the second when the same command goes on, and so on to the last."""
    fault, code = FAULTS[name]
    right = Ending(tmp_path / "right")
    assert ended(right) == 0
    wanted, out = whole_files(right.out), tmp_path / "out"
    assert len(right.names) >= 14
    for at in right.names:
        assert ended(Ending(out, fault, at)) == code
        assert whole_files(out).items() <= wanted.items()
    assert ended(Ending(out)) == 0
    assert whole_files(out) == wanted
    assert not [path for path in out.rglob(".*") if path.name != PARTS]
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("at", ["summary.csv", "charts/through_the_day.svg"])
def test_a_folder_that_vanishes_is_told(at: str, tmp_path: Path, drawn_once: None, capsys: Captured) -> None:
    out = tmp_path / "out"
    assert ended(Ending(out, vanishes, at)) == 3
    assert capsys.readouterr().err.startswith(f"cannot write there: {out}")
    (tmp_path / "moved").rename(out)
    assert main([*SWEEP, f"out={out}"]) == 0


def test_nothing_depends_on_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn_once: None, capsys: Captured
) -> None:
    """The clock is set back a day with every look, and the parts are of tomorrow, or of 1970."""
    out = tmp_path / "out"
    now = time.time()
    hours = count()
    monkeypatch.setattr(time, "time", lambda: now - 86_400 * next(hours))
    assert main([*SWEEP, f"out={out}"]) == 0
    first = whole_files(out)
    for then in (0.0, now + 86_400):
        for path in out.rglob("*"):
            os.utime(path, (then, then))
        (out / "summary.csv").unlink()
        assert main([*SWEEP, f"out={out}"]) == 0
        assert whole_files(out) == first
        assert {path.stat().st_mtime for path in (out / PARTS).iterdir()} == {then}
