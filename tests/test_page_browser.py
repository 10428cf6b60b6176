"""The planner's page in a browser: nothing asked of a network, both languages, mouse and keyboard, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from experiments import province, run
from tests.browsing import Visit, axe, opened, printed, sheets

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
ANSWER_QUESTIONS = 5


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, without_charts: None) -> Path:
    """The page of a small sweep."""
    out = tmp_path_factory.mktemp("page") / "out"
    words = ["-m", "center=phuc_hoa", "policy=none,guidance_desk", "engine=reference", "days=7", "opening=true"]
    assert run.main([*words, "replications=4", "workers=1", f"out={out}"]) == 0
    return out / "report.html"


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    with opened(browser, file) as found:
        yield found
        found.clean()


def shown(page: Page, selector: str) -> str:
    """The text of an element, as it is seen."""
    return page.locator(selector).first.inner_text()


def test_it_opens_from_disk_and_asks_for_nothing(visit: Visit) -> None:
    assert "Phục Hòa" in shown(visit.page, "h1, .center")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_either_language(browser: Browser, file: Path, scheme: str) -> None:
    with opened(browser, file, color_scheme="dark" if scheme == "dark" else "light") as visit:
        assert axe(visit.page) == []
        visit.page.locator("label[for=in-en]").click()
        assert axe(visit.page) == []
        visit.clean()


def test_the_switch_changes_the_language_of_everything_seen(visit: Visit) -> None:
    page = visit.page
    before = shown(page, "main")
    page.locator("#in-vi").focus()
    page.keyboard.press("ArrowRight")
    after = shown(page, "main")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "thời gian chờ" in before.lower()
    assert "thời gian chờ" not in after.lower()
    assert "mean wait" in after.lower()


def test_the_five_questions_are_answered_in_the_first_screen(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    replies = visit.page.locator(".replies > div")
    assert replies.count() == ANSWER_QUESTIONS
    for nth in range(ANSWER_QUESTIONS):
        box = replies.nth(nth).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800
        link = replies.nth(nth).locator("a")
        assert visit.page.locator(link.get_attribute("href") or "").count() == 1


def test_a_way_is_chosen_for_the_details_and_left_out_of_the_picture(visit: Visit) -> None:
    page = visit.page
    names = [page.locator(f"#hours-1 .of-way[data-way='{n}']") for n in (0, 1)]
    other = "1" if page.locator(".way-choice").input_value() == "0" else "0"
    page.locator(".way-choice").select_option(other)
    assert [one.is_visible() for one in names] == [other == "0", other == "1"]
    box = page.locator(f"tr[data-way='{other}'] input.compare")
    box.focus()
    page.keyboard.press("Space")
    assert not page.locator(f"g.way[data-way='{other}']").is_visible()
    box.check()
    mark = page.locator("g.way[data-way='0']")
    mark.focus()
    assert shown(page, ".readout").startswith("1. ")
    assert "lit" in (page.locator("tr[data-way='0']").get_attribute("class") or "")


def test_a_day_is_walked_through_by_keyboard(visit: Visit) -> None:
    slider = visit.page.locator(".of-way:not([hidden]) .walk input").first
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    visit.page.keyboard.press("ArrowRight")
    after = slider.get_attribute("aria-valuetext")
    assert before is not None
    assert after is not None
    assert int(after[:2]) * 60 + int(after[3:]) == int(before[:2]) * 60 + int(before[3:]) + 5
    assert after in shown(visit.page, ".of-way:not([hidden]) .walk output")


def test_the_played_day_runs_and_stops(visit: Visit) -> None:
    page = visit.page
    stage = page.locator(".of-way:not([hidden]) .played").first
    button, clock = stage.locator("[data-played=play]"), stage.locator("[data-played=clock]")
    before = clock.inner_text()
    button.focus()
    page.keyboard.press("Enter")
    moved = "before => document.querySelector('.of-way:not([hidden]) [data-played=clock]').innerText !== before"
    page.wait_for_function(moved, arg=before)
    page.keyboard.press("Enter")
    stage.locator("[data-played=time]").focus()
    page.keyboard.press("End")
    assert clock.inner_text() > before


def test_a_telephone_scrolls_down_only(browser: Browser, file: Path) -> None:
    with opened(browser, file, viewport={"width": 360, "height": 740}) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        visit.clean()


def test_without_scripts_all_is_there_and_the_language_can_be_switched(browser: Browser, file: Path) -> None:
    with opened(browser, file, java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator(".chart").count() >= 3
        assert all(page.locator(".of-way").nth(n).is_visible() for n in range(page.locator(".of-way").count()))
        assert not page.locator(".walk, .choose, .readout").first.is_visible()
        page.locator("label[for=in-en]").click()
        assert "mean wait" in shown(page, "main").lower()
        assert "thời gian chờ" not in shown(page, "main").lower()


def test_the_answer_fills_one_sheet_of_paper(visit: Visit, tmp_path: Path) -> None:
    whole = sheets(printed(visit.page, tmp_path / "whole.pdf"))
    visit.page.evaluate("document.querySelectorAll('main > * > :not(.answer), #words').forEach(one => one.remove())")
    assert sheets(printed(visit.page, tmp_path / "answer.pdf")) == 1
    assert 2 < whole < 12


# Whole, as they ship


POLICIES = (
    "none", "guidance_desk", "add_officials", "weekend_hours", "evening_hours", "secondment", "information_campaign",
    "open_when_long", "cross_training", "bigger_hall", "volunteers", "pooled_queue",
)  # fmt: skip
WHOLE = {
    "sweep": (run.main, ["-m", "center=go_vap", "replications=40", f"policy={','.join(POLICIES)}"], 3e6),
    "province": (province.main, ["centers=lam_dong", "replications=20"], 1e7),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WHOLE)
def test_what_ships_is_right_in_a_browser(what: str, browser: Browser, tmp_path: Path) -> None:
    """12 policies in at most 3 MB, 124 centers in less than 10."""
    program, words, most = WHOLE[what]
    out = tmp_path / "out"
    assert program([*words, f"out={out}"]) == 0
    file = out / "report.html"
    assert file.stat().st_size <= most
    looks: list[tuple[Literal["light", "dark"], int]] = [("light", 1280), ("dark", 1280), ("light", 360)]
    for scheme, width in looks:
        with opened(browser, file, color_scheme=scheme, viewport={"width": width, "height": 800}) as visit:
            assert visit.page.evaluate("document.documentElement.scrollWidth") == width
            assert axe(visit.page) == []
            visit.page.locator("label[for=in-en]").click()
            assert axe(visit.page) == []
            visit.clean()
    with opened(browser, file) as visit:
        rest = "main > :not(.answer, .group), .group > :not(.answer)"
        visit.page.evaluate("rest => document.querySelectorAll(rest).forEach(one => one.remove())", rest)
        assert sheets(printed(visit.page, tmp_path / "answer.pdf")) == 1
