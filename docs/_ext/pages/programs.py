"""The command line, and the notebooks."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from experiments import run
from experiments.__main__ import PROGRAMS, main

from .markdown import block, plain, table

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
_CODE = re.compile(r"^(\d+|[\d, and]+) (.+)$", re.DOTALL)
_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)


def programs() -> str:
    """Each program with what its ``--help`` prints."""
    lines = [block(said([])), ""]
    for name, what in PROGRAMS.items():
        lines += [f"(program-{name})=", f"## motcua {name}", "", plain(f"{what[0].upper()}{what[1:]}."), ""]
        lines += [block(said([name, "--help"])), ""]
    return "\n".join(lines)


def said(words: list[str]) -> str:
    """What ``motcua`` prints for some words. RuntimeError where it does not end well."""
    with redirect_stdout(StringIO()) as out:
        code = main(words or ["--help"])
    if code:
        raise RuntimeError(f"motcua {' '.join(words)} ends with {code}")
    return out.getvalue()


def exit_codes() -> str:
    """Those of ``motcua run``, as its module says them; other programs have those of them that can befall them."""
    text = inspect.getdoc(run) or ""
    listed = " ".join(text.split("Exit codes: ")[1].split()).rstrip(".")
    rows = [[f"`{found[1]}`", plain(found[2])] for one in listed.split("; ") if (found := _CODE.match(one))]
    return table(["exit code", "what it says"], rows)


def notebooks() -> str:
    """All notebooks, those that come later too: words as words, code as code."""
    return "\n\n".join("\n\n".join(_cells(path)) for path in sorted(NOTEBOOKS.glob("*.py")))


def _cells(path: Path) -> Iterator[str]:
    _, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    for number, (kind, text) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        if "[markdown]" not in kind:
            yield f"```python\n{text.strip()}\n```"
            continue
        words = "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.strip().splitlines())
        yield re.sub(r"^#", "##", words, flags=re.MULTILINE)
        if not number:
            yield f"The file is `notebooks/{path.name}`."
