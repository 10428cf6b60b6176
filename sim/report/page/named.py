"""What scenarios and figures name, in the reader's words: metrics, scopes, points, assumptions and their values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from sim.assumptions.inputs import Kind
from sim.report.page.numbers import Number, significant
from sim.report.page.words import Language, Name, Shown, Word, catalog, phrase, said
from sim.scenario import Scenario
from sim.targets import Target, kind_of
from sim.units import MINUTE, clock_text

KINDS = {"staff": "staff", "points": "point", "procedures": "field", "priorities": "priority", "purposes": "purpose"}
"""Sections whose entries a scenario names, and what those names are."""
_WITHIN = re.compile(r"(.*_within_)(\d+)")


@dataclass(frozen=True)
class Metric(Shown):
    """A figure in words; of one that counts minutes, ``wait_within_15``, by the words of ``wait_within``."""

    name: str

    def said(self, language: Language) -> str:
        counted = _WITHIN.fullmatch(self.name)
        if counted and f"metric.{counted[1]}minutes" in catalog(language):
            return phrase(f"metric.{counted[1]}minutes", n=counted[2]).said(language)
        return Name("metric", self.name).said(language)


def with_unit(metric: str) -> Word:
    """A figure in words with the unit of an axis."""
    kind = kind_of(metric)
    return Metric(metric) if kind == "other" else phrase(f"axis.{kind}", metric=Metric(metric))


def point_name(scenario: Scenario, point: str) -> Word:
    """A reception point by its title, or else its key."""
    title = scenario.points[point].title if point in scenario.points else ""
    return title or Name("point", point)


def scope_name(scenario: Scenario, scope: str) -> Word:
    """Of whom a figure is: a field, a class, a point, or those who arrived in an hour."""
    kind, _, own = scope.partition("=")
    if kind == "hour":
        return phrase("scope.hour", first=own, last=str(int(own) + 1))
    if kind == "point":
        return point_name(scenario, own)
    return Name(kind, own) if own else phrase("scope.all")


def target_name(scenario: Scenario, target: Target) -> Word:
    """What a target is of, without its threshold."""
    metric = Metric(target.metric)
    if target.scope == "all":
        return metric
    return phrase("promise.in_scope", promise=metric, scope=scope_name(scenario, target.scope))


@dataclass(frozen=True)
class Input(Shown):
    """An assumption in words where the catalog has them, and by its key."""

    key: str

    def said(self, language: Language) -> str:
        words = _called(self.key)
        return self.key if words is None else f"{said(words, language)} ({self.key})"


def _called(key: str) -> Word | None:
    """The words of a key; of a spread, those of what differs; of a policy, with its name. None where there are none."""
    parts = key.split(".")
    starred = [parts[0], "*", *parts[2:]] if len(parts) > 2 else parts
    steps = ["*" if part.isdigit() else part for part in starred]
    keys = (f"input.{'.'.join(one)}" for one in (parts, starred, steps, parts[:2]))
    found = next((one for one in keys if one in catalog("en")), None)
    if found is None:
        of = _called(key.removesuffix(".cv") + ".mean") if key.endswith(".cv") else None
        return None if of is None else phrase("input_of.spread", input=of)
    if len(parts) < 3 or found not in {f"input.{'.'.join(one)}" for one in (starred, steps)}:
        return phrase(found)
    if parts[0] == "policy":
        return phrase("input_of.policy", policy=Name("policy", parts[1]), input=phrase(found))
    kind = KINDS.get(parts[0]) if parts[1] != "*" else None
    return phrase("input_of.part", input=phrase(found), part=Name(kind, parts[1])) if kind else phrase(found)


class Assumed(Protocol):
    """An assumption, of whatever list."""

    @property
    def kind(self) -> Kind:
        """What its values are."""


def value_of(one: Assumed, x: float) -> Word:
    """A value of an assumption."""
    match one.kind:
        case "time":
            return clock_text(round(x) * MINUTE)
        case "factor":
            return phrase("unit.times", n=significant(x))
        case "whole":
            return Number(x)
        case "number":
            return significant(x)
