"""A list of officials, as groups of those who have equal fields at one point: how many, of what role, when.

Names are read to tell whether two rows are of one person, and are kept nowhere; groups are called by their fields, and
not by what the list calls them, and of a cell that is not understood only the line is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.faults import BadInput, Fault
from sim.fitting.fields import ALL, known_field
from sim.fitting.files import Column, Note, Sheet, note_of, plain_head
from sim.report.detail import free
from sim.report.wording import plain, slug
from sim.units import MINUTE, clock_text

COLUMNS = (
    Column("name", ("họ tên", "họ và tên", "tên", "cán bộ", "full name"), False),
    Column("field", ("lĩnh vực", "lĩnh vực phụ trách", "phụ trách", "fields", "skills", "nhiệm vụ"), False),
    Column("point", ("điểm", "điểm tiếp nhận", "nơi làm việc", "hall"), False),
    Column("role", ("chức vụ", "vai trò", "vị trí", "position", "chức danh"), False),
    Column("count", ("số lượng", "số người", "counts", "number"), False),
    Column("hours", ("giờ làm việc", "ca", "ca làm việc", "working hours"), False),
)
ROLES = {
    "leader": ("chu tich", "giam doc", "lanh dao", "leader", "director", "chairman"),
    "guide": ("huong dan", "tinh nguyen", "guide", "volunteer"),
    "specialist": ("chuyen mon", "xu ly ho so", "phong chuyen mon", "specialist", "back office"),
    "counter": (
        "quay",
        "tiep nhan",
        "mot cua",
        "can bo",
        "cong chuc",
        "chuyen vien",
        "counter",
        "official",
        "nhan vien",
    ),
}
MOST = 1000
HALL = "hall"
_SPAN = re.compile(r"(\d{1,2})[:hH](\d{2})\s*[-–]\s*(\d{1,2})[:hH](\d{2})")
_BETWEEN = re.compile(r"[,;/+&|]| và | and ")
Hours = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Officials alike: ``fields`` None is all; ``hours`` empty where none are written."""

    key: str
    role: str
    fields: tuple[str, ...] | None
    point: str
    hours: Hours
    count: int


@dataclass(frozen=True)
class StaffList:
    """Groups of officials, the titles of points by their keys, and what was noted."""

    groups: tuple[Group, ...]
    points: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def at_counters(self) -> int:
        """Officials who receive citizens."""
        return sum(group.count for group in self.groups if group.role == "counter")


@dataclass
class _Official:
    """What the rows of one official, or of several alike, say."""

    role: str
    fields: set[str] | None
    point: str
    hours: Hours
    count: int


@dataclass
class _Reading:
    """Rows while they are read: lines by kind of what is told of them."""

    kinds: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def note(self, line: int, kind: str, done: str) -> None:
        self.kinds.setdefault((kind, done), []).append(line)

    @property
    def notes(self) -> list[Note]:
        return [note for (kind, done), lines in self.kinds.items() for note in note_of(kind, lines, done)]


def staff_of(path: Path, sheet: Sheet, fields: Mapping[str, str]) -> StaffList:
    """The groups of a table with COLUMNS. ``fields``: keys of the scenario's fields by their plain titles and keys.

    BadInput where nobody is left who receives citizens.
    """
    reading, found = _Reading(), dict[tuple[str, ...], _Official]()
    for line, row in zip(sheet.table.index, sheet.table.to_dict("records"), strict=True):
        cells = {str(name): plain(str(text)).strip() for name, text in row.items()}
        one = _official(int(line), cells, fields, reading)
        if one is None:
            continue
        name = plain_head(cells.get("name", ""))
        key = (name, one.point, one.role) if name else ("", str(line))
        if key in found:
            reading.note(
                int(line), "an official who is there already", "taken as one, with fields and hours of all rows"
            )
            before = found[key].fields
            found[key].fields = None if before is None or one.fields is None else before | one.fields
            found[key].hours = _joined(int(line), found[key].hours, one.hours, reading)
        else:
            found[key] = one
    notes = [*sheet.notes, *reading.notes]
    officials = list(found.values())
    if not any(one.role == "counter" for one in officials):
        faults = [Fault(str(path), f"{len(officials)} officials", "wanted somebody who receives citizens")]
        raise BadInput([*faults, *(Fault(str(path), note.said, "wanted other rows") for note in notes)])
    points = _points(officials)
    return StaffList(_groups(officials, points, list(dict.fromkeys(fields.values()))), _titles(points), tuple(notes))


