"""A center as its ten answers describe it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from experiments.new.defaults import FIELDS, WORKDAYS

Minutes = tuple[int, int]
LunchKind = Literal["common", "split", "none"]


@dataclass(frozen=True)
class Team:
    """Officials of one kind: the fields they know, None for all, and how many they are."""

    fields: tuple[str, ...] | None
    count: int


@dataclass(frozen=True)
class Lunch:
    """Closed for all, taken in two turns, or none; ``at`` is minutes after midnight."""

    kind: LunchKind
    at: Minutes = (690, 780)


@dataclass(frozen=True)
class Sketch:
    """The answers so far. ``own`` names what a person stated; all else is assumed.

    ``people`` is of a mean day; ``weekdays`` how many on each, None for a usual week. ``mix`` and ``incomplete`` are
    percent, ``hours`` minutes after midnight, ``seats`` None without limit.
    """

    name: str
    kind: str = "ward"
    people: float = 0.0
    weekdays: dict[str, float] | None = None
    dossiers: float = 1.0
    mix: dict[str, float] = field(default_factory=dict)
    teams: tuple[Team, ...] = ()
    counters: int = 1
    seats: int | None = None
    hours: dict[str, Minutes] = field(default_factory=dict)
    lunch: Lunch = Lunch("common")
    incomplete: float = 0.0
    signing: str = ""
    own: frozenset[str] = frozenset()

    @property
    def days(self) -> tuple[str, ...]:
        """The weekdays on which people come."""
        return WORKDAYS if self.weekdays is None else tuple(self.weekdays)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in which dossiers are brought."""
        return tuple(name for name in FIELDS if self.mix.get(name, 0) > 0)

    @property
    def officials(self) -> int:
        """How many officials there are."""
        return sum(team.count for team in self.teams)
