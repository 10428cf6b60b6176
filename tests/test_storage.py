"""Finished replications on disk: what is read is what was written, bit for bit, and nothing damaged is read at all."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sim
from sim.faults import Damaged
from sim.runs import Bins, Runs, stored
from sim.runs.replications import Metrics
from sim.runs.storage import COUNTS, HEAD, MAGIC, MOST_NAMES, Part, write_runs
from sim.runs.stored import StoredRuns
from sim.summary import summarize

NAMES = st.from_regex("[a-z][a-z0-9_=]{0,7}", fullmatch=True)
NUMBERS = st.one_of(
    st.just(0.0), st.just(-0.0), st.integers(0, 70_000).map(float), st.floats(allow_nan=False, allow_infinity=False)
)
WHOLE = st.integers(1, 2**31 - 1)
SECOND = st.one_of(st.integers(0, 300), st.integers(0, 2**31 - 1))


@st.composite
def runs(draw: st.DrawFn, most: int = 3) -> Runs:
    """Any metrics of a few replications; columns that are alike, whole or anything, and scopes with nobody in them."""
    replications = draw(st.integers(1, most))

    def table(columns: int) -> Any:
        own = draw(arrays(np.float64, (replications, columns), elements=NUMBERS))
        return np.broadcast_to(own[:1], own.shape) if draw(st.booleans()) else own

    keys = draw(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6, unique=True))
    wait = st.tuples(st.integers(0, replications - 1), st.integers(0, 9), SECOND, WHOLE)
    rows = draw(st.lists(wait, max_size=6, unique_by=lambda row: row[:3]).map(sorted))
    lengths = draw(st.dictionaries(NAMES, st.integers(0, 5), max_size=2))
    cells = draw(st.dictionaries(NAMES, st.lists(st.integers(0, 9), unique=True), max_size=3))
    return Runs(
        tuple(keys),
        table(len(keys)),
        table(len(keys)),
        {"received": (9,), **{scope: tuple(own) for scope, own in cells.items()}},
        Bins(*np.array(rows, np.int32).reshape(-1, 4).T),
        {name: (table(n), table(n)) for name, n in lengths.items()},
    )


def whole(some: Runs) -> object:
    """All bits of some replications, the order of their names included."""
    curves = [(name, [(column.dtype, column.tobytes()) for column in curve]) for name, curve in some.curves.items()]
    columns = [(column.dtype, column.tobytes()) for column in (some.numerators, some.denominators, *some.waits)]
    return some.keys, list(some.cells.items()), columns, curves


def content(one: Metrics) -> object:
    """All bits of some metrics, the order of their names included."""
    return (
        [(key, [struct.pack("d", number) for number in pair]) for key, pair in one.sums.items()],
        [(scope, [(column.dtype, column.tobytes()) for column in bins]) for scope, bins in one.waits.items()],
        [(name, [(column.dtype, column.tobytes()) for column in curve]) for name, curve in one.curves.items()],
    )


@given(runs(), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_what_is_read_is_what_was_written(tmp_path_factory: pytest.TempPathFactory, written: Runs, first: int) -> None:
    path = tmp_path_factory.getbasetemp() / "part"
    write_runs(path, first, written)
    before = path.read_bytes()
    part = Part.checked(path)
    assert (part.first, len(part), whole(part.runs())) == (first, len(written), whole(written))
    write_runs(path, first, part.runs())
    assert path.read_bytes() == before


def cut(all_of_them: Runs, at: Sequence[int], folder: Path) -> list[Part]:
    """Replications in files, from one number to the next, and one more file that overlaps with two of them."""
    ends = [0, *sorted(at), len(all_of_them)]
    spans = [(a, b) for a, b in pairwise(ends) if a < b] + [(len(all_of_them) // 2, ends[-1])]
    for first, last in spans:
        write_runs(folder / f"{first}-{last}", first, all_of_them[first:last])
    return [Part.checked(folder / f"{first}-{last}") for first, last in spans[::-1]]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_stays_on_the_disk_is_as_if_it_were_in_memory(tmp_path_factory: Any, data: st.DataObject) -> None:
    """Every way of asking, of any parts, however few columns are read at once and however sparse the waits are."""
    mine = data.draw(runs(most=7))
    folder, patch = tmp_path_factory.mktemp("parts"), pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr(stored, "AT_ONCE", data.draw(st.sampled_from([1, 100, 1 << 20])))
        changed.setattr(stored, "MOST_DENSE", data.draw(st.sampled_from([0, 1 << 20])))
        theirs = StoredRuns(cut(mine, data.draw(st.lists(st.integers(0, len(mine)), max_size=3)), folder), len(mine))
        assert (len(theirs), theirs.keys, theirs.cells, theirs.columns) == (
            len(mine), mine.keys, mine.cells, mine.columns,
        )  # fmt: skip
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(mine))] * 2)))
        assert whole(theirs[first:last]) == whole(mine[first:last])
        assert content(theirs[-1]) == content(mine[-1])
        assert same(theirs.sums(first, last), mine.sums(first, last))
        assert [content(one) for one in theirs] == [content(one) for one in mine]
        with pytest.raises(KeyError):
            theirs.curve("no curve")
        assert all(same(theirs.pair(key), mine.pair(key)) for key in (*mine.keys, ("no", "figure")))
        for name in mine.curves:
            assert all(same(one, other) for one, other in zip(theirs.curve(name), mine.curve(name), strict=True))
        wanted = [(scope, second) for scope in mine.cells for second in (0, 120, 100, 2**31 - 1)]
        assert same(theirs.within(wanted), mine.within(wanted))
        for scope in mine.cells:
            one, other = theirs.pool(scope), mine.pool(scope)
            assert same(one.totals, other.totals)
            assert one.size == other.size
            assert [one.at(level / 7) for level in range(8)] == [other.at(level / 7) for level in range(8)]


def same(one: Any, other: Any) -> bool:
    return all(a.tobytes() == b.tobytes() for a, b in zip(np.atleast_1d(one), np.atleast_1d(other), strict=True))


SCENARIOS = (("days=8",), ("days=8", "demand=0.0"), ("days=8", "staff={}"))


@pytest.mark.parametrize("overrides", SCENARIOS, ids=" ".join)
def test_a_summary_is_the_same_from_memory_and_from_disk(tmp_path: Path, overrides: tuple[str, ...]) -> None:
    """Where nobody came there are scopes without a single wait: they are kept."""
    result = sim.simulate(sim.load(["center=cam_duong", "replications=3", *overrides]), workers=1)
    runs = result.runs[:]
    kept = StoredRuns(cut(runs, [1], tmp_path), 3)
    assert whole(kept[:]) == whole(runs)
    assert [content(one) for one in kept] == [content(one) for one in runs]
    assert summarize(result.study, kept).estimates == result.figures.estimates


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    one = sim.simulate(sim.load(["center=textbook", "days=2", "replications=3"]), workers=1).runs[:]
    write_runs(tmp_path / "0", 0, one[:1])
    write_runs(tmp_path / "2", 2, one[2:])
    parts = [Part.checked(tmp_path / name) for name in ("0", "2")]
    with pytest.raises(ValueError, match="at least one replication"):
        StoredRuns(parts, 0)
    with pytest.raises(KeyError, match="no part has replication 1"):
        StoredRuns(parts, 3)
    other = sim.simulate(sim.load(["center=cam_duong", "days=8", "replications=2"]), workers=1).runs[:]
    write_runs(tmp_path / "1", 1, other[:1])
    with pytest.raises(ValueError, match="the same figures"):
        StoredRuns([*parts, Part.checked(tmp_path / "1")], 3)


def test_no_damage_is_read_as_figures(tmp_path: Path) -> None:
    """One bit in each of 300 bytes flipped, and files cut short or grown: all are refused."""
    result = sim.simulate(sim.load(["center=textbook", "days=2", "replications=2"]), workers=1)
    path = tmp_path / "part"
    write_runs(path, 0, result.runs[:])
    data, random = path.read_bytes(), Random(1)
    flipped = [
        (at, 1 << random.randrange(8))
        for at in (*range(HEAD.size + COUNTS.size), *random.sample(range(len(data)), 300))
    ]
    damaged = [bytes([*data[:at], data[at] ^ bit, *data[at + 1 :]]) for at, bit in flipped]
    damaged += [data[:length] for length in range(0, len(data), len(data) // 20)] + [data + b"\0"]
    for broken in damaged:
        path.write_bytes(broken)
        with pytest.raises(Damaged):
            Part.checked(path)


@dataclass(frozen=True)
class Said:
    """What a file says of itself."""

    replications: int
    sections: int
    names: bytes
    lengths: list[int]


def forged(change: Callable[[Said], Said], data: bytes) -> bytes:
    """A file that says something else of itself, with the checksum that it should have."""
    body = data[HEAD.size + COUNTS.size :]
    first, replications, sections = COUNTS.unpack(data[HEAD.size : HEAD.size + COUNTS.size])
    start = 8 * sections
    lengths = list(struct.unpack(f"<{sections}Q", body[:start]))
    end = start + lengths[0]
    said = change(Said(replications, sections, body[start:end], lengths))
    own = [len(said.names), *said.lengths[1:]] if said.names != body[start:end] else said.lengths
    counts = COUNTS.pack(first, said.replications, said.sections)
    rest = counts + struct.pack(f"<{len(own)}Q", *own) + said.names + body[end:]
    return HEAD.pack(MAGIC, zlib.crc32(rest)) + rest


FORGED: dict[str, dict[str, Any]] = {
    "more replications than there are": {"replications": 4_000_000_000},
    "no replications": {"replications": 0},
    "more sections": {"sections": 4_000_000_000},
    "no sections": {"sections": 0, "lengths": lambda _: []},
    "cells that no scenario has": {
        "names": zlib.compress(b'{"keys": [], "cells": {"all": [1000000000]}, "curves": {}}')
    },
    "names of nothing": {"names": zlib.compress(b"{}")},
    "names that are a list": {"names": zlib.compress(b"[1]")},
    "names that never end": {"names": zlib.compress(b"[" * (MOST_NAMES + 9))},
    "a curve shorter than nothing": {"names": zlib.compress(b'{"keys": [], "cells": {}, "curves": {"a": -1}}')},
    "names longer than the file": {"lengths": lambda lengths: [1 << 40, *lengths[1:]]},
    "a section longer than the file": {"lengths": lambda lengths: [*lengths[:-1], 1 << 63]},
    "lengths of other sections": {"lengths": lambda lengths: [lengths[0], *lengths[:0:-1]]},
}


@pytest.mark.parametrize("says", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_refused(says: dict[str, Any], tmp_path: Path) -> None:
    """Its checksum is right, and it is small: nothing is reserved by what it says of itself."""
    result = sim.simulate(sim.load(["center=textbook", "days=2", "replications=2"]), workers=1)
    write_runs(tmp_path / "part", 0, result.runs[:])
    data = (tmp_path / "part").read_bytes()
    (tmp_path / "part").write_bytes(forged(lambda said: said, data))
    assert whole(Part.checked(tmp_path / "part").runs()) == whole(result.runs[:])

    def change(said: Said) -> Said:
        return replace(said, **{k: v(said.lengths) if callable(v) else v for k, v in says.items()})

    (tmp_path / "part").write_bytes(forged(change, data))
    with pytest.raises(Damaged):
        Part.checked(tmp_path / "part")


def test_another_file_is_refused(tmp_path: Path) -> None:
    for text in (b"", b"PAR1" * 100, MAGIC, MAGIC + bytes(1000)):
        (tmp_path / "other").write_bytes(text)
        with pytest.raises(Damaged, match="other"):
            Part.checked(tmp_path / "other")
