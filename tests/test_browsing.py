"""What opens pages in the tests sees what it should: each fault is planted in a page of a few lines."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browsing import axe, chromium, opened, photographed, pictures, printed, sheets, started

pytestmark = pytest.mark.browser

STRICT = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
NOWHERE = "127.0.0.1:9/x"
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def page_of(folder: Path, body: str, head: str = "") -> Path:
    """A page with nothing else to be said against it; its name needs escapes in an address."""
    file = folder / "báo cáo #1.html"
    head = f"<meta charset='utf-8'>{head}<title>Báo cáo</title>"
    text = f"<!doctype html><html lang='vi'><head>{head}</head><body><main><h1>Một cửa</h1>{body}</main></body></html>"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_clean_page_is_clean(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, "<p id='p'>Không có gì</p>", STRICT)) as visit:
        assert axe(visit.page) == []
        visit.page.goto(f"{visit.page.url}#p")
        visit.clean()


def test_what_a_page_carries_within_it_is_no_request(browser: Browser, tmp_path: Path) -> None:
    script = "<script>document.images[0].src = URL.createObjectURL(new Blob(['<svg/>'], {type: 'image/svg+xml'}))"
    with opened(browser, page_of(tmp_path, f"<img alt='a'><img alt='b' src='{DOT}'>{script}</script>")) as visit:
        visit.page.wait_for_function("document.images[0].src.startsWith('blob:')")
        visit.clean()


def test_each_fault_is_caught(browser: Browser, tmp_path: Path) -> None:
    scripts = (
        f"new WebSocket('ws://{NOWHERE}')",
        "console.error('one', 2)",
        "console.warn('three')",
        "throw new Error('four')",
        "setTimeout(() => { late = true; throw new Error('five') })",
        "Promise.reject(new Error('six'))",
    )
    images = f"<img alt='a' src='http://{NOWHERE}.png'><img alt='b' src='beside.png'>"
    body = images + "".join(f"<script>{script}</script>" for script in scripts)
    with opened(browser, page_of(tmp_path, body)) as visit:
        visit.page.wait_for_function("window.late")
        faults = visit.faults()
        with pytest.raises(AssertionError, match="console warning: three"):
            visit.clean()
    assert {line for line in faults if "ERR_" not in line} == {
        f"request: http://{NOWHERE}.png",
        f"request: {(tmp_path / 'beside.png').as_uri()}",
        f"request: ws://{NOWHERE}",
        "console error: one 2",
        "console warning: three",
        *(f"uncaught: {name}" for name in ("four", "five", "six")),
    }


def test_what_the_policy_of_a_page_stops_is_a_request_all_the_same(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, f"<img alt='a' src='http://{NOWHERE}.png'>", STRICT)) as visit:
        assert f"request: http://{NOWHERE}.png" in visit.faults()


def test_axe_reads_a_page_under_a_strict_policy(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, f"<img src='{DOT}'>" * 5, STRICT)) as visit:
        (line,) = axe(visit.page)
    assert line.startswith("image-alt (critical): Images must have alternative text: img")
    assert line.endswith(" and 2 more")


def test_without_scripts_none_runs(browser: Browser, tmp_path: Path) -> None:
    file = page_of(tmp_path, "<noscript><p>Không có mã</p></noscript><script>console.error('ran')</script>")
    with opened(browser, file, java_script_enabled=False) as visit:
        assert visit.page.locator("noscript p").is_visible()
        visit.clean()
        with pytest.raises(AssertionError, match="no script runs"):
            axe(visit.page)


def test_the_page_is_shown_to_whom_the_options_say(browser: Browser, tmp_path: Path) -> None:
    tall = page_of(tmp_path, "<div style='height: 900px'></div>", "<style>body { margin: 0 }</style>")
    with opened(
        browser,
        tall,
        viewport={"width": 320, "height": 480},
        device_scale_factor=2,
        locale="vi-VN",
        color_scheme="dark",
        reduced_motion="reduce",
        forced_colors="active",
    ) as visit:
        for query in ("prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "forced-colors: active"):
            assert visit.page.evaluate(f"matchMedia('({query})').matches"), query
        assert visit.page.evaluate("navigator.language + (1.5).toLocaleString()") == "vi-VN1,5"
        with Image.open(photographed(visit.page, tmp_path / "page.png")) as picture:
            assert picture.width == 2 * 320
            assert picture.height > 2 * 900


def test_a_page_is_printed_on_a4_in_its_print_styles(browser: Browser, tmp_path: Path) -> None:
    style = "<style>p { break-after: page } @media print { .screen { display: none } }</style>"
    with opened(browser, page_of(tmp_path, "<p>1<p>2<p class='screen'>3<p>4<div>5</div>", style)) as visit:
        pdf = printed(visit.page, tmp_path / "page.pdf")
    assert sheets(pdf) == 4
    drawn = pictures(pdf)
    assert len(drawn) == (4 if shutil.which("pdftoppm") else 0)
    for file in drawn:
        with Image.open(file) as picture:
            assert picture.height / picture.width == pytest.approx(297 / 210, rel=0.01)


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_no_browser_is_a_failure_only_under_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no chromium here"):
        chromium()


def test_a_browser_that_is_gone_leaves_no_event_loop() -> None:
    def life_and_after() -> None:
        with started():
            pass
        asyncio.run(asyncio.sleep(0))

    with ThreadPoolExecutor(1) as thread:
        thread.submit(life_and_after).result()
