"""Commands that go on from here, quoted for the shell and for the grammar of overrides."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9_./-]+", re.ASCII)


def center_override(path: Path) -> str:
    """The override that chooses a file, as the program gets it."""
    text = str(path)
    if _PLAIN.fullmatch(text):
        return f"center={text}"
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', text)
    return f'center="{escaped}"'


def run_command(path: Path) -> str:
    """The command that judges a file."""
    return f"motcua run {shlex.quote(center_override(path))}"


def tally_command(sheet: Path, center: Path) -> str:
    """The command that measures it with a filled sheet."""
    return f"motcua new {shlex.quote(f'tally={sheet}')} {shlex.quote(f'center={center}')}"
