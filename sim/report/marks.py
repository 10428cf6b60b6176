"""Estimates with their intervals, targets and verdicts, as marks that need no color."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.intervals import Estimate
from sim.report.style import INK, VERDICT_COLORS, VERDICT_MARKERS
from sim.targets import kind_of
from sim.verdicts import Outcome

_FAR = 2.5
_MILLIONTH = 1e-6


def scale_of(metric: str) -> float:
    """What figures are multiplied with for an axis: shares are shown in percent, money in millions."""
    if metric.startswith("cost_"):
        return _MILLIONTH
    return 100.0 if kind_of(metric) == "share" else 1.0


def reach(metric: str, estimates: Iterable[Estimate], thresholds: Iterable[float | None]) -> float:
    """Where an axis from 0 ends, in its own unit.

    Beyond all figures and targets, and beyond intervals that are not far wider; a share needs no more than
    a little above 100 %.
    """
    known = list(estimates)
    figures = [e.value for e in known if e.value is not None]
    ends = [e.upper for e in known if e.upper is not None]
    longest = max([*figures, *(1.15 * t for t in thresholds if t is not None)], default=0.0)
    top = 1.08 * max(longest, min(max(ends, default=0.0), _FAR * longest)) * scale_of(metric)
    return (min(top, 104.0) if kind_of(metric) == "share" else top) or 1.0


@dataclass(frozen=True)
class Ruler:
    """An axis of a panel that figures of one metric are drawn along, from 0 to ``top``."""

    panel: Axes
    metric: str
    top: float
    upright: bool

    def interval(self, estimate: Estimate, at: float, outcome: Outcome | None) -> None:
        """A marker and its interval at a place of the other axis; an arrow where it goes on beyond ``top``.

        The marker is filled only where the verdict is *met* or *missed*, hollow where it is undecided or none.
        """
        if estimate.value is None:
            return
        color, scale = VERDICT_COLORS[outcome] if outcome else INK, scale_of(self.metric)
        low = estimate.value if estimate.lower is None else estimate.lower
        high = estimate.value if estimate.upper is None else estimate.upper
        along = [low * scale, min(high * scale, self.top)]
        self._plot(along, [at, at], "", color=color, linewidth=2.2, solid_capstyle="butt", zorder=3)
        if high * scale > self.top:
            arrow = "^" if self.upright else ">"
            self._plot([self.top], [at], arrow, color=color, markersize=6, clip_on=False, zorder=4)
        decided = outcome in ("met", "missed")
        look = {"markerfacecolor": color if decided else "white", "markeredgecolor": "white" if decided else color}
        edge = 0.6 if decided else 1.4
        marker = VERDICT_MARKERS[outcome] if outcome else "o"
        size = 8.5 if decided else 7
        value = min(estimate.value * scale, self.top)
        self._plot([value], [at], marker, **look, markersize=size, markeredgewidth=edge, clip_on=False, zorder=5)

    def _plot(self, along: Sequence[float], across: Sequence[float], form: str, **look: object) -> None:
        x, y = (across, along) if self.upright else (along, across)
        self.panel.plot(x, y, form or "-", **look)  # type: ignore[arg-type]
