"""What one more official is worth at a center, by simulation on common random numbers.

The benefit is the fall of the minutes that all its citizens wait together, on average over replications that the
comparison does not use: who chooses and judges by the same runs finds every choice better than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Given = tuple[int, int]
"""A center, by its place in the list, and how many officials it has been given."""


class Waits:
    """Minutes waited in a replication, by center and officials given; simulated when first asked for.

    ``waited`` simulates several at once and gives the minutes of each, on average.
    """

    def __init__(self, waited: Callable[[Sequence[Given]], Sequence[float]]) -> None:
        self._waited = waited
        self._minutes: dict[Given, float] = {}

    def look(self, wanted: Sequence[Given]) -> None:
        """Simulates what is not known."""
        todo = [given for given in dict.fromkeys(wanted) if given not in self._minutes]
        if todo:
            self._minutes.update(zip(todo, self._waited(todo), strict=True))

    def gain(self, center: int, given: int) -> float:
        """Minutes of waiting in a run of its days that one more official takes away."""
        self.look([(center, given), (center, given + 1)])
        return self._minutes[center, given] - self._minutes[center, given + 1]

    def rises(self) -> tuple[int, int]:
        """How often a gain is larger than the one before, of how many pairs looked at: 0 for a concave benefit.

        Where it is 0 the greedy choice is the best of all by these runs (Fox 1966); where it is not, two officials
        may be worth more than one here and one there, which the greedy choice does not see.
        """
        pairs = [(n, k) for n, k in self._minutes if (n, k + 1) in self._minutes and (n, k + 2) in self._minutes]
        return sum(self.gain(n, k + 1) > self.gain(n, k) for n, k in pairs), len(pairs)
