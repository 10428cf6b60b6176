"""Places, officials, hours and the back office of a fitted office as the text of a scenario file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np

from experiments.fitting.fitted import CERTIFICATION, Fitted
from experiments.new.defaults import OVERTIME_CAP, TRAVEL_CV
from sim.fitting.files import plain_head
from sim.fitting.staff_list import Group
from sim.units import SLOT, WEEKDAYS, clock_text, span

OFFICE_HOURS = ("07:30-11:30", "13:00-17:00")
COLUMN = 34
Hours = dict[str, tuple[str, ...]]


def _said(head: str, comment: str) -> str:
    return f"{head:<{COLUMN - 2}}  # {comment}"


def spans_of(fitted: Fitted) -> tuple[Hours, bool]:
    """Opening hours by weekday, and whether they are those of the list: mornings alone on Saturdays and Sundays."""
    listed = (
        [group.hours for group in fitted.staff.groups if group.hours and group.role == "counter"]
        if fitted.staff
        else []
    )
    spans = _joined(one for hours in listed for one in hours) if listed else OFFICE_HOURS
    on = fitted.week.arrivals.weekday
    names = [name for nth, name in enumerate(WEEKDAYS) if np.isfinite(on[nth])]
    return {name: spans[:1] if name in ("sat", "sun") else spans for name in names}, bool(listed)


def _joined(spans: Iterator[str]) -> tuple[str, ...]:
    """Spans that touch or overlap made one, in order."""
    found: list[list[int]] = []
    for start, end in sorted(span(one) for one in spans):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return tuple(f"{clock_text(start)}-{'24:00' if end == 48 * SLOT else clock_text(end)}" for start, end in found)


def back_office(fitted: Fitted) -> Iterator[str]:
    """Results handed over, and the back office, where there is any of either."""
    signs = fitted.has_leaders and any(one.key == CERTIFICATION for one in fitted.own_fields)
    if signs or fitted.processed:
        yield "results:"
        yield "  collection: {kind: lognormal, mean: 3.0, cv: 0.8}  # A [2–6], [0.5–1.2] minutes to hand one over"
        yield _said('  cut_off: "16:00"', "A [15:00–17:00]")
    if not fitted.has_back_office:
        return
    yield "back_office:"
    if fitted.processed:
        yield "  delivery: {in_person: 0.6, post: 0.1, online: 0.3}  # A [0.3–0.9], [0.0–0.3], [0.1–0.6]"
    else:
        yield "  delivery: {in_person: 0.0, post: 0.0, online: 1.0}  # A fixed: nothing is made there"
    yield _said(f"  at_counters: {'true' if at_counters(fitted) else 'false'}", _why(fitted))
    yield _said("  first: 1", "A [1–2] working days after it is ready")
    yield _said("  last: 3", "A [2–6]")


def at_counters(fitted: Fitted) -> bool:
    """Whether officials at counters do the work of the back office too: where specialists of the list do not do all."""
    groups = [group for group in fitted.staff.groups if group.role == "specialist"] if fitted.staff else []
    known = {key for group in groups for key in group.fields or ()}
    every = any(group.fields is None for group in groups)
    return not every and not {one.key for one in fitted.own_fields} <= known


def _why(fitted: Fitted) -> str:
    return "assumed: no list has specialists for all fields" if at_counters(fitted) else "specialists of the list do it"


def places(fitted: Fitted) -> Iterator[str]:
    """Points and officials: of the list, else as many as are assumed of an office that so many come to."""
    groups = fitted.staff.groups if fitted.staff else ()
    titles = dict(fitted.staff.points) if fitted.staff else {"hall": ""}
    yield "points:"
    for key, title in titles.items():
        yield from _point(fitted, key, title, groups, titles)
    yield "staff:"
    if not groups:
        yield "  officials:"
        yield _said("    count: null", "no list of officials: one at each counter")
        yield "    skills: null"
    for group in groups:
        if group.role != "specialist" or fitted.has_back_office:
            yield from _group(fitted, group)
    yield "closing:"
    yield "  rule: serve_out"
    yield _said(f"  overtime_cap: {OVERTIME_CAP.value!r}", OVERTIME_CAP.mark)


def _point(fitted: Fitted, key: str, title: str, groups: Sequence[Group], titles: dict[str, str]) -> Iterator[str]:
    kind, count = fitted.kind, _officials(groups, key)
    yield f"  {key}:"
    yield f"    title: {json.dumps((title or fitted.name).replace('${', '$ {'), ensure_ascii=False)}"
    if groups:
        low = max(count // 2, 1)
        how = f"A [{low}–{count}] one for each official: counters are not in the list"
        yield _said(f"    counters: {count}", how if count > 1 else "A fixed: one for the one official")
    else:
        own = kind.officials
        yield _said(f"    counters: {own.value:g}", f"A [{own.low:g}–{own.high:g}] no list of officials: {own.source}")
    yield _said(f"    seats: {kind.seats.value:g}", kind.seats.mark)
    yield _said(f"    share: {shares(fitted, titles)[key]!r}", _share_mark(fitted, key, titles))
    yield f"    travel: {{kind: lognormal, mean: {kind.travel.value!r}, cv: {TRAVEL_CV}}}  # {kind.travel.mark}"


def _officials(groups: Sequence[Group], point: str) -> int:
    return sum(group.count for group in groups if group.role == "counter" and group.point == point)


def _counted(fitted: Fitted, titles: dict[str, str]) -> dict[str, float] | None:
    """How many were counted at each point; None where the counts do not name the points of the list."""
    by_name = {plain_head(name): count for name, count in fitted.points.items()}
    found = {key: by_name.get(plain_head(title), 0.0) for key, title in titles.items()}
    return found if len(titles) > 1 and all(found.values()) and len(found) == len(by_name) else None


def shares(fitted: Fitted, titles: dict[str, str]) -> dict[str, float]:
    """Shares of the citizens of each point: as counted, else as officials are; they sum to 1."""
    groups = fitted.staff.groups if fitted.staff else ()
    weights = _counted(fitted, titles) or {key: float(max(_officials(groups, key), 1)) for key in titles}
    total, found = sum(weights.values()), {}
    for key in list(titles)[1:]:
        found[key] = round(weights[key] / total, 6)
    return {next(iter(titles)): round(1.0 - sum(found.values()), 6), **found}


def _share_mark(fitted: Fitted, key: str, titles: dict[str, str]) -> str:
    if len(titles) == 1:
        return "A fixed: one hall"
    if _counted(fitted, titles):
        return f"W of {sum(fitted.points.values()):.0f} counted"
    share = shares(fitted, titles)[key]
    return f"A [{share / 2:.3g}–{min(1.5 * share, 1.0):.3g}] as officials are: who comes where was not counted"


def _group(fitted: Fitted, group: Group) -> Iterator[str]:
    from experiments.fitting.center_text import shifts_of

    yield f"  {group.key}:"
    yield _said(f"    count: {group.count}", "O as listed")
    if group.role != "counter":
        yield f"    role: {group.role}"
    if group.role != "leader":
        yield f"    skills: {'null' if group.fields is None else '[' + ', '.join(skills(fitted, group)) + ']'}"
    if group.point != "hall":
        yield f"    point: {group.point}"
    shift = shifts_of(fitted).get(group.hours)
    if shift:
        yield f"    shifts: [{shift}]"
    if group.role == "leader":
        yield _said("    called_away: 0.3", "A [0.1–0.6] of half days in meetings")


def skills(fitted: Fitted, group: Group) -> tuple[str, ...]:
    """The fields of a group; at counters also those that nobody there has, which all are taken to do."""
    own = tuple(group.fields or ())
    return (*own, *(key for key in nobodys(fitted) if group.role == "counter" and key not in own))


def nobodys(fitted: Fitted) -> tuple[str, ...]:
    """The fields in which nobody of the list receives dossiers."""
    groups = [group for group in fitted.staff.groups if group.role == "counter"] if fitted.staff else []
    if not groups or any(group.fields is None for group in groups):
        return ()
    known = {key for group in groups for key in group.fields or ()}
    return tuple(one.key for one in fitted.own_fields if one.key not in known)
