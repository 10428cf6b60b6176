"""What the back office does with the dossiers accepted at a visit: the steps of a case, its work and its term.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

from sim.attributes import DOSSIER_BITS, draw
from sim.distributions import quantile
from sim.plan import Plan, Purpose
from sim.scenario import MOST_DOSSIERS
from sim.streams import Stream, counter
from sim.trace import Outcome
from sim.units import DAY, HOUR, NEVER

UNIT = 1_000_000
"""Parts of a ms at normal speed in which the work of a case is counted: exact at any speed, however often put aside."""
ACKNOWLEDGED = 8 * HOUR
"""Office hours within which what is filed from home is to be acknowledged (published for Gia Lai)."""
LONGEST = 1 << 42
"""The most work of a step, ms: 139 years, whose parts are still 64-bit integers."""
STEP_SHIFT = 10  # the attempt and the dossier lie below the step in an occurrence


def is_remote(plan: Plan, visit: Any) -> bool:
    """Whether a ``visit`` is none: what was filed online from home."""
    return bool(plan.channels[visit["channel"]]["checking"] != NEVER and visit["purpose"] == Purpose.SUBMIT)


def accepted(visit: Any) -> int:
    """The dossiers that were accepted of a ``visit`` whose reception is over, a bit each."""
    if visit["purpose"] != Purpose.SUBMIT or visit["outcome"] not in (Outcome.SERVED, Outcome.INCOMPLETE):
        return 0
    return int(visit["dossiers"] & ~(visit["left"] if visit["outcome"] == Outcome.INCOMPLETE else 0))


def work_of_step(plan: Plan, case: Any, step: Any) -> int:
    """The work of a case in a row of ``Plan.steps``, in UNIT of a ms: that of its dossiers together."""
    work, nth = 0, step - plan.procedures[case["procedure"]]["first_step"]
    for dossier in range(MOST_DOSSIERS):
        if case["dossiers"] >> dossier & 1:
            occurrence = (nth << STEP_SHIFT) | (case["attempt"] << DOSSIER_BITS) | dossier
            random = draw(plan, Stream.STEP, counter(case["citizen"], occurrence))
            work += quantile(plan.quantiles, plan.steps[step]["work"], random)
    return in_units(work)


def in_units(work: Any) -> int:
    """Ms of work in UNIT, at most LONGEST."""
    return int(min(max(work, 1), LONGEST) * UNIT)


def open_time(hours: Any, start: int, end: int) -> int:
    """Ms of office hours between two times, from the steps of ``Plan.office_hours``."""
    return int((_open_before(hours, end) - _open_before(hours, start)) // 1000)


def _open_before(hours: Any, time: int) -> int:
    """The clock of office hours at a time."""
    low, high = 0, len(hours)
    while low + 1 < high:
        middle = (low + high) >> 1
        if hours[middle]["time"] <= time:
            low = middle
        else:
            high = middle
    return int(hours[low]["work"] + (time - hours[low]["time"]) * hours[low]["speed"])


def days_left(plan: Plan, received: int) -> int:
    """The working days of the run after the day of a time."""
    return int(plan.days[len(plan.days) - 1]["working"] - plan.days[received // DAY]["working"])


def days_taken(plan: Plan, received: int, ready: int) -> int:
    """The working day, after that of reception, by whose end something was ready; 0 on the day itself."""
    first, last = received // DAY, ready // DAY
    return int(plan.days[last - 1]["working"] - plan.days[first]["working"] + 1) if last > first else 0


def is_judged(plan: Plan, received: int, term: int) -> bool:
    """Whether a term of so many working days that began on the day of a time ends within the run."""
    return days_left(plan, received) >= term


def is_on_time(plan: Plan, received: int, ready: int, term: int) -> bool:
    """Whether what was received and ready at two times was ready on the last day of its term, or before."""
    return days_taken(plan, received, ready) <= term
