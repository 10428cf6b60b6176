"""A table of text out of a file: compressed or not, whatever separates its cells, with the columns that are wanted."""

from __future__ import annotations

import csv
import gzip
import io
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.faults import BadInput, Fault, nearest, shown
from sim.report.detail import free
from sim.report.wording import plain

ENCODINGS = ("utf-8", "utf-16", "cp1258", "cp1252", "cp1250", "latin-1")
SEPARATORS = ",;\t|"
MOST_BYTES = 1_000_000_000
SHOWN_ROWS, NAMELESS = 3, "office"


@dataclass(frozen=True)
class Column:
    """A column that is wanted: its name, heads under which offices have it, and whether it may be missing."""

    name: str
    heads: tuple[str, ...]
    is_needed: bool = True


@dataclass(frozen=True)
class Note:
    """One kind of thing that was found in a file: the lines of the first rows, how many, and what was done."""

    kind: str
    rows: tuple[int, ...]
    count: int
    done: str

    @property
    def said(self) -> str:
        """In a line."""
        lines = ", ".join(map(str, self.rows)) + (", …" if self.count > len(self.rows) else "")
        return (
            f"{self.kind}: {self.count} rows (lines {lines}): {self.done}" if self.rows else f"{self.kind}: {self.done}"
        )


def name_of(name: str, others: Sequence[str]) -> str:
    """The name of an office; of one without a name one that no other has."""
    return name or free(NAMELESS, set(others))


def spelt(name: str) -> str:
    """A name as it is compared: composed letters, and no more than single spaces."""
    return plain(unicodedata.normalize("NFC", name)).strip()


def note_of(kind: str, lines: Sequence[int], done: str) -> list[Note]:
    """A note on some lines, none where there are none."""
    return [Note(kind, tuple(int(line) for line in lines[:SHOWN_ROWS]), len(lines), done)] if len(lines) else []


@dataclass(frozen=True, eq=False)
class Sheet:
    """Columns as text by their names, the index being the line in the file; and what was noted of its rows."""

    table: pd.DataFrame
    notes: tuple[Note, ...] = ()


def table_of(
    path: Path, columns: Sequence[Column], given: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Sheet:
    """The columns of a file by their names. ``given``: heads that a person names, by column.

    Rows with more or fewer cells than heads, or with a line break in a cell, are left out and noted. BadInput with all
    that is wrong with the file and its heads; what is in the cells is not looked at.
    """
    text = _text(path, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        heads = [head.strip() for head in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadInput([Fault(f"{path} line {reader.line_num}", "", f"wanted a table: {error}")]) from None
    found, faults = _heads(path, heads, columns, given or {}) if heads else ({}, [])
    if faults:
        raise BadInput(faults)
    if not rows:
        raise BadInput([Fault(str(path), "has heads alone" if heads else "is empty", "wanted a table")])
    kept, notes = _whole(rows, len(heads))
    places = [heads.index(head) for head in found.values()]
    cells = {name: [row[place] for _, row in kept] for name, place in zip(found, places, strict=True)}
    return Sheet(pd.DataFrame(cells, index=[line for line, _ in kept], dtype=str), tuple(notes))


Numbered = tuple[int, list[str]]


def _whole(rows: Sequence[Numbered], width: int) -> tuple[list[Numbered], list[Note]]:
    """Rows with as many cells as heads, but for empty ones at their end, and what the others are."""
    kept, kinds = [], dict[str, list[int]]()
    for line, row in rows:
        if len(row) < width:
            kinds.setdefault("fewer cells than heads", []).append(line)
        elif any(map(str.strip, row[width:])):
            kinds.setdefault("more cells than heads", []).append(line)
        elif any("\n" in cell or "\r" in cell for cell in row):
            kinds.setdefault("a line break in a cell, or a quote that is not closed", []).append(line)
        else:
            kept.append((line, row))
    return kept, [note for kind, lines in kinds.items() for note in note_of(kind, lines, "left out")]


def of_office(sheet: Sheet, office: str) -> Sheet:
    """The rows of one office, however its name is spelt. BadInput where the table has none of that name."""
    names = sheet.table["office"].map(spelt) if "office" in sheet.table.columns else None
    office = spelt(office)
    if names is None or office not in set(names):
        near = nearest(office, list(set(names)) if names is not None else [])
        raise BadInput([Fault("office", shown(office), "wanted an office of the file", near)])
    return Sheet(sheet.table[names == office], sheet.notes)


def has_head(path: Path, name: str, encoding: str = "utf-8") -> bool:
    """Whether a file has a column of that very name. BadInput where it cannot be read."""
    text = _text(path, encoding)
    head = text.partition("\n")[0]
    return plain_head(name) in map(plain_head, head.split(_separator(text)))


def heads_of(path: Path, encoding: str = "utf-8") -> tuple[str, ...]:
    """The heads of a file, as they are written; none of an empty one. BadInput where it cannot be read."""
    text = _text(path, encoding)
    try:
        found = next(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), [])
    except csv.Error as error:
        raise BadInput([Fault(f"{path} line 1", "", f"wanted a table: {error}")]) from None
    return tuple(head.strip() for head in found)


def _text(path: Path, encoding: str) -> str:
    """The whole text; where it is not in the encoding, BadInput with where, how often, and what it may be."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if is_packed else file).read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
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
    twice = sorted({head for head in heads if heads.count(head) > 1})
    faults = [Fault(f"{path} line 1", shown(head), "is the head of two columns: wanted each once") for head in twice]
    for column in columns:
        known = {plain_head(one) for one in (column.name, *column.heads)}
        said = given.get(column.name)
        fitting = [
            head for head in dict.fromkeys(heads) if (plain_head(head) in known if said is None else head == said)
        ]
        if len(fitting) == 1:
            found[column.name] = fitting[0]
        elif fitting or said is not None or column.is_needed:
            faults.append(_unfit(path, column.name, fitting, said, heads))
    return found, faults


def _unfit(path: Path, name: str, fitting: Sequence[str], said: str | None, heads: Sequence[str]) -> Fault:
    """Why a column is not found."""
    if fitting:
        wanted = f"wanted columns.{name}=HEAD: each of these may be it"
        return Fault(f"{path} line 1", ", ".join(fitting), wanted)
    if said is not None:
        wanted = f"wanted one of the {len(heads)} heads of {path.name}, in its first line"
        return Fault(f"columns.{name}", shown(said), wanted, nearest(said, heads))
    return Fault(f"{path} line 1", "", f"wanted a column {name}, or columns.{name}=HEAD", nearest(name, heads))
