"""How many people are expected on each day, and when in the day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import weekday_of
from sim.scenario import Scenario
from sim.streams import WHOLE, thresholds
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS, WEEKDAYS, clock, day_of

Table = NDArray[Any]
DAYS = np.dtype(
    [
        ("opens", "i8"),  # first opening of the day, NEVER on a closed day
        ("program", "i4"),  # what the calendar does, see :mod:`sim.programs`
        ("guiding", "i4"),  # when somebody guides, a row of ``Plan.guiding``
        ("working", "i4"),  # working days up to and including this one
        ("month", "i4"),  # counted from year 0
        ("booked", "i8"),  # threshold: a place of the book is taken
        ("first_time", "i4"),  # rows of ``Plan.times``: the first, and the one after the last
        ("last_time", "i4"),
        ("is_working", "?"),  # has a demand of its own: people come back on such days only
        ("storm", "?"),  # a storm lasts, see :mod:`sim.weather`
    ]
)


DEMAND = np.dtype(
    [
        ("people", "f8"),  # expected before the day factor: visitors, and those who file from home
        ("profile", "i4"),
        ("moves_to", "i4"),  # the Saturday that takes some of this day's people, or NEVER
    ]
)


class Days(NamedTuple):
    """The days of a scenario: DAYS, DEMAND, profiles, and when people come back, as thresholds."""

    days: Table
    demand: Table
    profiles: NDArray[np.float64]
    return_times: NDArray[np.int64]


def day_table(scenario: Scenario) -> Days:
    """What is known of each day beforehand.

    The first profile is of weekdays, the second of Saturdays; then come those of weekdays that have their own.
    """
    days, demand = np.zeros(scenario.days, DAYS), np.zeros(scenario.days, DEMAND)
    expected = _expected_people(scenario) * scenario.demand
    own_profiles = scenario.arrivals.profile_on
    rows = {weekday: 2 + nth for nth, weekday in enumerate(own_profiles)}
    for day in range(scenario.days):
        on = day_of(scenario.start, day)
        opening = scenario.calendar.opening(on)
        own = scenario.is_working(day)
        days[day]["opens"] = day * DAY + opening[0][0] if opening else NEVER
        days[day]["month"] = on.year * 12 + on.month - 1
        days[day]["is_working"] = own
        days[day]["storm"] = scenario.storms is not None and scenario.storms.on(on)
        demand[day]["people"] = expected * _factor(scenario, day) * scenario.for_each_visitor if own else 0.0
        demand[day]["moves_to"] = _saturday(scenario, day) if own else NEVER
        demand[day]["profile"] = rows.get(weekday_of(on), 0) if own else int(on.weekday() >= WEEKDAYS.index("sat"))
    days["working"] = np.cumsum(days["is_working"])
    _book(scenario, days, demand)
    weekly = _profile(scenario)
    saturday = _uniform_profile(scenario.calendar.hours.get("sat", ()))
    others = [_shares(profile) for profile in own_profiles.values()]
    back = [_uniform_profile((scenario.returns.between,))] * (1 + len(others)) if scenario.returns.between else None
    first, *rest = back or [weekly, *others]
    times = [first, saturday if saturday.sum() else first, *rest]
    profiles = np.stack([weekly, saturday, *others])
    return Days(days, demand, profiles, np.stack([thresholds(row) for row in times]))


def expected_visits(demand: Table) -> int:
    """About as many as there will be: newcomers are known, a quarter more come again."""
    return int(demand["people"].sum() * 1.25)


def people_of_a_day(scenario: Scenario) -> float:
    """How many come unannounced on a mean working day of no season, were ``demand`` 1."""
    return _expected_people(scenario) * _mean_factor(scenario)


def _expected_people(scenario: Scenario) -> float:
    """People on a weekday of factor 1, were ``demand`` 1."""
    arrivals = scenario.arrivals
    if arrivals.per_day is None:
        return float(_rates(scenario).sum())
    per_visitor = arrivals.dossiers_per_visitor if arrivals.counted_as == "dossiers" else 1.0
    return arrivals.per_day / per_visitor / _mean_factor(scenario)


def _mean_factor(scenario: Scenario) -> float:
    """The mean factor of the weekdays on which anybody comes."""
    factors = [factor for factor in scenario.arrivals.weekday.values() if factor > 0]
    return sum(factors) / len(factors) if factors else 1.0


def booked_times(scenario: Scenario) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The times that can be booked, ms after midnight, of one kind of day after another.

    Of each day the row of the first of its times, and that after the last, (days, 2).
    """
    found, rows, kinds = list[int](), np.zeros((scenario.days, 2), np.int32), dict[tuple[int, ...], tuple[int, int]]()
    for day in range(scenario.days) if scenario.appointments else ():
        if scenario.appointments and scenario.is_working(day):
            times = scenario.appointments.times(scenario.calendar.opening(day_of(scenario.start, day)))
            if times not in kinds:
                kinds[times] = len(found), len(found) + len(times)
                found += times
            rows[day] = kinds[times]
    return np.array(found, np.int64), rows


