"""Whether a run has settled when measuring begins.

Exit codes: 0 done, whatever was found; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the folder;
129, 130 and 143 interrupted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.held import RESULTS, in_folder
from experiments.options import Options, parsed, the_one
from experiments.province import manifest, write_chart
from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from sim.folder import Folder
    from sim.study import Study
    from sim.warmup import Settled

HELP = """motcua warmup [center=…] [policy=…] [KEY=VALUE] [out=DIR]

Whether a run has settled when measuring begins, on day warmup_days or the sixth working day. The scenario is run from
its first day on, over half a year at least, and looked at by working day: mean wait, visits, and where there are any
cases of the back office under way and records to type in as the day ends.
  MSER-5  the day from which on the mean over all replications is known best, by weeks of five working days; none where
          that lies beyond the middle of the run
  left    the figure over the days that motcua run measures, less that of the second half of the long run, paired
  chart   means over replications by day, and Welch's moving averages over one week and over three
What a scenario says of dates (seasons, closures, who learns or leaves) is no beginning that settles.

Examples:
  motcua warmup center=go_vap
  motcua warmup center=na_hy replications=100"""
NAME = 19


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    study = the_one(options)
    from sim.folder import name_of

    named = study.replace(label=f"{study.label[:400]} · warmup")
    path = options.out or RESULTS / name_of([named]).replace("-", "-warmup-", 1)
    return in_folder(path, [named], lambda folder: _in_folder(folder, study, options))


def _in_folder(folder: Folder, study: Study, options: Options) -> int:
    from experiments.progress import Progress, say_if_compiling
    from sim.frames import csv_text
    from sim.report.warmup import warmup_chart
    from sim.warmup import settled

    began = time.monotonic()
    say_if_compiling()
    try:
        with Progress(study.replications, 0) as progress:
            found = settled(study, lambda: progress.advance(1, study.label))
    except ValueError as error:
        raise BadInput([Fault(study.label, "", f"is open too seldom to tell weeks apart: {error}")]) from None
    print(table(study, found), flush=True)
    folder.write_text("warmup.csv", csv_text(frame(found)))
    write_chart(folder, "warmup", warmup_chart(study, found))
    folder.write_manifest(manifest("warmup", options, began))
    print(f"\nresults: {folder.path}")
    return 0


def table(study: Study, found: Sequence[Settled]) -> str:
    """At most 100 columns: a row a figure."""
    from textwrap import wrap

    from sim.warmup import from_the_start

    days = f"{from_the_start(study).base.days} days"
    lines = [f"{study.label}: measured from day {study.scenario.warmup} on, looked at over {days}"]
    if study.base.opening:
        lines.append("an opening: its beginning is what is measured, and need not have settled")
    lines += ["", f"{'figure':{NAME}} {'second half':>12} {'left':>26}  {'settled from':>12}  warm-up"]
    lines += [_row(one) for one in found]
    note = (
        "settled from: calendar day by MSER-5; left: over the days that are measured, less the second half; "
        f"within error: the interval of that, {study.confidence:.0%}, holds 0. {study.replications} replications; "
        "simulation error only."
    )
    return "\n".join([*lines, "", *wrap(note, 100)])


def _row(one: Settled) -> str:
    half = len(one.series.days) // 2
    later = one.series.over[:, half:].sum() / one.series.under[:, half:].sum()
    left = one.left.estimate
    value = f"{left.value or 0:+.2f}" + (f" ({left.lower:+.2f} to {left.upper:+.2f})" if left.half_width else "")
    day = "not told" if one.wanted is None else f"day {one.wanted}"
    return f"{one.series.name:{NAME}} {later:>12.2f} {value:>26}  {day:>12}  {one.said}"


def frame(found: Sequence[Settled]) -> pd.DataFrame:
    """One row a figure and working day: its mean over replications, and Welch's moving averages."""
    import pandas as pd

    from sim.warmup import WINDOWS, moving_averages

    parts = []
    for one in found:
        over, under = one.series.mean
        columns = {"figure": one.series.name, "day": one.series.days.astype(int), "mean": over / under}
        part = pd.DataFrame(columns)
        for window in WINDOWS:
            own = moving_averages(over, under, window)
            part[f"mean of {2 * window + 1}"] = pd.Series(own)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    sys.exit(main())
