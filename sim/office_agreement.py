"""What must agree about the back office: who works in it, who signs, and how results come to citizens.

Works on what was given, valid or not (see :mod:`sim.agreement`).
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.faults import Disagreement
from sim.parts import entries, fields_of, names_in, part, steps_of

MOST_FIELDS = 60  # a bit each in the skills of an official, and of those who guide or sign

RECEIVING = {None, "counter"}
"""Roles of those who receive citizens; None is not given."""


def _both_or_neither(data: object) -> Iterator[Disagreement]:
    """Processing wants a back office, and a back office something to process."""
    office = part(data, "back_office")
    processed = [name for name, entry in entries(data, "procedures") if part(entry, "processing") is not None]
    if office is None:
        for name in processed:
            wanted = "wanted a back_office section: who works there, and how results come to citizens"
            yield Disagreement(("procedures", name, "processing"), None, wanted)
    elif not processed and not _from_home(data) and entries(data, "procedures"):
        wanted = "wanted a procedure with processing, or a channel with checking: else there is nothing to do in it"
        yield Disagreement(("back_office",), None, wanted)


def _from_home(data: object) -> list[str]:
    named = entries(data, "channels")
    return [name for name, entry in named if part(entry, "checking") is not None and part(entry, "share") != 0]


def _checkers(data: object) -> Iterator[Disagreement]:
    """What is filed from home is checked by a back office."""
    for channel in _from_home(data):
        if part(data, "back_office") is None:
            wanted = "wanted a back_office section: who checks what is filed from home"
            yield Disagreement(("channels", channel, "checking"), None, wanted)
            continue
        known, every = _skills(data)
        for name, entry in entries(data, "procedures"):
            field = part(entry, "field") or name
            if isinstance(field, str) and field not in known and not every and part(entry, "share") != 0:
                wanted = f"nobody in the back office has the skill to check what comes by {channel}"
                yield Disagreement(("procedures", name), field, wanted, tuple(known))


def _fields(data: object) -> Iterator[Disagreement]:
    """Procedures are counted elsewhere; their steps may name further fields."""
    count = len({str(name) for name in fields_of(data)})
    if len(entries(data, "procedures")) <= MOST_FIELDS < count:
        wanted = f"fields of work with those of the back office: wanted at most {MOST_FIELDS}"
        yield Disagreement(("procedures",), count, wanted)


def _collection(data: object) -> Iterator[Disagreement]:
    """Who comes for a result is handed it."""
    in_person = part(part(part(data, "back_office"), "delivery"), "in_person")
    if in_person and part(data, "results") is None:
        wanted = "wanted a results section: minutes to hand one over"
        yield Disagreement(("back_office", "delivery", "in_person"), in_person, wanted)


def _skills(data: object) -> tuple[list[str], bool]:
    """The skills there are in the back office, and whether somebody has all."""
    groups = [entry for _, entry in entries(data, "staff") if part(entry, "count") != 0]
    roles = {"specialist", "counter", None} if part(part(data, "back_office"), "at_counters") else {"specialist"}
    office = [entry for entry in groups if part(entry, "role") in roles]
    every = any(part(entry, "skills") is None for entry in office)
    return list(dict.fromkeys(name for entry in office for name in names_in(part(entry, "skills")))), every


def _officers(data: object) -> Iterator[Disagreement]:
    """Each step has somebody with the skill for its field, and each signature a leader."""
    if part(data, "back_office") is None:
        return
    groups = [entry for _, entry in entries(data, "staff") if part(entry, "count") != 0]
    leaders, (known, every) = [entry for entry in groups if part(entry, "role") == "leader"], _skills(data)
    for name, entry in entries(data, "procedures"):
        for position, step in enumerate(steps_of(entry)):
            own, there = part(step, "field"), f"wanted one of {', '.join(known)}" if known else "nobody works there"
            field = own or part(entry, "field") or name
            if isinstance(field, str) and field not in known and not every:
                at = ("procedures", name, "processing", "steps", position, *(("field",) if own else ()))
                yield Disagreement(at, field, f"nobody in the back office has the skill: {there}", tuple(known))
        if part(part(entry, "processing"), "signature") is not None and not leaders:
            wanted = "nobody signs: wanted a group of officials with role: leader"
            yield Disagreement(("procedures", name, "processing", "signature"), None, wanted)


def _specialists(data: object) -> Iterator[Disagreement]:
    """Specialists receive nobody, and have an office to be in."""
    for group, entry in entries(data, "staff"):
        if part(entry, "role") != "specialist":
            continue
        if part(entry, "serves") is not None:
            wanted = "specialists receive nobody: wanted no classes of citizens"
            yield Disagreement(("staff", group, "serves"), part(entry, "serves"), wanted)
        if part(data, "back_office") is None:
            wanted = "specialists want a back_office section"
            yield Disagreement(("staff", group, "role"), "specialist", wanted)


def _asked(data: object) -> Iterator[Disagreement]:
    """Specialists who are asked over a link are asked by somebody: for whom a field of theirs does not suit."""
    groups = [(name, entry) for name, entry in entries(data, "staff") if part(entry, "count") != 0]
    weak = {name for _, entry in groups if part(entry, "role") in RECEIVING for name in names_in(part(entry, "weak"))}
    for group, entry in groups:
        skills = part(entry, "skills")
        shared = weak if skills is None else weak & set(names_in(skills))
        if part(entry, "role") == "remote" and not shared and not part(part(data, "mismatch"), "share"):
            wanted = "nobody shares them: wanted officials at counters with weak fields of theirs, or a mismatch.share"
            yield Disagreement(("staff", group, "role"), "remote", wanted)


def _reached(data: object) -> Iterator[Disagreement]:
    """Citizens come to each point: some live near it, are drawn to it, choose it, or have to go for a field.

    A point with an office of its own is reached by dossiers.
    """
    points, groups = entries(data, "points"), [entry for _, entry in entries(data, "staff")]
    if len(points) < 2 or part(data, "choice") is not None:
        return
    fields = set(fields_of(data))
    for name, point in points:
        here = [entry for entry in groups if (part(entry, "point") or "hall") == name]
        office = part(data, "back_office") is not None and any(part(entry, "role") != "guide" for entry in here)
        if part(point, "share") != 0 or part(point, "draws") or office:
            continue
        others = [entry for entry in groups if entry not in here and part(entry, "count") != 0]
        receiving = [entry for entry in others if part(entry, "role") in RECEIVING and not part(entry, "serves")]
        done = [part(entry, "skills") for entry in receiving]
        if any(skills is None for skills in done) or fields <= {one for skills in done for one in names_in(skills)}:
            wanted = "nobody comes here: wanted a share of the citizens, draws, a choice, or a field done here alone"
            yield Disagreement(("points", name, "share"), part(point, "share"), wanted)


OFFICE = (_both_or_neither, _fields, _checkers, _collection, _officers, _specialists, _asked, _reached)
