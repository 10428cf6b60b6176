"""Pages opened from disk in chromium: what they ask for and say, what axe finds in them, how they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict, Unpack
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    WebSocket,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND"
INSIDE = ("data:", "blob:", "about:")
FAULTY = {"error", "warning", "assert"}
DOTS_PER_INCH = 80
TARGETS = 3


class Options(TypedDict, total=False):
    """Who looks, in the words of playwright's ``new_context``."""

    viewport: ViewportSize
    device_scale_factor: float
    locale: str
    color_scheme: Literal["dark", "light", "no-preference"]
    reduced_motion: Literal["reduce", "no-preference"]
    forced_colors: Literal["active", "none"]
    java_script_enabled: bool


@dataclass(frozen=True)
class Visit:
    """A page, and what it did that a self-contained page does not."""

    page: Page
    noted: list[str]

    def faults(self) -> list[str]:
        """Requests for anything but the file itself, errors and warnings of the console, uncaught errors: a line each,
        in order, up to now."""
        self.page.evaluate("0")  # the browser reports in order: what comes before the answer has been noted
        return list(self.noted)

    def clean(self) -> None:
        """There was no fault."""
        faults = self.faults()
        assert not faults, "\n".join(faults)


def chromium() -> str:
    """The program; where there is none the test is skipped, and fails if CI is set."""
    for name in NAMES:
        if program := shutil.which(name):
            return program
    if os.environ.get("CI"):
        pytest.fail("no chromium here, and CI is set")
    pytest.skip("no chromium here")


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window that reaches no address. While it runs, its thread can run no other event loop."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[NO_NETWORK])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, file: Path, **options: Unpack[Options]) -> Iterator[Visit]:
    """The file as someone who has never been there sees it, once it has loaded."""
    address, noted = file.resolve().as_uri(), list[str]()
    context = browser.new_context(**options)
    try:
        _listen(context, address, noted)
        page = context.new_page()
        page.goto(address)
        yield Visit(page, noted)
    finally:
        context.close()


def _listen(context: BrowserContext, address: str, noted: list[str]) -> None:
    def request(one: Request | WebSocket) -> None:
        if not one.url.startswith(INSIDE) and unquote(one.url.partition("#")[0]) != unquote(address):
            noted.append(f"request: {one.url}")

    def message(one: ConsoleMessage) -> None:
        if one.type in FAULTY:
            noted.append(f"console {one.type}: {one.text}")

    context.on("request", request)
    context.on("page", lambda page: page.on("websocket", request))
    context.on("console", message)
    context.on("weberror", lambda one: noted.append(f"uncaught: {one.error}"))


def axe(page: Page) -> list[str]:
    """What axe holds against the page as it stands, a line each: rule, impact, what to do, the first of where.

    It works under any content security policy, and only where scripts run.
    """
    assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe waits forever where no script runs"
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {_places(one['nodes'])}"
        for one in Axe().run(page).response["violations"]
    ]


def _places(nodes: list[dict[str, list[str]]]) -> str:
    first = ", ".join(" ".join(map(str, node["target"])) for node in nodes[:TARGETS])
    return first + (f" and {len(nodes) - TARGETS} more" if len(nodes) > TARGETS else "")


def photographed(page: Page, file: Path) -> Path:
    """The whole length of the page as a PNG, its animations at their end."""
    page.screenshot(path=file, full_page=True, animations="disabled")
    return file


def printed(page: Page, file: Path) -> Path:
    """A PDF on A4, unless the page's own print styles name another paper; backgrounds are printed."""
    page.pdf(path=file, format="A4", prefer_css_page_size=True, print_background=True)
    return file


def sheets(pdf: Path) -> int:
    """Pages of what chromium printed."""
    return len(re.findall(rb"/Type /Page\b", pdf.read_bytes()))


def pictures(pdf: Path) -> list[Path]:
    """The pages as PNG files beside the PDF, in order, for the eye; none where there is no pdftoppm."""
    program = shutil.which("pdftoppm")
    if program is None:
        return []
    prefix = pdf.with_suffix("")
    subprocess.run([program, "-png", "-r", str(DOTS_PER_INCH), str(pdf), str(prefix)], check=True)
    return sorted(pdf.parent.glob(f"{prefix.name}-*.png"))
