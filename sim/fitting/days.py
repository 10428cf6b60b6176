"""How many a day, by weekday: which days an office was closed, the mean of each weekday, and how sure it is.

A weekday on which a tenth of the usual number comes, or less, is one on which the office is taken to be closed. A day
of an open weekday on which nobody came is a public holiday, or was closed where chance alone leaves such a day once in
a thousand or more seldom (Poisson, with the mean of its weekday), or is a day to which nobody came.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.faults import BadInput, Fault
from sim.fitting.arrivals import HALF_HOURS, WEEKDAYS, Arrivals, Numbers, arrivals_from, weekday_of
from sim.fitting.files import SHOWN_ROWS, Note
from sim.fitting.tickets import Cleaning
from sim.units import WEEKDAYS as NAMES

Days = NDArray[np.int64]
FEW, SELDOM, FAR, LONGEST = 0.1, 0.001, 180, 3660
EPOCH = date(1970, 1, 1)
EVERY_DAY = Calendar(hours={})


@dataclass(frozen=True, eq=False)
class Week:
    """The numbers of days, and what was noted of them.

    ``counted``: those that were looked at by day, of which the others are so many times as many; None where it is not
    known how many days are behind a number.
    """

    arrivals: Arrivals
    counted: Arrivals | None
    notes: tuple[Note, ...] = ()

    @property
    def ends(self) -> tuple[float, float] | None:
        """The 95 % interval of the number on a mean open day; None where no weekday was seen twice."""
        ends = None if self.counted is None else self.counted.per_day_ends
        if self.counted is None or ends is None:
            return None
        times = self.arrivals.per_day / self.counted.per_day
        return ends[0] * times, ends[1] * times

    def times(self, factor: float) -> Week:
        """The week of so many times as many, of which these are those that were looked at by day."""
        return replace(self, arrivals=replace(self.arrivals, weekday=self.arrivals.weekday * factor))

    def weekday_ends(self, one: int) -> tuple[float, float] | None:
        """The same of one weekday, as a factor of the number on a mean open day."""
        ends = None if self.counted is None else self.counted.factor_ends
        return None if ends is None else (float(ends[one, 0]), float(ends[one, 1]))


def day_text(day: int) -> str:
    """A day since 1970 as a date."""
    return (EPOCH + timedelta(int(day))).isoformat()


def holidays_in(days: Days) -> NDArray[np.bool_]:
    """Which of some days since 1970 are public holidays of Vietnam."""
    return np.array([EVERY_DAY.closed(EPOCH + timedelta(int(day))) for day in days], bool)


def leave_far_out(work: Cleaning, days: Days, what: str) -> None:
    """Notes and leaves out days that lie half a year and more from all but one in a hundred."""
    own = np.sort(days[work.left])
    if not len(own):
        return
    main = max(np.split(own, np.flatnonzero(np.diff(own) > FAR) + 1), key=len)
    far = (days < main[0]) | (days > main[-1])
    if 0 < (far & work.left).sum() <= len(own) / 100:
        work.note(f"{what} {FAR} days and more from all others", far, "left out", drop=True)


def refuse_long(path: Path, days: Days) -> None:
    """BadInput where days lie more than LONGEST apart: some are mistyped, too many to be left out."""
    if len(days) and days.max() - days.min() > LONGEST:
        given = f"days from {day_text(days.min())} to {day_text(days.max())}"
        raise BadInput([Fault(str(path), given, "wanted ten years at most: mend the years that are mistyped")])


def week_of(days: Days, counts: Numbers, what: str) -> Week:
    """The week of some days with their counts, each day once, in order; ``what`` is counted.

    ValueError where nothing is counted on any of them.
    """
    if not counts.sum() > 0:
        raise ValueError("nothing is counted on any day")
    span, number = _filled(days, counts)
    on = weekday_of(span)
    means = np.array([_mean(number[on == one]) for one in range(WEEKDAYS)])
    is_open = (means > FEW * np.median(means[means > 0]))[on]
    rare, notes = ~is_open & (number > 0), []
    if rare.any():
        kind = f"{number[rare].sum():,.0f} {what} on {', '.join(NAMES[n] for n in np.unique(on[rare]))}"
        done = "the office is taken to be closed then: not among the numbers by weekday"
        notes.append(Note(kind, (), int(rare.sum()), done))
    closed, more = _closed(span, number, is_open, what)
    kept = is_open & ~closed
    return plain_week(span[kept], number[kept], (*notes, *more))


def _closed(span: Days, number: Numbers, is_open: NDArray[np.bool_], what: str) -> tuple[NDArray[np.bool_], list[Note]]:
    """On which days of open weekdays an office was closed, and what is told of those on which nobody came."""
    on, nobody = weekday_of(span), is_open & (number == 0)
    usual = np.array([_mean(number[(on == one) & (number > 0)]) for one in range(WEEKDAYS)])
    holidays = nobody & holidays_in(span)
    shut = nobody & ~holidays & (np.exp(-usual[on]) < SELDOM)
    zero = nobody & ~holidays & ~shut
    kinds = (
        (f"public holidays without {what}", holidays, "taken as closed"),
        (f"weekdays without {what}", shut, "taken as closed"),
        (f"weekdays without {what}, as chance may have it", zero, "counted as days to which nobody came"),
    )
    return holidays | shut, [note for kind, rows, done in kinds for note in _told(kind, span[rows], done)]


def _filled(days: Days, counts: Numbers) -> tuple[Days, Numbers]:
    """All days from the first on which anything is counted to the last, 0 where nothing is."""
    some = days[counts > 0]
    span = np.arange(some[0], some[-1] + 1)
    number = np.zeros(len(span))
    inside = (days >= span[0]) & (days <= span[-1])
    number[days[inside] - span[0]] = counts[inside]
    return span, number


def _mean(numbers: Numbers) -> float:
    return float(numbers.mean()) if len(numbers) else 0.0


def plain_week(days: Days, counts: Numbers, notes: tuple[Note, ...] = ()) -> Week:
    """The week of some days on which the office was open, whatever their number, each day once."""
    arrivals = arrivals_from(days, counts, np.zeros(HALF_HOURS))
    return Week(arrivals, arrivals, notes)


def usual_week(weekday: Numbers) -> Week:
    """A week of which one number each is known, float64[7], of who knows how many days; 0 on days that are closed."""
    nothing = np.zeros(0, np.int64)
    means = np.where(weekday > 0, weekday, np.nan)
    return Week(Arrivals(nothing, np.zeros(0), means, np.zeros(HALF_HOURS), None, 1 / means, np.zeros(WEEKDAYS)), None)


def _told(kind: str, days: Days, done: str) -> list[Note]:
    if not len(days):
        return []
    named = ", ".join(map(day_text, days[:SHOWN_ROWS])) + (", …" if len(days) > SHOWN_ROWS else "")
    return [Note(f"{len(days)} {kind}", (), len(days), f"{done}: {named}")]
