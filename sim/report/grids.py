"""Tables drawn in colors: mean waits by weekday and hour, load by field and half-hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.intervals import Estimate
from sim.report.style import MARGIN, QUIET, SMALL, WIDTH, drawing, ink_on, nothing, page
from sim.report.wording import caveat, full_name, intervals_of, number, span
from sim.result import Result
from sim.statistics import ratio_estimate
from sim.study import Study
from sim.targets import Target
from sim.verdicts import Verdict, judge, name_failures
from sim.yardstick import yardstick

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BLUES = LinearSegmentedColormap.from_list("waits", ["#F7FBFF", "#A6CEE3", "#56B4E9", "#0072B2", "#00304D"])
ROW, LEFT = 0.52, 1.15
MOST_WITH_INTERVALS = 16


@dataclass(frozen=True)
class Cell:
    """One field of a table: ``color`` None is hatched, ``loud`` outlined; ``small`` stands below ``text``."""

    text: str
    color: tuple[float, float, float] | None
    small: str = ""
    loud: bool = False


def draw_cell(panel: Axes, corner: tuple[float, float], cell: Cell, size: float, turned: bool = False) -> None:
    """A cell of unit size whose upper left corner is at ``corner``, counted downward."""
    x, y = corner
    face = cell.color or (1.0, 1.0, 1.0)
    hatch = "" if cell.color else "////"
    panel.add_patch(
        Rectangle((x, y), 1, 1, facecolor=face, edgecolor="white" if cell.color else "#CCCCCC", hatch=hatch)
    )
    ink = ink_on(face) if cell.color else QUIET
    weight = "bold" if cell.loud else "normal"
    middle = y + (0.37 if cell.small else 0.5)
    back = {"facecolor": "white", "edgecolor": "none", "pad": 1.0} if hatch and cell.text else None
    panel.text(
        x + 0.5, middle, cell.text, ha="center", va="center", fontsize=size, color=ink, fontweight=weight,
        rotation=90 if turned else 0, bbox=back,
    )  # fmt: skip
    if cell.small:
        panel.text(x + 0.5, y + 0.74, cell.small, ha="center", va="center", fontsize=size - 2.5, color=ink)
    if cell.loud:
        panel.add_patch(
            Rectangle((x + 0.05, y + 0.07), 0.9, 0.86, fill=False, edgecolor="#000000", linewidth=1.8, zorder=4)
        )


def table_frame(panel: Axes, columns: Sequence[str], rows: Sequence[str], turned: bool = False) -> None:
    """A panel of unit cells with names above the columns and to the left of the rows."""
    panel.set_xlim(0, len(columns))
    panel.set_ylim(len(rows), 0)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.spines[:].set_visible(False)
    for nth, name in enumerate(columns):
        panel.text(
            nth + 0.5, -0.12, name, ha="center", va="bottom", fontsize=SMALL, rotation=90 if turned else 0, color=QUIET
        )
    for nth, name in enumerate(rows):
        panel.annotate(
            name, (0, nth + 0.5), (-6, 0), textcoords="offset points", ha="right", va="center", fontsize=9,
            annotation_clip=False,
        )  # fmt: skip


_SCALE = 15.0  # minutes: half of what is drawn darkest where no target says


@drawing()
def wait_by_hour_and_weekday(result: Result) -> Figure:
    """Mean wait of those who arrived in each hour of each weekday; hatched where nobody ever did."""
    study, cells = result.study, _cells(result)
    name, caption = full_name(study), caveat([study])
    came = [cell for cell, e in cells.items() if e.value is not None]
    if not came:
        return nothing(f"{name}: nobody came, so there is no wait to show", "nobody came", [caption])
    days = sorted({day for day, _ in came} | set(_open_weekdays(study)))
    hours = range(min(hour for _, hour in came), max(hour for _, hour in came) + 1)
    target = yardstick(study.scenario, study.targets).wait_target
    above = _above(cells, target)
    notes = [*_caption(result, target, bool(above), len(hours)), caption]
    made = page(_title(name, result, cells), notes, ROW * len(days) + 0.45)
    panel = made.panel(LEFT, 0.15, WIDTH - LEFT - MARGIN, ROW * len(days))
    top = max(2 * (target or _SCALE), *(e.value or 0.0 for e in cells.values()))
    few = len(hours) <= MOST_WITH_INTERVALS
    heads = [f"{hour}–{hour + 1} h" if few else f"{hour} h" for hour in hours]
    table_frame(panel, heads, [DAYS[day] for day in days])
    for row, day in enumerate(days):
        for column, hour in enumerate(hours):
            cell = _cell(cells[day, hour], top, (day, hour) in above, len(hours))
            draw_cell(panel, (column, row), cell, 10 if few else 7.5)
    return made.figure


Cells = dict[tuple[int, int], Estimate]


def _cells(result: Result, first: int = 0, last: int | None = None) -> Cells:
    """The estimate of each (weekday, hour) from some of the replications."""
    level = result.study.level
    return {
        divmod(cell, 24): ratio_estimate(waited[first:last], joined[first:last], level, (0.0, np.inf))
        for cell, (waited, joined) in enumerate(result.runs.curve("grid"))
    }


def _open_weekdays(study: Study) -> list[int]:
    return [DAYS.index(day) for day in DAYS if study.scenario.calendar.hours.get(day[:3].lower())]  # type: ignore[call-overload]


def _cell(estimate: Estimate, top: float, loud: bool, columns: int) -> Cell:
    if estimate.value is None:
        return Cell("n/a", None)
    red, green, blue, _ = BLUES(min(estimate.value / top, 1.0))
    interval = ""
    if columns <= MOST_WITH_INTERVALS and estimate.half_width is not None:
        interval = span("", estimate).replace(" to ", "–")
    return Cell(number(estimate.value), (red, green, blue), interval, loud)


def _above(cells: Cells, target: float | None) -> set[tuple[int, int]]:
    """The cells whose mean wait is above the target even when all cells are counted (Holm)."""
    if target is None:
        return set()
    promise = Target(metric="wait_mean", at_most=target)
    verdicts: dict[tuple[int, int], Verdict] = {cell: judge(promise, e) for cell, e in cells.items()}
    named = name_failures(list(verdicts.values()))
    return {cell for cell, verdict in verdicts.items() if any(verdict is one for one in named)}


def _title(name: str, result: Result, cells: Cells) -> str:
    half = len(result.runs) // 2
    first, second = (_cells(result, 0, half), _cells(result, half)) if half else (cells, cells)
    seen = [cell for cell in cells if second[cell].value is not None] or list(cells)
    day, hour = max(seen, key=lambda cell: first[cell].value or 0.0)
    worst = second[day, hour] if second[day, hour].value is not None else cells[day, hour]
    if max(e.value or 0.0 for e in cells.values()) < 0.05 or worst.value is None:
        return f"{name}: hardly anybody waits, at any hour of the week"
    said = f"{number(worst.value)} minutes on average"
    if len(result.runs) == 1:
        said += " in this one replication"
    interval = f" ({worst.confidence * 100:g} % interval: {span('', worst)})" if worst.half_width is not None else ""
    when = f"on {DAYS[day]}s from {hour:02d}:00 to {hour + 1:02d}:00"
    return f"{name}: waits are longest for those who come {when}, {said}{interval}"


def _caption(result: Result, target: float | None, any_above: bool, columns: int) -> list[str]:
    study, half = result.study, len(result.runs) // 2
    said = f"Minutes from the door to the counter, by hour of arrival; n/a: nobody came. {intervals_of([study])}"
    said += "" if columns <= MOST_WITH_INTERVALS else " Cells have no room for theirs."
    if half:
        halves = f"the first {half} of {study.replications} replications and estimated on the others"
        said += f" The hour in the title is chosen on {halves}; cells use all."
    if target is None:
        return [said]
    mark = f"Outlined: mean wait above {target:g} min, all cells counted (Holm)."
    none = f"No hour is shown to be above {target:g} min when all cells are counted (Holm)."
    return [said, mark if any_above else none]
