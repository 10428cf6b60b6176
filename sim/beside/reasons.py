"""Why theory and simulation part: what of a scenario each method leaves out, in a few words.

A reason is given where it holds at that time of the day and pulls the way in which the two part. It is what is known to
be left out, not a proof that nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.beside.days import IN_SLOT
from sim.beside.inputs import PooledLine
from sim.beside.methods import APART, FLUID, FORWARD, STATIONARY, Method
from sim.scenario import Scenario
from sim.units import SLOTS

Floats = NDArray[np.float64]
AN_HOUR, THREE_HOURS = 2, 6
OFTEN, A_FEW = 0.01, 0.05
AT_MOST = 2

GATE = "the crowd at the gate enters at once"
LUNCH = "nobody serves at this time"
OVERLOAD = "more work comes than officials get done: no steady state is reached"
BACKLOG = "those still wait who came in the hours before"
LATE = "the line follows the load with a delay"
CHANCE = "the fluid model leaves chance out"
SKILLS = "skills that do not pool"


@dataclass(frozen=True, eq=False)
class Setting:
    """What reasons are looked for in: the scenario, its lines, and both sides of the comparison, by half-hour.

    ``unserved``: the simulated share of those who leave unserved.
    """

    scenario: Scenario
    lines: tuple[PooledLine, ...]
    theory: dict[str, Floats]
    simulated: Floats
    unserved: float


def over_time(setting: Setting, slot: int) -> str:
    """What makes a steady state of a half-hour differ from the line through the day; "" where nothing does."""
    loads, opens = _loads(setting), _opens(setting)
    if opens is not None and opens <= slot < opens + AN_HOUR:
        return GATE
    if np.isinf(loads[slot]):
        return LUNCH
    if loads[slot] > 1:
        return OVERLOAD
    said, line = setting.theory[STATIONARY.name][slot], setting.theory[FORWARD.name][slot]
    if np.isnan(line):
        return ""
    before = loads[max(slot - THREE_HOURS, 0) : slot]
    if line > said and (before > 1).any():
        return BACKLOG
    return LATE


def _loads(setting: Setting) -> Floats:
    """The largest load of any line on its busiest kind of day in each half-hour, inf where nobody ever serves it."""
    found = np.zeros(SLOTS)
    for pooled in setting.lines:
        found[(pooled.servers == 0) & (pooled.arrivals > A_FEW)] = np.inf
        for day in pooled.days:
            arrivals = day.arrivals.reshape(SLOTS, IN_SLOT).sum(axis=1)
            servers = day.servers.reshape(SLOTS, IN_SLOT).mean(axis=1)
            work = arrivals * pooled.line.mean_service / 30
            found = np.maximum(found, np.divide(work, servers, out=np.zeros(SLOTS), where=servers > 0))
    return found


def _opens(setting: Setting) -> int | None:
    """The half-hour in which a crowd enters, None without one."""
    crowds = np.max([day.crowds for pooled in setting.lines for day in pooled.days], axis=0)
    return int(np.flatnonzero(crowds)[0]) // IN_SLOT if crowds.any() else None


def left_out(setting: Setting, method: Method, slot: int) -> str:
    """What of the scenario is not in a method, at most a few things; "" where nothing is known."""
    said, seen = setting.theory[method.name][slot], setting.simulated[slot]
    if np.isnan(said):
        return ""
    known = _that_lengthen(setting, method) if said < seen else _that_shorten(setting, method)
    first = [CHANCE] if method is FLUID and said < seen else []
    return "; ".join([*first, *islice(known, AT_MOST)])


def _that_lengthen(setting: Setting, method: Method) -> Iterator[str]:
    """What makes the line longer than that of officials who can all do everything, or of groups who can."""
    scenario = setting.scenario
    groups = [group for group in scenario.staff.values() if group.role == "counter"]
    if method is not APART and APART.name in setting.theory:
        yield SKILLS
    if any(group.serves is not None for group in groups):
        yield "officials who serve some citizens only"
    if scenario.network is not None and (scenario.network.outages or scenario.network.windows):
        yield "outages, which theory spreads over all days"
    if scenario.storms is not None:
        yield "storms, which theory spreads over all days"
    if any(group.absence or group.called_away for group in groups):
        yield "officials who are away at random, whom theory takes for slower ones"
    if scenario.mismatch.share or any(group.weak for group in groups):
        yield "pairings of official and field that do not suit"
    if scenario.back_office is not None and scenario.back_office.at_counters:
        yield "dossiers of the back office in hand when somebody comes"
    if any(one.signature for one in scenario.procedures.values()):
        yield "results handed over at the counter, a turn of its own"
    if setting.unserved > OFTEN and scenario.returns.unserved.share:
        yield "those who left unserved and come again"


def _that_shorten(setting: Setting, method: Method) -> Iterator[str]:
    """What makes the line shorter."""
    scenario = setting.scenario
    if method is APART:
        yield "officials of several skills who help out"
    if any(group.rule is not None for group in scenario.staff.values()):
        yield "rules that bring officials to where the line is long"
    if scenario.choice is not None:
        yield "citizens who choose the point with the shortest line"
    if scenario.closing.rule == "carry_over":
        yield "those who are carried over to the next day"
    if scenario.storms is not None or (scenario.network is not None and scenario.network.outages):
        yield "outages and storms, which theory spreads over all days"
    if any(line.line.cv_service != 1.0 for line in setting.lines):
        yield "work of which theory knows mean and cv alone"
