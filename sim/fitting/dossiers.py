"""Dossiers of an export that make sense, a row each, and a note for each kind of thing that did not.

What is read are dates, kinds and states; names of citizens are in columns that are never looked at, and free text that
is found in the column of kinds is not kept (sim.fitting.fields).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.faults import BadInput, Fault
from sim.fitting.arrivals import Numbers
from sim.fitting.clocks import A_DAY, Order, dates, order_of, times
from sim.fitting.days import Days, day_text, leave_far_out, refuse_long
from sim.fitting.fields import without_free_text
from sim.fitting.files import Column, Note, Sheet, plain_head
from sim.fitting.tickets import Cleaning, Flags, Rows, note_nameless, numbered

COLUMNS = (
    Column(
        "received",
        (
            "ngày tiếp nhận", "ngày nhận", "ngày nhận hồ sơ", "ngày tiếp nhận hồ sơ", "thời gian tiếp nhận", "ngày nộp",
            "thời điểm tiếp nhận", "ngày giờ tiếp nhận", "received on", "date received",
        ),
    ),
    Column("code", ("mã hồ sơ", "số hồ sơ", "mã số hồ sơ", "số biên nhận", "dossier", "dossier code"), False),
    Column("field", ("lĩnh vực", "tên lĩnh vực", "nhóm thủ tục"), False),
    Column("procedure", ("thủ tục", "tên thủ tục", "thủ tục hành chính", "tên thủ tục hành chính", "tên tthc"), False),
    Column("due", ("ngày hẹn trả", "ngày hẹn trả kết quả", "ngày hẹn", "hạn trả kết quả", "hạn xử lý"), False),
    Column("done", ("ngày có kết quả", "ngày hoàn thành", "ngày kết thúc xử lý", "ngày xử lý xong"), False),
    Column("handed", ("ngày trả kết quả", "ngày trả", "handed over"), False),
    Column("channel", ("hình thức tiếp nhận", "hình thức nộp", "hình thức nộp hồ sơ", "kênh tiếp nhận"), False),
    Column("status", ("trạng thái", "tình trạng", "trạng thái hồ sơ", "tình trạng xử lý", "trạng thái xử lý"), False),
    Column("completion", ("yêu cầu bổ sung", "ngày yêu cầu bổ sung", "số lần bổ sung", "sent back"), False),
    Column("office", ("đơn vị", "cơ quan", "đơn vị tiếp nhận", "cơ quan tiếp nhận", "trung tâm", "center"), False),
)  # fmt: skip
CHANNELS = {
    "online": ("truc tuyen", "online", "cong dich vu"),
    "post": ("buu chinh", "buu dien", "bcci", "post"),
    "hall": ("truc tiep", "mot cua", "tai quay", "direct", "hall", "counter"),
}
STATES = {
    "sent back": ("bo sung", "supplement", "sent back"),
    "stopped": ("tra lai", "tu choi", "dung xu ly", "tam dung", "dung giai quyet", "huy", "rut", "stopped", "refused"),
    "open": ("chua", "dang", "cho xu ly", "cho ky", "cho duyet", "moi", "open", "pending", "in progress"),
    "done": (
        "da tra",
        "cho tra",
        "da co ket qua",
        "hoan thanh",
        "da xu ly",
        "da giai quyet",
        "ket thuc",
        "done",
        "completed",
    ),
    "received": ("tiep nhan", "received"),
}
UNSAID = "not said"
CHANNEL_NAMES, STATE_NAMES = (UNSAID, *CHANNELS), (UNSAID, *STATES)
TYPED = r"^\s*(\d{1,2}\s*[:hHgG]\s*\d{2}(?::\d{2})?)[,\s]+(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})\s*$"
"""A time in front of its date."""


@dataclass(frozen=True, eq=False)
class Dossiers:
    """Cleaned dossiers by day of receipt.

    ``names`` and ``offices`` name what ``kind`` (the field, else the procedure) and ``office`` number. ``day`` counts
    days since 1970, as ``due`` and ``done`` do, -1 where there is none; ``minute`` is of the entry, not a number where
    no time is written. ``channel`` and ``state`` number CHANNEL_NAMES and STATE_NAMES, None without such a column.
    ``sent_back``: whether something was found missing after receipt, None where nothing tells. ``until``: the last day
    of which the export knows.
    """

    offices: tuple[str, ...]
    names: tuple[str, ...]
    office: NDArray[np.int64]
    kind: NDArray[np.int64]
    day: Days
    minute: Numbers
    due: Days
    done: Days
    channel: NDArray[np.int64] | None
    state: NDArray[np.int64] | None
    sent_back: Flags | None
    until: int
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.day)

    def only(self, wanted: Rows) -> Dossiers:
        """Some of them."""
        own: dict[str, Any] = {name: one[wanted] for name, one in vars(self).items() if isinstance(one, np.ndarray)}
        return replace(self, **own)

    def on(self, channel: str) -> Flags:
        """Those filed in a way of CHANNEL_NAMES; nobody knows of any where there is no such column."""
        if self.channel is None:
            return np.zeros(len(self), bool)
        return np.asarray(self.channel == CHANNEL_NAMES.index(channel))


def dossiers_of(path: Path, sheet: Sheet, order: Order | None = None, until: str | None = None) -> Dossiers:
    """The dossiers of a table with COLUMNS. ``until``: the day of the export, in the form of its dates.

    BadInput where dates can be read in two ways, fewer than two rows make sense, or the day of the export is none.
    """
    table = sheet.table
    work = Cleaning(path, table.index.to_numpy(np.int64), np.ones(len(table), bool), list(sheet.notes))
    dated = {name: table[name].str.replace(TYPED, r"\2 \1", regex=True) for name in _DATED if name in table.columns}
    order = order_of(path, list(dated.values()), order)
    day = {name: dates(column, order) for name, column in dated.items()}
    received = day["received"]
    work.note("no day of receipt, or none that there is", received < 0, "left out", drop=True)
    leave_far_out(work, received, "received")
    refuse_long(path, received[work.left])
    minute = _minutes(work, dated["received"], order)
    codes = {name: numbered(table, name) for name in ("office", "field" if "field" in table.columns else "procedure")}
    (offices, office), (names, kind) = codes.values()
    _twice(work, table, office)
    last = _until(until, order, work, received)
    channel = _classed(work, table, "channel", CHANNELS)
    state = _classed(work, table, "status", STATES)
    due, done = _due(work, dated, day), _done(work, dated, day, state, last)
    note_nameless(work, offices, office)
    work.refuse_few("dossiers")
    names, kind = without_free_text(work, names, kind, np.bincount(kind[work.left], minlength=len(names)).tolist())
    at = np.flatnonzero(work.left)
    at = at[np.lexsort((np.nan_to_num(minute[at]), received[at], office[at]))]
    sent = _sent_back(table, state)
    columns = (office, kind, received, minute, due, done, channel, state, sent)
    return Dossiers(offices, names, *columns, last, tuple(work.notes)).only(at)


_DATED = ("received", "due", "done", "handed")


def _minutes(work: Cleaning, column: pd.Series[str], order: Order) -> Numbers:
    """Minutes after midnight of the entries; not a number where a date is all that is written."""
    is_timed = column.str.strip().str.contains(r"[ T]", regex=True).to_numpy()
    read = times(column.where(is_timed, ""), order)
    work.note("a time of entry that cannot be read", read.is_wrong, "kept, without its time")
    return np.where(read.minutes >= A_DAY, np.nan, read.minutes)


def _twice(work: Cleaning, table: pd.DataFrame, office: NDArray[np.int64]) -> None:
    if "code" not in table.columns:
        work.notes.append(Note("no column code", (), 0, "a dossier that is there twice cannot be told from two"))
        return
    code = table["code"].str.strip().to_numpy(str)
    again = np.zeros(len(table), bool)
    frame = pd.DataFrame({"office": office, "code": code})[work.left]
    again[np.flatnonzero(work.left)] = frame.duplicated().to_numpy()
    work.note("a dossier that is there already", again & (code != ""), "left out, the first is kept", drop=True)


def _until(given: str | None, order: Order, work: Cleaning, received: Days) -> int:
    """The last day of which the export knows: as ``given``, else the last day of receipt."""
    if given is None:
        return int(received[work.left].max(initial=-1))
    day = int(dates(pd.Series([given]), order)[0])
    if day < 0:
        raise BadInput([Fault("exported", given, "wanted the day of the export, as 2026-06-30")])
    late = f"received after {day_text(day)}, the day of the export"
    work.note(late, received > day, "left out", drop=True)
    return day


def _classed(
    work: Cleaning, table: pd.DataFrame, name: str, known: Mapping[str, tuple[str, ...]]
) -> NDArray[np.int64] | None:
    """The class of each row by the words in a column: 0 where none of them is."""
    if name not in table.columns:
        return None
    codes, own = pd.factorize(table[name])
    classes = np.array([_class(text, known) for text in own], np.int64)[codes]
    work.note(f"a {name} that is not known", classes == 0, f"kept, its {name} taken as not said")
    return np.asarray(classes, np.int64)


def _class(text: str, known: Mapping[str, tuple[str, ...]]) -> int:
    flat = f" {plain_head(text)} "
    return next((nth for nth, words in enumerate(known.values(), 1) if any(f" {one} " in flat for one in words)), 0)


def _due(work: Cleaning, dated: Mapping[str, pd.Series[str]], day: Mapping[str, Days]) -> Days:
    if "due" not in day:
        return np.full(len(work.left), -1)
    due, is_written = day["due"], (dated["due"].str.strip() != "").to_numpy()
    work.note("a due date that cannot be read", is_written & (due < 0), "kept, without a term")
    early = (due >= 0) & (due < day["received"])
    work.note("due before it was received", early, "kept, without a term")
    return np.where(early, -1, due)


def _done(
    work: Cleaning,
    dated: Mapping[str, pd.Series[str]],
    day: Mapping[str, Days],
    state: NDArray[np.int64] | None,
    last: int,
) -> Days:
    """The day of the result; that on which it was handed over where the export has no other. -2: it is not known."""
    name = "done" if "done" in day else "handed"
    if name not in day:
        return np.full(len(work.left), -2)
    done, is_written = day[name].copy(), (dated[name].str.strip() != "").to_numpy()
    unread = is_written & (done < 0)
    work.note("a date of the result that cannot be read", unread, "kept, not used for how long it took")
    early = (done >= 0) & (done < day["received"])
    work.note("a result before it was received", early, "kept, not used for how long it took")
    late = done > last
    work.note(f"a result after {day_text(last)}, the last day of the export", late, "kept, as not ready on that day")
    done[late] = -1
    done[unread | early] = -2
    if state is None:
        return done
    undated = (state == STATE_NAMES.index("done")) & ~is_written
    work.note("done, without a date of the result", undated, "kept, not used for how long it took")
    stopped = (state == STATE_NAMES.index("stopped")) & ~is_written
    work.note("stopped or refused, without a date", stopped, "kept, not used for how long it took")
    done[undated | stopped] = -2
    return done


def _sent_back(table: pd.DataFrame, state: NDArray[np.int64] | None) -> Flags | None:
    """Which were sent back for completion, by a column of their own or by their state."""
    found = None if state is None else np.asarray(state == STATE_NAMES.index("sent back"))
    if "completion" not in table.columns:
        return found if found is not None and found.any() else None
    said = ~table["completion"].map(plain_head).isin(["", "0", "khong", "no"]).to_numpy()
    return said if found is None else found | said
