"""Charts: files, bytes, names, verdicts without color, and what they do where there is nothing to draw."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim.offered_load import LoadSheet, load_sheet
from sim.report.charts import (
    cost_against_wait,
    growing_demand,
    load_sheet_chart,
    overtime_by_official,
    papers_to_type_in,
    policies_side_by_side,
    rendered,
    served_within,
    theory_beside_the_run,
    through_the_day,
    title_of,
    wait_by_hour_and_weekday,
    way_chart,
    way_through,
    write_charts,
)
from sim.report.costs import COST, compared_costs
from sim.report.growth import breaking
from sim.report.reentry import days_down
from sim.report.style import apart, drawing, text_width, wrapped
from sim.report.wording import money, number, percent, plain, row_name, row_names, shortened, slug, span, telling
from sim.result import Result, against_baselines
from sim.statistics import ratio_estimate
from sim.study import Study
from sim.verdicts import Outcome

Results = Mapping[str, Result]
HOSTILE = "$x_1$ <b>&amp;\n100% {0} \\frac 東京 Nguyễn"
SHORT = ["center=cam_duong", "days=14"]


def swept(*overrides: str) -> dict[str, Result]:
    studies = sim.sweep([*SHORT, *overrides])
    return {study.label: sim.simulate(study, workers=1) for study in studies}


@pytest.fixture(scope="module")
def policies() -> Results:
    return swept("policy=none,guidance_desk,add_officials", "replications=3")


@pytest.fixture(scope="module")
def demands() -> Results:
    return swept("demand=0,1,4", "replications=5")


WEDNESDAY_TO_FRIDAY = 'network.windows=[{between: "00:00-24:00", speed: 0.0, first: 2026-06-10, last: 2026-06-12}]'


@pytest.fixture(scope="module")
def paper() -> Result:
    """A commune whose network is down for three days."""
    overrides = ["center=central_highlands", "replications=5", WEDNESDAY_TO_FRIDAY]
    return sim.simulate(sim.load(overrides), workers=1)


@pytest.fixture(scope="module")
def alone() -> Result:
    return next(iter(swept("replications=1").values()))


def renamed(result: Result, name: str, label: str) -> Result:
    study = result.study
    changed = {"base": study.base.replace(name=name), "label": label}
    return Result(study.model_copy(update=changed), result.runs)


def all_charts(results: Results) -> list[Figure]:
    """Every kind of chart that these results have."""
    one = next(iter(results.values()))
    figures = [through_the_day(one), wait_by_hour_and_weekday(one), served_within(results)]
    figures.append(theory_beside_the_run(one))
    figures.append(load_sheet_chart(load_sheet(one.study.scenario), plain(one.study.base.name), "1 of 2 assumed."))
    figures.append(way_chart(way_through(one.study), plain(one.study.base.name), "1 of 2 assumed."))
    figures += [overtime_by_official(one), *(cost_against_wait(group) for group in compared_costs(results))]
    return [*figures, policies_side_by_side(results, against_baselines(results))]


def texts(svg: bytes) -> list[str]:
    """The texts of an SVG, which must be well-formed."""
    root = ET.fromstring(svg)
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


def said(figure: Figure) -> str:
    return "\n".join(texts(rendered(figure, "svg"))).replace("\N{NO-BREAK SPACE}", " ")


def outside(figure: Figure) -> list[str]:
    """Texts that do not lie within the page, half a pixel of rounding allowed."""
    rendered(figure, "png")
    with drawing():
        width, height = figure.bbox.size
        found = []
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            box = text.get_window_extent()
            if not text.get_text().strip() or not text.get_visible():
                continue
            if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5:
                found.append(text.get_text())
    return found


# Files


def test_a_sweep_writes_every_chart_as_png_and_svg(policies: Results, tmp_path: Path) -> None:
    called: list[Path] = []

    def write(path: Path, fill: Any) -> None:
        beside = path.with_name(f".{path.name}.new")
        fill(beside)
        called.append(beside.replace(path))

    names = write_charts(tmp_path, policies, against_baselines(policies), write)
    assert sorted(names) == sorted(f"charts/{path.name}" for path in (tmp_path / "charts").iterdir())
    assert called == [tmp_path / name for name in names]
    assert len(set(names)) == len(names) == 2 * (3 + 6 * 3)
    assert "charts/through_the_day-add_officials.svg" in names
    for path in called:
        data = path.read_bytes()
        if path.suffix == ".png":
            assert data.startswith(b"\x89PNG\r\n")
        else:
            assert "Cam Đường" in " ".join(texts(data))


def test_one_scenario_has_plain_names_and_demand_a_chart_of_its_own(
    alone: Result, demands: Results, tmp_path: Path
) -> None:
    def write(path: Path, fill: Any) -> None:
        fill(path)

    single = write_charts(tmp_path, {"none": alone}, [], write)
    assert [name for name in single if name.endswith(".png")] == [
        f"charts/{name}.png"
        for name in (
            "served_within",
            "through_the_day",
            "theory_beside_the_run",
            "wait_by_hour_and_weekday",
            "overtime_by_official",
            "load_sheet",
            "way",
        )
    ]
    growing = write_charts(tmp_path, {name: demands[name] for name in ("demand=1", "demand=4")}, [], write)
    assert "charts/growing_demand.svg" in growing
    assert not any("policies_side_by_side" in name or "cost_against_wait" in name for name in growing)
    assert write_charts(tmp_path, {}, [], write) == []


def test_the_same_results_give_the_same_bytes_and_leave_matplotlib_as_it_was(policies: Results) -> None:
    before = dict(mpl.rcParams)
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "svg.hashsalt": "other", "text.parse_math": True}):
        first = [(rendered(f, "png"), rendered(f, "svg")) for f in all_charts(policies)]
    again = [(rendered(f, "png"), rendered(f, "svg")) for f in all_charts(policies)]
    assert first == again
    assert dict(mpl.rcParams) == before
    assert all(b"<dc:date>" not in svg for _, svg in first)


# Words


def test_what_a_user_writes_is_drawn_as_it_is(policies: Results) -> None:
    hostile = {name: renamed(result, HOSTILE, f"{HOSTILE} · {name}") for name, result in policies.items()}
    for figure in all_charts(hostile):
        svg = said(figure).replace("\n", " ")
        assert "$x_1$" in svg
        assert "<b>&amp;" in svg
        assert "100% {0}" in svg
        rendered(figure, "png")


def test_no_text_leaves_the_page(policies: Results, demands: Results) -> None:
    long = "Trung tâm Phục vụ hành chính công phường Bình Hưng Hòa B và các điểm tiếp nhận lưu động " * 3
    longer = {n: renamed(r, long, f"{long}{n}+{'extra_points+' * 6}{n}") for n, r in policies.items()}
    for results in (policies, longer):
        for figure in all_charts(results):
            assert outside(figure) == [], title_of(figure)
    assert outside(growing_demand(demands)) == []


def test_titles_hold_the_figures(policies: Results, demands: Results) -> None:
    best = max(r.figures.estimates["wait_within_15", "all"].value or 0.0 for r in policies.values())
    assert percent(best) in title_of(served_within(policies))
    assert title_of(through_the_day(policies["none"])).startswith("Cam Đường · none: on an average day the line is")
    assert "× 4" in title_of(growing_demand(demands))
    for figure in all_charts(policies):
        assert title_of(figure).startswith("Cam Đường")
        assert "inputs are assumptions" in said(figure) or "1 of 2 assumed" in said(figure)


def test_a_verdict_is_read_without_color(policies: Results) -> None:
    words = said(policies_side_by_side(policies, against_baselines(policies)))
    for result in policies.values():
        for verdict in [*(v.verdict for v in result.verdicts), result.verdict]:
            assert {"met": "met ✓", "missed": "missed ✗", "undecided": "undecided ?"}[verdict] in words
    if not any(result.verdict == "met" for result in policies.values()):
        assert "all targets: met" not in words


def test_one_replication_has_no_interval_and_no_yes(alone: Result) -> None:
    words = said(policies_side_by_side({"none": alone}, []))
    assert "no interval" in words
    assert "all targets: undecided ?" in words
    assert "met ✓\n" not in words
    assert "in this one replication" in title_of(wait_by_hour_and_weekday(alone))
    assert "no band" in said(through_the_day(alone))


# Where there is nothing


def test_nobody_came(demands: Results) -> None:
    nobody = {"nobody": demands["demand=0"]}
    assert "nobody came" in title_of(through_the_day(nobody["nobody"]))
    assert "n/a: nobody came" in said(wait_by_hour_and_weekday(nobody["nobody"]))
    assert "n/a: nobody came" in said(served_within(nobody))
    assert "n/a: nobody to measure" in said(policies_side_by_side(nobody, []))
    assert "n/a: nobody came" in said(served_within(demands))
    assert "\nn/a" in said(growing_demand(demands))
    assert "no work is offered" in title_of(load_sheet_chart(load_sheet(nobody["nobody"].study.scenario), "x"))


def test_demand_that_does_not_grow_is_refused(policies: Results) -> None:
    with pytest.raises(ValueError, match="differ in demand"):
        growing_demand(policies)


def test_loads_above_one_without_officials_and_without_work() -> None:
    work, minutes = np.zeros((1, 1, 48)), np.zeros((1, 1, 48))
    work[0, 0, 14:17] = 10.0, 45.0, 15.0
    minutes[0, 0, 15:18] = 30.0
    empty = np.zeros((1, 48))
    sheet = LoadSheet(
        ("land",), ("hall",), work, minutes, minutes[0], empty, empty, empty[0], empty[0], ("hall", ("land",), 0.78)
    )
    words = texts(rendered(load_sheet_chart(sheet, "Gò Vấp"), "svg"))
    assert [words.count(word) for word in ("∞", "150", "50", "0")] == [2, 2, 2, 2]
    assert words.count("78") == 2
    over = LoadSheet(
        ("land",), ("hall",), work, minutes, minutes[0], empty, empty, empty[0], empty[0], ("hall", ("land",), 1.2)
    )
    assert "is overloaded by land" in title_of(load_sheet_chart(over, "Gò Vấp"))
    nothing = LoadSheet(
        ("land",), ("hall",), 0 * work, 0 * work, empty, empty, empty, empty[0], empty[0], ("", (), 0.0)
    )
    assert "n/a: no work and nobody on duty" in said(load_sheet_chart(nothing, "Gò Vấp"))


# Never misleading


def test_axes_begin_at_zero(policies: Results, demands: Results) -> None:
    side_by_side = policies_side_by_side(policies, against_baselines(policies))
    assert [axes.get_xlim()[0] for axes in side_by_side.axes] == [0.0] * 5
    for figure in (through_the_day(policies["none"]), served_within(policies)):
        assert {axes.get_ylim()[0] for axes in figure.axes} == {0.0}
    assert [axes.get_ylim()[0] for axes in growing_demand(demands).axes[:2]] == [0.0, 0.0]
    assert cost_against_wait(policies).axes[0].get_ylim()[0] == 0.0
    assert overtime_by_official(policies["none"]).axes[0].get_xlim()[0] == 0.0


def test_the_curve_agrees_with_the_metric(policies: Results) -> None:
    line = served_within(policies).axes[0].lines[0]
    minutes, shares = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    for t in (15, 30):
        value = policies["none"].figures.estimates[f"wait_within_{t}", "all"].value
        assert shares[minutes == t][0] == pytest.approx(100 * (value or 0.0), abs=0.05)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of a chart that lie upon each other by more than a pixel."""
    rendered(figure, "png")
    with drawing():
        texts: list[Any] = figure.findobj(Text)
        seen = [text for text in texts if text.get_visible() and text.get_text().strip()]
        boxes = [(text.get_text(), text.get_window_extent()) for text in seen]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a.x0 + 1 < b.x1 and b.x0 + 1 < a.x1 and a.y0 + 1 < b.y1 and b.y0 + 1 < a.y1
    ]


