"""Counters that several queues share, found by what boards show.

Queues whose boards show the same number of open counters in nearly all intervals, though it changes by more than the
time of the day, have the same counters (one board for a group of counters). Then the minutes that are open are used by
all of them, and what is seen is the work of a call of any of them: of which queue a call was under way as an interval
began no board tells, so that the work of each is not told apart.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.fitting.boards import Boards

Numbers = NDArray[np.float64]
Queues = tuple[int, ...]
ALIKE, BY_CHANCE, FEWEST, HALF_HOUR = 0.9, 0.8, 50, 30.0
"""Share of intervals in which shared counters show the same number; how many may by chance; intervals to see it."""


def groups_of(boards: Boards) -> list[Queues]:
    """Groups of two or more queues of one office that have the same counters, by their numbers."""
    frame = pd.DataFrame({"queue": boards.queue, "day": boards.day, "start": boards.start, "open": boards.open})
    table = frame.pivot_table(index=["day", "start"], columns="queue", values="open")
    slot = table.index.get_level_values("start").to_numpy(float) // HALF_HOUR
    seen, numbers = table.to_numpy(float), table.columns.to_numpy(np.int64)
    groups: list[set[int]] = []
    for one, other in combinations(range(len(numbers)), 2):
        if _are_same(seen[:, one], seen[:, other], slot):
            joined = [group for group in groups if one in group or other in group]
            groups = [group for group in groups if group not in joined] + [{one, other}.union(*joined)]
    return sorted(tuple(int(numbers[nth]) for nth in sorted(group)) for group in groups)


def _are_same(one: Numbers, other: Numbers, slot: Numbers) -> bool:
    both = np.isfinite(one) & np.isfinite(other) & ((one > 0) | (other > 0))
    if both.sum() < FEWEST:
        return False
    a, b, at = one[both], other[both], slot[both]
    return float((a == b).mean()) >= ALIKE and _by_chance(a, b, at) < BY_CHANCE


def _by_chance(one: Numbers, other: Numbers, slot: Numbers) -> float:
    """How often two show the same number if nothing but the time of the day sets both."""
    alike = 0.0
    for now in np.unique(slot):
        a, b = one[slot == now], other[slot == now]
        alike += len(a) * sum(float((a == count).mean() * (b == count).mean()) for count in np.unique(a))
    return alike / len(one)


def together(boards: Boards, queues: Queues) -> Boards:
    """What the boards of a group would show as those of one queue, numbered as the first."""
    own = boards.only(np.isin(boards.queue, queues))
    frame = pd.DataFrame({name: value for name, value in vars(own).items() if name not in {"notes", "queue"}})
    sums = dict.fromkeys(("arrivals", "called", "waiting"), "sum")
    whole = frame.groupby(["office", "day", "start"], as_index=False).agg({"end": "max", **sums, "open": "max"})
    at = {name: whole[name].to_numpy() for name in whole.columns}
    queue = np.full(len(whole), queues[0], np.int64)
    return Boards(
        at["office"], queue, at["day"], at["start"], at["end"], at["arrivals"], at["called"], at["waiting"], at["open"]
    )
