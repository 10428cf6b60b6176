"""A results folder: for one study alone, held by one process, whole or not at all, and nothing done twice."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import sim
from sim.dispatch import simulate_blocks
from sim.faults import BadInput
from sim.folder import LOCK, PARTS, Folder, Held, name_of, read_manifest, study_key
from sim.running import Block, blocks
from sim.runs import Runs
from sim.study import Study
from sim.writing import CannotWrite, Full
from tests.full_disk import fills_up

TEXTBOOK = ("center=textbook", "days=2")


def study(replications: int = 2, *more: str) -> Study:
    return sim.load([*TEXTBOOK, f"replications={replications}", *more])


def finish(folder: Folder) -> list[Block]:
    """Does what is missing; returns what that was."""
    found = there(folder)
    todo = blocks(folder.studies, lambda number, replication: (number, replication) in found)
    failures: dict[int, str] = {}
    simulate_blocks(folder.studies, todo, folder.keep, failures.__setitem__, workers=1)
    assert not failures
    return todo


def there(folder: Folder) -> set[tuple[int, int]]:
    """The studies and replications that are finished."""
    return {
        (number, part.first + n) for number, own in folder.kept()[0].items() for part in own for n in range(len(part))
    }


def parts(path: Path) -> dict[str, tuple[int, bytes]]:
    """Time of writing and content by name."""
    return {part.name: (part.stat().st_mtime_ns, part.read_bytes()) for part in sorted((path / PARTS).iterdir())}


def test_an_extended_study_repeats_nothing(tmp_path: Path) -> None:
    """2 replications, then 4, then 12, then 3 of them."""
    done = []
    for replications in (2, 4, 12, 3):
        with Folder(tmp_path / "out", [study(replications)]) as folder:
            before = parts(folder.path)
            done.append([(block.first, block.last) for block in finish(folder)])
            assert {name: one for name, one in parts(folder.path).items() if name in before} == before
            assert {(0, n) for n in range(replications)} <= there(folder)
    assert done == [[(0, 2)], [(2, 4)], [(4, 5), (5, 10), (10, 12)], []]


@pytest.mark.parametrize("have", [{0}, {1, 3}, {4}, {0, 1, 2, 3, 4, 6}], ids=str)
def test_only_what_is_missing_is_to_be_done(have: set[int]) -> None:
    todo = blocks([study(7)], lambda _, replication: replication in have)
    assert sorted(n for block in todo for n in range(block.first, block.last)) == sorted(set(range(7)) - have)


def test_a_damaged_part_is_set_aside_and_done_again(tmp_path: Path) -> None:
    with Folder(tmp_path, [study(6)]) as folder:
        finish(folder)
        right = parts(tmp_path)
        first = folder.part(Block(0, 0, 5))
        first.write_bytes(first.read_bytes()[:-100])
        _, damaged = folder.kept()
        assert [path.name for path in damaged] == [f"{first.stem}.damaged"]
        assert there(folder) == {(0, 5)}
        assert [(block.first, block.last) for block in finish(folder)] == [(0, 5)]
        again = parts(tmp_path)
        assert {name: data for name, (_, data) in right.items()}.items() <= {
            n: d for n, (_, d) in again.items()
        }.items()


def test_parts_do_not_depend_on_the_order_or_on_who_made_them(tmp_path: Path) -> None:
    studies = [study(6), study(6, "seed=2")]
    contents = []
    for workers, name in ((1, "one"), (2, "two")):
        with Folder(tmp_path / name, studies) as folder:
            todo = blocks(studies, lambda *_: False)
            simulate_blocks(studies, todo[:: 3 - 2 * workers], folder.keep, dict[int, str]().__setitem__, workers)
        contents.append({part: data for part, (_, data) in parts(tmp_path / name).items()})
    assert contents[0] == contents[1]
    assert len(contents[0]) == 4


# What else may be there

OTHERS = (
    ("somebody's file", {"thesis.txt": "x"}, "holds something else"),
    ("another program's manifest", {"manifest.json": "{}"}, "holds something else"),
    ("a manifest that cannot be read", {"manifest.json": "{"}, "holds something else"),
    ("a list for a manifest", {"manifest.json": "[]"}, "holds something else"),
)


@pytest.mark.parametrize(("_", "files", "why"), OTHERS, ids=[name for name, _, _ in OTHERS])
def test_a_folder_with_something_else_is_refused_as_it_is(
    tmp_path: Path, _: str, files: dict[str, str], why: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=why), Folder(tmp_path, [study()]):
        pass
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == files


@pytest.mark.parametrize("more", [("seed=2",), ("demand=2.0",), ("days=3",), ("targets=hcmc_20",)], ids=" ".join)
def test_the_folder_of_another_study_is_refused(tmp_path: Path, more: tuple[str, ...]) -> None:
    with Folder(tmp_path, [study()]):
        pass
    with pytest.raises(BadInput, match=r"holds the results of another$"), Folder(tmp_path, [study(2, *more)]):
        pass
    assert study_key(study()) != study_key(study(2, *more))
    assert name_of([study()]) != name_of([study(2, *more)])


def test_a_folder_of_another_version_is_refused_by_its_name(tmp_path: Path) -> None:
    with Folder(tmp_path, [study()]) as folder:
        folder.write_manifest({"sources": "older"})
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(study_key(study()), "older"), encoding="utf-8")
    with pytest.raises(BadInput, match="or of another version of the program"), Folder(tmp_path, [study()]):
        pass


LEFT_BEHIND = ((), (LOCK,), (LOCK, ".manifest.json.new"), (".probe.new",))


@pytest.mark.parametrize("names", LEFT_BEHIND, ids=str)
def test_what_a_killed_run_left_behind_is_no_obstacle(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text("1", encoding="utf-8")
    with Folder(tmp_path, [study()]) as folder:
        assert read_manifest(folder.path)["state"] == "running"
    assert not (tmp_path / LOCK).exists()


def test_a_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with Folder(tmp_path / "link", [study()]):
        pass
    assert (tmp_path / "real" / "manifest.json").exists()


# Who may be there

OTHER = "import sys, pathlib, sim\nfrom sim.folder import Folder\nstudy = sim.load(sys.argv[2:])\n"
HOLDS = (
    OTHER + "with Folder(pathlib.Path(sys.argv[1]), [study]):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def test_one_process_holds_the_folder_and_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(tmp_path / "out"), *TEXTBOOK, "replications=2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Held, match=rf"held by another run \(process {other.pid}\)"):
            Folder(tmp_path / "out", [study()]).__enter__()
        other.stdin.close()
    with Folder(tmp_path / "out", [study()]):
        pass
    assert other.returncode == 0


def test_never_two_at_once(tmp_path: Path) -> None:
    """Eight threads in and out, 150 times each: one that waits at a lock which its holder then removes is not in.

    Without that check, 20 of 20 trials of this test found two inside at once.
    """
    studies, inside, most = [study()], [0], [0]

    def visit(_: int) -> None:
        for _ in range(150):
            with suppress(Held), Folder(tmp_path, studies):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0002)
                inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(visit, range(8)))
    assert most == [1]


# Where one may not write, and where there is no room


@contextmanager
def nobody() -> Iterator[None]:
    """As a user whom permissions bind: root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("inside", ["", "new", "new/deep"])
