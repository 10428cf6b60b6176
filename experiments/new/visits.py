"""A filled tally sheet read back: visits that make sense, or one fault for each thing that does not."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from experiments.new.defaults import FIELDS
from experiments.new.form import COLUMNS, PURPOSES
from sim.faults import BadInput, Fault, nearest, shown
from sim.scenario import Scenario
from sim.units import SECOND, clock_text, span

MOST_BYTES = 1_000_000
MOST_DOSSIERS = 50
LONGEST, EARLY, LATE = 4 * 3600, 3600, 4 * 3600
NAMES = tuple(column.name for column in COLUMNS)
_CLOCK = re.compile(r"(\d{1,2})[:h](\d\d)(?::(\d\d))?", re.ASCII)
_YES = {"yes": True, "y": True, "có": True, "co": True, "no": False, "n": False, "không": False, "khong": False}


@dataclass(frozen=True)
class Place:
    """What a scenario says of a sheet: fields, counters, and when the door opens and closes, seconds after midnight."""

    fields: tuple[str, ...]
    counters: int
    opens: int
    closes: int


def place_of(scenario: Scenario) -> Place:
    """The first opening and the last closing of any day, and the counters of all points together."""
    spans = [span(text) for spans in scenario.calendar.hours.values() for text in spans]
    counters = sum(point.counters for point in scenario.points.values())
    opens, closes = min(start for start, _ in spans), max(end for _, end in spans)
    return Place(tuple(scenario.procedures), counters, opens // SECOND, closes // SECOND)


@dataclass(frozen=True)
class Visit:
    """One row, the ``row``-th line of its file; times are seconds after midnight.

    Of those who ``ask`` or ``collect``, ``dossiers`` is 0 and ``complete`` True.
    """

    row: int
    field: str
    came: int
    called: int
    left: int
    dossiers: int
    complete: bool

    @property
    def submits(self) -> bool:
        """Whether dossiers are brought."""
        return self.field not in PURPOSES

    @property
    def minutes(self) -> float:
        """At the counter."""
        return (self.left - self.called) / 60


def visits_of(path: Path, place: Place) -> tuple[list[Visit], int]:
    """The visits of one day's sheet and how many rows are empty. Raises BadInput with all faults."""
    table = _table(path)
    faults: list[Fault] = []
    places = _places(path, table[0] if table else [], faults)
    if faults:
        raise BadInput(faults)
    found: list[Visit] = []
    empty, numbers = 0, set[str]()
    for nth, cells in enumerate(table[1:], 2):
        row = _Row(path, nth, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()})
        if not any(text for name, text in row.cells.items() if name != "number"):
            empty += any(row.cells.values())
            continue
        if row.cells["number"] and row.cells["number"] in numbers:
            row.fault("number", "is given twice: wanted each number once on a sheet")
        visit = row.visit(place)
        numbers.add(row.cells["number"])
        faults += row.faults
        found += [visit] if visit else []
    faults += _overlaps(path, found, place.counters)
    if faults:
        raise BadInput(faults)
    return found, empty


