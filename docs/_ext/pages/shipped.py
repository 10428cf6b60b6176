"""What ships in ``configs/``: centers, policies, questions, and every number with its mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import yaml

import sim
from experiments.usage import question
from sim.door import groups
from sim.door.files import nodes
from sim.door.groups import ROOT, package_of, text_of
from sim.door.marks import Mark, marks_of
from sim.policies import POLICIES
from sim.units import clock_text, milliseconds

from .markdown import code, plain, table, told

_OPEN = {"NAME": r"[^.]+", "N": r"\d+"}


class Number(NamedTuple):
    """A number of a shipped file: which file, its dotted key, its text and its mark."""

    file: str
    key: str
    value: str
    mark: Mark


@cache
def shipped() -> tuple[Number, ...]:
    """All of them, file by file."""
    files = [(None, ROOT), *((group, option) for group, options in groups().items() for option in options)]
    return tuple(number for group, option in files for number in _numbers(group, option))


def _numbers(group: str | None, option: str) -> Iterator[Number]:
    text = text_of(group, option)
    package = package_of(group, text)
    values = {".".join((*package, *at)): node.value for at, node in nodes(text)}
    for key, mark in marks_of(text, package).items():
        yield Number(f"{group}/{option}" if group else option, key, values[key], mark)


def numbers_at(pattern: str, *, deep: bool = False) -> list[Number]:
    """The shipped numbers at a key whose names and places in lists are left open; ``deep``: all below it too."""
    key = r"\.".join(_OPEN.get(part, re.escape(part)) for part in pattern.split("."))
    wanted = re.compile(key + r"(\..+)?" if deep else key)
    return [number for number in shipped() if wanted.fullmatch(number.key)]


def said(found: Sequence[Number]) -> str:
    """What the shipped files say at a key: one value with mark and range, or between which they lie."""
    if not found:
        return ""
    values = sorted({number.value for number in found}, key=_order)
    letters = ", ".join(sorted({_letter(number.mark) for number in found}))
    all_or_ends = ", ".join(values) if len(values) < 4 else f"{values[0]} to {values[-1]}"
    ranges = {range_of(number) for number in found}
    only = f" {plain(ranges.pop())}" if len(ranges) == 1 else ""
    return f"{all_or_ends}: {letters}{only}"


def said_by_part(path: str, found: Sequence[Number]) -> str:
    """The same of a distribution at a key, part by part: its mean, cv, values."""
    parts: dict[str, list[Number]] = {}
    for number in found:
        parts.setdefault(number.key.split(".")[path.count(".") + 1], []).append(number)
    return "; ".join(f"{part} {said(numbers)}" for part, numbers in parts.items())


def _order(value: str) -> float:
    """Where a number, or a time of the day, stands among its like."""
    return float(value.replace(":", ""))


def _letter(mark: Mark) -> str:
    return mark.letter if len(mark.letter) <= 2 else "no mark"


def range_of(number: Number) -> str:
    """The range of a number as it would be written, "" without one."""
    mark = number.mark
    if mark.range is None:
        return ""
    low, high = mark.range
    if ":" in number.value:
        return f"[{clock_text(milliseconds(low))}–{clock_text(milliseconds(high))}]"
    return f"[×{low:g}–×{high:g}] together" if mark.together else f"[{low:.12g}–{high:.12g}]"


def numbers() -> str:
    """Every number, a table a file."""
    by_file: dict[str, list[Number]] = {}
    for number in shipped():
        by_file.setdefault(number.file, []).append(number)
    lines = []
    for file, found in by_file.items():
        rows = [[code(n.key), n.value, _letter(n.mark), plain(range_of(n)), _words(n.mark)] for n in found]
        lines += [f"## `configs/{file}.yaml`", "", table(["key", "value", "mark", "range", "words"], rows, "keys"), ""]
    return "\n".join(lines)


def _words(mark: Mark) -> str:
    return plain(mark.assumed.words)


def head_of(group: str, option: str) -> str:
    """What a shipped file says of itself in the comments at its top."""
    lines = []
    for line in text_of(group, option).splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# @package"):
            lines.append(line.lstrip("# "))
    return " ".join(lines)


def centers() -> str:
    """The centers, with what is offered to them over what they can do."""
    rows = []
    for option in groups()["center"]:
        study = sim.load([f"center={option}"])
        sheet = sim.load_sheet(study.scenario)
        counters = sum(point.counters for point in study.scenario.points.values())
        said = head_of("center", option).removeprefix(f"center={option}: ")
        known = f"{study.assumptions} of {study.inputs}"
        rows.append([code(f"center={option}"), plain(said), str(counters), f"{sheet.load:.2f}", known])
    return table(["center", "what it is", "counters", "load", "assumptions of inputs"], rows)


def policies() -> str:
    """The policies, each with its command, what it does, and its parameters."""
    from . import keys

    lines = []
    for name, policy in POLICIES.items():
        command, _, said = head_of("policy", name).partition(": ")
        lines += [f"## {code(name)}", "", f"{code(command)}: {plain(said)}" if said else code(command), ""]
        lines += [told(policy.__doc__), ""]
        node = {"$ref": f"#/$defs/{policy.__name__}"}
        values = dict(_values(yaml.safe_load(text_of("policy", name)), f"policy.{name}"))
        for section in keys.below(f"policy.{name}", node):
            under = f"### {code(section.path)}\n\n{told(section.says)}" if section.model != policy.__name__ else ""
            lines += [under, "", keys.keys_of(section, values) if section.rows else "It has no parameters.", ""]
    return "\n".join(lines)


def _values(given: Any, at: str) -> Iterator[tuple[str, Any]]:
    """All that a file says, by dotted key: whole sections, and what is in them."""
    for name, value in given.items():
        yield f"{at}.{name}", value
        if isinstance(value, dict):
            yield from _values(value, f"{at}.{name}")


def questions() -> str:
    """The questions that ship, each with the command that asks it."""
    rows = [[code(f"motcua run +experiment={name}"), plain(question(name))] for name in groups()["experiment"]]
    return table(["command", "question"], rows)
