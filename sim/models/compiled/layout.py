"""The empty house of a plan: which queues stand at which place, and who serves them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sim.dossiers import MOST_STEPS
from sim.models.compiled.house import (
    BITS,
    CENTER,
    CLOCK,
    CUTS,
    EXTRA_TASKS,
    HALL_OPEN,
    INSIDE,
    NETWORK_HELD,
    OFFICIAL,
    PLACE,
    POINT,
    QUEUE,
    RECORDS_HELD,
    SHELF,
    STRETCH,
    House,
)
from sim.models.compiled.rings import LINK
from sim.models.rules import CASES, CHECKS, RECORDS
from sim.outages import TURNS
from sim.plan import BACK_OFFICE, ROOMS, Board, Kind, Plan, Shared, Table
from sim.units import NEVER

VISITS = 256  # at first
EVERYBODY = BACK_OFFICE - 1  # all classes
Line = tuple[int, int, int, bool, int]
"""A queue: bits of skill and classes, rank, whether it needs the network, and why it may wait."""


class Also(NamedTuple):
    """What is done beside reception: results are handed over, paper is typed in, dossiers are worked on.

    ``checks``: of what is filed from home; ``asked``: specialists, over a link.
    """

    results: bool
    paper: bool
    after_hours: bool
    checks: bool
    cases: bool
    asked: bool


def house_for(plan: Plan) -> House:
    """The empty house of a plan, with room for some visits; ``open_house`` begins a run in it."""
    shared = Shared(plan.points, plan.procedures, plan.priorities, plan.officials, plan.routes)
    rules = plan.rules
    on_paper = bool(rules.paper), bool(rules.records_after_hours)
    also = Also(gives_results(plan), *on_paper, files_from_home(plan), len(plan.steps) > 0, _asks(plan))
    empty = _empty(shared, also, len(plan.centers))
    return with_rows(House(*(part.copy() for part in empty)), VISITS)


def gives_results(plan: Plan) -> bool:
    """Whether some leave with the result on the visit on which they submit."""
    given = plan.columns if len(plan.columns) else plan.procedures
    return bool((given["signature"] != NEVER).any())


def files_from_home(plan: Plan) -> bool:
    """Whether there is a channel online from home."""
    return bool((plan.channels["checking"] != NEVER).any())


def _asks(plan: Plan) -> bool:
    """Whether officials ask specialists over a link."""
    return bool((plan.centers["consulted"] != 0).any())


@lru_cache(maxsize=8)
def _empty(shared: Shared, also: Also, centers: int) -> House:
    """A house without room for visits."""
    points, procedures, priorities, given, routes = shared.tables
    kinds = sorted({(int(row["field"]), bool(row["network"])) for row in procedures})
    classes, fields, officials = priorities.shape[1], routes.shape[1], len(given)
    places = 2 * len(points) + ROOMS * centers
    at = _queues(kinds, priorities["value"][0], fields, also)
    here = [queue for _ in points for queues in at[:2] for queue in queues] + (at[2] + at[4]) * centers
    queues, length = len(here), [*[len(at[0]), len(at[1])] * len(points), *[len(at[2]), 0, len(at[4])] * centers]
    of_procedure = [classes * kinds.index((int(row["field"]), bool(row["network"]))) for row in procedures]
    house = House(
        clock=np.zeros(1, CLOCK).view(np.recarray)[0],
        points=_points(points),
        places=np.zeros(places, PLACE),
        centers=_centers(points, centers),
        queues=np.zeros(queues, QUEUE),
        officials=np.zeros(officials, OFFICIAL),
        idle=np.zeros(2 * places + officials, LINK),
        of_procedure=np.array(of_procedure, np.uint32),
        **{name: np.zeros(length, np.uint32) for name, length in (("dirty", places), ("grown", centers))},
        stretches=np.zeros(2 * officials, STRETCH),
        turns=np.zeros(0, TURNS),
        board=np.zeros((len(points), len(Board)), np.int64),
        **_shelves(officials),
        **_lists(queues + len(points) + 1, 0),
    )
    house.clock["heads"] = queues + len(points) + 1
    _number_queues(house.clock, also, classes * len(kinds), fields)
    _lay_out(house, given, here, np.array(length))
    return house


def _points(points: Table) -> Table:
    """Each knows its center."""
    rows = np.zeros(len(points), POINT)
    rows["center"] = points["center"]
    return rows


def _centers(points: Table, number: int) -> Table:
    """Between which points those of each center are."""
    rows, at = np.zeros(number, CENTER), np.arange(len(points))
    rows["first"] = len(points)
    np.minimum.at(rows["first"], points["center"], at)
    np.maximum.at(rows["last"], points["center"], at + 1)
    return rows


def _shelves(officials: int) -> dict[str, Table]:
    """Room for when officials are done, see :mod:`.ends`."""
    shelves = max(-(-officials // SHELF), 1)
    racks = -(-shelves // SHELF)
    shelves = shelves if racks == 1 else racks * SHELF
    lengths = {"ends": shelves * SHELF, "soonest": shelves, "racks": racks}
    return {name: np.zeros(length, np.int64) for name, length in lengths.items()}


def _number_queues(clock: Any, also: Also, first: int, fields: int) -> None:
    """Where the queues of a point begin that come after those for reception, and what visits leave behind."""
    clock["behind"], clock["extra"] = also.paper + also.cases, _most_tasks(also)
    clock["handing"], clock["typing"] = first, first + fields * also.results
    clock["cases"] = first + fields * (also.results + also.paper + 2 * also.checks)
    clock["checks"] = (first + fields * (also.results + also.paper)) * also.checks


def _most_tasks(also: Also) -> int:
    """How many tasks after the counter a visit may have, of a case every stretch, before the next midnight."""
    office = (CUTS + MOST_STEPS + 2) * (also.cases or also.checks)
    return EXTRA_TASKS * (also.results or also.paper) + also.asked + office


def _queues(kinds: list[tuple[int, bool]], ranks: Table, fields: int, also: Also) -> list[list[Line]]:
    """The queues at counters, at guides, at the leaders, aside, and of those asked over a link."""
    classes = [(1 << nth, int(rank)) for nth, rank in enumerate(ranks)]
    counters = [(1 << field, one, rank, net, NETWORK_HELD * net) for field, net in kinds for one, rank in classes]
    if also.results:
        counters += [(1 << field, EVERYBODY, NEVER, False, 0) for field in range(fields)]
    if also.paper:
        hold = RECORDS_HELD | HALL_OPEN * also.after_hours
        counters += [(1 << field, EVERYBODY, RECORDS, True, hold) for field in range(fields)]
    others = [
        [(1 << fields + kind, one, rank, False, 0) for one, rank in classes] for kind in (Kind.GUIDANCE, Kind.SIGNATURE)
    ]
    held = (False, 0), (True, RECORDS_HELD)
    for rank in [CHECKS] * also.checks + [CASES] * also.cases:
        counters += [(1 << field, BACK_OFFICE, rank, *net) for field in range(fields) for net in held]
    if also.cases:
        others[1].append((1 << fields + Kind.SIGNATURE, BACK_OFFICE, CASES, False, 0))
    asked = [(1 << field, one, rank, True, 0) for field in range(fields) if also.asked for one, rank in classes]
    return [counters, *others, [], asked]


def _lists(heads: int, visits: int) -> dict[str, Table]:
    lists = {name: np.zeros(visits, np.uint32) for name in ("free", "leaving", "joined", "timed")}
    return {"lines": np.zeros(heads + visits, LINK), "inside": np.zeros(visits, INSIDE), **lists}


def with_rows(house: House, visits: int) -> House:
    """The same house with room for so many visits; what stands in its lists stays there, more rows are free."""
    had, lists = len(house.inside), _lists(house.clock["heads"], visits)
    for name, room in lists.items():
        room[: len(getattr(house, name))] = getattr(house, name)
    more = np.arange(had, visits, dtype=np.uint32)[::-1]
    lists["free"][: len(more) + house.clock["free"]] = np.concatenate([more, house.free[: house.clock["free"]]])
    house.clock["free"] += len(more)
    return house._replace(**lists)


def _lay_out(house: House, given: Table, here: list[Line], length: Table) -> None:
    """Which queues stand at which place, ``length`` at each, one after the other; and who serves them."""
    places, queues, officials = house.places, house.queues, house.officials
    for name in ("skills", "classes", "speed", "breadth", "place"):
        officials[name] = given[name]
    for nth, name in enumerate(("kind_bit", "class_bit", "rank", "network", "hold")):
        queues[name] = [queue[nth] for queue in here]
    places["queue_end"] = np.cumsum(length)
    places["queue"] = places["queue_end"] - length
    place = np.repeat(np.arange(len(places)), length)
    queues["bit"] = 1 << (np.arange(len(queues)) - places["queue"][place]) % BITS
    queues["own_bit"] = np.where(length[place] <= BITS, queues["bit"], 0)
    queues["urgent"], queues["of_cases"] = queues["rank"] < RECORDS, queues["rank"] >= CHECKS
    np.bitwise_or.at(places["of_cases"], place, np.where(queues["of_cases"], queues["bit"], 0))
    able = (officials["skills"][:, None] & queues["kind_bit"] != 0) & (officials["place"][:, None] == place)
    able &= officials["classes"][:, None] & queues["class_bit"] != 0
    officials["serves"] = np.bitwise_or.reduce(np.where(able, queues["bit"], 0), axis=1)
