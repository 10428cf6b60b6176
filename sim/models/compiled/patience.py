"""Those who wait and whose patience counts: a heap by the instant at which it ends."""

from __future__ import annotations

from typing import Any

from sim.look import Look
from sim.models.compiled.house import FAR, NOBODY, House


def remember(look: Look, house: House, slot: Any) -> None:
    """The patience of a visit counts from now on."""
    clock = house.clock
    _place(look, house, clock["timed"], slot)
    clock["timed"] += 1
    _lift(look, house, clock["timed"] - 1)
    clock["expiry"] = _due(look, house.timed[0])


def forget(look: Look, house: House, slot: Any) -> None:
    """It counts no longer: the visit is called, or leaves."""
    clock, at = house.clock, look.block[slot]["timer"]
    look.block[slot]["timer"] = NOBODY
    clock["timed"] -= 1
    if at < clock["timed"]:
        _place(look, house, at, house.timed[clock["timed"]])
        _lift(look, house, at)
        _sink(look, house, at)
    clock["expiry"] = _due(look, house.timed[0]) if clock["timed"] > 0 else FAR


def _due(look: Look, slot: Any) -> int:
    return int(look.block[slot]["entry"] + look.block[slot]["patience"])


def _place(look: Look, house: House, at: int, slot: Any) -> None:
    house.timed[at] = slot
    look.block[slot]["timer"] = at


def _lift(look: Look, house: House, at: int) -> None:
    slot = house.timed[at]
    while at > 0 and _due(look, house.timed[(at - 1) >> 1]) > _due(look, slot):
        _place(look, house, at, house.timed[(at - 1) >> 1])
        at = (at - 1) >> 1
    _place(look, house, at, slot)


def _sink(look: Look, house: House, at: int) -> None:
    slot, size = house.timed[at], house.clock["timed"]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _due(look, house.timed[child + 1]) < _due(look, house.timed[child]):
            child += 1
        if _due(look, house.timed[child]) >= _due(look, slot):
            break
        _place(look, house, at, house.timed[child])
        at = child
    _place(look, house, at, slot)
