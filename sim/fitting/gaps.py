"""Days on which a queue has no ticket, though others of its office have some, and who would have come on them.

A queue to which many come has none by chance hardly ever: on such a day it was shut, or the log has not kept it. Which,
no log of tickets tells. No gap is a day before its first ticket or after its last, nor a weekday on which it never has
any though that weekday was seen twice in between: so are services that begin, end or are held on some weekdays.

People of a queue and a day are taken as Poisson with the mean ``usual * factor``, and what is estimated is by the
likelihood of the queues and days that are there, the others missing (ter Braak, van Strien, Meijer and Verstrael 1994,
Interpretation of monitoring data with many missing values). In light of how many came on each day it is multinomial:
it has one maximum where of any two queues each has people on days on which the other is there, or by way of others
(Ford 1957). What no day links, or one alone, is not filled. Without gaps these are the sums. Errors are of days left
out one by one, each by a step of Newton's method (the jackknife), so that they hold the day's own chance, however it is
distributed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from sim.fitting.files import SHOWN_ROWS, Note

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
BY_CHANCE, FEW_DAYS, ROUNDS, STEPS, ENOUGH = 1e-3, 3, 5, 100, 1e-10
"""How rarely chance has a day without anybody; on how many days a queue with gaps was seen at least; rounds in which
gaps are found; steps to the likeliest, and the end of these."""


@dataclass(frozen=True, eq=False)
class Days:
    """People of the queues of one office by day.

    ``queues`` and ``days``, ascending; ``counts``: float64[queues, days]; ``is_there``: False in gaps, bool of that
    shape; ``unlinked``: queues of which nothing tells who is missing, taken as there on all days; ``usual``: people of
    each queue on a day with all queues and the mean factor, float64[queues]; ``whole``: people on each day if no queue
    were missing, float64[days]; ``moves``: how much greater the logarithm of ``usual`` is than without a day,
    float64[days, queues].
    """

    queues: Codes
    days: Codes
    counts: Numbers
    is_there: Flags
    unlinked: Codes
    usual: Numbers
    whole: Numbers
    moves: Numbers

    @property
    def kept(self) -> Numbers:
        """The part of each day's usual people whose queues are there, float64[days]."""
        return np.asarray(self.usual @ self.is_there / self.usual.sum(), float)

    def odds_moves(self, own: Flags) -> Numbers:
        """How much greater the log odds of the share of some queues are than without a day, float64[days]."""
        return np.asarray(self.moves @ (self._part(own) - self._part(~own)), float)

    def whole_moves(self, weights: Numbers) -> Numbers:
        """How much greater the logarithm of a weighted sum of ``whole`` is than with gaps filled without a day.

        ``weights`` and what is returned are float64[days].
        """
        more = self.usual / self.usual.sum() - (self.is_there.T * self.usual) / (self.usual @ self.is_there)[:, None]
        part = weights * self.whole
        return np.asarray(self.moves @ (part @ more) / part.sum(), float)

    def _part(self, own: Flags) -> Numbers:
        return np.asarray(np.where(own, self.usual, 0.0) / self.usual[own].sum(), float)


def days_of(queue: Codes, day: Codes) -> Days:
    """From the queue and the day of each ticket of an office."""
    queues, row = np.unique(queue, return_inverse=True)
    days, column = np.unique(day, return_inverse=True)
    counts = np.zeros((len(queues), len(days)))
    np.add.at(counts, (row, column), 1.0)
    may_be = np.array([_may_be_gaps(days, own > 0) for own in counts])
    may_be &= (counts.sum(axis=1) / (counts > 0).sum(axis=1) >= _LEAST)[:, None]
    unlinked = _unlinked(counts, ~may_be)
    may_be[unlinked] = False
    is_there = _found(counts, may_be)
    usual = _likeliest(counts, is_there)
    factor = counts.sum(axis=0) / (usual @ is_there)
    whole = np.where(is_there.all(axis=0), counts.sum(axis=0), factor * usual.sum())
    moves = _moves(counts, is_there, usual)
    return Days(queues, days, counts, is_there, queues[unlinked], usual * factor.mean(), whole, moves)


_LEAST = -np.log(BY_CHANCE)


def _found(counts: Numbers, may_be: Flags) -> Flags:
    """False where a queue is missing: chance would not have nobody, by what is usual where it is not."""
    is_there = ~may_be
    for _ in range(ROUNDS):
        usual = _likeliest(counts, is_there)
        found = ~may_be | (np.outer(usual, counts.sum(axis=0) / (usual @ is_there)) < _LEAST)
        if (found == is_there).all():
            break
        is_there = found
    return is_there


def _unlinked(counts: Numbers, is_there: Flags) -> Flags:
    """The queues with gaps that nothing tells of, or one day alone, bool[queues]; they are there on all days then."""
    is_there, unlinked = is_there.copy(), np.zeros(len(counts), bool)
    while True:
        patterns, of, joined = _joined(counts, is_there)
        apart = ~patterns.all(axis=1) & _apart(joined, patterns)
        if not apart.any():
            return unlinked
        unlinked |= apart[of]
        is_there[unlinked] = True


def _apart(counts: Numbers, there: Flags) -> Flags:
    """Which patterns are not linked with most people, whichever one day is left out."""
    has_any = counts > 0
    links, apart = has_any.astype(int) @ there.T, np.zeros(len(counts), bool)
    for day in range(counts.shape[1]):
        left = counts.sum(axis=1) - counts[:, day]
        linked = links - np.outer(has_any[:, day], there[:, day]) > 0
        _, piece = connected_components(linked, directed=True, connection="strong")
        apart |= (piece != piece[left.argmax()]) & (left > 0)
    return apart


