"""Whether a run has settled when measuring begins.

Exit codes: 0 done, whatever was found; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the
folder; 129, 130 and 143 interrupted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from experiments.artifacts import manifest, write_chart, write_ending
from experiments.ending import ended
from experiments.held import RESULTS, in_folder
from experiments.options import Options, parsed, the_one, words
from experiments.report import LANG, LANGUAGES
from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from sim.folder import Folder
    from sim.study import Study
    from sim.warmup import Settled

HELP = """motcua warmup [center=…] [policy=…] [KEY=VALUE] [out=DIR] [lang=vi|en]

Whether a run has settled when measuring begins, on day warmup_days or the sixth working day. The scenario is run from
its first day on, over half a year or twice its days at least, in 200 replications or more, and looked at by working
day: mean wait, visits, and where there are any cases of the back office under way and records to type in as the day
ends.
  left    the figure over the days that motcua run measures, less that of the second half of the long run: paired, each
          weekday weighing alike in both, days at holidays and in seasons left out that have no like on the other side
  warm-up too short where the interval of that lies wholly beyond 2 % of the settled figure (0.1 where that is less),
          with the warm-up, later by whole weeks, from which on as many days show no difference; a run that still
          changes in its second half is made twice as long, at most twice, and else has not settled
  MSER-5  the day from which on the mean over all replications is known best, by weeks of five working days: to look at
  chart   means over replications by day, and Welch's moving averages over one week and over three
What a scenario says of dates (seasons, closures, who learns or leaves) is no beginning that settles.

Examples:
  motcua warmup center=go_vap
  motcua warmup center=na_hy replications=1000"""
NAME = 19


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest = words(options, {LANG: LANGUAGES})
    study = the_one(rest)
    from sim.folder import name_of
    from sim.warmup import enough

    wanted = enough(study)
    named = wanted.replace(label=f"{study.label[:400]} · warmup")
    path = options.out or RESULTS / name_of([named]).replace("-", "-warmup-", 1)

    def work(folder: Folder) -> int:
        return _in_folder(folder, wanted, options, said[LANG])

    return in_folder(path, [named], work, ["warmup", *options.given])


def _in_folder(folder: Folder, study: Study, options: Options, language: str) -> int:
    from experiments.progress import say_if_compiling
    from sim.frames import csv_text
    from sim.report.page.findings.warmup import finding
    from sim.report.warmup import warmup_chart

    began = time.monotonic()
    say_if_compiling()
    try:
        found = _found(study)
    except ValueError as error:
        raise BadInput([Fault(study.label, "", f"is open too seldom to tell weeks apart: {error}")]) from None
    print(table(study, found), flush=True)
    folder.write_text("warmup.csv", csv_text(frame(found)))
    write_chart(folder, "warmup", warmup_chart(study, found))
    write_ending(folder, finding(study, found), manifest("warmup", options, began), language)
    return 0


def _found(study: Study) -> tuple[Settled, ...]:
    """What is found, with the progress of each run that it takes."""
    from experiments.progress import Progress
    from sim.warmup import settled

    with ExitStack() as shown:
        bars: list[Progress] = []

        def longer(run: Study) -> None:
            shown.close()
            bars[:] = [shown.enter_context(Progress(run.replications, 0))]
            print(f"{run.replications} replications of {run.base.days} days", file=sys.stderr)

        return settled(study, lambda: bars[0].advance(1, study.label), longer)


def table(study: Study, found: Sequence[Settled]) -> str:
    """At most 100 columns: a row a figure, and what is to be set where a warm-up is too short."""
    from textwrap import wrap

    from sim.warmup import command

    shown = f"looked at over {found[0].looked_at} days in {study.replications} replications"
    lines = wrap(f"{study.label}: measured from day {study.scenario.warmup} on, {shown}", 100)
    if study.base.opening:
        lines.append("an opening: its beginning is what is measured, and need not have settled")
    lines += ["", f"{'figure':{NAME}} {'settled':>9} {'left':>28} {'MSER-5':>9}  warm-up"]
    lines += [_row(one) for one in found]
    if command(study, found):
        lines += ["", *wrap(f"to measure as many days when settled: {command(study, found)}", 100)]
    return "\n".join([*lines, "", *wrap(_note(study, found[0].by_date), 100)])


def _note(study: Study, by_date: Sequence[str]) -> str:
    from sim.report.wording import listed

    return (
        "settled: the second half of the long run, its days weighted as those that are measured; left: over the days "
        "that are measured, less that; too short: its interval lies wholly beyond 2 % of the settled figure (0.1 "
        f"where that is less), suffices: within it; within error: neither. {study.confidence:.0%} intervals; "
        "simulation error only."
    ) + (f" By date, so that days differ by it, too: {listed(by_date)}." if by_date else "")


def _row(one: Settled) -> str:
    day = "refused" if one.cut is None else f"day {one.cut}"
    if one.left is None:
        return f"{one.series.name:{NAME}} {'':>9} {'':>28} {day:>9}  {one.said}"
    left = one.left.estimate
    value = f"{left.value or 0:+.2f}"
    if left.lower is not None and left.upper is not None:
        value += f" ({left.lower:+.2f} to {left.upper:+.2f})"
    return f"{one.series.name:{NAME}} {one.left.settled:>9.2f} {value:>28} {day:>9}  {one.said}"


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
