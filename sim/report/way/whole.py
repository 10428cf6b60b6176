"""What holds at every point: who comes, the hours, the desk, the order of calling, minutes, and who comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.dossiers import Channel
from sim.network import Network
from sim.report.way.facts import (
    DAYS,
    Fact,
    Facts,
    booked,
    coming_back,
    figure,
    lasting,
    mean_keys,
    median,
    outside_hours,
    part,
    people_a_day,
    people_word,
    weekly_hours,
    word,
    words,
)
from sim.report.wording import listed
from sim.scenario import Purpose, Scenario
from sim.storms import Storms

_CHANNELS = {"assisted": "file online, with help at the hall", "paper": "on paper"}
_PURPOSES = {"submit": "submit dossiers", "ask": "ask", "collect": "collect a result"}
_SCOPES = {"center": "", "province": "with that of the province ", "portal": "with the national portal "}
MOST_PROCEDURES = 8


def _from_home(scenario: Scenario) -> list[str]:
    return [name for name, channel in scenario.channels.items() if channel.checking is not None]


def street(scenario: Scenario) -> Facts:
    """Who comes, how many, for what and how."""
    arrivals, (people, keys) = scenario.arrivals, people_a_day(scenario)
    found = [Fact(f"{people_word(people)} a day", keys), *_busiest(scenario, people), *booked(scenario)]
    if arrivals.dossiers_per_visitor > 1:
        brought = f"{figure(arrivals.dossiers_per_visitor)} dossiers each, of those who submit"
        found.append(Fact(brought, ("arrivals.dossiers_per_visitor",)))
    found += _shares("purposes", scenario.purposes, _PURPOSES)
    found += _shares("channels", scenario.channels, _CHANNELS | dict.fromkeys(_from_home(scenario), "file from home"))
    found += _storms(scenario)
    for nth, season in enumerate(arrivals.seasons):
        said = f"× {figure(season.factor)} from {season.first} to {season.last}"
        found.append(Fact(said, (f"arrivals.seasons.{nth}.factor",)))
    if arrivals.moves_to_saturday:
        moved = f"{part(arrivals.moves_to_saturday)} come on Saturday instead"
        found.append(Fact(moved, ("arrivals.moves_to_saturday",)))
    if _from_home(scenario):
        found.append(Fact("Those who file from home come on top of the people a day."))
    elif "assisted" in scenario.channels:
        found.append(Fact("Those who file from home do not come to the hall, and are not counted here."))
    return tuple(found)


def _storms(scenario: Scenario) -> Facts:
    """When storms come and what they do."""
    storms = scenario.storms
    if storms is None:
        return ()
    found = [f"on {one.first}" if one.first == one.last else f"from {one.first} to {one.last}" for one in storms.dates]
    if storms.every and storms.days:
        length = "a day" if storms.days == 1 else f"{storms.days} days"
        found.append(f"about every {figure(storms.every)} days, for {length}")
    keys = ("storms.every", "storms.days") if storms.every else ()
    return (Fact(f"⚡ storms {listed(found)}", keys), *(Fact(f"then {text}", key) for text, key in _in_storms(storms)))


def _in_storms(storms: Storms) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    if storms.factor != 1:
        later = f", {part(storms.come_later)} of the others later" if storms.factor < 1 else ""
        keys = ("storms.factor", "storms.come_later") if later else ("storms.factor",)
        found.append((f"× {figure(storms.factor)} people{later}", keys))
    if storms.away:
        found.append((f"{part(storms.away)} of officials are away", ("storms.away",)))
    if storms.network_down:
        found.append((f"the network is down on {part(storms.network_down)} of half days", ("storms.network_down",)))
    return found


def _busiest(scenario: Scenario, people: float) -> Facts:
    factors = {day: factor for day, factor in scenario.arrivals.weekday.items() if factor > 0}
    most = max(factors.values(), default=0.0)
    busiest = [day for day, factor in factors.items() if factor == most]
    if len(busiest) == len(factors):
        return ()
    times = most * len(factors) / sum(factors.values())
    said = f"{people_word(people * times)} on a {listed([DAYS[day] for day in busiest], 7)}"
    return (Fact(said, tuple(f"arrivals.weekday.{day}" for day in factors)),)


def _shares(section: str, entries: Mapping[Any, Purpose | Channel], names: Mapping[str, str]) -> Facts:
    """The shares of entries of a section, if there is a choice."""
    found = {str(name): entry.share for name, entry in entries.items()}
    if max(found.values(), default=1.0) == 1:
        return ()
    return tuple(
        Fact(f"{part(share)} {names.get(name, word(name))}", (f"{section}.{name}.share",))
        for name, share in found.items()
        if share > 0
    )


def hours(scenario: Scenario) -> Facts:
    """When the door is open, and what becomes of those who come before."""
    found = [Fact(text) for text in weekly_hours(scenario)]
    early, _ = outside_hours(scenario)
    return (*found, Fact("let in in the order in which they stand at the gate")) if early else tuple(found)


def desk(scenario: Scenario) -> Facts:
    """What a guide does."""
    guide = scenario.guidance
    if guide is None:
        return ()
    minutes = Fact(f"{figure(guide.service.mean)} min each", mean_keys(guide.service, "guidance.service"))
    if guide.finds == 0:
        return minutes, Fact("shows the way; does not look into the dossiers", ("guidance.finds",))
    finds = Fact(f"finds {part(guide.finds)} of what is missing", ("guidance.finds",))
    return minutes, finds, Fact(f"mends {part(guide.mends)} of that at once", ("guidance.mends",))


def waiting(scenario: Scenario) -> Facts:
    """In which order people are called, and how long they bear it."""
    ranks = sorted({entry.rank for entry in scenario.priorities.values() if entry.share > 0})
    found = []
    for rank in ranks[:-1]:
        first = {name: one for name, one in scenario.priorities.items() if one.rank == rank and one.share > 0}
        share = part(sum(one.share for one in first.values()))
        when = "first" if rank == ranks[0] else "next"
        found.append(Fact(f"{words(first)} ({share}) are called {when}", tuple(f"priorities.{n}.share" for n in first)))
    found += _called_for_their_time(scenario)
    found.append(Fact("then by time of arrival" if found else "called by time of arrival"))
    if scenario.patience is not None:
        minutes, keys = lasting(median(scenario.patience)), mean_keys(scenario.patience, "patience")
        found.append(Fact(f"half would not wait longer than {minutes}", keys))
    return tuple(found)


def _called_for_their_time(scenario: Scenario) -> list[Fact]:
    """Before whom those are called who booked."""
    if scenario.appointments is None:
        return []
    rank = scenario.priorities[scenario.appointments.priority].rank
    behind = [name for name, one in scenario.priorities.items() if one.rank > rank and one.share > 0]
    return [Fact(f"those who booked are called before those who are {words(behind)}")] if behind else []


def work(scenario: Scenario) -> Facts:
    """Minutes at a counter, and when the network stops it."""
    return (*_minutes_a_visit(scenario), *_minutes_a_dossier(scenario), *_network(scenario))


def _minutes_a_visit(scenario: Scenario) -> Facts:
    found = [Fact(f"{figure(scenario.greeting)} min a visit", ("greeting",))] if scenario.greeting else []
    for name, channel in scenario.channels.items():
        if channel.overhead and channel.share:
            how = {"assisted": "to file online"}.get(name, f"for {word(name)}")
            found.append(Fact(f"+ {figure(channel.overhead)} min {how}", (f"channels.{name}.overhead",)))
    for name, purpose in scenario.purposes.items():
        if purpose.service is not None and purpose.share:
            keys = mean_keys(purpose.service, f"purposes.{name}.service")
            found.append(Fact(f"+ {figure(purpose.service.mean)} min to {_PURPOSES[name]}", keys))
    return tuple(found)


def _minutes_a_dossier(scenario: Scenario) -> Facts:
    """A line a procedure: how often, how long."""
    brought = {name: entry for name, entry in scenario.procedures.items() if entry.share > 0}
    often = sorted(brought, key=lambda name: -brought[name].share)[:MOST_PROCEDURES]
    found = [Fact("each dossier, by field (share of all):")] if len(brought) > 1 else []
    for name in often:
        entry, keys = brought[name], mean_keys(brought[name].service, f"procedures.{name}.service")
        share, minutes = part(entry.share), f"{figure(entry.service.mean)} min"
        if len(brought) == 1:
            found.append(Fact(f"+ {minutes} a dossier", keys))
        else:
            found.append(Fact(f"+ {minutes} for {word(name)} ({share})", (*keys, f"procedures.{name}.share")))
    if len(brought) > len(often):
        found.append(Fact(f"and {len(brought) - len(often)} more procedures"))
    return tuple(found)


def _network(scenario: Scenario) -> Facts:
    network = scenario.network
    needing = [name for name, entry in scenario.procedures.items() if entry.needs_network and entry.share > 0]
    if network is None or not needing:
        return ()
    found = [Fact(f"⚡ {text}", keys) for text, keys in _troubles(network)]
    stands, keys = _meanwhile(network)
    if len(needing) < sum(entry.share > 0 for entry in scenario.procedures.values()):
        stands += f" for {words(needing)}"
    return (*found, Fact(f"meanwhile {stands}", keys)) if found else ()


def _troubles(network: Network) -> list[tuple[str, tuple[str, ...]]]:
    """How often the network fails, and when it is slow or down by the clock."""
    found = []
    if network.outages:
        said = [
            f"{_SCOPES[scope]}about every {lasting(one.up.mean)}, for {lasting(one.down.mean)}"
            for scope, one in network.outages.items()
        ]
        found.append((f"the network fails {'; '.join(said)}", _keys_of_outages(network)))
    for speed in dict.fromkeys(window.speed for window in network.windows):
        alike = [nth for nth, window in enumerate(network.windows) if window.speed == speed]
        how = f"slow, {part(speed)} of its speed," if speed else "down"
        when = listed(list(dict.fromkeys(network.windows[nth].between for nth in alike)))
        found.append((f"the network is {how} {when}", tuple(f"network.windows.{nth}.speed" for nth in alike)))
    return found


def _keys_of_outages(network: Network) -> tuple[str, ...]:
    return tuple(
        key
        for scope, one in network.outages.items()
        for name, minutes in (("up", one.up), ("down", one.down))
        for key in mean_keys(minutes, f"network.outages.{scope}.{name}")
    )


def _meanwhile(network: Network) -> tuple[str, tuple[str, ...]]:
    """What officials do when it is down."""
    if network.answer == "paper" and network.paper:
        typed = "when somebody is free" if network.paper.typed_in == "when_free" else "after hours"
        minutes = figure(network.paper.typing)
        return f"work goes on on paper, typed in {typed}, {minutes} min a dossier", ("network.paper.typing",)
    if network.answer == "slow":
        return f"work goes on at {part(network.speed_when_down)} of the speed", ("network.slow_speed",)
    return ("work stands still at the counters" if network.start_while_down else "nobody is called"), ()


def signing(scenario: Scenario) -> Facts:
    """Minutes of a leader for each dossier that is signed while people wait."""
    signed = {name: entry.signature for name, entry in scenario.procedures.items() if entry.share > 0}
    return tuple(
        Fact(
            f"{figure(signature.mean)} min for {word(name)}",
            mean_keys(signature, f"procedures.{name}.signature"),
        )
        for name, signature in signed.items()
        if signature is not None
    )


def handing_over(scenario: Scenario) -> Facts:
    """Minutes for a result that is made on the spot, and until when it is."""
    results = scenario.results
    if results is None:
        return ()
    minutes = Fact(f"{figure(results.collection.mean)} min each", mean_keys(results.collection, "results.collection"))
    return minutes, Fact(f"for what is received by {results.cut_off}")


def for_the_result(scenario: Scenario) -> Fact:
    """Who left without a result that was to be made at once."""
    guided = any(scenario.has_guides(name) for name in scenario.points)
    return Fact(f"all come for it on the next working day{', past the guide' if guided else ''}")


def again(scenario: Scenario, which: str) -> Fact | None:
    """Who comes back after a visit that was ``incomplete`` or ``unserved``."""
    back = scenario.returns.incomplete if which == "incomplete" else scenario.returns.unserved
    return coming_back(back, which, scenario.returns.between)


def never_again(scenario: Scenario, which: str) -> Fact:
    """Who does not."""
    back = scenario.returns.incomplete if which == "incomplete" else scenario.returns.unserved
    if back.share == 1:
        return Fact(f"nobody gives up before {scenario.returns.visits} visits", ("returns.visits",))
    said = f"{part(1 - back.share)} never come back" if back.share else "nobody comes back"
    return Fact(said, (f"returns.{which}.share",))
