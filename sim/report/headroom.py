"""How much a center can take: its figure against demand and the length of an outage, and and by officials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.headroom import Headroom, Turn, Walk, first_to_turn
from sim.headroom.officials import Step
from sim.headroom.words import factor, interval, minutes, more_said, needed_said, turning_point
from sim.intervals import Estimate
from sim.report.marks import Ruler, reach, scale_of
from sim.report.style import BLUE, INK, MARGIN, QUIET, SKY, SMALL, VERDICT_INK, WIDTH, Page, drawing, page, wrapped
from sim.report.wording import assumed, full_name, named, outcome, plain, shortened, unbroken, unit_of
from sim.units import clock_text

_TALL, _ROW, _LEFT, _RIGHT, _GAP, _FOOT = 2.6, 0.24, 2.3, 2.5, 0.62, 0.55
_ABOVE = 0.5
FURTHEST = 2.5
"""Times the target above which curves are cut off."""
MOST_ROWS = 26

Said = Callable[[float], str]


@dataclass(frozen=True, eq=False)
class Curve:
    """What a panel of curves shows: a walk, the target that decides it, and how it is called."""

    walk: Walk
    turns: Sequence[Turn]
    said: Said
    across: str
    title: str


@dataclass(frozen=True, eq=False)
class Row:
    """A group at a number of officials, in words; ``is_first``: the group's name stands at it."""

    group: str
    number: str
    step: Step
    is_first: bool
    is_fewer: bool


@drawing()
def headroom_chart(found: Headroom) -> Figure:
    """Curves with the band of their intervals above, the target dashed and the turning point upright; rows below."""
    curves = _curves_of(found)
    rows = _rows_of(found)
    below = (len(rows) * _ROW + _FOOT + 0.5) if rows else 0.0
    made = page(_title(found), _notes(found, len(rows)), below + _FOOT + _TALL + _ABOVE)
    room = (WIDTH - MARGIN - _GAP * len(curves) - 0.1) / len(curves)
    for nth, curve in enumerate(curves):
        panel = made.panel(MARGIN + _GAP + nth * (room + _GAP), below + _FOOT, room - 0.1, _TALL)
        _curve(panel, curve, found, room)
    if rows:
        _officials(made, rows, found)
    return made.figure


def _curves_of(found: Headroom) -> list[Curve]:
    curves = [Curve(found.demand, found.turns, factor, "demand, as a multiple of today’s", "Demand")]
    for one in found.outages:
        across = f"minutes of an outage from {clock_text(one.begins)} on each day"
        curves.append(Curve(one.walk, one.turns, minutes, across, f"Outage, answer: {one.answer}"))
    return curves


def _curve(panel: Axes, curve: Curve, found: Headroom, room: float) -> None:
    """The figure of the target that decides, with its interval, over the values that were looked at."""
    turn = first_to_turn(curve.turns)
    metric, nth = turn.target.metric, list(curve.turns).index(turn)
    scale, values = scale_of(metric), curve.walk.values
    figures = [curve.walk.points[x].verdicts[nth].estimate for x in values]
    top = _top(metric, figures, turn.target.threshold)
    known = [(x, e) for x, e in zip(values, figures, strict=True) if e.value is not None]
    x = np.array([at for at, _ in known])
    low, mid, high = (np.array([_end(e, name) for _, e in known]) * scale for name in ("lower", "value", "upper"))
    panel.fill_between(x, low, high, color=SKY, alpha=0.5, linewidth=0, zorder=2)
    panel.plot(x, mid, color=BLUE, linewidth=1.4, marker="o", markersize=3, zorder=3)
    panel.axhline(turn.target.threshold * scale, color=INK, linewidth=1.2, linestyle=(0, (2, 1)), zorder=2)
    panel.set_ylim(0, top)
    panel.set_xlim(x[0], _last(x, low, top))
    panel.grid(visible=True)
    panel.set_xlabel(curve.across, fontsize=SMALL)
    _turning(panel, curve, turn)
    unit = unit_of(metric, found.study.base.money.currency)
    said = f"{curve.title}: {named(metric).lower()}, {unit}; dashed: {turn.target.text}"
    panel.set_title(
        "\n".join(wrapped(unbroken(said), SMALL, room - 0.2, "bold")), loc="left", fontsize=SMALL, fontweight="bold"
    )