def _official(line: int, cells: Mapping[str, str], fields: Mapping[str, str], reading: _Reading) -> _Official | None:
    """The official of a row; None of one that is left out, which is noted."""
    count = _count(cells.get("count"))
    if count is None:
        reading.note(line, "a number of officials that is no whole number from 1 on", "left out")
        return None
    role = _role(line, cells.get("role", ""), reading)
    if role == "guide":
        reading.note(line, "guides at the door", "left out: what they find is in no list")
        return None
    own: set[str] | None = None
    if role != "leader":
        known = _fields(line, cells.get("field"), fields, reading)
        if known is not None and not known:
            return None
        own = known
    return _Official(role, own, cells.get("point", ""), _hours(line, cells.get("hours", ""), reading), count)


def _count(text: str | None) -> int | None:
    if text is None or text == "":
        return 1
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST else None


def _role(line: int, text: str, reading: _Reading) -> str:
    flat = f" {plain_head(text)} "
    found = next((role for role, words in ROLES.items() if any(f" {word} " in flat for word in words)), None)
    if found is None and flat.strip():
        reading.note(line, "a role that is not known", "taken as at a counter")
    return found or "counter"


def _fields(line: int, text: str | None, fields: Mapping[str, str], reading: _Reading) -> set[str] | None:
    """The fields of a cell; None for all, none where all of them are unknown."""
    if not text:
        reading.note(line, "no field written", "taken as knowing all fields")
        return None
    if plain_head(text) in ALL:
        return None
    whole = fields.get(plain_head(text))
    parts = [text] if whole else [part for part in (one.strip() for one in _BETWEEN.split(text)) if part]
    found = {key for part in parts if (key := fields.get(plain_head(part)) or known_field(part)) in fields.values()}
    if len(found) < len({plain_head(part) for part in parts}):
        done = "not counted among their fields" if found else "left out"
        unknown = any((fields.get(plain_head(part)) or known_field(part)) not in fields.values() for part in parts)
        if unknown:
            reading.note(line, "a field in which there is no dossier, or that is not known", done)
    return {str(key) for key in found}


def _hours(line: int, text: str, reading: _Reading) -> Hours:
    """Spans as a scenario has them; none where nothing, or nothing that can be read, is written."""
    found = [[int(part) for part in span] for span in _SPAN.findall(text)]
    spans = sorted((60 * a + b, 60 * c + d) for a, b, c, d in found)
    fine = all(start < end <= 1440 for start, end in spans) and all(b[1] <= a[0] for b, a in pairwise(spans))
    rest = re.sub(r"[\s,;&]|và", "", _SPAN.sub("", text))
    if text and (not spans or not fine or rest or any(b > 59 or d > 59 for _, b, _, d in found)):
        reading.note(line, "hours that cannot be read", "taken as the opening hours")
        return ()
    return tuple(f"{clock_text(start * MINUTE)}-{_end(end)}" for start, end in spans)


def _joined(line: int, one: Hours, other: Hours, reading: _Reading) -> Hours:
    """The hours of two rows; the opening hours where one has them, or they overlap, which is noted."""
    spans = sorted({*one, *other})
    if not one or not other:
        return ()
    if any(after[:5] < before[-5:] for before, after in pairwise(spans)):
        reading.note(line, "hours that overlap those of another row", "taken as the opening hours")
        return ()
    return tuple(spans)


def _end(minutes: int) -> str:
    return "24:00" if minutes == 1440 else clock_text(minutes * MINUTE)


def _points(officials: Sequence[_Official]) -> dict[str, str]:
    """Keys of points at which somebody receives citizens, by their titles; the one that most are at comes first."""
    titles = [one.point for one in officials if one.role == "counter" for _ in range(one.count)]
    names, counts = np.unique(np.array(titles, str), return_counts=True)
    taken: set[str] = set()
    ordered = [str(names[n]) for n in np.lexsort((names, -counts))]
    return {title: free(_point_key(title), taken) for title in ordered}


def _point_key(title: str) -> str:
    stem = slug(title) if title else HALL
    return stem if stem[0].isalpha() else f"point_{stem}"


def _titles(points: Mapping[str, str]) -> dict[str, str]:
    return {key: title for title, key in points.items()}


def _groups(officials: Sequence[_Official], points: Mapping[str, str], order: Sequence[str]) -> tuple[Group, ...]:
    """Those alike together, in the order of their rows; whoever is at no counter belongs to the first point."""
    first = next(iter(points.values()))
    alike: dict[tuple[str, tuple[str, ...] | None, str, Hours], int] = {}
    for one in officials:
        fields = None if one.fields is None or one.fields >= set(order) else tuple(k for k in order if k in one.fields)
        key = (one.role, fields, points.get(one.point, first), one.hours)
        alike[key] = alike.get(key, 0) + one.count
    taken: set[str] = set()
    made = []
    for (role, fields, point, hours), count in alike.items():
        stem = {"leader": "leaders", "specialist": "specialists"}.get(role, fields[0] if fields else "all_round")
        made.append(Group(free(stem, taken), role, fields, point, hours, count))
    return tuple(made)
