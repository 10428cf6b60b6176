"""Policies that change when the center is open."""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.calendar import Spans
from sim.policies.policy import Policy, with_cost
from sim.scenario import Scenario
from sim.staff import SaturdayDuty
from sim.streams import Stream
from sim.values import NonNegative, Share


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
