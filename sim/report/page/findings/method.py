"""What one method of looking at assumptions has to say on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.assumptions.inputs import LeftOut
from sim.report.page.answer import Reply
from sim.report.page.finding import Part
from sim.report.page.words import Word
from sim.verdicts import Outcome

MOST, MOST_NAMED = 20, 3


@dataclass(frozen=True, eq=False)
class Method:
    """``sign``: the verdict that it looks at, None where it looks at none; ``left_out``: inputs and why not."""

    found: Word
    sign: Outcome | None
    depends: tuple[Word, ...]
    replies: tuple[Reply, ...]
    part: Part
    left_out: Sequence[LeftOut]
