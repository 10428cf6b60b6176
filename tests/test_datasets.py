"""Figures as labelled arrays: the same sums as the tables, and the same estimates when they are added and divided."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr

import sim
from sim.datasets import AGGREGATE, BY
from sim.faults import BadInput
from sim.figures import COUNTS, METRICS, definition, is_measured_in
from sim.result import Result
from sim.runs.stored import StoredRuns
from sim.summary import QUANTILES
from tests.test_storage import cut

SMALL = ("center=cam_duong", "days=9", "replications=3", "engine=reference")


@cache
def result(*more: str) -> Result:
    return sim.simulate(sim.load([*SMALL, *more]), workers=1)


def ratios(total: xr.Dataset) -> xr.Dataset:
    under = total.sel(sums="denominator", drop=True)
    return total.sel(sums="numerator", drop=True) / under.where(under != 0)


@pytest.mark.parametrize("by", ["", *BY])
@pytest.mark.parametrize("more", [(), ("demand=4.0", "policy=guidance_desk"), ("demand=0.0",)])
def test_sums_added_and_divided_are_the_estimates_of_the_summary(by: str, more: tuple[str, ...]) -> None:
    own = result(*more)
    figures = ratios(own.dataset(by).sum("replication"))
    estimates = {key: one.value for key, one in own.figures.estimates.items() if key[0] not in QUANTILES}
    kinds = {key: key[1].partition("=")[0] for key in estimates}
    wanted = {key: value for key, value in estimates.items() if kinds[key] == (by or "all")}
    assert wanted or more == ("demand=0.0",)
    for (metric, scope), value in wanted.items():
        name = scope.partition("=")[2]
        at: dict[str, Any] = {by: int(name) if by == "hour" else name} if by else {}
        found = float(figures[metric].sel(at))
        assert found == pytest.approx(np.nan if value is None else value, rel=1e-12, nan_ok=True), (metric, scope)


def test_it_has_what_the_table_of_replications_has() -> None:
    table = result().replications.query("metric == 'wait_mean' and scope.str.startswith('hour=')").copy()
    table["hour"] = table["scope"].str.removeprefix("hour=").astype(int)
    wide = table.pivot_table(index="replication", columns="hour", values=["numerator", "denominator"])
    waits = result().dataset("hour")["wait_mean"]
    assert waits.dims == ("replication", "hour", "sums")
    assert list(waits["hour"].values) == sorted(waits["hour"].values) == list(wide["numerator"].columns)
    for name in ("numerator", "denominator"):
        np.testing.assert_array_equal(waits.sel(sums=name), wide[name])


def test_it_is_the_same_from_memory_and_from_disk(tmp_path: Path) -> None:
    """As a folder that is opened again has it."""
    kept = replace(result(), runs=StoredRuns(cut(result().runs[:3], [1], tmp_path), 3))
    for by in ("", *BY):
        assert kept.dataset(by).identical(result().dataset(by))


def test_a_mean_of_ratios_is_another_figure() -> None:
    """What the attribute warns of is no subtlety: the hours of a day are weighted wrongly."""
    sums = result("demand=4.0").dataset("hour")["wait_mean"].sum("replication")
    each = sums.sel(sums="numerator") / sums.sel(sums="denominator")
    whole = sums.sum("hour")
    added = float(whole.sel(sums="numerator") / whole.sel(sums="denominator"))
    assert added == pytest.approx(result("demand=4.0").figures.estimates["wait_mean", "all"].value)
    assert abs(float(each.mean()) / added - 1) > 0.01
    assert result().dataset().attrs == {"aggregate": AGGREGATE, "seed": 1}


def test_scenarios_lie_side_by_side_on_the_same_citizens() -> None:
    """What a scenario has not, a replication or an hour, is 0 over 0 and changes no figure."""
    study = result("replications=2").study
    arrivals = study.base.arrivals.replace(profile={"08:00": 1.0})
    few = sim.simulate(study.replace(base=study.base.replace(arrivals=arrivals)), workers=1)
    both = sim.dataset({"today": result(), "mornings": few}, "hour")
    assert dict(both.sizes) == {"scenario": 2, "replication": 3, "hour": both.sizes["hour"], "sums": 2}
    for name, one in {"today": result(), "mornings": few}.items():
        own, beside = one.dataset("hour"), both.sel(scenario=name)
        xr.testing.assert_equal(beside.sel(replication=own.replication, hour=own.hour).drop_vars("scenario"), own)
    assert not both.sel(scenario="mornings", replication=2).to_array().any()
    assert both.sel(scenario="mornings", hour=14)["wait_mean"].sum() == 0


def test_every_figure_says_what_it_is_and_in_what_unit() -> None:
    whole = result().dataset()
    assert set(QUANTILES).isdisjoint(whole.data_vars)
    assert {name.replace("_T", "_15") for name in (*METRICS, *COUNTS) if name not in QUANTILES} <= set(whole.data_vars)
    for name, variable in whole.items():
        assert variable.attrs == {"long_name": definition(str(name)), "units": variable.attrs["units"]}
        assert variable.attrs["long_name"]
        assert variable.attrs["units"]
    units = {name: whole[name].attrs["units"] for name in ("wait_mean", "overtime_day_most", "cost_per_day", "arrived")}
    assert units == {
        "wait_mean": "min",
        "overtime_day_most": "h",
        "cost_per_day": "VND",
        "arrived": "visits a replication",
    }
    added = whole.sum("replication")["wait_mean"]
    assert (added.sel(sums="numerator") / added.sel(sums="denominator")).attrs["units"] == "min"
    by_point = result().dataset("point")
    assert {str(name) for name in whole.data_vars if is_measured_in(str(name), "point=hall")} == set(by_point.data_vars)
    other = sim.simulate(sim.load([*SMALL, "money.currency=USD"]), workers=1)
    assert sim.dataset({"a": result(), "b": other})["cost_per_day"].attrs["units"] == "currencies differ"


@pytest.mark.parametrize(
    ("given", "by", "said"),
    [
        ({}, "", "results: given none, wanted results by the name of their scenario"),
        ([], "", "results: given list, wanted results by the name of their scenario"),
        ("result", "", 'results: given Result, wanted results by the name of their scenario: {"today": result}'),
        ({"a": "result", "b": 3}, "", "b: given int, wanted a Result, as sim.simulate gives"),
        ({"a": "result", "b": "seed=2"}, "", "b: given seed 2, wanted 1, as a has: a number of a replication stands"),
        ({"a": "result"}, "hours", "by: given 'hours', wanted one of field, priority, point, hour, or \"\" (did you m"),
        ({"a": "result"}, "all", "by: given 'all', wanted one of"),
    ],
)
def test_what_cannot_be_put_side_by_side_is_refused_in_a_line(given: object, by: str, said: str) -> None:
    def made(one: object) -> object:
        return {"result": result(), "seed=2": result("seed=2")}.get(one, one) if isinstance(one, str) else one

    results = {name: made(one) for name, one in given.items()} if isinstance(given, dict) else made(given)
    with pytest.raises(BadInput) as refused:
        sim.dataset(cast("Mapping[str, Result]", results), by)
    assert str(refused.value).startswith(said)
    assert len(refused.value.faults) == 1


def test_without_xarray_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(BadInput) as refused:
        result().dataset()
    assert str(refused.value) == "dataset: wanted the package xarray: pip install 'motcua[notebook]'"
