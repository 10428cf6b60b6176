"""Rings: linked lists in one table, each closed by a head that is always there, so that no end is a special case."""

from __future__ import annotations

from typing import Any

import numpy as np

LINK = np.dtype([("before", "u4"), ("after", "u4")])


def clear(ring: Any, head: Any) -> None:
    """Nobody stands in the ring of a head."""
    ring[head]["before"], ring[head]["after"] = head, head


def is_empty(ring: Any, head: Any) -> bool:
    """Whether nobody stands in the ring of a head."""
    return bool(ring[head]["after"] == head)


def insert(ring: Any, one: Any, behind: Any) -> None:
    """Puts one behind another, or behind a head."""
    after = ring[behind]["after"]
    ring[one]["before"], ring[one]["after"] = behind, after
    ring[behind]["after"], ring[after]["before"] = one, one


def remove(ring: Any, one: Any) -> None:
    """Takes one out of the ring it stands in."""
    before, after = ring[one]["before"], ring[one]["after"]
    ring[before]["after"], ring[after]["before"] = after, before
