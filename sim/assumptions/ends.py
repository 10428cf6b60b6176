"""Assumptions one at a time: all tried cheaply at the ends of their ranges, and the largest as precisely as the study.

The ranking looks at other replications than the estimates, numbered behind those of the study: those chosen are not
large by luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, isnan, nan, sqrt

import numpy as np
from scipy.special import stdtrit

from sim.assumptions.inputs import Input, LeftOut, inputs_of
from sim.assumptions.trials import Point, Trial, Try, first_figure
from sim.assumptions.varying import Unfit, varied
from sim.faults import BadInput, Fault
from sim.intervals import Estimate
from sim.statistics import SHARE, residuals
from sim.study import Study
from sim.targets import Target, kind_of
from sim.verdicts import Outcome, Verdict, judge, judge_all

Found = tuple[list[Input], list[LeftOut]]
LARGEST = 5
WITH_PAIRING = "estimate of the base plus paired difference, t"


@dataclass(frozen=True, eq=False)
class End:
    """An input at one end of its range: the figure of the first target, its change, and the verdict there."""

    at: float
    point: Point
    estimate: Estimate
    change: Estimate
    verdicts: tuple[Verdict, ...]

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met there."""
        return judge_all(self.verdicts)


@dataclass(frozen=True, eq=False)
class Bar:
    """An input at both ends."""

    input: Input
    low: End
    high: End

    @property
    def ends(self) -> tuple[End, End]:
        """Low and high."""
        return self.low, self.high


@dataclass(frozen=True)
class Screened:
    """What the first look saw: the figure at both ends, and the larger change."""

    input: Input
    low: float
    high: float
    effect: float


