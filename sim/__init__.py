"""motcua: will a service center keep its wait-time promise, and which change makes it so at least cost?

    study  = sim.load(["center=go_vap", "policy=guidance_desk", "replications=30"])
    result = sim.simulate(study)
    result.summary

The names below are the public surface; they are imported when first used, so that refusals come at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.assumptions import sensitivity
    from sim.distributions import Distribution
    from sim.door import load, plugin, sweep
    from sim.engines import run
    from sim.estimating import estimate
    from sim.events import event_log
    from sim.faults import BadInput
    from sim.metrics import measure
    from sim.offered_load import load_sheet
    from sim.own_arrivals import with_arrivals
    from sim.planning import make_plan
    from sim.policies import Policy
    from sim.provinces import province
    from sim.reopening import reopen
    from sim.replaying import replay
    from sim.report.stress_des import stress_des
    from sim.result import Result, compare, dataset
    from sim.rows import frame
    from sim.scenario import Scenario
    from sim.simulating import simulate
    from sim.study import Study

_HOMES = {
    "BadInput": "sim.faults",
    "Distribution": "sim.distributions",
    "Policy": "sim.policies",
    "Result": "sim.result",
    "Scenario": "sim.scenario",
    "Study": "sim.study",
    "compare": "sim.result",
    "dataset": "sim.result",
    "estimate": "sim.estimating",
    "event_log": "sim.events",
    "frame": "sim.rows",
    "load": "sim.door",
    "load_sheet": "sim.offered_load",
    "make_plan": "sim.planning",
    "measure": "sim.metrics",
    "plugin": "sim.door",
    "province": "sim.provinces",
    "replay": "sim.replaying",
    "reopen": "sim.reopening",
    "run": "sim.engines",
    "sensitivity": "sim.assumptions",
    "simulate": "sim.simulating",
    "stress_des": "sim.report.stress_des",
    "sweep": "sim.door",
    "with_arrivals": "sim.own_arrivals",
}
__all__ = [
    "BadInput",
    "Distribution",
    "Policy",
    "Result",
    "Scenario",
    "Study",
    "compare",
    "dataset",
    "estimate",
    "event_log",
    "frame",
    "load",
    "load_sheet",
    "make_plan",
    "measure",
    "plugin",
    "province",
    "reopen",
    "replay",
    "run",
    "sensitivity",
    "simulate",
    "stress_des",
    "sweep",
    "with_arrivals",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
