"""What the board of a queue showed, interval by interval: people waiting, calls, and counters that were open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault
from sim.fitting.clocks import Order, dates, order_of
from sim.fitting.files import Column, Note, Sheet, note_of, spelt
from sim.fitting.tickets import Rows, Tickets

Numbers = NDArray[np.float64]
COLUMNS = (
    Column("date", ("day", "ngày")),
    Column("from", ("t0", "start", "từ")),
    Column("to", ("t1", "end", "đến")),
    Column("arrivals", ("issued", "số người đến")),
    Column("called", ("calls", "số người được gọi")),
    Column("waiting", ("waiting0", "queue_length", "số người chờ")),
    Column("open", ("open_counters", "counters", "số quầy mở")),
    Column("queue", ("queue_id", "service", "procedure", "field", "lĩnh vực", "thủ tục"), is_needed=False),
    Column("office", ("center", "place", "đơn vị", "trung tâm"), is_needed=False),
)
COUNTED = ("arrivals", "called", "waiting", "open")
MOST = {"from": 1440.0, "to": 1440.0} | dict.fromkeys(COUNTED, 10_000.0)
"""The largest that makes sense: minutes of a day, people, counters."""
DIGITS = 4
"""Of minutes, so that an interval ends where the next begins though each was written in its own way."""
LONGEST = 15.0
"""Minutes of an interval from which a pace is learnt: in longer ones the line was not seen."""


@dataclass(frozen=True, eq=False)
class Boards:
    """Intervals by office, queue, day and time, numbered as tickets are; ``waiting`` is at the beginning of each."""

    office: NDArray[np.int64]
    queue: NDArray[np.int64]
    day: NDArray[np.int64]
    start: Numbers
    end: Numbers
    arrivals: NDArray[np.int64]
    called: NDArray[np.int64]
    waiting: NDArray[np.int64]
    open: NDArray[np.int64]
    notes: tuple[Note, ...] = ()

    def only(self, wanted: Rows) -> Boards:
        """Some of them."""
        columns = {name: value[wanted] for name, value in vars(self).items() if name != "notes"}
        return Boards(**columns, notes=self.notes)

    def opened(self) -> NDArray[np.int64]:
        """Counters that opened since the interval before; none where that one is not known."""
        follows = np.ones(max(len(self.day) - 1, 0), bool)
        for name in ("office", "queue", "day"):
            follows &= np.diff(getattr(self, name)) == 0
        follows &= self.start[1:] == self.end[:-1]
        more = np.zeros(len(self.day), np.int64)
        more[1:][follows] = np.maximum(np.diff(self.open)[follows], 0)
        return more


def boards_of(path: Path, sheet: Sheet, tickets: Tickets, order: Order | None = None) -> Boards:
    """The intervals of a table with COLUMNS.

    BadInput where none fits the tickets, or the table does not say of which of several queues or offices they are.
    """
    table, notes = sheet.table, list(sheet.notes)
    _refuse_unnamed(path, table, tickets)
    day, numbers = dates(table["date"], order_of(path, [table["date"]], order)), {}
    wrong = day < 0
    for name, most in MOST.items():
        numbers[name] = pd.to_numeric(table[name], errors="coerce").to_numpy(float)
        own = numbers[name]
        wrong |= ~np.isfinite(own) | (own < 0) | (own > most) | ((own % 1 != 0) & (name in COUNTED))
    wrong |= numbers["to"] <= numbers["from"]
    office, queue = _numbered(table, "office", tickets.offices), _numbered(table, "queue", tickets.queues)
    key = pd.DataFrame({"office": office, "queue": queue, "day": day, "from": numbers["from"]})
    kinds = {
        "an interval that cannot be read": wrong,
        "of no queue of the log": (office < 0) | (queue < 0),
        "of a day without tickets": ~np.isin(day, tickets.days),
        "an interval that is there already": key.duplicated().to_numpy(),
    }
    left = np.ones(len(table), bool)
    for kind, rows in kinds.items():
        notes += note_of(kind, table.index[rows & left].tolist(), "left out")
        left &= ~rows
    if not left.any():
        wanted = "wanted intervals of the queues and days of the log"
        raise BadInput(
            [Fault(str(path), "", wanted), *(Fault(str(path), one.said, "wanted other rows") for one in notes)]
        )
    return _in_order((office, queue, day), numbers, np.flatnonzero(left), notes)


Keys = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _in_order(keys: Keys, numbers: dict[str, Numbers], left: NDArray[np.int64], notes: list[Note]) -> Boards:
    office, queue, day = keys
    at = left[np.lexsort((numbers["from"][left], day[left], queue[left], office[left]))]
    came, called, waiting, opened = (numbers[name][at].astype(np.int64) for name in COUNTED)
    span = numbers["from"][at].round(DIGITS), numbers["to"][at].round(DIGITS)
    return Boards(office[at], queue[at], day[at], *span, came, called, waiting, opened, tuple(notes))


def _refuse_unnamed(path: Path, table: pd.DataFrame, tickets: Tickets) -> None:
    names = {"queue": np.unique(tickets.queue), "office": np.unique(tickets.office)}
    faults = [
        Fault(f"{path} line 1", "", f"wanted a column {name}: the log has {len(own)}")
        for name, own in names.items()
        if name not in table.columns and len(own) > 1
    ]
    if faults:
        raise BadInput(faults)


def _numbered(table: pd.DataFrame, name: str, known: tuple[str, ...]) -> NDArray[np.int64]:
    """The numbers of names that the log has; -1 of others."""
    if name not in table.columns:
        return np.zeros(len(table), np.int64)
    numbers = {one: nth for nth, one in enumerate(known)}
    return np.asarray(table[name].map(spelt).map(numbers).fillna(-1), np.int64)


def boards_from(tickets: Tickets, minutes: float = 5.0) -> Boards:
    """Intervals reckoned from the tickets themselves, of so many minutes: who came, was called and waited.

    Of counters that were open nothing is known: ``open`` is 1 everywhere. Times that lie between two looks are taken
    in the middle. Who was never called is in the line until somebody is called who came later.
    """
    issued = (tickets.issued[0] + tickets.issued[1]) / 2
    called = np.where(np.isfinite(tickets.called[1]), (tickets.called[0] + tickets.called[1]) / 2, np.inf)
    parts = []
    keys = np.stack([tickets.office, tickets.queue, tickets.day], axis=1)
    cuts = np.flatnonzero(np.any(np.diff(keys, axis=0) != 0, axis=1)) + 1
    for rows in np.split(np.arange(len(tickets)), cuts):
        own, last = issued[rows], called[rows][np.isfinite(called[rows])]
        first = np.floor(own.min() / minutes) * minutes
        edges = np.arange(first, max(own.max(), last.max(initial=0.0)) + 2 * minutes, minutes)
        came, gone, away = (np.histogram(values, edges)[0] for values in (own, last, _given_up(called[rows])))
        waiting = np.concatenate([[0], np.cumsum(came - gone - away)[:-1]])
        key = np.repeat(keys[rows[:1]], len(came), axis=0)
        parts.append((key, edges[:-1], edges[1:], came, gone, np.maximum(waiting, 0)))
    key, start, end, came, gone, waiting = (np.concatenate(column) for column in zip(*parts, strict=True))
    ones = np.ones(len(start), np.int64)
    return Boards(key[:, 0], key[:, 1], key[:, 2], start, end, came, gone, waiting, ones)


def _given_up(called: Numbers) -> Numbers:
    """When those of a day who were never called are no longer in the line; rows are in the order of issue."""
    later = np.minimum.accumulate(called[::-1])[::-1]
    found = later[~np.isfinite(called)]
    return found[np.isfinite(found)]
