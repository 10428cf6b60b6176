"""Tallies: whole numbers that add up, whichever way replications are cut into blocks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frames import replications_frame
from sim.metrics import measure, measure_all, metrics_of
from sim.models.center import run
from sim.paid import paid_of
from sim.planning import make_plan
from sim.runs import Runs, gathered
from sim.study import Study
from sim.summary import summarize
from sim.sums import Sum
from sim.tally import BIN, BINS, Tally, joined, tally_of, through_the_day, zeros
from sim.trace import Outcome, Trace
from sim.units import DAY, NEVER
from sim.yardstick import yardstick
from tests.test_metrics import OFFICE, QUARTER, Writer, straddlers, tuesday, ward, wednesday, worked_example
from tests.test_storage import content, whole

BY = yardstick(ward(), QUARTER)
MAXIMA = {"cells": Sum.LONGEST, "hours": Sum.LONGEST, "time": 3}


@cache
def traces() -> tuple[Trace, ...]:
    """Six replications to which few people come, none of them in some hours, and to one nobody at all."""
    few = {"per_day": 6.0, "profile": {"07:30": 1.0, "08:00": 4.0, "13:00": 2.0}}
    found = [run(make_plan(ward(arrivals=few), 1, n)) for n in range(5)]
    return (*found[:2], run(make_plan(ward(arrivals={**few, "per_day": 0.0}))), *found[2:])


@cache
def runs() -> Runs:
    return measure_all(traces(), BY)


def merged(one: Tally, other: Tally) -> Tally:
    """Two tallies of one replication as the tally of both: sums added, the longest of each the longest of both."""
    bins: dict[tuple[int, ...], int] = {}
    for *row, count in (*one.waits.tolist(), *other.waits.tolist()):
        bins[tuple(row)] = bins.get(tuple(row), 0) + count
    whole_ = {name: getattr(one, name) + getattr(other, name) for name in Tally._fields if name != "waits"}
    for name, column in MAXIMA.items():
        longest = np.maximum(getattr(one, name)[..., column], getattr(other, name)[..., column])
        whole_[name][..., column] = longest
    return Tally(**whole_, waits=np.array([(*row, count) for row, count in sorted(bins.items())]))


def same(one: Tally, other: Tally) -> bool:
    return all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


def test_the_tallies_of_traces_that_share_no_visit_and_no_time_add_up() -> None:
    days = []
    for day in (tuesday, wednesday):
        writer = Writer()
        day(writer)
        days.append(tally_of(writer.trace(OFFICE), BY))
    assert same(merged(*days), tally_of(worked_example(), BY))
    assert same(merged(days[0], zeros(1, BY)), days[0])


def test_everything_is_whole_and_counted_once() -> None:
    for tally in (tally_of(trace, BY) for trace in (*traces(), worked_example())):
        assert {part.dtype for part in tally} == {np.dtype(np.int64)}
        sums = np.delete(tally.cells, Sum.LONGEST, axis=2).sum(axis=1)
        assert np.array_equal(sums, np.delete(tally.hours, Sum.LONGEST, axis=2).sum(axis=1))
        assert np.array_equal(tally.days[..., :3].sum(axis=1), sums[:, [Sum.ARRIVED, Sum.JOINED, Sum.WAITED]])
        assert np.array_equal(tally.grid.sum(axis=1), sums[:, [Sum.WAITED, Sum.JOINED]])
        assert sums[0, Sum.SERVED : Sum.SERVED + len(Outcome)].sum() == sums[0, Sum.ARRIVED]
        everybody = tally.waits[:, 1] == tally.cells.shape[1]
        assert tally.waits[~everybody, 3].sum() == sums[0, Sum.JOINED]
        assert tally.waits[everybody, 3].sum() == sums[0, Sum.RECEIVED]
        assert same(tally, tally._replace(waits=tally.waits[np.lexsort(tally.waits.T[:3][::-1])]))


def test_there_is_a_column_for_every_outcome_in_their_order() -> None:
    assert [Sum[outcome.name] - Sum.SERVED for outcome in Outcome] == list(Outcome)


@pytest.mark.parametrize("kind", [0, 1], ids=["waiting", "serving"])
@pytest.mark.parametrize("trace", [worked_example(), straddlers()[0]], ids=["worked example", "straddlers"])
def test_curves_are_the_time_that_each_span_lies_in_each_bin(kind: int, trace: Trace) -> None:
    """The overlap of every span with every bin of every measured day, one by one."""
    tally, covered = tally_of(trace, BY), np.zeros(BINS)
    for task in trace.tasks.tolist():
        _, _, _, _, entry, start, end = task
        until = trace.horizon if end == NEVER else end
        begun = start if start != NEVER else until
        first, last = ((entry, begun), (begun, until))[kind]
        first = max(first, trace.warmup)
        for at in range(first // BIN * BIN, last, BIN):
            covered[at % DAY // BIN] += max(min(last, at + BIN) - max(first, at), 0)
    assert np.array_equal(through_the_day(tally.curves[0, kind], tally.span_days[0, kind]), covered / BIN)


def test_many_replications_are_each_as_alone() -> None:
    trace = traces()[0]
    paid = paid_of(trace.shifts, trace.warmup, trace.horizon, BY)
    together = metrics_of(joined([tally_of(one, BY) for one in traces()]), paid, BY)
    assert whole(together) == whole(runs())
    assert [content(one) for one in together] == [content(measure(one, BY)) for one in traces()]
    assert content(together[-1]) == content(together[5])
    with pytest.raises(IndexError):
        together[6]


@given(st.lists(st.integers(1, 5), unique=True).map(sorted))
def test_the_cut_into_blocks_changes_nothing(cuts: list[int]) -> None:
    ends = [0, *cuts, 6]
    parts = [runs()[first:last] for first, last in pairwise(ends)]
    assert [len(part) for part in parts] == np.diff(ends).tolist()
    for part, first in zip(parts, ends, strict=False):
        assert [content(one) for one in part] == [content(runs()[first + n]) for n in range(len(part))]
    assert whole(Runs.joined(parts)) == whole(runs())


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=8), st.integers(1, 6), st.randoms())
def test_parts_that_overlap_and_come_in_any_order_are_gathered(
    spans: list[tuple[int, int]], replications: int, random: Random
) -> None:
    given_ = [(first, runs()[first : first + length]) for first, length in spans]
    missing = set(range(replications)) - {first + n for first, part in given_ for n in range(len(part))}
    if missing:
        with pytest.raises(KeyError, match=f"no part has replication {min(missing)}"):
            gathered(given_, replications)
    else:
        random.shuffle(given_)
        assert whole(gathered(given_, replications)) == whole(runs()[:replications])


def test_replications_of_other_figures_are_not_put_together() -> None:
    other = measure_all(traces()[:1], replace(BY, within=(15,)))
    with pytest.raises(ValueError, match="the same figures"):
        Runs.joined([runs(), other])
    with pytest.raises(ValueError, match="every 2"):
        runs()[::2]


def test_an_hour_in_which_somebody_came_in_one_replication_counts_in_all_of_them() -> None:
    """A mean number of people is over all replications, those with nobody among them."""
    arrived, ones = runs().pair(("arrived", "hour=13"))
    assert 0 < np.count_nonzero(arrived) < len(runs())
    assert ones.tolist() == [1.0] * len(runs())
    figures = summarize(Study(base=ward(), targets=QUARTER, replications=len(runs())), runs()).estimates
    assert figures["arrived", "hour=13"].value == arrived.mean()
    assert ("arrived", "hour=3") not in figures
    frame = replications_frame({"few": runs()})
    assert set(frame["scope"]) == set(runs().scopes)
    assert len(frame) == len(runs()) * len(runs().columns)
    assert not any(scope.startswith("hour=") for _, scope in runs()[2].sums)
