"""Files that are there whole or not at all, where they may be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.faults import BadInput, Fault
from sim.writing import told


def refuse_unwritable(paths: Sequence[Path], *, force: bool) -> None:
    """Raises BadInput for files that may not be replaced, CannotWrite where nothing can be written."""
    faults = [Fault(str(path), "", "is a folder: wanted a file's name") for path in paths if path.is_dir()]
    if not force:
        wanted = "exists: wanted another name, or --force to replace it"
        faults += [Fault(str(path), "", wanted) for path in paths if path.exists() and not path.is_dir()]
    if faults:
        raise BadInput(faults)
    for path in paths:
        probe = path.with_name(f".probe-{path.name}")
        with told(path):
            probe.touch()
            probe.unlink()


def save(path: Path, content: bytes, check: Callable[[Path], Any] = Path.exists) -> None:
    """Writes a file once a copy beside it, of the same ending, has passed ``check``, which raises if it has not."""
    beside = path.with_name(f".new-{path.name}")
    with told(path):
        try:
            beside.write_bytes(content)
            check(beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
