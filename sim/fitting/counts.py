"""Counts of people or dossiers by date, or by weekday alone, that make sense, and a note for each kind that did not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault
from sim.fitting.arrivals import WEEKDAYS, Numbers
from sim.fitting.clocks import Order, dates, order_of
from sim.fitting.days import Days, Week, leave_far_out, plain_week, refuse_long, usual_week, week_of
from sim.fitting.fields import without_free_text
from sim.fitting.files import Column, Note, Sheet, plain_head
from sim.fitting.tickets import Cleaning
from sim.report.wording import plain

COLUMNS = (
    Column("date", ("ngày", "day", "ngày tháng"), False),
    Column("weekday", ("thứ", "ngày trong tuần", "day of week"), False),
    Column("people", ("số người", "lượt người", "số lượt người", "công dân", "số công dân", "visitors"), False),
    Column("dossiers", ("số hồ sơ", "hồ sơ", "hồ sơ tiếp nhận", "số hồ sơ tiếp nhận", "files"), False),
    Column("count", ("số lượng", "tổng", "tổng số", "số lượt", "number"), False),
    Column("field", ("lĩnh vực", "thủ tục", "procedure"), False),
    Column("point", ("điểm", "điểm tiếp nhận", "nơi tiếp nhận", "quầy", "hall"), False),
)  # fmt: skip
NUMBERS = ("people", "dossiers", "count")
DAY_NAMES = {
    name: day
    for day, names in enumerate(
        (
            ("mon", "monday", "thu hai", "t2", "2", "thu 2", "hai"),
            ("tue", "tuesday", "thu ba", "t3", "3", "thu 3", "ba"),
            ("wed", "wednesday", "thu tu", "t4", "4", "thu 4", "tu"),
            ("thu", "thursday", "thu nam", "t5", "5", "thu 5", "nam"),
            ("fri", "friday", "thu sau", "t6", "6", "thu 6", "sau"),
            ("sat", "saturday", "thu bay", "t7", "7", "thu 7", "bay"),
            ("sun", "sunday", "chu nhat", "cn"),
        )
    )
    for name in names
}
TOTALS = frozenset({"tong", "tong cong", "tong so", "cong", "total", "sum"})
MOST = 1_000_000
MONDAY = 4
"""The day 4 since 1970-01-01 was a Monday."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Cleaned counts.

    ``counted_as``: "people" or "dossiers"; ``week``: their numbers by day; ``fields`` and ``points``: names and
    their totals, empty without such a column; ``dossiers_each``: dossiers over people where both are there, else None.
    """

    counted_as: str
    week: Week
    fields: dict[str, float]
    points: dict[str, float]
    dossiers_each: tuple[float, int] | None
    notes: tuple[Note, ...]


def counts_of(path: Path, sheet: Sheet, order: Order | None = None, counted_as: str | None = None) -> Counts:
    """The counts of a table with COLUMNS. ``counted_as`` says what a column ``count`` counts.

    BadInput where that is not said, there is neither date nor weekday, or fewer than two rows make sense.
    """
    table, by_date = sheet.table, "date" in sheet.table.columns
    what = _counted(path, table, counted_as)
    work = Cleaning(path, table.index.to_numpy(np.int64), np.ones(len(table), bool), list(sheet.notes))
    name = what if what in table.columns else "count"
    day = _dates(work, table, order) if by_date else _weekdays(work, table["weekday"])
    parts = {one: _texts(table, one) for one in ("field", "point") if one in table.columns}
    total = np.any(
        [[plain_head(text) in TOTALS for text in own] for own in parts.values()] or [[False] * len(table)], 0
    )
    work.note("a total of other rows", np.asarray(total, bool), "left out", drop=True)
    number = _numbers(work, table[name], name)
    key = pd.DataFrame({"day": day, **parts})
    if by_date:
        leave_far_out(work, day, "counted")
        refuse_long(path, day[work.left])
        _twice(work, key, number)
    else:
        day = day + 7 * key[work.left].groupby(list(key.columns)).cumcount().reindex(key.index, fill_value=0).to_numpy()
    work.refuse_few("counts")
    week = _week(work, day, number, what, by_date=by_date)
    fields = _fields(work, parts["field"], number) if "field" in parts else {}
    points = _totals(parts.get("point"), number, work)
    each = _each(work, table) if {"people", "dossiers"} <= set(table.columns) else None
    return Counts(what, week, fields, points, each, (*work.notes, *week.notes))


def _counted(path: Path, table: pd.DataFrame, given: str | None) -> str:
    """Whether people or dossiers are counted: as the head says, people where both are there."""
    faults = []
    if not {"date", "weekday"} & set(table.columns):
        faults.append(Fault(f"{path} line 1", "", "wanted a column date or weekday, or columns.date=HEAD"))
    said = [name for name in ("people", "dossiers") if name in table.columns]
    if given is not None and said and given not in said:
        faults.append(Fault("counted_as", given, f"the head of the column says {said[0]}"))
    if not said and "count" not in table.columns:
        wanted = "wanted a column people, dossiers or count, or columns.people=HEAD"
        faults.append(Fault(f"{path} line 1", "", wanted))
    elif not said and given is None:
        wanted = "wanted counted_as=people or counted_as=dossiers: the head does not say what is counted"
        faults.append(Fault(f"{path} line 1", "count", wanted))
    if faults:
        raise BadInput(faults)
    return given or said[0]


def _dates(work: Cleaning, table: pd.DataFrame, order: Order | None) -> Days:
    day = dates(table["date"], order_of(work.path, [table["date"]], order))
    work.note("no day, or none that there is", day < 0, "left out", drop=True)
    if "weekday" in table.columns:
        said = np.array([DAY_NAMES.get(plain_head(text), -1) for text in table["weekday"]])
        other = (day >= 0) & (said >= 0) & (said != (day - MONDAY) % 7)
        work.note("a weekday that is not that of its date", other, "left out", drop=True)
    return day


def _weekdays(work: Cleaning, column: pd.Series[str]) -> Days:
    """The first week since 1970, a day for each weekday. Of numbers, 2 is Monday; where a 1 is there it may be not."""
    flat = [plain_head(text) for text in column]
    if any(text in ("1", "8", "0") for text in flat):
        wanted = "wanted 2 to 7 and CN, or names: with 0, 1 or 8 among them it cannot be seen which day is Monday"
        raise BadInput([Fault(f"{work.path} weekday", "0, 1 or 8", wanted)])
    day = np.array([DAY_NAMES.get(text, -1) for text in flat], np.int64)
    work.note("no weekday", day < 0, "left out", drop=True)
    return np.where(day < 0, -1, day + MONDAY)


def _texts(table: pd.DataFrame, name: str) -> NDArray[np.str_]:
    return np.array([plain(text).strip() for text in table[name]], str)


def _numbers(work: Cleaning, column: pd.Series[str], name: str) -> Numbers:
    text = column.str.strip()
    number = pd.to_numeric(text, errors="coerce").to_numpy(float)
    empty = (text == "").to_numpy()
    work.note(f"no {name} written", empty, "left out", drop=True)
    work.note(f"{name} below 0", number < 0, "left out", drop=True)
    whole = np.isfinite(number) & (np.nan_to_num(number) % 1 == 0) & text.str.fullmatch(r"\d+(\.0)?").to_numpy(bool)
    work.note(f"{name} that is no whole number", ~whole, "left out", drop=True)
    work.note(f"{name} above {MOST:,}", number > MOST, "left out", drop=True)
    return number


def _twice(work: Cleaning, key: pd.DataFrame, number: Numbers) -> None:
    """The same day, field and point more than once."""
    names = list(key.columns)
    rows = key.assign(number=number)[work.left]
    again = np.zeros(len(key), bool)
    again[np.flatnonzero(work.left)] = rows.duplicated().to_numpy()
    work.note("a count that is there already", again, "left out, the first is kept", drop=True)
    rows = key[work.left]
    other = np.zeros(len(key), bool)
    other[np.flatnonzero(work.left)] = rows.duplicated(names, keep=False).to_numpy()
    work.note(
        "the same day counted differently", other, "left out, all of them: which is right cannot be seen", drop=True
    )


def _refuse_empty(path: Path, number: Numbers, days: Days) -> None:
    if not number.sum() > 0:
        raise BadInput([Fault(str(path), f"0 on {len(np.unique(days))} days", "wanted a day on which anybody came")])


def _week(work: Cleaning, day: Days, number: Numbers, what: str, *, by_date: bool) -> Week:
    """The numbers by day, all fields and points of a day together."""
    days, of = np.unique(day[work.left], return_inverse=True)
    counts = np.asarray(np.bincount(of, number[work.left]), float)
    _refuse_empty(work.path, counts, days)
    if by_date:
        return week_of(days, counts, what)
    on = (days - MONDAY) % WEEKDAYS
    if len(np.unique(on)) < len(days):
        some = np.isin(on, np.unique(on[counts > 0]))
        return plain_week(days[some], counts[some])
    return usual_week(np.asarray(np.bincount(on, counts, WEEKDAYS), float))


def _totals(names: NDArray[np.str_] | None, number: Numbers, work: Cleaning) -> dict[str, float]:
    if names is None:
        return {}
    sums = pd.Series(number[work.left]).groupby(names[work.left]).sum()
    return {str(name): float(value) for name, value in sums.items() if value > 0}


def _fields(work: Cleaning, texts: NDArray[np.str_], number: Numbers) -> dict[str, float]:
    """Fields and their totals, but for free text."""
    own, kind = np.unique(texts, return_inverse=True)
    totals = np.bincount(kind[work.left], number[work.left], len(own))
    names, of = without_free_text(work, list(map(str, own)), kind, totals.tolist())
    return _totals(np.array(names, str)[of], number, work)


def _each(work: Cleaning, table: pd.DataFrame) -> tuple[float, int] | None:
    """Dossiers over people on the days that have both, and how many people that are."""
    both = [pd.to_numeric(table[name], errors="coerce").to_numpy(float)[work.left] for name in ("people", "dossiers")]
    known = np.isfinite(both[0]) & np.isfinite(both[1]) & (both[0] > 0) & (both[1] >= 0)
    work.notes += (
        []
        if known.all()
        else [Note("people without dossiers beside them", (), int((~known).sum()), "not used for dossiers a visitor")]
    )
    people = float(both[0][known].sum())
    return (float(both[1][known].sum()) / people, int(people)) if people else None
