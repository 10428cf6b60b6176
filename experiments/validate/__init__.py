"""``motcua validate``: whether the simulator can be believed, and where that is not known.

Three parts: textbook queues against theory, figures that others have printed, and what was seen at each center
against its scenario. Three more take minutes and are run where they are asked for: whether intervals hold the true
value as often as they state, how often a scenario is said to differ from itself, and how often the best of several ways
of running a center is selected. Exit code 0 whatever the verdicts: they are what is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.validate.options import USAGE, Options, parsed
from sim.writing import told

if TYPE_CHECKING:
    from experiments.validate.intervals_table import Measured
    from experiments.validate.observed import Periods
    from experiments.validate.rows import Row

__all__ = ["main"]

MADE_UP = ("textbook", "benchmark_day", "mountain_commune", "rural_commune", "urban_ward")
# Parts have seeds far apart, so that no comparison shares its random numbers with another; the figures of scenarios
# have the seed that is given, as `motcua run` has it.
THEORY, PUBLISHED, COVERAGE, ALIKE, SELECTED = 1_000_000, 2_000_000, 3_000_000, 3_500_000, 3_750_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares and reports: 0 done, 2 bad input, 3 cannot write there, 4 disk full."""
    return ended(lambda: _main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(given: list[str]) -> int:
    if "--help" in given or "-h" in given:
        print(USAGE)
        return 0
    options = parsed(given)
    periods = _periods(options) if "observed" in options.parts else None
    with told(options.out):
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / ".probe").touch()
        (options.out / ".probe").unlink()
    return _validate(options, periods)


def _periods(options: Options) -> Periods:
    """The studies of the observed figures; everything that is wrong with them is told before the first run."""
    from experiments.validate.observed import Periods
    from sim.door import groups, load

    names = [options.center] if options.center else [name for name in groups()["center"] if name not in MADE_UP]
    more = [f"replications={options.replications}", f"seed={options.seed}"]
    return Periods([load([f"center={name}", *more]) for name in names])


def _validate(options: Options, periods: Periods | None) -> int:
    from experiments.progress import say_if_compiling
    from experiments.validate.files import written
    from experiments.validate.intervals_table import measured_text, measured_written
    from experiments.validate.table import ending, text

    say_if_compiling()
    rows: list[Row] = []
    for found in _compared(options, periods):
        print(text(found), end="\n\n", flush=True)
        rows += found
    for line in written(options.out, rows) if rows else []:
        print(line)
    if rows:
        print(ending(rows))
    for measured in _measured(options):
        print(measured_text(measured), end="\n\n", flush=True)
        print(measured_written(options.out, measured))
    return 0


def _measured(options: Options) -> Iterator[Measured]:
    """The rows of each part that takes minutes and is asked for."""
    from experiments.progress import Progress
    from experiments.validate.alike import alike
    from experiments.validate.coverage import MODELS, covered
    from experiments.validate.selected import CENTER, LONG, known, selected

    if "coverage" in options.parts:
        with Progress(len(MODELS) * options.studies_of("coverage"), 0) as progress:
            yield covered(options.studies_of("coverage"), options.seed + COVERAGE, progress.advance)
    if "alike" in options.parts:
        with Progress(options.studies_of("alike"), 0) as progress:
            yield alike(options.studies_of("alike"), options.seed + ALIKE, progress.advance)
    if "selected" in options.parts:
        with Progress(len(CENTER[-1].split(",")) * LONG, 0) as progress:
            truth = known(options.seed + SELECTED, progress.advance)
        with Progress(options.studies_of("selected"), 0) as progress:
            yield selected(truth, options.studies_of("selected"), options.seed + SELECTED, progress.advance)


def _compared(options: Options, periods: Periods | None) -> Iterator[list[Row]]:
    """The rows of each part that is asked for."""
    from experiments.progress import Progress
    from experiments.validate.published import published, replications_of
    from experiments.validate.queues import CASES
    from experiments.validate.theory import REPLICATIONS, compared

    if "theory" in options.parts:
        with Progress(len(CASES) * REPLICATIONS, 0) as progress:
            yield compared(CASES, options.seed + THEORY, progress.advance)
    if "published" in options.parts:
        with Progress(replications_of(options.replications), 0) as progress:
            yield published(options.replications, options.seed + PUBLISHED, progress.advance)
    if periods:
        with Progress(periods.replications, 0) as progress:
            yield periods.simulated(progress.advance)
