"""What a trace is measured with: the names of its ids, its calendar, its targets and its prices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.lending import Lending, lending
from sim.roster import doors, official_names, official_pay
from sim.scenario import Scenario
from sim.tables import office_hours
from sim.targets import Targets
from sim.units import DAY, HOUR, day_of

_THRESHOLDS = (15, 30)
WORKING_WEEK = 5
_WITHIN = re.compile(r"(?:wait|days_all)_within_(\d+)")


@dataclass(frozen=True)
class Prices:
    """Costs in the scenario's currency: a ms of an official, its factors, what each open day and each case adds.

    ``per_case``: postage for the share of the results of the back office that goes by post.
    """

    currency: str
    official: float
    overtime: float
    rest_day: float
    per_day: float
    per_case: float


@dataclass(frozen=True, eq=False)
class Yardstick:
    """``open_days``: the measured days with an opening; ``open_time``: ms the door was open in that time.

    ``working_days``: the measured days with a demand of their own, so that a month with opened Saturdays is
    not cheaper a day; all open days where none has.

    ``months``: the calendar month of each day, counted from year 0; ``whole_months``: those all of whose days are
    measured; ``weekdays``: 0 on Mondays. ``within``: minutes t for which shares within t are measured.
    ``wait_target``: minutes that the mean of a day or a month must keep, None where no target says.
    ``travel_known``: whether all points say how far they are. ``signed``: by procedure, whether its result is made on
    the spot; ``terms``: working days in which it is due. ``worked``: working days up to and including each day.
    ``spans``: how many numbers of working days are told apart in which the back office is done; 0 without one.
    ``from_home``: by channel, and ``office_hours``, see :class:`sim.plan.Plan`. ``officials``: their names; ``paid``:
    who of them is. ``lending``: what it costs those who lend officials.
    """

    fields: tuple[str, ...]
    priorities: tuple[str, ...]
    points: tuple[str, ...]
    field_of: tuple[int, ...]
    open_days: int
    working_days: int
    open_time: int
    months: NDArray[np.int64]
    whole_months: tuple[int, ...]
    weekdays: NDArray[np.int64]
    within: tuple[int, ...]
    wait_target: float | None
    travel_known: bool
    signed: tuple[bool, ...]
    terms: tuple[int, ...]
    worked: NDArray[np.int64]
    from_home: tuple[bool, ...]
    office_hours: NDArray[Any]
    spans: int
    officials: tuple[str, ...]
    paid: tuple[bool, ...]
    measured_days: int
    lending: Lending
    prices: Prices


def yardstick(scenario: Scenario, targets: Targets) -> Yardstick:
    """All that measuring a scenario's traces needs beside the traces themselves."""
    fields, warmup = scenario.fields, scenario.warmup * DAY
    horizon = scenario.days * DAY
    spans = [(max(start, warmup), min(end, horizon)) for start, end in doors(scenario)]
    measured = [day_of(scenario.start, day) for day in range(scenario.warmup, scenario.days)]
    open_days = sum(bool(scenario.calendar.opening(on)) for on in measured)
    months = [on.year * 12 + on.month for on in (day_of(scenario.start, d) for d in range(scenario.days))]
    waits = [t for t in targets.items if t.metric == "wait_mean" and t.scope == "all" and t.at_most is not None]
    return Yardstick(
        fields=fields,
        priorities=tuple(scenario.priorities),
        points=tuple(scenario.points),
        field_of=tuple(fields.index(entry.field or name) for name, entry in scenario.procedures.items()),
        open_days=open_days,
        working_days=sum(scenario.is_working(day) for day in range(scenario.warmup, scenario.days)) or open_days,
        open_time=sum(max(end - start, 0) for start, end in spans),
        months=np.array(months),
        whole_months=_whole_months(scenario, months),
        weekdays=np.array([day_of(scenario.start, d).weekday() for d in range(scenario.days)]),
        within=tuple(sorted({*_THRESHOLDS, *_asked(targets)})),
        wait_target=waits[0].threshold if waits else None,
        travel_known=all(point.travel is not None for point in scenario.points.values()),
        **_dossiers(scenario),
        officials=official_names(scenario),
        paid=official_pay(scenario),
        measured_days=scenario.days - scenario.warmup,
        lending=lending(scenario),
        prices=_prices(scenario),
    )


def _dossiers(scenario: Scenario) -> dict[str, Any]:
    """What is known of dossiers by their procedure and channel, and the clocks by which the back office is judged.

    Days are told apart up to twice the longest term and a week, and no longer run.
    """
    procedures, channels = scenario.procedures.values(), scenario.channels.values()
    terms = [entry.processing.term for entry in procedures if entry.processing]
    return {
        "signed": tuple(entry.signature is not None for entry in procedures),
        "terms": tuple(entry.processing.term if entry.processing else 0 for entry in procedures),
        "worked": np.cumsum([scenario.is_working(day) for day in range(scenario.days)]),
        "spans": min(2 * max(terms) + WORKING_WEEK, scenario.days) + 1 if terms else 0,
        "from_home": tuple(channel.checking is not None for channel in channels),
        "office_hours": office_hours(scenario),
    }


def _whole_months(scenario: Scenario, months: list[int]) -> tuple[int, ...]:
    """The calendar months that lie wholly between the warm-up and the horizon."""
    first, after = day_of(scenario.start, scenario.warmup), day_of(scenario.start, scenario.days)
    return tuple(month for month in sorted(set(months)) if first <= _first_of(month) and _first_of(month + 1) <= after)


def _first_of(month: int) -> date:
    return date((month - 1) // 12, (month - 1) % 12 + 1, 1)


def _asked(targets: Targets) -> list[int]:
    found = [_WITHIN.fullmatch(target.metric) for target in targets.items]
    return [int(match[1]) for match in found if match]


def _prices(scenario: Scenario) -> Prices:
    money = scenario.money
    monthly = sum(cost.per_month + cost.once / money.months_of_use for cost in scenario.costs.values())
    return Prices(
        currency=money.currency,
        official=money.official_hour / HOUR,
        overtime=money.overtime_factor,
        rest_day=money.rest_day_factor,
        per_day=monthly / money.working_days_per_month,
        per_case=money.postage * scenario.back_office.delivery.post if scenario.back_office else 0.0,
    )
