"""The citizens of a day, looked up one day-block at a time by every engine.

A citizen is (center, day, half-hour, k): the k-th of the Poisson number who want to come then. What they
bring is keyed by who they are and how often their dossier came back incomplete, what they bear by the
visit: so neither a policy nor the order of events changes the attributes of those who come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.attributes import VISIT, Integers, attributes, draw
from sim.distributions import quantile
from sim.plan import BROUGHT, Plan, Table
from sim.streams import PERSON_BITS, PERSONS, SLOT_BITS, WHOLE, Stream, counter, person, whole
from sim.trace import Outcome
from sim.units import DAY, MINUTE, NEVER, SLOT

TILE = 500.0

ENDED = np.dtype(
    [
        ("citizen", "i8"),
        ("visit", "i8"),
        ("attempt", "i8"),
        ("dossiers", "i8"),
        ("outcome", "i8"),
        ("departure", "i8"),
    ]
)


@dataclass
class People:
    """The citizens of one plan. ``day`` is called once a day, in order, after the day's departures."""

    plan: Plan
    waiting: dict[int, list[Table]] = field(default_factory=dict)

    def day(self, day: int, ended: Iterable[tuple[int, ...]]) -> Table:
        """The visits of a day, VISIT[n], by (carried over first, arrival, citizen).

        ``ended``: the ENDED rows of visits that ended since the last call; who returns is decided here.
        """
        self._keep(np.array(list(ended), dtype=ENDED))
        given = len(self.plan.columns) > 0
        first = [replayed(self.plan, day)] if given else [newcomers(self.plan, day), movers(self.plan, day)]
        block = np.concatenate([*first, *self.waiting.pop(day, [])])
        (as_given if given else attributes)(self.plan, block)
        return np.asarray(block[np.lexsort((block["citizen"], block["arrival"], ~block["carried"]))])

    def _keep(self, ended: Table) -> None:
        if len(ended):
            rows, days = returning(self.plan, ended)
            for day in np.unique(days):
                self.waiting.setdefault(int(day), []).append(rows[days == day])


def poisson(mean: NDArray[np.float64], uniform: NDArray[np.float64]) -> Integers:
    """Poisson quantiles by search from 0, for means up to TILE; it never falls as the mean grows."""
    count = np.zeros(len(mean), np.int64)
    mass = exp_of_minus(mean)
    reached = mass.copy()
    most = int(TILE + 40 * np.sqrt(TILE))
    for n in range(1, most):
        short = uniform >= reached
        if not short.any():
            break
        count += short
        mass = mass * (mean / n)
        reached = reached + mass
    return count


