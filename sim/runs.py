"""The figures of many replications side by side, as the sums that estimates are made of.

A metric is a ratio of sums: a numerator and a denominator a replication, so that replications can be put
together without weighting them wrongly, and absence is a denominator of 0, never a figure of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from sim.quantiles import Histogram, Pool

Key = tuple[str, str]
Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Curve = tuple[NDArray[np.int64], Floats, Floats]


@dataclass(frozen=True, eq=False)
class Metrics:
    """One replication. ``sums``: (metric, scope) to (numerator, denominator).

    ``waits``: scope to the one-second bins of the waits of those who joined; scope ``received`` has those who
    were received. ``curves``: what charts draw, by name: positions, numerators and denominators.
    """

    sums: dict[Key, tuple[float, float]]
    waits: dict[str, Histogram]
    curves: dict[str, Curve]


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
class Runs(Sequence[Metrics]):
    """The metrics of R replications, in their order; one by one they are :class:`Metrics`.

    ``keys``: the metric and the scope of each column of ``numerators`` and ``denominators``, float64[R, K].
    ``cells``: scope to the cells of ``waits`` in it. ``curves``: name to positions int64[N], and numerators
    and denominators float64[R, N].

    An hour in which nobody ever came is no scope of theirs, see ``columns``.
    """

    keys: tuple[Key, ...]
    numerators: Floats
    denominators: Floats
    cells: Mapping[str, tuple[int, ...]]
    waits: Bins
    curves: Mapping[str, Curve]

    def __len__(self) -> int:
        return len(self.numerators)

    @overload
    def __getitem__(self, which: int) -> Metrics: ...
    @overload
    def __getitem__(self, which: slice) -> Runs: ...
    def __getitem__(self, which: int | slice) -> Metrics | Runs:
        """One replication, or those from one to before another."""
        if isinstance(which, slice):
            return self._from(which)
        if not -len(self) <= which < len(self):
            raise IndexError(f"wanted one of {len(self)} replications, given {which}")
        return _metrics(self._from(slice(which % len(self), which % len(self) + 1)))

    def _from(self, which: slice) -> Runs:
        first, last, step = which.indices(len(self))
        if step != 1:
            raise ValueError(f"wanted replications one after the other, given every {step}")
        ends = np.searchsorted(self.waits.replication, [first, max(first, last)])
        waits = self.waits.rows(slice(*ends))
        return replace(
            self,
            numerators=self.numerators[which],
            denominators=self.denominators[which],
            waits=waits._replace(replication=waits.replication - np.int32(first)),
            curves={name: (at, over[which], under[which]) for name, (at, over, under) in self.curves.items()},
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

    @cached_property
    def _column(self) -> dict[Key, int]:
        return {key: n for n, key in enumerate(self.keys)}

    def pair(self, key: Key) -> tuple[Floats, Floats]:
        """Numerators and denominators of one metric and scope, a replication each; 0/0 where it is not measured."""
        if key not in self._column:
            return np.zeros(len(self)), np.zeros(len(self))
        column = self._column[key]
        return self.numerators[:, column], self.denominators[:, column]

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns of all figures but those of hours in which nobody came in any replication."""
        some = {self.keys[n] for n in np.flatnonzero(self.numerators.any(axis=0))}
        is_empty = [scope.startswith("hour=") and ("arrived", scope) not in some for _, scope in self.keys]
        return tuple(n for n, empty in enumerate(is_empty) if not empty)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of these figures, hours in which nobody came left out."""
        return tuple(dict.fromkeys(self.keys[n][1] for n in self.columns))

    @cached_property
    def _by_second(self) -> Bins:
        return self.waits.rows(np.argsort(self.waits.second, kind="stable"))

    def pool(self, scope: str) -> Pool:
        """The waits in one scope of ``cells``."""
        replication, cell, second, visits = self._by_second
        inside = np.zeros(1 + max(max(cells, default=0) for cells in self.cells.values()), bool)
        inside[list(self.cells[scope])] = True
        own = np.flatnonzero(inside[cell])
        return Pool(second[own], visits[own], replication[own], len(self))


def _one_after_the_other(curves: Sequence[Curve]) -> Curve:
    position = curves[0][0]
    return position, np.concatenate([above for _, above, _ in curves]), np.concatenate([below for *_, below in curves])


def gathered(parts: Iterable[tuple[int, Runs]], replications: int) -> Runs:
    """The first ``replications`` from parts in any order, each with the number of its first; they may overlap.

    KeyError where one is in none of them.
    """
    found, at = [], 0
    ordered = sorted(parts, key=lambda part: part[0])
    while at < replications:
        covering = [(first, runs) for first, runs in ordered if first <= at < first + len(runs)]
        if not covering:
            raise KeyError(f"no part has replication {at}")
        first, runs = covering[0]
        found.append(runs[at - first : replications - first])
        at = first + len(runs)
    return Runs.joined(found)


def _metrics(runs: Runs) -> Metrics:
    """The one replication that there is."""
    over, under = runs.numerators[0].tolist(), runs.denominators[0].tolist()
    return Metrics(
        {runs.keys[n]: (over[n], under[n]) for n in runs.columns},
        {scope: _histogram(runs.pool(scope)) for scope in runs.cells},
        {name: (at, above[0], below[0]) for name, (at, above, below) in runs.curves.items()},
    )


def _histogram(pool: Pool) -> Histogram:
    """The bins of one replication's waits, each once."""
    seconds, place = np.unique(pool.seconds, return_inverse=True)
    counts = np.zeros(len(seconds), np.int64)
    np.add.at(counts, place, pool.counts)
    return seconds.astype(np.int64), counts
