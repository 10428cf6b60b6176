"""All centers of a province on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.centers import KEPT, Center, Province, first_target
from sim.intervals import Estimate
from sim.report.marks import reach, scale_of
from sim.report.style import (
    INK,
    MARGIN,
    QUIET,
    SMALL,
    VERDICT_COLORS,
    VERDICT_INK,
    VERDICT_MARKERS,
    WIDTH,
    drawing,
    page,
)
from sim.report.wording import (
    assumed,
    headline,
    intervals_of,
    measured,
    named,
    outcome,
    percent,
    plain,
    shortened,
    span,
    threshold_on,
    unit_of,
)
from sim.verdicts import Outcome

_HEIGHT, _LEFT = 4.1, 0.75
WORST = 3
VERDICTS: tuple[Outcome, ...] = ("missed", "undecided", "met", "n/a")


@drawing()
def centers_side_by_side(province: Province, name: str) -> Figure:
    """The headline metric of every center with its interval, from the worst to the best, the target as a line.

    The worst three and the best are named.
    """
    study = province.study
    metric = headline([study])
    upward = any(t.at_least is not None for t in study.targets.items if t.metric == metric and t.scope == "all")
    drawn = ordered(province, metric, largest_first=not upward)
    made = page(_title(province, name, metric), _notes(province, metric), _HEIGHT + 0.75)
    panel = made.panel(_LEFT, 0.55, WIDTH - _LEFT - 2 * MARGIN, _HEIGHT)
    figures = [one.figures.estimates[metric, "all"] for one in drawn]
    top = reach(metric, figures, [threshold_on(study, metric)])
    for at, (one, estimate) in enumerate(zip(drawn, figures, strict=True)):
        _dot(panel, at, estimate, province.verdict(one.name), (scale_of(metric), top, len(drawn)))
    _frame(panel, metric, len(drawn), top)
    _target(panel, threshold_on(study, metric), metric)
    _labels(panel, province, drawn, figures, (metric, top))
    _legend(panel, province)
    return made.figure


def ordered(province: Province, metric: str, largest_first: bool) -> list[Center]:
    """The centers that have the metric, by their estimates; ties in the order of rows."""
    known = [one for one in province.centers.values() if one.figures.estimates[metric, "all"].value is not None]
    sign = -1 if largest_first else 1
    return sorted(known, key=lambda one: sign * (one.figures.estimates[metric, "all"].value or 0.0))


def _dot(panel: Axes, at: int, estimate: Estimate, verdict: Outcome, axis: tuple[float, float, int]) -> None:
    """A marker and its interval, small where there are many; filled where the verdict is sure."""
    scale, top, count = axis
    value = (estimate.value or 0.0) * scale
    low = value if estimate.lower is None else estimate.lower * scale
    high = value if estimate.upper is None else estimate.upper * scale
    color, size = VERDICT_COLORS[verdict], 7.0 if count <= 40 else 4.5
    panel.plot([at, at], [low, min(high, top)], "-", color=color, linewidth=1.6 if count <= 40 else 1.0, zorder=3)
    decided = verdict in ("met", "missed")
    panel.plot(
        [at], [min(value, top)], VERDICT_MARKERS[verdict], markersize=size, markeredgewidth=0.5 if decided else 1.0,
        markerfacecolor=color if decided else "white", markeredgecolor="white" if decided else color, zorder=4,
    )  # fmt: skip


def _frame(panel: Axes, metric: str, count: int, top: float) -> None:
    panel.set_xlim(-1, count)
    panel.set_ylim(0, top)
    panel.set_ylabel(f"{named(metric)}, {unit_of(metric, '')}")
    panel.set_xlabel(f"{count} centers, the worst on the left")
    panel.set_xticks([])
    panel.yaxis.set_major_locator(MaxNLocator(8))
    panel.grid(axis="y")


def _target(panel: Axes, threshold: float | None, metric: str) -> None:
    if threshold is None:
        return
    panel.axhline(threshold * scale_of(metric), color=INK, linewidth=1.3, linestyle=(0, (2, 1)), zorder=2)
    panel.annotate(
        f"target {measured(metric, threshold)}", (1, threshold * scale_of(metric)), (-2, 3),
        xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", fontsize=SMALL, fontweight="bold",
    )  # fmt: skip


def _labels(
    panel: Axes, province: Province, drawn: Sequence[Center], figures: Sequence[Estimate], axis: tuple[str, float]
) -> None:
    """The names of the worst and the best, each joined to its dot, where the dots leave room: above them."""
    metric, top = axis
    chosen = sorted({*range(min(WORST, len(drawn))), len(drawn) - 1} if drawn else ())
    for nth in chosen:
        estimate, color = figures[nth], VERDICT_INK[province.verdict(drawn[nth].name)]
        value, is_best = (estimate.value or 0.0) * scale_of(metric), nth == len(drawn) - 1
        high = min((estimate.upper or estimate.value or 0.0) * scale_of(metric), top)
        stacked = min((figures[0].upper or 0.0) * scale_of(metric), 0.95 * top) - 0.06 * top * nth
        place = (nth, high + 0.12 * top) if is_best else (len(drawn) * 0.15, stacked)
        panel.annotate(
            f"{shortened(plain(drawn[nth].name), 24)}: {measured(metric, estimate.value or 0.0)}",
            (nth, high if is_best else min(value, top)), place, va="center", ha="right" if is_best else "left",
            fontsize=SMALL, color=color, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 2},
        )  # fmt: skip


def _legend(panel: Axes, province: Province) -> None:
    """What the marks mean, with how many there are of each."""
    found = [province.verdict(name) for name in province.centers]
    for verdict in VERDICTS:
        if verdict in found:
            decided = verdict in ("met", "missed")
            color = VERDICT_COLORS[verdict]
            panel.plot(
                [], [], VERDICT_MARKERS[verdict], markerfacecolor=color if decided else "white", markeredgecolor=color,
                label=f"{outcome(verdict)} {found.count(verdict)}",
            )  # fmt: skip
    panel.legend(loc="upper right", fontsize=SMALL, labelcolor=QUIET, ncols=4, bbox_to_anchor=(1.0, 1.09))


def _title(province: Province, name: str, metric: str) -> str:
    count, failing = len(province.centers), len(province.failing)
    if failing:
        missed = _missed_figures(province)
        elsewhere = "" if missed[metric] or not missed else ", none by the figure drawn here"
        return f"{name}: {failing} of {count} centers miss what was promised{elsewhere}"
    met = sum(province.verdict(one) == "met" for one in province.centers)
    return f"{name}: {met} of {count} centers keep what was promised, and none is shown to miss it"


def _missed_figures(province: Province) -> Counter[str]:
    """How many of those that fail miss a target of each figure."""
    failing = [province.centers[name] for name in province.centers if name in province.failing]
    return Counter(v.metric for one in failing for v in one.figures.verdicts if v.verdict == "missed")


def _missed(province: Province) -> str:
    missed = _missed_figures(province)
    return f"Missed: {', '.join(f'{metric} at {count}' for metric, count in missed.items())}. " if missed else ""


def _notes(province: Province, metric: str) -> list[str]:
    """The province as a whole, what the verdicts count, and what the intervals know."""
    studies = [one.study for one in province.centers.values()]
    whole, target = province.totals.get(metric), first_target(province.study)
    said = (
        f"All together: {named(metric).lower()} {measured(metric, whole.value)} ({span(metric, whole)}). "
        if whole and whole.value is not None
        else ""
    )
    kept = province.totals.get(KEPT)
    if target is not None and kept is not None and kept.value is not None:
        said += f"In a run of its days, {percent(kept.value)} of centers keep {target.metric} {target.text}. "
    holm = "A center is said to miss a target only if it does so with all centers and targets counted (Holm)."
    return [
        f"{said}{_missed(province)}{holm}",
        f"{intervals_of(studies[:1])} Simulation error only; {assumed(studies)}.",
    ]
