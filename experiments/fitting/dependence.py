"""What data cannot tell of a scenario, and how the answer depends on it: simulated shortly, told, and as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.assumptions.trials import Trial
    from sim.fitting.unidentified import Dependence, Unidentified
    from sim.intervals import Estimate
    from sim.runs import Runs
    from sim.study import Study

REPLICATIONS = 20
MOST_OFFICES, MOST_ROWS, WIDTH, NAME = 3, 12, 100, 42


def told_table(files: Mapping[str, bytes]) -> bytes:
    """How the answers of the scenarios among some files depend on what is assumed: told, and as a table."""
    from sim.frames import csv_text

    text, frame = told_and_framed({name: own.decode() for name, own in files.items() if name.endswith(".yaml")})
    print(text, flush=True)
    return csv_text(frame).encode()


def told_and_framed(
    texts: Mapping[str, str], overrides: Sequence[str] = (), replications: int = REPLICATIONS
) -> tuple[str, pd.DataFrame]:
    """What is to be said of the first offices, and one table of them, from the texts of their scenarios by file.

    ``overrides`` are those of a command line: how long and by which engine each is simulated.
    BadInput where a scenario cannot be run.
    """
    import pandas as pd

    from experiments.fitting.composed import composed
    from sim.fitting.unidentified import dependence, frame

    lines, frames = [], []
    studies = composed({name: texts[name] for name in list(texts)[:MOST_OFFICES]}, overrides)
    for name, study in studies.items():
        found = dependence(study, _tries, replications)
        lines += ["", *_said(name.removesuffix(".yaml"), found)]
        frames.append(frame(found).assign(office=name.removesuffix(".yaml")))
    hidden = len(texts) - MOST_OFFICES
    lines += [f"of {hidden} more offices it is not looked at: give office=NAME"] if hidden > 0 else []
    return "\n".join(lines), pd.concat(frames, ignore_index=True)


def _tries(trials: Sequence[Trial]) -> list[Runs]:
    """Trials kept nowhere, with their progress."""
    from experiments.progress import Progress, say_if_compiling
    from sim.assumptions.trials import tried

    found: dict[int, Runs] = {}
    say_if_compiling()
    total = sum(trial.last - trial.first for trial in trials)
    print(f"how the answer depends on what is assumed: {total} short replications", file=sys.stderr, flush=True)
    with Progress(total, 0) as progress:

        def done(number: int, runs: Runs) -> None:
            found[number] = runs
            progress.advance(len(runs), trials[number].study.label)

        tried(trials, None, done)
    return [found[number] for number in range(len(trials))]


def _said(name: str, found: Dependence) -> list[str]:
    """The largest inputs, a line each."""
    as_it_is = ", ".join(
        f"{metric} {_figure(metric, one)}" for (metric, _), one in zip(found.figures, found.base, strict=True)
    )
    head = (
        f"what the data do not tell of {name}: {len(found.inputs)} assumptions with a range ({_counted(found.study)})"
    )
    lines = [*wrap(head, WIDTH), f"as assumed: {as_it_is}; alone at its low and high end each changes that by"]
    titles = "".join(f"{metric.replace('wait_', ''):>24}" for metric, _ in found.figures)
    lines.append(f"{'':{NAME}}{titles}")
    lines += [_line(found, one) for one in found.inputs[:MOST_ROWS]]
    hidden = len(found.inputs) - MOST_ROWS
    lines += [f"and {hidden} more, see unidentified.csv"] if hidden > 0 else []
    return lines


def _counted(study: Study) -> str:
    """What stays as it was counted."""
    from sim.fitting.held import counted_in

    metric = counted_in(study.base)
    return f"{metric} held as counted" if metric else "newcomers held as they are"


def _line(found: Dependence, one: Unidentified) -> str:
    own = one.input
    name = f"{own.name} {own.said(own.value)} [{own.said(own.low)}–{own.said(own.high)}]"
    changes = ""
    for nth, (metric, _) in enumerate(found.figures):
        changes += f"{f'{_change(metric, one.low[nth])} / {_change(metric, one.high[nth])}':>24}"
    return f"{name:{NAME}}{changes}" if len(name) < NAME else f"{name}\n{'':{NAME}}{changes}"


def _figure(metric: str, one: Estimate) -> str:
    if one.value is None:
        return "of nobody"
    return f"{one.value:.1%}" if "_within_" in metric or metric.endswith("_share") else f"{one.value:.1f}"


def _change(metric: str, one: Estimate) -> str:
    """A change, in points of a percent where it is of a share; in brackets where its interval holds 0."""
    if one.value is None:
        return "–"
    is_share = "_within_" in metric or metric.endswith("_share")
    text = f"{100 * one.value:+.1f}" if is_share else f"{one.value:+.1f}"
    is_sure = one.lower is not None and one.upper is not None and (one.lower > 0 or one.upper < 0)
    return text if is_sure else f"({text})"
