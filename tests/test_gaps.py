"""Days on which a queue is missing: found where chance has none, and who would have come found by the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.fitting.boards import boards_from
from sim.fitting.gaps import Days, days_of, gaps_note
from sim.fitting.office import arrivals_of_days, office_of
from sim.fitting.scenario_text import scenario_text
from sim.fitting.shares import odds_ends, share_ends
from sim.fitting.tickets import Tickets

MONDAY = 20_514  # 2026-03-02
USUAL = np.array([80.0, 40.0, 20.0, 1.0])


def people(seed: int, days: int = 20, gaps: float = 0.25) -> tuple[Days, np.ndarray]:
    """Four queues, a factor a day, and gaps in the first three, at random; with the people that came in truth."""
    random = np.random.default_rng(seed)
    factor = random.gamma(10, 0.1, days)
    came = random.poisson(np.outer(USUAL, factor))
    kept = came.copy()
    missing = random.random((3, days)) < gaps
    missing[:, [0, -1]] = False
    kept[:3][missing] = 0
    queue, day = np.repeat(np.indices(came.shape).reshape(2, -1), kept.ravel(), axis=1)
    return days_of(queue, MONDAY + day), came


def log(days: int = 20) -> Tickets:
    """Two queues of an office, the smaller of which is missing on the second week."""
    random = np.random.default_rng(1)
    counts = {(0, day): 60 for day in range(days)} | {(1, day): 30 for day in range(days) if day // 5 != 1}
    queue = np.repeat([one for one, _ in counts], list(counts.values()))
    day = MONDAY + np.repeat([one for _, one in counts], list(counts.values()))
    issued = random.uniform(480, 960, len(day))
    zeros = np.zeros(len(day), np.int64)
    return Tickets(("Hall",), ("a", "b"), zeros, queue, day, (issued, issued), (issued + 1, issued + 1), ())


def test_without_gaps_they_are_the_sums() -> None:
    found, came = people(1, gaps=0.0)
    assert found.is_there.all()
    assert found.whole.tolist() == came.sum(axis=0).tolist()
    assert found.usual == pytest.approx(came.mean(axis=1))


def test_days_of_few_are_no_gaps() -> None:
    """One a day is nobody on a third of days, by chance."""
    found, came = people(1)
    assert (came[3] == 0).any()
    assert found.is_there[3].all()


def test_who_is_missing_is_found_by_who_is_there() -> None:
    """The mean of 40 logs, a quarter of which is missing: to 2 %, about four deviations of it; sums are 20 % short."""
    found = [people(seed) for seed in range(40)]
    usual = np.array([own.usual[:3] / came[:3].mean(axis=1) for own, came in found]).mean(axis=0)
    assert usual == pytest.approx(np.ones(3), abs=0.02)
    whole = np.array([own.whole.mean() / came.sum(axis=0).mean() for own, came in found]).mean()
    assert whole == pytest.approx(1.0, abs=0.02)


def test_a_weak_day_is_no_gap() -> None:
    """Ten a day, and on the last but one, with a tenth of all others, none."""
    count = [200] * 9 + [20, 200] + [10] * 10
    queue, day = np.repeat([0] * 11 + [1] * 10, count), np.repeat([*range(11), *range(9), 10], count)
    assert days_of(queue, day).is_there.all()


@pytest.mark.parametrize(
    ("other", "mean"),
    [
        (dict.fromkeys(range(10), 40), 120.0),  # a service that ends
        (dict.fromkeys(range(1, 20, 7), 20), 103.0),  # one that is held on one weekday
        ({7: 7}, 100.35),  # one day of a service
        ({3: 50, 12: 50}, 105.0),
    ],
)
def test_what_begins_ends_or_has_its_weekday_is_no_gap(other: dict[int, int], mean: float) -> None:
    counts = {(0, day): 100 for day in range(20)} | {(1, day): count for day, count in other.items()}
    queue, day = (np.repeat([key[nth] for key in counts], list(counts.values())) for nth in (0, 1))
    found = days_of(queue, MONDAY + day)
    assert found.is_there.all()
    assert found.whole.mean() == pytest.approx(mean)


def test_a_queue_that_has_another_name_from_a_day_on_is_not_there_twice() -> None:
    counts = {(0, day): 100 for day in range(20)} | {(1 + day // 10, day): 40 for day in range(20)}
    queue, day = (np.repeat([key[nth] for key in counts], list(counts.values())) for nth in (0, 1))
    assert days_of(queue, MONDAY + day).whole.tolist() == [140.0] * 20


def test_a_fit_counts_no_gap_as_a_day_of_nobody() -> None:
    tickets = log()
    office = office_of(tickets, boards_from(tickets), knows_counters=False)
    assert office.arrivals.per_day == pytest.approx(90.0)
    assert office.arrivals.factor_cv is not None
    assert office.arrivals.factor_cv[0] == pytest.approx(0.0, abs=1e-6)
    assert [line.share for line in office.lines] == pytest.approx([2 / 3, 1 / 3], abs=1e-6)
    assert [line.days for line in office.lines] == [20, 15]
    text = scenario_text(office)
    assert "as many as the others make likely" in text
    assert "450 of 1650 tickets, none on 5 days" in text
    assert "open_days: 15 " in text


def test_gaps_are_told_in_a_line() -> None:
    own = log()
    (note,) = gaps_note((own.offices, own.queues), own.office, own.queue, own.day)
    assert note.said == (
        "a queue without a ticket on a day on which others of its office have some, 5 times: "
        "shut or not kept, taken as days with 150 people more: Hall b on 5 of 20"
    )
    whole = own.only(own.queue == 0)
    assert gaps_note((own.offices, own.queues), whole.office, whole.queue, whole.day) == []


def tickets_of(counts: dict[tuple[int, int], int]) -> tuple[np.ndarray, np.ndarray]:
    """The queue and the day of each, from how many each has on each day."""
    queue, day = (np.repeat([key[nth] for key in counts], list(counts.values())) for nth in (0, 1))
    return queue, MONDAY + day


def test_queues_that_no_two_days_link_are_not_filled() -> None:
    """One on odd days, the other on even ones, but for the beginning and the end, a day each."""
    queue, day = tickets_of({(day % 2, day): 40 for day in range(12)})
    found = days_of(queue, day)
    assert found.unlinked.tolist() == [0, 1]
    assert found.is_there.all()
    assert found.whole.tolist() == found.counts.sum(axis=0).tolist()
    (note,) = gaps_note((("Hall",), ("a", "b")), np.zeros_like(queue), queue, day)
    assert note.said.startswith("2 queues without a ticket on days, which too few others link")
    assert note.said.endswith("taken as days of nobody: Hall a, Hall b")


@pytest.mark.parametrize("other", [dict.fromkeys((5, 12, 19), 30), {6: 1}, {6: 2, 14: 1}])
def test_a_queue_with_days_of_its_own_keeps_no_other_from_being_filled(other: dict[int, int]) -> None:
    """Two queues of 40, one missing for a week; a third on Saturdays alone, on a Sunday, or a ticket by mistake."""
    usual = [day for day in range(21) if day % 7 < 5]
    counts = {(0, day): 40 for day in usual} | {(1, day): 40 for day in usual if day // 7 != 1}
    found = days_of(*tickets_of(counts | {(2, day): count for day, count in other.items()}))
    assert not len(found.unlinked)
    week = np.isin(found.days - MONDAY, range(7, 12))
    assert not found.is_there[1, week].any()
    assert found.is_there[[0, 2]][:, week].all()
    assert found.whole[week] == pytest.approx(np.full(5, 80.0), abs=8.0)


def test_means_have_the_error_of_what_fills_them() -> None:
    """A queue of 100, missing on eight days of twenty, beside one of 8 and no other variation than chance.

    Of 200 logs 90 in 100 and more hold the 108; filling makes the intervals a tenth wider.
    """
    held, wider = [], []
    for seed in range(200):
        random = np.random.default_rng(seed)
        came = random.poisson(np.outer([100.0, 8.0], np.ones(20)))
        came[0, 5:13] = 0
        queue, day = np.repeat(np.indices(came.shape).reshape(2, -1), came.ravel(), axis=1)
        own = arrivals_of_days(days_of(queue, MONDAY + day), np.full(48, 1 / 48))
        ends, bare = own.per_day_ends, replace(own, filling=np.zeros(7)).per_day_ends
        assert ends is not None
        assert bare is not None
        held.append(ends[0] <= 108 <= ends[1])
        wider.append(np.log(ends[1] / ends[0]) / np.log(bare[1] / bare[0]))
    assert np.mean(held) >= 0.9
    assert np.mean(wider) > 1.1


def test_a_day_with_nearly_all_makes_no_interval_without_end() -> None:
    counts = {(0, 0): 2000, (0, 1): 3, (0, 2): 2, (1, 0): 300, (1, 1): 1, (1, 2): 4}
    found = days_of(*tickets_of(counts))
    ends = odds_ends(float(found.usual[1] / found.usual.sum()), found.odds_moves(np.array([False, True])), 3)
    assert ends is not None
    queue, day = tickets_of(counts)
    assert ends == pytest.approx(share_ends(day[queue == 1], day), rel=1e-9)


def test_what_is_left_out_moves_as_if_it_were_not_there() -> None:
    """A day of many more of one queue: a step of Newton's method has most of what the rest alone have."""
    whole, _ = people(3, days=12)
    rest = np.arange(12) != 5
    queue, day = np.repeat(
        np.indices(whole.counts[:, rest].shape).reshape(2, -1), whole.counts[:, rest].astype(int).ravel(), axis=1
    )
    alone = days_of(queue, whole.days[rest][day])
    assert (alone.is_there == whole.is_there[:, rest]).all()
    big = np.array([True, False, False, False])
    moved = np.log(_odds(whole, big)) - np.log(_odds(alone, big))
    assert abs(moved) > 0.001
    assert whole.odds_moves(big)[5] == pytest.approx(moved, rel=0.05)
    weights = (np.arange(12) % 3 == 0).astype(float)
    filled = whole.counts.sum(axis=0) * alone.usual.sum() / (alone.usual @ whole.is_there)
    moved = np.log(weights @ whole.whole) - np.log(weights @ filled)
    assert abs(moved) > 0.0001
    assert whole.whole_moves(weights)[5] == pytest.approx(moved, rel=0.1)


