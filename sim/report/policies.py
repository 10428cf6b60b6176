"""Scenarios side by side: waits, those left unserved, and what both sides pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison import COMPARED, Difference
from sim.report.marks import Ruler, reach, scale_of
from sim.report.style import FAINT, INK, MARGIN, QUIET, SKY, SMALL, VERDICT_INK, WIDTH, drawing, page, wrapped
from sim.report.verdict_words import difference_text, figure_text, findings
from sim.report.wording import (
    caveat,
    headline,
    intervals_of,
    listed,
    named,
    outcome,
    plain,
    row_name,
    shortened,
    telling,
    threshold_on,
    unit_of,
    verdict_on,
)
from sim.result import Result

MOST_ROWS = 24
_LEFT, _GAP = 2.25, 0.2
_ROW, _HEADING, _FOOT = 0.92, 0.36, 0.5


@dataclass(frozen=True)
class _Scenario:
    """A row: ``top`` is its distance from the first one, in inches; ``is_baseline``: others are set against it."""

    label: str
    result: Result
    top: float
    is_baseline: bool


@drawing()
def policies_side_by_side(results: Mapping[str, Result], differences: Sequence[Difference]) -> Figure:
    """A row a scenario, grouped by center: headline metric, unserved share, state cost, citizens' time.

    Every row has the interval, the verdict in words and the paired difference to its baseline; of more than
    24 scenarios the best, the worst, the baselines and the first are shown, and the caption says so.
    """
    shown = {label: results[label] for label in telling(results, MOST_ROWS)}
    centers, rows = _rows(shown, {d.baseline for d in differences})
    height = rows[-1].top + _ROW
    made = page(findings(shown), _caption(shown, len(results), differences), height + _FOOT + 0.62)
    names = made.panel(MARGIN, _FOOT, WIDTH - 2 * MARGIN, height)
    width = (WIDTH - _LEFT - MARGIN - 3 * _GAP) / 4
    first = headline(result.study for result in shown.values())
    for nth, metric in enumerate((first, "unserved_share", "cost_per_day", "citizen_hours_per_resolved")):
        panel = made.panel(_LEFT + nth * (width + _GAP), _FOOT, width, height)
        panel.set_ylim(height, 0)
        panel.patch.set_visible(False)
        _heading(panel, metric, shown)
        _column(panel, metric, rows, {(d.other, d.metric): d for d in differences})
    _names(names, centers, rows, height)
    return made.figure


def _rows(results: Mapping[str, Result], baselines: set[str]) -> tuple[list[tuple[str, float]], list[_Scenario]]:
    """The centers with the places of their headings, and the scenarios below them."""
    groups: dict[str, dict[str, Result]] = {}
    for label, result in results.items():
        groups.setdefault(result.study.base.name, {})[label] = result
    centers, rows, top = [], [], 0.0
    for center, group in groups.items():
        centers.append((plain(center), top))
        top += _HEADING
        for label, result in group.items():
            rows.append(_Scenario(label, result, top, label in baselines))
            top += _ROW
    return centers, rows


def _names(panel: Axes, centers: Sequence[tuple[str, float]], rows: Sequence[_Scenario], height: float) -> None:
    """Names and the verdicts on all targets, with a line above each row, over the columns' grids."""
    panel.set_axis_off()
    panel.set_zorder(2)
    panel.set_xlim(0, WIDTH - 2 * MARGIN)
    panel.set_ylim(height, 0)
    across = [0, WIDTH - 2 * MARGIN]
    back = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    for center, top in centers:
        panel.plot(across, [top, top], color=QUIET, linewidth=0.8, clip_on=False)
        said = shortened(center, 90)
        panel.text(0, top + 0.19, said, fontsize=11, fontweight="bold", va="center", bbox=back)
    for row in rows:
        panel.plot(across, [row.top, row.top], color=FAINT, linewidth=0.8, clip_on=False)
        lines = wrapped(shortened(row_name(row.result.study), 70), 9, _LEFT - MARGIN - 0.15, most=3)
        panel.text(0, row.top + 0.1, "\n".join(lines), fontsize=9, va="top", linespacing=1.15)
        verdict = row.result.verdict
        panel.text(
            0, row.top + 0.74, f"all targets: {outcome(verdict)}", fontsize=9, va="center", fontweight="bold",
            color=VERDICT_INK[verdict],
        )  # fmt: skip


def _currency(results: Sequence[Result]) -> str:
    """The currency they share; "" where they do not."""
    found = {result.study.scenario.money.currency for result in results}
    return found.pop() if len(found) == 1 else ""


