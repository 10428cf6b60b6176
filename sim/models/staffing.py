"""Officials come on duty and go off, doors open and close: the calendar of the plan, row by row."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.models.contract import Rank
from sim.models.instants import At
from sim.plan import Change
from sim.units import DAY, NEVER

if TYPE_CHECKING:
    from sim.models.center import Center
    from sim.models.counters import Place


class Official:
    """Somebody who works at one place. ``off`` is when the last shift ended, ``left`` when they could go."""

    __slots__ = (
        "breadth",
        "busy",
        "claim",
        "classes",
        "left",
        "number",
        "off",
        "on_duty",
        "owed",
        "place",
        "skills",
        "speed",
    )

    def __init__(self, number: int, place: Place, row: Any) -> None:
        self.number, self.place = number, place
        self.skills, self.breadth = int(row["skills"]), int(row["breadth"])
        self.classes, self.speed = int(row["classes"]), int(row["speed"])
        self.on_duty = self.busy = False
        self.off = self.left = NEVER
        self.claim: tuple[int, int, int] = (0, 0, 0)
        self.owed = 0


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
        case _:
            raise ValueError(f"the calendar has a change of unknown kind {kind}")


def _duty(center: Center, official: Official, on: bool) -> None:
    """A shift begins or ends; a break to be taken in full that began late delays it (clause "break")."""
    now = center.env.now
    if not on:
        official.on_duty, official.off, official.owed = False, now, 0
        if official in official.place.idle:
            official.place.idle.remove(official)
        return
    in_a_break = official.off != NEVER and official.off // DAY == now // DAY
    if center.plan.rules.breaks_in_full and in_a_break:
        if official.busy:
            official.owed = now - official.off
            return
        if official.left > official.off:
            _later(center, official, now + official.left - official.off)
            return
    present(center, official)


def present(center: Center, official: Official) -> None:
    """On duty from now, idle unless a service still runs."""
    official.on_duty = True
    if not official.busy:
        official.place.free(official)
        center.changed(official.place)


def finished(center: Center, official: Official) -> None:
    """A service ended: idle again, or off, or into the break that is owed."""
    official.busy = False
    official.left = center.env.now
    if official.on_duty:
        official.place.free(official)
    elif official.owed:
        _later(center, official, center.env.now + official.owed)


def _later(center: Center, official: Official, time: int) -> None:
    """Comes on duty at a time, unless another shift ends before."""
    off = official.off

    def back(_: Any) -> None:
        if official.off == off:
            present(center, official)

    At(center.env, time, Rank.CHANGE).callbacks.append(back)