def _odds(found: Days, own: np.ndarray) -> float:
    return float(found.usual[own].sum() / found.usual[~own].sum())


@pytest.mark.parametrize("gaps", [0.0, 0.25])
def test_intervals_of_shares_hold_with_gaps_as_without(gaps: float) -> None:
    """Of 400 logs and three queues: 92 to 97 in 100 hold the truth.

    A pooled share has a deviation of a point at most; by the days filled, taken as if they had been seen, it is 89.
    """
    held = []
    for seed in range(400):
        found, _ = people(seed, gaps=gaps)
        for nth in range(3):
            own = np.arange(4) == nth
            ends = odds_ends(
                float(found.usual[nth] / found.usual.sum()), found.odds_moves(own), int(found.is_there[nth].sum())
            )
            assert ends is not None
            held.append(ends[0] <= USUAL[nth] / USUAL.sum() <= ends[1])
    assert 0.92 <= np.mean(held) <= 0.97


def test_how_days_differ_is_not_what_fills_them() -> None:
    """Squares of it over 300 logs, a quarter of which is missing: a gamma factor has 0.1; they were a third more."""
    squares, held = [], []
    for seed in range(300):
        found, _ = people(seed, days=40)
        own = arrivals_of_days(found, np.full(48, 1 / 48))
        assert own.factor_cv is not None
        assert own.per_day_ends is not None
        squares.append(own.factor_cv[0] ** 2)
        held.append(own.per_day_ends[0] <= USUAL.sum() <= own.per_day_ends[1])
    assert np.mean(squares) == pytest.approx(0.1, rel=0.06)
    assert 0.91 <= np.mean(held) <= 0.98


