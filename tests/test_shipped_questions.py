"""The questions that ship: each README has its form, its commands run, and its figures are those that they give.

Below a command stand what it prints, in a block, where "…" is what is left out, and tables from its CSV files: the
first cell names the file, the others a metric, and each row has a scenario's label, keys by their last parts. A picture
is one of the charts.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from experiments.options import asked, parsed, words
from experiments.province import province_of
from experiments.run import ASSUMPTIONS, main
from experiments.table import table
from sim import simulate
from sim.door.groups import groups
from tests.test_readme import ROOT, run

READMES = sorted((ROOT / "experiments").glob("*/README.md"))
PARTS = (
    "**Claim.**",
    "**Decision rule, fixed before the runs.**",
    "**Result.**",
    "**What it does not show.**",
    "**How long it takes.**",
)
QUICK = ["days=9", "replications=2"]
ASSUMED = {ASSUMPTIONS: ("yes", "no")}
LEFT_OUT, UNCLEAR, RISK = "…", "(not distinguishable)", 0.05
PICTURE = re.compile(r"!\[[^\]]+\]\((.+?)\)")
FIGURE = re.compile(r"\d+\.\d+")
MOST_BYTES = 200_000


@dataclass
class Shown:
    """What a README shows of a command: lines that it prints, and rows of tables, each under the head of its table."""

    command: str
    printed: list[str] = field(default_factory=list)
    rows: list[tuple[list[str], list[str]]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Its arguments, the program's name first."""
        return shlex.split(self.command)[1:]


def cells(line: str) -> list[str]:
    """The cells of a row of a table, without the ticks of code."""
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split(" | ")]


def shown(text: str) -> list[Shown]:
    """The commands of a README in order, and what is shown of each."""
    found: list[Shown] = []
    in_block, head = False, None
    for line in text.splitlines():
        if line.startswith("    motcua ") and not in_block:
            found.append(Shown(line.strip()))
        elif line.startswith("```"):
            in_block = not in_block
        elif in_block:
            found[-1].printed.append(line)
        elif line.startswith("| "):
            head = head or cells(line)
            found[-1].rows += [(head, cells(line))] if cells(line) != head else []
        head = head if line.startswith("|") else None
    return found


def is_named(label: str, said: str) -> bool:
    """Whether a row means this scenario: "up.mean=9" is enough of "network.outages.center.up.mean=9"."""
    parts, short = label.split(" · "), said.split(" · ")
    return len(parts) == len(short) and all(
        f".{part}".endswith(f".{one}") for part, one in zip(parts, short, strict=False)
    )


def texts() -> Iterator[tuple[str, str]]:
    for path in READMES:
        yield path.parent.name, path.read_text(encoding="utf-8")


COMMANDS = [pytest.param(one, id=f"{name}-{n}") for name, text in texts() for n, one in enumerate(shown(text), 1)]


@pytest.mark.parametrize("path", READMES, ids=[path.parent.name for path in READMES])
def test_a_question_has_its_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [part for part in PARTS if part in text] == list(PARTS)
    assert [text.index(part) for part in PARTS] == sorted(text.index(part) for part in PARTS)
    assert any(one.printed for one in shown(text))
    pictures = PICTURE.findall(text)
    assert pictures
    assert all(0 < (path.parent / picture).stat().st_size < MOST_BYTES for picture in pictures)


