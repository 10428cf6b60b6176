"""The compiled engine: one loop over the plan, with the trace of the reference engine to the bit.

``run`` keeps all rows; ``tally`` folds the visits of many replications as they end, in memory that does not grow
with the horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import local

import numpy as np

from sim.demand import expected_visits
from sim.look import FREE, Look, emptied, look_for, with_room
from sim.models.compiled.citizens import inside
from sim.models.compiled.folding import Fold, fold_for, fold_inside, no_fold, taken_waits, with_waits
from sim.models.compiled.house import INSIDE, House, house_for, with_rows
from sim.models.compiled.instants import advance, start
from sim.models.compiled.kernels import compiled
from sim.models.compiled.plain import is_plain, serve
from sim.models.compiled.rows import fill, places_of
from sim.people import most_visits
from sim.plan import Plan
from sim.planning import replicate
from sim.programs import shifts_of
from sim.tally import Tally, zeros
from sim.trace import TASKS, VISITS, Trace
from sim.yardstick import Yardstick

KEPT_BYTES = 1 << 26
_LAST = local()


def run(plan: Plan) -> Trace:
    """The trace of one replication (see :mod:`sim.models.contract`)."""
    look = _look(plan, 256 + (len(plan.columns) or expected_visits(plan.days)))
    if is_plain(plan):
        look = _served(plan, look)
    else:
        look, _, _ = _to_the_horizon(plan, look, house_for(plan, len(look.block)), no_fold(), keeps=True)
    _LAST.look = look if look.block.nbytes <= KEPT_BYTES else None
    return _trace(plan, look)


def _look(plan: Plan, visits: int) -> Look:
    """A look-up at its beginning, in the room of this thread's last run where it is large enough: fresh pages cost."""
    last: Look | None = getattr(_LAST, "look", None)
    if last is None or len(last.block) < visits:
        return look_for(plan, INSIDE, visits)
    return emptied(last._replace(before=np.zeros(len(plan.days) + 1, np.int64)))


def _served(plan: Plan, look: Look) -> Look:
    """Everybody served in turn."""
    free, at = np.arange(len(plan.officials)), np.zeros(2, np.int64)
    with np.errstate(over="ignore"):
        while not compiled(serve)(plan, look, free, at):
            look = with_room(look, int(compiled(most_visits)(plan, look, at[0])), 0)
    return look


def _trace(plan: Plan, look: Look) -> Trace:
    """The visits that began, in the order of a trace."""
    used = len(look.block) - int(look.sizes[FREE])
    citizens = len(plan.columns) or int(look.before[-1])
    rows, first_task = np.empty(used, np.int64), np.zeros(used + 1, np.int64)
    count = compiled(places_of)(look, used, np.zeros(citizens + 1, np.int64), rows, first_task)
    visits, tasks = np.empty(count, VISITS), np.empty(first_task[count], TASKS)
    compiled(fill)(plan, look, rows, first_task, visits, tasks)
    return Trace(visits, tasks, shifts_of(plan), int(plan.rules.horizon), int(plan.rules.warmup))


def tally(plan: Plan, by: Yardstick, seed: int, replications: Sequence[int]) -> Tally:
    """The tallies of some replications of a flattened scenario, in their order."""
    found, waits = zeros(len(replications), by), []
    look, fold = look_for(plan, INSIDE), fold_for(plan, by)
    house = house_for(plan, len(look.block))
    for nth, replication in enumerate(replications):
        own = replicate(plan, seed, replication)
        fold = fold._replace(**{name: getattr(found, name)[nth] for name in found._fields if name != "waits"})
        look, house, fold = _to_the_horizon(own, emptied(look), house, fold, keeps=False)
        compiled(fold_inside)(own, look, house, fold)
        waits.append(taken_waits(fold, nth))
    return found._replace(waits=np.concatenate(waits) if waits else found.waits)


def _to_the_horizon(plan: Plan, look: Look, house: House, fold: Fold, keeps: bool) -> tuple[Look, House, Fold]:
    with np.errstate(over="ignore"):
        compiled(start)(plan, house)
        while not compiled(advance)(plan, look, house, fold, keeps):
            most = int(compiled(most_visits)(plan, look, house.clock.day))
            more = most + inside(look, house, keeps)
            look = with_room(look, most, more)
            house = with_rows(house, len(look.block))
            fold = fold if keeps else with_waits(fold, 2 * more)
    return look, house, fold
