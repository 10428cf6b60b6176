"""Events at absolute times, in the order of the contract."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.models.contract import Rank


class Timeline(simpy.Environment):
    """A SimPy environment whose clock is whole milliseconds, and whose instants end with a settlement.

    ``settle`` is called once the events of an instant up to reneging are done, if one of them left it
    ``unsettled`` (clause "pass").
    """

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__(initial_time=0)
        self.settle, self.unsettled = settle, False

    def step(self) -> None:
        """The next event, after the settlement of the instant that it leaves behind."""
        if self.unsettled:
            time, rank = self._queue[0][:2]
            if time > self._now or rank >= Rank.DISPATCH:
                self.unsettled = False
                self.settle()
        super().step()

    @property
    def now(self) -> int:
        """Ms from the scenario's first midnight."""
        return self._now  # type: ignore[return-value]

    def put(self, event: simpy.Event, rank: int, time: int) -> None:
        """Lets an event happen at an absolute time, in its rank among the events of that instant."""
        self.schedule(event, rank, time - self._now)  # type: ignore[arg-type]

    def happen(self, event: simpy.Event, rank: int, time: int, value: Any = None) -> None:
        """Lets an event that somebody waits for happen with a value."""
        event._ok, event._value = True, value  # noqa: SLF001 - as SimPy does it, but in a rank and at a time
        self.put(event, rank, time)


class At(simpy.Event):
    """Happens at an absolute time in ms, in its rank."""

    def __init__(self, env: Timeline, time: int, rank: int, value: Any = None) -> None:
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = value
        env.put(self, rank, time)


class Begun(simpy.Process):
    """A process that runs to its first wait at once, within the event that brings it about."""

    def __init__(self, env: Timeline, generator: Generator[Any, Any, Any]) -> None:
        self.env = env
        self.callbacks = []
        self._value = simpy.events.PENDING
        self._generator = generator
        self._target = _BEGUN
        self._resume(_BEGUN)


_BEGUN = simpy.Event(simpy.Environment()).succeed()
