"""Events at absolute times, in the order of the contract."""

from __future__ import annotations

from typing import Any

import simpy


class Timeline(simpy.Environment):
    """A SimPy environment whose clock is whole milliseconds."""

    @property
    def now(self) -> int:
        """Ms from the scenario's first midnight."""
        return self._now  # type: ignore[return-value]

    def put(self, event: simpy.Event, rank: int, time: int) -> None:
        """Lets an event happen at an absolute time, in its rank among the events of that instant."""
        self.schedule(event, rank, time - self._now)  # type: ignore[arg-type]


class At(simpy.Event):
    """Happens at an absolute time in ms, in its rank."""

    def __init__(self, env: Timeline, time: int, rank: int, value: Any = None) -> None:
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = value
        env.put(self, rank, time)
