"""The way of a case through the back office, once its dossiers were accepted at a counter."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.models.contract import Rank
from sim.models.counters import DONE, Place, Queue, Task
from sim.models.instants import At, Begun
from sim.models.rules import speed_for, step_needs
from sim.officials import is_weak
from sim.plan import Kind
from sim.processing import accepted, in_units, work_of_step
from sim.units import NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.citizens import Visit
    from sim.models.staffing import Official


class Step(Task):
    """A step of a case: worked at in stretches, the present one from ``start`` on at ``speed``.

    ``left``: what is still to be done, in UNIT of a ms; ``stretch``: the number of the present one.
    """

    def __init__(self, place: Place, visit: Visit, queue: Queue, work: int) -> None:
        super().__init__(place, visit, queue, work)
        self.callbacks = []
        self.left, self.speed, self.stretch = work, 0, 0

    def begin(self, official: Official) -> None:
        """A stretch begins: its end is known, unless it is put aside before."""
        center, queue = self.place.center, self.queue
        self.official, self.start, self.stretch = official, self.place.env.now, self.stretch + 1
        official.busy, official.step, self.speed = True, self, official.speed
        by_field = queue.kind != center.fields + Kind.APPROVAL and (official.weak or center.mismatch)
        if by_field and is_weak(center.plan, official.number, queue.field):
            self.speed = speed_for(self.speed, int(center.plan.rules.weak_speed))
        needed, stretch = step_needs(self.left, self.speed), self.stretch
        end = queue.clock.reaches(self.start, needed) if queue.clock else self.start - (-needed // 1000)

        def done(_: Any) -> None:
            if self.stretch == stretch:
                self.stop()
                self.place.free(official)
                center.changed(self.place)
                self.happen(DONE, Rank.COMPLETION, self.place.env.now)

        At(self.place.env, end, Rank.COMPLETION).callbacks.append(done)

    def stop(self) -> None:
        """The present stretch is over: what is left is known, and its row is kept."""
        center, now, official = self.place.center, self.place.env.now, self.official
        assert official is not None
        clock = self.queue.clock
        done = clock.passed(self.start, now) if clock else 1000 * (now - self.start)
        self.left -= done * self.speed
        self.end, self.stretch = now, self.stretch + 1
        center.keep(self)
        self.place.desk.remove(official)
        official.step, official.busy, official.left = None, False, now
        self.official, self.start, self.end = None, NEVER, NEVER


def check(center: Center, who: Visit) -> Generator[Any, Any, None]:
    """What was filed from home is checked: accepted, or sent back where something is missing."""
    place, queue = center.desk_for(who)
    who.task = Step(place, who, queue, in_units(who.work))
    place.add(who.task)
    yield who.task
    if makes_a_case(center, who):
        Begun(center.env, process(center, who))
    center.leave(who, who.outcome)


def process(center: Center, who: Visit) -> Generator[Any, Any, None]:
    """The steps of a case, one after the other; then its result is ready."""
    plan, row = center.plan, center.plan.procedures[who.procedure]
    case = {"citizen": who.citizen, "attempt": who.attempt, "procedure": who.procedure, "dossiers": accepted_of(who)}
    for nth in range(int(row["first_step"]), int(row["last_step"])):
        place, queue = center.office_of(who, int(plan.steps[nth]["field"]))
        step = Step(place, who, queue, work_of_step(plan, case, nth))
        center.cases.add(step)
        place.add(step)
        yield step
        center.cases.remove(step)
    center.ready(who)


def makes_a_case(center: Center, who: Visit) -> bool:
    """Whether the back office has something to do once a visit was received."""
    return center.processed[who.procedure] and bool(accepted_of(who))


def accepted_of(who: Visit) -> int:
    """The dossiers accepted at a visit, a bit each."""
    brought = {name: getattr(who, name) for name in ("purpose", "outcome", "dossiers", "left")}
    return accepted(brought)
