"""What can be varied of a study: its assumptions that have a range, and why the others have none.

What is said in the same words of several siblings, with the same value and range, is one assumption and varied in
all of them at once: ``procedures.*.incomplete``. Counts are facts apart, whatever their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.assumed import FIXED, REST, Assumed
from sim.study import Study
from sim.units import MINUTE, clock, clock_text

SECTIONS = ("procedures", "purposes", "channels", "priorities", "points", "staff")
"""Sections whose entries a person names."""
NO_OTHER = "a share of all, with no other to make room"
LeftOut = tuple[str, str]
Kind = Literal["number", "whole", "time", "factor"]


@dataclass(frozen=True)
class Input:
    """An assumption with its range, in its unit; of a time of the day, minutes; of a list, a factor on all of it."""

    name: str
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    low: float
    high: float
    kind: Kind
    words: str

    @property
    def value(self) -> float:
        """As it is assumed."""
        match self.kind:
            case "time":
                return clock(self.values[0]) / MINUTE
            case "factor":
                return 1.0
            case _:
                return float(self.values[0])

    def at(self, x: float) -> dict[str, Any]:
        """The plain values at its keys when it is ``x``."""
        match self.kind:
            case "factor":
                return {key: value * x for key, value in zip(self.keys, self.values, strict=True)}
            case "time":
                return dict.fromkeys(self.keys, clock_text(round(x) * MINUTE))
            case "whole":
                return dict.fromkeys(self.keys, round(x))
            case _:
                return dict.fromkeys(self.keys, float(x))

    def from_unit(self, u: float) -> float:
        """The value that lies at ``u``, from 0 to 1, of a uniform distribution over the range."""
        if self.kind == "whole":
            return min(float(int(self.low + u * (self.high - self.low + 1))), self.high)
        return self.low + u * (self.high - self.low)

    def said(self, x: float) -> str:
        """``x`` in words."""
        match self.kind:
            case "time":
                return clock_text(round(x) * MINUTE)
            case "factor":
                return f"×{x:.3g}"
            case "whole":
                return f"{x:.0f}"
            case _:
                return f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}"


def inputs_of(study: Study) -> tuple[list[Input], list[LeftOut]]:
    """The assumptions of a study that have a range, in its order, and the names of the others with the reason."""
    whole = plain(study)
    found: dict[str, Input] = {}
    left_out: list[LeftOut] = []
    for key, assumed in study.assumed.items():
        value = value_at(whole, key)
        why = _why_not(key, value, assumed, whole)
        if why:
            left_out.append((key, why))
            continue
        one = _input(key, value, assumed)
        before = found.get(one.name)
        same = before is not None and (before.words, before.low, before.high) == (one.words, one.low, one.high)
        if before is None:
            found[one.name] = one
        elif same and (one.kind == "factor" or before.value == one.value):
            found[one.name] = Input(
                one.name, (*before.keys, key), (*before.values, value), one.low, one.high, one.kind, one.words
            )
        else:
            found[key] = Input(key, (key,), (value,), one.low, one.high, one.kind, one.words)
    return [_alone(one) for one in found.values()], left_out


def _alone(one: Input) -> Input:
    """Under its own key where it has but one."""
    if len(one.keys) > 1 or one.kind == "factor":
        return one
    return Input(one.keys[0], one.keys, one.values, one.low, one.high, one.kind, one.words)


def _input(key: str, value: Any, assumed: Assumed) -> Input:
    kind: Kind = "number"
    if assumed.together:
        kind = "factor"
    elif isinstance(value, str):
        kind = "time"
    elif isinstance(value, int):
        kind = "whole"
    low, high = assumed.low or 0.0, assumed.high or 0.0
    return Input(_name(key, kind, assumed.words), (key,), (value,), low, high, kind, assumed.words)


def _name(key: str, kind: Kind, words: str) -> str:
    """The name under which a number is varied: with a * for what siblings may share."""
    parts = key.split(".")
    if kind == "factor":
        return ".".join([*parts[:-1], "*"])
    shared = kind == "number" and words and len(parts) > 2 and parts[0] in SECTIONS and parts[-1] != "share"
    return ".".join([parts[0], "*", *parts[2:]]) if shared else key


def _why_not(key: str, value: Any, assumed: Assumed, whole: Mapping[str, Any]) -> str:
    if value is None or isinstance(value, bool):
        return "no number any more"
    if assumed.low is None or assumed.high is None:
        if assumed.words.startswith(REST):
            return "rescaled with the others"
        return assumed.words if assumed.words.startswith(FIXED) else "its mark has no range"
    if assumed.low >= assumed.high:
        return f"its range is empty: {assumed.low:g} to {assumed.high:g}"
    siblings = shares_beside(key, whole)
    return NO_OTHER if siblings and not any(share for other, share in siblings.items() if other != key) else ""


def shares_beside(key: str, whole: Mapping[str, Any]) -> dict[str, float]:
    """The shares that sum to 1 with the one at ``key``, itself among them; empty where that is no such share."""
    parts = key.split(".")
    if parts[:2] == ["back_office", "delivery"]:
        return {f"back_office.delivery.{name}": share for name, share in whole["back_office"]["delivery"].items()}
    if len(parts) == 3 and parts[0] in SECTIONS and parts[2] == "share":
        return {f"{parts[0]}.{name}.share": entry["share"] for name, entry in whole[parts[0]].items()}
    return {}


def plain(study: Study) -> dict[str, Any]:
    """A scenario and its policies as plain values, as they are composed."""
    return {**study.base.model_dump(), "policy": {name: policy.model_dump() for name, policy in study.policies}}


def value_at(whole: Any, key: str) -> Any:
    """What stands at a dotted key; None where nothing does."""
    for part in key.split("."):
        if isinstance(whole, dict):
            whole = whole.get(part)
        elif isinstance(whole, list | tuple) and part.isdecimal() and int(part) < len(whole):
            whole = whole[int(part)]
        else:
            return None
    return whole
