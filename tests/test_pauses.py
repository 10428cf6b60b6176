"""How the work of a call varies: found from queues whose work is known, and not where there never was a line."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.fitting.boards import Boards, boards_from
from sim.fitting.pace import work_of
from sim.fitting.pauses import Spread, spread_of, work_and_spread
from sim.fitting.tickets import Tickets

DAY_ONE, COUNTERS, MEAN = 20_514, 3, 5.0


def hall(seed: int, cv: float, load: float = 1.05, days: int = 10, pause: float = 0.0) -> Boards:
    """Three counters with lognormal work of 5 minutes on average; ``pause``: what one call in ten lasts more."""
    random = np.random.default_rng(seed)
    squared = np.log1p(cv**2)
    rows = []
    for day in range(days):
        count = random.poisson(load * COUNTERS / MEAN * 480)
        came = np.sort(random.uniform(0, 480, count))
        work = random.lognormal(np.log(MEAN) - squared / 2, np.sqrt(squared), count)
        work += pause * (random.random(count) < 0.1)
        starts = sim.replay(came, work, COUNTERS).tasks["start"] / 60_000
        rows.append((480 + came, 480 + starts, np.full(count, DAY_ONE + day)))
    issued, called, on = (np.concatenate(column) for column in zip(*rows, strict=True))
    zeros = np.zeros(len(issued), np.int64)
    boards = boards_from(Tickets(("",), ("",), zeros, zeros, on, (issued, issued), (called, called), ()))
    boards.open[:] = COUNTERS
    return boards


def spread(boards: Boards) -> Spread | None:
    work = work_of(boards)
    assert work is not None
    return spread_of(boards, work)


@pytest.mark.parametrize("cv", [0.3, 0.8, 1.2])
def test_the_spread_of_work_is_seen_in_how_calls_scatter(cv: float) -> None:
    """Of ten days; its deviation is 7 % of it, so that 20 % are exceeded in one of 200 such logs."""
    found = spread(hall(1, cv))
    assert found is not None
    assert found.cv == pytest.approx(cv, rel=0.2)
    assert found.ends[0] < found.cv < found.ends[1]


def test_pauses_are_in_it() -> None:
    """A call in ten that lasts 20 minutes more: a mean of 7 and a deviation of 7.2 minutes, 1.03 in place of 0.8.

    Work of two kinds is not lognormal, and a pause is as long as a stretch: within a third, and above what it is alone.
    """
    found = spread(hall(1, 0.8, load=0.75, pause=20.0))
    assert found is not None
    assert found.cv == pytest.approx(1.03, rel=0.33)
    assert found.ends[0] > 0.8


@pytest.mark.parametrize("cv", [0.3, 0.5, 0.8, 1.2])
@pytest.mark.parametrize("load", [0.8, 0.94])
def test_minutes_a_call_are_right_however_they_vary(cv: float, load: float) -> None:
    """Of 5 minutes to 6 %: the deviation of ten days is 1.5 %. Calls taken as Poisson would be 8 % off at 0.3."""
    work, _ = work_and_spread(hall(3, cv, load))
    assert work is not None
    assert work.minutes == pytest.approx(MEAN, rel=0.06)


def opening(seed: int, cv: float, slots: int = 160) -> Boards:
    """Looks every five minutes at counters with a line that never ends, of which the first 2 to 7 are open.

    Another number in each half-hour: who opens calls at once, and who closes ends the visit, and calls nobody.
    """
    random, squared = np.random.default_rng(seed), np.log1p(cv**2)
    is_open = np.arange(7) < random.integers(2, 8, (slots, 1))
    calls: list[float] = []
    for counter in is_open.T:
        free = 0.0
        for slot in np.flatnonzero(counter):
            free = max(free, slot * 30.0)
            while free < (slot + 1) * 30.0:
                calls.append(free)
                free += random.lognormal(np.log(MEAN) - squared / 2, np.sqrt(squared))
    edges = np.arange(0.0, slots * 30.0 + 5, 5)
    called, none = np.histogram(calls, edges)[0], np.zeros(len(edges) - 1, np.int64)
    counters = np.repeat(is_open.sum(axis=1), 6)
    return Boards(none, none, none, edges[:-1], edges[1:], none, called, none + 10_000, counters)


@pytest.mark.parametrize("cv", [0.5, 1.0])
def test_a_counter_that_opens_calls_at_once(cv: float) -> None:
    """It makes so many calls more than its minutes do: else 5 minutes look like 4.89 (0.5) and 4.84 (1.0).

    The mean of twelve logs of 160 half-hours, to 1.5 %: three deviations of it and more.
    """
    found = [work_of(opening(seed, cv), at_once=(1 + cv**2) / 2) for seed in range(12)]
    assert np.mean([one.minutes for one in found if one]) == pytest.approx(MEAN, rel=0.015)


def test_without_a_line_nothing_is_told() -> None:
    assert spread(hall(1, 0.8, load=0.5)) is None


@pytest.mark.slow
@pytest.mark.parametrize("cv", [0.5, 0.8, 1.2])
def test_intervals_hold_the_spread_as_often_as_stated(cv: float) -> None:
    """150 logs of ten days; stated 95 %, and fewer than 134 of 150 would be seen in one of 500 such tests."""
    found = [spread(hall(seed, cv)) for seed in range(150)]
    assert sum(one is not None and one.ends[0] <= cv <= one.ends[1] for one in found) >= 134
