"""What a command line says beside its overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.faults import BadInput, Fault, nearest

FLAGS = ("-m", "--multirun", "--cfg", "--help", "-h")


@dataclass(frozen=True)
class Options:
    """``out`` and ``workers`` say where and how, the overrides say what."""

    overrides: tuple[str, ...]
    multirun: bool = False
    help: bool = False
    cfg: bool = False
    out: Path | None = None
    workers: int | None = None


def parsed(arguments: Sequence[str]) -> Options:
    """The options of a command line. Raises BadInput with all faults."""
    faults: list[Fault] = []
    overrides: list[str] = []
    found: dict[str, object] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, _, value = word.partition("=")
        match name:
            case "-m" | "--multirun":
                found["multirun"] = True
            case "-h" | "--help":
                found["help"] = True
            case "--cfg":
                kind = value or (rest.pop(0) if rest else "")
                found["cfg"] = True
                if kind != "job":
                    faults.append(Fault("--cfg", repr(kind), "wanted --cfg job"))
            case "out":
                found["out"] = _folder(value, faults)
            case "workers":
                found["workers"] = _workers(value, faults)
            case _ if word.startswith("-"):
                faults.append(Fault(word, "", f"wanted one of {', '.join(FLAGS)}", nearest(word, FLAGS)))
            case _:
                overrides.append(word)
    if faults:
        raise BadInput(faults)
    return Options(tuple(overrides), **found)  # type: ignore[arg-type]


def _folder(value: str, faults: list[Fault]) -> Path | None:
    if not value or "\0" in value:
        faults.append(Fault("out", repr(value), "wanted a folder: out=DIR"))
        return None
    return Path(value)


def _workers(value: str, faults: list[Fault]) -> int | None:
    if value.isascii() and value.isdecimal() and 1 <= int(value) <= 1024:
        return int(value)
    faults.append(Fault("workers", repr(value), "wanted a number of processes from 1 to 1024"))
    return None
