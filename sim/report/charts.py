"""Which charts a set of results has, and their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.comparison import Difference
from sim.offered_load import load_sheet
from sim.report.back_office import has_back_office, results_against_terms
from sim.report.costs import compared_costs, cost_against_wait
from sim.report.day import through_the_day
from sim.report.detail import FOLDER, endings, free, in_detail
from sim.report.grids import wait_by_hour_and_weekday
from sim.report.growth import growing_demand, series_of
from sim.report.loads import load_sheet_chart
from sim.report.overtime import overtime_by_official, works_overtime
from sim.report.policies import policies_side_by_side
from sim.report.reentry import goes_over_to_paper, papers_to_type_in
from sim.report.style import rendered, title_of
from sim.report.theory import theory_beside_the_run
from sim.report.way.chart import way_chart
from sim.report.way.sources import way_through
from sim.report.within import served_within
from sim.report.wording import assumed, full_name, slug
from sim.result import Result
from sim.study import Study
from sim.writing import told

Write = Callable[[Path, Callable[[Path], Any]], None]
__all__ = [
    "cost_against_wait",
    "free",
    "growing_demand",
    "in_detail",
    "load_sheet_chart",
    "note_on",
    "overtime_by_official",
    "papers_to_type_in",
    "policies_side_by_side",
    "rendered",
    "results_against_terms",
    "served_within",
    "theory_beside_the_run",
    "through_the_day",
    "title_of",
    "wait_by_hour_and_weekday",
    "way_chart",
    "way_through",
    "write_charts",
]


def write_charts(
    folder: Path, results: Mapping[str, Result], differences: Sequence[Difference], write: Write
) -> list[str]:
    """Writes every chart that applies as ``charts/NAME.png`` and ``.svg``, and returns their paths in ``folder``.

    Comparisons come first, then each scenario's own: of more than four scenarios the best, the worst, the
    baselines and the first have them. ``write(path, function)`` is to call ``function`` with the path to fill.
    """
    if not results:
        return []
    with told(folder / FOLDER):
        (folder / FOLDER).mkdir(exist_ok=True)
    names = []
    for name, figure in _figures(results, differences):
        for kind in ("png", "svg"):
            write(folder / FOLDER / f"{name}.{kind}", partial(Path.write_bytes, data=rendered(figure, kind)))
            names.append(f"{FOLDER}/{name}.{kind}")
    return names


def _figures(results: Mapping[str, Result], differences: Sequence[Difference]) -> Iterator[tuple[str, Figure]]:
    """Names of files, each once, and charts, one at a time: a chart takes megabytes."""
    series = series_of(results)
    if len(results) > 1 and not any(len(one.results) == len(results) for one in series):
        yield "policies_side_by_side", policies_side_by_side(results, differences)
    costs = compared_costs(results)
    names: set[str] = set()
    for group in costs:
        own = free(slug(next(iter(group.values())).study.base.name), names)
        yield f"cost_against_wait{f'-{own}' if len(costs) > 1 else ''}", cost_against_wait(group)
    if series:
        yield "growing_demand", growing_demand(results)
    yield "served_within", served_within(results)
    for label, ending in endings(results).items():
        for name, figure in _of_a_scenario(results[label]):
            yield f"{name}{ending}", figure


def _of_a_scenario(result: Result) -> Iterator[tuple[str, Figure]]:
    """The charts of one scenario."""
    study = result.study
    yield "through_the_day", through_the_day(result)
    yield "theory_beside_the_run", theory_beside_the_run(result)
    yield "wait_by_hour_and_weekday", wait_by_hour_and_weekday(result)
    if works_overtime(result):
        yield "overtime_by_official", overtime_by_official(result)
    if goes_over_to_paper(study.scenario):
        yield "papers_to_type_in", papers_to_type_in(result)
    if has_back_office(study.scenario):
        yield "back_office", results_against_terms(result)
    yield "load_sheet", load_sheet_chart(load_sheet(study.scenario), full_name(study), note_on(study))
    yield "way", way_chart(way_through(study), full_name(study), note_on(study))


def note_on(study: Study) -> str:
    """How many inputs are assumptions, for a chart of a scenario alone."""
    said = assumed([study])
    return f"{said}." if said else ""
