"""The house of the compiled engine before the first midnight."""

from __future__ import annotations

import numpy as np

from sim.models.compiled.house import FAR, NOBODY, SHELF_BITS, UNCHANGED, House, choose_queues, desk_of
from sim.models.compiled.rings import clear
from sim.plan import BACK_OFFICE, Plan, Rule
from sim.units import NEVER


def open_house(plan: Plan, house: House) -> None:
    """Everything as it is before the first midnight."""
    clock = house.clock
    clock["now"], clock["end"], clock["expiry"] = NEVER, FAR, FAR
    clock["day"], clock["next"], clock["today"], clock["number"], clock["arrival"] = 0, 0, 0, 0, 0
    clock["dirty"], clock["leaving"], clock["joined"], clock["timed"] = 0, 0, 0, 0
    clock["visits"], clock["others"], clock["decisions"], clock["grown"] = 0, 0, 0, 0
    clock["unsettled"], clock["let_in"], clock["shelf"] = False, False, 0
    clock["stretches"], clock["road_at"] = 0, FAR
    clock["free"] = len(house.free)
    for nth in range(len(house.free)):
        house.free[nth] = len(house.free) - 1 - nth
    _empty(house)
    clock["by_rule"], clock["asks"], clock["asked"] = False, False, False
    for number in range(len(house.officials)):
        _enroll(plan, house, number)
        clock["by_rule"] |= plan.officials[number]["rule"] != Rule.NONE
        clock["asks"] |= plan.officials[number]["rule"] == Rule.OWN
    house.ends[:] = FAR << SHELF_BITS
    house.soonest[:] = FAR << SHELF_BITS
    house.racks[:] = FAR << SHELF_BITS


def _empty(house: House) -> None:
    """Nobody stands anywhere, and every door is closed."""
    for point in range(len(house.points)):
        hall = house.points[point]
        hall["issued"], hall["results"], hall["records"] = 0, 0, 0
        hall["opened"], hall["closed_for_good"] = False, True
        for day in (0, 1):
            hall["waited"][day], hall["received"][day] = 0, 0
    for center in range(len(house.centers)):
        own = house.centers[center]
        own["most_waiting"], own["most_records"], own["grows"] = 0, 0, False
    for place in range(len(house.places)):
        row = house.places[place]
        row["limit"], row["busy"], row["waiting"], row["occupied"], row["change"] = 0, 0, 0, 0, UNCHANGED
        row["holds"], row["on_duty"] = 0, 0
        clear(house.idle, place)
        clear(house.idle, desk_of(house, place))
    for queue in range(len(house.queues)):
        house.queues[queue]["joined"] = NEVER
    for head in range(house.clock["heads"]):
        clear(house.lines, head)


def _enroll(plan: Plan, house: House, number: int) -> None:
    """An official as they are before the first midnight."""
    one, given = house.officials[number], plan.officials[number]
    one["on_duty"], one["busy"], one["slot"], one["owed"] = False, False, NOBODY, 0
    one["off"], one["left"], one["back"] = NEVER, NEVER, FAR
    one["speed"], one["month"], one["paid_until"], one["due"] = given["speed"], NEVER, NEVER, NEVER
    one["overtime"][0], one["overtime"][1] = 0, 0
    one["at_desk"], one["receives"] = False, int((given["classes"] & np.uint64(BACK_OFFICE - 1)) != 0)
    one["may_be_weak"] = plan.rules["weak"] > 0 or given["weak"] > 0
    if one["place"] != np.uint32(given["place"]) or one["classes"] != given["classes"]:
        one["place"], one["classes"] = given["place"], given["classes"]
        choose_queues(house, number)
