"""What a verdict rests on: the assumptions of a scenario varied over their ranges, on common random numbers.

Exit codes: 0 done; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the folder; 6 other machines
that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.artifacts import manifest, write_chart, write_ending
from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder
from experiments.options import Options, parsed, the_one_judged, words
from experiments.report import LANG, LANGUAGES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.assumptions.draws import Kinds, Uncertain
    from sim.assumptions.trials import Try
    from sim.folder import Folder
    from sim.report.page.findings.sensitivity import Looked
    from sim.study import Study

    Found = tuple[Looked, str, pd.DataFrame, Figure]

WORDS = {
    "method": ("one_at_a_time", "morris", "sobol"),
    "all": ("no", "yes"),
    "inputs": ("no", "yes", "measured"),
    LANG: LANGUAGES,
}
KINDS: dict[str, Kinds] = {"yes": "all", "measured": "measured"}
HELP = """motcua sensitivity center=… [policy=…] [method=…] [all=yes] [inputs=yes|measured] [KEY=VALUE] [out=DIR]
                  [workers=N] [lang=vi|en]

Every assumption (mark A) that has a range is varied over it, each uniformly; the figure is that of the first target.
  method=one_at_a_time  all are tried low and high in a few replications; the five largest (all=yes: all) are then
                        estimated low and high in all replications of the study, others than those that chose them,
                        paired with it on the same citizens: which changes the verdict, and at what value
  method=morris         elementary effects of all (Morris 1991), ranked by the mean of their sizes: what matters
                        anywhere in the ranges, and not only where the others are as assumed
  method=sobol          shares of the variance, alone and with all interactions, of the eight largest (all=yes: all)
  inputs=yes            the verdicts with the error of all inputs in their intervals, beside those with the
                        simulation's alone: of assumptions, and of what was measured with an interval
  inputs=measured       the same of what was measured alone: # W [11.2–13.1] …, a 95 % interval

Shares that sum to 1 are varied with the others rescaled. What has no range is listed in sensitivity.csv with why.
All else is as in motcua run. A range is written into the mark of a number: # A [0.1–0.3] what it rests on.

Examples:
  motcua sensitivity center=go_vap precision=standard
  motcua sensitivity center=cam_duong policy=weekend_hours method=sobol"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest = words(options, WORDS)
    study = the_one_judged(rest)
    from sim.folder import name_of

    how = [said["method"], *(["all"] if said["all"] == "yes" else [])]
    how += [] if said["inputs"] == "no" else [f"inputs {said['inputs']}"]
    named = study.replace(label=f"{study.label[:400]} · {' '.join(how)}")
    path = options.out or RESULTS / name_of([named]).replace("-", "-sensitivity-", 1)
    return in_folder(
        path, [named], lambda folder: _in_folder(folder, study, said, options), ["sensitivity", *options.given]
    )


def _in_folder(folder: Folder, study: Study, said: dict[str, str], options: Options) -> int:
    from experiments.progress import say_if_compiling
    from experiments.trials import kept_in
    from sim.frames import csv_text
    from sim.report.page.findings.sensitivity import finding

    began = time.monotonic()
    say_if_compiling()
    tries = kept_in(folder, options.workers)
    looked, text, frame, figure = _found(study, said["method"], said["all"] == "yes", tries)
    print(text, flush=True)
    folder.write_text("sensitivity.csv", csv_text(frame))
    write_chart(folder, said["method"], figure)
    drawn = None if said["inputs"] == "no" else _drawn(folder, study, tries, KINDS[said["inputs"]])
    write_ending(folder, finding(looked, drawn), manifest("sensitivity", options, began), said[LANG])
    return 0


def _drawn(folder: Folder, study: Study, tries: Try, kinds: Kinds) -> Uncertain:
    """The verdicts with the error of inputs, told and written."""
    from experiments.sensitivity_table import uncertain_text
    from sim.assumptions.draws import uncertain
    from sim.assumptions.tables import uncertain_frame
    from sim.frames import csv_text

    drawn = uncertain(study, tries, kinds)
    print(f"\n{uncertain_text(drawn)}", flush=True)
    folder.write_text("inputs.csv", csv_text(uncertain_frame(drawn)))
    return drawn


def _found(study: Study, method: str, every: bool, tries: Try) -> Found:
    """What was found, what is said, the table and the chart."""
    from experiments import sensitivity_table as texts
    from sim.assumptions import everywhere, one_by_one, tables
    from sim.report import tornado

    if method == "morris":
        effects = everywhere.morris(study, tries)
        return effects, texts.morris_text(effects), tables.morris_frame(effects), tornado.morris_chart(effects)
    if method == "sobol":
        shares = everywhere.sobol(study, tries, every)
        return shares, texts.sobol_text(shares), tables.sobol_frame(shares), tornado.sobol_chart(shares)
    rests = one_by_one.rests_on(study, tries, every)
    return rests, texts.rests_text(rests), tables.rests_frame(rests), tornado.tornado(rests)


if __name__ == "__main__":
    sys.exit(main())
