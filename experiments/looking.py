"""What is decided at each look of a run of as many replications as are enough, told and kept in the log."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from textwrap import shorten
from typing import TYPE_CHECKING

from experiments.progress import WIDTH

if TYPE_CHECKING:
    from sim.folder import Folder
    from sim.result import Result


def tell_look(folder: Folder, results: Mapping[int, Result], more: Collection[int]) -> None:
    """One look at some results, by the number of their study, of which those in ``more`` go on."""
    for result in results.values():
        folder.log(f"look at {result.study.replications} replications: {result.study.label}: {said(result)}")
    if any(result.study.stopping for result in results.values()):
        most = max(result.study.replications for result in results.values())
        line = f"looked at {most} replications: {_counted(results, more)}"
        print(shorten(line, WIDTH, placeholder=" …"), file=sys.stderr, flush=True)


def said(result: Result) -> str:
    """The verdict on each target that is decided, and what is open."""
    from sim.sequential import open_questions

    undecided = list(open_questions(result))
    decided = [
        f"{one.metric}{'' if one.scope == 'all' else f' {one.scope}'} {one.target}: {one.verdict}"
        for one in result.verdicts
        if f"{one.metric} {one.target}" not in undecided
    ]
    return "; ".join([*decided, *(f"{question}: open" for question in undecided)]) or "no targets"


def _counted(results: Mapping[int, Result], more: Collection[int]) -> str:
    """Of several how many go on; of one what is decided."""
    if len(results) == 1:
        return said(next(iter(results.values())))
    on = [results[number].study.label for number in results if number in more]
    counted = f"{len(results) - len(on)} of {len(results)} scenarios are enough"
    return f"{counted}, these go on: {', '.join(on)}" if on else counted
