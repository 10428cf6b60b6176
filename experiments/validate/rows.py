"""One comparison: what was expected, what the simulator gives, and whether they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Part = Literal["theory", "published", "observed"]
Verdict = Literal["covered", "not covered", "used as input", "not measured", "nobody to measure"]


@dataclass(frozen=True)
class Row:
    """``low`` to ``high`` is what was computed, printed or seen, None where nothing was.

    ``lower`` to ``upper`` is what the simulator says, with a ``confidence`` of its own. ``metric`` names the unit of
    both. ``period``: the days that they are of.
    """

    part: Part
    subject: str
    figure: str
    metric: str = ""
    low: float | None = None
    high: float | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    replications: int = 0
    used_as_input: bool = False
    period: str = ""
    source: str = ""
    note: str = ""

    @property
    def covers(self) -> bool | None:
        """Whether the interval and what was expected have a point in common; None where there is nothing to compare."""
        if self.low is None or self.high is None or self.lower is None or self.upper is None:
            return None
        return self.lower <= self.high and self.low <= self.upper

    @property
    def verdict(self) -> Verdict:
        """In words: a figure that set an input is neither covered nor not, and what nobody measured is no figure."""
        if self.low is None:
            return "not measured"
        if self.used_as_input:
            return "used as input"
        if self.covers is None:
            return "nobody to measure"
        return "covered" if self.covers else "not covered"

    @property
    def deviation(self) -> float | None:
        """How far what was expected is from the estimate, the distance to that end of the interval being 1.

        Beyond 1 it is outside; 0 where the estimate lies in an expected range.
        """
        if self.covers is None or self.estimate is None:
            return None
        assert self.low is not None
        assert self.high is not None
        gap = max(self.low - self.estimate, 0.0) or min(self.high - self.estimate, 0.0)
        assert self.upper is not None
        assert self.lower is not None
        reach = self.upper - self.estimate if gap > 0 else self.estimate - self.lower
        return 0.0 if gap == 0 else gap / reach if reach > 0 else float("inf") if gap > 0 else float("-inf")


def figures(rows: Sequence[Row], part: Part) -> list[Row]:
    """The rows of a part that have a figure to compare with."""
    return [row for row in rows if row.part == part and row.low is not None]


def evidence(rows: Sequence[Row], part: Part) -> list[Row]:
    """Those of them that can prove something: compared, and not used as an input."""
    return [row for row in figures(rows, part) if row.verdict in ("covered", "not covered")]


def covered(rows: Sequence[Row], part: Part) -> int:
    """How many of the evidence are covered."""
    return sum(row.verdict == "covered" for row in evidence(rows, part))
