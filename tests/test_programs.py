"""Programs of days: rows of a calendar put into them come out as they were, and each program is kept once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.door import load
from sim.plan import Change, Plan
from sim.planning import flatten
from sim.programs import Programs, Row, by_day, changes_of, shifts_of
from sim.units import DAY, NEVER
from tests.plans import plan_of

Rows = list[Row]

# Rows of one day from its midnight, shifts into the next day included; and which kind of day each day is.
TIMES = st.sampled_from([0, 1, DAY // 2, DAY - 1])
CHANGE = st.tuples(TIMES, st.integers(0, 3), st.sampled_from([int(kind) for kind in Change]), st.integers(0, 2))
SHIFT = st.builds(
    lambda official, start, length, pay: (official, start, start + length, pay),
    *(st.integers(0, 2), TIMES, st.sampled_from([1, DAY // 2, DAY, 2 * DAY]), st.integers(0, 1)),
)
KINDS = st.lists(st.tuples(st.lists(CHANGE, max_size=5), st.lists(SHIFT, max_size=3)), min_size=1, max_size=3)
DAYS = st.lists(st.integers(0, 2), min_size=1, max_size=6)


def on_one_clock(days: list[tuple[Rows, Rows]]) -> tuple[Rows, Rows]:
    """The changes and the shifts of all days, their times from the first midnight."""
    changes = [(n * DAY + at, value, kind, who) for n, (rows, _) in enumerate(days) for at, value, kind, who in rows]
    shifts = [(who, n * DAY + a, n * DAY + b, pay) for n, (_, rows) in enumerate(days) for who, a, b, pay in rows]
    return changes, shifts


def planned(changes: Rows, shifts: Rows, number: int, horizon: int) -> Plan:
    """A plan in which nothing else happens."""
    plan = plan_of([], horizon=1)
    days, rules = np.zeros(number, plan.days.dtype), plan.rules.copy()
    rules.horizon = horizon
    days["program"], (programs, kept, paid) = by_day(changes, shifts, number)
    return plan._replace(rules=rules, days=days, programs=programs, changes=kept, shifts=paid)


@given(KINDS, DAYS, st.sampled_from([0, 1, DAY // 2, DAY - 1]))
def test_rows_come_out_as_they_were_put_in(kinds: list[tuple[Rows, Rows]], order: list[int], short: int) -> None:
    """By time, kind, subject and by official, time; nothing at the horizon or beyond, ``short`` of a midnight."""
    days = [kinds[number % len(kinds)] for number in order]
    changes, shifts = on_one_clock(days)
    horizon = len(days) * DAY - short
    plan = planned(changes, shifts, len(days), horizon)
    in_turn = sorted(changes, key=lambda row: (row[0], row[2], row[3]))
    assert changes_of(plan).tolist() == [row for row in in_turn if row[0] < horizon]
    cut = [(who, start, min(end, horizon), pay) for who, start, end, pay in sorted(shifts) if start < horizon]
    assert shifts_of(plan).tolist() == sorted(cut, key=lambda row: row[:2])


@given(KINDS, DAYS)
def test_equal_days_share_a_program_and_others_do_not(kinds: list[tuple[Rows, Rows]], order: list[int]) -> None:
    days = [kinds[number % len(kinds)] for number in order]
    program, (first, changes, shifts) = by_day(*on_one_clock(days), len(days))
    alike = [(sorted(rows, key=lambda row: (row[0], row[2], row[3])), sorted(paid)) for rows, paid in days]
    for number, one in zip(program, alike, strict=True):
        assert [other == one for other in alike] == (program == number).tolist()
        (a, b), (c, d) = (first[name][number : number + 2] for name in ("changes", "shifts"))
        assert (changes[a:b].tolist(), shifts[c:d].tolist()) == one
    assert len(first) == len(set(program.tolist())) + 1


def test_midnight_belongs_to_the_day_that_begins() -> None:
    duty = int(Change.DUTY)
    rows = [(DAY - 1, 1, duty, 0), (DAY, 0, duty, 0)]
    program, (first, changes, _) = by_day(rows, [(0, DAY - 1, DAY, 0)], 2)
    assert program.tolist() == [0, 1]
    assert first.tolist() == [(0, 0), (1, 1), (2, 1)]
    assert changes.tolist() == [(DAY - 1, 1, duty, 0), (0, 0, duty, 0)]


def test_no_days_and_empty_days() -> None:
    assert [len(table) for table in Programs().tables()] == [1, 0, 0]
    program, tables = by_day([], [], 3)
    assert program.tolist() == [0, 0, 0]
    assert [len(table) for table in tables] == [2, 0, 0]
    assert len(changes_of(planned([], [], 3, 3 * DAY))) == len(shifts_of(planned([], [], 3, 3 * DAY))) == 0


@pytest.mark.parametrize("center", ["go_vap", "cam_duong"])
def test_a_run_of_ten_years_has_three_programs(center: str) -> None:
    """The first day, which sets the counters, a day that is open, and one that is not."""
    plan = flatten(load([f"center={center}", "days=3653"]).scenario)
    opens = plan.days["opens"] != NEVER
    assert len(plan.programs) == 4
    assert 2400 < opens.sum() < 2610
    for is_open in (True, False):
        assert len(np.unique(plan.days["program"][1:][opens[1:] == is_open])) == 1
    changes, shifts = changes_of(plan), shifts_of(plan)
    doors = changes[changes["kind"] == Change.DOOR]
    for point in range(len(plan.points)):
        here = doors[doors["subject"] == point]
        assert np.array_equal(here["time"][here["value"] == 1], plan.days["opens"][opens])
        assert (here["value"] == 0).sum() == opens.sum()
    assert np.array_equal(np.unique(shifts["start"] // DAY), np.flatnonzero(opens))
