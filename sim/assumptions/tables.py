"""What was found of the inputs of a study, as tables: one row an input, those left out with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sim.assumptions.draws import Uncertain
from sim.assumptions.everywhere import Morris, Variance
from sim.assumptions.inputs import Input, LeftOut
from sim.assumptions.one_by_one import Flip, Rests

Row = dict[str, Any]
ENDS = ("low", "high")


def rests_frame(found: Rests) -> pd.DataFrame:
    """One row an assumption, the largest first: what the first look saw, and of the largest the estimates at both ends.

    ``turns_*``: the value at which the figure crosses its target on the way to that end, with its interval; empty
    where it does not, though the verdict on all targets may be another.
    """
    bars = {bar.input.name: bar for bar in found.bars}
    flips = {(flip.bar.input.name, flip.end.at): flip for flip in found.flips}
    rows = []
    for seen in found.choice.screened:
        row = _of(seen.input) | {"seen_low": seen.low, "seen_high": seen.high}
        bar = bars.get(seen.input.name)
        for name, end in zip(ENDS, bar.ends, strict=True) if bar else ():
            figures = {"estimate": end.estimate, "change": end.change}
            for what, estimate in figures.items():
                row |= {
                    f"{what}_{name}": estimate.value,
                    f"{what}_{name}_lower": estimate.lower,
                    f"{what}_{name}_upper": estimate.upper,
                }
            row |= {f"verdict_{name}": end.verdict} | _turns(name, flips.get((seen.input.name, end.at)))
        rows.append(row)
    return _framed(rows, found.choice.left_out)


def _turns(name: str, flip: Flip | None) -> Row:
    value, low, high = None, None, None
    if flip is not None and flip.is_on_the_way:
        value, (low, high) = flip.crossing.value, flip.crossing.span
    return {f"turns_{name}": value, f"turns_{name}_lower": low, f"turns_{name}_upper": high}


def morris_frame(found: Morris) -> pd.DataFrame:
    """One row an input: the mean of its elementary effects, of their sizes, and their standard deviation."""
    rows = [
        _of(one)
        | {"mean": e.mean.value, "mean_lower": e.mean.lower, "mean_upper": e.mean.upper}
        | {"size": e.size.value, "size_lower": e.size.lower, "size_upper": e.size.upper}
        | {"deviation": e.deviation, "noise": found.noise}
        for one, e in zip(found.inputs, found.effects, strict=True)
    ]
    return _framed(rows, found.left_out)


def sobol_frame(found: Variance) -> pd.DataFrame:
    """One row an input: its share of the variance, alone and with all its interactions."""
    rows = [
        _of(one)
        | {"first": first.value, "first_lower": first.lower, "first_upper": first.upper}
        | {"total": total.value, "total_lower": total.lower, "total_upper": total.upper}
        | {"deviation": found.shares.deviation, "noise": found.noise}
        for one, first, total in zip(found.inputs, found.shares.first, found.shares.total, strict=True)
    ]
    return _framed(rows, found.left_out)


def uncertain_frame(found: Uncertain) -> pd.DataFrame:
    """One row a target: as assumed, with the simulation error alone, and with that of the inputs, and both verdicts.

    Of the first also the mean and the interval over draws of the inputs, and what their spread is made of.
    """
    rows: list[Row] = []
    for plain, one in zip(found.base.verdicts, found.verdicts, strict=True):
        alone, both = plain.estimate, one.estimate
        row: Row = {"metric": one.metric, "scope": one.scope, "target": one.target, "estimate": alone.value}
        row |= {"lower": alone.lower, "upper": alone.upper, "verdict": plain.verdict}
        row |= {"with_inputs_lower": both.lower, "with_inputs_upper": both.upper, "with_inputs_verdict": one.verdict}
        rows.append(row)
    over = found.over_draws
    rows[0] |= {"mean": over.mean.value, "mean_lower": over.mean.lower, "mean_upper": over.mean.upper}
    rows[0] |= {"inputs_lower": over.interval[0], "inputs_upper": over.interval[1]}
    rows[0] |= {"inputs_deviation": over.inputs, "simulation_deviation": over.simulation}
    return pd.DataFrame(rows)


def _of(one: Input) -> Row:
    keys = " ".join(one.keys)
    return {"assumption": one.name, "keys": keys, "value": one.value, "low": one.low, "high": one.high}


def _framed(rows: list[Row], left_out: Iterable[LeftOut]) -> pd.DataFrame:
    return pd.DataFrame([*rows, *({"assumption": name, "left_out": why} for name, why in left_out)])
