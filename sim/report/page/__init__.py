"""The planner's page: one self-contained HTML file in Vietnamese and English, from results that exist.

Nothing in it asks anything of a network, and a browser is told to allow nothing else (Content-Security-Policy); what
people have named is text wherever it stands. It says the same without JavaScript, on paper and on a telephone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.comparison import Difference
from sim.reopening import Made
from sim.report.cheapest import asked_together, nearest_of_each
from sim.report.detail import in_detail
from sim.report.page import answer, numbers, pictures, rests
from sim.report.page.compared import columns
from sim.report.page.detailed import Section, walked
from sim.report.page.document import document
from sim.report.page.named import target_name
from sim.report.page.played_data import as_data, texts
from sim.report.page.ways import groups, played_of
from sim.report.page.words import Language, said
from sim.rested import Rested
from sim.result import Result

MOST_WAYS = 12


@dataclass(frozen=True, eq=False)
class Source:
    """All that a page is made of; ``failed``: why other scenarios have no results."""

    results: Mapping[str, Result]
    differences: tuple[Difference, ...]
    rests: Mapping[str, Rested]
    made: Made
    failed: Mapping[str, str]
    is_of_this_version: bool = True


def page(source: Source, language: Language = "vi") -> str:
    """The file; it opens in ``language``."""
    asked = dict.fromkeys([*nearest_of_each(source.results), *in_detail(source.results), *source.results])
    found = groups(
        source.results, asked_together(source.results), source.differences, source.rests, list(asked)[:MOST_WAYS]
    )
    plays = played_of(source.results) if source.is_of_this_version else []
    sections = [Section(way, way.label in plays) for group in found for way in group.ways if way.in_detail]
    return document(
        "page.html.j2",
        language,
        ", ".join(dict.fromkeys(said(group.center, language) for group in found)),
        data=_data(sections),
        source=source,
        groups=found,
        sections=sections,
        **_words(),
    )


def _words() -> dict[str, Any]:
    """What templates call."""
    return {
        "answer": answer,
        "numbers": numbers,
        "rests": rests,
        "costs": pictures.costs,
        "columns": columns,
        "target_name": target_name,
    }


def _data(sections: Sequence[Section]) -> dict[str, Any]:
    """What the script reads: mean days by the number of a way, and the days that are played."""
    return {
        "days": walked(sections),
        "played": {section.way.number: as_data(section.played) for section in sections if section.played},
        "playedTexts": texts(),
    }
