"""Numbers of a scenario's text replaced in place, with their marks; all else stays as somebody wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.door.files import nodes
from sim.faults import BadInput, Fault

_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_COMMENT = re.compile(r"\s+#.*$")


class Figure(NamedTuple):
    """A number as it is to stand in the file, and the comment that marks it."""

    text: str
    mark: str


def edited(name: str, text: str, figures: Mapping[str, Figure]) -> str:
    """The text with some figures, by dotted key, in the place of those that stand there.

    A comment marks all numbers of its line. So a line must not hold other numbers, and every key must be there.
    Raises BadInput with a fault for each that is not, under the file's ``name``.
    """
    text = text.replace("\r\n", "\n")
    found = [(".".join(at), node) for at, node in nodes(text)]
    faults = list(_faults(name, found, figures))
    if faults:
        raise BadInput(faults)
    lines: dict[int, list[tuple[str, Any]]] = {}
    for key, node in found:
        lines.setdefault(node.start_mark.line, []).append((key, node))
    for _, here in sorted(lines.items(), reverse=True):
        if any(key in figures for key, _ in here):
            text = _line_edited(text, here, figures)
    return text


def _line_edited(text: str, here: list[tuple[str, Any]], figures: Mapping[str, Figure]) -> str:
    """With the numbers of one line replaced, and its comment."""
    last = max(node.end_mark.index for _, node in here)
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    marks = dict.fromkeys(figures[key].mark for key, _ in here if key in figures)
    tail = _COMMENT.sub("", text[last:end])
    text = f"{text[:last]}{tail}  # {'; '.join(marks)}{text[end:]}"
    for start, stop, new in sorted(
        {(node.start_mark.index, node.end_mark.index, figures[key].text) for key, node in here if key in figures},
        reverse=True,
    ):
        text = text[:start] + new + text[stop:]
    return text


def _faults(name: str, found: list[tuple[str, Any]], figures: Mapping[str, Figure]) -> Iterator[Fault]:
    there = {key: node for key, node in found if node.tag in _NUMBERS}
    places: dict[int, set[str]] = {}
    for key, node in there.items():
        if key in figures:
            places.setdefault(node.start_mark.index, set()).add(figures[key].text)
    for key in figures:
        if key not in there:
            yield Fault(f"{name} {key}", "", "wanted this number in the file itself, as motcua new writes it")
        elif len(places[there[key].start_mark.index]) > 1:
            yield Fault(f"{name} {key}", "", "stands for several numbers: wanted no alias")
    lines = {there[key].start_mark.line for key in figures if key in there}
    for key, node in there.items():
        if key not in figures and node.start_mark.line in lines:
            where = f"{name}:{node.start_mark.line + 1} {key}"
            yield Fault(where, "", "wanted a line of its own: the line's comment is to mark what was measured")
