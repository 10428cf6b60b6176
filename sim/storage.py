"""Metrics on disk and back: a row a replication, Parquet, the same bytes for the same metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs import Bins, Runs

SCHEMA = pa.schema(
    [
        ("replication", pa.int32()),
        ("names", pa.string()),  # JSON, in a page and not in the footer: only pages have a checksum
        ("numerators", pa.list_(pa.float64())),
        ("denominators", pa.list_(pa.float64())),
        ("cell", pa.list_(pa.int32())),
        ("second", pa.list_(pa.int32())),
        ("visits", pa.list_(pa.int32())),
        ("position", pa.list_(pa.int64())),
        ("above", pa.list_(pa.float64())),
        ("below", pa.list_(pa.float64())),
    ]
)


def write_metrics(path: Path | BinaryIO, first: int, runs: Runs) -> None:
    """Writes the metrics of consecutive replications, from number ``first`` on, to a file or a stream."""
    ends = np.searchsorted(runs.waits.replication, np.arange(len(runs) + 1))
    curves = list(runs.curves.values())
    positions = np.concatenate([at for at, _, _ in curves])
    columns = [
        pa.array(np.arange(first, first + len(runs)), pa.int32()),
        pa.DictionaryArray.from_arrays(np.zeros(len(runs), np.int32), [_names(runs)]).cast(pa.string()),
        *(_lists(figures) for figures in (runs.numerators, runs.denominators)),
        *(pa.ListArray.from_arrays(ends.astype(np.int32), column) for column in runs.waits[1:]),
        _lists(np.broadcast_to(positions, (len(runs), len(positions)))),
        *(_lists(np.concatenate([curve[part] for curve in curves], axis=1)) for part in (1, 2)),
    ]
    table = pa.table(columns, schema=SCHEMA)
    pq.write_table(table, path, compression="zstd", use_dictionary=["names"], write_page_checksum=True)


def read_metrics(path: Path) -> tuple[int, Runs]:
    """The number of the first replication, and the metrics of it and those after it.

    Raises pyarrow.ArrowException or OSError where the file is not whole.
    """
    table = pq.read_table(path, page_checksum_verification=True).combine_chunks()
    if table.schema != SCHEMA:
        raise pa.ArrowInvalid(f"{path}: wanted the columns {', '.join(SCHEMA.names)}")
    given = json.loads(table["names"][0].as_py())
    lengths = np.diff(table["cell"].chunk(0).offsets.to_numpy())
    values = {name: table[name].chunk(0).flatten().to_numpy() for name in SCHEMA.names[2:]}
    side_by_side = {name: values[name].reshape(len(table), -1) for name in ("numerators", "denominators")}
    waits = (values[name] for name in ("cell", "second", "visits"))
    runs = Runs(
        tuple((metric, scope) for metric, scope in given["keys"]),
        **side_by_side,
        cells={scope: tuple(cells) for scope, cells in given["cells"].items()},
        waits=Bins(np.repeat(np.arange(len(table), dtype=np.int32), lengths), *waits),
        curves=_curves(given["curves"], *(values[name].reshape(len(table), -1) for name in SCHEMA.names[-3:])),
    )
    return table["replication"][0].as_py(), runs


def _names(runs: Runs) -> str:
    """What the columns mean: metrics with their scopes, cells by scope, and curves with their lengths."""
    curves = {name: len(at) for name, (at, _, _) in runs.curves.items()}
    return json.dumps({"keys": runs.keys, "cells": runs.cells, "curves": curves})


def _lists(rows: np.ndarray) -> pa.ListArray:
    """A list a row of a table of numbers."""
    length = rows.shape[1]
    return pa.ListArray.from_arrays(np.arange(0, rows.size + 1, length, dtype=np.int32), rows.ravel())


def _curves(lengths: dict[str, int], position: np.ndarray, above: np.ndarray, below: np.ndarray) -> dict[str, Any]:
    cuts = np.cumsum(list(lengths.values()))[:-1]
    parts = zip(np.split(position[0], cuts), np.split(above, cuts, axis=1), np.split(below, cuts, axis=1), strict=True)
    return dict(zip(lengths, parts, strict=True))
