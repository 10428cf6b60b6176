"""Tables of results: their columns, absence as an empty cell, and figures that agree with the visits."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.table import WIDTH, table
from sim.door import sweep
from sim.figures import metric_names
from sim.frames import SUMMARY_COLUMNS, csv_text, replications_frame, summary_frame, visits_frame
from sim.planning import make_plan
from sim.result import Result
from sim.study import scopes_of
from sim.units import DAY, MINUTE

COLUMNS = [
    *("replication", "center", "point", "citizen", "visit", "procedure", "field", "channel", "priority", "outcome"),
    *("arrival", "reception_start", "reception_end", "departure", "wait", "time_in_center", "official"),
]
SMALL = ("center=cam_duong", "days=9", "replications=2")
GUIDED = ("demand=4.0", "policy=guidance_desk", "closing.rule=send_home")
CLOSED = [f"points.{name}.ticket_cap=0" for name in ("hall", "point_2", "point_3")]
NOBODY_HOME = [f"staff.{name}.count=0" for name in ("certification", "specialists", "point_2", "point_3")]
EXTREMES = {
    "as it is": (),
    "crowded": GUIDED,
    "held over": ("demand=5.0", "closing.rule=carry_over", "patience=null"),
    "nobody comes": ("demand=0.0",),
    "no officials": ("staff={}",),
    "all counts are 0": tuple(NOBODY_HOME),
    "no counters": ("points.hall.counters=0", "points.point_2.counters=0", "points.point_3.counters=0"),
    "nobody comes to nobody": ("demand=0.0", "staff={}"),
    "no tickets": tuple(CLOSED),
    "one replication": ("replications=1",),
}


@cache
def result(name: str) -> Result:
    return sim.simulate(sim.load([*SMALL, *EXTREMES[name]]), workers=1)


EACH = pytest.mark.parametrize("name", EXTREMES)


@EACH
def test_the_summary_has_every_figure_once_and_leaves_absent_ones_empty(name: str) -> None:
    frame = result(name).summary
    text = csv_text(frame)
    assert tuple(frame.columns) == SUMMARY_COLUMNS
    assert not frame.duplicated(["scenario", "metric", "scope"]).any()
    assert set(metric_names()) == set(frame["metric"][frame["scope"] == "all"])
    assert set(frame["scope"]) <= set(scopes_of(result(name).study.scenario))
    assert re.findall(r"(?i)(?<![^,\n])-?(?:inf|infinity|nan|none|null|<na>)(?![^,\n])", text) == []
    assert (frame["method"].str.len() > 0).all()
    known = frame.dropna(subset=["estimate", "lower", "upper"])
    assert (known["lower"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["upper"]).all()
    assert text.count("\n") == len(frame) + 1


@EACH
def test_replications_add_up_to_the_summary(name: str) -> None:
    """The estimate of each figure is the ratio of its sums over replications; without a denominator there is none."""
    frame = result(name).replications
    added = frame.groupby(["metric", "scope"])[["numerator", "denominator"]].sum()
    estimates = result(name).summary.set_index(["metric", "scope"])["estimate"].astype(float).reindex(added.index)
    expected = added["numerator"] / added["denominator"].where(added["denominator"] != 0)
    np.testing.assert_allclose(estimates, expected, rtol=1e-12)
    assert frame["value"].isna().equals(frame["denominator"] == 0)


def waited(visits: pd.DataFrame) -> pd.DataFrame:
    """Those who joined the queue."""
    return visits[visits["entry"].notna() & (visits["outcome"] != "balked")]


OUTCOMES = ("served", "advised", "reneged", "balked", "turned_away", "carried_over", "in_system")
FROM_VISITS: dict[str, Callable[[pd.DataFrame], float]] = {
    "arrived": lambda v: len(v) / 2,
    "wait_mean": lambda v: waited(v)["wait"].mean(),
    "wait_within_15": lambda v: float(((v["wait"] <= 15) & received(v)).sum()) / len(v),
    "time_in_center_mean": lambda v: waited(v)["time_in_center"].mean(),
    "visits_per_resolved": lambda v: len(v) / v["accepted"][received(v)].sum(),
    **{name: lambda v, name=name: float((v["outcome"] == name).sum()) / 2 for name in OUTCOMES},  # type: ignore[misc]
}


def received(visits: pd.DataFrame) -> pd.Series[bool]:
    """Those whose reception began, with a guide's answer or at a counter."""
    by_guide = visits["outcome"].isin(["advised", "incomplete_at_guidance"])
    return visits["reception_start"].notna() | by_guide


