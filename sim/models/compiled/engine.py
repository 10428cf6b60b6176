"""The compiled engine: one loop over the plan, with the trace of the reference engine to the bit.

``run`` keeps all visits; ``tally`` folds the visits of many replications as they end, in memory that does not grow
with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sim.attributes import RANK_BITS
from sim.demand import expected_visits
from sim.look import Look, emptied, look_for, with_room
from sim.models.compiled.arrivals import boards_of_a_day, cuts_of_a_day, inside, rows_wanted, setting_out
from sim.models.compiled.fold import Fold, fold_for, no_fold, of_replication, pour_out, waits_beyond, with_waits
from sim.models.compiled.house import INSIDE, House
from sim.models.compiled.instants import advance, start
from sim.models.compiled.kernels import compiled
from sim.models.compiled.layout import house_for, with_rows
from sim.models.compiled.plain import is_plain, serve
from sim.models.compiled.room import Room
from sim.models.compiled.rows import TASK_BITS, Log, fill, log_for, put_in_order, with_log_room, with_others
from sim.models.compiled.shares import Share, parted, whole, zero_sums
from sim.officials import mark_away, shifts_worked
from sim.outages import turns
from sim.own_rules import OwnRule, place_by_own
from sim.people import citizens_of, most_visits
from sim.plan import Board, Plan, Rule, Table
from sim.tally import Tally
from sim.trace import TASKS, VISITS, Trace
from sim.units import NEVER
from sim.yardstick import Yardstick

_ROOM = Room()


def run(plan: Plan, rule: OwnRule | None = None) -> Trace:
    """The trace of one replication (see :mod:`sim.models.contract`); ``rule``: see :mod:`sim.own_rules`."""
    return by_recursion(plan) if is_plain(plan) else by_events(plan, rule)


def by_recursion(plan: Plan) -> Trace:
    """Everybody served in turn, where :func:`is_plain`; who would arrive at the horizon or later has no row."""
    look = look_for(plan)
    with np.errstate(over="ignore"):
        citizens = int(compiled(citizens_of)(plan, look))
    visits, tasks = _ROOM.array("visits", citizens, VISITS), _ROOM.array("tasks", citizens, TASKS)
    free, at, one = np.arange(len(plan.officials)), np.zeros(1, np.int64), np.zeros(1, INSIDE)
    with np.errstate(over="ignore"):
        while not compiled(serve)(plan, look, free, at, one, log_for(1, 0, 0, _ROOM), visits, tasks):
            most = int(compiled(most_visits)(plan, look, at[0]))
            look = with_room(look, most, most)
    came = tasks["visit"] != NEVER
    if not came.all():
        visits, tasks = visits[came], tasks[came]
        tasks["visit"] = np.arange(len(tasks))
    return _trace(plan, visits, tasks)


def by_events(plan: Plan, rule: OwnRule | None = None) -> Trace:
    """From instant to instant."""
    look = look_for(plan)
    log = log_for(256 + (len(plan.columns) or expected_visits(plan.demand)), 0, len(plan.officials), _ROOM)
    look, house, log, _ = _to_the_horizon(plan, look, house_for(plan), log, no_fold(), True, rule)
    count = int(house.clock.visits)
    citizens = _in_one_order(plan, look, house, log)
    first = _ROOM.array("first", citizens + 1, np.dtype(np.uint32))
    at = _ROOM.array("at", count, np.dtype(np.uint32))
    found = compiled(put_in_order)(log.rows, log.order[:count], first, at, len(plan.steps) > 0)
    visits, tasks = _ROOM.array("visits", count, VISITS), _ROOM.array("tasks", found, TASKS)
    compiled(fill)(plan, log, at, visits, tasks)
    if house.clock.others:
        tasks = with_others(tasks, log.others[: house.clock.others], first, visits["visit"])
    return replace(_trace(plan, visits, tasks), decisions=log.decisions[: house.clock.decisions].copy())


def _in_one_order(plan: Plan, look: Look, house: House, log: Log) -> int:
    """How many wanted to come; in the log the ranks in one center after the other become those in all of them."""
    if len(plan.columns):
        return len(plan.columns)
    wanted = look.before[:, -1]
    if len(plan.centers) > 1:
        before = np.cumsum(wanted) - wanted
        _go_on(log.order[: house.clock.visits], before, TASK_BITS)
        _go_on(log.others["rank"][: house.clock.others], before, 0)
    return int(wanted.sum())


def _go_on(ranks: Table, before: Table, bits: int) -> None:
    """Ranks, above some other bits, that begin anew in each center go on from those ``before``."""
    homes = ranks >> RANK_BITS + bits
    ranks[:] += (before[homes] << bits) - (homes << RANK_BITS + bits)


def _trace(plan: Plan, visits: Table, tasks: Table) -> Trace:
    shifts = shifts_worked(plan, compiled(mark_away))
    return Trace(visits, tasks, shifts, int(plan.rules.horizon), int(plan.rules.warmup))


def tally(plans: Sequence[Plan], by: Yardstick) -> Tally:
    """The tallies of some plans of one scenario, in their order: they differ in their keys and what these decide."""
    return next(folded(plans, whole(plans[0], by))[0])


def folded(plans: Sequence[Plan], shares: tuple[Share, ...]) -> tuple[Iterator[Tally], Table]:
    """The same of each share, of which a plan has one a center, and its ``homes``, see :data:`.shares.Sums`."""
    sums, waits = zero_sums(len(plans), shares), []
    look, fold = look_for(plans[0]), fold_for(plans[0], shares, sums)
    house = house_for(plans[0])
    for nth, own in enumerate(plans):
        fold = fold._replace(**of_replication(sums, nth))
        look, house, _, fold = _to_the_horizon(own, emptied(look), house, log_for(0, 0, 0, _ROOM), fold, keeps=False)
        waits.append(_waits(fold, nth, 2 * int(house.clock.visits)))
    return parted(sums, np.concatenate(waits), shares), sums["homes"]


def _waits(fold: Fold, nth: int, most: int) -> Table:
    """The rows of ``Tally.waits`` of one replication, of at most so many waits; the fold is empty again."""
    beyond, found = waits_beyond(fold, nth), np.empty((most, 4), np.int64)
    found = found[: compiled(pour_out)(fold, nth, found)]
    if len(beyond):
        found = np.concatenate([found, beyond])
        return found[np.lexsort((found[:, 2], found[:, 1]))]
    return found.copy()


def _to_the_horizon(
    plan: Plan, look: Look, house: House, log: Log, fold: Fold, keeps: bool, rule: OwnRule | None = None
) -> tuple[Look, House, Log, Fold]:
    house = house._replace(turns=turns(plan))
    with np.errstate(over="ignore"):
        compiled(start)(plan, house)
        while not compiled(advance)(plan, look, house, log, fold, keeps):
            if house.clock.asked:
                _ask(plan, house, rule)
                continue
            most = int(compiled(most_visits)(plan, look, house.clock.day))
            more = most + inside(house)
            look, house = with_room(look, most, setting_out(house, more)), _with_rows_for(house, most)
            if keeps:
                days = cuts_of_a_day(plan, house), boards_of_a_day(plan, house)
                log = with_log_room(log, house.clock, more, days, _ROOM)
            else:
                fold = with_waits(fold, 2 * more)
    return look, house, log, fold


def _ask(plan: Plan, house: House, rule: OwnRule | None) -> None:
    """Where a rule that is not compiled sends each official who goes by it, in their order."""
    if rule is None:
        raise ValueError("the plan has officials who go by a rule of somebody's own, and none is given")
    board = house.board.copy()
    for number in np.flatnonzero(plan.officials["rule"] == Rule.OWN):
        one, given = house.officials[number], plan.officials[number]
        if one["due"] == NEVER:
            here, points = int(one["place"]), plan.centers[given["center"]]["points"]
            place = place_by_own(rule, given, here, board, int(house.clock.now), points)
            for at in (here // 2, place // 2) if place != here else ():
                if at < len(board):
                    board[at, Board.SENT] += 1
            one["wish"] = place


def _with_rows_for(house: House, most: int) -> House:
    """The same house with room for so many more visits before the next midnight, if it has not."""
    had, clock = len(house.inside), house.clock
    wanted = max(had + rows_wanted(house, most) - int(clock.free), int(clock.joined) + inside(house) + most)
    return with_rows(house, max(wanted, 2 * had)) if wanted > had else house
