"""What the documentation says to type runs, and prints what the page shows.

What is shown in ``console`` blocks is written anew by ``MOTCUA_WRITE_DOCS=1`` before pytest. In ``sh`` blocks nothing
is shown, and runs are shortened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.__main__ import PROGRAMS
from tests.pages import (
    DOCS,
    ROOT,
    Shown,
    as_shown,
    blocks,
    fewer,
    named_within,
    not_run,
    printed,
    run,
    shortening,
    shown,
)

VIETNAMESE = ROOT / "README.vi.md"
RUN_ELSEWHERE = {"cluster.md", "fit.md"}  # on other machines, and on a log that does not ship
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.relative_to(DOCS).as_posix() not in RUN_ELSEWHERE)

PAGE = """
```console
$ motcua way
a.png
…
$ motcua load
```

```{code-block} text
:caption: answers.txt

ward
```

Type `motcua run` or

    motcua run center=a
    motcua run workers=HOST

```
motcua run center=b
```

~~~sh
$ motcua run center=c
~~~

1. In a list:

   ```sh
   motcua run center=d
   ```

```{code-block} sh
:caption: e.sh

motcua run center=e
```
"""


def test_what_is_in_a_page() -> None:
    console, answers, script = blocks(PAGE)
    assert shown(console) == [Shown("motcua way", ["a.png", "…"]), Shown("motcua load", [])]
    assert answers == ("text", "answers.txt", "ward\n")
    assert script.file == "e.sh"
    assert {line.split("=")[1] for line in not_run(PAGE)} == {"a", "b", "c", "d", "e"}
    assert named_within(PAGE) == {"run"}


def test_commands_that_differ_in_replications_differ_when_they_are_short() -> None:
    shorter = fewer("motcua run replications=20\nmotcua run replications=10\nmotcua run replications=5000 --dry-run")
    assert shorter == {10: 2, 20: 3, 5000: 4}
    assert shortening(["run", "replications=10"], shorter) == ("days=9", "replications=2", "replications=2")
    assert shortening(["run", "replications=20"], shorter)[-1] == "replications=3"
    assert shortening(["run"], shorter) == ("days=9", "replications=2")
    assert shortening(["run", "--dry-run", "replications=5000"], shorter) == ()


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ([], ["a", "b", "", "c"]),
        (["x", "y"], ["a", "b", "", "c"]),
        (["x", "…"], ["a", "…"]),
        (["x", "…", "y"], ["a", "…", "c"]),
        (["…", "y"], ["…", "c"]),
    ],
)
def test_what_a_page_leaves_out(page: list[str], wanted: list[str]) -> None:
    assert as_shown("a \nb\n\nc\n", page) == wanted


@pytest.mark.parametrize("path", [*PAGES, VIETNAMESE], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_to_type_is_left_unrun(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not not_run(text if path != VIETNAMESE else fenced(text))


@pytest.mark.parametrize("path", [*DOCS.rglob("*.md"), VIETNAMESE, ROOT / "README.md"], ids=lambda path: path.name)
def test_commands_named_in_prose_are_of_programs_that_are_there(path: Path) -> None:
    assert named_within(path.read_text(encoding="utf-8")) <= {*PROGRAMS, "--help", "--version"}


def fenced(text: str) -> str:
    """The README's indented commands as the blocks of a page, their comments dropped."""
    return re.sub(r"^    (motcua [^#\n]*).*$", r"```sh\n\1\n```", text, flags=re.MULTILINE)


def runs() -> Iterator[Any]:
    """Pages with something to run."""
    for path in (*PAGES, VIETNAMESE):
        text = fenced(path.read_text(encoding="utf-8")) if path == VIETNAMESE else path.read_text(encoding="utf-8")
        if {"sh", "console", "python"} & {block.language for block in blocks(text) if not block.file}:
            name = path.relative_to(ROOT).with_suffix("").as_posix()
            yield pytest.param(path, text, id=name)


def test_the_columns_of_result_files_are_those_that_are_written(tmp_path: Path) -> None:
    words = "run -m center=phuc_hoa policy=none,guidance_desk days=9 replications=2 visits=true out=x"
    run(["-m", "experiments", *words.split()], tmp_path)
    text = (DOCS / "reference" / "files.md").read_text(encoding="utf-8")
    first, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    there = {one.name + "/" * one.is_dir() for one in (tmp_path / "x").iterdir()}
    assert set(re.findall(r"^\| `(.*?)` \|", first, re.MULTILINE)) == there
    tables = {name for name in there if name.endswith((".csv", ".parquet"))}
    assert {part.partition("\n")[0] for part in parts} == tables
    for part in parts:
        name = part.partition("\n")[0]
        rows = re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
        told = {column for row in rows for column in re.findall(r"`(\w+)`", row)}
        path = tmp_path / "x" / name
        frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
        assert told == set(frame.columns), name


@pytest.mark.slow
@pytest.mark.parametrize(("path", "text"), list(runs()))
def test_what_a_page_says_to_type_runs(path: Path, text: str, tmp_path: Path) -> None:
    for block in blocks(text):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            for line in block.text.splitlines():
                printed(line.partition("  #")[0], tmp_path, fewer(text))
        elif block.language == "python":
            run(["-c", block.text], tmp_path)
        elif block.language == "console":
            for one in shown(block):
                compared(path, one, tmp_path)


def compared(path: Path, one: Shown, folder: Path) -> None:
    """That a command prints what its page shows, which is written anew where that is asked for."""
    wanted = as_shown(printed(one.command, folder), one.lines)
    if "MOTCUA_WRITE_DOCS" in os.environ:
        old, new = ("\n".join([f"$ {one.command}", *lines, ""]) for lines in (one.lines, wanted))
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return
    assert one.lines == wanted, f"{path.name}: $ {one.command}"
