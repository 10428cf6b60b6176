"""What can be varied of a study: its assumptions that have a range, what was measured, and why the others have none.

A measured number is varied over its 95 % interval, and less likely beyond: its logarithm is normal on either side of
the number, so that the number is the median and the ends are the quantiles; below 1 its log odds are, and where the
interval begins at 0 the number itself. Of an assumption nothing but the range is known: it is uniform.

What is said in the same words of several siblings, with the same value and range, is one assumption and varied in
all of them at once: ``procedures.*.incomplete``. Counts are facts apart, whatever their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from scipy.special import expit, logit, ndtri

from sim.assumed import FIXED, REST, Assumed
from sim.study import Study
from sim.units import MINUTE, clock, clock_text

SECTIONS = ("procedures", "purposes", "channels", "priorities", "points", "staff")
"""Sections whose entries a person names."""
NO_OTHER = "a share of all, with no other to make room"
SURE, FARTHEST = float(ndtri(0.975)), 3.0
"""Standard deviations from a measured number to the ends of its interval, and to the farthest that is drawn."""
LeftOut = tuple[str, str]
Kind = Literal["number", "whole", "time", "factor"]


@dataclass(frozen=True)
class Input:
    """A number with its range, in its unit; of a time of the day, minutes; of a list, a factor on all of it."""

    name: str
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    low: float
    high: float
    kind: Kind
    words: str
    is_measured: bool = False

    @property
    def value(self) -> float:
        """As it is assumed, or was measured."""
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
        """The value that lies at ``u``, from 0 to 1, of the distribution over the range."""
        if self.is_measured:
            x = self._measured(min(max(float(ndtri(u)), -FARTHEST), FARTHEST) / SURE)
            return float(round(x)) if self.kind == "whole" else x
        if self.kind == "whole":
            return min(float(int(self.low + u * (self.high - self.low + 1))), self.high)
        return self.low + u * (self.high - self.low)

    def _measured(self, steps: float) -> float:
        """So many intervals' halves above the measured value, or below."""
        end, far = (self.high if steps > 0 else self.low), abs(steps)
        if self.low <= 0:
            return max(self.value + far * (end - self.value), 0.0)
        if self.high < 1:
            return float(expit(logit(self.value) + far * (logit(end) - logit(self.value))))
        return float(self.value * (end / self.value) ** far)

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
    return _inputs_of(study, study.assumed, is_measured=False)


def measured_of(study: Study) -> tuple[list[Input], list[LeftOut]]:
    """What was measured with an interval, in its order, and what of it cannot be varied."""
    return _inputs_of(study, study.measured, is_measured=True)


def _inputs_of(study: Study, known: Mapping[str, Assumed], *, is_measured: bool) -> tuple[list[Input], list[LeftOut]]:
    whole = plain(study)
    found: dict[str, Input] = {}
    left_out: list[LeftOut] = []
    for key, assumed in known.items():
        value = value_at(whole, key)
        why = _why_not(key, value, assumed, whole)
        one = None if why else replace(_input(key, value, assumed), is_measured=is_measured)
        if one is not None and is_measured and not one.low <= one.value <= one.high:
            why = f"it is not within its interval: {one.low:g} to {one.high:g}"
        if one is None or why:
            left_out.append((key, why))
            continue
        before = found.get(one.name)
        if before is None:
            found[one.name] = one
        elif _is_alike(before, one):
            found[one.name] = replace(before, keys=(*before.keys, key), values=(*before.values, value))
        else:
            found[key] = replace(one, name=key)
    return [_alone(one) for one in found.values()], left_out


def _is_alike(before: Input, one: Input) -> bool:
    """Whether what is said of both is one assumption. What was measured of each is its own, but for a list."""
    same = (before.words, before.low, before.high) == (one.words, one.low, one.high)
    return same and (one.kind == "factor" or (before.value == one.value and not one.is_measured))


def _alone(one: Input) -> Input:
    """Under its own key where it has but one."""
    if len(one.keys) > 1 or one.kind == "factor":
        return one
    return replace(one, name=one.keys[0])


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
