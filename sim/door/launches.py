"""Launch configs: workers that are started as jobs, from a shipped config or a person's own file."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from pydantic import ValidationError

from sim.door.complaints import complaints
from sim.door.files import own_file
from sim.door.groups import PACKAGE
from sim.faults import BadInput
from sim.launch import Launch

_FOLDER = "launch"


def shipped() -> tuple[str, ...]:
    """The names of the launch configs that ship."""
    return tuple(sorted(path.name[:-5] for path in (files(PACKAGE) / _FOLDER).iterdir() if path.name.endswith(".yaml")))


def launch(name: str) -> Launch:
    """The launch config of a name, or in a file. Raises BadInput with all faults."""
    if name not in shipped():
        return _read(Path(name))
    with as_file(files(PACKAGE) / _FOLDER / f"{name}.yaml") as path:
        return _read(path)


def _read(path: Path) -> Launch:
    values, _, faults = own_file(path)
    if faults:
        raise BadInput(faults)
    try:
        return Launch.model_validate(values)
    except ValidationError as error:
        raise BadInput(complaints(error, values, Launch, (str(path),))) from None
