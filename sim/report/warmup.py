"""Whether a run has settled: figures by working day, Welch's moving averages, and what is left of the beginning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.style import BLUE, INK, MARGIN, ORANGE, QUIET, SKY, SMALL, VERMILION, WIDTH, drawing, page
from sim.report.wording import MINUS, caveat, full_name, listed, named
from sim.study import Study
from sim.warmup import WINDOWS, Settled, moving_averages

_TALL, _GAP, _FOOT, _LEFT = 1.75, 0.5, 0.5, 0.75


@drawing()
def warmup_chart(study: Study, found: Sequence[Settled]) -> Figure:
    """A panel a figure: means over replications as dots, moving averages as lines, the days that are measured shaded.

    The settled figure with its band lies across the days it is of.
    """
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
    panel.set_ylim(0, 1.12 * float(np.nanmax(over / under)))
    panel.grid(visible=True, axis="y")
    panel.axvspan(one.warmup, one.warmup + one.measured, color=QUIET, alpha=0.18, linewidth=0, zorder=0)
    panel.axvline(one.warmup, color=INK, linewidth=1.3, zorder=1)
    _settled(panel, one)
    panel.set_title(_said(one), loc="left", fontsize=SMALL, fontweight="bold")


def _settled(panel: Axes, one: Settled) -> None:
    """The settled figure, its band, and the warm-up that is wanted where another is."""
    if one.answer == "too short" and one.wanted is not None:
        panel.axvline(one.wanted, color=VERMILION, linewidth=1.3, linestyle=(0, (4, 2)), zorder=1)
    if one.left is not None:
        half, low, high = one.looked_at / 2, one.left.settled - one.left.band, one.left.settled + one.left.band
        panel.fill_between([half, one.looked_at], low, high, color=SKY, alpha=0.6, linewidth=0, zorder=1)


def _said(one: Settled) -> str:
    """What the title of a panel says: the answer, and what is left."""
    said = f"{named(one.series.name)}: " + (
        one.said if one.is_opening else f"a warm-up of {one.warmup} days {_is(one)}"
    )
    if one.left is None or one.left.estimate.value is None:
        return said
    left = one.left.estimate
    ends = "" if left.lower is None or left.upper is None else f" ({_signed(left.lower)} to {_signed(left.upper)})"
    return f"{said}; measured less settled: {_signed(left.value or 0.0)}{ends}"


def _is(one: Settled) -> str:
    match one.answer:
        case "suffices" | "suffices, within error":
            return one.said
        case "too short":
            return f"is too short, wanted {one.wanted}"
        case other:
            return f"is not told: {other}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", MINUS)


def _title(study: Study, found: Sequence[Settled]) -> str:
    name, warmup = full_name(study), found[0].warmup
    if study.base.opening:
        return f"{name}: an opening, measured from its first day on"
    short, others = (
        [named(one.series.name).lower() for one in found if not one.suffices and (one.answer == "too short") == which]
        for which in (True, False)
    )
    if short:
        return f"{name}: a warm-up of {warmup} days is too short for {listed(short)}"
    if others:
        return f"{name}: a warm-up of {warmup} days is not shown to suffice for {listed(others)}"
    return f"{name}: a warm-up of {warmup} days suffices"


def _notes(study: Study) -> list[str]:
    return [
        (
            f"Working days, means of {study.replications} replications, from the first day on. Gray: the days that are "
            "measured; blue: the figure of the second half ± 2 % (0.1 at least), its days weighted by weekday as "
            "those; dashed: where measuring would have to begin. Moving averages: Welch (1983)."
        ),
        (
            f"Too short: the {study.confidence:.0%} interval of measured less settled lies wholly beyond that band; "
            f"suffices: within it; within error: neither. {caveat([study])}"
        ),
    ]
