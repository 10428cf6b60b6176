"""Pages of the documentation as what is in them to be run: commands, Python, files, and what is shown as printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
WIDTH = "100"
LONG = 900
PROGRAM = ("motcua", ".venv/bin/motcua")
QUICK = ("days=9", "replications=2")
SHORTENED = ("headroom", "place", "province", "run", "search", "select", "sensitivity", "warmup")
SHORT = {**dict.fromkeys(SHORTENED, QUICK), "validate": ("replications=39", "parts=observed")}
_FENCE = re.compile(r"^```(\{[\w-]+\} )?(\w+)\n((?::\w+:[^\n]*\n)*)(.*?)^```$", re.DOTALL | re.MULTILINE)
_OTHER_FENCE = re.compile(r"^ *(`{3,}|~{3,})[^\n]*\n(.*?)^ *\1[`~]* *$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`(?:\.venv/bin/)?motcua +([^\s`]+)")
_CAPTION = re.compile(r":caption: (.+)")
_REPLICATIONS = re.compile(r"\breplications=(\d+)")
_COMMAND = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?motcua .*$", re.MULTILINE)
_LEFT_OUT = "…"


class Block(NamedTuple):
    """A fenced block: its language, the file that it is (""), and its text."""

    language: str
    file: str
    text: str


class Shown(NamedTuple):
    """A command of a page, and what the page says that it prints."""

    command: str
    lines: list[str]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for _, language, options, body in _FENCE.findall(text):
        caption = _CAPTION.search(options)
        yield Block(language, caption[1] if caption else "", body.lstrip("\n"))


def shown(block: Block) -> list[Shown]:
    """The commands of a console block, each with the lines below it."""
    found: list[Shown] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Shown(line[2:], []))
        else:
            found[-1].lines.append(line)
    return found


def not_run(text: str) -> list[str]:
    """Commands of a page that stand in no block that is run, and name no other machine."""
    told = [block.text for block in blocks(text) if block.file or block.language not in {"sh", "console"}]
    rest = _FENCE.sub("", text)
    told += [body for _, body in _OTHER_FENCE.findall(rest)]
    told += [line for line in _OTHER_FENCE.sub("", rest).splitlines() if line.startswith(("    ", "\t"))]
    return [line for line in _COMMAND.findall("\n".join(told)) if "HOST" not in line]


def named_within(text: str) -> set[str]:
    """What follows the program's name where a line of prose names a command."""
    return set(_INLINE.findall(_OTHER_FENCE.sub("", text)))


def printed(command: str, folder: Path, shorter: Mapping[int, int] | None = None) -> str:
    """What a command of a page prints in a folder, as is or ``shorter``; AssertionError where it does not end well."""
    command, _, source = command.partition(" < ")
    program, *words = shlex.split(command)
    assert program in PROGRAM, command
    more = () if shorter is None else shortening(words, shorter)
    given = (folder / source.strip()).read_text(encoding="utf-8") if source else "\n" * 10
    return run(["-m", "experiments", *words, *more], folder, given if words[0] == "new" else "")


def fewer(text: str) -> dict[int, int]:
    """A few replications for each number of them that a page gives: other numbers stay other, more stays more."""
    return {count: nth for nth, count in enumerate(sorted({*map(int, _REPLICATIONS.findall(text))}), 2)}


def shortening(words: list[str], shorter: Mapping[int, int]) -> tuple[str, ...]:
    """What makes a command quick: few days, and as many replications as stand for those that it gives."""
    if {"--help", "--cfg", "--dry-run"} & {*words}:
        return ()
    counts = [int(word.partition("=")[2]) for word in words if word.startswith("replications=")]
    return (*SHORT.get(words[0], ()), *(f"replications={shorter[count]}" for count in counts))


def run(arguments: list[str], folder: Path, given: str = "") -> str:
    """What Python prints; AssertionError where it does not end well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "COLUMNS": WIDTH},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stderr}"
    assert done.stdout.strip(), arguments
    return done.stdout


def as_shown(output: str, page: list[str]) -> list[str]:
    """The lines of an output, as a page shows them: of those that it leaves out one "…"."""
    lines = [line.rstrip() for line in output.strip("\n").splitlines()]
    if _LEFT_OUT not in page:
        return lines
    first = page.index(_LEFT_OUT)
    last = len(page) - first - 1
    return [*lines[:first], _LEFT_OUT, *lines[len(lines) - last :]]
