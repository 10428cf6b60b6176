"""Draws a citizen's way through a center from its scenario, before any run.

Exit codes: 0 done; 2 bad input; 3 cannot write there; 4 disk full.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.options import Options, asked, parsed
from sim.writing import put, told

if TYPE_CHECKING:
    from sim.study import Study

FOLDER = Path("results")
TODAY = " · none"
COLORS = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes a picture of each scenario asked for, as PNG and SVG."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print("motcua way [-m] [GROUP=CHOICE] [KEY=VALUE] [out=DIR]: as motcua run, but only draws the citizens' way")
        return 0
    studies = asked(options)
    for path in _written(studies, options.out or FOLDER):
        print(path)
    return 0


def _written(studies: Sequence[Study], folder: Path) -> list[Path]:
    """Draws every study; returns the files."""
    from sim.report.charts import free, note_on, rendered, way_chart, way_through
    from sim.report.wording import full_name, slug

    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    taken: set[str] = set()
    for study in studies:
        way = way_through(study)
        name = free(f"way_{slug(study.label.removesuffix(TODAY))}", taken)
        figure = way_chart(way, full_name(study).removesuffix(TODAY), note_on(study))
        for kind in ("png", "svg"):
            files.append(folder / f"{name}.{kind}")
            put(files[-1], partial(Path.write_bytes, data=rendered(figure, kind, way.digest, COLORS)))
    return files


if __name__ == "__main__":
    sys.exit(main())