def test_cost_against_wait_draws_the_estimates_and_joins_the_efficient_ones(policies: Results) -> None:
    panel = cost_against_wait(policies).axes[0]
    estimates = {name: result.figures.estimates for name, result in policies.items()}
    wanted = {
        name: ((found[COST, "all"].value or 0.0) / 1e6, found["wait_mean", "all"].value or 0.0)
        for name, found in estimates.items()
    }
    drawn = [np.column_stack(line.get_data()) for line in panel.lines]
    for at in wanted.values():
        assert any(len(points) == 1 and points[0] == pytest.approx(at) for points in drawn)
    joined = next(nth for nth, line in enumerate(panel.lines) if line.get_linestyle() == ":")
    efficient = {
        at for at in wanted.values() if not any(o[0] <= at[0] and o[1] <= at[1] and o != at for o in wanted.values())
    }
    assert drawn[joined] == pytest.approx(np.array(sorted(efficient)))
    assert {15.0} <= {float(np.atleast_1d(line.get_ydata())[0]) for line in panel.lines}
    words = said(cost_against_wait(policies))
    assert [name in words for name in policies] == [True] * len(policies)


def test_cost_is_compared_among_ways_of_running_only(policies: Results, demands: Results) -> None:
    assert [list(group) for group in compared_costs({**policies, "demand=4": demands["demand=4"]})] == [list(policies)]
    assert compared_costs(demands) == []
    with pytest.raises(ValueError, match="may choose"):
        cost_against_wait(demands)


