"""What was found of one question, as one HTML file: of a search, a selection, a placement, a look at assumptions.

Each kind of question makes a :class:`Finding` in a module of its own in :mod:`sim.report.page.findings`; what a page of
any of them has is here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.reopening import Made
from sim.report.page import rests
from sim.report.page.answer import Reply
from sim.report.page.detailed import Section, walked
from sim.report.page.document import document
from sim.report.page.pictures import Picture
from sim.report.page.words import Language, Word, phrase, said
from sim.study import Study
from sim.verdicts import Outcome


@dataclass(frozen=True)
class Row:
    """A row of a table. ``verdict``: on the promise, None where the table has none; ``tag``: why it stands out."""

    name: Word
    cells: tuple[Word, ...]
    verdict: Outcome | None = None
    tag: Word = ""


@dataclass(frozen=True)
class Table:
    """``heads``: of the name and of each cell."""

    title: Word
    heads: tuple[Word, ...]
    rows: tuple[Row, ...]
    notes: tuple[Word, ...] = ()

    @property
    def judges(self) -> bool:
        """Whether its rows have verdicts."""
        return any(row.verdict is not None for row in self.rows)


@dataclass(frozen=True)
class Part:
    """A section of a page, found by ``key``."""

    key: str
    heading: Word
    said: tuple[Word, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, eq=False)
class Finding:
    """What is said of a question.

    ``sign``: the verdict that stands for the answer, None where it is no matter of a promise; ``depends``: what it
    depends on, below it; ``replies``: what a planner asks next; ``inside``: the way that the answer is about, in
    detail; ``study``: whose inputs are listed.
    """

    center: Word
    asked: Word
    found: Word
    sign: Outcome | None
    depends: tuple[Word, ...]
    replies: tuple[Reply, ...]
    parts: tuple[Part, ...]
    study: Study
    inside: Section | None = None

    @property
    def caveat(self) -> Word:
        """What no interval holds."""
        return phrase("answer.caveat", assumptions=self.study.assumptions, inputs=self.study.inputs)


def page(finding: Finding, made: Made, language: Language = "vi") -> str:
    """The file; it opens in ``language``."""
    sections = [finding.inside] if finding.inside else []
    return document(
        "finding.html.j2",
        language,
        said(finding.center, language),
        data={"days": walked(sections)},
        scripts=("page.js",),
        styles=("page.css",),
        finding=finding,
        repeated=rests.repeat(finding.study, made),
        rests=rests,
    )
