"""A place where officials do tasks: its queues, its idle officials, and who is called next."""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import TYPE_CHECKING, Any

import simpy

from sim.models.contract import Rank
from sim.models.rules import CASES, CHECKS, RECORDS, claim, speed_for, time_needed, turn
from sim.models.staffing import Official, finished
from sim.officials import errs, is_weak
from sim.plan import BACK_OFFICE, Kind, Purpose, Room
from sim.trace import Outcome
from sim.units import NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.citizens import Visit
    from sim.models.network import WorkClock

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
        self.host: Official | None = None
        self.on_paper = False

    @property
    def waits(self) -> bool:
        """In the queue: neither called nor given up."""
        return self.start == NEVER and self._value is simpy.events.PENDING

    def begin(self, official: Official) -> None:
        """Only steps of cases are worked at in stretches."""
        raise NotImplementedError

    def happen(self, value: int, rank: int, time: int) -> None:
        """Ends the task at a time, with DONE or with the outcome of a visit that is given up."""
        self.place.env.happen(self, rank, time, value)


class Queue:
    """Those who wait for one ``kind`` of task, by (entry, id): it asks for the skill of a ``field``.

    With a class ``number`` it also asks for an official who serves that class. ``clock``: the network that the task
    needs, None where it needs none. ``urgent``: a citizen waits, so that work on a case is put aside. ``of_cases``: of
    the back office, whose work needs no counter.
    """

    __slots__ = ("class_bit", "clock", "field", "kind", "kind_bit", "of_cases", "rank", "tasks", "urgent")

    def __init__(self, kind: int, clock: WorkClock | None, number: int, rank: int, field: int | None = None) -> None:
        self.kind, self.clock, self.rank = kind, clock, rank
        self.field = kind if field is None else field
        self.kind_bit, self.class_bit = 1 << self.field, ANY_CLASS if number == NEVER else 1 << number
        self.urgent, self.of_cases = rank < RECORDS, rank >= CHECKS
        if self.of_cases:
            self.class_bit = BACK_OFFICE
        self.tasks: deque[Task] = deque()


ANY_CLASS = BACK_OFFICE - 1


