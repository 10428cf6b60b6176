"""Files of tests are run whole, for what their tests share, a browser too; those that take longest begin first.

The first compiles the engine where this version was not compiled before. Those after it need nothing compiled, so that
another worker does not compile the same beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = (
    *("readme", "naive", "policies", "docs_commands", "command_line", "charts", "compiled", "way", "validate"),
    *("textbook", "docs"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts these files before all others, whose order stays, so that no worker is left alone at the end."""
    first = {f"test_{name}": nth for nth, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.stem, len(first)))


@pytest.fixture(scope="module")
def without_charts() -> Iterator[None]:
    """Runs write no charts, where these are not what is tested: they take as long as all else of a small run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.charts.write_charts", lambda *_: [])
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file of tests, which are marked `browser`; it is gone before the next file begins."""
    from tests.browsing import started

    with started() as one:
        yield one
