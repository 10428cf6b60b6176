"""A way of running a center in detail: its mean day and week, who waits, what it rests on, and days that are played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.report.page import details, pictures, rests
from sim.report.page.details import Table, Week
from sim.report.page.pictures import Hours, Picture
from sim.report.page.played import PlayedDay, played
from sim.report.page.played_shown import ShownDay, shown
from sim.report.page.ways import Way


@dataclass(frozen=True, eq=False)
class Section:
    """A way with all that has to be drawn and counted for its own sections."""

    way: Way
    plays: bool = False

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


def walked(sections: Sequence[Section]) -> dict[int, Any]:
    """The mean days that a script walks through, by the number of a way."""
    return {section.way.number: _hours(section.day[1]) for section in sections if section.day}


def _hours(day: Hours) -> dict[str, Any]:
    people = {"waiting": day.waiting, "onDuty": day.on_duty, "serving": day.serving}
    return {"first": day.first, "peak": day.peak, **people}
