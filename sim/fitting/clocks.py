"""Dates and times of the day in the forms that offices write, a column at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Order = Literal["dmy", "mdy", "ymd"]
Minutes = NDArray[np.float64]
A_DAY = 1440.0
_SPLIT = re.compile(r"[ T]+")
_DATE = r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
_CLOCK = r"(\d{1,2})\s*[:hHgG.]\s*(\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([APap]\.?[Mm]\.?|SA|CH)?"


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
    parts = text.str.extract(rf"^(?:{_DATE}[ T]+)?(?:{_CLOCK})$")
    has_clock = parts[3].notna()
    hour, minute, second = (pd.to_numeric(parts[n], errors="coerce").fillna(0).to_numpy() for n in (3, 4, 5))
    half = parts[6].str.upper().str.replace(".", "", regex=False)
    hour = np.where(half.isin(["PM", "CH"]) & (hour < 12), hour + 12, hour)
    hour = np.where(half.isin(["AM", "SA"]) & (hour == 12), 0, hour)
    numbers = pd.to_numeric(text.where(~has_clock, ""), errors="coerce").to_numpy(float)
    minutes = np.where(has_clock, 60 * hour + minute + second / 60, numbers)
    day = _days(parts[[0, 1, 2]], order)
    is_dated = parts[0].notna().to_numpy()
    empty = (text == "").to_numpy()
    wrong = ~empty & (~np.isfinite(minutes) | (hour > 23) | (minute > 59) | (second > 59) | (is_dated & (day < 0)))
    minutes = np.where(wrong | empty, np.nan, minutes)
    return Times(np.where(is_dated, day, -1), minutes, wrong)


def dates(column: pd.Series[str], order: Order) -> NDArray[np.int64]:
    """Days since 1970; -1 where no date is written."""
    codes, known = pd.factorize(column)
    text = pd.Series(known, dtype=str).str.strip().str.replace(_SPLIT.pattern + ".*$", "", regex=True)
    return _days(text.str.extract(f"^{_DATE}$"), order)[codes]


def _days(parts: pd.DataFrame, order: Order) -> NDArray[np.int64]:
    numbers = parts.apply(pd.to_numeric, errors="coerce").fillna(0).to_numpy(np.int64)
    year, month, day = (
        numbers[:, "ymd".index(one)] if order == "ymd" else numbers[:, order.index(one)] for one in "ymd"
    )
    year = np.where(year < 100, year + 2000, year)
    stamps = pd.to_datetime({"year": year, "month": month, "day": day}, errors="coerce")
    found = stamps.to_numpy("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(stamps.to_numpy()), -1, found)


def order_of(column: pd.Series[str]) -> Order | None:
    """How dates are written, where the column shows it: a year first, or a day above 12; None where it does not."""
    parts = pd.Series(column.unique(), dtype=str).str.strip().str.extract(rf"^{_DATE}(?:[ T].*)?$").dropna()
    if parts.empty:
        return "ymd"
    first, second = (pd.to_numeric(parts[n]) for n in (0, 1))
    if (parts[0].str.len() == 4).all():
        return "ymd"
    if (first > 12).any() and (second <= 12).all():
        return "dmy"
    return "mdy" if (second > 12).any() and (first <= 12).all() else None
