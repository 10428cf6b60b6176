"""When the network of each center is up: steps of its speed, by all causes, fixed before a run.

They make a work clock: W(t), the integral of the speed in permille over ms, is an exact integer; ``work`` of a step is
W at its time. So the end of a task is known at its start, and outages cause no event in a service.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.distributions import quantile
from sim.network import SCOPES, Window
from sim.plan import NETWORK, Plan, Table
from sim.scenario import Scenario
from sim.streams import Stream, bits, counter, person, whole
from sim.units import DAY, HALF_DAY, NEVER, day_of, span

FULL = 1000
AT_ONCE = 64
TURNS = np.dtype([("time", "i8"), ("step", "i8"), ("center", "i8")])


def windows_of(scenario: Scenario) -> Table:
    """Steps of the windows of a scenario's network; none where it has none."""
    windows = scenario.network.windows if scenario.network else ()
    if not windows:
        return np.empty(0, NETWORK)
    times, speeds = [0], [FULL]
    for day in range(scenario.days):
        on = day_of(scenario.start, day)
        in_force = [(span(one.between), _permille(scenario, one)) for one in windows if one.covers(on)]
        for (start, end), speed in sorted(in_force):
            if times[-1] == day * DAY + start:
                del times[-1], speeds[-1]
            times += [day * DAY + start, day * DAY + end]
            speeds += [speed, FULL]
    return with_work(times, speeds)


def _permille(scenario: Scenario, window: Window) -> int:
    assert scenario.network is not None
    return round(FULL * (window.speed or scenario.network.speed_when_down))


def in_turn(each: Sequence[Table]) -> dict[str, Any]:
    """``network`` and ``networks`` of a plan: the steps of each center, one center after the other."""
    return {"network": np.concatenate(each), "networks": np.cumsum([0, *(len(steps) for steps in each)])}


def network_of(plan: Plan, center: int) -> Table:
    """The steps of a center, the row ``center`` of those of the plan; none where its network is always up."""
    return plan.network[plan.networks[center] : plan.networks[center + 1]]


def turns(plan: Plan) -> Table:
    """The steps of all centers by their times, at one instant by center: rows of TURNS."""
    rows = np.zeros(len(plan.network), TURNS)
    rows["time"], rows["step"] = plan.network["time"], np.arange(len(rows))
    rows["center"] = np.repeat(np.arange(len(plan.centers)), np.diff(plan.networks))
    return rows if len(plan.centers) == 1 else rows[np.argsort(rows["time"], kind="stable")]


def with_outages(plan: Plan) -> Plan:
    """A plan under a key, whose network has only its windows, with all that slows it or takes it down."""
    common = _common_causes(plan)
    return plan._replace(**in_turn([_network_steps(plan, center, common) for center in range(len(plan.centers))]))


def causes_of(plan: Plan, center: int = 0) -> dict[str, Table]:
    """The steps of each cause by its name, of a plan as :func:`with_outages` takes it.

    They are a center's "window" and outages, and those of other scopes and the "storm", which all centers share.
    """
    return _own_causes(plan, center) | _common_causes(plan)


def _own_causes(plan: Plan, center: int) -> dict[str, Table]:
    windows = network_of(plan, center)
    found = {"window": windows} if len(windows) else {}
    return found | ({SCOPES[0]: _outages(plan, 0, center)} if plan.centers["outages"][center, 0] != NEVER else {})


def _common_causes(plan: Plan) -> dict[str, Table]:
    scopes = [scope for scope in (1, 2) if plan.rules.outages[scope - 1, 0] != NEVER]
    found: dict[str, Table] = {SCOPES[scope]: _outages(plan, scope) for scope in scopes}
    return found | ({"storm": _in_storms(plan)} if plan.rules.storm_down else {})


def _network_steps(plan: Plan, center: int, common: dict[str, Table]) -> Table:
    """The least of all causes at each instant (clause "causes")."""
    causes = [*_own_causes(plan, center).values(), *common.values()]
    if len(causes) <= 1:
        return causes[0] if causes else network_of(plan, center)
    times = np.unique(np.concatenate([steps["time"] for steps in causes]))
    speeds = [steps["speed"][np.searchsorted(steps["time"], times, side="right") - 1] for steps in causes]
    return _changes(times, np.min(speeds, axis=0))


def _changes(times: NDArray[np.int64], speeds: NDArray[np.int64]) -> Table:
    """Steps at those times at which the speed changes."""
    changes = np.append(True, speeds[1:] != speeds[:-1])
    return with_work(times[changes], speeds[changes])


def _in_storms(plan: Plan) -> Table:
    """Steps of the half days of storms on which the network is down, by the numbers of the province."""
    days = np.flatnonzero(plan.days["storm"])
    at = counter(person(plan.rules.province, days[:, None], np.arange(2), 0), 0)
    speeds = np.full((len(plan.days), 2), FULL)
    cut = whole(bits(plan.keys[Stream.STORM_NETWORK], at)) < plan.rules.storm_down
    speeds[days] = np.where(cut, plan.rules.speed_when_down, FULL)
    return _changes(np.arange(speeds.size + 1) * HALF_DAY, np.append(speeds, FULL))


def _outages(plan: Plan, scope: int, center: int = 0) -> Table:
    """Steps from time 0: full speed, and that in an outage, in turn, to the first up past the horizon.

    ``scope`` counts :data:`sim.network.SCOPES`. Outages of a center have numbers of their own; those of a province and
    of the portal are the same everywhere in it.
    """
    mine = plan.centers[center]
    times, rows = np.zeros(1, np.int64), (mine["outages"], *plan.rules.outages)[scope]
    entity = person((int(mine["number"]), plan.rules.province, 0)[scope], scope, 0, 0)
    while times[-1] < plan.rules.horizon:
        first = len(times) // 2
        at = counter(entity + np.arange(first, first + AT_ONCE), 0)
        lengths = np.empty(2 * AT_ONCE, np.int64)
        lengths[0::2] = quantile(plan.quantiles, rows[0], bits(plan.keys[Stream.UP], at))
        lengths[1::2] = quantile(plan.quantiles, rows[1], bits(plan.keys[Stream.DOWN], at))
        times = np.append(times, times[-1] + np.cumsum(lengths))
    last = 2 * int(np.searchsorted(times[::2], plan.rules.horizon))
    return with_work(times[: last + 1], np.where(np.arange(last + 1) % 2 == 0, FULL, plan.rules.speed_when_down))


def with_work(times: ArrayLike, speeds: ArrayLike) -> Table:
    """Steps with W at each; ``times`` ascend from 0, speeds are in permille, the last is not 0."""
    steps = np.zeros(np.size(times), NETWORK)
    steps["time"], steps["speed"] = times, speeds
    steps["work"][1:] = np.cumsum(np.diff(steps["time"]) * steps["speed"][:-1])
    return steps
