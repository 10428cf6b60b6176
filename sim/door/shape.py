"""What the schema knows at a dotted key: the names that exist there, and whether more may be added."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from sim.faults import Fault
from sim.policies.known import known
from sim.scenario import Scenario
from sim.study import Study
from sim.values import Value

STUDY_KEYS = ("seed", "replications", "confidence", "engine", "visits", "stopping", "reporting")

ELSEWHERE = ("out", "workers", "assumptions")

Shape = Any

POLICY: Shape = object()
"""The shape of ``policy``: what is below it are the policies that are known here."""

WHOLE: Shape = {
    **{name: field.annotation for name, field in Scenario.model_fields.items()},
    **{name: Study.model_fields[name].annotation for name in ("targets", *STUDY_KEYS)},
    "policy": POLICY,
}


def elsewhere(name: str) -> Fault:
    """The fault of a key that only the programs' command line takes, never a scenario."""
    return Fault(name, "", f"belongs to the programs' command line, as {name}=…, and to no scenario")


def _origin(shape: Shape) -> object:
    return get_origin(shape)


def alternatives(shape: Shape) -> tuple[Shape, ...]:
    """The members of a union, annotations and None taken off."""
    if _origin(shape) is Annotated:
        return alternatives(get_args(shape)[0])
    if _origin(shape) in (Union, UnionType):
        return tuple(found for member in get_args(shape) for found in alternatives(member))
    return () if shape is type(None) else (shape,)


def _fields(shape: Shape) -> Mapping[str, Shape] | None:
    """Named children of one alternative; None where its children have no fixed names."""
    if shape is POLICY:
        return known()
    if isinstance(shape, dict):
        return shape
    if isinstance(shape, type) and issubclass(shape, Value):
        return {name: field.annotation for name, field in shape.model_fields.items()}
    if _origin(shape) is dict:
        key, entry = get_args(shape)
        literal = next((found for found in alternatives(key) if _origin(found) is Literal), None)
        return dict.fromkeys(get_args(literal), entry) if literal is not None else None
    return None


def _of_kind(shape: Shape, given: object) -> tuple[Shape, ...]:
    """The alternatives that the ``kind`` of a given mapping leaves."""
    found = alternatives(shape)
    kind = given.get("kind") if isinstance(given, dict) else None
    fitting = tuple(one for one in found if kind in kinds(one))
    return fitting or found


def names(shape: Shape, given: object) -> tuple[str, ...]:
    """The names that are valid below ``given``: those of the schema, or those that are there."""
    fields = [name for one in _of_kind(shape, given) for name in _fields(one) or ()]
    there = [name for name in given if isinstance(name, str)] if isinstance(given, dict) else []
    return tuple(dict.fromkeys(fields or there))


def child(shape: Shape, name: str, given: object) -> Shape | None:
    """The shape at ``name`` below ``given``; None where the schema has nothing of that name."""
    for one in _of_kind(shape, given):
        fields = _fields(one)
        if fields is not None and name in fields:
            return fields[name]
        if fields is None and _origin(one) is dict:
            return get_args(one)[1]
        if _origin(one) in (tuple, list) and name.isdecimal():
            return get_args(one)[0]
    return None


def kinds(shape: Shape) -> tuple[str, ...]:
    """The values of ``kind`` that one alternative takes."""
    return get_args((_fields(shape) or {}).get("kind"))


def takes_names(shape: Shape) -> bool:
    """Whether a person names the entries (points, staff, procedures), rather than the schema."""
    return any(_origin(one) is dict and _fields(one) is None for one in alternatives(shape))
