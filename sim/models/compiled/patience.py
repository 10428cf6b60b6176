"""Those who wait and whose patience counts: a heap by the instant at which it ends."""

from __future__ import annotations

from typing import Any

from sim.models.compiled.house import FAR, NOBODY, House


def remember(house: House, slot: Any) -> None:
    """The patience of a visit counts from now on."""
    clock = house.clock
    _place(house, clock["timed"], slot)
    clock["timed"] += 1
    _lift(house, clock["timed"] - 1)
    clock["expiry"] = _due(house, house.timed[0])


def forget(house: House, slot: Any) -> None:
    """It counts no longer: the visit is called, or leaves."""
    clock, at = house.clock, house.inside[slot]["timer"]
    house.inside[slot]["timer"] = NOBODY
    clock["timed"] -= 1
    if at < clock["timed"]:
        _place(house, at, house.timed[clock["timed"]])
        _lift(house, at)
        _sink(house, at)
    clock["expiry"] = _due(house, house.timed[0]) if clock["timed"] > 0 else FAR


def _due(house: House, slot: Any) -> int:
    return int(house.inside[slot]["entry"] + house.inside[slot]["patience"])


def _place(house: House, at: int, slot: Any) -> None:
    house.timed[at] = slot
    house.inside[slot]["timer"] = at


def _lift(house: House, at: int) -> None:
    slot = house.timed[at]
    while at > 0 and _due(house, house.timed[(at - 1) >> 1]) > _due(house, slot):
        _place(house, at, house.timed[(at - 1) >> 1])
        at = (at - 1) >> 1
    _place(house, at, slot)


def _sink(house: House, at: int) -> None:
    slot, size = house.timed[at], house.clock["timed"]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _due(house, house.timed[child + 1]) < _due(house, house.timed[child]):
            child += 1
        if _due(house, house.timed[child]) >= _due(house, slot):
            break
        _place(house, at, house.timed[child])
        at = child
    _place(house, at, slot)
