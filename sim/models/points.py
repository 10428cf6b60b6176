"""A reception point: its door and gate, its seats, and the two queues inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from sim.models.contract import Rank
from sim.models.counters import Place, Queue, Rooms, Task
from sim.models.instants import At
from sim.models.rules import CASES, CHECKS, RECORDS
from sim.plan import Kind
from sim.scalars import UNLIMITED
from sim.trace import Outcome
from sim.units import DAY, NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.citizens import Visit
    from sim.models.network import WorkClock


class Point:
    """One hall. ``closed_for_good`` from the moment at which those who waited were sent home.

    ``results``: how many sit here until their result is handed over. ``report``: of today, ms that those waited who
    were called to a counter, and how many they were; and of the last day on which anybody was. ``clock``: the network
    of the center that it is of.
    """

    def __init__(self, center: Center, number: int) -> None:
        plan, self.center, self.env, self.number = center.plan, center, center.env, number
        row = plan.points[number]
        self.of_center = int(row["center"])
        self.clock: WorkClock = center.clocks[self.of_center]
        self.seats, self.tickets = int(row["seats"]), int(row["tickets"])
        self.opened, self.closed_for_good, self.issued, self.results = False, True, 0, 0
        self.opening = simpy.Event(self.env)
        self.joined: list[Task] = []
        self.report = self.last_report = (0, 0)
        self.queues = {
            (kind, network, priority): Queue(kind, self.clock if network else None, priority, int(rank))
            for kind, network in sorted({(int(p["field"]), bool(p["network"])) for p in plan.procedures})
            for priority, rank in enumerate(plan.priorities["value"][0])
        }
        self.guidance = [
            Queue(plan.fields, None, priority, int(rank)) for priority, rank in enumerate(plan.priorities["value"][0])
        ]
        self.handing, self.records = self._by_field(Kind.COLLECTION, NEVER), self._by_field(Kind.RECORD, RECORDS)
        self.cases = self._of_office(Kind.STEP, CASES) if len(plan.steps) else {}
        self.checks = self._of_office(Kind.CHECK, CHECKS) if (plan.channels["checking"] != NEVER).any() else {}
        office = [*self.checks.values(), *self.cases.values()]
        everything = [*self.queues.values(), *self.handing, *self.records, *office]
        self.counters = Place(center, 2 * number, everything)
        self.guides = Place(center, 2 * number + 1, self.guidance)

    @property
    def rooms(self) -> Rooms:
        """Those of its center."""
        return self.center.rooms[self.of_center]

    def _by_field(self, kind: Kind, rank: int) -> list[Queue]:
        fields, clock = self.center.plan.fields, self.clock if kind == Kind.RECORD else None
        return [Queue(fields + kind, clock, NEVER, rank, field) for field in range(fields)]

    def _of_office(self, kind: Kind, rank: int) -> dict[tuple[int, bool], Queue]:
        """The queues of the back office, by field and whether the network is needed."""
        fields = self.center.plan.fields
        return {
            (field, network): Queue(fields + kind, self.clock if network else None, NEVER, rank, field)
            for field in range(fields)
            for network in (False, True)
        }

    def door(self, opens: bool) -> None:
        """Opens, and lets in who stands at the gate; or closes."""
        self.opened = opens
        if self.center.plan.rules.records_after_hours:
            self.center.changed(self.counters)
        if opens:
            self.closed_for_good = False
            self.env.happen(self.opening, Rank.GATE, self.env.now)
            self.opening = simpy.Event(self.env)

    def opens_later_today(self) -> bool:
        """Whether it is worth standing at the gate."""
        opens = self.center.opens[self.env.now // DAY]
        return opens != NEVER and self.env.now < opens

    def admits(self) -> bool:
        """Hands out a ticket, if there is one left."""
        self.issued += 1
        return self.issued <= self.tickets

    def wait_for_guide(self, who: Visit) -> Task:
        """The citizen's turn at the guidance desk."""
        return self._join(Task(self.guides, who, self.guidance[who.priority], who.guidance))

    def wait_for_counter(self, who: Visit) -> Task:
        """The citizen's turn at a counter."""
        field, network = self.center.kinds[who.procedure]
        return self._join(Task(self.counters, who, self.queues[field, network, who.priority], who.work))

    def wait_for_signature(self, who: Visit) -> Task:
        """The turn of what was received at the leaders."""
        leaders = self.rooms.leaders
        return self._join(Task(leaders, who, leaders.queues[who.priority], who.signature))

    def wait_for_result(self, who: Visit) -> Task:
        """The citizen's turn to be handed the result."""
        field, _ = self.center.kinds[who.procedure]
        return self._join(Task(self.counters, who, self.handing[field], who.collection))

    def put_on_record(self, who: Visit) -> None:
        """What was accepted on paper is to be typed in (clause "record")."""
        accepted = who.dossiers & ~(who.left if who.outcome == Outcome.INCOMPLETE else 0)
        if accepted:
            work = accepted.bit_count() * int(self.center.plan.rules.record)
            field, _ = self.center.kinds[who.procedure]
            task = Task(self.counters, who, self.records[field], work)
            self.center.records.add(task)
            self.counters.add(task)

    def _join(self, task: Task) -> Task:
        who = task.visit
        who.task = task
        if self.closed_for_good:
            task.happen(self._sent_home(), Rank.CHANGE, self.env.now)
            return task
        task.place.add(task)
        if not self._to_be_received(task):
            return task
        self.joined.append(task)
        if who.patience != NEVER and who.entry + who.patience <= self.env.now:
            self._expire_at(who, self.env.now)
        return task

    def _to_be_received(self, task: Task) -> bool:
        return task.queue.kind <= self.center.fields + Kind.GUIDANCE

    def _sent_home(self) -> int:
        return Outcome.CARRIED_OVER if self.center.plan.rules.carries_over else Outcome.TURNED_AWAY

    def send_home(self) -> None:
        """Whoever waits leaves, and nobody begins to wait any more (clause "closing")."""
        self.closed_for_good = True
        for place in (self.guides, self.counters, self.rooms.leaders):
            for queue in place.queues:
                mine = [task for task in queue.tasks if task.visit.point == self.number]
                for task in mine if queue.urgent else ():
                    self.center.changed(place)
                    place.drop(task, self._sent_home(), Rank.CHANGE)

    def _give_up(self, task: Task, outcome: int) -> None:
        task.place.drop(task, outcome)
        self.center.changed(task.place)

    def after_dispatch(self) -> None:
        """Who entered now and has no seat balks, last first; the patience of those who wait begins to count."""
        joined, self.joined = self.joined, []
        waiting = [task for task in joined if task.waits]
        if waiting and self.seats < UNLIMITED:
            self._balk([task for task in waiting if task.visit.entry == self.env.now])
        for task in waiting:
            if task.waits and task.visit.patience != NEVER and not task.visit.timed:
                self._expire_at(task.visit, task.visit.entry + task.visit.patience)

    def _balk(self, entered: list[Task]) -> None:
        excess = self.guides.people + self.counters.people + self.results - self.seats
        entered.sort(key=lambda task: task.visit.number, reverse=True)
        for task in entered[: max(excess, 0)]:
            task.place.drop(task, Outcome.BALKED)

    def _expire_at(self, who: Visit, time: int) -> None:
        who.timed = True

        def gone(_: simpy.Event) -> None:
            if who.task.waits and self._to_be_received(who.task):
                self._give_up(who.task, Outcome.RENEGED)

        At(self.env, time, Rank.RENEGE).callbacks.append(gone)
