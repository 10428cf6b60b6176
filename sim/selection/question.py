"""What the best of several ways of running a center is to be best in, and which difference does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.faults import BadInput, Fault, unknown
from sim.figures import better, is_metric, metric_names
from sim.study import Study
from sim.summary import QUANTILES
from sim.targets import MINUTES_ZONE, SHARE_ZONE, Target, kind_of

MEASURED_WITHIN = (15, 30)
Best = Literal["lowest", "highest"]
SHARED = ("seed", "confidence", "replications", "stopping", "targets")
"""What must be the same in all, or they are not paired, or not judged alike."""


@dataclass(frozen=True)
class Question:
    """Which has the lowest, or highest, figure of the whole center; ``within``: what does not matter, in its unit."""

    metric: str
    lowest: bool
    within: float

    @property
    def key(self) -> tuple[str, str]:
        """The figure in the runs."""
        return self.metric, "all"

    @property
    def sign(self) -> float:
        """1, or -1 where the highest is the best."""
        return 1.0 if self.lowest else -1.0


def question(
    studies: Sequence[Study],
    metric: str | None = None,
    within: float | None = None,
    best: Best | None = None,
    faults: Sequence[Fault] = (),
) -> Question:
    """What is asked of some studies, with what is not given taken from their targets.

    The metric is that of the first target of the whole center that is no guard and no quantile, else wait_mean. It is
    best where that target, or the metric, says. A difference does not matter within the zone of a target on it, else
    within half a minute or a hundredth of a share, as in targets. BadInput, with ``faults``, where that is not known.
    """
    wrong = [*faults, *_alike(studies)]
    items = studies[0].targets.items
    named = metric or next(
        (t.metric for t in items if t.scope == "all" and not t.guard and t.metric not in QUANTILES), "wait_mean"
    )
    own = [target for target in items if (target.metric, target.scope) == (named, "all")]
    fault = _unfit(named, items)
    if fault:
        raise BadInput([*wrong, fault])
    side, zone = best or _side(named, own), within if within is not None else _zone(named, own)
    told = {fault.key for fault in faults}
    if side is None and "best" not in told:
        wanted = f"wanted best=lowest or best=highest: whether less or more {named} is better is not known"
        wrong.append(Fault("best", "", wanted))
    if zone is None and "within" not in told:
        wanted = f"wanted within=NUMBER: which difference of {named} does not matter?"
        wrong.append(Fault("within", "", wanted))
    elif zone is not None and not zone > 0:
        wrong.append(Fault("within", f"{zone:g}", "wanted a difference above 0 that does not matter"))
    if wrong or side is None or zone is None:
        raise BadInput(wrong)
    return Question(named, side == "lowest", zone)


def _alike(studies: Sequence[Study]) -> list[Fault]:
    """What is wrong with what is to be chosen from."""
    if len(studies) < 2:
        return [Fault("select", "one scenario", "wanted two or more to choose from: KEY=VALUE,VALUE")]
    differ = [key for key in SHARED if any(getattr(one, key) != getattr(studies[0], key) for one in studies)]
    return [Fault(key, "several values", "wanted one: the ways differ in how a center is run") for key in differ]


def _unfit(metric: str, items: Sequence[Target]) -> Fault | None:
    """Why a metric cannot be asked for."""
    if not is_metric(metric):
        return unknown(f"metric={metric}", metric, metric_names(), "metric")
    if metric in QUANTILES:
        wanted = "wanted a mean or a share, which replications add up to: a quantile is none"
        return Fault("metric", metric, wanted, "wait_mean")
    name, _, minutes = metric.rpartition("_")
    if name in {"wait_within", "days_all_within"}:
        of_targets = {t.metric.rpartition("_")[2] for t in items if "_within_" in t.metric}
        known = sorted({*map(str, MEASURED_WITHIN), *(end for end in of_targets if end.isdecimal())}, key=int)
        if minutes not in known:
            near = f"{name}_{min(known, key=lambda one: abs(int(one) - int(minutes)))}"
            wanted = f"wanted minutes that are measured: {', '.join(known)}, or those of a target"
            return Fault("metric", metric, wanted, near)
    return None


def _side(metric: str, own: Sequence[Target]) -> Best | None:
    sides: set[Best] = {"lowest" if target.at_most is not None else "highest" for target in own}
    return sides.pop() if len(sides) == 1 else better(metric)


def _zone(metric: str, own: Sequence[Target]) -> float | None:
    """A target of zone 0 says nothing: no number of replications would suffice."""
    zones = [target.zone for target in own if target.zone > 0]
    if zones:
        return zones[0]
    if metric.endswith("_most"):  # hours
        return None
    return {"minutes": MINUTES_ZONE, "share": SHARE_ZONE, "other": None}[kind_of(metric)]
