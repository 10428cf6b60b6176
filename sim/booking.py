"""Those who booked a time: a row of places a day, each taken or not, kept or missed by numbers of its own.

The first center of a plan alone keeps a book. Place p of a day is p % ``places`` of its time p // ``places``. Whoever
takes it is (center, day, ``BOOK``, k), with k from ``tries`` * p on: of those who want something the first who does
not file from home, the others file.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

from sim.attributes import draw, files_from_home
from sim.distributions import quantile
from sim.look import Look
from sim.plan import Plan
from sim.returns import lift, time_of_day, turn_of
from sim.streams import BOOK, Stream, counter, person, whole
from sim.units import DAY, NEVER


def numbers_on(plan: Plan, day: int) -> Any:
    """How many numbers k there are of those who book on a day."""
    return _places_on(plan, day) * plan.rules["tries"]


def _places_on(plan: Plan, day: int) -> Any:
    return (plan.days[day]["last_time"] - plan.days[day]["first_time"]) * plan.rules["places"]


def book(plan: Plan, look: Look, day: int, rank: int) -> None:
    """Those who booked a time on a day are on their way, ranked from ``rank`` on by their numbers."""
    tries = plan.rules["tries"]
    for place in range(_places_on(plan, day)):
        comes = _comes_on(plan, day, counter(person(plan.centers[0]["number"], day, BOOK, place * tries), 0))
        if comes != NEVER:
            _take(plan, look, day, place, comes, rank)


def _comes_on(plan: Plan, day: int, at: Any) -> int:
    """The day on which somebody comes for a place, NEVER where it is free or they miss it."""
    row, keeps = plan.days[day], plan.rules["keeps"]
    if whole(draw(plan, Stream.BOOKED, at)) >= row["booked"]:
        return NEVER
    random = whole(draw(plan, Stream.NO_SHOW, at))
    if not row["storm"]:
        return day if random < keeps else NEVER
    in_storm = min(plan.rules["storm_factor"], 1.0)
    if random < keeps * in_storm:
        return day
    later = keeps * (in_storm + (1 - in_storm) * plan.rules["storm_later"])
    return _first_clear(plan, day) if random < later else NEVER


def _first_clear(plan: Plan, day: int) -> int:
    """The first working day after one on which no storm lasts, NEVER where there is none."""
    for later in range(day + 1, len(plan.days)):
        if plan.days[later]["is_working"] and not plan.days[later]["storm"]:
            return later
    return NEVER


def _take(plan: Plan, look: Look, day: int, place: int, comes: int, rank: int) -> None:
    """Who takes a place comes on a day, and before them those who would have, and file from home."""
    tries = plan.rules["tries"]
    for k in range(place * tries, (place + 1) * tries):
        citizen = person(plan.centers[0]["number"], day, BOOK, k)
        random, files = draw(plan, Stream.PUNCTUALITY, counter(citizen, 0)), files_from_home(plan, 0, citizen)
        unannounced = files or comes != day
        time = time_of_day(plan, 0, comes, random) if unannounced else _punctual(plan, day, place, random)
        sets_out(look, citizen, rank + k, comes, time)
        if not files:
            return


def _punctual(plan: Plan, day: int, place: int, random: Any) -> int:
    """When somebody comes for their time, early or late, but on its day."""
    early, late = plan.rules["punctual"]
    time = plan.times[plan.days[day]["first_time"] + place // plan.rules["places"]] - early
    if late != NEVER:
        time += quantile(plan.quantiles, late, random)
    return int(day * DAY + min(max(time, 0), DAY - 1))


def sets_out(look: Look, citizen: int, rank: int, day: int, arrival: int) -> None:
    """Somebody is on the way to their first visit."""
    one = look.coming[look.many[0]]
    first_visit(one, citizen, rank, day, arrival)
    one["turn"] = turn_of(day, False, one["arrival"])
    look.many[0] += 1
    lift(look.coming, look.many[0])


def first_visit(row: Any, citizen: int, rank: int, day: int, arrival: int) -> None:
    """Fills in a COMING ``row``, but for its turn."""
    row["citizen"], row["rank"], row["day"], row["arrival"] = citizen, rank, day, arrival
    row["visit"], row["attempt"], row["dossiers"], row["carried"], row["collects"] = 0, 0, NEVER, False, False