def _may_be_gaps(days: Codes, has_any: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The days without tickets of a queue that neither its beginning and end nor its weekdays explain."""
    seen = np.flatnonzero(has_any)
    if len(seen) < FEW_DAYS:
        return np.zeros(len(days), bool)
    inside = (np.arange(len(days)) > seen[0]) & (np.arange(len(days)) < seen[-1])
    on = (days + 3) % 7
    shut = [one for one in np.unique(on) if (inside & (on == one)).sum() > 1 and not has_any[on == one].any()]
    return np.asarray(inside & ~has_any & ~np.isin(on, shut), bool)


def _likeliest(counts: Numbers, is_there: Flags) -> Numbers:
    """What is usual of each queue, up to a factor for all of them.

    Queues that are there on the same days share it as their numbers are.
    """
    patterns, of, joined = _joined(counts, is_there)
    own = joined.sum(axis=1)
    usual = own / patterns.sum(axis=1) if len(patterns) == 1 else _maximum(joined, patterns.astype(float))
    return np.asarray(usual[of] * counts.sum(axis=1) / own[of], float)


def _joined(counts: Numbers, is_there: Flags) -> tuple[Flags, Codes, Numbers]:
    """On which days queues are there, bool[patterns, days], which of these each has, and the people of all that do."""
    patterns, of = np.unique(is_there, axis=0, return_inverse=True)
    joined = np.zeros(patterns.shape)
    np.add.at(joined, of.reshape(-1), counts)
    return patterns, of.reshape(-1), joined


def _maximum(counts: Numbers, there: Numbers) -> Numbers:
    """Where the likelihood of patterns of days is greatest, up to a factor for all: by Newton's method."""
    own, total = counts.sum(axis=1), counts.sum(axis=0)
    log = np.log(own / there.sum(axis=1))
    for _ in range(STEPS):
        share = _shares(np.exp(log), there)
        step = np.linalg.solve(_bend(share, total) + 1.0, own - share @ total)
        log += step / max(np.abs(step).max(), 1.0)
        if np.abs(step).max() < ENOUGH:
            break
    return np.asarray(np.exp(log), float)


def _shares(usual: Numbers, there: Numbers) -> Numbers:
    """Of the people of each day, float64[patterns, days]."""
    here = usual[:, None] * there
    return np.asarray(here / here.sum(axis=0), float)


def _bend(share: Numbers, total: Numbers) -> Numbers:
    """Less the second derivative of the likelihood by the logarithms, float64[patterns, patterns]."""
    return np.asarray(np.diag(share @ total) - (share * total) @ share.T, float)


def _moves(counts: Numbers, is_there: Flags, usual: Numbers) -> Numbers:
    """Of each pattern of days, and of each queue within its own, there as a share without gaps has them."""
    patterns, of, joined = _joined(counts, is_there)
    total, large = counts.sum(axis=0), np.bincount(of, usual).astype(float)
    share = _shares(large, patterns.astype(float))
    slope, bend = joined - total * share, _bend(share, total)
    moved = np.zeros(joined.T.shape)
    for day in range(len(total) if len(total) > 1 else 0):
        own = slice(day, day + 1)
        moved[day] = np.linalg.solve(bend - _bend(share[:, own], total[own]) + 1.0, slope[:, day])
    part = (usual / large[of])[:, None]
    days = max(len(total), 2)
    within = (counts - joined[of] * part) / counts.sum(axis=1, keepdims=True) * days / (days - 1)
    return np.asarray(moved[:, of] + within.T, float)


def gaps_note(names: tuple[tuple[str, ...], tuple[str, ...]], office: Codes, queue: Codes, day: Codes) -> list[Note]:
    """A note of all gaps of a log, none where there are none; ``names`` of offices and of queues, by their codes."""
    gaps, more, unlinked = [], 0.0, []
    for one in np.unique(office):
        own = days_of(queue[office == one], day[office == one])
        unlinked += [f"{names[0][one]} {names[1][nth]}".strip() for nth in own.unlinked]
        missing = (~own.is_there).sum(axis=1)
        more += own.whole.sum() - own.counts.sum()
        for nth in np.flatnonzero(missing):
            name = f"{names[0][one]} {names[1][own.queues[nth]]}".strip()
            gaps.append(
                (own.usual[nth] * missing[nth], int(missing[nth]), f"{name} on {missing[nth]} of {len(own.days)}")
            )
    return [*_filled_note(gaps, more), *_unlinked_note(unlinked)]


def _filled_note(gaps: list[tuple[float, int, str]], more: float) -> list[Note]:
    """Of gaps with the people they have, how many and words; ``more`` people in all."""
    gaps.sort(key=lambda gap: -gap[0])
    count = sum(gap[1] for gap in gaps)
    kind = f"a queue without a ticket on a day on which others of its office have some, {count} times"
    done = f"shut or not kept, taken as days with {more:.0f} people more"
    return [Note(kind, (), count, f"{done}: {_first([gap[2] for gap in gaps])}")] if gaps else []


def _unlinked_note(queues: list[str]) -> list[Note]:
    kind = f"{len(queues)} queues without a ticket on days, which too few others link with the rest of their office"
    return [Note(kind, (), len(queues), f"taken as days of nobody: {_first(queues)}")] if queues else []


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN_ROWS]) + (", …" if len(names) > SHOWN_ROWS else "")
