"""Which of several ways of running a center is the best by one figure, with a stated confidence.

Exit codes: 0 done, whatever was found; 2 bad input; 3 cannot write there; 4 disk full; 5 another run holds the
folder; 6 other machines that worked are gone; 129, 130 and 143 interrupted, finished work kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Literal

from experiments.artifacts import manifest, write_chart, write_ending
from experiments.ending import ended
from experiments.held import RESULTS, STOPPED, in_folder
from experiments.options import Options, parsed, words
from experiments.report import LANG, LANGUAGES
from experiments.sweeping import simulations, swept
from sim.faults import Fault, nearest, shown

if TYPE_CHECKING:
    from sim.folder import Folder
    from sim.selection.question import Question
    from sim.study import Study

HELP = """motcua select [center=…] KEY=VALUE,VALUE,… [policy=any_of(NAME,NAME,…)] [KEY=VALUE] [out=DIR] [workers=N]
              [metric=NAME] [best=lowest|highest] [within=NUMBER] [procedure=kn|ocba] [budget=N]
              [memory='8 GB'] [hours=N] [--dry-run] [lang=vi|en]

Among all combinations of the values given, the best by one figure of the whole center, with the stated confidence.
  metric     a mean or a share; unless given that of the first target that is no guard, else wait_mean
  best       lowest or highest; unless given as a target on the metric says, or the metric itself
  within     a difference that does not matter: unless given the zone of a target on the metric, else 0.5 minutes
             or a share of 0.01; of other figures it must be given
  procedure  kn: all run abreast on the same citizens, and each leaves as soon as another is clearly better; with the
             chance of confidence= the best is left, or one that is worse by no more than within. After as many
             replications as there may be (2000, or stopping.most=N) it is undecided: those left are named, and
             none is the best
             ocba: a budget= of replications in all, each way on random numbers of its own (its seed is derived from
             seed=), most where it helps to tell the best; says how sure that is at least
The figures that are told are of replications=N fresh replications, without part in the choice, and so is the verdict
on the targets: the best need not keep them. The cheapest that does is found by motcua search.

Examples:
  motcua select center=go_vap policy=none,guidance_desk,add_officials,[guidance_desk,add_officials]
  motcua select center=cam_duong policy=any_of(cross_training,pooled_queue,information_campaign) within=0.1
  motcua select center=go_vap policy=none,weekend_hours metric=citizen_hours_per_resolved within=0.01
  motcua select center=tan_giang points.hall.counters=6,7,8 procedure=ocba budget=400"""
WORDS = ("metric", "best", "within", "procedure", "budget")
MOST_BUDGET = 1_000_000
THEN = "replications=N fresh ones of each way"


@dataclass(frozen=True)
class Asked:
    """The program's own words; None where one is not given."""

    metric: str | None = None
    best: Literal["lowest", "highest"] | None = None
    within: float | None = None
    budget: int | None = None

    @property
    def procedure(self) -> str:
        """How it is chosen."""
        return "kn" if self.budget is None else "ocba"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments, foresees=True)), STOPPED)


def _main(options: Options) -> int:
    if options.help:
        print(HELP)
        return 0
    said, rest = words(options, {LANG: LANGUAGES})
    asked, rest = own_words(rest)
    studies, faults = swept(rest, "a selection is a sweep by itself")
    from experiments.dry_run import foreseen_only
    from experiments.foreseen import Work
    from sim.folder import name_of
    from sim.selection.question import question

    wanted = question(studies, asked.metric, asked.within, asked.best, faults)
    path = options.out or RESULTS / f"select-{asked.procedure}-{wanted.metric}-{name_of(studies)}"
    foreseen = Work(path, studies, *_looks(studies, asked), options.workers, table=True, what="ways", then=THEN)
    if foreseen_only(foreseen, options):
        return 0

    def work(folder: Folder) -> int:
        return _in_folder(folder, wanted, asked.budget, options, said[LANG])

    return in_folder(path, studies, work, ["select", *options.given])


def _looks(studies: Sequence[Study], asked: Asked) -> tuple[int, int]:
    """How many replications each has at the first look, and at most; of a budget, what there is for each."""
    from sim.selection.course import AT_FIRST

    schedule = studies[0].stopping or AT_FIRST
    if asked.budget is None:
        return schedule.first, schedule.most
    each = max(asked.budget // len(studies), 1)
    return each, each


def own_words(options: Options) -> tuple[Asked, Options]:
    """What the program's own words say, and the options without them, what is wrong with the words among its faults."""
    given = {word.partition("=")[0]: word.partition("=")[2] for word in options.overrides}
    faults: list[Fault] = []
    procedure = _choice("procedure", given.get("procedure", "kn"), ("kn", "ocba"), faults)
    asked = Asked(
        given.get("metric"),
        _choice("best", given["best"], ("lowest", "highest"), faults) if "best" in given else None,  # type: ignore[arg-type]
        _number(given["within"], faults) if "within" in given else None,
        _budget(given["budget"], faults) if "budget" in given else None,
    )
    if procedure == "ocba" and "budget" not in given:
        faults.append(Fault("budget", "", "wanted budget=N with procedure=ocba: how many replications in all"))
    if procedure != "ocba" and "budget" in given:
        faults.append(Fault("budget", given["budget"], "is for procedure=ocba: kn ends by itself"))
    rest = tuple(word for word in options.overrides if word.partition("=")[0] not in WORDS)
    return asked, replace(options, overrides=rest, faults=(*options.faults, *faults))


def _choice(key: str, value: str, known: tuple[str, ...], faults: list[Fault]) -> str | None:
    if value in known:
        return value
    faults.append(Fault(key, shown(value), f"wanted one of {', '.join(known)}", nearest(value, known)))
    return None


def _number(value: str, faults: list[Fault]) -> float | None:
    try:
        found = float(value)
    except ValueError:
        found = 0.0
    if found > 0 and isfinite(found):
        return found
    faults.append(Fault("within", shown(value), "wanted a difference above 0 that does not matter, such as 0.5"))
    return None


def _budget(value: str, faults: list[Fault]) -> int | None:
    if value.isascii() and value.isdecimal() and 1 <= int(value) <= MOST_BUDGET:
        return int(value)
    faults.append(Fault("budget", shown(value), f"wanted a number of replications from 1 to {MOST_BUDGET}"))
    return None


def _in_folder(folder: Folder, wanted: Question, budget: int | None, options: Options, language: str) -> int:
    from experiments.select_table import frame, table
    from sim.frames import csv_text
    from sim.report.page.findings.select import finding
    from sim.report.selection import selected
    from sim.selection.answer import select

    began = time.monotonic()
    found = select(folder.studies, wanted, simulations(folder, options.workers, "ways"), budget)
    print(table(found, time.monotonic() - began), flush=True)
    folder.write_text("selection.csv", csv_text(frame(found)))
    write_chart(folder, "selection", selected(found))
    write_ending(folder, finding(found), manifest("select", options, began), language)
    return 0


if __name__ == "__main__":
    sys.exit(main())
