"""Exports of dossiers and counts of days read and fitted, an office each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from experiments.fitting.fitted import CERTIFICATION, MOST_CV, MOST_EACH, UNKNOWN, Fitted, Seen, Ways
from experiments.fitting.office_text import nobodys, spans_of
from experiments.new.defaults import FIELDS
from sim.faults import BadInput, Fault
from sim.fitting import counts, dossiers, staff_list
from sim.fitting.batched import Stamps, live_profile, stamps_of
from sim.fitting.clocks import Order
from sim.fitting.counts import counts_of
from sim.fitting.days import Week, day_text, week_of
from sim.fitting.dossiers import Dossiers, dossiers_of
from sim.fitting.fields import Field, fields_of
from sim.fitting.files import Note, name_of, of_office, plain_head, table_of
from sim.fitting.held import CAME, RECEIVED
from sim.fitting.shares import share_ends
from sim.fitting.staff_list import StaffList, staff_of
from sim.fitting.terms import days_taken_mean, on_time_of, times_of
from sim.units import MINUTE, span


@dataclass(frozen=True)
class Source:
    """A file and how it is to be read; ``until``: the day of an export, ``counted_as``: what counts are of."""

    path: Path
    staff: Path | None = None
    office: str | None = None
    encoding: str = "utf-8"
    order: Order | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    counted_as: str | None = None
    until: str | None = None


def of_dossiers(source: Source) -> list[Fitted]:
    """What an export tells, by office."""
    sheet = table_of(source.path, dossiers.COLUMNS, source.columns, source.encoding)
    found = dossiers_of(
        source.path, sheet if source.office is None else of_office(sheet, source.office), source.order, source.until
    )
    numbers = np.unique(found.office)
    if source.staff is not None and len(numbers) > 1:
        raise BadInput(
            [Fault("staff", str(source.staff), f"wanted office=NAME beside it: the export has {len(numbers)} offices")]
        )
    return [_office(source, found.only(found.office == number), found.offices[number]) for number in numbers]


def _office(source: Source, own: Dossiers, name: str) -> Fitted:
    fields, of_name = _fields(own)
    number = of_name[own.kind] if fields else None
    times = {one.key: times_of(own, one, number == nth) for nth, one in enumerate(fields)} if number is not None else {}
    staff = _staff(source, fields)
    week = _week(own)
    stamps = stamps_of(*_entries(own), staff.at_counters if staff else None)
    sent = None if own.sent_back is None else (int(own.sent_back.sum()), len(own))
    notes = (*own.notes, *week.notes, *(staff.notes if staff else ()))
    made = Fitted(
        name_of(name, own.offices), "the export", "dossiers", week, True, fields, times=times, ways=_ways(own)
    )
    made = replace(made, sent_back=sent, staff=staff, notes=notes)
    made = _with_profile(made, own, stamps)
    rows = (
        np.isin(number, [n for n, one in enumerate(fields) if one.key in made.processed])
        if number is not None
        else None
    )
    return _told(replace(made, seen=_seen(made, own, stamps, rows)))


def _fields(own: Dossiers) -> tuple[tuple[Field, ...], np.ndarray]:
    """The fields, none where there is no column of any; and of each name the number of its field, -1 of others."""
    if own.names == ("",):
        return (), np.zeros(1, np.int64)
    count = np.bincount(own.kind, minlength=len(own.names))
    there = np.flatnonzero(count)
    fields, of = fields_of([own.names[n] for n in there], [float(count[n]) for n in there])
    number = np.full(len(own.names), -1)
    number[there] = of
    days = [own.day[number[own.kind] == nth] for nth in range(len(fields))]
    return tuple(replace(one, ends=share_ends(on, own.day)) for one, on in zip(fields, days, strict=True)), number


def _ways(own: Dossiers) -> Ways | None:
    if own.channel is None:
        return None
    is_known, here = ~own.on(dossiers.UNSAID), own.on("hall")
    if not is_known.any():
        return None
    hall, online, post, unsaid = (int(own.on(name).sum()) for name in ("hall", "online", "post", dossiers.UNSAID))
    return Ways(hall, online, post, unsaid, share_ends(own.day[here], own.day[is_known]))


def _week(own: Dossiers) -> Week:
    """Days and weekdays by what was filed at the hall, where that is half of all or more, else by all."""
    here = own.on("hall")
    is_half = here.sum() >= len(own) / 2
    looked = own.day[here] if is_half else own.day
    days, counts = np.unique(looked, return_counts=True)
    week = week_of(days, counts.astype(float), "dossiers")
    if not is_half or here.all():
        return week
    note = Note(
        "weekdays and closed days", (), int(here.sum()), f"by the {int(here.sum())} dossiers filed at the hall alone"
    )
    return replace(week.times(len(own) / here.sum()), notes=(note, *week.notes))


def _entries(own: Dossiers) -> tuple[np.ndarray, np.ndarray]:
    """Days and minutes of the entries of officials: what is filed online is stamped by who files it."""
    here = ~own.on("online")
    return own.day[here], own.minute[here]


def _with_profile(made: Fitted, own: Dossiers, stamps: Stamps) -> Fitted:
    if stamps.answer != "live":
        note = Note(
            stamps.said, (), stamps.count, "when people come is not fitted: the shape of a day elsewhere is assumed"
        )
        return replace(made, notes=(*made.notes, note))
    hours = max(spans_of(made)[0].values(), key=len)
    spans = [(start / MINUTE, end / MINUTE) for start, end in map(span, hours)]
    profile, outside = live_profile(_entries(own)[1], spans)
    if 2 * outside > np.isfinite(_entries(own)[1]).sum():
        done = "most lie outside the opening hours: not fitted, the shape of a day elsewhere is assumed"
        return replace(made, notes=(*made.notes, Note(stamps.said, (), stamps.count, done)))
    done = "half-hours are those of entry, later than who came by wait and reception"
    notes = [Note(stamps.said, (), stamps.count, done)]
    notes += (
        [Note("entries outside the opening hours", (), outside, f"{outside} not among the half-hours")]
        if outside
        else []
    )
    return replace(made, profile=profile, notes=(*made.notes, *notes))


def _seen(made: Fitted, own: Dossiers, stamps: Stamps, rows: np.ndarray | None) -> tuple[Seen, ...]:
    week = made.week.arrivals
    words = f"W the export, {len(own)} dossiers until {day_text(own.until)}"
    found = [Seen("received", words, RECEIVED, week.per_day, len(week.days), True, "arrivals.per_day was set by it")]
    if rows is not None and rows.any():
        part = own.only(rows)
        share, taken = on_time_of(part), days_taken_mean(part)
        if share is not None and taken is not None:
            words = f"W the export, {share[1]} dossiers that were due by {day_text(own.until)}"
            found.append(Seen("on_time", words, "on_time_share", share[0] / share[1], len(week.days)))
            how = "days without the time of the day, and with those that citizens took to complete a dossier"
            found.append(Seen("taken", words, "processing_days_mean", taken, len(week.days), note=how))
    if made.sent_back is not None:
        words = f"W the export, {made.sent_back[0]} of {made.sent_back[1]} dossiers"
        how = "sent back for completion after receipt, as far as states still say so; at the counter more are refused"
        found.append(Seen("sent_back", words, note=how))
    return (*found, Seen("stamps", "W the export", note=stamps.said))


def of_counts(source: Source) -> list[Fitted]:
    """What counts of days tell, with the list of officials where there is one."""
    sheet = table_of(source.path, counts.COLUMNS, source.columns, source.encoding)
    found = counts_of(source.path, sheet, source.order, source.counted_as)
    fields = fields_of(list(found.fields), list(found.fields.values()))[0] if found.fields else ()
    staff = _staff(source, fields)
    week, days = found.week.arrivals, max(len(found.week.arrivals.days), 1)
    metric = RECEIVED if found.counted_as == "dossiers" else CAME
    open_days = days if len(week.days) else int(np.isfinite(week.weekday).sum())
    seen = Seen("counted", "W the counts", metric, week.per_day, open_days, True, "arrivals.per_day was set by it")
    each, notes = found.dossiers_each, list(found.notes)
    if each is not None and each[0] < 1:
        notes.append(
            Note("fewer dossiers than people", (), each[1], "dossiers a visitor not fitted: not all who come bring any")
        )
        each = None
    notes += staff.notes if staff else ()
    name = source.path.name.split(".")[0]
    made = Fitted(name, "the counts", found.counted_as, found.week, fields=fields, dossiers_each=each, staff=staff)
    return [_told(replace(made, points=found.points, seen=(seen,), notes=tuple(notes)))]


def _staff(source: Source, fields: Sequence[Field]) -> StaffList | None:
    if source.staff is None:
        return None
    sheet = table_of(source.staff, staff_list.COLUMNS, None, source.encoding)
    if not len(sheet.table.columns):
        wanted = f"wanted columns of {', '.join(column.name for column in staff_list.COLUMNS)}"
        raise BadInput([Fault(f"{source.staff} line 1", "", wanted)])
    keys = {plain_head(name): name for name in (FIELDS if not fields else [one.key for one in fields])}
    titles = {plain_head(title): one.key for one in fields for title in one.titles}
    return staff_of(source.staff, sheet, {**keys, **titles})


def _clipped(made: Fitted) -> list[Note]:
    """Notes on what was measured, and is more than a scenario may have."""
    each, factor = made.dossiers_each, made.week.arrivals.factor_cv
    found = (
        ("dossiers_per_visitor", each[0] if each else 0.0, MOST_EACH),
        ("day_factor_cv", factor[0] if factor else 0.0, MOST_CV),
    )
    return [
        Note(f"{name} of {value:.4g}", (), 0, f"more than a scenario may have: {most:g} is written, as an assumption")
        for name, value, most in found
        if value > most
    ]


def _told(made: Fitted) -> Fitted:
    """With notes on fields that are not known, and on what is made of the list."""
    alone, notes = nobodys(made), []
    if alone:
        notes.append(Note(f"nobody of the list receives {', '.join(alone)}", (), 0, "taken as done by all at counters"))
    notes += _clipped(made)
    unknown = [one.key for one in made.fields if not one.is_known]
    if unknown:
        done = f"minutes at the counter assumed, {UNKNOWN.value:g} [{UNKNOWN.low:g}–{UNKNOWN.high:g}]"
        notes.append(Note(f"fields that are not known elsewhere: {', '.join(unknown)}", (), 0, done))
    groups = made.staff.groups if made.staff else ()
    specialists = sum(group.count for group in groups if group.role == "specialist")
    if specialists and not made.has_back_office:
        done = f"left out: of work for them nothing is in {made.source}"
        notes.append(Note(f"{specialists} specialists of the list", (), 0, done))
    if made.has_leaders and any(one.key == CERTIFICATION for one in made.own_fields):
        notes.append(Note("leaders of the list", (), 0, "taken to sign certifications while citizens wait"))
    return replace(made, notes=(*made.notes, *notes))
