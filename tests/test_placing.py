"""``motcua place``: stopped and gone on with, damaged, refused; and what its picture says."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import experiments.province
from experiments.place import main
from sim.centers import KEPT
from sim.folder import PARTS, Folder
from sim.intervals import Estimate
from sim.placement import NOBODY, RULES, Lent, Placement, chosen, compared
from sim.provinces import centers_of
from sim.report.placement import bins, officials_placed, signed
from sim.report.style import drawing, title_of
from sim.report.wording import number
from sim.simulations import Simulations

Captured = pytest.CaptureFixture[str]
LONG = "Trung tâm phục vụ hành chính công phường Xuân Hương – Đà Lạt, cơ sở 2 (trụ sở Ủy ban nhân dân cũ)"
TABLE = f'name,per_day,officials,staff.specialists.weak\n"{LONG}",40,4,\nHai,5,4,[land]\n'
QUICK = ["center=phuc_hoa", "days=8", "replications=2", "engine=reference"]
LENT = ["policy.secondment.days=30", "policy.secondment.lender_officials=10"]
FILES = ("placement.csv", "comparison.csv", "charts/placement.png", "charts/placement.svg")
COUNT = 3


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("placing") / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def words(table: Path, out: Path, workers: int = 1, count: int = COUNT) -> list[str]:
    return [f"centers={table}", f"count={count}", *QUICK, *LENT, f"out={out}", f"workers={workers}"]


def parts(out: Path) -> dict[str, int]:
    """When each part was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / PARTS).iterdir()}


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def whole(table: Path) -> Path:
    """In one go."""
    out = table.parent / "whole"
    assert main(words(table, out)) == 0
    return out


