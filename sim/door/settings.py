"""Setting values by replacement: the old value goes wholly, nothing of it is left behind."""

from __future__ import annotations

from typing import Any

from sim.door import shape
from sim.door.grammar import Override, said
from sim.faults import Fault, nearest, unknown
from sim.policies.known import known


class Refused(Exception):
    """An override that does not fit the scenario."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class NoSuchPolicy(Refused):
    """A parameter of a policy that this scenario does not have."""


def changed(whole: dict[str, Any], override: Override, value: Any) -> dict[str, Any]:
    """``whole`` after one override; what it does not touch is shared, not copied. Raises Refused."""
    made = _changed(whole, shape.WHOLE, override, value, 0)
    assert isinstance(made, dict)
    return made


def _changed(node: Any, form: shape.Shape, override: Override, value: Any, depth: int) -> Any:
    name, last = override.path[depth], depth == len(override.path) - 1
    if isinstance(node, list):
        return _in_list(node, form, override, value, depth)
    node = {} if node is None else node
    if not isinstance(node, dict):
        at = ".".join(override.path[:depth])
        raise Refused(Fault(override.key, "", f"there is nothing below {at}, which is {said(node)}"))
    _check(node, form, override, depth)
    if last and override.action == "remove":
        _check_removal(override, node[name])
        return {key: entry for key, entry in node.items() if key != name}
    inner = shape.child(form, name, node)
    return {**node, name: value if last else _changed(node.get(name), inner, override, value, depth + 1)}


def _in_list(node: list[Any], form: shape.Shape, override: Override, value: Any, depth: int) -> list[Any]:
    name, last = override.path[depth], depth == len(override.path) - 1
    if not name.isdecimal() or int(name) >= len(node):
        raise Refused(Fault(override.key, name, f"wanted a position from 0 to {len(node) - 1}"))
    at, inner = int(name), shape.child(form, name, node)
    if last and override.action == "remove":
        return node[:at] + node[at + 1 :]
    return [
        *node[:at],
        value if last else _changed(node[at], inner, override, value, depth + 1),
        *node[at + 1 :],
    ]


def _check(node: dict[str, Any], form: shape.Shape, override: Override, depth: int) -> None:
    """Raise Refused unless the name exists where it must, and is new where it must be."""
    name, last = override.path[depth], depth == len(override.path) - 1
    present, adds = name in node, override.action in ("add", "force") and last
    if form is shape.POLICY and name in known() and not present and not adds:
        wanted = f"wanted policy={name} with it: no scenario here has this policy"
        raise NoSuchPolicy(Fault(override.key, _given(override), wanted))
    if shape.takes_names(form):
        if present and last and override.action == "add":
            raise Refused(Fault(override.key, "", f"is there already: to change it, write {override.key}=…"))
        if not present and not adds:
            raise Refused(_unknown_entry(node, override, depth))
    elif form is shape.WHOLE and name in shape.ELSEWHERE:
        raise Refused(shape.elsewhere(name))
    elif not present and (shape.child(form, name, node) is None or override.action == "remove"):
        raise Refused(_unknown(node, form, override, depth))


def _given(override: Override) -> str:
    return override.text.partition("=")[2]


def _unknown(node: dict[str, Any], form: shape.Shape, override: Override, depth: int) -> Fault:
    name = override.path[depth]
    known = tuple(node) if override.action == "remove" else shape.names(form, node)
    return unknown(override.key, name, known)


def _unknown_entry(node: dict[str, Any], override: Override, depth: int) -> Fault:
    name, there = override.path[depth], ", ".join(node) or "none yet"
    at = ".".join(override.path[: depth + 1])
    add = "" if override.action == "remove" else f", or a new one as +{at}={{…}}"
    return Fault(override.key, "", f"unknown name {name}, wanted one of {there}{add}", nearest(name, node))


def _check_removal(override: Override, there: object) -> None:
    wanted = override.values[0]
    if "=" in override.text and wanted != there:
        raise Refused(Fault(override.key, said(wanted), f"is {said(there)}: to remove it, write ~{override.key}"))
