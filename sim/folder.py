"""A results folder: opened for one sweep, filled as its blocks are finished, never mixed with another.

Each finished block is a file under ``.parts``, named by the content of its study, so that the same command
again does only what is missing. Files appear whole or not at all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim.faults import BadInput, Damaged, Fault
from sim.looks import Look
from sim.policies.known import plugins_of
from sim.running import Block
from sim.runs import Runs
from sim.sources import sources_hash
from sim.study import Study
from sim.writing import UNFINISHED, put, told

if TYPE_CHECKING:
    from sim.runs.storage import Part

PROGRAM = "motcua"
PARTS, PART = ".parts", ".figures"
LOCK = ".lock"
PROBE = ".probe"
LOG = "log.txt"
BELOW = (PARTS, "charts")
MOST_SAID = 1 << 30
"""Bytes of a manifest: one of a search has thousands of studies."""


class Held(Exception):
    """Another process works on the folder. Exit code 5."""


class Folder:
    """An open results folder; a context manager that keeps others out.

    All that touches the disk raises CannotWrite or Full where that fails.
    """

    def __init__(self, path: Path, studies: Sequence[Study], together: str = "") -> None:
        """``together``: what ties the studies, so that results of each depend on all, and some are of none."""
        self.path, self.studies, self.together = path, list(studies), together
        self.keys = keys_of(studies, together)
        self._lock: IO[str] | None = None

    def __enter__(self) -> Folder:
        with told(self.path):
            self.refuse_what_is_not_ours()
            (self.path / PARTS).mkdir(parents=True, exist_ok=True)
            self._lock = self._held()
        try:
            for folder in (self.path, self.path / PARTS):
                self.write(folder / PROBE, Path.touch)
                self.remove(folder / PROBE)
            if not (self.path / "manifest.json").exists():
                self.write_manifest({"state": "running"})
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock:
            with suppress(OSError):
                (self.path / LOCK).unlink()
            self._lock.close()

    def _held(self) -> IO[str]:
        """The open lock file, ours alone. One that its holder removed while it was being opened locks nobody out."""
        while True:
            lock = (self.path / LOCK).open("a+", encoding="ascii")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                holder = lock.read().strip() or "unknown"
                lock.close()
                if not isinstance(error, BlockingIOError):
                    raise
                raise Held(f"{self.path} is held by another run (process {holder})") from None
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(lock.fileno()), (self.path / LOCK).stat()):
                    break
            lock.close()
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def refuse_what_is_not_ours(self) -> None:
        """BadInput where the folder holds something else, or the results of other studies."""
        if self.path.exists() and not self.path.is_dir():
            raise BadInput([Fault("out", str(self.path), "wanted a folder, here is something else")])
        self.refuse_ways_out()
        inside = {entry.name for entry in self.path.iterdir()} if self.path.exists() else set()
        ours = {LOCK, LOG, PARTS, PROBE} if PARTS in inside else {LOCK}
        if all(name in ours or _is_unfinished(name) for name in inside):
            return
        said = read_manifest(self.path)
        wanted = ""
        if said.get("program") != PROGRAM:
            wanted = "wanted a new, an empty or a results folder; this one holds something else"
        elif said.get("studies") != self._named:
            wanted = "wanted a folder of this study; this one holds the results of another"
            if said.get("sources") != sources_hash():
                wanted += ", or of another version of the program"
        if wanted:
            raise BadInput([Fault("out", str(self.path), wanted)])

    def refuse_ways_out(self) -> None:
        """What is in the folder is files and folders of its own: a link would let a run write elsewhere."""
        for folder in (self.path, *(self.path / name for name in BELOW)):
            for entry in folder.iterdir() if folder.is_dir() else ():
                top = folder == self.path
                wrong = no_own(entry, wants_folder=top and entry.name in BELOW, alone=entry.name in (LOCK, LOG))
                if wrong:
                    given = str(entry.relative_to(self.path))
                    raise BadInput(
                        [Fault(f"out {self.path}", given, f"is {wrong}: wanted files and folders of its own")]
                    )

    @property
    def _named(self) -> dict[str, str]:
        return dict(zip([study.label for study in self.studies], self.keys, strict=False))

    def part(self, block: Block, key: str = "") -> Path:
        """The file of a block; ``key``: of its study, where that is known only as the run goes, see study_key."""
        return self.path / PARTS / self._name(key or self.keys[block.study], block.first, block.last)

    @staticmethod
    def _name(key: str, first: int, last: int) -> str:
        return f"{key}-{first:06d}-{last:06d}{PART}"

    def keep(self, block: Block, runs: Runs, key: str = "") -> Part:
        """Writes a finished block."""
        from sim.runs.storage import Part, write_runs

        path = self.part(block, key)
        self.write(path, lambda beside: write_runs(beside, block.first, runs))
        return Part(path, block.first, len(runs))

    def kept(self) -> tuple[dict[int, list[Part]], list[Path]]:
        """What earlier runs have finished, by study.

        And the damaged parts: those were set aside under the names that are given, and count as missing.
        """
        found: dict[int, list[Part]] = {}
        damaged = []
        for number in range(len(self.studies)):
            found[number], bad = self.kept_of(number)
            damaged += bad
        return found, damaged

    def kept_of(self, number: int) -> tuple[list[Part], list[Path]]:
        """The same of one study."""
        return self.kept_by(self.keys[number])

    def kept_by(self, key: str) -> tuple[list[Part], list[Path]]:
        """The same of the study that has a key."""
        found, damaged = self.looked_through(key)
        for path in damaged:
            with told(path):
                path.rename(path.with_suffix(".damaged"))
        return found, [path.with_suffix(".damaged") for path in damaged]

    def looked_through(self, key: str) -> tuple[list[Part], list[Path]]:
        """The parts of a study that are whole, and those that are not; nothing is set aside."""
        from sim.runs.storage import Part

        found, damaged = [], []
        for path in sorted((self.path / PARTS).glob(f"{key}-*{PART}")):
            try:
                part = Part.checked(path)
                if self._name(key, part.first, part.first + len(part)) != path.name:
                    raise Damaged(f"{path}: has other replications than its name says")
                found.append(part)
            except Damaged:
                damaged.append(path)
        return found, damaged

    def looks(self) -> dict[int, list[Look]]:
        """The looks that the manifest says were made at the results, by study."""
        said = read_manifest(self.path).get("looks", {})
        try:
            return {number: [Look(**look) for look in said.get(s.label, ())] for number, s in enumerate(self.studies)}
        except (AttributeError, TypeError) as error:
            wanted = "its manifest.json does not say which looks were made: wanted a new folder"
            raise BadInput([Fault("out", str(self.path), wanted)]) from error

    def write(self, path: Path, write: Callable[[Path], Any]) -> None:
        """Calls ``write`` with a path beside ``path`` and puts the result in its place."""
        put(path, write)

    def remove(self, path: Path) -> None:
        """Removes a file of the folder, if it is there."""
        with told(path):
            path.unlink(missing_ok=True)

    def log(self, event: str) -> None:
        """Appends a line: the time, UTC, and what happened. It is no result: its bytes differ from run to run."""
        shown = "".join(character if character.isprintable() else " " for character in event)
        path = self.path / LOG
        with told(path), path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {shown}\n")

    def write_text(self, name: str, text: str) -> None:
        """A text file of the folder, whole or not at all."""
        self.write(self.path / name, lambda path: path.write_text(text, encoding="utf-8", newline="\n"))

    def write_manifest(self, more: dict[str, Any]) -> None:
        """Who made this folder, from what; ``more`` may differ between runs of the same study."""
        said = {
            "program": PROGRAM,
            "studies": self._named,
            "sources": sources_hash(),
            **more,
            "plugins": {k: v for study in self.studies for k, v in plugins_of(study.policies).items()},
            "resolved": {study.label: json.loads(study.model_dump_json()) for study in self.studies},
        }
        self.write_text("manifest.json", json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def no_own(entry: Path, *, wants_folder: bool, alone: bool) -> str:
    """What a file or folder is instead, "" where it is one; what another run has just removed is nothing.

    ``alone``: it is written where it stands, so that it must have no other name anywhere.
    """
    try:
        found = entry.lstat()
    except FileNotFoundError:
        return ""
    mode = found.st_mode
    if alone and stat.S_ISREG(mode) and found.st_nlink > 1:
        return "a file that has another name elsewhere"
    if stat.S_ISLNK(mode):
        return "a link"
    if wants_folder:
        return "" if stat.S_ISDIR(mode) else "no folder"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "a device, pipe or socket"


def _is_unfinished(name: str) -> bool:
    """Whether a file is what a run that was killed left behind."""
    return name.startswith(".") and name.endswith(UNFINISHED)


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a folder; empty where there is none that can be read."""
    try:
        if (path / "manifest.json").stat().st_size > MOST_SAID:
            return {}
        said = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def study_key(study: Study) -> str:
    """A hash of all that the replications of a study depend on, the program's sources included."""
    said = [
        study.scenario.model_dump_json(exclude={"observed"}),
        study.targets.model_dump_json(),
        f"{study.seed} {study.visits} {study.center}",
        sources_hash(),
        *(f"{name} {one['content']}" for name, one in plugins_of(study.policies).items()),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]


def keys_of(studies: Sequence[Study], together: str = "") -> list[str]:
    """The key of each study; where something ties them, by all that does, and last that of what is of none of them."""
    own = [study_key(study) for study in studies]
    if not together:
        return own
    return [hashlib.sha256("\n".join([one, *own, together]).encode()).hexdigest()[:20] for one in [*own, ""]]


def name_of(studies: Sequence[Study], together: str = "") -> str:
    """A folder's name, from the content of its studies and of what ties them."""
    said = together + "".join(study_key(study) + study.label + _how_many(study) for study in studies)
    first = "".join(c if c.isascii() and c.isalnum() else "_" for c in studies[0].label.split(" · ")[0])
    return f"{first or 'study'}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def _how_many(study: Study) -> str:
    stopping = study.stopping.model_dump_json() if study.stopping else study.replications
    return f"{stopping} {study.confidence}"
