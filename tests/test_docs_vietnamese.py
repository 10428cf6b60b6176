"""The quick start in Vietnamese: its questions, columns and verdicts are those of the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from experiments.new.questions import QUESTIONS, opening_sketch
from experiments.table import figures_heads
from sim.scenario import Scenario
from tests.pages import DOCS, ROOT

PAGE = (DOCS / "vi" / "index.md").read_text(encoding="utf-8")
CATALOG = ROOT / "sim" / "report" / "page" / "assets" / "vi" / "page.toml"


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of the first table below a heading."""
    below = PAGE.split(f"# {heading}\n")[1]
    table = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
    assert table
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table[0].splitlines()[2:]]


def test_each_question_has_a_row_whose_answers_it_takes() -> None:
    told = rows("Mười câu hỏi")
    assert [row[0] for row in told] == [str(nth) for nth in range(1, len(QUESTIONS) + 1)]
    sketch = opening_sketch("x")
    for question, (_, _, answers) in zip(QUESTIONS, told, strict=True):
        taken = [question.take(sketch, answer) for answer in re.findall("`(.+?)`", answers)]
        assert taken
        sketch = taken[-1]
    assert sketch.own >= {"people", "dossiers", "mix", "officials", "counters", "hours", "lunch", "signing"}


def test_each_column_of_the_table_has_a_row() -> None:
    currency = Scenario.model_fields["money"].default.currency
    told = [row[0].strip("`") for row in rows("Cách đọc bảng trên màn hình")]
    assert told == ["scenario", *figures_heads(currency)]


def test_verdicts_are_in_the_words_of_the_page() -> None:
    words = tomllib.loads(Path(CATALOG).read_text(encoding="utf-8"))["verdict"]
    verdicts = next(row[1] for row in rows("Cách đọc bảng trên màn hình") if row[0] == "`verdict`")
    assert all(f"`{name}` {word}" in verdicts for name, word in words.items())
    assert {words["met"], words["missed"], words["undecided"]} <= {row[0] for row in rows("Cách đọc trang kết quả")}
