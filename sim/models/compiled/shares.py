"""The centers of a run as they share its sums: whose cells, officials and days are where.

What a run adds up has a row a share: of each center, and last of the officials who are of none. A plan of one center
has one share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.cases import Ready
from sim.plan import Plan, Table
from sim.tally import Tally, zeros
from sim.units import NEVER
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]
Sums = dict[str, Table]
"""By name the arrays of a tally without ``waits``, of R replications and N shares.

``cells`` [R, cells of all, …], ``ledger`` [R, officials of all, …] and ``ready`` [R, procedures * spans of all, …] of
one share after the other; all else has the axis N after R. ``homes`` [R, N, 2]: the measured visits of each center's
people, those received, or to be received, at another center, and all; 0 in the row of the officials of none.
"""


class Share(NamedTuple):
    """A center's part of the sums: its yardstick, its first point, and what each field and procedure is to it."""

    by: Yardstick
    point: int
    fields: Integers
    procedures: Integers


SHARE = np.dtype([(name, "i8") for name in ("cell", "point", "points", "ready", "spans")])
"""Its first cell, its first point and how many it has, its first row of ``ready`` and how many a procedure has."""


def whole(plan: Plan, by: Yardstick) -> tuple[Share, ...]:
    """The one share of a plan of one center."""
    return (Share(by, 0, np.arange(plan.fields), np.arange(len(plan.procedures))),)


def zero_sums(replications: int, shares: Sequence[Share]) -> Sums:
    """Those of replications in which nothing happened."""
    each = [zeros(replications, share.by) for share in shares]
    found = {
        name: np.concatenate([_flat(one, name) for one in each], axis=1)
        if name in _ONE_AFTER_THE_OTHER
        else np.stack([getattr(one, name) for one in each], axis=1)
        for name in Tally._fields
        if name != "waits"
    }
    return {**found, "homes": np.zeros((replications, len(shares), 2), np.int64)}


_ONE_AFTER_THE_OTHER: dict[str, Callable[[Yardstick], int]] = {
    "cells": lambda by: len(by.fields) * len(by.priorities) * len(by.points),
    "ledger": lambda by: len(by.officials),
    "ready": lambda by: len(by.field_of) * by.spans,
}
"""How many rows a share has there."""


def _flat(tally: Tally, name: str) -> Table:
    """``ready`` with its procedures and spans as one axis; all else as it is."""
    table: Table = getattr(tally, name)
    return table.reshape(len(table), -1, len(Ready)) if name == "ready" else table


def shares_in(plan: Plan, shares: Sequence[Share]) -> dict[str, Table]:
    """What a fold knows of its shares."""
    found = np.zeros(len(shares), SHARE)
    found["cell"], found["ready"] = (_ends(shares, name)[:-1] for name in ("cells", "ready"))
    found["point"] = [share.point for share in shares]
    found["points"], found["spans"] = zip(*((len(one.by.points), one.by.spans) for one in shares), strict=True)
    centers = plan.officials["center"].astype(np.int64)
    return {
        "shares": found,
        "share_of": np.where(centers == NEVER, len(shares) - 1, centers).astype(np.uint32),
        "fields": np.stack([share.fields for share in shares]).astype(np.uint32),
        "procedures": np.stack([share.procedures for share in shares]).astype(np.uint32),
    }


def _ends(shares: Sequence[Share], name: str) -> Integers:
    """Where the rows of each share begin in a table of one after the other, and where they end."""
    return np.cumsum([0, *(_ONE_AFTER_THE_OTHER[name](share.by) for share in shares)])


def parted(sums: Sums, waits: Table, shares: Sequence[Share]) -> Iterator[Tally]:
    """The tally of each share; ``waits``: as those of a tally, by rows of a fold."""
    ends = {name: list(pairwise(_ends(shares, name).tolist())) for name in _ONE_AFTER_THE_OTHER}
    for nth, (share, own_waits) in enumerate(zip(shares, _parted_waits(waits, shares), strict=True)):
        own = {name: sums[name][:, slice(*rows[nth])] for name, rows in ends.items()}
        own["ready"] = own["ready"].reshape(len(own["ready"]), len(share.by.field_of), share.by.spans, len(Ready))
        others = {name: sums[name][:, nth] for name in Tally._fields if name not in {*own, "waits"}}
        yield Tally(**own, **others, waits=own_waits)


def _parted_waits(waits: Table, shares: Sequence[Share]) -> list[Table]:
    """The waits by share, each with rows of its own: its cells, and then those who were received."""
    if len(shares) == 1:
        return [waits]
    ends = _ends(shares, "cells")
    row, cells = waits[:, 1], ends[-1]
    at = np.where(row < cells, np.searchsorted(ends, row, side="right") - 1, row - cells)
    order = np.argsort(at, kind="stable")
    found = waits[order]
    found[:, 1] = np.where(row < cells, row - ends[at], ends[at + 1] - ends[at])[order]
    return np.split(found, np.searchsorted(at[order], np.arange(1, len(shares))))
