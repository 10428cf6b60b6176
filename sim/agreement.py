"""Names that must agree across the sections of a scenario.

Works on what was given, valid or not, so that these faults are reported beside all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sim.faults import Disagreement
from sim.units import SLOT, WEEKDAYS, span


def disagreements(data: object) -> list[Disagreement]:
    """All contradictions between sections that can be told from what is there."""
    if not isinstance(data, Mapping):
        return []
    names = (_skills, _points, _shifts, _serves, _unserved_fields, _purposes, _guides)
    times = (_opens, _saturday, _windows, _warmup)
    return [found for check in (*names, *times) for found in check(data)]


def _part(whole: object, name: str) -> Any:
    return whole.get(name) if isinstance(whole, Mapping) else getattr(whole, name, None)


def _entries(data: object, section: str) -> list[tuple[str, Any]]:
    found = _part(data, section)
    return [(str(name), entry) for name, entry in found.items()] if isinstance(found, Mapping) else []


def _names(listed: object) -> list[str]:
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list | tuple) else []


def _fields(data: object) -> list[str]:
    return [_part(entry, "field") or name for name, entry in _entries(data, "procedures")]


def _unknown(data: object, listed: str, known: list[str], kind: str) -> Iterator[Disagreement]:
    for group, entry in _entries(data, "staff"):
        for position, name in enumerate(_names(_part(entry, listed))):
            if name not in known:
                wanted = f"wanted a {kind} of this scenario: {', '.join(known) or 'none is defined'}"
                yield Disagreement(("staff", group, listed, position), name, wanted, tuple(known))


def _skills(data: object) -> Iterator[Disagreement]:
    if _entries(data, "procedures"):
        yield from _unknown(data, "skills", _fields(data), "field")


def _shifts(data: object) -> Iterator[Disagreement]:
    shifts = [name for name, _ in _entries(_part(data, "calendar"), "shifts")]
    yield from _unknown(data, "shifts", shifts, "shift")


def _serves(data: object) -> Iterator[Disagreement]:
    classes = [name for name, _ in _entries(data, "priorities")] or ["ordinary"]
    yield from _unknown(data, "serves", classes, "priority class")


def _points(data: object) -> Iterator[Disagreement]:
    known = [name for name, _ in _entries(data, "points")]
    for group, entry in _entries(data, "staff"):
        point = _part(entry, "point") or "hall"
        if known and isinstance(point, str) and point not in known:
            wanted = f"wanted a point of this scenario: {', '.join(known)}"
            yield Disagreement(("staff", group, "point"), point, wanted, tuple(known))


def _unserved_fields(data: object) -> Iterator[Disagreement]:
    groups = [entry for _, entry in _entries(data, "staff")]
    if not groups:
        return
    served = {name for entry in groups for name in _names(_part(entry, "skills"))}
    if any(_part(entry, "skills") is None for entry in groups):
        return
    for name, entry in _entries(data, "procedures"):
        field, share = _part(entry, "field") or name, _part(entry, "share")
        if field not in served and share != 0:
            wanted = "no group of officials has the skill: wanted it under staff.*.skills"
            yield Disagreement(("procedures", name), field, wanted)


def _purposes(data: object) -> Iterator[Disagreement]:
    for name, entry in _entries(data, "purposes"):
        service = _part(entry, "service")
        if name == "submit" and service is not None:
            wanted = "dossiers have their procedures' service"
            yield Disagreement(("purposes", name, "service"), service, wanted)
        if name in {"ask", "collect"} and service is None:
            yield Disagreement(("purposes", name, "service"), None, "wanted the minutes of this purpose")


def _guides(data: object) -> Iterator[Disagreement]:
    for name, entry in _entries(data, "points"):
        if _part(entry, "guides") and _part(data, "guidance") is None:
            wanted = "guides want a guidance section that says what they do"
            yield Disagreement(("points", name, "guides"), _part(entry, "guides"), wanted)


def _opens(data: object) -> Iterator[Disagreement]:
    hours = _part(_part(data, "calendar"), "hours")
    if isinstance(hours, Mapping) and not any(hours.values()):
        yield Disagreement(("calendar", "hours"), dict(hours), "wanted at least one weekday with opening hours")


def _saturday(data: object) -> Iterator[Disagreement]:
    moved = _part(_part(data, "arrivals"), "moves_to_saturday")
    weekday = _part(_part(data, "arrivals"), "weekday")
    if not moved:
        return
    if not _part(_part(_part(data, "calendar"), "hours"), "sat"):
        wanted = "people can move to Saturday only where calendar.hours.sat opens it"
        yield Disagreement(("arrivals", "moves_to_saturday"), moved, wanted)
    if _part(weekday, "sat"):
        wanted = "a Saturday with a demand of its own takes no moved visits"
        yield Disagreement(("arrivals", "moves_to_saturday"), moved, wanted)


def _windows(data: object) -> Iterator[Disagreement]:
    """Windows in which people come are whole half-hours in which the door is open."""
    hours, between = _part(_part(data, "calendar"), "hours"), _part(_part(data, "returns"), "between")
    window = _span(between)
    if window:
        opened = [_span(text) for day in WEEKDAYS for text in _names(_part(hours, day))]
        doors = [found for found in opened if found]
        if any(end % SLOT for end in window):
            yield Disagreement(("returns", "between"), between, "wanted whole half-hours")
        if doors and not (min(doors)[0] <= window[0] and window[1] <= max(end for _, end in doors)):
            yield Disagreement(("returns", "between"), between, "wanted a span in which the door is open")
    if _part(_part(data, "arrivals"), "moves_to_saturday"):
        for position, text in enumerate(_names(_part(hours, "sat"))):
            if any(end % SLOT for end in _span(text) or ()):
                wanted = "people who move to Saturday come by half-hours: wanted whole ones"
                yield Disagreement(("calendar", "hours", "sat", position), text, wanted)


def _span(text: object) -> tuple[int, int] | None:
    try:
        return span(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _warmup(data: object) -> Iterator[Disagreement]:
    days, warmup, opening = (_part(data, name) for name in ("days", "warmup_days", "opening"))
    if not isinstance(days, int) or isinstance(days, bool):
        return
    if isinstance(warmup, int) and warmup >= days:
        yield Disagreement(("warmup_days",), warmup, f"wanted fewer than the {days} days of the run")
    if opening is True:
        return
    needed = _first_five(data)
    if needed is not None and isinstance(warmup, int) and warmup < needed:
        wanted = f"a center that is not opening runs in for five open days first: wanted at least {needed}"
        yield Disagreement(("warmup_days",), warmup, wanted + ", or opening: true")
    if needed is not None and warmup is None and days <= needed:
        wanted = f"the first {needed} days run the center in: wanted more days, or opening: true"
        yield Disagreement(("days",), days, wanted)


def _first_five(data: object) -> int | None:
    """At least so many calendar days hold five working days (holidays are told later); None if it cannot be told."""
    hours, start = _part(_part(data, "calendar"), "hours"), _part(data, "start")
    try:
        first = start if isinstance(start, date) else date.fromisoformat(str(start))
    except ValueError:
        return None
    if not isinstance(hours, Mapping) or not any(hours.get(day) for day in WEEKDAYS):
        return None
    found = 0
    for day in range(36):
        if found == 5:
            return day
        found += bool(hours.get(WEEKDAYS[(first + timedelta(days=day)).weekday()]))
    return None
