"""Officials come on duty and go off, doors open and close: the calendar of the plan, row by row."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.models.contract import Rank
from sim.models.instants import At
from sim.officials import is_away
from sim.plan import BACK_OFFICE, Change
from sim.units import DAY, MONTHS, NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.counters import Place, Task


class Official:
    """Somebody who works at one place. ``off`` is when the last shift ended, ``left`` when they could go.

    ``overtime``: ms of the present month and year, the ``month`` it was counted in; ``paid_until``: the end of the
    day's last shift once it is past. ``due``: when they are at the ``target`` to which a rule sent them.
    """

    __slots__ = (
        "breadth",
        "busy",
        "center",
        "claim",
        "classes",
        "due",
        "given",
        "left",
        "month",
        "number",
        "off",
        "on_duty",
        "overtime",
        "owed",
        "paid_until",
        "place",
        "receives",
        "skills",
        "speed",
        "step",
        "target",
        "weak",
    )

    def __init__(self, number: int, place: Place, row: Any) -> None:
        self.number, self.place, self.given = number, place, row
        self.center = int(row["center"])
        self.due = self.target = NEVER
        self.weak = bool(row["weak"])
        self.skills, self.breadth = int(row["skills"]), int(row["breadth"])
        self.classes, self.speed = int(row["classes"]), int(row["speed"])
        self.receives = bool(self.classes & ~BACK_OFFICE)
        self.on_duty = self.busy = False
        self.off = self.left = self.month = self.paid_until = NEVER
        self.claim: tuple[int, int, int] = (0, 0, 0)
        self.owed, self.overtime = 0, [0, 0]
        self.step: Any = None

    def count(self, month: int, overtime: int) -> None:
        """Adds overtime worked in a month to what was worked in it and in its year."""
        if month != self.month:
            year = self.overtime[1] if month // MONTHS == self.month // MONTHS else 0
            self.overtime, self.month = [0, year], month
        self.overtime = [worked + overtime for worked in self.overtime]


def calendar(center: Center) -> Generator[At, Any, None]:
    """The process that applies the changes of each day's program at their times."""
    changes, first = center.plan.changes.tolist(), center.plan.programs["changes"].tolist()
    for day, program in enumerate(center.plan.days["program"].tolist()):
        for time, value, kind, subject in changes[first[program] : first[program + 1]]:
            if day * DAY + time > center.env.now:
                yield At(center.env, day * DAY + time, Rank.CHANGE)
            _apply(center, kind, subject, value)


def _apply(center: Center, kind: int, subject: int, value: int) -> None:
    match kind:
        case Change.DUTY:
            _duty(center, center.officials[subject], bool(value))
        case Change.DOOR:
            center.points[subject].door(bool(value))
        case Change.HOME:
            center.points[subject].send_home()
        case Change.LIMIT:
            center.places[subject].limit = value
            center.changed(center.places[subject])
        case Change.SPEED:
            center.officials[subject].speed = value
        case Change.MOVE:
            move(center, center.officials[subject], center.places[value])
        case Change.STAY:
            _stay(center, center.officials[subject], value)
        case Change.EXTRA:
            if not is_away(center.plan, subject, center.env.now):
                center.officials[subject].count(_month(center), value)
        case _:
            raise ValueError(f"the calendar has a change of unknown kind {kind}")


def _duty(center: Center, official: Official, on: bool) -> None:
    """A shift begins or ends; a break to be taken in full that began late delays it (clause "break")."""
    now = center.env.now
    if not on:
        if official.step:
            official.place.put_aside(official)
            center.changed(official.place)
        official.on_duty, official.off, official.owed = False, now, 0
        if official in official.place.idle:
            official.place.idle.remove(official)
        return
    if is_away(center.plan, official.number, now):
        return
    official.paid_until, official.classes = NEVER, int(official.given["classes"])
    in_a_break = official.off != NEVER and official.off // DAY == now // DAY
    if center.plan.rules.breaks_in_full and in_a_break:
        if official.busy:
            official.owed = now - official.off
            return
        if official.left > official.off:
            _later(center, official, now + official.left - official.off)
            return
    present(center, official)


def move(center: Center, official: Official, place: Place) -> None:
    """From now on the official works at another place; whom they serve they serve to the end (clause "move")."""
    idle = official in official.place.idle
    if idle:
        official.place.idle.remove(official)
    if official.step:
        official.place.put_aside(official)
        center.changed(official.place)
        idle = True
    official.place = place
    if idle:
        place.free(official)
        center.changed(place)


def _stay(center: Center, official: Official, most: int) -> None:
    """The shifts of the day are over: the official stays if the law leaves room for it (clause "law").

    The back office is done for the day.
    """
    official.paid_until, official.classes = center.env.now, official.classes & ~BACK_OFFICE
    if official.step:
        official.place.put_aside(official)
        present(center, official)
    official.count(_month(center), 0)
    limits = center.plan.rules.month_limit, center.plan.rules.year_limit
    if any(worked + most > limit for worked, limit in zip(official.overtime, limits, strict=True)):
        _duty(center, official, on=False)


def _month(center: Center) -> int:
    return int(center.plan.days["month"][center.env.now // DAY])


def present(center: Center, official: Official) -> None:
    """On duty from now, idle unless a service still runs."""
    official.on_duty = True
    if not official.busy:
        official.place.free(official)
        center.changed(official.place)


def finished(center: Center, task: Task) -> None:
    """A service ended: its official is idle again, or off, or goes into the break that is owed."""
    official, now = task.official, center.env.now
    assert official is not None
    official.busy = False
    official.left = now
    if official.paid_until != NEVER:
        official.count(_month(center), now - max(task.start, official.paid_until))
    if official.on_duty:
        official.place.free(official)
        center.changed(official.place)
    elif official.owed:
        _later(center, official, now + official.owed)


def _later(center: Center, official: Official, time: int) -> None:
    """Comes on duty at a time, unless another shift ends before."""
    off = official.off

    def back(_: Any) -> None:
        if official.off == off:
            present(center, official)

    At(center.env, time, Rank.CHANGE).callbacks.append(back)