def test_the_title_names_the_cheapest_way_that_meets_all(policies: Results) -> None:
    met = {name: r.figures.estimates[COST, "all"].value or 0.0 for name, r in policies.items() if r.verdict == "met"}
    title = title_of(cost_against_wait(policies))
    assert (f"“{min(met, key=lambda name: met[name])}”" in title) if met else ("none of 3 ways" in title)


def test_overtime_is_drawn_by_official_against_the_law(policies: Results, paper: Result) -> None:
    for result in (policies["none"], paper):
        over = result.runs[:].curves["overtime"][0].mean(axis=0)
        panel = overtime_by_official(result).axes[0]
        widths = [patch.get_extents().transformed(panel.transData.inverted()).width for patch in panel.patches]
        assert widths == pytest.approx(sorted(over, reverse=True))
        dashed = [line for line in panel.lines if line.get_linestyle() == "--"]
        assert [float(np.atleast_1d(line.get_xdata())[0]) for line in dashed] == [200.0]
    names = [label.get_text() for label in overtime_by_official(paper).axes[0].get_yticklabels()]
    assert names[-1].startswith("leaders")
    assert "all 5 officials keep to the 200 hours" in title_of(overtime_by_official(paper))


def test_overtime_beyond_the_law_and_of_one_replication(paper: Result, alone: Result) -> None:
    strict = paper.study.base.replace(overtime=paper.study.base.overtime.replace(year=1.0))
    beyond = Result(paper.study.model_copy(update={"base": strict}), paper.runs)
    many = int((paper.runs[:].curves["overtime"][0].min(axis=0) > 1.0).sum())
    assert f"{many} of 5 officials work more than the 1 hours" in title_of(overtime_by_official(beyond))
    assert "it is undecided whether 8 of 8 officials" in title_of(overtime_by_official(alone))
    assert "no interval" in said(overtime_by_official(alone))


