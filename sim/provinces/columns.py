"""The columns of a table of centers: what each is called, what may stand in it, and what it changes.

A column whose name is a key of a scenario (``staff.justice.count``, ``demand``) sets that key, by the grammar of the
command line; an empty cell leaves what the scenario says. Columns of names of their own:

==============  ====================================================================================================
``name``        required; the name of the center, each once
``kind``        its scenario: a shipped center or a PATH.yaml beside the table; without it, ``center=`` of the command
``per_day``     people, or dossiers, as its scenario counts them, of a mean working day: ``arrivals.per_day``
``population``  residents; instead of ``per_day``, which is population · ``per_1000`` / 1000
``per_1000``    people at the hall for 1,000 residents on a mean working day; 1 without it
``counters``    counters at the scenario's first point
``officials``   officials at counters, dealt out to the groups in the proportions of the scenario, one each at least
``travel_min``  minutes of the way to the first point, one way, on average
``closed``      yes: nobody is received there, and nobody is sent there; the others keep their numbers
==============  ====================================================================================================

Either ``per_day`` or ``population`` is required.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sim.faults import Fault, nearest, unknown
from sim.scenario import Scenario

PER_1000 = 1.0
LONGEST_NAME = 200
SHARED = ("name", "start", "days", "warmup_days", "opening", "observed")
"""What is the same for all centers of a province, or no setting."""
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}([.,  ]\d{3})+", re.ASCII)
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


class Wrong(Exception):
    """What is wanted in a cell instead of what stands in it; a near name, if there is one."""

    def __init__(self, wanted: str, near: str = "") -> None:
        super().__init__(wanted)
        self.near = near


def number(text: str) -> float:
    """A number from 0 on, with a decimal point. Raises Wrong."""
    if _NUMBER.fullmatch(text):
        value = float(text)
        if 0 <= value <= 1e12:
            return value
        raise Wrong("wanted a number from 0 on")
    if _COMMA.fullmatch(text):
        raise Wrong(f"wanted a decimal point, {text.replace(',', '.')}, and no separators of thousands")
    raise Wrong("wanted a number such as 12 or 12.5")


def positive(text: str) -> float:
    """A number above 0. Raises Wrong."""
    value = number(text)
    if value == 0:
        raise Wrong("wanted more than 0; a center that receives nobody has yes in the column closed")
    return value


def whole(text: str) -> int:
    """A whole number from 1 on. Raises Wrong."""
    if not (text.isascii() and text.isdecimal()):
        if _GROUPED.fullmatch(text):
            raise Wrong(f"wanted a whole number without separators, {re.sub(r'[^0-9]', '', text)}")
        number(text)
        raise Wrong("wanted a whole number")
    if not 1 <= int(text) <= 1_000_000_000:
        raise Wrong("wanted a whole number from 1 on")
    return int(text)


def flag(text: str) -> bool:
    """Yes or no; nothing is no. Raises Wrong."""
    if text.lower() not in _YES:
        raise Wrong("wanted yes or no", nearest(text.lower(), ("yes", "no")))
    return _YES[text.lower()]


def name(text: str) -> str:
    """A name. Raises Wrong."""
    if not text:
        raise Wrong("is empty: wanted the name of a center")
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise Wrong(f"wanted a printable name of at most {LONGEST_NAME} characters")
    return text


NAMED: dict[str, Callable[[str], Any]] = {
    "name": name,
    "kind": str,
    "per_day": positive,
    "population": whole,
    "per_1000": positive,
    "counters": whole,
    "officials": whole,
    "travel_min": positive,
    "closed": flag,
}
"""The columns of names of their own, and what reads their cells."""


def is_key(column: str) -> bool:
    """Whether a column sets a key of the scenario."""
    root = column.partition(".")[0]
    return root in Scenario.model_fields and root not in SHARED


def header_faults(place: str, columns: list[str]) -> list[Fault]:
    """What is wrong with the names of the columns."""
    faults = []
    known = (*NAMED, *(key for key in Scenario.model_fields if key not in SHARED))
    for nth, column in enumerate(columns, 1):
        if not column:
            faults.append(Fault(f"{place} column {nth}", "", "has no name"))
        elif column not in NAMED and not is_key(column):
            faults.append(_unknown(place, column, known))
    doubled = dict.fromkeys(column for column in columns if column and columns.count(column) > 1)
    faults += [Fault(f"{place} {column}", "", "is there twice: wanted it once") for column in doubled]
    faults += [
        Fault(place, "", f"the column {' or '.join(some)} is missing", _near(some, columns))
        for some in (("name",), ("per_day", "population", "arrivals.per_day"))
        if not any(one in columns for one in some)
    ]
    both = [one for one in ("per_day", "population") if one in columns]
    if len(both) == 2:
        faults.append(Fault(place, "per_day and population", "wanted one of them: both say how many come"))
    if "per_1000" in columns and "population" not in columns:
        faults.append(Fault(f"{place} per_1000", "", "wanted the column population with it"))
    return faults


def _unknown(place: str, column: str, known: tuple[str, ...]) -> Fault:
    if column.partition(".")[0] in SHARED:
        return Fault(f"{place} {column}", "", "is the same for all centers: wanted it on the command line")
    found = unknown(f"{place} {column}", column, known, "column")
    wanted = f"unknown column, wanted one of {', '.join(NAMED)}, or a key such as staff.justice.count"
    return Fault(found.key, "", wanted, found.nearest)


def _near(wanted: tuple[str, ...], columns: list[str]) -> str:
    """The column that was perhaps meant, as it should be written."""
    unread = [column.lower() for column in columns if column not in NAMED and not is_key(column)]
    return next((one for one in wanted if nearest(one, unread)), "")
