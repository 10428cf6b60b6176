"""The planner's page from results that are there already: ``motcua report DIR``; but for days that are played, no run.

Exit codes: 0 done; 1 a scenario of the results had not been run; 2 bad input; 3 a file cannot be read any more, or
cannot write there; 4 disk full.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.ending import ended
from experiments.options import Options, parsed, words
from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    from sim.comparison import Difference
    from sim.reopening import Made, Reopened
    from sim.report.page.words import Language
    from sim.rested import Rested
    from sim.result import Result

LANG, LANGUAGES, PAGE = "lang", ("vi", "en"), "report.html"
EVENTS, LOG = "events", "vidigi.csv"
USAGE = """motcua report DIR [lang=vi|en] [events=vidigi]

Writes DIR/report.html from the results of motcua run in a folder: one file in Vietnamese and English, which opens
without a server or a network. lang= says in which language it opens; a switch in it shows the other. A run writes the
page itself; results of other versions of the program have it too, without the days that are played.

events=vidigi also writes DIR/vidigi.csv: the days that are played, a row an event, in the columns that the package
vidigi reads (times in minutes; run_number tells the days apart, and is to be chosen before it is animated).

  motcua report results/go_vap-1234567890
  motcua report results/go_vap-1234567890 lang=en"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(USAGE)
        return 0
    path, said = _asked(options)
    from sim.reopening import reopened

    found = reopened(path)
    texts = {PAGE: page_of(found, said[LANG])}
    if said[EVENTS] == "vidigi":
        texts[LOG] = _events(found)
    for name, text in texts.items():
        _put(path / name, text)
        print(f"{'page' if name == PAGE else 'events'}:{'':{4 if name == PAGE else 2}}{path / name}")
    return int(bool(found.failed))


def _put(path: Path, text: str) -> None:
    from sim.writing import put

    put(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))


def _events(found: Reopened) -> str:
    """The days that the page plays, as a table of events; BadInput where they would be simulated otherwise."""
    import pandas as pd

    from sim.frames import csv_text
    from sim.report.page.played import played
    from sim.report.page.played_data import vidigi_log
    from sim.report.page.ways import played_of

    if not found.is_of_this_version:
        wanted = "results of another version of the program, whose days are not those that it simulated"
        raise BadInput([Fault(EVENTS, "vidigi", wanted)])
    logs = [vidigi_log(played(found.results[label])).assign(scenario=label) for label in played_of(found.results)]
    return csv_text(pd.concat(logs, ignore_index=True))


def page_of(found: Reopened, language: str) -> str:
    """The page of what is in a folder."""
    from sim.report.page import Source, page
    from sim.result import against_baselines

    differences = tuple(against_baselines(found.results))
    source = Source(found.results, differences, found.rests, found.made, found.failed, found.is_of_this_version)
    return page(source, known(language))


def page_text(
    results: Mapping[str, Result],
    differences: tuple[Difference, ...],
    rests: Mapping[str, Rested],
    manifest: Mapping[str, Any],
    language: str,
) -> str:
    """The page of results that were made just now, with what their manifest says of that."""
    from sim.report.page import Source, page

    source = Source(results, differences, rests, made_by(manifest), manifest["failed"])
    return page(source, known(language))


def made_by(manifest: Mapping[str, Any]) -> Made:
    """What a manifest says of who made it, as a page tells it."""
    from sim.reopening import Made
    from sim.sources import sources_hash

    return Made(
        tuple(manifest["command"]), sources_hash(), manifest["versions"], manifest["machine"], manifest["seconds"]
    )


def known(language: str) -> Language:
    """A language that a command line may name."""
    return "en" if language == "en" else "vi"


def _asked(options: Options) -> tuple[Path, dict[str, str]]:
    """The folder and what else was said; BadInput with all that is wrong with the words."""
    from experiments.options import folder

    said, rest = words(options, {LANG: LANGUAGES, EVENTS: ("no", "vidigi")})
    faults = list(rest.faults)
    for given, name in ((rest.multirun, "-m"), (rest.cfg, "--cfg"), (rest.workers, "workers"), (rest.out, "out")):
        if given:
            faults.append(Fault(name, "", "is for motcua run: wanted a folder of results, and lang= at most"))
    paths = [path for word in rest.overrides if (path := folder(word, faults, "report")) is not None]
    if len(paths) != 1:
        faults.append(Fault("report", " ".join(map(str, paths)), "wanted one folder of results: motcua report DIR"))
    if faults:
        raise BadInput(faults)
    return paths[0], said


if __name__ == "__main__":
    sys.exit(main())
