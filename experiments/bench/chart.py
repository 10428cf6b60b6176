"""How fast the programs are, as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.bench.rounds import Comparison, spread
from experiments.bench.table import figure
from sim.report.style import BLUE, BODY, FAINT, INK, MARGIN, QUIET, SMALL, VERMILION, WIDTH, drawing, page

LEFT, RIGHT = 2.2, 1.3
ROW, HEAD, GAP = 0.27, 0.45, 0.42


@drawing()
def speeds_chart(comparisons: Sequence[Comparison], machine: str) -> Figure:
    """CPU time a person by program, on a logarithmic scale that all models share; the first one's is marked."""
    heights = [ROW * len(comparison.measured) for comparison in comparisons]
    made = page(_title(comparisons), [_CAPTION, f"{machine}."], sum(heights) + (HEAD + GAP) * len(heights))
    speeds = [speed for comparison in comparisons for one in comparison.measured for speed in one.speeds]
    bottom = 0.0
    for comparison, height in reversed(list(zip(comparisons, heights, strict=True))):
        panel = made.panel(LEFT, bottom + GAP, WIDTH - LEFT - RIGHT - MARGIN, height)
        panel.set_xscale("log")
        panel.set_xlim(min(speeds) / 2, max(speeds) * 2)
        _draw(panel, comparison)
        bottom += height + HEAD + GAP
    return made.figure


_CAPTION = (
    "Median of the rounds and their range, programs in turns in one process. × : times the CPU time of the program "
    "in blue, median of the ratios within a round. Crosses: the mean wait is not the known one."
)


def _title(comparisons: Sequence[Comparison]) -> str:
    """What the first model says of the fastest and the slowest of the others, our own among them."""
    model, (first, *others) = comparisons[0].model, comparisons[0].measured
    if not others:
        return f"{first.program.name}: {figure(spread(first.speeds).median)} ns a {model.person}"
    ratios = [spread(one.ratios).median for one in others]
    low, high = figure(min(ratios)), figure(max(ratios))
    return f"{model.name}: the others take {low} to {high} times the CPU time of {first.program.name}"


def _draw(panel: Axes, comparison: Comparison) -> None:
    count = len(comparison.measured)
    panel.set_ylim(count - 0.4, -0.6)
    panel.set_yticks(range(count), [one.program.title for one in comparison.measured])
    panel.tick_params(axis="y", length=0, labelsize=BODY)
    panel.grid(axis="x")
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.spines["left"].set_visible(False)
    panel.set_xlabel(f"CPU ns a {comparison.model.person}", fontsize=SMALL, color=QUIET)
    panel.set_title(f"{comparison.model.name}: {comparison.model.title}", loc="left", fontsize=BODY, fontweight="bold")
    for nth, one in enumerate(comparison.measured):
        speed, right = spread(one.speeds), one.check.verdict != "off"
        color = VERMILION if not right else BLUE if nth == 0 else INK
        panel.axhline(nth, color=FAINT, linewidth=0.7, zorder=0)
        panel.plot([speed.low, speed.high], [nth, nth], color=color, linewidth=2.2, solid_capstyle="round")
        panel.plot([speed.median], [nth], "o" if right else "X", color=color, markersize=6)
        said = f"{figure(speed.median)} ns" + (f"  × {figure(spread(one.ratios).median)}" if nth else "")
        panel.text(1.01, nth, said, transform=panel.get_yaxis_transform(), va="center", fontsize=SMALL)
