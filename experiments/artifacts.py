"""What programs leave in a folder of results beside its tables: charts, the page, and the manifest."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.held import machine, versions
from experiments.options import Options
from experiments.report import PAGE, known, made_by
from sim.writing import told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.folder import Folder
    from sim.report.page.finding import Finding


def write_chart(folder: Folder, name: str, figure: Figure) -> None:
    """A chart as PNG and SVG below ``charts``."""
    from sim.report.style import rendered

    with told(folder.path):
        (folder.path / "charts").mkdir(exist_ok=True)
    for kind in ("png", "svg"):
        data = rendered(figure, kind)
        folder.write(folder.path / "charts" / f"{name}.{kind}", partial(Path.write_bytes, data=data))


def manifest(program: str, options: Options, began: float) -> dict[str, Any]:
    """What may differ between runs of the same question."""
    return {
        "state": "done",
        "command": ["motcua", program, *options.given],
        "seconds": round(time.monotonic() - began, 1),
        "versions": versions(),
        "machine": machine(),
    }


def write_ending(folder: Folder, found: Finding, made: Mapping[str, Any], language: str) -> None:
    """The page and the manifest, the last that a program writes; where they are is printed."""
    from sim.report.page.finding import page

    folder.write_text(PAGE, page(found, made_by(made), known(language)))
    folder.write_manifest(dict(made))
    print(f"\nresults: {folder.path}\npage:    {folder.path / PAGE}")
