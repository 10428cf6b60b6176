"""What a center can take, as tables: a row an answer, and a row a figure that was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isinf
from typing import Any

import pandas as pd

from sim.assumptions.trials import Point
from sim.headroom import Headroom
from sim.headroom.needed import Chosen, Larger, counters_more
from sim.headroom.officials import Again, Group
from sim.headroom.turning import Turn, Walk
from sim.units import clock_text

Row = dict[str, Any]


def headroom_frame(found: Headroom) -> pd.DataFrame:
    """One row a target and question, one a group of officials.

    ``value`` is the factor on demand, the number of officials fewer, or the minutes of an outage up to which (of
    demand where the target is not kept as it is: down to which) the target is kept, with ``lower`` and ``upper``.
    ``beyond`` says that it is more, or less, than all that was looked at, and then there is no value. Of officials the
    targets are shown to be met; ``again`` is the verdict on fresh replications, where it was looked at. Of officials
    more, ``value`` is the first number at which the targets are met, with as many ``counters`` set up.
    """
    rows = [{"question": "demand"} | _turn(turn, found.demand) for turn in found.turns]
    if found.officials is not None:
        again = {id(one.group): one for one in (found.officials.most,) if one is not None}
        rows += [_group(group, again.get(id(group))) for group in found.officials.groups]
    if found.needed is not None:
        rows += [_larger(found, group, found.needed.chosen) for group in found.needed.groups]
    for one in found.outages:
        of: Row = {"question": "outage", "of": one.answer, "begins": clock_text(one.begins)}
        rows += [of | _turn(turn, one.walk) for turn in one.turns]
    names = [
        "question",
        "of",
        "begins",
        "metric",
        "scope",
        "value",
        "lower",
        "upper",
        "beyond",
        "has",
        "counters",
        "again",
    ]
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


def _larger(found: Headroom, group: Larger, chosen: Chosen | None) -> Row:
    row: Row = {"question": "officials more", "of": group.name, "has": group.count}
    if group.enough is None:
        return row | {"beyond": f"above {group.most}"}
    row |= {"value": group.enough.by, "counters": counters_more(found.study, group.enough)}
    return row | ({"again": chosen.verdict} if chosen is not None and chosen.group is group else {})


def figures_frame(found: Headroom) -> pd.DataFrame:
    """One row a value that was looked at and target: the figure with its interval, and the verdict."""
    rows = [row for x in found.demand.values for row in _figures("demand", "", x, found.demand.points[x])]
    if found.officials is not None:
        rows += [row for group in found.officials.groups for row in _steps(group, "officials")]
        again = [one for one in (found.officials.most, found.officials.least) if one is not None]
        rows += [row for one in again for row in _figures("officials, again", one.group.name, one.by, one.point)]
    if found.needed is not None:
        rows += [row for group in found.needed.groups for row in _steps(group, "officials more")]
    if found.needed is not None and found.needed.chosen is not None:
        chosen = found.needed.chosen
        rows += list(_steps(replace(chosen.group, steps=chosen.again), "officials more, again"))
    for one in found.outages:
        rows += [row for x in one.walk.values for row in _figures("outage", one.answer, x, one.walk.points[x])]
    return pd.DataFrame(rows)


def _steps(group: Group | Larger, question: str) -> Iterator[Row]:
    for step in group.steps:
        if step.point is None:
            yield {"question": question, "of": group.name, "value": step.by, "verdict": step.why_not}
        else:
            yield from _figures(question, group.name, step.by, step.point)


def _figures(question: str, of: str, value: float, point: Point) -> Iterator[Row]:
    for one in point.verdicts:
        figure = one.estimate
        yield {
            "question": question, "of": of, "value": value, "metric": one.metric, "scope": one.scope,
            "estimate": figure.value, "lower": figure.lower, "upper": figure.upper, "verdict": one.verdict,
            "replications": len(point.runs),
        }  # fmt: skip
