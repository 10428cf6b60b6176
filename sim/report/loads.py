"""The load sheet as a table in colors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.offered_load import LoadSheet, ratio
from sim.report.grids import Cell, draw_cell, table_frame
from sim.report.style import BODY, INK, MARGIN, WIDTH, drawing, nothing, page, wrapped
from sim.report.wording import listed, plain
from sim.units import SLOT, clock_text

Floats = NDArray[np.float64]
_STEPS = ((0.5, "#EFF5FA"), (0.7, "#C6DEEF"), (0.85, "#8FC1E3"), (1.0, "#4C97CC"), (np.inf, "#E69F00"))
_LEFT, _DAY, _ROW = 1.95, 0.75, 0.36
MOST_UPRIGHT = 24


@dataclass(frozen=True)
class _Row:
    """Work and minutes of one line of the sheet, by half-hour."""

    name: str
    work: Floats
    minutes: Floats


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
    made = page(title, [*_CAPTION, note], _ROW * len(rows) + 0.75)
    panel = made.panel(_LEFT, 0.15, WIDTH - _LEFT - _DAY - MARGIN, _ROW * len(rows))
    day = made.panel(WIDTH - _DAY - MARGIN + 0.12, 0.15, _DAY - 0.12, _ROW * len(rows))
    names = ["\n".join(wrapped(row.name, BODY, _LEFT - MARGIN - 0.1, most=2)) for row in rows]
    table_frame(panel, [clock_text(slot * SLOT) for slot in slots], names, turned=True)
    table_frame(day, ["whole day"], [""] * len(rows))
    for nth, row in enumerate(rows):
        for column, load in enumerate(ratio(row.work, row.minutes)[list(slots)]):
            draw_cell(panel, (column, nth), _cell(float(load)), 7 if turned else 8.5, turned)
        draw_cell(day, (0, nth), _cell(float(ratio(row.work.sum(), row.minutes.sum())), whole=True), 9)
    for one in (panel, day):
        one.axhline(len(sheet.fields), color=INK, linewidth=1.4, zorder=5)
    return made.figure


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


def _rows(sheet: LoadSheet) -> list[_Row]:
    fields = [
        _Row(field.replace("_", " "), sheet.offered[:, n].sum(axis=0), sheet.staffed[:, n].sum(axis=0))
        for n, field in enumerate(sheet.fields)
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
    which = f"all {len(fields)} fields together" if len(fields) == len(sheet.fields) > 1 else listed(names, 4)
    which += f" for the {listed([one.replace('_', ' ') for one in sheet.classes], 4)}" if sheet.classes else ""
    where = f" at {point.replace('_', ' ')}" if len(sheet.points) > 1 else ""
    if np.isinf(load):
        return f"{name}: nobody is there to do {which}{where}"
    said = f"{which}{where}: work for {load * 100:.0f} % of the minutes of those who can do it"
    if load > 1:
        return f"{name} is overloaded by {said}; the wait depends on how long one looks"
    return f"{name}: the tightest is {said}"
