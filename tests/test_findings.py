"""The pages of searches, selections, placements and looks at assumptions say what was found, and look right."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser

import sim
from experiments.search import main
from sim.assumed import Assumed
from sim.assumptions.draws import uncertain
from sim.assumptions.everywhere import morris, sobol
from sim.assumptions.one_by_one import rests_on
from sim.assumptions.trials import in_memory
from sim.headroom import headroom
from sim.intervals import Estimate
from sim.placement import Lent, chosen, compared
from sim.provinces import centers_of
from sim.reopening import Made
from sim.report.page.called import center_called, way_name
from sim.report.page.finding import Finding, page
from sim.report.page.findings import headroom as of_headroom
from sim.report.page.findings import place, search, select, sensitivity, warmup
from sim.report.page.numbers import figure
from sim.report.page.words import LANGUAGES, said
from sim.result import Result
from sim.search import search as searched
from sim.selection.answer import select as selected
from sim.selection.question import Question
from sim.simulations import Simulations
from sim.study import Study
from sim.warmup import settled
from tests.browsing import axe, opened, printed, sheets
from tests.test_page import read

HOSTILE = "<img src=x onerror=alert(1)>"
QUEUE = [
    "center=textbook", f'name="{HOSTILE}"', "arrivals.rate_per_hour=25.0", "days=4", "warmup_days=1",
    "money.official_hour=50000.0", "replications=8",
]  # fmt: skip
OFFICE = ["center=phuc_hoa", f'name="{HOSTILE}"', "days=14"]
TABLE = f'name,per_day,officials\n"{HOSTILE}",40,4\nHai,5,4\n'
LENT = [
    "center=phuc_hoa", "days=8", "replications=3", "engine=reference", "policy=[secondment]",
    "policy.secondment.days=30", "policy.secondment.lender_officials=10",
]  # fmt: skip
WIDE = Estimate(0.0, -9.0, 9.0, 9.0, 0.95, "", 6)
MADE = Made(("motcua", "search"), "0" * 20, {"motcua": "0"}, "a machine", 1.0)


def target(at_most: float) -> str:
    return f"targets={{name: short, items: [{{metric: wait_mean, at_most: {at_most}, indifference: 0.2}}]}}"


def of_search(at_most: float) -> Finding:
    studies = sim.sweep([*QUEUE, "points.hall.counters=4,5,6,7", target(at_most)])
    return search.finding(searched(studies, Simulations(dict(enumerate(studies)), 1)))


def of_select(budget: int | None = None, within: float = 0.5) -> Finding:
    studies = sim.sweep([*QUEUE, "points.hall.counters=5,6,7", target(3.0)])
    simulated = Simulations(dict(enumerate(studies)), 1)
    return select.finding(selected(studies, Question("wait_mean", lowest=True, within=within), simulated, budget))


def assumed(at_most: float) -> Study:
    """With a wide assumption and a narrow one."""
    ranges = {"arrivals.rate_per_hour": Assumed(10.0, 40.0), "procedures.request.service.mean": Assumed(9.5, 10.5)}
    return queue(at_most).replace(assumed=ranges)


def measured(at_most: float) -> Study:
    """With one that was measured."""
    return queue(at_most).replace(measured={"procedures.request.service.mean": Assumed(9.0, 11.0)})


@cache
def queue(at_most: float) -> Study:
    return sim.load([*QUEUE, "points.hall.counters=6", target(at_most)])


def of_place() -> Finding:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "centers.csv"
        path.write_text(TABLE, encoding="utf-8")
        lent, simulations = Lent(centers_of(str(path), LENT), 3), Simulations({}, 1)
        return place.finding(compared(lent, chosen(lent, simulations), simulations), HOSTILE, 3)


def of_warmup() -> Finding:
    study = sim.load([*OFFICE, "replications=6"])
    return warmup.finding(study, settled(study))


KINDS: dict[str, Callable[[], Finding]] = {
    "search": lambda: of_search(3.0),
    "search in vain": lambda: of_search(0.001),
    "select": of_select,
    "select by budget": lambda: of_select(budget=60, within=0.001),
    "place": of_place,
    "one at a time": lambda: sensitivity.finding(rests_on(assumed(3.0), in_memory(1))),
    "morris": lambda: sensitivity.finding(morris(assumed(3.0), in_memory(1)), uncertain(assumed(3.0), in_memory(1))),
    "sobol": lambda: sensitivity.finding(
        sobol(assumed(3.0), in_memory(1)), uncertain(measured(3.0), in_memory(1), "measured")
    ),
    "headroom": lambda: of_headroom.finding(headroom(queue(6.0), in_memory(1))),
    "headroom of what fails": lambda: of_headroom.finding(headroom(queue(0.5), in_memory(1))),
    "warmup": of_warmup,
}


@cache
def finding(kind: str) -> Finding:
    return KINDS[kind]()


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def file(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(finding(kind), MADE), encoding="utf-8")
    return path


def test_it_is_told_in_both_languages_and_names_stay_text(kind: str, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "<img" not in text.lower()
    for language in LANGUAGES:
        told = read(text, language)
        assert HOSTILE in told
        assert said(finding(kind).found, language) in told
        assert not re.search(r"\{\w*\}|\bnan\b", told)
        assert language == "en" or "None" not in told
    assert said(finding(kind).found, "vi") != said(finding(kind).found, "en")


def test_every_link_leads_somewhere_and_an_id_is_one_element(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= set(ids)


@pytest.mark.browser
def test_it_is_right_in_a_browser_on_a_telephone_and_on_paper(browser: Browser, file: Path, tmp_path: Path) -> None:
    with opened(browser, file, viewport={"width": 360, "height": 740}, color_scheme="dark") as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 360
        assert axe(visit.page) == []
        visit.page.locator("label[for=in-en]").click()
        assert axe(visit.page) == []
        visit.clean()
    with opened(browser, file) as visit:
        visit.page.evaluate("document.querySelectorAll('main > :not(.answer)').forEach(one => one.remove())")
        assert sheets(printed(visit.page, tmp_path / "answer.pdf")) == 1
        visit.clean()


# What is found


def english(kind: str) -> str:
    return read(page(finding(kind), MADE, "en"), "en")


def test_the_cheapest_is_named_with_what_it_costs_and_how_long_people_wait() -> None:
    text, inside = english("search"), finding("search").inside
    assert "Yes. The cheapest that is shown to keep the promise: counters (hall): 6." in text
    assert inside is not None
    cost, wait = inside.way.cost, inside.way.figure("wait_mean")
    assert cost is not None
    assert wait is not None
    assert f"{cost * inside.way.a_month / 1e6:.2f} million VND a month for the state." in text
    assert f"Mean wait {said(figure('wait_mean', wait), 'en')}." in text


def test_what_was_sought_in_vain_is_no_yes() -> None:
    text = english("search in vain")
    assert "No. All 4 ways are shown to miss the promise, or ruled out because others do." in text
    assert "Yes" not in text
    assert finding("search in vain").sign == "missed"


def test_the_best_is_named_and_whether_it_keeps_the_promise() -> None:
    text = english("select")
    assert "The lowest mean wait: counters (hall): 7" in text
    assert "The best is shown to keep the promise: mean wait at most 3 min." in text
    assert "beaten by counters (hall): 7" in text


def test_a_verdict_that_depends_on_an_assumption_says_at_which_value_it_turns() -> None:
    text = english("one at a time")
    assert "but that depends on" in text
    turning = re.search(r"missed at 40, turns at ([\d.]+) \(([\d.]+) to ([\d.]+)\)", text)
    assert turning is not None
    value, low, high = map(float, turning.groups())
    assert 20 < low < value < high < 40


def test_how_far_demand_may_grow_is_the_turning_point() -> None:
    (turn,) = headroom(queue(6.0), in_memory(1)).turns
    text = english("headroom")
    assert f"Every promise is shown to be kept up to ×{turn.met_until:.2f} the number of people" in text
    assert f"by the figures alone, up to ×{turn.value:.2f} (" in text
    assert "Most can be spared in" in text or "Nobody can be spared" in text
    assert "As it is, missed. By the figures, every promise would be kept up to ×0." in english(
        "headroom of what fails"
    )


def test_an_undecided_center_that_stands_any_demand_is_no_yes() -> None:
    study = sim.load([*QUEUE, "points.hall.counters=60", "replications=1", target(6.0)])
    found = of_headroom.finding(headroom(study, in_memory(1)))
    assert found.sign == "undecided"
    assert said(found.found, "en").startswith("Not decided as it is: do not take it for a yes.")


def test_a_cheaper_way_that_was_not_confirmed_is_shown_as_that() -> None:
    studies = sim.sweep([*QUEUE, "points.hall.counters=4,5,6,7", target(3.0)])
    found = searched(studies, Simulations(dict(enumerate(studies)), 1))
    cheaper = found.systems[1]
    assert cheaper.runs is not None
    found.confirmed[1] = Result(cheaper.study, cheaper.runs)
    assert found.answer == 2
    assert search.verdict_of(found, 1) == found.confirmed[1].verdict != "met"
    told = read(page(search.finding(found), MADE, "en"), "en")
    assert "Cheaper ways that seemed to keep it, which fresh runs did not confirm: 1." in told


def test_what_suffices_within_error_is_undecided() -> None:
    study = sim.load([*OFFICE, "replications=6"])
    found = settled(study)
    unsure = [replace(one, left=replace(one.left, estimate=WIDE)) for one in found if one.left is not None]
    assert {one.answer for one in unsure} == {"suffices, within error"}
    told = warmup.finding(study, unsure)
    assert told.sign == "undecided"
    assert said(told.found, "en").startswith("Not decided: no difference that matters is seen")


def test_lent_officials_go_where_they_help_and_what_that_costs_is_told() -> None:
    text = english("place")
    assert "3 officials are lent to the 2 commune-level centers of" in text
    assert re.search(r"Lending them shortens the mean wait|No rule is shown to shorten the mean wait", text)
    assert "a month for the state without them" in text


def test_what_the_command_gave_stands_beside_the_center() -> None:
    study = sim.load(["center=phuc_hoa", "demand=2", "days=14"])
    assert said(center_called([study]), "en") == "Phục Hòa · demand=2.0"
    assert said(way_name(study), "en") == "as it is now"
    staffed = sim.load(["center=phuc_hoa", "staff.justice.count=1", "days=14"])
    assert said(way_name(staffed), "en") == "the way the command states"


def test_programs_write_their_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = [*QUEUE, "points.hall.counters=5,6", target(3.0), "workers=1", f"out={out}", "lang=en"]
    assert main(words) == 0
    assert f"page:    {out / 'report.html'}" in capsys.readouterr().out
    text = (out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert "counters (hall): 6" in read(text, "en")
    assert main([*words[:-1], "lang=fr"]) == 2
    assert "lang: given 'fr', wanted one of vi, en" in capsys.readouterr().err
