"""Section 2.5: the parts of the model."""

from __future__ import annotations

from collections.abc import Iterator

from sim.policies.policy import officials_of
from sim.report.stress_des.activities import activities_of
from sim.report.stress_des.logic import in_words
from sim.report.stress_des.markdown import code, escaped, listing, table
from sim.report.stress_des.told import Answer, System, Told
from sim.report.stress_des.values import drawn, shown, stated
from sim.report.way.facts import weekly_hours
from sim.scenario import Scenario
from sim.trace import Outcome

ROLES = {
    "counter": "receives at counters",
    "guide": "guides at the door",
    "leader": "signs",
    "specialist": "works in the back office",
    "remote": "is asked over a video link",
}
_NAMED = ("count", "skills", "point", "role")


def entities(told: Told) -> Answer:
    """2.5.1."""
    said = [
        "Citizens: each comes for one purpose, brings dossiers of one procedure, waits, is received, and may come back "
        "as another visit of the same person. Attributes: "
        + "; ".join(text for text, holds in _ATTRIBUTES.items() if told.has(holds))
        + ".",
        "Dossiers: each has a procedure with its field of work, its own minutes at the counter, and whether a paper is "
        "missing"
        + (
            "; those that are processed become cases of the back office, with a due day"
            if told.has(lambda s: s.back_office)
            else ""
        )
        + ".",
        (
            "All are fixed by the identity of the person before anything happens (item 5.2): of those who come with "
            "and without a policy nothing differs but what the policy is about."
        ),
    ]
    return Answer((listing(said),))


_ATTRIBUTES = {
    "center, day and half-hour": lambda _: True,
    "time of arrival": lambda _: True,
    "nearest point": lambda scenario: len(scenario.points) > 1,
    "purpose (submit, ask, collect)": lambda scenario: len(scenario.purposes) > 1,
    "procedure": lambda scenario: len(scenario.procedures) > 1,
    "number of dossiers": lambda scenario: scenario.arrivals.dossiers_per_visitor > 1,
    "channel": lambda scenario: len(scenario.channels) > 1,
    "priority class": lambda scenario: len(scenario.priorities) > 1,
    "patience": lambda scenario: scenario.patience,
    "minutes on the way": lambda scenario: any(point.travel for point in scenario.points.values()),
    "booked time": lambda scenario: scenario.appointments,
    "number of the visit": lambda _: True,
}


def activities(told: Told) -> Answer:
    """2.5.2."""
    head = ("Activity", "Minutes of work", "By whom", "Afterwards")
    said = (
        "Minutes are of work at normal speed: the official's speed, and of what needs it the network's, stretch them."
    )
    return Answer((said, *told.each(lambda system: [table(head, activities_of(system.scenario))])))


def resources(told: Told) -> Answer:
    """2.5.3."""
    return Answer(told.each(_resources))


def _resources(system: System) -> list[str]:
    scenario = system.scenario
    points = (
        (
            code(name),
            escaped(point.title),
            shown(point.counters),
            _or(point.seats, "no limit"),
            shown(scenario.reach[name]),
        )
        for name, point in scenario.points.items()
    )
    made = [
        f"Open: {escaped('; '.join(weekly_hours(scenario)))}.",
        table(("Point", "Title", "Counters", "Seats for waiting", "Share of citizens"), points),
    ]
    head = ("Officials", "Number", "What they do", "Point", "Fields of work", "Further")
    made.append(table(head, _groups(scenario)) if scenario.staff else "There are no officials.")
    if scenario.network is not None:
        made.append(f"The network, needed by what is marked in item 2.5.2: {escaped(stated(scenario.network))}.")
    return made


def _groups(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    for name, group in scenario.staff.items():
        skills = "all" if group.skills is None else escaped(", ".join(group.skills)) or "none"
        further = escaped(stated(group, *_NAMED))
        number = shown(officials_of(scenario, group))
        point = "–" if group.role in {"leader", "remote"} else code(group.point)
        yield code(name), number, ROLES[group.role], point, skills, further


def _or(value: int | None, nothing: str) -> str:
    return nothing if value is None else shown(value)


def queues(told: Told) -> Answer:
    """2.5.4."""
    return Answer(told.each(lambda system: [listing(_lines(system.scenario))]))


def _lines(scenario: Scenario) -> Iterator[str]:
    """Discipline, reneging, balking, and what waits besides people."""
    ranks = sorted(scenario.priorities.items(), key=lambda item: item[1].rank)
    classes = ", then ".join(escaped(name) for name, _ in ranks)
    order = (
        "first come, first served"
        if len(ranks) == 1
        else f"by class without preemption ({classes}), first come, first served within"
    )
    yield (
        f"At the counters of each point one queue: {order}; each is called by the first official who has the skill "
        "for their field, so whoever is served elsewhere may be passed."
    )
    if any(scenario.has_guides(name) for name in scenario.points):
        yield "At the guidance desk: first come, first served."
    yield from _leaving(scenario)
    if scenario.choice:
        yield f"Choice of another point before setting out: {escaped(stated(scenario.choice))} min. No jockeying after."
    else:
        yield "No jockeying between points or queues."
    if scenario.back_office:
        yield "In the back office: checks of what is filed from home first, then cases in their order."


def _leaving(scenario: Scenario) -> Iterator[str]:
    """Who leaves a queue, or does not join it."""
    if scenario.patience is None:
        yield "Nobody reneges: patience has no end."
    else:
        yield f"Reneging: patience runs on the clock from the door, in minutes {escaped(drawn(scenario.patience))}."
    if any(point.seats is not None for point in scenario.points.values()):
        yield "Balking: who finds no seat leaves at once (seats in item 2.5.3; a guide's queue shares them)."
    else:
        yield "Nobody balks: there is room for all."


def boundaries(told: Told) -> Answer:
    """2.5.5."""
    said = (
        "Each visit ends with exactly one outcome: "
        + ", ".join(code(outcome.name.lower()) for outcome in Outcome)
        + " (still inside at the end of the run)."
    )
    return Answer((*told.each(_entries), said))


def _entries(system: System) -> list[str]:
    """Who comes in, and what else enters."""
    scenario, way = system.scenario, system.way
    street = next(station for station in way.stations if station.point is None)
    found = [
        f"In, from the street: {escaped(in_words(street.facts))}. The process is item 2.4, its parameters Table 3.3."
    ]
    back = [arrow for arrow in way.arrows if arrow.end == street.name and arrow.facts]
    titles = {station.name: station.title for station in way.stations}
    found += [f"In again, “{escaped(titles[arrow.start])}”: {escaped(in_words(arrow.facts))}." for arrow in back]
    stay = f", officials stay at most {shown(scenario.closing.overtime_cap)} min"
    found.append(f"Closing: {code(scenario.closing.rule)}{stay if scenario.closing.rule == 'serve_out' else ''}.")
    if scenario.from_home:
        found.append("Dossiers filed online from home enter at the back office, without a visit.")
    return [listing(found)]
