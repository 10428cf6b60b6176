"""How many of all who came were received, and how soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.intervals import Estimate
from sim.report.style import (
    INK,
    LINES,
    MARGIN,
    QUIET,
    SMALL,
    WIDTH,
    apart,
    drawing,
    nothing,
    page,
    wrapped,
)
from sim.report.wording import (
    caveat,
    full_name,
    intervals_of,
    outcome,
    percent,
    plain,
    row_name,
    shortened,
    span,
    telling,
    verdict_on,
)
from sim.result import Result
from sim.statistics import SHARE, ratio_estimate
from sim.targets import Target

MOST_LINES = 8
MOST_BANDS = 3
LEAST_FOR_BANDS = 5
_HEIGHT, _LABELS = 4.3, 2.75


@dataclass(frozen=True, eq=False)
class _Line:
    """Shares within each of ``minutes``; ``shares`` is None where nobody came."""

    name: str
    result: Result
    minutes: NDArray[np.float64]
    shares: list[Estimate] | None

    def at(self, minutes: float) -> float:
        assert self.shares is not None
        return self.shares[int(np.searchsorted(self.minutes, minutes))].value or 0.0


@drawing()
def served_within(results: Mapping[str, Result]) -> Figure:
    """Share of all who came that was received within t minutes, a line a scenario, at most eight.

    Of more than eight the best, the worst, the baselines and the first are drawn, and the caption says so.
    """
    shown = telling(results, MOST_LINES)
    studies = [results[label].study for label in shown]
    one_center = len({study.base.name for study in studies}) == 1
    until = _horizon([results[label] for label in shown])
    minutes = np.arange(0.0, until + 0.25, 0.5)
    lines = [
        _Line(
            (row_name if one_center else full_name)(results[n].study), results[n], minutes, _shares(results[n], minutes)
        )
        for n in shown
    ]
    caption = [_caption(lines, len(results)), caveat(studies)]
    if not any(line.shares for line in lines):
        return nothing(
            f"{plain(studies[0].base.name)}: nobody came, so nobody was received", "nobody came", caption[1:]
        )
    made = page(_title(lines, one_center), caption, _HEIGHT + 0.75)
    panel = made.panel(0.75, 0.6, WIDTH - 0.75 - _LABELS - MARGIN, _HEIGHT)
    for nth, line in enumerate(lines):
        if line.shares:
            _draw(panel, line, nth, _with_bands(lines))
    _frame(panel, until)
    _mark_targets(panel, [t for study in studies for t in study.targets.items], until)
    _label(panel, lines, until)
    return made.figure


def _shares(result: Result, minutes: NDArray[np.float64]) -> list[Estimate] | None:
    arrived = result.runs.pair(("arrived", "all"))[0]
    if not arrived.sum():
        return None
    received = result.runs.within([("received", int(minute * 60)) for minute in minutes])
    days = int(result.runs.pair(("days_within_target", "all"))[1].sum())
    level = result.study.level
    return [ratio_estimate(column, arrived, level, SHARE, max(days, 1)) for column in received]


def _horizon(results: Sequence[Result]) -> int:
    """60 minutes, or more where in some scenario less than half of those received were so within 60."""
    medians = []
    for result in results:
        pool = result.runs.pool("received")
        if pool.size:
            medians.append(pool.at(0.5) / 60)
    longest = max(medians, default=0.0)
    return next((until for until in (60, 120, 240) if longest <= until), 480)


def _first_look(lines: Sequence[_Line]) -> int:
    """The minutes that the title speaks of: the first promised ones, else 15."""
    asked = [m for line in lines for t in line.result.study.targets.items if (m := _minutes(t)) is not None]
    return asked[0] if asked else 15


def _minutes(target: Target) -> int | None:
    head, _, tail = target.metric.partition("wait_within_")
    return int(tail) if not head and tail.isdigit() and target.scope == "all" else None


def _title(lines: Sequence[_Line], one_center: bool) -> str:
    soon, came = _first_look(lines), [line for line in lines if line.shares]
    ordered = sorted(came, key=lambda line: line.at(soon))
    center = f"{shortened(plain(lines[0].result.study.base.name))}: " if one_center else ""
    best, worst = ordered[-1], ordered[0]
    if len(ordered) == 1:
        name = full_name(best.result.study)
        ever = best.result.runs.pool("received").size
        came_at_all = best.result.runs.pair(("arrived", "all"))[0].sum()
        said = f"{percent(best.at(soon))} of all who came were received within {soon} minutes"
        return f"{name}: {said}, {percent(ever / came_at_all)} at any time"
    with_best = f"{center}with “{shortened(best.name, 40)}”" if center else f"With “{shortened(best.name, 40)}”"
    return (
        f"{with_best} {percent(best.at(soon))} of all who come are received within {soon} minutes, "
        f"with “{shortened(worst.name, 40)}” {percent(worst.at(soon))}"
    )


def _caption(lines: Sequence[_Line], all_of_them: int) -> str:
    studies = [line.result.study for line in lines]
    said = f"Bands hold point by point. {intervals_of(studies)}" if _with_bands(lines) else intervals_of(studies)
    shown = f" {len(lines)} of {all_of_them} scenarios are shown." if all_of_them > len(lines) else ""
    return f"{said} Whoever was never received did not wait at most t: lines need not reach 100 %.{shown}"


def _with_bands(lines: Sequence[_Line]) -> bool:
    """Few enough lines to tell their bands apart, and replications enough that these do not fill the chart."""
    return len(lines) <= MOST_BANDS and all(line.result.study.replications >= LEAST_FOR_BANDS for line in lines)


def _draw(panel: Axes, line: _Line, nth: int, with_band: bool) -> None:
    assert line.shares is not None
    color, dashes, _ = LINES[nth]
    panel.plot(
        line.minutes, [100 * (e.value or 0.0) for e in line.shares], color=color, linestyle=dashes, linewidth=1.9
    )
    if with_band:
        low = [100 * (0.0 if e.lower is None else e.lower) for e in line.shares]
        high = [100 * (1.0 if e.upper is None else e.upper) for e in line.shares]
        panel.fill_between(line.minutes, low, high, color=color, alpha=0.15, linewidth=0)


def _frame(panel: Axes, until: int) -> None:
    panel.set_xlim(0, until)
    panel.set_ylim(0, 101)
    panel.set_xticks(np.arange(0, until + 1, until // 12))
    panel.set_yticks(np.arange(0, 101, 20))
    panel.set_yticklabels([f"{share} %" for share in range(0, 101, 20)])
    panel.grid(visible=True, axis="y")
    for minutes in (15, 30):
        panel.axvline(minutes, color=QUIET, linewidth=0.8, linestyle=":")
    panel.set_xlabel("received within t minutes of the door opening or of arrival, whichever is later")
    panel.set_ylabel("share of all who came")


def _mark_targets(panel: Axes, targets: Sequence[Target], until: int) -> None:
    promised = sorted({(m, t.threshold) for t in targets if (m := _minutes(t)) is not None and m <= until})
    for minutes, share in promised:
        panel.plot([minutes], [100 * share], "v", color=INK, markersize=9, clip_on=False, zorder=5)
        right = minutes < until * 0.6
        panel.annotate(
            f"target: at least {percent(share)} within {minutes} min", (minutes, 100 * share),
            (9 if right else -9, 7), textcoords="offset points", ha="left" if right else "right",
            fontsize=SMALL, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _label(panel: Axes, lines: Sequence[_Line], until: int) -> None:
    """Names beside the ends of the lines, with the shares that the title speaks of."""
    soon = _first_look(lines)
    texts = [_said(line, soon) for line in lines]
    sizes = [101 * (len(text) * 0.142 + 0.09) / _HEIGHT for text in texts]
    ends = [100 * line.shares[-1].value if line.shares and line.shares[-1].value else 0.0 for line in lines]
    for nth, (place, end, text) in enumerate(zip(apart(ends, sizes, 103), ends, texts, strict=True)):
        color, dashes, _ = LINES[nth]
        if lines[nth].shares:
            tie = [until, until * 1.02, until * 1.03, until * 1.09], [end, place, place, place]
            panel.plot(tie[0][:2], tie[1][:2], color=QUIET, linewidth=0.6, clip_on=False)
            panel.plot(tie[0][1:], tie[1][1:], color=color, linestyle=dashes, linewidth=1.9, clip_on=False)
        panel.text(until * 1.10, place, "\n".join(text), va="center", fontsize=SMALL, linespacing=1.25)


def _said(line: _Line, soon: int) -> list[str]:
    name = wrapped(line.name, SMALL, _LABELS - 0.72, most=2)
    if not line.shares:
        return [*name, "n/a: nobody came"]
    estimate = line.shares[int(np.searchsorted(line.minutes, soon))]
    ends = span("wait_within_", estimate).replace(" to ", "–").removesuffix(" %")
    verdict = verdict_on(line.result, f"wait_within_{soon}")
    said = f"{percent(estimate.value or 0.0)}{f' ({ends})' if ends else ''} within {soon} min"
    return [*name, said, *([outcome(verdict.verdict)] if verdict else [])]
