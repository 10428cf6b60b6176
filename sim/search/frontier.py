"""What each further sum of money buys: the ways of running a center that none beats in cost and in wait at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.runs.replications import Floats
from sim.search.systems import COST, System
from sim.statistics import PairedDifference, paired_difference

MILLION = 1e6


@dataclass(frozen=True, eq=False)
class Step:
    """From one efficient way of running to the next dearer one; both differences are paired on the same citizens."""

    cheaper: int
    dearer: int
    cost: PairedDifference
    gain: PairedDifference

    @property
    def per_million(self) -> float:
        """The change of the figure for each million that is spent more a day."""
        return (self.gain.estimate.value or 0.0) / ((self.cost.estimate.value or 0.0) / MILLION)


def efficient(systems: Sequence[System], among: Sequence[int], metric: str, *, lowest: bool = True) -> list[int]:
    """The numbers of those among some that no other beats by its estimates, the cheapest first.

    All are compared on the same replications.
    """
    sign, runs = 1.0 if lowest else -1.0, min(systems[n].replications for n in among)
    pairs = {n: (systems[n].first(COST, runs), systems[n].first(metric, runs)) for n in among}
    at = {n: (_ratio(cost), sign * _ratio(figure)) for n, (cost, figure) in pairs.items() if figure[1].sum() > 0}
    found: list[int] = []
    for number in sorted(at, key=lambda n: (*at[n], n)):
        if not found or at[number][1] < at[found[-1]][1]:
            found.append(number)
    return found


def _ratio(pair: tuple[Floats, Floats]) -> float:
    return float(pair[0].sum() / pair[1].sum())


def steps(systems: Sequence[System], metric: str, front: Sequence[int]) -> list[Step]:
    """From each efficient way of running to the next."""
    runs = min(system.replications for system in systems if system.replications)
    return [
        Step(one, other, _difference(systems, COST, one, other, runs), _difference(systems, metric, one, other, runs))
        for one, other in pairwise(front)
    ]


def _difference(systems: Sequence[System], metric: str, one: int, other: int, runs: int) -> PairedDifference:
    """The figure of the other less that of the one, on the first replications."""
    a, b = systems[other].first(metric, runs), systems[one].first(metric, runs)
    return paired_difference(*a, *b, systems[one].study.confidence)
