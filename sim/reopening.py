"""Results of earlier runs, read back from their folders: nothing is simulated, and nothing is written."""

from __future__ import annotations

import json
import shlex
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from sim.assumed import Assumed
from sim.faults import BadInput, Damaged, Fault, printable
from sim.folder import PARTS, PROGRAM, Folder, no_own, read_manifest, study_key
from sim.looks import Look
from sim.policies import Policy
from sim.policies.known import holding, known, plugins_of
from sim.rested import Rested, Words
from sim.result import Result, alike
from sim.runs.stored import StoredRuns
from sim.sources import sources_hash
from sim.streams import REPLICATIONS
from sim.study import Study
from sim.values import Text

Count = Annotated[int, Field(strict=True, ge=0)]


class _Look(BaseModel):
    replications: Annotated[int, Field(strict=True, ge=1, lt=REPLICATIONS)]
    level: Annotated[float, Field(strict=True, ge=0.5, lt=1)]


class _Known(BaseModel):
    """What is known of the numbers of a study, see :class:`sim.study.Study`."""

    inputs: Count
    assumptions: Count
    own_figures: Count
    marks: dict[Text, Text]
    words: dict[Text, Words]
    assumed: dict[Text, Assumed]
    measured: dict[Text, Assumed]


class _Plugin(BaseModel):
    """A policy that does not ship."""

    file: Text
    content: Text


class _Said(BaseModel):
    """What the manifest of a finished run says, as far as results are made of it."""

    sources: Annotated[str, Field(pattern=r"^[0-9a-f]{20}$")]
    command: list[Words]
    studies: dict[Text, Annotated[str, Field(pattern=r"^[0-9a-f]{20}$")]]
    failed: dict[Text, str]
    looks: Annotated[dict[Text, Annotated[list[_Look], Field(min_length=1, max_length=1000)]], Field(min_length=1)]
    known: dict[Text, _Known]
    rests: dict[Text, Rested]
    seconds: Annotated[float, Field(ge=0, le=1e9)]
    versions: dict[Text, Words]
    machine: Words
    plugins: dict[Text, _Plugin] = {}
    resolved: dict[Text, Any]


@dataclass(frozen=True)
class Made:
    """What made some results: the command, the hash of the program, its packages and machine, and how long it took."""

    command: tuple[str, ...]
    sources: str
    versions: Mapping[str, str]
    machine: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Reopened:
    """What is in a folder: results by label, why others have none, what verdicts rest on, and what made them."""

    path: Path
    results: dict[str, Result]
    failed: dict[str, str]
    rests: dict[str, Rested]
    made: Made

    @property
    def sources(self) -> str:
        """The version of the program that made them."""
        return self.made.sources

    @property
    def is_of_this_version(self) -> bool:
        """Whether this version of the program made them."""
        return self.sources == sources_hash()


def known_of(study: Study) -> dict[str, Any]:
    """What a manifest says of the numbers of a study, which the study as text does not have."""
    return _Known.model_validate(study, from_attributes=True).model_dump(mode="json")


def reopen(path: Path | str, policies: Mapping[str, type[Policy]] | None = None) -> dict[str, Result]:
    """The results of ``motcua run`` in a folder, by label; their figures stay on the disk until they are asked for.

    BadInput where the folder has none, or where some are missing or damaged. Warns of scenarios that could not be run,
    and of results that another version of the program made: their visits would be simulated by this one.
    ``policies``: those by name that do not ship and that the results were made with.
    """
    with holding(policies):
        found = reopened(Path(path))
    for label, reason in found.failed.items():
        warnings.warn(f"{path}: {label} could not be run: {reason}", stacklevel=2)
    if not found.is_of_this_version:
        warnings.warn(f"{path}: made by another version of the program", stacklevel=2)
    return found.results


