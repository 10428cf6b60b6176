"""What is wrong with a given scenario: one line a fault, with the key, what was given and what was wanted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

DISAGREEMENT = "disagreement"
_LONGEST = 60
_MOST_LISTED = 12


@dataclass(frozen=True)
class Fault:
    """One thing to put right. ``nearest`` is a valid name close to a mistyped one, or empty."""

    key: str
    given: str
    wanted: str
    nearest: str = ""

    def __str__(self) -> str:
        hint = f" (did you mean {self.nearest}?)" if self.nearest else ""
        given = f"given {self.given}, " if self.given else ""
        return printable(f"{self.key}: {given}{self.wanted}{hint}")


class Unreachable(Exception):
    """Other machines that should work are gone. Exit code 6."""


class Damaged(Exception):
    """A file of results that is not what was written, or that cannot be read any more. Exit code 3."""


class BadInput(Exception):
    """All faults of an input; nothing was written. Exit code 2."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)  # of which a copy is made where a process or another one hands it on
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True)
class Disagreement:
    """A value that is well formed by itself and contradicts another part of the scenario."""

    at: tuple[str | int, ...]
    given: object
    wanted: str
    names: tuple[str, ...] = ()


def nearest(name: str, names: Iterable[str]) -> str:
    """The valid name most like ``name``, or "" where none is near."""
    return next(iter(difflib.get_close_matches(name, list(names), 1, 0.6)), "")


def unknown(key: str, name: str, names: Iterable[str], kind: str = "key") -> Fault:
    """The fault of a name that does not exist; the valid ones are listed if they are few or none is near."""
    known = list(names)
    near = nearest(name, known)
    what = f"unknown {kind}" if key.endswith(name) else f"unknown {kind} {name}"
    listed = known and (not near or len(known) <= _MOST_LISTED)
    return Fault(key, "", f"{what}, wanted one of {', '.join(known)}" if listed else what, near)


def shown(given: object) -> str:
    """A short, printable form of any given value."""
    text = repr(given) if not hasattr(given, "model_dump") else repr(given.model_dump())
    text = printable(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def printable(text: str) -> str:
    """Text with "?" for what would command a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def with_disagreements(title: str, made: Any, error: ValidationError | None, found: Sequence[Disagreement]) -> Any:
    """``made``, or one ValidationError that holds the faults of both passes."""
    if error is None and not found:
        return made
    lines = [_again(entry) for entry in (error.errors() if error else ())]
    known = {line["loc"] for line in lines}
    lines += [_line(entry) for entry in found if entry.at not in known]
    raise ValidationError.from_exception_data(title, lines)


def _again(entry: Any) -> InitErrorDetails:
    context = dict(entry.get("ctx") or {})
    kind = PydanticCustomError(entry["type"], "{text}", {"text": entry["msg"], **_plain(context)})
    return InitErrorDetails(type=kind, loc=entry["loc"], input=entry["input"])


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in context.items() if key != "error"}


def _line(entry: Disagreement) -> InitErrorDetails:
    context = {"wanted": entry.wanted, "names": list(entry.names)}
    kind = PydanticCustomError(DISAGREEMENT, "{wanted}", context)
    return InitErrorDetails(type=kind, loc=entry.at, input=entry.given)
