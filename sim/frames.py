"""Results as tidy tables: one row a visit, one row a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from sim.comparison import Difference
from sim.occupancy import waits_of
from sim.plan import Purpose
from sim.runs.replications import Replications
from sim.scenario import Scenario
from sim.summary import Summary
from sim.trace import Outcome, Trace
from sim.units import MINUTE, NEVER
from sim.verdicts import Verdict

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
SUMMARY_COLUMNS = (
    "scenario", "metric", "scope", "estimate", "lower", "upper", "half_width", "confidence", "method",
    "replications", "target", "verdict", "reason",
)  # fmt: skip


def summary_frame(summaries: Mapping[str, Summary]) -> pd.DataFrame:
    """One row per scenario, metric and scope, as ``summary.csv``; absent figures are empty."""
    rows = []
    for label, summary in summaries.items():
        judged = {(v.metric, v.scope): v for v in summary.verdicts}
        for (metric, scope), e in summary.estimates.items():
            verdict: Verdict | None = judged.get((metric, scope))
            said = (verdict.target, verdict.verdict, verdict.reason) if verdict else ("", "", "")
            figures = (e.value, e.lower, e.upper, e.half_width, e.confidence, e.method, e.replications)
            rows.append((label, metric, scope, *figures, *said))
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def replications_frame(runs: Mapping[str, Replications]) -> pd.DataFrame:
    """One row per scenario, replication, metric and scope: the two sums and their ratio."""
    parts = [_sums(one).assign(scenario=label) for label, one in runs.items()]
    if not parts:
        return pd.DataFrame()
    frame = pd.concat(parts, ignore_index=True)
    frame["value"] = frame["numerator"] / frame["denominator"].where(frame["denominator"] != 0)
    return frame[["scenario", "replication", "metric", "scope", "numerator", "denominator", "value"]]


def _sums(runs: Replications) -> pd.DataFrame:
    """All sums, a row each, replication by replication."""
    columns = list(runs.columns)
    keys = pd.DataFrame([runs.keys[n] for n in columns], columns=["metric", "scope"])
    frame = keys.take(np.tile(np.arange(len(columns)), len(runs)))
    frame["replication"] = np.repeat(np.arange(len(runs)), len(columns))
    frame["numerator"], frame["denominator"] = (sums[:, columns].ravel() for sums in runs.sums(0, len(runs)))
    return frame


def visits_frame(trace: Trace, scenario: Scenario, replication: int) -> pd.DataFrame:
    """One row a visit; times in minutes from the scenario's first midnight, absent ones empty.

    ``citizen`` is a number that is the same in every scenario in which this person comes; ``wait`` and
    ``outcome`` are as measured, warm-up included. What is filed from home has a row without a wait: it arrives when
    it is filed and departs when it has been checked.
    """
    visits, tasks = trace.visits, trace.tasks
    entries = list(scenario.procedures.items())
    first, last, official = (np.full(len(visits), NEVER, np.int64) for _ in range(3))
    at_counter = tasks[(tasks["kind"] < len(scenario.fields)) & (tasks["start"] != NEVER)]
    for column, name in ((first, "start"), (last, "end"), (official, "official")):
        column[at_counter["visit"]] = at_counter[name]
    until = np.where(visits["departure"] == NEVER, trace.horizon, visits["departure"])
    frame = pd.DataFrame({"replication": np.full(len(visits), replication), "center": scenario.name})
    frame["point"] = named(list(scenario.points), visits["point"])
    frame["citizen"], frame["visit"] = visits["citizen"], visits["visit"]
    frame["procedure"] = named([name for name, _ in entries], visits["procedure"])
    frame["field"] = named([entry.field or name for name, entry in entries], visits["procedure"])
    frame["channel"] = named(list(scenario.channels), visits["channel"])
    frame["priority"] = named(list(scenario.priorities), visits["priority"])
    frame["purpose"] = named([purpose.name.lower() for purpose in Purpose], visits["purpose"])
    frame["dossiers"], frame["accepted"] = visits["dossiers"], visits["dossiers"] - visits["left"]
    frame["outcome"] = named([outcome.name.lower() for outcome in Outcome], visits["outcome"])
    frame["arrival"], frame["entry"] = minutes(visits["arrival"]), minutes(visits["entry"])
    frame["reception_start"], frame["reception_end"] = minutes(first), minutes(last)
    frame["departure"] = minutes(visits["departure"])
    remote = np.array([channel.checking is not None for channel in scenario.channels.values()])[visits["channel"]]
    at_hall = ~remote | (visits["purpose"] != Purpose.SUBMIT)
    frame["wait"] = np.where(at_hall, waits_of(trace, len(scenario.fields)) / MINUTE, np.nan)
    inside = np.where(visits["entry"] == NEVER, 0, until - visits["entry"]) / MINUTE
    frame["time_in_center"] = np.where(at_hall, inside, np.nan)
    frame["official"] = pd.array(np.where(official == NEVER, 0, official), dtype="Int64")
    frame.loc[official == NEVER, "official"] = pd.NA
    return frame


def differences_frame(differences: Sequence[Difference]) -> pd.DataFrame:
    """One row per baseline, scenario and metric: the paired difference with its interval."""
    rows = [
        {
            "baseline": d.baseline,
            "scenario": d.other,
            "metric": d.metric,
            "difference": d.paired.estimate.value,
            "lower": d.paired.estimate.lower,
            "upper": d.paired.estimate.upper,
            "p_value": d.paired.p_value,
            "p_adjusted": d.adjusted,
            "variance_ratio": d.paired.variance_ratio,
            "replications": d.paired.estimate.replications,
        }
        for d in differences
    ]
    return pd.DataFrame(rows)


def csv_text(frame: pd.DataFrame, *, header: bool = True) -> str:
    """A table as text, the same on every system; absent figures are empty, and no text is a formula.

    Without ``header`` it is more of a table whose first lines were written before.
    """
    made = frame.copy()
    for name in made.columns[[not is_numeric_dtype(kind) for kind in made.dtypes]]:
        made[name] = made[name].astype(object).map(cell)
    return str(made.to_csv(index=False, header=header, lineterminator="\n"))


def cell(given: Any) -> Any:
    """A cell of a CSV: before text that a spreadsheet would take for a formula stands an apostrophe."""
    return f"'{given}" if isinstance(given, str) and given.startswith(FORMULAS) else given


def named(names: Sequence[str], numbers: np.ndarray) -> pd.Categorical[str]:
    """The name of each number, none of a negative one; several numbers may share a name."""
    categories = list(dict.fromkeys(names))
    code = np.array([*(categories.index(name) for name in names), -1])
    return pd.Categorical.from_codes(code[np.maximum(numbers, -1)].tolist(), categories=pd.Index(categories))


def minutes(times: np.ndarray) -> np.ndarray:
    """Times in ms as minutes, absent ones NaN."""
    return np.where(times == NEVER, np.nan, times / MINUTE)
