"""What outages, windows and storms cost on average: how much longer work takes, and the papers to type in."""

from __future__ import annotations

from collections.abc import Sequence

from sim.calendar import Interval
from sim.demand import open_days
from sim.forecast import storm_chances
from sim.roster import doors_by_day, size_of
from sim.scenario import Scenario
from sim.units import day_of, span


def in_outages(scenario: Scenario) -> tuple[float, float]:
    """Minutes that a minute of work with the network takes, and minutes of typing for each dossier accepted.

    A pause or a slow network stretches work by the inverse of its mean speed; on paper it goes on at that speed.
    """
    network = scenario.network
    if network is None:
        return 1.0, 0.0
    up = network.share_up
    running, down = _by_day(scenario)
    if network.answer == "paper" and network.paper:
        lost = down + (1 - down) * (1 - up)
        with_network = running / (1 - down) if down < 1 else 1.0
        return (1 - lost) / with_network + lost / network.paper.speed, lost * network.paper.typing
    slow = network.speed_when_down
    mean = up * (running + down * slow) + (1 - up) * slow
    return (1 / mean if mean > 0 else float("inf")), 0.0


def stretch_in_office(scenario: Scenario) -> float:
    """Minutes that a minute of work with the network takes in the back office, where nobody goes over to paper."""
    network = scenario.network
    if network and network.answer == "paper":
        scenario = scenario.replace(network=network.replace(answer="pause", paper=None))
    return in_outages(scenario)[0]


def _by_day(scenario: Scenario) -> tuple[float, float]:
    """Windows and storms alone: the mean speed of the network, and the share it is down.

    Over the time that the door is open and officials are there: in a storm fewer are.
    """
    there = running = up = 0.0
    doors, days = doors_by_day(scenario), open_days(scenario)
    chances, (come, work_on) = storm_chances(scenario)[days], _in_storms(scenario)
    for day, chance in zip(days.tolist(), chances, strict=True):
        opened = sum(end - start for start, end in doors[day])
        slower, down = _in_windows(scenario, day, doors[day])
        there += (1 - chance + chance * come) * opened
        works = 1 - chance + chance * work_on
        running += works * (opened - slower)
        up += works * (opened - down)
    return (running / there, 1 - up / there) if there else (1.0, 0.0)


def _in_storms(scenario: Scenario) -> tuple[float, float]:
    """In a storm, the share of officials at counters who come, and of them times the share that the network is up."""
    storms = scenario.storms
    if storms is None:
        return 1.0, 1.0
    sizes = [(group, size_of(scenario, group)) for group in scenario.staff.values() if group.role == "counter"]
    away = sum(size * scenario.storm_away(group) for group, size in sizes)
    come = 1 - away / max(sum(size for _, size in sizes), 1)
    return come, come * (1 - storms.network_down)


def _in_windows(scenario: Scenario, day: int, door: Sequence[Interval]) -> tuple[float, float]:
    """Of the ms that the door is open on a day, those that windows of the network take: by their speed, and down."""
    slower, down = 0.0, 0.0
    for window in scenario.network.windows if scenario.network else ():
        if window.covers(day_of(scenario.start, day)):
            begin, end = span(window.between)
            common = sum(max(min(end, e) - max(begin, s), 0) for s, e in door)
            slower += common * (1 - window.speed)
            down += common * (window.speed == 0)
    return slower, down
