"""The cheapest way of running a center that keeps its targets, with a stated confidence.

Exit codes: 0 done, whatever was found; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the
folder; 6 other machines that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.artifacts import manifest, write_chart, write_ending
from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder
from experiments.options import Options, parsed, words
from experiments.report import LANG, LANGUAGES
from experiments.sweeping import simulations, swept

if TYPE_CHECKING:
    import pandas as pd

    from sim.folder import Folder
    from sim.search import Search
    from sim.study import Study

HELP = """motcua search [center=…] KEY=VALUE,VALUE,… [policy=any_of(NAME,NAME,…)] [KEY=VALUE] [out=DIR] [workers=N]
              [memory='8 GB'] [hours=N] [--dry-run] [lang=vi|en]

Among all combinations of the values given, the cheapest that keeps every target; then the runners-up, cost against
wait, and what each further million a day buys. any_of(a,b,c) is none of these policies, each alone and all together.
Who works which shift, at how many counters, in which fields is a key like any other.

Every combination is looked at on 10 replications, then again and again until all that could be cheaper than the answer
is ruled out; looks are paid for. stopping.first, .growth and .most change that. The answer is confirmed on replications
that had no part in its choice. Where officials are all alike and always there, and nobody gives up or comes back, ways
with no more of them than one that misses a target are ruled out unseen: one more then makes nobody wait longer.

Examples:
  motcua search center=go_vap policy=any_of(guidance_desk,add_officials,weekend_hours) staff.land.count=4,5,6
  motcua search center=tan_giang points.hall.counters=6,7,8 'staff.justice.shifts=[morning],[morning,afternoon]'"""

THEN = "at most 5000 fresh replications of each combination that may be the answer, one after the other"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments, foresees=True)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest = words(options, {LANG: LANGUAGES})
    studies = asked(rest)
    from experiments.dry_run import foreseen_only
    from experiments.foreseen import Work
    from sim.folder import name_of
    from sim.search import AT_FIRST

    path = options.out or RESULTS / f"search-{name_of(studies)}"
    schedule = studies[0].stopping or AT_FIRST
    looks = schedule.first, schedule.most
    work = Work(path, studies, *looks, options.workers, table=True, what="combinations", then=THEN)
    if foreseen_only(work, options):
        return 0
    return in_folder(path, studies, lambda folder: _in_folder(folder, options, said[LANG]), ["search", *options.given])


def asked(options: Options) -> list[Study]:
    """The studies to search among. Raises BadInput with all faults."""
    from sim.search import refuse

    found, faults = swept(options, "a search is a sweep by itself")
    refuse(found, faults)
    return found


def _in_folder(folder: Folder, options: Options, language: str) -> int:
    from experiments.search_table import table
    from sim.frames import csv_text
    from sim.report.page.findings.search import finding
    from sim.report.search import searched
    from sim.search import search

    began = time.monotonic()
    found = search(folder.studies, simulations(folder, options.workers, "combinations"))
    print(table(found, time.monotonic() - began), flush=True)
    folder.write_text("search.csv", csv_text(frame(found)))
    write_chart(folder, "cost_against_wait", searched(found))
    write_ending(folder, finding(found), manifest("search", options, began), language)
    return 0


def frame(found: Search) -> pd.DataFrame:
    """One row a combination: its state, cost and figures of the targets, and whether it is efficient or the answer.

    One that was ruled out without a replication has no figures.
    """
    import pandas as pd

    rows = []
    for number, system in enumerate(found.systems):
        row: dict[str, Any] = {"scenario": system.study.label, "state": system.state}
        row |= {"replications": system.replications, "answer": number == found.answer}
        row["efficient"] = number in found.efficient
        if system.runs is not None:
            row |= {f"target {v.metric} {v.scope}": v.estimate.value for v in system.figures.verdicts}
            row |= {"cost_per_day": system.cost, "wait_mean": system.estimate("wait_mean").value}
        rows.append(row)
    names = dict.fromkeys(name for number in found.looked_at for name in rows[number])
    return pd.DataFrame(rows, columns=pd.Index(names))


if __name__ == "__main__":
    sys.exit(main())
