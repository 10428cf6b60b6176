"""Names that must agree across the sections of a scenario.

Works on what was given, valid or not, so that these faults are reported beside all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeGuard

from sim.faults import Disagreement
from sim.observed import observed_disagreements
from sim.office_agreement import OFFICE
from sim.parts import entries, fields_of, names_in, not_one_of, part, unknown_names
from sim.staff_agreement import STAFF
from sim.units import SLOT, WEEKDAYS, milliseconds, span
from sim.values import LAST_YEAR

MOST_OFFICIALS = 5_000


def disagreements(data: object, *, well_formed: bool) -> list[Disagreement]:
    """All contradictions between sections that can be told from what is there.

    Of what is not ``well_formed``, each check tells what it found before it met a value that it cannot read.
    """
    if not isinstance(data, Mapping):
        return []
    names = (_skills, _points, _shifts, _serves, _book, _unserved_fields, _purposes, _guides, _storms, _officials)
    times = (_opens, _saturday, _book_times, _windows, _years, _warmup, _shifts_on, _profiles, observed_disagreements)
    found: list[Disagreement] = []
    for check in (*names, *STAFF, *OFFICE, *times):
        try:
            found.extend(check(data))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            if well_formed:
                raise
    return found


def _skills(data: object) -> Iterator[Disagreement]:
    if entries(data, "procedures"):
        yield from unknown_names(data, "skills", fields_of(data), "field")


def _shifts(data: object) -> Iterator[Disagreement]:
    shifts = [name for name, _ in entries(part(data, "calendar"), "shifts")]
    yield from unknown_names(data, "shifts", shifts, "shift")


def _shifts_on(data: object) -> Iterator[Disagreement]:
    calendar = part(data, "calendar")
    known = [name for name, _ in entries(calendar, "shifts")]
    for weekday, shifts in entries(calendar, "shifts_on"):
        for name in shifts if isinstance(shifts, Mapping) else ():
            if name not in known:
                yield not_one_of(("calendar", "shifts_on", weekday, name), name, known, "shift")


def _profiles(data: object) -> Iterator[Disagreement]:
    arrivals = part(data, "arrivals")
    for weekday, weights in entries(arrivals, "profile_on"):
        if part(arrivals, "per_day") is None:
            wanted = "wanted per_day: rates have no profile"
            yield Disagreement(("arrivals", "profile_on", weekday), weights, wanted)
        elif isinstance(weights, Mapping) and not any(weights.values()):
            yield Disagreement(("arrivals", "profile_on", weekday), weights, "wanted a positive weight")


def _serves(data: object) -> Iterator[Disagreement]:
    classes = [name for name, _ in entries(data, "priorities")] or ["ordinary"]
    yield from unknown_names(data, "serves", classes, "priority class")


def _book(data: object) -> Iterator[Disagreement]:
    """Who books has a class that nobody else is of."""
    name, known = part(part(data, "appointments"), "priority"), dict(entries(data, "priorities"))
    if not isinstance(name, str):
        return
    if name not in known:
        yield not_one_of(("appointments", "priority"), name, list(known) or ["ordinary"], "priority class")
    elif part(known[name], "share") or part(known[name], "dossiers") is not None:
        wanted = "wanted a class of share 0, without dossiers: the book says who is of it"
        yield Disagreement(("appointments", "priority"), name, wanted)


def _book_times(data: object) -> Iterator[Disagreement]:
    """On each day on which people come by themselves there is a time to book."""
    early, hours = part(part(data, "appointments"), "ends_early"), part(part(data, "calendar"), "hours")
    if not isinstance(early, int | float):
        return
    for on in WEEKDAYS:
        spans = [found for text in names_in(part(hours, on)) if (found := _span(text))]
        if spans and all(end - start <= milliseconds(early) for start, end in spans) and _comes_on(data, on):
            wanted = f"on {on} there is no time but the {early:g} minutes before a closing"
            yield Disagreement(("appointments", "ends_early"), early, wanted)
            return


def _comes_on(data: object, on: str) -> bool:
    """Whether people come by themselves on a weekday; from Monday to Friday where nobody says otherwise."""
    given = part(part(data, "arrivals"), "weekday")
    return bool(part(given, on)) if isinstance(given, Mapping) else on in WEEKDAYS[:5]


def _points(data: object) -> Iterator[Disagreement]:
    known = [name for name, _ in entries(data, "points")]
    for group, entry in entries(data, "staff"):
        point = part(entry, "point") or "hall"
        if known and isinstance(point, str) and point not in known:
            wanted = f"wanted a point of this scenario: {', '.join(known)}"
            yield Disagreement(("staff", group, "point"), point, wanted, tuple(known))


def _unserved_fields(data: object) -> Iterator[Disagreement]:
    groups = [entry for _, entry in entries(data, "staff") if part(entry, "role") in (None, "counter")]
    if not groups:
        return
    served = {name for entry in groups for name in names_in(part(entry, "skills"))}
    if any(part(entry, "skills") is None for entry in groups):
        return
    for name, entry in entries(data, "procedures"):
        field, share = part(entry, "field") or name, part(entry, "share")
        if field not in served and share != 0:
            wanted = "no group of officials has the skill: wanted it under staff.*.skills"
            yield Disagreement(("procedures", name), field, wanted)


def _purposes(data: object) -> Iterator[Disagreement]:
    for name, entry in entries(data, "purposes"):
        service = part(entry, "service")
        if name == "submit" and service is not None:
            wanted = "dossiers have their procedures' service"
            yield Disagreement(("purposes", name, "service"), service, wanted)
        if name in {"ask", "collect"} and service is None:
            yield Disagreement(("purposes", name, "service"), None, "wanted the minutes of this purpose")


def _guides(data: object) -> Iterator[Disagreement]:
    for name, entry in entries(data, "points"):
        if part(entry, "guides") and part(data, "guidance") is None:
            wanted = "guides want a guidance section that says what they do"
            yield Disagreement(("points", name, "guides"), part(entry, "guides"), wanted)


def _storms(data: object) -> Iterator[Disagreement]:
    """A storm keeps away groups but guides, and a network down, that there is."""
    storms = part(data, "storms")
    for group, entry in entries(data, "staff"):
        away = part(entry, "storm_away")
        if away is not None and storms is None:
            yield Disagreement(("staff", group, "storm_away"), away, "wanted a storms section that says when they come")
        if away and part(entry, "role") == "guide":
            wanted = "no storm keeps a guide away: somebody takes their turn"
            yield Disagreement(("staff", group, "storm_away"), away, wanted)
    down = part(storms, "network_down")
    if down and part(data, "network") is None:
        wanted = "wanted a network section that says what officials do when it is down, such as {answer: pause}"
        yield Disagreement(("storms", "network_down"), down, wanted)


def _opens(data: object) -> Iterator[Disagreement]:
    hours = part(part(data, "calendar"), "hours")
    if isinstance(hours, Mapping) and not any(hours.values()):
        yield Disagreement(("calendar", "hours"), dict(hours), "wanted at least one weekday with opening hours")


def _saturday(data: object) -> Iterator[Disagreement]:
    moved = part(part(data, "arrivals"), "moves_to_saturday")
    weekday = part(part(data, "arrivals"), "weekday")
    if not moved:
        return
    if not part(part(part(data, "calendar"), "hours"), "sat"):
        wanted = "people can move to Saturday only where calendar.hours.sat opens it"
        yield Disagreement(("arrivals", "moves_to_saturday"), moved, wanted)
    if part(weekday, "sat"):
        wanted = "a Saturday with a demand of its own takes no moved visits"
        yield Disagreement(("arrivals", "moves_to_saturday"), moved, wanted)


def _windows(data: object) -> Iterator[Disagreement]:
    """Windows in which people come are whole half-hours in which the door is open."""
    hours, between = part(part(data, "calendar"), "hours"), part(part(data, "returns"), "between")
    window = _span(between)
    if window:
        opened = [_span(text) for day in WEEKDAYS for text in names_in(part(hours, day))]
        doors = [found for found in opened if found]
        if any(end % SLOT for end in window):
            yield Disagreement(("returns", "between"), between, "wanted whole half-hours")
        if doors and not (min(doors)[0] <= window[0] and window[1] <= max(end for _, end in doors)):
            yield Disagreement(("returns", "between"), between, "wanted a span in which the door is open")
    if part(part(data, "arrivals"), "moves_to_saturday"):
        for position, text in enumerate(names_in(part(hours, "sat"))):
            if any(end % SLOT for end in _span(text) or ()):
                wanted = "people who move to Saturday come by half-hours: wanted whole ones"
                yield Disagreement(("calendar", "hours", "sat", position), text, wanted)


def _span(text: object) -> tuple[int, int] | None:
    try:
        return span(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _officials(data: object) -> Iterator[Disagreement]:
    """All together no more than a run has room for: a group that follows the counters has as many."""
    points = dict(entries(data, "points"))
    counted = [
        part(entry, "count")
        if part(entry, "count") is not None
        else part(points.get(str(part(entry, "point") or "hall")), "counters")
        for _, entry in entries(data, "staff")
    ]
    total = sum(many for many in [*counted, *(part(one, "guides") for one in points.values())] if _is_whole(many))
    if total > MOST_OFFICIALS:
        yield Disagreement(("staff",), None, f"wanted at most {MOST_OFFICIALS} officials and guides, here are {total}")


def _is_whole(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool)


def _years(data: object) -> Iterator[Disagreement]:
    """The last day of the run is of a year whose holidays are known."""
    first, days = _date(part(data, "start")), part(data, "days")
    known = date(LAST_YEAR, 12, 31)
    if first is not None and _is_whole(days) and first <= known and days > (known - first).days + 1:
        wanted = f"wanted a run that ends by {known}: holidays are known until then"
        yield Disagreement(("days",), days, wanted)


def _date(given: object) -> date | None:
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        return None


def _warmup(data: object) -> Iterator[Disagreement]:
    days, warmup, opening = (part(data, name) for name in ("days", "warmup_days", "opening"))
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
    hours, first = part(part(data, "calendar"), "hours"), _date(part(data, "start"))
    if first is None or not isinstance(hours, Mapping) or not any(hours.get(day) for day in WEEKDAYS):
        return None
    found = 0
    for day in range(36):
        if found == 5:
            return day
        found += bool(hours.get(WEEKDAYS[(first.weekday() + day) % 7]))
    return None
