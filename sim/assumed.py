"""What is known of an assumed number beside its value: the range in which it may lie, and the words of its mark."""

from __future__ import annotations

from dataclasses import dataclass

REST = "the rest"
FIXED = "fixed"


@dataclass(frozen=True)
class Assumed:
    """A number that is marked as an assumption.

    ``low`` and ``high`` are in its unit (of a time of the day, minutes from midnight), None where its mark has no
    range. ``together``: they are factors, by which all numbers of the same line are multiplied at once.
    """

    low: float | None = None
    high: float | None = None
    words: str = ""
    together: bool = False
