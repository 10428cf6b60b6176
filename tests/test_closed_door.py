"""What comes through the door and what does not: input, exit code and message, in one table, which is also documented.

Refused is exit code 2, a line a fault, and nothing written. ``docs/closed_door.md`` is this table; where it is to
change, ``MOTCUA_WRITE_DOCS=1`` before pytest writes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from experiments.run import main
from sim.folder import PARTS

DOCUMENT = Path(__file__).parent.parent / "docs" / "closed_door.md"
SMALL = ("center=textbook", "days=7", "opening=true", "replications=1", "arrivals.rate_per_hour=1", "workers=1")
QUICK = (*SMALL, "engine=reference", "assumptions=no")
Captured = pytest.CaptureFixture[str]


class Said(NamedTuple):
    """Words of the command line, under what heading they are told, and what is answered."""

    about: str
    words: tuple[str, ...]
    code: int
    message: str


class Sent(NamedTuple):
    """The content of a file that came by e-mail, and what is answered to it."""

    about: str
    content: bytes
    code: int
    message: str


class There(NamedTuple):
    """What stands where the results are to go, and what is answered."""

    about: str
    made: Callable[[Path], object]
    code: int
    message: str


HYDRA = "Hydra's own settings cannot be changed"
NO_FLAG = "wanted one of -m, --multirun, --cfg, --help, -h"
NO_CODE = "_target_ is refused: a scenario holds values, never code"
NO_RESOLVER = "${…} is refused: write the value itself"
NO_CONTROL = "wanted text without control characters"
YEARS = "wanted a date from 1901 to 2100, the years whose holidays are known"
TAGS = "wanted plain values without tags"
DIGITS = "wanted a number of fewer digits"
HEAD = b"defaults:\n  - center: cam_duong\n"


def said(about: str, *rows: tuple[str, str], code: int = 2) -> tuple[Said, ...]:
    return tuple(Said(about, (word,), code, message) for word, message in rows)


WORDS = (
    *said(
        "a typo",
        ("dayss=3", "dayss: unknown key (did you mean days?)"),
        ("+dayss=3", "dayss: unknown key (did you mean days?)"),
        ("++dayss=3", "dayss: unknown key (did you mean days?)"),
        ("~dayss", "dayss: unknown key (did you mean days?)"),
        ("center=cam_duon", "(did you mean cam_duong?)"),
        ("policy=wekend_hours", "(did you mean weekend_hours?)"),
        ("targets.items.0.metric=wait_men", "(did you mean wait_mean?)"),
        ("points.hal.counters=3", "points.hal.counters: unknown name hal"),
        ("+x.y.z=1", "x.y.z: unknown key x"),
        ("outt=here", "outt: unknown key"),
    ),
    *said(
        "a wrong type or number",
        ("demand=two", "demand: given 'two', wanted a number"),
        ("demand=nan", "demand: given nan, wanted a finite number"),
        ("demand=-inf", "demand: given -inf, wanted a finite number"),
        ("demand=1e400", "demand: given inf, wanted a finite number"),
        ("seed=" + "9" * 5000, "seed: given 9999"),
        ("days=" + "9" * 400, "days: given 9999"),
        ("days=1000000", "days: given 1000000, wanted at most 10000"),
        ("days=1e3", "days: given 1000.0, wanted a whole number"),
        ("seed=0x10", "seed: given '0x10', wanted a whole number"),
        ("seed=true", "seed: given True, wanted a whole number"),
        ("seed=null", "seed: given None, wanted a whole number"),
        ("name=null", "name: given None, wanted text"),
        ("points.hall.counters=-1", "points.hall.counters: given -1, wanted at least 0"),
        ("staff.counter.count=1000000", "staff: wanted at most 5000 officials and guides, here are 1000000"),
        ("purposes={}", "purposes: wanted at least 1 entries"),
        ("priorities={}", "priorities: wanted at least 1 entries"),
        ("workers=0", "workers: given '0', wanted 1 to 1024"),
    ),
    *said(
        "a date or a time",
        ("start=2026-02-29", "start: given '2026-02-29', wanted a date such as 2026-06-01"),
        ("start=1900-01-01", f"start: given '1900-01-01', {YEARS}"),
        ("start=2200-01-01", f"start: given '2200-01-01', {YEARS}"),
        ("start=9999-12-31", f"start: given '9999-12-31', {YEARS}"),
        ("start=2100-12-31", "wanted a run that ends by 2100-12-31: holidays are known until then"),
        ("calendar.hours.mon=['17:00-08:00']", "the end must come after the start"),
        ("calendar.hours.mon=['08:00-25:00']", 'wanted a quoted time such as "07:30"'),
        ("+calendar.closures=[{first: 2026-06-09, last: 2026-06-02}]", "the last day must not come before the first"),
    ),
    *said(
        "what is not there yet",
        ("demand=???", "demand: given '???', wanted a number"),
        ("patience=???", "patience: given '???', wanted keys and values"),
    ),
    *said(
        "code, resolvers and Hydra's own",
        ("name=${oc.env:HOME}", NO_RESOLVER),
        ("name=${name}", NO_RESOLVER),
        ("name='${oc.decode:${name}}'", NO_RESOLVER),
        ("+patience._target_=os.system", NO_CODE),
        ("patience={_target_: subprocess.run, args: [ls]}", NO_CODE),
        ("+hydra.callbacks.x={_target_: os.system}", HYDRA),
        ("hydra/callbacks=x", HYDRA),
        ("hydra/job_logging=x", HYDRA),
        ("+hydra.job_logging={formatters: {a: {(): os.system}}}", HYDRA),
        ("hydra.run.dir=elsewhere", HYDRA),
        ("hydra/launcher=joblib", HYDRA),
        ("hydra@x=default", HYDRA),
        ("--config-dir=elsewhere", NO_FLAG),
        ("--config-path=elsewhere", NO_FLAG),
        ("-cd=elsewhere", NO_FLAG),
        ("--package=x", NO_FLAG),
    ),
    *said(
        "text that commands a terminal",
        ("name='\x1b[2J'", NO_CONTROL),
        ("name='a\0b'", NO_CONTROL),
        ("name='a\u202eb'", NO_CONTROL),
        ("points.hall.title='\x1b]0;x\x07'", NO_CONTROL),
        ("reporting.purpose='a\x9bb'", NO_CONTROL),
        ("center='a\x1b.yaml'", "center: given 'a\\x1b.yaml', wanted a file's name without control characters"),
        ("out=a\x1bb", "out: given 'a\\x1bb', wanted a folder: out=DIR"),
        (f"name={'x' * 501}", "wanted at most 500 characters"),
    ),
    *said(
        "files that are none",
        ("center=/dev/zero", "center: given /dev/zero, wanted one of"),
        ("center=nowhere.yaml", "nowhere.yaml: cannot be read: No such file or directory"),
        ("center=../../etc/passwd", "center: given ../../etc/passwd, wanted one of"),
        ("center=folder.yaml", "folder.yaml: cannot be read: Is a directory"),
        ("center=pipe.yaml", "pipe.yaml: cannot be read: wanted a file"),
        ("center=zero.yaml", "zero.yaml: cannot be read: wanted a file"),
    ),
    *said(
        "policies",
        ("policy=[add_officials,add_officials]", "a policy is repeated: wanted each at most once"),
        ("policy=[pooled_queue,dedicated_queues]", "there is one queue"),
        ("policy=none,weekend_hours", "several values are a sweep: wanted -m before them"),
    ),
    *said(
        "little and much",
        ("arrivals.rate_per_hour=0", ""),
        ("staff={}", ""),
        ("points.hall.counters=0", ""),
        ("arrivals.rate_per_hour=30", ""),
        ("start=2028-02-27", ""),
        ("start=2100-12-25", ""),
        ("policy=[add_officials,appointments]", ""),
        code=0,
    ),
    Said("little and much", ("demand=1e12",), 1, "could not be run: OverflowError: more than 1048576 people"),
)


def sent(about: str, *rows: tuple[bytes | str, str], code: int = 2) -> tuple[Sent, ...]:
    texts = [(one.encode() if isinstance(one, str) else one, message) for one, message in rows]
    return tuple(Sent(about, HEAD + text, code, message) for text, message in texts)


FILES = (
    *sent(
        "what YAML makes of it",
        ("dayss: 3\n", "dayss: unknown key (did you mean days?)"),
        (
            "calendar: {hours: {mon: [07:30-11:30, 13:00]}}\n",
            'calendar.hours.mon.1: given 13:00, wanted quotes: "13:00"',
        ),
        ("greeting: 7:30\n", 'greeting: given 7:30, wanted quotes: "7:30"'),
        ("name: no\n", "name: given False, wanted text"),
        ("name: NO\n", "name: given False, wanted text"),
        ("no: 3\n", 'wanted quotes: "no" (unquoted, YAML reads it as False)'),
        ("days: 010\n", 'wanted quotes: "010" (unquoted, YAML reads it as 8)'),
        ("greeting: .nan\n", "greeting: given nan, wanted a finite number"),
        ("greeting: -.inf\n", "greeting: given -inf, wanted a finite number"),
        ("greeting: 1e400\n", "greeting: given inf, wanted a finite number"),
        ("seed: " + "9" * 5000, DIGITS),
        ("seed: 0x" + "f" * 9000, DIGITS),
        ("days: 0x_\n", DIGITS),
        ("days: 9\ndays: 8\n", "days: is given twice: wanted it once"),
        ("points: {hall: {counters: 1, counters: 2}}\n", "points.hall.counters: is given twice: wanted it once"),
        ("a: [\n", "wanted YAML"),
        ("a: 1\n---\nb: 2\n", "wanted at most 1 document in a file"),
        ("greeting: ???\n", "wanted a number"),
    ),
    *sent(
        "the bytes",
        ("name: Phường".encode("utf-16"), "wanted the encoding UTF-8: save the file as UTF-8"),
        ("name: Phường".encode("cp1258", "replace"), "wanted the encoding UTF-8: save the file as UTF-8"),
        (b"name: a\0b\n", "wanted readable text"),
        (b'name: "a\\0b"\n', NO_CONTROL),
        (b'name: "\\x1b[2J"\n', NO_CONTROL),
        (b'name: "\\ud800"\n', "name: given"),
        (b"name: x\n" + b" " * 1_000_000, "wanted a file of at most 1 MB"),
    ),
    *sent(
        "tags, aliases, depth",
        ("name: !!python/object/apply:os.system [ls]\n", TAGS),
        ("name: !!binary aGk=\n", TAGS),
        (
            "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [" + "*c, " * 30 + "]\n",
            "wanted at most 20 aliases in a file",
        ),
        ("a: &a [*a]\n", "wanted no aliases that repeat themselves or large parts"),
        ("a: &a {b: 1}\nc: {<<: *a}\n", "wanted the values themselves instead of a merge key"),
        ("a: " + "[" * 10_000, "wanted at most 30 levels in a file"),
        ("a: [" + "1, " * 210_000 + "]\n", "wanted at most 200000 values in a file"),
    ),
    *sent(
        "code, resolvers and Hydra's own",
        ("patience: {_target_: os.system, command: ls}\n", NO_CODE),
        ("name: ${oc.env:HOME}\n", NO_RESOLVER),
        ("greeting: ${days}\ndays: ${greeting}\n", NO_RESOLVER),
        ("hydra: {run: {dir: elsewhere}}\n", "hydra: unknown key"),
        ("hydra: {job_logging: {(): os.system}}\n", "hydra: unknown key"),
        ("out: elsewhere\n", "out: belongs to the programs' command line"),
        ("workers: 3\n", "workers: belongs to the programs' command line"),
    ),
    *sent("what is no fault", ("name: Phường Đông\r\ndays: 9\r\n", ""), ('"name": "0"\n', ""), code=0),
    Sent("the bytes", b"", 2, "wanted keys and values, such as days: 30"),
    Sent("what is no fault", b"\xef\xbb\xbf" + HEAD, 0, ""),
)


def _linked(name: str, to: str, *, hard: bool = False) -> Callable[[Path], object]:
    def make(out: Path) -> None:
        target = out.parent / to
        target.mkdir() if "." not in to else target.write_text("mine", encoding="utf-8")
        (out / name).hardlink_to(target) if hard else (out / name).symlink_to(target)

    return make


def _holding(name: str, content: str) -> Callable[[Path], object]:
    return lambda out: (out / name).write_text(content, encoding="utf-8")


def _is_file(out: Path) -> None:
    out.rmdir()
    out.write_text("mine", encoding="utf-8")


LINK = "is a link: wanted files and folders of its own"
ELSE = "this one holds something else"
FOLDERS = (
    There("a file in its place", _is_file, 2, "wanted a folder, here is something else"),
    There("somebody's thesis", _holding("thesis.txt", "mine"), 2, ELSE),
    There("an empty manifest", _holding("manifest.json", "{}"), 2, ELSE),
    There("a manifest without end", _holding("manifest.json", "[" * 100_000), 2, ELSE),
    There("a list as manifest", _holding("manifest.json", "[]"), 2, ELSE),
    There("charts lead elsewhere", _linked("charts", "elsewhere"), 2, f"given charts, {LINK}"),
    There("parts lead elsewhere", _linked(PARTS, "elsewhere"), 2, f"given .parts, {LINK}"),
    There("the summary leads elsewhere", _linked("summary.csv", "own.csv"), 2, f"given summary.csv, {LINK}"),
    There("the lock leads elsewhere", _linked(".lock", "own.txt"), 2, f"given .lock, {LINK}"),
    There("the lock is somebody's file", _linked(".lock", "own.txt", hard=True), 2, "has another name elsewhere"),
    There("an unfinished file leads elsewhere", _linked(".manifest.json.new", "own.txt"), 2, LINK),
    There("a pipe as manifest", lambda out: os.mkfifo(out / "manifest.json"), 2, "is a device, pipe or socket"),
    There("a file as parts", _holding(PARTS, "mine"), 2, "given .parts, is no folder"),
    There("a file as charts", _holding("charts", "mine"), 2, "given charts, is no folder"),
    There("what a killed run left", _holding(".manifest.json.new", "{"), 0, ""),
)


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs draw nothing: what they draw is tested elsewhere."""
    monkeypatch.setattr("sim.report.charts._figures", lambda *_: iter(()))


