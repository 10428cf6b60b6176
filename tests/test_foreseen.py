"""What a command will take is said before it is run, nothing is written for that, and too much is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path

import pytest

import sim
from experiments import dry_run, province, room, run, search, select
from experiments.dry_run import first_looks
from experiments.foreseen import Foreseen, Work, foreseen
from experiments.load import main as load
from experiments.options import parsed
from experiments.trying import tried, visits_of
from sim.running import Block, folded, job
from sim.study import Study

ROOT = Path(__file__).parent.parent
SMALL = ("center=cam_duong", "days=8", "replications=6")
TWO = ("center=cam_duong", "days=8", "policy=none,weekend_hours")
NAMES = ["replications", "visits", "engine", "time", "memory", "disk", "results", "estimated"]

Captured = pytest.CaptureFixture[str]
Program = Callable[[Sequence[str]], int]


def rows(text: str) -> dict[str, str]:
    """The lines of a dry run by their names."""
    head, *lines = text.splitlines()
    assert head == "nothing is run or written:"
    assert max(map(len, lines)) < 120
    return {line[2:16].strip(): line[16:] for line in lines}


def everything(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


# Said, and nothing written


@pytest.mark.parametrize(
    ("program", "words", "called", "replications"),
    [
        (run.main, ("-m", *TWO, "replications=6"), "scenarios", "6 of each, 12 in all"),
        (run.main, (*SMALL[:2], "precision=enough"), "scenarios", "30 of each at the first look, at most 2000"),
        (search.main, TWO, "combinations", "10 of each at the first look, at most 640"),
        (select.main, TWO, "ways", "20 of each at the first look, at most 2000"),
        (select.main, (*TWO, "procedure=ocba", "budget=50"), "ways", "25 of each, 50 in all"),
        (province.main, ("centers=dien_bien", "days=8", "replications=2"), "centers", "2 of each, 90 in all"),
    ],
)
def test_a_dry_run_says_what_a_command_will_take_and_writes_nothing(
    program: Program,
    words: tuple[str, ...],
    called: str,
    replications: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert program([*words, "--dry-run", "workers=2"]) == 0
    said = rows(capsys.readouterr().out)
    assert [name for name in said if name != "then"] == [called, *NAMES]
    assert said["replications"] == f"{replications}; 0 are finished in the folder already"
    assert said["results"].endswith(", which is not there yet")
    assert re.search(r" of CPU time, .* on 2 workers$", said["time"])
    assert ("at most" in said["visits"]) == ("at most" in replications)
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_counts_what_is_finished_and_whole_and_leaves_it_alone(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    assert run.main([*SMALL, f"out={out}", "workers=1"]) == 0
    part = next((out / ".parts").glob("*.figures"))
    capsys.readouterr()
    for replications, done in (("replications=9", 6), ("replications=4", 4)):
        before = everything(out)
        assert run.main([*SMALL[:2], replications, f"out={out}", "--dry-run"]) == 0
        assert f"; {done} are finished" in capsys.readouterr().out
        assert everything(out) == before
    part.write_bytes(part.read_bytes()[:-50])
    before = everything(out)
    assert run.main([*SMALL, f"out={out}", "--dry-run"]) == 0
    _, first, last = part.stem.split("-")
    assert f"; {6 - (int(last) - int(first))} are finished" in capsys.readouterr().out
    assert everything(out) == before
    assert run.main([*SMALL, "seed=2", f"out={out}", "--dry-run"]) == 2
    assert "this one holds the results of another" in capsys.readouterr().err


def test_a_scenario_with_more_people_than_can_be_told_apart_is_said_to_fail(capsys: Captured) -> None:
    """It takes nothing: it fails at once, as it does in the run."""
    assert run.main([*SMALL, "demand=1e9", "--dry-run"]) == 0
    said = rows(capsys.readouterr().out)
    assert said["cannot be run"] == "cam_duong · none: more people come in a half-hour than can be told apart"
    assert said["visits"] == "about 0 to simulate"


# How near it comes


def of(words: Sequence[str], *, tries: bool = True) -> Foreseen:
    study = sim.load(words)
    return foreseen(Work(Path("nowhere"), [study], *first_looks([study]), 1, rests=True), tries=tries)


def test_what_a_replication_takes_is_what_a_block_of_them_takes() -> None:
    study = sim.load([*SMALL, "engine=compiled"])
    visits = float(visits_of([study])[0])
    load, runs = tried(study, visits, 6), folded(job(study), Block(0, 0, 6))
    curves = sum(part.nbytes for curve in runs.curves.values() for part in curve)
    held = runs.numerators.nbytes + runs.denominators.nbytes + sum(column.nbytes for column in runs.waits) + curves
    assert load.held == pytest.approx(held / 6)
    assert (load.figures, load.waits) == (len(runs.columns), len(runs.waits.visits) / 6)


def test_more_replications_take_more_of_everything_but_memory() -> None:
    """Visits exactly; of the others what there is at the beginning does not grow."""
    few, many = (of([*SMALL[:2], f"replications={n}"], tries=False).most for n in (20_000, 40_000))
    assert many.visits == 2 * few.visits
    assert few.memory < many.memory < 1.1 * few.memory
    assert all(1.3 < getattr(many, name) / getattr(few, name) <= 2.0 for name in ("cpu", "wall", "disk"))


def test_the_folder_of_a_small_run_is_as_large_as_was_foreseen(tmp_path: Path) -> None:
    words = ("center=cam_duong", "days=23", "replications=10", "assumptions=no")
    found = of(words[:3]).most.disk
    assert run.main([*words, f"out={tmp_path}", "workers=1"]) == 0
    assert found == pytest.approx(sum(len(content) for _, content in everything(tmp_path).values()), rel=0.3)


LONG = (
    ("run", "center=cam_duong"),
    ("run", "center=go_vap", "replications=100"),
    ("run", "center=da_nang", "replications=100"),
    ("run", "center=quang_yen", "days=365", "replications=20"),
    ("run", "-m", "center=go_vap", "policy=none,guidance_desk,add_officials,weekend_hours,pooled_queue,ticket_cap"),
    ("run", "center=phuc_hoa", "days=7", "opening=true", "replications=10000", "assumptions=no"),
    ("province", "centers=lam_dong"),
)
MEASURED = (
    "import resource, sys; from experiments.__main__ import main; code = main(sys.argv[1:]);"
    "used = resource.getrusage(resource.RUSAGE_SELF);"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=sys.stderr); sys.exit(code)"
)


@pytest.mark.slow
@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_what_is_foreseen_comes_near_what_is_taken(words: Sequence[str], tmp_path: Path, capsys: Captured) -> None:
    """CPU time within a factor 1.5, the disk within 1.3, memory within 1.5 above that of the program alone."""
    program: Program = {"run": run.main, "province": province.main}[words[0]]
    out = tmp_path / "out"
    assert program([*words[1:], "workers=1", f"out={out}", "--dry-run"]) == 0
    said = rows(capsys.readouterr().out)
    command = [sys.executable, "-c", MEASURED, *words, "workers=1", f"out={out}"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True)
    cpu, peak = (float(word) for word in done.stderr.splitlines()[-1].split())
    disk = sum(len(content) for _, content in everything(out).values())
    foretold = float(said["time"].split(" s ", 1)[0])
    assert foretold / 1.5 <= cpu <= foretold * 1.5
    assert disk / 1.3 <= amount(said["disk"]) <= disk * 1.3
    assert amount(said["memory"]) / 1.5 <= peak <= amount(said["memory"]) * 1.5


def amount(said: str) -> float:
    """The first amount of a line."""
    size = room.bytes_of(" ".join(said.split()[:2]))
    assert size is not None
    return size


# Refused


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("memory=100MB",), "memory: 4.. MB foreseen, more than 100 MB: memory=none lifts the limit"),
        (("hours=0.0001",), r"hours: \d+ s foreseen, more than 0.0001 hours: hours=none lifts the limit"),
        (("replications=9999999",), r"memory: \S+ GB foreseen, more than \S+ GB, 80% of what is available: .*"),
        (("precision=enough", "stopping.most=9999999"), r"memory: \S+ GB foreseen, .*"),
        (("days=1000000",), "days: given 1000000, wanted at most 10000"),
    ],
)
def test_what_takes_too_much_is_refused_in_a_line_and_never_begun(
    words: Sequence[str], answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(dry_run, "available", lambda: 5e9)
    monkeypatch.setattr(run, "in_folder", lambda *_: pytest.fail("it has begun"))
    out = tmp_path / "out"
    assert run.main([*SMALL[:1], *words, f"out={out}", "workers=2"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert re.fullmatch(answer, said[0])
    assert not out.exists()
    assert run.main([*SMALL[:1], *words, f"out={out}", "--dry-run"]) == (2 if "days" in answer else 0)
    assert "lifts the limit" in capsys.readouterr().out or "days" in answer


def test_a_limit_that_is_lifted_or_wide_enough_refuses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(dry_run, "available", lambda: 1e6)
    words = ["center=textbook", "days=1", "replications=2", "workers=1"]
    assert run.main([*words, f"out={tmp_path / 'out'}"]) == 2
    assert run.main([*words, "memory=none", f"out={tmp_path / 'out'}"]) == 0
    capsys.readouterr()
    for more in (["memory=2 GB", "hours=1"], ["memory=1.5gb", "hours=none"]):
        assert run.main([*words, *more, "--dry-run"]) == 0
        assert "lifts the limit" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (["memory=lots"], ["memory: given 'lots', wanted an amount, such as memory='8 GB', or none"]),
        (["memory="], ["memory: given '', wanted an amount, such as memory='8 GB', or none"]),
        (["memory=0 GB"], ["memory: given '0 GB', wanted an amount, such as memory='8 GB', or none"]),
        (["hours=-1"], ["hours: given '-1', wanted a number above 0, up to 100,000, or none"]),
        (["hours=1e99"], ["hours: given '1e99', wanted a number above 0, up to 100,000, or none"]),
        (["hours=nan"], ["hours: given 'nan', wanted a number above 0, up to 100,000, or none"]),
        (
            ["--dryrun"],
            [
                (
                    "--dryrun: wanted one of -m, --multirun, --cfg, --help, -h, --dry-run, --plugin "
                    "(did you mean --dry-run?)"
                )
            ],
        ),
    ],
)
@pytest.mark.parametrize("program", [run.main, province.main], ids=["run", "province"])
def test_a_limit_that_is_none_has_its_line(
    program: Program, words: list[str], answers: list[str], capsys: Captured
) -> None:
    more = ["centers=dien_bien"] if program is province.main else []
    assert program([*more, *words]) == 2
    assert capsys.readouterr().err.splitlines() == answers


@pytest.mark.parametrize("word", ["--dry-run", "memory=1GB", "hours=2"])
def test_programs_that_foresee_nothing_say_which_do(word: str, capsys: Captured) -> None:
    assert load([word]) == 2
    wanted = f"{word.partition('=')[0]}: is for motcua run, province, search and select"
    assert capsys.readouterr().err.splitlines() == [wanted]
    assert parsed([word], foresees=True).faults == ()


# Amounts


@pytest.mark.parametrize(
    ("size", "said"), [(3e4, "30 kB"), (7.2e8, "0.72 GB"), (1.84e7, "18 MB"), (1.93e11, "193 GB"), (4.98e11, "498 GB")]
)
def test_an_amount_in_words_is_read_back(size: float, said: str) -> None:
    assert room.in_words(size) == said
    assert room.bytes_of(said) == pytest.approx(size, rel=0.05)


def test_what_is_available_is_the_least_that_the_system_and_its_groups_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 < room.available() < inf
    monkeypatch.setattr(room, "GROUPS", tmp_path)
    before = room.available()
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert room.available() == pytest.approx(before, rel=0.1)
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("1000000\n", encoding="ascii")
    assert room.available() == 1e6
    (tmp_path / "memory.max").write_text("5000\n", encoding="ascii")
    assert room.available() == 5000


def test_of_many_studies_some_are_asked_and_the_others_lie_between() -> None:
    studies: list[Study] = sim.sweep(["center=textbook", "days=1", f"demand={','.join(map(str, range(1, 61)))}"])
    visits = visits_of(studies)
    assert visits == pytest.approx([visits[0] * n for n in range(1, 61)], rel=0.05)
