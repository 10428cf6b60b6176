"""Scenarios against a baseline on a terminal: how much each figure differs, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sim.comparison import Difference
from sim.reopening import unlike
from sim.result import Result, alike
from sim.targets import kind_of

FEW = 4
"""Keys that are named where scenarios are not paired."""


def against(results: Mapping[str, Result], found: Sequence[Difference]) -> Iterator[str]:
    """By baseline a block a figure, a line a scenario: the difference, its interval, and whether it may be none."""
    promised = {target.metric for result in results.values() for target in result.study.targets.items}
    for baseline, own in groupby(found, key=lambda one: one.baseline):
        yield ""
        yield f"against {baseline}, paired on the same citizens:"
        for metric, some in groupby(
            sorted(own, key=lambda one: one.metric not in promised), key=lambda one: one.metric
        ):
            yield f"  {metric}"
            yield from (f"    {one.other}: {_difference(one)}" for one in some)


def unpaired(results: Mapping[str, Result], found: Sequence[Difference]) -> Iterator[str]:
    """What is not paired with the first scenario, and in which keys it differs."""
    first, *others = alike(results)
    label = next((one.baseline for one in found if one.baseline in first), next(iter(first)))
    if others:
        yield ""
        yield f"not paired with {label}, whose citizens they do not have:"
    for group in others:
        name, result = next(iter(group.items()))
        keys = unlike(result.study.base.model_dump(mode="json"), results[label].study.base.model_dump(mode="json"))
        more = f" and {len(keys) - FEW} keys more" if len(keys) > FEW else ""
        yield f"  {name}{f' and {len(group) - 1} more' if len(group) > 1 else ''}: {'; '.join(keys[:FEW])}{more}"


def _difference(one: Difference) -> str:
    estimate = one.paired.estimate
    if estimate.value is None:
        return f"n/a, {estimate.method}"
    scale, unit = (100, " points") if kind_of(one.metric) == "share" else (1, "")
    sure = "" if one.adjusted < 1 - estimate.confidence else " (not distinguishable)"
    ends = [scale * end for end in (estimate.lower, estimate.upper) if end is not None]
    interval = f" [{_signed(ends[0])}, {_signed(ends[1])}]" if len(ends) == 2 else ""
    return f"{_signed(scale * estimate.value)}{interval}{unit}{sure}"


def _signed(number: float) -> str:
    return f"{number:+,.0f}" if abs(number) >= 1000 else f"{number:+.3g}"
