"""A trace as tables: every row of it, with the names of its scenario, and figures that come out the same from them."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

import sim
from sim.events.happened import Activity
from sim.events.log import ACTIVITIES
from sim.faults import BadInput
from sim.rows import ROWS, TASKS
from sim.running import job
from sim.study import Study
from sim.trace import Trace
from sim.units import MINUTE, NEVER

SITUATIONS = {
    "results on the spot": ("center=phuc_hoa", "days=14", "demand=4", 'results.cut_off="10:00"'),
    "guided, some give up": ("center=cam_duong", "days=14", "demand=4", "policy=guidance_desk"),
    "filed from home": ("center=na_hy", "days=14", "demand=4"),
    "paper, storms, volunteers": ("center=central_highlands", "days=14", "policy=volunteers"),
    "sent where they are needed": ("center=cam_duong", "days=14", "policy=floating_official"),
    "nobody comes": ("center=cam_duong", "days=9", "demand=0.0"),
}
EACH = pytest.mark.parametrize("name", SITUATIONS)


@cache
def played(name: str) -> tuple[Study, Trace]:
    study = sim.load(list(SITUATIONS[name]))
    return study, sim.run(sim.make_plan(study.scenario, seed=study.seed, replication=0), engine="reference")


def tables(name: str) -> dict[str, pd.DataFrame]:
    study, trace = played(name)
    return {rows: sim.frame(trace, study.scenario, rows) for rows in ROWS}


@EACH
def test_each_row_of_the_trace_is_a_row_and_each_time_is_kept(name: str) -> None:
    _, trace = played(name)
    for rows, table in tables(name).items():
        given = getattr(trace, rows)
        assert len(table) == len(given)
        for column in {"entry", "start", "end", "time", "arrival", "departure"} & set(table) & set(given.dtype.names):
            times = np.where(given[column] == NEVER, np.nan, given[column] / MINUTE)
            np.testing.assert_array_equal(table[column], times, f"{rows}.{column}")
    assert tables(name)["visits"].equals(sim.frame(trace, played(name)[0].scenario))


@EACH
def test_visits_are_those_of_the_result(name: str) -> None:
    study, _ = played(name)
    one = sim.simulate(study.replace(replications=1, engine="reference"), workers=1)
    assert one.visits.drop(columns="replication").equals(tables(name)["visits"])


@EACH
def test_tasks_are_told_as_in_the_event_log(name: str) -> None:
    """Another road to the same: starts by activity, official and point, from both."""
    study, _ = played(name)
    log = sim.event_log(study.replace(engine="reference"), warmup=True)
    begun = log[log["lifecycle"].isin(["start", "resume"])]
    told = begun.groupby(["activity", "official", "point"], observed=True, dropna=False).size()
    tasks = tables(name)["tasks"].dropna(subset="start")
    mine = tasks.groupby(["task", "official", "point"], observed=True, dropna=False).size()
    assert mine.to_dict() == told.to_dict() or (mine.empty and told.empty)
    assert {key for key, n in told.items() if n} == {key for key, n in mine.items() if n}
    reception = tasks[tasks["task"] == "reception"]
    assert reception["field"].notna().all()
    assert tasks["field"].notna().sum() == len(reception)


def test_names_of_tasks_are_those_of_activities() -> None:
    assert ACTIVITIES[Activity.RECEPTION :] == TASKS


@EACH
def test_utilization_and_overtime_come_out_of_tasks_and_shifts(name: str) -> None:
    """What officials did, with pandas alone: work in and beyond the spans in which they were on duty and not away."""
    study, trace = played(name)
    tasks, shifts = tables(name)["tasks"], tables(name)["shifts"]
    begin, over = trace.warmup / MINUTE, trace.horizon / MINUTE
    work = tasks.dropna(subset="start").assign(end=lambda t: t["end"].fillna(over))
    work, paid = (t.assign(start=t["start"].clip(begin), end=t["end"].clip(begin)) for t in (work, shifts))
    both = work.reset_index().merge(paid, on="official", suffixes=("", "_of_shift"))
    inside = (both[["end", "end_of_shift"]].min(axis=1) - both[["start", "start_of_shift"]].max(axis=1)).clip(0).sum()
    beyond = (work["end"] - work["start"]).sum() - inside
    sums = sim.measure(trace, job(study).by).sums
    assert sums["overtime_per_day", "all"][0] == pytest.approx(beyond, abs=1e-3)
    there = paid[~paid["away"]]
    on_duty = (there["end"] - there["start"]).sum()
    assert on_duty > 0
    assert sums["utilization", "all"] == pytest.approx((MINUTE * inside, MINUTE * on_duty))


def test_shifts_say_who_is_away_paid_and_on_a_rest_day() -> None:
    study = sim.load(
        [
            *("center=cam_duong", "days=14", "policy=weekend_hours", "policy.weekend_hours.compensation=pay"),
            *("staff.point_2.absence.share=0.5",),
        ]
    )
    trace = sim.run(sim.make_plan(study.scenario, seed=1, replication=0), engine="reference")
    shifts = sim.frame(trace, study.scenario, "shifts")
    assert shifts["away"].any()
    assert set(shifts.loc[shifts["away"], "official"].astype(str).str.rpartition(" ")[0]) == {"point_2"}
    assert (shifts["start"] % 10080 // 1440 == 5)[shifts["rest_day"]].all()
    assert shifts["rest_day"].any()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"rows": "task"}, "rows: given 'task', wanted one of visits, tasks, shifts, decisions (did you mean tasks?)"),
        ({"scenario": "study"}, "scenario: given Study, wanted a Scenario: study.scenario"),
        ({"scenario": "days"}, "scenario: given Cam Đường, is not that of the trace: wanted study.scenario, policies"),
        ({"scenario": "base"}, "scenario: given Cam Đường, is not that of the trace: wanted study.scenario, policies"),
        ({"trace": "plan"}, "trace: given Plan, wanted a Trace, as sim.run gives"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_line(arguments: dict[str, str], said: str) -> None:
    study, trace = played("guided, some give up")
    longer = sim.load([*SITUATIONS["guided, some give up"], "days=15"])
    plan = sim.make_plan(study.scenario)
    others: dict[str, Any] = {"study": study, "days": longer.scenario, "base": study.base, "plan": plan}
    given: dict[str, Any] = {"trace": trace, "scenario": study.scenario}
    with pytest.raises(BadInput) as refused:
        sim.frame(**cast("Any", given | {name: others.get(one, one) for name, one in arguments.items()}))
    assert str(refused.value).startswith(said)
    assert len(refused.value.faults) == 1
