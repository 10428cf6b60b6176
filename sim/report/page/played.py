"""Days in a center, played: where everybody is at each second of the median day and of the worst one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from fractions import Fraction
from itertools import chain, pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.demand import open_days
from sim.outages import FULL, causes_of, network_of
from sim.plan import Kind, Purpose
from sim.planning import flatten, replicate
from sim.result import Result
from sim.running import traces
from sim.study import Study
from sim.tally import tally_of
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SECOND, day_of
from sim.yardstick import Yardstick, yardstick

Which = Literal["median", "worst"]
SECONDS = DAY // SECOND
QUARTER = 15 * MINUTE // SECOND


class Where(IntEnum):
    """Where somebody is between their arrival and their departure."""

    OUTSIDE = 0  # before the opening, or in front of a door that does not let them in
    GUIDE_QUEUE = 1
    GUIDED = 2
    QUEUE = 3
    COUNTER = 4
    RESULT = 5  # received, and waiting for the result
    HANDED = 6  # at a counter, to be handed the result


WAITING = frozenset({Where.GUIDE_QUEUE, Where.QUEUE})
WITH_AN_OFFICIAL = frozenset({Where.GUIDED, Where.COUNTER, Where.HANDED})


class Step(NamedTuple):
    """From ``start`` on somebody is there; ``official``: of ``PlayedDay.officials``, NEVER where there is none."""

    where: Where
    start: int
    official: int


@dataclass(frozen=True)
class Stay:
    """One visit; a step lasts until the next one, the last until the departure. None for who is gone at once.

    Times are whole seconds from midnight, cut at the ends of the day: who is there at its end is IN_SYSTEM.
    """

    point: int
    arrival: int
    steps: tuple[Step, ...]
    departure: int
    outcome: Outcome

    def spans(self) -> Iterator[tuple[Step, int]]:
        """Each step and its end."""
        ends = [step.start for step in self.steps[1:]] + [self.departure]
        return zip(self.steps, ends, strict=False)


@dataclass(frozen=True)
class PlayedPoint:
    """A point as it is shown; ``name`` is the user's text."""

    name: str
    counters: int
    guides: int


@dataclass(frozen=True)
class Disturbance:
    """The network is down or slow: seconds from midnight, permille of the usual speed, and what made it that."""

    start: int
    end: int
    speed: int
    causes: tuple[str, ...]

    @property
    def kind(self) -> Literal["down", "slow"]:
        """Down only where nothing goes through."""
        return "slow" if self.speed else "down"


@dataclass(frozen=True)
class PlayedDay:
    """One day of one replication, chosen by its mean wait among ``chosen_from`` days of ``replications``.

    ``wait``: mean minutes of those of its ``people`` who joined the queue. ``at_home``: who filed from home that day,
    and is in no hall. ``opening``: spans in seconds from midnight. ``stays`` are by arrival.
    """

    which: Which
    replication: int
    date: date
    wait: float
    people: int
    at_home: int
    chosen_from: int
    replications: int
    opening: tuple[tuple[int, int], ...]
    points: tuple[PlayedPoint, ...]
    officials: tuple[str, ...]
    stays: tuple[Stay, ...]
    outages: tuple[Disturbance, ...]

    @property
    def shown(self) -> tuple[int, int]:
        """From when to when anybody is there or the door is open, to the quarter of an hour."""
        starts = [self.opening[0][0], *(stay.arrival for stay in self.stays)]
        ends = [self.opening[-1][1], *(stay.departure for stay in self.stays)]
        return min(starts) // QUARTER * QUARTER, min(-(-max(ends) // QUARTER) * QUARTER, SECONDS)

    @property
    def queue(self) -> tuple[tuple[int, int], ...]:
        """Steps of how many wait for a guide or for reception, at all points: from a second on, people."""
        waits = [(step.start, end) for stay in self.stays for step, end in stay.spans() if step.where in WAITING]
        begun = np.array([[start, 1] for start, _ in waits] + [[end, -1] for _, end in waits] + [[self.shown[0], 0]])
        times, nth = np.unique(begun[:, 0], return_inverse=True)
        people = np.cumsum(np.bincount(nth.ravel(), begun[:, 1])).astype(int)
        changes = np.append(True, people[1:] != people[:-1])
        return tuple(zip(times[changes].tolist(), people[changes].tolist(), strict=True))


