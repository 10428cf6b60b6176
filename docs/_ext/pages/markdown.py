"""Markdown of plain text, tables and docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc

_SPECIAL = re.compile(r"([\\*_<>\[\]|#$~{}])")
_CODE = re.compile(r"(``.+?``|`[^`]+`)")
_ROLE = re.compile(r":\w+(?::\w+)?:`~?([^`]+)`")


def plain(text: str) -> str:
    """Text of which nothing is markup but what stands between backticks."""
    return "".join(
        part.replace("|", "\\|") if _CODE.fullmatch(part) else _SPECIAL.sub(r"\\\1", part) for part in _CODE.split(text)
    )


def code(text: object) -> str:
    """A value as code, in a table too."""
    return f"`{str(text).replace('|', chr(92) + '|')}`" if str(text) else ""


def told(docstring: str | None) -> str:
    """A docstring of the program; the roles of its references are dropped."""
    return plain(_ROLE.sub(r"`\1`", cleandoc(docstring or "")))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *classes: str) -> str:
    """A table, whose cells are Markdown already; it scrolls where it is wider than the page."""
    lines = [heads, ["---"] * len(heads), *rows]
    said = ["| " + " | ".join(" ".join(cell.split("\n")) for cell in line) + " |" for line in lines]
    of_class = [f"{{.{' .'.join(classes)}}}"] if classes else []
    return "\n".join([*of_class, *said])


def block(text: str, language: str = "text") -> str:
    """A block of text as it is."""
    return f"````{language}\n{text.rstrip()}\n````"
