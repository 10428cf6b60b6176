"""At what value of an input the verdict changes: a root search on common random numbers.

On the same citizens the figure is nearly a smooth function of the input. Three curves are followed: the figure less
the target, and both ends of its interval less the target. Where the figure crosses is the value looked for. The
values at which the interval holds the target are its confidence interval: at the true crossing it does so with the
stated confidence. They are also those at which the verdict is undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Curves = tuple[float, float, float]
MOST, CLOSE = 7, 1 / 400


@dataclass(frozen=True)
class Crossing:
    """Where the figure crosses, and the ends of the interval of that; None where that is not between the ends.

    ``met_until``: up to there, coming from where all targets are met, the verdict is met; ``missed_from``: from there
    on missed.
    """

    value: float | None
    met_until: float | None
    missed_from: float | None

    @property
    def span(self) -> tuple[float | None, float | None]:
        """The interval, lower end first; None for an end that is not known."""
        ends = self.met_until, self.missed_from
        known = sorted(end for end in ends if end is not None)
        if len(known) == 1 and self.value is not None:
            return (known[0], None) if known[0] < self.value else (None, known[0])
        return (known[0], known[1]) if len(known) == 2 else (None, None)


def crossing(
    curves: Callable[[float], Curves], known: dict[float, Curves], way: tuple[float, float, float], whole: bool
) -> Crossing:
    """The crossing on the way from the base to an end where the verdict is another, and on to the other end.

    ``known`` has the curves at all values of ``way`` and takes those that are looked at. ``whole``: only whole numbers
    are values, and each crossing is the first on the far side.
    """
    found = [_root(curves, known, which, way, whole) for which in range(3)]
    return Crossing(found[0], found[2], found[1])


def _root(
    curves: Callable[[float], Curves],
    known: dict[float, Curves],
    which: int,
    way: tuple[float, float, float],
    whole: bool,
) -> float | None:
    """Where a curve crosses 0 first: by false position, halved where that stays on one side (Illinois)."""
    close = 1.0 if whole else CLOSE * (max(way) - min(way))
    bracket = _bracket(known, which, way)
    if bracket is None:
        return None
    a, b = bracket
    left, right = known[a][which], known[b][which]
    moved = ""
    for _ in range(MOST):
        if abs(b - a) <= close:
            break
        x = _between(a, b, left, right, whole)
        if x not in known:
            known[x] = curves(x)
        middle = known[x][which]
        if (middle > 0) == (right > 0):
            b, right, left, moved = x, middle, left / (2 if moved == "b" else 1), "b"
        else:
            a, left, right, moved = x, middle, right / (2 if moved == "a" else 1), "a"
        if not whole and abs(middle) < CLOSE * max(abs(known[way[0]][which]), 1e-9):
            return x
    return b if whole else _between(a, b, known[a][which], known[b][which], whole)


def _between(a: float, b: float, left: float, right: float, whole: bool) -> float:
    """Where the line through both points crosses 0; the middle where that is not known."""
    finite = abs(left) < float("inf") and abs(right) < float("inf") and left != right
    x = a + (b - a) * (left / (left - right) if finite else 0.5)
    return min(max(float(round(x)), min(a, b) + 1), max(a, b) - 1) if whole else x


def _bracket(known: dict[float, Curves], which: int, way: tuple[float, float, float]) -> tuple[float, float] | None:
    """The first neighbors on the way between which a curve changes its sign."""
    start = way[0]
    for end in way[1:]:
        inside = sorted((x for x in known if min(start, end) <= x <= max(start, end)), key=lambda x: abs(x - start))
        for a, b in pairwise(inside):
            if (known[a][which] > 0) != (known[b][which] > 0):
                return a, b
    return None
