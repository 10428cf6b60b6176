"""The tests that take longest begin first, so that no worker is left alone with them at the end."""

from __future__ import annotations

import pytest

LONGEST = {"test_the_simulator_agrees_with_theory", "test_the_commands_run"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts them before all others, whose order stays."""
    items.sort(key=lambda item: item.name not in LONGEST)