def _heading(panel: Axes, metric: str, results: Mapping[str, Result]) -> None:
    unit = unit_of(metric, _currency(list(results.values())))
    name = "\n".join(wrapped(named(metric), 9, 1.72, "bold", most=2))
    panel.text(0, -0.34, name, fontsize=9, fontweight="bold", va="bottom", linespacing=1.1)
    promised = {
        next((t.text for t in r.study.targets.items if (t.metric, t.scope) == (metric, "all")), "")
        for r in results.values()
    }
    text = promised.pop() if len(promised) == 1 else ""
    said = (f"┊ target: {text}", INK) if text else (unit, QUIET)
    panel.text(0, -0.16, said[0], fontsize=SMALL, color=said[1], va="center")
    panel.set_xlabel(unit, fontsize=SMALL, labelpad=2)


def _column(
    panel: Axes, metric: str, rows: Sequence[_Scenario], differences: Mapping[tuple[str, str], Difference]
) -> None:
    estimates = [row.result.figures.estimates[metric, "all"] for row in rows]
    thresholds = [threshold_on(row.result.study, metric) for row in rows]
    ruler = Ruler(panel, metric, reach(metric, estimates, thresholds), upright=False)
    comparable = metric != "cost_per_day" or bool(_currency([row.result for row in rows]))
    _axis(ruler, comparable)
    for row, estimate, threshold in zip(rows, estimates, thresholds, strict=True):
        verdict = verdict_on(row.result, metric)
        if comparable and not any(thresholds) and estimate.value is not None:
            panel.barh(row.top + 0.18, estimate.value * scale_of(metric), 0.2, color=SKY, zorder=2)
        if comparable:
            ruler.interval(estimate, row.top + 0.18, verdict.verdict if verdict else None)
        if threshold is not None:
            at, ends = [threshold * scale_of(metric)] * 2, [row.top + 0.03, row.top + 0.33]
            panel.plot(at, ends, color=INK, linewidth=1.3, linestyle=(0, (2, 1)))
        _say(panel, metric, row, differences.get((row.label, metric)))


def _axis(ruler: Ruler, comparable: bool) -> None:
    panel = ruler.panel
    panel.set_xlim(0, ruler.top)
    panel.set_yticks([])
    panel.spines["left"].set_color(FAINT)
    panel.locator_params(axis="x", nbins=4)
    panel.tick_params(axis="x", labelsize=SMALL - 0.5, length=3, pad=2)
    panel.grid(visible=comparable, axis="x")
    if not comparable:
        panel.set_xticks([])


def _say(panel: Axes, metric: str, row: _Scenario, difference: Difference | None) -> None:
    """Three short lines below the mark: figure and interval, verdict, difference to the baseline."""
    currency = row.result.study.scenario.money.currency
    lines = [(figure_text(metric, row.result.figures.estimates[metric, "all"], currency), INK, "normal")]
    if verdict := verdict_on(row.result, metric):
        lines.append((outcome(verdict.verdict), VERDICT_INK[verdict.verdict], "bold"))
    if difference and difference.paired.estimate.value is not None:
        text, clear = difference_text(metric, difference)
        lines.append((text, INK if clear else QUIET, "normal"))
    elif row.is_baseline and metric in COMPARED:
        lines.append(("Δ: baseline", QUIET, "normal"))
    for nth, (text, color, weight) in enumerate(lines):
        panel.annotate(
            text, (0, row.top + 0.42 + 0.16 * nth), xycoords=("axes fraction", "data"), fontsize=7.2, color=color,
            fontweight=weight, va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6}, zorder=6,
        )  # fmt: skip


def _caption(results: Mapping[str, Result], all_of_them: int, differences: Sequence[Difference]) -> list[str]:
    studies = [result.study for result in results.values()]
    baselines = list(dict.fromkeys(d.baseline for d in differences if d.baseline in results))
    shown = f"{len(results)} of {all_of_them} scenarios are shown. " if all_of_them > len(results) else ""
    marks = "Filled circle: met ✓; cross: missed ✗; hollow diamond: undecided ?, not shown to keep the target."
    said = f"{shown}{intervals_of(studies)} Axes begin at 0; an arrow: the interval goes on. {marks}"
    if not baselines:
        return [said, caveat(studies)]
    which = listed([f"“{plain(name)}”" for name in baselines])
    delta = f"Δ: difference to {which}, in the unit of the axis, paired on common random numbers; unclear: not shown"
    return [said, f"{delta} to differ from 0 when all scenarios compared are counted (Holm).", caveat(studies)]
