"""A table of text out of a file: compressed or not, whatever separates its cells, with the columns that are wanted."""

from __future__ import annotations

import csv
import gzip
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.faults import BadInput, Fault, nearest, shown

ENCODINGS = ("utf-8", "utf-16", "cp1258", "cp1252", "cp1250", "latin-1")
SEPARATORS = ",;\t|"
MOST_BYTES = 1_000_000_000
FIRST_ROW = 2
"""The line of the first row, as an editor counts them: the heads are line 1."""


@dataclass(frozen=True)
class Column:
    """A column that is wanted: its name, heads under which offices have it, and whether it may be missing."""

    name: str
    heads: tuple[str, ...]
    is_needed: bool = True


def table_of(
    path: Path, columns: Sequence[Column], given: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> pd.DataFrame:
    """The columns of a file as text, by their names; the index is the line in the file.

    ``given``: heads that a person names, by column. BadInput with all that is wrong with the file and its heads; cells
    are not looked at.
    """
    text = _text(path, encoding)
    separator = _separator(text)
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, quoting=csv.QUOTE_MINIMAL
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise BadInput([Fault(str(path), "", f"wanted a table: {_short(error)}")]) from None
    table.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(table))
    found, faults = _heads(path, [str(head) for head in table.columns], columns, given or {})
    if faults:
        raise BadInput(faults)
    return table[list(found.values())].set_axis(list(found), axis=1)


def has_head(path: Path, name: str, encoding: str = "utf-8") -> bool:
    """Whether a file has a column of that very name. BadInput where it cannot be read."""
    text = _text(path, encoding)
    head = text.partition("\n")[0]
    return plain_head(name) in map(plain_head, head.split(_separator(text)))


def _short(error: Exception) -> str:
    return (
        str(error).splitlines()[0].removeprefix("Error tokenizing data. C error: ")[:120] if str(error) else "is empty"
    )


def _text(path: Path, encoding: str) -> str:
    """The whole text; where it is not in the encoding, BadInput with where, how often, and what it may be."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise BadInput([Fault(str(path), "", f"cannot be read: {getattr(error, 'strerror', None) or error}")]) from None
    if len(content) > MOST_BYTES:
        raise BadInput([Fault(str(path), "", f"wanted at most {MOST_BYTES // 1_000_000} MB")])
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise BadInput([_not_in(path, content, encoding)]) from None


def _not_in(path: Path, content: bytes, encoding: str) -> Fault:
    lines = content.split(b"\n")
    wrong = [nth for nth, line in enumerate(lines, 1) if not _fits(line, encoding)]
    others = [one for one in ENCODINGS if one not in (encoding, "utf-16", "latin-1") and _fits(content, one)]
    mixed = len(wrong) < sum(any(byte > 127 for byte in line) for line in lines)
    which = f"{len(wrong)} lines are not {encoding}, the first is line {wrong[0] if wrong else 1}"
    also = "; others with such letters are: the file mixes encodings, and is to be saved in one" if mixed else ""
    hint = f": say encoding={others[0]}" if others and not mixed else ""
    return Fault(f"{path} encoding", which, f"wanted one encoding{hint}{also}")


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: str) -> str:
    head = text.partition("\n")[0]
    return max(SEPARATORS, key=head.count)


def plain_head(head: str) -> str:
    """A head without accents, case and signs: "Giờ lấy số" is "gio lay so"."""
    flat = unicodedata.normalize("NFD", head.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in flat.lower()).split())


def _heads(
    path: Path, heads: Sequence[str], columns: Sequence[Column], given: Mapping[str, str]
) -> tuple[dict[str, str], list[Fault]]:
    """The head of each column that is there, and what is wrong."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    twice = sorted({head for head in heads if heads.count(head) > 1})
    faults += [Fault(f"{path} line 1", shown(head), "is the head of two columns: wanted each once") for head in twice]
    for column in columns:
        known = {plain_head(one) for one in (column.name, *column.heads)}
        fitting = [head for head in heads if plain_head(head) in known]
        if column.name in given:
            fitting = [head for head in heads if head == given[column.name]]
            if not fitting:
                wanted = f"wanted a head of {path.name}: {', '.join(heads[:20])}"
                faults.append(
                    Fault(
                        f"columns.{column.name}", shown(given[column.name]), wanted, nearest(given[column.name], heads)
                    )
                )
                continue
        if len(fitting) > 1:
            wanted = f"wanted columns.{column.name}=HEAD: each of these may be it"
            faults.append(Fault(f"{path} line 1", ", ".join(fitting), wanted))
        elif fitting:
            found[column.name] = fitting[0]
        elif column.is_needed:
            near = nearest(column.name, heads)
            wanted = f"wanted a column {column.name}, or columns.{column.name}=HEAD"
            faults.append(Fault(f"{path} line 1", "", wanted, near))
    return found, faults
