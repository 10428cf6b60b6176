"""Text, keys and tables as Markdown; what a person wrote stays text, whatever is in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from sim.report.wording import plain

_SPECIAL = re.compile(r"[\\`*\[\]{}<>#|&~$^!]|(?<![^\W_])_|_(?![^\W_])")
_AT_THE_START = re.compile(r"[-+=:]|\d+[.)](?=\s|$)")
"""What would begin a list, or underline what stands above; its last character is escaped."""


def escaped(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    marked = _SPECIAL.sub(lambda found: f"\\{found[0]}", plain(text))
    begins = _AT_THE_START.match(marked)
    return f"{marked[: begins.end() - 1]}\\{marked[begins.end() - 1 :]}" if begins else marked


def paragraphs(text: str) -> tuple[str, ...]:
    """A text in its paragraphs, which blank lines part."""
    return tuple(escaped(part) for part in re.split(r"\n[ \t]*\n", text) if part.strip())


def code(key: str) -> str:
    """A key, or the name of a file, as code."""
    return f"`{key}`" if re.fullmatch(r"[\w.:/*=-]+", key) else escaped(key)


def fenced(words: Sequence[str]) -> str:
    """A command line to be copied."""
    line = shlex.join(words)
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall(r"`+", line)), default=0))
    return f"{fence}text\n{line}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listing(lines: Iterable[str]) -> str:
    """A list of what is Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def documented(text: str | None) -> str:
    """The first sentence of a docstring."""
    first = " ".join((text or "").partition("\n\n")[0].split())
    return escaped(first.replace("``", ""))
