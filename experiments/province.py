"""A province: a table of centers, a row a commune, simulated together on common random numbers and judged.

Exit codes: 0 done, whatever the verdicts; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the
folder; 6 other machines that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.artifacts import manifest, write_chart
from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder, say_damaged
from experiments.options import Options, one_run, parsed, words
from experiments.report import LANG, LANGUAGES, PAGE, made_by
from sim.faults import BadInput, Fault
from sim.launch import Launch

if TYPE_CHECKING:
    from sim.centers import Province
    from sim.coupling import Coupled, Coupling
    from sim.folder import Folder
    from sim.report.page.words import Language
    from sim.running import Block
    from sim.runs import Runs
    from sim.study import Study

CENTERS = "centers"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments, foresees=True)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(_help())
        return 0
    said, rest = words(options, {LANG: LANGUAGES})
    coupling, rest = _tied(rest)
    table, studies = province_of(rest)
    from experiments.dry_run import first_looks, foreseen_only
    from experiments.foreseen import Work
    from sim.coupling import couple
    from sim.folder import name_of

    coupled = couple(studies, coupling) if coupling is not None else None
    together = coupling.model_dump_json() if coupling is not None else ""
    path = options.out or RESULTS / f"{Path(table).stem}-{name_of(studies, together).rpartition('-')[2]}"
    work = Work(path, studies, *first_looks(studies), options.workers, table=True, together=together, what="centers")
    if foreseen_only(work, options):
        return 0
    language: Language = "en" if said[LANG] == "en" else "vi"

    def work_in(folder: Folder) -> int:
        return _in_folder(folder, Path(table).stem, options, coupled, language)

    return in_folder(path, studies, work_in, ["province", *options.given], together)


def _tied(options: Options) -> tuple[Coupling | None, Options]:
    """What couples the centers, and the options without it. Raises BadInput."""
    ties = [word for word in options.overrides if word.lstrip("+~").startswith("coupled")]
    if not ties:
        return None, options
    if isinstance(options.workers, str | Launch):
        raise BadInput([Fault("workers", "other machines", "wanted a number: a coupled run is one of this machine")])
    from sim.provinces.tied import coupling_of, is_tie

    rest = tuple(word for word in options.overrides if not is_tie(word))
    return coupling_of([word for word in ties if is_tie(word)]), replace(options, overrides=rest)


def _help() -> str:
    import sim.provinces.columns
    from sim.provinces import shipped

    said = (sim.provinces.columns.__doc__ or "").partition("\n\n")[2].strip()
    return "\n".join(
        [
            "motcua province centers=TABLE [center=…] [GROUP=CHOICE] [KEY=VALUE] [out=DIR] [workers=N]",
            "  [memory='8 GB'] [hours=N] [--dry-run] [lang=vi|en]",
            "",
            "report.html, the page of all centers, has both languages; lang says in which it opens.",
            f"TABLE is a file PATH.csv, a row a center, or one of {', '.join(shipped())}.",
            "All else is as in motcua run, and holds for every center.",
            "",
            said.replace("``", ""),
            "",
            "coupled.KEY=VALUE makes one run of all centers, in which they are tied during the day:",
            "  coupled.choice      share of citizens who choose among all centers by published waits, minutes",
            "                      each who waits counts for, minutes way to another center",
            "  coupled.staff.NAME  remote specialists whom all centers share: count, skills, shifts, …",
            "  coupled=yes         one run in which nothing ties them: the figures of each are as without",
            "",
            "Examples:",
            "  motcua province centers=lam_dong",
            "  motcua province centers=MINE.csv center=rural_commune policy=guidance_desk replications=100",
            "  motcua province centers=lam_dong coupled.choice.share=0.1 \\",
            "    coupled.choice.each=10 coupled.choice.way=30",
        ]
    )


def province_of(options: Options, more: Sequence[str] = ()) -> tuple[str, list[Study]]:
    """The table that ``centers=`` names, and the studies of its centers. Raises BadInput with all faults."""
    from sim.provinces import centers_of, shipped

    faults = one_run(options, "a province is one run")
    tables = [word.partition("=")[2] for word in options.overrides if word.partition("=")[0] == CENTERS]
    if len(tables) != 1 or not tables[0]:
        wanted = f"wanted one table: centers=PATH.csv, or one of {', '.join(shipped())}"
        faults.append(Fault(CENTERS, ", ".join(tables), wanted))
    if faults:
        raise BadInput(faults)
    overrides = [word for word in options.overrides if word.partition("=")[0] != CENTERS]
    return tables[0], centers_of(tables[0], [*overrides, *more])


def _in_folder(folder: Folder, name: str, options: Options, coupled: Coupled | None, language: Language) -> int:
    from experiments.centers_table import table

    began = time.monotonic()
    province = _coupled(folder, coupled, options) if coupled is not None else _province(folder, options)
    print(table(name, province), flush=True)
    said = manifest("province", options, began)
    _write(folder, name, province)
    _write_page(folder, name, province, said, language)
    folder.write_manifest(said)
    print(f"\nresults: {folder.path}\npage:    {folder.path / PAGE}")
    return 0


def _province(folder: Folder, options: Options) -> Province:
    """All centers simulated as far as they were not; of finished replications only the sums are in memory."""
    from experiments.progress import Progress, replications_of, say_if_compiling
    from sim.dispatch import simulate_blocks
    from sim.executors import default_workers
    from sim.running import blocks_in_order

    have = [_done(folder, number) for number in range(len(folder.studies))]
    todo = blocks_in_order(folder.studies, lambda study, n: n in have[study])
    if todo:
        say_if_compiling()

    def done(block: Block, runs: Runs) -> None:
        folder.keep(block, runs)
        progress.advance(block.last - block.first, folder.studies[block.study].label)

    def failed(number: int, reason: str) -> None:
        folder.log(f"failed: {folder.studies[number].label}: {reason}")
        raise BadInput([Fault(folder.studies[number].label, "", f"could not be run: {reason}")])

    total = sum(study.replications for study in folder.studies)
    left = replications_of(todo, dict(enumerate(folder.studies)))
    with Progress(total, total - sum(left.values()), left, folder.log) as progress:
        simulate_blocks(folder.studies, todo, done, failed, options.workers or default_workers())
    return _gathered(folder)


def _coupled(folder: Folder, coupled: Coupled, options: Options) -> Province:
    """All centers in one run, as far as they were not simulated."""
    from experiments.progress import Progress, say_if_compiling
    from sim.coupling.simulating import blocks_of, simulated
    from sim.executors import default_workers
    from sim.running import Block

    have = [_done(folder, number) for number in range(len(folder.studies) + 1)]
    todo = blocks_of(coupled, lambda n: all(n in own for own in have))
    total = folder.studies[0].replications
    workers = options.workers if isinstance(options.workers, int) else default_workers()
    if todo:
        say_if_compiling()
    with Progress(total, total - sum(last - first for first, last in todo), log=folder.log) as progress:
        for (first, last), each in simulated(coupled, todo, workers):
            for number, runs in enumerate(each):
                folder.keep(Block(number, first, last), runs)
            progress.advance(last - first, "all centers together")
    return _gathered(folder)


def _done(folder: Folder, number: int) -> set[int]:
    """The replications of a center that are finished; damaged parts are told."""
    parts, damaged = folder.kept_of(number)
    say_damaged(folder, damaged)
    return {n for part in parts for n in range(part.first, part.first + len(part))}


def _gathered(folder: Folder) -> Province:
    """What is kept of each center, read one after the other."""
    from sim.centers import Province, center_of
    from sim.runs.stored import StoredRuns

    centers = {}
    for number, study in enumerate(folder.studies):
        parts, _ = folder.kept_of(number)
        centers[study.label] = center_of(study, StoredRuns(parts, study.replications)[:])
    if not folder.together:
        return Province(centers)
    own = StoredRuns(folder.kept_of(len(folder.studies))[0], folder.studies[0].replications)
    return Province(centers, {metric: own.pair((metric, scope)) for metric, scope in own.keys})


def _write(folder: Folder, name: str, province: Province) -> None:
    from sim.centers import centers_frame, totals_frame
    from sim.frames import csv_text
    from sim.report.centers import centers_side_by_side

    folder.write_text("summary.csv", csv_text(centers_frame(province)))
    folder.write_text("province.csv", csv_text(totals_frame(province.totals)))
    write_chart(folder, "centers", centers_side_by_side(province, name))


def _write_page(folder: Folder, name: str, province: Province, said: Mapping[str, Any], language: Language) -> None:
    """The page; ``said``: what the manifest says of who made it."""
    from sim.report.page.province import page

    folder.write_text(PAGE, page(province, name, made_by(said), language))


if __name__ == "__main__":
    sys.exit(main())
