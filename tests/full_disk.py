"""A disk that fills up at a chosen write: half of the file is there when the system's own error comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim import folder, writing

DEVICE = Path("/dev/full")
Chosen = Callable[[int, Path], bool]


def fills_up(monkeypatch: pytest.MonkeyPatch, chosen: Chosen) -> list[str]:
    """From now on no folder has room for the writes that are chosen, by their number and path; their names so far."""
    seen: list[str] = []

    def put(path: Path, write: Callable[[Path], Any]) -> None:
        seen.append(path.name)
        last = len(seen)

        def full(beside: Path) -> None:
            write(beside)
            content = beside.read_bytes()
            beside.write_bytes(content[: len(content) // 2])
            with DEVICE.open("wb") as device:
                device.write(content or b"0")

        writing.put(path, full if chosen(last, path) else write)

    monkeypatch.setattr(folder, "put", put)
    return seen
