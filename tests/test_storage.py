"""Metrics on disk: what is read is what was written, bit for bit, and what was damaged is not read at all."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.metrics import Metrics
from sim.storage import read_metrics, write_metrics
from sim.summary import summarize

NAMES = st.from_regex("[a-z][a-z0-9_=]{0,7}", fullmatch=True)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SECONDS = st.lists(st.tuples(st.integers(0, 2**40), st.integers(1, 2**53)), max_size=5, unique_by=lambda pair: pair[0])
CURVE = st.lists(st.tuples(st.integers(0, 300), NUMBERS, NUMBERS), min_size=1, max_size=5)


@st.composite
def metrics(draw: st.DrawFn) -> Metrics:
    """Any metrics; scopes with nobody in them among them."""
    waits = draw(st.dictionaries(NAMES, SECONDS.map(sorted), max_size=3))
    curves = draw(st.dictionaries(NAMES, CURVE, max_size=2))
    return Metrics(
        draw(st.dictionaries(st.tuples(NAMES, NAMES), st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6)),
        {
            scope: (np.array([at for at, _ in bins], np.int64), np.array([n for _, n in bins], np.int64))
            for scope, bins in waits.items()
        },
        {
            name: (
                np.array([at for at, _, _ in points], np.int64),
                np.array([above for _, above, _ in points]),
                np.array([below for _, _, below in points]),
            )
            for name, points in curves.items()
        },
    )


def content(one: Metrics) -> object:
    """All bits of some metrics, the order of their names included."""
    return (
        [(key, [struct.pack("d", number) for number in pair]) for key, pair in one.sums.items()],
        [(scope, [(column.dtype, column.tobytes()) for column in bins]) for scope, bins in one.waits.items()],
        [(name, [(column.dtype, column.tobytes()) for column in curve]) for name, curve in one.curves.items()],
    )


@given(st.lists(metrics(), min_size=1, max_size=3), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_what_is_read_is_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, written: list[Metrics], first: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "part.parquet"
    write_metrics(path, first, written)
    before = path.read_bytes()
    assert {n: content(one) for n, one in read_metrics(path).items()} == {
        first + nth: content(one) for nth, one in enumerate(written)
    }
    write_metrics(path, first, written)
    assert path.read_bytes() == before


SCENARIOS = (("days=8",), ("days=8", "demand=0.0"), ("days=8", "staff={}"))


@pytest.mark.parametrize("overrides", SCENARIOS, ids=" ".join)
def test_a_summary_is_the_same_from_memory_and_from_disk(tmp_path: Path, overrides: tuple[str, ...]) -> None:
    """Where nobody came there are scopes without a single wait: they are kept."""
    result = sim.simulate(sim.load(["center=cam_duong", "replications=2", *overrides]), workers=1)
    write_metrics(tmp_path / "part", 0, result.runs)
    kept = read_metrics(tmp_path / "part")
    assert [content(kept[n]) for n in range(2)] == [content(one) for one in result.runs]
    assert summarize(result.study, [kept[0], kept[1]]).estimates == result.figures.estimates


def test_no_damage_is_read_as_figures(tmp_path: Path) -> None:
    """One bit in each of 300 bytes flipped, and files cut short: refused, or nothing is changed by it."""
    result = sim.simulate(sim.load(["center=textbook", "days=2", "replications=2"]), workers=1)
    path = tmp_path / "part.parquet"
    write_metrics(path, 0, result.runs)
    whole, random, refused = path.read_bytes(), Random(1), 0
    right = [content(one) for one in result.runs]
    flipped = [(at, 1 << random.randrange(8)) for at in random.sample(range(len(whole)), 300)]
    damaged = [bytes([*whole[:at], whole[at] ^ bit, *whole[at + 1 :]]) for at, bit in flipped]
    damaged += [whole[:length] for length in range(0, len(whole), len(whole) // 20)]
    for data in damaged:
        path.write_bytes(data)
        try:
            found = read_metrics(path)
        except (pa.ArrowException, OSError):
            refused += 1
        else:
            assert [content(found[n]) for n in sorted(found)] == right
    assert refused > 250


def test_another_table_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"replication": [1], "kind": ["sum"]}), tmp_path / "other.parquet")
    with pytest.raises(pa.ArrowInvalid, match="wanted the columns replication, kind"):
        read_metrics(tmp_path / "other.parquet")
