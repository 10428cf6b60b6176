"""The page of a province: it says what the figures say, names are text, and it works in a browser and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from experiments.province import main
from sim.centers import Province
from sim.coupling.measuring import ELSEWHERE, SHARED_USE
from sim.faults import BadInput
from sim.folder import Folder
from sim.provinces import centers_of, simulated
from sim.reopening import Made
from sim.report.page.province import Shown, page
from sim.report.page.tiles import tiles
from sim.report.page.words import LANGUAGES, catalog, said
from tests.browsing import Visit, axe, opened, printed, sheets

HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "Xã Đắk R’Măng " * 9
TABLE = f"""name,per_day,staff.justice.count,staff.specialists.count
Phường Đà Lạt,5,2,2
{HOSTILE},60,2,0
Xã Ba,9,2,2
"{LONG.strip()}",7,2,2
Không ai trực,60,0,0
"""
QUICK = ["center=phuc_hoa", "days=9", "replications=6", "engine=reference"]
MADE = Made(("motcua", "province", "centers=x.csv"), "0" * 20, {"motcua": "0.1.0"}, "a machine", 1.5)
SIGNS = {"met": "✓", "missed": "✗", "undecided": "?", "n/a": "–"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Province:
    path = tmp_path_factory.mktemp("table") / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    return simulated(centers_of(str(path), QUICK), workers=1)


@pytest.fixture(scope="module")
def file(small: Province, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(small, "tỉnh <b>nhỏ</b>", MADE), encoding="utf-8")
    return path


class Texts(HTMLParser):
    """All tags with their attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_tiles_are_in_the_order_of_risk(small: Province) -> None:
    found = tiles(small)
    risks = [("missed", "undecided", "met", "n/a").index(tile.verdict) for tile in found]
    assert risks == sorted(risks)
    assert [tile.rank for tile in found] == [1, 2, 3, 4, 5]
    assert {tile.name for tile in found if tile.verdict == "missed"} == small.failing
    assert HOSTILE in small.failing
    for verdict in ("undecided", "met"):
        waits = [tile.center.wait.value or 0.0 for tile in found if tile.verdict == verdict]
        assert waits == sorted(waits, reverse=True)


def test_a_missed_promise_comes_first_that_is_missed_by_more(small: Province) -> None:
    beyond = []
    for tile in tiles(small):
        share, wait = tile.figure("unserved_share"), tile.center.wait.value
        if tile.verdict == "missed" and share is not None and share.value is not None and wait is not None:
            beyond.append(max((share.value - 0.01) / 0.01, (wait - 15) / 0.5))
    assert len(beyond) > 1
    assert beyond == sorted(beyond, reverse=True)


def test_the_page_counts_and_names_what_the_province_says(small: Province) -> None:
    html = page(small, "lam_dong", MADE)
    shown = Shown(small, "lam_dong")
    verdicts = [small.verdict(name) for name in small.centers]
    assert shown.counts == {
        key: verdicts.count(key) for key in ("missed", "undecided", "met", "n/a") if key != "n/a" or key in verdicts
    }
    assert sum(shown.counts.values()) == 5
    assert "Lâm Đồng" in html
    parsed = Texts(html)
    listed = [known["data-verdict"] for tag, known in parsed.tags if tag == "li" and "data-verdict" in known]
    assert [listed.count(key) for key in ("missed", "undecided", "met")] == list(shown.counts.values())[:3]
    for language in LANGUAGES:
        sentence = said(shown.found, language)
        assert sentence in " ".join(parsed.text)
        assert not sentence.startswith(("Có.", "Yes."))
        assert all(str(shown.counts[key]) in sentence for key in shown.counts if shown.counts[key])
    names = {name for _, name in shown.failing}
    assert len(names) == len(small.failing)


def test_what_ties_centers_is_said_where_something_does(small: Province) -> None:
    ones = np.ones(6)
    tied = replace(small, own={ELSEWHERE: (0.25 * ones, ones), SHARED_USE: (0.5 * ones, ones)})
    labels = {said(label, "en"): said(value, "en") for label, value in Shown(tied, "x").totals}
    alone = {said(label, "en") for label, _ in Shown(small, "x").totals}
    assert labels["received at another center than their own"].startswith("25%")
    assert labels["time at work of the specialists whom all share"].startswith("50%")
    assert len(labels) == len(alone) + 2


def test_undecided_is_never_a_yes(small: Province) -> None:
    few = Province({name: one for name, one in small.centers.items() if name not in small.failing})
    shown = Shown(few, "x")
    start = {"met": "Có.", "undecided": "Chưa kết luận được", "missed": "Không phải", "n/a": "Không có người"}
    assert said(shown.found, "vi").startswith(start[shown.verdict])
    assert (shown.verdict == "met") == all(few.verdict(name) == "met" for name in few.centers)


def test_names_are_text(small: Province) -> None:
    html = page(small, HOSTILE, MADE)
    assert "<img" not in html
    parsed = Texts(html)
    assert "img" not in {tag for tag, _ in parsed.tags}
    assert not [key for _, known in parsed.tags for key in known if key.startswith("on")]
    assert parsed.text.count(HOSTILE) > 3
    assert "://" not in html


def test_both_catalogs_have_all_phrases() -> None:
    mine = [
        {key: set(re.findall(r"\{\w+\}", text)) for key, text in catalog(one).items() if "province" in key}
        for one in LANGUAGES
    ]
    assert mine[0] == mine[1]
    assert len(mine[0]) > 60


