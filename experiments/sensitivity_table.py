"""What assumptions do, on a terminal, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from sim.assumptions.designs import Index
from sim.assumptions.draws import DRAWS, EACH_DRAW, Uncertain
from sim.assumptions.ends import Bar
from sim.assumptions.everywhere import COUNT, EACH_POINT, TRAJECTORIES, Morris, Variance
from sim.assumptions.inputs import LeftOut
from sim.assumptions.one_by_one import Rests
from sim.assumptions.trials import first_figure
from sim.intervals import Estimate
from sim.report.wording import assumed, named, shortened
from sim.study import Study
from sim.verdicts import Verdict

NAME = 31
MOST = 20


def rests_text(found: Rests) -> str:
    """The verdict, the largest assumptions at both ends, and what changes it at what value."""
    study, base = found.study, found.base.estimate
    metric = first_figure(study)[0]
    lines = [f"{study.label}: {found.base.verdict}; {named(metric)} {_figure(study, base)}", ""]
    lines.append(f"{'assumption':{NAME}} {'value':>8}  {'at':>8}  {'figure':>20}  {'change, paired':>20}  verdict")
    for bar in found.bars:
        lines += _both(study, bar)
    lines.append("")
    if found.flips:
        lines += ["the verdict depends on", *(part for flip in found.flips for part in _wrapped(f"  {flip.said}"))]
    else:
        lines.append(f"{found.base.verdict} at both ends of each of these, one at a time")
    looked = len(found.choice.screened)
    lines.append("")
    lines += _wrapped(
        f"The largest {len(found.bars)} of {looked} assumptions with a range, chosen on other replications; "
        f"{study.replications} replications each, {study.confidence:.0%} intervals, one at a time; turning points "
        "with the values at which the interval of the figure holds the target."
    )
    return "\n".join([*lines, *_rest(study, found.choice.left_out)])


def _both(study: Study, bar: Bar) -> list[str]:
    said = bar.input.said
    lines = []
    for nth, end in enumerate(bar.ends):
        name = shortened(bar.input.name, NAME) if nth == 0 else ""
        value = said(bar.input.value) if nth == 0 else ""
        change = _figure(study, end.change, signed=True)
        figure = _figure(study, end.estimate)
        lines.append(f"{name:{NAME}} {value:>8}  {said(end.at):>8}  {figure:>20}  {change:>20}  {end.verdict}")
    return lines


def morris_text(found: Morris) -> str:
    """Inputs by the mean size of their elementary effects."""
    lines = [f"{found.study.label}: elementary effects on {_named(found.study)}, over the whole range of each", ""]
    lines.append(f"{'assumption':{NAME}} {'mean size':>21}  {'mean':>23}  {'deviation':>9}")
    for one, effect in list(zip(found.inputs, found.effects, strict=True))[:MOST]:
        name = shortened(one.name, NAME)
        lines.append(f"{name:{NAME}} {_index(effect.size):>21}  {_index(effect.mean):>23}  {effect.deviation:>9.2f}")
    lines += _more(len(found.inputs))
    lines += [
        "",
        *_wrapped(
            f"{TRAJECTORIES} trajectories, each with replications of its own; {found.study.confidence:.0%} bootstrap "
            "intervals over them. The deviation is of interactions, curvature and simulation noise; noise alone makes "
            f"{found.noise:.2f}. Each range is taken as uniform."
        ),
    ]
    return "\n".join([*lines, *_rest(found.study, found.left_out)])


def sobol_text(found: Variance) -> str:
    """Inputs by their share of the variance."""
    lines = [f"{found.study.label}: shares of the variance of {_named(found.study)}", ""]
    lines.append(f"{'assumption':{NAME}} {'alone':>24}  {'with interactions':>24}")
    for one, first, total in zip(found.inputs, found.shares.first, found.shares.total, strict=True):
        lines.append(f"{shortened(one.name, NAME):{NAME}} {_index(first):>24}  {_index(total):>24}")
    alone = sum(one.value for one in found.shares.first)
    lines += [
        "",
        *_wrapped(
            f"Together {alone:.0%} without interactions. Standard deviation over the ranges "
            f"{found.shares.deviation:.2f}, each uniform; the simulation's at a point is {found.noise:.2f}, the same "
            f"citizens at all points. {COUNT} points and their exchanges, {EACH_POINT} replications each; "
            f"{found.study.confidence:.0%} bootstrap intervals."
        ),
    ]
    return "\n".join([*lines, *_rest(found.study, found.left_out)])


def uncertain_text(found: Uncertain) -> str:
    """The verdicts without and with the error of the inputs, and what the spread of the first figure is made of."""
    study, over = found.base.study, found.over_draws
    measured = sum(one.is_measured for one in found.inputs)
    counted = f"{measured} that were measured" + (
        f" and {len(found.inputs) - measured} that are assumed" * (found.kinds == "all")
    )
    lines = [f"with the error of {len(found.inputs)} inputs in the intervals, {counted}"]
    lines.append(f"  {'':{NAME}} {'simulation alone':>20}  {'verdict':9}  {'and inputs':>20}  verdict")
    lines += [_without_and_with(study, *both) for both in zip(found.base.verdicts, found.verdicts, strict=True)]
    variance = over.inputs**2 + over.simulation**2
    low, high = over.interval
    said = (
        f"Over the draws the first figure is {over.mean.value:.1f} on average, {study.confidence:.0%} of them from "
        f"{low:.1f} to {high:.1f}: {over.inputs**2 / variance if variance else 0.0:.0%} of the variance of a draw is "
        f"of the inputs (deviation {over.inputs:.2f}, the simulation's {over.simulation:.2f}). {DRAWS} draws, "
        f"{EACH_DRAW} replications each, all inputs independent; assumptions are uniform over their ranges, what was "
        "measured is drawn by its interval."
    )
    return "\n".join([*lines, *_wrapped(said)])


def _without_and_with(study: Study, plain: Verdict, one: Verdict) -> str:
    name = one.metric if one.scope == "all" else f"{one.metric} ({one.scope})"
    alone, both = (_figure(study, verdict.estimate, metric=one.metric) for verdict in (plain, one))
    return f"  {shortened(name, NAME):{NAME}} {alone:>20}  {plain.verdict:9}  {both:>20}  {one.verdict}"


def _wrapped(text: str) -> list[str]:
    return wrap(text, 100, subsequent_indent="    " if text.startswith(" ") else "", drop_whitespace=True)


def _named(study: Study) -> str:
    metric, scope = first_figure(study)
    return metric if scope == "all" else f"{metric} ({scope})"


def _figure(study: Study, estimate: Estimate, *, signed: bool = False, metric: str | None = None) -> str:
    """A figure and its interval in the unit of its metric, the first target's where none is named."""
    if estimate.value is None:
        return "n/a"
    name = metric or study.targets.items[0].metric
    share = name.endswith("_share") or "_within_" in name
    scale, sign = (100 if share else 1), ("+" if signed else "")
    value = f"{scale * estimate.value:{sign}.1f}"
    if estimate.lower is None or estimate.upper is None:
        return value
    return f"{value} ({scale * estimate.lower:{sign}.1f}–{scale * estimate.upper:{sign}.1f})"


def _index(index: Index) -> str:
    return f"{index.value:.2f} ({index.lower:.2f} to {index.upper:.2f})"


def _more(count: int) -> list[str]:
    return [f"… and {count - MOST} more, see sensitivity.csv"] if count > MOST else []


def _rest(study: Study, left_out: Sequence[LeftOut]) -> list[str]:
    known = assumed([study])
    return [f"{len(left_out)} assumptions are not varied, sensitivity.csv says why. {known}."] if known else []
