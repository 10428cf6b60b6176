"""Played days for programs: plain data for the page, and an event log for packages that animate one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.report.page.played import WITH_AN_OFFICIAL, PlayedDay, Stay, Where
from sim.report.page.words import LANGUAGES, catalog
from sim.trace import Outcome
from sim.units import MINUTE, SECOND

if TYPE_CHECKING:
    import pandas as pd

LOG_COLUMNS = ("entity_id", "pathway", "event_type", "event", "time", "resource_id", "run_number")
_TEXTS = "played.js."


def as_data(days: Sequence[PlayedDay]) -> dict[str, Any]:
    """Plain JSON types, times in seconds from midnight.

    Of each day, ``paths`` are [point, outcome, [where, ...]] and ``rows``, a visit each, are [path, seconds since the
    arrival of the row before, seconds at each place of the path, ..., official at each place with one, ...]: positions
    in ``points``, ``outcomes``, ``where`` and ``officials``. The queue follows from the rows.
    """
    return {
        "where": [where.name.lower() for where in Where],
        "outcomes": [outcome.name.lower() for outcome in Outcome],
        "days": [_day(day) for day in days],
    }


def _day(day: PlayedDay) -> dict[str, Any]:
    paths: dict[tuple[int, int, tuple[int, ...]], int] = {}
    before = [0, *(stay.arrival for stay in day.stays)]
    rows = [
        [paths.setdefault(_path(stay), len(paths)), stay.arrival - previous, *_row(stay)]
        for stay, previous in zip(day.stays, before, strict=False)
    ]
    return {
        "which": day.which,
        "replication": day.replication,
        "date": day.date.isoformat(),
        "wait": round(day.wait, 3),
        "people": day.people,
        "at_home": day.at_home,
        "chosen_from": day.chosen_from,
        "replications": day.replications,
        "shown": list(day.shown),
        "opening": [list(span) for span in day.opening],
        "points": [{"name": one.name, "counters": one.counters, "guides": one.guides} for one in day.points],
        "officials": list(day.officials),
        "outages": [
            {"start": one.start, "end": one.end, "kind": one.kind, "speed": one.speed, "causes": list(one.causes)}
            for one in day.outages
        ],
        "paths": [[point, outcome, list(places)] for point, outcome, places in paths],
        "rows": rows,
    }


def _path(stay: Stay) -> tuple[int, int, tuple[int, ...]]:
    return stay.point, int(stay.outcome), tuple(int(step.where) for step in stay.steps)


def _row(stay: Stay) -> list[int]:
    times = [*(step.start for step in stay.steps), stay.departure]
    lengths = [end - start for start, end in pairwise(times)]
    return [*lengths, *(step.official for step in stay.steps if step.where in WITH_AN_OFFICIAL)]


def texts() -> dict[str, dict[str, str]]:
    """What the script of the page says, by language and key."""
    return {
        language: {key.removeprefix(_TEXTS): said for key, said in catalog(language).items() if key.startswith(_TEXTS)}
        for language in LANGUAGES
    }


def vidigi_log(days: Sequence[PlayedDay]) -> pd.DataFrame:
    """An event log of played days as vidigi reads it, LOG_COLUMNS: what happened to whom, in minutes from midnight.

    The n-th day is ``run_number`` n, from 1: one day is animated at a time. Each entity has one "arrival", and one
    "depart" unless it is still there; a "resource_use" has the number of its official, from 1, among those who do the
    same at the point that day, as ``resource_id``. ``pathway`` is the outcome. With several points an event ends in
    the number of its point. Rows are by time, so that people stand in line as they joined it.
    """
    import pandas as pd

    rows = [(*row, nth) for nth, day in enumerate(days, 1) for row in _events(day)]
    frame = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
    ordered = frame.sort_values(["run_number", "time"], kind="stable", ignore_index=True)
    return ordered.astype({"resource_id": "Int64"})


def _events(day: PlayedDay) -> Iterator[tuple[Any, ...]]:
    numbers = _numbers(day)
    for entity, stay in enumerate(day.stays, 1):
        who, point = (entity, stay.outcome.name.lower()), f"_{stay.point + 1}" if len(day.points) > 1 else ""
        yield *who, "arrival_departure", "arrival", _minutes(stay.arrival), None
        for step, end in stay.spans():
            event = f"{step.where.name.lower()}{point}"
            if step.where not in WITH_AN_OFFICIAL:
                yield *who, "queue", event, _minutes(step.start), None
                continue
            number = numbers[stay.point, step.where == Where.GUIDED].index(step.official) + 1
            yield *who, "resource_use", event, _minutes(step.start), number
            if end < stay.departure or stay.outcome != Outcome.IN_SYSTEM:
                yield *who, "resource_use_end", f"{event}_end", _minutes(end), number
        if stay.outcome != Outcome.IN_SYSTEM:
            yield *who, "arrival_departure", "depart", _minutes(stay.departure), None


def _numbers(day: PlayedDay) -> dict[tuple[int, bool], list[int]]:
    """The officials at the counters of each point, and those who guide there."""
    found: dict[tuple[int, bool], set[int]] = {}
    for stay in day.stays:
        for step in stay.steps:
            if step.where in WITH_AN_OFFICIAL:
                found.setdefault((stay.point, step.where == Where.GUIDED), set()).add(step.official)
    return {place: sorted(officials) for place, officials in found.items()}


def _minutes(seconds: int) -> float:
    return seconds * SECOND / MINUTE
