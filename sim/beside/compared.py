"""A simulated line and what theory says of it, half-hour by half-hour; where they part, and why where it is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.beside.days import IN_SLOT
from sim.beside.inputs import PooledLine, lines_of
from sim.beside.methods import FORWARD, METHODS, Method, apart, together, waiting
from sim.beside.reasons import Setting, left_out, over_time
from sim.demand import day_table, open_days
from sim.intervals import Estimate
from sim.result import Result
from sim.roster import doors
from sim.scenario import Scenario
from sim.statistics import ratio_estimate
from sim.units import DAY, SLOTS

Floats = NDArray[np.float64]
TOLERANCE, LEAST_GAP, NOBODY = 0.10, 0.1, 0.005
MOST_POINTS, MOST_A_DAY = 12, 3000
UNKNOWN = "not known"


@dataclass(frozen=True, eq=False)
class Beside:
    """One scenario. All by half-hour, 48 of them: people waiting, at all points together unless it is by point.

    ``theory``: by method, nan where it has no answer. ``simulated``: estimates with their intervals. ``why``: by method
    and half-hour what theory leaves out, "" where the two do not part. ``slots``: the half-hours in which anybody waits
    or is expected.
    """

    result: Result
    lines: tuple[PooledLine, ...]
    by_line: tuple[dict[str, Floats], ...]
    theory: dict[str, Floats]
    simulated: tuple[Estimate, ...]
    why: dict[str, tuple[str, ...]]
    slots: range

    @property
    def means(self) -> Floats:
        """The simulated figures alone."""
        return np.array([one.value or 0.0 for one in self.simulated])

    @property
    def arrivals(self) -> Floats:
        """People expected to enter, by half-hour."""
        return np.asarray(np.sum([line.arrivals for line in self.lines if line.desk.is_counter], axis=0))

    @property
    def servers(self) -> Floats:
        """Officials at counters as theory has them, by half-hour."""
        return np.asarray(np.sum([line.servers for line in self.lines if line.desk.is_counter], axis=0))

    def silent(self, method: Method) -> list[int]:
        """The half-hours of which a method says nothing though somebody waits."""
        missing = np.isnan(self.theory[method.name]) & (self.means > LEAST_GAP)
        return [slot for slot in self.slots if missing[slot]]

    def off(self, method: Method) -> float:
        """How far a method is from the simulated line: the mean gap over the mean line, where it has an answer.

        nan where nobody waits.
        """
        found, means = self.theory[method.name], self.means
        known = ~np.isnan(found)
        waited = means[known].sum()
        return float(np.abs(found - means)[known].sum() / waited) if waited > NOBODY else float("nan")

    def wait(self, method: Method) -> float:
        """Mean wait of the day in minutes by Little's law, nan without an answer while somebody waits."""
        people = self.arrivals.sum()
        if not people or self.silent(method):
            return float("nan")
        return float(np.nansum(self.theory[method.name]) * 30 / people)

    @property
    def methods(self) -> tuple[Method, ...]:
        """Those that are set beside this scenario."""
        return tuple(method for method in METHODS if method.name in self.theory)

    @property
    def nearest(self) -> Method:
        """The method whose line is nearest, of those that have an answer whenever somebody waits."""
        able = [method for method in self.methods if not self.silent(method)] or [FORWARD]
        return min(able, key=lambda method: (np.isnan(self.off(method)), self.off(method)))


@lru_cache(maxsize=8)
def beside(result: Result) -> Beside | None:
    """Theory beside a result; None where there is none to set beside it, see :func:`why_not`."""
    scenario = result.study.scenario
    if why_not(scenario) or not result.runs.curve("waiting")[0][1].sum():
        return None
    lines, split = lines_of(scenario)
    if not lines:
        return None
    days = scenario.days if _is_continuous(scenario) else 1
    by_line = tuple(waiting(line, days) for line in lines)
    forward = {line.desk: one[FORWARD.name] for line, one in zip(lines, by_line, strict=True)}
    theory = together(by_line) | apart(split, forward, days)
    simulated = tuple(_simulated(result))
    means = np.array([one.value or 0.0 for one in simulated])
    expected = np.sum([line.arrivals for line in lines], axis=0) + np.sum([line.servers for line in lines], axis=0)
    seen = np.flatnonzero((means > NOBODY) | (expected > NOBODY))
    slots = range(int(seen[0]), int(seen[-1]) + 1)
    setting = Setting(scenario, lines, theory, means, result.figures.estimates["unserved_share", "all"].value or 0.0)
    why = {method.name: tuple(_why(method, setting, simulated)) for method in METHODS if method.name in theory}
    return Beside(result, lines, by_line, theory, simulated, why, slots)


def why_not(scenario: Scenario) -> str:
    """Why no theory is set beside a scenario, "" where it is."""
    if len(scenario.points) > MOST_POINTS:
        return f"it has more than {MOST_POINTS} points"
    if day_table(scenario).demand["people"].max() > MOST_A_DAY:
        return f"more than {MOST_A_DAY:,} people come on a day"
    return ""


def _is_continuous(scenario: Scenario) -> bool:
    """Whether the door is open day and night over all that is measured."""
    days = open_days(scenario)
    return any(start <= days[0] * DAY and (days[-1] + 1) * DAY <= end for start, end in doors(scenario))


def _simulated(result: Result) -> Iterator[Estimate]:
    """People waiting, averaged over each half-hour of an open day."""
    curve = result.runs.curve("waiting")
    for slot in range(SLOTS):
        pairs = [curve[position] for position in range(slot * IN_SLOT, (slot + 1) * IN_SLOT)]
        over, under = (np.sum([pair[part] for pair in pairs], axis=0) for part in (0, 1))
        yield ratio_estimate(over, under, result.study.confidence, (0.0, np.inf))


def parts(theory: float, simulated: Estimate) -> bool:
    """Whether a figure of theory is outside the interval, and off by more than the tolerance, or there is none."""
    if simulated.value is None or simulated.lower is None or simulated.upper is None:
        return False
    if np.isnan(theory):
        return simulated.value > LEAST_GAP
    inside = simulated.lower <= theory <= simulated.upper
    return not inside and abs(theory - simulated.value) > max(TOLERANCE * simulated.value, LEAST_GAP)


def _why(method: Method, setting: Setting, simulated: tuple[Estimate, ...]) -> Iterator[str]:
    """The reason in each half-hour, "" where theory and simulation do not part.

    Time is named where the forward equations, which know of it, differ from the method the way the simulation does.
    """
    forward, own = setting.theory[FORWARD.name], setting.theory[method.name]
    explained = np.isnan(own) | ((forward - own) * (setting.simulated - own) > 0)
    for slot, estimate in enumerate(simulated):
        if not parts(float(setting.theory[method.name][slot]), estimate):
            yield ""
            continue
        found = []
        if method.settles and explained[slot]:
            found.append(over_time(setting, slot))
        if not method.settles or parts(float(forward[slot]), estimate):
            found.append(left_out(setting, FORWARD if found else method, slot))
        yield "; ".join(reason for reason in found if reason) or UNKNOWN