def test_who_keeps_to_the_year_and_not_to_the_day(paper: Result) -> None:
    def title(**limits: float) -> str:
        law = paper.study.base.overtime.replace(**limits, beyond=True)
        strict = paper.study.model_copy(update={"base": paper.study.base.replace(overtime=law)})
        return " ".join(title_of(overtime_by_official(Result(strict, paper.runs))).split())

    most = {name: paper.figures.estimates[f"overtime_{name}_most", "all"].value for name in ("day", "month")}
    day, month = (f"the worst {name} has {number(most[name] or 0.0)} hours where" for name in most)
    kept = "all 5 officials keep to the 200 hours of overtime a year that the law allows"
    assert f"{kept}; most" in title()
    assert f"{kept}, but {day} 0.01 are allowed; most" in title(day=0.01)
    assert f"{kept}, but {day} 0.01 are allowed and {month} 0.02 are allowed; most" in title(day=0.01, month=0.02)


def test_papers_to_type_in_by_day(paper: Result, policies: Results) -> None:
    scenario, figure = paper.study.scenario, papers_to_type_in(paper)
    backlog = paper.runs[:].curves["records"][0][:, scenario.warmup :]
    mean = next(line for line in figure.axes[0].lines if line.get_label() == "mean")
    assert np.asarray(mean.get_ydata()) == pytest.approx(backlog.mean(axis=0))
    assert [on.day for on in days_down(scenario)] == [10, 11, 12]
    assert backlog.mean(axis=0)[8] == 0
    assert backlog.mean(axis=0)[11] > 10
    assert "the backlog is largest as 12/6 ends" in title_of(figure)
    assert "network down in a planned window" in said(figure)
    with pytest.raises(ValueError, match="on paper"):
        papers_to_type_in(policies["none"])


