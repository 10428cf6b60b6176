"""Dates and times of the day in the forms that offices write, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault

Order = Literal["dmy", "mdy", "ymd"]
Minutes = NDArray[np.float64]
A_DAY = 1440.0
YEARS, TEN = (1990, 2100), 10
_DATE = r"([0-9]{4}|[0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{1,2})"
_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_CLOCK = r"([0-9]{1,2})\s*[:hHgG]\s*([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*([APap]\.?[Mm]\.?|SA|CH)?"


@dataclass(frozen=True)
class Times:
    """A column read: days since 1970, and minutes after midnight.

    ``day`` is -1 where a time of the day alone is written; ``minutes`` are not a number where nothing is written, or
    what is there ``is_wrong``.
    """

    day: NDArray[np.int64]
    minutes: Minutes
    is_wrong: NDArray[np.bool_]


def times(column: pd.Series[str], order: Order) -> Times:
    """Times of the day, alone or behind a date: 08:05, 8h05, 8:05:30, 2:05 PM, 485 (minutes), 2026-03-02 08:05."""
    codes, known = pd.factorize(column)
    read = _read(pd.Series(known, dtype=str), order)
    return Times(read.day[codes], read.minutes[codes], read.is_wrong[codes])


def _read(column: pd.Series[str], order: Order) -> Times:
    text = column.str.strip()
    parts = text.str.extract(rf"^(?:{_DATE}[ T]+)?(?:{_CLOCK}){_ZONE}$")
    has_clock = parts[3].notna().to_numpy()
    hour, minute, second = (pd.to_numeric(parts[n], errors="coerce").fillna(0).to_numpy() for n in (3, 4, 5))
    half = parts[6].str.upper().str.replace(".", "", regex=False)
    hour = np.where(half.isin(["PM", "CH"]) & (hour < 12), hour + 12, hour)
    hour = np.where(half.isin(["AM", "SA"]) & (hour == 12), 0, hour)
    numbers = _numbers(text.where(~parts[3].notna(), ""), has_clock)
    minutes = np.where(has_clock, 60 * hour + minute + second / 60, numbers)
    is_dated, day = parts[0].notna().to_numpy(), _days(parts[[0, 1, 2]], order)
    empty = (text == "").to_numpy()
    is_late = (hour > 24) | (minute > 59) | (second > 59) | (minutes > A_DAY)
    wrong = ~empty & (~np.isfinite(minutes) | is_late | (is_dated & (day < 0)))
    return Times(np.where(is_dated, day, -1), np.where(wrong | empty, np.nan, minutes), wrong)


def _numbers(text: pd.Series[str], has_clock: NDArray[np.bool_]) -> Minutes:
    """Minutes after midnight; none where they may be something else.

    That is so where others are times of the day, where all are parts of a day (a spreadsheet's), and where all may be
    hours and minutes without a colon: 0805, or ten and more different ones of which none ends in 60 to 99.
    """
    found = pd.to_numeric(text, errors="coerce").to_numpy(float)
    plain = found[np.isfinite(found) & (found >= 0)]
    is_part = len(plain) > 1 and bool((plain <= 1).all())
    has_zero = bool(text.str.match("0[0-9]").any())
    is_run_together = len(plain) >= TEN and plain.max() >= 100 and bool((plain % 100 < 60).all())
    return np.where((has_clock.any() or is_part or has_zero or is_run_together) & (found >= 0), np.nan, found)


def dates(column: pd.Series[str], order: Order) -> NDArray[np.int64]:
    """Days since 1970; -1 where no date is written."""
    codes, known = pd.factorize(column)
    text = pd.Series(known, dtype=str).str.strip().str.replace("[ T].*$", "", regex=True)
    return _days(text.str.extract(f"^{_DATE}$"), order)[codes]


def _days(parts: pd.DataFrame, order: Order) -> NDArray[np.int64]:
    """Days since 1970; -1 of none that there is, or far from today. A year of four digits in front is one."""
    first, second, third = (
        pd.to_numeric(parts[n], errors="coerce").fillna(0).to_numpy(np.int64) for n in parts.columns
    )
    is_iso = (parts[parts.columns[0]].str.len() == 4).to_numpy() | (order == "ymd")
    is_dmy = order == "dmy"
    year = np.where(is_iso, first, third)
    year = np.where(~is_iso & (year < 100), year + 2000, year)
    month = np.where(is_iso | is_dmy, second, first)
    day = np.where(is_iso, third, first if is_dmy else second)
    stamps = pd.to_datetime({"year": year, "month": month, "day": day}, errors="coerce").to_numpy("datetime64[D]")
    known = ~np.isnat(stamps) & (year >= YEARS[0]) & (year <= YEARS[1])
    return np.where(known, stamps.astype(np.int64), -1)


def order_of(path: Path, columns: Sequence[pd.Series[str]], given: Order | None = None) -> Order:
    """How dates are written that do not begin with a year: as ``given``, or as a day above 12 shows.

    BadInput where some are written so, and neither says how.
    """
    if given is not None:
        return given
    certain: set[Order] = set()
    shown = ""
    for column in columns:
        parts = pd.Series(column.unique(), dtype=str).str.strip().str.extract(rf"^{_DATE}(?:[ T].*)?$").dropna()
        parts = parts[parts[0].str.len() < 4]
        if len(parts):
            first, second = (pd.to_numeric(parts[n]) for n in (0, 1))
            shown = shown or "/".join(parts.iloc[0])
            shows: dict[Order, bool] = {"dmy": bool((first > 12).any()), "mdy": bool((second > 12).any())}
            certain |= {order for order, is_shown in shows.items() if is_shown}
    if not shown:
        return "ymd"
    if len(certain) != 1:
        wanted = "wanted dates=dmy or dates=mdy: which of the two is the day cannot be seen"
        raise BadInput([Fault(f"{path} dates", shown, wanted)])
    return certain.pop()
