"""What the command line of ``motcua bench`` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.faults import BadInput, Fault, shown, unknown

TITLES = {
    "mm1": "M/M/1, load 0.9, every wait recorded",
    "mm12": "M/M/12, load 0.85, every wait recorded",
    "day": "the service-center day, a record of every visit",
    "month": "a month of Cam Đường as it is today",
    "province": "Lâm Đồng's 124 centers as separate plans and in one run, metrics only",
    "country": "every center a service-center day of 80 citizens, metrics only, wall time",
    "memory": "one center of 80 citizens a day, metrics only",
    "sweep": "replications of two weeks of Phục Hòa, kept in a folder of results, one thread",
}
NUMBERS = {"rounds": 5, "customers": 1_000_000, "days": 250, "months": 20, "centers": 3321, "replications": 10_000}
MOST, MOST_CENTERS = 10_000_000, 4096
USAGE = "\n".join(
    (
        "motcua bench [models=NAME,NAME] [rounds=5] [customers=1000000] [days=250] [months=20] [centers=3321]",
        "             [replications=10000] [script=FILE] [out=DIR]",
        "",
        "CPU time of the engines beside other programs, in turns, each mean wait checked. Models:",
        *(f"  {name:8} {title}" for name, title in TITLES.items()),
        "",
        "customers, days, months: how much a fast program does in a round of a queue, the day (also the province), the",
        "month; slow ones do less. centers: of the country, at most 4096. replications: of the sweep.",
        "script: a program for the day with draws(days, seed) and simulate(days, draws); its draws are not timed.",
    )
)


@dataclass(frozen=True)
class Options:
    """``customers``, ``days`` and ``months`` are the sizes of a fast program's round."""

    models: tuple[str, ...] = tuple(TITLES)
    rounds: int = NUMBERS["rounds"]
    customers: int = NUMBERS["customers"]
    days: int = NUMBERS["days"]
    months: int = NUMBERS["months"]
    centers: int = NUMBERS["centers"]
    replications: int = NUMBERS["replications"]
    script: Path | None = None
    out: Path = Path("results/bench")


def parsed(arguments: Sequence[str]) -> Options:
    """The options of a command line. Raises BadInput with all its faults."""
    faults: list[Fault] = []
    found: dict[str, object] = {}
    for word in arguments:
        name, _, value = word.partition("=")
        match name:
            case "rounds" | "customers" | "days" | "months" | "replications":
                found[name] = _number(name, value, MOST, faults)
            case "centers":
                found[name] = _number(name, value, MOST_CENTERS, faults)
            case "models":
                found[name] = _models(value, faults)
            case "script":
                found[name] = _script(value, faults)
            case "out":
                found[name] = _folder(value, faults)
            case _:
                faults.append(unknown(word, name, Options.__dataclass_fields__, "option"))
    if faults:
        raise BadInput(faults)
    return Options(**found)  # type: ignore[arg-type]


def _number(name: str, value: str, most: int, faults: list[Fault]) -> int:
    if value.isascii() and value.isdecimal() and 0 < int(value) <= most:
        return int(value)
    faults.append(Fault(name, repr(value), f"wanted a whole number from 1 to {most}"))
    return 1


def _models(value: str, faults: list[Fault]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.split(",")))
    faults += [unknown(f"models={name}", name, TITLES, "model") for name in names if name not in TITLES]
    return names


def _script(value: str, faults: list[Fault]) -> Path:
    if not Path(value).is_file():
        faults.append(Fault("script", shown(value), "wanted a Python file, there is none"))
    return Path(value)


def _folder(value: str, faults: list[Fault]) -> Path:
    if not value or (Path(value).exists() and not Path(value).is_dir()):
        faults.append(Fault("out", shown(value), "wanted a folder: out=DIR"))
    return Path(value)
