"""A table of centers makes a province: a row a commune, over scenarios of typical ones.

Centers are numbered by row, and the number keys the random numbers of all that is a center's own: a row that is added
at the end changes no other center. What befalls the province (outages of the province and the portal, storms, days
that are busy everywhere) is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.centers import Center, Province, center_of
from sim.dispatch import simulate_blocks
from sim.door import groups, load
from sim.executors import Workers, default_workers
from sim.faults import BadInput, Fault, nearest, shown
from sim.provinces.reading import Row, rows_of, shipped
from sim.provinces.settings import Unfit, keys, settings
from sim.running import Block, blocks_in_order
from sim.runs import Runs, gathered
from sim.sequential import refuse_stopping
from sim.study import Study

Progress = Callable[[int, int], None]
YAML = (".yaml", ".yml")


def centers_of(table: str, overrides: Sequence[str]) -> list[Study]:
    """A study a center that is open, its label the name of its row. Raises BadInput with all faults.

    ``table``: a shipped one by its name, or a file PATH.csv. ``overrides`` are the command line's, and hold for all.
    """
    rows, faults = rows_of(table)
    if faults:
        raise BadInput(faults)
    kinds = _kinds(table, rows, overrides)
    bases = {kind: load([*kinds[kind], *overrides]) for kind in kinds}
    found = []
    for row in rows:
        if not row.cells.get("closed"):
            kind = row.cells.get("kind", "")
            study, wrong = _study(table, row, [*kinds[kind], *overrides], bases[kind])
            faults += wrong
            found += [study] if study is not None else []
    refuse_stopping(found, "a province")
    if not found and not faults:
        faults = [Fault(table, "", "all centers are closed: wanted one that is open")]
    if faults:
        raise BadInput(faults)
    return found


def _kinds(table: str, rows: Sequence[Row], overrides: Sequence[str]) -> dict[str, list[str]]:
    """The scenarios that rows name, each with the override that chooses it; "" is what the command line says."""
    found: dict[str, list[str]] = {}
    faults = []
    has_center = "center" in keys(list(overrides))
    for row in rows:
        kind, place = row.cells.get("kind", ""), f"{table}:{row.line} kind"
        if kind in found:
            continue
        if not kind and not has_center:
            faults.append(Fault(place, "", "is not said: wanted it, or center= on the command line"))
        elif kind and has_center:
            faults.append(Fault("center", "", f"is said by the column kind of {table}: wanted it there alone"))
        elif kind and not kind.endswith(YAML) and kind not in groups()["center"]:
            wanted = f"wanted one of {', '.join(groups()['center'])}, or a file PATH.yaml"
            faults.append(Fault(place, shown(kind), wanted, nearest(kind, groups()["center"])))
        else:
            found[kind] = [f"center={_beside(table, kind)}"] if kind else []
    if faults:
        raise BadInput(list({str(fault): fault for fault in faults}.values()))
    return found


def _beside(table: str, kind: str) -> str:
    """A scenario file's path from where the program runs; quoted, as it may hold spaces."""
    if not kind.endswith(YAML):
        return kind
    path = str(Path(kind) if table in shipped() else Path(table).parent / kind)
    return "'" + path.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _study(table: str, row: Row, common: Sequence[str], base: Study) -> tuple[Study | None, list[Fault]]:
    """The study of a row, or what is wrong with it."""
    place = f"{table}:{row.line}"
    try:
        own = settings(row, base.base)
    except Unfit as error:
        column, why = error.args
        return None, [Fault(f"{place} {column}", str(row.cells[column]), why)]
    twice = [key for key in keys(list(common)) if key in keys(own)]
    if twice:
        return None, [Fault(key, "", f"is set by a column of {table}: wanted it there alone") for key in twice]
    try:
        study = load([*common, *own])
    except BadInput as error:
        return None, [Fault(f"{place} {one.key}", one.given, one.wanted, one.nearest) for one in error.faults]
    named = {"base": study.base.model_copy(update={"name": row.name})}
    return study.model_copy(update={**named, "label": row.name, "center": row.number}), []


def province(
    table: str, overrides: Sequence[str] = (), workers: Workers | None = None, progress: Progress | None = None
) -> Province:
    """All open centers of a table simulated, on common random numbers; see :func:`sim.provinces.centers_of`.

    ``progress`` is called with the replications done and to do. What cannot be run raises BadInput.
    """
    return simulated(centers_of(table, overrides), workers, progress)


def simulated(studies: Sequence[Study], workers: Workers | None = None, progress: Progress | None = None) -> Province:
    """Each center, of which only sums are kept; the same for any number of ``workers``."""
    total, count = sum(study.replications for study in studies), 0
    parts: dict[int, list[tuple[int, Runs]]] = {}
    found: dict[int, Center] = {}

    def done(block: Block, runs: Runs) -> None:
        nonlocal count
        count += len(runs)
        parts.setdefault(block.study, []).append((block.first, runs))
        study = studies[block.study]
        if sum(len(part) for _, part in parts[block.study]) == study.replications:
            found[block.study] = center_of(study, gathered(parts.pop(block.study), study.replications))
        if progress:
            progress(count, total)

    def failed(number: int, reason: str) -> None:
        raise BadInput([Fault(studies[number].label, "", f"could not be run: {reason}")])

    simulate_blocks(studies, blocks_in_order(studies, lambda *_: False), done, failed, workers or default_workers())
    return Province({studies[number].label: found[number] for number in sorted(found)})


__all__ = ["centers_of", "province", "shipped", "simulated"]
