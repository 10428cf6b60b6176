"""First come, first served by officials who are all alike and always there: no events, one recursion.

J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", Transactions of the AMS 78 (1955): who
comes next is served by the official who has been free longest, from then or from their arrival on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.look import Look
from sim.models.compiled.arrivals import begin_visit
from sim.models.compiled.house import COUNTER
from sim.models.compiled.layout import files_from_home, gives_results
from sim.models.compiled.rows import Log, fill_task_at_counter, fill_visit, write_down
from sim.models.rules import time_needed
from sim.people import look_up, most_visits, visit_of
from sim.plan import Change, Plan, Table
from sim.scalars import UNLIMITED
from sim.units import NEVER

OFFICIALS_BITS, TIME_BITS = 17, 45


def is_plain(plan: Plan) -> bool:
    """Whether a plan is one open hall with one line, officials who are all alike, and nobody who comes back."""
    return _one_hall(plan) and _all_alike(plan) and _one_line(plan) and _always_open(plan)


def _one_hall(plan: Plan) -> bool:
    hall, given = plan.points[0], plan.columns["guidance"]
    if gives_results(plan) or files_from_home(plan) or len(plan.steps):
        return False
    free_entry = hall["seats"] >= UNLIMITED and hall["tickets"] >= UNLIMITED
    guided = (given != NEVER).any() if len(plan.columns) else hall["guided"]
    return bool(len(plan.centers) == len(plan.points) == 1 and free_entry and not guided and len(plan.network) == 0)


def _all_alike(plan: Plan) -> bool:
    """All at the counters, of one speed, with every skill, for every class."""
    officials, fields, classes = plan.officials, (1 << plan.fields) - 1, (1 << plan.priorities.shape[1]) - 1
    if not 0 < len(officials) < 1 << OFFICIALS_BITS or plan.rules["horizon"] >= 1 << TIME_BITS:
        return False
    able = (officials["skills"] & np.uint64(fields) == fields) & (officials["classes"] & np.uint64(classes) == classes)
    one = officials[["place", "speed", "breadth"]]
    steady = not (officials["weak"].any() or officials["absent"].any() or officials["called_away"].any())
    able &= steady and not officials["storm"].any() and plan.rules["weak"] == 0
    return bool(able.all() and (one == one[0]).all() and officials["place"][0] == 0)


def _one_line(plan: Plan) -> bool:
    """One rank, no patience, nobody who books, moves to another day, or leaves with anything undone and comes back."""
    given = plan.columns["patience"]
    patient = (given == NEVER).all() if len(plan.columns) else (plan.centers["patience"] == NEVER).all()
    stay_away = bool(plan.centers["visits"][0] <= 1 or plan.centers["returns"][0, 0] == 0)
    stay_away &= (plan.demand["moves_to"] == NEVER).all() and len(plan.times) == 0
    return bool(patient and stay_away and (plan.priorities["value"] == plan.priorities["value"][0, 0]).all())


def _always_open(plan: Plan) -> bool:
    """Everything begins at the first midnight, and nothing changes after it."""
    first, last = plan.programs["changes"][plan.days["program"][0]], np.unique(plan.days["program"][1:])
    later = (np.diff(plan.programs["changes"])[last] > 0).any()
    rows = plan.changes[first : plan.programs["changes"][plan.days["program"][0] + 1]]
    limit = rows["value"][(rows["kind"] == Change.LIMIT) & (rows["subject"] == 0)]
    begins = (rows["kind"] == Change.DOOR).sum() == 1 and (rows["kind"] == Change.DUTY).sum() == len(plan.officials)
    begins = begins and (rows["kind"] <= Change.LIMIT).all() and plan.rules["tick"] == 0
    on = (rows["value"][rows["kind"] <= Change.DUTY] == 1).all() and (rows["time"] == 0).all()
    return bool(not later and begins and on and len(limit) == 1 and limit[0] >= len(plan.officials))


def serve(plan: Plan, look: Look, free: Table, at: Table, one: Table, log: Log, visits: Table, tasks: Table) -> bool:
    """Serves everybody in turn; False where room for a day is to be made first, and the call repeated.

    ``free``: a heap, int64[officials], of when each is free and their number; ``at``: int64[1], the next day;
    ``one``: INSIDE[1], and ``log``: room for one visit. ``visits`` and ``tasks`` get a row a citizen; the task of one
    who does not come before the horizon has no visit.
    """
    while at[0] < len(plan.days):
        if most_visits(plan, look, at[0]) > len(look.today):
            return False
        count = look_up(plan, look, at[0])
        for nth in range(count):
            who = one[0]
            visit_of(plan, look.today[nth], who)
            if who["arrival"] < plan.rules["horizon"]:
                _serve(plan, who, free)
                write_down(log, 0, who)
                fill_visit(plan, log.rows[0], visits[who["rank"]])
                fill_task_at_counter(plan, log.rows[0], who["rank"], tasks[who["rank"]])
            else:
                tasks[who["rank"]]["visit"] = NEVER
        at[0] += 1
    return True


def _serve(plan: Plan, who: Any, free: Table) -> None:
    """By the official who has been free longest, the lowest number first; what starts at the horizon does not."""
    begin_visit(who, 0)
    who["entry"], who["stage"] = who["arrival"], COUNTER
    number = free[0] & ((1 << OFFICIALS_BITS) - 1)
    start = max(who["arrival"], free[0] >> OFFICIALS_BITS)
    end = start + time_needed(who["work"], plan.officials[number]["speed"])
    if start < plan.rules["horizon"]:
        who["start"][COUNTER], who["official"][COUNTER] = start, number
    if end < plan.rules["horizon"]:
        who["departure"], who["result"] = end, who["outcome"]
    _sink(free, (min(end, plan.rules["horizon"]) << OFFICIALS_BITS) | number)


def _sink(free: Table, one: int) -> None:
    """Puts a number in the place of the first of a heap."""
    at, child, size = 0, 1, len(free)
    while child < size:
        if child + 1 < size and free[child + 1] < free[child]:
            child += 1
        if free[child] >= one:
            break
        free[at] = free[child]
        at, child = child, 2 * child + 1
    free[at] = one
