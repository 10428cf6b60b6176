"""Every key of a scenario, from the JSON Schema that checks it, with what the shipped files say there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from sim.door import groups, schema
from sim.door.groups import ADDED
from sim.looks import Stopping
from sim.policies import POLICIES
from sim.report.stress_des.units import unit_at
from sim.reporting import Reporting
from sim.scenario import Scenario
from sim.study import Study
from sim.targets import Targets

from . import shipped
from .markdown import code, plain, table, told

Node = dict[str, Any]
NAME, NTH, ROOT = "NAME", "N", ""
NO_LIMIT = 1e12
ELSEWHERE = {"policy", "defaults"}
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
}
HEADS = ("key", "what it takes", "unit", "default", "in the shipped files")


@dataclass(frozen=True)
class Section:
    """The keys below one path: a model of the schema with what it says of itself."""

    path: str
    model: str
    says: str
    rows: list[tuple[str, Node, bool]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The ``kind`` that says that it is this model, where there is one."""
        return next((node["const"] for key, node, _ in self.rows if key == "kind" and "const" in node), "")


@cache
def whole() -> Node:
    """The schema that ships."""
    return schema()


class _WithMade(GenerateJsonSchema):
    """A schema that has the defaults which are made, too; of models no more than is said there."""

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> Any:
        if "default_factory" not in schema:
            return super().get_default_value(schema)
        made = cast("Callable[[], Any]", schema["default_factory"])()
        return TypeAdapter(Any).dump_python(made, mode="json", exclude_unset=True)


@cache
def models() -> dict[str, Node]:
    """The models by name, with their keys without a default and the defaults of all others: a file's schema has not."""
    given: list[type[BaseModel]] = [Scenario, Targets, Stopping, Reporting, *POLICIES.values()]
    _, shared = models_json_schema([(one, "validation") for one in given], schema_generator=_WithMade)
    found: dict[str, Node] = shared["$defs"]
    of_root = [*found["Scenario"]["required"], *Study.model_json_schema()["required"]]
    return {**found, ROOT: {**found["Scenario"], "required": of_root}}


def scenario() -> str:
    """The reference: the root, then a heading for each root key that has keys of its own, then distributions."""
    top, *inner = sections()
    lines = ["## The root", "", keys_of(top), "", "## `defaults`", "", _chosen(), ""]
    for section in inner:
        level = "##" if "." not in section.path else "###"
        of_kind = f" with `kind: {section.kind}`" if section.kind else ""
        lines += [f"{level} {code(section.path)}{of_kind}", "", told(section.says), "", keys_of(section), ""]
    lines += ["(distributions)=", "## Distributions", "", "Where a key takes a distribution, `kind` says which.", ""]
    for name in _distributions():
        one = of_model("", name)
        lines += [f"### `kind: {one.kind}`", "", told(one.says), "", keys_of(one), ""]
    return "\n".join(lines)


def sections() -> list[Section]:
    """The root, then all models below it; not the policies, which have a page of their own."""
    keys = {key: node for key, node in whole()["properties"].items() if key not in ELSEWHERE}
    inner = [section for key, node in keys.items() for section in below(key, node)]
    return [Section("", ROOT, "", [(key, node, _must(ROOT, key)) for key, node in keys.items()]), *inner]


def _chosen() -> str:
    """What a file may begin from: a list of entries ``GROUP: CHOICE``."""
    known = {group: options for group, options in groups().items() if group != ADDED}
    rows = [[code(f"defaults.{NTH}.{group}"), ", ".join(map(code, options))] for group, options in known.items()]
    return "A list, of which each entry takes a file of `configs/` to begin from.\n\n" + table(["key", "one of"], rows)


def _must(model: str, key: str) -> bool:
    return key in models()[model].get("required", ())


def of_model(path: str, name: str) -> Section:
    """A model of the schema as it is at a path."""
    node = whole()["$defs"][name]
    rows = [(key, one, _must(name, key)) for key, one in node.get("properties", {}).items()]
    return Section(path, name, node.get("description", ""), rows)


def below(path: str, node: Node) -> Iterator[Section]:
    """All models at a path and below, in their order; distributions are told once, elsewhere."""
    for name, at in _models(path, node):
        section = of_model(at, name)
        yield section
        for key, one, _ in section.rows:
            yield from below(f"{at}.{key}", one)


def _models(path: str, node: Node) -> Iterator[tuple[str, str]]:
    if "$ref" in node:
        yield node["$ref"].rpartition("/")[2], path
        return
    if is_distribution(node):
        return
    for one in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _models(path, one)
    for one in _entries(node):
        yield from _models(f"{path}.{NAME}", one)
    if isinstance(node.get("items"), dict):
        yield from _models(f"{path}.{NTH}", node["items"])


