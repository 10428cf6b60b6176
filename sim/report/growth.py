"""How far demand can grow before the promise breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.marks import interval, reach
from sim.report.style import INK, LINES, MARGIN, QUIET, SMALL, VERDICT_INK, WIDTH, drawing, page, wrapped
from sim.report.wording import (
    MARKS,
    caveat,
    full_name,
    headline,
    intervals_of,
    listed,
    measured,
    named,
    shortened,
    threshold_on,
    verdict_on,
)
from sim.result import Result
from sim.targets import kind_of
from sim.verdicts import Outcome

MOST_SERIES = 6
_STRIP, _HEIGHTS = 0.36, (2.6, 1.7)
_NAMES = 1.8


@dataclass(frozen=True, eq=False)
class Series:
    """One way of running one center at several demands, ascending."""

    name: str
    results: tuple[Result, ...]

    @property
    def demands(self) -> list[float]:
        """The multipliers of demand."""
        return [result.study.base.demand for result in self.results]


def series_of(results: Mapping[str, Result]) -> list[Series]:
    """Results that differ in demand only, put together; those that stand alone are left out."""
    groups: dict[str, list[Result]] = {}
    for result in results.values():
        study = result.study
        rest = study.base.replace(demand=1.0).model_dump_json() + repr(study.policies) + study.targets.model_dump_json()
        groups.setdefault(rest, []).append(result)
    found = []
    for group in groups.values():
        ordered = sorted(group, key=lambda result: result.study.base.demand)
        if len({result.study.base.demand for result in group}) > 1:
            found.append(Series(_name(ordered[0]), tuple(ordered)))
    return found


def _name(result: Result) -> str:
    """Center and label, without the part of the label that is the demand."""
    kept = [part for part in full_name(result.study).split(" · ") if not part.startswith("demand=")]
    policies = "+".join(name for name, _ in result.study.policies) or "none"
    return " · ".join(kept if len(kept) > 1 else [*kept, policies])


@drawing()
def growing_demand(results: Mapping[str, Result]) -> Figure:
    """Headline metric and unserved share against demand, verdicts on all targets above; at most six lines.

    ValueError unless some of the studies differ in ``demand`` only.
    """
    every = series_of(results)
    if not every:
        raise ValueError("wanted studies that differ in demand, given none")
    lines = every[:MOST_SERIES]
    studies = [result.study for line in lines for result in line.results]
    strip = _STRIP * len(lines)
    body = sum(_HEIGHTS) + strip + 1.75
    shown = f"{len(lines)} of {len(every)} ways of running are shown. " if len(lines) < len(every) else ""
    made = page(_title(lines), [f"{shown}{_caption(lines)}", caveat(studies)], body)
    left = 0.8 if len(lines) == 1 else MARGIN + _NAMES
    width = WIDTH - left - MARGIN - 0.2
    below, above = (
        made.panel(left, y, width, h) for y, h in ((0.55, _HEIGHTS[1]), (0.55 + _HEIGHTS[1] + 0.45, _HEIGHTS[0]))
    )
    top = made.panel(left, 0.55 + sum(_HEIGHTS) + 0.85, width, strip)
    _verdicts(top, lines)
    for panel, metric in ((above, headline(studies)), (below, "unserved_share")):
        _curves(panel, metric, lines)
    every_demand = sorted({study.base.demand for study in studies})
    for panel in (above, below, top):
        _across(panel, every_demand)
    above.set_xticklabels([])
    below.set_xlabel("demand, as a multiple of today’s visits")
    return made.figure


def _title(lines: Sequence[Series]) -> str:
    said = [f"{line.name} {breaking([(r.study.base.demand, r.verdict) for r in line.results])}" for line in lines]
    return "; ".join(said[:2]) + (f"; and {len(lines) - 2} more below" if len(lines) > 2 else "")


def breaking(found: Sequence[tuple[float, Outcome]]) -> str:
    """Where the promise breaks, in words, from (demand, verdict on all targets) by ascending demand.

    Undecided is neither kept nor broken, and verdicts that go back and forth are listed as they are.
    """
    judged = [(demand, verdict) for demand, verdict in found if verdict != "n/a"]
    if not judged:
        return "is not judged: nothing was measured"
    met = [demand for demand, verdict in judged if verdict == "met"]
    missed = [demand for demand, verdict in judged if verdict == "missed"]
    open_ones = [demand for demand, verdict in judged if verdict == "undecided"]
    if met and missed and max(met) > min(missed):
        return f"keeps its promise at demand {_times(met)} and breaks it at {_times(missed)}, not in order"
    if not missed and not open_ones:
        return f"keeps its promise at every demand tried, up to × {max(met):g}"
    if not met and not open_ones:
        return f"breaks its promise at every demand tried, from × {min(missed):g} on"
    kept = [demand for demand in met if not open_ones or demand < min(open_ones)]
    said = [f"keeps its promise up to demand × {max(kept):g}"] if kept else []
    if open_ones:
        said.append(f"is undecided at {_times(open_ones)}")
    if missed and not open_ones:
        said.append(f"breaks it between × {max(met):g} and × {min(missed):g}")
    elif missed:
        said.append(f"has broken it by × {min(missed):g}" if kept else f"breaks its promise by × {min(missed):g}")
    return listed(said)


def _times(demands: Sequence[float]) -> str:
    return listed([f"× {demand:g}" for demand in demands], 4)


def _caption(lines: Sequence[Series]) -> str:
    studies = [result.study for line in lines for result in line.results]
    promise = ", ".join(f"{named(t.metric).lower()} {t.text}" for t in studies[0].targets.items if t.scope == "all")
    return f"The promise: {promise}. {intervals_of(studies)} Between the demands tried nothing was simulated."


def _verdicts(panel: Axes, lines: Sequence[Series]) -> None:
    panel.set_ylim(len(lines), 0)
    panel.set_axis_off()
    panel.annotate(
        "all targets:   ✓ met    ✗ missed    ? undecided    – nothing measured", (0, 1), (0, 5),
        xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, color=QUIET,
    )  # fmt: skip
    for nth, line in enumerate(lines):
        name = wrapped(shortened(line.name, 56), SMALL, _NAMES - 0.2, most=2) if len(lines) > 1 else [""]
        panel.annotate(
            "\n".join(name), (0, nth + 0.5), (-8, 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", va="center", fontsize=SMALL,
        )  # fmt: skip
        for result in line.results:
            verdict = result.verdict
            panel.text(
                result.study.base.demand, nth + 0.5, MARKS[verdict], ha="center", va="center", fontsize=14,
                fontweight="bold", color=VERDICT_INK[verdict],
            )  # fmt: skip


def _across(panel: Axes, demands: Sequence[float]) -> None:
    margin = 0.06 * (demands[-1] - demands[0])
    panel.set_xlim(demands[0] - margin, demands[-1] + margin)
    ticks = demands if len(demands) <= 12 else demands[:: -(-len(demands) // 12)]
    panel.set_xticks(ticks, labels=[f"× {demand:g}" for demand in ticks])
    panel.grid(visible=True, axis="x")


def _curves(panel: Axes, metric: str, lines: Sequence[Series]) -> None:
    found = [(r, r.figures.estimates[metric, "all"]) for line in lines for r in line.results]
    thresholds = sorted({t for r, _ in found if (t := threshold_on(r.study, metric)) is not None})
    is_share = kind_of(metric) == "share"
    scale = 100.0 if is_share else 1.0
    top = min(reach([e for _, e in found], thresholds) * scale, 104.0 if is_share else float("inf"))
    panel.set_ylim(0, top)
    panel.grid(visible=True, axis="y")
    panel.set_ylabel(f"{'% of all who came' if is_share else 'minutes'}")
    for nth, line in enumerate(lines):
        _curve(panel, metric, line, nth, (top, scale), alone=len(lines) == 1)
    for threshold in thresholds:
        panel.axhline(threshold * scale, color=INK, linewidth=1.2, linestyle=(0, (2, 1)), zorder=2)
    targets = sorted(
        {t.text for r, _ in found for t in r.study.targets.items if (t.metric, t.scope) == (metric, "all")}
    )
    said = f"{named(metric)}{' · dashed: target ' + ', '.join(targets) if targets else ''}"
    panel.set_title(said, loc="left", fontsize=9, fontweight="bold", pad=5)
    if len(lines) > 1:
        panel.legend(loc="upper left", fontsize=SMALL)


def _curve(panel: Axes, metric: str, line: Series, nth: int, axis: tuple[float, float], *, alone: bool) -> None:
    top, scale = axis
    color, dashes, _ = LINES[nth]
    points = [(r.study.base.demand, r, r.figures.estimates[metric, "all"]) for r in line.results]
    known = [(demand, e.value) for demand, _, e in points if e.value is not None]
    panel.plot(
        [d for d, _ in known], [v * scale for _, v in known], color=color, linestyle=dashes, linewidth=1.2,
        label=shortened(line.name, 60), zorder=2,
    )  # fmt: skip
    for demand, result, estimate in points:
        verdict = verdict_on(result, metric)
        interval(panel, estimate, demand, top, verdict.verdict if verdict else None, upright=True, scale=scale)
        if estimate.value is None:
            panel.annotate(
                "n/a", (demand, 0), (0, 4), textcoords="offset points", ha="center", fontsize=SMALL, color=QUIET
            )
        elif alone:
            panel.annotate(
                measured(metric, estimate.value), (demand, estimate.value * scale), (3, 8), textcoords="offset points",
                ha="right", fontsize=SMALL, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            )  # fmt: skip
