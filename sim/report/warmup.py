"""Whether a run has settled: figures by working day, Welch's moving averages, and where MSER-5 cuts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.style import BLUE, INK, MARGIN, ORANGE, QUIET, SMALL, VERMILION, WIDTH, drawing, page
from sim.report.wording import caveat, full_name, listed, named
from sim.study import Study
from sim.warmup import WINDOWS, Settled, moving_averages

_TALL, _GAP, _FOOT, _LEFT = 1.75, 0.5, 0.5, 0.75


@drawing()
def warmup_chart(study: Study, found: Sequence[Settled]) -> Figure:
    """A panel a figure: means over replications as dots, moving averages as lines, the warm-up and MSER-5 upright."""
    count = len(found)
    made = page(_title(study, found), _notes(study), _FOOT + count * (_TALL + _GAP))
    for nth, one in enumerate(found):
        at = _FOOT + (count - 1 - nth) * (_TALL + _GAP)
        panel = made.panel(_LEFT, at, WIDTH - _LEFT - 2 * MARGIN, _TALL)
        _panel(panel, one)
        if nth == 0:
            panel.legend(loc="lower right", fontsize=SMALL, ncols=3, frameon=True, framealpha=0.9, edgecolor="none")
        if nth == count - 1:
            panel.set_xlabel("day of the run", fontsize=SMALL)
    return made.figure


def _panel(panel: Axes, one: Settled) -> None:
    (over, under), days = one.series.mean, one.series.days
    panel.plot(days, over / under, ".", color=QUIET, markersize=3, alpha=0.7, label="mean of a day", zorder=2)
    for window, color, width in zip(WINDOWS, (ORANGE, BLUE), (1.0, 1.8), strict=True):
        own = moving_averages(over, under, window)
        label = f"moving average of {2 * window + 1} days"
        panel.plot(days[: len(own)], own, color=color, linewidth=width, label=label, zorder=3)
    panel.set_xlim(-0.5, days[-1] + 1)
    panel.set_ylim(0, 1.12 * float(np.max(over / under)))
    panel.grid(visible=True, axis="y")
    panel.axvline(one.warmup, color=INK, linewidth=1.3, zorder=1)
    if one.wanted is not None:
        panel.axvline(one.wanted, color=VERMILION, linewidth=1.3, linestyle=(0, (4, 2)), zorder=1)
    cut = "not told" if one.wanted is None else f"settled from day {one.wanted}"
    said = f"{named(one.series.name)}: {cut} by MSER-5"
    said += "" if one.is_opening else f"; a warm-up of {one.warmup} days: {one.said}"
    panel.set_title(said, loc="left", fontsize=SMALL, fontweight="bold")


def _title(study: Study, found: Sequence[Settled]) -> str:
    name = full_name(study)
    if study.base.opening:
        return f"{name}: an opening, measured from its first day on"
    short = [named(one.series.name).lower() for one in found if not one.suffices]
    if short:
        return f"{name}: a warm-up of {found[0].warmup} days is too short for {listed(short)}"
    return f"{name}: a warm-up of {found[0].warmup} days suffices"


def _notes(study: Study) -> list[str]:
    return [
        (
            f"Working days, means of {study.replications} replications, measured from the first day on. Solid: where "
            "measuring begins; dashed: MSER-5 (White 1997), weeks of five working days. Moving averages: Welch (1983)."
        ),
        (
            "Too short: MSER-5 would begin later, and the days that are measured differ from the second half by more "
            f"than its {study.confidence:.0%} interval. {caveat([study])}"
        ),
    ]
