"""Policies: typed values with parameters and a cost, each turning a scenario into another.

``POLICIES`` names those that a config can choose. A policy is a frozen value with one method,
``apply(scenario) -> scenario``; several compose from left to right, and the input is never changed. The
``streams`` of a policy are the random decisions whose outcome it may change: all else stays bit-identical.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.policies.demand import Booking, BulkLane, PriorityLane, TicketCap
from sim.policies.guidance import GuidanceDesk, InformationCampaign, Volunteers
from sim.policies.hours import EveningHours, SplitLunch, StayLate, WeekendHours
from sim.policies.network import BackupLink, PaperFallback
from sim.policies.points import BiggerHall, ExtraPoints, NonTerritorial, VacantHeadquarters
from sim.policies.policy import NoChange, Policy
from sim.policies.queueing import DedicatedQueues, PooledQueue
from sim.policies.reinforcements import FloatingTeam, Secondment
from sim.policies.remote import DigitalTeams, PostalReturn, RemoteSpecialists
from sim.policies.rules import AdjustFromReport, FloatingOfficial, OpenWhenLong
from sim.policies.staffing import AddOfficials, CrossTraining
from sim.scenario import Scenario

POLICIES: dict[str, type[Policy]] = {
    "none": NoChange,
    "weekend_hours": WeekendHours,
    "evening_hours": EveningHours,
    "split_lunch": SplitLunch,
    "overtime": StayLate,
    "extra_points": ExtraPoints,
    "bigger_hall": BiggerHall,
    "guidance_desk": GuidanceDesk,
    "volunteers": Volunteers,
    "information_campaign": InformationCampaign,
    "add_officials": AddOfficials,
    "secondment": Secondment,
    "floating_team": FloatingTeam,
    "cross_training": CrossTraining,
    "pooled_queue": PooledQueue,
    "dedicated_queues": DedicatedQueues,
    "priority_lane": PriorityLane,
    "bulk_lane": BulkLane,
    "ticket_cap": TicketCap,
    "appointments": Booking,
    "open_when_long": OpenWhenLong,
    "floating_official": FloatingOfficial,
    "adjust_tomorrow": AdjustFromReport,
    "paper_fallback": PaperFallback,
    "backup_link": BackupLink,
    "vacant_headquarters": VacantHeadquarters,
    "non_territorial": NonTerritorial,
    "digital_teams": DigitalTeams,
    "postal_return": PostalReturn,
    "remote_specialists": RemoteSpecialists,
}


def applied(scenario: Scenario, policies: Iterable[Policy]) -> Scenario:
    """The scenario after all policies, in their order; ValidationError where one makes no valid whole."""
    for policy in policies:
        scenario = policy.apply(scenario)
    return scenario


__all__ = ["POLICIES", "Policy", "applied"]
