"""Metrics on disk: what is read is what was written, bit for bit, and what was damaged is not read at all."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sim
from sim.runs import Bins, Metrics, Runs
from sim.storage import read_metrics, write_metrics
from sim.summary import summarize

NAMES = st.from_regex("[a-z][a-z0-9_=]{0,7}", fullmatch=True)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(0, 2**31 - 1)


@st.composite
def runs(draw: st.DrawFn) -> Runs:
    """Any metrics of one to three replications; scopes with nobody in them among them."""
    replications = draw(st.integers(1, 3))

    def table(columns: int) -> Any:
        return draw(arrays(np.float64, (replications, columns), elements=NUMBERS))

    keys = draw(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6, unique=True))
    rows = draw(st.lists(st.tuples(st.integers(0, replications - 1), WHOLE, WHOLE, WHOLE), max_size=6).map(sorted))
    lengths = draw(st.dictionaries(NAMES, st.integers(1, 5), min_size=1, max_size=2))
    return Runs(
        tuple(keys),
        table(len(keys)),
        table(len(keys)),
        {scope: tuple(cells) for scope, cells in draw(st.dictionaries(NAMES, st.lists(st.integers(0, 9)))).items()},
        Bins(*np.array(rows, np.int32).reshape(-1, 4).T),
        {name: (draw(arrays(np.int64, n)), table(n), table(n)) for name, n in lengths.items()},
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
    path = tmp_path_factory.getbasetemp() / "part.parquet"
    write_metrics(path, first, written)
    before = path.read_bytes()
    number, read = read_metrics(path)
    assert (number, whole(read)) == (first, whole(written))
    write_metrics(path, first, read)
    assert path.read_bytes() == before


SCENARIOS = (("days=8",), ("days=8", "demand=0.0"), ("days=8", "staff={}"))


@pytest.mark.parametrize("overrides", SCENARIOS, ids=" ".join)
def test_a_summary_is_the_same_from_memory_and_from_disk(tmp_path: Path, overrides: tuple[str, ...]) -> None:
    """Where nobody came there are scopes without a single wait: they are kept."""
    result = sim.simulate(sim.load(["center=cam_duong", "replications=2", *overrides]), workers=1)
    write_metrics(tmp_path / "part", 0, result.runs)
    first, kept = read_metrics(tmp_path / "part")
    assert (first, whole(kept)) == (0, whole(result.runs))
    assert [content(one) for one in kept] == [content(one) for one in result.runs]
    assert summarize(result.study, kept).estimates == result.figures.estimates


def test_no_damage_is_read_as_figures(tmp_path: Path) -> None:
    """One bit in each of 300 bytes flipped, and files cut short: refused, or nothing is changed by it."""
    result = sim.simulate(sim.load(["center=textbook", "days=2", "replications=2"]), workers=1)
    path = tmp_path / "part.parquet"
    write_metrics(path, 0, result.runs)
    data, random, refused = path.read_bytes(), Random(1), 0
    right = whole(result.runs)
    flipped = [(at, 1 << random.randrange(8)) for at in random.sample(range(len(data)), 300)]
    damaged = [bytes([*data[:at], data[at] ^ bit, *data[at + 1 :]]) for at, bit in flipped]
    damaged += [data[:length] for length in range(0, len(data), len(data) // 20)]
    for broken in damaged:
        path.write_bytes(broken)
        try:
            first, found = read_metrics(path)
        except (pa.ArrowException, OSError):
            refused += 1
        else:
            assert (first, whole(found)) == (0, right)
    assert refused > 250


def test_another_table_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"replication": [1], "kind": ["sum"]}), tmp_path / "other.parquet")
    with pytest.raises(pa.ArrowInvalid, match="wanted the columns replication, names"):
        read_metrics(tmp_path / "other.parquet")
