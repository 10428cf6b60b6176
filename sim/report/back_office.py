"""How many working days results of the back office take against their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.intervals import Estimate
from sim.report.style import BODY, INK, MARGIN, SKY, SMALL, VERMILION, WIDTH, drawing, nothing, page, wrapped
from sim.report.wording import (
    caveat,
    full_name,
    intervals_of,
    listed,
    outcome,
    percent,
    plain,
    span,
    threshold_on,
    verdict_on,
)
from sim.result import Result
from sim.scenario import Scenario
from sim.statistics import SHARE, ratio_estimate
from sim.yardstick import yardstick

Floats = NDArray[np.float64]
MOST_ROWS = 12
LEAST_SEEN = 20  # dossiers, of all replications, on which a bar rests
_LEFT, _RIGHT, _ROW, _GAP = 1.9, 1.75, 0.62, 0.14
_NEARLY_ALL, _WORST_APART = 0.995, 0.001


@dataclass(frozen=True, eq=False)
class _Procedure:
    """Its name and term; ``shares`` ready by the end of each working day, as far as runs tell; ``on_time``."""

    name: str
    term: int
    shares: Floats
    on_time: Estimate

    @property
    def nearly_all(self) -> int:
        """The first day by which nearly all are ready; the last that is known where there is none."""
        reached = np.flatnonzero(self.shares >= _NEARLY_ALL)
        return int(reached[0]) if reached.size else len(self.shares) - 1


def has_back_office(scenario: Scenario) -> bool:
    """Whether the results of any procedure are made in the back office."""
    return any(entry.processing for entry in scenario.procedures.values())


@drawing()
def results_against_terms(result: Result) -> Figure:
    """The share of dossiers ready by the end of each working day after reception, a row a procedure, and its term.

    Of more than twelve procedures those least on time are drawn. ValueError unless any has processing.
    """
    study = result.study
    if not has_back_office(study.scenario):
        raise ValueError("wanted a scenario with a back office")
    known = [one for one in _procedures(result) if one.on_time.value is not None]
    if not known:
        reason = "no term of a dossier that was accepted ends within the run"
        return nothing(f"{full_name(study)}: {reason}", reason, [caveat([study])])
    shown = sorted(known, key=lambda one: one.on_time.value or 0.0)[:MOST_ROWS]
    rows = [one for one in known if one in shown]
    last = max(max(one.term + 1, one.nearly_all) for one in rows)
    caption = [_caption(result, len(rows), len(known)), caveat([study])]
    made = page(_title(result, known), caption, (_ROW + _GAP) * len(rows) + 0.95)
    for nth, one in enumerate(rows):
        at = 0.55 + (_ROW + _GAP) * (len(rows) - 1 - nth)
        panel = made.panel(_LEFT, at, WIDTH - _LEFT - _RIGHT - MARGIN, _ROW)
        _draw(panel, replace(one, shares=one.shares[: last + 1]), threshold_on(study, "on_time_share"))
        _frame(panel, one, last, is_last=nth == len(rows) - 1)
        if nth == 0:
            _legend(panel, threshold_on(study, "on_time_share"))
    return made.figure


def _procedures(result: Result) -> list[_Procedure]:
    study = result.study
    by = yardstick(study.scenario, study.targets)
    curve = result.runs.curve("ready")
    days = result.runs.pair(("days_all_within_15", "all"))[1].sum()
    found = []
    for nth, (name, entry) in enumerate(study.scenario.procedures.items()):
        if entry.processing is not None:
            term, first = entry.processing.term, nth * by.spans
            over, under = np.array([[part.sum() for part in curve[first + day]] for day in range(by.spans - 1)]).T
            shares = _shares(over, under)
            none = np.zeros(study.replications)
            ready, all_of_them = curve[first + term] if term < by.spans - 1 else (none, none)
            clusters = max(int(min(days, all_of_them.sum())), 1)
            on_time = ratio_estimate(ready, all_of_them, study.level, SHARE, clusters)
            found.append(_Procedure(name, term, shares, on_time))
    return found


def _shares(over: Floats, under: Floats) -> Floats:
    """Shares by day, as far as they rest on enough dossiers."""
    enough = under >= min(LEAST_SEEN, under[0])
    many = int(np.argmin(enough)) if not enough.all() else len(enough)
    with np.errstate(invalid="ignore"):
        return np.asarray(over[:many] / under[:many])


def _draw(panel: Axes, one: _Procedure, target: float | None) -> None:
    """A bar a day; beyond the term what came too late stands on what came in time."""
    days = np.arange(len(one.shares))
    in_time = np.minimum(one.shares, one.on_time.value or 0.0)
    in_time[: one.term + 1] = one.shares[: one.term + 1]
    panel.bar(days, 100 * in_time, 0.86, color=SKY, zorder=2)
    late = days[one.term + 1 :]
    panel.bar(
        late, 100 * (one.shares - in_time)[one.term + 1 :], 0.86, bottom=100 * in_time[one.term + 1 :],
        color=VERMILION, hatch="////", edgecolor="white", linewidth=0, zorder=2,
    )  # fmt: skip
    panel.axvline(one.term + 0.5, color=INK, linewidth=1.8, zorder=4)
    if one.on_time.lower is not None and one.on_time.upper is not None:
        ends = [100 * one.on_time.lower, 100 * one.on_time.upper]
        panel.plot([one.term] * 2, ends, color=INK, linewidth=2.2, solid_capstyle="butt", zorder=5)
    if target is not None:
        panel.axhline(100 * target, color=INK, linewidth=1.0, linestyle=(0, (2, 1)), zorder=3)


def _frame(panel: Axes, one: _Procedure, last: int, *, is_last: bool) -> None:
    panel.set_xlim(-0.6, last + 0.6)
    panel.set_ylim(0, 101)
    panel.set_yticks([0, 50, 100], labels=["0", "50", "100 %"])
    panel.grid(visible=True, axis="y")
    every = -(-(last + 1) // 26)
    panel.set_xticks(range(0, last + 1, every))
    panel.tick_params(axis="x", labelbottom=is_last, length=3 if is_last else 0)
    if is_last:
        panel.set_xlabel("ready by the end of so many working days after the day of reception (0)")
    days = f"due in {one.term} day{'s' * (one.term != 1)}" if one.term else "due on the same day"
    name = "\n".join([*wrapped(plain(one.name.replace("_", " ")), BODY, _LEFT - MARGIN - 0.55, most=2), days])
    _beside(panel, (0, 0.5), (-34, 0), name, "right")
    _beside(panel, (1, 0.5), (8, 0), "\n".join(_said(one.on_time)), "left")


def _beside(panel: Axes, at: tuple[float, float], off: tuple[float, float], text: str, side: str) -> None:
    panel.annotate(
        text, at, off, xycoords="axes fraction", textcoords="offset points", ha=side, va="center", fontsize=SMALL,
        annotation_clip=False,
    )  # fmt: skip


def _said(on_time: Estimate) -> list[str]:
    ends = span("on_time_share", on_time).replace(" to ", "–")
    return [f"{percent(on_time.value or 0.0)} on time", f"({ends})" if ends else "no interval"]


def _legend(panel: Axes, target: float | None) -> None:
    parts = [
        Patch(color=SKY, label="ready"),
        Patch(facecolor=VERMILION, hatch="////", edgecolor="white", label="ready after its term"),
        panel.plot([], [], color=INK, linewidth=1.8, label="end of the term; interval of the share on time")[0],
    ]
    if target is not None:
        dashes = (0, (2, 1))
        parts += panel.plot([], [], color=INK, linewidth=1.0, linestyle=dashes, label=f"target: {percent(target)}")
    panel.legend(handles=parts, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, fontsize=9, borderaxespad=0.2)


def _title(result: Result, known: Sequence[_Procedure]) -> str:
    name, verdict = full_name(result.study), verdict_on(result, "on_time_share")
    share = result.figures.estimates["on_time_share", "all"].value or 0.0
    said = f"{name}: {percent(share)} of results are ready within their term"
    worst = min(known, key=lambda one: one.on_time.value or 0.0)
    least = worst.on_time.value or 0.0
    if len(known) > 1 and least < share - _WORST_APART:
        said += f", least of all of “{plain(worst.name.replace('_', ' '))}”, {percent(least)}"
    return f"{said}; target {verdict.target}: {outcome(verdict.verdict)}" if verdict else said


def _caption(result: Result, shown: int, known: int) -> str:
    days, without = result.figures.estimates["processing_days_mean", "all"].value, _without(result)
    said = "Dossiers that were accepted; those received too shortly before the end of the run to tell are left out."
    mean = f" On average it takes {days:.1f} calendar days." if days is not None else ""
    some = f" {shown} of {known} procedures are shown, those least on time." if known > shown else ""
    rest = f" No term ends within the run for {listed(without)}." if without else ""
    return f"{said}{mean}{some}{rest} Each interval by itself. {intervals_of([result.study])}"


def _without(result: Result) -> list[str]:
    return [one.name.replace("_", " ") for one in _procedures(result) if one.on_time.value is None]
