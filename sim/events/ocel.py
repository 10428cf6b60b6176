"""An event log as OCEL 2.0 in JSON: citizens, visits, dossiers, officials and points are objects of their own.

The published schema (ocel20-schema-json) wants each value as text; of which type it is the types of events and objects
declare.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from sim.events.happened import Activity
from sim.events.log import ACTIVITIES, OF_A_VISIT, TRANSITIONS, Log, legible
from sim.rows import points_at
from sim.trace import Outcome
from sim.units import NEVER

ALWAYS = "1970-01-01T00:00:00Z"
"""The time of what an object is from the beginning, as OCEL 2.0 wants it."""
_TEXT, _NUMBER = "string", "integer"
OBJECTS = {
    "citizen": {"number": _NUMBER},
    "visit": {name: _NUMBER if isinstance(one, int) else _TEXT for name, one in OF_A_VISIT.items()},
    "dossier": {"procedure": _TEXT, "field": _TEXT},
    "official": {"name": _TEXT},
    "point": {"name": _TEXT, "title": _TEXT, "center": _TEXT},
}
EVENT = {"activity": _TEXT, "lifecycle": _TEXT, "step": _NUMBER}
_AT_ONCE = (Activity.ARRIVE, Activity.ENTER, Activity.LEAVE, Activity.FILE, Activity.ANSWER)
_ENDS = (Activity.LEAVE, Activity.ANSWER)
_OF_THE_ACCEPTED = (Activity.SIGNATURE, Activity.COLLECTION, Activity.RECORD, Activity.STEP, Activity.APPROVAL)
_INCOMPLETE = (Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE)
Related = list[dict[str, str]]


def write_ocel(path: Path, log: Log) -> None:
    """The log, events by time; objects are those of its visits, and all officials and points of the scenario."""
    kinds = np.unique(log.events[["activity", "transition"]]).tolist()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"objectTypes": ')
        _list(file, (_type(name, attributes) for name, attributes in OBJECTS.items()))
        file.write(', "eventTypes": ')
        _list(file, (_type(event_type(*kind), EVENT) for kind in kinds))
        file.write(', "objects": ')
        _list(file, _objects(log))
        file.write(', "events": ')
        _list(file, _events(log))
        file.write("}\n")


def event_type(activity: int, transition: int) -> str:
    """What an event is called: "start reception"; what takes no time by its activity alone."""
    name = ACTIVITIES[activity]
    return name if activity in _AT_ONCE else f"{TRANSITIONS[transition]} {name}"


def _list(file: IO[str], entries: Iterable[Any]) -> None:
    before = "["
    for entry in entries:
        file.write(f"{before}\n{json.dumps(entry, ensure_ascii=False)}")
        before = ","
    file.write("]" if before == "," else "[]")


def _type(name: str, attributes: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes.items()]}


def _object(name: str, kind: str, values: Iterable[str | int], related: Related | None = None) -> dict[str, Any]:
    told = zip(OBJECTS[kind], values, strict=True)
    attributes = [{"name": key, "time": ALWAYS, "value": str(value)} for key, value in told]
    return {"id": name, "type": kind, "attributes": attributes, "relationships": related or []}


def _related(names: Iterable[str], qualifier: str) -> Related:
    return [{"objectId": name, "qualifier": qualifier} for name in names]


def _objects(log: Log) -> Iterator[dict[str, Any]]:
    for name, point in log.scenario.points.items():
        yield _object(_point(log, name), "point", (name, legible(point.title), legible(log.scenario.name)))
    for name in log.officials:
        yield _object(_official(log, name), "official", (name,))
    known: set[str] = set()
    for row in np.flatnonzero(log.told).tolist():
        citizen = log.citizens[row]
        if citizen not in known:
            yield _object(citizen, "citizen", (int(log.trace.visits["citizen"][row]),))
        mine = _dossiers(log, row)
        for name in mine:
            if name not in known:
                what = _procedure(log, row)
                yield _object(name, "dossier", what, _related([citizen], "of"))
        known.update([citizen, *mine])
        results = bool(log.dossiers.results(row))
        related = [*_related([citizen], "of"), *_related(mine, "fetches the result of" if results else "brings")]
        yield _object(log.cases[row], "visit", log.of_visit(row).values(), related)


def _procedure(log: Log, row: int) -> tuple[str, str]:
    number = log.trace.visits["procedure"][row]
    return list(log.scenario.procedures)[number], log.fields_of[number]


def _events(log: Log) -> Iterator[dict[str, Any]]:
    events = log.events
    points = [_point(log, name) for name in log.scenario.points]
    officials = [_official(log, name) for name in log.officials]
    columns = events[["visit", "activity", "transition", "official", "step"]].tolist()
    places = points_at(events["place"], log.scenario).tolist()
    for nth, (what, point, stamp) in enumerate(zip(columns, places, log.stamps(events["time"]), strict=True)):
        row, activity, transition, official, step = what
        told = {
            "activity": ACTIVITIES[activity],
            "lifecycle": TRANSITIONS[transition],
            **({"step": step} if step else {}),
        }
        related = [*_related([log.cases[row]], "visit"), *_related([log.citizens[row]], "citizen")]
        related += _concerned(log, row, activity)
        related += _related([officials[official]], "official") if official != NEVER else []
        related += _related([points[point]], "point") if point != NEVER else []
        yield {
            "id": f"r{log.replication}-e{nth}",
            "type": event_type(activity, transition),
            "time": stamp,
            "attributes": [{"name": key, "value": str(value)} for key, value in told.items()],
            "relationships": related,
        }


def _concerned(log: Log, row: int, activity: int) -> Related:
    """The dossiers that an event is about, and what becomes of them where the visit ends."""
    accepted, left = (_numbered(log, row, numbers) for numbers in log.dossiers.of(row))
    results = _numbered(log, row, log.dossiers.results(row))
    if results:
        return _related(results, "result")
    if activity in _OF_THE_ACCEPTED:
        return _related(accepted, "accepted")
    if activity not in _ENDS:
        return _related([*accepted, *left], "brought")
    back = log.trace.visits["outcome"][row] in _INCOMPLETE
    return [*_related(accepted, "accepted"), *_related(left, "sent back" if back else "not received")]


def _dossiers(log: Log, row: int) -> list[str]:
    accepted, left = log.dossiers.of(row)
    return _numbered(log, row, [*accepted, *left, *log.dossiers.results(row)])


def _numbered(log: Log, row: int, numbers: Iterable[int]) -> list[str]:
    return [f"{log.citizens[row]}-d{number}" for number in numbers]


def _official(log: Log, name: str) -> str:
    return f"r{log.replication}-official-{name}"


def _point(log: Log, name: str) -> str:
    return f"r{log.replication}-point-{name}"
