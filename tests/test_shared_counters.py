"""Counters that queues share: found where boards show it, not where they do not, and the work of each told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.fitting.boards import Boards
from sim.fitting.office import office_of
from sim.fitting.pace import Work
from sim.fitting.scenario_text import scenario_text
from sim.fitting.shared import busy_of, groups_of, works_of
from sim.fitting.tickets import Tickets

DAY_ONE = 20_514  # 2026-03-02, a Monday
LENGTH, A_DAY = 5.0, 96
MINUTES = (4.0, 8.0)
Line = tuple[int, float, float]


def hall(seed: int, shared: list[list[Line]], days: int = 10) -> Boards:
    """Boards of an office: of each group of lines (queue, people a minute, minutes each) with counters of their own.

    One line is called first come, first served at random within an interval, by exponential work; the counters that
    are open change every half-hour.
    """
    random = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        for group in shared:
            waiting = dict.fromkeys((queue for queue, _, _ in group), 0)
            counters = np.repeat(random.integers(2, 6, A_DAY // 6), 6).tolist()
            for nth in range(A_DAY):
                rows += interval(random, DAY_ONE + day, nth, counters[nth], group, waiting)
    table = np.array(sorted(rows, key=lambda row: (row[0], row[1], row[2])))
    queue, on, start, came, called, line, opened = table.T
    zeros = np.zeros(len(table), np.int64)
    whole = [column.astype(np.int64) for column in (came, called, line, opened)]
    return Boards(zeros, queue.astype(np.int64), on.astype(np.int64), start, start + LENGTH, *whole)


def interval(
    random: np.random.Generator, day: int, nth: int, counters: int, group: list[Line], waiting: dict[int, int]
) -> list[list[float]]:
    """One interval of a group; ``waiting`` is moved on."""
    work = {queue: minutes for queue, _, minutes in group}
    before = dict(waiting)
    came = {queue: int(random.poisson(rate * LENGTH)) for queue, rate, _ in group}
    line = random.permutation([queue for queue, _, _ in group for _ in range(before[queue] + came[queue])])
    called, spent = dict.fromkeys(work, 0), 0.0
    for queue in line:
        spent += random.exponential(work[int(queue)])
        if spent > counters * LENGTH:
            break
        called[int(queue)] += 1
    for queue in work:
        waiting[queue] += came[queue] - called[queue]
    return [[queue, day, 480 + nth * LENGTH, came[queue], called[queue], before[queue], counters] for queue in work]


TWO = [(0, 0.30, MINUTES[0]), (1, 0.25, MINUTES[1])]
OTHER = [(2, 0.5, 5.0)]


def test_queues_with_the_same_numbers_of_counters_all_the_time_share_them() -> None:
    assert groups_of(hall(1, [TWO, OTHER])) == [(0, 1)]


def test_counters_that_change_by_themselves_are_not_shared() -> None:
    """None in 20 halls; by chance two lines would show the same number in a quarter of intervals."""
    assert not [found for seed in range(20) if (found := groups_of(hall(seed, [TWO[:1], TWO[1:], OTHER], 3)))]


def test_numbers_that_never_change_say_nothing() -> None:
    boards = hall(1, [TWO, OTHER])
    boards.open[:] = 2
    assert groups_of(boards) == []


def test_the_work_of_each_queue_is_told_apart() -> None:
    """4 and 8 minutes; each queue alone would be taken for twice as slow, since counters serve the other meanwhile."""
    found = works_of(busy_of(hall(1, [TWO]), (0, 1)))
    assert found is not None
    assert [work.minutes for work in found] == pytest.approx(MINUTES, rel=0.15)
    assert all(work.ends is not None and work.ends[0] < work.minutes < work.ends[1] for work in found)


@pytest.mark.slow
def test_intervals_hold_the_work_as_often_as_stated() -> None:
    """200 halls, two intervals of 95 % each. The calls of an interval are less than Poisson, so that they are wide.

    Fewer than 91 % of 400 would be seen in one of 1,000 such tests, were they right.
    """
    held = []
    for seed in range(200):
        found: list[Work] | None = works_of(busy_of(hall(seed, [TWO]), (0, 1)))
        assert found is not None
        held += [
            work.ends is not None and work.ends[0] <= own <= work.ends[1]
            for work, own in zip(found, MINUTES, strict=True)
        ]
    assert np.mean(held) >= 0.91


def test_few_days_have_no_interval_and_no_calls_no_work() -> None:
    few = works_of(busy_of(hall(1, [TWO], 2), (0, 1)))
    assert few is not None
    assert [work.ends for work in few] == [None, None]
    boards = hall(1, [TWO], 2)
    boards.called[:] = 0
    assert works_of(busy_of(boards, (0, 1))) is None


def test_a_scenario_has_shared_counters_once(tmp_path: Path) -> None:
    boards = hall(1, [TWO, OTHER])
    at = np.repeat(np.arange(len(boards.day)), boards.arrivals)
    order = np.lexsort((boards.start[at], boards.day[at], boards.queue[at]))
    at = at[order]
    issued, zeros = boards.start[at], np.zeros(len(at), np.int64)
    tickets = Tickets(
        ("office",), ("one", "two", "three"), zeros, boards.queue[at], boards.day[at], (issued, issued),
        (issued + 10, issued + 10), (),
    )  # fmt: skip
    office = office_of(tickets, boards, knows_counters=True)
    assert {crew.key: crew.lines for crew in office.crews} == {"shared": ("one", "two"), "three": ("three",)}
    text = scenario_text(office)
    assert "skills: [one, two]" in text
    blind = office_of(tickets, boards, knows_counters=False)
    assert [crew.lines for crew in blind.crews] == [("three",), ("one",), ("two",)]