def _end(estimate: Estimate, name: str) -> float:
    found = getattr(estimate, name)
    return float(estimate.value or 0.0 if found is None else found)


def _last(x: NDArray[np.float64], low: NDArray[np.float64], top: float) -> float:
    """Where the curves have left the panel for good."""
    inside = np.flatnonzero(low <= top)
    return float(x[min(inside[-1] + 1, len(x) - 1)]) if len(inside) else float(x[-1])


def _top(metric: str, figures: Sequence[Estimate], threshold: float) -> float:
    """Where the upright axis ends: all figures where they are near the target, else cut off."""
    whole = reach(metric, figures, [threshold])
    return min(whole, FURTHEST * threshold * scale_of(metric)) if threshold else whole


def _turning(panel: Axes, curve: Curve, turn: Turn) -> None:
    """The turning point and its interval, upright; where it is beyond, in words alone."""
    words = f"turns at {turning_point(turn, curve.walk, curve.said)}"
    at, right = 0.03, True
    if isinf(turn.value):
        words = words.removeprefix("turns at ") if turn.value < 0 else words
    else:
        first, last = panel.get_xlim()
        low, high = (min(max(end, first), last) for end in sorted((turn.met_until, turn.missed_from)))
        panel.axvspan(low, high, color=QUIET, alpha=0.25, linewidth=0, zorder=1)
        panel.axvline(turn.value, color=QUIET, linewidth=1.0, zorder=1)
        words += f"\n({interval(turn, curve.walk, curve.said)})"
        at = (turn.value - first) / (last - first)
        right = at < 0.5
    panel.annotate(
        words, (at, 0.97), xycoords="axes fraction", xytext=(5 if right else -5, 0), textcoords="offset points",
        fontsize=SMALL, va="top", ha="left" if right else "right", color=INK, zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
    )  # fmt: skip


def _rows_of(found: Headroom) -> list[Row]:
    """Groups of officials with those fewer that could be run; the groups that can spare least where they are many.

    Where a promise is broken, the numbers more: the groups that need fewest where they are many.
    """
    rows: list[Row] = []
    for own in _groups_of(found):
        if len(rows) + len(own) <= MOST_ROWS:
            rows += own
    return rows


def _groups_of(found: Headroom) -> list[list[Row]]:
    if found.officials is not None:
        groups = sorted(found.officials.groups, key=lambda group: group.spare)
        return [
            [
                Row(group.name, f"{one.by} of {group.count} fewer", one, nth == 0, True)
                for nth, one in enumerate(group.steps)
            ]
            for group in groups
        ]
    larger = found.needed.groups if found.needed is not None else ()
    return [
        [Row(group.name, f"{group.count} + {one.by}", one, nth == 0, False) for nth, one in enumerate(group.ends)]
        for group in sorted(larger, key=lambda group: group.enough.by if group.enough else inf)
    ]


