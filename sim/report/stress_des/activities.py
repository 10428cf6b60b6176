"""What is done with citizens and dossiers: minutes, by whom, and what follows."""

from __future__ import annotations

from collections.abc import Iterator

from sim.dossiers import Procedure
from sim.report.stress_des.markdown import escaped
from sim.report.stress_des.values import drawn, shown
from sim.report.way.facts import word
from sim.scenario import Scenario

Activity = tuple[str, str, str, str]


def activities_of(scenario: Scenario) -> Iterator[Activity]:
    """A row for each activity: what, minutes, by whom, what follows; as Markdown."""
    for row in _rows(scenario):
        what, minutes, by, then = (escaped(cell) for cell in row)
        yield what, minutes, by, then


def _rows(scenario: Scenario) -> Iterator[Activity]:
    if scenario.guidance and any(scenario.has_guides(name) for name in scenario.points):
        guide = scenario.guidance
        finds = f"{shown(guide.finds)} of incomplete dossiers found, {shown(guide.mends)} of these mended"
        yield "guidance", drawn(guide.service), "guides", f"{finds}; then the queue, or home"
    yield "greeting, each visit", f"{shown(scenario.greeting)} min, always", "official at a counter", "the reception"
    yield from _additions(scenario)
    for name, entry in scenario.procedures.items():
        yield from _of_a_procedure(scenario, name, entry)
    if scenario.results:
        minutes = drawn(scenario.results.collection)
        yield "handing a result over", minutes, "official at a counter who does its field", "home"
    yield from _besides(scenario)


def _additions(scenario: Scenario) -> Iterator[Activity]:
    """What a channel or a purpose adds to a visit."""
    for name, channel in scenario.channels.items():
        if channel.overhead:
            yield f"filing: {word(name)}", f"{shown(channel.overhead)} min, always", "the same", "the dossiers"
    for purpose, entry in scenario.purposes.items():
        if entry.service is not None:
            yield f"to {purpose}", drawn(entry.service), "the same", "home"


def _of_a_procedure(scenario: Scenario, name: str, entry: Procedure) -> Iterator[Activity]:
    """Its reception, and what is done about its result."""
    needs = ", needs the network" if entry.needs_network and scenario.network else ""
    minutes = drawn(entry.service) + (f" + {shown(entry.double_entry)}" if entry.double_entry else "")
    by = f"official at a counter with the field {word(entry.field or name)}"
    then = f"incomplete with share {shown(entry.incomplete)}: home without" if entry.incomplete else "accepted"
    yield f"reception of {word(name)}, each dossier{needs}", minutes, by, then
    if entry.signature is not None:
        yield f"signature of {word(name)}", drawn(entry.signature), "a leader, on the spot", "handing over"
    if entry.processing is None:
        return
    last = len(entry.processing.steps) - (entry.processing.signature is None)
    due = f"ready; due within {entry.processing.term} working days"
    for nth, step in enumerate(entry.processing.steps):
        by = f"back office with the field {word(step.field or entry.field or name)}"
        then = due if nth == last else "the next step"
        yield f"step {nth + 1} of {word(name)}{needs}", drawn(step.work), by, then
    if entry.processing.signature is not None:
        yield f"signature of {word(name)}, back office", drawn(entry.processing.signature), "a leader", due


def _besides(scenario: Scenario) -> Iterator[Activity]:
    """What is done for no citizen who waits."""
    for name, channel in scenario.channels.items():
        if channel.checking is not None:
            then = "accepted, or sent back"
            yield f"check of what is filed: {word(name)}", drawn(channel.checking), "back office, by field", then
    network = scenario.network
    if network and network.answer == "paper" and network.paper:
        when = network.paper.typed_in.replace("_", " ")
        minutes = f"{shown(network.paper.typing)} min a dossier, always"
        yield "typing in what was taken on paper", minutes, f"officials at counters, {when}", "recorded"
    if any(group.role == "remote" for group in scenario.staff.values()):
        minutes = f"{shown(scenario.mismatch.set_up)} min before the work, always"
        yield "asking a remote specialist", minutes, "the official and the specialist, both busy", "the reception"
