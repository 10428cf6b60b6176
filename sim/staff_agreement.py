"""What must agree about officials: places, lenders, leaders and the law.

Works on what was given, valid or not (see :mod:`sim.agreement`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sim.faults import Disagreement
from sim.parts import entries, fields_of, not_one_of, part, unknown_names
from sim.units import HOUR, span

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440
ROLES = ("guide", "leader", "specialist", "remote")


def _weak(data: object) -> Iterator[Disagreement]:
    if entries(data, "procedures"):
        yield from unknown_names(data, "weak", fields_of(data), "field")


def _days_at(data: object) -> Iterator[Disagreement]:
    known = [name for name, _ in entries(data, "points")]
    for group, entry in entries(data, "staff"):
        for weekday, point in entries(entry, "days_at"):
            if known and isinstance(point, str) and point not in known:
                yield not_one_of(("staff", group, "days_at", weekday), point, known, "point")


def _roles(data: object) -> Iterator[Disagreement]:
    """Guides say what they do, and leaders and guides how many they are."""
    for group, entry in entries(data, "staff"):
        role = part(entry, "role")
        if role == "guide" and part(data, "guidance") is None:
            yield Disagreement(("staff", group, "role"), role, "guides want a guidance section that says what they do")
        if role == "guide" and (part(entry, "absence") or part(entry, "called_away")):
            wanted = "wanted neither absence nor called_away: people would stand at a desk that nobody mans"
            yield Disagreement(("staff", group, "role"), role, wanted)
        if role == "leader" and part(entry, "days_at"):
            yield Disagreement(("staff", group, "days_at"), "a leader", "leaders sign in one room, wherever people are")
        if role == "remote" and part(entry, "days_at"):
            yield Disagreement(
                ("staff", group, "days_at"), "remote", "wanted no days at points: they are asked over a link"
            )
        if role in ROLES and part(entry, "count") is None:
            yield Disagreement(("staff", group, "count"), None, f"wanted how many: a {role} has no counter to follow")


def _signatures(data: object) -> Iterator[Disagreement]:
    """A result on the spot wants leaders who sign and minutes to hand it over."""
    leaders = [
        entry for _, entry in entries(data, "staff") if part(entry, "role") == "leader" and part(entry, "count") != 0
    ]
    for name, entry in entries(data, "procedures"):
        if part(entry, "signature") is None:
            continue
        at = ("procedures", name, "signature")
        if not leaders:
            yield Disagreement(at, _shown(entry), "nobody signs: wanted a group of officials with role: leader")
        if part(data, "results") is None:
            yield Disagreement(at, _shown(entry), "wanted a results section: minutes to hand over, and the cut-off")


def _shown(entry: object) -> object:
    signature = part(entry, "signature")
    return dict(signature) if isinstance(signature, Mapping) else signature


def _lenders(data: object) -> Iterator[Disagreement]:
    """Who is lent comes from a lender that has so many; nobody is lent twice at once."""
    known = [name for name, _ in entries(data, "lenders")]
    lent: dict[str, list[tuple[date, date, int, str]]] = {name: [] for name in known}
    for group, entry in entries(data, "staff"):
        lender, count = part(entry, "lender"), part(entry, "count")
        if not isinstance(lender, str):
            continue
        if lender not in known:
            yield not_one_of(("staff", group, "lender"), lender, known, "lender")
        elif isinstance(count, int):
            first, last = (_day(part(entry, name)) for name in ("first", "last"))
            lent[lender].append((first or date.min, last or date.max, count, group))
    for lender, groups in lent.items():
        has = part(part(part(data, "lenders"), lender), "officials")
        if isinstance(has, int):
            yield from _too_many(lender, has, groups)


def _too_many(lender: str, has: int, groups: list[tuple[date, date, int, str]]) -> Iterator[Disagreement]:
    for first, _, _, group in groups:
        at_once = [(count, other) for begins, ends, count, other in groups if begins <= first <= ends]
        total = sum(count for count, _ in at_once)
        if total > has:
            names = " and ".join(name for _, name in at_once)
            wanted = f"{lender} has {has} officials and lends {total} at once, to {names}: nobody is lent twice"
            yield Disagreement(("staff", group, "count"), total, wanted)
            return


def _day(given: object) -> date | None:
    try:
        return given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        return None


def _law(data: object) -> Iterator[Disagreement]:
    """Overtime of a day within its limit, unless it is said that it goes beyond."""
    limits, closing, duty = (part(data, name) for name in ("overtime", "closing", "saturday_duty"))
    if part(limits, "beyond") is True:
        return
    most = part(limits, "day") if part(limits, "day") is not None else 4.0
    cap, rule = part(closing, "overtime_cap"), part(closing, "rule")
    if not isinstance(most, int | float):
        return
    wanted = f"wanted at most the {most:g} hours of overtime.day, or overtime.beyond: true"
    if isinstance(cap, int | float) and rule in (None, "serve_out") and cap > most * MINUTES_PER_HOUR:
        yield Disagreement(("closing", "overtime_cap"), cap, f"minutes a day: {wanted}")
    if part(duty, "compensation") == "pay":
        spans = part(part(part(data, "calendar"), "hours"), "sat")
        try:
            hours = sum(end - start for start, end in map(span, spans or ())) / HOUR
        except (TypeError, ValueError):
            return
        if hours > most:
            yield Disagreement(("calendar", "hours", "sat"), f"{hours:g} hours", f"paid as overtime: {wanted}")


def _rules(data: object) -> Iterator[Disagreement]:
    """Only officials at counters go by a rule, by boards that divide the day; who floats has somewhere to go."""
    ruled = [(group, entry) for group, entry in entries(data, "staff") if part(entry, "rule") is not None]
    for group, entry in ruled:
        at = ("staff", group, "rule")
        if part(entry, "role") in ROLES:
            yield Disagreement(at, part(part(entry, "rule"), "kind"), "only officials at counters go by a rule")
        if part(entry, "days_at"):
            yield Disagreement(at, part(part(entry, "rule"), "kind"), "wanted a rule or days_at, not both")
        if part(part(entry, "rule"), "kind") != "open_counter" and len(entries(data, "points")) < 2:
            yield Disagreement(at, part(part(entry, "rule"), "kind"), "there is only one point to be at")
    every, choice = part(data, "board_every"), part(data, "choice")
    if choice is not None and len(entries(data, "points")) == 1:
        yield Disagreement(("choice",), None, "there is only one point to choose: wanted another, or no choice")
    if (ruled or choice is not None) and isinstance(every, int) and every > 0 and MINUTES_PER_DAY % every:
        yield Disagreement(("board_every",), every, "minutes between boards: wanted a number that divides 1440")


STAFF = (_weak, _days_at, _roles, _signatures, _lenders, _law, _rules)