def _officials(made: Page, rows: Sequence[Row], found: Headroom) -> None:
    """A row a group and number: the first target's figure, and the verdict on all at the right."""
    target = found.study.targets.items[0]
    panel = made.panel(_LEFT, _FOOT, WIDTH - _LEFT - _RIGHT, len(rows) * _ROW)
    estimates = [row.step.point.estimate for row in rows if row.step.point is not None]
    top = reach(target.metric, [*estimates, found.base.estimate], [target.threshold])
    ruler = Ruler(panel, target.metric, top, upright=False)
    panel.set_xlim(0, top)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    panel.set_yticks([])
    panel.grid(axis="x")
    panel.axvline(target.threshold * scale_of(target.metric), color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    base = (found.base.estimate.value or 0.0) * scale_of(target.metric)
    panel.axvline(base, color=QUIET, linewidth=1.0)
    unit = unit_of(target.metric, found.study.base.money.currency)
    panel.set_xlabel(f"{named(target.metric).lower()}, {unit}; line: as it is, dashed: target", fontsize=SMALL)
    how = "fewer" if found.officials is not None else "more, with counters where there are too few"
    panel.set_title(f"Officials: one group at a time with so many {how}", loc="left", fontsize=SMALL, fontweight="bold")
    for at, row in enumerate(rows):
        _row(panel, ruler, at, row)


def _row(panel: Axes, ruler: Ruler, at: int, row: Row) -> None:
    across, step = panel.get_yaxis_transform(), row.step
    wide = WIDTH - _LEFT - _RIGHT
    if row.is_first:
        name = shortened(plain(row.group), 26)
        panel.text((MARGIN - _LEFT) / wide, at, name, fontsize=SMALL, va="center", transform=across)
    panel.text(-0.02, at, row.number, fontsize=SMALL, va="center", ha="right", color=QUIET, transform=across)
    words = outcome(step.verdict)
    if step.point is None:
        words = "cannot be: nobody left for some work" if row.is_fewer else f"cannot be: {step.why_not}"
    else:
        ruler.interval(step.point.estimate, at, step.verdict)
        own = [named(v.metric).lower() for v in step.point.verdicts if v.verdict == step.verdict]
        words += f" ({', '.join(own)})" if len(own) < len(step.point.verdicts) else ""
    panel.text(
        1.03, at, shortened(words, 42), fontsize=SMALL, va="center", transform=across, color=VERDICT_INK[step.verdict]
    )


def _title(found: Headroom) -> str:
    name, turn = full_name(found.study), first_to_turn(found.turns)
    if turn.value == inf:
        return f"{name}: keeps its promise at {factor(found.demand.values[-1])} as many people, the most looked at"
    if turn.value == -inf:
        return f"{name}: breaks its promise even at {factor(found.demand.values[0])} as many people"
    ends = interval(turn, found.demand, factor)
    chosen = found.needed.chosen if found.needed is not None else None
    officials = (
        f", or with {more_said(chosen)} in {plain(chosen.group.name)}" if chosen and chosen.verdict == "met" else ""
    )
    people = f"{factor(turn.value)} as many people{f' ({ends})' if ends else ''}"
    if turn.value < 1:
        return f"{name}: would keep its promise at {people}{officials}"
    return f"{name}: keeps its promise up to {people}"


def _notes(found: Headroom, shown: int) -> list[str]:
    study = found.study
    others = [
        f"{named(turn.target.metric).lower()} at {turning_point(turn, found.demand, factor)}" for turn in found.turns
    ]
    steps = sum(len(own) for own in _groups_of(found))
    hidden = f"{shown} of {steps} rows of officials are shown. " if shown < steps else ""
    hour = "The hour of an outage is the one from which the shortest breaks a target, chosen on other replications. "
    hour = hour if found.outages else ""
    unmet = "" if found.officials is not None else _unmet(found)
    return [
        f"Each panel of curves has the target that decides there; with demand, each turns: {', '.join(others)}.",
        (
            f"Bands: {study.confidence:.0%} intervals, {study.replications} replications on the same citizens; gray: "
            f"values at which the interval of the figure holds the target. {hour}{hidden}{unmet}"
        ),
        f"{assumed([study])}." if assumed([study]) else "",
    ]


def _unmet(found: Headroom) -> str:
    """What fresh replications say of more officials, and what is not looked at where a promise is broken."""
    said = needed_said(found.needed)[0] if found.needed is not None else ""
    return f"Officials: {said}. Outages and fewer officials: only where all targets are met as it is. "
