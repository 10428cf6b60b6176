"""Values of a scenario in few words, and in which of them two scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

MOST_NUMBERS = 20
NOTHING = "–"


def shown(value: object) -> str:
    """A leaf, a list or a mapping on one line; numbers as they were given."""
    match value:
        case None:
            said = NOTHING
        case bool():
            said = "yes" if value else "no"
        case int() | float():
            said = f"{value:,.15g}"
        case {"kind": str(kind), **rest}:
            said = f"{kind.replace('_', ' ')} ({', '.join(f'{name} {shown(entry)}' for name, entry in rest.items())})"
        case Mapping():
            said = f"({', '.join(f'{name} {shown(entry)}' for name, entry in value.items())})"
        case list() | tuple() if len(value) > MOST_NUMBERS:
            said = f"{len(value)} values from {shown(min(value))} to {shown(max(value))}"
        case list() | tuple():
            said = ", ".join(shown(entry) for entry in value)
        case _:
            said = str(value)
    return said or NOTHING


def stated(value: BaseModel, *without: str) -> str:
    """What differs from the defaults of a part of a scenario, in words."""
    said = value.model_dump(mode="json", exclude_defaults=True, exclude=set(without))
    return "; ".join(f"{name} {shown(entry)}" for name, entry in said.items())


def drawn(distribution: Any) -> str:
    """A distribution with its parameters, in minutes."""
    if distribution is None:
        return NOTHING
    if distribution.kind == "deterministic":
        return f"{shown(distribution.mean)} min, always"
    return shown(distribution.model_dump(mode="json"))


def leaves(value: object, at: str = "", *, absent: bool = False) -> Iterator[tuple[str, Any]]:
    """All that is said in a plain value, by dotted key: lists of many numbers or of texts as one.

    With ``absent`` also what is left open, as None.
    """
    match value:
        case None if not absent:
            return
        case Mapping():
            for name, entry in value.items():
                yield from leaves(entry, f"{at}.{name}" if at else str(name), absent=absent)
        case list() if _is_one(value):
            if value:
                yield at, value
        case list():
            for nth, entry in enumerate(value):
                yield from leaves(entry, f"{at}.{nth}", absent=absent)
        case _:
            yield at, value


def _is_one(entries: list[Any]) -> bool:
    return all(isinstance(entry, str) for entry in entries) or (
        len(entries) > MOST_NUMBERS and all(isinstance(entry, int | float) for entry in entries)
    )


def changes(before: object, after: object, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two plain values differ: the key and both, None where one has nothing there."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and before.get("kind") == after.get("kind"):
        for name in dict.fromkeys((*before, *after)):
            yield from changes(before.get(name), after.get(name), f"{at}.{name}" if at else str(name))
    else:
        yield at, before, after
