"""Figures of a study by working day, from its first day on, and which of its days are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.calendar import weekday_of
from sim.executors import default_workers
from sim.intervals import Floats
from sim.plan import Kind, Plan
from sim.planning import replicate
from sim.running import Job, is_compiled, job, traces
from sim.scenario import Scenario
from sim.study import Study
from sim.tally import Integers, tally_of
from sim.trace import Trace
from sim.units import DAY, MINUTE, NEVER, day_of
from sim.yardstick import Yardstick

_LONGEST_GAP = 60
"""Days that are looked at for the next working day: what closes for longer closes for the same as this."""


@dataclass(frozen=True, eq=False)
class Series:
    """A figure by working day and replication, float64[R, days]: ``over`` / ``under``.

    ``days`` are calendar days. ``kinds``: days of the same number are alike, see :func:`kinds_of_days`.
    """

    name: str
    over: Floats
    under: Floats
    days: Floats
    kinds: Integers

    @property
    def mean(self) -> tuple[Floats, Floats]:
        """Sums over all replications, day by day."""
        return self.over.sum(axis=0), self.under.sum(axis=0)


def kinds_of_days(scenario: Scenario, plan: Plan, days: Integers) -> Integers:
    """A number for each of some working days, the same for days that are alike.

    Alike are days of one weekday on which as many people are expected (seasons, books), of whom as many move to a
    Saturday, in a storm or in none, as many calendar days after the last working day and before the next one: what
    follows a holiday, or goes before it, is like no other day of its weekday.
    """
    known: dict[tuple[object, ...], int] = {}
    found = []
    for day in days:
        of, demand = plan.days[day], plan.demand[0, day]
        around = [_gap(scenario, int(day), step) for step in (-1, 1)]
        moves, people = demand["moves_to"] != NEVER, round(float(demand["people"]), 6)
        kind = (weekday_of(day_of(scenario.start, int(day))), people, bool(moves), bool(of["storm"]), *around)
        found.append(known.setdefault(kind, len(known)))
    return np.array(found, np.int64)


def _gap(scenario: Scenario, day: int, step: int) -> int:
    """Calendar days to the next working day, or with ``step`` -1 from the last one, also outside of the run."""
    gaps = range(1, _LONGEST_GAP)
    return next((gap for gap in gaps if scenario.is_working(day + step * gap)), _LONGEST_GAP)


def dated(scenario: Scenario) -> tuple[str, ...]:
    """Keys of what goes by date and :func:`kinds_of_days` does not know: by it, days differ that are alike."""
    dates = {
        f"staff.{name}.{key}"
        for name, group in scenario.staff.items()
        for key in ("learning", "leave", "first", "last")
        if getattr(group, key)
    }
    windows = scenario.network.windows if scenario.network is not None else ()
    return (*sorted(dates), *(("network.windows",) if any(one.first or one.last for one in windows) else ()))


def series_of(study: Study, done: Callable[[], None] = lambda: None) -> tuple[Series, ...]:
    """The figures of a study that is measured from its first day on, by working day.

    ``done`` is called after each replication.
    """
    own = job(study)
    working = np.flatnonzero(own.plan.days["is_working"])
    kinds = kinds_of_days(study.scenario, own.plan, working)
    days, cases = list[Integers](), list[Floats]()
    for of_days, under_way in _replications(study, own):
        days.append(of_days)
        cases.append(under_way)
        done()
    came, joined, waited, records = (np.array(days, float)[:, working, column] for column in (0, 1, 2, -1))
    ones = np.ones(came.shape)
    found = [("wait_mean", waited / MINUTE, joined), ("visits_per_day", came, ones)]
    others = {"cases_under_way": np.array(cases)[:, working], "records_to_type_in": records}
    found += [(name, counts, ones) for name, counts in others.items() if counts.any()]
    return tuple(Series(name, over, under, working.astype(float), kinds) for name, over, under in found)


def _replications(study: Study, own: Job) -> Iterator[tuple[Integers, Floats]]:
    """Sums by day, and cases under way as each day ends, of one replication after another.

    Where the compiled engine runs it no trace is made but for cases, and replications run abreast.
    """
    if not is_compiled(study):
        yield from ((tally_of(one, own.by).days[0], under_way(one, own.by)) for one in traces(study))
        return
    one = partial(_compiled, study, own)
    with ThreadPoolExecutor(default_workers()) as executor:
        try:
            yield from executor.map(one, range(study.replications))
        finally:
            executor.shutdown(cancel_futures=True)


def _compiled(study: Study, own: Job, replication: int) -> tuple[Integers, Floats]:
    from sim.models.compiled.engine import run, tally

    plan = replicate(own.plan, study.seed, replication)
    of_days = tally([plan], own.by).days[0]
    return of_days, under_way(run(plan), own.by) if len(plan.steps) else np.zeros(len(of_days))


def under_way(trace: Trace, by: Yardstick) -> Floats:
    """Visits whose result the back office makes, from their arrival until the last step ends, as each day ends."""
    tasks, days = trace.tasks, trace.horizon // DAY
    steps = tasks[np.isin(tasks["kind"] - len(by.fields), (Kind.STEP, Kind.APPROVAL))]
    ready = np.full(len(trace.visits), NEVER)
    np.maximum.at(ready, steps["visit"], np.where(steps["end"] == NEVER, trace.horizon, steps["end"]))
    some = ready != NEVER
    begun, ended = (np.bincount(at[some] // DAY, minlength=days + 1)[:days] for at in (trace.visits["arrival"], ready))
    return np.asarray(np.cumsum(begun - ended), float)
