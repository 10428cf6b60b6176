"""All ways side by side: figures with their intervals, targets and paired differences."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sim.intervals import Estimate
from sim.report.marks import reach, scale_of
from sim.report.page.named import Metric
from sim.report.page.numbers import figure
from sim.report.page.svg import glyph
from sim.report.page.ways import COST, Group, Way, times
from sim.report.page.words import Word, phrase
from sim.report.wording import headline, threshold_on, verdict_on


@dataclass(frozen=True)
class Cell:
    """A figure in words and drawn, and its paired difference to the baseline; None where there is none."""

    text: Word
    glyph: Markup
    change: Word | None


@dataclass(frozen=True)
class Column:
    """A metric, and its cells by the number of a way."""

    metric: Word
    cells: dict[int, Cell]


def columns(group: Group) -> list[Column]:
    """The figure of the first target, those left unserved, and what it costs a month."""
    first = headline([way.study for way in group.ways])
    return [_column(group, metric) for metric in dict.fromkeys((first, "unserved_share", COST))]


def _column(group: Group, metric: str) -> Column:
    factors = {way.number: way.a_month if metric == COST else 1.0 for way in group.ways}
    known = {way.number: times(own, factors[way.number]) for way in group.ways if (own := way.figure(metric))}
    top = reach(metric, known.values(), [threshold_on(way.study, metric) for way in group.ways]) / scale_of(metric)
    cells = {way.number: _cell(way, metric, known.get(way.number), top) for way in group.ways}
    return Column(Metric("cost_month" if metric == COST else metric), cells)


def _cell(way: Way, metric: str, estimate: Estimate | None, top: float) -> Cell:
    verdict = verdict_on(way.result, metric)
    drawn = glyph(estimate, top, threshold_on(way.study, metric), verdict.verdict if verdict else "n/a")
    text = phrase("figure.none") if estimate is None else figure(metric, estimate, way.currency)
    return Cell(text, drawn, _change(way, metric))


def _change(way: Way, metric: str) -> Word | None:
    """The paired difference to the baseline, and whether it is shown to differ."""
    difference = way.change.get(metric)
    if difference is None or difference.paired.estimate.value is None:
        return None
    estimate = times(difference.paired.estimate, way.a_month if metric == COST else 1.0)
    clear = difference.paired.p_value is not None and difference.adjusted <= 1 - estimate.confidence
    said = figure(metric, estimate, way.currency, signed=True)
    return phrase("compare.change" if clear else "compare.unclear", change=said)
