"""A ward of two points, and a policy of each kind to try on it."""

from __future__ import annotations

from typing import Any

from sim.policies import POLICIES, Policy
from sim.policies.policy import officials_of
from sim.scenario import Scenario

SERVICE = {"kind": "lognormal", "mean": 9.0, "cv": 0.9}
INSTANCES: dict[str, dict[str, Any]] = {
    "none": {},
    "weekend_hours": {
        "hours": ["07:30-11:30"],
        "moves": 0.2,
        "staff_share": 0.5,
        "compensation": "time_off",
        "upkeep_per_month": 2e6,
    },
    "evening_hours": {
        "weekdays": ["tue", "thu"],
        "until": "19:00",
        "moves": 0.2,
        "staff_share": 0.5,
        "compensation": "time_off",
        "upkeep_per_month": 2e6,
    },
    "split_lunch": {"earlier": None, "moves": 0.2},
    "extra_points": {
        "count": 2,
        "officials": 2,
        "from_existing": 1,
        "counters": 2,
        "share_each": 0.15,
        "travel": {"kind": "lognormal", "mean": 8.0, "cv": 0.5},
        "rent_per_month": 8e6,
        "set_up": 5e7,
    },
    "bigger_hall": {"seats": 10, "counters": 1, "rent_per_month": 1e6, "set_up": 5e7},
    "guidance_desk": {
        "guides": 2,
        "from_existing": 1,
        "service": {"kind": "exponential", "mean": 3.0},
        "finds": 0.6,
        "mends": 0.5,
        "set_up": 2e7,
    },
    "volunteers": {
        "count": 2,
        "weekdays": ["mon", "wed"],
        "between": "07:30-10:30",
        "service": {"kind": "exponential", "mean": 3.0},
        "finds": 0.5,
        "mends": 0.5,
        "ends_early": 30.0,
        "per_month": 1e6,
    },
    "information_campaign": {"fewer": 0.3, "per_month": 1e6, "once": 1e7},
    "add_officials": {"count": 2, "group": None, "counters": 2, "set_up_each": 3e7},
    "cross_training": {"officials": 1, "group": "branch", "fields": None, "hours": 40.0, "fee_each": 2e6},
    "pooled_queue": {"point": None, "speed": 0.9, "hours": 80.0, "fee_each": 2e6},
    "dedicated_queues": {"point": None, "speed": 1.0, "set_up": 1e7},
    "overtime": {"cap": 120.0},
    "secondment": {
        "lender": "province",
        "lender_officials": 20,
        "lender_utilization": 0.85,
        "count": 2,
        "skills": None,
        "after": 0,
        "days": 182,
        "commute": 30.0,
        "learning": {"start": 0.8, "weeks": 4},
        "counters": None,
        "set_up_each": 3e7,
        "allowance_per_month": 3e6,
    },
    "floating_team": {
        "count": 1,
        "from_existing": 0,
        "days_at": {"tue": None, "thu": "branch"},
        "counters": None,
        "set_up_each": 3e7,
        "travel_per_month": 5e5,
    },
    "paper_fallback": {"speed": 0.8, "typing": 4.0, "typed_in": "when_free", "per_month": 5e5},
    "backup_link": {"slow_speed": 0.5, "per_month": 1e6, "once": 1e7},
    "open_when_long": {
        "point": "branch",
        "officials": 1,
        "new": 1,
        "high": 4,
        "low": 1,
        "counters": 0,
        "set_up_each": 3e7,
    },
    "floating_official": {"point": "branch", "officials": 1, "new": 1, "more": 3, "travel": 10.0, "per_month": 5e5},
    "adjust_tomorrow": {"point": "branch", "officials": 1, "new": 1, "above": 5.0, "per_month": 3e5},
    "priority_lane": {"officials": 1},
    "bulk_lane": {"dossiers": 2, "officials": 1, "exclusive": True},
    "ticket_cap": {"point": None, "tickets": None, "of_mean_day": 1.3},
    "appointments": {
        "share": 0.2,
        "every": 15,
        "places": None,
        "no_show": 0.1,
        "early": 30.0,
        "punctuality": {"kind": "gamma", "mean": 17.0, "cv": 0.45},
        "ends_early": 30.0,
        "per_month": 2e6,
        "once": 3e7,
    },
    "vacant_headquarters": {
        "count": 1,
        "officials": 1,
        "from_existing": 1,
        "counters": 1,
        "seats": None,
        "share_each": 0.2,
        "travel": {"kind": "lognormal", "mean": 8.0, "cv": 0.5},
        "set_up": 6e7,
        "upkeep_per_month": 4e6,
    },
    "non_territorial": {"share": 0.5, "each": 9.0, "way": 5.0, "per_month": 3e6, "once": 2e8},
    "digital_teams": {
        "share": 0.3,
        "channel": None,
        "checking": SERVICE,
        "teams": 2,
        "per_month": 1e6,
        "once": 1e7,
    },
    "postal_return": {"share": 0.5, "per_month": 1e6},
    "remote_specialists": {
        "count": 1,
        "fields": None,
        "time_share": None,
        "link_per_month": 1e6,
        "set_up_each": 2e7,
    },
}


