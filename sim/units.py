"""Time as people write it and time as the program counts it: the only conversions.

Inside, time is an integer number of milliseconds from the scenario's first midnight and a clock never
carries a zone. Outside, it is minutes, "07:30", "07:30-11:30" and dates.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
SLOT = 30 * MINUTE
DAY = 24 * HOUR
HALF_DAY = DAY // 2
SLOTS = DAY // SLOT
MONTHS = 12
WEEK = 7
NEVER = -1
ZONE_HOURS = 7
"""Vietnam's clock before UTC: one zone, no summer time."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


def clock(text: str) -> int:
    """Milliseconds after midnight of "HH:MM", 00:00 to 24:00; ValueError for anything else."""
    found = _CLOCK.fullmatch(text)
    at = int(found[1]) * HOUR + int(found[2]) * MINUTE if found else DAY + 1
    if at > DAY:
        raise ValueError('wanted a quoted time such as "07:30", from "00:00" to "24:00"')
    return at


def span(text: str) -> tuple[int, int]:
    """Start and end of "07:30-11:30" in milliseconds after midnight; the end comes after the start."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError('wanted a quoted span such as "07:30-11:30"')
    bounds = clock(start.strip()), clock(end.strip())
    if bounds[0] >= bounds[1]:
        raise ValueError("the end must come after the start")
    return bounds


def clock_text(at: int) -> str:
    """The time of day as HH:MM, its date dropped."""
    minutes = at % DAY // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def milliseconds(minutes: float) -> int:
    """The nearest whole millisecond."""
    return round(minutes * MINUTE)


def in_minutes(at: float) -> float:
    """Minutes of a time or a span in milliseconds."""
    return at / MINUTE


def day_of(start: date, day: int) -> date:
    """The calendar date of a day of the scenario; day 0 is ``start``."""
    return start + timedelta(days=day)
