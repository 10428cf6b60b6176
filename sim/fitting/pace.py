"""How fast people are called: by the counters that are open, and by how many wait.

Counters are shared between queues, and pause: of the same counters more are called where the line is long. So the pace
is no service time. What was seen in intervals alike is taken as it was: the calls a minute of the nearest intervals, by
open counters and by the logarithm of those waiting (nearest neighbors; Cover and Hart 1967).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.fitting.boards import LONGEST, Boards

Numbers = NDArray[np.float64]
NEIGHBORS = 25
PER_COUNTER, PER_LOG = 1.0, 1.5
"""How far apart intervals are that differ by a counter, and by a factor e in the line."""


@dataclass(eq=False)
class Pace:
    """Calls a minute of one queue in intervals seen: ``open`` counters, ``line`` (who waited or came), ``calls``."""

    open: Numbers
    line: Numbers
    calls: Numbers
    _near: dict[tuple[int, int], Numbers] = field(default_factory=dict, repr=False)

    def near(self, counters: int, line: int) -> Numbers:
        """Calls a minute in the intervals nearest to such a one."""
        key = counters, line
        if key not in self._near:
            apart = PER_COUNTER * np.abs(self.open - counters) + PER_LOG * np.abs(np.log1p(self.line) - np.log1p(line))
            count = min(NEIGHBORS, len(apart))
            self._near[key] = self.calls[np.argpartition(apart, count - 1)[:count]]
        return self._near[key]


def pace_of(boards: Boards) -> Pace | None:
    """The pace of one queue; None where no interval is short enough to have seen its line."""
    length = boards.end - boards.start
    seen = length <= LONGEST
    if not seen.any():
        return None
    line = (boards.waiting + boards.arrivals)[seen].astype(float)
    return Pace(boards.open[seen].astype(float), line, boards.called[seen] / length[seen])


def minutes_a_call(boards: Boards) -> float | None:
    """Minutes of open counters for each call while somebody waits from beginning to end; None where nobody does.

    That is the mean service time of a queue with counters of its own that never pause, which is what a single queue
    for each service takes it for.
    """
    after = boards.waiting + boards.arrivals - boards.called
    busy = (boards.waiting > 0) & (after > 0) & (boards.end - boards.start <= LONGEST)
    calls = boards.called[busy].sum()
    counters = np.maximum(boards.open, boards.called > 0)
    return float((counters * (boards.end - boards.start))[busy].sum() / calls) if calls else None
