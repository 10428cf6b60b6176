"""The networks of the centers as work clocks: which one a task goes by, and when it will be done (clause "network")."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.house import ANYTHING, FAR, HALL_OPEN, NETWORK_HELD, NOBODY, RECORDS_HELD, House, remote
from sim.models.compiled.lines import changed
from sim.outages import FULL
from sim.plan import Plan
from sim.units import NEVER

ALWAYS = (1 << 63) - 1


def next_step(plan: Plan, house: House) -> None:
    """The speed of the network of a center changes; of several at one instant in their order."""
    clock, turn = house.clock, house.turns[house.clock["turn"]]
    clock["turn"] += 1
    clock["step_at"] = house.turns[clock["turn"]]["time"] if clock["turn"] < len(house.turns) else FAR
    center, step = turn["center"], turn["step"]
    here, speed = house.centers[center], plan.network[step]["speed"]
    clock["down"] += int(speed == 0) - int(here["step"] != NEVER and plan.network[here["step"]]["speed"] == 0)
    here["step"] = step
    _tell_points(plan, house, center, speed, _until(plan, center, step) if speed == FULL else NEVER)
    if plan.centers[center]["consulted"] != 0:
        changed(house, remote(plan, center), ANYTHING, NOBODY)


def _until(plan: Plan, center: Any, step: Any) -> int:
    """When the network of a center changes after a step."""
    return int(plan.network[step + 1]["time"] if step + 1 < plan.networks[center + 1] else FAR)


def _tell_points(plan: Plan, house: House, center: Any, speed: Any, full_until: int) -> None:
    """At the points of a center work waits, or goes on."""
    holds = 0
    if speed == 0:
        waits = not plan.rules["starts_while_down"] and plan.rules["paper"] == 0
        holds = RECORDS_HELD | (NETWORK_HELD if waits else 0)
    for point in range(house.centers[center]["first"], house.centers[center]["last"]):
        if plan.points[point]["center"] == center:
            place = house.places[2 * point]
            place["holds"], place["full_until"] = (place["holds"] & HALL_OPEN) | holds, full_until
            changed(house, 2 * point, ANYTHING, NOBODY)


def is_down(house: House, point: Any) -> bool:
    """Whether the network of the center of a point is down now."""
    return bool((house.places[2 * np.int64(point)]["holds"] & RECORDS_HELD) != 0)


def network_at(plan: Plan, point: Any) -> int:
    """The center by whose network work at a point goes; NEVER where that is always up."""
    center = np.int64(plan.points[np.int64(point)]["center"])
    return int(center if plan.networks[center] < plan.networks[center + 1] else NEVER)


def network_for(plan: Plan, house: House, who: Any) -> int:
    """The center by whose network a task goes that is done where it waits; NEVER where it needs none."""
    if len(plan.network) == 0 or not house.queues[who["queue"]]["network"]:
        return NEVER
    return network_at(plan, who["place"] // np.uint32(2))


def passed(plan: Plan, house: House, center: int) -> int:
    """W of a center now."""
    row = plan.network[house.centers[center]["step"]]
    return int(row["work"] + (house.clock["now"] - row["time"]) * row["speed"])


def reaches(plan: Plan, house: House, center: int, target: int) -> int:
    """The first t from now on with W(t) >= ``target`` at a center."""
    step, last = house.centers[center]["step"], plan.networks[center + 1] - 1
    while step < last and plan.network[step + 1]["work"] < target:
        step += 1
    row = plan.network[step]
    return int(row["time"] - (row["work"] - target) // row["speed"])


def end_of_work(plan: Plan, house: House, center: int, work: int) -> int:
    """When work is done that begins now."""
    return reaches(plan, house, center, passed(plan, house, center) + 1000 * work)


def end_with_paper(plan: Plan, house: House, center: int, who: Any, work: int) -> int:
    """When work is done that begins now, and on paper from the first outage before its end (clause "paper")."""
    end, since, done = end_of_work(plan, house, center, work), house.clock["now"], 0
    step, last = house.centers[center]["step"], plan.networks[center + 1] - 1
    while plan.network[step]["speed"] > 0:
        if step == last or plan.network[step + 1]["time"] >= end:
            return end
        done += (plan.network[step + 1]["time"] - since) * plan.network[step]["speed"]
        step += 1
        since = plan.network[step]["time"]
    who["on_paper"] = True
    left, pace = 1000 * work - done, plan.rules["paper"]
    return int(since + (left + pace - 1) // pace)
