"""What a command line says beside its overrides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from sim.faults import BadInput, Fault, nearest, shown

if TYPE_CHECKING:
    from sim.executors import Workers
    from sim.policies import Policy
    from sim.study import Study

MOST_WORKERS = 1024
_HOURS = re.compile(r"\d{1,6}(\.\d{1,6})?")
_ADDRESS = re.compile(r"(tcp|tls)://[A-Za-z0-9.:_\[\]-]{1,255}:\d{1,5}")
MOST_HOURS = 100_000.0
FLAGS = ("-m", "--multirun", "--cfg", "--help", "-h", "--dry-run", "--plugin")
_FLAGS = {"-m": "multirun", "--multirun": "multirun", "-h": "help", "--help": "help", "--dry-run": "dry_run"}
_FORESEEING = ("--dry-run", "memory", "hours")


@dataclass(frozen=True)
class Options:
    """``out`` and ``workers`` say where and how, the overrides say what; ``given`` is the whole command line.

    ``memory``: bytes that it may take, None where it goes by what there is; ``hours`` that it may last.

    ``faults`` are those of all but the overrides: :func:`asked` tells them together with those.
    """

    given: tuple[str, ...]
    overrides: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    multirun: bool = False
    help: bool = False
    cfg: bool = False
    out: Path | None = None
    workers: Workers | None = None
    dry_run: bool = False
    memory: float | None = None
    hours: float = 24.0


def parsed(arguments: Sequence[str], *, foresees: bool = False) -> Options:
    """The options of a command line, and what is wrong with them.

    ``foresees``: of a program that says what it will take, and takes ``--dry-run``, ``memory`` and ``hours``.
    """
    faults: list[Fault] = []
    overrides: list[str] = []
    found: dict[str, object] = {}
    rest = list(arguments)
    plugins: list[str] = []
    while rest:
        word = rest.pop(0)
        name, _, value = word.partition("=")
        if name in _FORESEEING and not foresees:
            faults.append(Fault(name, "", "is for motcua run, province, search and select"))
        elif name in _SAID:
            found[name] = _SAID[name](value, faults)
        elif word in _FLAGS:
            found[_FLAGS[word]] = True
        elif name == "--cfg":
            kind = value or (rest.pop(0) if rest else "")
            found["cfg"] = True
            faults += [Fault("--cfg", repr(kind), "wanted --cfg job")] if kind != "job" else []
        elif name == "--plugin":
            plugins.append(value or (rest.pop(0) if rest else ""))
        elif word.startswith("-"):
            faults.append(Fault(word, "", f"wanted one of {', '.join(FLAGS)}", nearest(word, FLAGS)))
        else:
            overrides.append(word)
    _hold(plugins, faults)
    return Options(tuple(arguments), tuple(overrides), tuple(faults), **found)  # type: ignore[arg-type]


def _hold(files: Sequence[str], faults: list[Fault]) -> None:
    """Makes the policies of some files known until the program ends, see experiments.ending."""
    if not files:
        return
    from sim.door.plugins import plugin
    from sim.policies.known import hold

    found: dict[str, type[Policy]] = {}
    for file in files:
        try:
            more = plugin(Path(file).expanduser()) if file else {}
        except BadInput as error:
            faults.extend(error.faults)
            continue
        faults += [] if file else [Fault("--plugin", "", "wanted a file after it: --plugin FILE.py")]
        faults += [Fault(f"--plugin {file}", "", f"defines {name} again") for name in more if name in found]
        found.update(more)
    hold(found)


def words(options: Options, choices: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], Options]:
    """What a program's own words ``NAME=CHOICE`` say, the first choice unless given, and the options without them."""
    found = {name: known[0] for name, known in choices.items()}
    faults, rest = list(options.faults), []
    for word in options.overrides:
        name, _, value = word.partition("=")
        if name not in choices:
            rest.append(word)
        elif value in choices[name]:
            found[name] = value
        else:
            wanted = f"wanted one of {', '.join(choices[name])}"
            faults.append(Fault(name, repr(value), wanted, nearest(value, choices[name])))
    return found, replace(options, overrides=tuple(rest), faults=tuple(faults))


def asked(options: Options) -> list[Study]:
    """The studies that a command line asks for. Raises BadInput with all faults of all its words."""
    from sim.door import studies

    try:
        found = studies(options.overrides, multirun=options.multirun)
    except BadInput as error:
        raise BadInput([*options.faults, *error.faults]) from None
    if options.faults:
        raise BadInput(options.faults)
    return found


def one_run(options: Options, why: str = "") -> list[Fault]:
    """What is wrong with the options of a program that has neither sweeps nor ``--cfg``, ``why`` it has none."""
    if not (options.multirun or options.cfg):
        return list(options.faults)
    said = f"is for motcua run{f': {why}' if why else ''}"
    return [*options.faults, Fault("-m" if options.multirun else "--cfg", "", said)]


def the_one(options: Options) -> Study:
    """The one study that is asked for. Raises BadInput with all faults."""
    studies = asked(replace(options, faults=tuple(one_run(options))))
    if len(studies) > 1:
        raise BadInput([Fault("+experiment", "", f"wanted one scenario, here are {len(studies)}")])
    return studies[0]


def the_one_judged(options: Options) -> Study:
    """The one study that is asked for, with targets that can be paired. Raises BadInput with all faults."""
    study = the_one(options)
    from sim.assumptions.trials import unfit_targets

    faults = unfit_targets(study)
    if faults:
        raise BadInput(faults)
    return study


def folder(value: str, faults: list[Fault], key: str = "out") -> Path | None:
    """The folder that ``out``, or another key, names, or None and a fault."""
    if not value or not value.isprintable():
        faults.append(Fault(key, shown(value), "wanted a folder: out=DIR" if key == "out" else "wanted a folder"))
        return None
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        faults.append(Fault(key, value, str(error)))
        return None


def _memory(value: str, faults: list[Fault]) -> float | None:
    from experiments.room import bytes_of

    size = inf if value == "none" else bytes_of(value)
    if size is None:
        faults.append(Fault("memory", shown(value), "wanted an amount, such as memory='8 GB', or none"))
    return size


def _hours(value: str, faults: list[Fault]) -> float:
    if value == "none":
        return inf
    if _HOURS.fullmatch(value) and 0 < float(value) <= MOST_HOURS:
        return float(value)
    faults.append(Fault("hours", shown(value), f"wanted a number above 0, up to {MOST_HOURS:,.0f}, or none"))
    return inf


def _workers(value: str, faults: list[Fault]) -> Workers | None:
    if value.isascii() and value.isdecimal() and len(value) <= 4 and 1 <= int(value) <= MOST_WORKERS:
        return int(value)
    if _ADDRESS.fullmatch(value):
        return value
    from sim.door.launches import launch, shipped

    if value in shipped() or value.endswith(".yaml"):
        try:
            return launch(value)
        except BadInput as error:
            faults.extend(error.faults)
            return None
    here, there = f"wanted 1 to {MOST_WORKERS}", "the address of a scheduler, tcp://HOST:PORT or tls://HOST:PORT"
    wanted = f"{here}, {there}, or a launch config: {', '.join(shipped())} or PATH.yaml"
    faults.append(Fault("workers", repr(value), wanted))
    return None


_SAID: dict[str, Callable[[str, list[Fault]], object]] = {
    "out": folder,
    "workers": _workers,
    "memory": _memory,
    "hours": _hours,
}
