"""A center at work: the reference engine. ``run`` turns a plan into its trace."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.attributes import RANK_BITS, VISIT
from sim.choice import goes_to, may_choose
from sim.lookup import People, Ways
from sim.models.boards import boards
from sim.models.citizens import Visit, arrive
from sim.models.contract import Rank
from sim.models.counters import Place, Queue, Rooms, Task
from sim.models.instants import At, Begun, Timeline
from sim.models.network import WorkClock, network
from sim.models.points import Point
from sim.models.rules import point_by_choice
from sim.models.staffing import Official, calendar
from sim.officials import shifts_worked
from sim.outages import network_of
from sim.own_rules import OwnRule
from sim.plan import ROOMS, Kind, Plan, Purpose, Room
from sim.trace import DECISIONS, Outcome, Trace, trace_of
from sim.units import DAY, NEVER


class Center:
    """The state of one run. Processes act on it; it dispatches once an instant and keeps the rows."""

    def __init__(self, plan: Plan, ways: Ways | None = None, rule: OwnRule | None = None) -> None:
        self.plan, self.env, self.rule = plan, Timeline(self._dispatch), rule
        self.clocks = [WorkClock(network_of(plan, number)) for number in range(len(plan.centers))]
        self.fields, self.mismatch, self.paper = plan.fields, plan.rules.weak > 0, int(plan.rules.paper)
        self.opens: list[int] = plan.days["opens"].tolist()
        self.checked = (plan.channels["checking"] != NEVER).tolist()
        self.chooses, self.consulted = bool(plan.rules.chooses), plan.centers["consulted"].tolist()
        self.processed = (plan.procedures["first_step"] < plan.procedures["last_step"]).tolist()
        self.kinds = [(int(row["field"]), bool(row["network"])) for row in plan.procedures]
        self.points = [Point(self, number) for number in range(len(plan.points))]
        self.halls = {point.counters for point in self.points}
        self.places = [place for point in self.points for place in (point.counters, point.guides)]
        self.rooms = self._rooms(len(self.places))
        self.places += [place for rooms in self.rooms for place in rooms.places]
        self.aside = self.places[2 * len(plan.points) + Room.ASIDE]
        self.board: Any = None
        self.officials = [Official(n, self.places[row["place"]], row) for n, row in enumerate(plan.officials)]
        self.people = People(plan, ways)
        self.inside: dict[int, Visit] = {}
        self.records: set[Task] = set()
        self.cases: set[Task] = set()
        self.consultations: set[Task] = set()
        self.ended: list[tuple[int, ...]] = []
        self.decisions: list[tuple[int, int, int]] = []
        self._visits: list[tuple[int, ...]] = []
        self._tasks: list[tuple[int, ...]] = []
        self._dirty: list[Place] = []
        self._number = 0

    def _rooms(self, first: int) -> list[Rooms]:
        """Those of each center, from a place on; specialists may be asked by several."""
        asked = self.plan.centers["asked"].tolist()
        who_ask = [[self.clocks[n] for n, at in enumerate(asked) if at == number] for number in range(len(asked))]
        return [Rooms(self, first + ROOMS * number, clocks) for number, clocks in enumerate(who_ask)]

    def changed(self, place: Place) -> None:
        """Something at a place is not as it was: one dispatch pass at the end of this instant."""
        if not place.changed:
            place.changed = True
            self._dirty.append(place)
            self.env.unsettled = True

    def _dispatch(self) -> None:
        for place in self._dirty:  # may grow by those of the specialists who are asked, called last
            if not place.is_asked:
                place.changed = False
                place.call()
        for place in self._dirty:
            if place.changed:
                place.changed = False
                place.call()
        self._dirty, self.env.unsettled = [], False
        for point in self.points:
            if point.joined:
                point.after_dispatch()

    def network_changes(self, number: int, speed: int) -> None:
        """The speed of the network of a center changes."""
        clock = self.clocks[number]
        clock.down = speed == 0
        for point in self.points:
            if point.clock is clock:
                self.changed(point.counters)
        self.changed(self.rooms[int(self.plan.centers[number]["asked"])].remote)

    def holds(self, queue: Queue, place: Place) -> bool:
        """Whether a queue waits for its network, or records for the door to close."""
        rules, down = self.plan.rules, queue.clock is not None and queue.clock.down
        if queue.kind == self.plan.fields + Kind.RECORD:
            return down or bool(rules.records_after_hours and self.points[place.number // 2].opened)
        if queue.of_cases or place.is_asked:
            return down
        return down and not rules.starts_while_down and not rules.paper

    def arrivals(self) -> Generator[Any, Any, None]:
        """Each midnight the day's people are looked up; then they come."""
        for day in range(len(self.plan.days)):
            yield At(self.env, day * DAY, Rank.ARRIVAL)
            ended, self.ended = self.ended, []
            for point in self.points:
                point.issued = 0
            for row in self.people.day(day, ended).tolist():
                who = Visit(self._number, row)
                self._number += 1
                if who.arrival > self.env.now:
                    yield At(self.env, who.arrival, Rank.ARRIVAL)
                self.inside[who.number] = who
                Begun(self.env, arrive(self, who))

    def leave(self, who: Visit, outcome: int) -> None:
        """A visit ends now."""
        now = self.env.now
        del self.inside[who.number]
        self._visits.append(_visit_row(self._number_of(who), who, now, outcome))
        if outcome not in _DONE or who.owed:
            self._set_out(who, outcome, who.owed)

    def _number_of(self, who: Visit) -> int:
        """The number of the center that a citizen belongs to."""
        return int(self.plan.centers[who.rank >> RANK_BITS]["number"])

    def ready(self, who: Visit) -> None:
        """The result of a case is ready."""
        self._set_out(who, who.outcome, owed=False, ready=True)

    def _set_out(self, who: Visit, outcome: int, owed: bool, ready: bool = False) -> None:
        known = (who.citizen, who.rank, who.visit, who.attempt, who.dossiers, who.left, who.channel, who.purpose)
        self.ended.append((*known, outcome, self.env.now, owed, who.collects, ready))

    def office_of(self, who: Visit, field: int) -> tuple[Place, Queue]:
        """Where a step of a case is done in a field, NEVER for the leaders."""
        if field == NEVER:
            rooms = self.points[who.point].rooms
            return rooms.leaders, rooms.approvals
        point = self.points[self.plan.offices[who.point, field]]
        return point.counters, point.cases[field, self.kinds[who.procedure][1]]

    def goes_elsewhere(self, who: Visit) -> bool:
        """Whether somebody chooses another point, and sets out for it."""
        if not self.chooses:
            return False
        plan, now = self.plan, self.env.now
        visit = {name: getattr(who, name) for name in CHOOSING}
        if not may_choose(plan, visit):
            return False
        point = int(point_by_choice(plan.routes, self.kinds[who.procedure][0], who.point, self.board, plan.rules))
        if point == who.point or now + plan.rules.way >= plan.rules.horizon:
            return False
        goes_to(plan, visit, point, int(now + plan.rules.way))
        for name, value in visit.items():
            setattr(who, name, int(value))
        return True

    def is_remote(self, who: Visit) -> bool:
        """Whether it was filed online from home, so that nobody comes."""
        return bool(self.checked[who.channel]) and who.purpose == Purpose.SUBMIT

    def desk_for(self, who: Visit) -> tuple[Place, Queue]:
        """Where what was filed from home is checked."""
        point = self.points[who.point]
        return point.counters, point.checks[self.kinds[who.procedure]]

    def keep(self, task: Task) -> None:
        """A task is over, or a stretch of it, or the horizon is reached."""
        self.records.discard(task)
        official = NEVER if task.official is None else task.official.number
        row = (
            task.visit.number,
            task.queue.kind,
            task.place.number,
            official,
            task.entry,
            task.start,
            task.end,
        )
        self._tasks.append(row)

    def trace(self) -> Trace:
        """All rows; who is inside at the horizon is in the system."""
        for who in self.inside.values():
            self._visits.append(_visit_row(self._number_of(who), who, NEVER, Outcome.IN_SYSTEM))
            if who.task is not None and who.task.end == NEVER:
                self.keep(who.task)
        for task in [*self.records, *self.cases, *self.consultations]:
            self.keep(task)
        rules, shifts = self.plan.rules, shifts_worked(self.plan)
        trace = trace_of(self._visits, self._tasks, shifts, int(rules.horizon), int(rules.warmup))
        return replace(trace, decisions=np.array(self.decisions, DECISIONS))


