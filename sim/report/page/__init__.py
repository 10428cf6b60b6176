"""The planner's page: one self-contained HTML file in Vietnamese and English, from results that exist.

Nothing in it asks anything of a network, and a browser is told to allow nothing else (Content-Security-Policy); what
people have named is text wherever it stands. It says the same without JavaScript, on paper and on a telephone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.comparison import Difference
from sim.reopening import Made
from sim.report.cheapest import asked_together, nearest_of_each
from sim.report.detail import in_detail
from sim.report.page import answer, details, numbers, pictures, rests
from sim.report.page.compared import columns
from sim.report.page.details import Table, Week
from sim.report.page.document import document
from sim.report.page.named import target_name
from sim.report.page.pictures import Hours, Picture
from sim.report.page.played import PlayedDay, played
from sim.report.page.played_data import as_data, texts
from sim.report.page.played_shown import ShownDay, shown
from sim.report.page.ways import Way, groups, played_of
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


@dataclass(frozen=True, eq=False)
class Section:
    """A way with all that has to be drawn and counted for its own sections."""

    way: Way
    plays: bool

    @cached_property
    def played(self) -> tuple[PlayedDay, ...]:
        """Its median day and its worst one; none unless it ``plays``: they are simulated again."""
        return played(self.way.result) if self.plays else ()

    @property
    def shown(self) -> list[ShownDay]:
        """The same in words."""
        return [shown(day) for day in self.played]

    @cached_property
    def day(self) -> tuple[Picture, Hours] | None:
        """Its mean day."""
        return pictures.day(self.way, f"way-{self.way.number}-day")

    @cached_property
    def week(self) -> Week | None:
        """Its mean week."""
        return details.week(self.way)

    @cached_property
    def tables(self) -> list[Table]:
        """Who waits how long."""
        return details.tables(self.way)

    @cached_property
    def bars(self) -> list[rests.Bar]:
        """What its verdict rests on."""
        return rests.bars(self.way)


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
        "days": {section.way.number: _hours(section.day[1]) for section in sections if section.day},
        "played": {section.way.number: as_data(section.played) for section in sections if section.played},
        "playedTexts": texts(),
    }


def _hours(day: Hours) -> dict[str, Any]:
    people = {"waiting": day.waiting, "onDuty": day.on_duty, "serving": day.serving}
    return {"first": day.first, "peak": day.peak, **people}
