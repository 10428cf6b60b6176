"""Random numbers, looked up by key and never drawn.

A number is a pure function of (seed, replication, stream, entity, occurrence), by the counter-based
generator Squares (B. Widynski, "Squares: A Fast Counter-Based RNG", arXiv:2004.06278, the 64-bit form of
five rounds). Its key is an odd number, hashed one to one from (seed < 2^32, replication < 2^24, stream <
2^7): no two runs share a stream. Its counter is hashed one to one from the entity and the occurrence, by
the finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).

All functions work element by element on unsigned 64-bit integers, whose arithmetic wraps: on arrays, and on
single numbers in compiled code or where numpy is told not to warn of it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

SEEDS = 1 << 32
CENTERS = 1 << 12
REPLICATIONS = 1 << 24
DAY_BITS, SLOT_BITS, PERSON_BITS, OCCURRENCE_BITS = 14, 6, 20, 12
PERSONS = 1 << PERSON_BITS
CENTER_SHIFT = DAY_BITS + SLOT_BITS + PERSON_BITS
BOOK = 48
"""In the place of a half-hour, in the identity of who booked a time."""
WHOLE = 1 << 53
_KEY_MASK = (1 << 63) - 1


class Stream(IntEnum):
    """What a number decides. A policy lists the streams whose outcome it may change."""

    COUNT = 0
    DAY_FACTOR = 1
    ARRIVAL = 2
    POINT = 3
    PROCEDURE = 4
    PURPOSE = 5
    PRIORITY = 6
    CHANNEL = 7
    DOSSIERS = 8
    TRAVEL = 9
    PATIENCE = 10
    GUIDANCE = 11
    SERVICE = 12
    INCOMPLETE = 13
    MENDED = 14
    RETURN = 15
    RETURN_DAY = 16
    RETURN_TIME = 17
    SATURDAY = 18
    SATURDAY_TIME = 19
    UP = 20
    DOWN = 21
    DRAWN = 22
    SIGNATURE = 23
    COLLECTION = 24
    MISMATCH = 25
    ERROR = 26
    ABSENCE = 27
    CALLED_AWAY = 28
    COMMON_DAY = 29
    STORM = 30
    STORM_AWAY = 31
    STORM_NETWORK = 32
    STEP = 33
    DELIVERY = 34
    FETCH_DAY = 35
    CHECK = 36
    CHOICE = 37
    BOOKED = 38
    NO_SHOW = 39
    PUNCTUALITY = 40


def key(seed: int, replication: int, stream: int) -> np.uint64:
    """The odd 64-bit key of one stream of one replication; distinct for distinct arguments."""
    if not 0 <= seed < SEEDS or not 0 <= replication < REPLICATIONS:
        raise ValueError(f"wanted a seed below {SEEDS} and a replication below {REPLICATIONS}")
    word = (seed << 31) | (replication << 7) | int(stream)
    for shift, factor in ((32, 0x4BE98134A5976FD3), (29, 0x3BC0993A5AD19A13)):
        word = ((word ^ (word >> shift)) * factor) & _KEY_MASK
    return np.uint64(2 * (word ^ (word >> 31)) + 1)


def keys(seed: int, replication: int) -> Words:
    """The keys of all streams of one replication, uint64[number of streams]."""
    return np.array([key(seed, replication, stream) for stream in Stream], np.uint64)


def counter(entity: Any, occurrence: Any) -> Any:
    """The 64-bit counter of an entity (below 2^52) and an occurrence (below 2^12), one to one."""
    word = (np.uint64(entity) << np.uint64(OCCURRENCE_BITS)) | np.uint64(occurrence)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def bits(stream_key: Any, at: Any) -> Any:
    """64 random bits for each counter ``at`` under a key (arrays broadcast)."""
    half = np.uint64(32)
    x = at * stream_key
    y = x
    z = y + stream_key
    x = x * x + y
    x = (x >> half) | (x << half)
    x = x * x + z
    x = (x >> half) | (x << half)
    x = x * x + y
    x = (x >> half) | (x << half)
    x = x * x + z
    t = x
    x = (x >> half) | (x << half)
    return t ^ ((x * x + y) >> half)


def whole(random: Any) -> Any:
    """A uniform integer from 0 to 2^53 - 1: compare it with thresholds, or divide it by ``WHOLE``."""
    return np.int64(random >> np.uint64(11))


def below(number: Any, random: Any) -> Any:
    """A uniform integer from 0 to ``number`` - 1, for numbers below 2^32."""
    return np.int64(((random >> np.uint64(32)) * np.uint64(number)) >> np.uint64(32))


def thresholds(shares: Any) -> NDArray[np.int64]:
    """Cumulated shares as integers on the scale of :func:`whole`; the last is ``WHOLE``."""
    cumulated = np.rint(np.cumsum(np.asarray(shares, dtype=np.float64)) * WHOLE).astype(np.int64)
    if len(cumulated):
        cumulated[-1] = WHOLE
    return np.minimum(cumulated, WHOLE)


def person(center: Any, day: Any, slot: Any, k: Any) -> Any:
    """The identity of the k-th person of a half-hour: center < 2^12, day < 2^14, slot < 48 or ``BOOK``, k < 2^20."""
    return ((((center << DAY_BITS) | day) << SLOT_BITS) | slot) << PERSON_BITS | k


def on_day(entity: Any, day: Any, slot: Any) -> Any:
    """What an identity of day 0 and slot 0 is on another day, in another slot."""
    return entity + (((day << SLOT_BITS) | slot) << PERSON_BITS)


def has_booked(citizen: Any, day: Any) -> Any:
    """Whether somebody has booked a time on a day."""
    return (citizen >> PERSON_BITS) & ((1 << (DAY_BITS + SLOT_BITS)) - 1) == (day << SLOT_BITS) | BOOK
