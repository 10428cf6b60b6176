"""What kind of file is given: by the heads that it has, unless ``kind=`` says it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path

from sim.faults import BadInput, Fault
from sim.fitting import counts, dossiers, tickets
from sim.fitting.files import Column, heads_of, plain_head

KINDS = ("tickets", "dossiers", "counts")
TITLES = {"tickets": "a log of tickets", "dossiers": "an export of dossiers", "counts": "counts of days"}
COLUMNS: dict[str, tuple[Column, ...]] = {
    "tickets": (*tickets.POINT, *tickets.BETWEEN, *tickets.OTHERS),
    "dossiers": dossiers.COLUMNS,
    "counts": counts.COLUMNS,
}
NEEDED: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "tickets": ((("issued",), ("called",)), (("issued_by",), ("called_by",))),
    "dossiers": ((("received",),),),
    "counts": ((("date", "weekday"), counts.NUMBERS),),
}
"""Of each kind the ways to be whole: of each group of columns one at least."""

FOR = {
    "boards": ("tickets",),
    "holdout": ("tickets",),
    "staff": ("dossiers", "counts"),
    "office": ("tickets", "dossiers"),
    "exported": ("dossiers",),
    "counted_as": ("counts",),
}
"""Words of the command line that are for some kinds alone."""


def kind_of(path: Path, columns: Mapping[str, str], encoding: str, given: str | None) -> tuple[str, str]:
    """The kind of a file, and in words by what it is told.

    BadInput where the heads are those of several kinds. Where they are whole of none it is the kind that most of its
    columns are of, a log of tickets where none is: its own reader says what is missing.
    """
    if given is not None:
        return given, f"{path.name}: {TITLES[given]}, as said"
    heads = {plain_head(head) for head in heads_of(path, encoding)}
    found = {
        kind: {one.name for one in own if one.name in columns or _is_there(one, heads)} for kind, own in COLUMNS.items()
    }
    share = {kind: max(_part(way, found[kind]) for way in NEEDED[kind]) for kind in KINDS}
    whole = [kind for kind in KINDS if share[kind] == 1]
    if len(whole) > 1:
        wanted = f"wanted kind={' or kind='.join(whole)}: its heads fit {' and '.join(TITLES[kind] for kind in whole)}"
        raise BadInput([Fault(f"{path} line 1", "", wanted)])
    kind = whole[0] if whole else max(KINDS, key=lambda one: share[one])
    return kind, f"{path.name}: {TITLES[kind]}, by its heads ({', '.join(sorted(found[kind]))})"


def _is_there(column: Column, heads: set[str]) -> bool:
    return any(plain_head(name) in heads for name in (column.name, *column.heads))


def _part(way: tuple[tuple[str, ...], ...], found: set[str]) -> float:
    return sum(any(name in found for name in group) for group in way) / len(way)


def misplaced(kind: str, columns: Mapping[str, str], given: Set[str]) -> None:
    """BadInput with the words of a command line, and its columns, that are for files of another kind."""
    faults = [
        Fault(word, "", f"is for {' or '.join(f'kind={one}' for one in kinds)}: {TITLES[kind]} has none")
        for word, kinds in FOR.items()
        if word in given and kind not in kinds
    ]
    known = [column.name for column in COLUMNS[kind]]
    faults += [
        Fault(f"columns.{name}", columns[name], f"wanted one of {', '.join(known)}, the columns of {TITLES[kind]}")
        for name in columns
        if name not in known
    ]
    if faults:
        raise BadInput(faults)
