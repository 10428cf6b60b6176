"""How soon results of the back office are ready: the tally against dates walked one by one, and both engines."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.door import load
from sim.metrics import measure
from sim.models.center import run as reference
from sim.models.compiled.engine import run as compiled
from sim.models.compiled.engine import tally
from sim.plan import Kind
from sim.planning import flatten, make_plan, replicate
from sim.runs.replications import Metrics
from sim.scenario import Scenario
from sim.tally import joined, tally_of
from sim.trace import Trace
from sim.units import DAY, NEVER
from sim.yardstick import yardstick
from tests.plans import EVERYTHING, WHOLE_CENTER, scenario
from tests.test_compiled import assert_same_tallies

TARGETS = load(["center=go_vap"]).targets
LAND = WHOLE_CENTER["procedures"]["land"]


def center(term: int, days: int = 20, minutes: float = 60.0) -> Scenario:
    """With holidays in the second week, more dossiers than the office can do, and two procedures of one field.

    All are filed at the hall, so that as much waits for the office as it says.
    """
    slow = {"term": term, "steps": [{"work": {"kind": "lognormal", "mean": minutes, "cv": 1.0}}]}
    procedures: dict[str, Any] = {
        **WHOLE_CENTER["procedures"],
        "land": {**LAND, "share": 0.1, "processing": slow},
        "transfer": {**LAND, "share": 0.1, "field": "land", "processing": {**LAND["processing"], "term": min(term, 2)}},
    }
    hours = {**WHOLE_CENTER["calendar"], "closures": [{"first": "2026-06-09", "last": "2026-06-10"}]}
    at_hall = {"channels": EVERYTHING["channels"], "choice": None}
    return scenario(**{**WHOLE_CENTER, **at_hall, "procedures": procedures, "calendar": hours, "days": days})


@cache
def walked(term: int) -> tuple[Scenario, Trace, Metrics]:
    one = center(term)
    trace = reference(make_plan(one, seed=3))
    return one, trace, measure(trace, yardstick(one, TARGETS))


def days_to(one: Scenario, received: int) -> list[int]:
    """The midnights that end the day of a time and each working day after it within the run."""
    first = received // DAY
    on = [one.start + timedelta(days=day) for day in range(one.days)]
    later = [day for day in range(first + 1, one.days) if on[day].weekday() < 5 and on[day].day not in {9, 10}]
    return [(day + 1) * DAY for day in (first, *later)]


@pytest.mark.parametrize("term", [0, 2, 30])
def test_the_share_ready_within_days_is_that_of_dates_walked_one_by_one(term: int) -> None:
    one, trace, found = walked(term)
    spans = yardstick(one, TARGETS).spans
    over, under = (np.zeros((4, spans)) for _ in range(2))
    kind = trace.tasks["kind"] - len(one.fields)
    steps, accepting = trace.tasks[np.isin(kind, (Kind.STEP, Kind.APPROVAL))], (kind < 0) | (kind == Kind.CHECK)
    for number in np.unique(steps["visit"]):
        visit, mine = trace.visits[number], steps[steps["visit"] == number]
        received = trace.tasks[(trace.tasks["visit"] == number) & accepting]["end"].max()
        ready = trace.horizon if (mine["end"] == NEVER).any() else mine["end"].max()
        for days, midnight in enumerate(days_to(one, received) if visit["arrival"] >= trace.warmup else ()):
            if days < spans:
                under[visit["procedure"], days] += visit["dossiers"] - visit["left"]
                over[visit["procedure"], days] += (visit["dossiers"] - visit["left"]) * (ready < midnight)
    ours, of = found.curves["ready"]
    known = np.arange(4 * spans) % spans < spans - 1
    assert 0 < over.sum() < under.sum()
    assert np.array_equal(ours[known], over.ravel()[known])
    assert np.array_equal(of[known], under.ravel()[known])


@pytest.mark.parametrize("term", [0, 2])
def test_at_their_term_they_are_the_share_on_time(term: int) -> None:
    one, _, found = walked(term)
    by = yardstick(one, TARGETS)
    at = np.arange(4) * by.spans + np.array(by.terms)
    over, under = found.curves["ready"]
    processed = [1, 3]
    assert found.sums["on_time_share", "all"] == (over[at][processed].sum(), under[at][processed].sum())
    assert found.sums["on_time_share", "field=land"] == found.sums["on_time_share", "all"]
    assert over[at][processed].min() > 0


def test_without_a_back_office_nothing_is_told_apart() -> None:
    one = scenario()
    found = measure(reference(make_plan(one)), yardstick(one, TARGETS))
    assert "ready" not in found.curves
    assert found.sums["on_time_share", "all"] == found.sums["processing_days_mean", "all"] == (0, 0)


@pytest.mark.parametrize("term", [0, 2, 30])
def test_what_is_folded_is_the_tally_of_the_trace(term: int) -> None:
    """Some dossiers take longer than the days that are told apart, some are not ready at the horizon."""
    one = center(term, days=26, minutes=250.0)
    plan, by = flatten(one), yardstick(one, TARGETS)
    plans = [replicate(plan, 4, nth) for nth in range(3)]
    found = tally(plans, by)
    assert found.ready.shape == (3, 4, min(2 * term + 5, 26) + 1, 3)
    assert [bool(found.ready[..., -1, column].sum()) for column in (0, 1)] == [term == 0, term < 30]
    assert (found.ready[..., 1] - found.ready[..., 2]).sum() > 0
    assert_same_tallies(found, joined([tally_of(compiled(own), by) for own in plans]))
