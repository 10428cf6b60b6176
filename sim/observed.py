"""Figures that were seen at the center itself, beside those that a run gives: what ``motcua validate`` compares.

No run depends on them. ``disagreements`` works on what was given, valid or not (see :mod:`sim.agreement`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sim.faults import Disagreement
from sim.figures import COUNTS, is_measured_in, is_metric, metric_names
from sim.parts import entries, fields_of, part
from sim.targets import kind_of
from sim.values import Date, Flag, Number, Text, Value

DOSSIERS = "dossiers"
A_DAY = "_per_day"
COUNTED = ("arrived", DOSSIERS, *COUNTS)
_MARKED = re.compile(r"(S[0-4]|V|W|O|A)\b")
_NAMED = {"priority": "priorities", "point": "points"}
_ENDS = ("value", "low", "high")
_LONGEST = 3660


def is_observable(name: str) -> bool:
    """Whether a name is a metric, ``dossiers`` (those accepted), or a count of either an open day."""
    return is_metric(name) or name == DOSSIERS or (name.endswith(A_DAY) and name.removesuffix(A_DAY) in COUNTED)


def observable_names() -> tuple[str, ...]:
    """All such names."""
    return (*metric_names(), DOSSIERS, *(f"{name}{A_DAY}" for name in COUNTED))


def _marked(given: str) -> str:
    if not _MARKED.match(given):
        raise ValueError(
            'wanted a source that begins with its mark, one of S0–S4, V, W, O, A: "V a newspaper, its day"'
        )
    return given


_Days = Annotated[int, Field(strict=True, ge=1, le=_LONGEST)]


class Observed(Value):
    """What was seen of ``metric``: a ``value``, or the range from ``low`` to ``high`` where one was published.

    ``scope``: of whom, "all" or such as "field=land", as targets have it.
    Seen from ``first`` on, over so many calendar ``days`` or ``open_days``; without ``first`` the period was not
    published and the first measured days of the scenario stand for it. ``used_as_input``: whether an input was set by
    it, so that it proves nothing. ``source`` begins with its mark. ``note``: why it cannot be reproduced.
    Without ``metric`` it is something said, not measured: a ``note`` and its ``source``.
    """

    metric: Text | None = None
    scope: Text = "all"
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    first: Date | None = None
    days: _Days | None = None
    open_days: _Days | None = None
    used_as_input: Flag | None = None
    source: Annotated[Text, AfterValidator(_marked)]
    note: Text = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The range that was seen, a value at both ends; ValueError where nothing was measured."""
        low, high = (self.low, self.high) if self.value is None else (self.value, self.value)
        if low is None or high is None:
            raise ValueError("nothing was measured")
        return low, high


def observed_disagreements(data: object) -> Iterator[Disagreement]:
    """What does not fit together within a figure."""
    for name, entry in entries(data, "observed"):
        at = ("observed", name)
        if not isinstance(entry, Mapping | Observed):
            continue
        if part(entry, "metric") is None:
            yield from _said(at, entry)
        else:
            for check in (_metric, _ends, _period):
                yield from check(at, entry)
            yield from _scope(at, entry, data)
            if part(entry, "used_as_input") is None:
                yield Disagreement(
                    (*at, "used_as_input"), None, "wanted true or false: was an input set by this figure?"
                )


At = tuple[str, ...]


def _said(at: At, entry: object) -> Iterator[Disagreement]:
    given = [name for name in (*_ENDS, "first", "days", "open_days", "used_as_input") if part(entry, name) is not None]
    for name in given:
        wanted = "wanted a metric beside it; without one there is only a note of what was said"
        yield Disagreement((*at, name), part(entry, name), wanted)
    if not given and not part(entry, "note"):
        yield Disagreement((*at, "metric"), None, "wanted a metric, or a note of what was said and not measured")


def _metric(at: At, entry: object) -> Iterator[Disagreement]:
    name = part(entry, "metric")
    if isinstance(name, str) and not is_observable(name):
        wanted = "wanted a metric of the summary, dossiers, or a count with _per_day"
        yield Disagreement((*at, "metric"), name, wanted, observable_names())


def _scope(at: At, entry: object, data: object) -> Iterator[Disagreement]:
    scope, metric = part(entry, "scope"), part(entry, "metric")
    if not isinstance(scope, str) or not isinstance(metric, str) or scope == "all":
        return
    names = {"field": fields_of(data), **{kind: [name for name, _ in entries(data, of)] for kind, of in _NAMED.items()}}
    known = ["all", *(f"{kind}={name}" for kind, own in names.items() for name in dict.fromkeys(own))]
    known += [f"hour={hour}" for hour in range(24)]
    if scope not in known:
        wanted = "wanted all, or field=, priority=, point= or hour= with a name of this scenario"
        yield Disagreement((*at, "scope"), scope, wanted, tuple(known))
    elif is_observable(metric) and not is_measured_in(metric.removesuffix(A_DAY), scope):
        yield Disagreement((*at, "scope"), scope, f"wanted all: {metric} is of the center")


def _ends(at: At, entry: object) -> Iterator[Disagreement]:
    value, low, high = (part(entry, name) for name in _ENDS)
    given = [name for name in _ENDS if part(entry, name) is not None]
    if not given:
        yield Disagreement((*at, "value"), None, "wanted a value, or low and high")
    elif value is not None:
        for name in given[1:]:
            yield Disagreement((*at, name), part(entry, name), "wanted either a value, or low and high")
    elif len(given) == 1:
        yield Disagreement((*at, "high" if high is None else "low"), None, "wanted low and high")
    elif _is_number(low) and _is_number(high) and low > high:
        yield Disagreement((*at, "low"), low, f"wanted at most high, which is {high:g}")
    name = part(entry, "metric")
    for end in given if isinstance(name, str) and kind_of(name) == "share" else ():
        if _is_number(part(entry, end)) and not 0 <= part(entry, end) <= 1:
            yield Disagreement((*at, end), part(entry, end), "wanted a share from 0 to 1 (90 % is 0.9)")


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _period(at: At, entry: object) -> Iterator[Disagreement]:
    days, open_days = part(entry, "days"), part(entry, "open_days")
    if days is None and open_days is None:
        yield Disagreement((*at, "days"), None, "wanted how long it was observed: days, or open_days")
    elif days is not None and open_days is not None:
        yield Disagreement((*at, "open_days"), open_days, "wanted either days or open_days")
