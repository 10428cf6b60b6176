"""A place where officials do tasks: its queues, its idle officials, and who is called next."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import simpy

from sim.models.contract import Rank
from sim.models.rules import claim, time_needed, turn
from sim.models.staffing import Official, finished
from sim.units import NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.citizens import Visit

DONE = NEVER


class Task(simpy.Event):
    """A citizen's turn at a place: happens when it is done, or given up; its value tells which."""

    def __init__(self, place: Place, visit: Visit, queue: Queue, work: int) -> None:
        self.env = place.env
        self.callbacks = [place.ended]
        self._value = simpy.events.PENDING
        self.place, self.visit, self.queue, self.work = place, visit, queue, work
        self.entry: int = place.env.now
        self.start = self.end = NEVER
        self.official: Official | None = None

    @property
    def waits(self) -> bool:
        """In the queue: neither called nor given up."""
        return self.start == NEVER and self._value is simpy.events.PENDING

    def happen(self, value: int, rank: int, time: int) -> None:
        """Ends the task at a time, with DONE or with the outcome of a visit that is given up."""
        self._ok = True
        self._value = value
        self.place.env.put(self, rank, time)


class Queue:
    """Those who wait for one kind of task in one class of citizens.

    They join in the order (entry, id): people come in the order of their ids, and one class is guided in turn.
    """

    __slots__ = ("class_bit", "kind", "kind_bit", "network", "rank", "tasks")

    def __init__(self, kind: int, network: bool, number: int, rank: int) -> None:
        self.kind, self.network, self.rank = kind, network, rank
        self.kind_bit, self.class_bit = 1 << kind, 1 << number
        self.tasks: deque[Task] = deque()


class Place:
    """The counters of a point, or its guides: at most ``limit`` are busy at once, ``waiting`` people wait.

    ``idle`` officials stand in the order of their claim (clause "choice").
    """

    def __init__(self, center: Center, number: int, queues: list[Queue]) -> None:
        self.center, self.env, self.number = center, center.env, number
        self.queues = queues
        self.limit = self.busy = self.waiting = 0
        self.idle: list[Official] = []
        self.changed = False

    def add(self, task: Task) -> None:
        """The task waits from now."""
        task.queue.tasks.append(task)
        self.waiting += 1
        self.center.changed(self)

    def drop(self, task: Task, outcome: int, rank: int = Rank.AFTERWARDS) -> None:
        """The task is given up; the visit goes on in a later rank of this instant."""
        task.queue.tasks.remove(task)
        self.waiting -= 1
        task.happen(outcome, rank, self.env.now)

    def free(self, official: Official) -> None:
        """The official is idle from now."""
        official.claim = claim(official.breadth, self.env.now, official.number)
        idle, at = self.idle, len(self.idle)
        while at and idle[at - 1].claim > official.claim:
            at -= 1
        idle.insert(at, official)

    def call(self) -> None:
        """One dispatch pass (clauses "order" and "choice")."""
        while self.waiting and self.busy < self.limit and self.idle:
            found = self._next()
            if found is None:
                return
            self._start(*found)

    def _next(self) -> tuple[Task, Official] | None:
        first: tuple[int, int, int] | None = None
        found: tuple[Task, Official] | None = None
        for queue in self.queues:
            if not queue.tasks or (queue.network and self.center.held):
                continue
            head = queue.tasks[0]
            its_turn = turn(queue.rank, head.entry, head.visit.number)
            if first is None or its_turn < first:
                official = self._official(queue)
                if official is not None:
                    first, found = its_turn, (head, official)
        return found

    def _official(self, queue: Queue) -> Official | None:
        kind, served = queue.kind_bit, queue.class_bit
        for official in self.idle:
            if official.skills & kind and official.classes & served:
                return official
        return None

    def _start(self, task: Task, official: Official) -> None:
        task.queue.tasks.popleft()
        self.waiting -= 1
        self.idle.remove(official)
        self.busy += 1
        official.busy = True
        task.official, task.start = official, self.env.now
        needed = time_needed(task.work, official.speed)
        end = self.center.clock.end(task.start, needed) if task.queue.network else task.start + needed
        task.happen(DONE, Rank.COMPLETION, end)

    def ended(self, task: Any) -> None:
        """First thing when a task happens: the official who did it is free again."""
        task.end = self.env.now
        self.center.keep(task)
        if task.official is not None:
            self.busy -= 1
            finished(self.center, task.official)
            self.center.changed(self)
