"""The way of a citizen through a center, derived from the scenario alone: stations, and arrows between them.

Each kind of station is a row of a table: a new one is one row more, with a function that says what a scenario has
to say of it, and no branch anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sim.report.way import office, stops, whole
from sim.report.way.facts import Fact, Facts, Here, people_a_day, people_word, points_of, word
from sim.scenario import Scenario

STREET = "street"


@dataclass(frozen=True)
class Stage:
    """A step of the way, and what holds for it at every point."""

    name: str
    title: str
    facts: Facts = ()


@dataclass(frozen=True)
class Station:
    """Where a citizen is: ``stage`` is its step, "" afterwards; ``point`` None is for those of all points."""

    name: str
    stage: str
    point: str | None
    title: str
    facts: Facts = ()


@dataclass(frozen=True)
class Arrow:
    """Who goes from one station to another."""

    start: str
    end: str
    facts: Facts = ()


@dataclass(frozen=True)
class Way:
    """Stages in their order, points by name with their titles, stations and arrows."""

    title: str
    stages: tuple[Stage, ...]
    points: tuple[tuple[str, str], ...]
    stations: tuple[Station, ...]
    arrows: tuple[Arrow, ...]

    @property
    def digest(self) -> str:
        """Names the whole content: a picture holds the digest of the way that it shows."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]

    def first(self, points: int) -> Way:
        """The way through the first points alone."""
        kept = self.points[:points]
        names = {name for name, _ in kept}
        stations = tuple(one for one in self.stations if one.point is None or one.point in names)
        there = {one.name for one in stations}
        arrows = tuple(one for one in self.arrows if {one.start, one.end} <= there)
        return replace(self, points=kept, stations=stations, arrows=arrows)

    def sourced(self, sources: Mapping[str, bool]) -> Way:
        """The way with each fact known or not: ``sources`` says it of every number of the scenario by dotted key."""

        def told(facts: Facts) -> Facts:
            return tuple(replace(fact, known=_known(fact, sources)) for fact in facts)

        return replace(
            self,
            stages=tuple(replace(one, facts=told(one.facts)) for one in self.stages),
            stations=tuple(replace(one, facts=told(one.facts)) for one in self.stations),
            arrows=tuple(replace(one, facts=told(one.facts)) for one in self.arrows),
        )


def _known(fact: Fact, sources: Mapping[str, bool]) -> bool | None:
    """Whether all figures of a fact have a source; a default that nobody wrote has none."""
    if not fact.keys:
        return None
    found = [[known for at, known in sources.items() if at == key or at.startswith(f"{key}.")] for key in fact.keys]
    return all(some and all(some) for some in found)


def _nobody(_: Here) -> None:
    return None


def _no_exits(_: Here) -> Mapping[str, Facts]:
    return {}


def _nothing(_: Scenario) -> Facts:
    return ()


@dataclass(frozen=True)
class _Step:
    """A stage and what a scenario says of it."""

    name: str
    title: str
    facts: Callable[[Scenario], Facts] = _nothing


@dataclass(frozen=True)
class _Stop:
    """A kind of station at a point.

    ``facts`` None: the point has none; ``entry`` None: nobody comes straight from the street; ``exits``: who leaves
    the way there, by the station of all points to which they go.
    """

    name: str
    stage: str
    title: str
    facts: Callable[[Here], Facts | None]
    entry: Callable[[Here], Facts | None] = _nobody
    exits: Callable[[Here], Mapping[str, Facts]] = _no_exits


@dataclass(frozen=True)
class _Ending:
    """A station behind the last point, and what a scenario says of it.

    ``back``, ``home`` and ``lost`` say who comes from the street again, who has all they wanted, and who never comes.
    """

    name: str
    stage: str
    title: str
    back: Callable[[Scenario], Fact | None] = _nobody  # type: ignore[assignment]
    lost: Callable[[Scenario], Fact | None] = _nobody  # type: ignore[assignment]
    facts: Callable[[Scenario], Facts] = _nothing
    home: Callable[[Scenario], Fact | None] = _nobody  # type: ignore[assignment]


