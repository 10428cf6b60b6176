"""What a verdict rests on: the largest assumptions low and high, which of them change it, and at what value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.assumptions.ends import Bar, Choice, End, at_ends, base_point, screened, slacks
from sim.assumptions.inputs import Input
from sim.assumptions.threshold import Crossing, Curves, crossing
from sim.assumptions.trials import Point, Trial, Try
from sim.assumptions.varying import varied
from sim.study import Study
from sim.verdicts import Outcome

FEW = 4
"""Replications of the first look."""


@dataclass(frozen=True, eq=False)
class Flip:
    """An end of an input where the verdict is another than at its base, and where on the way that begins."""

    bar: Bar
    end: End
    crossing: Crossing
    before: Outcome

    @property
    def said(self) -> str:
        """In words: the verdict at the end, by which targets, and the value at which it turns."""
        words = f"{self.bar.input.name}: {self.end.verdict} at {self.bar.input.said(self.end.at)}"
        words += f" ({', '.join(self.by)})" if self.by else ""
        return f"{words}, {self.where}" if self.where else words

    @property
    def by(self) -> tuple[str, ...]:
        """The figures whose verdict is that of the end, where others have another."""
        found = tuple(verdict.metric for verdict in self.end.verdicts if verdict.verdict == self.end.verdict)
        return found if len(found) < len(self.end.verdicts) else ()

    @property
    def is_on_the_way(self) -> bool:
        """Whether the figure crosses between the base and the end; else the base itself is not what it is met by."""
        ends = sorted((self.bar.input.value, self.end.at))
        return self.crossing.value is not None and ends[0] <= self.crossing.value <= ends[1]

    @property
    def where(self) -> str:
        """At what value the targets are crossed, with the interval; or from what value on the verdict is unsure."""
        one, said, found = self.bar.input, self.bar.input.said, self.crossing
        if found.value is None or not self.is_on_the_way:
            edge = found.met_until if found.missed_from is None else found.missed_from
            return f"no longer {self.before} {'below' if edge < one.value else 'above'} {said(edge)}" if edge else ""
        if one.kind == "whole" and found.met_until == found.missed_from == found.value:
            return f"turns from {said(found.value + (1 if one.value > found.value else -1))} to {said(found.value)}"
        limits = zip(found.span, (one.low, one.high), ("below", "above"), strict=True)
        ends = [said(end) if end is not None else f"{side} {said(limit)}" for end, limit, side in limits]
        return f"turns at {said(found.value)} ({ends[0]} to {ends[1]})"


@dataclass(frozen=True, eq=False)
class Rests:
    """A study with its largest assumptions at both ends, and where they change its verdict."""

    base: Point
    choice: Choice
    bars: tuple[Bar, ...]
    flips: tuple[Flip, ...]

    @property
    def study(self) -> Study:
        """What was asked."""
        return self.base.study


def rests_on(study: Study, tries: Try, every: bool = False) -> Rests:
    """All assumptions looked at, and the largest (``every``: all) at both ends in all replications of the study."""
    choice = screened(study, tries, FEW)
    base = base_point(study, tries)
    inputs = tuple(one.input for one in choice.screened) if every else choice.largest
    bars = tuple(at_ends(base, inputs, tries, study.replications))
    return Rests(base, choice, bars, tuple(_flips(base, bars, tries)))


def rests_of(base: Point, tries: Try, replications: int) -> Rests:
    """The largest assumptions at both ends in fewer replications than the base has, and no search where it turns."""
    choice = screened(base.study, tries, 1)
    bars = tuple(at_ends(base, choice.largest, tries, replications))
    nowhere = Crossing(None, None, None)
    changed = [(bar, end) for bar in bars for end in bar.ends if end.verdict != base.verdict]
    return Rests(base, choice, bars, tuple(Flip(bar, end, nowhere, base.verdict) for bar, end in changed))


def _flips(base: Point, bars: tuple[Bar, ...], tries: Try) -> list[Flip]:
    found = []
    for bar in bars:
        known: dict[float, Curves] = {bar.input.value: slacks(base)}
        known |= {end.at: slacks(end.point) for end in bar.ends}
        for end, other in (bar.ends, bar.ends[::-1]):
            if end.verdict != base.verdict:
                way = (bar.input.value, end.at, other.at)
                curves = _curves(base.study, bar.input, tries)
                where = crossing(curves, known, way, bar.input.kind in ("whole", "time"))
                found.append(Flip(bar, end, where, base.verdict))
    return found


def _curves(study: Study, one: Input, tries: Try) -> Callable[[float], Curves]:
    def at(x: float) -> Curves:
        there = varied(study, {one: x})
        return slacks(Point(there, tries([Trial(there, 0, study.replications)])[0]))

    return at
