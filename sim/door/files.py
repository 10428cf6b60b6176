"""A person's own scenario file: plain YAML in, plain values out, with a fault for all that is not plain.

The reader resolves scalars as Hydra does (YAML 1.1 without dates) and refuses what YAML 1.1 is known to
change behind a person's back: times as sexagesimal numbers, ``no`` as a key, octal numbers, keys given
twice. Size, depth and aliases are limited before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.faults import Fault, shown

MOST_BYTES = 1_000_000
_DEEPEST = 30
_MOST_ALIASES = 20
_MOST_NODES = 200_000
_MOST_BITS = 1024
_PREFIX = "tag:yaml.org,2002:"
_PLAIN = {f"{_PREFIX}{name}" for name in ("null", "bool", "int", "float", "str", "seq", "map")}
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_OCTAL = re.compile(r"[-+]?0[0-9_]+")
_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)

Key = tuple[str, ...]


@lru_cache(maxsize=1)
def loader() -> Any:
    """PyYAML's safe loader with dates left as text and ``1e3`` a number, as in Hydra."""
    changed = (f"{_PREFIX}timestamp", f"{_PREFIX}float")
    kept = {
        first: [(tag, pattern) for tag, pattern in rules if tag not in changed]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    made: Any = type("Loader", (yaml.SafeLoader,), {"yaml_implicit_resolvers": kept})
    made.add_implicit_resolver(f"{_PREFIX}float", re.compile(rf"^(?:{_FLOAT.pattern})$"), list("-+0123456789."))
    return made


def own_file(path: Path) -> tuple[dict[str, Any], str, list[Fault]]:
    """The content of a scenario file, its text, and what is wrong with it (then the content is empty)."""
    name = str(path)
    try:
        if not name.isprintable():
            return {}, "", [Fault("center", shown(name), "wanted a file's name without control characters")]
        if path.exists() and not (path.is_file() or path.is_dir()):
            return {}, "", [Fault(name, "", "cannot be read: wanted a file")]
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return {}, "", [Fault(name, "", f"cannot be read: {error.strerror or error}")]
    if len(content) > MOST_BYTES:
        return {}, "", [Fault(name, "", f"wanted a file of at most {MOST_BYTES // 1_000_000} MB")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"byte 0x{content[error.start]:02x} in line {line}"
        return {}, "", [Fault(name, byte, "wanted the encoding UTF-8: save the file as UTF-8")]
    values, faults = plain_values(name, text)
    return (values if not faults else {}), text, faults


def plain_values(name: str, text: str) -> tuple[dict[str, Any], list[Fault]]:
    """The mapping that a YAML text holds, and what is wrong with it."""
    try:
        refused = _too_much(name, text)
        if refused:
            return {}, [refused]
        root = yaml.compose(text, Loader=loader())
    except yaml.MarkedYAMLError as error:
        return {}, [_syntax(name, error)]
    except yaml.YAMLError as error:
        return {}, [Fault(name, "", f"wanted readable text: {' '.join(str(error).split())}")]
    if not isinstance(root, yaml.MappingNode):
        return {}, [Fault(name, "", "wanted keys and values, such as days: 30")]
    reading = _Reading(name)
    made = reading.value(root, ())
    return (made if isinstance(made, dict) else {}), reading.faults


def _syntax(name: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = f":{mark.line + 1}" if mark else ""
    return Fault(f"{name}{line}", "", f"wanted YAML: {error.problem or error.context}")


def _too_much(name: str, text: str) -> Fault | None:
    """The first thing that a scenario never needs, found without building anything."""
    depth = aliases = nodes = documents = 0
    for event in yaml.parse(text, Loader=loader()):
        at = f"{name}:{event.start_mark.line + 1}"
        nodes += isinstance(event, yaml.NodeEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            return Fault(at, shown(tag), "wanted plain values without tags")
        for count, most, what in (
            (depth, _DEEPEST, "levels"),
            (aliases, _MOST_ALIASES, "aliases"),
            (nodes, _MOST_NODES, "values"),
            (documents, 1, "document"),
        ):
            if count > most:
                return Fault(at, "", f"wanted at most {most} {what} in a file")
    return None


class _Reading:
    """Builds plain values from nodes and notes every fault on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self._nodes = 0
        self._scalars = loader()("")

    def fault(self, at: Key, node: Any, given: str, wanted: str) -> None:
        place = f"{self.name}:{node.start_mark.line + 1}"
        self.faults.append(Fault(f"{place} {'.'.join(at)}" if at else place, given, wanted))

    def value(self, node: Any, at: Key) -> Any:
        self._nodes += 1
        if len(at) > _DEEPEST or self._nodes > _MOST_NODES:
            if self._nodes < 2 * _MOST_NODES:
                self.fault(at[:3], node, "", "wanted no aliases that repeat themselves or large parts")
            self._nodes = 2 * _MOST_NODES
            return None
        match node:
            case yaml.MappingNode():
                return self._mapping(node, at)
            case yaml.SequenceNode():
                return [self.value(entry, (*at, str(index))) for index, entry in enumerate(node.value)]
            case _:
                return self._scalar(node, at)

    def _mapping(self, node: Any, at: Key) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, entry in node.value:
            name = self._key(key, at)
            if name in made:
                self.fault((*at, name), key, "", "is given twice: wanted it once")
            elif name:
                made[name] = self.value(entry, (*at, name))
        return made

    def _key(self, node: Any, at: Key) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fault(at, node, "", "wanted a name as a key")
            return ""
        if node.value == "_target_":
            self.fault((*at, node.value), node, "", "_target_ is refused: a scenario holds values, never code")
            return ""
        if node.tag == f"{_PREFIX}merge":
            self.fault((*at, node.value), node, "", "wanted the values themselves instead of a merge key")
            return ""
        self._unquoted(node, (*at, node.value), boolean=True)
        return str(node.value)

    def _scalar(self, node: Any, at: Key) -> Any:
        if "${" in node.value:
            self.fault(at, node, "", "${…} is refused: write the value itself")
        if self._unquoted(node, at, boolean=False) or node.tag not in _PLAIN:
            return None
        made = self._constructed(node)
        if isinstance(made, ValueError):
            self.fault(at, node, shown(node.value), "wanted a number of fewer digits, or quotes around a text")
            return None
        return made

    def _constructed(self, node: Any) -> Any:
        """What YAML reads in a scalar; the error where it takes it for a number and cannot read it."""
        try:
            made = self._scalars.construct_object(node)
        except ValueError as error:
            return error
        long = isinstance(made, int) and made.bit_length() > _MOST_BITS
        return ValueError(f"more than {_MOST_BITS} bits") if long else made

    def _unquoted(self, node: Any, at: Key, *, boolean: bool) -> bool:
        """Whether YAML 1.1 reads something else than what stands there."""
        number = node.tag in {f"{_PREFIX}int", f"{_PREFIX}float"}
        odd = number and (_SEXAGESIMAL.fullmatch(node.value) or _OCTAL.fullmatch(node.value))
        if not odd and not (boolean and node.tag == f"{_PREFIX}bool"):
            return False
        read = self._constructed(node)
        if isinstance(read, ValueError):
            return False
        wanted = f'wanted quotes: "{node.value}" (unquoted, YAML reads it as {read!r})'
        self.fault(at, node, node.value, wanted)
        return True


def nodes(text: str) -> Iterator[tuple[Key, Any]]:
    """Dotted path and node of every scalar of a readable YAML text."""

    def below(node: Any, at: Key) -> Iterator[tuple[Key, Any]]:
        if isinstance(node, yaml.MappingNode):
            for key, entry in node.value:
                yield from below(entry, (*at, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for index, entry in enumerate(node.value):
                yield from below(entry, (*at, str(index)))
        elif isinstance(node, yaml.ScalarNode):
            yield at, node

    yield from below(yaml.compose(text, Loader=loader()), ())
