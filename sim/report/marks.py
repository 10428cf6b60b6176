"""Estimates with their intervals, targets and verdicts, as marks that need no color."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes

from sim.intervals import Estimate
from sim.report.style import INK, VERDICT_COLORS, VERDICT_MARKERS
from sim.verdicts import Outcome

_FAR = 2.5


def reach(estimates: Iterable[Estimate], thresholds: Iterable[float | None]) -> float:
    """Where an axis from 0 ends: beyond all figures and targets, and beyond intervals that are not far wider."""
    known = list(estimates)
    figures = [e.value for e in known if e.value is not None]
    ends = [e.upper for e in known if e.upper is not None]
    longest = max([*figures, *(1.15 * t for t in thresholds if t is not None)], default=0.0)
    return 1.08 * max(longest, min(max(ends, default=0.0), _FAR * longest)) or 1.0


def interval(
    panel: Axes,
    estimate: Estimate,
    at: float,
    top: float,
    outcome: Outcome | None,
    *,
    upright: bool,
    scale: float = 1.0,
) -> None:
    """A marker and its interval along an axis that ends at ``top``; an arrow where it goes on beyond that.

    The marker is filled only where a verdict is *met* or *missed*, and hollow where none is or it is undecided.
    """
    if estimate.value is None:
        return
    color = VERDICT_COLORS[outcome] if outcome else INK
    low = estimate.value if estimate.lower is None else estimate.lower
    high = estimate.value if estimate.upper is None else estimate.upper
    ends = low * scale, min(high * scale, top)
    _line(panel, ends, at, color, upright)
    if high * scale > top:
        _point(panel, top, at, "^" if upright else ">", color, color, upright, 6)
    face = color if outcome in ("met", "missed") else "white"
    marker = VERDICT_MARKERS[outcome] if outcome else "o"
    _point(panel, min(estimate.value * scale, top), at, marker, face, color, upright, 7)


def _line(panel: Axes, ends: tuple[float, float], at: float, color: str, upright: bool) -> None:
    along, across = ends, (at, at)
    x, y = (across, along) if upright else (along, across)
    panel.plot(x, y, color=color, linewidth=2.2, solid_capstyle="butt", zorder=3)


def _point(
    panel: Axes, along: float, across: float, marker: str, face: str, edge: str, upright: bool, size: float
) -> None:
    x, y = (across, along) if upright else (along, across)
    panel.plot(
        [x], [y], marker, markersize=size, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.4, zorder=4,
        clip_on=False,
    )  # fmt: skip
