"""Visits folded into tallies as they end, so that a run needs no trace (see :mod:`sim.tally`)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.models.compiled.house import COUNTER, GUIDE, LATER, RECORD
from sim.models.compiled.rows import ones
from sim.plan import Plan, Purpose, Table
from sim.tally import BIN, SOON, Sum, zeros
from sim.trace import Outcome
from sim.units import DAY, HOUR, MINUTE, NEVER, SECOND
from sim.yardstick import Yardstick

SECONDS, MOST_BINS = 1 << 12, 1 << 23
CAME, JOINED_BY_DAY, WAITED_BY_DAY, LATE = range(4)
IN_SHIFT, OVERTIME, WAITING_TIME, MOST_WAITING, MOST_RECORDS = range(5)
WITHIN = len(Sum)


class Fold(NamedTuple):
    """Where the visits of one run are folded to: the arrays of a tally without their first axis.

    ``waits``: int32[cells + 1, seconds], a dense histogram, ``longest`` the seconds in use of each row; ``beyond``:
    int64[n, 2], (row, second) of waits that do not fit in, ``many`` how many. ``within``: ms; ``weekdays``: by day;
    ``shift_of``: int64[programs, officials + 1], the first paid shift of each official in each program.
    """

    cells: Table
    hours: Table
    days: Table
    ledger: Table
    curves: Table
    span_days: Table
    grid: Table
    time: Table
    waits: Table
    longest: Table
    beyond: Table
    many: Table
    within: Table
    weekdays: Table
    shift_of: Table


def fold_for(plan: Plan, by: Yardstick) -> Fold:
    """An empty fold, with room for waits of SECONDS, or less where there are many cells."""
    cells, hours, days, ledger, curves, span_days, grid, time, _ = zeros(1, by)
    rows = cells.shape[1] + 1
    seconds = max(min(SECONDS, MOST_BINS // (4 * rows)), 1)
    return Fold(
        cells[0],
        hours[0],
        days[0],
        ledger[0],
        curves[0],
        span_days[0],
        grid[0],
        time[0],
        waits=np.zeros((rows, seconds), np.int32),
        longest=np.zeros(rows, np.int64),
        beyond=np.zeros((1 << 10, 2), np.int64),
        many=np.zeros(1, np.int64),
        within=np.array(by.within, np.int64) * MINUTE,
        weekdays=by.weekdays.astype(np.int64),
        shift_of=_shift_of(plan),
    )


def no_fold() -> Fold:
    """For runs whose rows are kept."""
    shapes = {name: (0,) * (1 if name in _FLAT else 2) for name in Fold._fields} | {"curves": (0, 0, 0)}
    kinds = {"waits": np.int32}
    return Fold(**{name: np.zeros(shape, kinds.get(name, np.int64)) for name, shape in shapes.items()})


_FLAT = {"span_days", "time", "longest", "many", "within", "weekdays"}


def waits_beyond(fold: Fold, replication: int) -> Table:
    """Rows of ``Tally.waits`` for the waits that did not fit in."""
    found, counts = np.unique(fold.beyond[: fold.many[0]], axis=0, return_counts=True)
    return np.column_stack([np.full(len(found), replication), found, counts])


def pour_out(fold: Fold, replication: int, found: Table) -> int:
    """Rows of ``Tally.waits`` for the waits that did: how many; the fold is empty again.

    ``found``: int64[n, 4], with a row for each visit at least.
    """
    count = 0
    for row in range(len(fold.waits)):
        for second in range(fold.longest[row]):
            if fold.waits[row, second] > 0:
                found[count, 0], found[count, 1], found[count, 2] = replication, row, second
                found[count, 3] = fold.waits[row, second]
                fold.waits[row, second] = 0
                count += 1
        fold.longest[row] = 0
    fold.many[0] = 0
    return count


def with_waits(fold: Fold, more: int) -> Fold:
    """The same fold with room for so many more waits, however long they are."""
    many, rows, seconds = int(fold.many[0]), len(fold.waits), fold.waits.shape[1]
    if many and rows * seconds < MOST_BINS:
        waits = np.zeros((rows, 4 * seconds), np.int32)
        waits[:, :seconds] = fold.waits
        beyond, fold.many[0] = fold.beyond[:many].copy(), 0
        fold = fold._replace(waits=waits)
        for row, second in beyond.tolist():
            _fold_wait(fold, row, second)
    if fold.many[0] + more > len(fold.beyond):
        beyond = np.zeros((2 * (many + more), 2), np.int64)
        beyond[:many] = fold.beyond[:many]
        fold = fold._replace(beyond=beyond)
    return fold


def _shift_of(plan: Plan) -> Table:
    """The first paid shift of each official in each program, and after the last one where the program ends."""
    first, found = plan.programs["shifts"], np.zeros((len(plan.programs) - 1, len(plan.officials) + 1), np.int64)
    for program in range(len(found)):
        rows = plan.shifts["official"][first[program] : first[program + 1]]
        found[program] = first[program] + np.searchsorted(rows, np.arange(len(plan.officials) + 1))
    return found


def fold_visit(plan: Plan, fold: Fold, who: Any) -> None:
    """One visit, ended or inside at the horizon."""
    horizon = plan.rules["horizon"]
    end = who["departure"] if who["departure"] != NEVER else horizon
    wait = 0
    if who["entry"] != NEVER and who["guidance"] != NEVER:
        until = end if who["stage"] < COUNTER and who["guide_end"] == NEVER else who["guide_end"]
        wait += _fold_task(plan, fold, who["entry"], who["start"][GUIDE], until, who["official"][GUIDE])
    if who["stage"] >= COUNTER:
        joined = who["guide_end"] if who["guide_end"] != NEVER else who["entry"]
        until = who["counter_end"] if who["counter_end"] != NEVER else end
        wait += _fold_task(plan, fold, joined, who["start"][COUNTER], until, who["official"][COUNTER])
    if who["arrival"] >= plan.rules["warmup"]:
        _fold_measured(plan, fold, who, wait, end)


def _fold_task(plan: Plan, fold: Fold, joined: int, start: int, end: int, official: int) -> int:
    """Waits from ``joined`` on, served from ``start`` on unless NEVER; the wait in ms."""
    called = start if start != NEVER else end
    _fold_span(plan, fold, 0, joined, called)
    warmup = plan.rules["warmup"]
    fold.time[WAITING_TIME] += max(called, warmup) - max(joined, warmup)
    if start != NEVER:
        _fold_work(plan, fold, start, end, official)
    return int(called - joined)


def fold_other(plan: Plan, fold: Fold, who: Any, end: int) -> None:
    """A task after the counter, over or not over at the horizon."""
    start, until = who["start"][LATER], end if end != NEVER else plan.rules["horizon"]
    if start != NEVER:
        _fold_work(plan, fold, start, until, who["official"][LATER])
    if who["stage"] == RECORD:
        for day in range(who["joined"] // DAY, until // DAY):
            fold.days[day, len(fold.within) + LATE] += 1
        late = end == NEVER or until // DAY > who["joined"] // DAY
        if late and who["arrival"] >= plan.rules["warmup"] and who["outcome"] == Outcome.SERVED:
            fold.cells[_cell(plan, who), Sum.UNRECORDED] += 1
            fold.hours[who["arrival"] % DAY // HOUR, Sum.UNRECORDED] += 1


def _fold_work(plan: Plan, fold: Fold, start: int, end: int, official: int) -> None:
    """Work of an official, in shifts or beyond."""
    _fold_span(plan, fold, 1, start, end)
    begun, over = max(start, plan.rules["warmup"]), max(end, plan.rules["warmup"])
    paid = _paid(plan, fold, official, begun, over)
    fold.time[IN_SHIFT] += paid
    fold.time[OVERTIME] += over - begun - paid
    if over > begun:
        fold.ledger[official, begun // DAY] += over - begun - paid


def _fold_span(plan: Plan, fold: Fold, curve: int, start: int, end: int) -> None:
    """Adds a span to a curve through the day, in the measured time."""
    warmup = plan.rules["warmup"]
    if end > warmup and end > start:
        _fold_before(fold, curve, end, 1)
        _fold_before(fold, curve, max(start, warmup), -1)


def _fold_before(fold: Fold, curve: int, time: int, sign: int) -> None:
    """The time before an instant, in whole days, bins and ms."""
    day = time // DAY
    bin_ = (time - day * DAY) // BIN
    fold.span_days[curve] += sign * day
    fold.curves[curve, bin_, 0] += sign
    fold.curves[curve, bin_, 1] += sign * (time - day * DAY - bin_ * BIN)


def _paid(plan: Plan, fold: Fold, official: int, start: int, end: int) -> int:
    """Ms of a span that lie in the paid shifts of an official."""
    paid, day = 0, start // DAY
    while day * DAY < end:
        program, midnight = plan.days[day]["program"], day * DAY
        for row in range(fold.shift_of[program, official], fold.shift_of[program, official + 1]):
            shift = plan.shifts[row]
            paid += max(min(end, midnight + shift["end"]) - max(start, midnight + shift["start"]), 0)
        day += 1
    return int(paid)


def _fold_measured(plan: Plan, fold: Fold, who: Any, wait: int, end: int) -> None:
    """A visit that arrived in the measured time, in its cell, its hour and its day."""
    outcome = who["result"]
    accepted = Outcome.SERVED <= outcome <= Outcome.INCOMPLETE
    received = accepted or (who["stage"] >= COUNTER and who["start"][COUNTER] != NEVER)
    joined = who["entry"] != NEVER and outcome != Outcome.BALKED
    resolved = _resolved(who) if accepted else 0
    day = who["arrival"] // DAY
    hour, cell = (who["arrival"] - day * DAY) // HOUR, _cell(plan, who)
    for sums in (fold.cells[cell], fold.hours[hour]):
        _fold_counts(fold, sums, who, wait, received)
        sums[Sum.RESOLVED] += resolved
        sums[Sum.LEFT] += accepted and end - who["entry"] <= SOON
        _fold_result(sums, who, end)
        if joined:
            sums[Sum.JOINED] += 1
            sums[Sum.WAITED] += wait
            sums[Sum.INSIDE] += end - who["entry"]
            sums[Sum.LONGEST] = max(sums[Sum.LONGEST], wait)
    _fold_day(fold, day, wait, joined, received)
    if joined:
        at = fold.weekdays[day] * 24 + hour
        fold.grid[at, 0] += wait
        fold.grid[at, 1] += 1
        _fold_wait(fold, cell, wait // SECOND)
    if received:
        _fold_wait(fold, len(fold.cells), wait // SECOND)


def _fold_counts(fold: Fold, sums: Any, who: Any, wait: int, received: bool) -> None:
    sums[Sum.ARRIVED] += 1
    sums[Sum.SERVED + who["result"]] += 1
    sums[Sum.TRAVEL] += who["travel"]
    sums[Sum.RECEIVED] += received
    if who["entry"] != NEVER:
        sums[Sum.GATE] += who["entry"] - who["arrival"]
    for nth in range(len(fold.within)):
        sums[WITHIN + nth] += received and wait <= fold.within[nth]


def _fold_result(sums: Any, who: Any, end: int) -> None:
    """What became of a result."""
    outcome = who["result"]
    if who["stage"] > COUNTER:
        sums[Sum.STAYED] += 1
        sums[Sum.RESULT_WAIT] += end - who["counter_end"]
    whole = outcome == Outcome.SERVED or (outcome == Outcome.IN_SYSTEM and who["stage"] > COUNTER)
    gone = Outcome.RENEGED <= outcome < Outcome.IN_SYSTEM
    if who["purpose"] == Purpose.SUBMIT and (whole or gone):
        due = whole and who["signature"] != NEVER
        sums[Sum.DUE] += due
        sums[Sum.IN_HAND] += due and not who["owed"]
        sums[Sum.WHOLE] += 1
        sums[Sum.LATE] += gone or (due and who["owed"])


def _cell(plan: Plan, who: Any) -> int:
    field = plan.procedures[who["procedure"]]["field"]
    return int((field * len(plan.priorities) + who["priority"]) * len(plan.points) + who["point"])


def _resolved(who: Any) -> int:
    """Dossiers that were accepted, of a visit that was received."""
    left = who["left"] if who["result"] > Outcome.ADVISED else 0
    return ones(who["dossiers"]) - ones(left)


def _fold_day(fold: Fold, day: int, wait: int, joined: bool, received: bool) -> None:
    row = fold.days[day]
    row[CAME] += 1
    row[JOINED_BY_DAY] += joined
    row[WAITED_BY_DAY] += wait if joined else 0
    for nth in range(len(fold.within)):
        row[LATE + nth] += not (received and wait <= fold.within[nth])


def _fold_wait(fold: Fold, row: int, second: int) -> None:
    if second < fold.waits.shape[1]:
        fold.waits[row, second] += 1
        fold.longest[row] = max(fold.longest[row], second + 1)
    else:
        fold.beyond[fold.many[0], 0], fold.beyond[fold.many[0], 1] = row, second
        fold.many[0] += 1
