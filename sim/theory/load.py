"""Offered load and the checks that every formula shares."""

from __future__ import annotations

import math


def positive(name: str, value: float) -> float:
    """``value`` if it is a positive finite number, else ``ValueError`` naming it."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a positive finite number, got {value!r}")
    return value


def nonnegative(name: str, value: float) -> float:
    """``value`` if it is a finite number of at least 0, else ``ValueError`` naming it."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be a finite number of at least 0, got {value!r}")
    return value


def at_least(name: str, value: int, least: int) -> int:
    """``value`` if it is a whole number of at least ``least``, else ``ValueError`` naming it."""
    if value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def offered_load(arrival_rate: float, mean_service: float) -> float:
    """Work offered per minute, in erlangs: ``arrival_rate * mean_service``, both positive."""
    return positive("arrival_rate", arrival_rate) * positive("mean_service", mean_service)


def stable_utilization(offered: float, servers: int) -> float:
    """Offered load per server; ``ValueError`` at 1 or more, where no steady state exists."""
    utilization = offered / at_least("servers", servers, 1)
    if utilization >= 1:
        raise ValueError(f"no steady state: {offered:g} erlangs are offered to {servers} servers")
    return utilization
