"""How much memory there is for a program, and amounts of it in words."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from math import inf
from pathlib import Path

UNITS = {"kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
GROUPS = Path("/sys/fs/cgroup")
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?(kB|MB|GB|TB)", re.IGNORECASE)


def bytes_of(said: str) -> float | None:
    """The bytes that "8 GB" or "500MB" says; None where it says none."""
    match = _AMOUNT.fullmatch(said)
    found = float(match[1]) * {name.lower(): size for name, size in UNITS.items()}[match[2].lower()] if match else 0.0
    return found or None


def in_words(size: float) -> str:
    """An amount with two digits or three: "0.72 GB", "18 MB"."""
    name = next((name for name, unit in UNITS.items() if size < 500 * unit), "TB")
    return f"{size / UNITS[name]:.2g} {name}" if size / UNITS[name] < 100 else f"{size / UNITS[name]:.0f} {name}"


def available() -> float:
    """Bytes that may be taken: those that are free, and at most what the control group of the process permits."""
    return min(_free(), *(_limit(path) for path in _limits()), inf)


def _free() -> float:
    with suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
        return float(found["MemAvailable"][0]) * 1024 if "MemAvailable" in found else inf
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return inf


def _limits() -> list[Path]:
    """Where the limits of this process's control group, and of those around it, are written: versions 2 and 1."""
    own = ["/"]
    with suppress(OSError):
        text = Path("/proc/self/cgroup").read_text(encoding="utf-8")
        own += [line.split(":", 2)[2] for line in text.splitlines() if line.count(":") >= 2]
    around = {parent for name in own for parent in (Path(name), *Path(name).parents)}
    inside = [str(path).lstrip("/") for path in sorted(around)]
    return [
        *(GROUPS / path / "memory.max" for path in inside),
        *(GROUPS / "memory" / path / "memory.limit_in_bytes" for path in inside),
    ]


def _limit(path: Path) -> float:
    """What a file of a control group says, infinite where there is none or it limits nothing."""
    try:
        return float(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return inf
