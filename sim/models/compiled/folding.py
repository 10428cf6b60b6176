"""Visits folded into tallies as they end, so that a run needs no trace (see :mod:`sim.tally`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.attributes import home_of
from sim.cases import Ready
from sim.models.compiled.fold import Fold, fold_wait
from sim.models.compiled.house import CHECK, COUNTER, GUIDE, LATER, RECORD
from sim.models.compiled.rows import ones
from sim.plan import Plan, Purpose
from sim.processing import ACKNOWLEDGED, days_left, days_taken, open_time
from sim.sums import SOON, Sum
from sim.tally import BIN
from sim.trace import Outcome
from sim.units import DAY, HOUR, NEVER, SECOND

CAME, JOINED_BY_DAY, WAITED_BY_DAY, LATE = range(4)
IN_SHIFT, OVERTIME, WAITING_TIME, MOST_WAITING, MOST_RECORDS = range(5)
WITHIN = len(Sum)


def fold_visit(plan: Plan, fold: Fold, who: Any) -> None:
    """One visit, ended or inside at the horizon."""
    center = _center(plan, who)
    if who["arrival"] >= plan.rules["warmup"]:
        home = home_of(who)
        fold.homes[home, 0] += home != center
        fold.homes[home, 1] += 1
    if who["stage"] == CHECK:
        _fold_filed(plan, fold, who)
        return
    horizon = plan.rules["horizon"]
    end = who["departure"] if who["departure"] != NEVER else horizon
    wait = 0
    if who["entry"] != NEVER and who["guidance"] != NEVER:
        until = end if who["stage"] < COUNTER and who["guide_end"] == NEVER else who["guide_end"]
        wait += _fold_task(plan, fold, center, who["entry"], who["start"][GUIDE], until, who["official"][GUIDE])
    if who["stage"] >= COUNTER:
        joined = who["guide_end"] if who["guide_end"] != NEVER else who["entry"]
        until = who["counter_end"] if who["counter_end"] != NEVER else end
        wait += _fold_task(plan, fold, center, joined, who["start"][COUNTER], until, who["official"][COUNTER])
    if who["arrival"] >= plan.rules["warmup"]:
        _fold_measured(plan, fold, who, wait, end)


def _fold_filed(plan: Plan, fold: Fold, who: Any) -> None:
    """What was filed from home, checked or not at the horizon; no visit."""
    filed, outcome, horizon = who["arrival"], who["result"], plan.rules["horizon"]
    if filed < plan.rules["warmup"]:
        return
    judged = open_time(plan.office_hours, filed, horizon) >= ACKNOWLEDGED
    in_time = outcome != Outcome.IN_SYSTEM and open_time(plan.office_hours, filed, who["departure"]) <= ACKNOWLEDGED
    dossiers = ones(who["dossiers"]) * judged
    resolved = _resolved(who) if Outcome.SERVED <= outcome <= Outcome.INCOMPLETE else 0
    center = _center(plan, who)
    for sums in (fold.cells[_cell(plan, fold, who)], fold.hours[center, filed % DAY // HOUR]):
        sums[Sum.RESOLVED] += resolved
        sums[Sum.FILED] += dossiers
        sums[Sum.ACKNOWLEDGED] += dossiers * in_time


def _fold_task(plan: Plan, fold: Fold, center: Any, joined: int, start: int, end: int, official: int) -> int:
    """Waits from ``joined`` on at a center, served from ``start`` on unless NEVER; the wait in ms."""
    called = start if start != NEVER else end
    _fold_span(plan, fold, center, 0, joined, called)
    warmup = plan.rules["warmup"]
    fold.time[center, WAITING_TIME] += max(called, warmup) - max(joined, warmup)
    if start != NEVER:
        fold_work(plan, fold, start, end, official)
    return int(called - joined)


def fold_other(plan: Plan, fold: Fold, who: Any, end: int) -> None:
    """A task after the counter, over or not over at the horizon."""
    start, until = who["start"][LATER], end if end != NEVER else plan.rules["horizon"]
    if start != NEVER:
        fold_work(plan, fold, start, until, who["official"][LATER])
    if who["stage"] == RECORD:
        center = _center(plan, who)
        for day in range(who["joined"] // DAY, until // DAY):
            fold.days[center, day, len(fold.within) + LATE] += 1
        late = end == NEVER or until // DAY > who["joined"] // DAY
        if late and who["arrival"] >= plan.rules["warmup"] and who["outcome"] == Outcome.SERVED:
            fold.cells[_cell(plan, fold, who), Sum.UNRECORDED] += 1
            fold.hours[center, who["arrival"] % DAY // HOUR, Sum.UNRECORDED] += 1


def fold_case(plan: Plan, fold: Fold, case: Any, ready: int) -> None:
    """A case of the back office, ready or not ready at the horizon."""
    if case["arrival"] < plan.rules["warmup"]:
        return
    term, received, dossiers = plan.procedures[case["procedure"]]["term"], case["counter_end"], ones(case["dossiers"])
    left, taken = days_left(plan, received), days_taken(plan, received, ready) if ready != NEVER else NEVER
    center = _center(plan, case)
    _fold_ready(fold, center, fold.procedures[center, case["procedure"]], dossiers, left, taken)
    until = ready if ready != NEVER else plan.rules["horizon"]
    for sums in (fold.cells[_cell(plan, fold, case)], fold.hours[center, case["arrival"] % DAY // HOUR]):
        sums[Sum.TERMED] += dossiers * (left >= term)
        sums[Sum.ON_TIME] += dossiers * (left >= term and taken != NEVER and taken <= term)
        sums[Sum.PROCESSED] += dossiers * (left >= term) * (until - received)


def _fold_ready(fold: Fold, center: Any, procedure: int, dossiers: int, left: int, taken: int) -> None:
    """Dossiers by the working days they took, NEVER where they are not ready, and by those left of the run."""
    share = fold.shares[center]
    first, last = share["ready"] + procedure * share["spans"], share["spans"] - 1
    fold.ready[first + min(left, last), Ready.LEFT] += dossiers
    if taken != NEVER:
        fold.ready[first + min(taken, last), Ready.TAKEN] += dossiers
        fold.ready[first + min(left, last), Ready.LEFT_OF_READY] += dossiers


def fold_work(plan: Plan, fold: Fold, start: int, end: int, official: int) -> None:
    """Work of an official, in shifts or beyond."""
    share = fold.share_of[official]
    _fold_span(plan, fold, share, 1, start, end)
    begun, over = max(start, plan.rules["warmup"]), max(end, plan.rules["warmup"])
    paid = _paid(plan, fold, official, begun, over)
    fold.time[share, IN_SHIFT] += paid
    fold.time[share, OVERTIME] += over - begun - paid
    if over > begun:
        fold.ledger[official, begun // DAY] += over - begun - paid


def _fold_span(plan: Plan, fold: Fold, share: Any, curve: int, start: int, end: int) -> None:
    """Adds a span to a curve through the day, in the measured time."""
    warmup = plan.rules["warmup"]
    if end > warmup and end > start:
        _fold_before(fold, share, curve, end, 1)
        _fold_before(fold, share, curve, max(start, warmup), -1)


def _fold_before(fold: Fold, share: Any, curve: int, time: int, sign: int) -> None:
    """The time before an instant, in whole days, bins and ms."""
    day = time // DAY
    bin_ = (time - day * DAY) // BIN
    fold.span_days[share, curve] += sign * day
    fold.curves[share, curve, bin_, 0] += sign
    fold.curves[share, curve, bin_, 1] += sign * (time - day * DAY - bin_ * BIN)


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
    day, center = who["arrival"] // DAY, _center(plan, who)
    hour, cell = (who["arrival"] - day * DAY) // HOUR, _cell(plan, fold, who)
    for sums in (fold.cells[cell], fold.hours[center, hour]):
        _fold_counts(fold, sums, who, wait, received)
        sums[Sum.RESOLVED] += resolved
        sums[Sum.CASES] += resolved > 0 and _is_processed(plan, who)
        sums[Sum.LEFT] += accepted and end - who["entry"] <= SOON
        _fold_result(sums, who, end)
        if joined:
            sums[Sum.JOINED] += 1
            sums[Sum.WAITED] += wait
            sums[Sum.INSIDE] += end - who["entry"]
            sums[Sum.LONGEST] = max(sums[Sum.LONGEST], wait)
    _fold_day(fold, fold.days[center, day], wait, joined, received)
    if joined:
        at = fold.weekdays[day] * 24 + hour
        fold.grid[center, at, 0] += wait
        fold.grid[center, at, 1] += 1
        fold_wait(fold, cell, wait // SECOND)
    if received:
        fold_wait(fold, len(fold.cells) + center, wait // SECOND)


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


def _is_processed(plan: Plan, who: Any) -> bool:
    """Whether the back office has something to do with the dossiers of a visit."""
    procedure = plan.procedures[who["procedure"]]
    return bool(procedure["first_step"] < procedure["last_step"])


def _center(plan: Plan, who: Any) -> Any:
    """The row of the center of the point of a visit: unsigned, so that nothing is counted from the end."""
    return np.uint32(plan.points[who["point"]]["center"])


def _cell(plan: Plan, fold: Fold, who: Any) -> int:
    """The cell of a visit, in the share of the center of its point."""
    center = _center(plan, who)
    share, field = fold.shares[center], fold.fields[center, plan.procedures[who["procedure"]]["field"]]
    row = (field * plan.priorities.shape[1] + who["priority"]) * share["points"]
    return int(share["cell"] + row + who["point"] - share["point"])


def _resolved(who: Any) -> int:
    """Dossiers that were accepted, of a visit that was received."""
    left = who["left"] if who["result"] > Outcome.ADVISED else 0
    return ones(who["dossiers"]) - ones(left)


def _fold_day(fold: Fold, row: Any, wait: int, joined: bool, received: bool) -> None:
    row[CAME] += 1
    row[JOINED_BY_DAY] += joined
    row[WAITED_BY_DAY] += wait if joined else 0
    for nth in range(len(fold.within)):
        row[LATE + nth] += not (received and wait <= fold.within[nth])
