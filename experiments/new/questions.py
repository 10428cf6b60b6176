"""The ten questions: what is wanted, an example, what Enter takes, and what an answer changes.

They are those whose answers move a verdict most: how many come and with how much, who receives them, when; and one,
who signs, and whether the citizen waits for it. How long a dossier takes is not asked but timed, with the tally
sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from experiments.new import answers
from experiments.new.defaults import FIELDS, INCOMPLETE, KINDS, QUICK, Kind
from experiments.new.sketch import Lunch, Sketch
from sim.faults import BadInput

UNKNOWN = frozenset({"", "?", "i don't know", "i don’t know", "don't know", "không biết"})


@dataclass(frozen=True)
class Question:
    """``default`` is the answer that Enter takes; ``take`` the sketch after one, BadInput for a bad one."""

    asks: str
    example: str
    default: Callable[[Sketch], str]
    take: Callable[[Sketch, str], Sketch]

    def answered(self, sketch: Sketch, text: str) -> Sketch:
        """The sketch after what was typed: nothing, or "I don't know", takes the default, which is nobody's own."""
        if text.lower() in UNKNOWN:
            return replace(self.take(sketch, self.default(sketch)), own=sketch.own)
        return self.take(sketch, text)


def _kind(sketch: Sketch) -> Kind:
    return KINDS[sketch.kind]


def _own(sketch: Sketch, *names: str) -> frozenset[str]:
    return sketch.own | set(names)


def _center(sketch: Sketch, text: str) -> Sketch:
    kind, name = answers.center(text)
    return replace(sketch, kind=kind, name=name or sketch.name, own=_own(sketch, "kind"))


def _people(sketch: Sketch, text: str) -> Sketch:
    mean, weekdays = answers.people(text)
    own = _own(sketch, "people", *(["weekdays"] if weekdays else []))
    return replace(sketch, people=mean, weekdays=weekdays, own=own)


def _dossiers(sketch: Sketch, text: str) -> Sketch:
    mean = answers.number(text, 1, 8, "wanted a number from 1 to 8, such as 1.2")
    return replace(sketch, dossiers=mean, own=_own(sketch, "dossiers"))


def _mix(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, mix=answers.mix(text), own=_own(sketch, "mix"))


def _usual_mix(_: Sketch) -> str:
    return ", ".join(f"{name} {entry.percent:g}" for name, entry in FIELDS.items())


def _teams(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, teams=answers.teams(text, sketch.fields), own=_own(sketch, "officials"))


def _usual_teams(sketch: Sketch) -> str:
    """Half for what is quick and frequent, half for the rest with civil status; few officials know all."""
    count = round(_kind(sketch).officials.value)
    quick = [name for name in sketch.fields if name in QUICK]
    rest = [name for name in sketch.fields if name not in QUICK]
    if count < 4 or not quick or not rest:
        return f"all {count}"
    shared = [name for name in quick if name == "civil_status"]
    return f"{'+'.join(quick)} {count - count // 2}, {'+'.join([*rest, *shared])} {count // 2}"


def _places(sketch: Sketch, text: str) -> Sketch:
    counters, seats, given = answers.places(text)
    seats = seats if given else round(_kind(sketch).seats.value)
    return replace(sketch, counters=counters, seats=seats, own=_own(sketch, "counters", *(["seats"] if given else [])))


def _usual_places(sketch: Sketch) -> str:
    return f"{sketch.officials} counters, {_kind(sketch).seats.value:g} seats"


def _hours(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, hours=answers.hours(text, sketch.days), own=_own(sketch, "hours"))


def _lunch(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, lunch=answers.lunch(text, sketch.hours), own=_own(sketch, "lunch"))


def _usual_lunch(sketch: Sketch) -> str:
    """A common one where the hours hold it."""
    start, end = Lunch("common").at
    holds = any(first < start and end < last for first, last in sketch.hours.values())
    return f"common {answers.span_text((start, end))}" if holds else "none"


def _incomplete(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, incomplete=answers.percent(text), own=_own(sketch, "incomplete"))


def _signing(sketch: Sketch, text: str) -> Sketch:
    return replace(sketch, signing=answers.signing(text), own=_own(sketch, "signing"))


def _listed(first: int, last: int) -> str:
    return ", ".join(f"{name} ({entry.vietnamese})" for name, entry in list(FIELDS.items())[first:last])


QUESTIONS = (
    Question(
        "Your center: mountain, rural or ward, then its name. The kind chooses what is assumed below.",
        "ward Phường Cam Đường",
        lambda sketch: f"{sketch.kind} {sketch.name}",
        _center,
    ),
    Question(
        "People who come to the hall on a working day (people, not dossiers), or on each weekday.",
        "70   or   mon 90, tue-fri 65, sat 20",
        lambda sketch: f"{_kind(sketch).people.value:g}",
        _people,
    ),
    Question(
        "Dossiers that one visitor brings, on average.",
        "1.2",
        lambda sketch: f"{_kind(sketch).dossiers.value:g}",
        _dossiers,
    ),
    Question(
        "What they bring: percent of dossiers by field, 100 in all; or: I don't know.\n"
        f"    Fields: {_listed(0, 3)},\n            {_listed(3, 6)}.",
        "certification 60, civil_status 25, land 15",
        _usual_mix,
        _mix,
    ),
    Question(
        "Officials at the counters by the fields they know, + between fields, all for who knows every field.",
        "certification+civil_status 2, land+construction 1, all 1",
        _usual_teams,
        _teams,
    ),
    Question(
        "Counters that can be staffed at once, and seats for those who wait (none: no limit).",
        "4 counters, 40 seats",
        _usual_places,
        _places,
    ),
    Question(
        "When the door opens and closes; another span for a day that differs. Lunch comes next.",
        "07:30-17:00   or   07:30-17:00, sat 07:30-11:30",
        lambda _: "07:30-17:00",
        _hours,
    ),
    Question(
        "Lunch: common (counters closed), split (two turns, open throughout) or none; and when.",
        "common 11:30-13:00   or   split 11:30-13:30",
        _usual_lunch,
        _lunch,
    ),
    Question(
        "Of 100 dossiers brought to a counter, how many lack something, so that people come back?",
        "15",
        lambda _: f"{INCOMPLETE.value * 100:g}",
        _incomplete,
    ),
    Question(
        "Who signs a result, leader or official, and is it given at once or later?",
        "leader, later",
        lambda _: "leader, at once",
        _signing,
    ),
)


def opening_sketch(name: str) -> Sketch:
    """What is known before the first answer. A file's name that would be no center's name is not taken."""
    try:
        return Sketch(answers.center(f"ward {name}")[1] or "center")
    except BadInput:
        return Sketch("center")
