"""How far demand can grow before the promise breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.marks import Ruler, reach, scale_of
from sim.report.style import INK, LINES, MARGIN, QUIET, SMALL, VERDICT_INK, WIDTH, drawing, page, wrapped
from sim.report.wording import (
    MARKS,
    caveat,
    headline,
    intervals_of,
    listed,
    measured,
    named,
    plain,
    row_name,
    shortened,
    threshold_on,
    unit_of,
    verdict_on,
)
from sim.result import Result
from sim.verdicts import Outcome

MOST_SERIES = 6
_STRIP, _HEIGHTS = 0.36, (2.6, 1.7)
_NAMES = 1.8


@dataclass(frozen=True, eq=False)
class Series:
    """One way of running one center at several demands, ascending."""

    center: str
    way: str
    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """Center and way of running it, not too long."""
        return f"{shortened(self.center, 40)} · {shortened(self.way, 40)}"


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
            found.append(Series(plain(ordered[0].study.base.name), _name(ordered[0]), tuple(ordered)))
    return found


def _name(result: Result) -> str:
    """The label without the center and without the part that is the demand."""
    kept = [part for part in row_name(result.study).split(" · ") if not part.startswith("demand=")]
    return " · ".join(kept) or "+".join(name for name, _ in result.study.policies) or "none"


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
    if len(lines) > 1:
        above.legend(loc="upper left", fontsize=SMALL)
    for panel in (above, below, top):
        _across(panel, every_demand)
    above.set_xticklabels([])
    below.set_xlabel("demand, as a multiple of today’s visits")
    return made.figure


def _title(lines: Sequence[Series]) -> str:
    found = [breaking([(r.study.base.demand, r.verdict) for r in line.results]) for line in lines[:2]]
    more = f"; {len(lines) - 2} more below" if len(lines) > 2 else ""
    if len(lines) > 1 and len({line.center for line in lines}) == 1:
        said = [f"“{shortened(line.way, 36)}” {words}" for line, words in zip(lines, found, strict=False)]
        return f"{shortened(lines[0].center, 40)}: {'; '.join(said)}{more}"
    return "; ".join(f"{line.name} {words}" for line, words in zip(lines, found, strict=False)) + more


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
        name = wrapped(line.name, SMALL, _NAMES - 0.2, most=2) if len(lines) > 1 else [""]
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
    found = [(r.study, r.figures.estimates[metric, "all"]) for line in lines for r in line.results]
    thresholds = sorted({t for study, _ in found if (t := threshold_on(study, metric)) is not None})
    ruler = Ruler(panel, metric, reach(metric, [e for _, e in found], thresholds), upright=True)
    panel.set_ylim(0, ruler.top)
    panel.grid(visible=True, axis="y")
    panel.set_ylabel(unit_of(metric, ""))
    demands = [study.base.demand for study, _ in found]
    aside = 0.012 * (max(demands) - min(demands))
    for nth, line in enumerate(lines):
        _curve(ruler, line, nth, aside * (nth - (len(lines) - 1) / 2), alone=len(lines) == 1)
    for threshold in thresholds:
        panel.axhline(threshold * scale_of(metric), color=INK, linewidth=1.2, linestyle=(0, (2, 1)), zorder=2)
    items = [t for study, _ in found for t in study.targets.items if (t.metric, t.scope) == (metric, "all")]
    promised = sorted({t.text for t in items})
    said = f"{named(metric)}{' · dashed: target ' + ', '.join(promised) if promised else ''}"
    panel.set_title(said, loc="left", fontsize=9, fontweight="bold", pad=5)


def _curve(ruler: Ruler, line: Series, nth: int, aside: float, *, alone: bool) -> None:
    color, dashes, _ = LINES[nth]
    scale, quiet = scale_of(ruler.metric), {"fontsize": SMALL, "textcoords": "offset points"}
    known: list[tuple[float, float]] = []
    for result in line.results:
        at, estimate = result.study.base.demand + aside, result.figures.estimates[ruler.metric, "all"]
        verdict = verdict_on(result, ruler.metric)
        ruler.interval(estimate, at, verdict.verdict if verdict else None)
        if estimate.value is None:
            ruler.panel.annotate("n/a", (at, 0), (0, 4), ha="center", color=QUIET, **quiet)  # type: ignore[arg-type]
            continue
        known.append((at, estimate.value * scale))
        if alone:
            text = measured(ruler.metric, estimate.value)
            ruler.panel.annotate(text, known[-1], (-7, 5), ha="right", **quiet)  # type: ignore[arg-type]
    x, y = np.array(known).reshape(-1, 2).T
    ruler.panel.plot(x, y, color=color, linestyle=dashes, linewidth=1.3, zorder=2, label=line.name)
