"""Figures below one another, each a mark with its interval on one axis, its name above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.intervals import Estimate
from sim.report.page.numbers import Number
from sim.report.page.svg import Panel, line, mark, svg, tag, text, ticks_of
from sim.report.page.words import Shown, Word, said
from sim.report.wording import shortened
from sim.verdicts import Outcome

WIDTH, ROW, LONGEST = 680.0, 36.0, 96
_LEFT, _RIGHT, _TOP = 12.0, 668.0, 30.0
_FAR = 3.0
"""Times what the marks span that an interval may reach beyond them; it is cut off at the edge of the picture."""


@dataclass(frozen=True)
class Shortened(Shown):
    """A word with no more letters than there is room for."""

    word: Word

    def said(self, language: str) -> str:
        return shortened(said(self.word, "en" if language == "en" else "vi"), LONGEST)


@dataclass(frozen=True)
class Line:
    """A figure, in the unit of the axis; ``sign``: the mark that it has."""

    name: Word
    estimate: Estimate
    sign: Outcome = "n/a"


@dataclass(frozen=True)
class Upright:
    """A line through all rows, such as a promise, with what it is."""

    at: float
    name: Word
    class_: str = "target"


def forest(
    lines: Sequence[Line], axis: Word, labelled_by: str, uprights: Sequence[Upright] = (), *, from_zero: bool = True
) -> Markup:
    """The picture; figures without a value are named alone."""
    across = _reach(lines, uprights, from_zero)
    bottom = _TOP + 16.0 * len(uprights) + ROW * len(lines)
    panel = Panel(_LEFT, _RIGHT, _TOP + 16.0 * len(uprights), bottom, across, (0.0, 1.0))
    ticks = ticks_of(*across, most=7)
    decimals = max((_decimals(value) for value in ticks), default=0)
    parts = [line((panel.x(at), panel.top), (panel.x(at), bottom), "grid") for at in ticks]
    parts += [text((panel.x(at), bottom + 16), Number(at, decimals), "tick", "middle") for at in ticks]
    parts += [text((_LEFT, 14), axis, "axis"), *_uprights(panel, uprights)]
    parts += [_row(panel, one, panel.top + ROW * nth) for nth, one in enumerate(lines)]
    return svg((WIDTH, bottom + 26), *parts, labelled_by=labelled_by)


def _reach(lines: Sequence[Line], uprights: Sequence[Upright], from_zero: bool) -> tuple[float, float]:
    values = [own.estimate.value for own in lines if own.estimate.value is not None]
    values += [one.at for one in uprights] + ([0.0] if from_zero else [])
    ends = [end for own in lines for end in (own.estimate.lower, own.estimate.upper) if end is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = (high - low) * _FAR or abs(high) or 1.0
    low, high = max(min([low, *ends]), low - room), min(max([high, *ends]), high + room)
    edge = 0.04 * (high - low) or 0.5
    return (0.0 if from_zero and low >= 0 else low - edge), high + edge


def _decimals(value: float) -> int:
    return next((n for n in range(4) if abs(value - round(value, n)) < 1e-9), 4)


def _uprights(panel: Panel, uprights: Sequence[Upright]) -> list[Markup]:
    found = []
    for nth, one in enumerate(sorted(uprights, key=lambda one: one.at)):
        x, above = panel.x(one.at), _TOP + 16.0 * nth
        anchor, side = ("end", -4) if x > WIDTH * 0.6 else ("start", 4)
        found += [
            line((x, above - 8), (x, panel.bottom), one.class_),
            text((x + side, above + 2), one.name, "small", anchor),
        ]
    return found


def _row(panel: Panel, one: Line, top: float) -> Markup:
    parts = [
        text((_LEFT, top + 13), Shortened(one.name), "name"),
        line((_LEFT, top + ROW), (_RIGHT, top + ROW), "grid"),
    ]
    estimate, y = one.estimate, top + 24
    if estimate.value is not None:
        low = estimate.value if estimate.lower is None else max(estimate.lower, panel.across[0])
        high = estimate.value if estimate.upper is None else min(estimate.upper, panel.across[1])
        parts += [line((panel.x(low), y), (panel.x(high), y), "interval"), mark((panel.x(estimate.value), y), one.sign)]
    return tag("g", *parts)
