"""Whether a run has settled when measuring begins: what is left of the beginning in the days that are measured.

A center that opens empty each morning has no warm-up of its waits within a day, but days hang together by who comes
back, by what is still to be done, and by cases of the back office, of which there are none on the first day.

The scenario is run from its first day on, long: at least half a year, and twice its own days. The figure over the days
that the study measures is compared with the second half of that, days that are alike against days that are alike
(:mod:`sim.warmup.balanced`). The warm-up is too short where that difference is shown to be of a size that matters. Then
the first week is looked for from which on as many days show none. Where the second half is still on its way, or no such
week is found, the run is made twice as long, up to ``MOST_DOUBLINGS`` times. MSER-5 and Welch's moving averages
(:mod:`sim.warmup.mser`) are there to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.study import Study
from sim.warmup.balanced import BAND, Days, Difference, difference, first_without
from sim.warmup.mser import BATCH, WINDOWS, Truncation, batch_means, moving_averages, mser
from sim.warmup.series import Series, dated, series_of

LEAST_DAYS = 182
"""Half a year: a quarter of settled days to compare with, with a dozen of each weekday."""
LEAST_REPLICATIONS = 200
"""At a busy center the mean wait of a month is then known to some 3 %, visits to 1 %: of 30, to 8 % and 2 %."""
MOST_DOUBLINGS = 2
WEEK = 7

Answer = Literal[
    "an opening", "suffices", "suffices, within error", "too short", "differs, maybe by date", "has not settled",
    "no like days",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Settled:
    """A figure, and what is left of its beginning in what is measured.

    ``warmup``: the calendar day on which the study begins to measure, for ``measured`` days. ``left``: the figure over
    these less that over the second half of the long run; None where no days are alike. ``drift``: over the last quarter
    less that over the one before. ``wanted``: the first warm-up, later by whole weeks, that leaves nothing, None where
    none does. ``truncation``: by MSER-5. ``looked_at``: the days of the long run. ``by_date``: what the scenario says
    of dates, so that days differ by it, too.
    """

    series: Series
    warmup: int
    measured: int
    left: Difference | None
    drift: Difference | None
    wanted: int | None
    truncation: Truncation
    looked_at: int
    by_date: tuple[str, ...]
    is_opening: bool

    @property
    def answer(self) -> Answer:
        """Whether the warm-up suffices; of an opening the beginning is wanted."""
        if self.is_opening:
            return "an opening"
        if self.left is None or 2 * self.left.compared < self.left.days:
            return "no like days"
        if self.drift is not None and self.drift.matters:
            return "has not settled"
        if self.left.matters and self.by_date:
            return "differs, maybe by date"
        if self.left.matters:
            return "has not settled" if self.wanted is None else "too short"
        return "suffices" if self.left.is_small else "suffices, within error"

    @property
    def suffices(self) -> bool:
        """Nothing that matters is shown to be left."""
        return self.answer in {"suffices", "suffices, within error"}

    @property
    def said(self) -> str:
        """In words, with the warm-up that is wanted instead."""
        return f"{self.answer}: warmup_days={self.wanted}" if self.answer == "too short" else self.answer

    @property
    def cut(self) -> int | None:
        """The calendar day on which measuring would begin by MSER-5, None where that is refused."""
        return None if self.truncation.is_refused else int(self.series.days[self.truncation.observations])

    @property
    def is_open(self) -> bool:
        """Whether a longer run could tell more."""
        drift = self.drift
        drifts = drift is not None and drift.is_told and abs(drift.estimate.value or 0.0) > drift.band / 2
        lost = self.left is not None and self.left.matters and self.wanted is None
        return not self.is_opening and (drifts or (lost and not self.by_date))


def from_the_start(study: Study, doublings: int = 0) -> Study:
    """The study measured from its first day on, over the long run: the same citizens as it has."""
    days = max(2 * study.base.days, LEAST_DAYS) * 2**doublings
    base = study.base.replace(opening=True, warmup_days=0, days=days)
    return study.replace(base=base)


def enough(study: Study) -> Study:
    """The study with as many replications as are wanted here at least."""
    return study.replace(replications=max(study.replications, LEAST_REPLICATIONS))


def settled(
    study: Study, done: Callable[[], None] = lambda: None, longer: Callable[[Study], None] = lambda _: None
) -> tuple[Settled, ...]:
    """Mean wait, visits a day, and cases under way and records to type in where there are: whether each has settled.

    ``longer`` is told of each run before it begins, ``done`` is called after each replication. ValueError where there
    are fewer than ten weeks of working days.
    """
    found: tuple[Settled, ...] = ()
    for doublings in range(MOST_DOUBLINGS + 1):
        run = from_the_start(study, doublings)
        longer(run)
        found = tuple(settled_in(one, study, run.base.days) for one in series_of(run, done))
        if not any(one.is_open for one in found):
            break
    return found


def settled_in(series: Series, study: Study, days: int) -> Settled:
    """What is found of one figure in a long run of so many ``days``."""
    warmup, last = study.scenario.warmup, study.base.days
    quarters = [_between(series, days * nth // 4, days * (nth + 1) // 4) for nth in (2, 3)]
    later = quarters[0] | quarters[1]
    starts = range(warmup, max(days // 2 - (last - warmup), warmup) + 1, WEEK)
    lefts = [difference(series, _between(series, at, at + last - warmup), later, study.confidence) for at in starts]
    nth = first_without(lefts)
    return Settled(
        series, warmup, last - warmup, lefts[0], difference(series, quarters[1], quarters[0], study.confidence),
        None if nth is None else starts[nth], mser(batch_means(*series.mean)), days,
        dated(study.scenario), study.base.opening,
    )  # fmt: skip


def _between(series: Series, first: int, after: int) -> Days:
    return np.asarray((series.days >= first) & (series.days < after))


def command(study: Study, found: Sequence[Settled]) -> str:
    """What makes all figures settle that can be: "warmup_days=161 days=191", as many days measured; else ""."""
    wanted = [one.wanted for one in found if one.answer == "too short" and one.wanted is not None]
    measured = study.base.days - study.scenario.warmup
    return f"warmup_days={max(wanted)} days={max(wanted) + measured}" if wanted else ""


__all__ = [
    "BAND",
    "BATCH",
    "LEAST_DAYS",
    "LEAST_REPLICATIONS",
    "WINDOWS",
    "Difference",
    "Series",
    "Settled",
    "batch_means",
    "command",
    "dated",
    "difference",
    "enough",
    "from_the_start",
    "moving_averages",
    "mser",
    "series_of",
    "settled",
    "settled_in",
]