def test_a_folder_that_is_read_only_is_found_out_at_once(inside: str) -> None:
    study_key(study())
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o555)
        with nobody(), pytest.raises(CannotWrite, match="Permission denied"):
            Folder(path / inside, [study()]).__enter__()
        assert list(path.iterdir()) == []
        path.chmod(0o755)


def test_parts_that_became_read_only_are_found_out_at_once(tmp_path: Path) -> None:
    study_key(study())
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        with Folder(path, [study()]):
            pass
        path.chmod(0o777)
        (path / PARTS).chmod(0o555)
        with nobody(), pytest.raises(CannotWrite, match="Permission denied"):
            Folder(path, [study()]).__enter__()
        assert not (path / LOCK).exists()


NOWHERE = (("file/below", "Not a directory"), ("n" * 300, "File name too long"), ("gone", "File exists"))


@pytest.mark.parametrize(("below", "why"), NOWHERE, ids=[why for _, why in NOWHERE])
def test_paths_that_cannot_be_are_told_in_words(tmp_path: Path, below: str, why: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "gone").symlink_to("nowhere")
    with pytest.raises(CannotWrite, match=why):
        Folder(tmp_path / below, [study()]).__enter__()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_leaves_whole_files_only(tmp_path: Path) -> None:
    """There is no room for the second part."""
    with Folder(tmp_path, [study(2)]) as folder:
        finish(folder)
    before = parts(tmp_path)
    with Folder(tmp_path, [study(4)]) as folder:
        second = folder.part(Block(0, 2, 4))
        with pytest.MonkeyPatch.context() as patched:
            fills_up(patched, lambda _, path: path == second)
            with pytest.raises(Full, match="No space left on device"):
                finish(folder)
        assert parts(tmp_path) == before
        assert [(block.first, block.last) for block in finish(folder)] == [(2, 4)]


def test_a_folder_that_vanishes_is_told_in_words(tmp_path: Path) -> None:
    with Folder(tmp_path / "out", [study()]) as folder:
        (tmp_path / "out").rename(tmp_path / "moved")
        with pytest.raises(CannotWrite, match="No such file or directory"):
            finish(folder)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_study_that_cannot_be_run_is_told_once_and_stops_no_other(workers: int) -> None:
    """More people than can be told apart come to the second."""
    studies = [study(12), study(12, "arrivals.rate_per_hour=1e8"), study(12, "seed=3")]
    found: set[tuple[int, int]] = set()
    failures: list[tuple[int, str]] = []

    def done(block: Block, runs: Runs) -> None:
        found.update((block.study, n) for n in range(block.first, block.last))
        assert len(runs) == block.last - block.first

    todo = blocks(studies, lambda *_: False)
    simulate_blocks(studies, todo, done, lambda number, why: failures.append((number, why)), workers)
    assert found == {(number, n) for number in (0, 2) for n in range(12)}
    assert [number for number, _ in failures] == [1]
    assert failures[0][1].startswith("OverflowError: more than 1048576 people")