def reopened(path: Path) -> Reopened:
    """The same, with all that is known of them."""
    try:
        said = _said(path)
        studies = {label: _study(said, label) for label in said.looks}
        if not all(own.fits(len(studies[label].targets.items)) for label, own in said.rests.items()):
            raise ValueError("wanted verdicts on the targets of its studies")
    except (ValidationError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        wanted = "its manifest.json cannot be read: wanted the results of this version of motcua run"
        raise BadInput([Fault(str(path), type(error).__name__, wanted)]) from error
    except OSError as error:
        raise BadInput([Fault(str(path), "", f"cannot be read: {error.strerror or error}")]) from error
    keys = said.studies
    if said.sources == sources_hash() and any(study_key(studies[label]) != keys.get(label) for label in studies):
        raise BadInput([Fault(str(path), "", "its manifest.json is not that of its results")])
    results = {label: Result(study, _runs(path, study, keys[label], said.command)) for label, study in studies.items()}
    failed = {label: printable(why) for label, why in said.failed.items()}
    made = Made(tuple(said.command), said.sources, said.versions, said.machine, said.seconds)
    return Reopened(path, results, failed, said.rests, made)


def _said(path: Path) -> _Said:
    """What the manifest of a folder says; nothing is read that is no file of the folder's own."""
    found = [path / "manifest.json", path / PARTS]
    inside = sorted(found[1].iterdir()) if found[1].is_dir() and not found[1].is_symlink() else []
    for entry in (*found, *inside):
        if wrong := no_own(entry, wants_folder=entry == found[1], alone=False):
            raise BadInput([Fault(str(path), str(entry.relative_to(path)), f"is {wrong}: wanted files of its own")])
    said = read_manifest(path)
    program, *_ = [*said["command"][1:2], ""] if isinstance(said.get("command"), list) else [""]
    why = ""
    if said.get("program") != PROGRAM:
        why = "wanted a results folder of motcua run" if path.is_dir() else "is no folder: wanted one of results"
    elif said.get("state") != "done":
        why = "its run is not finished: the same command again goes on with it"
    elif program != "run":
        why = f"holds the results of motcua {printable(str(program))}: wanted those of motcua run"
        why += "; its page, report.html, is there" if (path / "report.html").is_file() else ""
    if why:
        raise BadInput([Fault(str(path), "", why)])
    return _Said.model_validate(said)


def _study(said: _Said, label: str) -> Study:
    """A study as it was looked at last."""
    resolved, looks = said.resolved[label], [Look(one.replications, one.level) for one in said.looks[label]]
    if any(one.replications >= two.replications for one, two in pairwise(looks)):
        raise ValueError("wanted looks at more and more replications")
    study = Study.model_validate_json(json.dumps({**resolved, "policies": []}))
    policies = _policies(said, resolved["policies"])
    ours = {name: getattr(said.known[label], name) for name in _Known.model_fields}
    last = {"looks": tuple(looks), "replications": looks[-1].replications, "label": label}
    return study.model_copy(update={"policies": policies, **ours, **last})


def _policies(said: _Said, resolved: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Policy], ...]:
    """The policies of a study; BadInput where one that does not ship is not known here, or another is."""
    for name, _ in resolved:
        one = said.plugins.get(name)
        if one and name not in known():
            python = "in Python: sim.reopen(…, policies={…})"
            wanted = f"--plugin {one.file} ({python})" if one.file else f"that of the notebook, {python}"
            raise BadInput([Fault(f"policy {printable(name)}", "", f"does not ship: wanted {printable(wanted)}")])
    made = tuple((name, known()[name].model_validate_json(json.dumps(own))) for name, own in resolved)
    for name, here in plugins_of(made).items():
        if name not in said.plugins or here["content"] != said.plugins[name].content:
            wanted = "is not the version that the results were made with: wanted that, or to run them again"
            raise BadInput([Fault(f"policy {name}", here["file"], wanted)])
    return made


def _runs(path: Path, study: Study, key: str, command: Sequence[str]) -> StoredRuns:
    """The figures of a study; BadInput where some are missing or damaged."""
    parts, damaged = Folder(path, [study]).looked_through(key)
    try:
        return StoredRuns(parts, study.replications)
    except (KeyError, ValueError, Damaged) as error:
        what = f"{len(damaged)} of its parts are damaged" if damaged else "some of its replications are missing"
        words = [*(word for word in command if not word.startswith("out=")), f"out={path}"]
        wanted = f"{what}: the same command again makes them: {shlex.join(words)}"
        raise BadInput([Fault(str(path), study.label, wanted)]) from error


def together(folders: Sequence[Reopened]) -> dict[str, Result]:
    """The results of several folders by label, after the folder's name where labels alone do not tell what they are.

    BadInput where they are of several versions of the program, or two folders have the same name and label.
    """
    labels = [label for folder in folders for label in folder.results]
    plain = {f"{nth} {label}": one for nth, folder in enumerate(folders) for label, one in folder.results.items()}
    named = len(set(labels)) < len(labels) or (len(folders) > 1 and len(alike(plain)) > 1)
    found: dict[str, Result] = {}
    faults = []
    for folder in folders:
        if folder.sources != folders[0].sources:
            wanted = f"was made by another version of the program than {folders[0].path}: run it again"
            faults.append(Fault(str(folder.path), "", wanted))
        for label, result in folder.results.items():
            name = f"{name_of(folder)}: {label}" if named else label
            if name in found:
                faults.append(Fault(str(folder.path), label, "is there already: wanted folders of different names"))
            found[name] = Result(result.study.model_copy(update={"label": name}), result.runs)
    if faults:
        raise BadInput(faults)
    return found


def name_of(folder: Reopened) -> str:
    """The name of a folder, as it is printed."""
    return printable(folder.path.resolve().name)


def unlike(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The keys of two scenarios as data whose values differ, dotted, each with both."""
    found = []
    for key in dict.fromkeys((*one, *other)):
        mine, theirs = one.get(key), other.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            found += [f"{key}.{inner}" for inner in unlike(mine, theirs)]
        elif mine != theirs:
            plain = all(isinstance(value, str | int | float) for value in (mine, theirs))
            found.append(f"{key} {mine}, not {theirs}" if plain else str(key))
    return found
