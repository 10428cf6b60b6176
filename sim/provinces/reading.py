"""A table of centers read from a file: UTF-8, with commas, semicolons or tabs; every fault with its line.

Lines that begin with ``#`` are comments, as where numbers come from; empty lines are nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.door.files import MOST_BYTES
from sim.faults import Fault, nearest, shown
from sim.provinces.columns import NAMED, Wrong, header_faults
from sim.streams import CENTERS

FOLDER = "province"
UTF_8 = "wanted UTF-8: in a spreadsheet, save as CSV UTF-8"
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Row:
    """A center: its place in the file, its number from 0 on, and what its cells say (empty ones left out)."""

    line: int
    number: int
    cells: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of the center."""
        return str(self.cells["name"])


def shipped() -> tuple[str, ...]:
    """The names of the tables that come with the program."""
    folder = files("configs") / FOLDER
    return tuple(sorted(one.name[:-4] for one in folder.iterdir() if one.name.endswith(".csv")))


def content_of(table: str) -> tuple[bytes, list[Fault]]:
    """The bytes of a shipped table, by name, or of a file PATH.csv."""
    if not table.lower().endswith((".csv", ".tsv", ".txt")):
        if table in shipped():
            return (files("configs") / FOLDER / f"{table}.csv").read_bytes(), []
        wanted = f"wanted one of {', '.join(shipped())}, or a file PATH.csv"
        return b"", [Fault("centers", shown(table), wanted, nearest(table, shipped()))]
    try:
        with Path(table).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return b"", [Fault(table, "", f"cannot be read: {reason}")]
    if len(content) > MOST_BYTES:
        return b"", [Fault(table, "", f"wanted a file of at most {MOST_BYTES // 1_000_000} MB")]
    return content, []


def rows_of(table: str) -> tuple[list[Row], list[Fault]]:
    """The rows of a table, and all that is wrong with it (then the rows are not whole)."""
    content, faults = content_of(table)
    if faults:
        return [], faults
    text, wrong = _decoded(table, content)
    if wrong is not None:
        return [], [wrong]
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return [], [Fault(table, "", f"wanted a table of comma-separated values: {error}")]
    if not lines:
        return [], [Fault(table, "", "is empty: wanted a header with the columns name and per_day or population")]
    (first, columns), *body = lines
    faults = header_faults(f"{table}:{first}", columns)
    if not body:
        faults.append(Fault(table, "", "has no rows: wanted a row a center"))
    if len(body) > CENTERS:
        faults.append(Fault(table, f"{len(body)} rows", f"wanted at most {CENTERS}"))
    rows = [
        _row(f"{table}:{line}", line, number, dict(zip(columns, cells, strict=False)), faults)
        for number, (line, cells) in enumerate(body)
        if _fits(f"{table}:{line}", columns, cells, faults)
    ]
    return rows, faults + _doubled(table, rows)


def _decoded(table: str, content: bytes) -> tuple[str, Fault | None]:
    """The text, or why it cannot be read."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:1000]:
        return "", Fault(table, "UTF-16 in line 1, byte 1", UTF_8)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, at = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        given = f"byte 0x{content[error.start]:02x} in line {line}, byte {at}"
        return "", Fault(table, given, f"{UTF_8} (this is an older encoding, such as Latin-1 or TCVN3)")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row, the header first."""
    kept, quoted = [], False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        is_comment = not quoted and line.lstrip().startswith("#")
        kept.append("\n" if is_comment else f"{line}\n")
        quoted ^= not is_comment and line.count('"') % 2 == 1
    header = next((line for line in kept if line.strip()), "")
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(kept, delimiter=separator, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _fits(place: str, columns: list[str], cells: list[str], faults: list[Fault]) -> bool:
    if len(cells) > len(columns):
        wanted = f"wanted at most {len(columns)}: text with a separator in it, and a decimal comma, wants quotes"
        faults.append(Fault(place, f"{len(cells)} fields", wanted))
    return len(cells) <= len(columns)


def _row(place: str, line: int, number: int, cells: dict[str, str], faults: list[Fault]) -> Row:
    """A row with its cells read; what cannot be read is left out and told."""
    read: dict[str, Any] = {}
    for column, text in cells.items():
        if not text and column != "name":
            continue
        try:
            read[column] = NAMED[column](text) if column in NAMED else text
        except Wrong as error:
            faults.append(Fault(f"{place} {column}", shown(text) if text else "", str(error), error.near))
    many = [column for column in ("per_day", "population", "arrivals.per_day") if column in cells]
    if many and not any(cells[column] for column in many):
        faults.append(Fault(f"{place} {many[0]}", "", "is empty: wanted how many come"))
    return Row(line, number, {"name": "", **read})


def _doubled(table: str, rows: list[Row]) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        if row.name and row.name in first:
            wanted = f"is the name of line {first[row.name]} already: wanted each once"
            faults.append(Fault(f"{table}:{row.line} name", shown(row.name), wanted))
        first.setdefault(row.name, row.line)
    return faults
