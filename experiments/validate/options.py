"""What the command line of ``motcua validate`` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.options import folder
from sim.faults import BadInput, Fault, shown, unknown

PARTS = {
    "theory": "textbook queues against what queueing theory says exactly",
    "published": "figures that others have printed, with their parameters",
    "observed": "what was seen at each center, against its scenario",
}
LONG = {
    "coverage": "how often stated intervals hold the true value, of every kind of figure (minutes)",
    "alike": "how often a scenario is said to differ from itself when looks are added (minutes)",
    "selected": "how often the best of several ways of running a center is selected (minutes)",
}
"""Only where they are asked for."""
LEAST, MOST = 39, 100_000
LEAST_STUDIES = 20
STUDIES = {"coverage": 1000, "alike": 1000, "selected": 500}
SEEDS = 4_000_000_000
USAGE = "\n".join(
    (
        "motcua validate [center=NAME|PATH.yaml] [parts=NAME,NAME] [replications=199] [seed=1]",
        "                [studies=N] [out=DIR]",
        "",
        "Shows whether the simulator can be believed, and where that is not known. Parts:",
        *(f"  {name:10} {title}" for name, title in PARTS.items()),
        "and, where they are asked for,",
        *(f"  {name:10} {title}" for name, title in LONG.items()),
        "",
        "center: only the observed figures of this scenario, which may be a file of your own with a section observed.",
        f"replications: realizations behind a prediction interval, at least {LEAST}; 199 give 95 % exactly.",
        "studies: of 30 replications each, of each model, in coverage (1000); comparisons in alike (1000); selections",
        "in selected (500).",
        "",
        "Exit codes: 0 done, whatever the verdicts; 2 bad input; 3 cannot write there; 4 disk full.",
        "",
        "Examples:",
        "  motcua validate",
        "  motcua validate center=cam_duong",
        "  motcua validate center=mine.yaml replications=999 seed=7 out=DIR",
        "  motcua validate parts=coverage,alike,selected",
    )
)


@dataclass(frozen=True)
class Options:
    """``center``: None for all shipped ones that describe a place; ``studies``: None for each part's own number."""

    parts: tuple[str, ...] = tuple(PARTS)
    center: str | None = None
    replications: int = 199
    seed: int = 1
    studies: int | None = None
    out: Path = Path("results/validation")

    def studies_of(self, part: str) -> int:
        """How many studies a part has."""
        return self.studies or STUDIES[part]


def parsed(arguments: Sequence[str]) -> Options:
    """The options of a command line. Raises BadInput with all its faults."""
    faults: list[Fault] = []
    found: dict[str, object] = {}
    for word in arguments:
        name, _, value = word.partition("=")
        match name:
            case "replications":
                found[name] = _number(name, value, LEAST, MOST, faults)
            case "studies":
                found[name] = _number(name, value, LEAST_STUDIES, MOST, faults)
            case "seed":
                found[name] = _number(name, value, 0, SEEDS, faults)
            case "center":
                found = {"parts": ("observed",), **found, name: _text(name, value, faults)}
            case "parts":
                found[name] = _parts(value, faults)
            case "out":
                found[name] = _out(value, faults)
            case _:
                faults.append(unknown(word, name, Options.__dataclass_fields__, "option"))
    if faults:
        raise BadInput(faults)
    return Options(**found)  # type: ignore[arg-type]


def _number(name: str, value: str, least: int, most: int, faults: list[Fault]) -> int:
    if value.isascii() and value.isdecimal() and least <= int(value) <= most:
        return int(value)
    faults.append(Fault(name, repr(value), f"wanted a whole number from {least} to {most}"))
    return least


def _text(name: str, value: str, faults: list[Fault]) -> str:
    if not value:
        faults.append(Fault(name, repr(value), "wanted a shipped center, or a file PATH.yaml"))
    return value


def _parts(value: str, faults: list[Fault]) -> tuple[str, ...]:
    names, known = tuple(dict.fromkeys(value.split(","))), {**PARTS, **LONG}
    faults += [unknown(f"parts={name}", name, known, "part") for name in names if name not in known]
    return tuple(name for name in known if name in names)


def _out(value: str, faults: list[Fault]) -> Path:
    out = folder(value, faults) or Path()
    if out.exists() and not out.is_dir():
        faults.append(Fault("out", shown(value), "wanted a folder, here is something else"))
    return out