def exp_of_minus(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(-x) for 0 <= x <= TILE by products and sums alone: the same bits in every engine."""
    halvings = np.rint(x * 1.4426950408889634)
    rest = -(x - halvings * 0.6931471803691238) + halvings * 1.9082149292705877e-10
    power = np.ones_like(x)
    for n in range(14, 0, -1):
        power = 1.0 + power * rest / n
    return np.ldexp(power, -halvings.astype(np.int64))


def newcomers(plan: Plan, day: int) -> Table:
    """First visits of those who want to come on this day and do so."""
    citizens = wanting(plan, day)
    if plan.days["moves_to"][day] != NEVER:
        citizens = citizens[~moving(plan, citizens)]
    block = np.zeros(len(citizens), VISIT)
    block["citizen"], block["dossiers"] = citizens, NEVER
    slot = (citizens >> PERSON_BITS) & ((1 << SLOT_BITS) - 1)
    random = draw(plan, Stream.ARRIVAL, counter(citizens, 0))
    block["arrival"] = (
        day * DAY + slot * SLOT + ((random >> np.uint64(32)) * np.uint64(SLOT) >> np.uint64(32)).astype(np.int64)
    )
    return block


def movers(plan: Plan, day: int) -> Table:
    """First visits on an opened Saturday of those who wanted to come in its week."""
    days = np.flatnonzero(plan.days["moves_to"] == day)
    found = [citizens[moving(plan, citizens)] for citizens in (wanting(plan, int(d)) for d in days)]
    citizens = np.concatenate([np.empty(0, np.int64), *found])
    block = np.zeros(len(citizens), VISIT)
    block["citizen"], block["dossiers"] = citizens, NEVER
    block["arrival"] = time_of_day(plan, day, draw(plan, Stream.SATURDAY_TIME, counter(citizens, 0)))
    return block


def moving(plan: Plan, citizens: Integers) -> NDArray[np.bool_]:
    """Whether each would rather come on an open Saturday: keyed, so that the others stay as they are."""
    return whole(draw(plan, Stream.SATURDAY, counter(citizens, 0))) < plan.rules.moves


def wanting(plan: Plan, day: int) -> Integers:
    """The citizens who want to come on a day: their number is the Poisson quantile of one keyed number."""
    mean = plan.profiles[plan.days["profile"][day]] * plan.days["people"][day]
    if plan.rules.day_factor != NEVER:
        factor = draw(plan, Stream.DAY_FACTOR, counter(np.array([person(plan.center, day, 0, 0)]), 0))
        mean = mean * (quantile(plan.quantiles, plan.rules.day_factor, factor)[0] / MINUTE)
    _countable(mean, day)
    slots = np.flatnonzero(mean > 0)
    count = np.zeros(len(slots), np.int64)
    for tile in range(int(np.ceil(mean.max(initial=0.0) / TILE))):
        random = draw(plan, Stream.COUNT, counter(person(plan.center, day, slots, 0), tile))
        count += poisson(np.clip(mean[slots] - tile * TILE, 0, TILE), (whole(random) + 0.5) / WHOLE)
    _countable(count, day)
    first = np.repeat(np.cumsum(count) - count, count)
    return np.asarray(person(plan.center, day, np.repeat(slots, count), np.arange(count.sum()) - first), dtype=np.int64)


def _countable(people: NDArray[Any], day: int) -> None:
    if people.max(initial=0) >= PERSONS:
        raise OverflowError(f"more than {PERSONS} people want to come in one half-hour of day {day}")


def time_of_day(plan: Plan, day: int, random: NDArray[np.uint64]) -> Integers:
    """Times at which people come back, or come on a Saturday: a quantile of the day's profile."""
    limits = plan.return_times[plan.days["profile"][day]]
    at = whole(random)
    slot = np.searchsorted(limits, at, side="right")
    below = np.where(slot > 0, limits[slot - 1], 0)
    share = (at - below) / (limits[slot] - below)
    return np.asarray(day * DAY + slot * SLOT + (share * SLOT).astype(np.int64), dtype=np.int64)


def returning(plan: Plan, ended: Table) -> tuple[Table, Integers]:
    """Of visits that ended, the next visits and their days; those past the horizon are dropped."""
    outcome = ended["outcome"]
    carried = outcome == Outcome.CARRIED_OVER
    unserved = np.isin(outcome, (Outcome.RENEGED, Outcome.BALKED, Outcome.TURNED_AWAY))
    at = counter(ended["citizen"], ended["visit"])
    share = np.where(unserved, plan.rules.returns[1], plan.rules.returns[0])
    comes = (whole(draw(plan, Stream.RETURN, at)) < share) | carried
    comes &= ended["visit"] + 1 < plan.rules.visits
    (first, span), (first_unserved, span_unserved) = plan.rules.delays
    width = np.where(unserved, span_unserved, span).astype(np.uint64)
    spread = ((draw(plan, Stream.RETURN_DAY, at) >> np.uint64(32)) * width >> np.uint64(32)).astype(np.int64)
    delay = np.where(unserved, first_unserved, first) + spread
    departed = ended["departure"] // DAY
    days = np.where(carried, _next_opening(plan, ended["departure"]), _working_day(plan, departed, delay))
    comes &= days < len(plan.days)
    rows, days = np.zeros(int(comes.sum()), VISIT), days[comes]
    for name in ("citizen", "attempt", "dossiers"):
        rows[name] = ended[name][comes]
    rows["visit"] = ended["visit"][comes] + 1
    rows["attempt"] += ~(unserved | carried)[comes]
    rows["carried"] = carried[comes]
    _times(plan, rows, days)
    return rows, days


def _times(plan: Plan, rows: Table, days: Integers) -> None:
    random = draw(plan, Stream.RETURN_TIME, counter(rows["citizen"], rows["visit"]))
    for day in np.unique(days):
        on = days == day
        rows["arrival"][on] = time_of_day(plan, int(day), random[on])
    rows["arrival"][rows["carried"]] = plan.days["opens"][days[rows["carried"]]]


def _working_day(plan: Plan, departed: Integers, delay: Integers) -> Integers:
    """The day that is the ``delay``-th working day after each departure; past the end where there is none."""
    wanted = plan.days["working"][np.minimum(departed, len(plan.days) - 1)] + delay
    return np.searchsorted(plan.days["working"], wanted, side="left")


def _next_opening(plan: Plan, departure: Integers) -> Integers:
    """The first open day that is still to be looked up at each departure; past the end where there is none."""
    days = np.flatnonzero(plan.days["opens"] != NEVER)
    nth = np.searchsorted(days, -(-departure // DAY), side="left")
    return np.append(days, len(plan.days))[nth]


def replayed(plan: Plan, day: int) -> Table:
    """First visits on one day of a replay: citizen i is row i of the columns."""
    first, last = np.searchsorted(plan.columns["arrival"], (day * DAY, (day + 1) * DAY))
    block = np.zeros(last - first, VISIT)
    block["citizen"] = np.arange(first, last)
    for name in ("arrival", "dossiers"):
        block[name] = plan.columns[name][first:last]
    return block


def as_given(plan: Plan, block: Table) -> None:
    """Fills in what the citizens of a replay bring with them, on each of their visits."""
    for name in BROUGHT:
        block[name] = plan.columns[name][block["citizen"]]
