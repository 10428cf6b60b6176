"""The networks of the centers as work clocks: which one a task goes by, and when it will be done (clause "network")."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.house import RECORDS_HELD, House
from sim.plan import Plan
from sim.units import NEVER


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
