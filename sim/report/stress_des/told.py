"""What a sheet is written from, and what an answer to one of its items is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sim.report.stress_des.markdown import escaped, paragraphs
from sim.report.way.graph import Way, way_of
from sim.result import Result, baseline_of
from sim.scenario import Scenario
from sim.study import Study


@dataclass(frozen=True)
class Ran:
    """What only the program knows that ran the studies; of this, all but ``pictures`` and ``rests`` may differ.

    ``pictures``: the file of the way through a scenario, by label. ``rests``: on which assumptions verdicts rest.
    """

    command: Sequence[str]
    versions: Mapping[str, str]
    machine: str
    seconds: float
    failed: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    rests: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """Blocks of Markdown, and what is left to the author; ``own``: whether the author has said something already."""

    text: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    own: bool = False

    def __add__(self, other: Answer) -> Answer:
        return Answer((*self.text, *other.text), (*self.wanted, *other.wanted), self.own or other.own)


@dataclass(frozen=True)
class System:
    """A center, and the scenarios of it: the base model is the first without a policy, else the first."""

    name: str
    results: Mapping[str, Result]
    scenarios: Mapping[str, Scenario]

    @property
    def label(self) -> str:
        """That of the base model."""
        return baseline_of(self.results)

    @property
    def study(self) -> Study:
        """That of the base model."""
        return self.results[self.label].study

    @property
    def scenario(self) -> Scenario:
        """The base model."""
        return self.scenarios[self.label]

    @cached_property
    def way(self) -> Way:
        """The way of a citizen through the base model."""
        return way_of(self.scenario)


@dataclass(frozen=True)
class Told:
    """The results by label, and what is known of how they came about."""

    results: Mapping[str, Result]
    ran: Ran | None = None

    @cached_property
    def systems(self) -> list[System]:
        """One for each center, in order."""
        groups: dict[str, dict[str, Result]] = {}
        for label, result in self.results.items():
            groups.setdefault(result.study.base.name, {})[label] = result
        return [System(name, group, self.scenarios) for name, group in groups.items()]

    @property
    def studies(self) -> list[Study]:
        """All of them."""
        return [result.study for result in self.results.values()]

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """All of them by label, policies applied."""
        return {label: result.study.scenario for label, result in self.results.items()}

    @property
    def has_targets(self) -> bool:
        """Whether any scenario is judged."""
        return any(study.targets.items for study in self.studies)

    def has(self, what: Callable[[Scenario], Any]) -> bool:
        """Whether something holds for any scenario."""
        return any(what(scenario) for scenario in self.scenarios.values())

    def each(self, said: Callable[[System], Sequence[str]]) -> tuple[str, ...]:
        """What is said of every center, under its name where there are several."""
        found: list[str] = []
        for system in self.systems:
            found += [f"**{escaped(system.name)}**"] if len(self.systems) > 1 else []
            found += said(system)
        return tuple(found)

    def by_author(self, key: str, wanted: str) -> Answer:
        """The author's own words on something; where there are none, what is wanted of them."""
        found = dict.fromkeys(getattr(study.reporting, key) for study in self.studies)
        said = tuple(block for text in found for block in paragraphs(text))
        return Answer(said, own=True) if said else Answer(wanted=(f"{wanted} (`reporting.{key}`)",))
