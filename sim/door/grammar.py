"""Overrides, as Hydra's grammar reads them: text in, keys and values out. Nothing is evaluated.

``key=value`` sets, ``+key=value`` adds, ``++key=value`` does either, ``~key`` removes. Commas, ``choice``,
``range`` and ``glob`` sweep. What would reach beyond the scenario is refused here: Hydra's own settings
and options, ``_target_`` and ``${``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from sim.faults import Fault

MOST_SCENARIOS = 100_000
_LONGEST = 20_000
_DEEPEST = 20
_LONGEST_SHOWN = 200
_QUOTES = "text with spaces, diacritics or signs wants quotes of its own inside the shell's"
_DOTTED = "wanted the dotted key of a scenario, such as staff.civil_status.count"
_KEY = re.compile(r"[A-Za-z_$][\w$-]*(\.[\w$-]+)*", re.ASCII)

Action = Literal["set", "add", "force", "remove"]


@dataclass(frozen=True)
class Override:
    """One override: what to do at ``path``, with one of the ``values`` (several where it sweeps)."""

    text: str
    action: Action
    path: tuple[str, ...]
    values: tuple[Any, ...]
    swept: bool = False

    @property
    def key(self) -> str:
        """The dotted path."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Pattern:
    """``glob(*)``: the options of a group by name, resolved where the groups are known."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]


def parsed(texts: Sequence[str]) -> tuple[list[Override], list[Fault]]:
    """The overrides that can be read, in order, and a fault for each that cannot."""
    overrides: list[Override] = []
    faults: list[Fault] = []
    for text in texts:
        found = _refused(text) or _parsed(text)
        (faults if isinstance(found, Fault) else overrides).append(found)  # type: ignore[arg-type]
    return overrides, faults


def _refused(text: str) -> Fault | None:
    """What must not reach the parser at all."""
    key = text.partition("=")[0]
    name = key.lstrip("+~")
    if text.startswith("-"):
        return Fault(key, "", "is no option of this program's; wanted KEY=VALUE, see --help")
    if name == "hydra" or name.startswith(("hydra.", "hydra/", "hydra@")):
        return Fault(name, "", "Hydra's own settings cannot be changed: results go where out=DIR says")
    if "_target_" in text:
        return Fault(name, "", "_target_ is refused: a scenario holds values, never code")
    if "${" in text:
        return Fault(name, "", "${…} is refused: write the value itself")
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return Fault(name[:60], "", f"wanted at most {_LONGEST} characters and {_DEEPEST} levels of brackets")
    return None


def _depth(text: str) -> int:
    deepest = level = 0
    for character in text:
        level += (character in "([{") - (character in ")]}")
        deepest = max(deepest, level)
    return deepest


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Hydra's parser without the functions whose result is not a list of values in a fixed order."""
    from hydra.core.override_parser.overrides_parser import OverridesParser, create_functions

    functions = create_functions()
    for name in ("shuffle", "interval", "tag"):
        del functions.functions[name], functions.definitions[name]
    return OverridesParser(functions)


def _parsed(text: str) -> Override | Fault:
    from hydra.core.override_parser.types import OverrideType
    from hydra.errors import HydraException

    key, equals, value = text.partition("=")
    try:
        read = _parser().parse_override(text)
    except (HydraException, ValueError, TypeError, RecursionError) as error:
        return _unreadable(key, equals, value, str(error))
    if not read.key_or_group or read.package is not None or "/" in read.key_or_group:
        return Fault(key if read.key_or_group else "KEY", "", _DOTTED)
    action: dict[OverrideType, Action] = {
        OverrideType.CHANGE: "set",
        OverrideType.ADD: "add",
        OverrideType.FORCE_ADD: "force",
        OverrideType.DEL: "remove",
    }
    try:
        values = _values(read)
    except (HydraException, ValueError) as error:
        return Fault(key, value, f"wanted a finite range: {error}")
    if not 0 < len(values) <= MOST_SCENARIOS:
        return Fault(key, value, f"wanted from 1 to {MOST_SCENARIOS} values to sweep over")
    path = tuple(read.key_or_group.split("."))
    return Override(text, action[read.type], path, values, read.is_sweep_override())


def _values(read: Any) -> tuple[Any, ...]:
    from hydra.core.override_parser.types import Glob, QuotedString

    def plain(given: Any) -> Any:
        match given:
            case QuotedString():
                return given.text
            case list():
                return [plain(entry) for entry in given]
            case dict():
                return {str(plain(name)): plain(entry) for name, entry in given.items()}
            case _:
                return given

    if isinstance(read._value, Glob):  # noqa: SLF001 - Hydra hands a glob out in no other way
        return (Pattern(tuple(read._value.include), tuple(read._value.exclude)),)  # noqa: SLF001
    if not read.is_sweep_override():
        return (plain(read.value()),)
    swept = (plain(entry) for entry in islice(read.sweep_iterator(), MOST_SCENARIOS + 1))
    return tuple(_decimal(entry) if read.is_range_sweep() else entry for entry in swept)


def _decimal(given: Any) -> Any:
    """0.3 for the 0.30000000000000004 that adding up a range gives."""
    return float(f"{given:.12g}") if isinstance(given, float) else given


def _unreadable(key: str, equals: str, value: str, why: str) -> Fault:
    if not equals:
        return Fault(key or "KEY", "", "wanted KEY=VALUE, such as demand=1.5 (to remove a key: ~KEY)")
    name = key.lstrip("+~")
    if name != name.strip() or any(character.isspace() for character in name):
        return Fault(key, "", "wanted no spaces in a key or around =")
    if not _KEY.fullmatch(name):
        return Fault(key or "KEY", "", _DOTTED)
    if "Unknown function" in why:
        return Fault(name, value, "wanted choice(), range() or glob() to sweep")
    return _unreadable_value(key, value, why)


def _unreadable_value(key: str, value: str, why: str) -> Fault:
    name = key.lstrip("+~")
    if len(value) > _LONGEST_SHOWN:
        return Fault(name, f"{value[:_LONGEST_SHOWN]}…", "cannot be read: wanted a shorter value")
    if not set(value) & set("[]{}()'\""):
        return Fault(name, value, f"{_QUOTES}: '{key}=\"{value}\"'")
    reason = why.splitlines()[0] if why else "cannot be read"
    return Fault(name, value, f"cannot be read ({reason}); {_QUOTES}")


def said(value: object) -> str:
    """A value in the grammar of overrides, for labels."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(f"{name}: {said(entry)}" for name, entry in value.items()) + "}"
        case list():
            return "[" + ",".join(said(entry) for entry in value) + "]"
        case _:
            return str(value)
