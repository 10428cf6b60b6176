"""What things mean: the contract, and each figure of a run."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from sim import figures
from sim.models import contract as page_of_engines
from sim.targets import kind_of

from .markdown import code, plain, table, told

_UNITS = {"minutes": "minutes", "share": "share, 0 to 1", "other": ""}
_OF_OTHERS = (
    ("travel_per_resolved", "minutes"),
    ("visits_per_resolved", "visits"),
    ("processing_days_mean", "days"),
    ("queue_", "people"),
    ("reentry_", "visits"),
    ("lender_utilization", "share"),
    ("lender_", "hours"),
    ("overtime_per_day", "minutes"),
    ("overtime_", "hours"),
    ("cost_", "money"),
    ("citizen_hours", "hours"),
)


def contract() -> str:
    """The module of the contract: what it says of itself, the ranks of an instant, and its clauses by part."""
    ranks = ", ".join(f"{rank.value} `{rank.name}`" for rank in page_of_engines.Rank)
    lines = [told(page_of_engines.__doc__), "", f"**Ranks of an instant**, in their order: {ranks}.", ""]
    for part, names in _parts():
        lines += [f"## {part}", ""]
        for name in names:
            lines += [f"{code(name)}", f": {plain(page_of_engines.CLAUSES[name])}", ""]
    return "\n".join(lines)


def _parts() -> Iterator[tuple[str, list[str]]]:
    """Names of clauses by the comment that stands over them."""
    source = inspect.getsource(page_of_engines)
    assigned = next(one for one in ast.parse(source).body if isinstance(one, ast.AnnAssign))
    keys = assigned.value.keys if isinstance(assigned.value, ast.Dict) else []
    at = {key.lineno: ast.literal_eval(key) for key in keys if key is not None}
    lines = source.splitlines()
    heads = [number for number in range(assigned.lineno, len(lines) + 1) if lines[number - 1].startswith("    # ")]
    for head, after in zip(heads, [*heads[1:], len(lines) + 1], strict=True):
        yield lines[head - 1].strip("# "), [name for number, name in at.items() if head < number < after]


def metrics() -> str:
    """Every figure by name, with its unit, which way is better, and where it is measured."""
    rows = [[code(name), plain(words), _unit(name), *_said(name)] for name, words in figures.METRICS.items()]
    counts = [
        [code(name), f"visits that ended as {', '.join(map(code, outcomes))}", "visits a replication", *_said(name)]
        for name, outcomes in figures.COUNTS.items()
    ]
    came = [code("arrived"), "visits that came", "visits a replication", *_said("arrived")]
    heads = ["metric", "what it is", "unit", "better", "scopes"]
    shares = "Each count `NAME` has its share `NAME_share` of those who came."
    return "\n\n".join([table(heads, [*rows, came, *counts]), shares])


def _unit(name: str) -> str:
    return next((unit for start, unit in _OF_OTHERS if name.startswith(start)), "") or _UNITS[kind_of(name)]


def _said(name: str) -> list[str]:
    measured = name.replace("_T", "_15")
    where = "all" if not figures.is_measured_in(measured, "point=hall") else "all, field, priority, point"
    hour = ", hour" if figures.is_measured_in(measured, "hour=9") else ""
    return [figures.better(measured) or "it depends", where + hour]
