"""Policies that change when the center is open."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from sim.calendar import Interval, Spans, WorkingDay, intervals
from sim.policies.policy import Policy, officials_of, with_cost
from sim.policies.shifts import WORKING_DAYS, Week, dealt, end_text, spans_text, with_moved
from sim.scenario import Closing, Scenario
from sim.staff import Group, SaturdayDuty
from sim.streams import Stream
from sim.units import HOUR, MINUTE, SLOT, clock
from sim.values import Clock, NonNegative, Positive, Share

_ROUNDING = 1e-9
MINUTES_PER_HOUR = 60
Lunch = tuple[Interval, Interval, Interval]
"""The common lunch of a weekday, the early one and the late one."""


def _on_the_half_hour(at: str) -> str:
    if clock(at) % SLOT:
        raise ValueError("people come by half-hours: wanted a whole one")
    return at


class WeekendHours(Policy):
    """Opens Saturdays: part of the week's visits move there, and the officials on duty get time off or pay.

    ``moves`` is the share of weekday visits that come on the Saturday of their week instead;
    ``staff_share`` of each group is on duty, in rotation; ``upkeep_per_month`` is the hall's running cost.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.SATURDAY, Stream.SATURDAY_TIME})
    hours: Spans
    moves: Share
    staff_share: Share
    compensation: Literal["time_off", "pay"]
    upkeep_per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        calendar = scenario.calendar.replace(hours={**scenario.calendar.hours, "sat": self.hours})
        return scenario.replace(
            calendar=calendar,
            arrivals=scenario.arrivals.replace(moves_to_saturday=self.moves),
            saturday_duty=SaturdayDuty(share=self.staff_share, compensation=self.compensation),
            costs=with_cost(scenario, "weekend_hours", self.upkeep_per_month),
        )


