"""Officials lent to a province placed over its centers by four rules, compared on common random numbers.

Exit codes: 0 done; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the folder; 6 other machines
that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.artifacts import manifest, write_chart, write_ending
from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder
from experiments.options import Options, parsed, words
from experiments.province import province_of
from experiments.report import LANG, LANGUAGES
from sim.faults import Fault

if TYPE_CHECKING:
    import pandas as pd

    from sim.executors import Workers
    from sim.folder import Folder
    from sim.placement import Lent, Placement
    from sim.runs import Runs
    from sim.study import Study

MOST = 10_000
POLICY = "policy"
HELP = """motcua place centers=TABLE count=N [policy.secondment.lender_officials=…] [center=…] [KEY=VALUE] [out=DIR]
  [workers=N] [lang=vi|en]

N officials who are lent to a province go to its centers, each way on the same citizens:
  equal       as many everywhere
  by_need     where the load is highest above what the target permits, by the load sheet
  skill_gap   in proportion to the work in fields without an official who suits
  by_benefit  one by one where the next takes most waiting away, by simulation on replications of its own

TABLE is as in motcua province. How they are lent is policy.secondment.*, see configs/policy/secondment.yaml: the
office that lends must have more than N, and at most 100 go to one center.

Written are placement.csv, comparison.csv, the chart placement and the page report.html. The same command again does
only what is missing.

Example:
  motcua place centers=dien_bien count=97 policy.secondment.lender_officials=700"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest_of = words(options, {LANG: LANGUAGES})
    count, rest, faults = _count(rest_of.overrides)
    policy, rest = _with_secondment(rest)
    table, studies = province_of(replace(options, overrides=rest, faults=(*rest_of.faults, *faults)), [policy])
    from sim.folder import name_of
    from sim.placement import Lent

    lent, name, together = Lent(studies, count), Path(table).stem, f"place {count}"
    path = options.out or RESULTS / f"{name}-{count}-{name_of(studies, together).rpartition('-')[2]}"

    def work(folder: Folder) -> int:
        return _in_folder(folder, name, lent, options, said[LANG])

    return in_folder(path, studies, work, ["place", *options.given], together)


def _count(overrides: Sequence[str]) -> tuple[int, tuple[str, ...], list[Fault]]:
    """How many are lent, the other overrides, and what is wrong."""
    said = [word.partition("=")[2] for word in overrides if word.partition("=")[0] == "count"]
    rest = tuple(word for word in overrides if word.partition("=")[0] != "count")
    faults = []
    if len(said) != 1 or not (said[0].isascii() and said[0].isdecimal() and 1 <= int(said[0]) <= MOST):
        faults.append(
            Fault("count", ", ".join(said), f"wanted how many officials are lent, from 1 to {MOST}: count=97")
        )
    own = "policy.secondment.count"
    if any(word.partition("=")[0].lstrip("+") == own for word in rest):
        faults.append(Fault(own, "", "is what is looked for: wanted count=N, of all together"))
    return (int(said[0]) if not faults else 0), rest, faults


def _with_secondment(overrides: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The policies that are chosen, secondment last; and the other overrides."""
    chosen = [word.partition("=")[2].strip("[] ") for word in overrides if word.partition("=")[0] == POLICY]
    names = [name.strip() for name in (chosen[-1] if chosen else "").split(",")]
    kept = [name for name in names if name not in ("", "none", "secondment")]
    rest = tuple(word for word in overrides if word.partition("=")[0] != POLICY)
    return f"{POLICY}=[{','.join([*kept, 'secondment'])}]", rest


def _in_folder(folder: Folder, name: str, lent: Lent, options: Options, language: str) -> int:
    from experiments.place_table import table
    from sim.frames import csv_text
    from sim.report.page.findings.place import finding
    from sim.report.placement import officials_placed

    began = time.monotonic()
    found = _placed(folder, lent, options.workers)
    print(table(name, lent.count, found), flush=True)
    folder.write_text("placement.csv", csv_text(placement_frame(found)))
    folder.write_text("comparison.csv", csv_text(comparison_frame(found)))
    write_chart(folder, "placement", officials_placed(found, name))
    write_ending(folder, finding(found, name, lent.count), manifest("place", options, began), language)
    return 0


def _placed(folder: Folder, lent: Lent, workers: Workers | None) -> Placement:
    """What is chosen, and what that is worth, simulated as far as it was not and told as it goes."""
    from experiments.keeping import kept_in
    from experiments.progress import Progress, say_if_compiling
    from sim.placement import chosen, compared, looked_at

    def simulated(wanted: Mapping[int, Study], first: int) -> Mapping[int, Runs]:
        todo = sum(block.last - block.first for block in simulations.missing(wanted, first))
        progress.had(sum(study.replications for study in wanted.values()) - todo)
        return simulations(wanted, first)

    def told(count: int, label: str) -> None:
        progress.advance(count, label)

    say_if_compiling()
    simulations = kept_in(folder, {}, workers, told)
    print(f"looking at {len(lent)} centers, with and without more officials ...", file=sys.stderr, flush=True)
    with Progress(looked_at(lent) * lent.replications, 0) as progress:
        choice = chosen(lent, simulated)
    print(f"comparing {len(choice.given)} ways of placing {lent.count} officials ...", file=sys.stderr, flush=True)
    with Progress(len(choice.asked) * lent.replications, 0) as progress:
        return compared(lent, choice, simulated)


def placement_frame(found: Placement) -> pd.DataFrame:
    """One row a way and center: how many officials it gets, its mean wait and the verdict."""
    import pandas as pd

    rows = [
        {
            "way": way.name,
            "center": name,
            "number": center.study.center,
            "officials": way.given[name],
            "wait_mean": center.wait.value,
            "lower": center.wait.lower,
            "upper": center.wait.upper,
            "verdict": way.province.verdict(name),
        }
        for way in found.ways.values()
        for name, center in way.province.centers.items()
    ]
    return pd.DataFrame(rows)


def comparison_frame(found: Placement) -> pd.DataFrame:
    """One row a way and figure of the province: its change against nobody lent, paired."""
    import pandas as pd

    rows = [
        {
            "way": change.other,
            "metric": change.metric,
            "difference": change.paired.estimate.value,
            "lower": change.paired.estimate.lower,
            "upper": change.paired.estimate.upper,
            "p_adjusted": change.adjusted,
            "variance_ratio": change.paired.variance_ratio,
        }
        for change in found.changes()
    ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(main())