def test_gaps_among_the_smallest_queues_are_filled_too() -> None:
    """Fifty queues of 30 and two of 10 that are one as others, of which one is missing on five days of twenty."""
    counts = {(queue, day): 30 for queue in range(50) for day in range(20)} | {(50, day): 10 for day in range(20)}
    counts |= {(51, day): 10 for day in range(20) if day not in range(5, 10)}
    queue, day = (np.repeat([key[nth] for key in counts], list(counts.values())) for nth in (0, 1))
    zeros, issued = np.zeros(len(day), np.int64), np.linspace(480, 960, len(day))
    names = tuple(f"queue {nth}" for nth in range(52))
    order = np.lexsort((issued, day, queue))
    tickets = Tickets(
        ("Hall",), names, zeros, queue[order], (MONDAY + day)[order], (issued, issued), (issued + 1, issued + 1), ()
    )
    office = office_of(tickets, boards_from(tickets), knows_counters=False)
    assert office.lines[-1].title == "others"
    assert office.lines[-1].share == pytest.approx(20 / 1520, abs=1e-5)
    assert office.lines[-1].days == 20
    assert office.has_gaps
    text = scenario_text(office)
    assert "per_day: 1520 " in text
    assert "as many as the others make likely" in text
    assert "W of queues as if none were missing" in text
