"""Whether a run has settled when measuring begins: MSER-5, Welch's moving averages, and the difference that is left.

A center that opens empty each morning has no warm-up of its waits within a day, but days hang together by who comes
back, by what is still to be done, and by cases of the back office, of which there are none on the first day.

* MSER-5 (White 1997, Simulation 69, 323-334; Franklin and White 2008, Winter Simulation Conference, 541-546): of means
  of 5 observations, here a week of working days, as many are left out at the beginning as makes the standard error of
  the mean of the others least. A point beyond the middle is refused: the run is too short to tell.
* Welch (1983, in Lavenberg, Computer Performance Modeling Handbook, 268-328): means over replications, day by day, and
  their moving averages, to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.intervals import Floats
from sim.plan import Kind
from sim.running import job, traces
from sim.statistics import PairedDifference, paired_difference
from sim.study import Study
from sim.tally import Integers, tally_of
from sim.trace import Trace
from sim.units import DAY, MINUTE, NEVER
from sim.yardstick import Yardstick

BATCH = 5
LAST = 5
"""Batches at the end of which no mean is taken: of a few, the spread is small by chance."""
WINDOWS = 2, 7
"""Windows of moving averages: over one week of working days, and over three."""
LEAST_DAYS = 182
"""Half a year: MSER-5 then has some 25 weeks to choose from."""


@dataclass(frozen=True, eq=False)
class Truncation:
    """How many observations MSER leaves out. ``statistics``: what is least there, by the batches left out."""

    observations: int
    statistics: Floats
    is_refused: bool


def mser(batches: Floats, each: int = BATCH) -> Truncation:
    """The truncation point from means of ``each`` observations, at least 2 * LAST of them (ValueError otherwise)."""
    count = len(batches)
    if count < 2 * LAST:
        raise ValueError(f"wanted at least {2 * LAST} batches, given {count}")
    kept = [batches[left_out:] for left_out in range(count - LAST + 1)]
    statistics = np.array([((own - own.mean()) ** 2).sum() / len(own) ** 2 for own in kept])
    least = int(statistics.argmin())
    return Truncation(least * each, statistics, 2 * least > count)


def batch_means(over: Floats, under: Floats, each: int = BATCH) -> Floats:
    """Ratios of sums of ``each`` observations one after the other; the last ones that make no batch are left out."""
    whole = len(over) // each * each
    sums = (part[:whole].reshape(-1, each).sum(axis=1) for part in (over, under))
    return np.asarray(np.divide(*sums))


def moving_averages(over: Floats, under: Floats, window: int) -> Floats:
    """Welch's moving averages: of 2 * ``window`` + 1 observations, of the first few of as many as there are around.

    The last ``window`` observations have none.
    """
    sums = [np.concatenate([[0.0], np.cumsum(part)]) for part in (over, under)]
    at = np.arange(max(len(over) - window, 0))
    reach = np.minimum(at, window)
    above, below = (total[at + reach + 1] - total[at - reach] for total in sums)
    return np.asarray(above / below)


@dataclass(frozen=True, eq=False)
class Series:
    """A figure by working day and replication, float64[R, days]: ``over`` / ``under``; ``days`` are calendar days."""

    name: str
    over: Floats
    under: Floats
    days: Floats

    @property
    def mean(self) -> tuple[Floats, Floats]:
        """Sums over all replications, day by day."""
        return self.over.sum(axis=0), self.under.sum(axis=0)


@dataclass(frozen=True, eq=False)
class Settled:
    """A figure with its truncation point, and what is left of the beginning in what is measured.

    ``wanted`` is the calendar day on which measuring should begin by MSER-5, None where that is refused. ``left``: the
    figure as the study measures it, from day ``warmup`` to its own last, less that of the second half, paired.
    """

    series: Series
    warmup: int
    truncation: Truncation
    wanted: int | None
    left: PairedDifference
    is_opening: bool

    @property
    def differs(self) -> bool:
        """Whether what the study measures is told from the second half of the long run."""
        low, high = self.left.estimate.lower, self.left.estimate.upper
        return low is not None and high is not None and not low <= 0 <= high

    @property
    def suffices(self) -> bool:
        """By the truncation point; or where what is left of the beginning cannot be told from nothing."""
        return (self.wanted is not None and self.wanted <= self.warmup) or not self.differs

    @property
    def said(self) -> str:
        """In words: whether the warm-up suffices, or what is wanted instead; of an opening the beginning is wanted."""
        if self.is_opening:
            return "an opening"
        if self.wanted is not None and self.wanted <= self.warmup:
            return "suffices"
        if not self.differs:
            return "suffices, within error"
        return "has not settled" if self.wanted is None else f"too short: warmup_days={self.wanted}"


def from_the_start(study: Study) -> Study:
    """The study measured from its first day on, over half a year at least: the same citizens as it has."""
    base = study.base.replace(opening=True, warmup_days=0, days=max(study.base.days, LEAST_DAYS))
    return study.replace(base=base)


def settled(study: Study, done: Callable[[], None] = lambda: None) -> tuple[Settled, ...]:
    """Mean wait, visits a day, and cases under way and records to type in where there are: whether each has settled.

    ``done`` is called after each replication. ValueError where there are fewer than 2 * LAST weeks of working days.
    """
    return tuple(_settled(one, study) for one in series_of(from_the_start(study), done))


def _settled(series: Series, study: Study) -> Settled:
    warmup = study.scenario.warmup
    over, under = series.mean
    found = mser(batch_means(over, under))
    wanted = None if found.is_refused else (int(series.days[found.observations]) if found.observations else 0)
    measured = (series.days >= warmup) & (series.days < study.base.days)
    later = np.arange(len(series.days)) >= len(series.days) // 2
    (a, b), (c, d) = (
        (series.over[:, which].sum(axis=1), series.under[:, which].sum(axis=1)) for which in (measured, later)
    )
    left = paired_difference(a, b, c, d, study.confidence)
    return Settled(series, warmup, found, wanted, left, study.base.opening)


def series_of(study: Study, done: Callable[[], None] = lambda: None) -> tuple[Series, ...]:
    """The figures of a study that is measured from its first day on, by working day."""
    own = job(study)
    working = np.flatnonzero(own.plan.days["is_working"])
    days, cases = list[Integers](), list[Floats]()
    for one in traces(study):
        days.append(tally_of(one, own.by).days[0])
        cases.append(_under_way(one, own.by))
        done()
    came, joined, waited, records = (np.array(days, float)[:, working, column] for column in (0, 1, 2, -1))
    ones = np.ones(came.shape)
    found = [("wait_mean", waited / MINUTE, joined), ("visits_per_day", came, ones)]
    others = {"cases_under_way": np.array(cases)[:, working], "records_to_type_in": records}
    found += [(name, counts, ones) for name, counts in others.items() if counts.any()]
    return tuple(Series(name, over, under, working.astype(float)) for name, over, under in found)


def _under_way(trace: Trace, by: Yardstick) -> Floats:
    """Visits whose result the back office makes, from their arrival until the last step ends, as each day ends."""
    tasks, days = trace.tasks, trace.horizon // DAY
    steps = tasks[np.isin(tasks["kind"] - len(by.fields), (Kind.STEP, Kind.APPROVAL))]
    ready = np.full(len(trace.visits), NEVER)
    np.maximum.at(ready, steps["visit"], np.where(steps["end"] == NEVER, trace.horizon, steps["end"]))
    some = ready != NEVER
    begun, ended = (np.bincount(at[some] // DAY, minlength=days + 1)[:days] for at in (trace.visits["arrival"], ready))
    return np.asarray(np.cumsum(begun - ended), float)
