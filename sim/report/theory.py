"""What queueing theory says of a center through the day, beside what was simulated."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.beside.compared import LEAST_GAP, NOBODY, TOLERANCE, UNKNOWN, Beside, beside, parts, why_not
from sim.beside.methods import APART, FLUID, FORWARD, MODIFIED, STATIONARY, Method
from sim.report.style import (
    BLACK,
    BLUE,
    GREEN,
    MARGIN,
    ORANGE,
    PURPLE,
    QUIET,
    SMALL,
    VERMILION,
    WIDTH,
    drawing,
    nothing,
    page,
    wrapped,
)
from sim.report.wording import caveat, full_name, number, replications_of, span
from sim.result import Result
from sim.tally import BIN
from sim.units import HOUR, SLOT

Floats = NDArray[np.float64]
LOOKS: dict[str, dict[str, Any]] = {
    STATIONARY.name: {"color": ORANGE, "linestyle": (0, (5, 1, 1, 1)), "drawstyle": "steps-mid"},
    MODIFIED.name: {"color": PURPLE, "linestyle": (0, (1, 1))},
    FORWARD.name: {"color": BLUE, "linestyle": (0, (6, 1.5)), "zorder": 5},
    APART.name: {"color": GREEN, "linestyle": (0, (8, 1.5, 1.5, 1.5))},
    FLUID.name: {"color": VERMILION, "linestyle": (0, (2.5, 1.2))},
}
MORE, LESS, WITHIN = "#F2C27B", "#A9CFE8", "#F4F4F4"
ABOVE, BELOW = "▲", "▼"
HARDLY_ANYBODY = 0.25
_LEFT, _RIGHT, _ROW, _CURVES, _STAFF = 1.75, 1.45, 0.34, 2.5, 1.05


@drawing()
def theory_beside_the_run(result: Result) -> Figure:
    """People waiting as simulated and as theory has it; where the two part, and why; the officials on duty."""
    name, found = full_name(result.study), beside(result)
    if found is None or not (found.means > NOBODY).any():
        reason = why_not(result.study.scenario) or "nobody waited at any time of the day"
        return nothing(f"{name}: no theory is set beside this run", reason, [caveat([result.study])])
    letters = _letters(found)
    strip = _ROW * (len(found.methods) + 1)
    made = page(_title(name, found), _caption(found, letters), 0.55 + _STAFF + 0.3 + strip + 0.35 + _CURVES + 0.3)
    above, middle, below = (
        made.panel(_LEFT, y, WIDTH - _LEFT - _RIGHT, height)
        for y, height in (
            (0.55 + _STAFF + 0.3 + strip + 0.35, _CURVES),
            (0.55 + _STAFF + 0.3, strip),
            (0.55, _STAFF),
        )
    )
    _draw_curves(above, found)
    _draw_strip(middle, found, letters)
    _draw_officials(below, found)
    return made.figure


def _hours(panel: Axes, found: Beside, labels: bool) -> None:
    """The axis of time: from the first half-hour that is seen to the last."""
    first, last = found.slots.start / 2, found.slots.stop / 2
    panel.set_xlim(first, last)
    step = 1 if last - first <= 14 else 2
    panel.set_xticks(np.arange(int(np.ceil(first)), int(last) + 1, step))
    panel.set_xticklabels([f"{int(at):02d}:00" if labels else "" for at in panel.get_xticks()])


def _draw_curves(panel: Axes, found: Beside) -> None:
    at = (np.arange(found.slots.start, found.slots.stop) + 0.5) * SLOT / HOUR
    own = slice(found.slots.start, found.slots.stop)
    estimates = found.simulated[own]
    low = [e.lower if e.lower is not None else e.value or 0.0 for e in estimates]
    high = [e.upper if e.upper is not None else e.value or 0.0 for e in estimates]
    panel.fill_between(at, low, high, color=BLACK, alpha=0.15, linewidth=0)
    panel.plot(
        at, found.means[own], color=BLACK, marker="o", markersize=3.5, linewidth=1.9, label="simulated", zorder=4
    )
    for method in found.methods:
        if method.name in LOOKS:
            panel.plot(at, found.theory[method.name][own], linewidth=1.6, label=method.title, **LOOKS[method.name])
    _hours(panel, found, labels=True)
    ceiling = _ceiling(found)
    panel.set_ylim(0, ceiling)
    panel.set_ylabel("people waiting" + (", all points" if len(_points(found)) > 1 else ""))
    panel.grid(visible=True, axis="y")
    left = (MARGIN - _LEFT) / (WIDTH - _LEFT - _RIGHT)
    panel.legend(loc="lower left", bbox_to_anchor=(left, 1.0), ncols=6, fontsize=SMALL, borderaxespad=0.2)
    beyond = [(np.nanmax(found.theory[m.name][own]), m.title) for m in found.methods if m.name in LOOKS]
    cut = [f"{title}: up to {number(most)}" for most, title in beyond if most > ceiling]
    if cut:
        panel.text(
            0.995, 0.97, "beyond the chart: " + "; ".join(cut), ha="right", va="top", fontsize=SMALL, color=QUIET,
            transform=panel.transAxes, bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1.5}, zorder=6,
        )  # fmt: skip


def _points(found: Beside) -> set[str]:
    return {line.desk.point for line in found.lines}


def _ceiling(found: Beside) -> float:
    """Above the simulated line and the methods that follow the day; others go beyond the chart."""
    tops = [e.upper if e.upper is not None else e.value or 0.0 for e in found.simulated]
    tops += [float(np.nanmax(found.theory[m.name], initial=0.0)) for m in found.methods if not m.settles]
    return 1.3 * min(max(tops), 2.5 * float(found.means.max()))


def _letters(found: Beside) -> dict[str, str]:
    """A letter for each reason, in the order of the rows and of the day."""
    said: dict[str, None] = {}
    for method in found.methods:
        for slot in found.slots:
            said |= dict.fromkeys(part for part in found.why[method.name][slot].split("; ") if part)
    known = [reason for reason in said if reason != UNKNOWN]
    return {reason: chr(ord("a") + n) for n, reason in enumerate(known)} | {UNKNOWN: "?"}


def _draw_strip(panel: Axes, found: Beside, letters: dict[str, str]) -> None:
    """A row a method: where it has more or fewer people than were simulated, by letters why, and its mean wait."""
    rows = [*found.methods]
    panel.set_ylim(len(rows) + 1, 0)
    panel.spines[:].set_visible(False)
    panel.tick_params(length=0)
    panel.set_yticks([0.5, *(n + 1.5 for n in range(len(rows)))])
    names = ["simulated, people", *(method.title for method in rows)]
    panel.set_yticklabels(["\n".join(wrapped(name, SMALL, _LEFT - MARGIN - 0.1, most=2)) for name in names])
    many = len(found.slots) > 24
    for slot in found.slots:
        panel.text(
            slot / 2 + 0.25, 0.5, _people(found.means[slot]), ha="center", va="center", fontsize=6 if many else 7,
            rotation=90 if many else 0,
        )  # fmt: skip
        for nth, method in enumerate(rows, 1):
            _cell(panel, found, method, (slot, nth), letters, 6 if many else 7.5)
    _hours(panel, found, labels=False)
    panel.set_xticks([])
    _waits(panel, found)


def _people(people: float) -> str:
    return f"{people:.0f}" if people >= 9.95 else f"{people:.1f}"


def _cell(
    panel: Axes, found: Beside, method: Method, place: tuple[int, int], letters: dict[str, str], size: float
) -> None:
    slot, row = place
    said, seen = float(found.theory[method.name][slot]), found.simulated[slot]
    reason, color, mark = found.why[method.name][slot], WITHIN, ""
    if parts(said, seen):
        color, mark = ("white", "–") if np.isnan(said) else (MORE, ABOVE) if said > found.means[slot] else (LESS, BELOW)
    panel.add_patch(Rectangle((slot / 2, row), 0.5, 1, facecolor=color, edgecolor="white", linewidth=1.2))
    if mark:
        keys = "".join(sorted(letters[part] for part in reason.split("; ")))
        panel.text(
            slot / 2 + 0.25, row + 0.5, f"{mark}\n{keys}", ha="center", va="center", fontsize=size, linespacing=0.95
        )


def _waits(panel: Axes, found: Beside) -> None:
    """To the right of the rows: mean waits of the day, and how far each line is from the simulated one."""
    simulated = found.result.figures.estimates["wait_mean", "all"]
    ends = span("wait_mean", simulated).removesuffix(" min").replace(" to ", "–")
    said = [f"{number(simulated.value or 0.0)}" + (f" ({ends})" if ends else "")]
    for method in found.methods:
        wait, off = found.wait(method), found.off(method)
        said.append(
            "no answer" if np.isnan(wait) else f"{number(wait)}" + ("" if np.isnan(off) else f", {_gap(off)} off")
        )
    right = found.slots.stop / 2
    across = (found.slots.stop - found.slots.start) / 2 / (WIDTH - _LEFT - _RIGHT)
    panel.text(right + 0.08 * across, -0.18, "mean wait, min", fontsize=SMALL, color=QUIET, va="center", clip_on=False)
    for nth, text in enumerate(said):
        bold = "bold" if nth and found.methods[nth - 1] is found.nearest else "normal"
        panel.text(right + 0.08 * across, nth + 0.5, text, fontsize=SMALL, va="center", clip_on=False, fontweight=bold)


def _draw_officials(panel: Axes, found: Beside) -> None:
    on_duty = np.array([over.sum() / under.sum() for over, under in found.result.runs.curve("on_duty")])
    at = (np.arange(len(on_duty)) + 0.5) * BIN / HOUR
    panel.plot(
        at, on_duty, color=BLACK, linewidth=1.5, drawstyle="steps-mid", label="officials on duty, guides included"
    )
    half_hours = (np.arange(len(found.servers)) + 0.5) * SLOT / HOUR
    panel.plot(
        half_hours, found.servers, color=BLUE, linewidth=1.5, linestyle=(0, (5, 1.5)), drawstyle="steps-mid",
        label="of these at counters in theory, until all are served",
    )  # fmt: skip
    _hours(panel, found, labels=True)
    panel.set_ylim(0, 1.15 * max(float(on_duty.max()), float(found.servers.max()), 1.0))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    panel.set_ylabel("officials")
    panel.set_xlabel("time of day")
    panel.grid(visible=True, axis="y")
    panel.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.98), ncols=2, fontsize=SMALL, borderaxespad=0.1)


def _title(name: str, found: Beside) -> str:
    near, most = found.nearest, float(found.means.max())
    said = f"{near.said} {_verb(near)} {_gap(found.off(near))} off the simulated line"
    if found.result.study.replications == 1:
        return f"{name}: {said}"
    if any(found.why[near.name]):
        return f"{name}: {_between(found) or _nearest(found)}"
    if most < HARDLY_ANYBODY:
        return f"{name}: hardly anybody waits, {number(most)} people at most; {said}, which chance may be"
    return f"{name}: {said}, at no time beyond its interval and the tolerance"


def _nearest(found: Beside) -> str:
    """Which method is nearest, and how far steady states are."""
    near, steady = found.nearest, found.off(STATIONARY)
    said = f"{near.said} {_verb(near)} nearest to the simulated line, {_gap(found.off(near))} off"
    if near.settles or np.isnan(steady):
        return said
    if found.silent(STATIONARY):
        return f"{said}; a steady state does not exist in each half-hour"
    return f"{said}; a steady state of each half-hour is {_gap(steady)} off"


def _verb(method: Method) -> str:
    return "are" if method in (FORWARD, APART) else "is"


def _between(found: Beside) -> str:
    """Said where skills are what theory leaves out: the simulated wait lies between the two ways to count them."""
    wait = found.result.figures.estimates["wait_mean", "all"].value
    if found.nearest not in (FORWARD, APART) or APART not in found.methods or wait is None:
        return ""
    pooled, apart = found.wait(FORWARD), found.wait(APART)
    if not pooled < wait < apart:
        return ""
    return (
        f"the mean wait of {number(wait)} min lies between what theory has for officials who can do everything, "
        f"{number(pooled)}, and for skills apart, {number(apart)}"
    )


def _gap(gap: float) -> str:
    return f"{gap * 100:.0f} %"


def _caption(found: Beside, letters: dict[str, str]) -> list[str]:
    study = found.result.study
    used = {
        letters[part] for why in found.why.values() for slot in found.slots for part in why[slot].split("; ") if part
    }
    why = "; ".join(f"{letter} {reason}" for reason, letter in letters.items() if letter in used)
    limits = f"by more than the interval, {TOLERANCE:.0%} and {LEAST_GAP:g} people".replace("%", " %")
    marks = f"{ABOVE} theory has more people waiting, {BELOW} fewer, {limits}; – no answer."
    alone = study.replications == 1
    band = (
        "One replication: no interval, nothing is marked."
        if alone
        else f"Band: {study.confidence:.0%} interval from {replications_of([study])}, half-hour by half-hour.".replace(
            "%", " %", 1
        )
    )
    gap = "Wait: mean of the day, by Little’s law; % off: mean distance of the two lines, over the mean line."
    return [f"{marks} {f'Why: {why}.' if why else ''}", f"{band} {gap}", caveat([study])]
