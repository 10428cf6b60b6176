"""Where every number of a scenario comes from, read from the comments beside the numbers.

A number of a config carries its mark in a comment on its own line: ``# S2 …`` a seed document, ``# V …``
published, ``# W …`` measured, on a ticket log or with a watch, ``# O …`` somebody's own figure of their own center,
stated and not measured, ``# A …`` an assumption, with its range where one is known, ``# A [0.1–0.3] …``. A comment
holds for every number of its line. What the command line sets is "given", a number without a mark "unmarked".

The rule of what is an input: every number of the scenario and of its policies, except those that shape
the study and not the center: ``days``, ``warmup_days``, ``seed``, ``replications``, ``confidence``, ``stopping``,
everything below ``targets`` (promises, not facts) and ``observed`` (what a run is compared with), and every
``rank`` (an order, not a quantity).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.door.files import nodes
from sim.door.groups import ROOT, groups, package_of, text_of

OF_THE_STUDY = {"days", "warmup_days", "seed", "replications", "confidence", "stopping"}
NOT_INPUTS = frozenset({*OF_THE_STUDY, "targets", "observed", "sweep"})
_MARK = re.compile(r"(S[0-4]|V|W|O|A)\b[:,]?\s*(.*)")
_RANGE = re.compile(r"\[\s*(\d[\d.]*)\s*[–-]\s*(\d[\d.]*)\s*\]")
_COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")


@dataclass(frozen=True)
class Mark:
    """The origin of a number: ``letter`` S0–S4, V, W, O, A, "given" or "unmarked"; low and high if stated."""

    letter: str
    text: str = ""
    range: tuple[float, float] | None = None

    @property
    def is_assumption(self) -> bool:
        """Whether it is marked A."""
        return self.letter == "A"

    @property
    def is_own(self) -> bool:
        """Whether it is marked O."""
        return self.letter == "O"


GIVEN = Mark("given")
UNMARKED = Mark("unmarked")


def mark_in(line: str, after: int = 0) -> Mark:
    """The mark in the comment of a line, sought behind the column ``after``."""
    comment = _COMMENT.search(line[after:])
    found = _MARK.match(comment[1]) if comment else None
    if found is None:
        return UNMARKED
    bounds = _RANGE.search(found[2])
    return Mark(found[1], found[2].strip(), (float(bounds[1]), float(bounds[2])) if bounds else None)


def marks_of(text: str, package: tuple[str, ...] = ()) -> dict[str, Mark]:
    """The mark of every number of a YAML text, by dotted key."""
    lines = text.splitlines()
    numbers = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float")}
    return {
        ".".join((*package, *at)): mark_in(lines[node.end_mark.line], node.end_mark.column)
        for at, node in nodes(text)
        if node.tag in numbers
    }


def shipped_marks(chosen: Mapping[str, str | tuple[str, ...]]) -> dict[str, Mark]:
    """The marks of a composition, later files over earlier ones; ``chosen`` is the choice of every group."""
    found = marks_of(text_of(None, ROOT))
    for group in groups():
        options = chosen.get(group) or ()
        for option in (options,) if isinstance(options, str) else options:
            text = text_of(group, option)
            found |= marks_of(text, package_of(group, text))
    return found


def is_input(key: str) -> bool:
    """Whether a number at a dotted key is a fact about the center or a policy, by the rule above."""
    parts = key.split(".")
    return parts[0] not in NOT_INPUTS and parts[-1] != "rank"
