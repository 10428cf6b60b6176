"""Files of tests are run whole, for what their tests share, a browser too; those that take longest begin first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = (
    *("readme", "docs_commands", "naive", "charts", "command_line", "compiled", "policies", "way", "validate"),
    *("textbook", "docs"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts these files before all others, whose order stays, so that no worker is left alone at the end."""
    first = {f"test_{name}": nth for nth, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.stem, len(first)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file of tests, which are marked `browser`; it is gone before the next file begins."""
    from tests.browsing import started

    with started() as one:
        yield one
