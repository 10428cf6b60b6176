"""Two skills: officials for one class each, and flexible officials for both.

The rule is that of the service center: whoever is free takes the longest waiting citizen he may serve, and
an arrival goes to the eligible idle official with the fewest skills. The order of the waiting line matters,
yet need not be kept in full. An official of one class scans the line from its head and skips the other
class, so the line is always a head of skipped citizens, all of one class, and a tail that nobody has looked
at. Nothing that happened depends on the classes in that tail, so they are independent draws in proportion to
the arrival rates, made when the tail is scanned (the state description of Visschers, Adan and Weiss 2012).
This gives a Markov chain with two numbers for the line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from sim.theory.load import at_least, offered_load, stable_utilization

FIRST_DEPTH = 16
LAST_DEPTH = 256
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TwoSkills:
    """Steady state by class (0 and 1)."""

    mean_waits: tuple[float, float]
    p_waits: tuple[float, float]
    queue_means: tuple[float, float]
    mean_wait: float
    """Over all arrivals."""
    depth: int
    """People waiting at most in the chain that was solved."""
    error: float
    """Largest change of a mean wait, in minutes, when the depth was last doubled.

    The tail of the queue is geometric, so the error left is about this times the tail probability at half
    the depth: far smaller."""


class Line(NamedTuple):
    """``skipped`` people of class ``skipped_class`` at the head, then ``unscanned`` people."""

    skipped_class: int
    skipped: int
    unscanned: int


class State(NamedTuple):
    """Busy officials of each class, classes in the hands of flexible officials, and the line.

    ``scanning`` is the class of an official who is at this instant looking along the line, or NOBODY. Such
    states take no time. Keeping them, instead of the many transitions they stand for, makes the balance
    equations sparse.
    """

    dedicated: Pair
    flexible: Pair
    line: Line
    scanning: int


EMPTY = Line(0, 0, 0)
NOBODY = -1
Move = tuple[float, State]


@dataclass(frozen=True, slots=True)
class Center:
    """Two classes of citizens and their officials; whoever finds ``depth`` people waiting is lost."""

    rates: tuple[float, float]
    means: tuple[float, float]
    dedicated: Pair
    flexible: int
    depth: int

    def share(self, kind: int) -> float:
        """Probability that an unscanned citizen is of class ``kind``."""
        return self.rates[kind] / sum(self.rates)

    def has_idle(self, state: State, kind: int) -> bool:
        """Whether an arrival of class ``kind`` would be served at once."""
        return state.dedicated[kind] < self.dedicated[kind] or sum(state.flexible) < self.flexible

    def moves(self, state: State) -> Iterator[Move]:
        """Every transition out of ``state``: with its rate or, out of an instant, with its probability."""
        if state.scanning != NOBODY:
            yield from self._scan(state)
            return
        for kind in (0, 1):
            if (after := self._arrive(state, kind)) is not None:
                yield self.rates[kind], after
            if state.dedicated[kind]:
                yield state.dedicated[kind] / self.means[kind], self._end_dedicated(state, kind)
            if state.flexible[kind]:
                for share, after in self._end_flexible(state, kind):
                    yield state.flexible[kind] / self.means[kind] * share, after

    def _arrive(self, state: State, kind: int) -> State | None:
        """State after an arrival of this class; None where the cut-off line is full."""
        if state.dedicated[kind] < self.dedicated[kind]:
            return state._replace(dedicated=_change(state.dedicated, kind, 1))
        if sum(state.flexible) < self.flexible:
            return state._replace(flexible=_change(state.flexible, kind, 1))
        line = state.line
        if line.skipped + line.unscanned == self.depth:
            return None
        if self.has_idle(state, 1 - kind):
            # an official of the other class is idle: he has looked at this citizen and passed
            return state._replace(line=Line(kind, line.skipped + 1, 0))
        return state._replace(line=line._replace(unscanned=line.unscanned + 1))

    def _end_dedicated(self, state: State, kind: int) -> State:
        """An official of class ``kind`` ends a service and turns to the line."""
        skipped_class, skipped, unscanned = state.line
        if skipped and skipped_class == kind:
            return state._replace(line=_line(kind, skipped - 1, unscanned))
        return state._replace(scanning=kind)

    def _scan(self, state: State) -> Iterator[Move]:
        """The official looks at the next unscanned citizen; where nobody is left, he is idle."""
        kind, (_, skipped, unscanned) = state.scanning, state.line
        if not unscanned:
            yield 1.0, state._replace(dedicated=_change(state.dedicated, kind, -1), scanning=NOBODY)
            return
        found = _line(1 - kind, skipped, unscanned - 1)
        yield self.share(kind), state._replace(line=found, scanning=NOBODY)
        yield self.share(1 - kind), state._replace(line=Line(1 - kind, skipped + 1, unscanned - 1))

    def _end_flexible(self, state: State, kind: int) -> Iterator[Move]:
        """A flexible official ends a service of class ``kind`` and takes the head of the line."""
        flexible = _change(state.flexible, kind, -1)
        skipped_class, skipped, unscanned = state.line
        if skipped:
            line = _line(skipped_class, skipped - 1, unscanned)
            yield 1.0, state._replace(flexible=_change(flexible, skipped_class, 1), line=line)
        elif unscanned:
            for taken in (0, 1):
                line = Line(0, 0, unscanned - 1)
                yield self.share(taken), state._replace(flexible=_change(flexible, taken, 1), line=line)
        else:
            yield 1.0, state._replace(flexible=flexible)


def two_skills(
    arrival_rates: tuple[float, float],
    mean_services: tuple[float, float],
    dedicated: tuple[int, int],
    flexible: int,
    tolerance: float = 1e-9,
) -> TwoSkills:
    """Mean wait by class with ``dedicated[k]`` officials for class k only and ``flexible`` for both.

    Poisson arrivals, exponential services whose mean depends on the class, one line in order of arrival.
    The line is cut at a depth that doubles until no mean wait changes by more than ``tolerance`` minutes;
    a load too high for that by depth 256, or without a steady state, raises ``ValueError``.
    """
    _check(arrival_rates, mean_services, dedicated, flexible)
    center = Center(arrival_rates, mean_services, dedicated, flexible, FIRST_DEPTH)
    result = solve(center, math.inf)
    while result.error > tolerance:
        if result.depth == LAST_DEPTH:
            raise ValueError(f"mean waits still change by {result.error:g} minutes at depth {LAST_DEPTH}")
        deeper = solve(replace(center, depth=2 * result.depth), math.inf)
        change = max(abs(a - b) for a, b in zip(deeper.mean_waits, result.mean_waits, strict=True))
        result = replace(deeper, error=change)
    return result


def solve(center: Center, error: float) -> TwoSkills:
    """Steady state with the line cut at the center's depth; ``error`` is what is known of the cut."""
    states, p = _stationary(center)
    queues, waiting = np.zeros(2), np.zeros(2)
    for state, probability in zip(states, p.tolist(), strict=True):
        queues[state.line.skipped_class] += probability * state.line.skipped
        for kind in (0, 1):
            queues[kind] += probability * state.line.unscanned * center.share(kind)
            waiting[kind] += 0.0 if center.has_idle(state, kind) else probability
    waits = queues / np.asarray(center.rates)
    return TwoSkills(
        mean_waits=(float(waits[0]), float(waits[1])),
        p_waits=(float(waiting[0]), float(waiting[1])),
        queue_means=(float(queues[0]), float(queues[1])),
        mean_wait=float(queues.sum()) / sum(center.rates),
        depth=center.depth,
        error=error,
    )


