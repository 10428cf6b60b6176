"""What the look-up of people is made of: thresholds, an order, a heap and its room, each against the obvious way."""

from __future__ import annotations

from bisect import insort
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.attributes import first_above
from sim.look import look_for, with_room
from sim.models.compiled.layout import house_for, with_rows
from sim.models.compiled.opening import open_house
from sim.people import TIME_SHIFT, _order
from sim.plan import CHOICES
from sim.returns import COMING, drop_first, lift, sooner, turn_of
from sim.streams import PERSONS, WHOLE, Stream, below, bits, counter, key, person
from sim.units import SLOT, SLOTS
from tests.plans import plan_of

KEY = ("day", "carried", "arrival", "citizen")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20).map(sorted), st.integers(-1, 8))
def test_first_above_is_a_search_in_the_thresholds(limits: list[int], number: int) -> None:
    assume(number < limits[-1])
    table = np.zeros(len(limits), CHOICES)
    table["threshold"] = limits
    assert first_above(table, (0, len(limits)), number) == np.searchsorted(limits, number, side="right")


def test_a_share_ends_below_its_threshold() -> None:
    table = np.array([(WHOLE // 4, 0), (WHOLE // 4, 1), (WHOLE, 2)], CHOICES)
    numbers = (0, WHOLE // 4 - 1, WHOLE // 4, WHOLE - 1)
    assert [first_above(table, (0, 3), number) for number in numbers] == [0, 0, 2, 2]


# The order of those who come in a half-hour

GAPS = (4, 13, 40, 121, 364)
SIZES = sorted({*range(30), *(n for gap in GAPS for n in (gap - 1, gap, gap + 1, 3 * gap, 3 * gap + 3)), 2000})


@pytest.mark.parametrize("slot", [0, 17, SLOTS - 1])
def test_newcomers_are_in_the_order_of_arrival_and_number(slot: int) -> None:
    """Of 2,000 people in 1.8 million ms some arrive at one instant, one pair on average."""
    plan, day = plan_of([]), 3
    citizens = person(0, day, slot, np.arange(SIZES[-1]))
    at = below(SLOT, bits(key(0, 0, Stream.ARRIVAL), counter(citizens, 0))).tolist()
    for size in SIZES:
        look = with_room(look_for(plan), size, 0)
        look.people[0, slot] = size
        with np.errstate(over="ignore"):
            assert _order(plan, look, day, slot) == size
        found = [(one >> TIME_SHIFT, one & (PERSONS - 1)) for one in look.order[:size].tolist()]
        assert found == sorted((at[k], k) for k in range(size))


# The heap of those who come again


def coming(day: int, carried: bool, arrival: int, citizen: int, rank: int) -> Any:
    row = np.zeros(1, COMING)[0]
    row["day"], row["carried"], row["arrival"], row["citizen"], row["rank"] = day, carried, arrival, citizen, rank
    row["turn"] = turn_of(day, carried, arrival)
    return row


def place(row: Any) -> tuple[int, bool, int, int]:
    """By day, carried over first, arrival, citizen."""
    return int(row["day"]), not row["carried"], int(row["arrival"]), int(row["citizen"])


ANYBODY = st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 3), st.integers(0, 3))


@given(ANYBODY, ANYBODY)
def test_sooner_is_the_order_of_places(one: tuple[int, bool, int, int], other: tuple[int, bool, int, int]) -> None:
    rows = coming(*one, 0), coming(*other, 1)
    assert sooner(*rows) == (place(rows[0]) < place(rows[1]))


@given(st.lists(st.one_of(st.none(), ANYBODY), min_size=20, max_size=80))
def test_the_first_of_a_heap_is_the_first_of_the_sorted(steps: list[tuple[int, bool, int, int] | None]) -> None:
    """Somebody sets out, or (None) the first is taken; who is equal in all may come in either order."""
    heap, inside = np.zeros(len(steps) + 1, COMING), list[tuple[int, bool, int, int]]()
    rows: dict[int, Any] = {}
    for number, step in enumerate([*steps, *[None] * len(steps)]):
        size = len(inside)
        if step is not None:
            rows[number] = coming(*step, number)
            heap[size] = rows[number]
            lift(heap, size + 1)
            insort(inside, place(rows[number]))
        elif inside:
            assert place(heap[0]) == inside.pop(0)
            assert heap[0] == rows.pop(int(heap[0]["rank"]))
            drop_first(heap, size)
    assert not rows


# Room


@given(st.integers(0, 4), st.integers(0, 600), st.integers(0, 600))
def test_more_room_keeps_those_on_their_way(on_the_way: int, visits: int, more: int) -> None:
    look = look_for(plan_of([]))
    look.coming["citizen"][:on_the_way] = np.arange(on_the_way) + 200
    look.many[0] = on_the_way
    larger = with_room(look, visits, more)
    assert larger.coming["citizen"][: larger.many[0]].tolist() == [200, 201, 202, 203][:on_the_way]
    assert len(larger.today) == len(larger.drawn) == len(larger.ends) == len(larger.order) >= visits
    assert len(larger.coming) > on_the_way + more  # and one row to hold another
    assert with_room(larger, visits, more) is larger


@given(st.integers(0, 6), st.integers(1, 700))
def test_a_larger_house_keeps_who_is_inside(used: int, more: int) -> None:
    house = house_for(plan_of([]))
    open_house(plan_of([]), house)
    taken = house.free[len(house.free) - used :].tolist()
    house.inside["citizen"][taken] = np.arange(used) + 100
    house.clock["free"] -= used
    larger = with_rows(house, len(house.inside) + more)
    assert larger.inside["citizen"][taken].tolist() == [*range(100, 100 + used)]
    free = larger.free[: larger.clock["free"]].tolist()
    assert sorted([*free, *taken]) == [*range(len(larger.inside))]
    assert len(larger.inside) == len(larger.joined) == len(larger.leaving) == len(larger.timed) == len(larger.free)
