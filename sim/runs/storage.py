"""Finished replications on disk: a file of a few, whole and checked or refused, of which any columns can be read alone.

A file has a head (``HEAD``: what it is, and the checksum of all that follows), ``COUNTS`` (the first replication, how
many there are, sections), the lengths of its sections, and the sections: names, then four for each
table of sums, then four of waits.

A table has a column a figure. Most columns are the same in all replications of a file, or whole numbers; so there is a
kind for each column (``Kind``), then the constants, then the columns of whole numbers, and then all others, each
column by itself. What is read is what was written, bit for bit.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.faults import Damaged
from sim.runs import Bins, Runs
from sim.runs.replications import Floats, Key

HEAD, COUNTS = Struct("<16sI"), Struct("<3I")
MAGIC = b"motcua figures 1"
_REAL, _WHOLE = np.dtype("<f8"), np.dtype("<u2")
_WRONG = ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, struct.error, zlib.error
"""What comes of reading a file that was damaged, or forged."""
MOST_NAMES = 1 << 24
MOST_CELLS = 1 << 20
"""Bytes of names, and cells of waits: with more it is no file of ours."""

_NONE = np.zeros(0, bool)

Numbers = NDArray[Any]


class Kind(IntEnum):
    """What a column has in all replications of a file: 0, the same, whole numbers from 0 to 65,535, or anything."""

    ZERO, SAME, WHOLE, ANY = range(4)


class Names(NamedTuple):
    """What the columns mean: metrics with their scopes, cells by scope, and curves with their lengths."""

    keys: tuple[Key, ...]
    cells: Mapping[str, tuple[int, ...]]
    curves: Mapping[str, int]

    @property
    def widths(self) -> list[int]:
        """The columns of each table: sums, and curves one after the other."""
        return [len(self.keys)] * 2 + [n for n in self.curves.values() for _ in range(2)]

    def table(self, curve: str) -> int:
        """The number of the table of numerators of a curve; that of its denominators comes next."""
        return 2 + 2 * list(self.curves).index(curve)


def write_runs(path: Path, first: int, runs: Runs) -> None:
    """Writes consecutive replications, from number ``first`` on."""
    path.write_bytes(as_bytes(first, runs))


def as_bytes(first: int, runs: Runs) -> bytes:
    """A file."""
    names = _packed(runs.keys, tuple(runs.cells.items()), tuple((n, c[0].shape[1]) for n, c in runs.curves.items()))
    with np.errstate(invalid="ignore"):
        sections = [part for table in _tables(runs) for part in _columns(table)]
    sections += _waits(runs)
    lengths = np.array([len(names), *(section.nbytes for section in sections)], np.uint64)
    rest: list[Any] = [COUNTS.pack(first, len(runs), len(lengths)), lengths, names, *sections]
    checksum = 0
    for piece in rest:
        checksum = zlib.crc32(piece, checksum)
    return b"".join([HEAD.pack(MAGIC, checksum), *rest])


def _tables(runs: Runs) -> Iterator[Floats]:
    yield runs.numerators
    yield runs.denominators
    for curve in runs.curves.values():
        yield from curve


def _columns(table: Floats) -> Iterator[Numbers]:
    """Kinds, constants, whole numbers and others of a table."""
    bits = table.view(np.int64)
    kinds = (bits[0] != 0).astype(np.uint8)  # Kind.ZERO and Kind.SAME
    varies = np.flatnonzero((bits[1:] != bits[0]).any(axis=0) if table.strides[0] else _NONE)
    own = table.T[varies]
    whole, is_whole = own.astype(np.uint16), _NONE
    if len(varies):
        is_whole = (whole.astype(np.float64).view(np.int64) == own.view(np.int64)).all(axis=1)
        kinds[varies] = np.where(is_whole, np.uint8(Kind.WHOLE), np.uint8(Kind.ANY))
    yield kinds
    yield table[0][kinds == Kind.SAME]
    yield whole[is_whole]
    yield own[~is_whole]


def _waits(runs: Runs) -> Iterator[Numbers]:
    """Where the rows of each replication end, and the other columns as small as they can be."""
    yield np.searchsorted(runs.waits.replication, np.arange(1, len(runs) + 1)).astype(np.uint32)
    for column in runs.waits[1:]:
        most = int(column.max(initial=0))
        yield column.astype(np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32)


@lru_cache(maxsize=64)
def _packed(keys: tuple[Key, ...], cells: tuple[Any, ...], curves: tuple[Any, ...]) -> bytes:
    said = json.dumps({"keys": keys, "cells": dict(cells), "curves": dict(curves)})
    return zlib.compress(said.encode())


@lru_cache(maxsize=64)
def _unpacked(names: bytes) -> Names:
    said = json.loads(zlib.decompressobj().decompress(names, MOST_NAMES))
    keys = tuple((str(metric), str(scope)) for metric, scope in said["keys"])
    cells = {scope: tuple(int(cell) for cell in own) for scope, own in said["cells"].items()}
    if not all(0 <= cell < MOST_CELLS for own in cells.values() for cell in own):
        raise ValueError("names cells that no scenario has")
    return Names(keys, cells, {name: int(length) for name, length in said["curves"].items()})


class Part:
    """A file of finished replications, from number ``first`` on.

    Damaged where it cannot be read, or is not the file any more that it was when it was read first.
    """

    def __init__(self, path: Path, first: int, replications: int) -> None:
        """Of a file that is known to be whole; ``Part.checked`` finds out."""
        self.path, self.first, self.replications = path, first, replications
        self._seen: tuple[int, int, int] | None = None

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            with self.path.open("rb", buffering=0) as file:
                found = os.fstat(file.fileno())
                seen = found.st_ino, found.st_size, found.st_mtime_ns
                if (self._seen or seen) != seen:
                    raise Damaged(f"{self.path}: was changed while it was read")
                self._seen = seen
                yield file
        except OSError as wrong:
            raise Damaged(f"{self.path}: {wrong.strerror or wrong}") from wrong
        except _WRONG as wrong:
            raise Damaged(f"{self.path}: {wrong}") from wrong

    @classmethod
    def checked(cls, path: Path) -> Part:
        """Of any file, read through once."""
        part = cls(path, 0, 0)
        with part._opened() as file:
            magic, checksum = HEAD.unpack(file.read(HEAD.size))
            counts = file.read(COUNTS.size)
            part.first, part.replications, _ = COUNTS.unpack(counts)
            found = zlib.crc32(counts)
            while data := file.read(1 << 20):
                found = zlib.crc32(data, found)
            if magic != MAGIC or found != checksum or not part._fits():
                raise Damaged(f"{path}: is not as it was written")
        return part

    def __len__(self) -> int:
        return self.replications

    @cached_property
    def _layout(self) -> tuple[Names, list[int]]:
        with self._opened() as file:
            file.seek(HEAD.size)
            _, _, sections = COUNTS.unpack(file.read(COUNTS.size))
            lengths = _read(file, file.tell(), sections, np.uint64)
            names = _unpacked(_read(file, file.tell(), int(lengths[0]), np.uint8).tobytes())
            if len(lengths) != 1 + 4 * len(names.widths) + 4:
                raise Damaged(f"{self.path}: has {len(lengths)} sections")
            return names, (HEAD.size + COUNTS.size + 8 * sections + np.cumsum(lengths, dtype=np.int64)).tolist()

    @property
    def names(self) -> Names:
        """What its columns mean."""
        return self._layout[0]

    def _ends(self, number: int) -> list[int]:
        """Where the section before the first of a table ends, and its own four; of waits after the last table."""
        return self._layout[1][4 * number : 4 * number + 5]

    def _fits(self) -> bool:
        """Whether the lengths of all sections follow from what is in them."""
        n, widths = len(self), self.names.widths
        with self._opened() as file:
            for number, width in enumerate(widths):
                counts = np.bincount(_read(file, self._ends(number)[0], width, np.uint8), minlength=len(Kind))
                sizes = [width, counts[Kind.SAME] * 8, counts[Kind.WHOLE] * 2 * n, counts[Kind.ANY] * 8 * n]
                if len(counts) != len(Kind) or np.diff(self._ends(number)).tolist() != sizes:
                    return False
            ends = self._ends(len(widths))
            rows = np.diff(_read(file, ends[0], n, np.uint32).astype(np.int64), prepend=0)
        many, own = int(rows.sum()), np.diff(ends)
        are_columns = all(size in (many, 2 * many, 4 * many) for size in own[1:])
        return bool((rows >= 0).all() and own[0] == 4 * n and are_columns and ends[-1] == self.path.stat().st_size)

    def columns(self, table: int, first: int, last: int) -> Floats:
        """Some columns of a table, float64[last - first, replications]."""
        n, (start, *ends) = len(self), self._ends(table)
        found = np.zeros((last - first, n))
        with self._opened() as file:
            kinds = _read(file, start, last, np.uint8)
            before, own = np.bincount(kinds[:first], minlength=len(Kind)), kinds[first:]
            for kind, many, dtype in ((Kind.SAME, 1, _REAL), (Kind.WHOLE, n, _WHOLE), (Kind.ANY, n, _REAL)):
                which = np.flatnonzero(own == kind)
                if len(which):
                    skipped = int(before[kind]) * many * dtype.itemsize
                    found[which] = _read(file, ends[kind - 1] + skipped, len(which) * many, dtype).reshape(-1, many)
        return found

    def waits(self) -> Bins:
        """All waits, the replications numbered from 0."""
        start, *ends = self._ends(len(self.names.widths))
        with self._opened() as file:
            rows = np.diff(_read(file, start, len(self), np.uint32), prepend=np.uint32(0))
            many = int(rows.sum())
            own = [
                _read(file, at, many, f"u{(end - at) // many}") if many else np.zeros(0) for at, end in pairwise(ends)
            ]
        return Bins(np.repeat(np.arange(len(self), dtype=np.int32), rows), *(one.astype(np.int32) for one in own))

    def runs(self) -> Runs:
        """All that is in it."""
        keys, cells, curves = self.names
        over, under, *others = (self.columns(n, 0, width).T for n, width in enumerate(self.names.widths))
        pairs = zip(others[::2], others[1::2], strict=True)
        return Runs(keys, over, under, cells, self.waits(), dict(zip(curves, pairs, strict=True)))


def _read(file: BinaryIO, at: int, many: int, dtype: Any) -> Numbers:
    """So many numbers from a place in a file; ValueError where it has fewer: it may say anything of itself."""
    size = many * np.dtype(dtype).itemsize
    if at + size > os.fstat(file.fileno()).st_size:
        raise ValueError("ends too early")
    file.seek(at)
    return np.frombuffer(file.read(size), dtype)
