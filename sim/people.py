"""The citizens of a day, looked up one day-block at a time by every engine.

A citizen is (center, day, half-hour, k): the k-th of the Poisson number who want to come then. What they
bring is keyed by who they are and how often their dossier came back incomplete, what they bear by the
visit: so neither a policy nor the order of events changes the attributes of those who come.

In the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`); :mod:`sim.lookup` is for
engines in Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.attributes import RANK_BITS, attributes, draw, rank_of
from sim.booking import book, first_visit, numbers_on, sets_out
from sim.look import Look
from sim.plan import Plan, Purpose, Table
from sim.returns import comes_back, drop_first, fetches, lift, put, time_of_day
from sim.streams import CENTERS, PERSON_BITS, PERSONS, Stream, below, bits, counter, person, whole
from sim.trace import Outcome
from sim.units import DAY, NEVER, SLOT, SLOTS
from sim.wanting import wanting, wanting_at

NEVER_AGAIN = 1 << 62
STRETCH_BITS = SLOT.bit_length()
TIME_SHIFT = PERSON_BITS + CENTERS.bit_length() - 1


def citizens_of(plan: Plan, look: Look) -> int:
    """How many want to come on all days, or are replayed."""
    total = len(plan.columns)
    if total == 0:
        for day in range(len(plan.days)):
            total += wanting(plan, look, day)
    return total


def moving(plan: Plan, center: int, citizen: int) -> bool:
    """Whether somebody would rather come on an open Saturday: keyed, so that the others stay as they are."""
    return bool(whole(draw(plan, Stream.SATURDAY, counter(citizen, 0))) < plan.centers[center]["moves"])


def most_visits(plan: Plan, look: Look, day: int) -> int:
    """At least as many as there will be visits on a day, newcomers and those who come again."""
    if len(plan.columns):
        first = _row_at(plan, day * DAY)
        return int(_row_at(plan, (day + 1) * DAY) - first + look.many[0])
    return int(wanting(plan, look, day) + look.many[0] + _most_movers(plan, look, day) + numbers_on(plan, day))


def _most_movers(plan: Plan, look: Look, day: int) -> int:
    found = 0
    for center in range(len(plan.centers)):
        for earlier in range(max(day - 7, 0), day):
            if plan.demand[center, earlier]["moves_to"] == day:
                found += look.before[center, earlier + 1] - look.before[center, earlier]
    return found


def look_up(plan: Plan, look: Look, day: int) -> int:
    """How many come on a day; ``look.today`` has them, by (carried over first, arrival, citizen).

    Called once a day, in order; ``most_visits`` was called before it, and there is room for as many.
    """
    return _replayed(plan, look, day) if len(plan.columns) else _keyed(plan, look, day)


def visit_of(plan: Plan, comer: Any, row: Any) -> None:
    """Fills in a VISIT ``row``: somebody who comes, a COMING row, and all that they bring along."""
    row["citizen"], row["rank"], row["arrival"] = comer["citizen"], comer["rank"], comer["arrival"]
    row["visit"], row["attempt"], row["dossiers"] = comer["visit"], comer["attempt"], comer["dossiers"]
    row["carried"], row["collects"] = comer["carried"], comer["collects"]
    if len(plan.columns):
        _as_given(plan, row)
    else:
        attributes(plan, row, np.int64(comer["day"]))  # outside compiled code, ms of a day of 32 bits would wrap


def visits_of(plan: Plan, look: Look, rows: Table) -> None:
    """Fills in VISIT rows, one for each who comes today."""
    for nth in range(len(rows)):
        visit_of(plan, look.today[nth], rows[nth])


def _keyed(plan: Plan, look: Look, day: int) -> int:
    """Newcomers, who booked, movers and those who come again, in order; their number."""
    booked = numbers_on(plan, day)
    for center in range(len(plan.centers)):
        look.before[center, day + 1] = look.before[center, day] + look.people[center].sum()
        look.ranks[center] = rank_of(center, look.before[center, day])
    if booked > 0:
        book(plan, look, day, rank_of(0, look.before[0, day + 1]))
        look.before[0, day + 1] += booked
    if _most_movers(plan, look, day) > 0:
        _movers(plan, look, day)
    count = 0
    for slot in range(SLOTS):
        for nth in range(_order(plan, look, day, slot)):
            count = _comes(plan, look, day, slot, look.order[nth], count)
        for center in range(len(plan.centers)):
            look.ranks[center] += look.people[center, slot]
    return _again(look, day, NEVER_AGAIN, 0, count)


def _comes(plan: Plan, look: Look, day: int, slot: int, one: int, count: int) -> int:
    """A newcomer, unless they would rather come on Saturday; the number of visits with those who come before."""
    center, k = (one >> PERSON_BITS) & (CENTERS - 1), one & (PERSONS - 1)
    citizen = person(plan.centers[center]["number"], day, slot, k)
    if plan.demand[center, day]["moves_to"] != NEVER and moving(plan, center, citizen):
        return count
    arrival = day * DAY + slot * SLOT + (one >> TIME_SHIFT)
    count = _again(look, day, arrival, citizen, count)
    first_visit(look.today[count], citizen, look.ranks[center] + k, day, arrival)
    return count + 1


def _order(plan: Plan, look: Look, day: int, slot: int) -> int:
    """The newcomers of a half-hour by arrival and citizen, in ``look.order``: ms in it, center and k; their number.

    They are counted by the stretch of the half-hour in which they come, at most as many stretches as people; what
    stands in order but for neighbors is then sorted by insertion.
    """
    order, drawn, ends, people = look.order, look.drawn, look.ends, _drawn(plan, look, day, slot)
    for k in range(people):
        ends[_stretch(drawn[k], people)] += 1
    for k in range(1, people):
        ends[k] += ends[k - 1]
    for k in range(people):
        stretch = _stretch(drawn[k], people)
        ends[stretch] -= 1
        order[ends[stretch]] = drawn[k]
    for nth in range(1, people):
        one, at = order[nth], nth
        while at > 0 and order[at - 1] > one:
            order[at] = order[at - 1]
            at -= 1
        order[at] = one
    return people


def _drawn(plan: Plan, look: Look, day: int, slot: int) -> int:
    """The newcomers of a half-hour in no order, in ``look.drawn``; their number."""
    key, people = plan.keys[Stream.ARRIVAL], 0
    for center in range(len(plan.centers)):
        first = person(plan.centers[center]["number"], day, slot, 0)
        for k in range(look.people[center, slot]):
            at = below(SLOT, bits(key, counter(first + k, 0)))
            look.drawn[people], look.ends[people] = (at << TIME_SHIFT) | (center << PERSON_BITS) | k, 0
            people += 1
    return people


def _stretch(one: int, people: int) -> Any:
    """Which of ``people`` equal stretches of somewhat more than the half-hour somebody comes in."""
    return np.uint32(((one >> TIME_SHIFT) * people) >> STRETCH_BITS)


def _movers(plan: Plan, look: Look, day: int) -> None:
    """On an opened Saturday, those who wanted to come in its week and would rather come now are on their way."""
    for center in range(len(plan.centers)):
        for earlier in range(max(day - 7, 0), day):
            if plan.demand[center, earlier]["moves_to"] == day:
                _movers_of(plan, look, center, (earlier, day))
        wanting_at(plan, look, center, day)


def _movers_of(plan: Plan, look: Look, center: int, days: tuple[int, int]) -> None:
    """Those of one center and one day who come on another."""
    earlier, day = days
    wanting_at(plan, look, center, earlier)
    rank = rank_of(center, look.before[center, earlier])
    for slot in range(SLOTS):
        for k in range(look.people[center, slot]):
            citizen = person(plan.centers[center]["number"], earlier, slot, k)
            if moving(plan, center, citizen):
                _moves(plan, look, day, citizen, rank + k)
        rank += look.people[center, slot]


def _moves(plan: Plan, look: Look, day: int, citizen: int, rank: int) -> None:
    time = time_of_day(plan, rank >> RANK_BITS, day, draw(plan, Stream.SATURDAY_TIME, counter(citizen, 0)))
    sets_out(look, citizen, rank, day, time)


def _again(look: Look, day: int, arrival: int, citizen: int, count: int) -> int:
    """Those who come again on this day before a newcomer; the number of visits with them."""
    while look.many[0] > 0 and look.coming[0]["day"] == day:
        one = look.coming[0]
        late = one["arrival"] > arrival or (one["arrival"] == arrival and one["citizen"] > citizen)
        if late and not one["carried"]:
            return count
        put(one, look.today[count])
        drop_first(look.coming, look.many[0])
        look.many[0] -= 1
        count += 1
    return count


def _replayed(plan: Plan, look: Look, day: int) -> int:
    """The visits of one day of a replay, in order: citizen i is row i of the columns; their number."""
    count = 0
    for citizen in range(_row_at(plan, day * DAY), _row_at(plan, (day + 1) * DAY)):
        given = plan.columns[citizen]
        count = _again(look, day, given["arrival"], citizen, count)
        first_visit(look.today[count], citizen, citizen, day, given["arrival"])
        look.today[count]["dossiers"] = given["dossiers"]
        count += 1
    return _again(look, day, NEVER_AGAIN, 0, count)


def _as_given(plan: Plan, row: Any) -> None:
    """What the citizens of a replay bring along, on each of their visits."""
    given = plan.columns[row["citizen"]]
    row["point"], row["priority"], row["procedure"] = given["point"], given["priority"], given["procedure"]
    row["purpose"], row["channel"], row["travel"] = given["purpose"], given["channel"], given["travel"]
    row["patience"], row["guidance"], row["work"] = given["patience"], given["guidance"], given["work"]
    row["after_guidance"], row["outcome"] = given["after_guidance"], given["outcome"]
    row["left"], row["signature"], row["collection"] = given["left"], given["signature"], given["collection"]
    if row["collects"]:
        row["purpose"], row["work"], row["outcome"] = Purpose.COLLECT, max(given["collection"], 1), Outcome.SERVED
        row["guidance"], row["after_guidance"], row["signature"], row["left"] = NEVER, NEVER, NEVER, 0


def _row_at(plan: Plan, time: int) -> int:
    """The first row of the columns that arrives at a time or later."""
    low, high = 0, len(plan.columns)
    while low < high:
        middle = (low + high) >> 1
        if plan.columns[middle]["arrival"] < time:
            low = middle + 1
        else:
            high = middle
    return low


def set_out(plan: Plan, look: Look, visit: Any, outcome: int, departure: int) -> None:
    """A visit ended (see :func:`sim.returns.comes_back`): its citizen is on the way again, or never comes back."""
    if comes_back(plan, visit, outcome, departure, look.coming[look.many[0]]):
        look.many[0] += 1
        lift(look.coming, look.many[0])


def set_out_for_result(plan: Plan, look: Look, case: Any, ready: int) -> None:
    """A case of the back office is ready (see :func:`sim.returns.fetches`): its citizen comes for it, or not."""
    if fetches(plan, case, ready, look.coming[look.many[0]]):
        look.many[0] += 1
        lift(look.coming, look.many[0])


def set_out_all(plan: Plan, look: Look, ended: Table) -> None:
    """Visits ended, and cases are ready: rows of ENDED."""
    for nth in range(len(ended)):
        if ended[nth]["ready"]:
            set_out_for_result(plan, look, ended[nth], ended[nth]["departure"])
        else:
            set_out(plan, look, ended[nth], ended[nth]["outcome"], ended[nth]["departure"])