def _table(path: Path) -> list[list[str]]:
    """All cells, whichever of comma, semicolon or tab a spreadsheet has put between them."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput([Fault(str(path), "", f"cannot be read: {error.strerror or error}")]) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wanted = f"line {line} is not UTF-8: save it as CSV UTF-8"
        raise BadInput([Fault(str(path), "", wanted)]) from None
    if len(content) > MOST_BYTES:
        raise BadInput([Fault(str(path), "", "wanted a file of at most 1 MB")])
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise BadInput([Fault(str(path), "", f"wanted a CSV file: {error}")]) from None


def _places(path: Path, heads: Sequence[str], faults: list[Fault]) -> dict[str, int]:
    """Where each column stands; its head begins with its name."""
    given = [head.partition("/")[0].strip().lower() for head in heads]
    for name in NAMES:
        if given.count(name) > 1:
            faults.append(Fault(f"{path} row 1 {name}", "", "is given twice: wanted it once"))
        elif name not in given and name != "remarks":
            others = [head for head in given if head not in NAMES]
            near = nearest(name, others)
            said = f"wanted a column {name}" + (f" where {shown(near)} stands" if near else "")
            faults.append(Fault(f"{path} row 1", "", said))
    return {name: given.index(name) for name in NAMES if name in given}


@dataclass
class _Row:
    """One line of a sheet, its faults gathered while it is read."""

    path: Path
    number: int
    cells: dict[str, str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, wanted: str, near: str = "") -> None:
        text = self.cells[column]
        self.faults.append(Fault(f"{self.path} row {self.number} {column}", shown(text) if text else "", wanted, near))

    def visit(self, place: Place) -> Visit | None:
        """The visit, or None where anything is wrong with it."""
        name = self._field(place.fields)
        came, called, left = (self._time(column) for column in ("came", "called", "left"))
        dossiers, complete = self._dossiers(name), self._complete(name)
        if came is not None and called is not None and called < came:
            self.fault("called", f"wanted a time from {self.cells['came']} on, when the visitor came in")
        if called is not None and not place.opens - EARLY <= called <= place.closes + LATE:
            opens, closes = clock_text(SECOND * place.opens), clock_text(SECOND * place.closes)
            self.fault(
                "called", f"wanted a time when the door is open, {opens} to {closes}, or not long before or after"
            )
        if called is not None and left is not None and not called <= left <= called + LONGEST:
            self.fault("left", f"wanted a time at most four hours after {self.cells['called']}, when called")
        if self.faults or came is None or called is None or left is None:
            return None
        return Visit(self.number, name, came, called, left, dossiers, complete)

    def _field(self, fields: Sequence[str]) -> str:
        name = " ".join(unicodedata.normalize("NFC", self.cells["field"]).lower().split())
        known = {one: one for one in (*fields, *PURPOSES)}
        known |= {entry.vietnamese: one for one, entry in FIELDS.items() if one in fields}
        known |= {vietnamese: one for one, vietnamese in PURPOSES.items()}
        found = known.get(name) or known.get(name.replace(" ", "_"))
        if found is None:
            near = nearest(name.replace(" ", "_"), (*fields, *PURPOSES)) or nearest(name, known)
            self.fault("field", f"wanted one of {', '.join((*fields, *PURPOSES))}", near)
        return found or ""

    def _time(self, column: str) -> int | None:
        found = _CLOCK.fullmatch(self.cells[column])
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
        if hour > 23 or minute > 59 or second > 59:
            self.fault(column, "wanted a time as HH:MM or HH:MM:SS, such as 08:05")
            return None
        return 3600 * hour + 60 * minute + second

    def _dossiers(self, name: str) -> int:
        text = self.cells["dossiers"]
        if name in PURPOSES:
            if text not in ("", "0"):
                self.fault("dossiers", f"wanted none of a visit to {name}")
            return 0
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_DOSSIERS):
            self.fault("dossiers", f"wanted a whole number from 1 to {MOST_DOSSIERS}")
            return 1
        return int(text)

    def _complete(self, name: str) -> bool:
        text = unicodedata.normalize("NFC", self.cells["complete"]).lower()
        if name in PURPOSES and not text:
            return True
        if text not in _YES:
            self.fault("complete", "wanted yes or no (có, không)")
        return _YES.get(text, True)


def _overlaps(path: Path, visits: Sequence[Visit], counters: int) -> Iterator[Fault]:
    """A fault for each visit that finds all counters taken, going by the times of the others."""
    ends: list[int] = []
    for visit in sorted(visits, key=lambda one: (one.called, one.left)):
        ends = [end for end in ends if end > visit.called]
        if len(ends) >= counters:
            wanted = f"all {counters} counters are taken then: wanted times of one day, or more counters"
            yield Fault(
                f"{path} row {visit.row} called", f"{visit.called // 3600:02d}:{visit.called // 60 % 60:02d}", wanted
            )
        else:
            ends.append(visit.left)
