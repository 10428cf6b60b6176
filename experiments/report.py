"""The planner's page from results that are there already: ``motcua report DIR``, nothing but two days simulated again.

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
    from sim.reopening import Reopened
    from sim.report.page.words import Language
    from sim.rested import Rested
    from sim.result import Result

LANG, LANGUAGES, PAGE = "lang", ("vi", "en"), "report.html"
USAGE = """motcua report DIR [lang=vi|en]

Writes DIR/report.html from the results of motcua run in a folder: one file in Vietnamese and English, which opens
without a server or a network. lang= says in which language it opens; a switch in it shows the other. A run writes the
page itself; results of other versions of the program have it too, without the days that are played.

  motcua report results/go_vap-1234567890
  motcua report results/go_vap-1234567890 lang=en"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        print(USAGE)
        return 0
    path, language = _asked(options)
    from sim.reopening import reopened
    from sim.writing import put

    found = reopened(path)
    text = page_of(found, language)
    put(path / PAGE, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    print(f"page:    {path / PAGE}")
    return int(bool(found.failed))


def page_of(found: Reopened, language: str) -> str:
    """The page of what is in a folder."""
    from sim.report.page import Source, page
    from sim.result import against_baselines

    differences = tuple(against_baselines(found.results))
    source = Source(found.results, differences, found.rests, found.made, found.failed, found.is_of_this_version)
    return page(source, _known(language))


def page_text(
    results: Mapping[str, Result],
    differences: tuple[Difference, ...],
    rests: Mapping[str, Rested],
    manifest: Mapping[str, Any],
    language: str,
) -> str:
    """The page of results that were made just now, with what their manifest says of that."""
    from sim.reopening import Made
    from sim.report.page import Source, page
    from sim.sources import sources_hash

    made = Made(
        tuple(manifest["command"]), sources_hash(), manifest["versions"], manifest["machine"], manifest["seconds"]
    )
    return page(Source(results, differences, rests, made, manifest["failed"]), _known(language))


def _known(language: str) -> Language:
    return "en" if language == "en" else "vi"


def _asked(options: Options) -> tuple[Path, str]:
    """The folder and the language; BadInput with all that is wrong with the words."""
    from experiments.options import folder

    said, rest = words(options, {LANG: LANGUAGES})
    faults = list(rest.faults)
    for given, name in ((rest.multirun, "-m"), (rest.cfg, "--cfg"), (rest.workers, "workers"), (rest.out, "out")):
        if given:
            faults.append(Fault(name, "", "is for motcua run: wanted a folder of results, and lang= at most"))
    paths = [path for word in rest.overrides if (path := folder(word, faults, "report")) is not None]
    if len(paths) != 1:
        faults.append(Fault("report", " ".join(map(str, paths)), "wanted one folder of results: motcua report DIR"))
    if faults:
        raise BadInput(faults)
    return paths[0], said[LANG]


if __name__ == "__main__":
    sys.exit(main())
