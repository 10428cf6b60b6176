"""The chart of the back office: the shares that it draws, its words, and where there is nothing to draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

import sim
from sim.report.back_office import has_back_office, results_against_terms
from sim.report.charts import title_of, write_charts
from sim.report.wording import percent
from sim.result import Result
from sim.runs.storage import Part, write_runs
from tests.test_charts import outside, overlapping, said
from tests.test_storage import whole

CENTER = ("center=cam_duong", "days=40", "warmup_days=14", "arrivals.per_day=90.0")
STEPS = "steps: [{work: {kind: lognormal, mean: 110.0, cv: 1.0}}]"
OFFICE = (
    f"+procedures.land.processing={{term: 2, {STEPS}}}",
    f"+procedures.business.processing={{term: 4, {STEPS}, signature: {{kind: exponential, mean: 3.0}}}}",
    "+back_office={delivery: {online: 1.0}}",
    "+staff.office={count: 2, role: specialist, skills: [land, business]}",
    "+staff.chairman={count: 1, role: leader, called_away: 0.5}",
)
PROMISE = "targets.items=[{metric: on_time_share, at_least: 0.9}]"


@cache
def simulated(*overrides: str) -> Result:
    return sim.simulate(sim.load([*CENTER, *(overrides or OFFICE), "replications=6"]), workers=1)


def bars(panel: Axes) -> dict[int, float]:
    """The heights of the bars by day, those that stand on others on top of them."""
    found: dict[int, float] = {}
    for bar in panel.patches:
        left, bottom, width, height = bar.get_extents().transformed(panel.transData.inverted()).bounds
        found[round(left + width / 2)] = max(found.get(round(left + width / 2), 0.0), bottom + height)
    return found


def drawn(result: Result) -> dict[str, Axes]:
    names = [name for name in result.study.scenario.procedures if name in {"land", "business"}]
    return dict(zip(names, results_against_terms(result).axes, strict=True))


def test_the_bars_are_shares_ready_by_the_end_of_each_day() -> None:
    """Counted again from the columns of visits and the on-time share of each field, which is one procedure's."""
    result = simulated()
    over, under = result.runs[:].curves["ready"]
    for name, panel in drawn(result).items():
        nth, spans = list(result.study.scenario.procedures).index(name), over.shape[1] // 6
        own = slice(nth * spans, (nth + 1) * spans)
        shares = 100 * over[:, own].sum(axis=0)[:-1] / under[:, own].sum(axis=0)[:-1]
        for day, height in bars(panel).items():
            assert height == pytest.approx(shares[day], abs=0.01)
        term = {"land": 2, "business": 4}[name]
        on_time = result.figures.estimates["on_time_share", f"field={name}"]
        assert bars(panel)[term] == pytest.approx(100 * (on_time.value or 0.0), abs=0.01)
        lines = [np.asarray(line.get_xdata(), float).ravel() for line in panel.lines]
        assert any(len(at) == 2 and (at == term + 0.5).all() for at in lines)
        interval = [np.asarray(line.get_ydata(), float) for line in panel.lines if line.get_linewidth() == 2.2]
        assert interval[0] == pytest.approx([100 * (on_time.lower or 0.0), 100 * (on_time.upper or 0.0)])
        assert panel.get_ylim()[0] == 0.0


def test_the_title_has_the_share_on_time_the_least_and_the_verdict() -> None:
    result, promised = simulated(), simulated(*OFFICE, PROMISE)
    share = {scope: result.figures.estimates["on_time_share", scope].value or 0.0 for scope in ("all", "field=land")}
    title = title_of(results_against_terms(result))
    assert f"{percent(share['all'])} of results are ready within their term" in title
    assert f"“land”, {percent(share['field=land'])}" in title
    assert promised.verdicts[0].metric == "on_time_share"
    assert f"target at least 90 %: {promised.verdicts[0].verdict}" in title_of(results_against_terms(promised))
    words = said(results_against_terms(promised))
    assert "target: 90 %" in words
    assert "due in 2 days" in words
    assert "inputs are assumptions" in words


def test_no_text_leaves_the_page_or_lies_on_another() -> None:
    long = "mot_thu_tuc_co_ten_rat_dai_trong_linh_vuc_dat_dai_va_nha_o"
    entry = f"share: 0.05, field: land, service: {{kind: exponential, mean: 9.0}}, processing: {{term: 1, {STEPS}}}"
    longer = simulated(*OFFICE, "procedures.social.share=0.0", f"+procedures.{long}={{{entry}}}")
    assert "mot thu tuc" in said(results_against_terms(longer))
    for result in (simulated(), simulated(*OFFICE, PROMISE), longer):
        figure = results_against_terms(result)
        assert outside(figure) == []
        assert overlapping(figure) == []


def test_where_no_term_ends_within_the_run_there_is_nothing_to_draw() -> None:
    terms = ("procedures.land.processing.term=60", "procedures.business.processing.term=60")
    figure = results_against_terms(simulated(*OFFICE, *terms))
    assert "no term of a dossier that was accepted ends within the run" in title_of(figure)
    some = results_against_terms(simulated(*OFFICE, terms[0]))
    assert "No term ends within the run for land." in said(some).replace("\n", " ")
    assert len(some.axes) == 1


def test_it_is_made_where_there_is_a_back_office_alone(tmp_path: Path) -> None:
    def write(path: Path, fill: Any) -> None:
        fill(path)

    result, plain = simulated(), simulated("policy=none")
    assert {"charts/back_office.png", "charts/back_office.svg"} <= set(write_charts(tmp_path, {"a": result}, [], write))
    assert not has_back_office(plain.study.scenario)
    assert not any("back_office" in name for name in write_charts(tmp_path, {"b": plain}, [], write))
    with pytest.raises(ValueError, match="a back office"):
        results_against_terms(plain)


def test_what_it_draws_is_kept_in_the_folder_of_results(tmp_path: Path) -> None:
    runs = simulated().runs[:]
    write_runs(tmp_path / "one", 0, runs)
    assert whole(Part.checked(tmp_path / "one").runs()) == whole(runs)
    assert "ready" in runs.curves
