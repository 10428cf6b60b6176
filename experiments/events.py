"""Event logs for packages that mine processes: what happened to each visit, as CSV, XES and OCEL 2.0.

Exit codes: 0 done; 1 a scenario of the results had not been run; 2 bad input; 3 cannot read or write there; 4 disk
full.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.options import Options, asked, one_run, parsed, words
from sim.faults import BadInput, Fault, nearest, shown

if TYPE_CHECKING:
    from sim.events import Log
    from sim.reopening import Reopened
    from sim.study import Study

FORMATS = {"csv": ".csv", "xes": ".xes", "ocel": ".jsonocel"}
FOLDER = Path("results")
TODAY = " · none"
FORMAT, REPLICATIONS, SCENARIO, WARMUP = "format", "replications", "scenario", "warmup"
USAGE = """motcua events DIR [WORDS]
motcua events [-m] [GROUP=CHOICE] [KEY=VALUE] [WORDS]

What happened, a row an event, for process mining: who came, joined which queue, was served by
whom, gave up, left, and what the back office did later. Of the results of motcua run in a folder
(simulated again by their seed, so of this version of the program alone), or of scenarios as
motcua run takes them. A file for each scenario, replication and format, in DIR or in results.

  format=csv,xes,ocel  CSV; XES, IEEE 1849-2016; OCEL 2.0 as JSON, with citizens, visits,
                       dossiers, officials and points as objects: all three unless given
  replications=N       the first N, 1 unless given, each a log of its own
  scenario=LABEL       one of several scenarios
  warmup=yes           also visits that arrive before measuring begins
  out=DIR              where to write

A case is a visit, or what was filed from home, with its work in the back office. Lifecycle says
what becomes of an activity: schedule (joins a queue), start, suspend and resume (put aside in the
back office), complete, withdraw (gives up, or is sent home). Times are local, +07:00. Officials and
points are told apart, counters are not; dossiers of a visit are alike, so which of them come again
is a name and no finding. Who is there at the end of a run has no event for leaving.

  motcua events center=phuc_hoa out=DIR
  motcua events results/go_vap-1234567890 format=csv replications=2

pm4py reads them with read_xes, with read_ocel2, and with format_dataframe(read_csv(FILE),
case_id="case", activity_key="activity", timestamp_key="timestamp"). Keep the rows whose lifecycle
is complete to see each activity once; in OCEL the types of events say both: "start reception"."""


@dataclass(frozen=True)
class Wanted:
    """What of the scenarios is written: kinds of files, the first replications, one by its label or all."""

    formats: tuple[str, ...]
    replications: int
    label: str | None
    warmup: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(USAGE)
        return 0
    wanted, rest = _wanted(options)
    folders = [word for word in rest.overrides if _is_folder(word)]
    found = _of_results(rest, folders) if folders else None
    there = [result.study for result in found.results.values()] if found else asked(rest)
    studies = _chosen(there, wanted, are_there=found is not None)
    for line in _written(_named(there, studies), wanted, options.out or (found.path if found else FOLDER)):
        print(line, flush=True)
    return int(bool(found and found.failed))


def _is_folder(word: str) -> bool:
    """Whether a word is no override: those have a key, which is no path, and a value, or take a key away."""
    key, is_one, _ = word.partition("=")
    return "/" in key or not (is_one or word.startswith("~"))


def _wanted(options: Options) -> tuple[Wanted, Options]:
    """What is asked of the logs, and the options without that, with all faults found so far."""
    own: dict[str, str] = {}
    overrides = []
    for word in options.overrides:
        name, _, value = word.partition("=")
        if name in (FORMAT, REPLICATIONS, SCENARIO) and "=" in word:
            own[name] = value
        else:
            overrides.append(word)
    said, rest = words(replace(options, overrides=tuple(overrides)), {WARMUP: ("no", "yes")})
    faults = list(rest.faults if rest.multirun and not rest.cfg else one_run(replace(rest, multirun=False)))
    if options.workers:
        faults.append(Fault("workers", "", "is for motcua run"))
    formats = tuple(own.get(FORMAT, ",".join(FORMATS)).split(","))
    some = f"wanted some of {', '.join(FORMATS)}"
    faults += [Fault(FORMAT, shown(name), some, nearest(name, FORMATS)) for name in formats if name not in FORMATS]
    count = _count(own.get(REPLICATIONS, "1"), faults)
    return Wanted(formats, count, own.get(SCENARIO), said[WARMUP] == "yes"), replace(rest, faults=tuple(faults))


def _count(value: str, faults: list[Fault]) -> int:
    from sim.streams import REPLICATIONS as MOST

    if value.isascii() and value.isdecimal() and len(value) <= len(str(MOST)) and 1 <= int(value) < MOST:
        return int(value)
    faults.append(Fault(REPLICATIONS, shown(value), f"wanted a whole number from 1 to {MOST - 1}"))
    return 1


def _of_results(options: Options, folders: Sequence[str]) -> Reopened:
    """The results in a folder; BadInput where their visits would be simulated otherwise."""
    from experiments.options import folder

    faults = list(options.faults)
    path = folder(folders[0], faults, "events")
    others = [word for word in options.overrides if word != folders[0]]
    if others or options.multirun:
        given = others[0] if others else "-m"
        faults.append(Fault("events", given, "wanted one folder of results, or the words of a scenario, not both"))
    if faults or path is None:
        raise BadInput(faults)
    from sim.reopening import reopened

    found = reopened(path)
    if not found.is_of_this_version:
        wanted = "results of another version of the program, whose visits are not those that it simulated: run it again"
        raise BadInput([Fault(str(path), "", wanted)])
    return found


def _chosen(studies: Sequence[Study], wanted: Wanted, *, are_there: bool) -> list[Study]:
    """The studies whose logs are written; BadInput for a label that is none, or replications that were not made."""
    labels = [study.label for study in studies]
    if wanted.label is not None and wanted.label not in labels:
        known = f"wanted one of {', '.join(labels)}"
        raise BadInput([Fault(SCENARIO, shown(wanted.label), known, nearest(wanted.label, labels))])
    found = [study for study in studies if wanted.label in (None, study.label)]
    fewest = min(study.replications for study in found)
    if are_there and wanted.replications > fewest:
        raise BadInput([Fault(REPLICATIONS, str(wanted.replications), f"wanted at most {fewest}, those that were run")])
    return found


def _named(all_: Sequence[Study], chosen: Sequence[Study]) -> dict[str, Study]:
    """The chosen ones by what their files are called: the same whether others are chosen or not."""
    from sim.report.detail import free
    from sim.report.wording import slug

    taken: set[str] = set()
    names = {study.label: free(slug(study.label.removesuffix(TODAY)), taken) for study in all_}
    return {names[study.label]: study for study in chosen}


def _written(studies: Mapping[str, Study], wanted: Wanted, folder: Path) -> Iterator[str]:
    """Writes the logs; yields a line a file."""
    from sim.events import logs
    from sim.writing import put, told

    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, study in studies.items():
        for log in logs(study, wanted.replications, warmup=wanted.warmup):
            for kind in dict.fromkeys(wanted.formats):
                path = folder / f"events_{name}_{log.replication}{FORMATS[kind]}"
                put(path, partial(_write, kind, log))
                yield f"{path}  ({int(log.told.sum()):,} visits, {len(log.events):,} events)"


def _write(kind: str, log: Log, path: Path) -> None:
    from sim.events import write_csv, write_ocel, write_xes

    {"csv": write_csv, "xes": write_xes, "ocel": write_ocel}[kind](path, log)


if __name__ == "__main__":
    sys.exit(main())
