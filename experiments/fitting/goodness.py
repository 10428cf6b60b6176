"""How well a fitted scenario has the waits of its log: simulated over as many days, told, and as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from experiments.fitting.composed import composed

if TYPE_CHECKING:
    import pandas as pd

    from experiments.validate.rows import Row
    from sim.fitting.office import Office
    from sim.study import Study

REALIZATIONS, CONFIDENCE = 79, 0.95
WIDTH, NAME, MOST, BUSY = 100, 30, 20, 50
TOO_GOOD = 5.0
"""Points by which smaller queues are too good on average, from which on it is said what may be why."""


def told_table(offices: Sequence[Office], files: Mapping[str, bytes]) -> bytes:
    """How well the scenarios among some files, in the order of offices, have their waits: told, and as a table.

    BadInput where one cannot be run.
    """
    from sim.frames import csv_text

    texts = {name: own.decode() for name, own in files.items() if name.endswith(".yaml")}
    studies = list(composed(texts, [f"replications={REALIZATIONS}"]).values())
    rows = _simulated(studies)
    frame = _frame(offices, studies, rows)
    print("\n".join(_said(offices, frame)), flush=True)
    return csv_text(frame).encode()


def _simulated(studies: Sequence[Study]) -> list[list[Row]]:
    """The observed figures of each study beside those of realizations of its days."""
    from experiments.progress import Progress, say_if_compiling
    from experiments.validate.observed import Periods

    say_if_compiling()
    print(f"simulating the days of the log, {REALIZATIONS} times each office", file=sys.stderr, flush=True)
    periods = [Periods([study]) for study in studies]
    with Progress(sum(one.replications for one in periods), 0) as progress:
        return [one.simulated(progress.advance) for one in periods]


def _frame(offices: Sequence[Office], studies: Sequence[Study], rows: Sequence[Sequence[Row]]) -> pd.DataFrame:
    """One row a queue, and one an office: observed shares, those of the scenario, and their prediction intervals."""
    import pandas as pd

    made = []
    for office, study, own in zip(offices, studies, rows, strict=True):
        seen = study.base.observed
        figures = {(row.metric, seen[row.figure].scope): row for row in own}
        lines = [
            ("all", "", office.tickets, len(office.arrivals.days)),
            *((f"field={line.key}", line.title, line.tickets, line.days) for line in office.lines),
        ]
        for scope, title, tickets, days in lines:
            if ("wait_within_15", scope) not in figures:
                continue
            row = {"office": office.name, "queue": title, "tickets": tickets, "a_day": tickets / days}
            made.append(row | _figures(figures, scope))
    return pd.DataFrame(made)


def _figures(figures: Mapping[tuple[str, str], Row], scope: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for minutes in (15, 30):
        one = figures[f"wait_within_{minutes}", scope]
        found |= {f"observed_{minutes}": one.low, f"scenario_{minutes}": one.estimate}
        found |= {f"lower_{minutes}": one.lower, f"upper_{minutes}": one.upper}
    return found


def _said(offices: Sequence[Office], frame: pd.DataFrame) -> list[str]:
    lines = [
        "",
        f"{'share within 15 min, %':{NAME}} {'log':>7} {'scenario':>10} {'one such period':>20} {'queues off by':>15}",
    ]
    for office in offices[:MOST]:
        own = frame[frame["office"] == office.name]
        queues = own[(own["queue"] != "") & (own["a_day"] >= BUSY)]
        off = 100 * float((queues["observed_15"] - queues["scenario_15"]).abs().mean()) if len(queues) else np.nan
        lines.append(_line(office.name, own[own["queue"] == ""].iloc[0], off))
    hidden = len(offices) - MOST
    lines += [f"and {hidden} more, see goodness.csv"] if hidden > 0 else []
    said = (
        f"Of the scenario as it is written: the mean of {REALIZATIONS} periods of as many days, and the "
        f"{CONFIDENCE:.0%} prediction interval of one. Queues: the mean error of the busy ones ({BUSY} tickets a day "
        "or more), in points. What is outside, the scenario does not have; goodness.csv has every queue."
    )
    said += said_of_small(frame[(frame["queue"] != "") & (frame["a_day"] < BUSY)])
    if any(office.has_gaps for office in offices):
        said += " The log's share of an office weighs its queues as if none were missing on a day."
    return [*lines, *wrap(said, WIDTH)]


def said_of_small(queues: pd.DataFrame) -> str:
    """How far queues that are not busy are off, and why that may be."""
    if queues.empty:
        return ""
    off = 100 * (queues["scenario_15"] - queues["observed_15"])
    said = f" The {len(queues)} smaller queues are off by {off.abs().mean():.1f} points ({off.mean():+.1f})"
    why = ": their counters may call people of others too, which no board tells, and a scenario does not have"
    return said + (why if off.mean() > TOO_GOOD else "") + "."


def _line(name: str, whole: pd.Series, off: float) -> str:
    from sim.report.wording import shortened

    seen, made, low, high = (
        100 * float(whole[column]) for column in ("observed_15", "scenario_15", "lower_15", "upper_15")
    )
    span = f"{low:.1f}–{high:.1f}" + (" " if low <= seen <= high else "!")
    queues = "none busy" if np.isnan(off) else f"{off:.1f}"
    return f"{shortened(name, NAME):{NAME}} {seen:>7.1f} {made:>10.1f} {span:>20} {queues:>15}"
