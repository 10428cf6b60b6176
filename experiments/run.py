"""Simulate one scenario, or a sweep, and judge it: the table on standard output, all else in a folder.

Exit codes: 0 done, whatever the verdicts; 1 a scenario of the sweep could not be run, the others were unless
on_failure=stop; 2 bad input; 3 cannot read or write there; 4 disk full; 5 another run holds the folder; 6 other
machines that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder, machine, say_damaged, versions
from experiments.options import Options, asked, parsed, words
from experiments.report import LANG, LANGUAGES, PAGE, page_text

if TYPE_CHECKING:
    from experiments.resting import Resting
    from sim.comparison import Difference
    from sim.folder import Folder
    from sim.result import Result
    from sim.running import Block
    from sim.runs import Runs
    from sim.runs.replications import Replications
    from sim.runs.storage import Part
    from sim.study import Study

    Failed = Callable[[int, str], None]
    Studies = Mapping[int, Study]
    Parts = dict[int, list[Part]]

ASSUMPTIONS, ON_FAILURE = "assumptions", "on_failure"
FEW_VISITS = 20_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments, foresees=True)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        from experiments.usage import usage

        print(usage())
        return 0
    if options.cfg and not options.faults:
        from sim.door import composed

        print(composed(options.overrides), end="")
        return 0
    said, rest = words(options, {ASSUMPTIONS: ("yes", "no"), ON_FAILURE: ("go_on", "stop"), LANG: LANGUAGES})
    wishes = Wishes(said[ASSUMPTIONS] == "yes", said[ON_FAILURE] == "stop", said[LANG])
    return simulate(asked(rest), options, wishes)


class Wishes(NamedTuple):
    """How a run is made and told: whether what its verdicts rest on is tried, an hour without the network among it.

    ``stops``: at the first scenario that cannot be run, rather than at the end of the others; ``language``: in which
    its page opens.
    """

    rests: bool
    stops: bool
    language: str


def simulate(studies: list[Study], options: Options, wishes: Wishes) -> int:
    """Runs the studies in their folder and reports."""
    from experiments.dry_run import first_looks, foreseen_only
    from experiments.foreseen import Work
    from sim.folder import name_of

    path = options.out or RESULTS / name_of(studies)
    if foreseen_only(Work(path, studies, *first_looks(studies), options.workers, rests=wishes.rests), options):
        return 0
    command = ["run", *options.given]
    return in_folder(path, studies, lambda folder: _in_folder(folder, options, wishes), command)


class FirstFailure(Exception):
    """A scenario could not be run, and no other is to be gone on with."""


def _in_folder(folder: Folder, options: Options, wishes: Wishes) -> int:
    from experiments.resting import resting
    from experiments.table import table

    began = time.monotonic()
    try:
        numbered, failures = _run(folder, options, wishes.stops)
    except FirstFailure as error:
        print(f"{error}; {STOPPED}", file=sys.stderr)
        return 1
    results = {folder.studies[number].label: result for number, result in numbered.items()}
    why = {folder.studies[n].label: reason for n, reason in failures.items()}
    print(table(results, why), flush=True)
    on = resting(folder, results if wishes.rests else {}, options)
    for line in on.lines():
        print(line, flush=True)
    made = _manifest(options, why, began)
    for line in _write(folder, results, on, made, wishes.language) if results else []:
        print(line)
    return 1 if failures else 0


def _run(folder: Folder, options: Options, stops: bool) -> tuple[dict[int, Result], dict[int, str]]:
    """The results by the number of their study, and the reasons where there is none; FirstFailure if it ``stops``."""
    from experiments.looking import tell_look
    from sim.sequential import until_enough

    found, damaged = folder.kept()
    say_damaged(folder, damaged)
    failures: dict[int, str] = {}

    def failed(number: int, reason: str) -> None:
        failures[number] = reason
        said = f"{folder.studies[number].label}: could not be run: {reason}"
        folder.log(said)
        if stops:
            raise FirstFailure(said)

    more = partial(_more, folder, options, found, failed, failures)
    return until_enough(folder.studies, more, folder.looks(), partial(tell_look, folder)), failures


def _more(
    folder: Folder, options: Options, found: Parts, failed: Failed, failures: Collection[int], wanted: Studies
) -> dict[int, Replications]:
    """The runs of some studies, of which what is missing is simulated and kept."""
    from experiments.progress import Progress, replications_of, say_if_compiling
    from sim.dispatch import simulate_blocks
    from sim.executors import default_workers
    from sim.running import blocks, may_be_compiled
    from sim.runs.stored import StoredRuns

    studies = [wanted.get(number, study) for number, study in enumerate(folder.studies)]
    have = {n: {i for part in found[n] for i in range(part.first, part.first + len(part))} for n in wanted}
    todo = blocks(studies, lambda number, n: number not in wanted or n in have[number])
    if any(may_be_compiled(studies[number]) for number in {block.study for block in todo}):
        say_if_compiling()

    def done(block: Block, runs: Runs) -> None:
        found[block.study].append(folder.keep(block, runs))
        progress.advance(block.last - block.first, studies[block.study].label)

    def without(number: int, reason: str) -> None:
        progress.without(studies[number].label)
        failed(number, reason)

    total = sum(study.replications for study in wanted.values())
    left = replications_of(todo, wanted)
    with Progress(total, total - sum(left.values()), left, folder.log) as progress:
        simulate_blocks(studies, todo, done, without, options.workers or default_workers())
    return {n: StoredRuns(found[n], study.replications) for n, study in wanted.items() if n not in failures}


def _write(
    folder: Folder, results: dict[str, Result], on: Resting, manifest: dict[str, Any], language: str
) -> list[str]:
    """Writes tables, charts and the page, the manifest last; returns the lines that say where."""
    from sim.beside.compared import beside
    from sim.beside.table import theory_frame, theory_lines
    from sim.frames import csv_text
    from sim.report.charts import in_detail, write_charts
    from sim.result import against_baselines

    differences = against_baselines(results)
    _write_figures(folder, results, differences, on)
    theory = {label: beside(results[label]) for label in in_detail(results)}
    folder.write_text("theory.csv", csv_text(theory_frame({label: one for label, one in theory.items() if one})))
    visits = _write_visits(folder, results)
    charts = write_charts(folder.path, results, differences, folder.write)
    sheet = _write_sheet(folder, results, on, manifest)
    folder.write_text(PAGE, page_text(results, tuple(differences), on.kept(), manifest, language))
    folder.write_manifest({**manifest, "visits": visits, **_reopened(results, on)})
    return [
        *theory_lines(results, theory),
        f"results: {folder.path}",
        f"page:    {folder.path / PAGE}",
        f"charts:  {folder.path / 'charts'} ({len(charts) // 2} pictures, PNG and SVG)",
        *sheet,
    ]


def _write_figures(folder: Folder, results: dict[str, Result], differences: Sequence[Difference], on: Resting) -> None:
    from sim.frames import csv_text, differences_frame, summary_frame
    from sim.parquet import write_replications

    runs = {label: result.runs for label, result in results.items()}
    summary = summary_frame({label: result.figures for label, result in results.items()})
    folder.write_text("summary.csv", csv_text(on.in_summary(summary)))
    if differences:
        folder.write_text("comparison.csv", csv_text(differences_frame(differences)))
    else:
        folder.remove(folder.path / "comparison.csv")
    folder.write(folder.path / "replications.parquet", partial(write_replications, runs=runs))


def _reopened(results: dict[str, Result], on: Resting) -> dict[str, Any]:
    """What is wanted, beside the studies, to read the results back."""
    from sim.reopening import known_of

    return {
        "looks": {label: [asdict(look) for look in result.study.looks] for label, result in results.items()},
        "known": {label: known_of(result.study) for label, result in results.items()},
        "rests": {label: one.model_dump(mode="json") for label, one in on.kept().items()},
    }


def _write_sheet(folder: Folder, results: dict[str, Result], on: Resting, manifest: dict[str, Any]) -> list[str]:
    """Writes the reporting sheet; returns the lines that say where, and what waits for the author."""
    from sim.report.detail import FOLDER, endings
    from sim.report.stress_des import FILE, Ran, sheet

    pictures = {label: f"{FOLDER}/way{ending}.png" for label, ending in endings(results).items()}
    known = {name: manifest[name] for name in ("command", "versions", "machine", "seconds", "failed")}
    made = sheet(results, Ran(**known, pictures=pictures, rests=on.said()))
    folder.write_text(FILE, made.text)
    return [f"sheet:   {folder.path / FILE}", f"         STRESS-DES: {made.counted}"]


def _write_visits(folder: Folder, results: dict[str, Result]) -> dict[str, int]:
    """One row a visit where it was asked for, or where there are few; replications written, by scenario."""
    from sim.folder import read_manifest
    from sim.parquet import write_frames

    few = sum(r.runs.pair(("arrived", "all"))[0].sum() for r in results.values()) <= FEW_VISITS
    wanted = {label: result for label, result in results.items() if few or result.study.visits}
    content = {label: len(result.runs) for label, result in wanted.items()}
    path = folder.path / "visits.parquet"
    if not wanted:
        folder.remove(path)
    elif not path.exists() or read_manifest(folder.path).get("visits") != content:
        frames = (one.assign(scenario=label) for label, r in wanted.items() for one in r.visits_by_replication())
        folder.write(path, lambda beside: write_frames(beside, frames))
    return content


def _manifest(options: Options, failures: dict[str, str], began: float) -> dict[str, Any]:
    return {
        "state": "done",
        "failed": failures,
        "command": ["motcua", "run", *options.given],
        "seconds": round(time.monotonic() - began, 1),
        "versions": versions(),
        "machine": machine(),
    }


if __name__ == "__main__":
    sys.exit(main())
