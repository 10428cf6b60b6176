"""A fitted office as the text of a scenario file: measured numbers with their mark W, all others as assumptions.

What a log of tickets does not tell is not made up: nobody gives up or comes back, dossiers are complete, and there is
no greeting, so that what is measured at the counter is all of the work.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from sim.fitting.arrivals import HALF_HOUR, Numbers, weekday_of
from sim.fitting.clocks import A_DAY
from sim.fitting.office import Crew, Office
from sim.fitting.pauses import CVS, Spread
from sim.report.detail import free
from sim.units import MINUTE, WEEKDAYS, clock_text

COLUMN = 34
CV, UNKNOWN, LONGEST_NAME, ROUNDED, MOST_CV = 0.8, 5.0, 40, 0.005, 3.0
DEMAND = f"{'demand: 1.0':<{COLUMN - 2}}  # A fixed: as many as came"
WITHOUT_GAPS = "; of queues that have none on a day, as many as the others make likely"
HEAD = (
    "# Marks: W measured from the log [95 % interval], A assumed [with its range].",
    "# The log does not tell when a visit ends, which counter calls, nor who goes without being called. Queues whose",
    "# boards show the same numbers of counters share them, and the work of a call is that of any of them. Where they",
    "# are shared otherwise, or pause, calls are longer and more varied. goodness.csv says what waits this scenario",
    "# has, beside those of the log.",
)


def scenario_text(office: Office) -> str:
    """The file of an office."""
    parts = (_calendar(office), _arrivals(office), _procedures(office), _places(office), _observed(office))
    lines = [
        f"name: {json.dumps(office.name.replace('${', '$ {'), ensure_ascii=False)}",
        "opening: false",
        DEMAND,
        *HEAD,
    ]
    return "\n".join([*lines, *(line for part in parts for line in part), ""])


def _said(head: str, comment: str) -> str:
    return f"{head:<{COLUMN - 2}}  # {comment}"


def _calendar(office: Office) -> Iterator[str]:
    yield "calendar:"
    yield _said("  hours:", "W from the first call of a usual day to the last ticket, but for what boards show as shut")
    for day, spans in office.hours.items():
        own = ", ".join(f'"{_clock(first)}-{_clock(last)}"' for first, last in spans)
        yield f"    {WEEKDAYS[day]}: [{own}]"
    yield "  holidays: none"


def _between(ends: Sequence[float] | Numbers | None) -> str:
    """An interval in a mark, as wide as it is: its ends are rounded outward."""
    if ends is None:
        return ""
    low, high = (float(end) for end in ends)
    return f"[{_rounded(low, floor)}–{_rounded(high, ceil)}] "


def _rounded(x: float, to: Callable[[float], int]) -> str:
    """To four digits, and no fewer where a number is small."""
    unit = 10.0 ** (floor(log10(x)) - 3) if x > 0 else 1.0
    return f"{to(round(x / unit, 6)) * unit:.10g}"


def _clock(minutes: float) -> str:
    return "24:00" if minutes >= A_DAY else clock_text(int(minutes) * MINUTE)


def _arrivals(office: Office) -> Iterator[str]:
    own = office.arrivals
    weekday = {WEEKDAYS[n]: mean for n, mean in enumerate(own.weekday) if np.isfinite(mean)}
    yield "arrivals:"
    said = f"{_between(own.per_day_ends)}mean of the weekdays, {len(own.days)} days"
    said += WITHOUT_GAPS if office.has_gaps else ""
    yield _said(f"  per_day: {own.per_day:.6g}", f"W {said}")
    yield "  counted_as: people"
    yield _said("  dossiers_per_visitor: 1.0", "A fixed: a ticket is one")
    yield _factor(own.factor_cv)
    yield _said("  weekday:", "W people on a day against the middle of these")
    on = [WEEKDAYS[n] for n in weekday_of(own.days)]
    for day, mean in weekday.items():
        ends = None if own.factor_ends is None or len(weekday) == 1 else own.factor_ends[WEEKDAYS.index(day)]
        yield _said(f"    {day}: {mean / own.per_day:.4g}", f"W {_between(ends)}{on.count(day)} days")
    usual = Counter(office.hours.values()).most_common(1)[0][0]
    first = next(day for day, span in office.hours.items() if span == usual)
    yield _said("  profile:", "W shares of the half-hours; the first are people at the gate")
    yield from _profile(office.profiles[first], "    ")
    others = [day for day, span in office.hours.items() if span != usual]
    if others:
        yield _said("  profile_on:", "W of weekdays with other hours")
    for other in others:
        yield f"    {WEEKDAYS[other]}:"
        yield from _profile(office.profiles[other], "      ")


def _factor(factor: tuple[float, float, float] | None) -> str:
    if factor is None:
        return _said("  day_factor_cv: 0.18", "A [0.1–0.3] no weekday was seen twice")
    value, low, high = factor
    mark = f"W {_between((low, min(high, MOST_CV)))}beyond weekdays and Poisson noise"
    clipped = f"A fixed: the most that a scenario may have; {value:.4g} was measured"
    return _said(f"  day_factor_cv: {min(value, MOST_CV):.3g}", mark if value <= MOST_CV else clipped)


def _profile(shares: Numbers, before: str) -> Iterator[str]:
    for slot in np.flatnonzero(shares > 0):
        yield _said(f'{before}"{_clock(slot * HALF_HOUR)}": {shares[slot]:.5f}', "W")


def _procedures(office: Office) -> Iterator[str]:
    yield "procedures:"
    crew_of = {line: crew for crew in office.crews for line in crew.lines}
    for line in office.lines:
        yield f"  {line.key}:  # {line.title}"
        missing = len(office.arrivals.days) - line.days
        of = f"{line.tickets} of {office.tickets} tickets" + (f", none on {missing} days" if missing else "")
        yield _said(f"    share: {line.share!r}", f"W {_between(line.ends)}{of}")
        yield "    service:"
        yield "      kind: lognormal"
        yield _minutes(crew_of[line.key])
        yield _spread(crew_of[line.key].spread)
        yield _said("    incomplete: 0.0", "A fixed: not in the log")


def _minutes(crew: Crew) -> str:
    """As many more minutes as the counters written are more than those that were open, so that the load is theirs."""
    if crew.work is None:
        return _said(
            f"      mean: {UNKNOWN}", "A [1–30] the calls do not tell it: nobody waited, or too few were called"
        )
    more = crew.counters / crew.open
    how = "of open counters a call while somebody waits" if crew.knows_counters else "a call, as if of one counter"
    how += "" if abs(more - 1) < ROUNDED else f", ×{crew.counters}/{crew.open:.3g}"
    ends = None if crew.work.ends is None else [end * more for end in crew.work.ends]
    said = "of too few days for an interval, " if ends is None else ""
    return _said(f"      mean: {crew.work.minutes * more:.4g}", f"W {_between(ends)}min {said}{how}")


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return _said(f"      cv: {CV}", "A [0.5–1.5] ends of visits are not in the log")
    if spread.cv in (CVS[0], CVS[-1]):
        side = "most" if spread.cv == CVS[-1] else "least"
        return _said(
            f"      cv: {spread.cv:.3g}", f"A fixed: the {side} that is looked for; calls scatter as much or beyond"
        )
    how = "by how calls scatter while there is a line; pauses are in it"
    return _said(f"      cv: {spread.cv:.3g}", f"W {_between(spread.ends)}{how}")


def _places(office: Office) -> Iterator[str]:
    total = sum(crew.counters for crew in office.crews)
    yield "points:"
    yield "  hall:"
    yield _said(f"    counters: {total}", "W of all queues together")
    yield "    seats: null"
    yield _said("    share: 1.0", "A fixed: one hall")
    yield "staff:"
    for crew in office.crews:
        how = (
            f"W {crew.open:.3g} open on average while any is"
            if crew.knows_counters
            else "A fixed: only its ratio to the minutes is known"
        )
        yield f"  {crew.key}:"
        yield _said(f"    count: {crew.counters}", how)
        yield f"    skills: [{', '.join(crew.lines)}]"
    yield "closing:"
    yield "  rule: serve_out"
    yield _said("  overtime_cap: 120.0", "A [0–120] minutes")
    yield "greeting: 0.0  # A fixed: in the minutes at the counter"
    yield "priorities: {ordinary: {share: 1.0, rank: 1}}  # A fixed: not in the log"
    yield "channels: {paper: {share: 1.0, overhead: 0.0}}  # A fixed: not in the log"
    yield "purposes: {submit: {share: 1.0}}  # A fixed: not in the log"
    yield "patience: null"
    yield "returns: {incomplete: {share: 0.0}, unserved: {share: 0.0}}  # A fixed: not in the log"


def _observed(office: Office) -> Iterator[str]:
    yield "observed:"
    days = office.arrivals.days
    how = "W of queues as if none were missing" if office.has_gaps else "W"
    yield from _seen("", "all", office.within, days, len(days), how)
    taken: set[str] = set()
    for line in office.lines if len(office.lines) > 1 else ():
        name = free(line.key[:LONGEST_NAME], taken)
        yield from _seen(f"_{name}", f"field={line.key}", line.within, days, line.days, "W")


def _seen(
    name: str, scope: str, within: Mapping[int, float], days: NDArray[np.int64], there: int, how: str
) -> Iterator[str]:
    for minutes, share in within.items():
        yield f"  within_{minutes}{name}:"
        yield f"    metric: wait_within_{minutes}"
        yield f"    scope: {scope}"
        yield f"    value: {share:.4f}  # {how}"
        yield f"    first: {np.datetime64(int(days[0]), 'D')}"
        yield (
            f"    open_days: {there}"
            if there == len(days)
            else _said(f"    open_days: {there}", f"W of {len(days)}, none on others")
        )
        yield "    used_as_input: false"
        yield "    source: W the log"