def _entries(node: Node) -> list[Node]:
    """What the entries of a mapping with names of one's own are."""
    more = node.get("additionalProperties")
    return [*node.get("patternProperties", {}).values(), *([more] if isinstance(more, dict) else [])]


@cache
def _distributions() -> tuple[str, ...]:
    """The models that a distribution may be: those of ``patience``."""
    found = next(one for one in whole()["properties"]["patience"]["anyOf"] if "oneOf" in one)
    return tuple(one["$ref"].rpartition("/")[2] for one in found["oneOf"])


def is_distribution(node: Node) -> bool:
    """Whether a key takes a distribution, or none."""
    several = node.get("oneOf") or next((one["oneOf"] for one in node.get("anyOf", ()) if "oneOf" in one), ())
    return [one.get("$ref", "").rpartition("/")[2] for one in several] == list(_distributions())


def keys_of(section: Section, given: Mapping[str, Any] = MappingProxyType({})) -> str:
    """The keys of a section as a table, by their whole path; ``given``: values that stand in the place of defaults."""
    rows = []
    for key, node, must in section.rows:
        path = f"{section.path}.{key}" if section.path else key
        known = models()[section.model]["properties"].get(key, node)
        value = _as_given(given[path]) if path in given else default(known, must)
        words = [plain(node["description"])] if section.model == ROOT else []
        takes_it = " ".join([*words, takes(path, node)])
        rows.append([code(path), takes_it, plain(unit_at(path)), value, in_files(path, node)])
    return table(HEADS, rows, "keys")


def in_files(path: str, node: Node) -> str:
    """What the shipped files say at a key: of a distribution part by part, of a mapping or list of numbers in all."""
    found = numbers_of(path, node)
    return shipped.said_by_part(path, found) if is_distribution(node) else shipped.said(found)


def numbers_of(path: str, node: Node) -> list[shipped.Number]:
    """The shipped numbers that the row of a key tells of: what has rows of its own below it has them there."""
    return shipped.numbers_at(path, deep=is_distribution(node) or not any(_models(path, node)))


def default(node: Node, must: bool) -> str:
    """The value of a key that is not given."""
    if "const" in node:
        return ""
    if must:
        return "to be given"
    return _as_given(node["default"]) if node.get("default", {}) != {} else "empty"


def _as_given(value: Any) -> str:
    return code(json.dumps(value, ensure_ascii=False))


def takes(path: str, node: Node) -> str:
    """What a key takes, in words."""
    if is_distribution(node):
        return "[a distribution](#distributions)" + (", or null" if "anyOf" in node else "")
    if "$ref" in node:
        return f"keys below {code(path)}"
    several = node.get("anyOf") or node.get("oneOf")
    if several:
        return ", or ".join(dict.fromkeys(takes(path, one) for one in several))
    if "const" in node:
        return code(node["const"])
    if "enum" in node:
        return f"one of {', '.join(map(code, node['enum']))}"
    return _of_type(path, node)


def _of_type(path: str, node: Node) -> str:
    match node.get("type"):
        case "array" if "items" in node:
            return f"a list: {takes(f'{path}.{NTH}', node['items'])}"
        case "object":
            names = ", ".join(map(code, node.get("propertyNames", {}).get("enum", ())))
            return f"by name{names and f', one of {names}'}: {takes(f'{path}.{NAME}', _entries(node)[0])}"
        case "integer" | "number" as kind:
            return f"{_TYPES[kind]}{_bounds(node)}"
        case "string":
            return _text(node)
        case kind:
            return _TYPES[str(kind)]


def _text(node: Node) -> str:
    if node.get("format") == "date":
        return "a date, as 2026-06-01"
    words = {r"^\d\d": 'a span, as "07:30-11:30"', r"^([01]": 'a quoted time, as "07:30"', "^[a-z]": "a plain name"}
    return next((said for start, said in words.items() if node.get("pattern", "").startswith(start)), "text")


def _bounds(node: Node) -> str:
    low = f"from {node['minimum']:.12g}" if "minimum" in node else ""
    above = f"above {node['exclusiveMinimum']:.12g}" if "exclusiveMinimum" in node else ""
    most = node.get("maximum", NO_LIMIT)
    high = f"to {most:.12g}" if most < NO_LIMIT else ""
    below_ = f"below {node['exclusiveMaximum']}" if "exclusiveMaximum" in node else ""
    said = " ".join(part for part in (low, above, high, below_) if part and part != f"from {-NO_LIMIT:g}")
    return f", {said}" if said else ""
