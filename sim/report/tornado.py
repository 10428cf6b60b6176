"""What a figure rests on: the largest assumptions low and high, and inputs ranked by what they bring anywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.assumptions.designs import Index
from sim.assumptions.ends import Bar, End
from sim.assumptions.everywhere import Morris, Variance
from sim.assumptions.one_by_one import Flip, Rests
from sim.assumptions.trials import first_figure
from sim.report.marks import reach, scale_of
from sim.report.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    ORANGE,
    QUIET,
    SKY,
    SMALL,
    VERDICT_INK,
    WIDTH,
    drawing,
    page,
    wrapped,
)
from sim.report.wording import assumed, full_name, listed, measured, named, outcome, plain, shortened, unit_of

_LEFT, _RIGHT, _ROW, _FOOT, _HEAD = 2.35, 3.15, 0.72, 0.55, 0.3
MOST = 16


@drawing()
def tornado(found: Rests) -> Figure:
    """A row an assumption, the largest first: the figure at both ends with the interval of its paired change.

    The base and the target are lines; at the right stands where the verdict is another, and at what value it turns.
    """
    study, metric = found.study, first_figure(found.study)[0]
    bars = list(found.bars[:MOST])
    height = max(len(bars), 1) * _ROW
    made = page(_title(found), _caption(found, len(bars)), height + _FOOT + _HEAD)
    panel = made.panel(_LEFT, _FOOT, WIDTH - _LEFT - _RIGHT, height)
    thresholds = [study.targets.items[0].threshold]
    top = reach(metric, [found.base.estimate, *(end.estimate for bar in bars for end in bar.ends)], thresholds)
    panel.set_xlim(0, top)
    panel.set_ylim(height, 0)
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.grid(axis="x")
    panel.set_xlabel(f"{named(metric)}, {unit_of(metric, study.base.money.currency)}", fontsize=SMALL)
    for nth, bar in enumerate(bars):
        _row(panel, bar, found, nth * _ROW, top)
    _lines(panel, found, scale_of(metric) * thresholds[0])
    return made.figure


def _title(found: Rests) -> str:
    name, verdict = full_name(found.study), found.base.verdict
    names = list(dict.fromkeys(flip.bar.input.name for flip in found.flips))
    if names:
        return f"{name}: {verdict}, but that depends on {listed(names, 3)}"
    if not found.bars:
        return f"{name}: {verdict}; no assumption changes the figure"
    return f"{name}: {verdict}, whichever of {len(found.bars)} assumptions is at an end of its range"


def _row(panel: Axes, bar: Bar, found: Rests, at: float, top: float) -> None:
    """Two half bars from the base to the ends, the name at the left and the verdicts at the right."""
    scale = scale_of(first_figure(found.study)[0])
    base = (found.base.estimate.value or 0.0) * scale
    panel.axhline(at, color=FAINT, linewidth=0.8, clip_on=False)
    for end, color, down in zip(bar.ends, (SKY, ORANGE), (0.1, 0.37), strict=True):
        if end.estimate.value is None:
            continue
        value = min(base + (end.change.value or 0.0) * scale, top)
        panel.barh(at + down, value - base, height=0.25, left=base, align="edge", color=color, zorder=2)
        low, high = ((base + (side or 0.0) * scale) for side in (end.change.lower, end.change.upper))
        panel.plot([low, min(high, top)], [at + down + 0.125] * 2, color=INK, linewidth=1.1, zorder=4)
        right = value >= base
        panel.annotate(
            bar.input.said(end.at), (max(high, value) if right else min(low, value), at + down + 0.125),
            xytext=(4 if right else -4, 0), textcoords="offset points", fontsize=SMALL, va="center",
            ha="left" if right else "right", zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        )  # fmt: skip
    _beside(panel, bar, found, at)


def _beside(panel: Axes, bar: Bar, found: Rests, at: float) -> None:
    across = panel.get_figure().get_size_inches()[0] * panel.get_position().width  # type: ignore[union-attr]
    lines = wrapped(shortened(plain(bar.input.name), 70), 9, _LEFT - MARGIN - 0.15, most=2)
    said = f"as assumed {bar.input.said(bar.input.value)}"
    left, right = (MARGIN - _LEFT) / across, 1 + 0.3 / across
    place = panel.get_yaxis_transform()
    panel.text(left, at + 0.07, "\n".join(lines), fontsize=9, va="top", transform=place)
    panel.text(left, at + 0.14 + 0.15 * len(lines), said, fontsize=SMALL, va="top", color=QUIET, transform=place)
    flips = {flip.end.at: flip for flip in found.flips if flip.bar is bar}
    for end, down in zip(bar.ends, (0.2, 0.53), strict=True):
        flip = flips.get(end.at)
        color, weight = (VERDICT_INK[end.verdict], "bold") if flip else (QUIET, "normal")
        panel.text(
            right, at + down, _verdict(bar, end, flip), fontsize=SMALL, va="center", transform=place, color=color,
            fontweight=weight,
        )  # fmt: skip


def _verdict(bar: Bar, end: End, flip: Flip | None) -> str:
    words = f"{bar.input.said(end.at)}: {outcome(end.verdict)}"
    if flip is None or not flip.where:
        return words
    return f"{words} ({', '.join(flip.by)})\n{flip.where}" if flip.by else f"{words}\n{flip.where}"


def _lines(panel: Axes, found: Rests, threshold: float) -> None:
    """The base and the target, named above the panel."""
    metric = first_figure(found.study)[0]
    base = found.base.estimate.value or 0.0
    target = found.study.targets.items[0].text
    panel.axvline(base * scale_of(metric), color=INK, linewidth=1.2, zorder=3)
    panel.axvline(threshold, color=BLUE, linewidth=1.4, linestyle=(0, (5, 3)), zorder=3)
    names = [(base * scale_of(metric), f"as assumed {measured(metric, base)}", INK), (threshold, target, BLUE)]
    for (at, words, color), side in zip(sorted(names), ("right", "left"), strict=True):
        panel.annotate(
            words, (at, 0), xytext=(-3 if side == "right" else 3, 4), textcoords="offset points", fontsize=SMALL,
            ha=side, va="bottom", color=color,
        )  # fmt: skip


def _caption(found: Rests, shown: int) -> list[str]:
    study = found.study
    looked = len(found.choice.screened)
    return [
        (
            f"The {shown} largest of {looked} assumptions with a range, chosen on other replications. Upper bar: the "
            f"low end of the range, lower bar: the high end; whiskers: {study.confidence:.0%} interval of the change, "
            f"paired on the same citizens, {study.replications} replications."
        ),
        (
            "At the right the verdict on all targets at that end, and where it is another the value at which it turns, "
            "with the values at which the interval of the figure holds the target. The others are as assumed meanwhile."
        ),
        f"{assumed([study])}." if assumed([study]) else "",
    ]


@drawing()
def morris_chart(found: Morris) -> Figure:
    """A row an input: the mean size of its elementary effects."""
    metric = first_figure(found.study)[0]
    names = [one.name for one in found.inputs[:MOST]]
    title = f"{full_name(found.study)}: over all ranges {listed(names, 2)} move the {named(metric).lower()} most"
    notes = [
        (
            "Mean size of the elementary effects over the whole range of each input (Morris 1991), with bootstrap "
            f"intervals at {found.study.confidence:.0%}; the tick is the mean with its sign. Simulation noise "
            f"of one effect: {measured(metric, found.noise)}."
        ),
        f"{assumed([found.study])}." if assumed([found.study]) else "",
    ]
    sizes, means = (list(parts[:MOST]) for parts in zip(*((e.size, e.mean) for e in found.effects), strict=True))
    unit = f"{named(metric)}, {unit_of(metric, found.study.base.money.currency)}"
    return _ranked(title, notes, names, [(sizes, BLUE, "o"), (means, QUIET, "|")], (unit, scale_of(metric)))


@drawing()
def sobol_chart(found: Variance) -> Figure:
    """A row an input: its share of the variance, alone and with interactions."""
    metric = first_figure(found.study)[0]
    names = [one.name for one in found.inputs[:MOST]]
    alone = sum(one.value for one in found.shares.first)
    title = (
        f"{full_name(found.study)}: {names[0]} alone makes {max(found.shares.first[0].value, 0):.0%} of the variance "
        f"of the {named(metric).lower()}, all without interactions {alone:.0%}"
    )
    notes = [
        (
            "Circle: share of the variance by the input alone; diamond: with all its interactions; bootstrap intervals "
            f"at {found.study.confidence:.0%}. Each input is uniform over its range, the others are as assumed."
        ),
        f"{assumed([found.study])}." if assumed([found.study]) else "",
    ]
    marks = [(found.shares.first[:MOST], BLUE, "o"), (found.shares.total[:MOST], ORANGE, "D")]
    return _ranked(title, notes, names, marks, ("share of the variance, %", 100.0))


def _ranked(
    title: str,
    notes: Sequence[str],
    names: Sequence[str],
    marks: Sequence[tuple[Sequence[Index], str, str]],
    axis: tuple[str, float],
) -> Figure:
    """Rows of markers with intervals, each kind a little below the one before."""
    height = 0.42 * len(names)
    made = page(title, notes, height + _FOOT)
    panel = made.panel(_LEFT + 0.5, _FOOT, WIDTH - _LEFT - 0.5 - 2 * MARGIN, height)
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_yticks(range(len(names)), [shortened(plain(name), 42) for name in names])
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="x")
    panel.axvline(0, color=INK, linewidth=0.9)
    panel.set_xlabel(axis[0], fontsize=SMALL)
    for nth, (indices, color, form) in enumerate(marks):
        rows = np.arange(len(names)) + 0.2 * nth - 0.1
        for row, index in zip(rows, indices, strict=True):
            ends = [index.lower * axis[1], index.upper * axis[1]]
            panel.plot(ends, [row, row], color=color, linewidth=1.8, zorder=3)
            panel.plot([index.value * axis[1]], [row], form, color=color, markersize=6, zorder=4)
    return made.figure
