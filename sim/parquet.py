"""Tables of any length as Parquet: written piece by piece, so that no more than some rows are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs.replications import Replications

_TEXT = pa.dictionary(pa.int32(), pa.string())
REPLICATIONS = pa.schema(
    [
        *(("scenario", _TEXT), ("replication", pa.int64()), ("metric", _TEXT), ("scope", _TEXT)),
        *((name, pa.float64()) for name in ("numerator", "denominator", "value")),
    ]
)
ROWS_AT_ONCE = 1 << 16
"""In memory as in a group of rows of the file."""


def write_replications(path: Path | BinaryIO, runs: Mapping[str, Replications]) -> None:
    """:func:`sim.frames.replications_frame` of any number of replications."""
    with pq.ParquetWriter(path, REPLICATIONS, compression="zstd", store_schema=False) as writer:
        for label, own in runs.items():
            step = max(ROWS_AT_ONCE // max(len(own.columns), 1), 1)
            for first in range(0, len(own), step):
                writer.write_table(_rows(label, own, first, min(first + step, len(own))))


def _rows(label: str, runs: Replications, first: int, last: int) -> pa.Table:
    """The rows of some replications."""
    columns = list(runs.columns)
    over, under = (sums[:, columns].ravel() for sums in runs.sums(first, last))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = pa.array(over / under, mask=under == 0)
    metrics, scopes = zip(*(runs.keys[n] for n in columns), strict=True)
    texts = [_again(own, last - first) for own in (metrics, scopes)]
    numbers = np.repeat(np.arange(first, last), len(columns))
    return pa.table([_again([label], len(over)), numbers, *texts, over, under, value], REPLICATIONS)


def _again(texts: Sequence[str], times: int) -> pa.DictionaryArray:
    """Texts one after the other, so many times."""
    names = {text: nth for nth, text in enumerate(dict.fromkeys(texts))}
    numbers = np.tile(np.array([names[text] for text in texts], np.int32), times)
    return pa.DictionaryArray.from_arrays(numbers, list(names))


def write_frames(path: Path, frames: Iterable[pd.DataFrame]) -> None:
    """Frames that have the same columns, one after the other; categories are texts."""
    writer: pq.ParquetWriter | None = None
    try:
        for frame in _in_groups(frames):
            table = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer:
            writer.close()


def _in_groups(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """As many frames together as have ROWS_AT_ONCE."""
    together: list[pd.DataFrame] = []
    for frame in frames:
        kinds = dict.fromkeys(frame.columns[frame.dtypes == "category"], str)
        together.append(frame.astype(kinds))
        if sum(map(len, together)) >= ROWS_AT_ONCE:
            yield pd.concat(together, ignore_index=True)
            together = []
    if together:
        yield pd.concat(together, ignore_index=True)
