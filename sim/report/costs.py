"""What a way of running a center costs against what people wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.intervals import Estimate
from sim.report.marks import reach, scale_of
from sim.report.style import (
    FAINT,
    INK,
    MARGIN,
    QUIET,
    SMALL,
    VERDICT_COLORS,
    VERDICT_INK,
    VERDICT_MARKERS,
    WIDTH,
    apart,
    drawing,
    page,
    wrapped,
)
from sim.report.verdict_words import figure_text
from sim.report.wording import (
    caveat,
    headline,
    intervals_of,
    money,
    named,
    outcome,
    plain,
    row_names,
    shortened,
    telling,
    threshold_on,
    unit_of,
)
from sim.result import Result
from sim.verdicts import Outcome

MOST_POINTS = 12
COST = "cost_per_day"
CHOSEN = {"calendar", "points", "staff", "guidance", "closing", "saturday_duty", "lenders", "costs"}
_LABELS, _LINE = 3.0, 0.135


@dataclass(frozen=True, eq=False)
class _Way:
    """One way of running the center; ``is_efficient``: none costs at most as much and is better."""

    name: str
    verdict: Outcome
    cost: Estimate
    wait: Estimate
    is_efficient: bool

    @property
    def at(self) -> tuple[float, float]:
        """Cost and wait, in their own units."""
        return self.cost.value or 0.0, self.wait.value or 0.0


def compared_costs(results: Mapping[str, Result]) -> list[dict[str, Result]]:
    """Results that differ in what a center may choose only, put together, where two at least have figures.

    Demand is not chosen, nor is what people bring: results that differ there are no alternatives.
    """
    groups: dict[tuple[str, str], dict[str, Result]] = {}
    for label, result in results.items():
        study = result.study
        alike = study.base.model_dump_json(exclude=CHOSEN), study.targets.model_dump_json()
        if all(result.figures.estimates[name, "all"].value is not None for name in (COST, headline([study]))):
            groups.setdefault(alike, {})[label] = result
    return [group for group in groups.values() if len(group) > 1]


@drawing()
def cost_against_wait(results: Mapping[str, Result]) -> Figure:
    """State cost a day against the headline metric of one center: a point a scenario, intervals in both.

    The target is a line; the efficient ones, by their estimates, are joined. At most twelve are drawn.
    ValueError unless two results at least differ in what the center may choose only.
    """
    if [len(group) for group in compared_costs(results)] != [len(results)]:
        raise ValueError("wanted two or more results that differ in what a center may choose only")
    shown = {label: results[label] for label in telling(results, MOST_POINTS)}
    studies = [result.study for result in shown.values()]
    metric, currency = headline(studies), studies[0].scenario.money.currency
    ways = _ways(shown, metric)
    texts = [_lines(way, metric, currency) for way in ways]
    height = max(3.4, sum(len(lines) * _LINE + 0.11 for lines in texts) + 0.1)
    made = page(_title(results, currency), [_caption(shown, len(results), metric), caveat(studies)], height + 0.95)
    panel = made.panel(0.75, 0.6, WIDTH - 0.75 - _LABELS - MARGIN, height)
    top = reach(metric, [way.wait for way in ways], [threshold_on(study, metric) for study in studies])
    _frame(panel, ways, metric, currency, top)
    _targets(panel, results, metric)
    best = sorted(way.at for way in ways if way.is_efficient)
    scales = scale_of(COST), scale_of(metric)
    panel.plot([x * scales[0] for x, _ in best], [y * scales[1] for _, y in best], ":", color=QUIET, zorder=2)
    for way in ways:
        _point(panel, way, scales, top)
    _labels(panel, ways, texts, (top, height), scales)
    return made.figure


def _ways(results: Mapping[str, Result], metric: str) -> list[_Way]:
    most = _more_is_better(results, metric)
    at: dict[str, tuple[float, float]] = {}
    for label, result in results.items():
        cost, wait = (result.figures.estimates[name, "all"].value or 0.0 for name in (COST, metric))
        at[label] = cost, -wait if most else wait
    names = dict(zip(results, row_names([result.study for result in results.values()]), strict=True))
    return [
        _Way(
            names[label],
            result.verdict,
            result.figures.estimates[COST, "all"],
            result.figures.estimates[metric, "all"],
            not any(x <= at[label][0] and y <= at[label][1] and (x, y) != at[label] for x, y in at.values()),
        )
        for label, result in results.items()
    ]


def _more_is_better(results: Mapping[str, Result], metric: str) -> bool:
    targets = [t for result in results.values() for t in result.study.targets.items]
    return any(t.at_least is not None for t in targets if (t.metric, t.scope) == (metric, "all"))


def _lines(way: _Way, metric: str, currency: str) -> list[str]:
    name = wrapped(shortened(way.name, 70), SMALL, _LABELS - 0.5, "bold", most=2)
    return [*name, f"{figure_text(metric, way.wait, '')}; {money(way.at[0], currency)}", outcome(way.verdict)]


def _frame(panel: Axes, ways: Sequence[_Way], metric: str, currency: str, top: float) -> None:
    costs = [
        end * scale_of(COST) for w in ways for end in (w.cost.lower, w.cost.value, w.cost.upper) if end is not None
    ]
    margin = 0.08 * (max(costs) - min(costs)) or 0.05 * max(costs) or 1.0
    first, last = max(min(costs) - margin, 0.0), max(costs) + margin
    panel.set_xlim(first, last)
    panel.set_xticks([at for at in MaxNLocator(7).tick_values(first, last) if first <= at <= last])
    panel.set_ylim(0, top)
    panel.grid(visible=True)
    panel.set_xlabel(f"{named(COST).lower()}, {unit_of(COST, currency)}")
    panel.set_ylabel(f"{named(metric).lower()}, {unit_of(metric, currency)}")


def _targets(panel: Axes, results: Mapping[str, Result], metric: str) -> None:
    items = [t for result in results.values() for t in result.study.targets.items]
    promised = {t.threshold: t.text for t in items if (t.metric, t.scope) == (metric, "all")}
    for threshold in promised:
        panel.axhline(threshold * scale_of(metric), color=INK, linewidth=1.3, linestyle=(0, (2, 1)), zorder=2)
    if promised:
        said = f"dashed: target, {named(metric).lower()} {', '.join(promised.values())}"
        panel.set_title(said, loc="left", fontsize=SMALL, fontweight="bold", pad=5)


def _point(panel: Axes, way: _Way, scales: tuple[float, float], top: float) -> None:
    x, y = way.at[0] * scales[0], way.at[1] * scales[1]
    color = VERDICT_COLORS[way.verdict]
    for estimate, across in ((way.cost, True), (way.wait, False)):
        if estimate.lower is None or estimate.upper is None:
            continue
        ends = [end * scales[0 if across else 1] for end in (estimate.lower, estimate.upper)]
        along = (ends, [y, y]) if across else ([x, x], ends)
        panel.plot(*along, color=color, linewidth=2.0, solid_capstyle="butt", zorder=3)
        if not across and ends[1] > top:
            panel.plot([x], [top], "^", color=color, markersize=6, clip_on=False, zorder=4)
    decided = way.verdict in ("met", "missed")
    look = {"markerfacecolor": color if decided else "white", "markeredgecolor": "white" if decided else color}
    panel.plot([x], [y], VERDICT_MARKERS[way.verdict], markersize=8.5, clip_on=False, zorder=5, **look)  # type: ignore[arg-type]


def _labels(
    panel: Axes,
    ways: Sequence[_Way],
    texts: Sequence[list[str]],
    room: tuple[float, float],
    scales: tuple[float, float],
) -> None:
    """Names and figures in a column at the right, each tied to its point."""
    top, height = room
    sizes = [top * (len(lines) * _LINE + 0.11) / height for lines in texts]
    left, right = panel.get_xlim()
    edge = right + 0.05 * (right - left)
    for way, text, place in zip(ways, texts, apart([w.at[1] * scales[1] for w in ways], sizes, top), strict=True):
        x, y = way.at[0] * scales[0], way.at[1] * scales[1]
        panel.plot([x, edge], [y, place], color="#BBBBBB", linewidth=0.6, clip_on=False, zorder=1)
        panel.plot([edge], [place], "o", color=FAINT, markersize=2, clip_on=False, zorder=1)
        for nth, line in enumerate(text):
            down = (len(text) - 1) / 2 - nth
            last = nth == len(text) - 1
            panel.annotate(
                line, (edge, place), (5, 72 * _LINE * down), textcoords="offset points", va="center", fontsize=SMALL,
                color=VERDICT_INK[way.verdict] if last else INK, annotation_clip=False,
                fontweight="bold" if last or (nth < len(text) - 2 and way.is_efficient) else "normal",
            )  # fmt: skip


def _title(results: Mapping[str, Result], currency: str) -> str:
    every = list(results.values())
    center = shortened(plain(every[0].study.base.name), 40)
    met = [result for result in every if result.verdict == "met"]
    if not met:
        return f"{center}: none of {len(every)} ways of running it is shown to meet all targets, at any cost"
    cheapest = min(met, key=lambda result: result.figures.estimates[COST, "all"].value or 0.0)
    cost = money(cheapest.figures.estimates[COST, "all"].value or 0.0, currency)
    told = dict(zip(every, row_names([result.study for result in every]), strict=True))[cheapest]
    name = f"“{shortened(told, 40)}”, at {cost} a day"
    shown = "shown to meet all targets"
    if len(met) == 1:
        return f"{center}: only {name}, is {shown}"
    return f"{center}: {len(met)} of {len(every)} ways of running it are {shown}; the cheapest is {name}"


def _caption(results: Mapping[str, Result], all_of_them: int, metric: str) -> str:
    shown = f"{len(results)} of {all_of_them} scenarios are shown. " if all_of_them > len(results) else ""
    better = "higher" if _more_is_better(results, metric) else "lower"
    joined = (
        f"Dotted, and in bold: by the estimates none that costs at most as much has a {better} figure; between "
        "them nothing was simulated, and differences may lie within the intervals."
    )
    marks = "Filled circle: all targets met ✓; cross: missed ✗; hollow diamond: undecided ?."
    studies = [result.study for result in results.values()]
    return f"{shown}{marks} {joined} The cost axis need not begin at 0. {intervals_of(studies)}"
