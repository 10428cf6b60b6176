"""What befalls officials, by keyed numbers: storms, absence, calls away, and the fields that do not suit them.

All but the first are functions in the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.attributes import draw
from sim.plan import AWAY, Plan, Table
from sim.programs import shifts_of
from sim.streams import Stream, counter, on_day, whole
from sim.units import DAY, HALF_DAY

LONGEST_SPELL = 60


def shifts_worked(plan: Plan, mark: Callable[[Plan, Table], None] | None = None) -> Table:
    """All paid shifts of a plan (see :func:`sim.programs.shifts_of`), those marked in which the official is away."""
    shifts = shifts_of(plan)
    if not (plan.officials["absent"].any() or plan.officials["called_away"].any() or _kept_by_storms(plan)):
        return shifts
    own = shifts.copy()
    with np.errstate(over="ignore"):
        (mark or mark_away)(plan, own)
    return own


def _kept_by_storms(plan: Plan) -> bool:
    return bool(plan.officials["storm"].any() and plan.days["storm"].any())


def mark_away(plan: Plan, shifts: Table) -> None:
    """Marks the rows of SHIFTS on which the official is away."""
    for nth in range(len(shifts)):
        if is_away(plan, shifts[nth]["official"], shifts[nth]["start"]):
            shifts[nth]["pay"] |= AWAY


def is_away(plan: Plan, official: Any, time: int) -> bool:
    """Whether an official does not come for a span that begins at a time: kept by a storm, called away or absent."""
    row, day = plan.officials[official], time // DAY
    if row["storm"] > 0 and plan.days[day]["storm"]:
        at = counter(on_day(row["key"], day, 0), 0)
        if whole(draw(plan, Stream.STORM_AWAY, at)) < row["storm"]:
            return True
    if row["called_away"] > 0:
        at = counter(on_day(row["key"], day, time % DAY // HALF_DAY), 0)
        if whole(draw(plan, Stream.CALLED_AWAY, at)) < row["called_away"]:
            return True
    if row["absent"] > 0:
        for earlier in range(row["spell"]):
            at = counter(on_day(row["key"], day + LONGEST_SPELL - earlier, 0), 0)
            if whole(draw(plan, Stream.ABSENCE, at)) < row["absent"]:
                return True
    return False


def is_weak(plan: Plan, official: Any, field: Any) -> bool:
    """Whether the work in a field goes worse with an official: as said, or by the share of such pairings."""
    if plan.officials[official]["weak"] & (np.uint64(1) << np.uint64(field)):
        return True
    at = counter(plan.officials[official]["key"], field)
    return bool(plan.rules["weak"] > 0 and whole(draw(plan, Stream.MISMATCH, at)) < plan.rules["weak"])


def errs(plan: Plan, citizen: Any, visit: Any) -> bool:
    """Whether an official for whom it goes worse takes in wrongly what somebody brings on a visit."""
    return bool(whole(draw(plan, Stream.ERROR, counter(citizen, visit))) < plan.rules["errs"])
