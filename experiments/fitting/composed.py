"""The studies that texts of scenarios make, as if they were files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    from sim.study import Study


def composed(texts: Mapping[str, str], overrides: Sequence[str] = ()) -> dict[str, Study]:
    """By the names of the files, under ``overrides`` of a command line. BadInput where one does not compose."""
    from sim.door import load

    found = {}
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8", newline="\n")
            try:
                found[name] = load([f"center={path}", *overrides])
            except BadInput as error:
                said = [Fault(name, "", str(fault).replace(f"{path}", name)) for fault in error.faults]
                raise BadInput(said) from None
    return found
