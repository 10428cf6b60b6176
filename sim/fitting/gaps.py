"""Days on which a queue has no ticket, though others of its office have some, and who would have come on them.

A queue to which many come has none by chance hardly ever: on such a day it was shut, or the log has not kept it. Which,
no log of tickets tells. No gap is a day before its first ticket or after its last, nor a weekday on which it never has
any though that weekday was seen twice in between: so are services that begin, end or are held on some weekdays.

People of a queue and a day are taken as Poisson with the mean ``usual * factor``, and what is estimated is by the
likelihood of the queues and days that are there, the others missing (ter Braak, van Strien, Meijer and Verstrael 1994,
Interpretation of monitoring data with many missing values). Without gaps these are the sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.fitting.files import SHOWN_ROWS, Note

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
BY_CHANCE, FEW_DAYS, ROUNDS, STEPS, ENOUGH = 1e-3, 3, 5, 10_000, 1e-10
"""How rarely chance has a day without anybody; on how many days a queue with gaps was seen at least; rounds in which
gaps are found; steps of the likelihood, and its end."""


@dataclass(frozen=True, eq=False)
class Days:
    """People of the queues of one office by day.

    ``queues`` and ``days``, ascending; ``counts``: float64[queues, days]; ``is_there``: False in gaps, bool of that
    shape; ``usual``: people of each queue on a day with all queues and the mean factor, float64[queues]; ``whole``:
    people on each day if no queue were missing, float64[days].
    """

    queues: Codes
    days: Codes
    counts: Numbers
    is_there: NDArray[np.bool_]
    usual: Numbers
    whole: Numbers


def days_of(queue: Codes, day: Codes) -> Days:
    """From the queue and the day of each ticket of an office."""
    queues, row = np.unique(queue, return_inverse=True)
    days, column = np.unique(day, return_inverse=True)
    counts = np.zeros((len(queues), len(days)))
    np.add.at(counts, (row, column), 1.0)
    may_be = np.array([_may_be_gaps(days, own > 0) for own in counts])
    is_there = ~may_be | (counts.sum(axis=1) / (counts > 0).sum(axis=1) < _LEAST)[:, None]
    for _ in range(ROUNDS):
        usual, factor = _likeliest(counts, is_there)
        found = ~may_be | (np.outer(usual, factor) < _LEAST)
        if (found == is_there).all():
            break
        is_there = found
    usual, factor = _likeliest(counts, is_there)
    whole = np.where(is_there.all(axis=0), counts.sum(axis=0), factor * usual.sum())
    return Days(queues, days, counts, is_there, usual * factor.mean(), whole)


_LEAST = -np.log(BY_CHANCE)


def _may_be_gaps(days: Codes, has_any: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The days without tickets of a queue that neither its beginning and end nor its weekdays explain."""
    seen = np.flatnonzero(has_any)
    if len(seen) < FEW_DAYS:
        return np.zeros(len(days), bool)
    inside = (np.arange(len(days)) > seen[0]) & (np.arange(len(days)) < seen[-1])
    on = (days + 3) % 7
    shut = [one for one in np.unique(on) if (inside & (on == one)).sum() > 1 and not has_any[on == one].any()]
    return np.asarray(inside & ~has_any & ~np.isin(on, shut), bool)


def _likeliest(counts: Numbers, is_there: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """What is usual of each queue, and the factor of each day, by setting one to what is seen in light of the other."""
    there, factor = is_there.astype(float), np.ones(counts.shape[1])
    usual = counts.sum(axis=1) / (there @ factor)
    for _ in range(STEPS):
        before, factor = factor, counts.sum(axis=0) / (usual @ there)
        usual = counts.sum(axis=1) / (there @ factor)
        if np.abs(factor - before).max() < ENOUGH:
            break
    return usual, factor


def gaps_note(names: tuple[tuple[str, ...], tuple[str, ...]], office: Codes, queue: Codes, day: Codes) -> list[Note]:
    """A note of all gaps of a log, none where there are none; ``names`` of offices and of queues, by their codes."""
    gaps, more = [], 0.0
    for one in np.unique(office):
        own = days_of(queue[office == one], day[office == one])
        missing = (~own.is_there).sum(axis=1)
        more += own.whole.sum() - own.counts.sum()
        for nth in np.flatnonzero(missing):
            name = f"{names[0][one]} {names[1][own.queues[nth]]}".strip()
            gaps.append(
                (own.usual[nth] * missing[nth], int(missing[nth]), f"{name} on {missing[nth]} of {len(own.days)}")
            )
    if not gaps:
        return []
    gaps.sort(key=lambda gap: -gap[0])
    shown = ", ".join(gap[2] for gap in gaps[:SHOWN_ROWS]) + (", …" if len(gaps) > SHOWN_ROWS else "")
    count = sum(gap[1] for gap in gaps)
    kind = f"a queue without a ticket on a day on which others of its office have some, {count} times"
    return [Note(kind, (), count, f"shut or not kept, taken as days with {more:.0f} people more: {shown}")]
