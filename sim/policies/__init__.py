"""Policies: typed values with parameters and a cost, each turning a scenario into another.

``POLICIES`` names those that a config can choose. A policy is a frozen value with one method,
``apply(scenario) -> scenario``; several compose from left to right, and the input is never changed. The
``streams`` of a policy are the random decisions whose outcome it may change: all else stays bit-identical.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.policies.demand import PriorityLane
from sim.policies.guidance import GuidanceDesk
from sim.policies.hours import WeekendHours
from sim.policies.points import ExtraPoints
from sim.policies.policy import NoChange, Policy
from sim.policies.staffing import AddOfficials
from sim.scenario import Scenario

POLICIES: dict[str, type[Policy]] = {
    "none": NoChange,
    "weekend_hours": WeekendHours,
    "extra_points": ExtraPoints,
    "guidance_desk": GuidanceDesk,
    "add_officials": AddOfficials,
    "priority_lane": PriorityLane,
}


def applied(scenario: Scenario, policies: Iterable[Policy]) -> Scenario:
    """The scenario after all policies, in their order; ValidationError where one makes no valid whole."""
    for policy in policies:
        scenario = policy.apply(scenario)
    return scenario


__all__ = ["POLICIES", "Policy", "applied"]
