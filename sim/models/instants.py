"""Events at absolute times, in the order of the contract."""

from __future__ import annotations

from typing import Any

import simpy


class At(simpy.Event):
    """Happens at an absolute time in ms, in its rank among the events of that instant."""

    def __init__(self, env: simpy.Environment, time: int, rank: int, value: Any = None) -> None:
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = value
        env.schedule(self, rank, time - env.now)  # type: ignore[arg-type]