@pytest.mark.parametrize("name", ["as it is", "crowded", "held over", "no officials"])
def test_figures_can_be_had_from_the_visits(name: str) -> None:
    """Another road to the same figures: from the rows of visits, warm-up left out, with pandas alone."""
    study, visits = result(name).study, result(name).visits
    counted = visits[visits["arrival"] >= study.scenario.warmup * DAY / MINUTE]
    figures = {key[0]: e.value for key, e in result(name).figures.estimates.items() if key[1] == "all"}
    skipped = {"visits_per_resolved"} if name == "no officials" else set()
    for metric, figure in FROM_VISITS.items():
        if metric not in skipped:
            assert figures[metric] == pytest.approx(figure(counted)), metric


@EACH
def test_visits_have_their_columns_and_times_in_order(name: str) -> None:
    visits = result(name).visits
    assert [column for column in visits.columns if column in COLUMNS] == COLUMNS
    assert not visits.duplicated(["replication", "citizen", "visit"]).any()
    times = visits[["arrival", "entry", "reception_start", "reception_end", "departure"]].astype(float).ffill(axis=1)
    assert (np.diff(times.to_numpy(), axis=1) >= 0).all()
    unguided = visits[visits["reception_start"].notna()] if name != "crowded" else visits[:0]
    np.testing.assert_allclose(unguided["wait"], unguided["reception_start"] - unguided["entry"])
    assert (visits[["wait", "time_in_center"]] >= 0).to_numpy().all()
    assert visits["official"].notna().equals(visits["reception_start"].notna())
    assert (visits["accepted"] <= visits["dossiers"]).all()
    names = {"point": "points", "procedure": "procedures", "channel": "channels", "priority": "priorities"}
    for column, section in names.items():
        assert set(visits[column].unique()) <= set(getattr(result(name).study.scenario, section))


def test_a_citizen_has_one_number_under_every_policy() -> None:
    """Who brings what is the same with a desk: the first visits differ in nothing that the desk does not change."""
    today, desk = result("as it is"), sim.simulate(sim.load([*SMALL, "policy=guidance_desk"]), workers=1)
    own = ["citizen", "procedure", "priority", "channel", "dossiers", "arrival"]
    first = [r.visits[r.visits["visit"] == 0].set_index("replication")[own] for r in (today, desk)]
    assert first[0].equals(first[1])


def test_frames_of_nothing_are_empty() -> None:
    scenario = result("nobody comes").study.scenario
    visits = visits_frame(sim.run(make_plan(scenario)), scenario, 0)
    assert (len(visits), len(summary_frame({})), len(replications_frame({}))) == (0, 0, 0)


# The table on a terminal


@EACH
def test_the_table_shows_absence_and_verdicts_in_words(name: str) -> None:
    lines = table({"one": result(name)}, {"another": "OverflowError: more people than can be counted"}).splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    assert result(name).verdict in lines[2]
    assert lines[-1].startswith("another: could not be run: OverflowError")
    assert not re.search(r"\b(?:nan|inf|None)\b|\x1b", "\n".join(lines))
    if name.startswith("nobody"):
        assert lines[2].split()[1:] == ["n/a"] * 5 + [lines[2].split()[-2], "n/a"]


@pytest.mark.parametrize("experiment", ["first_verdict", "weekend_hours"])
def test_the_tables_of_shipped_experiments_fit(experiment: str) -> None:
    """Their labels, with the figures of a crowded center, all as wide as figures get."""
    studies = sweep([f"+experiment={experiment}", "replications=2", "days=9"])
    runs = result("crowded").runs
    lines = table({study.label: Result(study, runs) for study in studies}, {}).splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    words = " ".join(lines).replace("+ ", "+")
    assert all(" · ".join(study.label.split(" · ")[1:]) in words for study in studies)