def test_the_program_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "centers.csv"
    given.write_text("name,per_day\nXã Một,5\nXã Hai,6\n", encoding="utf-8")
    words = [f"centers={given}", "center=phuc_hoa", "days=9", "replications=2", "engine=reference", "workers=1"]
    out = tmp_path / "out"
    assert main([*words, f"out={out}", "lang=fr"]) == 2
    assert "lang: given 'fr', wanted one of vi, en" in capsys.readouterr().err
    for language in LANGUAGES:
        assert main([*words, f"out={out}", f"lang={language}"]) == 0
        assert f"page:    {out / 'report.html'}" in capsys.readouterr().out
        html = (out / "report.html").read_text(encoding="utf-8")
        assert html.startswith(f'<!doctype html>\n<html lang="{language}">')
        assert f"lang={language}" in html
    (out / "report.html").unlink()
    (out / "report.html").symlink_to(given)
    assert main([*words, f"out={out}"]) == 2
    assert given.read_text(encoding="utf-8").startswith("name,per_day\n")


def test_a_page_that_is_somebody_elses_is_refused(tmp_path: Path, small: Province) -> None:
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput), Folder(tmp_path, [small.study]):
        pass
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "mine"


@pytest.fixture(scope="module")
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    with opened(browser, file, viewport={"width": 1200, "height": 900}) as one:
        yield one


def names_of(page: Page) -> list[str]:
    return page.locator(".tile:visible .name").all_inner_texts()


@pytest.mark.browser
def test_filters_and_orders(visit: Visit, small: Province) -> None:
    shown, where = tiles(small), visit.page
    assert names_of(where) == [tile.name for tile in shown]
    for tile, text in zip(shown, where.locator(".tile .verdict").all_inner_texts(), strict=True):
        assert text.startswith(SIGNS[tile.verdict])
    where.get_by_role("radio", name="tên", exact=True).check()
    assert names_of(where)[0] == HOSTILE
    where.get_by_role("radio", name="tỷ lệ giả định").check()
    assert names_of(where)[0] == max(shown, key=lambda tile: (tile.assumed or 0.0, -tile.rank)).name
    where.get_by_role("radio", name="rủi ro").check()
    where.get_by_role("searchbox", name="Tìm theo tên").fill("da lat")
    assert names_of(where) == ["Phường Đà Lạt"]
    assert where.locator(".tally").inner_text().startswith("Hiện 1 trong 5 ")
    assert where.locator(".centers tbody tr:visible").count() == 1
    where.locator(".names a").first.click()
    assert len(names_of(where)) == 5
    assert where.locator(".tile details[open]").count() == 1
    where.locator("[name=verdict][value=missed]").uncheck()
    assert names_of(where) == [tile.name for tile in shown if tile.verdict != "missed"]
    where.locator("[name=verdict][value=missed]").check()
    visit.clean()


@pytest.mark.browser
def test_the_table_is_sorted_by_the_keyboard(visit: Visit, small: Province) -> None:
    where = visit.page
    head = where.locator("th[data-key=wait]")
    head.get_by_role("button").focus()
    where.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    waits = {name: one.wait.value or 0.0 for name, one in small.centers.items()}
    ordered = sorted(waits, key=lambda name: -waits[name])
    rows = where.locator(".centers tbody th")
    assert rows.all_inner_texts() == ordered
    where.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows.all_inner_texts() == ordered[::-1]
    assert where.locator("th[aria-sort=none]").count() == 9
    where.locator("th[data-key=rank] button").click()
    visit.clean()


@pytest.mark.browser
@pytest.mark.parametrize("colors", ["light", "dark"])
def test_nothing_is_held_against_it(browser: Browser, file: Path, colors: Literal["light", "dark"]) -> None:
    with opened(browser, file, viewport={"width": 360, "height": 740}, color_scheme=colors) as one:
        for language in LANGUAGES:
            one.page.locator(f"label[for=in-{language}]").click()
            assert axe(one.page) == []
            assert one.page.evaluate("document.documentElement.scrollWidth") == 360
        assert one.page.locator(".tally").inner_text().startswith("5 of 5 ")
        one.page.locator(".tile summary").first.click()
        assert one.page.evaluate("document.documentElement.scrollWidth") == 360
        one.clean()


@pytest.mark.browser
def test_without_scripts_the_order_is_that_of_risk(browser: Browser, file: Path, small: Province) -> None:
    with opened(browser, file, java_script_enabled=False) as one:
        assert names_of(one.page) == [tile.name for tile in tiles(small)]
        assert not one.page.locator(".controls").is_visible()
        one.page.locator("label[for=in-en]").click()
        assert "it is missed at 2" in one.page.locator("h1").inner_text()


@pytest.mark.browser
def test_on_paper_the_answer_is_a_sheet_and_all_tiles_are_there(visit: Visit, tmp_path: Path) -> None:
    where = visit.page
    where.get_by_role("searchbox", name="Tìm theo tên").fill("đà lạt")
    where.emulate_media(media="print")
    assert len(names_of(where)) == 5
    assert where.locator(".answer").evaluate("one => getComputedStyle(one).breakAfter") == "page"
    assert where.locator(".answer").bounding_box()["height"] < 1016  # type: ignore[index]
    assert not where.locator(".controls").is_visible()
    where.emulate_media(media="screen")
    where.get_by_role("searchbox", name="Tìm theo tên").fill("")
    assert 3 <= sheets(printed(where, tmp_path / "page.pdf")) <= 6
    visit.clean()