def test_dates_of_storms_are_shaded_and_others_said(paper: Result) -> None:
    dates = [{"first": "2026-06-15", "last": "2026-06-16"}]
    storms = {"every": 30.0, "days": 2, "dates": dates, "network_down": 1.0}
    base = paper.study.base.model_validate({**paper.study.base.model_dump(), "storms": storms})
    study = paper.study.model_copy(update={"base": base})
    figure = papers_to_type_in(sim.simulate(study, workers=1))
    shaded = [patch for patch in figure.axes[0].patches if patch.get_label() in {"storm on this date", ""}]
    assert "storm on this date" in said(figure)
    assert "Storms that have no date come about every 30 days" in said(figure).replace("\n", " ")
    assert len(shaded) == len(dates) + 3
    assert not outside(figure)


def test_who_goes_over_to_paper_has_the_chart(paper: Result, tmp_path: Path) -> None:
    names = write_charts(tmp_path, {"none": paper}, [], lambda path, fill: fill(path))
    assert "charts/papers_to_type_in.png" in names


def test_labels_of_costs_overtime_and_papers_do_not_overlap(policies: Results, paper: Result) -> None:
    long = {n: renamed(r, r.study.base.name, f"{n}+{'extra_points+' * 6}{n}") for n, r in policies.items()}
    many = {f"{n}{m}": renamed(r, r.study.base.name, f"{n}{m}") for m in range(4) for n, r in policies.items()}
    charts = [cost_against_wait(results) for results in (policies, long, many)]
    charts += [overtime_by_official(policies["none"]), overtime_by_official(paper), papers_to_type_in(paper)]
    for figure in charts:
        assert overlapping(figure) == [], title_of(figure)
        assert outside(figure) == [], title_of(figure)


def test_of_many_scenarios_baselines_best_and_worst_are_kept(policies: Results, demands: Results) -> None:
    assert telling(policies, 3) == list(policies)
    assert telling(demands, 2) == ["demand=1", "demand=4"]
    many = {f"{n} · {name}": result for n in range(9) for name, result in policies.items()}
    kept = telling(many, 8)
    assert len(kept) == 8
    assert kept[0] == "0 · none"
    assert f"8 of {len(many)} scenarios are shown" in said(served_within(many)).replace("\n", " ")


BREAKS: list[tuple[list[tuple[float, Outcome]], str]] = [
    ([(1, "met"), (4, "met"), (5, "missed")], "keeps its promise up to demand × 4 and breaks it between × 4 and × 5"),
    ([(1, "met"), (2, "met")], "keeps its promise at every demand tried, up to × 2"),
    ([(0, "n/a"), (1, "missed"), (2, "missed")], "breaks its promise at every demand tried, from × 1 on"),
    (
        [(1, "met"), (2, "undecided"), (3, "missed")],
        "keeps its promise up to demand × 1, is undecided at × 2 and has broken it by × 3",
    ),
    ([(1, "undecided"), (2, "met")], "is undecided at × 1"),
    ([(1, "undecided"), (2, "missed")], "is undecided at × 1 and breaks its promise by × 2"),
    ([(1, "missed"), (2, "met")], "keeps its promise at demand × 2 and breaks it at × 1, not in order"),
    ([(0, "n/a")], "is not judged: nothing was measured"),
]


