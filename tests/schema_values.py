"""Values by the schema of a scenario: of the right type at any place, at its bounds, and just beyond them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

At = tuple[str | int, ...]
Form = dict[str, Any]

DEEPEST = 3
KEYS = st.sampled_from(["hall", "land", "certification", "ordinary", "elderly", "paper", "office_hours", "a", "none"])
TIMES = st.sampled_from(["00:00", "07:00", "07:30", "08:00", "11:30", "13:00", "17:00", "24:00"])
DATES = st.sampled_from(["2025-07-01", "2026-06-01", "2026-06-03", "2028-02-29", "0001-01-01", "9999-12-31"])


@cache
def schema() -> Form:
    """The schema that is shipped."""
    return dict(json.loads((files("configs") / "scenario.schema.json").read_text(encoding="utf-8")))


def branches(form: Form) -> Iterator[Form]:
    """The alternatives of a place, references followed."""
    if "$ref" in form:
        yield from branches(schema()["$defs"][form["$ref"].rpartition("/")[2]])
    elif "anyOf" in form or "oneOf" in form:
        for one in form.get("anyOf") or form["oneOf"]:
            yield from branches(one)
    else:
        yield form


def forms_at(at: At) -> list[Form]:
    """What may stand at a place; nothing for one that no scenario has."""
    found = [schema()]
    for part in at:
        found = [inner for form in found for inner in _inside(form, part)]
    return found


def _inside(form: Form, part: str | int) -> Iterator[Form]:
    if isinstance(part, int):
        one = form["prefixItems"][part] if part < len(form.get("prefixItems", ())) else form.get("items")
    else:
        one = form.get("properties", {}).get(part) or _of_any_name(form)
    if isinstance(one, dict):
        yield from branches(one)


def _of_any_name(form: Form) -> Any:
    return next(iter(form.get("patternProperties", {}).values()), form.get("additionalProperties"))


def valued(forms: list[Form], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of one of some forms."""
    return st.one_of([_of(form, depth) for form in forms]) if forms else st.none()


def _of(form: Form, depth: int) -> st.SearchStrategy[Any]:
    if "const" in form or "enum" in form:
        return st.sampled_from(form.get("enum") or [form["const"]])
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "integer": lambda: _bounded(form, whole=True),
        "number": lambda: _bounded(form, whole=False),
        "boolean": st.booleans,
        "string": lambda: _text(form),
        "array": lambda: _array(form, depth),
        "object": lambda: _object(form, depth),
    }
    return kinds.get(str(form.get("type")), st.none)()


def _bounded(form: Form, *, whole: bool) -> st.SearchStrategy[Any]:
    """At the bounds, beyond them by one or the least, and between: small more often than large."""
    low: Any = form.get("minimum", form.get("exclusiveMinimum", -10))
    high: Any = form.get("maximum", form.get("exclusiveMaximum", 10**6))
    near = min(high, low + 20)
    if whole:
        return st.one_of(st.sampled_from([low, high, low - 1, high + 1]), *[st.integers(low, near)] * 4)
    inside = st.floats(float(low), float(near), allow_nan=False, allow_subnormal=False)
    return st.one_of(st.sampled_from([float(low), float(high), low - 1e-9, high + 1e-9]), *[inside] * 4)


def _text(form: Form) -> st.SearchStrategy[str]:
    if form.get("format") == "date":
        return DATES
    pattern = form.get("pattern", "")
    if "-" in pattern.replace("a-z", "").replace("0-9", "") and "d" in pattern:
        return st.builds(lambda one, other: f"{min(one, other)}-{max(one, other)}", TIMES, TIMES)
    if "d" in pattern:
        return TIMES
    return KEYS if pattern else st.one_of(KEYS, st.text(max_size=12))


def _array(form: Form, depth: int) -> st.SearchStrategy[Any]:
    if "prefixItems" in form:
        return st.tuples(*(valued(list(branches(one)), depth + 1) for one in form["prefixItems"])).map(list)
    if depth > DEEPEST:
        return st.just([])
    return st.lists(valued(list(branches(form["items"])), depth + 1), min_size=form.get("minItems", 0), max_size=3)


def _object(form: Form, depth: int) -> st.SearchStrategy[Any]:
    """All that must be there and some that may be."""
    own = form.get("properties", {})
    if not own:
        inner = _of_any_name(form)
        if depth > DEEPEST or not isinstance(inner, dict):
            return st.just({})
        names = valued(list(branches(form["propertyNames"]))) if form.get("propertyNames", {}).get("enum") else KEYS
        return st.dictionaries(names, valued(list(branches(inner)), depth + 1), max_size=2)
    needed = form.get("required", ())
    made = {name: st.deferred(lambda one=one: valued(list(branches(one)), depth + 1)) for name, one in own.items()}  # type: ignore[misc]
    may = {name: one for name, one in made.items() if name not in needed} if depth < DEEPEST else {}
    return st.fixed_dictionaries({name: made[name] for name in needed}, optional=may)
