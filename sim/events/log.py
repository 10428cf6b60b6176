"""The event log of one replication, with the names of all that its events are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.events.dossiers import Dossiers, dossiers_of
from sim.events.happened import Activity, Transition, happened
from sim.frames import named
from sim.plan import Purpose
from sim.roster import official_names
from sim.rows import points_at
from sim.running import traces
from sim.scenario import Scenario
from sim.study import Study
from sim.trace import Outcome, Trace
from sim.units import ZONE_HOURS

LOCAL = timezone(timedelta(hours=ZONE_HOURS))
_ZONE = f"+{ZONE_HOURS:02d}:00"
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ACTIVITIES = tuple(one.name.lower() for one in Activity)
TRANSITIONS = tuple(one.name.lower() for one in Transition)
PURPOSES = tuple(one.name.lower() for one in Purpose)
OUTCOMES = tuple(one.name.lower() for one in Outcome)
OF_A_VISIT: dict[str, str | int] = {
    "scenario": "",
    "replication": 0,
    "citizen": 0,
    "visit": 0,
    "purpose": PURPOSES[0],
    "procedure": "",
    "field": "",
    "priority": "",
    "channel": "",
    "dossiers": 0,
    "accepted": 0,
    "outcome": OUTCOMES[0],
}
"""What is told of a visit, with a value of its kind for each."""


@dataclass(frozen=True, eq=False)
class Log:
    """What happened in one replication of a scenario: ``events``, see :data:`sim.events.happened.EVENTS`, by time.

    ``told``: by row of ``trace.visits``, whether its events are among them.
    """

    scenario: Scenario
    label: str
    seed: int
    replication: int
    trace: Trace
    events: NDArray[Any]
    told: NDArray[np.bool_]
    dossiers: Dossiers

    @cached_property
    def officials(self) -> tuple[str, ...]:
        """The names of all officials."""
        return official_names(self.scenario)

    @cached_property
    def fields_of(self) -> list[str]:
        """The field of each procedure."""
        return [entry.field or name for name, entry in self.scenario.procedures.items()]

    def stamps(self, times: NDArray[Any]) -> list[str]:
        """Times of the run as ISO 8601, to the ms, on the clock of the scenario's place: +07:00."""
        texts: list[str] = np.datetime_as_string(self.local(times), unit="ms").tolist()
        return [f"{text}{_ZONE}" for text in texts]

    def local(self, times: NDArray[Any]) -> NDArray[np.datetime64]:
        """Times of the run as dates and times without a zone."""
        found: NDArray[np.datetime64] = np.datetime64(self.scenario.start, "ms") + times.astype("m8[ms]")
        return found

    @cached_property
    def citizens(self) -> list[str]:
        """The citizen of each visit, as an object: in no two replications of a scenario one is called as another."""
        return [f"r{self.replication}-c{number}" for number in self.trace.visits["citizen"].tolist()]

    @cached_property
    def cases(self) -> list[str]:
        """Each visit, as a case."""
        numbers = self.trace.visits["visit"].tolist()
        return [f"{citizen}-v{number}" for citizen, number in zip(self.citizens, numbers, strict=True)]

    def of_visit(self, row: int) -> dict[str, str | int]:
        """What is told of a visit, by OF_A_VISIT."""
        visit, scenario = self.trace.visits[row], self.scenario
        found = (
            *(self.label, self.replication, int(visit["citizen"]), int(visit["visit"]), PURPOSES[visit["purpose"]]),
            *(list(scenario.procedures)[visit["procedure"]], self.fields_of[visit["procedure"]]),
            *(list(scenario.priorities)[visit["priority"]], list(scenario.channels)[visit["channel"]]),
            *(int(self.dossiers.brought[row]), int(self.dossiers.accepted[row]), OUTCOMES[visit["outcome"]]),
        )
        return dict(zip(OF_A_VISIT, found, strict=True))


def logs(study: Study, replications: int = 1, *, warmup: bool = False) -> Iterator[Log]:
    """The logs of the first replications of a study, made when asked for.

    Of the visits that are measured; with ``warmup`` also of those that arrive before. A visit has all of its events,
    also those of the back office long after it.
    """
    scenario = study.scenario
    fields, most = len(scenario.fields), scenario.returns.visits
    remote = np.array([channel.checking is not None for channel in scenario.channels.values()])
    same = study.model_copy(update={"replications": replications})
    for number, trace in enumerate(traces(same)):
        visits = trace.visits
        told = (visits["arrival"] >= trace.warmup) | warmup
        filed = remote[visits["channel"]] & (visits["purpose"] == Purpose.SUBMIT)
        events = happened(trace, fields, filed, told)
        found = dossiers_of(trace, fields, most)
        yield Log(scenario, legible(study.label), study.seed, number, trace, events, told, found)


def event_log(study: Study, replications: int = 1, *, warmup: bool = False) -> pd.DataFrame:
    """What happened in the first replications of a study, a row an event, by replication and time.

    ``case`` is a visit, with what the back office does for it; ``activity`` and ``lifecycle`` say what happened when:
    schedule (joins a queue), start, suspend and resume (put aside in the back office), complete, withdraw (gives up).
    ``timestamp`` has the zone +07:00. ``official`` and ``point`` are missing where there is none: at home, with
    leaders, over a link; counters are not told apart. ``step`` counts those of the back office. All other columns are
    of the visit; ``outcome`` is how it ended, whatever the event, ``accepted`` how many of its ``dossiers`` were.
    Visits that are measured; with ``warmup`` also those that arrive before.
    """
    frames = [frame(log) for log in logs(study, replications, warmup=warmup)]
    return pd.concat(frames, ignore_index=True)


def frame(log: Log, first: int = 0, last: int | None = None) -> pd.DataFrame:
    """The table of :func:`event_log` of one replication, or of some of its events."""
    events, scenario = log.events[first:last], log.scenario
    rows = events["visit"]
    visits = log.trace.visits[rows]
    times = pd.DatetimeIndex(log.local(events["time"])).tz_localize(LOCAL)
    columns: dict[str, Any] = {"scenario": pd.Categorical.from_codes([0] * len(rows), categories=pd.Index([log.label]))}
    columns["replication"] = np.full(len(rows), log.replication)
    columns["case"] = [log.cases[row] for row in rows.tolist()]
    columns["activity"], columns["lifecycle"] = (
        named(ACTIVITIES, events["activity"]),
        named(TRANSITIONS, events["transition"]),
    )
    columns["timestamp"] = times
    columns["official"] = named(log.officials, events["official"])
    columns["point"] = named(list(scenario.points), points_at(events["place"], scenario))
    columns["step"] = pd.array(np.where(events["step"] > 0, events["step"], 0), dtype="Int64")
    columns["step"][events["step"] == 0] = pd.NA
    columns["citizen"], columns["visit"] = visits["citizen"], visits["visit"]
    columns["purpose"] = named(PURPOSES, visits["purpose"])
    columns["procedure"] = named(list(scenario.procedures), visits["procedure"])
    columns["field"] = named(log.fields_of, visits["procedure"])
    columns["priority"] = named(list(scenario.priorities), visits["priority"])
    columns["channel"] = named(list(scenario.channels), visits["channel"])
    columns["dossiers"], columns["accepted"] = log.dossiers.brought[rows], log.dossiers.accepted[rows]
    columns["outcome"] = named(OUTCOMES, visits["outcome"])
    return pd.DataFrame(columns)


def legible(text: str) -> str:
    """Text of a person with a sign in the place of what neither XML nor UTF-8 can hold."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
