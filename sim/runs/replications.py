"""The figures of many replications side by side, as the sums that estimates are made of, wherever they are kept.

A metric is a ratio of sums: a numerator and a denominator a replication, so that replications can be put
together without weighting them wrongly, and absence is a denominator of 0, never a figure of 0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from sim.quantiles import Histogram, Pool

if TYPE_CHECKING:
    from sim.runs import Runs

Key = tuple[str, str]
Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
"""Numerators and denominators."""


@dataclass(frozen=True, eq=False)
class Metrics:
    """One replication. ``sums``: (metric, scope) to (numerator, denominator).

    ``waits``: scope to the one-second bins of the waits of those who joined; scope ``received`` has those who
    were received. ``curves``: what charts draw, by name: numerators and denominators from position 0 on.
    """

    sums: dict[Key, tuple[float, float]]
    waits: dict[str, Histogram]
    curves: dict[str, Pair]


class Curve(Sequence[Pair]):
    """Numerators and denominators, float64[R] each, by position; each pair is made, or read, when it is asked for."""

    def __init__(self, length: int, at: Callable[[int], Pair]) -> None:
        self._length, self._at = length, at

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, position: int) -> Pair:  # type: ignore[override]
        """Of one position."""
        return self._at(range(self._length)[position])


class Replications(Sequence[Metrics], ABC):
    """The metrics of R replications, in their order; one by one they are :class:`Metrics`.

    ``keys``: the metric and the scope of each column of sums; ``cells``: scope to the cells of waits in it.

    An hour in which nobody ever came is no scope of theirs, see ``columns``.
    """

    keys: tuple[Key, ...]
    cells: Mapping[str, tuple[int, ...]]

    @overload
    def __getitem__(self, which: int) -> Metrics: ...
    @overload
    def __getitem__(self, which: slice) -> Runs: ...
    def __getitem__(self, which: int | slice) -> Metrics | Runs:
        """One replication, or those from one to before another, in memory."""
        if isinstance(which, slice):
            first, last, step = which.indices(len(self))
            if step != 1:
                raise ValueError(f"wanted replications one after the other, given every {step}")
            return self.in_memory(first, max(first, last))
        if not -len(self) <= which < len(self):
            raise IndexError(f"wanted one of {len(self)} replications, given {which}")
        return self.in_memory(which % len(self), which % len(self) + 1).alone()

    @abstractmethod
    def in_memory(self, first: int, last: int) -> Runs:
        """The replications from one to before another."""

    @abstractmethod
    def sums(self, first: int, last: int) -> Pair:
        """All numerators and denominators of some replications, float64[last - first, K]."""

    @abstractmethod
    def column(self, number: int) -> Pair:
        """The numerators and denominators of one of ``keys``, float64[R]."""

    @abstractmethod
    def curve(self, name: str) -> Curve:
        """What charts draw, by position; KeyError where there is none."""

    @abstractmethod
    def pool(self, scope: str) -> Pool:
        """The waits in one scope of ``cells``."""

    @abstractmethod
    def within(self, wanted: Sequence[tuple[str, int]]) -> Floats:
        """Waits of at most so many seconds in a scope, for each that is wanted: float64[wanted, R]."""

    @property
    @abstractmethod
    def has_some(self) -> NDArray[np.bool_]:
        """Of each of ``keys`` whether any numerator is not 0."""

    @cached_property
    def _number(self) -> dict[Key, int]:
        return {key: n for n, key in enumerate(self.keys)}

    def pair(self, key: Key) -> Pair:
        """Numerators and denominators of one metric and scope, a replication each; 0/0 where it is not measured."""
        if key not in self._number:
            return np.zeros(len(self)), np.zeros(len(self))
        return self.column(self._number[key])

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns of all figures but those of hours in which nobody came in any replication."""
        some = {self.keys[n] for n in np.flatnonzero(self.has_some)}
        is_empty = [scope.startswith("hour=") and ("arrived", scope) not in some for _, scope in self.keys]
        return tuple(n for n, empty in enumerate(is_empty) if not empty)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of these figures, hours in which nobody came left out."""
        return tuple(dict.fromkeys(self.keys[n][1] for n in self.columns))
