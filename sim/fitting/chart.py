"""How well waits on days that were not used were foretold: a mark a queue, by what was observed of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.fitting.calls import WITHIN
from sim.fitting.unseen import BUSY, CONFIDENCE, Foretold, errors
from sim.report.style import BLUE, FAINT, INK, MARGIN, QUIET, SMALL, VERMILION, drawing, page

_WIDE, _TALL, _LEFT, _FOOT = 4.6, 4.6, 0.75, 0.6


@drawing()
def calibration(found: Sequence[Foretold]) -> Figure:
    """Share within the first of WITHIN: foretold and by the naive model against observed; on the line both agree.

    Marks of busy queues are filled and have an interval.
    """
    made = page(_title(found), _notes(found), _TALL + _FOOT)
    panel = made.panel(_LEFT, _FOOT, _WIDE, _TALL)
    panel.plot([0, 100], [0, 100], color=INK, linewidth=1.0, zorder=1)
    for one in found:
        _marks(panel, one)
    panel.plot([], [], "o", color=BLUE, label="foretold by what was seen on other days")
    panel.plot([], [], "x", color=VERMILION, label="one queue, counters of its own (naive)")
    panel.legend(loc="upper left", fontsize=SMALL, frameon=True, framealpha=0.9, edgecolor="none")
    panel.set_xlim(-2, 102)
    panel.set_ylim(-2, 102)
    panel.grid(visible=True)
    panel.set_xlabel(f"observed share within {WITHIN[0]:g} min, %", fontsize=SMALL)
    panel.set_ylabel(f"foretold share within {WITHIN[0]:g} min, %", fontsize=SMALL)
    _errors(made.panel(_LEFT + _WIDE + 0.9, _FOOT, 2.4 - MARGIN, _TALL), found)
    return made.figure


def _marks(panel: Axes, one: Foretold) -> None:
    seen = 100 * one.observed[0]
    color = BLUE if one.is_busy else FAINT
    if one.is_busy:
        if one.interval is not None:
            panel.plot([seen, seen], [100 * end for end in one.interval], color=QUIET, linewidth=0.9, zorder=2)
        if one.naive is not None:
            panel.plot([seen], [100 * one.naive[0]], "x", color=VERMILION, markersize=4, zorder=3)
    panel.plot([seen], [100 * one.predicted[0]], "o", color=color, markersize=4, zorder=4 if one.is_busy else 2)


def _errors(panel: Axes, found: Sequence[Foretold]) -> None:
    """How far each model is off on busy queues, a line of ranked errors each."""
    busy = [one for one in found if one.is_busy]
    for of, color, dashes in (("predicted", BLUE, "-"), ("naive", VERMILION, "--"), ("used", QUIET, ":")):
        off = np.sort(np.abs(errors(busy, 0, of))) * 100
        if len(off):
            label = {"predicted": "foretold", "naive": "naive", "used": "as before"}[of]
            panel.plot(off, np.arange(1, len(off) + 1) / len(off) * 100, color=color, linestyle=dashes, label=label)
    if busy:
        panel.legend(loc="lower right", fontsize=SMALL, frameon=True, framealpha=0.9, edgecolor="none")
    panel.set_xlim(0, None)
    panel.set_ylim(0, 100)
    panel.grid(visible=True)
    panel.set_xlabel("off by at most, points", fontsize=SMALL)
    panel.set_ylabel("busy queues, %", fontsize=SMALL)


def _title(found: Sequence[Foretold]) -> str:
    busy = [one for one in found if one.is_busy]
    if not busy:
        return f"No queue has {BUSY} tickets a day: nothing is told of busy ones"
    ours = 100 * float(np.abs(errors(busy, 0, "predicted")).mean())
    said = (
        f"On days not used, the share within {WITHIN[0]:g} minutes is foretold to {ours:.1f} points on average at "
        f"{len(busy)} busy queues"
    )
    naive = errors(busy, 0, "naive")
    return f"{said}; a single queue for each service is off by {100 * np.abs(naive).mean():.1f}" if len(naive) else said


def _notes(found: Sequence[Foretold]) -> list[str]:
    inside = [one.is_inside for one in found if one.is_busy and one.interval is not None]
    share = np.mean(inside) if inside else 0.0
    bars = f"Bars: {CONFIDENCE:.0%} intervals; {share:.0%} of the observed shares lie in theirs. " if inside else ""
    return [
        (
            "Arrivals of each day, and open counters as far as they are known, are given. "
            f"Busy: {BUSY} tickets a day or more, filled; "
            f"others gray. {bars}As before: the share on the days used."
        )
    ]
