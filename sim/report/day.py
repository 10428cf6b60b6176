"""The line and the officials through the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.style import BLACK, BLUE, ORANGE, QUIET, SMALL, WIDTH, drawing, nothing, page
from sim.report.wording import caveat, full_name, number, replications_of
from sim.result import Result
from sim.tally import BIN
from sim.units import HOUR, clock_text

Floats = NDArray[np.float64]
ENOUGH_FOR_QUANTILES = 20
_SEEN = 0.05


@dataclass(frozen=True)
class Course:
    """People by 5 minutes of a mean open day: the mean over replications, and the edges of their band."""

    mean: Floats
    low: Floats
    high: Floats


@drawing()
def through_the_day(result: Result) -> Figure:
    """People waiting, and below it officials on duty and serving, by 5 minutes of a mean open day."""
    name, study = full_name(result.study), result.study
    courses = {curve: course(result, curve) for curve in ("waiting", "serving", "on_duty")}
    waiting, serving, on_duty = (courses[curve] for curve in ("waiting", "serving", "on_duty"))
    if waiting is None or serving is None or on_duty is None:
        return nothing(f"{name}: no open day was measured", "no open day in the measured time", [caveat([study])])
    first, last = hours_of([waiting, serving, on_duty])
    made = page(_title(name, result, waiting), _caption(result), 5.6)
    above, below = (made.panel(0.75, y, WIDTH - 0.75 - 0.32, h) for y, h in ((2.95, 2.3), (0.55, 1.75)))
    everywhere = ", all points together" if len(study.scenario.points) > 1 else ""
    _band(above, waiting, f"people waiting{everywhere}", {"color": BLUE})
    _peak(above, waiting)
    _band(below, on_duty, "officials on duty", {"color": BLACK, "linestyle": (0, (5, 1.5)), "drawstyle": "steps-mid"})
    _band(below, serving, "officials serving somebody, beyond their shift included", {"color": ORANGE})
    _counters(below, result, on_duty)
    for panel in (above, below):
        panel.set_xlim(first, last)
        panel.set_ylim(0, max(1.12 * panel.dataLim.y1, 1.0))
        panel.set_xticks(np.arange(first, last + 1, 1 if last - first <= 14 else 2))
        panel.set_xticklabels([f"{int(at):02d}:00" for at in panel.get_xticks()])
        panel.set_ylabel("people")
        panel.grid(visible=True, axis="y")
        panel.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, fontsize=9, borderaxespad=0.2)
    below.set_xlabel("time of day")
    return made.figure


def course(result: Result, name: str) -> Course | None:
    """Of ``waiting``, ``serving`` or ``on_duty``; None where the door is never open."""
    points = [_point(*pair) for pair in result.runs.curve(name)]
    return Course(*np.array(points).T) if None not in points else None


def _point(over: Floats, under: Floats) -> tuple[float, float, float] | None:
    """Mean, and the range of most replications; None where the door is never open."""
    if not under.sum():
        return None
    each = over[under > 0] / under[under > 0]
    edges = (5, 95) if len(each) >= ENOUGH_FOR_QUANTILES else (0, 100)
    return over.sum() / under.sum(), *np.percentile(each, edges)


def hours_of(courses: list[Course]) -> tuple[int, int]:
    """The whole hours in which anybody is there on a mean day; all of them where nobody ever is."""
    seen = np.flatnonzero(np.max([course.mean for course in courses], axis=0) >= _SEEN)
    if not seen.size:
        return 0, 24
    return int(seen[0] * BIN // HOUR), int(-(-(seen[-1] + 1) * BIN // HOUR))


def _title(name: str, result: Result, waiting: Course) -> str:
    if not result.runs.pair(("arrived", "all"))[0].any():
        return f"{name}: nobody came, so nobody waits at any time of the day"
    peak = int(waiting.mean.argmax())
    if waiting.mean[peak] < 0.05:
        return f"{name}: on an average day hardly anybody ever waits"
    people = waiting.mean[peak]
    said = f"{people:.0f}" if people >= 9.5 else number(people)
    first, last = plateau(waiting.mean, peak)
    if (last - first) * BIN >= 2 * HOUR:
        hours = f"from {clock_text(first * BIN)} to {clock_text(last * BIN)}"
        return f"{name}: on an average day about {said} people wait {hours}"
    return f"{name}: on an average day the line is longest at {clock_text(peak * BIN)}, when {said} people wait"


def plateau(mean: Floats, peak: int) -> tuple[int, int]:
    """The bins around the highest one, first and one past the last, that are within 5 % of it."""
    lower = np.flatnonzero(mean < 0.95 * mean[peak])
    before, after = lower[lower < peak], lower[lower > peak]
    return (int(before[-1]) + 1 if before.size else 0), (int(after[0]) if after.size else len(mean))


def _caption(result: Result) -> list[str]:
    study, longest = result.study, result.figures.estimates["queue_max", "all"].value
    runs = replications_of([study])
    many = "middle 90 %" if study.replications >= ENOUGH_FOR_QUANTILES else "lowest to highest"
    band = (
        f"Lines: mean of {runs}. Bands: {many} of their mean days." if study.replications > 1 else f"{runs}: no band."
    )
    days = result.runs.curve("waiting")[0][1][0]
    over = f" Averages over {days:.0f} open days a replication; single days differ more"
    most = f": the longest line of a replication is {number(longest)} people on average." if longest else "."
    return [f"{band}{over}{most}", caveat([study])]


def _band(panel: Axes, course: Course, label: str, look: dict[str, Any]) -> None:
    at = (np.arange(len(course.mean)) + 0.5) * BIN / HOUR
    step: Literal["mid"] | None = "mid" if "drawstyle" in look else None
    panel.fill_between(at, course.low, course.high, color=look["color"], alpha=0.22, linewidth=0, step=step)
    panel.plot(at, course.mean, linewidth=1.8, label=label, **look)


def _peak(panel: Axes, waiting: Course) -> None:
    peak = int(waiting.mean.argmax())
    if waiting.mean[peak] < 0.05:
        return
    at, people = (peak + 0.5) * BIN / HOUR, waiting.mean[peak]
    panel.plot([at], [people], "o", color=BLUE, markersize=6, markeredgecolor="white")
    said = f"{number(people) if people < 9.5 else f'{people:.0f}'} at {clock_text(peak * BIN)}"
    panel.annotate(said, (at, people), (8, 4), textcoords="offset points", fontsize=9, fontweight="bold")


def _counters(panel: Axes, result: Result, on_duty: Course) -> None:
    """The counters as a limit, where more officials are on duty than there are places to serve."""
    points = result.study.scenario.points.values()
    counters, guides = sum(point.counters for point in points), sum(point.guides for point in points)
    if on_duty.mean.max() <= counters + guides:
        return
    said = f"{counters} counters" + (f" and {guides} guides" if guides else "")
    panel.axhline(counters + guides, color=QUIET, linewidth=1, linestyle=":")
    panel.annotate(
        f"places to serve: {said}", (0.995, counters + guides), (0, 2), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha="right", fontsize=SMALL, color=QUIET,
    )  # fmt: skip
