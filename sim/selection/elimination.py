"""Which of several scenarios is best: all are run abreast, and each leaves as soon as another is clearly better.

The procedure KN (Kim and Nelson 2001, ACM Trans. Model. Comput. Simul. 11, 251-273), fully sequential, with c = 1. For
normal replications, paired on common random numbers or not, the best is chosen with at least the stated probability
wherever it is better than all others by more than what does not matter; where it is not, one as good as that differs
from the best by about as little. Pairing makes differences vary less, and decides sooner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.runs.replications import Floats
from sim.statistics import residuals

Pair = tuple[Floats, Floats]
LEAST = 10


@dataclass(frozen=True)
class Rule:
    """``within``: a difference that does not matter, in the figure's unit; ``first``: replications before any leaves.

    ``lowest``: whether the best has the lowest figure, or the highest.
    """

    within: float
    confidence: float = 0.95
    first: int = 20
    lowest: bool = True

    def __post_init__(self) -> None:
        if not (self.within > 0 and 0.5 <= self.confidence < 1 and self.first >= LEAST):
            raise ValueError(f"wanted within > 0, a confidence from 0.5 to below 1 and first >= {LEAST}, given {self}")

    def height(self, scenarios: int) -> float:
        """h², by which the variance of a difference is multiplied: of ``scenarios`` in all, at least two."""
        eta = ((2 * (1 - self.confidence) / (scenarios - 1)) ** (-2 / (self.first - 1)) - 1) / 2
        return float(2 * eta * (self.first - 1))


class Race:
    """Scenarios run abreast. ``inside``: those that may still be the best.

    ``left``: after how many replications each of the others left; ``by``: the best of those that beat it then.
    """

    def __init__(self, rule: Rule, names: Sequence[str]) -> None:
        if len(names) < 2:
            raise ValueError(f"wanted at least two scenarios to choose from, given {len(names)}")
        self.rule, self.names = rule, tuple(names)
        self.inside, self.left, self.by = list(names), dict[str, int](), dict[str, str]()
        self.done = 0
        self._spread: NDArray[np.float64] | None = None

    @property
    def most(self) -> int:
        """The replications after which one is left, whatever they say; known after the first."""
        if self._spread is None:
            raise ValueError(f"wanted {self.rule.first} replications before")
        return int(self._spread.max() / self.rule.within**2) + 1

    def run(self, pairs: Mapping[str, Pair]) -> None:
        """Goes on with the numerators and denominators of those inside, from the first replication to some number.

        Every replication after the first few is looked at in its turn, however many come at once.
        """
        reached = min(len(pairs[name][0]) for name in self.inside)
        if self._spread is None:
            if reached < self.rule.first:
                return
            self._spread = self._variances({name: pairs[name] for name in self.names})
            self.done = self.rule.first - 1
        sums = {name: (np.cumsum(pairs[name][0]), np.cumsum(pairs[name][1])) for name in self.inside}
        while self.done < reached and len(self.inside) > 1:
            self.done += 1
            self._screen(
                {name: float(over[self.done - 1] / under[self.done - 1]) for name, (over, under) in sums.items()}
            )

    def _variances(self, pairs: Mapping[str, Pair]) -> NDArray[np.float64]:
        """h² times the variance of the difference of every two, from the first replications."""
        first = self.rule.first
        rows = np.array([residuals(over[:first], under[:first]) for over, under in pairs.values()])
        gaps = rows[:, None] - rows[None]
        return np.asarray(self.rule.height(len(self.names)) * gaps.var(axis=2, ddof=1))

    def _screen(self, figures: Mapping[str, float]) -> None:
        """Those leave of whom another is better by more than chance allows at this replication."""
        assert self._spread is not None
        at = [self.names.index(name) for name in self.inside]
        values = np.array([figures[name] for name in self.inside]) * (1 if self.rule.lowest else -1)
        slack = self._spread[np.ix_(at, at)] / self.rule.within - self.done * self.rule.within
        allowed = np.maximum(slack, 0.0) / (2 * self.done)
        first = int(values.argmin())
        beaten = values[:, None] - values[None] > allowed
        if not beaten.any() and self.done >= self.most:  # all that are left are equal
            beaten[:, first] = np.arange(len(values)) != first
        for name, by in zip(list(self.inside), beaten, strict=True):
            if by.any():
                self.left[name] = self.done
                self.by[name] = self.names[at[int(np.where(by, values, np.inf).argmin())]]
        self.inside = [name for name in self.inside if name not in self.left]

    @property
    def best(self) -> str | None:
        """The one that is left, None while there are several."""
        return self.inside[0] if len(self.inside) == 1 else None
