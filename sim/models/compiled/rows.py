"""The rows of a trace from the visits of a run, put in order by counting."""

from __future__ import annotations

from typing import Any

from sim.look import Look
from sim.models.compiled.house import COUNTER
from sim.plan import Plan, Table
from sim.trace import Outcome
from sim.units import NEVER


def places_of(look: Look, used: int, first: Table, rows: Table, tasks: Table) -> int:
    """Where each visit that began stands in a trace, in the order (citizen, visit); how many there are.

    ``first``: zeros, int64[citizens + 1]; ``rows``: int64[visits], gets the row of each row of the block, NEVER for
    none; ``tasks``: zeros, int64[visits + 1], gets the first row of the tasks of each row.
    """
    for slot in range(used):
        if look.block[slot]["number"] != NEVER:
            first[look.block[slot]["rank"] + 1] += 1
    for rank in range(len(first) - 1):
        first[rank + 1] += first[rank]
    for slot in range(used):
        who = look.block[slot]
        rows[slot] = NEVER
        if who["number"] != NEVER:
            rows[slot] = first[who["rank"]] + who["visit"]
            tasks[rows[slot] + 1] = int(_with_guide(who)) + int(who["stage"] == COUNTER)
    count = first[len(first) - 1]
    for row in range(count):
        tasks[row + 1] += tasks[row]
    return int(count)


def _with_guide(who: Any) -> bool:
    return bool(who["entry"] != NEVER and who["guidance"] != NEVER)


def fill(plan: Plan, look: Look, rows: Table, first_task: Table, visits: Table, tasks: Table) -> None:
    """Writes the rows of VISITS and TASKS."""
    for slot in range(len(rows)):
        row = rows[slot]
        if row == NEVER:
            continue
        who, task = look.block[slot], first_task[row]
        _visit(plan, who, visits[row])
        if _with_guide(who):
            _task_with_guide(plan, who, row, tasks[task])
            task += 1
        if who["stage"] == COUNTER:
            _task_at_counter(plan, who, row, tasks[task])


def _visit(plan: Plan, who: Any, row: Any) -> None:
    outcome, left = who["result"], who["dossiers"]
    if outcome <= Outcome.ADVISED:
        left = 0
    elif outcome <= Outcome.INCOMPLETE:
        left = who["left"]
    row["center"], row["citizen"], row["visit"] = plan.rules["center"], who["citizen"], who["visit"]
    row["point"], row["procedure"], row["priority"] = who["point"], who["procedure"], who["priority"]
    row["purpose"], row["channel"] = who["purpose"], who["channel"]
    row["dossiers"], row["left"] = ones(who["dossiers"]), ones(left)
    row["arrival"], row["entry"] = who["arrival"], who["entry"]
    row["departure"], row["travel"], row["outcome"] = who["departure"], who["travel"], outcome


def ones(bits: int) -> int:
    """How many bits are set."""
    count = 0
    while bits > 0:
        bits &= bits - 1
        count += 1
    return count


def _task_with_guide(plan: Plan, who: Any, row: int, task: Any) -> None:
    ended = who["stage"] == COUNTER or who["guide_end"] != NEVER
    task["visit"], task["kind"], task["place"] = row, plan.routes.shape[1], 2 * who["point"] + 1
    task["official"], task["entry"], task["start"] = who["guide"], who["entry"], who["guide_start"]
    task["end"] = who["guide_end"] if ended else who["departure"]


def _task_at_counter(plan: Plan, who: Any, row: int, task: Any) -> None:
    task["visit"], task["kind"] = row, plan.procedures[who["procedure"]]["field"]
    task["place"], task["official"] = 2 * who["point"], who["official"]
    task["entry"], task["start"], task["end"] = who["joined"], who["start"], who["departure"]