@dataclass(frozen=True, eq=False)
class Choice:
    """All inputs, the largest first, and what was left out with the reason."""

    screened: tuple[Screened, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def largest(self) -> tuple[Input, ...]:
        """Those with an effect, at most LARGEST."""
        return tuple(one.input for one in self.screened[:LARGEST] if one.effect > 0)


def screened(study: Study, tries: Try, replications: int, which: Callable[[Study], Found] = inputs_of) -> Choice:
    """Every input tried at both ends of its range, in a few replications behind those of the study.

    BadInput where the first target's figure is of nobody.
    """
    inputs, left_out = which(study)
    first, last = study.replications, study.replications + replications
    fitting: list[Input] = []
    trials = [Trial(study, first, last)]
    for one in inputs:
        try:
            ends = [varied(study, {one: x}) for x in (one.low, one.high)]
        except Unfit as error:
            left_out.append((one.name, f"an end of its range does not fit: {error}"))
            continue
        fitting.append(one)
        trials += [Trial(end, first, last) for end in ends]
    base, *figures = (Point(t.study, runs).value for t, runs in zip(trials, tries(trials), strict=True))
    if isnan(base):
        raise BadInput([Fault("targets", " in ".join(first_figure(study)), "is of nobody: there is nothing to vary")])
    found = [
        Screened(one, low, high, max(_distance(low, base), _distance(high, base)))
        for one, low, high in zip(fitting, figures[::2], figures[1::2], strict=True)
    ]
    return Choice(tuple(sorted(found, key=lambda one: -one.effect)), tuple(left_out))


def _distance(figure: float, base: float) -> float:
    return inf if isnan(figure) else abs(figure - base)


def at_ends(base: Point, inputs: Sequence[Input], tries: Try, replications: int) -> list[Bar]:
    """Some inputs at both ends of their ranges, in the first ``replications`` of the base."""
    ends = [(one, x) for one in inputs for x in (one.low, one.high)]
    trials = [Trial(varied(base.study, {one: x}), 0, replications) for one, x in ends]
    points = [Point(trial.study, runs) for trial, runs in zip(trials, tries(trials), strict=True)]
    made = [end_of(base, x, point) for (_, x), point in zip(ends, points, strict=True)]
    return [Bar(one, *made[2 * nth : 2 * nth + 2]) for nth, one in enumerate(inputs)]


def end_of(base: Point, at: float, point: Point) -> End:
    """What is said of an end. With fewer replications than the base has, the base's figure counts in all of its own."""
    change = point.against(base).estimate
    if len(point.runs) == len(base.runs):
        return End(at, point, point.estimate, change, point.verdicts)
    plain = dict(zip(point.study.targets.items, point.verdicts, strict=True))
    verdicts = tuple(_judged(target, base, point, verdict) for target, verdict in plain.items())
    return End(at, point, verdicts[0].estimate, change, verdicts)


def _judged(target: Target, base: Point, point: Point, plain: Verdict) -> Verdict:
    """The verdict on a target from both; as it is without the base where nothing may fail, or nothing was measured."""
    estimate = _with_base(target, base, point, plain.estimate)
    return plain if target.is_absolute or estimate is None else judge(target, estimate)


def _with_base(target: Target, base: Point, point: Point, plain: Estimate) -> Estimate | None:
    """The base's figure in R replications plus the paired difference in the first n of them.

    Its variance is s²(u)/R + s²(d)/n + 2 s(u, d)/R, u and d the linearized residuals of the base and the difference.
    """
    key, n = (target.metric, target.scope), len(point.runs)
    (over, under), end = base.runs.pair(key), point.runs.pair(key)
    start = over[:n], under[:n]
    if not (under.sum() and start[1].sum() and end[1].sum()):
        return None
    u, d = residuals(over, under), residuals(*end) - residuals(*start)
    value = over.sum() / under.sum() + end[0].sum() / end[1].sum() - start[0].sum() / start[1].sum()
    shared = float(np.cov(u[:n], d)[0, 1])
    variance = float(u.var(ddof=1) / len(u) + d.var(ddof=1) / n) + 2 * shared / len(u)
    reach = float(stdtrit(n - 1, (1 + plain.confidence) / 2)) * sqrt(max(variance, 0.0))
    bounds = SHARE if kind_of(target.metric) == "share" else (0.0, inf)
    inside = min(max(float(value), bounds[0]), bounds[1])
    return replace(plain, value=inside).with_interval((inside - reach, inside + reach), WITH_PAIRING, bounds)


def slacks(point: Point) -> tuple[float, float, float]:
    """How far all targets are from being met: by the figure, and by the lower and the upper end of its interval.

    In units of the indifference zone, the worst target counts: all are met exactly where the third is not above 0,
    and one is missed exactly where the second is above 0.
    """
    targets = point.study.targets.items
    found = [slack(target, verdict) for target, verdict in zip(targets, point.verdicts, strict=True)]
    measured = [one for one in found if not isnan(one[0])] or [(nan, nan, nan)]
    return max(one[0] for one in measured), max(one[1] for one in measured), max(one[2] for one in measured)


def slack(target: Target, verdict: Verdict) -> tuple[float, float, float]:
    """The same of one target; not a number where nothing was measured."""
    estimate = verdict.estimate
    if estimate.value is None:
        return nan, nan, nan
    if target.is_absolute:
        missed, met = verdict.verdict == "missed", verdict.verdict == "met"
        return (1.0 if missed else -1.0), (1.0 if missed else -1.0), (-1.0 if met else 1.0)
    lower = -inf if estimate.lower is None else estimate.lower
    upper = inf if estimate.upper is None else estimate.upper
    unit = target.zone or 1.0
    if target.at_most is not None:
        return tuple((end - target.threshold) / unit for end in (estimate.value, lower, upper))  # type: ignore[return-value]
    return tuple((target.threshold - end) / unit for end in (estimate.value, upper, lower))  # type: ignore[return-value]


def base_point(study: Study, tries: Try) -> Point:
    """The study as it is, in all its replications."""
    return Point(study, tries([Trial(study, 0, study.replications)])[0])