def played(result: Result, replications: int = 10) -> tuple[PlayedDay, ...]:
    """The day with the (lower) median mean wait and the one with the longest, of the first so many replications.

    The days are the measured open ones on which anybody joined the queue; none gives nothing, a single one itself.
    """
    study = result.study
    by = yardstick(study.scenario, study.targets)
    many, opened = min(replications, study.replications), open_days(study.scenario)
    ranked = (_ranked(trace, number, by, opened) for number, trace in enumerate(traces(study, range(many))))
    found = sorted(chain.from_iterable(ranked))
    if not found:
        return ()
    chosen: dict[Which, _Ranked] = {"median": found[(len(found) - 1) // 2]}
    if len(found) > 1:
        chosen["worst"] = next(one for one in found if one.wait == found[-1].wait)
    numbers = sorted({one.replication for one in chosen.values()})
    made = dict(zip(numbers, traces(study, numbers), strict=True))
    return tuple(
        PlayedDay(
            which=which,
            wait=float(one.wait) / MINUTE,
            chosen_from=len(found),
            replications=many,
            **_what_happened(study, by, made[one.replication], one),
        )
        for which, one in chosen.items()
    )


class _Ranked(NamedTuple):
    """A day by the mean wait in ms of those who joined."""

    wait: Fraction
    replication: int
    day: int
    came: int


def _ranked(trace: Trace, replication: int, by: Yardstick, opened: Any) -> Iterator[_Ranked]:
    days = tally_of(trace, by).days[0]
    for day in opened.tolist():
        came, joined, waited = (int(number) for number in days[day, :3])
        if joined:
            yield _Ranked(Fraction(waited, joined), replication, day, came)


def _what_happened(study: Study, by: Yardstick, trace: Trace, one: _Ranked) -> dict[str, Any]:
    scenario, on = study.scenario, day_of(study.scenario.start, one.day)
    visits = trace.visits
    at_home = np.array(by.from_home)[visits["channel"]] & (visits["purpose"] == Purpose.SUBMIT)
    stays, officials = _stays(trace, ~at_home, one.day, len(by.fields))
    return {
        "replication": one.replication,
        "date": on,
        "people": one.came,
        "at_home": int((at_home & (visits["arrival"] // DAY == one.day)).sum()),
        "opening": tuple((start // SECOND, end // SECOND) for start, end in scenario.calendar.opening(on)),
        "points": tuple(
            PlayedPoint(point.title or name, point.counters, point.guides) for name, point in scenario.points.items()
        ),
        "officials": tuple(by.officials[number] for number in officials),
        "stays": stays,
        "outages": tuple(_outages(study, one)),
    }


def _stays(trace: Trace, at_hall: Any, day: int, fields: int) -> tuple[tuple[Stay, ...], list[int]]:
    """Who is in a hall on a day, and the officials who received them, in the order of their numbers."""
    visits, until = trace.visits, np.where(trace.visits["departure"] == NEVER, trace.horizon, trace.visits["departure"])
    begin, end = day * DAY, (day + 1) * DAY
    here = np.flatnonzero(at_hall & (visits["arrival"] < end) & ((visits["arrival"] >= begin) | (until > begin)))
    here = here[np.argsort(visits["arrival"][here], kind="stable")]
    bounds = np.searchsorted(trace.tasks["visit"], np.stack([here, here + 1]))
    found = []
    for row, first, last in zip(here.tolist(), *bounds.tolist(), strict=True):
        leaves = int(until[row])
        steps = list(_cut(_steps(visits[row], trace.tasks[first:last], fields), leaves, begin, end))
        found.append((row, steps, leaves))
    officials = sorted({step.official for _, steps, _ in found for step in steps} - {NEVER})
    number = {official: nth for nth, official in enumerate(officials)} | {NEVER: NEVER}
    stays = tuple(
        Stay(
            point=int(visits["point"][row]),
            arrival=max(int(visits["arrival"][row]) - begin, 0) // SECOND,
            steps=tuple(step._replace(official=number[step.official]) for step in steps),
            departure=min(leaves - begin, DAY) // SECOND,
            outcome=Outcome.IN_SYSTEM if leaves > end else Outcome(visits["outcome"][row]),
        )
        for row, steps, leaves in found
    )
    return stays, officials


def _steps(visit: Any, tasks: Any, fields: int) -> Iterator[Step]:
    """All steps of a visit in ms of the run; those of no length are there too."""
    yield Step(Where.OUTSIDE, int(visit["arrival"]), NEVER)
    for kind, official, entry, start in tasks[["kind", "official", "entry", "start"]].tolist():
        match kind - fields:
            case Kind.GUIDANCE:
                before, then = Where.GUIDE_QUEUE, Where.GUIDED
            case Kind.SIGNATURE:
                yield Step(Where.RESULT, entry, NEVER)
                continue
            case Kind.COLLECTION:
                before, then = Where.RESULT, Where.HANDED
            case other if other < 0:
                before, then = Where.QUEUE, Where.COUNTER
            case _:
                continue
        yield Step(before, entry, NEVER)
        if start != NEVER:
            yield Step(then, start, official)


def _cut(steps: Iterator[Step], leaves: int, begin: int, end: int) -> Iterator[Step]:
    """What lies of the steps in a day, in seconds from its midnight; those who wait less than a second do not."""
    whole = list(steps)
    last: Where | None = None
    for step, over in zip(whole, [one.start for one in whole[1:]] + [leaves], strict=True):
        first, until = max(step.start, begin) - begin, min(over, end) - begin
        too_short = until <= first or (step.where not in WITH_AN_OFFICIAL and until // SECOND == first // SECOND)
        if not too_short and step.where != last:
            yield Step(step.where, first // SECOND, step.official)
            last = step.where


def _outages(study: Study, one: _Ranked) -> list[Disturbance]:
    flat = flatten(study.scenario, study.center)
    plan = replicate(flat, study.seed, one.replication)
    steps, begin, end = network_of(plan, 0), one.day * DAY, (one.day + 1) * DAY
    causes = causes_of(plan._replace(network=flat.network, networks=flat.networks))
    times = np.unique(np.concatenate([[begin, end], *(each["time"] for each in causes.values())]))
    times = times[(times >= begin) & (times <= end)].tolist()
    found: list[Disturbance] = []
    for start, until in pairwise(times) if causes else ():
        speed = _speed(steps, start)
        names = tuple(name for name, each in causes.items() if _speed(each, start) == speed)
        if found and (found[-1].end, found[-1].speed, found[-1].causes) == ((start - begin) // SECOND, speed, names):
            found[-1] = replace(found[-1], end=(until - begin) // SECOND)
        elif speed < FULL:
            found.append(Disturbance((start - begin) // SECOND, (until - begin) // SECOND, speed, names))
    return found


def _speed(steps: Any, at: int) -> int:
    return int(steps["speed"][np.searchsorted(steps["time"], at, side="right") - 1])
