"""Pictures as SVG inside the page: all text escaped, in both languages, colors by the page's own names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from sim.intervals import Estimate
from sim.report.page.numbers import Number
from sim.report.page.words import Word, html
from sim.verdicts import Outcome

Point = tuple[float, float]


def tag(name: str, *inside: Markup, **attributes: object) -> Markup:
    """An element; ``class_`` and ``stroke_width`` are written as class and stroke-width, what is None is left out."""
    said = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    written = Markup("").join(Markup(' {}="{}"').format(key, _short(value)) for key, value in said.items())
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, Markup("").join(inside))


def _short(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def text(at: Point, word: Word, class_: str = "", anchor: str = "start") -> Markup:
    """A line of text, its forms in all languages at the same place."""
    return tag("text", html(word, "tspan"), x=at[0], y=at[1], class_=class_ or None, text_anchor=anchor)


def line(one: Point, other: Point, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=one[0], y1=one[1], x2=other[0], y2=other[1], class_=class_)


def path(points: Sequence[Point], class_: str, closed: bool = False) -> Markup:
    """A line through points."""
    drawn = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return tag("path", d=drawn + ("Z" if closed else ""), class_=class_)


def mark(at: Point, verdict: Outcome, size: float = 5.0) -> Markup:
    """Met is a filled circle, missed a cross, undecided a hollow diamond, nothing to judge a hollow circle."""
    x, y = at
    match verdict:
        case "met":
            return tag("circle", cx=x, cy=y, r=size, class_="met")
        case "missed":
            ends = ((x - size, y - size), (x + size, y + size)), ((x - size, y + size), (x + size, y - size))
            return Markup("").join(line(one, other, "missed") for one, other in ends)
        case "undecided":
            r = size * 1.25
            return path([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], "undecided", closed=True)
        case "n/a":
            return tag("circle", cx=x, cy=y, r=size, class_="undecided")


def svg(
    size: Point, *inside: Markup, labelled_by: str = "", class_: str = "chart", width: float | None = None
) -> Markup:
    """The picture; what it shows is said by the element ``labelled_by``, or beside it where that is "".

    ``width``: pixels that it takes, None where that is for the style to say.
    """
    said = {"role": "img", "aria_labelledby": labelled_by} if labelled_by else {"aria_hidden": "true"}
    return tag(
        "svg", *inside, viewBox=f"0 0 {size[0]:g} {size[1]:g}", class_=class_, width=width, focusable="false", **said
    )


@dataclass(frozen=True)
class Panel:
    """A rectangle of a picture with its own scales: ``left`` to ``right`` and ``bottom`` to ``top`` are pixels."""

    left: float
    right: float
    top: float
    bottom: float
    across: Point
    up: Point

    def x(self, value: float) -> float:
        """Pixels of a value on the horizontal axis."""
        low, high = self.across
        return self.left + (value - low) / ((high - low) or 1.0) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixels of a value on the vertical axis; what is above it is drawn at its end."""
        low, high = self.up
        return self.bottom - min((value - low) / ((high - low) or 1.0), 1.0) * (self.bottom - self.top)

    def at(self, x: float, y: float) -> Point:
        """Pixels of both."""
        return self.x(x), self.y(y)

    def frame(self, ticks: Sequence[tuple[float, Word]], label: Word) -> Markup:
        """Horizontal lines with their numbers, ``ticks`` below, and what is counted above the left corner."""
        values = ticks_of(*self.up)
        decimals = 0 if all(value == round(value) for value in values) else 1
        lines = [line((self.left, self.y(v)), (self.right, self.y(v)), "grid") for v in values]
        numbers = [text((self.left - 6, self.y(v) + 4), Number(v, decimals), "tick", "end") for v in values]
        below = [text((self.x(at), self.bottom + 16), word, "tick", "middle") for at, word in ticks]
        return Markup("").join([*lines, *numbers, *below, text((self.left, self.top - 8), label, "axis")])


def ticks_of(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from ``low`` to ``high``."""
    found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(value) for value in found if low - 1e-9 <= value <= high + 1e-9]


def glyph(estimate: Estimate | None, top: float, threshold: float | None, verdict: Outcome) -> Markup:
    """A figure with its interval beside its target, small, on an axis from 0 to ``top``; said in words beside it."""
    panel = Panel(6, 154, 0, 22, (0.0, top), (0.0, 1.0))
    drawn = [line((panel.x(0), 21), (panel.x(top), 21), "grid")]
    if threshold is not None and threshold <= top:
        drawn.append(line((panel.x(threshold), 1), (panel.x(threshold), 21), "target"))
    if estimate is not None and estimate.value is not None:
        ends = [min(end, top) for end in (estimate.lower, estimate.upper) if end is not None]
        drawn += [line((panel.x(ends[0]), 11), (panel.x(ends[1]), 11), "interval")] if len(ends) > 1 else []
        drawn.append(mark((panel.x(min(estimate.value, top)), 11), verdict, 4.5))
    return svg((160, 22), *drawn, class_="glyph")