def test_what_is_written(whole: Path) -> None:
    frame = pd.read_csv(whole / "placement.csv")
    assert frame.groupby("way")["officials"].sum().to_dict() == {NOBODY: 0, **dict.fromkeys(RULES, COUNT)}
    assert set(frame["center"]) == {LONG, "Hai"}
    changes = pd.read_csv(whole / "comparison.csv")
    assert set(changes["way"]) == set(RULES)
    assert {"wait_mean", KEPT, "cost_per_day"} <= set(changes["metric"])


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block is a replication, so that a study may be half done."""
    monkeypatch.setattr("sim.simulations.DAYS", 8)


@pytest.fixture
def signaled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[signal.Signals]]:
    """Signals to come, each before the fifth of the blocks from the last one on is kept."""
    coming: list[signal.Signals] = []
    keep, kept = Folder.keep, [0]

    def keep_or_stop(folder: Folder, *block: Any) -> None:
        kept[0] += 1
        if coming and kept[0] % 5 == 0:
            os.kill(os.getpid(), coming.pop(0))
        keep(folder, *block)

    monkeypatch.setattr(Folder, "keep", keep_or_stop)
    yield coming
    assert not coming


@pytest.mark.usefixtures("one_by_one")
def test_a_placement_that_was_stopped_goes_on_from_where_it_was(
    table: Path, whole: Path, tmp_path: Path, signaled: list[signal.Signals], capsys: Captured
) -> None:
    """Ctrl-C within a study, then SIGTERM, then to the end by two workers: the same bytes, and nothing done twice."""
    out, before = tmp_path / "out", dict[str, int]()
    for one, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        signaled.append(one)
        assert main(words(table, out)) == code
        assert "stopped: finished replications are kept" in capsys.readouterr().err
        assert parts(out).items() >= before.items()
        assert len(parts(out)) == len(before) + 4
        before = parts(out)
        assert not (out / "placement.csv").exists()
    assert main(words(table, out, workers=2)) == 0
    assert parts(out).items() >= before.items()
    assert len(parts(out)) == 2 * len(parts(whole))
    assert contents(out) == contents(whole)


def test_a_damaged_part_is_told_set_aside_and_done_again(table: Path, whole: Path, capsys: Captured) -> None:
    right, before = contents(whole), parts(whole)
    damaged = whole / PARTS / min(before)
    data = damaged.read_bytes()
    damaged.write_bytes(data[: len(data) // 2])
    assert main(words(table, whole)) == 0
    aside = damaged.with_suffix(".damaged")
    assert f"damaged, set aside and done again: {aside}" in capsys.readouterr().err
    assert damaged.read_bytes() == data
    assert contents(whole) == right
    again = parts(whole)
    assert [name for name in before if again[name] != before[name]] == [damaged.name]
    aside.unlink()


def test_the_folder_refuses_other_commands(table: Path, whole: Path, capsys: Captured) -> None:
    before = contents(whole)
    assert main(words(table, whole, count=2)) == 2
    province = [f"centers={table}", *QUICK, *LENT, "policy=[secondment]", f"out={whole}"]
    assert experiments.province.main(province) == 2
    assert capsys.readouterr().err.count("this one holds the results of another\n") == 2
    assert contents(whole) == before


@pytest.mark.parametrize(
    "wrong", [["count=0"], ["count=2", "policy.secondment.count=3"], [], ["count=20"], ["count=201"]], ids=" ".join
)
def test_what_is_refused_writes_nothing(table: Path, tmp_path: Path, wrong: list[str], capsys: Captured) -> None:
    out = tmp_path / "out"
    assert main([f"centers={table}", *wrong, *QUICK, *LENT, f"out={out}"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not out.exists()
    assert main(["--help"]) == 0


# The picture


@pytest.fixture(scope="module")
def found(table: Path) -> Placement:
    simulations = Simulations({}, workers=1)
    lent = Lent(centers_of(str(table), [*QUICK, "policy=[secondment]", *LENT]), COUNT)
    return compared(lent, chosen(lent, simulations), simulations)


@pytest.fixture(scope="module")
def drawn(found: Placement) -> Figure:
    return officials_placed(found, "$tỉnh_1$")


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def test_the_picture_has_every_way_its_figures_and_the_target(found: Placement, drawn: Figure) -> None:
    words = said(drawn)
    assert title_of(drawn).startswith(f"$tỉnh_1$: {COUNT} officials over 2 centers: ")
    assert words.count("target 15") == 1
    for name, way in found.ways.items():
        assert words.count(name) == (1 if name == NOBODY else 2)
        wait = way.province.totals["wait_mean"].value or 0.0
        assert any(text.startswith(f"{number(wait)} (") for text in words), name
    for one in found.changes():
        if one.metric == "wait_mean":
            assert signed(one.paired.estimate) in words


def test_where_nobody_comes_no_wait_is_said_to_be_0(table: Path) -> None:
    simulations = Simulations({}, workers=1)
    lent = Lent(centers_of(str(table), [*QUICK, "policy=[secondment]", *LENT, "demand=0.0"]), COUNT)
    figure = officials_placed(compared(lent, chosen(lent, simulations), simulations), "Tỉnh")
    assert title_of(figure).endswith("nobody came, so that there is no wait to compare")
    assert said(figure).count("n/a") == 18


def test_what_is_not_told_apart_is_said_and_hollow(found: Placement, drawn: Figure) -> None:
    pairs = [
        (one, found.ways[one.other].given == found.ways[against].given)
        for against in (NOBODY, "equal")
        for one in found.changes(against)
        if one.metric == "wait_mean"
    ]
    same = sum(alike for _, alike in pairs)
    hidden = sum(not alike and not one.is_distinguishable for one, alike in pairs)
    assert said(drawn).count("the same placement") == same
    assert said(drawn).count("not distinguishable") == hidden > 0
    marks = [line for panel in drawn.axes[:4] for line in panel.lines if line.get_marker() == "o"]
    assert sum(mark.get_markerfacecolor() == "white" for mark in marks) == same + hidden
    assert len(marks) == 2 * len(found.ways) + len(pairs)


def test_the_bars_are_centers_and_those_who_get_most_are_named(found: Placement, drawn: Figure) -> None:
    for panel, name in zip(drawn.axes[4:], RULES, strict=True):
        given = list(found.ways[name].given.values())
        heights = [bar.get_height() for bar in panel.patches]  # type: ignore[attr-defined]
        assert heights == [given.count(officials) for officials in range(len(heights))]
        assert sum(heights) == len(given)
    assert any(text.startswith("most: 2, Trung tâm") and "…" in text for text in said(drawn))


def test_the_caption_says_what_intervals_are_and_that_they_are_of_the_simulation_only(drawn: Figure) -> None:
    caption = " ".join(said(drawn)).replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "Intervals: 95 %, jackknife over 2 replications",
        "Simulation error only; 86 of 106 inputs are assumptions. Fewer than 30 replications",
        "paired on the same citizens",
        "(Holm)",
        "mean wait is at most 15 min in a run",
    ):
        assert words in caption


def test_nothing_lies_outside_the_page_or_on_something_else(drawn: Figure) -> None:
    with drawing():
        drawn.canvas.draw()
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts(drawn) if text.get_visible()]
    width, height = drawn.bbox.size
    for nth, (text, box) in enumerate(boxes):
        assert -0.5 <= box.x0 <= box.x1 <= width + 0.5, text
        assert -0.5 <= box.y0 <= box.y1 <= height + 0.5, text
        assert [other for other, more in boxes[nth + 1 :] if box.shrunk(0.9, 0.9).overlaps(more.shrunk(0.9, 0.9))] == []


@pytest.mark.parametrize(
    ("value", "lower", "upper", "wanted"),
    [
        (-3.66, -3.72, -3.58, "−3.7 (−3.7 to −3.6)"),
        (0.07, 0.06, 0.09, "+0.07 (+0.06 to +0.09)"),
        (-12.9, -17.2, 0.4, "−12.90 (−17.20 to +0.40)"),
        (-0.0014, -0.0025, -0.00002, "less than 0.01 either way"),
        (0.0, 0.0, 0.0, "less than 0.01 either way"),
        (2.0, None, None, "+2.0"),
    ],
)
def test_a_change_in_words(value: float, lower: float | None, upper: float | None, wanted: str) -> None:
    assert signed(Estimate(value, lower, upper, None, 0.95, "paired", 30)) == wanted


@pytest.mark.parametrize(
    ("most", "wanted"),
    [
        (1, [(0, 0), (1, 1)]),
        (9, [(n, n) for n in range(10)]),
        (11, [(0, 0), (1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 11)]),
    ],
)
def test_bars_are_put_together_where_there_are_too_many(most: int, wanted: list[tuple[int, int]]) -> None:
    assert bins(most) == wanted


def test_every_number_of_officials_has_one_bar() -> None:
    for most in range(1, 101):
        made = bins(most)
        assert len(made) <= 10
        assert all(sum(low <= officials <= high for low, high in made) == 1 for officials in range(most + 1))
