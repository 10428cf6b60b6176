"""The figures of replications that stay in their files: of as many as there is room for on the disk, few are in memory.

What is asked for is read from all files, a few columns at a time; waits go through memory a file at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.faults import Damaged
from sim.quantiles import Pool
from sim.runs import Bins, Runs, covering
from sim.runs.replications import Curve, Floats, Metrics, Pair, Replications
from sim.runs.storage import Part

AT_ONCE = 2 << 20
"""Bytes of columns that are read together."""
KEPT = 2
"""So many such readings are kept: numerators and denominators."""
MOST_DENSE = 1 << 20
"""Places that are counted side by side."""

Integers = NDArray[np.int64]


class StoredRuns(Replications):
    """The first R replications from some files. ValueError unless all have the same figures."""

    def __init__(self, parts: Sequence[Part], replications: int) -> None:
        """``parts`` may overlap; KeyError where one of at least one replication is in none of them."""
        if replications < 1:
            raise ValueError(f"wanted at least one replication, given {replications}")
        ordered = sorted(parts, key=lambda part: part.first)
        spans = covering([(part.first, len(part)) for part in ordered], replications)
        self._spans = [(ordered[number], slice(first, last)) for number, first, last in spans]
        self._firsts = list(accumulate((own.stop - own.start for _, own in self._spans), initial=0))
        self._names = self._spans[0][0].names
        self.keys, self.cells = self._names.keys, self._names.cells
        self._last: dict[tuple[int, int], Floats] = {}
        if any(part.names != self._names for part, _ in self._spans):
            raise ValueError("wanted replications that have the same figures")

    def __len__(self) -> int:
        return self._firsts[-1]

    def __iter__(self) -> Iterator[Metrics]:
        for part, own in self._spans:
            yield from part.runs()[own]

    def _covering(self, first: int, last: int) -> Iterator[tuple[Part, slice]]:
        """The parts of some replications, and which of theirs these are."""
        for (part, own), at in zip(self._spans, self._firsts, strict=False):
            start, stop = max(own.start, own.start + first - at), min(own.stop, own.start + last - at)
            if start < stop:
                yield part, slice(start, stop)

    def in_memory(self, first: int, last: int) -> Runs:
        """The replications from one to before another."""
        found = [part.runs()[own] for part, own in self._covering(first, last)]
        return Runs.joined(found) if found else self._spans[0][0].runs()[:0]

    def sums(self, first: int, last: int) -> Pair:
        """All numerators and denominators of some replications."""
        parts, none = list(self._covering(first, last)), np.zeros((len(self.keys), 0))
        over, under = (
            np.concatenate([none, *(part.columns(table, 0, len(self.keys))[:, own] for part, own in parts)], axis=1).T
            for table in (0, 1)
        )
        return over, under

    def _column(self, table: int, number: int) -> Floats:
        """A column of a table, read together with those beside it."""
        many = max(AT_ONCE // (8 * len(self)), 1)
        key = table, number // many
        if key not in self._last:
            if len(self._last) >= KEPT:
                del self._last[next(iter(self._last))]
            first, last = key[1] * many, min((key[1] + 1) * many, self._names.widths[table])
            found = np.empty((last - first, len(self)))
            for (part, own), at in zip(self._spans, self._firsts, strict=False):
                found[:, at : at + own.stop - own.start] = part.columns(table, first, last)[:, own]
            found.setflags(write=False)
            self._last[key] = found
        return np.asarray(self._last[key][number % many])

    def column(self, number: int) -> Pair:
        """The numerators and denominators of one of ``keys``."""
        return self._column(0, number), self._column(1, number)

    def curve(self, name: str) -> Curve:
        """What charts draw, by position."""
        length, table = self._names.curves[name], self._names.table(name)
        return Curve(length, lambda position: (self._column(table, position), self._column(table + 1, position)))

    @cached_property
    def has_some(self) -> NDArray[np.bool_]:
        """Of each of ``keys`` whether any numerator is not 0."""
        found = np.zeros(len(self.keys), bool)
        for part, own in self._spans:
            found |= part.columns(0, 0, len(self.keys))[:, own].any(axis=1)
        return found

    def _waits(self) -> Iterator[tuple[slice, Bins]]:
        """The waits of each part, their replications numbered from 0, and which of all replications these are."""
        for (part, own), at in zip(self._spans, self._firsts, strict=False):
            waits = part.waits()
            ends = np.searchsorted(waits.replication, [own.start, own.stop])
            rows = waits.rows(slice(*ends.tolist()))
            yield (
                slice(at, at + own.stop - own.start),
                rows._replace(replication=rows.replication - np.int32(own.start)),
            )

    @cached_property
    def _pooled(self) -> tuple[Integers, Integers, Floats]:
        """Cell << 32 | second of each bin of waits, ascending; how many; and all by replication and cell, [R, C]."""
        cells = 1 + max((cell for own in self.cells.values() for cell in own), default=0)
        totals = np.zeros((len(self), cells))
        bins, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
        for which, waits in self._waits():
            if waits.cell.max(initial=0) >= cells:
                raise Damaged("waits of a cell that has no name")
            own, many = _counted(waits.replication.astype(np.int64) * cells + waits.cell, waits.visits)
            totals[which].reshape(-1)[own] = many
            span = int(waits.second.max(initial=0)) + 1
            own, many = _counted(waits.cell.astype(np.int64) * span + waits.second, waits.visits)
            own = own // span << 32 | own % span
            bins, counts = _counted(np.concatenate([bins, own]), np.concatenate([counts, many]))
        return bins, counts, totals

    def pool(self, scope: str) -> Pool:
        """The waits in one scope of ``cells``."""
        bins, counts, totals = self._pooled
        cells = list(self.cells[scope])
        own = np.flatnonzero(np.isin(bins >> 32, cells))
        seconds, many = _counted(bins[own] & (1 << 32) - 1, counts[own])
        return Pool(seconds, many, totals[:, cells].sum(axis=1))

    def within(self, wanted: Sequence[tuple[str, int]]) -> Floats:
        """Waits of at most so many seconds in a scope, for each that is wanted."""
        found = np.zeros((len(wanted), len(self)))
        asked = {scope: sorted({second for own, second in wanted if own == scope}) for scope, _ in wanted}
        for which, waits in self._waits():
            many = which.stop - which.start
            by_scope = {
                scope: _until(waits.rows(np.flatnonzero(np.isin(waits.cell, self.cells[scope]))), seconds, many)
                for scope, seconds in asked.items()
            }
            for nth, (scope, second) in enumerate(wanted):
                found[nth, which] = by_scope[scope][:, asked[scope].index(second)]
        return found


def _until(waits: Bins, seconds: list[int], replications: int) -> Floats:
    """Waits of at most so many seconds, ascending, float64[replications, seconds]."""
    place = waits.replication.astype(np.int64) * (len(seconds) + 1) + np.searchsorted(seconds, waits.second)
    each = np.bincount(place, weights=waits.visits, minlength=replications * (len(seconds) + 1))
    return np.asarray(each.reshape(replications, -1).cumsum(axis=1)[:, :-1], float)


def _counted(places: Integers, many: NDArray[np.integer[Any]]) -> tuple[Integers, Integers]:
    """Each place once, ascending, and how many there are in it."""
    if places.max(initial=0) < MOST_DENSE:
        counts = np.bincount(places, weights=many)
        found = np.flatnonzero(counts)
        return found, counts[found].astype(np.int64)
    found, which = np.unique(places, return_inverse=True)
    return found, np.bincount(which, weights=many).astype(np.int64)
