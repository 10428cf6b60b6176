"""Tables of centers: what is read and refused, what a row changes, and that a province is its centers together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.made_up import MADE, populations, text_of
from experiments.province import main
from sim.centers import KEPT, Province
from sim.door import load
from sim.faults import BadInput
from sim.officials import shifts_worked
from sim.plan import Plan, Table
from sim.planning import replicate
from sim.provinces import centers_of, province, shipped
from sim.provinces.reading import content_of, rows_of
from sim.provinces.settings import dealt
from sim.report.centers import centers_side_by_side, ordered
from sim.report.style import title_of
from sim.running import blocks_in_order, job

QUICK = ["center=phuc_hoa", "days=9", "replications=3", "engine=reference"]
SMALL = """name,per_day,counters,officials,travel_min,closed
Xã Một,8,2,4,,
Xã Hai,15,3,5,50,
Xã Ba,5,,,,yes
Xã Bốn,8,2,4,,
"""


def table(folder: Path, text: str | bytes) -> str:
    path = folder / "centers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def refused(given: str, overrides: list[str]) -> list[str]:
    with pytest.raises(BadInput) as error:
        centers_of(given, overrides)
    return [str(fault).replace(given, "T") for fault in error.value.faults]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["T: is empty"]),
        ("name,per_day\n", ["T: has no rows"]),
        ("nam,per_day\nA,1\n", ["T:1 nam: unknown column", "T:1: the column name is missing (did you mean name?)"]),
        ("name,per_dya\nA,1\n", ["T:1 per_dya: unknown column", "T:1: the column per_day or population"]),
        ("name,per_day,per_day\nA,1,1\n", ["T:1 per_day: is there twice"]),
        ("name,per_day,population\nA,1,1\n", ["T:1: given per_day and population"]),
        ("name,per_day,per_1000\nA,1,1\n", ["T:1 per_1000: wanted the column population"]),
        ("name,per_day,days\nA,1,3\n", ["T:1 days: is the same for all centers"]),
        ("name,per_day,\nA,1,\n", ["T:1 column 3: has no name"]),
        ("name,per_day\nA,1\nA,2\n", ["T:3 name: given 'A', is the name of line 2 already"]),
        ("name,per_day\n,1\nB,\n", ["T:2 name: is empty", "T:3 per_day: is empty: wanted how many come"]),
        ("name;per_day\nA;12,5\nB;-1\nC;x\nD;0\n", ["point, 12.5", "from 0 on", "such as 12", "more than 0"]),
        ("name,population\nA,18.000\nB,2.5\nC,0\n", ["separators, 18000", "wanted a whole", "whole number from 1"]),
        ("name,per_day\nA,1,2\n", ["T:2: given 3 fields, wanted at most 2"]),
        ("name,per_day,closed\nA,1,yse\n", ["T:2 closed: given 'yse', wanted yes or no (did you mean yes?)"]),
        ('name,per_day\n"A,1\n', ["T: wanted a table of comma-separated values"]),
        ("name,per_day\nA,1\n".encode("utf-16"), ["T: given UTF-16 in line 1, byte 1, wanted UTF-8"]),
        ("name,per_day\nA,1\nĐà,1\n".encode("cp1258"), ["T: given byte 0xd0 in line 3, byte 1, wanted UTF-8"]),
        ("name,per_day,officials\nA,1,1\n", ["T:2 officials: given 1, wanted at least 2, one for each group"]),
        ("name,per_day,staff.justic.count\nA,1,1\n", ["T:2 staff.justic.count: unknown name justic"]),
        ("name,per_day,points.hall.seats\nA,1,x\n", ["T:2 points.hall.seats: given 'x', wanted a whole number"]),
        ("name,per_day,closed\nA,1,yes\n", ["T: all centers are closed"]),
        ("name,per_day,kind\nA,1,phuc_hoa\n", ["center: is said by the column kind of T"]),
    ],
)
def test_what_is_wrong_is_said_in_one_line_each(tmp_path: Path, text: str | bytes, faults: list[str]) -> None:
    found = refused(table(tmp_path, text), QUICK)
    assert len(found) == len(faults), found
    for line, wanted in zip(found, faults, strict=True):
        assert wanted in line


def test_the_scenario_of_each_row_must_be_said_once_and_exist(tmp_path: Path) -> None:
    given = table(tmp_path, "name,per_day,kind\nA,1,phuc_haa\nB,1,\n")
    found = refused(given, ["days=9"])
    assert found[0].endswith("(did you mean phuc_hoa?)")
    assert found[1].startswith("T:3 kind: is not said: wanted it, or center=")
    one = table(tmp_path, "name,per_day,counters\nA,1,2\n")
    assert refused(one, [*QUICK, "points.hall.counters=3"]) == [
        "points.hall.counters: is set by a column of T: wanted it there alone"
    ]
    assert refused(str(tmp_path / "no.csv"), QUICK)[0] == "T: cannot be read: No such file or directory"
    assert refused("lamdong", QUICK)[0].endswith("(did you mean lam_dong?)")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_separators_a_byte_order_mark_comments_and_empty_lines(tmp_path: Path, separator: str, mark: bytes) -> None:
    lines = ['# V, "so', "", "name|per_day\r", '"Xã, Một; 1"| 2.5', "# A", "|", "Hai|3", ""]
    text = "\n".join(lines).replace("|", separator)
    rows, faults = rows_of(table(tmp_path, mark + text.encode()))
    assert (faults, [row.line for row in rows]) == ([], [4, 7])
    assert [row.cells["per_day"] for row in rows] == [2.5, 3.0]
    assert rows[0].name == "Xã, Một; 1"


def test_what_a_row_changes(tmp_path: Path) -> None:
    given = "name,population,per_1000,counters,officials,travel_min,closed,staff.director.count,demand\n"
    given += 'A,20000,0.9,5,7,12,no,2,2.0\n"B",20000,,,,,,,\n'
    first, second = centers_of(table(tmp_path, given), QUICK)
    base = load(QUICK).base
    assert (first.label, first.base.name, first.center, second.center) == ("A", "A", 0, 1)
    assert (first.base.arrivals.per_day, second.base.arrivals.per_day) == (18.0, 20.0)
    assert (first.base.points["hall"].counters, first.base.demand) == (5, 2.0)
    assert sum(first.base.staff[name].count or 0 for name in ("justice", "specialists")) == 7
    assert first.base.staff["director"].count == 2
    travel: Any = first.base.points["hall"].travel
    assert (travel.kind, travel.mean) == ("lognormal", 12.0)
    assert second.base.staff == base.staff
    assert second.base.points == base.points


@pytest.mark.parametrize(
    ("sizes", "total", "wanted"),
    [([2, 2], 5, [3, 2]), ([4, 1], 5, [4, 1]), ([1, 1, 1], 3, [1, 1, 1]), ([0, 0], 3, [2, 1]), ([3, 1], 10, [7, 3])],
)
def test_officials_are_dealt_out_in_proportion(sizes: list[int], total: int, wanted: list[int]) -> None:
    assert list(dealt({str(n): size for n, size in enumerate(sizes)}, total).values()) == wanted


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Province:
    return province(table(tmp_path_factory.mktemp("small"), SMALL), QUICK, workers=1)


def test_a_row_at_the_end_changes_no_other_center(tmp_path: Path, small: Province) -> None:
    longer = province(table(tmp_path, SMALL + "Xã Năm,9,2,4,,\n"), QUICK, workers=2)
    assert list(longer.centers) == [*small.centers, "Xã Năm"]
    for name, center in small.centers.items():
        for key, pair in center.sums.items():
            assert np.array_equal(pair, longer.centers[name].sums[key]), (name, key)


def test_centers_that_are_alike_draw_numbers_of_their_own(small: Province) -> None:
    waits = [small.centers[name].sums["wait_mean", "all"][0] for name in ("Xã Một", "Xã Bốn")]
    assert not np.array_equal(waits[0], waits[1])
    first, _, fourth = small.centers.values()
    numbers = [job(one.study).plan.centers["number"].tolist() for one in (first, fourth)]
    assert numbers == [[0], [3]], "the closed one has a number"


def test_the_province_is_its_centers_replication_by_replication(small: Province) -> None:
    over, under = small.sums["wait_mean"]
    each = [one.sums["wait_mean", "all"] for one in small.centers.values()]
    assert over == pytest.approx(sum(one[0] for one in each))
    assert under == pytest.approx(sum(one[1] for one in each))
    arrived = [one.figures.estimates["arrived", "all"].value or 0.0 for one in small.centers.values()]
    assert small.totals["arrived"].value == pytest.approx(sum(arrived))
    cost = [one.figures.estimates["cost_per_day", "all"].value or 0.0 for one in small.centers.values()]
    assert small.totals["cost_per_day"].value == pytest.approx(sum(cost))
    keep = [one[0] <= 15.0 * one[1] for one in each]
    assert small.sums[KEPT][0].tolist() == np.sum(keep, axis=0).tolist()


def test_a_failing_center_is_named_only_if_it_fails_among_all(tmp_path: Path) -> None:
    """A center whose only official may be away misses what is promised; quiet ones are beside it."""
    text = "name,per_day,staff.specialists.count\nEmpty,60,0\n" + "".join(f"Q{n},5,2\n" for n in range(3))
    found = province(table(tmp_path, text), ["center=phuc_hoa", "days=9", "replications=6", "engine=reference"], 1)
    assert found.failing == {"Empty"}
    assert found.worst_first[0] == "Empty"
    verdicts = {verdict.verdict for verdict in found.centers["Empty"].figures.verdicts}
    assert "missed" in verdicts


def test_the_chart_has_every_center_from_the_worst_to_the_best(small: Province) -> None:
    drawn = [one.wait.value or 0.0 for one in ordered(small, "wait_mean", largest_first=True)]
    assert drawn == sorted(drawn, reverse=True)
    figure = centers_side_by_side(small, "Tỉnh nhỏ")
    assert title_of(figure).startswith("Tỉnh nhỏ: ")
    words = [text.get_text() for text in figure.axes[0].texts]
    assert any(word.startswith(small.worst_first[0]) for word in words)
    assert "target 15.0 min" in words


def test_the_program_writes_the_same_bytes_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = table(tmp_path, SMALL)
    for name, workers in (("a", "1"), ("b", "2"), ("a", "2")):
        assert main([f"centers={given}", *QUICK, f"out={tmp_path / name}", f"workers={workers}"]) == 0
    out = capsys.readouterr().out
    assert out.count("3 centers, the worst first") == 3
    for file in ("summary.csv", "province.csv", "charts/centers.png", "charts/centers.svg"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    frame = pd.read_csv(tmp_path / "a" / "summary.csv")
    assert dict(zip(frame["center"], frame["number"], strict=True)) == {"Xã Một": 0, "Xã Hai": 1, "Xã Bốn": 3}
    assert frame.query("metric == 'wait_mean' and scope == 'all'")["target"].tolist() == ["at most 15 min"] * 3
    assert not frame["metric"].str.startswith("lender_").any()


def test_the_program_refuses_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = f"out={tmp_path / 'out'}"
    for arguments in ([], ["centers=a.csv", "centers=b.csv"], ["-m", "centers=lam_dong"], ["centers=no.csv"]):
        assert main([*arguments, out]) == 2
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_help_tells_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for column in (
        "name",
        "kind",
        "per_day",
        "population",
        "per_1000",
        "counters",
        "officials",
        "travel_min",
        "closed",
    ):
        assert column in said


@pytest.mark.parametrize("name", MADE)
def test_the_tables_that_ship_are_those_of_the_rule(name: str) -> None:
    content, faults = content_of(name)
    assert (content.decode(), faults) == (text_of(name), [])
    rows, faults = rows_of(name)
    made = MADE[name]
    assert (faults, len(rows)) == ([], made.units)
    assert sum(row.cells["population"] for row in rows) == made.people == sum(populations(made))
    assert sum(row.cells["kind"] == "urban_ward" for row in rows) == made.wards
    assert sum(row.cells["kind"] == "mountain_commune" for row in rows) == made.mountain
    assert set(shipped()) == set(MADE)


@pytest.mark.parametrize("name", MADE)
def test_the_tables_that_ship_are_whole_provinces(name: str) -> None:
    studies = centers_of(name, [])
    assert [study.center for study in studies] == list(range(MADE[name].units))
    assert all(study.base.points["hall"].counters >= 2 for study in studies)


def test_paid_time_is_of_each_replication_where_shifts_are_the_same_in_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where storms keep officials away in some replications, or the table of shifts was made anew in between."""
    own = job(load(["center=urban_ward", "days=9"]))
    plans = [replicate(own.plan, 1, replication) for replication in range(4)]
    once = own.paid(plans)
    assert len(once.present) == 1

    def worked(plan: Plan) -> Table:
        shifts = shifts_worked(plan)
        return shifts[:-1] if plan.replication == 2 else shifts

    monkeypatch.setattr("sim.running.shifts_worked", worked)
    each = own.paid(plans)
    assert [int(minutes) for minutes in each.present[[0, 1, 3]]] == [int(once.present[0])] * 3
    assert each.present[2] < once.present[0]


def test_blocks_in_order_are_what_is_missing() -> None:
    studies = [load([*QUICK, "replications=700"]), load([*QUICK, "replications=2"])]
    have = {(0, 3), (0, 4), (1, 0)}
    blocks = blocks_in_order(studies, lambda study, n: (study, n) in have)
    done = [(block.study, n) for block in blocks for n in range(block.first, block.last)]
    assert sorted({*done, *have}) == sorted((s, n) for s, count in ((0, 700), (1, 2)) for n in range(count))
    assert len(done) == len(set(done))
    assert max(block.last - block.first for block in blocks) * 9 <= 3000