@pytest.mark.parametrize("path", READMES, ids=[path.parent.name for path in READMES])
def test_what_is_said_of_the_result_is_shown(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rule, _, after = text.partition(PARTS[2])
    said, there = after.partition(PARTS[3])[0], shown(text)
    prose = re.sub(r"```.*?```", "", said, flags=re.DOTALL).splitlines()
    figures = {n for line in prose if not line.startswith(("|", "    ")) for n in FIGURE.findall(line)}
    in_tables = [cell for one in there for head, row in one.rows for cell in (*head, *row)]
    in_commands = [word for one in there for word in one.words]
    given = "\n".join([rule, *(line for one in there for line in one.printed), *in_tables, *in_commands])
    assert figures <= set(FIGURE.findall(given)), sorted(figures - set(FIGURE.findall(given)))


def test_every_experiment_that_can_be_chosen_has_its_readme() -> None:
    asked = {word for _, text in texts() for one in shown(text) for word in one.words if word.startswith("+experiment")}
    assert {f"+experiment={name}" for name in groups()["experiment"]} <= asked
    assert {name for name, _ in texts()} >= set(groups()["experiment"])


def test_help_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert [one for one in groups()["experiment"] if f"motcua run +experiment={one}\n" not in said] == []


@pytest.mark.parametrize("one", [one for one in COMMANDS if one.values[0].words[0] == "run"])  # type: ignore[union-attr]
def test_the_command_runs(one: Shown) -> None:
    """Its scenarios are told apart, rows of what is shown are theirs, and the first and the last run, shortened."""
    found = asked(words(parsed([*one.words[1:], *QUICK]), ASSUMED)[1])
    labels = {study.label for study in found}
    assert len(labels) == len(found) > 1
    assert [row[0] for _, row in one.rows if sum(is_named(label, row[0]) for label in labels) != 1] == []
    ends = {study.label: simulate(study) for study in (found[0], found[-1])}
    assert all(result.study.base.name in table(ends, {}) for result in ends.values())
    assert one.printed or one.rows


@pytest.mark.parametrize("one", [one for one in COMMANDS if one.values[0].words[0] == "place"])  # type: ignore[union-attr]
def test_the_placement_is_one(one: Shown) -> None:
    """Its centers and how officials are lent; the command itself is run where the project's README is tested."""
    given = [word for word in one.words[1:] if not word.startswith("count=")]
    table_of, centers = province_of(parsed(given), ["policy=secondment"])
    assert (table_of, len(centers)) == ("dien_bien", 45)
    assert one.printed


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, _ in texts()])
def test_the_commands_give_what_is_shown(name: str, tmp_path: Path) -> None:
    """As they are written: every line of a block, every figure of a table, and every picture."""
    text = dict(texts())[name]
    made: set[bytes] = set()
    for number, one in enumerate(shown(text)):
        folder = tmp_path / str(number)
        done = run(["-m", "experiments", *one.words, f"out={folder}"], tmp_path, timeout=3600)
        assert done.returncode == 0, done.stderr
        printed = iter(done.stdout.splitlines())
        assert [line for line in one.printed if line and line != LEFT_OUT and line not in printed] == []
        assert [fault for head, row in one.rows for fault in wrong(folder, head, row)] == []
        made |= {chart.read_bytes() for chart in folder.glob("charts/*.png")}
    for picture in PICTURE.findall(text):
        assert (ROOT / "experiments" / name / picture).read_bytes() in made, picture


def wrong(folder: Path, head: list[str], row: list[str]) -> Iterator[str]:
    """The cells of a row that are not what the file has, rounded as the cell is."""
    with (folder / head[0]).open(encoding="utf-8", newline="") as file:
        lines = [one for one in csv.DictReader(file) if is_named(one.get("scenario") or one["way"], row[0])]
    for metric, cell in zip(head[1:], row[1:], strict=True):
        line = next(line for line in lines if line["metric"] == metric and line.get("scope", "all") == "all")
        scale = 100 if "%" in cell else 1e-6 if " M" in cell else 1
        shown_here = re.findall(r"[-+]?\d+(?:\.\d+)?", cell)
        there = [
            float(line[key] or "nan") * scale for key in ("difference", "estimate", "lower", "upper") if key in line
        ]
        places = [len(figure.partition(".")[2]) for figure in shown_here]
        if [f"{figure:.{n}f}" for figure, n in zip(there, places, strict=False)] != [f.lstrip("+") for f in shown_here]:
            yield f"{row[0]}, {metric}: {cell}, in the file {there}"
        if "p_adjusted" in line and (float(line["p_adjusted"]) >= RISK) != (UNCLEAR in cell):
            yield f"{row[0]}, {metric}: {cell}, adjusted p-value {line['p_adjusted']}"
