"""Tickets of a log that make sense, and a note for each kind of thing that did not.

A time is an interval: from when a ticket was surely not issued yet (or not called yet) to when it surely was. Of a log
that writes times both ends are the same; of snapshots of a queue board, minutes lie between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault
from sim.fitting.clocks import A_DAY, Order, Times, dates, order_of, times
from sim.fitting.files import SHOWN_ROWS, Column, Note, Sheet, name_of, note_of, spelt
from sim.fitting.gaps import gaps_note

Minutes = NDArray[np.float64]
Flags = NDArray[np.bool_]
Pair = tuple[Minutes, Minutes]
Rows = Flags | NDArray[np.int64]
"""Which of many: those that are flagged, or by their numbers."""
PAST_MIDNIGHT, EVENING = 360.0, 1080.0
"""Minutes after midnight until which a call may be of the day before, and from which on its ticket then is."""
STEPS = 6, 7
"""Places between two looks at which a ticket may be issued, and called: not as many, so that none fall together."""
NEVER_DONE = "kept: counted as having waited longer than any limit"
POINT = (
    Column("issued", ("issue", "issue time", "arrival", "ticket time", "giờ lấy số", "thời gian lấy số", "giờ đến")),
    Column("called", ("call", "call time", "start", "giờ gọi", "thời gian gọi", "giờ gọi số", "bắt đầu")),
)
BETWEEN = tuple(Column(name, ()) for name in ("issued_after", "issued_by", "called_after", "called_by"))
OTHERS = (
    Column("queue", ("queue_id", "service", "procedure", "field", "lĩnh vực", "thủ tục", "hàng", "dịch vụ"), False),
    Column("date", ("day", "ngày", "ngày lấy số"), False),
    Column("ticket", ("number", "ticket_no", "số", "số thứ tự", "stt"), False),
    Column("office", ("center", "place", "đơn vị", "trung tâm"), False),
)


@dataclass(frozen=True, eq=False)
class Tickets:
    """Cleaned tickets, by office, queue, day and issue.

    ``offices`` and ``queues`` name what ``office`` and ``queue`` number; ``day`` counts days since 1970; minutes after
    midnight, the ends of ``called`` infinite where it never was.
    """

    offices: tuple[str, ...]
    queues: tuple[str, ...]
    office: NDArray[np.int64]
    queue: NDArray[np.int64]
    day: NDArray[np.int64]
    issued: Pair
    called: Pair
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def days(self) -> NDArray[np.int64]:
        """The days on which anybody came."""
        return np.unique(self.day)

    def only(self, wanted: Rows) -> Tickets:
        """Some of them."""
        issued, called = self.issued[0][wanted], self.called[0][wanted]
        until = self.issued[1][wanted], self.called[1][wanted]
        own = self.office[wanted], self.queue[wanted], self.day[wanted]
        return Tickets(self.offices, self.queues, *own, (issued, until[0]), (called, until[1]), self.notes)

    def within(self, minutes: float) -> Minutes:
        """The chance that each waited at most so long, each of its times being anywhere between its ends alike."""
        return within(self.issued, self.called, minutes)


def within(issued: Pair, called: Pair, minutes: float) -> Minutes:
    """The share of pairs of times, each uniform between its ends, that lie at most so far apart; 0 of never."""
    one, other = ((np.arange(count) + 0.5) / count for count in STEPS)
    first = issued[0][:, None] + (issued[1] - issued[0])[:, None] * one
    with np.errstate(invalid="ignore"):
        last = called[0][:, None] + np.where(np.isfinite(called[1]), called[1] - called[0], 0.0)[:, None] * other
    waits = np.maximum(last[:, None, :] - first[:, :, None], 0.0)
    return np.asarray((waits <= minutes).mean(axis=(1, 2)), float)


@dataclass
class Cleaning:
    """A log while it is made sense of: which rows are left, and what was noted."""

    path: Path
    lines: NDArray[np.int64]
    left: Flags
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: str, wrong: Flags, done: str, *, drop: bool = False) -> None:
        """Notes the rows that are left and wrong, and leaves them out where they are to be dropped."""
        wrong = wrong & self.left
        self.notes += note_of(kind, self.lines[wrong].tolist(), done)
        if drop:
            self.left &= ~wrong

    def refuse_few(self, what: str) -> None:
        """BadInput, with all that was noted, where fewer than two of ``what`` are left."""
        if self.left.sum() < 2:
            given = f"{int(self.left.sum())} of {len(self.left)} rows"
            faults = [Fault(str(self.path), given, f"wanted at least two {what} that make sense")]
            raise BadInput(
                [*faults, *(Fault(str(self.path), note.said, "wanted rows that make sense") for note in self.notes)]
            )


def tickets_of(path: Path, sheet: Sheet, order: Order | None = None) -> Tickets:
    """The tickets of a table with the columns of POINT or BETWEEN and those of OTHERS.

    ``order``: how dates are written; BadInput where it is wanted and not known, where no row makes sense, or there is
    one ticket only.
    """
    table = sheet.table
    work = Cleaning(path, table.index.to_numpy(np.int64), np.ones(len(table), bool), list(sheet.notes))
    order = order_of(path, [table[name] for name in ("date", *_TIMED) if name in table.columns], order)
    read = {name: times(table[name], order) for name in table.columns if name in _TIMED}
    day = _day(work, table, read, order)
    issued, called = _between(work, read) if "issued_after" in read else _points(work, read, day)
    work.note("called before it was issued", called[1] < issued[0], "left out", drop=True)
    called = (np.maximum(called[0], issued[0]), called[1])
    office, queue = (numbered(table, name) for name in ("office", "queue"))
    _twice(work, table, (office[1], queue[1], day))
    note_nameless(work, *office)
    work.refuse_few("tickets")
    at = np.flatnonzero(work.left)
    at = at[np.lexsort((issued[1][at], day[at], queue[1][at], office[1][at]))]
    notes = (
        *work.notes,
        *_missing_days(day[at]),
        *gaps_note((office[0], queue[0]), office[1][at], queue[1][at], day[at]),
    )
    pairs = (issued[0][at], issued[1][at]), (called[0][at], called[1][at])
    return Tickets(office[0], queue[0], office[1][at], queue[1][at], day[at], *pairs, notes)


def note_nameless(work: Cleaning, offices: Sequence[str], office: NDArray[np.int64]) -> None:
    """Notes the rows without an office, where others have one."""
    if len(offices) > 1 and "" in offices:
        done = f"taken as an office of their own, {name_of('', offices)}"
        work.note("no office written", office == list(offices).index(""), done)


_TIMED = ("issued", "called", *(column.name for column in BETWEEN))


def _day(work: Cleaning, table: pd.DataFrame, read: dict[str, Times], order: Order) -> NDArray[np.int64]:
    """The day of each ticket: of its own column, else of the time at which it was issued."""
    by_time = read["issued_by" if "issued_by" in read else "issued"].day
    day = dates(table["date"], order) if "date" in table.columns else by_time
    work.note("no day, or none that there is", day < 0, "left out", drop=True)
    work.note("a day that is not that of its time of issue", (by_time >= 0) & (by_time != day), "left out", drop=True)
    return day


def _points(work: Cleaning, read: dict[str, Times], day: NDArray[np.int64]) -> tuple[Pair, Pair]:
    issued, called = read["issued"], read["called"]
    wrong = ~np.isfinite(issued.minutes) | (issued.minutes < 0)
    work.note("time of issue that cannot be read", wrong, "left out", drop=True)
    work.note("time of call that cannot be read", called.is_wrong, "left out", drop=True)
    never = ~np.isfinite(called.minutes) | (called.minutes < 0)
    work.note("never called", never, NEVER_DONE)
    at = called.minutes + np.where(called.day >= 0, (called.day - day) * A_DAY, 0.0)
    late = (called.day < 0) & (at < issued.minutes) & (at <= PAST_MIDNIGHT) & (issued.minutes >= EVENING)
    work.note("called past midnight", late, "taken as the next day's")
    at = np.where(late, at + A_DAY, at)
    work.note("called more than a day later", ~never & (at - issued.minutes > A_DAY), "left out", drop=True)
    at = np.where(never, np.inf, at)
    return (issued.minutes, issued.minutes), (at, at)


def _between(work: Cleaning, read: dict[str, Times]) -> tuple[Pair, Pair]:
    after, by, called_after, called_by = (read[column.name].minutes for column in BETWEEN)
    work.note("time of issue that cannot be read", ~np.isfinite(by) | (by < 0), "left out", drop=True)
    wrong = read["called_after"].is_wrong | read["called_by"].is_wrong
    work.note("time of call that cannot be read", wrong, "left out", drop=True)
    work.note("time of issue that cannot be read", read["issued_after"].is_wrong, "left out", drop=True)
    early = ~np.isfinite(after) | (after < 0)
    work.note("issued before the first look", early, "taken as issued at that look: they waited longer")
    never = ~np.isfinite(called_by) | (called_by < 0)
    work.note("never seen called", never, NEVER_DONE)
    issued = np.where(early, by, after), by
    called = (np.where(never, np.inf, called_after), np.where(never, np.inf, called_by))
    work.note(
        "an interval that ends before it begins",
        (issued[1] < issued[0]) | (called[1] < called[0]),
        "left out",
        drop=True,
    )
    return issued, called


def numbered(table: pd.DataFrame, name: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names in a column, sorted, and the number of each row's; one without a name where there is no column."""
    if name not in table.columns:
        return ("",), np.zeros(len(table), np.int64)
    known, own = pd.factorize(table[name])
    own_names = np.array([spelt(text) for text in own], str)
    names, codes = np.unique(own_names[known], return_inverse=True)
    return tuple(map(str, names)), codes.astype(np.int64)


