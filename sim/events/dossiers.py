"""Which dossiers a visit is about, by their numbers among all that its citizen brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import Purpose
from sim.trace import Outcome, Trace
from sim.units import NEVER

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dossiers:
    """By row of the visit: the dossiers brought are numbered from ``first`` on, the ``accepted`` ones come first.

    ``result_of``: the row of the visit whose accepted dossiers' results are fetched, NEVER where it is none.
    """

    first: Integers
    brought: Integers
    accepted: Integers
    result_of: Integers

    def of(self, row: int) -> tuple[range, range]:
        """The numbers of those accepted at a visit, and of those that were not."""
        first, accepted = int(self.first[row]), int(self.accepted[row])
        return range(first, first + accepted), range(first + accepted, first + int(self.brought[row]))

    def results(self, row: int) -> range:
        """The numbers of those whose results are fetched."""
        return self.of(int(self.result_of[row]))[0] if self.result_of[row] != NEVER else range(0)


def dossiers_of(trace: Trace, fields: int, most_visits: int) -> Dossiers:
    """The dossiers of all visits of a trace.

    A trace counts them: what is not accepted is brought to the next visit, and of one procedure all are alike. So the
    last of those brought stand for those that come again. Who was received whole and waits for the result at the
    horizon had them accepted. ``most_visits`` of a citizen, after which those to fetch a result are numbered.
    """
    visits, tasks = trace.visits, trace.tasks
    submits = visits["purpose"] == Purpose.SUBMIT
    brought = np.where(submits, visits["dossiers"], 0).astype(np.int64)
    received = np.zeros(len(visits), bool)
    received[tasks["visit"][(tasks["kind"] < fields) & (tasks["end"] != NEVER)]] = True
    stays = received & (visits["outcome"] == Outcome.IN_SYSTEM)
    accepted = np.where(stays, brought, brought - np.where(submits, visits["left"], 0))
    who = visits[["center", "citizen"]]
    new = np.append(True, who[1:] != who[:-1])[: len(visits)]
    starts = np.flatnonzero(new)
    all_of = brought[starts][np.cumsum(new) - 1] if len(visits) else brought
    return Dossiers(np.maximum(all_of - brought, 0) + 1, brought, accepted, _results(visits, submits, most_visits))


def _results(visits: Any, submits: Any, most: int) -> Integers:
    """By row, that of the visit at which a dossier was accepted whose result is fetched now."""
    rows = {key: row for row, key in enumerate(visits[["center", "citizen", "visit"]].tolist())}
    found = np.full(len(visits), NEVER, np.int64)
    for row in np.flatnonzero(visits["purpose"] == Purpose.COLLECT).tolist():
        center, citizen, visit = visits[["center", "citizen", "visit"]][row].item()
        before = visit // most - 1 if visit >= most else visit - 1
        while before >= 0 and not submits[rows[center, citizen, before]]:
            before -= 1
        found[row] = rows[center, citizen, before] if before >= 0 else NEVER
    return found
