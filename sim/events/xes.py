"""An event log as XES (IEEE 1849-2016): a trace a visit, with what the back office does for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from sim.events.log import ACTIVITIES, OF_A_VISIT, TRANSITIONS, Log
from sim.rows import points_at

VERSION = "1849.2016"
"""As the standard's schema wants it: a decimal number."""
_SITE = "http://www.xes-standard.org"
EXTENSIONS = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org"}
CLASSIFIERS = {"Activity": "concept:name", "ActivityAndLifecycle": "concept:name lifecycle:transition"}
_WHAT = (
    "A trace is a visit to the center, or what was filed online from home, with what the back office does for it. "
    "Who was still there at the end of the run has no event for leaving. Times are local, +07:00."
)


def write_xes(path: Path, log: Log) -> None:
    """The log, traces by their arrival, events by time; the text of persons is text."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f'<log xes.version="{VERSION}" xes.features="">\n')
        file.writelines(f"{line}\n" for line in _head(log))
        file.writelines(_traces(log))
        file.write("</log>\n")


def _head(log: Log) -> Iterator[str]:
    for name, prefix in EXTENSIONS.items():
        yield f'<extension name="{name}" prefix="{prefix}" uri="{_SITE}/{prefix}.xesext"/>'
    yield f'<global scope="trace">{_all({"concept:name": "visit", **OF_A_VISIT})}</global>'
    told = _all({"concept:name": ACTIVITIES[0], "lifecycle:transition": "complete"})
    when = _date("1970-01-01T00:00:00.000+00:00")
    yield f'<global scope="event">{told}{when}</global>'
    for name, keys in CLASSIFIERS.items():
        yield f'<classifier name="{name}" scope="event" keys="{keys}"/>'
    about = {"concept:name": log.label, "lifecycle:model": "standard", "description": _WHAT}
    yield _all({**about, "seed": log.seed, "replication": log.replication})


def _traces(log: Log) -> Iterator[str]:
    events = log.events
    first = np.full(len(log.told), len(events))
    np.minimum.at(first, events["visit"], np.arange(len(events)))
    events = events[np.argsort(first[events["visit"]], kind="stable")]
    for row, own in groupby(zip(events["visit"].tolist(), _events(log, events), strict=True), lambda one: one[0]):
        yield f"<trace>{_all({'concept:name': log.cases[row], **log.of_visit(row)})}\n"
        yield from (text for _, text in own)
        yield "</trace>\n"


def _events(log: Log, events: Any) -> Iterator[str]:
    done = [
        [_all({"concept:name": activity, "lifecycle:transition": transition}) for transition in TRANSITIONS]
        for activity in ACTIVITIES
    ]
    officials = [*(_all({"org:resource": name}) for name in log.officials), ""]
    points = [*(_all({"point": name}) for name in log.scenario.points), ""]  # the last stands for NEVER
    places = points_at(events["place"], log.scenario).tolist()
    columns = events[["activity", "transition", "official", "step"]].tolist()
    for what, point, stamp in zip(columns, places, log.stamps(events["time"]), strict=True):
        activity, transition, official, step = what
        nth = _all({"step": step}) if step else ""
        yield f"<event>{done[activity][transition]}{_date(stamp)}{officials[official]}{points[point]}{nth}</event>\n"


def _all(attributes: Mapping[str, str | int]) -> str:
    return "".join(
        f'<{"int" if isinstance(value, int) else "string"} key="{key}" value={quoteattr(str(value))}/>'
        for key, value in attributes.items()
    )


def _date(stamp: str) -> str:
    return f'<date key="time:timestamp" value="{stamp}"/>'