def _twice(work: Cleaning, table: pd.DataFrame, keys: Sequence[NDArray[np.int64]]) -> None:
    """A ticket of the same number in the same queue on the same day."""
    if "ticket" not in table.columns:
        work.notes.append(Note("no column ticket", (), 0, "a row that is there twice cannot be told from two people"))
        return
    number = table["ticket"].str.strip().to_numpy(str)
    frame = pd.DataFrame({str(nth): key for nth, key in enumerate(keys)} | {"ticket": number})
    again = np.zeros(len(table), bool)
    again[np.flatnonzero(work.left)] = frame[work.left].duplicated().to_numpy()
    work.note("a ticket that is there already", again & (number != ""), "left out, the first is kept", drop=True)


def _missing_days(day: NDArray[np.int64]) -> list[Note]:
    """Weekdays between the first and the last on which there is no ticket at all."""
    span = np.arange(day.min(), day.max() + 1)
    missing = [one for one in span[~np.isin(span, day)] if (one + 3) % 7 < 5]
    if not missing:
        return []
    named = ", ".join(str(np.datetime64(int(one), "D")) for one in missing[:SHOWN_ROWS]) + (
        ", …" if len(missing) > SHOWN_ROWS else ""
    )
    return [Note(f"{len(missing)} weekdays without a ticket", (), len(missing), f"taken as closed: {named}")]