class EveningHours(Policy):
    """Keeps the door open ``until`` later on some ``weekdays``: who works by day comes then, part of the staff stays.

    ``moves`` is the share of the visits of those days that come in the evening instead. ``staff_share`` of each group
    works evenings, always the same officials; the others leave when the door closed before. ``later_start``: who works
    an evening begins that day later by as much, so fewer are there in the morning. ``time_off``: they work the whole
    day too, and go home earlier on the other weekdays, by equal parts of what is owed. ``pay``: they work the whole
    day too, and the evening is paid at ``money.overtime_factor``; no limit of overtime is checked. Guides stay as long
    as the door is open. ``upkeep_per_month`` is the hall's running cost. Officials hired later on join the evenings
    first, at the plain wage.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.COUNT, Stream.RETURN_TIME})
    weekdays: Annotated[tuple[WorkingDay, ...], Field(min_length=1)]
    until: Annotated[Clock, AfterValidator(_on_the_half_hour)]
    moves: Share
    staff_share: Share
    compensation: Literal["later_start", "time_off", "pay"]
    upkeep_per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        evenings, calendar = self._evenings(scenario), scenario.calendar

        stay = {name: self._on_duty(scenario, group) for name, group in scenario.staff.items()}
        choices = {
            name: [0] * stay[name] + [1] * (officials_of(scenario, group) - stay[name])
            for name, group in scenario.staff.items()
        }
        shifts, staff = dealt(scenario, lambda week: (self._week(week, evenings), week), ("evening", "day"), choices)
        hours = {on: spans_text([*intervals(calendar.hours[on]), span]) for on, span in evenings.items()}
        moved = {on: ((0, evening[0]), evening) for on, evening in evenings.items()}
        cost = self.upkeep_per_month + sum(stay.values()) * self._premium(scenario, evenings)
        return scenario.replace(
            calendar=shifts.replace(hours={**calendar.hours, **hours}),
            arrivals=with_moved(scenario.arrivals, self.moves, moved),
            staff=staff,
            costs=with_cost(scenario, "evening_hours", cost),
        )

    def _evenings(self, scenario: Scenario) -> dict[WorkingDay, Interval]:
        """From when to when the door stays open longer."""
        if "evening_hours" in scenario.costs:
            raise ValueError("there are evening hours already: name all their weekdays at once")
        found = {}
        for on in self.weekdays:
            opening = intervals(scenario.calendar.hours.get(on, ()))
            if not opening:
                raise ValueError(f"the center is closed on {on}: wanted a weekday with opening hours")
            if opening[-1][1] >= clock(self.until):
                closing = end_text(opening[-1][1])
                raise ValueError(
                    f"on {on} the door closes at {closing} today: wanted later than that, not {self.until}"
                )
            found[on] = (opening[-1][1], clock(self.until))
        return found

    def _week(self, week: Week, evenings: dict[WorkingDay, Interval]) -> Week:
        """What an official works who stays for the evenings; days off stay days off."""
        worked = {on: list(intervals(spans)) for on, spans in week.items() if spans}
        owed = {on: evenings[on][1] - evenings[on][0] for on in evenings if on in worked}
        others = [on for on in worked if on not in evenings]
        if self.compensation == "later_start":
            worked |= {on: _shortened(worked[on], ms, from_start=True) for on, ms in owed.items()}
        elif self.compensation == "time_off" and owed:
            if not others:
                raise ValueError("every day has its evening: there is none to take time off, wanted later_start or pay")
            part = sum(owed.values()) // len(others) // MINUTE * MINUTE
            worked |= {on: _shortened(worked[on], part) for on in others[:-1]}
            rest = sum(owed.values()) - part * (len(others) - 1)
            worked[others[-1]] = _shortened(worked[others[-1]], rest)
        stays = {on: [*worked[on], evenings[on]] for on in owed}
        return {**week, **{on: spans_text(spans) for on, spans in {**worked, **stays}.items()}}

    def _on_duty(self, scenario: Scenario, group: Group) -> int:
        """How many of a group stay; volunteers never do."""
        return math.ceil(self.staff_share * group.paid * officials_of(scenario, group) - _ROUNDING)

    def _premium(self, scenario: Scenario, evenings: dict[WorkingDay, Interval]) -> float:
        """What the evenings of one official cost a month beyond the plain wage, which the shifts carry."""
        if self.compensation != "pay":
            return 0.0
        money, hours = scenario.money, sum(end - start for start, end in evenings.values()) / HOUR
        working = [on for on, factor in scenario.arrivals.weekday.items() if factor and scenario.calendar.hours.get(on)]
        evening_hours = hours * money.working_days_per_month / max(len(working), 1)
        return evening_hours * money.official_hour * (money.overtime_factor - 1)


def _shortened(spans: list[Interval], ms: int, from_start: bool = False) -> list[Interval]:
    """Working spans without their last ms, or their first."""
    left = list(spans)
    while left and ms > 0:
        start, end = left.pop(0 if from_start else -1)
        if end - start > ms:
            left.insert(*((0, (start + ms, end)) if from_start else (len(left), (start, end - ms))))
        ms -= end - start
    return left


class SplitLunch(Policy):
    """Serves through lunch, when those inside only wait today: half of each group goes early, then the others.

    Everybody's lunch is as long as before, and so are their hours: it costs nothing. Half of the officials are there
    for twice as long as none were, at the expense of the late morning or the early afternoon: the first lunch begins
    ``earlier`` than today's by so many minutes (None: half its length). ``moves`` is the share of the visits after
    lunch that come over it instead. Shifts with another break keep it. Guides stand at the door through lunch too, and
    are paid for it.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.COUNT, Stream.RETURN_TIME})
    earlier: Annotated[int, Field(strict=True, ge=0, le=240)] | None
    moves: Share

    def apply(self, scenario: Scenario) -> Scenario:
        lunches, calendar = self._lunches(scenario), scenario.calendar

        def variants(week: Week) -> tuple[Week, Week]:
            early, late = (
                {on: _at_lunch(spans, lunches[on], nth) if on in lunches else spans for on, spans in week.items()}
                for nth in (1, 2)
            )
            return early, late

        shifts, staff = dealt(scenario, variants, ("early_lunch", "late_lunch"), _alternating(scenario))
        through, moved = {}, {}
        for on, (lunch, _, _) in lunches.items():
            opening = intervals(calendar.hours[on])
            through[on] = spans_text([(opening[0][0], opening[-1][1])])
            moved[on] = (lunch[1], opening[-1][1]), lunch
        return scenario.replace(
            calendar=shifts.replace(hours={**calendar.hours, **through}),
            arrivals=with_moved(scenario.arrivals, self.moves, moved),
            staff=staff,
        )

    def _lunches(self, scenario: Scenario) -> dict[WorkingDay, Lunch]:
        """The lunches of the weekdays on which the center closes once; ValueError where there is nothing to split."""
        found: dict[WorkingDay, Lunch] = {}
        for on in WORKING_DAYS:
            opening = intervals(scenario.calendar.hours.get(on, ()))
            if len(opening) == 2 and opening[0][1] < opening[1][0]:
                (opens, start), (end, closes) = opening
                length = end - start
                first = start - (length // 2 // MINUTE if self.earlier is None else self.earlier) * MINUTE
                if first <= opens or first + 2 * length >= closes:
                    raise ValueError(f"on {on} one lunch after the other does not fit between opening and closing")
                found[on] = (start, end), (first, first + length), (first + length, first + 2 * length)
        if not found:
            raise ValueError("there is no lunch to split: the center does not close at noon")
        return found


def _at_lunch(spans: tuple[str, ...], lunch: Lunch, nth: int) -> tuple[str, ...]:
    """Working spans whose break is the common lunch, with the early (1) or the late one (2) instead."""
    work, (start, end) = list(intervals(spans)), lunch[nth]
    for at, (before, after) in enumerate(pairwise(work)):
        if (before[1], after[0]) == lunch[0] and before[0] < start and end < after[1]:
            work[at : at + 2] = (before[0], start), (end, after[1])
            return spans_text(work)
    return spans


def _alternating(scenario: Scenario) -> dict[str, list[int]]:
    """Early and late in turn, from group to group of a point, so that half of all its officials are there."""
    dealt_out, found = dict.fromkeys(scenario.points, 0), {}
    for name, group in scenario.staff.items():
        first = dealt_out[group.point] % 2
        found[name] = [first, 1 - first]
        dealt_out[group.point] += officials_of(scenario, group)
    return found


class StayLate(Policy):
    """Keeps officials after the closing until the queue is empty, at most ``cap`` minutes; None is all that is lawful.

    What they work beyond their shifts is paid at ``money.overtime_factor``, and only what they work. The limits of
    ``overtime`` are kept: who has not room for ``cap`` more minutes in the month or the year goes home at the closing.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    cap: Positive | None

    def apply(self, scenario: Scenario) -> Scenario:
        closing, cap = scenario.closing, self.cap or scenario.overtime.day * MINUTES_PER_HOUR
        if closing.rule == "serve_out" and closing.overtime_cap >= cap:
            raise ValueError(
                f"officials stay up to {closing.overtime_cap:g} minutes already: wanted more than that, not {cap:g}"
            )
        return scenario.replace(closing=Closing(rule="serve_out", overtime_cap=cap))