def _check(rates: tuple[float, float], means: tuple[float, float], dedicated: Pair, flexible: int) -> None:
    """Each class alone and both together must be within the officials that may serve them."""
    at_least("flexible", flexible, 0)
    loads = [offered_load(rate, mean) for rate, mean in zip(rates, means, strict=True)]
    for load, own in zip(loads, dedicated, strict=True):
        stable_utilization(load, at_least("dedicated", own, 0) + flexible)
    stable_utilization(sum(loads), sum(dedicated) + flexible)


def _change(pair: Pair, kind: int, by: int) -> Pair:
    return (pair[0] + by, pair[1]) if kind == 0 else (pair[0], pair[1] + by)


def _line(skipped_class: int, skipped: int, unscanned: int) -> Line:
    """A line in canonical form: nobody skipped has no class."""
    return Line(skipped_class if skipped else 0, skipped, unscanned)


def _stationary(center: Center) -> tuple[list[State], NDArray[np.float64]]:
    """The states that can be reached from an empty center, and their probabilities, 0 for instants."""
    states = [State((0, 0), (0, 0), EMPTY, NOBODY)]
    index = {states[0]: 0}
    source, target, rates = [], [], []
    for here, state in enumerate(states):  # the list grows while it is read
        for rate, after in center.moves(state):
            if after not in index:
                index[after] = len(states)
                states.append(after)
            source.append(here)
            target.append(index[after])
            rates.append(rate)
    size = len(states)
    flow = csc_array((rates, (target, source)), shape=(size, size))
    balance = csc_array(flow - diags_array(flow.sum(axis=0)))
    # the empty center gets weight 1 and its own equation, which the others imply, is dropped
    rest = splu(csc_array(balance[1:, 1:]), permc_spec="MMD_ATA").solve(-balance[1:, [0]].toarray().ravel())
    lasting = np.array([state.scanning == NOBODY for state in states])
    weights = np.where(lasting, np.concatenate(([1.0], rest)), 0.0)
    return states, weights / weights.sum()
