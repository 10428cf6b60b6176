"""What the command line of ``motcua new`` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.faults import BadInput, Fault, nearest, shown

FIRST = "mine.yaml"
FORCE = "--force"
WORDS = (FORCE, "--help", "-h", "tally", "center")
ENDINGS = (".yaml", ".yml")
USAGE = "\n".join(
    (
        "motcua new [OUT.yaml] [--force]",
        "motcua new tally=FILE.csv [tally=FILE.csv …] center=MINE.yaml [OUT.yaml] [--force]",
        "",
        "The first asks ten questions about your center, on the terminal or from lines of standard input, and writes",
        f"OUT.yaml ({FIRST}): a scenario in which every number is marked as your own (O) or assumed (A). Beside it",
        "OUT_tally.pdf to print, for 30 visits to time with a watch, and OUT_tally.csv to type them into.",
        "",
        "The second reads the filled sheets, one of each day, and writes what they measure, with its interval, into",
        "OUT.yaml (MINE_measured.yaml). OUT.yaml may be MINE.yaml itself, with --force.",
        "",
        f"{FORCE}: replace a scenario or a printed sheet that exists; what is filled in is never replaced.",
        "",
        "Exit codes: 0 done, 2 bad input or no more of it, 3 cannot write there, 4 disk full, 130 interrupted.",
        "",
        "Examples:",
        "  motcua new cam_duong.yaml",
        "  motcua new cam_duong.yaml < answers.txt",
        "  motcua new tally=cam_duong_tally.csv center=cam_duong.yaml",
    )
)


@dataclass(frozen=True)
class Options:
    """``out`` is the scenario to write; ``tally`` the filled sheets, none to ask; ``center`` what they measure."""

    out: Path
    force: bool = False
    tally: tuple[Path, ...] = ()
    center: Path = Path(FIRST)


def parsed(arguments: Sequence[str]) -> Options:
    """The options of a command line. Raises BadInput with all its faults."""
    faults: list[Fault] = []
    outs: list[Path] = []
    sheets: list[Path] = []
    centers: list[Path] = []
    for word in arguments:
        name, equals, value = word.partition("=")
        if word == FORCE:
            continue
        if name == "tally" and equals:
            sheets.append(_path(name, value, (".csv",), faults))
        elif name == "center" and equals:
            centers.append(_path(name, value, ENDINGS, faults))
        elif word.startswith("-") or not word.endswith(ENDINGS):
            faults.append(Fault(word, "", f"wanted OUT.yaml or one of {', '.join(WORDS)}", nearest(name, WORDS)))
        else:
            outs.append(_path("OUT.yaml", word, ENDINGS, faults))
    faults += _several("OUT.yaml", outs) + _several("center", centers) + _together(sheets, centers)
    if faults:
        raise BadInput(faults)
    center = (centers or [Path(FIRST)])[0]
    out = (outs or [center.with_name(f"{center.stem}_measured.yaml") if sheets else Path(FIRST)])[0]
    return Options(out, FORCE in arguments, tuple(sheets), center)


def _path(name: str, value: str, endings: tuple[str, ...], faults: list[Fault]) -> Path:
    if not value.endswith(endings) or not value.isprintable():
        faults.append(Fault(name, shown(value), f"wanted a file {' or '.join(f'NAME{one}' for one in endings)}"))
        return Path(FIRST)
    return Path(value)


def _several(name: str, paths: list[Path]) -> list[Fault]:
    return [Fault(name, ", ".join(map(str, paths)), "wanted one")] if len(paths) > 1 else []


def _together(sheets: list[Path], centers: list[Path]) -> list[Fault]:
    if sheets and not centers:
        return [Fault("tally", str(sheets[0]), "wanted the scenario that it measures beside it: center=MINE.yaml")]
    if centers and not sheets:
        return [Fault("center", str(centers[0]), "wanted the filled sheet beside it: tally=FILE.csv")]
    return []
