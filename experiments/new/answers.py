"""Answers read: text in, values out; what is wrong is one fault with what was given and wanted.

Numbers take a decimal comma where one number is asked for. Fields and weekdays are known by their Vietnamese names
too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from experiments.new.defaults import FIELDS, KINDS, WORKDAYS
from experiments.new.sketch import Lunch, LunchKind, Minutes, Team
from sim.faults import BadInput, Fault, nearest, shown
from sim.units import WEEKDAYS

MOST = 100_000
LONGEST_NAME = 120
LUNCHES: dict[str, LunchKind] = {"common": "common", "split": "split", "none": "none"}
LUNCH_AT: dict[LunchKind, Minutes] = {"common": (690, 780), "split": (690, 810), "none": (690, 780)}
WHO, WHEN = ("leader", "official"), ("at once", "later")
_DAYS = {**{day: day for day in WEEKDAYS}, **{f"t{n + 2}": day for n, day in enumerate(WEEKDAYS[:6])}, "cn": "sun"}
_FIELDS = {**{name: name for name in FIELDS}, **{entry.vietnamese: name for name, entry in FIELDS.items()}}
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_CLOCK = r"(\d{1,2})[:h](\d\d)"
_SPAN = re.compile(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}")
_PLACES = re.compile(r"(\d{1,6})\s*(?:counters?)?(?:[\s,;]+(\d{1,6}|none)\s*(?:seats?)?)?")


def refused(given: str, wanted: str, near: str = "") -> BadInput:
    """What to raise for a wrong answer."""
    return BadInput([Fault("answer", shown(given), wanted, near)])


def number(text: str, low: float, high: float, wanted: str) -> float:
    """A number in [low, high]; a decimal comma is one."""
    plain = text.replace(",", ".")
    if not _NUMBER.fullmatch(plain) or not low <= float(plain) <= high:
        raise refused(text, wanted)
    return float(plain)


def percent(text: str) -> float:
    """From 0 to 100, with or without the sign."""
    return number(text.removesuffix("%").strip(), 0, 100, "wanted a number from 0 to 100, such as 15")


def center(text: str) -> tuple[str, str]:
    """Kind and name, "" where no name is given."""
    kind, _, name = text.partition(" ")
    kind = kind.strip(",;:").lower()
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if kind not in KINDS:
        raise refused(kind, f"wanted {', '.join(KINDS)} first, then the name", nearest(kind, KINDS))
    if not name.isprintable() or "${" in name or len(name) > LONGEST_NAME:
        raise refused(name, f"wanted a name of at most {LONGEST_NAME} printable letters, without ${{")
    return kind, name


def people(text: str) -> tuple[float, dict[str, float] | None]:
    """Of a mean day, and by weekday where more than one number is given; days without people are left out."""
    wanted = "wanted people a day, 70, or by weekday: mon 90, tue-fri 70"
    bare = re.split(r"[\s,;]+", text)
    if all(_NUMBER.fullmatch(part) for part in bare):
        if len(bare) == 1:
            return number(bare[0], 0.1, MOST, f"wanted a number from 0.1 to {MOST}"), None
        if not len(WORKDAYS) <= len(bare) <= len(WEEKDAYS):
            raise refused(text, "wanted one number, or one for each day from Monday on: 5, 6 or 7")
        found = dict(zip(WEEKDAYS, bare, strict=False))
    else:
        found = {day: value for names, value in _pairs(text, wanted) for day in _days(names)}
    counts = {day: number(found[day], 0, MOST, wanted) for day in WEEKDAYS if day in found}
    counts = {day: count for day, count in counts.items() if count > 0}
    if not counts:
        raise refused(text, "wanted people on at least one day")
    return sum(counts.values()) / len(counts), counts


def mix(text: str) -> dict[str, float]:
    """Percent of dossiers by field, which sum to 100; fields that are not named have none."""
    wanted = "wanted fields with percent: certification 60, land 40"
    found: dict[str, float] = {}
    for name, value in _pairs(text, wanted):
        one = field_named(name)
        if one in found:
            raise refused(name, "is given twice: wanted it once")
        found[one] = percent(value)
    if round(sum(found.values()), 9) != 100:
        raise refused(text, f"wanted percents that sum to 100; these sum to {sum(found.values()):g}")
    return {name: found[name] for name in FIELDS if found.get(name, 0) > 0}


def teams(text: str, needed: Iterable[str]) -> tuple[Team, ...]:
    """Officials by field; every needed field has some."""
    wanted = "wanted fields with officials: certification+civil_status 2, land 1, or all 3"
    if text.isdecimal():
        text = f"all {text}"
    found: list[Team] = []
    for names, value in _pairs(text, wanted):
        if not value.isdecimal() or not 1 <= int(value) <= 1000:
            raise refused(value, "wanted a whole number of officials from 1 to 1000")
        everything = names.strip().lower() == "all"
        fields = None if everything else tuple(dict.fromkeys(field_named(name) for name in names.split("+")))
        found.append(Team(fields, int(value)))
    known = {name for team in found for name in team.fields or FIELDS}
    missing = [name for name in needed if name not in known]
    if missing:
        raise refused(text, f"wanted somebody for {', '.join(missing)} as well: {missing[0]} 1, or all 1")
    return tuple(found)


def places(text: str) -> tuple[int, int | None, bool]:
    """Counters, seats, and whether seats were given; None is seats without limit."""
    found = _PLACES.fullmatch(text.lower())
    if not found or not 1 <= int(found[1]) <= 1000:
        raise refused(text, "wanted counters from 1 to 1000 and seats, or none for no limit: 4 counters, 40 seats")
    seats = None if found[2] in (None, "none") else int(found[2])
    return int(found[1]), seats, found[2] is not None


def hours(text: str, days: tuple[str, ...]) -> dict[str, Minutes]:
    """When the door opens and closes on each of ``days``: one span for all, others for the days they name."""
    whole: Minutes | None = None
    single: dict[str, Minutes] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[,;]", text.lower()))):
        found = re.fullmatch(r"(?:([a-z0-9][\w-]*)\s+)?([\d:h\s–-]+)", part)
        if not found:
            raise refused(part, "wanted hours such as 07:30-17:00, or sat 07:30-11:30")
        if found[1] is None:
            whole = span(found[2])
        for day in _days(found[1]) if found[1] else ():
            if day not in days:
                raise refused(day, f"wanted one of {', '.join(days)}, the days on which people come")
            single[day] = span(found[2])
    missing = [day for day in days if day not in single]
    if missing and whole is None:
        raise refused(text, f"wanted hours for {', '.join(missing)} as well")
    return {day: single.get(day, whole or (0, 0)) for day in days}


def lunch(text: str, opened: Mapping[str, Minutes]) -> Lunch:
    """How lunch is taken, within the ``opened`` hours."""
    word, _, at = text.lower().partition(" ")
    kind = LUNCHES.get(word)
    if kind is None:
        raise refused(word, f"wanted {', '.join(LUNCHES)}", nearest(word, LUNCHES))
    taken = span(at) if at.strip() else LUNCH_AT[kind]
    if kind == "none":
        return Lunch(kind)
    office = [opened[day] for day in WORKDAYS if day in opened] or list(opened.values())
    whole = [(start, end) for start, end in office if start < taken[0] and taken[1] < end]
    if not whole or (kind == "split" and (len(whole) < len(office) or len(set(office)) > 1)):
        where = "the hours of every working day, which are alike" if kind == "split" else "the hours of a day"
        raise refused(text, f"wanted a lunch inside {where}, such as {kind} {span_text(LUNCH_AT[kind])}")
    return Lunch(kind, taken)


def signing(text: str) -> str:
    """Who signs, and whether the result is given at once."""
    who, _, when = " ".join(text.lower().replace(",", " ").split()).partition(" ")
    for given, known in ((who, WHO), (when, WHEN)):
        if given not in known:
            raise refused(given, f"wanted {' or '.join(WHO)}, then {' or '.join(WHEN)}", nearest(given, known))
    return f"{who}, {when}"


def span(text: str) -> Minutes:
    """Minutes after midnight of "07:30-17:00" or "7h30-17h00"."""
    found = _SPAN.fullmatch(text.strip())
    start, end = (60 * int(found[n]) + int(found[n + 1]) for n in (1, 3)) if found else (0, 0)
    if not found or not start < end <= 1440 or int(found[2]) > 59 or int(found[4]) > 59:
        raise refused(text.strip(), "wanted one span from an earlier to a later time: 07:30-17:00")
    return start, end


def span_text(at: Minutes) -> str:
    """A span as people write it."""
    return "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in at)


def field_named(text: str) -> str:
    """The field of work that a name means, in English or Vietnamese."""
    name = " ".join(unicodedata.normalize("NFC", text).lower().split())
    one = _FIELDS.get(name) or _FIELDS.get(name.replace(" ", "_"))
    if one is None:
        near = nearest(name.replace(" ", "_"), FIELDS) or nearest(name, _FIELDS)
        raise refused(name, f"wanted one of {', '.join(FIELDS)}", near)
    return one


def _pairs(text: str, wanted: str) -> Iterator[tuple[str, str]]:
    """Name and number of each entry."""
    for part in filter(None, (one.strip() for one in re.split(r"[,;]", text))):
        found = re.fullmatch(r"(.*[^\s=:])[\s=:]+(\d[\d.]*)\s*%?", part)
        if not found:
            raise refused(part, wanted)
        yield found[1], found[2]


def _days(text: str) -> list[str]:
    """The weekdays of "mon", "mon-fri" or "t2-t6"."""
    ends = [part.strip().lower() for part in text.replace("–", "-").split("-")]
    for end in ends:
        if end not in _DAYS:
            raise refused(end, f"wanted a weekday of {', '.join(WEEKDAYS)}", nearest(end, _DAYS))
    first, last = (WEEKDAYS.index(_DAYS[end]) for end in (ends[0], ends[-1]))
    if len(ends) > 2 or last < first:
        raise refused(text, "wanted weekdays in order, such as mon-fri")
    return list(WEEKDAYS[first : last + 1])
