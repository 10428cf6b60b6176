"""Where visits are folded to: the sums of one run, and a histogram of its waits that grows as it must."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.models.compiled.shares import SHARE, Share, shares_in
from sim.plan import Plan, Table
from sim.units import MINUTE

SECONDS, MOST_BINS = 1 << 12, 1 << 23


class Fold(NamedTuple):
    """Where the visits of one run are folded to: see :data:`sim.models.compiled.shares.Sums`.

    ``waits``: int32[cells + shares, seconds], a dense histogram, those who were received by share last, ``longest`` the
    seconds in use of each row; ``beyond``: int64[n, 2], (row, second) of waits that do not fit in, ``many`` how many.
    ``within``: ms; ``weekdays``: by day; ``shift_of``: int64[programs, officials + 1], the first paid shift of each
    official in each program. ``shares``: SHARE rows; ``share_of``: by official; ``fields`` and ``procedures``:
    uint32[shares, n], what those of the plan are to each share.
    """

    cells: Table
    hours: Table
    days: Table
    ledger: Table
    curves: Table
    span_days: Table
    grid: Table
    time: Table
    ready: Table
    homes: Table
    waits: Table
    longest: Table
    beyond: Table
    many: Table
    within: Table
    weekdays: Table
    shift_of: Table
    shares: Table
    share_of: Table
    fields: Table
    procedures: Table


SUMS = Fold._fields[: Fold._fields.index("waits")]


def fold_for(plan: Plan, shares: tuple[Share, ...], sums: dict[str, Table]) -> Fold:
    """A fold of some replications, ``sums``, with room for waits of SECONDS, or less where there are many cells."""
    rows = sums["cells"].shape[1] + len(shares)
    seconds = max(min(SECONDS, MOST_BINS // rows), 1)
    by = shares[0].by
    return Fold(
        **of_replication(sums, 0),
        waits=np.zeros((rows, seconds), np.int32),
        longest=np.zeros(rows, np.int64),
        beyond=np.zeros((1 << 10, 2), np.int64),
        many=np.zeros(1, np.int64),
        within=np.array(by.within, np.int64) * MINUTE,
        weekdays=by.weekdays.astype(np.int64),
        shift_of=_shift_of(plan),
        **shares_in(plan, shares),
    )


def of_replication(sums: dict[str, Table], nth: int) -> dict[str, Table]:
    """The sums of one replication, to be added to."""
    return {name: sums[name][nth] for name in SUMS}


def no_fold() -> Fold:
    """For runs whose rows are kept."""
    shapes = {name: (0,) * _DIMENSIONS.get(name, 2) for name in Fold._fields}
    return Fold(**{name: np.zeros(shape, _KINDS.get(name, np.int64)) for name, shape in shapes.items()})


_DIMENSIONS = {
    **dict.fromkeys(("longest", "many", "within", "weekdays", "shares", "share_of"), 1),
    **dict.fromkeys(("hours", "days", "grid"), 3),
    "curves": 4,
}
_KINDS = {
    "waits": np.dtype(np.int32),
    "shares": SHARE,
    **dict.fromkeys(("share_of", "fields", "procedures"), np.dtype(np.uint32)),
}


def waits_beyond(fold: Fold, replication: int) -> Table:
    """Rows of ``Tally.waits`` for the waits that did not fit in."""
    found, counts = np.unique(fold.beyond[: fold.many[0]], axis=0, return_counts=True)
    return np.column_stack([np.full(len(found), replication), found, counts])


def pour_out(fold: Fold, replication: int, found: Table) -> int:
    """Rows of ``Tally.waits`` for the waits that did: how many; the fold is empty again.

    ``found``: int64[n, 4], with a row for each visit at least.
    """
    count = 0
    for row in range(len(fold.waits)):
        for second in range(fold.longest[row]):
            if fold.waits[row, second] > 0:
                found[count, 0], found[count, 1], found[count, 2] = replication, row, second
                found[count, 3] = fold.waits[row, second]
                fold.waits[row, second] = 0
                count += 1
        fold.longest[row] = 0
    fold.many[0] = 0
    return count


def with_waits(fold: Fold, more: int) -> Fold:
    """The same fold with room for so many more waits, however long they are."""
    many, rows, seconds = int(fold.many[0]), len(fold.waits), fold.waits.shape[1]
    if many and 4 * rows * seconds <= MOST_BINS:
        waits = np.zeros((rows, 4 * seconds), np.int32)
        waits[:, :seconds] = fold.waits
        beyond, fold.many[0] = fold.beyond[:many].copy(), 0
        fold = fold._replace(waits=waits)
        for row, second in beyond.tolist():
            fold_wait(fold, row, second)
    if fold.many[0] + more > len(fold.beyond):
        beyond = np.zeros((2 * (many + more), 2), np.int64)
        beyond[:many] = fold.beyond[:many]
        fold = fold._replace(beyond=beyond)
    return fold


def _shift_of(plan: Plan) -> Table:
    """The first paid shift of each official in each program, and after the last one where the program ends."""
    first, found = plan.programs["shifts"], np.zeros((len(plan.programs) - 1, len(plan.officials) + 1), np.int64)
    for program in range(len(found)):
        rows = plan.shifts["official"][first[program] : first[program + 1]]
        found[program] = first[program] + np.searchsorted(rows, np.arange(len(plan.officials) + 1))
    return found


def fold_wait(fold: Fold, row: int, second: int) -> None:
    """One wait of so many seconds."""
    if second < fold.waits.shape[1]:
        fold.waits[row, second] += 1
        fold.longest[row] = max(fold.longest[row], second + 1)
    else:
        fold.beyond[fold.many[0], 0], fold.beyond[fold.many[0], 1] = row, second
        fold.many[0] += 1
