"""Which days of queues boards saw in part: they begin after the first ticket, or end before the last call."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.fitting.boards import LONGEST, Boards
from sim.fitting.files import Note
from sim.fitting.tickets import Tickets

KEYS = ["office", "queue", "day"]


def partly_seen(tickets: Tickets, boards: Boards) -> tuple[Note, ...]:
    """A note for days that begin, and one for days that end, more than LONGEST minutes outside what boards saw.

    A day of one queue is one; of those of which boards have nothing nothing is said.
    """
    called = np.where(np.isfinite(tickets.called[1]), tickets.called[1], tickets.issued[1])
    log = pd.DataFrame({name: getattr(tickets, name) for name in KEYS})
    log = log.assign(first=tickets.issued[1], last=np.maximum(called, tickets.issued[1]))
    board = pd.DataFrame({name: getattr(boards, name) for name in KEYS}).assign(start=boards.start, end=boards.end)
    ends = (
        log.groupby(KEYS)
        .agg({"first": "min", "last": "max"})
        .join(board.groupby(KEYS).agg({"start": "min", "end": "max"}), how="inner")
    )
    kinds = {
        "begin after the first ticket": int((ends["start"] - ends["first"] > LONGEST).sum()),
        "end before the last ticket or call": int((ends["last"] - ends["end"] > LONGEST).sum()),
    }
    done = "what boards did not see is in no minutes a call"
    return tuple(
        Note(f"boards that {kind} by more than {LONGEST:g} minutes", (), count, f"{count} days of a queue: {done}")
        for kind, count in kinds.items()
        if count
    )
