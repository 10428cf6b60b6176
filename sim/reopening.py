"""Results of earlier runs, read back from their folders: nothing is simulated, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.faults import BadInput, Fault, nearest
from sim.folder import INPUTS, PROGRAM, Folder, read_manifest, study_key
from sim.looks import Look
from sim.policies import POLICIES
from sim.result import Result
from sim.runs.storage import Damaged
from sim.runs.stored import StoredRuns
from sim.sources import sources_hash
from sim.study import Study


@dataclass(frozen=True, eq=False)
class Reopened:
    """What is in a folder: results by label, why other scenarios have none, and the program that made them."""

    path: Path
    results: dict[str, Result]
    failed: dict[str, str]
    sources: str

    @property
    def is_of_this_version(self) -> bool:
        """Whether this version of the program made them."""
        return self.sources == sources_hash()


def reopen(path: Path | str) -> dict[str, Result]:
    """The results of ``motcua run`` in a folder, by label; their figures stay on the disk until they are asked for.

    BadInput where the folder has none, or where some are missing or damaged.
    """
    return reopened(Path(path)).results


def reopened(path: Path) -> Reopened:
    """The same, with all that is known of them."""
    said = read_manifest(path)
    if wrong := _unfit(path, said):
        raise BadInput([Fault(str(path), "", wrong)])
    try:
        studies = {label: _study(said, label) for label in said["looks"]}
        failed = {str(label): str(reason) for label, reason in said["failed"].items()}
        keys = {label: str(said["studies"][label]) for label in studies}
    except (ValidationError, LookupError, TypeError, ValueError, AttributeError) as error:
        wanted = "its manifest.json cannot be read: wanted the results of this version of motcua run"
        raise BadInput([Fault(str(path), type(error).__name__, wanted)]) from error
    Folder(path, list(studies.values())).refuse_ways_out()
    if said["sources"] == sources_hash() and any(study_key(studies[label]) != keys[label] for label in studies):
        raise BadInput([Fault(str(path), "", "its manifest.json is not that of its results")])
    command = " ".join(map(str, said.get("command", ("motcua", "run"))))
    results = {label: Result(study, _runs(path, study, keys[label], command)) for label, study in studies.items()}
    return Reopened(path, results, failed, str(said["sources"]))


def _unfit(path: Path, said: Mapping[str, Any]) -> str:
    """Why a folder has no results that can be read back, "" where it may have."""
    program, *_ = [*said.get("command", ())[1:2], ""] if isinstance(said.get("command"), list) else [""]
    if said.get("program") != PROGRAM:
        return "wanted a results folder of motcua run" if path.is_dir() else "is no folder: wanted one of results"
    if said.get("state") != "done":
        return "its run is not finished: the same command again goes on with it"
    if program != "run":
        return f"holds the results of motcua {program}: wanted those of motcua run"
    return "" if isinstance(said.get("looks"), dict) else "holds no results: wanted those of motcua run"


def _study(said: Mapping[str, Any], label: str) -> Study:
    """A study as it was looked at last."""
    resolved, looks = said["resolved"][label], [Look(**look) for look in said["looks"][label]]
    study = Study.model_validate_json(json.dumps({**resolved, "policies": []}))
    policies = tuple((name, POLICIES[name].model_validate_json(json.dumps(own))) for name, own in resolved["policies"])
    counts = {name: int(said["inputs"][label][name]) for name in INPUTS}
    many = looks[-1].replications
    return study.model_copy(update={"policies": policies, "looks": tuple(looks), "replications": many, **counts})


def _runs(path: Path, study: Study, key: str, command: str) -> StoredRuns:
    """The figures of a study; BadInput where some are missing or damaged."""
    parts, damaged = Folder(path, [study]).looked_through(key)
    try:
        return StoredRuns(parts, study.replications)
    except (KeyError, ValueError, Damaged) as error:
        what = f"{len(damaged)} of its parts are damaged" if damaged else "some of its replications are missing"
        wanted = f"{what}: the same command again makes them: {command}"
        raise BadInput([Fault(str(path), study.label, wanted)]) from error


def together(folders: Sequence[Reopened]) -> dict[str, Result]:
    """The results of several folders by label, with the folder's name before it where labels would be alike.

    BadInput where they are of several versions of the program, or two folders have the same name and label.
    """
    labels = [label for folder in folders for label in folder.results]
    found: dict[str, Result] = {}
    faults = []
    for folder in folders:
        if folder.sources != folders[0].sources:
            wanted = f"was made by another version of the program than {folders[0].path}: run it again"
            faults.append(Fault(str(folder.path), "", wanted))
        for label, result in folder.results.items():
            name = f"{folder.path.resolve().name}: {label}" if labels.count(label) > 1 else label
            if name in found:
                faults.append(Fault(str(folder.path), label, "is there already: wanted folders of different names"))
            found[name] = Result(result.study.model_copy(update={"label": name}), result.runs)
    if faults:
        raise BadInput(faults)
    return found


def baseline_named(results: Mapping[str, Result], name: str) -> str:
    """The label of a baseline, which may be said by its end alone. BadInput where it is of none, or of several."""
    fitting = [label for label in results if label == name] or [label for label in results if label.endswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    wanted = "wanted one of " if not fitting else "fits several of "
    raise BadInput([Fault("baseline", name, wanted + "; ".join(results), nearest(name, list(results)))])
