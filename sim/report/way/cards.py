"""Cards: a title and facts in a box. What is not known is in italics, behind a hollow mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from matplotlib.path import Path as Shape
from matplotlib.transforms import Affine2D

from sim.report.style import BLUE, BODY, INK, QUIET, SKY, SMALL, wrapped
from sim.report.way.facts import Fact, Facts
from sim.report.wording import plain, unbroken

PAD, INDENT = 0.07, 0.12
TITLE_LINE, LINE, FACT_GAP = 0.17, 0.142, 0.035
MOST_FACTS = 14
_SLACK = 0.97  # of a width: letters take a little more room at other resolutions


@dataclass(frozen=True)
class Card:
    """What is written on a box, broken into lines for its width in inches."""

    width: float
    title: tuple[str, ...]
    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    indent: float

    @property
    def height(self) -> float:
        """Inches that the text takes, with room around it."""
        lines = sum(len(lines) * LINE + self.places_height(fact) for fact, lines in self.facts)
        gaps = FACT_GAP * (len(self.facts) - 1 + bool(self.title)) if self.facts else 0.0
        return 2 * PAD + TITLE_LINE * len(self.title) + lines + gaps

    def places_height(self, fact: Fact) -> float:
        """Inches that the places of a fact take, if they are drawn."""
        if not 0 < fact.count <= MOST_PLACES:
            return 0.0
        return -(-fact.count // self.places_in_a_row(fact)) * _PLACES[fact.of].pitch + 2 * FACT_GAP

    def places_in_a_row(self, fact: Fact) -> int:
        """How many places stand side by side."""
        return max(int((self.width - 2 * PAD - self.indent) / _PLACES[fact.of].pitch), 1)


@dataclass(frozen=True)
class _Place:
    """How a place is drawn: marker, its size in points, inches from one to the next."""

    marker: str | Shape
    size: float
    pitch: float
    face: str


_HEAD = Shape.unit_circle().transformed(Affine2D().scale(0.36).translate(0, 0.62))
_BODY = Shape.wedge(0, 180).transformed(Affine2D().scale(0.72, 1.0).translate(0, -0.95))
_PERSON = Shape.make_compound_path(_HEAD, _BODY)
_PLACES = {
    "seat": _Place("o", 3.4, 0.074, "white"),
    "counter": _Place("s", 7.0, 0.145, SKY),
    "official": _Place(_PERSON, 8.5, 0.145, BLUE),
    "guide": _Place(_PERSON, 8.5, 0.145, BLUE),
    "citizen": _Place(_PERSON, 7.0, 0.12, "white"),
}
MOST_PLACES = 200


def card(width: float, title: str, facts: Facts) -> Card:
    """A card of a width; of very many facts the first are kept, and the others counted."""
    if len(facts) > MOST_FACTS:
        facts = (*facts[: MOST_FACTS - 1], Fact(f"and {len(facts) - MOST_FACTS + 1} more"))
    inside = (width - 2 * PAD) * _SLACK
    heading = wrapped(unbroken(plain(title)), BODY, inside, "bold") if title else []
    indent = INDENT if any(fact.known is not None for fact in facts) else 0.0
    broken = [(fact, tuple(wrapped(unbroken(plain(fact.text)), SMALL, inside - indent))) for fact in facts]
    return Card(width, tuple(heading), tuple(broken), indent)


def frame(panel: Axes, x: float, y: float, size: tuple[float, float], face: str, edge: str, zorder: int = 3) -> None:
    """A box whose upper left corner is at (x, y) inches, y counted downward."""
    shape = "round,pad=0,rounding_size=0.05"
    panel.add_patch(
        FancyBboxPatch((x, y), *size, boxstyle=shape, facecolor=face, edgecolor=edge, linewidth=0.9, zorder=zorder)
    )


def write(panel: Axes, x: float, y: float, one: Card, behind: str = "none") -> None:
    """The text of a card whose upper left corner is at (x, y), before a color."""
    x, y = x + PAD, y + PAD
    back = {"facecolor": behind, "edgecolor": "none", "pad": 1.0}
    for line in one.title:
        panel.text(x, y + 0.02, line, fontsize=BODY, fontweight="bold", va="top", bbox=back, zorder=5)
        y += TITLE_LINE
    y += FACT_GAP if one.title else 0.0
    for fact, lines in one.facts:
        _mark(panel, x + 0.035, y + LINE / 2, fact.known)
        _lines(panel, (x + one.indent, y), lines, fact.known, back)
        y += LINE * len(lines)
        if one.places_height(fact):
            _places(panel, x + one.indent, y + FACT_GAP, fact, one.places_in_a_row(fact))
        y += one.places_height(fact) + FACT_GAP


def _places(panel: Axes, x: float, y: float, fact: Fact, across: int) -> None:
    look = _PLACES[fact.of]
    at = [divmod(nth, across) for nth in range(fact.count)]
    panel.plot(
        [x + look.pitch * (column + 0.5) for _, column in at],
        [y + look.pitch * (row + 0.5) for row, _ in at],
        marker=look.marker, linestyle="", markersize=look.size, markerfacecolor=look.face, markeredgecolor=BLUE,
        markeredgewidth=0.7, zorder=5,
    )  # fmt: skip


def _lines(panel: Axes, at: tuple[float, float], lines: Sequence[str], known: bool | None, back: Any) -> None:
    how: dict[str, Any] = {"fontstyle": "italic", "color": QUIET} if known is False else {"color": INK}
    for nth, line in enumerate(lines):
        panel.text(at[0], at[1] + LINE * nth, line, fontsize=SMALL, va="top", bbox=back, zorder=5, **how)


def _mark(panel: Axes, x: float, y: float, known: bool | None) -> None:
    if known is not None:
        face = INK if known else "white"
        panel.plot(
            [x], [y], "o", markersize=3.6, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.7, zorder=5
        )
