"""Who may be received at any point, and sets out for another than the nearest.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.attributes import draw, work_at
from sim.plan import Plan
from sim.streams import Stream, counter, has_booked, whole
from sim.units import DAY


def may_choose(plan: Plan, visit: Any) -> bool:
    """Whether somebody, by a keyed uniform of theirs, looks at what points publish.

    Who is held over, fetches a result or has booked does not.
    """
    if visit["carried"] or visit["collects"] or has_booked(visit["citizen"], visit["arrival"] // DAY):
        return False
    return bool(whole(draw(plan, Stream.CHOICE, counter(visit["citizen"], 0))) < plan.rules["chooses"])


def goes_to(plan: Plan, visit: Any, point: Any, arrival: int) -> None:
    """Somebody goes on to another point, and is there at a time; in a replay the way alone changes."""
    visit["point"], visit["arrival"] = point, arrival
    visit["travel"] += 2 * plan.rules["way"]
    if len(plan.columns) == 0:
        work_at(plan, visit, np.int64(arrival // DAY))
