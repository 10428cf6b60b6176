"""How many come on each weekday: every day that was counted, the mean of its weekday, and how sure that is."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.fitting.arrivals import weekday_of
from sim.fitting.days import Week
from sim.report.style import BLUE, GRAY, INK, SMALL, drawing, page
from sim.units import WEEKDAYS

_WIDE, _TALL, _LEFT, _FOOT = 8.6, 3.6, 0.9, 0.55
SPREAD = 0.22
"""How far to each side of its weekday the days of one are drawn."""


@drawing()
def weekday_chart(name: str, what: str, week: Week) -> Figure:
    """A mark a weekday with its 95 % interval, a faint one a day; ``what`` is counted, at the office ``name``.

    Days are those that were looked at: where the mean is of more (of ways of filing that are not looked at by day),
    they are drawn as many times as large.
    """
    own, ends = week.arrivals, week.ends
    reach = "of days not known" if ends is None else f"({ends[0]:.1f}–{ends[1]:.1f}), {len(own.days)} days"
    made = page(f"{name}: {own.per_day:.1f} {what} a day {reach}", _notes(week), _TALL + _FOOT)
    panel = made.panel(_LEFT, _FOOT, _WIDE, _TALL)
    known = np.flatnonzero(np.isfinite(own.weekday))
    on, times = weekday_of(own.days), _times(week)
    for at, one in enumerate(known):
        counts = own.counts[on == one] * times
        panel.plot(at + np.linspace(-SPREAD, SPREAD, len(counts)), counts, ".", color=GRAY, markersize=4, zorder=2)
        span = week.weekday_ends(int(one))
        if span is not None:
            panel.plot([at, at], [end * own.per_day for end in span], color=BLUE, linewidth=3.0, zorder=3)
        panel.plot([at], [own.weekday[one]], "o", color=INK, markersize=7, zorder=4)
    panel.set_xticks(range(len(known)), [WEEKDAYS[one] for one in known])
    panel.set_xlim(-0.5, len(known) - 0.5)
    panel.set_ylim(0, None)
    panel.grid(visible=True, axis="y")
    panel.set_ylabel(f"{what} on a day", fontsize=SMALL)
    return made.figure


def _times(week: Week) -> float:
    """How many times as many as were looked at by day the means are of."""
    own = week.arrivals
    seen = own.counts[weekday_of(own.days) == int(np.nanargmax(own.weekday))]
    return float(np.nanmax(own.weekday) / seen.mean()) if len(seen) and seen.mean() > 0 else 1.0


def _notes(week: Week) -> list[str]:
    factor = week.arrivals.factor_cv
    lines = ["points: days; large ones: means of their weekdays, bars: 95 % intervals of these"]
    if factor is not None:
        value, low, high = factor
        lines.append(f"beyond weekdays and chance days differ by a factor of cv {value:.2f} ({low:.2f}–{high:.2f})")
    return lines
