"""Metrics on disk and back: one long table, Parquet, the same bytes for the same metrics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.metrics import Metrics
from sim.units import NEVER

_COLUMNS = ("replication", "kind", "name", "scope", "position", "numerator", "denominator")
_TYPES = (pa.int32(), pa.string(), pa.string(), pa.string(), pa.int64(), pa.float64(), pa.float64())
SCHEMA = pa.schema(list(zip(_COLUMNS, _TYPES, strict=True)))


def write_metrics(path: Path, first: int, metrics: Sequence[Metrics]) -> None:
    """Writes the metrics of consecutive replications, from number ``first`` on."""
    tables = [_table(first + nth, one) for nth, one in enumerate(metrics)]
    pq.write_table(pa.concat_tables(tables), path, compression="zstd", write_page_checksum=True)


def read_metrics(path: Path) -> dict[int, Metrics]:
    """Metrics by replication; raises pyarrow.ArrowException or OSError where the file is not whole."""
    table = pq.read_table(path, page_checksum_verification=True)
    if table.schema != SCHEMA:
        raise pa.ArrowInvalid(f"{path}: wanted the columns {', '.join(_COLUMNS)}")
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in _COLUMNS}
    found = {}
    for replication in np.unique(columns["replication"]):
        own = columns["replication"] == replication
        found[int(replication)] = _metrics({name: column[own] for name, column in columns.items()})
    return found


def _table(replication: int, metrics: Metrics) -> pa.Table:
    rows: list[tuple[object, ...]] = []
    for (metric, scope), (numerator, denominator) in metrics.sums.items():
        rows.append(("sum", metric, scope, NEVER, numerator, denominator))
    for scope, (seconds, counts) in metrics.waits.items():
        rows += [] if len(seconds) else [("waits", "wait", scope, NEVER, 0.0, 0.0)]
        rows += [
            ("waits", "wait", scope, at, float(n), 1.0) for at, n in zip(seconds.tolist(), counts.tolist(), strict=True)
        ]
    for name, curve in metrics.curves.items():
        rows += [("curve", name, "all", *point) for point in zip(*(column.tolist() for column in curve), strict=True)]
    columns = zip(*rows, strict=True) if rows else ([] for _ in _TYPES[1:])
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _TYPES[1:], strict=True)]
    return pa.table([pa.array(np.full(len(rows), replication, np.int32)), *arrays], schema=SCHEMA)


def _metrics(columns: dict[str, np.ndarray]) -> Metrics:
    kinds = columns["kind"]
    is_sum = kinds == "sum"
    keys = zip(columns["name"][is_sum], columns["scope"][is_sum], strict=True)
    pairs = zip(columns["numerator"][is_sum].tolist(), columns["denominator"][is_sum].tolist(), strict=True)
    waits, curves = {}, {}
    for scope in dict.fromkeys(columns["scope"][kinds == "waits"]):
        own = (kinds == "waits") & (columns["scope"] == scope) & (columns["position"] != NEVER)
        waits[str(scope)] = columns["position"][own], columns["numerator"][own].astype(np.int64)
    for name in dict.fromkeys(columns["name"][kinds == "curve"]):
        own = (kinds == "curve") & (columns["name"] == name)
        curves[str(name)] = columns["position"][own], columns["numerator"][own], columns["denominator"][own]
    return Metrics(dict(zip(((str(a), str(b)) for a, b in keys), pairs, strict=True)), waits, curves)
