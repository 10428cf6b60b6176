"""What becomes of dossiers after reception: results on the spot, records, the back office, what is filed from home."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.cases import Cases
from sim.plan import Kind, Purpose
from sim.processing import ACKNOWLEDGED, open_time
from sim.sums import FILED_TOO, GONE, Sum
from sim.trace import Outcome, Trace
from sim.units import DAY, NEVER
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]


def add_results(sums: Integers, trace: Trace, by: Yardstick) -> None:
    """What became of results and records."""
    visits, tasks, fields = trace.visits, trace.tasks, len(by.fields)
    kind, submits = tasks["kind"] - fields, visits["purpose"] == Purpose.SUBMIT
    signed = np.array(by.signed, bool)[visits["procedure"]]
    stayed, in_hand, unrecorded = (np.zeros(len(visits), bool) for _ in range(3))
    stayed[tasks["visit"][kind == Kind.SIGNATURE]] = True
    handed = (kind == Kind.COLLECTION) & (tasks["start"] != NEVER) & (tasks["end"] != NEVER)
    in_hand[tasks["visit"][handed]] = True
    end = np.where(tasks["end"] == NEVER, trace.horizon, tasks["end"])
    unrecorded[tasks["visit"][(kind == Kind.RECORD) & (end // DAY > tasks["entry"] // DAY)]] = True
    unrecorded[tasks["visit"][(kind == Kind.RECORD) & (tasks["end"] == NEVER)]] = True
    received = np.zeros(len(visits), np.int64)
    received[tasks["visit"][kind < 0]] = end[kind < 0]
    departure = np.where(visits["departure"] == NEVER, trace.horizon, visits["departure"])
    served = (visits["outcome"] == Outcome.SERVED) | (stayed & (visits["outcome"] == Outcome.IN_SYSTEM))
    whole, unserved = submits & served, submits & np.isin(visits["outcome"], GONE)
    due = whole & signed
    sums[:, Sum.STAYED], sums[:, Sum.RESULT_WAIT] = stayed, np.where(stayed, departure - received, 0)
    sums[:, Sum.DUE], sums[:, Sum.IN_HAND], sums[:, Sum.WHOLE] = due, due & in_hand, whole | unserved
    sums[:, Sum.LATE], sums[:, Sum.UNRECORDED] = unserved | (due & ~in_hand), whole & unrecorded


def add_cases(sums: Integers, cases: Cases, term: Integers) -> None:
    """What became of cases of the back office whose term ends within the run."""
    sums[:, Sum.CASES] = cases.dossiers > 0
    judged = np.where(cases.left >= term, cases.dossiers, 0)
    sums[:, Sum.TERMED] = judged
    sums[:, Sum.ON_TIME] = np.where((cases.taken != NEVER) & (cases.taken <= term), judged, 0)
    sums[:, Sum.PROCESSED] = judged * cases.lasted


def only_filed(sums: Integers, trace: Trace, by: Yardstick) -> None:
    """What is filed from home is no visit: its dossiers count, their cases, and when it was acknowledged."""
    visits = trace.visits
    for row in np.flatnonzero(np.array(by.from_home)[visits["channel"]] & (visits["purpose"] == Purpose.SUBMIT)):
        filed, ended, dossiers = (
            int(visits["arrival"][row]),
            int(visits["departure"][row]),
            int(visits["dossiers"][row]),
        )
        kept = sums[row, FILED_TOO].copy()
        sums[row], sums[row, FILED_TOO] = 0, kept
        if open_time(by.office_hours, filed, trace.horizon) >= ACKNOWLEDGED:
            in_time = ended != NEVER and open_time(by.office_hours, filed, ended) <= ACKNOWLEDGED
            sums[row, [Sum.FILED, Sum.ACKNOWLEDGED]] = dossiers, dossiers * in_time
