"""The way of a citizen through one visit, from the gate to the street."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.models.contract import Rank
from sim.models.counters import DONE
from sim.models.instants import At, Begun
from sim.models.processing import check, makes_a_case, process
from sim.trace import Outcome
from sim.units import DAY, NEVER

if TYPE_CHECKING:
    from sim.models.center import Center


class Visit:
    """One visit: what the citizen brings (a row of :data:`sim.attributes.VISIT`) and how far they came."""

    __slots__ = (
        "after_guidance",
        "arrival",
        "attempt",
        "carried",
        "channel",
        "citizen",
        "collection",
        "collects",
        "dossiers",
        "entry",
        "guidance",
        "left",
        "number",
        "outcome",
        "owed",
        "patience",
        "point",
        "priority",
        "procedure",
        "purpose",
        "rank",
        "signature",
        "task",
        "timed",
        "travel",
        "visit",
        "work",
    )

    def __init__(self, number: int, row: tuple[Any, ...]) -> None:
        self.number = number
        (
            self.citizen,
            self.rank,
            self.arrival,
            self.patience,
            self.guidance,
            self.work,
            self.signature,
            self.collection,
            self.travel,
            self.dossiers,
            self.left,
            self.visit,
            self.attempt,
            self.point,
            self.priority,
            self.procedure,
            self.purpose,
            self.channel,
            self.after_guidance,
            self.outcome,
            self.carried,
            self.collects,
        ) = row
        self.entry = NEVER
        self.task: Any = None
        self.timed = self.owed = False


def arrive(center: Center, who: Visit) -> Generator[Any, Any, None]:
    """Somebody files from home, sets out for another point, or comes to their own."""
    if center.is_remote(who):
        yield from check(center, who)
        return
    if center.goes_elsewhere(who):
        yield At(center.env, who.arrival, Rank.ARRIVAL)
    yield from visit(center, who)


def visit(center: Center, who: Visit) -> Generator[Any, Any, None]:
    """Gate, door, guide, counter: a process that ends when the citizen leaves."""
    point = center.points[who.point]
    if not point.opened:
        if not point.opens_later_today():
            return center.leave(who, Outcome.TURNED_AWAY)
        yield point.opening
    if not point.admits():
        return center.leave(who, Outcome.TURNED_AWAY)
    who.entry = center.env.now

    if who.guidance != NEVER:
        gave_up = yield point.wait_for_guide(who)
        if gave_up != DONE:
            return center.leave(who, gave_up)
        if who.after_guidance != NEVER:
            return center.leave(who, who.after_guidance)

    gave_up = yield point.wait_for_counter(who)
    if gave_up != DONE:
        return center.leave(who, gave_up)
    if makes_a_case(center, who):
        Begun(center.env, process(center, who))
    who.owed = who.signature != NEVER and who.outcome == Outcome.SERVED
    if who.owed and center.env.now % DAY <= center.plan.rules.cut_off:
        yield from result(center, who)
    return center.leave(who, who.outcome)


def result(center: Center, who: Visit) -> Generator[Any, Any, None]:
    """The result is signed and handed over, or still ``owed`` when the citizen goes home."""
    point = center.points[who.point]
    point.results += 1
    gave_up = yield point.wait_for_signature(who)
    if gave_up == DONE:
        gave_up = yield point.wait_for_result(who)
    if gave_up == DONE:
        who.owed = False
    else:
        point.results -= 1
