"""An event log as CSV: a row an event."""

from __future__ import annotations

from pathlib import Path

from sim.events.log import Log, frame
from sim.frames import csv_text

ROWS_AT_ONCE = 1 << 14
"""Events of which the table is in memory."""


def write_csv(path: Path, log: Log) -> None:
    """:func:`sim.events.log.event_log` of one replication, times as ISO 8601 with +07:00; no text is a formula."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for first in range(0, max(len(log.events), 1), ROWS_AT_ONCE):
            last = first + ROWS_AT_ONCE
            stamps = log.stamps(log.events["time"][first:last])
            file.write(csv_text(frame(log, first, last).assign(timestamp=stamps), header=first == 0))
