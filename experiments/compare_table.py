"""Scenarios against a baseline on a terminal: how much each figure differs, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.comparison import Difference
from sim.result import Result
from sim.targets import kind_of

SHOWN = 12
"""Figures of which all scenarios are shown; the others are in comparison.csv."""


def against(results: Mapping[str, Result], found: Sequence[Difference]) -> Iterator[str]:
    """A block a figure, a line a scenario: the difference, its interval, and whether it can be told from none."""
    baseline = found[0].baseline
    yield f"against {baseline}, paired on the same citizens:"
    promised = {target.metric for result in results.values() for target in result.study.targets.items}
    metrics = sorted(dict.fromkeys(one.metric for one in found), key=lambda metric: metric not in promised)
    for metric in metrics[:SHOWN]:
        yield f"  {metric}"
        for one in found:
            if one.metric == metric:
                yield f"    {one.other}: {_difference(one)}"
    if len(metrics) > SHOWN:
        yield f"  and {len(metrics) - SHOWN} figures more"


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