class Place:
    """The counters of a point, or its guides, or the leaders: at most ``limit`` are busy at once.

    ``waiting`` tasks wait, ``people`` of them to be received. ``idle`` officials stand in the order of their claim
    (clause "choice"); at the ``desk`` are those who work on cases, in the order of the claim they had before.
    ``is_asked``: over a link, by officials at counters.
    """

    def __init__(self, center: Center, number: int, queues: list[Queue]) -> None:
        self.center, self.env, self.number = center, center.env, number
        self.queues = queues
        self.limit = self.busy = self.waiting = self.people = 0
        self.idle: list[Official] = []
        self.desk: list[Official] = []
        self.changed = self.is_asked = False

    def add(self, task: Task) -> None:
        """The task waits from now, or again."""
        self._put_in_line(task)
        self.center.changed(self)

    def _put_in_line(self, task: Task) -> None:
        tasks = task.queue.tasks
        at = len(tasks)
        while at and (tasks[at - 1].entry, tasks[at - 1].visit.number) > (task.entry, task.visit.number):
            at -= 1
        tasks.insert(at, task)
        self._count(task, 1)

    def drop(self, task: Task, outcome: int, rank: int = Rank.AFTERWARDS) -> None:
        """The task is given up; the visit goes on in a later rank of this instant."""
        task.queue.tasks.remove(task)
        self._count(task, -1)
        task.happen(outcome, rank, self.env.now)

    def _count(self, task: Task, more: int) -> None:
        self.waiting += more
        if task.queue.kind <= self.center.fields + Kind.GUIDANCE:
            self.people += more

    def free(self, official: Official) -> None:
        """The official is idle from now."""
        official.claim = claim(official.breadth, self.env.now, official.number)
        insort(self.idle, official, key=lambda one: one.claim)

    def put_aside(self, official: Official) -> None:
        """What an official works on in the back office waits again, in its old place (clause "aside")."""
        step = official.step
        step.stop()
        self._put_in_line(step)

    def call(self) -> None:
        """One dispatch pass (clauses "order" and "choice")."""
        while self.waiting and (self.idle or self.desk):
            found = self._next()
            if found is None:
                return
            self._start(*found)

    def _next(self) -> tuple[Task, Official] | None:
        first: tuple[int, int, int] | None = None
        found: tuple[Task, Official] | None = None
        for queue in self.queues:
            full = self.busy >= self.limit and not queue.of_cases
            if full or not queue.tasks or self.center.holds(queue, self):
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
        for official in (*self.idle, *self.desk) if queue.urgent else self.idle:
            if official.skills & kind and official.classes & served:
                return official
        return None

    def _start(self, task: Task, official: Official) -> None:
        task.queue.tasks.popleft()
        self._count(task, -1)
        if official in self.desk:
            self.put_aside(official)
        else:
            self.idle.remove(official)
        if task.queue.of_cases:
            insort(self.desk, official, key=lambda one: one.claim)
            task.begin(official)
            return
        self.busy += 1
        official.busy = True
        task.official, task.start = official, self.env.now
        if task.queue.kind < self.center.fields:
            self._received(task)
            if self._asks(task, official):
                self._consult(task, official)
                return
        task.happen(DONE, Rank.COMPLETION, self._end(task, official))

    def _received(self, task: Task) -> None:
        """What the board says of those who were called."""
        point = self.center.points[task.visit.point]
        waited, received = point.report
        point.report = waited + task.start - task.entry, received + 1

    def _asks(self, task: Task, official: Official) -> bool:
        """Whether an official for whom it goes worse asks a specialist over a link (clause "consultation")."""
        plan, field = self.center.plan, task.queue.kind
        point = self.center.points[task.visit.point]
        asked = self.center.consulted[point.of_center] >> field & 1 and not point.clock.down
        return bool(asked and (official.weak or self.center.mismatch) and is_weak(plan, official.number, field))

    def _consult(self, task: Task, official: Official) -> None:
        """Both citizen and official wait for a specialist, and are done when they are."""
        point = self.center.points[task.visit.point]
        rooms = self.center.rooms[int(self.center.plan.centers[point.of_center]["asked"])]
        remote, queue = rooms.remote, rooms.asked[point.clock, task.queue.kind, task.visit.priority]
        asking = Task(remote, task.visit, queue, task.work)
        asking.host = official
        self.center.consultations.add(asking)

        def done(_: Any) -> None:
            self.center.consultations.remove(asking)
            task.happen(DONE, Rank.COMPLETION, self.env.now)

        assert asking.callbacks is not None
        asking.callbacks.append(done)
        remote.add(asking)

    def _end(self, task: Task, official: Official) -> int:
        """When the task that starts now will be done, and how."""
        plan, clock, speed = self.center.plan, task.queue.clock, official.speed
        fields, queue = self.center.fields, task.queue
        may_be_weak = queue.kind < fields and (official.weak or self.center.mismatch)
        if may_be_weak and is_weak(plan, official.number, queue.kind):
            speed = speed_for(speed, int(plan.rules.weak_speed))
            _take_in(task.visit, plan)
        if queue.kind == fields + Kind.COLLECTION:
            self.center.points[task.visit.point].results -= 1
        needed = time_needed(task.work, speed)
        if task.host is not None:
            needed = int(plan.rules.set_up) + time_needed(task.work, task.host.speed)
        if clock is None:
            return task.start + needed
        if self.center.paper and queue.kind < fields:
            end, task.on_paper = clock.end_with_paper(task.start, needed, self.center.paper)
            return end
        return clock.end(task.start, needed)

    def ended(self, task: Any) -> None:
        """First thing when a task happens: the official who did it is free again."""
        task.end = self.env.now
        self.center.keep(task)
        if task.official is not None:
            self.busy -= 1
            finished(self.center, task)
            self.center.changed(self)
            if task.on_paper:
                self.center.points[task.visit.point].put_on_record(task.visit)


class Rooms:
    """The places of a center beside its points, from a number on: of the leaders, aside, and of those who are asked.

    ``clocks``: the networks of the centers that ask there.
    """

    def __init__(self, center: Center, first: int, clocks: list[WorkClock]) -> None:
        fields, ranks = center.fields, list(enumerate(center.plan.priorities["value"][0].tolist()))
        signing = [Queue(fields + Kind.SIGNATURE, None, priority, rank) for priority, rank in ranks]
        self.approvals = Queue(fields + Kind.APPROVAL, None, NEVER, CASES, fields + Kind.SIGNATURE)
        self.asked = {
            (clock, field, priority): Queue(fields + Kind.CONSULTATION, clock, priority, rank, field)
            for clock in clocks
            for field in range(fields)
            for priority, rank in ranks
        }
        self.leaders = Place(center, first + Room.LEADERS, [*signing, self.approvals])
        self.remote = Place(center, first + Room.REMOTE, list(self.asked.values()))
        self.remote.is_asked = True
        self.places = [self.leaders, Place(center, first + Room.ASIDE, []), self.remote]


def _take_in(who: Visit, plan: Any) -> None:
    """An official for whom it goes worse may take in wrongly what was whole: it comes back."""
    submits = who.purpose == Purpose.SUBMIT and who.outcome == Outcome.SERVED
    if submits and errs(plan, who.citizen, who.visit):
        who.outcome, who.left = Outcome.INCOMPLETE, who.dossiers
