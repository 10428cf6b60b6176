"""The engines, by name."""

from __future__ import annotations

from typing import Literal

from sim.models.center import run as reference
from sim.plan import Plan
from sim.trace import Trace


def run(plan: Plan, engine: Literal["reference"] = "reference") -> Trace:
    """The trace of a plan. ``engine``: "reference" is the only one there is; ValueError for another."""
    match engine:
        case "reference":
            return reference(plan)
        case _:
            raise ValueError(f"wanted engine reference, given {engine!r}")
