"""The files of a validation: a row a comparison, and the chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path

from experiments.validate.chart import validation_chart
from experiments.validate.rows import Row
from sim.frames import cell
from sim.report.style import rendered
from sim.writing import put

HEAD = (*(field.name for field in fields(Row)), "covers", "verdict")


def written(folder: Path, rows: Sequence[Row]) -> list[str]:
    """Writes ``validation.csv`` and ``validation.png`` and ``.svg``; returns the line that says where.

    ``low`` and ``high`` are what was expected, ``lower`` and ``upper`` the simulator's interval, in the unit of
    ``metric``; what is absent is empty.
    """
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(
        [HEAD, *([cell(getattr(row, name)) for name in HEAD] for row in rows)]
    )
    files = {"validation.csv": lines.getvalue().encode("utf-8")}
    chart = validation_chart(rows)
    files |= {"validation.png": rendered(chart, "png"), "validation.svg": rendered(chart, "svg")}
    for name, data in files.items():
        put(folder / name, partial(Path.write_bytes, data=data))
    return [f"{folder}: {', '.join(files)}"]
