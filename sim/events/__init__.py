"""Event logs: a row for each thing that happened to a visit, for packages that mine processes."""

from __future__ import annotations

from sim.events.log import Log, event_log, logs
from sim.events.ocel import write_ocel
from sim.events.table import write_csv
from sim.events.xes import write_xes

__all__ = ["Log", "event_log", "logs", "write_csv", "write_ocel", "write_xes"]