CHOOSING = VISIT.names or ()
_DONE = frozenset({Outcome.SERVED, Outcome.ADVISED})
_INCOMPLETE = frozenset({Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE})


def _visit_row(center: int, who: Visit, departure: int, outcome: int) -> tuple[int, ...]:
    """The number of the visit and its row of :data:`sim.trace.VISITS`."""
    left = who.left if outcome in _INCOMPLETE else 0 if outcome in _DONE else who.dossiers
    return (
        who.number,
        who.citizen,
        center,
        who.visit,
        who.point,
        who.procedure,
        who.priority,
        who.channel,
        who.purpose,
        who.dossiers.bit_count(),
        left.bit_count(),
        outcome,
        who.arrival,
        who.entry,
        departure,
        who.travel,
    )


def run(
    plan: Plan,
    ways: Ways | None = None,
    processes: Sequence[Callable[[Center], Generator[Any, Any, Any]]] = (),
    rule: OwnRule | None = None,
) -> Trace:
    """The trace of one replication by the reference engine (see :mod:`sim.models.contract`).

    ``ways``: how people are looked up, in plain Python unless given. ``processes`` run beside those of the center.
    ``rule`` decides for officials who go by Rule.OWN.
    """
    center = Center(plan, ways, rule)
    env = center.env
    env.process(calendar(center))
    env.process(network(center))
    env.process(boards(center))
    env.process(center.arrivals())
    for process in processes:
        env.process(process(center))
    with np.errstate(over="ignore"):
        env.run(until=At(env, int(plan.rules.horizon), Rank.COMPLETION - 1))
    return center.trace()
