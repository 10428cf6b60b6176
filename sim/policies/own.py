"""Policies that somebody else wrote: what is asked of their classes, of what they do, and what tells versions apart.

Those that ship are known to be sound by their tests. One from a notebook, a file or an installed package is looked at
when it is named and when it is first applied, and what is wrong with it is told in a line.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import sys
import traceback
from collections.abc import Container
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import PydanticUserError, ValidationError

from sim.faults import Fault, shown
from sim.policies.policy import Policy
from sim.scenario import Scenario
from sim.streams import Stream

_COMMENT = re.compile(r"^\s+(\w+)\s*:[^#=\n]*=[^#\n]*?(\s+#.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def is_own(kind: type[Policy]) -> bool:
    """Whether a policy does not ship with the program."""
    return kind.__module__.partition(".")[0] != "sim"


def called(kind: type[Policy]) -> str:
    """The name by which a class of a file is chosen: ``MyIdea`` is ``my_idea``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind.__name__).lower()


def faults_of(name: str, kind: Any, shipped: Container[str] = ()) -> list[Fault]:
    """What keeps a class from being a policy of a name; ``shipped``: the names that are taken."""
    at = f"policy {name}"
    if name in shipped:
        return [Fault(at, "", "is the name of a policy that ships: wanted another name")]
    if not _NAME.fullmatch(name):
        return [Fault(at, "", "wanted a name of small letters, digits and _, beginning with a letter")]
    if not (isinstance(kind, type) and issubclass(kind, Policy)):
        return [Fault(at, shown(kind), "wanted a subclass of sim.Policy")]
    if inspect.isabstract(kind):
        return [Fault(at, "", f"wanted a method apply(self, scenario) in {kind.__name__}")]
    return _parameter_faults(at, kind)


def _parameter_faults(at: str, kind: type[Policy]) -> list[Fault]:
    """What is wrong with the streams and the defaults of a policy."""
    if not (set(kind.streams) <= set(Stream)):
        return [Fault(at, shown(kind.streams), "wanted streams = frozenset({Stream.…}), of sim.streams")]
    missing = [field for field, info in kind.model_fields.items() if info.is_required()]
    if missing:
        return [Fault(f"{at}.{field}", "", "has no default: wanted one, as in count: int = 3") for field in missing]
    try:
        kind.model_validate(kind().model_dump())
    except ValidationError as error:
        return [Fault(f"{at}.{one['loc'][0]}", shown(one["input"]), f"default: {one['msg']}") for one in error.errors()]
    return []


def tried(policy: Policy, scenario: Scenario) -> Scenario:
    """The scenario with a policy applied. ValueError or ValidationError, in a line, where it does not do as it must.

    One that is somebody's own is applied twice, to see that it gives the same from the same and leaves that as it is.
    """
    if not is_own(type(policy)):
        return policy.apply(scenario)
    before = scenario.model_dump_json()
    made = _applied(policy, scenario)
    if scenario.model_dump_json() != before:
        raise ValueError("apply() changed the scenario that it was given: wanted scenario.replace(…)")
    if not isinstance(made, Scenario):
        raise ValueError(f"apply() gave {shown(made)}: wanted a Scenario")
    if _applied(policy, scenario) != made:
        raise ValueError("apply() gave two scenarios for one: wanted neither chance, clock nor memory in it")
    return Scenario.model_validate_json(made.model_dump_json())


def _applied(policy: Policy, scenario: Scenario) -> Scenario:
    try:
        return policy.apply(scenario)
    except (ValueError, ValidationError):
        raise
    except Exception as error:
        raise ValueError(f"apply() failed{where(error, type(policy).apply.__code__.co_filename)}") from error


def where(error: BaseException, file: str) -> str:
    """Where in a file something failed, and why: " at my_idea.py:12: KeyError: 'hall'"."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return f" at {Path(file).name}:{error.lineno}: {error.msg}"
    if isinstance(error, PydanticUserError) and error.code == "model-field-missing-annotation":
        said = "a parameter has no type: wanted one, as in count: int = 3"
    else:
        first = (str(error).strip().splitlines() or [""])[0]
        said = f"{type(error).__name__}{': ' if first else ''}{first}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    at = f" at {Path(file).name if file.endswith('.py') else 'line'}:{lines[-1]}" if lines else ""
    return f"{at}: {said}"


def as_config(kind: type[Policy]) -> str:
    """The parameters of a policy with their defaults as YAML, each with the comment beside it in the class, if any.

    So that ``fewer: Share = 0.3  # A [0.1–0.5]`` is marked as a number of a config file is.
    """
    try:
        source = inspect.getsource(kind)
    except (OSError, TypeError):  # of a class of a notebook
        source = ""
    comments = {found[1]: found[2] for found in _COMMENT.finditer(source)}
    given = kind().model_dump(mode="json")
    return "".join(f"{name}: {json.dumps(value)}{comments.get(name, '')}\n" for name, value in given.items())


@lru_cache(maxsize=64)
def content_of(kind: type[Policy]) -> str:
    """A hash of the text that a policy of somebody's own is made of, "" of one that ships; 20 hexadecimal digits.

    That of its file, of all files of its package, or in a notebook of its methods and parameters; of what was imported,
    as far as is known when it is first asked for.
    """
    if not is_own(kind):
        return ""
    module = sys.modules.get(kind.__module__)
    read = getattr(module, "__content__", None)
    digest = hashlib.sha256()
    for text in [read] if isinstance(read, bytes) else _texts(kind):
        digest.update(text + b"\0")
    return digest.hexdigest()[:20]


def file_of(kind: type[Policy]) -> str:
    """The file that a policy is defined in, "" in a notebook."""
    return str(getattr(sys.modules.get(kind.__module__), "__file__", None) or "")


def _texts(kind: type[Policy]) -> list[bytes]:
    root = getattr(sys.modules.get(kind.__module__.partition(".")[0]), "__file__", None)
    if root:
        files = sorted(Path(root).parent.rglob("*.py")) if Path(root).name == "__init__.py" else [Path(root)]
        return [path.read_bytes() for path in files]
    found = [json.dumps(kind.model_json_schema(), sort_keys=True)]
    for name, method in sorted(vars(kind).items()):
        if inspect.isfunction(method):
            try:
                found.append(inspect.getsource(method))
            except (OSError, TypeError):
                found.append(f"{name} {method.__code__.co_code.hex()} {method.__code__.co_consts!r}")
    return [text.encode() for text in found]
