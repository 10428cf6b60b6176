"""Section 2, first part: how the base model works, and what the other scenarios change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.report.stress_des.algorithms import CLAUSES_WHERE, PROCEDURES
from sim.report.stress_des.markdown import code, documented, escaped, listing, table
from sim.report.stress_des.told import Answer, System, Told
from sim.report.stress_des.values import changes, shown
from sim.report.way.facts import Facts
from sim.report.way.graph import Stage, Way
from sim.report.wording import listed
from sim.study import Study

MOST_CHANGES = 60
TROUBLE = "⚡ "
"""The mark of what goes wrong on a picture."""


def overview(told: Told) -> Answer:
    """2.1."""
    return Answer(told.each(lambda system: _picture(told, system)))


def _picture(told: Told, system: System) -> list[str]:
    """The sentence of what a center does, and the picture of its way, if one was drawn."""
    title = f"The model is of {escaped(system.way.title)}{_under(system.study)}."
    path = told.ran.pictures.get(system.label) if told.ran else None
    if path is None:
        return [f"{title} No picture was drawn with this run; `motcua way` with the same words draws it."]
    return [f"{title} The picture has each station of a citizen's way with its numbers.", f"![{title}]({path})"]


def _under(study: Study) -> str:
    names = [name for name, _ in study.policies if name != "none"]
    return f", under {escaped(listed(names, 20))} (item 2.3)" if names else ""


def base_logic(told: Told) -> Answer:
    """2.2."""
    kind = (
        "Discrete-event simulation of each person, day after day, on a clock of whole milliseconds. What follows is "
        "derived from the scenario, station by station; item 2.4 has the rules that decide between events."
    )
    return Answer((kind, *told.each(lambda system: _stations(system.way))))


def _stations(way: Way) -> list[str]:
    """What holds at each step and at its stations, and who leaves the way where."""
    place = {one.name: code(one.point) if one.point else "" for one in way.stations}
    titles = {one.name: escaped(one.title) for one in way.stations}
    there = [row for stage in (*way.stages, Stage("", "")) for row in _at(way, stage)]
    gone = [
        ((titles[one.start], titles[one.end], _said(one.facts)), place[one.start] or place[one.end])
        for one in way.arrows
        if one.facts
    ]
    return [
        table(("Step or station", "What holds there", "Points"), _alike(there)),
        "Besides going on to the next station of a point, people and dossiers go:",
        table(("From", "To", "Who", "Points"), _alike(gone)),
    ]


def _at(way: Way, stage: Stage) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is said of a step, and of its stations; those of no step are what comes afterwards."""
    if stage.facts:
        yield (escaped(stage.title), _said(stage.facts)), ""
    for one in way.stations:
        if one.stage == stage.name and one.facts:
            yield (escaped(one.title), _said(one.facts)), code(one.point) if one.point else ""


def _alike(rows: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[tuple[str, ...]]:
    """Rows that differ in their point alone as one, with all of its points; "all" where it is of none."""
    points: dict[tuple[str, ...], list[str]] = {}
    for said, point in rows:
        points.setdefault(said, []).extend([point] if point else [])
    return ((*said, ", ".join(there) or "all") for said, there in points.items())


def in_words(facts: Facts) -> str:
    """Facts in a sentence."""
    return "; ".join(fact.text.removeprefix(TROUBLE).rstrip(":.") for fact in facts)


def _said(facts: Facts) -> str:
    return escaped(in_words(facts))


def scenario_logic(told: Told) -> Answer:
    """2.3."""
    found = [block for system in told.systems for block in _differing(system)]
    return Answer(tuple(found) or ("There is no scenario beside the base model, and no policy is applied.",))


def _differing(system: System) -> Iterator[str]:
    """For each scenario: its policies, what they change, and what else is other than in the base model."""
    base = system.study.base.model_dump(mode="json")
    for label, result in system.results.items():
        study = result.study
        own, changed = study.base.model_dump(mode="json"), system.scenarios[label].model_dump(mode="json")
        policies = [(name, policy) for name, policy in study.policies if name != "none"]
        before, after = list(changes(base, own)), list(changes(own, changed))
        if not (policies or before):
            continue
        yield f"**{escaped(label)}**{_first_of(system, label)}"
        yield from [_changed("It differs from the base model in:", before)] if before else []
        if policies:
            applied = [f"{code(name)}: {documented(type(policy).__doc__)}" for name, policy in policies]
            yield "Policies, applied in this order, their parameters in Table 3.3:"
            yield listing(applied)
            yield _changed("Together they change:", after)


def _first_of(system: System, label: str) -> str:
    return " (the model of items 2.1 to 2.5)" if label == system.label else ""


def _changed(said: str, found: list[tuple[str, object, object]]) -> str:
    """The keys that are other than before, as many as can be read."""
    rows = [(code(key), escaped(shown(before)), escaped(shown(after))) for key, before, after in found[:MOST_CHANGES]]
    left = len(found) - len(rows)
    more = f"\n\nand {left} more: `manifest.json` has all parameters" if left else ""
    return f"{said}\n\n{table(('Key', 'before', 'after'), rows)}{more}"


def algorithms(told: Told) -> Answer:
    """2.4."""
    used = [said for holds, said in PROCEDURES if told.has(holds)]
    count = sum(told.has(holds) for holds in CLAUSES_WHERE.values())
    rules = f"The {count} rules of an instant that can apply here are in Table 2.4 at the end, word for word."
    return Answer((listing(used), rules))
