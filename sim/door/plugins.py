"""Policies in a file of somebody's own: its text is run as a module once, and nothing is written beside it.

That is the one place where code from outside the program is run, and only from a file that was named for it: never
from one that a scenario or a results folder names.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from sim.faults import BadInput, Fault, nearest
from sim.policies import Policy
from sim.policies.known import checked
from sim.policies.own import called, where

MOST_BYTES = 1_000_000


class _Text(ExecutionLoader):
    """Gives a module the text that was read, and keeps no compiled file of it."""

    def __init__(self, path: str, text: bytes) -> None:
        self._path, self._text = path, text

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 - it has one
        return self._path

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - it has one
        return self._text.decode("utf-8")

    def is_package(self, fullname: str) -> bool:  # noqa: ARG002 - it never is
        return False

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__content__"] = self._text
        super().exec_module(module)


def plugin(path: Path | str) -> dict[str, type[Policy]]:
    """The policies that a Python file defines, by name: ``MyIdea`` is ``my_idea``. Runs the file.

    BadInput, a line a fault, where it cannot be read or run, or where it defines no policy, or one that is none.
    """
    module = _module(Path(path))
    found = {
        called(kind): kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Policy) and kind.__module__ == module.__name__
        if not kind.__name__.startswith("_")
    }
    if not found:
        wanted = "defines no policy: wanted a class of sim.Policy, as in class MyIdea(sim.Policy)"
        raise BadInput([Fault(f"--plugin {path}", "", wanted)])
    try:
        return checked(found)
    except BadInput as error:
        raise BadInput([Fault(f"{path} {one.key}", one.given, one.wanted) for one in error.faults]) from None


def _module(path: Path) -> ModuleType:
    """The module that a file is, the same for the same text."""
    text, at = _read(path), str(path.resolve())
    name = f"motcua_plugin_{hashlib.sha256(at.encode() + text).hexdigest()[:20]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, at, loader=_Text(at, text))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise BadInput([Fault(f"--plugin {path}", "", f"cannot be run{where(error, at)}")]) from error
    return module


def _read(path: Path) -> bytes:
    key = f"--plugin {path}"
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise BadInput([Fault(key, "", f"wanted at most {MOST_BYTES} bytes")])
        text = path.read_bytes()
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput([Fault(key, "", "wanted Python in UTF-8")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        beside = [one.name for one in path.parent.glob("*.py")] if path.parent.is_dir() else []
        near = nearest(path.name, beside)
        raise BadInput([Fault(key, "", f"cannot be read: {reason}", near and str(path.with_name(near)))]) from None
    return text
