"""What pydantic found, as faults: one line each, in the words of the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sim.door import shape
from sim.faults import DISAGREEMENT, Fault, nearest, shown, unknown

_QUOTES = ', in quotes (unquoted, YAML reads "no" and "yes" as false and true)'
_WANTED = {
    "float_type": "wanted a number",
    "float_parsing": "wanted a number",
    "int_parsing": "wanted a whole number",
    "bool_parsing": "wanted true or false",
    "int_type": "wanted a whole number",
    "int_from_float": "wanted a whole number",
    "bool_type": "wanted true or false",
    "string_type": "wanted text",
    "dict_type": "wanted keys and values",
    "model_type": "wanted keys and values",
    "model_attributes_type": "wanted keys and values",
    "tuple_type": "wanted a list",
    "list_type": "wanted a list",
    "finite_number": "wanted a finite number",
}
_KEY = r"^[a-z][a-z0-9_]*$"
_NAME = "wanted a name of small letters, digits and _, beginning with a letter"
_BOUNDS = {"greater_than": ("more than", "gt"), "greater_than_equal": ("at least", "ge")}
_BOUNDS |= {"less_than": ("less than", "lt"), "less_than_equal": ("at most", "le")}
_LENGTHS = {
    "too_short": ("at least", "min_length", "entries"),
    "too_long": ("at most", "max_length", "entries"),
    "string_too_long": ("at most", "max_length", "characters"),
}

Path = tuple[str | int, ...]


def complaints(error: ValidationError, data: object, form: shape.Shape, below: Path = ()) -> list[Fault]:
    """The faults of ``data``, whose shape is ``form``, with keys that begin with ``below``.

    Of a union's branches only those are kept whose type the given value has.
    """
    found: dict[tuple[str, str], Fault] = {}
    for entry in _fitting(error.errors(include_url=False), data):
        place = _place(entry, data, form)
        fault = _fault(entry, place, ".".join(str(part) for part in (*below, *place.at)))
        found.setdefault((fault.key, fault.wanted), fault)
    return list(found.values())


def _fitting(entries: Sequence[Any], data: object) -> Iterator[Any]:
    """Without the complaints of a union's branches that do not fit what was given."""
    for entry in entries:
        node = data
        for part in entry["loc"]:
            if isinstance(part, str) and part.startswith(("constrained-", "function-", "dict[")):
                if part.startswith("constrained-") == isinstance(node, dict):
                    break
            elif _is_in(part, node):
                node = node[part]  # type: ignore[index]
        else:
            yield entry


def _is_in(part: str | int, node: object) -> bool:
    match node:
        case dict():
            return part in node
        case list() | tuple():
            return isinstance(part, int) and part < len(node)
        case _:
            return False


@dataclass(frozen=True)
class _Place:
    """A key without pydantic's own marks; the shapes and the value of it and of what holds it."""

    at: Path
    form: shape.Shape
    holder: object
    holder_form: shape.Shape


def _place(entry: Any, data: object, form: shape.Shape) -> _Place:
    at: list[str | int] = []
    node, holder, holder_form = data, data, form
    for index, part in enumerate(entry["loc"]):
        absent = index == len(entry["loc"]) - 1 and entry["type"] in ("missing", DISAGREEMENT)
        known = _is_in(part, node)
        if part != "[key]" and (known or absent):
            at.append(part)
            holder, holder_form = node, form
            form = shape.child(form, str(part), node)
            node = node[part] if known else None  # type: ignore[index]
    return _Place(tuple(at), form, holder, holder_form)


def _fault(entry: Any, place: _Place, key: str) -> Fault:
    context, given = entry.get("ctx") or {}, entry["input"]
    match entry["type"]:
        case "missing":
            return Fault(key, "", "is missing")
        case "extra_forbidden":
            return unknown(key, str(place.at[-1]), shape.names(place.holder_form, place.holder))
        case "literal_error":
            names = _names(context["expected"])
            return Fault(key, shown(given), f"wanted {' or '.join(names)}", nearest(str(given), names))
        case "union_tag_invalid" | "union_tag_not_found":
            return _kind(context.get("tag"), place.form, f"{key}.kind")
        case "disagreement":
            near = nearest(str(given), context["names"])
            return Fault(key, "" if given is None else shown(given), entry["msg"], near)
        case _:
            return Fault(key, "" if isinstance(given, dict) else shown(given), _wanted(entry, context, given))


def _kind(given: str | None, form: shape.Shape, key: str) -> Fault:
    known = tuple(kind for one in shape.alternatives(form) for kind in shape.kinds(one))
    if given is None:
        return Fault(key, "", f"is missing, wanted one of {', '.join(known)}")
    return Fault(key, shown(given), f"wanted one of {', '.join(known)}", nearest(given, known))


def _names(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]


def _wanted(entry: Any, context: dict[str, Any], given: object) -> str:
    kind = entry["type"]
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return f"wanted {words} {_plain(context[name])}"
    if kind in _LENGTHS:
        words, name, what = _LENGTHS[kind]
        return f"wanted {words} {context[name]} {what}"
    if kind == "string_pattern_mismatch":
        return _NAME if context["pattern"] == _KEY else f"wanted text of the form {context['pattern']}"
    if kind in _WANTED:
        return _WANTED[kind] + (_QUOTES if kind == "string_type" and isinstance(given, bool) else "")
    text = str(entry["msg"]).removeprefix("Value error, ")
    return text if "wanted" in text else text[:1].lower() + text[1:]


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else f"{bound:g}"
