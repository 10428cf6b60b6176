"""Counters that several queues share, found by what boards show, and the work of each queue at them.

Queues whose boards show the same number of open counters in nearly all intervals, though it changes, have the same
counters (one board for a group of counters). Then the minutes that are open are used by all of them: while anybody
waits, the calls of an interval are Poisson with the mean ``open minutes / mean work``, the work of each queue weighted
by its share of the line; where the line was used up there could have been more (censored; Cox and Oakes 1984). Work is
found by its likelihood, drawn a little to that of the group where a queue says little of its own, with an interval by
what single days add to the score (sandwich; White 1982, Econometrica 50, 1-25), and no narrower than by the curvature.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import poisson
from scipy.stats import t as student

from sim.fitting.arrivals import CONFIDENCE
from sim.fitting.boards import LONGEST, Boards
from sim.fitting.pace import FEW_DAYS, GRID, Work

Numbers = NDArray[np.float64]
Queues = tuple[int, ...]
ALIKE, BY_CHANCE, FEWEST = 0.9, 0.8, 50
"""Share of intervals in which shared counters show the same number; how many may by chance; intervals to see it."""
DRAWN_IN = 1.0
"""Standard deviation of the logarithm of work within a group, before anything is seen."""
STEP = 1e-3


def groups_of(boards: Boards) -> list[Queues]:
    """Groups of two or more queues of one office that have the same counters, by their numbers."""
    frame = pd.DataFrame({"queue": boards.queue, "day": boards.day, "start": boards.start, "open": boards.open})
    seen = frame.pivot_table(index=["day", "start"], columns="queue", values="open").to_numpy(float)
    numbers = np.unique(boards.queue)
    groups: list[set[int]] = []
    for one, other in combinations(range(len(numbers)), 2):
        if _are_same(seen[:, one], seen[:, other]):
            joined = [group for group in groups if one in group or other in group]
            groups = [group for group in groups if group not in joined] + [{one, other}.union(*joined)]
    return sorted(tuple(int(numbers[nth]) for nth in sorted(group)) for group in groups)


def _are_same(one: Numbers, other: Numbers) -> bool:
    both = np.isfinite(one) & np.isfinite(other) & ((one > 0) | (other > 0))
    if both.sum() < FEWEST:
        return False
    a, b = one[both], other[both]
    by_chance = sum(float((a == count).mean() * (b == count).mean()) for count in np.unique(a))
    return by_chance < BY_CHANCE and float((a == b).mean()) >= ALIKE


@dataclass(frozen=True, eq=False)
class Busy:
    """Intervals of a group that began with somebody waiting.

    From ``start`` to ``end``; ``offered``: minutes of open counters; ``mix``: shares of the line by queue,
    float64[intervals, queues]; ``calls`` of all of them, where ``is_used_up`` as many as there were people.
    """

    day: NDArray[np.int64]
    start: Numbers
    end: Numbers
    offered: Numbers
    mix: Numbers
    calls: NDArray[np.int64]
    is_used_up: NDArray[np.bool_]


def busy_of(boards: Boards, queues: Queues) -> Busy:
    """The intervals of a group in which its work can be seen."""
    own = boards.only(np.isin(boards.queue, queues))
    frame = pd.DataFrame({name: value for name, value in vars(own).items() if name not in {"notes", "office"}})
    frame["line"] = frame["waiting"] + frame["arrivals"]
    at = frame.groupby(["day", "start"])
    whole = at.agg({"end": "max", "waiting": "sum", "line": "sum", "called": "sum", "open": "max"})
    lines = frame.pivot_table(index=["day", "start"], columns="queue", values="line", fill_value=0.0)
    lines = lines.reindex(columns=list(queues), fill_value=0.0)
    start, end = whole.index.get_level_values("start").to_numpy(float), whole["end"].to_numpy(float)
    length = end - start
    seen = ((whole["waiting"] > 0) & (length <= LONGEST) & (whole["open"] > 0)).to_numpy()
    mix = (lines.to_numpy(float) / np.maximum(whole["line"].to_numpy(float), 1.0)[:, None])[seen]
    day = whole.index.get_level_values("day").to_numpy(np.int64)[seen]
    offered = (whole["open"] * length).to_numpy(float)[seen]
    calls, line = (whole[name].to_numpy(np.int64)[seen] for name in ("called", "line"))
    return Busy(day, start[seen], end[seen], offered, mix, calls, calls >= line)


def works_of(busy: Busy) -> list[Work] | None:
    """Minutes of open counters for each call, by queue; None where the intervals say nothing of them."""
    if not busy.calls.any() or busy.is_used_up.all():
        return None
    grid = np.geomspace(*GRID)
    alike = np.array([_scores(np.full(busy.mix.shape[1], np.log(mean)), busy).sum() for mean in grid])
    best = int(alike.argmax())
    if best in (0, len(grid) - 1):
        return None
    center = float(np.log(grid[best]))

    def lost(logs: Numbers) -> float:
        return float(-_scores(logs, busy).sum() + ((logs - center) ** 2).sum() / 2 / DRAWN_IN**2)

    limits = [(float(np.log(GRID[0])), float(np.log(GRID[1])))] * busy.mix.shape[1]
    found = minimize(lost, np.full(busy.mix.shape[1], center), method="L-BFGS-B", bounds=limits).x
    reach = _reach(found, busy)
    if reach is None:
        return [Work(float(np.exp(log)), None) for log in found]
    ends = zip(np.exp(found - reach), np.exp(found + reach), strict=True)
    return [Work(float(np.exp(log)), (float(low), float(high))) for log, (low, high) in zip(found, ends, strict=True)]


def _scores(logs: Numbers, busy: Busy) -> Numbers:
    """The logarithm of the likelihood of each interval."""
    mean = busy.offered / (busy.mix @ np.exp(logs))
    exact = poisson.logpmf(busy.calls, mean)
    return np.asarray(np.where(busy.is_used_up, poisson.logsf(busy.calls - 1, mean), exact), float)


def _reach(found: Numbers, busy: Busy) -> Numbers | None:
    """Half of the interval of each logarithm, days being independent; None of fewer than FEW_DAYS days."""
    days, of_day = np.unique(busy.day, return_inverse=True)
    if len(days) < FEW_DAYS:
        return None
    steps = STEP * np.eye(len(found))

    def slopes(at: Numbers) -> Numbers:
        """Of each interval, float64[intervals, queues]."""
        sides = [(_scores(at + step, busy) - _scores(at - step, busy)) / 2 / STEP for step in steps]
        return np.stack(sides, axis=1)

    by_day = np.zeros((len(days), len(found)))
    np.add.at(by_day, of_day, slopes(found))
    bend = np.stack([(slopes(found - step) - slopes(found + step)).sum(axis=0) / 2 / STEP for step in steps])
    inverse = np.linalg.inv((bend + bend.T) / 2 + np.eye(len(found)) / DRAWN_IN**2)
    of_days = inverse @ (by_day.T @ by_day) @ inverse * len(days) / (len(days) - 1)
    spread = np.maximum(np.diag(of_days), np.diag(inverse))
    return np.asarray(student.ppf((1 + CONFIDENCE) / 2, len(days) - 1) * np.sqrt(spread), float)
