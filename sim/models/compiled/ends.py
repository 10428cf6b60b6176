"""When officials are done: the soonest of each shelf of SHELF, of each rack of as many shelves, and of all.

An entry is a time, times SHELF, and where in the shelf the official stands. Where there is one rack it is not kept:
its shelves are looked through as fast.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.models.compiled.house import FAR, SHELF, SHELF_BITS, House

NONE = FAR << SHELF_BITS


def busy_until(house: House, official: Any, end: int) -> None:
    """The official is busy until then, or past all horizons."""
    clock, shelf, end = house.clock, official >> np.uint32(SHELF_BITS), min(end, FAR)
    entry = (end << SHELF_BITS) | int(official & np.uint32(SHELF - 1))
    house.ends[official] = entry
    house.soonest[shelf] = min(house.soonest[shelf], entry)
    if len(house.racks) > 1:
        rack = shelf >> np.uint32(SHELF_BITS)
        house.racks[rack] = min(house.racks[rack], entry)
    if end < clock["end"] or (end == clock["end"] and shelf < clock["shelf"]):
        clock["end"], clock["shelf"] = end, shelf


def who_is_done(house: House) -> Any:
    """The first of the officials whose task ends now; the next end is looked for."""
    shelf = house.clock["shelf"]
    number = shelf << np.uint32(SHELF_BITS) | np.uint32(house.soonest[shelf] & SHELF - 1)
    never_done(house, number)
    return number


def never_done(house: House, official: Any) -> None:
    """An official is busy no longer; the next end is looked for."""
    shelf = official >> np.uint32(SHELF_BITS)
    house.ends[official] = NONE
    house.soonest[shelf] = _least(house.ends, np.uint64(shelf << np.uint32(SHELF_BITS)))
    if len(house.racks) > 1:
        _look_through_racks(house, shelf >> np.uint32(SHELF_BITS))
    else:
        _look_through(house, 0, len(house.soonest))


def _look_through(house: House, first: int, last: int) -> None:
    """The soonest of some shelves is the next end."""
    clock, soonest, found = house.clock, FAR, first
    for shelf in range(first, last):
        end = house.soonest[shelf] >> SHELF_BITS
        if end < soonest:
            soonest, found = end, shelf
    clock["end"], clock["shelf"] = soonest, found


def _look_through_racks(house: House, changed: Any) -> None:
    """The soonest of a rack is another, and so may be that of all."""
    house.racks[changed] = _least(house.soonest, np.uint64(changed << np.uint32(SHELF_BITS)))
    soonest, found = FAR, 0
    for rack in range(len(house.racks)):
        end = house.racks[rack] >> SHELF_BITS
        if end < soonest:
            soonest, found = end, rack
    _look_through(house, found << SHELF_BITS, (found + 1) << SHELF_BITS)


def _least(ends: Any, first: Any) -> Any:
    """The least of a shelf, by pairs: so none waits for all before it."""
    return min(_least_of_4(ends, first), _least_of_4(ends, first + np.uint64(4)))


def _least_of_4(ends: Any, first: Any) -> Any:
    return min(_lesser(ends, first), _lesser(ends, first + np.uint64(2)))


def _lesser(ends: Any, first: Any) -> Any:
    return min(ends[first], ends[first + np.uint64(1)])
