"""What verdicts rest on, as a manifest keeps it: assumptions low and high, and an hour without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from sim.intervals import Estimate
from sim.values import Text, visible
from sim.verdicts import Outcome

if TYPE_CHECKING:
    from sim.assumptions.ends import Bar, End
    from sim.assumptions.one_by_one import Rests
    from sim.headroom.hour_down import HourDown

Real = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]
Words = Annotated[str, Field(max_length=10_000), AfterValidator(visible)]
Count = Annotated[int, Field(strict=True, ge=0, le=10**9)]
State = Literal["tried", "few", "none", "failed"]


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
    """A value, the figure of the first target there, its change, and the verdicts in the order of targets."""

    at: Real
    figure: Figured
    change: Figured
    verdict: Outcome
    verdicts: Annotated[tuple[Outcome, ...], Field(max_length=100)]


class TriedInput(BaseModel):
    """An assumption at both ends of its range; ``words``: those of its mark.

    ``value``: as it is assumed; of a time of the day minutes, of a factor 1.
    """

    name: Text
    kind: Literal["number", "whole", "time", "factor"]
    words: Words
    value: Real
    low: TriedEnd
    high: TriedEnd

    @property
    def ends(self) -> tuple[TriedEnd, TriedEnd]:
        """Low and high."""
        return self.low, self.high

    @property
    def verdicts(self) -> tuple[Outcome, Outcome]:
        """Those at both ends."""
        return self.low.verdict, self.high.verdict

    @property
    def is_chosen(self) -> bool:
        """Whether it is decided or known rather than measured: how many of something there are, or when."""
        return self.name.split(".")[0] in {"policy", "staff", "points"} and self.kind in {"whole", "time"}

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

    state: State = "few"
    replications: Count = 0
    inputs: Annotated[tuple[TriedInput, ...], Field(max_length=1000)] = ()
    without_network: WithoutNetwork | None = None

    def fits(self, targets: int) -> bool:
        """Whether it is of a study with so many targets."""
        ends = [end for one in self.inputs for end in one.ends]
        ends += [self.without_network.end] if self.without_network else []
        return all(len(end.verdicts) == targets > 0 for end in ends)


def rested(rests: Rests | None, down: HourDown | None, state: State = "few") -> Rested:
    """What is kept of what was tried; ``state`` where no assumption was."""
    without = WithoutNetwork(begins=down.begins, minutes=int(down.end.at), end=_end(down.end)) if down else None
    if rests is None:
        return Rested(state=state, without_network=without)
    inputs = sorted((_input(bar) for bar in rests.bars), key=lambda one: -one.changes)
    many = max((len(end.point.runs) for bar in rests.bars for end in bar.ends), default=0)
    return Rested(state="tried" if inputs else "none", replications=many, inputs=tuple(inputs), without_network=without)


def _input(bar: Bar) -> TriedInput:
    one = bar.input
    low, high = (_end(end) for end in bar.ends)
    return TriedInput(name=one.name, kind=one.kind, words=one.words, value=one.value, low=low, high=high)


def _end(end: End) -> TriedEnd:
    verdicts = tuple(verdict.verdict for verdict in end.verdicts)
    return TriedEnd(
        at=end.at, figure=_figured(end.estimate), change=_figured(end.change), verdict=end.verdict, verdicts=verdicts
    )


def _figured(estimate: Estimate) -> Figured:
    return Figured(value=estimate.value, lower=estimate.lower, upper=estimate.upper, confidence=estimate.confidence)
