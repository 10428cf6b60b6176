"""The figures of replications in memory: put one after the other, cut, gathered from parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.quantiles import Histogram, Pool
from sim.runs.replications import Curve, Floats, Key, Metrics, Pair, Replications

Integers = NDArray[np.int32]


class Bins(NamedTuple):
    """Waits in bins of a second, four columns of int32[n] sorted from left to right."""

    replication: Integers
    cell: Integers
    second: Integers
    visits: Integers

    def rows(self, which: NDArray[np.intp] | slice) -> Bins:
        """Some of the rows."""
        return Bins(*(column[which] for column in self))


@dataclass(frozen=True, eq=False)
class Runs(Replications):
    """R replications in memory.

    ``numerators`` and ``denominators``: float64[R, K]. ``curves``: name to numerators and denominators,
    float64[R, N].
    """

    keys: tuple[Key, ...]
    numerators: Floats
    denominators: Floats
    cells: Mapping[str, tuple[int, ...]]
    waits: Bins
    curves: Mapping[str, Pair]

    def __len__(self) -> int:
        return len(self.numerators)

    def in_memory(self, first: int, last: int) -> Runs:
        """The replications from one to before another."""
        which = slice(first, last)
        ends = np.searchsorted(self.waits.replication, [first, last])
        waits = self.waits.rows(slice(*ends))
        return replace(
            self,
            numerators=self.numerators[which],
            denominators=self.denominators[which],
            waits=waits._replace(replication=waits.replication - np.int32(first)),
            curves={name: (over[which], under[which]) for name, (over, under) in self.curves.items()},
        )

    def only(self, wanted: Callable[[Key], bool]) -> Runs:
        """Some of the figures, the waits in their scopes and of all who were received, and no curves."""
        columns = [n for n, key in enumerate(self.keys) if wanted(key)]
        scopes = {"received", *(self.keys[n][1] for n in columns)}
        return replace(
            self,
            keys=tuple(self.keys[n] for n in columns),
            numerators=self.numerators[:, columns],
            denominators=self.denominators[:, columns],
            cells={scope: cells for scope, cells in self.cells.items() if scope in scopes},
            curves={},
        )

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Runs:
        """Replications one after the other; ValueError unless all have the same figures."""
        first = parts[0]
        if any(part.keys != first.keys or part.cells != first.cells for part in parts):
            raise ValueError("wanted replications that have the same figures")
        firsts = np.cumsum([0, *(len(part) for part in parts)])
        waits = Bins(*(np.concatenate(columns) for columns in zip(*(part.waits for part in parts), strict=True)))
        shift = np.repeat(firsts[:-1], [len(part.waits.visits) for part in parts])
        return cls(
            first.keys,
            np.concatenate([part.numerators for part in parts]),
            np.concatenate([part.denominators for part in parts]),
            first.cells,
            waits._replace(replication=(waits.replication + shift).astype(np.int32)),
            {name: _one_after_the_other([part.curves[name] for part in parts]) for name in first.curves},
        )

    def sums(self, first: int, last: int) -> Pair:
        """All numerators and denominators of some replications."""
        return self.numerators[first:last], self.denominators[first:last]

    def column(self, number: int) -> Pair:
        """The numerators and denominators of one of ``keys``."""
        return self.numerators[:, number], self.denominators[:, number]

    def curve(self, name: str) -> Curve:
        """What charts draw, by position."""
        over, under = self.curves[name]
        return Curve(over.shape[1], lambda position: (over[:, position], under[:, position]))

    @property
    def has_some(self) -> NDArray[np.bool_]:
        """Of each of ``keys`` whether any numerator is not 0."""
        return np.asarray(self.numerators.any(axis=0))

    @cached_property
    def _by_second(self) -> Bins:
        return self.waits.rows(np.argsort(self.waits.second, kind="stable"))

    def _in(self, scope: str) -> Bins:
        """The waits in a scope, by second."""
        inside = np.zeros(1 + max(max(cells, default=0) for cells in self.cells.values()), bool)
        inside[list(self.cells[scope])] = True
        return self._by_second.rows(np.flatnonzero(inside[self._by_second.cell]))

    def pool(self, scope: str) -> Pool:
        """The waits in one scope of ``cells``."""
        own = self._in(scope)
        return Pool(own.second, own.visits, self._each(own))

    def within(self, wanted: Sequence[tuple[str, int]]) -> Floats:
        """Waits of at most so many seconds in a scope, for each that is wanted."""
        found = {scope: self._in(scope) for scope in {scope for scope, _ in wanted}}
        return np.array([self._each(_until(found[scope], second)) for scope, second in wanted]).reshape(-1, len(self))

    def _each(self, own: Bins) -> Floats:
        """How many waits, a replication."""
        counts = np.bincount(own.replication, weights=own.visits, minlength=len(self))
        return counts.astype(np.float64, copy=False)

    def alone(self) -> Metrics:
        """The one replication that there is."""
        over, under = self.numerators[0].tolist(), self.denominators[0].tolist()
        return Metrics(
            {self.keys[n]: (over[n], under[n]) for n in self.columns},
            {scope: _histogram(self.pool(scope)) for scope in self.cells},
            {name: (above[0], below[0]) for name, (above, below) in self.curves.items()},
        )


def _until(own: Bins, second: int) -> Bins:
    return own.rows(slice(int(np.searchsorted(own.second, second, side="right"))))


def _one_after_the_other(curves: Sequence[Pair]) -> Pair:
    return np.concatenate([above for above, _ in curves]), np.concatenate([below for _, below in curves])


def _histogram(pool: Pool) -> Histogram:
    """The bins of one replication's waits, each once."""
    seconds, place = np.unique(pool.seconds, return_inverse=True)
    counts = np.zeros(len(seconds), np.int64)
    np.add.at(counts, place, pool.counts)
    return seconds.astype(np.int64), counts


def gathered(parts: Iterable[tuple[int, Runs]], replications: int) -> Runs:
    """The first ``replications`` from parts in any order, each with the number of its first; they may overlap.

    KeyError where one is in none of them.
    """
    ordered = sorted(parts, key=lambda part: part[0])
    spans = covering([(first, len(runs)) for first, runs in ordered], replications)
    return Runs.joined([ordered[number][1][first:last] for number, first, last in spans])


def covering(parts: Sequence[tuple[int, int]], replications: int) -> Iterator[tuple[int, int, int]]:
    """Which of some parts have the first ``replications``, each once: the number of a part, and from where to where.

    ``parts``: the number of the first replication of each, ascending, and how many it has; they may overlap. KeyError
    where a replication is in none of them.
    """
    at = 0
    for number, (first, count) in enumerate(parts):
        if first <= at < min(first + count, replications):
            yield number, at - first, min(count, replications - first)
            at = first + count
    if at < replications:
        raise KeyError(f"no part has replication {at}")
