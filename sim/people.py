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

from sim.attributes import attributes, draw
from sim.booking import book, first_visit, numbers_on, sets_out
from sim.distributions import quantile
from sim.look import Look
from sim.plan import Plan, Purpose, Table
from sim.returns import comes_back, drop_first, fetches, lift, put, time_of_day
from sim.streams import PERSON_BITS, PERSONS, WHOLE, Stream, below, bits, counter, person, whole
from sim.trace import Outcome
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS

TILE = 500.0
MOST = int(TILE + 40 * TILE**0.5)
NEVER_AGAIN = 1 << 62
STRETCH_BITS = SLOT.bit_length()


def exp_of_minus(x: Any) -> Any:
    """exp(-x) for 0 <= x <= TILE by products and sums alone: the same bits in every engine."""
    halvings = np.rint(x * 1.4426950408889634)
    rest = -(x - halvings * 0.6931471803691238) + halvings * 1.9082149292705877e-10
    power = 1.0 + rest / 14
    for n in range(13, 0, -1):
        power = 1.0 + power * rest / n
    return np.ldexp(power, np.int64(-halvings))


def poisson(mean: float, uniform: float) -> int:
    """The Poisson quantile by search from 0, for means up to TILE; it never falls as the mean grows."""
    mass = exp_of_minus(mean)
    reached, count = mass, 0
    while uniform >= reached and count < MOST:
        count += 1
        mass = mass * (mean / count)
        reached = reached + mass
    return count


def wanting(plan: Plan, look: Look, day: int) -> int:
    """How many want to come on a day; by half-hour in ``look.people``, each the Poisson quantile of keyed numbers."""
    factor, row, total = _day_factor(plan, day), plan.days[day], 0
    for slot in range(SLOTS):
        mean = plan.profiles[row["profile"], slot] * row["people"] * factor
        look.people[slot] = _number(plan, day, slot, mean) if mean > 0 else 0
        total += look.people[slot]
    return total


def _day_factor(plan: Plan, day: int) -> float:
    """What multiplies the people expected on a day: a factor of the center, and one that all centers share."""
    factor, rules = 1.0, plan.rules
    if rules["day_factor"] != NEVER:
        at = counter(person(plan.centers[0]["number"], day, 0, 0), 0)
        factor = quantile(plan.quantiles, rules["day_factor"], draw(plan, Stream.DAY_FACTOR, at)) / MINUTE
    if rules["common_factor"] != NEVER:
        at = counter(person(0, day, 0, 0), 0)
        factor *= quantile(plan.quantiles, rules["common_factor"], draw(plan, Stream.COMMON_DAY, at)) / MINUTE
    return factor


def citizens_of(plan: Plan, look: Look) -> int:
    """How many want to come on all days, or are replayed."""
    total = len(plan.columns)
    if total == 0:
        for day in range(len(plan.days)):
            total += wanting(plan, look, day)
    return total


def _number(plan: Plan, day: int, slot: int, mean: float) -> int:
    """How many want to come in one half-hour: the sum over tiles of TILE, so that it never falls as the mean grows."""
    count, tile = 0, 0
    while mean > tile * TILE and count < PERSONS:
        random = draw(plan, Stream.COUNT, counter(person(plan.centers[0]["number"], day, slot, 0), tile))
        count += poisson(min(mean - tile * TILE, TILE), (whole(random) + 0.5) / WHOLE)
        tile += 1
    if count >= PERSONS:
        raise OverflowError("more than 1048576 people want to come in one half-hour")
    return count


def moving(plan: Plan, citizen: int) -> bool:
    """Whether somebody would rather come on an open Saturday: keyed, so that the others stay as they are."""
    return bool(whole(draw(plan, Stream.SATURDAY, counter(citizen, 0))) < plan.rules["moves"])


def most_visits(plan: Plan, look: Look, day: int) -> int:
    """At least as many as there will be visits on a day, newcomers and those who come again."""
    if len(plan.columns):
        first = _row_at(plan, day * DAY)
        return int(_row_at(plan, (day + 1) * DAY) - first + look.many[0])
    return int(wanting(plan, look, day) + look.many[0] + _most_movers(plan, look, day) + numbers_on(plan, day))


def _most_movers(plan: Plan, look: Look, day: int) -> int:
    found = 0
    for earlier in range(max(day - 7, 0), day):
        if plan.days[earlier]["moves_to"] == day:
            found += look.before[earlier + 1] - look.before[earlier]
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
    look.before[day + 1] = look.before[day] + look.people.sum() + booked
    if booked > 0:
        book(plan, look, day, look.before[day + 1] - booked)
    if _most_movers(plan, look, day) > 0:
        _movers(plan, look, day)
    moves = plan.days[day]["moves_to"] != NEVER
    rank, count = look.before[day], 0
    for slot in range(SLOTS):
        people = look.people[slot]
        _order(plan, look, day, slot)
        for nth in range(people):
            k = look.order[nth] & (PERSONS - 1)
            citizen = person(plan.centers[0]["number"], day, slot, k)
            arrival = day * DAY + slot * SLOT + (look.order[nth] >> PERSON_BITS)
            if not (moves and moving(plan, citizen)):
                count = _again(look, day, arrival, citizen, count)
                first_visit(look.today[count], citizen, rank + k, day, arrival)
                count += 1
        rank += people
    return _again(look, day, NEVER_AGAIN, 0, count)


def _order(plan: Plan, look: Look, day: int, slot: int) -> None:
    """The newcomers of a half-hour by arrival and number, in ``look.order``: ms in the half-hour and k.

    They are counted by the stretch of the half-hour in which they come, at most as many stretches as people; what
    stands in order but for neighbors is then sorted by insertion.
    """
    order, drawn, ends, people = look.order, look.drawn, look.ends, look.people[slot]
    key, first = plan.keys[Stream.ARRIVAL], person(plan.centers[0]["number"], day, slot, 0)
    for k in range(people):
        drawn[k] = (below(SLOT, bits(key, counter(first + k, 0))) << PERSON_BITS) | k
        ends[k] = 0
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


def _stretch(one: int, people: int) -> Any:
    """Which of ``people`` equal stretches of somewhat more than the half-hour somebody comes in."""
    return np.uint32(((one >> PERSON_BITS) * people) >> STRETCH_BITS)


def _movers(plan: Plan, look: Look, day: int) -> None:
    """On an opened Saturday, those who wanted to come in its week and would rather come now are on their way."""
    for earlier in range(max(day - 7, 0), day):
        if plan.days[earlier]["moves_to"] != day:
            continue
        wanting(plan, look, earlier)
        rank = look.before[earlier]
        for slot in range(SLOTS):
            for k in range(look.people[slot]):
                citizen = person(plan.centers[0]["number"], earlier, slot, k)
                if moving(plan, citizen):
                    _moves(plan, look, day, citizen, rank + k)
            rank += look.people[slot]
    wanting(plan, look, day)


def _moves(plan: Plan, look: Look, day: int, citizen: int, rank: int) -> None:
    time = time_of_day(plan, day, draw(plan, Stream.SATURDAY_TIME, counter(citizen, 0)))
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
