"""What verdicts rest on, as a manifest keeps it: assumptions low and high, and an hour without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from sim.intervals import Estimate
from sim.values import Text
from sim.verdicts import Outcome

if TYPE_CHECKING:
    from sim.assumptions.ends import Bar, End
    from sim.assumptions.one_by_one import Rests
    from sim.headroom.hour_down import HourDown

Real = Annotated[float, Field(allow_inf_nan=False)]


class Figured(BaseModel):
    """A figure with its interval; None where there is none."""

    value: Real | None
    lower: Real | None
    upper: Real | None
    confidence: Annotated[float, Field(ge=0.5, lt=1)]

    @property
    def estimate(self) -> Estimate:
        """The same as an estimate."""
        return Estimate(self.value, self.lower, self.upper, None, self.confidence, "", 0)


class TriedEnd(BaseModel):
    """A value in words, the figure of the first target there, its change, and the verdicts in the order of targets."""

    at: str
    figure: Figured
    change: Figured
    verdict: Outcome
    verdicts: Annotated[tuple[Outcome, ...], Field(max_length=100)]


class TriedInput(BaseModel):
    """An assumption at both ends of its range; ``value`` as it is assumed, in words; ``words``: those of its mark."""

    name: Text
    kind: Literal["number", "whole", "time", "factor"]
    words: str
    value: Text
    low: TriedEnd
    high: TriedEnd

    @property
    def ends(self) -> tuple[TriedEnd, TriedEnd]:
        """Low and high."""
        return self.low, self.high

    @property
    def is_chosen(self) -> bool:
        """Whether it is decided rather than measured: how many a policy has, or when."""
        return self.name.startswith("policy.") and self.kind in {"whole", "time"}

    @property
    def changes(self) -> float:
        """The larger change of the figure."""
        return max((abs(end.change.value or 0.0) for end in self.ends), default=0.0)


class WithoutNetwork(BaseModel):
    """The network down for so many minutes each day from an hour on."""

    begins: Annotated[int, Field(ge=0, le=23)]
    minutes: Annotated[int, Field(ge=1, le=1440)]
    end: TriedEnd


class Rested(BaseModel):
    """Of one scenario: ``replications`` at each end, the largest assumptions first, and the hour without network.

    ``state``: why there is nothing of assumptions, ``few`` replications, none with a range (``none``), or ``failed``.
    """

    state: Literal["tried", "few", "none", "failed"] = "few"
    replications: Annotated[int, Field(ge=0)] = 0
    inputs: Annotated[tuple[TriedInput, ...], Field(max_length=1000)] = ()
    without_network: WithoutNetwork | None = None


def rested(rests: Rests | None, down: HourDown | None, state: Literal["few", "none", "failed"] = "few") -> Rested:
    """What is kept of what was tried; ``state`` where no assumption was."""
    without = WithoutNetwork(begins=down.begins, minutes=int(down.end.at), end=_end(down.end, "")) if down else None
    if rests is None:
        return Rested(state=state, without_network=without)
    inputs = sorted((_input(bar) for bar in rests.bars), key=lambda one: -one.changes)
    many = max((len(end.point.runs) for bar in rests.bars for end in bar.ends), default=0)
    tried: Literal["tried", "none"] = "tried" if inputs else "none"
    return Rested(state=tried, replications=many, inputs=tuple(inputs), without_network=without)


def _input(bar: Bar) -> TriedInput:
    one = bar.input
    low, high = (_end(end, one.said(end.at)) for end in bar.ends)
    return TriedInput(name=one.name, kind=one.kind, words=one.words, value=one.said(one.value), low=low, high=high)


def _end(end: End, at: str) -> TriedEnd:
    verdicts = tuple(verdict.verdict for verdict in end.verdicts)
    return TriedEnd(
        at=at, figure=_figured(end.estimate), change=_figured(end.change), verdict=end.verdict, verdicts=verdicts
    )


def _figured(estimate: Estimate) -> Figured:
    return Figured(value=estimate.value, lower=estimate.lower, upper=estimate.upper, confidence=estimate.confidence)