def _book(scenario: Scenario, days: Table, demand: Table) -> None:
    """The book of each day; as many more come unannounced as find it full and would not have missed their time."""
    book = scenario.appointments
    if book is None:
        return
    rows = booked_times(scenario)[1]
    days["first_time"], days["last_time"] = rows.T
    places, usual = (rows[:, 1] - rows[:, 0]) * book.places, book.per_day / _mean_factor(scenario) * scenario.demand
    own = np.array([_factor(scenario, day) * scenario.is_working(day) for day in range(scenario.days)])
    wanted = usual * own
    days["booked"] = np.rint(np.minimum(wanted / np.maximum(places, 1), 1.0) * WHOLE)
    demand["people"] += np.maximum(wanted - places, 0.0) * (1 - book.no_show) * scenario.for_each_visitor


def booked_people(scenario: Scenario, days: Table) -> NDArray[np.float64]:
    """How many are expected to book a time on each of some days and to come for it, were there no storms."""
    book = scenario.appointments
    if book is None:
        return np.zeros(len(days))
    places = (days["last_time"] - days["first_time"]) * book.places
    return np.asarray(days["booked"] / WHOLE * places * (1 - book.no_show))


def _factor(scenario: Scenario, day: int) -> float:
    on = day_of(scenario.start, day)
    factor = scenario.arrivals.weekday.get(weekday_of(on), 0.0)
    for season in scenario.arrivals.seasons:
        factor *= season.factor if season.first <= on <= season.last else 1.0
    return float(factor)


def _saturday(scenario: Scenario, day: int) -> int:
    """The opened Saturday of a day's week, if it lies in the run."""
    saturday = day + WEEKDAYS.index("sat") - day_of(scenario.start, day).weekday()
    moves = scenario.arrivals.moves_to_saturday > 0 and day < saturday < scenario.days
    return saturday if moves and scenario.calendar.opening(day_of(scenario.start, saturday)) else NEVER


def _rates(scenario: Scenario) -> NDArray[np.float64]:
    """Expected people of each half-hour from ``rate_per_hour``; steps hold until the next one."""
    rate = scenario.arrivals.rate_per_hour
    if not isinstance(rate, dict):
        return np.full(SLOTS, (rate or 0.0) * SLOT / (60 * MINUTE))
    hourly = np.zeros(SLOTS)
    for at, value in sorted(rate.items()):
        hourly[clock(at) // SLOT :] = value
    return hourly * SLOT / (60 * MINUTE)


def _profile(scenario: Scenario) -> NDArray[np.float64]:
    if scenario.arrivals.per_day is not None:
        return _shares(scenario.arrivals.profile)
    weights = _rates(scenario)
    return weights / weights.sum() if weights.sum() else weights


def _shares(profile: Mapping[str, float]) -> NDArray[np.float64]:
    weights = np.zeros(SLOTS)
    for at, weight in profile.items():
        weights[clock(at) // SLOT] = weight
    return np.asarray(weights / weights.sum())


def _uniform_profile(spans: tuple[str, ...]) -> NDArray[np.float64]:
    """Minutes of each half-hour that lie in the spans, as shares."""
    edges = np.arange(SLOTS) * SLOT
    weights = np.zeros(SLOTS)
    for text in spans:
        start, end = (clock(part.strip()) for part in text.split("-"))
        weights += np.clip(np.minimum(end, edges + SLOT) - np.maximum(start, edges), 0, None)
    return weights / weights.sum() if weights.sum() else weights


def open_days(scenario: Scenario) -> NDArray[np.int64]:
    """The days of a run on which the center opens, after the warm-up."""
    opened = np.flatnonzero(day_table(scenario).days["opens"] >= 0)
    return opened[opened >= scenario.warmup]
