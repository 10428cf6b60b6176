"""Parts of a scenario as it was given, valid or not: what is not there, or is no section, is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.faults import Disagreement


def part(whole: object, name: str) -> Any:
    """An entry of a section or a field of a value; None where there is none."""
    return whole.get(name) if isinstance(whole, Mapping) else getattr(whole, name, None)


def entries(data: object, section: str) -> list[tuple[str, Any]]:
    """The entries of a section by their names."""
    found = part(data, section)
    return [(str(name), entry) for name, entry in found.items()] if isinstance(found, Mapping) else []


def names_in(listed: object) -> list[str]:
    """The names in a list."""
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list | tuple) else []


def fields_of(data: object) -> list[str]:
    """The fields of work that procedures name, those of their steps in the back office last."""
    own = [part(entry, "field") or name for name, entry in entries(data, "procedures")]
    steps = [step for _, entry in entries(data, "procedures") for step in steps_of(entry)]
    return [*own, *(field for step in steps if isinstance(field := part(step, "field"), str))]


def steps_of(procedure: object) -> list[Any]:
    """The steps of a procedure in the back office."""
    steps = part(part(procedure, "processing"), "steps")
    return list(steps) if isinstance(steps, list | tuple) else []


def unknown_names(data: object, listed: str, known: list[str], kind: str) -> Iterator[Disagreement]:
    """Names that groups of officials list and the scenario does not have."""
    for group, entry in entries(data, "staff"):
        for position, name in enumerate(names_in(part(entry, listed))):
            if name not in known:
                yield not_one_of(("staff", group, listed, position), name, known, kind)


def not_one_of(at: tuple[str | int, ...], name: str, known: list[str], kind: str) -> Disagreement:
    """A name that is none of those known."""
    wanted = f"wanted a {kind} of this scenario: {', '.join(known) or 'none is defined'}"
    return Disagreement(at, name, wanted, tuple(known))
