"""The procedures and rules by which a model runs, each with the scenarios that it concerns."""

from __future__ import annotations

from collections.abc import Callable

from sim.models.contract import CLAUSES
from sim.report.stress_des.markdown import escaped, table
from sim.report.stress_des.told import Told
from sim.scenario import Scenario

Holds = Callable[[Scenario], object]


def _always(_: Scenario) -> bool:
    return True


def _network(scenario: Scenario) -> object:
    return scenario.network


def _outages(scenario: Scenario) -> object:
    return scenario.network and scenario.network.outages


def _on_paper(scenario: Scenario) -> bool:
    return scenario.network is not None and scenario.network.answer == "paper"


def _office(scenario: Scenario) -> object:
    return scenario.back_office


def _from_home(scenario: Scenario) -> bool:
    return scenario.from_home > 0


def _remote(scenario: Scenario) -> bool:
    return any(group.role == "remote" for group in scenario.staff.values())


def _mismatch(scenario: Scenario) -> bool:
    return scenario.mismatch.share > 0 or any(group.weak for group in scenario.staff.values())


def _by_rule(scenario: Scenario) -> bool:
    return any(group.rule for group in scenario.staff.values())


def _away(scenario: Scenario) -> bool:
    return scenario.storms is not None or any(g.absence or g.called_away for g in scenario.staff.values())


def _chooses(scenario: Scenario) -> object:
    return scenario.choice


def _saturday(scenario: Scenario) -> bool:
    return scenario.arrivals.moves_to_saturday > 0


def _sent(scenario: Scenario) -> bool:
    return _by_rule(scenario) or any(group.days_at for group in scenario.staff.values())


def _comes_back(scenario: Scenario) -> bool:
    return scenario.returns.incomplete.share > 0 or scenario.returns.unserved.share > 0


CLAUSES_WHERE: dict[str, Holds] = {
    **dict.fromkeys(("time", "work", "speed", "finish", "break", "ranks", "pass", "order", "choice"), _always),
    **dict.fromkeys(("reduction", "identity", "visit", "gate", "closing", "law", "outcome"), _always),
    **dict.fromkeys(("network", "down"), _network),
    "causes": lambda scenario: _network(scenario) or scenario.storms,
    **dict.fromkeys(("paper", "record"), _on_paper),
    "weak": _mismatch,
    "consultation": _remote,
    **dict.fromkeys(("step", "aside", "fetch"), _office),
    "file": _from_home,
    "storm": lambda scenario: scenario.storms,
    "away": _away,
    "move": _sent,
    "board": lambda scenario: _by_rule(scenario) or _chooses(scenario),
    "rules": _by_rule,
    "point": _chooses,
    "renege": lambda scenario: scenario.patience,
    "seats": lambda scenario: any(point.seats is not None for point in scenario.points.values()),
    "saturday": _saturday,
    "guide": lambda scenario: scenario.guidance,
    "result": lambda scenario: scenario.results,
    "returns": _comes_back,
}
"""Of each clause on what happens at an instant, the scenarios in which it can decide something."""

PROCEDURES: tuple[tuple[Holds, str], ...] = (
    (
        _always,
        (
            "Arrivals: in each half-hour of a day as many people as the Poisson quantile of one random number has it, "
            "at the number expected then; each at a uniform time of the half-hour. No thinning."
        ),
    ),
    (
        lambda scenario: scenario.arrivals.day_factor_cv,
        "Days differ beyond weekday and chance by a factor of mean 1, gamma distributed.",
    ),
    (
        lambda scenario: scenario.appointments,
        (
            "Appointments: each place of the book is taken, or not, by a random number of its own; booked people come "
            "early or late around their time, or not at all; who finds the book full comes unannounced."
        ),
    ),
    (_always, "Service times and all other durations: inversion of the distribution function, one number each."),
    (
        _always,
        (
            "Calling: of all who wait the one with the lowest rank of class, then the longest there, whom somebody "
            "idle may serve at a free counter; to the eligible official with the fewest skills, then longest idle."
        ),
    ),
    (
        lambda scenario: scenario.closing.rule == "serve_out",
        "Closing: officials stay until all inside are served or the cap of overtime is reached, within the law.",
    ),
    (_comes_back, "Returns: who left unserved or incomplete comes back with a probability, some working days later."),
    (_outages, "Outages: the network is up and down in turn, each by its distribution, fixed before a replication."),
    (
        _network,
        (
            "Work that needs the network runs on a clock of its own, the integral of the network's speed: its end is "
            "known when it starts."
        ),
    ),
    (lambda scenario: scenario.storms, "Storms: one begins on a day by a random number of the province and the day."),
    (_away, "Absence: by a random number of each official and day, or half day, when a shift begins."),
    (_by_rule, "Officials who go by a rule are sent at each tick of a board of queue lengths, never of the future."),
    (_chooses, "Choice of a point: the least expected minutes by the last board, ways included."),
    (
        _office,
        "Back office: cases are worked at whenever nobody waits, put aside and taken up again with what is left.",
    ),
)
"""What stands for a process of the real system, with the scenarios that it concerns."""


def clauses_table(told: Told) -> str:
    """Table 2.4: the rules of an instant that can apply, as the program's contract has them."""
    found = [name for name, holds in CLAUSES_WHERE.items() if told.has(holds)]
    rows = ((f"`{name}`", escaped(text)) for name, text in CLAUSES.items() if name in found)
    return table(("Rule", "What it says"), rows)
