"""Which scenarios of several have charts of their own, and what the files of each are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.report.wording import slug, telling

if TYPE_CHECKING:
    from sim.result import Result

FOLDER = "charts"
MOST_IN_DETAIL = 4


def in_detail(results: Mapping[str, Result]) -> list[str]:
    """The labels of those that have charts of their own, and theory beside them."""
    return telling(results, MOST_IN_DETAIL)


def endings(results: Mapping[str, Result]) -> dict[str, str]:
    """By the label of each of those, what follows a chart's name in the name of its file: nothing for one alone."""
    taken: set[str] = set()
    names = {label: free(slug(label), taken) for label in in_detail(results)}
    return {label: f"-{name}" if len(results) > 1 else "" for label, name in names.items()}


def free(name: str, taken: set[str]) -> str:
    """The name, numbered if it is taken; it is taken from then on."""
    found = next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name}_{n}") not in taken)
    taken.add(found)
    return found
