"""The chain of :mod:`sim.theory.line` through a day: the Kolmogorov forward equations, by uniformization.

Arrival rates and servers change by steps; a crowd may enter at once. A server who goes finishes the service in hand
(the exhaustive discipline; Ingolfsson, Akhmetshina, Budge, Li and Wu 2007) beside those who stay. Exact for
M(t)/M/c(t)+M with or without finite room, up to which services those who go have in hand; elsewhere as good as the
chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.theory.line import Line
from sim.theory.load import at_least, nonnegative, positive
from sim.theory.uniform import SPARE, poisson, poisson_reach, steps_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """A time in which nothing changes: ``rate`` arrivals a minute at ``servers``.

    ``relieved``: servers at its start while those who go end the service in hand and those who come begin, None where
    it is ``servers``; it is not less. ``crowd``: people expected to enter together at its start, a Poisson number.
    ``recent``: the rate at which those who wait came, for their patience; None is ``rate``. ``clears``: whoever waits
    is sent home at its start.
    """

    minutes: float
    rate: float
    servers: int
    relieved: int | None = None
    crowd: float = 0.0
    recent: float | None = None
    clears: bool = False

    @property
    def at_once(self) -> int:
        """Servers at its start."""
        return self.servers if self.relieved is None else max(self.relieved, self.servers)


@dataclass(frozen=True, slots=True)
class Passage:
    """Over one step: mean number waiting, mean number at servers, and people who found no room."""

    queue_mean: float
    busy_mean: float
    lost: float


@dataclass(frozen=True, eq=False)
class State:
    """``law[b, k]``: the probability that b are at servers and k parcels wait; ``servers`` are on duty.

    Of more than these at servers the others are with those who go. That they are those who end last where nobody waits
    is the one thing that the chain does not know. ``room``: parcels that may ever wait, more columns than are kept.
    """

    law: Floats
    servers: int
    room: int


def empty(line: Line, steps: Sequence[Step]) -> State:
    """Nobody there, with room for all whom the steps may bring."""
    expected = sum(step.rate * step.minutes + step.crowd for step in steps)
    servers = max(step.at_once for step in steps)
    law = np.zeros((servers + 1, 1))
    law[0, 0] = 1.0
    return State(law, 0, _reach(line, expected) if line.room is None else line.room)


def _reach(line: Line, people: float) -> int:
    """More parcels than so many expected people are, but for a probability of about ``TAIL``."""
    return int(max(poisson_reach(people) / line.spread, poisson_reach(people / line.spread))) + 1


def through(line: Line, steps: Sequence[Step], state: State) -> tuple[list[Passage], State]:
    """What becomes of a state in one step after the other."""
    found = []
    for step in steps:
        _possible(step)
        law = state.law
        if step.clears:
            law = law.sum(axis=1, keepdims=True)
        if step.at_once != state.servers or step.crowd:
            law = _resettled(line, _wider(line, law, step.crowd, state.room), step)
        passage, law = _pass(line, law, step, state.room)
        found.append(passage)
        state = State(law, step.servers, state.room)
    return found, state


def _possible(step: Step) -> None:
    positive("minutes", step.minutes)
    nonnegative("rate", step.rate)
    nonnegative("crowd", step.crowd)
    at_least("servers", step.servers, 0)


def _wider(line: Line, law: Floats, people: float, room: int) -> Floats:
    """The law with columns for so many more expected people, as far as there is room."""
    more = min(_reach(line, people) if people else 0, room + 1 - law.shape[1])
    return np.pad(law, ((0, 0), (0, more)))


def _resettled(line: Line, law: Floats, step: Step) -> Floats:
    """The law once the servers of a step are there and its crowd has entered."""
    found = np.zeros_like(law)
    busy, parcels = np.nonzero(law > 0)
    waiting = np.asarray(parcels * line.spread, np.float64)
    for many, chance in enumerate(poisson(step.crowd) if step.crowd else np.ones(1)):
        _place(line, found, (busy, waiting + many, law[busy, parcels] * chance), step.at_once)
    return found


def _place(line: Line, law: Floats, group: tuple[NDArray[Any], Floats, Floats], servers: int) -> None:
    """Adds those of a group (at servers, people waiting, probability) to a law, free servers taking who waits.

    A number that is no whole one, of people or of parcels, is split over its neighbors, the mean kept; beyond the room
    it is cut.
    """
    busy, waiting, chance = group
    taken = np.minimum(np.maximum(servers - busy, 0), waiting)
    at, left = busy + taken, np.minimum((waiting - taken) / line.spread, law.shape[1] - 1)
    rows, columns = np.floor(at + 1e-9).astype(int), np.floor(left + 1e-9).astype(int)
    more_rows, more_columns = np.maximum(at - rows, 0.0), np.maximum(left - columns, 0.0)
    np.add.at(law, (rows, columns), chance * (1 - more_rows) * (1 - more_columns))
    for part, row, column in ((more_rows, 1, 0), (more_columns, 0, 1)):
        some = part > 0
        np.add.at(law, (rows[some] + row, columns[some] + column), (chance * part)[some])


def _pass(line: Line, law: Floats, step: Step, room: int) -> tuple[Passage, Floats]:
    """A step from its start to its end; the clock is no faster than those who may be there need."""
    if step.rate == 0 and 1 - law[0, 0] <= SPARE:
        return Passage(0.0, 0.0, 0.0), law
    law = _wider(line, law[:, : _top(law)], step.rate * step.minutes, room)
    leaving = line.leaving(law.shape[1] - 1, step.rate if step.recent is None else step.recent)
    served = (step.servers / min(line.spread, 1.0) + max(_high(law) - step.servers, 0)) / line.mean_service
    clock = max(step.rate / min(line.spread, 1.0) + served + float(leaving[-1]), 1e-9)
    steps, exactly, more = steps_of(clock, step.minutes)
    occupied = np.zeros_like(law)
    for _ in range(steps):
        top, high = min(_top(law) + len(exactly), law.shape[1]), max(_high(law), step.servers) + 1
        jump, part, after = _Jump(line, step, leaving[:top], high, clock), law[:high, :top].copy(), np.zeros_like(law)
        for weight, beyond in zip(exactly.tolist(), more.tolist(), strict=True):
            after[:high, :top] += weight * part
            occupied[:high, :top] += beyond * part
            part = jump(part)
        law = after
    occupied /= clock * step.minutes
    queue, busy = np.arange(law.shape[1]) @ occupied.sum(axis=0), np.arange(len(law)) @ occupied.sum(axis=1)
    lost = step.rate * step.minutes * occupied[:, room:].sum()
    return Passage(float(queue) * line.spread, float(busy), float(lost)), law


def _top(law: Floats) -> int:
    """Number of columns below those that together have a probability of at most ``SPARE``."""
    return max(int(np.count_nonzero(np.cumsum(law.sum(axis=0)[::-1]) > SPARE)), 1)


def _high(law: Floats) -> int:
    """The last row, but for those that together have a probability of at most ``SPARE``."""
    return max(int(np.count_nonzero(np.cumsum(law.sum(axis=1)[::-1]) > SPARE)), 1) - 1


class _Jump:
    """One jump of the uniformized chain: shares of a state's probability that move, and ``stay`` those that do not."""

    def __init__(self, line: Line, step: Step, leaving: Floats, high: int, clock: float) -> None:
        rate, servers = step.rate, step.servers
        self.servers, self.is_draining = servers, high > servers + 1
        self.arrives, self.joins = rate / clock, rate / line.spread / clock
        self.ends = np.arange(high) / line.mean_service / clock
        self.taken = leaving / clock + servers / line.mean_service / line.spread / clock
        self.taken[0] = 0.0
        self.stay = np.ones((high, len(leaving)))
        self.stay[:servers, 0] -= self.arrives
        self.stay[: servers + 1, 0] -= self.ends[: servers + 1]
        self.stay[servers:, :-1] -= self.joins
        self.stay[servers:] -= self.taken
        # of servers who go, whose end calls nobody
        self.drains = np.repeat(self.ends[1 : max(high - servers, 1), None], len(leaving), axis=1)
        self.drains[:, 0] += self.ends[servers]
        self.stay[servers + 1 :] -= self.drains

    def __call__(self, law: Floats) -> Floats:
        servers, after = self.servers, law * self.stay
        alone, first = law[: servers + 1, 0], after[:, 0]
        first[1 : servers + 1] += self.arrives * alone[:-1]
        first[:servers] += self.ends[1 : servers + 1] * alone[1:]
        after[servers:, 1:] += self.joins * law[servers:, :-1]
        after[servers:, :-1] += (law[servers:] * self.taken)[:, 1:]
        if self.is_draining:
            after[servers:-1] += law[servers + 1 :] * self.drains
        return after


__all__ = ["Passage", "State", "Step", "empty", "through"]
