"""The network of a center as a work clock: when a task that needs it will be done."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.models.contract import Rank
from sim.models.instants import At
from sim.outages import turns
from sim.plan import Table

if TYPE_CHECKING:
    from sim.models.center import Center


class WorkClock:
    """W(t) of a center's network steps and its inverse, in exact integers (clause "network"); ``down`` now or not."""

    def __init__(self, steps: Table) -> None:
        self.time: list[int] = steps["time"].tolist()
        self.speed: list[int] = steps["speed"].tolist()
        self.work: list[int] = steps["work"].tolist()
        self.down = False

    def end(self, start: int, work: int) -> int:
        """When work is done that begins at a time."""
        return self.reaches(start, 1000 * work)

    def reaches(self, start: int, more: int) -> int:
        """The first t with W(t) >= W(start) + ``more``; beyond the last step its speed goes on."""
        if not self.time:
            return start - (-more // 1000)
        step = bisect_right(self.time, start) - 1
        target = self.work[step] + (start - self.time[step]) * self.speed[step] + more
        step = max(bisect_left(self.work, target) - 1, step)
        return self.time[step] - (self.work[step] - target) // self.speed[step]

    def end_with_paper(self, start: int, work: int, permille: int) -> tuple[int, bool]:
        """When work is done that goes on, on paper, from an outage in it, and whether it does."""
        end = self.end(start, work)
        step = bisect_right(self.time, start) - 1
        while step >= 0 and self.speed[step]:
            step += 1
            if step == len(self.time) or self.time[step] >= end:
                return end, False
        if step < 0:
            return end, False
        since = max(start, self.time[step])
        left = 1000 * work - self.passed(start, since)
        return since - (-left // permille), True

    def passed(self, start: int, end: int) -> int:
        """W(end) - W(start)."""
        return self._at(end) - self._at(start) if self.time else 1000 * (end - start)

    def _at(self, time: int) -> int:
        step = bisect_right(self.time, time) - 1
        return self.work[step] + (time - self.time[step]) * self.speed[step]


def network(center: Center) -> Generator[At, Any, None]:
    """The process that applies the steps of the network of each center at their times, at one instant by center."""
    speeds = center.plan.network["speed"].tolist()
    for time, step, number in turns(center.plan).tolist():
        yield At(center.env, time, Rank.CHANGE)
        center.network_changes(number, speeds[step])
