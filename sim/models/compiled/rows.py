"""What is kept of a visit that has ended, and the rows of a trace from it, put in order by counting."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.models.compiled.house import COUNTER, GUIDE, LATER, SIGN, STEP, leaders_of
from sim.models.compiled.room import Room
from sim.plan import Plan, Table
from sim.streams import CENTER_SHIFT
from sim.trace import DECISIONS, TASKS, Outcome
from sim.units import NEVER

KEPT = np.dtype(
    [
        ("citizen", "i8"),
        ("arrival", "i8"),
        ("entry", "i8"),
        ("guide_end", "i8"),
        ("counter_end", "i8"),  # NEVER where the visit ended with it
        ("start", "i8", (2,)),  # by stage
        ("departure", "i8"),
        ("travel", "i8"),
        ("official", "i4", (2,)),
        ("visit", "u2"),
        ("point", "u2"),
        ("procedure", "u2"),
        ("priority", "u2"),
        ("channel", "u2"),
        ("purpose", "u1"),
        ("dossiers", "i1"),
        ("left", "i1"),
        ("outcome", "i1"),
        ("guided", "?"),
        ("at_counter", "?"),
    ],
    align=True,
)
TASK_BITS, VISIT_BITS = 2, 16


OTHER = np.dtype([("rank", "i8"), ("number", "i8"), *TASKS.descr[1:]])


class Log(NamedTuple):
    """The visits of a run in the order in which they ended.

    ``order``: int64[n], the rank of the citizen and, in the lowest TASK_BITS, how many tasks the visit has.
    ``others``: OTHER[n], tasks after the counter, by the rank of the citizen and the number of their visit;
    ``decisions``: DECISIONS[n].
    """

    rows: Table
    order: Table
    others: Table
    decisions: Table


def log_for(visits: int, others: int, decisions: int, room: Room) -> Log:
    """An empty log for so many visits, other tasks and decisions."""
    order = room.array("order", visits, np.dtype(np.int64))
    rows, later = room.array("log", visits, KEPT), room.array("others", others, OTHER)
    return Log(rows, order, later, room.array("decisions", decisions, DECISIONS))


def with_log_room(log: Log, clock: Any, more: int, days: tuple[int, int], room: Room) -> Log:
    """The same log with room for so many more visits than have ended, if it has not.

    ``days``: how many stretches of work on cases may be ended by others than visits, and decisions made.
    """
    cuts, boards = days
    counts = [int(clock[name]) for name in ("visits", "visits", "others", "decisions")]
    adds = more, more, more * int(clock["extra"]) + cuts, boards
    wanted = [count + add for count, add in zip(counts, adds, strict=True)]
    if all(many <= len(table) for many, table in zip(wanted, log, strict=True)):
        return log
    larger = log_for(2 * wanted[0], 2 * wanted[2], 2 * wanted[3], room)
    for new, had, count in zip(larger, log, counts, strict=True):
        new[:count] = had[:count]
    return larger


def write_down(log: Log, nth: Any, who: Any) -> None:
    """Keeps a visit that has ended, or that is inside at the horizon."""
    row, outcome, left = log.rows[nth], who["result"], who["dossiers"]
    if outcome <= Outcome.ADVISED:
        left = 0
    elif outcome <= Outcome.INCOMPLETE:
        left = who["left"]
    row["citizen"], row["arrival"], row["entry"] = who["citizen"], who["arrival"], who["entry"]
    for stage in (GUIDE, COUNTER):
        row["start"][stage], row["official"][stage] = who["start"][stage], who["official"][stage]
    row["guide_end"], row["counter_end"] = who["guide_end"], who["counter_end"]
    row["departure"] = who["departure"]
    row["travel"], row["visit"] = who["travel"], who["visit"]
    row["point"], row["procedure"], row["priority"] = who["point"], who["procedure"], who["priority"]
    row["channel"], row["purpose"], row["outcome"] = who["channel"], who["purpose"], outcome
    row["dossiers"], row["left"] = ones(who["dossiers"]), ones(left)
    row["guided"] = who["entry"] != NEVER and who["guidance"] != NEVER
    row["at_counter"] = COUNTER <= who["stage"] < STEP
    log.order[nth] = (who["rank"] << TASK_BITS) | (int(row["guided"]) + int(row["at_counter"]))


def write_other(plan: Plan, log: Log, nth: Any, who: Any, end: int) -> None:
    """Keeps a task after the counter that is over, or not over at the horizon."""
    row, stage = log.others[nth], who["stage"]
    row["rank"], row["number"] = who["rank"], who["visit"]
    row["kind"] = plan.routes.shape[1] + stage - COUNTER
    row["place"] = leaders_of(plan, who["point"]) if stage == SIGN else 2 * who["point"]
    if stage >= STEP:
        row["place"] = who["place"]
    row["official"], row["entry"] = who["official"][LATER], who["joined"]
    row["start"], row["end"] = who["start"][LATER], end


def write_stretch(plan: Plan, log: Log, nth: Any, case: Any, stretch: Any) -> None:
    """Keeps a stretch of work on a case, a STRETCH row."""
    row = log.others[nth]
    row["rank"], row["number"], row["kind"] = (
        case["rank"],
        case["visit"],
        plan.routes.shape[1] + stretch["stage"] - COUNTER,
    )
    row["place"], row["entry"] = stretch["place"], stretch["entry"]
    row["official"], row["start"], row["end"] = stretch["official"], stretch["start"], stretch["end"]


def write_decision(log: Log, nth: Any, time: int, official: int, place: int) -> None:
    """Keeps where a rule sent an official."""
    row = log.decisions[nth]
    row["time"], row["official"], row["place"] = time, official, place


def ones(bits: int) -> int:
    """How many bits are set."""
    count = 0
    while bits > 0:
        bits &= bits - 1
        count += 1
    return count


def put_in_order(rows: Table, order: Table, first: Table, at: Table, mixed: bool) -> int:
    """Where in the log the visit of each row of a trace is, in the order (citizen, visit); how many tasks there are.

    ``first``: uint32[citizens + 1], ``at``: uint32[visits]. ``mixed``: a result may be fetched before what was left is
    brought again; otherwise the visits of a citizen are in the log in their order.
    """
    tasks = 0
    for nth in range(len(first)):
        first[nth] = 0
    for nth in range(len(order)):
        first[np.uint64(order[nth] >> TASK_BITS) + np.uint64(1)] += 1
        tasks += order[nth] & ((1 << TASK_BITS) - 1)
    for nth in range(1, len(first)):
        first[nth] += first[nth - 1]
    for nth in range(len(order)):
        rank = np.uint64(order[nth] >> TASK_BITS)
        at[first[rank]] = nth
        first[rank] += 1
    for nth in range(1, len(order) if mixed else 0):
        one, place = at[nth], nth
        while place > 0 and _is_later(rows, order, at[place - 1], one):
            at[place] = at[place - 1]
            place -= 1
        at[place] = one
    return int(tasks)


def _is_later(rows: Table, order: Table, one: Any, other: Any) -> bool:
    """Whether a visit stands after another of the same citizen."""
    if order[one] >> TASK_BITS != order[other] >> TASK_BITS:
        return False
    return bool(rows[one]["visit"] > rows[other]["visit"])


def with_others(tasks: Table, others: Table, first: Table, numbers: Table) -> Table:
    """The tasks of a trace and those after the counter; ``numbers``: of its visits, of each citizen in order.

    ``first``: where the visits of the next rank begin.
    """
    rows = np.zeros(len(others), TASKS)
    for name in TASKS.names or ():
        if name != "visit":
            rows[name] = others[name]
    rank = np.repeat(np.arange(len(first)), np.diff(first, prepend=0))
    keys = rank[: len(numbers)] << VISIT_BITS | numbers
    rows["visit"] = np.searchsorted(keys, others["rank"] << VISIT_BITS | others["number"])
    every = np.concatenate([tasks, rows])
    return every[np.lexsort((every["start"], every["kind"], every["entry"], every["visit"]))]


def fill(plan: Plan, log: Log, at: Table, visits: Table, tasks: Table) -> None:
    """Writes the rows of VISITS and TASKS, one after the other."""
    task = 0
    for row in range(len(visits)):
        who = log.rows[at[row]]
        fill_visit(plan, who, visits[row])
        if who["guided"]:
            _task_with_guide(plan, who, row, tasks[task])
            task += 1
        if who["at_counter"]:
            fill_task_at_counter(plan, who, row, tasks[task])
            task += 1


def _number_of(plan: Plan, citizen: int) -> Any:
    """The number of the center that a citizen belongs to."""
    return plan.centers[0]["number"] if len(plan.centers) == 1 else citizen >> CENTER_SHIFT


def fill_visit(plan: Plan, who: Any, row: Any) -> None:
    """A row of VISITS from one of KEPT."""
    row["citizen"], row["center"], row["visit"] = who["citizen"], _number_of(plan, who["citizen"]), who["visit"]
    row["point"], row["procedure"], row["priority"] = who["point"], who["procedure"], who["priority"]
    row["channel"], row["purpose"] = who["channel"], who["purpose"]
    row["dossiers"], row["left"], row["outcome"] = who["dossiers"], who["left"], who["outcome"]
    row["arrival"], row["entry"] = who["arrival"], who["entry"]
    row["departure"], row["travel"] = who["departure"], who["travel"]


def _task_with_guide(plan: Plan, who: Any, row: int, task: Any) -> None:
    ended = who["at_counter"] or who["guide_end"] != NEVER
    task["visit"], task["kind"], task["place"] = row, plan.routes.shape[1], 2 * who["point"] + 1
    task["official"], task["entry"], task["start"] = who["official"][GUIDE], who["entry"], who["start"][GUIDE]
    task["end"] = who["guide_end"] if ended else who["departure"]


def fill_task_at_counter(plan: Plan, who: Any, row: int, task: Any) -> None:
    """A row of TASKS from one of KEPT, whose visit has a row in the trace."""
    task["visit"], task["kind"] = row, plan.procedures[who["procedure"]]["field"]
    task["place"], task["official"] = 2 * who["point"], who["official"][COUNTER]
    task["entry"] = who["guide_end"] if who["guided"] else who["entry"]
    task["start"] = who["start"][COUNTER]
    task["end"] = who["counter_end"] if who["counter_end"] != NEVER else who["departure"]
