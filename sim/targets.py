"""Targets: what a center has promised, as a person writes it in a scenario.

``sim.verdicts`` compares them with estimates. This module needs neither numpy nor scipy, so that
a study is read, and refused, quickly.
"""

from __future__ import annotations

from math import isclose
from typing import Literal

from pydantic import model_validator

from sim.figures import COUNTS, definition
from sim.values import Flag, Key, NonNegative, Number, Text, Value

MINUTES_ZONE = 0.5
SHARE_ZONE = 0.01

Kind = Literal["share", "minutes", "other"]

_MINUTES = ("wait_", "gate_wait", "result_wait", "held_by_outage", "time_in_center", "overtime_")
_FIRST_WORDS = {"minutes": "min", "hours": "h", "citizens'": "h", "days": "days", "load": "ratio"}


def kind_of(metric: str) -> Kind:
    """What a metric's name says of its unit: a share from 0 to 1, minutes, or something else."""
    if metric.endswith("_share") or "_within_" in metric or metric == "utilization":
        return "share"
    return "minutes" if metric.startswith(_MINUTES) else "other"


def unit(metric: str, currency: str) -> str:
    """The unit of a metric, as its definition begins where that is with a unit."""
    first = definition(metric).partition(" ")[0]
    if metric.startswith("cost_"):
        return currency
    if metric == "arrived" or metric in COUNTS:
        return "visits a replication"
    if kind_of(metric) == "share":
        return "share, 0 to 1"
    return _FIRST_WORDS.get(first, "min" if kind_of(metric) == "minutes" else "number")


class Target(Value):
    """One promise: ``metric`` in ``scope`` is at most, or at least, a figure (minutes, shares from 0 to 1).

    ``indifference`` is the half-width of the zone around the threshold in which a difference does not matter:
    0.5 minutes or 0.01 of a share unless given, and to be given for anything else. ``guard`` marks a
    target that keeps another one honest: without "unserved_share at most 0.01", people who give up make an
    overloaded center look good.

    A maximum is refused: its expectation grows with the number of visits observed, so "nobody over 20
    minutes" is the share ``wait_within_20`` at least 1.
    """

    metric: Key
    at_most: Number | None = None
    at_least: Number | None = None
    scope: Text = "all"
    indifference: NonNegative | None = None
    guard: Flag = False

    @model_validator(mode="after")
    def _is_one_threshold_in_range(self) -> Target:
        threshold = self.threshold
        if self.metric.endswith("_max"):
            raise ValueError("wanted a share, at_least 1: a maximum grows with the visits it is taken over")
        match kind_of(self.metric):
            case "share" if not 0 <= threshold <= 1:
                raise ValueError(f"wanted a share from 0 to 1 (90 % is 0.9), given {threshold:g}")
            case "minutes" if threshold < 0:
                raise ValueError(f"wanted minutes from 0 on, given {threshold:g}")
            case "other" if self.indifference is None:
                raise ValueError("wanted indifference: which difference of this metric does not matter?")
            case _:
                return self

    @property
    def threshold(self) -> float:
        """The figure not to be passed; ValueError unless exactly one is given."""
        match (self.at_most, self.at_least):
            case (float(threshold), None) | (None, float(threshold)):
                return threshold
            case _:
                raise ValueError("wanted exactly one of at_most and at_least")

    def is_kept_by(self, figure: float | None) -> bool:
        """Whether a figure, if it were exact, keeps the promise; nothing that was not measured does."""
        if figure is None:
            return False
        return figure <= self.threshold if self.at_most is not None else figure >= self.threshold

    @property
    def zone(self) -> float:
        """The half-width of the indifference zone, in the metric's unit."""
        if self.indifference is not None:
            return self.indifference
        return SHARE_ZONE if kind_of(self.metric) == "share" else MINUTES_ZONE

    @property
    def is_absolute(self) -> bool:
        """Whether it allows no failure at all: a share of at least 1, or of at most 0."""
        return kind_of(self.metric) == "share" and (self.at_least == 1 or self.at_most == 0)

    @property
    def text(self) -> str:
        """The promise in words: "at most 15 min", "at least 90 %"."""
        words = "at most" if self.at_most is not None else "at least"
        match kind_of(self.metric):
            case "share":
                return f"{words} {_percent(self.threshold)} %"
            case "minutes":
                return f"{words} {self.threshold:g} min"
            case "other":
                return f"{words} {self.threshold:g}"


class Targets(Value):
    """A set of targets under one name, with the decree or agreement (``source``) that made them."""

    name: Key
    source: Text = ""
    items: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _name_each_once(self) -> Targets:
        seen: set[tuple[str, str, bool]] = set()
        for item in self.items:
            side = (item.metric, item.scope, item.at_most is None)
            if side in seen:
                raise ValueError(f"wanted one threshold a side, given two for {item.metric} in {item.scope}")
            seen.add(side)
        return self


def _percent(share: float) -> str:
    percent = share * 100
    return f"{round(percent)}" if isclose(percent, round(percent), abs_tol=1e-9) else f"{percent:g}"