def policy(name: str, **changes: Any) -> Policy:
    return POLICIES[name].model_validate({**INSTANCES[name], **changes})


WARD: dict[str, Any] = {
    "name": "ward",
    "start": "2026-03-02",
    "days": 21,
    "warmup_days": 0,
    "opening": True,
    "calendar": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("07:30-11:30", "13:30-17:00"))},
    "arrivals": {
        "per_day": 90.0,
        "dossiers_per_visitor": 1.4,
        "day_factor_cv": 0.2,
        "profile": {"07:00": 1.0, "07:30": 3.0, "08:00": 4.0, "14:00": 3.0},
    },
    "procedures": {
        "paper": {"share": 0.7, "service": SERVICE, "incomplete": 0.2},
        "land": {"share": 0.3, "service": {"kind": "gamma", "mean": 20.0, "cv": 1.0}, "incomplete": 0.4},
    },
    "purposes": {
        "submit": {"share": 0.8},
        "ask": {"share": 0.1, "service": {"kind": "exponential", "mean": 3.0}},
        "collect": {"share": 0.1, "service": {"kind": "exponential", "mean": 2.0}},
    },
    "channels": {"paper": {"share": 0.9}, "assisted": {"share": 0.1, "overhead": 12.0}},
    "priorities": {"elderly": {"share": 0.2, "rank": 0}, "ordinary": {"share": 0.8, "rank": 1}},
    "points": {
        "hall": {"counters": 4, "share": 0.8, "travel": {"kind": "lognormal", "mean": 15.0, "cv": 0.5}},
        "branch": {"counters": 1, "share": 0.2},
    },
    "staff": {
        "paper": {"count": 3, "skills": ["paper"]},
        "both": {"count": 2, "skills": None},
        "branch": {"count": None, "point": "branch", "skills": ["paper"]},
    },
    "patience": {"kind": "exponential", "mean": 45.0},
    "returns": {"incomplete": {"share": 0.9, "last": 5}, "unserved": {"share": 0.7, "last": 3}},
    "network": {
        "outages": {
            "center": {
                "up": {"kind": "exponential", "mean": 2000.0},
                "down": {"kind": "lognormal", "mean": 30.0, "cv": 1.0},
            }
        },
    },
    "costs": {"rent": {"per_month": 1e6, "once": 12e6}},
}


PROCESSING = {"term": 5, "steps": [{"work": {"kind": "exponential", "mean": 12.0}}]}
OFFICE: dict[str, Any] = {
    "procedures": {
        **WARD["procedures"],
        "land": {**WARD["procedures"]["land"], "processing": PROCESSING},
    },
    "back_office": {"delivery": {"in_person": 0.8, "post": 0.1, "online": 0.1}},
    "results": {"collection": {"kind": "exponential", "mean": 2.0}},
    "staff": {**WARD["staff"], "office": {"count": 2, "role": "specialist"}},
}
UNSUITED: dict[str, Any] = {"mismatch": {"share": 0.2, "time_factor": 1.4, "errors": 0.1}}
WANTS: dict[str, dict[str, Any]] = {
    "digital_teams": OFFICE,
    "postal_return": OFFICE,
    "remote_specialists": UNSUITED,
}


def ward_for(name: str, **changes: Any) -> Scenario:
    """The ward, with what a policy cannot do without."""
    return ward(**WANTS.get(name, {}), **changes)


def ward(**changes: Any) -> Scenario:
    """Two points, two fields, two classes, impatient people who come back, outages; three weeks."""
    return Scenario.model_validate({**WARD, **changes})


def staffing(scenario: Scenario) -> dict[str, int]:
    """How many officials each group has."""
    return {name: officials_of(scenario, group) for name, group in scenario.staff.items()}
