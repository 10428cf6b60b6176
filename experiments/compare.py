"""Results that are there already, side by side: ``motcua compare DIR...``, nothing simulated.

Exit codes: 0 done, whatever the verdicts; 1 a scenario of a folder had not been run; 2 bad input; with out=DIR also 3
cannot write there, 4 disk full, 5 another run holds the folder.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.options import Options, parsed
from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    from sim.comparison import Difference
    from sim.folder import Folder
    from sim.reopening import Reopened
    from sim.result import Result

BASELINE = "baseline"
USAGE = """motcua compare DIR [DIR...] [baseline=LABEL] [out=DIR]

Puts the results of motcua run in some folders side by side, paired on the same citizens, without running anything:
the table, then every scenario against the baseline. The baseline is the first one without a policy unless
baseline= says which: a scenario's label, or its end. With out=DIR: summary.csv, comparison.csv and the charts.

Paired are results of one seed, confidence and number of replications, made by one version of the program. A run that
has fewer is extended by the same command with a larger replications=N; only what is missing is simulated.

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
    folders, baseline = _asked(options)
    from sim.reopening import baseline_named, reopened, together
    from sim.result import baseline_of, differences

    faults: list[Fault] = []
    read: list[Reopened] = []
    for path in folders:
        try:
            read.append(reopened(path))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    results = together(read)
    first = baseline_named(results, baseline) if baseline else baseline_of(results)
    found = differences(results, first)
    print(_said(read, results, found), flush=True)
    if options.out:
        return _written(options, results, found, began) or _code(read)
    return _code(read)


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
        elif (path := folder(word, faults)) is not None:
            paths.append(path)
    doubled = [path for nth, path in enumerate(paths) if path.resolve() in [one.resolve() for one in paths[:nth]]]
    faults += [Fault(str(path), "", "is there twice") for path in doubled]
    if not paths and not faults:
        faults.append(Fault("compare", "", "wanted folders of results: motcua compare DIR DIR"))
    if faults:
        raise BadInput(faults)
    return paths, baseline


def _code(read: Sequence[Reopened]) -> int:
    return 1 if any(folder.failed for folder in read) else 0


def _said(read: Sequence[Reopened], results: Mapping[str, Result], found: Sequence[Difference]) -> str:
    from experiments.compare_table import against
    from experiments.table import table

    failures = {label: why for folder in read for label, why in folder.failed.items()}
    lines = [table(results, failures)]
    if found:
        lines += ["", *against(results, found)]
    if not read[0].is_of_this_version:
        lines += ["", "made by another version of the program: this one would not find the same figures."]
    return "\n".join(lines)


def _written(options: Options, results: Mapping[str, Result], found: Sequence[Difference], began: float) -> int:
    from experiments.held import in_folder
    from experiments.province import manifest

    def work(folder: Folder) -> int:
        from sim.frames import csv_text, differences_frame, summary_frame
        from sim.report.charts import write_charts

        folder.write_text("summary.csv", csv_text(summary_frame({name: one.figures for name, one in results.items()})))
        folder.write_text("comparison.csv", csv_text(differences_frame(found)))
        charts = write_charts(folder.path, results, found, folder.write)
        looks = {label: [asdict(look) for look in one.study.looks] for label, one in results.items()}
        folder.write_manifest({**manifest("compare", options, began), "failed": {}, "looks": looks})
        print(f"\nresults: {folder.path}\ncharts:  {folder.path / 'charts'} ({len(charts) // 2} pictures, PNG and SVG)")
        return 0

    assert options.out is not None
    studies = [result.study for result in results.values()]
    return in_folder(options.out, studies, work, ["compare", *options.given], together="compared")


if __name__ == "__main__":
    sys.exit(main())
