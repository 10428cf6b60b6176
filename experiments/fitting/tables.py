"""What was fitted of an export or of counts, on a terminal, at most 100 columns wide, and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from experiments.fitting.fitted import Fitted
from sim.fitting.arrivals import weekday_of
from sim.fitting.files import Note
from sim.fitting.terms import FieldTimes, share_ends
from sim.report.wording import shortened
from sim.units import WEEKDAYS

if TYPE_CHECKING:
    import pandas as pd

WIDTH, NAME, MOST = 100, 30, 20


def told(offices: Sequence[Fitted]) -> str:
    """What was noted of all, a line a kind, and a few lines of each office with what was noted of it alone."""
    shared = [note for note in offices[0].notes if all(note in one.notes for one in offices)]
    lines = _noted(shared, "")
    for one in offices[:MOST]:
        lines += ["", *_office(one), *_noted([note for note in one.notes if note not in shared], "  ")]
    hidden = len(offices) - MOST
    return "\n".join([*lines, *([f"and {hidden} more offices, see weekdays.csv"] if hidden > 0 else [])])


def _noted(notes: Sequence[Note], indent: str) -> list[str]:
    """Notes, a line a kind, of which long ones go on in the next."""
    parts = [wrap(one.said, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ") for one in notes]
    return [line for part in parts for line in part]


def _office(one: Fitted) -> list[str]:
    own, ends, factor = one.week.arrivals, one.week.ends, one.week.arrivals.factor_cv
    reach = "of days not known" if ends is None else f"({ends[0]:.1f}–{ends[1]:.1f}), {len(own.days)} days"
    cv = (
        "day factor cv not known"
        if factor is None
        else f"day factor cv {factor[0]:.2f} ({factor[1]:.2f}–{factor[2]:.2f})"
    )
    lines = [f"{shortened(one.name, 50)}: {own.per_day:.1f} {one.counted_as} a day {reach}; {cv}"]
    means = [f"{WEEKDAYS[n]} {mean:.1f}" for n, mean in enumerate(own.weekday) if np.isfinite(mean)]
    lines.append(f"  {', '.join(means)}")
    if one.ways is not None:
        ways = one.ways
        lines.append(
            f"  filed at the hall {ways.hall}, online {ways.online}, by post {ways.post}, not said {ways.unsaid}"
        )
    if one.staff is not None:
        groups = [f"{group.count} {group.key}" for group in one.staff.groups]
        lines += wrap(f"officials: {', '.join(groups)}", WIDTH - 2, initial_indent="  ", subsequent_indent="    ")
    return lines + _fields(one)


def _fields(one: Fitted) -> list[str]:
    if not one.fields:
        return ["  no column tells the field: shares of a commune elsewhere are assumed"]
    lines = [f"  {'field':{NAME}} {'share':>7} {'term, days':>12} {'median, days':>16} {'on time':>9}  named"]
    for field in one.fields:
        times = one.times.get(field.key)
        head = f"  {shortened(field.key, NAME):{NAME}} {field.share:>7.1%}"
        titles = shortened("; ".join(field.titles), 20)
        lines.append(f"{head} {_term(times):>12} {_median(times):>16} {_on_time(times):>9}  {titles}")
    return [line.rstrip() for line in lines]


def _term(times: FieldTimes | None) -> str:
    return "–" if times is None or times.term is None else f"{times.term.days} ({times.term.low}–{times.term.high})"


def _median(times: FieldTimes | None) -> str:
    if times is None or times.taken is None:
        return "–"
    taken = times.taken
    low, high = ("–" if end is None else f"{end:.0f}" for end in taken.ends)
    return f"not half of {taken.count}" if taken.median is None else f"{taken.median:.0f} ({low}–{high})"


def _on_time(times: FieldTimes | None) -> str:
    return "–" if times is None or times.on_time is None else f"{times.on_time[0] / times.on_time[1]:.1%}"


def weekdays_frame(offices: Sequence[Fitted]) -> pd.DataFrame:
    """One row an office and weekday: how many on a day, with the interval of the mean, and days."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    for one in offices:
        own, on = one.week.arrivals, weekday_of(one.week.arrivals.days)
        for nth in np.flatnonzero(np.isfinite(own.weekday)):
            reach = one.week.weekday_ends(int(nth))
            ends = (None, None) if reach is None else tuple(end * own.per_day for end in reach)
            known: dict[str, object] = {"office": one.name, "weekday": WEEKDAYS[nth], "counted_as": one.counted_as}
            rows.append(
                known | {"mean": own.weekday[nth], "lower": ends[0], "upper": ends[1], "days": int((on == nth).sum())}
            )
    return pd.DataFrame(rows)


def fields_frame(offices: Sequence[Fitted]) -> pd.DataFrame:
    """One row an office and field: under which names, shares, terms, times to the result and dossiers on time."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    for one in offices:
        for field in one.fields:
            row: dict[str, object] = {"office": one.name, "field": field.key, "named": "; ".join(field.titles)}
            row |= {"count": field.count, "share": field.share}
            rows.append(row | _times(one.times.get(field.key)))
    columns = ["office", "field", "named", "count", "share"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)


def _times(times: FieldTimes | None) -> dict[str, object]:
    found: dict[str, object] = {}
    if times is None:
        return found
    if times.term is not None:
        term = times.term
        found |= {"term": term.days, "term_low": term.low, "term_high": term.high, "due_dates": term.count}
    if times.taken is not None:
        own = times.taken
        found |= {"results": own.count - own.open, "open": own.open, "median_days": own.median}
        found |= {"median_lower": own.ends[0], "median_upper": own.ends[1], "distribution": own.shape}
        found |= {"parameters": " ".join(f"{value:.6g}" for value in own.parameters)}
    if times.on_time is not None:
        low, high = share_ends(times.on_time)
        found |= {"on_time": times.on_time[0] / times.on_time[1], "on_time_lower": low, "on_time_upper": high}
        found |= {"due": times.on_time[1]}
    return found
