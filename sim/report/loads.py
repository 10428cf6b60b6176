"""The load sheet as a table in colors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.offered_load import BACK_OFFICE, LoadSheet, ratio
from sim.report.grids import Cell, draw_cell, table_frame
from sim.report.style import BODY, INK, MARGIN, WIDTH, Page, drawing, nothing, page, wrapped
from sim.report.wording import listed, plain
from sim.units import SLOT, clock_text

Floats = NDArray[np.float64]
_STEPS = ((0.5, "#EFF5FA"), (0.7, "#C6DEEF"), (0.85, "#8FC1E3"), (1.0, "#4C97CC"), (np.inf, "#E69F00"))
_LEFT, _DAY, _ROW, _LONG = 1.95, 0.75, 0.36, 40
MOST_UPRIGHT = 24


@dataclass(frozen=True)
class _Row:
    """Work and minutes of one line of the sheet, by half-hour."""

    name: str
    work: Floats
    minutes: Floats


@dataclass(frozen=True)
class _Day:
    """Work and minutes of a day, and whose minutes they are."""

    name: str
    work: float
    minutes: float
    of: str


@drawing()
def load_sheet_chart(sheet: LoadSheet, name: str, note: str = "") -> Figure:
    """Work offered over staffed minutes: fields, all of them, points and guides by half-hour, in percent.

    ``note`` is put below: how many inputs are assumptions.
    """
    rows = _rows(sheet)
    seen = np.flatnonzero(np.sum([row.work + row.minutes for row in rows], axis=0) > 0)
    title = _title(sheet, plain(name))
    if not seen.size:
        return nothing(title, "no work and nobody on duty", [note])
    slots = range(int(seen[0]), int(seen[-1]) + 1)
    turned = len(slots) > MOST_UPRIGHT
    behind = _behind(sheet)
    below = _ROW * len(behind) + 0.35 if behind else 0.0
    made = page(title, [*_CAPTION, *([_OFFICE] if behind else []), note], _ROW * len(rows) + 0.75 + below)
    panel = made.panel(_LEFT, below + 0.15, WIDTH - _LEFT - _DAY - MARGIN, _ROW * len(rows))
    day = made.panel(WIDTH - _DAY - MARGIN + 0.12, below + 0.15, _DAY - 0.12, _ROW * len(rows))
    names = ["\n".join(wrapped(row.name, BODY, _LEFT - MARGIN - 0.1, most=2)) for row in rows]
    table_frame(panel, [clock_text(slot * SLOT) for slot in slots], names, turned=True)
    table_frame(day, ["whole day"], [""] * len(rows))
    for nth, row in enumerate(rows):
        for column, load in enumerate(ratio(row.work, row.minutes)[list(slots)]):
            draw_cell(panel, (column, nth), _cell(float(load)), 7 if turned else 8.5, turned)
        draw_cell(day, (0, nth), _cell(float(ratio(row.work.sum(), row.minutes.sum())), whole=True), 9)
    for one in (panel, day):
        one.axhline(len(sheet.received), color=INK, linewidth=1.4, zorder=5)
    if behind:
        _draw_office(made, behind)
    return made.figure


def _draw_office(made: Page, rows: list[_Day]) -> None:
    """A line for each kind of work in the back office, its load and its minutes of a day."""
    size = _ROW * len(rows)
    words = made.panel(_LEFT, 0.1, WIDTH - _LEFT - _DAY - MARGIN, size)
    day = made.panel(WIDTH - _DAY - MARGIN + 0.12, 0.1, _DAY - 0.12, size)
    names = ["\n".join(wrapped(row.name, BODY, _LEFT - MARGIN - 0.1, most=2)) for row in rows]
    table_frame(words, [""], names)
    table_frame(day, [""], [""] * len(rows))
    words.text(0, -0.25, "In the back office, in minutes of a mean open day", fontsize=BODY, fontweight="bold")
    for nth, row in enumerate(rows):
        words.text(0.01, nth + 0.5, f"{row.work:,.0f} of {row.minutes:,.0f} {row.of}", va="center", fontsize=BODY)
        draw_cell(day, (0, nth), _cell(float(ratio(row.work, row.minutes)), whole=True), 9)


_CAPTION = (
    (
        "Work offered, in percent of staffed minutes, on a mean open day. Outlined in bold: above 100 %, the line "
        "grows. ∞: people come while nobody is on duty (at the gate, at noon). Hatched: no work, nobody on duty."
    ),
    (
        "A field’s line sets its own work against all who may do it, though they do other fields as well; the set in "
        "the title counts them together. Who serves only some citizens counts for no more than the work of those. "
        "Arithmetic on means, before any run; who leaves unserved is not foreseen."
    ),
)


_OFFICE = (
    "Back office: its work of a day over the minutes that reception leaves to those who do it, others receiving all "
    "they can. Citizens are called first, so that it takes nothing from the lines above."
)


def _behind(sheet: LoadSheet) -> list[_Day]:
    office = sheet.office
    if office is None:
        return []
    rows = [
        _Day(field.replace("_", " "), office.offered[:, n].sum(), office.staffed[:, n].sum(), _LEFT_OVER)
        for n, field in enumerate(sheet.fields)
        if office.offered[:, n].any()
    ]
    if office.approved:
        rows.append(_Day("signature", office.approved, office.leaders, "that those on the spot leave to leaders"))
    for point, (work, minutes) in zip(sheet.points, office.both.tolist(), strict=True):
        if work or minutes:
            where = f", at {point.replace('_', ' ')}" if len(sheet.points) > 1 else ""
            rows.append(_Day(f"all work{where}", work, minutes, "of all who receive or process, reception included"))
    return rows


_LEFT_OVER = "that reception leaves to those who may do it"


def _rows(sheet: LoadSheet) -> list[_Row]:
    fields = [
        _Row(sheet.fields[n].replace("_", " "), sheet.offered[:, n].sum(axis=0), sheet.staffed[:, n].sum(axis=0))
        for n in sheet.received
    ]
    points = [
        _Row(f"at {point.replace('_', ' ')}", sheet.offered[n].sum(axis=0), sheet.present[n])
        for n, point in enumerate(sheet.points)
    ]
    guides = _Row("guidance", sheet.guided.sum(axis=0), sheet.guides.sum(axis=0))
    everything = _Row("all fields", sheet.offered.sum(axis=(0, 1)), sheet.present.sum(axis=0))
    guided = [guides] if guides.work.any() or guides.minutes.any() else []
    return [*fields, everything, *(points if len(points) > 1 else []), *guided]


def _cell(load: float, *, whole: bool = False) -> Cell:
    if np.isnan(load):
        return Cell("", None)
    if np.isinf(load) and not whole:
        return Cell("∞", to_rgb("#FBEBCB"))
    color = to_rgb(next(color for most, color in _STEPS if load <= most))
    return Cell("∞" if np.isinf(load) else f"{load * 100:.0f}", color, loud=load > 1)


def _title(sheet: LoadSheet, name: str) -> str:
    point, fields, load = sheet.binding
    if not fields:
        return f"{name}: no work is offered"
    names = [field.replace("_", " ") for field in fields]
    every = len(fields) == len(sheet.received) > 1 and not any(name.startswith(BACK_OFFICE) for name in fields)
    which = f"all {len(fields)} fields together" if every else listed(_short(names, len(sheet.received)), 4)
    which += f" for the {listed([one.replace('_', ' ') for one in sheet.classes], 4)}" if sheet.classes else ""
    where = f" at {point.replace('_', ' ')}" if len(sheet.points) > 1 and point else ""
    if np.isinf(load):
        return f"{name}: nobody is there to do {which}{where}"
    said = f"{which}{where}: work for {load * 100:.0f} % of the minutes of those who can do it"
    if load > 1:
        what = "the wait depends" if sheet.load > 1 else "what is left undone depends"
        return f"{name} is overloaded by {said}; {what} on how long one looks"
    return f"{name}: the tightest is {said}"


def _short(names: list[str], received: int) -> list[str]:
    """All fields at counters in one word, where the back office is beside them, and that without a long list."""
    names = [f"the {BACK_OFFICE}" if name.startswith(BACK_OFFICE) and len(name) > _LONG else name for name in names]
    own = [name for name in names if BACK_OFFICE not in name]
    if received > 1 and len(own) == received < len(names):
        return [f"all {received} fields", *names[received:]]
    return names
