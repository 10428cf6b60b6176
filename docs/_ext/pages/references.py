"""References of docstrings: to what has no page, and how the arguments of a class are shown."""

from __future__ import annotations

import inspect
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def found(_: Sphinx, __: BuildEnvironment, node: pending_xref, shown: Element) -> Element | None:
    """The text of a reference to a name of the program that exists and has no page, or of a type in a signature.

    None, so that it is a warning, for all else: a name of ours that is none, a page, a heading.
    """
    if node.get("refdomain") != "py":
        return None
    of_a_signature = "refexplicit" not in node
    return shown if of_a_signature or exists(str(node["reftarget"])) else None


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return _has(thing, parts[length:])
    return False


def _has(thing: Any, names: list[str]) -> bool:
    for name in names:
        if not hasattr(thing, name):
            return isinstance(thing, type) and name in getattr(thing, "__annotations__", {})
        thing = getattr(thing, name)
    return True


class Written(str):
    """An annotation as it is written in the program."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def signature(
    _: Sphinx, what: str, __: str, thing: Any, ___: object, ____: str | None, _____: str | None
) -> tuple[str, str] | None:
    """Arguments with their types as they are written; of what is written as keys of a scenario their page has them."""
    if what == "class" and isinstance(thing, type) and issubclass(thing, BaseModel | Enum):
        return "", ""
    if what not in {"function", "method", "class"}:
        return None
    made = inspect.signature(thing)
    given = [one.replace(annotation=_written(one.annotation)) for one in made.parameters.values()]
    own = given[1:] if what == "method" else given
    result = "" if what == "class" else str(_written(made.return_annotation))
    return str(made.replace(parameters=own, return_annotation=inspect.Signature.empty)), result


def _written(annotation: Any) -> Any:
    return Written(annotation) if isinstance(annotation, str) else annotation
