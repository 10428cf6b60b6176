"""What replications of a scenario give for a figure that was observed, over the period in which it was."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import islice

import numpy as np
from pydantic import ValidationError

from sim.faults import BadInput, Fault
from sim.intervals import Floats
from sim.observed import A_DAY, COUNTED, DOSSIERS, Observed
from sim.quantiles import SECONDS_A_MINUTE, Histogram, pooled
from sim.runs.replications import Replications
from sim.scenario import Scenario
from sim.study import Study
from sim.summary import QUANTILES
from sim.targets import Target, Targets
from sim.units import day_of

RUNNING_IN = 5
_TOO_FAR = "wanted a period at most 10,000 days after the start of the scenario"
_A_YEAR = 366
_WITHIN = re.compile(r"(wait|days_all)_within_\d+")


def over_period(study: Study, name: str, observed: Observed) -> Study:
    """The study over the days on which a figure was observed, no more and no fewer.

    A center that opens runs from its first day on, any other for five working days before, or from its own start where
    that is earlier. Raises BadInput where it has not opened yet, is not open on any of the days, or would run too long.
    """
    base = study.base
    first = observed.first or day_of(base.start, base.warmup)
    try:
        moved = _moved(base, first, observed)
    except (_Unfit, OverflowError, ValidationError) as error:
        wanted = str(error) if isinstance(error, _Unfit) else _TOO_FAR
        raise BadInput([Fault(f"observed.{name}.first", first.isoformat(), wanted)]) from None
    return study.replace(base=moved, targets=_measuring(study.targets, observed.metric or "", observed.scope))


class _Unfit(Exception):
    """What is wanted of a period instead."""


def _moved(base: Scenario, first: date, observed: Observed) -> Scenario:
    last = _last(base, first, observed)
    if base.opening and first < base.start:
        raise _Unfit(f"wanted a day from {base.start} on, on which the center opens")
    if last is None or not any(_is_working(base, first + timedelta(n)) for n in range((last - first).days + 1)):
        raise _Unfit("wanted a period in which the center is open: nobody comes on any of these days")
    start = base.start if base.opening else min(base.start, _five_before(base, first))
    return base.replace(start=start, days=(last - start).days + 1, warmup_days=(first - start).days)


def _is_working(base: Scenario, on: date) -> bool:
    return base.is_working((on - base.start).days)


def _last(base: Scenario, first: date, observed: Observed) -> date | None:
    """The last day of the period; None where a year after it the center has not opened often enough."""
    if observed.days is not None:
        return first + timedelta(observed.days - 1)
    wanted = observed.open_days or 0
    days = (first + timedelta(n) for n in range(_A_YEAR + 7 * wanted))
    opened = list(islice((day for day in days if base.calendar.opening(day)), wanted))
    return opened[-1] if len(opened) == wanted else None


def _five_before(base: Scenario, first: date) -> date:
    """The latest start from which there are five working days before ``first``."""
    days = (first - timedelta(n) for n in range(1, _A_YEAR))
    return list(islice((day for day in days if _is_working(base, day)), RUNNING_IN))[-1]


def _measuring(targets: Targets, metric: str, scope: str) -> Targets:
    """The targets, and one that makes a run count those within T minutes where ``metric`` does."""
    if not _WITHIN.fullmatch(metric) or any(item.metric == metric and item.scope == scope for item in targets.items):
        return targets
    return targets.replace(items=(*targets.items, Target(metric=metric, scope=scope, at_least=0.5)))


def realizations(runs: Replications, metric: str, open_days: int, scope: str = "all") -> Floats:
    """The figure in each replication, one value a replication, nan where there was nobody to measure.

    ``metric`` as :func:`sim.observed.is_observable` has it; counts a day are divided by ``open_days``.
    """
    count = metric.removesuffix(A_DAY)
    if count != metric and count in COUNTED:
        return realizations(runs, count, 1, scope) / open_days
    if metric == DOSSIERS:
        return runs.pair(("wait_per_resolved", scope))[1]
    if metric in QUANTILES:
        return np.array([_quantile(one.waits[scope], QUANTILES[metric]) for one in runs])
    numerator, denominator = runs.pair((metric, scope))
    absent = np.full(len(runs), np.nan)
    found: Floats = np.divide(numerator, denominator, out=absent, where=denominator > 0)
    return found


def _quantile(waits: Histogram, p: float) -> float:
    """The wait, in minutes, that a share ``p`` of the visits of one replication did not exceed."""
    pool = pooled([waits])
    return pool.at(p) / SECONDS_A_MINUTE if pool.size else np.nan
