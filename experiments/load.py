"""The load sheet of a scenario: is there enough work force for the work, before anything is simulated?"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.options import Options, asked, parsed

if TYPE_CHECKING:
    from sim.offered_load import Floats, LoadSheet

WIDTH = 100
MOST_COLUMNS = 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the sheet of each scenario asked for; 2 for bad input."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print("motcua load [-m] [GROUP=CHOICE] [KEY=VALUE]: as motcua run, but arithmetic only")
        return 0
    studies = asked(options)
    from sim.offered_load import load_sheet

    for study in studies:
        print(text(study.label, load_sheet(study.scenario)), end="\n\n")
    return 0


def text(name: str, sheet: LoadSheet) -> str:
    """The sheet as lines of at most 100 columns: loads by field and hour, or several hours, overloads marked."""
    every = range(24)
    seen = [hour for hour in every if (_of(sheet.offered, [hour]) + _of(sheet.present, [hour])) > 0]
    wide = -(-len(seen) // MOST_COLUMNS)
    hours = [seen[first : first + wide] for first in range(0, len(seen), wide or 1)]
    lines = [f"{name}: load {_figure(sheet.load)} (work over staffed minutes; * above 1)"]
    lines.append(" " * 16 + "   day" + "".join(f"{hour[0]:5d}h" for hour in hours))
    lines += [_row(title, work, minutes, hours) for title, work, minutes in _rows(sheet)]
    lines += _office(sheet)
    point, fields, load = sheet.binding
    if fields:
        whose = f" for {', '.join(sheet.classes)}" if sheet.classes else ""
        where = f" at {point}" if point else ""
        lines += wrap(f"binding: {', '.join(fields)}{where}{whose}: {_figure(load)}", WIDTH)
    if sheet.load > 1 or load > 1:
        what = "work is left behind, more" if sheet.load <= 1 and sheet.office else "the line grows"
        lines.append(f"overloaded: {what} as long as one looks, and the wait depends on the horizon")
    return "\n".join(lines)


def _office(sheet: LoadSheet) -> list[str]:
    """The back office: its work of a day, by field, over the minutes that are left for it."""
    office = sheet.office
    if office is None:
        return []
    rows = [
        (name, office.offered[:, n].sum(), office.staffed[:, n].sum(), "left after reception")
        for n, name in enumerate(sheet.fields)
        if office.offered[:, n].any()
    ]
    if office.approved:
        rows.append(("signature", office.approved, office.leaders, "of leaders, left after those on the spot"))
    both = (f"all, {name}" if len(sheet.points) > 1 else "all" for name in sheet.points)
    said = "of all who do either, reception included"
    rows += [(name, *row.tolist(), said) for name, row in zip(both, office.both, strict=True) if row.any()]
    found = ["back office, by day:"]
    for name, work, minutes, of in rows:
        found.append(f"  {name[:14]:14}{_figure(work, minutes):>6}   {work:,.0f} of {minutes:,.0f} min a day {of}")
    if office.fetched:
        found.append(f"  {office.fetched:.3g} visits a day to fetch a result: work at counters, counted there")
    return found


def _rows(sheet: LoadSheet) -> list[tuple[str, Floats, Floats]]:
    """Title, work and staffed minutes by half-hour."""
    rows = [(sheet.fields[n], sheet.offered[:, n].sum(axis=0), sheet.staffed[:, n].sum(axis=0)) for n in sheet.received]
    rows += [(name, sheet.offered[n].sum(axis=0), sheet.present[n]) for n, name in enumerate(sheet.points)]
    if sheet.guides.any():
        rows.append(("guidance", sheet.guided.sum(axis=0), sheet.guides.sum(axis=0)))
    if sheet.signed.any():
        rows.append(("signature", sheet.signed, sheet.leaders))
    return rows


def _row(title: str, work: Floats, minutes: Floats, hours: list[list[int]]) -> str:
    loads = [_figure(_of(work, hour), _of(minutes, hour)) for hour in hours]
    return f"{title[:16]:16}{_figure(work.sum(), minutes.sum()):>6}" + "".join(f"{load:>6}" for load in loads)


def _of(minutes: Floats, hours: list[int]) -> float:
    return float(minutes[..., 2 * hours[0] : 2 * hours[-1] + 2].sum())


def _figure(work: float, minutes: float = 1.0) -> str:
    """A load in words: "-" where there is neither work nor staff, "none*" where there is work and nobody."""
    if minutes == 0 or not math.isfinite(work):
        return "none*" if work > 0 else "-"
    load = work / minutes
    return f"{load:.2f}" + "*" * bool(load > 1) if load < 100 else ">99*"


if __name__ == "__main__":
    sys.exit(main())