@pytest.mark.parametrize(("found", "words"), BREAKS)
def test_where_the_promise_breaks(found: list[tuple[float, Outcome]], words: str) -> None:
    assert breaking(found) == words


# Figures and letters


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (percent(0.0), "0 %"), (percent(1.0), "100 %"), (percent(0.9999), "> 99.9 %"), (percent(0.0004), "< 0.1 %"),
        (percent(0.0099), "1.0 %"), (percent(0.524), "52 %"), (percent(0.967), "96.7 %"), (number(0.416), "0.42"),
        (number(16.46), "16.5"), (number(117.4), "117"), (number(1234.5), "1,234"), (number(-8.26), "−8.3"),
        (money(6620612.0, "VND"), "6.62 million VND"), (money(950_000.0, "VND"), "950,000 VND"),
        (slug("Gò Vấp · none"), "go_vap_none"), (slug("Cam Đường"), "cam_duong"), (slug("東京"), "scenario"),
        (plain("a\n\tb\x00"), "a b\N{REPLACEMENT CHARACTER}"), (plain("e\u0302\u0301"), "ế"),
        (shortened("abcdefghij", 5), "ab…ij"),
        (span("wait_mean", ratio_estimate(np.array([2.0, 3, 4]), np.ones(3))), "0.52 to 5.5 min"),
    ],
)  # fmt: skip
def test_figures_and_names_in_words(words: str, wanted: str) -> None:
    assert words == wanted


def test_a_row_is_named_without_its_center(alone: Result) -> None:
    def named(label: str) -> str:
        study: Study = alone.study.model_copy(update={"label": label})
        return row_name(study)

    assert named("cam_duong · none") == named("none") == named("") == "none"
    assert named("cam_duong · guidance_desk · demand=2") == "guidance_desk · demand=2"


def test_a_row_names_its_policy_once_and_a_group_not_what_all_share(alone: Result) -> None:
    def study(label: str, *policies: str) -> Study:
        update = {"label": label, "policies": tuple((name, None) for name in policies)}
        return alone.study.model_copy(update=update)

    paper = study("paper_fallback · policy.paper_fallback.typed_in=when_free · days=30", "paper_fallback")
    late = study("paper_fallback · policy.paper_fallback.typed_in=after_hours · days=30", "paper_fallback")
    both = study("a+b · policy.a.point=x · policy.b.point=y · policy.b.set_up=1", "a", "b")
    assert row_name(paper) == "paper_fallback · typed_in=when_free · days=30"
    assert row_name(both) == "a+b · policy.a.point=x · policy.b.point=y · set_up=1"
    assert row_names([paper, late]) == ["typed_in=when_free", "typed_in=after_hours"]
    assert row_names([paper, late, study("none · days=30")])[0] == "paper_fallback · typed_in=when_free"
    assert row_names([paper, study("paper_fallback · days=30")])[1] == "paper_fallback · days=30"
    assert row_names([paper]) == [row_name(paper)]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 9)), min_size=1, max_size=9))
def test_labels_apart_do_not_overlap_and_keep_their_order(things: list[tuple[float, float]]) -> None:
    places, sizes = [place for place, _ in things], [size for _, size in things]
    moved = apart(places, sizes, 103)
    order = sorted(range(len(things)), key=lambda i: moved[i])
    for low, high in pairwise(order):
        assert moved[high] - moved[low] >= (sizes[low] + sizes[high]) / 2 - 1e-9
        assert places[low] <= places[high]
    assert moved[order[-1]] + sizes[order[-1]] / 2 <= 103 + 1e-9


@given(st.text(alphabet="abcđường +_W%$", max_size=60), st.floats(0.3, 3.0))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: float) -> None:
    lines = wrapped(text, 9.0, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) == 1 or text_width(line, 9.0) <= width for line in lines if line)
