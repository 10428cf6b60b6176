"""``motcua bench``: how fast the engines are, beside other programs that simulate the same models.

Each model of the table in :mod:`experiments.bench.models` is run by several programs, which take turns round by
round in one process. What counts is CPU time (``time.process_time``), its median over the rounds and its range, and
the ratios within each round. A program's mean wait is set against the known answer before its speed is quoted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.bench.options import USAGE, Options, parsed
from experiments.ending import ended
from sim.writing import told

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and reports: 0 done, 2 bad input, 3 cannot write there."""
    return ended(lambda: _main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(given: list[str]) -> int:
    if "--help" in given or "-h" in given:
        print(USAGE)
        return 0
    return _measure(parsed(given))


def _measure(options: Options) -> int:
    from experiments.bench.files import written
    from experiments.bench.models import MODELS
    from experiments.bench.rounds import measured
    from experiments.bench.scale import SCALES
    from experiments.bench.scale import text as scale_text
    from experiments.bench.table import text

    with told(options.out):
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / ".probe").touch()
        (options.out / ".probe").unlink()
    results, figures = [], []
    for model in [MODELS[name](options) for name in options.models if name in MODELS]:
        results.append(measured(model, options.rounds))
        print(text(results[-1]), end="\n\n", flush=True)
    for name in [name for name in options.models if name in SCALES]:
        found = SCALES[name](options)
        figures += found
        print(scale_text(found), end="\n\n", flush=True)
    for line in written(options.out, results, figures):
        print(line)
    return 0
