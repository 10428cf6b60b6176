"""The look of every chart: page, palette, letters, and the bytes that are written.

Colors are those of Okabe and Ito (2008), told apart by people with any color vision; nothing is said by color
alone. Text of the user's is drawn as it is: no part of it is read as mathematics.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.report.wording import plain, unbroken
from sim.verdicts import Outcome

WIDTH = 10.0
DPI = 120
MARGIN = 0.22

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, GRAY = "#0072B2", "#D55E00", "#CC79A7", "#777777"
INK, QUIET, FAINT = "#1A1A1A", "#555555", "#D9D9D9"
# Color, dashes and marker of the n-th line of a chart: any one of the three tells them apart.
LINES: tuple[tuple[str, Any, str], ...] = (
    (BLACK, "-", "o"),
    (BLUE, (0, (6, 1.5)), "s"),
    (VERMILION, (0, (2.5, 1.2)), "^"),
    (GREEN, (0, (8, 1.5, 1.5, 1.5)), "D"),
    (PURPLE, (0, (1, 1)), "v"),
    (ORANGE, (0, (5, 1, 1, 1, 1, 1)), "P"),
    (SKY, "-", "X"),
    (GRAY, (0, (10, 3)), "*"),
)
VERDICT_COLORS: dict[Outcome, str] = {"met": GREEN, "missed": VERMILION, "undecided": QUIET, "n/a": GRAY}
# The same, dark enough for letters on white (WCAG 2, 4.5 to 1).
VERDICT_INK: dict[Outcome, str] = {"met": "#00664B", "missed": "#A84300", "undecided": "#555555", "n/a": "#666666"}
VERDICT_MARKERS: dict[Outcome, str] = {"met": "o", "missed": "X", "undecided": "D", "n/a": "o"}

TITLE, BODY, SMALL, CAPTION = 14.0, 9.0, 8.0, 8.0
_RC: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    "font.size": BODY,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "hatch.color": "#BBBBBB",
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "svg.fonttype": "none",
    "svg.hashsalt": "motcua",
}


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's own defaults and the house's look, whatever the caller has set; restored afterwards.

    A letter that DejaVu Sans lacks is a box in a PNG and itself in an SVG, without a warning.
    """
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)  # type: ignore[arg-type]
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        yield


@dataclass(frozen=True)
class Page:
    """A figure with its title and caption in place; ``bottom`` is where the body begins, in inches."""

    figure: Figure
    bottom: float

    def panel(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place in inches, counted from the left edge and from the bottom of the body."""
        across, up = self.figure.get_size_inches()
        return self.figure.add_axes((left / across, (self.bottom + bottom) / up, width / across, height / up))


def page(title: str, caption: Sequence[str], body: float, width: float = WIDTH) -> Page:
    """A page whose body is ``body`` inches high, all of it ``width`` wide; title and caption take what they need."""
    title = plain(title)
    room = width - 2 * MARGIN
    lines = wrapped(unbroken(title), TITLE, room, "bold")
    notes = [line for note in caption if note for line in wrapped(unbroken(plain(note)), CAPTION, room)]
    above, below = MARGIN + 0.27 * len(lines) + 0.10, MARGIN + 0.165 * len(notes)
    height = above + body + below
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white", label=title)
    for nth, line in enumerate(lines):
        _put(figure, MARGIN, height - MARGIN - 0.27 * nth, line, fontsize=TITLE, fontweight="bold", va="top")
    for nth, line in enumerate(notes):
        _put(figure, MARGIN, below - 0.06 - 0.165 * nth, line, fontsize=CAPTION, color=QUIET, va="top")
    return Page(figure, below)


def _put(figure: Figure, x: float, y: float, text: str, **how: Any) -> None:
    across, up = figure.get_size_inches()
    figure.text(x / across, y / up, text, **how)


def title_of(figure: Figure) -> str:
    """The sentence above a chart, for its description."""
    return str(figure.get_label())


def nothing(title: str, reason: str, caption: Sequence[str]) -> Figure:
    """A page that says why there is nothing to draw."""
    made = page(title, caption, 1.4)
    panel = made.panel(MARGIN, 0.2, WIDTH - 2 * MARGIN, 1.1)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.spines[:].set_visible(False)
    panel.set_facecolor("#F4F4F4")
    panel.text(0.5, 0.5, f"n/a: {reason}", ha="center", va="center", fontsize=11, color=QUIET)
    return made.figure


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of a line of text in inches."""
    letters = FontProperties(size=size, weight=weight)
    return float(_RULER.get_text_width_height_descent(text, letters, False)[0]) / 72  # type: ignore[no-untyped-call]


_RULER = RendererAgg(1, 1, 72)  # type: ignore[no-untyped-call]


def wrapped(text: str, size: float, width: float, weight: str = "normal", most: int = 0) -> list[str]:
    """Lines no wider than ``width`` inches, broken at spaces and, where a word is too long, within it.

    ``most`` lines at most, the last one ending in an ellipsis; 0 is without limit.
    """
    lines = [""]
    for word in text.split(" "):
        for part in _parts(word, size, width, weight):
            longer = f"{lines[-1]} {part}".strip()
            if lines[-1] and text_width(longer, size, weight) > width:
                lines.append(part)
            else:
                lines[-1] = longer
    if most and len(lines) > most:
        return [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    return lines


def _parts(word: str, size: float, width: float, weight: str) -> Iterator[str]:
    while text_width(word, size, weight) > width and len(word) > 1:
        fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or text_width(word[:n], size, weight) <= width)
        joint = max(word.rfind(mark, 0, fits) for mark in "+_-/") + 1
        fits = joint if joint > fits // 3 else fits
        yield word[:fits]
        word = word[fits:]
    yield word


def ink_on(color: tuple[float, float, float]) -> str:
    """Black or white, whichever is read more easily on a color (relative luminance, WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def apart(places: Sequence[float], sizes: Sequence[float], high: float) -> list[float]:
    """The places moved up, and then down from ``high``, until things of these sizes do not overlap; order is kept."""
    order = sorted(range(len(places)), key=lambda i: (places[i], -i))
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + (sizes[before] + sizes[after]) / 2)
    if order:
        moved[order[-1]] = min(moved[order[-1]], high - sizes[order[-1]] / 2)
    for after, before in pairwise(reversed(order)):
        moved[before] = min(moved[before], moved[after] - (sizes[before] + sizes[after]) / 2)
    return moved


def rendered(figure: Figure, kind: Literal["png", "svg"], source: str | None = None, colors: int = 0) -> bytes:
    """A chart as a file's bytes: the same for the same chart, without a date; text in an SVG stays text.

    ``source`` names what the chart shows, in the file's description. ``colors`` of a PNG at most: a third of the bytes.
    """
    data = io.BytesIO()
    none: dict[str, Any] = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    said = {} if kind == "png" else {"Title": title_of(figure)}
    with drawing():
        figure.savefig(data, format=kind, dpi=DPI, metadata={**none, **said, "Description": source})
    return _in_few_colors(data, colors, source) if colors and kind == "png" else data.getvalue()


def _in_few_colors(png: io.BytesIO, colors: int, source: str | None) -> bytes:
    said, data = PngInfo(), io.BytesIO()
    if source is not None:
        said.add_text("Description", source)
    few = Image.open(png).convert("RGB").quantize(colors, dither=Image.Dither.NONE)
    few.save(data, "png", optimize=True, dpi=(DPI, DPI), pnginfo=said)
    return data.getvalue()