def answered(words: Sequence[str], code: int, message: str, capsys: Captured) -> None:
    """Runs the program; checks its exit code, that it says what it should in whole lines, and is no traceback."""
    assert main(words) == code
    told = capsys.readouterr()
    if code == 2:
        assert told.out == ""
        assert all(": " in line for line in told.err.splitlines())
    text = " ".join((told.err + told.out).split())
    assert " ".join(message.split()) in text
    assert "Traceback" not in text
    assert "\x1b" not in text


def strange_files(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")


@pytest.mark.parametrize("row", WORDS, ids=[f"{row.about}: {row.words[0][:40]!a}" for row in WORDS])
def test_words(row: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, no_charts: None) -> None:
    strange_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    answered((*QUICK, *row.words), row.code, row.message, capsys)
    assert (set(tmp_path.iterdir()) == before) == (row.code == 2)


@pytest.mark.parametrize("row", FILES, ids=[f"{row.about}: {row.content[len(HEAD) :][:30]!r}" for row in FILES])
def test_files(row: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """What is no fault is composed, and compared with nothing: that it runs is seen above."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_bytes(row.content)
    words = ("--cfg", "job") if row.code == 0 else ()
    answered(("center=own.yaml", *words), row.code, row.message, capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["own.yaml"]


@pytest.mark.parametrize("row", FOLDERS, ids=[row.about for row in FOLDERS])
def test_folders(row: There, tmp_path: Path, capsys: Captured, no_charts: None) -> None:
    """Nothing that stood there is touched, and nothing is written where a link leads."""
    out = tmp_path / "out"
    out.mkdir()
    row.made(out)
    before = told(tmp_path)
    answered((*QUICK, f"out={out}"), row.code, row.message, capsys)
    if row.code:
        assert told(tmp_path) == before


def told(folder: Path) -> dict[str, str]:
    """All that is below a folder, with the content of files and the ends of links."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_text("utf-8") if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def document() -> str:
    """The table as it is documented."""
    lines = [
        "# What the door answers",
        "",
        *_PREFACE,
        "",
        "| about | input | exit code | message |",
        "|---|---|---|---|",
    ]
    given = [(row.about, " ".join(row.words), row.code, row.message) for row in WORDS]
    given += [(f"a file: {row.about}", _text_of(row.content), row.code, row.message) for row in FILES]
    given += [("a results folder", row.about, row.code, row.message) for row in FOLDERS]
    lines += [f"| {about} | {_cell(what)} | {code} | {_cell(message)} |" for about, what, code, message in given]
    return "\n".join(lines) + "\n"


_PREFACE = (
    "Every row is a test (`tests/test_closed_door.py`, which writes this page). Exit code 2 is refused: a line a",
    "fault on standard error, and nothing written; 0 is a run, 1 a run that tells what could not be done.",
)


def _text_of(content: bytes) -> str:
    return repr(content.removeprefix(HEAD))[2:-1]


def _cell(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    shown = shown if len(shown) <= 70 else f"{shown[:60]}… ({len(shown)} characters)"
    shown = shown.translate({ord("|"): "¦", ord("`"): "'"})
    return f"`{shown}`" if shown else ""


def test_the_table_is_documented() -> None:
    if os.environ.get("MOTCUA_WRITE_DOCS"):
        DOCUMENT.write_text(document(), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == document()
