"""Memory that is used again: pages fresh from the system cost more than what is written on them."""

from __future__ import annotations

import sys
from threading import local
from typing import Any

import numpy as np

from sim.plan import Table

KEPT_BYTES = 1 << 26


class Room(local):
    """The arrays of a thread's last run, by name, each taken again once no array looks at its memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Table] = {}

    def array(self, name: str, length: int, kind: np.dtype[Any]) -> Table:
        """An array that holds anything, to be filled by its one user."""
        size = length * kind.itemsize
        memory = self._kept.get(name)
        if memory is None or len(memory) < size or sys.getrefcount(memory) > UNSEEN:
            memory = np.empty(size + size // 8, np.uint8)
            self._kept[name] = memory
        if len(memory) > KEPT_BYTES:
            del self._kept[name]
        return memory[:size].view(kind)


def _unseen() -> int:
    """The references to memory that nobody looks at, counted as a room does: how many there are, Python decides."""
    kept = {"": np.empty(1, np.uint8)}
    memory = kept.get("")
    return sys.getrefcount(memory)


UNSEEN = _unseen()
