"""Files of tests are run whole, for what their tests share, and those that take longest begin first."""

from __future__ import annotations

import pytest

LONGEST = ("readme", "naive", "charts", "command_line", "compiled", "policies", "way", "validate", "textbook")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts these files before all others, whose order stays, so that no worker is left alone at the end."""
    first = {f"test_{name}": nth for nth, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.stem, len(first)))
