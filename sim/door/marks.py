"""Where every number of a scenario comes from, read from the comments beside the numbers.

A number of a config carries its mark in a comment on its own line: ``# S2 …`` a seed document, ``# V …``
published, ``# W …`` measured, on a ticket log or with a watch, with its 95 % interval where one is known,
``# W [11.2–13.1] …``, ``# O …`` somebody's own figure of their own center, stated and not measured, ``# A …`` an
assumption, with its range where one is known, ``# A [0.1–0.3] …``. A comment holds for every number of its line. What
the command line sets is "given", a number without a mark "unmarked".

Of several ranges in a comment the first is that of the first number of the line, and so on; what follows the last is
without, unless that says ``each``: ``{mon: 1.3, tue: 1.0, wed: 1.0}  # A [1.0–1.5], [0.8–1.2] each``. ``[×0.7–×1.3]``
is relative to the number; ``[×0.5–×2] together`` multiplies all numbers of the line at once. A time of the day has a
range of times: ``until: "19:00"  # A [18:00–20:00]``. An assumption without a range says why: ``# A the rest`` of
shares that sum to 1, which changes with the others, or ``# A fixed: …`` where other values are other questions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, nan
from types import MappingProxyType

from sim.assumed import Assumed
from sim.door.files import nodes
from sim.door.groups import ROOT, groups, package_of, text_here, text_of
from sim.units import MINUTE, clock

_MARK = re.compile(r"(S[0-4]|V|W|O|A)\b[:,]?\s*(.*)")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_RANGES = {
    is_time: re.compile(rf"\[\s*(×?)({end})\s*[–-]\s*×?({end})\s*\](?:\s+(each|together)\b)?")
    for is_time, end in ((False, r"\d[\d.]*"), (True, _TIME))
}
_NUMBERS = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float")}
_COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")


@dataclass(frozen=True)
class Mark:
    """The origin of a number: ``letter`` S0–S4, V, W, O, A, "given" or "unmarked"; low and high if stated.

    ``together``: those are factors by which all numbers of the line are multiplied at once.
    """

    letter: str
    text: str = ""
    range: tuple[float, float] | None = None
    together: bool = False

    @property
    def is_assumption(self) -> bool:
        """Whether it is marked A."""
        return self.letter == "A"

    @property
    def is_measured(self) -> bool:
        """Whether it is marked W and has an interval."""
        return self.letter == "W" and self.range is not None

    @property
    def is_own(self) -> bool:
        """Whether it is marked O."""
        return self.letter == "O"

    @property
    def assumed(self) -> Assumed:
        """The range, and the words without it."""
        words = _RANGES[True].sub(" ", _RANGES[False].sub(" ", self.text))
        words = " ".join(words.split()).strip(",;: ")
        low, high = self.range or (None, None)
        return Assumed(low, high, words, self.together)


GIVEN = Mark("given")
UNMARKED = Mark("unmarked")


def mark_in(line: str, after: int = 0, nth: int = 0, number: float = 1.0, *, is_time: bool = False) -> Mark:
    """The mark in the comment of a line, sought behind the column ``after``, as it is of the ``nth`` number there.

    ``number`` is what a relative range refers to. Times of the day are counted by themselves.
    """
    comment = _COMMENT.search(line[after:])
    found = _MARK.match(comment[1]) if comment else None
    if found is None:
        return UNMARKED
    ranges = list(_RANGES[is_time].finditer(found[2]))
    own = ranges[nth] if nth < len(ranges) else ranges[-1] if ranges and ranges[-1][4] else None
    if own is None:
        return Mark(found[1], found[2].strip())
    together = own[4] == "together"
    factor = number if own[1] and not together else 1.0
    if not isfinite(factor):
        return Mark(found[1], found[2].strip())
    low, high = (clock(end) / MINUTE if is_time else float(f"{factor * float(end):.12g}") for end in (own[2], own[3]))
    return Mark(found[1], found[2].strip(), (low, high), together)


@lru_cache(maxsize=64)
def marks_of(text: str, package: tuple[str, ...] = ()) -> Mapping[str, Mark]:
    """The mark of every number of a YAML text, and of every time of the day that has a range, by dotted key."""
    lines = text.splitlines()
    found: dict[str, Mark] = {}
    seen: Counter[tuple[int, bool]] = Counter()
    for at, node in nodes(text):
        is_time = bool(re.fullmatch(_TIME, node.value))
        if not is_time and node.tag not in _NUMBERS:
            continue
        line, number = node.end_mark.line, 1.0 if is_time else _number(node.value)
        mark = mark_in(lines[line], node.end_mark.column, seen[line, is_time], number, is_time=is_time)
        seen[line, is_time] += 1
        if mark.range or not is_time:
            found[".".join((*package, *at))] = mark
    return MappingProxyType(found)


def _number(text: str) -> float:
    """The number that YAML reads; NaN for one that Python writes otherwise, which no relative range refers to."""
    try:
        return float(text)
    except ValueError:
        return nan


def shipped_marks(chosen: Mapping[str, str | tuple[str, ...]]) -> dict[str, Mark]:
    """The marks of a composition, later files over earlier ones; ``chosen`` is the choice of every group."""
    found = dict(marks_of(text_of(None, ROOT)))
    for group in groups():
        options = chosen.get(group) or ()
        for option in (options,) if isinstance(options, str) else options:
            text = text_here(group, option)
            found |= marks_of(text, package_of(group, text))
    return found
