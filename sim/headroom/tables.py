"""What a center can take, as tables: a row an answer, and a row a figure that was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf
from typing import Any

import pandas as pd

from sim.assumptions.trials import Point
from sim.headroom import Headroom
from sim.headroom.officials import Again, Group
from sim.headroom.turning import Turn, Walk
from sim.units import clock_text

Row = dict[str, Any]


def headroom_frame(found: Headroom) -> pd.DataFrame:
    """One row a target and question, one a group of officials.

    ``value`` is the factor on demand, the number of officials fewer, or the minutes of an outage up to which (of
    demand where the target is not kept as it is: down to which) the target is kept, with ``lower`` and ``upper``.
    ``beyond`` says that it is more, or less, than all that was looked at, and then there is no value. Of officials the
    targets are shown to be met; ``again`` is the verdict on fresh replications, where it was looked at.
    """
    rows = [{"question": "demand"} | _turn(turn, found.demand) for turn in found.turns]
    if found.officials is not None:
        again = {id(one.group): one for one in (found.officials.most,) if one is not None}
        rows += [_group(group, again.get(id(group))) for group in found.officials.groups]
    for one in found.outages:
        of: Row = {"question": "outage", "of": one.answer, "begins": clock_text(one.begins)}
        rows += [of | _turn(turn, one.walk) for turn in one.turns]
    names = ("question", "of", "begins", "metric", "scope", "value", "lower", "upper", "beyond", "has", "again")
    return pd.DataFrame(rows, columns=pd.Index(names))


def _turn(turn: Turn, walk: Walk) -> Row:
    row: Row = {"metric": turn.target.metric, "scope": turn.target.scope, **_value(turn.value, walk)}
    if turn.is_measured:
        low, high = sorted((turn.met_until, turn.missed_from))
        row |= {name: end for name, end in (("lower", low), ("upper", high)) if not isinf(end)}
    return row


def _value(x: float, walk: Walk) -> Row:
    if isinf(x):
        return {"beyond": f"above {walk.values[-1]:g}" if x > 0 else f"below {walk.values[0]:g}"}
    return {"value": x}


def _group(group: Group, again: Again | None) -> Row:
    row: Row = {"question": "officials", "of": group.name, "has": group.count, "value": group.spare}
    row |= {"beyond": f"above {group.spare}"} if group.is_open else {}
    return row | ({"again": again.point.verdict} if again is not None else {})


def figures_frame(found: Headroom) -> pd.DataFrame:
    """One row a value that was looked at and target: the figure with its interval, and the verdict."""
    rows = [row for x in found.demand.values for row in _figures("demand", "", x, found.demand.points[x])]
    if found.officials is not None:
        rows += [row for group in found.officials.groups for row in _steps(group)]
        again = [one for one in (found.officials.most, found.officials.least) if one is not None]
        rows += [row for one in again for row in _figures("officials, again", one.group.name, one.by, one.point)]
    for one in found.outages:
        rows += [row for x in one.walk.values for row in _figures("outage", one.answer, x, one.walk.points[x])]
    return pd.DataFrame(rows)


def _steps(group: Group) -> Iterator[Row]:
    for step in group.steps:
        if step.point is None:
            yield {"question": "officials", "of": group.name, "value": step.by, "verdict": step.why_not}
        else:
            yield from _figures("officials", group.name, step.by, step.point)


def _figures(question: str, of: str, value: float, point: Point) -> Iterator[Row]:
    for one in point.verdicts:
        figure = one.estimate
        yield {
            "question": question, "of": of, "value": value, "metric": one.metric, "scope": one.scope,
            "estimate": figure.value, "lower": figure.lower, "upper": figure.upper, "verdict": one.verdict,
            "replications": len(point.runs),
        }  # fmt: skip
