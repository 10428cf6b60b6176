"""Scenarios side by side: waits, those left unserved, and what both sides pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison import Difference
from sim.intervals import Estimate
from sim.report.marks import interval, reach
from sim.report.style import FAINT, INK, MARGIN, QUIET, SKY, SMALL, VERDICT_INK, WIDTH, drawing, page, wrapped
from sim.report.wording import (
    MINUS,
    caveat,
    headline,
    intervals_of,
    listed,
    measured,
    named,
    number,
    outcome,
    plain,
    row_name,
    shortened,
    span,
    telling,
    threshold_on,
    verdict_on,
)
from sim.result import Result
from sim.targets import kind_of
from sim.verdicts import Outcome

MOST_ROWS = 24
_LEFT, _GAP = 2.25, 0.2
_ROW, _HEADING, _FOOT = 0.92, 0.36, 0.5
_SHARE, _MONEY = 100.0, 1e-6


@dataclass(frozen=True)
class _Row:
    """A scenario, or the heading of a center (``result`` None); ``top`` is its distance from the first, inches."""

    name: str
    top: float
    label: str = ""
    result: Result | None = None


@drawing()
def policies_side_by_side(results: Mapping[str, Result], differences: Sequence[Difference]) -> Figure:
    """A row a scenario, grouped by center: headline metric, unserved share, state cost, citizens' time.

    Every row has the interval, the verdict in words and the paired difference to its baseline; of more than
    24 scenarios the best, the worst, the baselines and the first are shown, and the caption says so.
    """
    shown = {label: results[label] for label in telling(results, MOST_ROWS)}
    studies = [result.study for result in shown.values()]
    rows = _rows(shown)
    height = max(row.top + (_ROW if row.result else _HEADING) for row in rows)
    made = page(_title(shown), _caption(shown, len(results), differences), height + _FOOT + 0.62)
    metrics = (headline(studies), "unserved_share", "cost_per_day", "citizen_hours_per_resolved")
    width = (WIDTH - _LEFT - MARGIN - 3 * _GAP) / 4
    _names(made.panel(MARGIN, _FOOT, WIDTH - 2 * MARGIN, height), rows, height)
    for nth, metric in enumerate(metrics):
        panel = made.panel(_LEFT + nth * (width + _GAP), _FOOT, width, height)
        panel.set_ylim(height, 0)
        panel.patch.set_visible(False)
        _heading(panel, metric, shown)
        _column(panel, metric, rows, {(d.other, d.metric): d for d in differences})
    return made.figure


def _rows(results: Mapping[str, Result]) -> list[_Row]:
    groups: dict[str, dict[str, Result]] = {}
    for label, result in results.items():
        groups.setdefault(result.study.base.name, {})[label] = result
    rows, top = [], 0.0
    for center, group in groups.items():
        rows.append(_Row(plain(center), top))
        top += _HEADING
        for label, result in group.items():
            rows.append(_Row(row_name(result.study), top, label, result))
            top += _ROW
    return rows


def _names(panel: Axes, rows: Sequence[_Row], height: float) -> None:
    """Names and the verdicts on all targets, over the whole width, with a line above each row."""
    panel.set_axis_off()
    panel.set_xlim(0, WIDTH - 2 * MARGIN)
    panel.set_ylim(height, 0)
    for row in rows:
        panel.plot(
            [0, WIDTH - 2 * MARGIN],
            [row.top, row.top],
            color=FAINT if row.result else QUIET,
            linewidth=0.8,
            clip_on=False,
        )
        if row.result is None:
            panel.text(0, row.top + 0.19, shortened(row.name, 90), fontsize=11, fontweight="bold", va="center")
            continue
        lines = wrapped(shortened(row.name, 70), 9, _LEFT - MARGIN - 0.15, most=3)
        panel.text(0, row.top + 0.1, "\n".join(lines), fontsize=9, va="top", linespacing=1.15)
        verdict = row.result.verdict
        panel.text(
            0, row.top + 0.72, f"all targets: {outcome(verdict)}", fontsize=9, va="center", fontweight="bold",
            color=VERDICT_INK[verdict],
        )  # fmt: skip


def _currency(results: Sequence[Result]) -> str:
    """The currency they share; "" where they do not."""
    found = {result.study.scenario.money.currency for result in results}
    return found.pop() if len(found) == 1 else ""


def _heading(panel: Axes, metric: str, results: Mapping[str, Result]) -> None:
    unit = _unit(metric, _currency(list(results.values())))
    panel.text(0, -0.34, "\n".join(wrapped(named(metric), 9, 1.72, "bold", most=2)), fontsize=9, fontweight="bold", va="bottom", linespacing=1.1)  # fmt: skip
    promised = {
        next((t.text for t in r.study.targets.items if (t.metric, t.scope) == (metric, "all")), "")
        for r in results.values()
    }
    target = f"┊ target: {promised.pop()}" if len(promised) == 1 and promised != {""} else ""
    panel.text(0, -0.16, target or unit, fontsize=SMALL, color=INK if target else QUIET, va="center")
    panel.set_xlabel(unit, fontsize=SMALL, labelpad=2)


def _unit(metric: str, currency: str) -> str:
    if metric.startswith("cost_"):
        return f"million {currency}" if currency else "currencies differ"
    if metric.startswith("citizen_hours"):
        return "hours"
    match kind_of(metric):
        case "share":
            return "% of all who came" if metric != "utilization" else "%"
        case "minutes":
            return "minutes"
        case "other":
            return ""


def _scale(metric: str) -> float:
    if metric.startswith("cost_"):
        return _MONEY
    return _SHARE if kind_of(metric) == "share" else 1.0


def _column(panel: Axes, metric: str, rows: Sequence[_Row], differences: Mapping[tuple[str, str], Difference]) -> None:
    scenarios = [row for row in rows if row.result]
    estimates = [row.result.figures.estimates[metric, "all"] for row in scenarios if row.result]
    thresholds = [threshold_on(row.result.study, metric) for row in scenarios if row.result]
    scale, top = _scale(metric), reach(estimates, thresholds) * _scale(metric)
    if kind_of(metric) == "share":
        top = min(top, 104.0)
    shared = metric != "cost_per_day" or _currency([row.result for row in scenarios if row.result])
    _axis(panel, top, bool(shared))
    judged_here = any(threshold is not None for threshold in thresholds)
    for row, estimate, threshold in zip(scenarios, estimates, thresholds, strict=True):
        assert row.result is not None
        verdict = verdict_on(row.result, metric)
        if shared and not judged_here and estimate.value is not None:
            panel.barh(row.top + 0.18, estimate.value * scale, 0.2, color=SKY, zorder=2)
        if shared:
            interval(
                panel, estimate, row.top + 0.18, top, verdict.verdict if verdict else None, upright=False, scale=scale
            )
        if threshold is not None:
            panel.plot(
                [threshold * scale] * 2,
                [row.top + 0.03, row.top + 0.33],
                color=INK,
                linewidth=1.3,
                linestyle=(0, (2, 1)),
            )
        _say(panel, row, metric, estimate, verdict.verdict if verdict else None, differences.get((row.label, metric)))


def _axis(panel: Axes, top: float, shared: bool) -> None:
    panel.set_xlim(0, top)
    panel.set_yticks([])
    panel.spines["left"].set_color(FAINT)
    panel.locator_params(axis="x", nbins=4)
    panel.tick_params(axis="x", labelsize=SMALL - 0.5, length=3, pad=2)
    panel.grid(visible=shared, axis="x")
    if not shared:
        panel.set_xticks([])


def _say(
    panel: Axes, row: _Row, metric: str, estimate: Estimate, verdict: Outcome | None, difference: Difference | None
) -> None:
    """Three short lines below the mark: figure and interval, verdict, difference to the baseline."""
    assert row.result is not None
    currency = row.result.study.scenario.money.currency
    lines = [(_figure(metric, estimate, currency), INK, "normal")]
    if verdict:
        lines.append((outcome(verdict), VERDICT_INK[verdict], "bold"))
    if difference and difference.paired.estimate.value is not None:
        clear = (
            difference.paired.p_value is not None and difference.adjusted <= 1 - difference.paired.estimate.confidence
        )
        lines.append((_difference(metric, difference, currency, clear), INK if clear else QUIET, "normal"))
    for nth, (text, color, weight) in enumerate(lines):
        panel.annotate(
            text, (0, row.top + 0.42 + 0.16 * nth), xycoords=("axes fraction", "data"), fontsize=7.2, color=color,
            fontweight=weight, va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6}, zorder=5,
        )  # fmt: skip


def _figure(metric: str, estimate: Estimate, currency: str) -> str:
    if estimate.value is None:
        return f"n/a: {estimate.method}"
    ends = span(metric, estimate, currency)
    if metric.startswith("cost_") and estimate.lower is not None and estimate.upper is not None:
        ends = f"{_short(estimate.lower)}–{_short(estimate.upper)}"
        return f"{_short(estimate.value)} ({ends})"
    value = measured(metric, estimate.value, currency)
    short = ends.replace(" to ", "–").rpartition(" ")[0] if " to " in ends else ends
    return f"{value} ({short})" if short else f"{value}, no interval"


def _short(amount: float) -> str:
    return f"{amount * _MONEY:,.2f}".replace("-", MINUS)


def _signed(metric: str, value: float) -> str:
    scaled = value * _scale(metric)
    text = f"{abs(scaled):,.2f}" if metric.startswith(("cost_", "citizen_hours")) else f"{abs(scaled):,.1f}"
    return f"{MINUS if value < 0 else '+'}{text}" if float(text.replace(",", "")) else text


def _difference(metric: str, difference: Difference, currency: str, clear: bool) -> str:
    estimate = difference.paired.estimate
    assert estimate.value is not None
    value = f"Δ {_signed(metric, estimate.value)}"
    if estimate.lower is None or estimate.upper is None:
        return f"{value}, unclear"
    ends = f" ({_signed(metric, estimate.lower)} to {_signed(metric, estimate.upper)})"
    return f"{value}{ends}" if clear else f"{value}{ends} unclear"


def _title(results: Mapping[str, Result]) -> str:
    """Who meets all targets, who does not, and who is undecided; never a winner that was not shown to be one."""
    names = list(dict.fromkeys(plain(r.study.base.name) for r in results.values()))
    if len(names) <= 2:
        return "; ".join(
            _sentence(name, [r for r in results.values() if plain(r.study.base.name) == name]) for name in names
        )
    counts = {v: sum(r.verdict == v for r in results.values()) for v in ("met", "missed", "undecided")}
    return (
        f"Of {len(results)} scenarios at {len(names)} centers {counts['met']} meet all their targets, "
        f"{counts['missed']} miss one, {counts['undecided']} are undecided"
    )


def _sentence(center: str, results: Sequence[Result]) -> str:
    groups: dict[Outcome, list[str]] = {}
    for result in results:
        groups.setdefault(result.verdict, []).append(row_name(result.study))
    parts = (
        [f"all targets met with {_quoted(groups['met'])}"]
        if "met" in groups
        else ["no way of running it is shown to meet all targets"]
    )
    if "met" not in groups and "undecided" not in groups and "n/a" not in groups:
        shortest = min(results, key=lambda r: r.figures.estimates["wait_mean", "all"].value or 0.0)
        value = shortest.figures.estimates["wait_mean", "all"].value
        parts = [
            f"every way of running it misses a target; the shortest mean wait is {number(value or 0.0)} min, with {_quoted([row_name(shortest.study)])}"
        ]
    elif "missed" in groups:
        parts.append(f"missed with {_quoted(groups['missed'])}")
    if "undecided" in groups:
        parts.append(f"undecided with {_quoted(groups['undecided'])}")
    return f"{shortened(center, 40)}: {', '.join(parts)}"


def _quoted(names: Sequence[str]) -> str:
    return listed([f"“{shortened(name, 36)}”" for name in names])


def _caption(results: Mapping[str, Result], all_of_them: int, differences: Sequence[Difference]) -> list[str]:
    studies = [result.study for result in results.values()]
    baselines = list(dict.fromkeys(d.baseline for d in differences if d.baseline in results))
    shown = f"{len(results)} of {all_of_them} scenarios are shown. " if all_of_them > len(results) else ""
    marks = "Filled circle: met ✓, cross: missed ✗, hollow diamond: undecided ?, not shown to keep the target. ▸: the interval goes on."
    said = f"{shown}{intervals_of(studies)} Bars and lines begin at 0. {marks}"
    delta = ""
    if baselines:
        which = f" {_quoted([plain(name) for name in baselines])}"
        delta = f"Δ: difference to{which}, paired on common random numbers; unclear: could be none, all compared counted (Holm)."
    return [said, delta, caveat(studies)]
