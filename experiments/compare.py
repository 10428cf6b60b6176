"""Results that are there already, side by side: ``motcua compare DIR...``, nothing simulated.

Exit codes: 0 done, whatever the verdicts; 1 a scenario of a folder had not been run; 2 bad input; 3 a file cannot be
read any more; with out=DIR also 3 cannot write there, 4 disk full, 5 another run holds the folder.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.options import Options, parsed, words
from experiments.report import LANG, LANGUAGES, PAGE, page_text
from sim.faults import BadInput, Fault, nearest

if TYPE_CHECKING:
    from sim.comparison import Difference
    from sim.folder import Folder
    from sim.reopening import Reopened
    from sim.result import Result

BASELINE = "baseline"
USAGE = """motcua compare DIR [DIR...] [baseline=LABEL] [out=DIR] [lang=vi|en]

Puts the results of motcua run in some folders side by side without running anything: the table, then every scenario
against the baseline, paired on the same citizens. The baseline is the first one without a policy unless baseline=
says which: a scenario's label, or its last words. With out=DIR: summary.csv, comparison.csv, the charts
and report.html, the planner's page, which opens in the language that lang= says.

Paired are results of one center under one demand and calendar that differ in their policies only, of one seed,
confidence and number of replications, made by one version of the program. A run that has fewer is extended by the same
command with a larger replications=N; only what is missing is simulated.

  motcua run center=go_vap out=today
  motcua run center=go_vap policy=guidance_desk out=guided
  motcua compare today guided
  motcua compare today guided baseline=guidance_desk out=both"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(USAGE)
        return 0
    began = time.monotonic()
    said, options = words(options, {LANG: LANGUAGES})
    folders, baseline = _asked(options)
    read = _read(folders)
    from sim.reopening import together
    from sim.result import against_baselines

    if options.out and not read[0].is_of_this_version:
        raise BadInput([Fault("out", "", "results of another version of the program are shown, and not written again")])
    results = together(read)
    found = against_baselines(results, _named(results, baseline) if baseline else "")
    print(_said(read, results, found), flush=True)
    failed = any(folder.failed for folder in read)
    return (_written(options, read, results, found, began, said[LANG]) if options.out else 0) or int(failed)


def _asked(options: Options) -> tuple[list[Path], str]:
    """The folders and the baseline; BadInput with all that is wrong with the words."""
    from experiments.options import folder

    faults = list(options.faults)
    for given, name in ((options.multirun, "-m"), (options.cfg, "--cfg"), (options.workers, "workers")):
        if given:
            faults.append(Fault(name, "", "is for motcua run: nothing is simulated here"))
    baseline, paths = "", list[Path]()
    for word in options.overrides:
        name, _, value = word.partition("=")
        if name == BASELINE:
            baseline = value
            faults += [] if value else [Fault(BASELINE, "''", "wanted the label of a scenario")]
        elif (path := folder(word, faults, "compare")) is not None:
            paths.append(path)
    doubled = [path for nth, path in enumerate(paths) if path.resolve() in [one.resolve() for one in paths[:nth]]]
    faults += [Fault(str(path), "", "is there twice") for path in doubled]
    if not paths and not faults:
        faults.append(Fault("compare", "", "wanted folders of results: motcua compare DIR DIR"))
    if faults:
        raise BadInput(faults)
    return paths, baseline


def _read(folders: Sequence[Path]) -> list[Reopened]:
    """What is in the folders; BadInput with all that is wrong with them."""
    from sim.reopening import reopened

    faults: list[Fault] = []
    read: list[Reopened] = []
    for path in folders:
        try:
            read.append(reopened(path))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return read


def _named(results: Mapping[str, Result], name: str) -> str:
    """The label of a baseline, which may be said by its last words. BadInput where it is of none, or of several."""
    ends = tuple(f"{before}{name}" for before in (" · ", "+", ": "))
    fitting = [label for label in results if label == name] or [label for label in results if label.endswith(ends)]
    if len(fitting) == 1:
        return fitting[0]
    wanted = "fits several of " if fitting else "wanted one of "
    raise BadInput([Fault(BASELINE, name, wanted + "; ".join(results), nearest(name, list(results)))])


def _said(read: Sequence[Reopened], results: Mapping[str, Result], found: Sequence[Difference]) -> str:
    from experiments.compare_table import against, unpaired
    from experiments.table import table
    from sim.reopening import name_of

    several = len(read) > 1
    failures = {
        f"{name_of(folder)}: {label}" if several else label: why
        for folder in read
        for label, why in folder.failed.items()
    }
    lines = [table(results, failures), *against(results, found), *unpaired(results, found)]
    if not read[0].is_of_this_version:
        lines += ["", "made by another version of the program: this one would not find the same figures."]
    return "\n".join(lines)


def _written(
    options: Options,
    read: Sequence[Reopened],
    results: Mapping[str, Result],
    found: Sequence[Difference],
    began: float,
    language: str,
) -> int:
    from experiments.artifacts import manifest
    from experiments.held import in_folder

    looks = {label: [asdict(look) for look in one.study.looks] for label, one in results.items()}
    failed = {f"{one.path}: {label}": why for one in read for label, why in one.failed.items()}
    each = [one.rests.get(label) for one in read for label in one.results]
    rests = {label: own for label, own in zip(results, each, strict=True) if own}

    def work(folder: Folder) -> int:
        made = {**manifest("compare", options, began), "failed": failed, "looks": looks}
        charts = _tables_and_charts(folder, results, found)
        folder.write_text(PAGE, page_text(results, tuple(found), rests, made, language))
        folder.write_manifest(made)
        pictures = f"{folder.path / 'charts'} ({len(charts) // 2} pictures, PNG and SVG)"
        print(f"\nresults: {folder.path}\npage:    {folder.path / PAGE}\ncharts:  {pictures}")
        return 0

    assert options.out is not None
    studies = [result.study for result in results.values()]
    return in_folder(options.out, studies, work, ["compare", *options.given], together="compared")


def _tables_and_charts(folder: Folder, results: Mapping[str, Result], found: Sequence[Difference]) -> list[str]:
    """Writes them; returns the paths of the charts."""
    from sim.frames import csv_text, differences_frame, summary_frame
    from sim.report.charts import write_charts

    folder.write_text("summary.csv", csv_text(summary_frame({name: one.figures for name, one in results.items()})))
    if found:
        folder.write_text("comparison.csv", csv_text(differences_frame(found)))
    return write_charts(folder.path, results, found, folder.write)


if __name__ == "__main__":
    sys.exit(main())