STEPS = (
    _Step(STREET, "On the way"),
    _Step("door", "At the door", whole.hours),
    _Step("guidance", "Guidance desk", whole.desk),
    _Step("line", "In the line", whole.waiting),
    _Step("counters", "At the counter", whole.work),
    _Step("signature", "Signature", whole.signing),
    _Step("result", "Result", whole.handing_over),
    _Step("out", "Out"),
)
STOPS = (
    _Stop("gate", "door", "Gate", stops.gate, entry=stops.queueing_at_the_gate),
    _Stop("door", "door", "Door", stops.door, entry=stops.nearest, exits=stops.refused),
    _Stop("guidance", "guidance", "Guides", stops.guides, exits=stops.sent_from_the_desk),
    _Stop("line", "line", "Waiting", stops.line, exits=stops.gone_from_the_line),
    _Stop("counters", "counters", "Counters", stops.counters, exits=stops.received),
    _Stop("signature", "signature", "Leaders", stops.leaders, exits=stops.unsigned),
    _Stop("result", "result", "Handing over", stops.handing_over),
)
ENDINGS = (
    _Ending("served", "out", "Served, goes home"),
    _Ending("office", "", "Dossiers in the back office", office.fetched, facts=office.work, home=office.delivered),
    _Ending(
        "unserved",
        "",
        "Left unserved",
        lambda scenario: whole.again(scenario, "unserved"),
        lambda scenario: whole.never_again(scenario, "unserved"),
    ),
    _Ending(
        "incomplete",
        "",
        "A paper was missing",
        lambda scenario: whole.again(scenario, "incomplete"),
        lambda scenario: whole.never_again(scenario, "incomplete"),
    ),
    _Ending("owed", "", "Result not made that day", whole.for_the_result),
    _Ending(
        "held", "", "Held over to the next day", lambda _: Fact("first in line, in their class, at the next opening")
    ),
)
GONE = "gone"


def way_of(scenario: Scenario) -> Way:
    """The way through the center of a scenario."""
    points = points_of(scenario)
    stations = [Station(STREET, STREET, None, "People", whole.street(scenario))]
    arrows: list[Arrow] = []
    for here in points:
        mine = [(stop, facts) for stop in STOPS if (facts := stop.facts(here)) is not None]
        stations += [Station(f"{here.name}.{stop.name}", stop.stage, here.name, stop.title, f) for stop, f in mine]
        arrows += _through(here, [stop for stop, _ in mine])
    reached = {arrow.end for arrow in arrows}
    for ending in ENDINGS:
        if ending.name in reached:
            stations.append(Station(ending.name, ending.stage, None, ending.title, ending.facts(scenario)))
            arrows += _afterwards(scenario, ending)
    if any(arrow.end == GONE for arrow in arrows):
        stations.append(Station(GONE, "out", None, "Gone for good", _last_visit(scenario, arrows)))
    seen = {station.stage for station in stations}
    return Way(
        _title(scenario),
        tuple(Stage(step.name, step.title, step.facts(scenario)) for step in STEPS if step.name in seen),
        tuple((here.name, scenario.points[here.name].title or word(here.name)) for here in points),
        tuple(stations),
        tuple(arrows),
    )


def _through(here: Here, mine: list[_Stop]) -> Iterator[Arrow]:
    """From the street through the stations of a point, and out."""
    names = [f"{here.name}.{stop.name}" for stop in mine]
    for name, after, stop in zip(names, [*names[1:], "served"], mine, strict=True):
        entry = stop.entry(here)
        if entry is not None:
            yield Arrow(STREET, name, entry)
        yield Arrow(name, after)
        for end, facts in stop.exits(here).items():
            yield Arrow(name, end, facts)


def _afterwards(scenario: Scenario, ending: _Ending) -> Iterator[Arrow]:
    ends = (STREET, ending.back(scenario)), ("served", ending.home(scenario)), (GONE, ending.lost(scenario))
    for end, fact in ends:
        if fact is not None:
            yield Arrow(ending.name, end, (fact,))


def _last_visit(scenario: Scenario, arrows: list[Arrow]) -> Facts:
    again = any(arrow.end == STREET for arrow in arrows)
    return (Fact(f"at the latest after {scenario.returns.visits} visits", ("returns.visits",)),) if again else ()


def _title(scenario: Scenario) -> str:
    """What a center does in a day, in a sentence."""
    people, counters = people_a_day(scenario)[0], sum(point.counters for point in scenario.points.values())
    where = f" at {len(scenario.points)} points" if len(scenario.points) > 1 else ""
    return f"how {people_word(people)} a day get to {counters} counter{'s' * (counters != 1)}{where}"
