"""What data cannot tell, and how the answer depends on it: every assumption with a range, alone at each of its ends.

What was counted is held as it was counted (see :mod:`sim.fitting.held`). All ends meet the same citizens.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.assumptions.inputs import Input, LeftOut, inputs_of, plain, value_at
from sim.assumptions.trials import Trial, Try, first_figure
from sim.assumptions.varying import Unfit, varied
from sim.fitting.held import counted_in, expected, with_expected
from sim.intervals import Estimate
from sim.runs import Runs
from sim.runs.replications import Key
from sim.statistics import paired_difference, ratio_estimate
from sim.study import Study
from sim.targets import Target, Targets

MEAN, WITHIN = "wait_mean", "wait_within_15"


@dataclass(frozen=True, eq=False)
class Unidentified:
    """One input: of each figure, in the order of Dependence.figures, its change at the low and at the high end."""

    input: Input
    low: tuple[Estimate, ...]
    high: tuple[Estimate, ...]

    @property
    def effect(self) -> float:
        """The larger change of the first figure."""
        return max(abs(end[0].value or 0.0) for end in (self.low, self.high))


@dataclass(frozen=True, eq=False)
class Dependence:
    """All inputs, the largest effect on the first target's figure first, figures as assumed, and what was left out."""

    study: Study
    figures: tuple[Key, ...]
    base: tuple[Estimate, ...]
    inputs: tuple[Unidentified, ...]
    left_out: tuple[LeftOut, ...]


def ends_of(study: Study) -> tuple[list[tuple[Input, list[Study]]], list[LeftOut]]:
    """Every assumption with a range, the study at its low and high end, what was counted held; and the others."""
    inputs, left_out = inputs_of(study)
    metric = counted_in(study.base)
    wanted = expected(study.base, metric) if metric else 0.0
    found = []
    for one in inputs:
        try:
            ends = [varied(study, {one: x}) for x in (one.low, one.high)]
            if metric:
                ends = [end.replace(base=with_expected(end.base, metric, wanted)) for end in ends]
        except (Unfit, ValueError) as error:
            left_out.append((one.name, f"an end of its range does not fit: {error}"))
            continue
        found.append((one, ends))
    return found, left_out


def dependence(study: Study, tries: Try, replications: int) -> Dependence:
    """How the first target's figure, the mean wait and the share within 15 minutes change at each end of each range.

    BadInput where an end cannot be run; a figure of nobody has no change.
    """
    study = _with_figures(study)
    inputs, left_out = ends_of(study)
    studies = [study, *(end for _, ends in inputs for end in ends)]
    base, *runs = tries([Trial(one, 0, replications) for one in studies])
    figures = _figures(study)
    made = [
        Unidentified(
            one, *(tuple(_change(study, figure, base, end) for figure in figures) for end in runs[2 * n : 2 * n + 2])
        )
        for n, (one, _) in enumerate(inputs)
    ]
    as_it_is = tuple(ratio_estimate(*base.pair(figure), study.confidence) for figure in figures)
    return Dependence(study, figures, as_it_is, tuple(sorted(made, key=lambda one: -one.effect)), tuple(left_out))


def _figures(study: Study) -> tuple[Key, ...]:
    return tuple(dict.fromkeys([first_figure(study), (MEAN, "all"), (WITHIN, "all")]))


def _with_figures(study: Study) -> Study:
    """The study with targets on all figures, so that their sums are kept; its own come first."""
    own = {(target.metric, target.scope) for target in study.targets.items}
    more = (Target(metric=MEAN, at_most=15.0), Target(metric=WITHIN, at_least=0.5))
    added = [target for target in more if (target.metric, target.scope) not in own]
    items = (*study.targets.items, *added)
    return study.replace(targets=Targets.model_validate({**study.targets.model_dump(), "items": items}))


def _change(study: Study, figure: Key, base: Runs, end: Runs) -> Estimate:
    return paired_difference(*end.pair(figure), *base.pair(figure), study.confidence).estimate


def frame(found: Dependence) -> pd.DataFrame:
    """One row an input: value, range, words, and of each figure the change at both ends with its interval."""
    whole, rows = plain(found.study), []
    for one in found.inputs:
        own = one.input
        row: dict[str, object] = {
            "input": own.name,
            "value": own.said(own.value),
            "low": own.said(own.low),
            "high": own.said(own.high),
            "words": own.words,
        }
        for nth, (metric, _) in enumerate(found.figures):
            for name, end in (("low", one.low), ("high", one.high)):
                row |= {
                    f"{metric}_at_{name}": end[nth].value,
                    f"{metric}_at_{name}_lower": end[nth].lower,
                    f"{metric}_at_{name}_upper": end[nth].upper,
                }
        rows.append(row | {"left_out": ""})
    rows += [{"input": name, "value": value_at(whole, name), "left_out": why} for name, why in found.left_out]
    return pd.DataFrame(rows)
