"""What is said at each station of a point, and of those who leave there: one function a row of the way."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.report.way.facts import (
    LEAST,
    Fact,
    Facts,
    Here,
    closings,
    count_of,
    figure,
    mean_keys,
    openings,
    part,
    people_a_day,
    people_word,
    word,
    words,
)
from sim.report.wording import listed
from sim.scenario import Purpose, Scenario
from sim.staff import Group
from sim.units import DAY, MINUTE, clock, clock_text


def gate(here: Here) -> Facts | None:
    """A gate, if anybody comes before the door opens."""
    return () if here.early * here.whole else None


def queueing_at_the_gate(here: Here) -> Facts | None:
    """Those who come before the door opens."""
    if gate(here) is None:
        return None
    people, keys = people_a_day(here.scenario)
    when = "arrivals.profile" if here.scenario.arrivals.profile else "arrivals.rate_per_hour"
    people *= here.early * here.whole
    said = f"before {listed(openings(here.scenario), 7)}: {people_word(people)}"
    return (Fact(said, (*keys, when), count=round(people) if people >= LEAST else 0, of="citizen"),)


def nearest(here: Here) -> Facts:
    """Those who come from the street: their share and their way."""
    point, found = here.scenario.points[here.name], []
    if len(here.scenario.points) > 1:
        found.append(Fact(f"{part(here.whole)} of the people", _keys_of_reach(here)))
    if point.travel is not None:
        keys = mean_keys(point.travel, f"points.{here.name}.travel")
        found.append(Fact(f"{figure(point.travel.mean)} min from home", keys))
    for to in dict.fromkeys(here.elsewhere.values()):
        fields = [field for field, other in here.elsewhere.items() if other == to]
        found.append(Fact(f"not for {words(fields)}: that is done at {here.scenario.points[to].title or word(to)}"))
    return tuple(found)


def _keys_of_reach(here: Here) -> tuple[str, ...]:
    """Its own share alone, unless points draw people from others or send them there."""
    points = here.scenario.points
    if not here.elsewhere and math.isclose(here.whole, points[here.name].share):
        return (f"points.{here.name}.share",)
    return tuple(
        f"points.{name}.{what}" for name in points for what in ("share", "draws") if getattr(points[name], what)
    )


def door(here: Here) -> Facts:
    """Tickets."""
    cap = here.scenario.points[here.name].ticket_cap
    return () if cap is None else (Fact(f"{cap} tickets a day at most", (f"points.{here.name}.ticket_cap",)),)


def refused(here: Here) -> Mapping[str, Facts]:
    """Who does not get in."""
    point = here.scenario.points[here.name]
    found = []
    if here.late * here.whole > 0:
        found.append(Fact(f"after {listed(closings(here.scenario), 7)}: closed"))
    if point.ticket_cap is not None:
        found.append(Fact("no ticket left"))
    if point.seats is not None:
        found.append(Fact("the hall is full"))
    return {"unserved": tuple(found)} if found else {}


def _places(count: int, of: str, key: str) -> Fact:
    return Fact(f"{count} {of}{'s' * (count != 1)}", (key,), count=count, of=of)


def guides(here: Here) -> Facts | None:
    """The guides, if there are any."""
    if not here.guides or here.scenario.guidance is None:
        return None
    own = here.scenario.points[here.name].guides
    found = [_places(own, "guide", f"points.{here.name}.guides")] if own else []
    for name, group in here.guide_groups.items():
        found.append(
            Fact(named(here.scenario, name, group), keys_of_group(name, group), None, group.count or 0, "guide")
        )
    collect = here.scenario.purposes.get("collect")
    if collect and collect.share:
        found.append(Fact("not for those who collect a result"))
    return tuple(found)


def sent_from_the_desk(here: Here) -> Mapping[str, Facts]:
    """Who needs no counter."""
    guide, ask = here.scenario.guidance, here.scenario.purposes.get("ask")
    if not here.guides or guide is None:
        return {}
    found = {}
    mean, keys = _lacking(here)
    home = mean * guide.finds * (1 - guide.mends)
    if home:
        said = f"{part(home)} of dossiers: a paper is missing"
        found["incomplete"] = (Fact(said, (*keys, "guidance.finds", "guidance.mends")),)
    if ask and ask.share:
        found["served"] = (Fact(f"{part(ask.share)} only ask", ("purposes.ask.share",)),)
    return found


def _lacking(here: Here) -> tuple[float, tuple[str, ...]]:
    """The share of the dossiers brought here that lack something."""
    brings = here.scenario.purposes.get("submit")
    whole = sum(weight for _, weight, _ in here.procedures)
    if not whole or brings is None or not brings.share:
        return 0.0, ()
    lacking = sum(weight * entry.incomplete for _, weight, entry in here.procedures)
    return lacking / whole, tuple(f"procedures.{name}.incomplete" for name, _, _ in here.procedures)


def line(here: Here) -> Facts:
    """Seats, and for whom people wait."""
    seats, groups = here.scenario.points[here.name].seats, here.groups
    found = [Fact("room for all")] if seats is None else [_places(seats, "seat", f"points.{here.name}.seats")]
    lines: dict[tuple[str, ...], list[str]] = {}
    for name, _, entry in here.procedures:
        field = entry.field or name
        able = tuple(n for n, group in groups.items() if group.skills is None or field in group.skills)
        if field not in lines.setdefault(able, []):
            lines[able].append(field)
    if len(lines) > 1:
        found += [Fact(f"a line for {words(fields)}") for fields in lines.values()]
    else:
        found.append(Fact("one line for all"))
    return tuple(found)


def gone_from_the_line(here: Here) -> Mapping[str, Facts]:
    """Who waits and is not served."""
    scenario, shut = here.scenario, closings(here.scenario)
    left = [Fact("out of patience")] if scenario.patience is not None else []
    if not shut:
        return {"unserved": tuple(left)} if left else {}
    if scenario.closing.rule == "carry_over":
        held = (Fact(f"still there at {listed(shut, 7)}"),)
        return {"unserved": tuple(left), "held": held} if left else {"held": held}
    stay = scenario.closing.overtime_cap if scenario.closing.rule == "serve_out" else 0.0
    ends = [min(clock(at) + round(stay * MINUTE), DAY) for at in shut]
    when = listed(["24:00" if at == DAY else clock_text(at) for at in ends], 7)
    keys = ("closing.overtime_cap",) if stay else ()
    return {"unserved": (*left, Fact(f"still there at {when}", keys))}


def counters(here: Here) -> Facts:
    """How many counters, and who serves there."""
    scenario, number = here.scenario, here.scenario.points[here.name].counters
    found = [_places(number, "counter", f"points.{here.name}.counters")]
    for name, group in here.groups.items():
        said, count = _group(scenario, name, group), count_of(scenario, group)
        found.append(Fact(said, keys_of_group(name, group), count=count, of="official"))
    return tuple(found) if here.groups else (*found, Fact("nobody on duty"))


def _group(scenario: Scenario, name: str, group: Group) -> str:
    fields = scenario.fields if group.skills is None else group.skills
    does = "every field" if set(fields) >= set(scenario.fields) else words(fields)
    does = does if len(scenario.fields) > 1 else "serves all"
    return named(scenario, name, group, f": {does}")


def named(scenario: Scenario, name: str, group: Group, does: str = "") -> str:
    """How many, what they do, and what limits them."""
    count = count_of(scenario, group)
    shifts = group.shifts[:count]
    said = [f"{count} × {word(name)}{does}"]
    said += [f"{words(group.serves)} only"] if group.serves is not None else []
    said += [f"shifts {words(shifts)}"] if len(shifts) > 1 else []
    said += [f"at {figure(group.speed)} times the pace"] if group.speed != 1 else []
    if group.learning is not None:
        weeks = f"{group.learning.weeks} week{'s' * (group.learning.weeks != 1)}"
        said.append(f"learning over {weeks}, from {part(group.learning.start)} of the pace")
    said += [f"called away on {part(group.called_away)} of half days"] if group.called_away else []
    if scenario.storms is not None and group.storm_away is not None:
        said.append(f"{part(group.storm_away)} away in storms")
    said += ["unpaid"] if not group.paid else []
    return ", ".join(said)


def keys_of_group(name: str, group: Group) -> tuple[str, ...]:
    """The keys of the figures in that."""
    keys = [f"staff.{name}.count" if group.count is not None else f"points.{group.point}.counters"]
    keys += [f"staff.{name}.speed"] if group.speed != 1 else []
    keys += [f"staff.{name}.learning"] if group.learning is not None else []
    keys += [f"staff.{name}.called_away"] if group.called_away else []
    return (*keys, f"staff.{name}.storm_away") if group.storm_away is not None else tuple(keys)


def received(here: Here) -> Mapping[str, Facts]:
    """Whose dossiers turn out to be incomplete at the counter, and who need not wait for a result, or not today."""
    return {**_lacking_at_the_counter(here), **_without_a_result(here), **_to_the_back_office(here)}


def _to_the_back_office(here: Here) -> Mapping[str, Facts]:
    """What is processed once it is accepted; its citizens go home meanwhile."""
    processed = [(name, weight) for name, weight, entry in here.procedures if entry.processing is not None]
    if not processed:
        return {}
    share, keys = sum(weight for _, weight in processed) / here.whole, [f"procedures.{n}.share" for n, _ in processed]
    return {"office": (Fact(f"{part(share)} of dossiers: accepted, they go on to the back office", tuple(keys)),)}


def _without_a_result(here: Here) -> Mapping[str, Facts]:
    results, purposes = here.scenario.results, here.scenario.purposes
    if not here.signed or results is None:
        return {}
    said = []
    later = sum(weight for _, weight, entry in here.procedures if entry.signature is None)
    if later:
        keys = tuple(f"procedures.{name}.share" for name, _, _ in here.procedures)
        said.append(Fact(f"{part(later / here.whole)} of dossiers: the result is made later", keys))
    others = ["only ask"] if _has(purposes.get("ask")) and not here.guides else []
    others += ["collect a result"] if _has(purposes.get("collect")) else []
    said += [Fact(f"those who {' or '.join(others)}")] if others else []
    owed = {"owed": (Fact(f"received after {results.cut_off}: too late for the result"),)}
    return {"served": tuple(said), **owed} if said else owed


def _has(purpose: Purpose | None) -> bool:
    return purpose is not None and purpose.share > 0


def leaders(here: Here) -> Facts | None:
    """Who signs, wherever their room is; None where nothing is signed while people wait."""
    if not here.signed:
        return None
    scenario = here.scenario
    groups = {name: g for name, g in scenario.staff.items() if g.role == "leader" and count_of(scenario, g)}
    return tuple(
        Fact(named(scenario, name, group), keys_of_group(name, group), None, group.count or 0, "official")
        for name, group in groups.items()
    )


def unsigned(here: Here) -> Mapping[str, Facts]:
    """Who goes home before it is signed."""
    shut = closings(here.scenario)
    if not here.signed or not shut or here.scenario.closing.rule == "serve_out":
        return {}
    return {"owed": (Fact(f"not signed by {listed(shut, 7)}"),)}


def handing_over(here: Here) -> Facts | None:
    """The counters again, where a result is made on the spot."""
    return (Fact("by those who do its field, before all who wait"),) if here.signed else None


def _lacking_at_the_counter(here: Here) -> Mapping[str, Facts]:
    guide, (lacking, keys) = here.scenario.guidance if here.guides else None, _lacking(here)
    if not lacking:
        return {}
    finds, mends = (guide.finds, guide.mends) if guide else (0.0, 0.0)
    share = lacking * (1 - finds) / (1 - lacking * finds * (1 - mends))
    keys = (*keys, "guidance.finds", "guidance.mends") if guide else keys
    return {"incomplete": (Fact(f"{part(share)} of dossiers: a paper is missing", keys),)} if share else {}
