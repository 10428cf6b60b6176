"""How much a center can take before its promise breaks: more demand, fewer officials, a network that fails.

Exit codes: 0 done, whatever was found; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the
folder; 6 other machines that worked are gone; 129, 130 and 143 interrupted, finished work kept.
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
    from sim.folder import Folder
    from sim.study import Study

HELP = """motcua headroom [center=…] [policy=…] [KEY=VALUE] [out=DIR] [workers=N] [lang=vi|en]

How much a center can take before its promise breaks; of one that breaks it as it is, what would have to change for it.
  demand     the factor on all arrivals at which each target turns, with an interval; looked at from 0.1 to 5 times
  officials  each group with one official fewer, two fewer, … until a target is missed; who can spare most and whom
             one more away breaks first are tried again on fresh replications
  outage     the longest outage of the network, once a day from the worst hour on, at which each target is kept, with
             an interval; where there is paper, with it and without
Fewer officials and outages are looked at where all targets are met as it is; where they are not:
  officials  each group with one official more, two more, … until all targets are met, or with 12 more, at counters of
             their own where there are too few; where the fewest are needed is tried again on fresh replications, with
             one more and with that number, so that with the stated confidence what is named is not too few
More replications make intervals shorter.
All else is as in motcua run.

Examples:
  motcua headroom center=cam_duong
  motcua headroom center=go_vap policy=guidance_desk replications=100"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest = words(options, {LANG: LANGUAGES})
    study = the_one_judged(rest)
    from sim.folder import name_of

    named = study.replace(label=f"{study.label[:400]} · headroom")
    path = options.out or RESULTS / name_of([named]).replace("-", "-headroom-", 1)

    def work(folder: Folder) -> int:
        return _in_folder(folder, study, options, said[LANG])

    return in_folder(path, [named], work, ["headroom", *options.given])


def _in_folder(folder: Folder, study: Study, options: Options, language: str) -> int:
    from experiments.headroom_table import table
    from experiments.progress import say_if_compiling
    from experiments.trials import kept_in
    from sim.frames import csv_text
    from sim.headroom import headroom
    from sim.headroom.tables import figures_frame, headroom_frame
    from sim.report.headroom import headroom_chart
    from sim.report.page.findings.headroom import finding

    began = time.monotonic()
    say_if_compiling()
    found = headroom(study, kept_in(folder, options.workers))
    print(table(found), flush=True)
    folder.write_text("headroom.csv", csv_text(headroom_frame(found)))
    folder.write_text("figures.csv", csv_text(figures_frame(found)))
    write_chart(folder, "headroom", headroom_chart(found))
    write_ending(folder, finding(found), manifest("headroom", options, began), language)
    return 0


if __name__ == "__main__":
    sys.exit(main())
