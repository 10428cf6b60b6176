"""Overtime of each official against the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.intervals import Estimate
from sim.report.style import INK, MARGIN, SKY, SMALL, VERMILION, WIDTH, drawing, page, wrapped
from sim.report.wording import caveat, full_name, intervals_of, number, shortened
from sim.result import Result
from sim.statistics import ratio_estimate
from sim.yardstick import yardstick

MOST_ROWS = 24
_LEFT, _RIGHT, _ROW = 1.9, 1.6, 0.25


@dataclass(frozen=True)
class _Official:
    """A name, and hours of overtime a year."""

    name: str
    hours: Estimate

    @property
    def value(self) -> float:
        return self.hours.value or 0.0


def works_overtime(result: Result) -> bool:
    """Whether anybody worked overtime in any replication."""
    return any(over.any() for over, _ in result.runs.curve("overtime"))


@drawing()
def overtime_by_official(result: Result) -> Figure:
    """Hours of overtime a year of each official, most first, with the limit of the law; at most 24 officials.

    A run shorter or longer than a year is counted at its rate. ValueError where nobody works overtime.
    """
    if not works_overtime(result):
        raise ValueError("wanted a run in which somebody works overtime")
    study, limit = result.study, result.study.scenario.overtime.year
    everybody = _officials(result)
    shown = everybody[:MOST_ROWS]
    height = _ROW * len(shown) + 0.1
    made = page(_title(result, everybody), [_caption(result, len(everybody)), caveat([study])], height + 0.95)
    panel = made.panel(_LEFT, 0.55, WIDTH - _LEFT - _RIGHT - MARGIN, height)
    top = 1.06 * max(limit, *(one.hours.upper or one.value for one in shown))
    for row, one in enumerate(shown):
        _draw(panel, row, one, limit)
    panel.axvline(limit, color=INK, linewidth=1.3, linestyle=(0, (2, 1)))
    panel.annotate(
        f"the law: at most {limit:g} hours a year", (limit, 1), (0, 4), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right", fontsize=SMALL, fontweight="bold",
    )  # fmt: skip
    _frame(panel, shown, top)
    return made.figure


def _officials(result: Result) -> list[_Official]:
    study = result.study
    names = yardstick(study.scenario, study.targets).officials
    found = [
        _Official(name, ratio_estimate(*pair, study.level, (0.0, inf)))
        for name, pair in zip(names, result.runs.curve("overtime"), strict=True)
    ]
    return sorted(found, key=lambda one: -one.value)


def _draw(panel: Axes, row: int, one: _Official, limit: float) -> None:
    color = VERMILION if one.value > limit else SKY
    panel.barh(row, one.value, 0.62, color=color, zorder=2)
    if one.hours.lower is not None and one.hours.upper is not None:
        panel.plot([one.hours.lower, one.hours.upper], [row, row], color=INK, linewidth=1.8, zorder=3)
    panel.annotate(
        _said(one.hours), (1, row), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def _said(hours: Estimate) -> str:
    said = f"{number(hours.value or 0.0)} h"
    if hours.lower is None or hours.upper is None:
        return f"{said}, no interval"
    return f"{said} ({number(hours.lower)}–{number(hours.upper)})"


def _frame(panel: Axes, shown: Sequence[_Official], top: float) -> None:
    panel.set_ylim(len(shown) - 0.45, -0.55)
    panel.set_xlim(0, top)
    names = [wrapped(one.name, SMALL, _LEFT - MARGIN - 0.15, most=1)[0] for one in shown]
    panel.set_yticks(range(len(shown)), labels=names)
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=True, axis="x")
    panel.set_xlabel("hours of overtime a year, by official")


def _title(result: Result, everybody: Sequence[_Official]) -> str:
    name, limit = full_name(result.study), result.study.scenario.overtime.year
    beyond = [one for one in everybody if one.hours.lower is not None and one.hours.lower > limit]
    within = [one for one in everybody if one.hours.upper is not None and one.hours.upper <= limit]
    unclear = len(everybody) - len(beyond) - len(within)
    allowed = f"the {limit:g} hours of overtime a year that the law allows"
    if beyond:
        also = f", of {unclear} more it is undecided" if unclear else ""
        return f"{name}: {len(beyond)} of {len(everybody)} officials work more than {allowed}{also}"
    if unclear:
        return f"{name}: it is undecided whether {unclear} of {len(everybody)} officials keep to {allowed}"
    most = everybody[0]
    kept = (
        f"all {len(everybody)} officials keep to {allowed}"
        if len(everybody) > 1
        else f"the official keeps to {allowed}"
    )
    return f"{name}: {kept}{_but(result)}; most: {number(most.value)} hours, “{shortened(most.name, 40)}”"


def _but(result: Result) -> str:
    """The day and the month whose limit is surely not kept, though that of the year is."""
    law, said = result.study.scenario.overtime, list[str]()
    for span, limit in (("day", law.day), ("month", law.month)):
        most = result.figures.estimates[f"overtime_{span}_most", "all"]
        if most.value is not None and most.lower is not None and most.lower > limit:
            said.append(f"the worst {span} has {number(most.value)} hours where {limit:g} are allowed")
    return f", but {' and '.join(said)}" if said else ""


def _caption(result: Result, officials: int) -> str:
    study, law = result.study, result.study.scenario.overtime
    worst = {name: result.figures.estimates[f"overtime_{name}_most", "all"].value for name in ("day", "month")}
    limits = {"day": law.day, "month": law.month}
    said = [f"in their worst {name} {number(v)} h of the {limits[name]:g} allowed" for name, v in worst.items() if v]
    shown = f"{MOST_ROWS} of {officials} officials are shown. " if officials > MOST_ROWS else ""
    rate = f"A year at the rate of the {study.scenario.days - study.scenario.warmup} measured days. "
    most = f"Whoever has most works {' and '.join(said)}, on average over replications. " if said else ""
    kept = "The limits are not kept here (overtime.beyond). " if law.beyond else ""
    return f"{shown}{rate}{most}{kept}Each interval by itself. {intervals_of([study])}"
