"""What is said of dossiers in the back office: their steps, who does them, and how results come to citizens."""

from __future__ import annotations

from sim.dossiers import Procedure, Processing
from sim.report.way.facts import Fact, Facts, count_of, figure, mean_keys, part, word, words
from sim.report.way.stops import keys_of_group, named
from sim.report.wording import listed
from sim.routing import in_back_office
from sim.scenario import Scenario
from sim.staff import Group

MOST_PROCEDURES = 8


def work(scenario: Scenario) -> Facts:
    """The steps of each procedure, the most frequent first, and who does them."""
    found = [(n, one, one.processing) for n, one in scenario.procedures.items() if one.processing and one.share > 0]
    found.sort(key=lambda each: -each[1].share)
    said = [_steps(scenario, name, entry, processing) for name, entry, processing in found[:MOST_PROCEDURES]]
    if len(found) > MOST_PROCEDURES:
        said.append(Fact(f"and {len(found) - MOST_PROCEDURES} more procedures"))
    return (Fact("each dossier, one step after the other:"), *said, *_officials(scenario))


def _steps(scenario: Scenario, name: str, entry: Procedure, processing: Processing) -> Fact:
    """Minutes a dossier, one step after the other, and when the result is due."""
    own, at = entry.field or name, f"procedures.{name}.processing"
    said, keys = list[str](), list[str]()
    for nth, step in enumerate(processing.steps):
        minutes = f"{figure(step.work.mean)} min"
        said.append(minutes if step.field in {None, own} else f"{minutes} for {word(step.field or own)}")
        keys += mean_keys(step.work, f"{at}.steps.{nth}.work")
    if processing.signature is not None:
        said.append(f"{figure(processing.signature.mean)} min for the signature")
        keys += mean_keys(processing.signature, f"{at}.signature")
    days = f"{processing.term} working day{'s' * (processing.term != 1)}"
    due = f"due within {days}" if processing.term else "due on the same day"
    network = scenario.network is not None and entry.needs_network
    waits = ", not while the network is down" if network and processing.steps else ""
    return Fact(f"{word(name)}: {', then '.join(said)}{waits}; {due}", (*keys, f"{at}.term"))


def _officials(scenario: Scenario) -> Facts:
    """Who works on dossiers, for which fields, and who signs."""
    steps = {
        step.field or entry.field or name
        for name, entry in scenario.procedures.items()
        if entry.processing
        for step in entry.processing.steps
    }
    signs = any(entry.processing and entry.processing.signature for entry in scenario.procedures.values())
    found = []
    for name, group in scenario.staff.items():
        fields = [one for one in scenario.fields if one in steps and (group.skills is None or one in group.skills)]
        leads = group.role == "leader"
        if count_of(scenario, group) and in_back_office(scenario, group) and (signs if leads else fields):
            does = ": signature" if leads else f": {words(fields)}"
            found.append(_official(scenario, name, group, does))
    return tuple(found)


def _official(scenario: Scenario, name: str, group: Group, does: str) -> Fact:
    also = ", while nobody waits" if group.role == "counter" else ""
    where = f" at {word(group.point)}" if len(scenario.points) > 1 and group.role != "leader" else ""
    said = f"{named(scenario, name, group, where + does)}{also}"
    return Fact(said, keys_of_group(name, group), of="official")


def fetched(scenario: Scenario) -> Fact | None:
    """Who comes for the result, and when; None where nobody does."""
    back = scenario.back_office
    if back is None or not back.delivery.in_person:
        return None
    days = f"{back.first}" if back.first == back.last else f"{back.first}–{back.last}"
    when = "on the next working day" if days == "1" else f"{days} working days later"
    guided = any(scenario.has_guides(name) for name in scenario.points)
    who = "all come" if back.delivery.in_person == 1 else f"{part(back.delivery.in_person)} come"
    minutes, keys = "", ["back_office.delivery.in_person", "back_office.first", "back_office.last"]
    if scenario.results is not None:
        minutes = f": {figure(scenario.results.collection.mean)} min at the counter"
        keys += mean_keys(scenario.results.collection, "results.collection")
    said = f"result ready: {who} for it {when}{', past the guide' if guided else ''}{minutes}"
    return Fact(said, tuple(keys))


def delivered(scenario: Scenario) -> Fact | None:
    """Who need not come for it."""
    if scenario.back_office is None:
        return None
    delivery = scenario.back_office.delivery
    ways = {"post": "by post", "online": "online"}
    shares = {key: getattr(delivery, key) for key in ways if getattr(delivery, key)}
    said = listed([f"{part(share)} {ways[key]}" for key, share in shares.items()])
    return Fact(f"results: {said}", tuple(f"back_office.delivery.{key}" for key in shares)) if shares else None
