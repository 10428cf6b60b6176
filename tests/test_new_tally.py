"""Filled tally sheets: what is refused, what they measure, and how often the intervals are right."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator, default_rng

import sim
from experiments.new import main
from experiments.new.commands import center_override
from experiments.new.edits import Figure, edited
from experiments.new.estimates import estimates
from experiments.new.figures import Fixed, Work, dossiers_a_visit, fixed, incomplete_share
from experiments.new.form import COLUMNS, csv_form
from experiments.new.questions import QUESTIONS, opening_sketch
from experiments.new.scenario_text import scenario_text
from experiments.new.visits import Place, Visit, place_of, visits_of
from sim.door.marks import marks_of
from sim.faults import BadInput

Captured = pytest.CaptureFixture[str]
Row = tuple[str, ...]

HEADS = [column.name for column in COLUMNS]
FIELDS = ("certification", "civil_status", "business", "land", "social", "construction")
GREETING, OVERHEAD, ASSISTED = 2.0, 6.0, 0.643


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """The scenario of a ward in which everything is assumed."""
    sketch = opening_sketch("mine")
    for question in QUESTIONS:
        sketch = question.answered(sketch, "")
    path = tmp_path / "mine.yaml"
    path.write_text(scenario_text(sketch, ""), encoding="utf-8")
    return path


def sheet(folder: Path, rows: Sequence[Row], separator: str = ",", name: str = "filled.csv") -> Path:
    """A filled sheet with these rows, their number first."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(HEADS)
    writer.writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def read(path: Path, counters: int = 8) -> tuple[list[Visit], int]:
    return visits_of(path, Place(FIELDS, counters, 27_000, 61_200))


def visit(field: str, minutes: float, dossiers: int = 1, *, complete: bool = True) -> Visit:
    """A visit at eight o'clock."""
    return Visit(2, field, 28_800, 28_800, 28_800 + round(60 * minutes), dossiers, complete)


def clock(seconds: float, *, with_seconds: bool = True) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if with_seconds else "")


GOOD = ("1", "land", "08:00", "08:05", "08:20", "2", "yes", "")


# What a sheet may say


def test_a_sheet_is_read_whatever_a_spreadsheet_made_of_it(tmp_path: Path) -> None:
    rows: list[Row] = [
        GOOD,
        ("2", "Chứng thực", "8:01", "08:06:30", "8h10", "1", "không", "came; twice, ok"),
        ("3", "", "", "", "", "", "", ""),
        ("4", "hỏi", "08:07", "08:07", "08:09", "", "", ""),
        ("",),
        ("5", "Civil status", "08:07", "08:07", "08:09", "1", "Có"),
    ]
    for separator in ",;\t":
        visits, empty = read(sheet(tmp_path, rows, separator))
        assert empty == 1
        assert visits == [
            Visit(2, "land", 28_800, 29_100, 30_000, 2, True),
            Visit(3, "certification", 28_860, 29_190, 29_400, 1, False),
            Visit(5, "ask", 29_220, 29_220, 29_340, 0, True),
            Visit(7, "civil_status", 29_220, 29_220, 29_340, 1, True),
        ]


def test_the_form_that_is_handed_out_is_a_sheet_of_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(csv_form())
    assert read(path) == ([], 30)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("field", "lnad", ("row 2 field: given 'lnad', wanted one of certification, civil_status, business, land, "
         "social, construction, ask, collect (did you mean land?)")),
        ("field", "", ("row 2 field: wanted one of certification, civil_status, business, land, social, construction, "
         "ask, collect")),
        ("came", "8.05", "row 2 came: given '8.05', wanted a time as HH:MM or HH:MM:SS, such as 08:05"),
        ("came", "24:00", "row 2 came: given '24:00', wanted a time as HH:MM or HH:MM:SS, such as 08:05"),
        ("called", "07:59", "row 2 called: given '07:59', wanted a time from 08:00 on, when the visitor came in"),
        ("called", "19:75", "row 2 called: given '19:75', wanted a time as HH:MM or HH:MM:SS, such as 08:05"),
        ("left", "08:04", "row 2 left: given '08:04', wanted a time at most four hours after 08:05, when called"),
        ("left", "13:00", "row 2 left: given '13:00', wanted a time at most four hours after 08:05, when called"),
        ("dossiers", "1.5", "row 2 dossiers: given '1.5', wanted a whole number from 1 to 50"),
        ("dossiers", "0", "row 2 dossiers: given '0', wanted a whole number from 1 to 50"),
        ("complete", "maybe", "row 2 complete: given 'maybe', wanted yes or no (có, không)"),
        ("complete", "", "row 2 complete: wanted yes or no (có, không)"),
        ("left", "\x1b[2J", "row 2 left: given '\\x1b[2J', wanted a time as HH:MM or HH:MM:SS, such as 08:05"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_one_line(column: str, text: str, said: str, tmp_path: Path) -> None:
    row = tuple(text if name == column else cell for name, cell in zip(HEADS, GOOD, strict=True))
    path = sheet(tmp_path, [row])
    with pytest.raises(BadInput) as caught:
        read(path)
    assert str(caught.value) == f"{path} {said}"


def test_an_afternoon_on_a_clock_of_twelve_hours_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path, [("1", "land", "1:30", "1:35", "1:50", "1", "yes", "")])
    with pytest.raises(BadInput) as caught:
        read(path)
    wanted = "wanted a time when the door is open, 07:30 to 17:00, or not long before or after"
    assert str(caught.value) == f"{path} row 2 called: given '1:35', {wanted}"


def test_a_sheet_is_held_against_all_points_of_a_center() -> None:
    place = place_of(sim.load(["center=cam_duong"]).base)
    assert place == Place(FIELDS, 8, 27_000, 61_200)


def test_all_faults_of_all_sheets_are_told_and_nothing_is_written(
    center: Path, tmp_path: Path, capsys: Captured
) -> None:
    one = sheet(tmp_path, [GOOD, ("1", "ask", "25:00", "08:00", "08:00", "2", "", "")], name="one.csv")
    two = sheet(tmp_path, [("1", "land", "08:00", "08:00", "08:10", "1", "yes", "")] * 2, name="two.csv")
    before = sorted(tmp_path.iterdir())
    assert main([f"tally={one}", f"tally={two}", f"tally={tmp_path / 'no.csv'}", f"center={center}"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{one} row 3 number: given '1', is given twice: wanted each number once on a sheet",
        f"{one} row 3 came: given '25:00', wanted a time as HH:MM or HH:MM:SS, such as 08:05",
        f"{one} row 3 dossiers: given '2', wanted none of a visit to ask",
        f"{two} row 3 number: given '1', is given twice: wanted each number once on a sheet",
        f"{tmp_path / 'no.csv'}: cannot be read: No such file or directory",
    ]
    assert sorted(tmp_path.iterdir()) == before


def test_more_visits_than_counters_at_once_are_not_of_one_day(tmp_path: Path) -> None:
    rows = [(str(n), "land", "08:00", "08:05", "08:20", "1", "yes", "") for n in range(3)]
    path = sheet(tmp_path, [*rows, ("9", "land", "08:00", "08:20", "08:30", "1", "yes", "")])
    assert len(read(path, 3)[0]) == 4
    with pytest.raises(BadInput) as caught:
        read(path, 2)
    said = f"{path} row 4 called: given 08:05, all 2 counters are taken then: wanted times of one day, or more counters"
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"number,field,came,caled,left,dossiers,complete\n", " row 1: wanted a column called where 'caled' stands"),
        (b"number,field,came,called,left,dossiers,complete,came\n", " row 1 came: is given twice: wanted it once"),
        (b"number,field,came,called,left,dossiers,complete\n1,h\xf4i", ": line 2 is not UTF-8: save it as CSV UTF-8"),
        (b"\0" * 1_000_001, ": wanted a file of at most 1 MB"),
    ],
)
def test_a_file_that_is_no_sheet_is_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read(path)
    assert str(caught.value) == f"{path}{said}"


def test_an_empty_file_lacks_every_column(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(BadInput) as caught:
        read(tmp_path / "empty.csv")
    assert len(caught.value.faults) == len(HEADS) - 1, "all but the remarks"


# What it measures


def test_the_arithmetic_of_a_small_table() -> None:
    """Three visits: 8, 12 and 22 minutes with 1, 1 and 2 dossiers; 2 of greeting and 4 of overhead are taken off."""
    work = Work(
        [visit("land", 8), visit("land", 12), visit("land", 22, 2)],
        {"land": 10.0},
        Fixed(6.0, 0.0),
    )
    value, low, high = work.factor()
    assert value == pytest.approx((2 + 6 + 16) / (10 * 4))
    error = math.sqrt(((2 - 6) ** 2 + (6 - 6) ** 2 + (16 - 12) ** 2) / 3 / 2) / (10 * 4 / 3)
    reach = math.exp(4.302653 * error / 0.6)
    assert low == pytest.approx(0.6 / reach)
    assert high == pytest.approx(0.6 * reach)
    cv = work.cv()
    assert cv is not None
    assert cv[0] == pytest.approx(math.sqrt((16 + 0 + 16) * 3 / 2 / (1 * 36 + 1 * 36 + 2 * 36)))
    assert cv[1] < cv[0] < cv[2]


def test_what_is_taken_off_is_what_the_model_adds() -> None:
    base = sim.load(["center=cam_duong"]).base
    mean, variance = fixed(base)
    assert mean == pytest.approx(GREETING + ASSISTED * OVERHEAD)
    assert variance == pytest.approx(OVERHEAD**2 * ASSISTED * (1 - ASSISTED))


def test_overheads_that_vary_as_much_as_the_visits_leave_no_cv() -> None:
    assert Work([visit("land", 10), visit("land", 12)] * 10, {"land": 10.0}, Fixed(6.0, 9.0)).cv() is None


def test_visits_that_are_all_alike_have_no_width() -> None:
    work = Work([visit("land", 16)] * 20, {"land": 5.0}, Fixed(6.0, 0.0))
    assert work.factor() == (2.0, 2.0, 2.0)
    assert work.cv() is None


def test_a_visit_is_incomplete_if_any_of_its_dossiers_is() -> None:
    single = [visit("land", 9, complete=n > 2) for n in range(10)]
    assert incomplete_share(single).value == pytest.approx(0.3)
    double = [visit("land", 9, 2, complete=n > 2) for n in range(10)]
    value, low, high, *_ = incomplete_share(double)
    assert value == pytest.approx(1 - math.sqrt(0.7))
    assert (1 - (1 - low) ** 2, 1 - (1 - high) ** 2) == pytest.approx((0.0667395, 0.6524529), abs=1e-6)
    assert incomplete_share([visit("land", 9)] * 10).value == 0
    assert incomplete_share([visit("land", 9, 3, complete=False)] * 10).value == 1


def test_dossiers_are_counted_with_an_interval_even_where_all_bring_one() -> None:
    value, low, high, *_ = dossiers_a_visit([visit("land", 9)] * 20)
    assert value == low == 1
    assert high == pytest.approx(1 - math.log(0.025) / 20)
    bulk = dossiers_a_visit([visit("land", 9)] * 19 + [visit("land", 9, 20)])
    assert bulk.high > 1 + 2 * 19 / 20


def test_few_visits_share_a_factor_and_fewer_leave_a_field_as_it_was() -> None:
    base = sim.load(["center=cam_duong"]).base
    always = fixed(base).mean
    twice = [visit(name, always + 2 * base.procedures[name].service.mean * (0.7 if n % 2 else 1.3))
             for name, count in (("certification", 20), ("land", 6), ("social", 4)) for n in range(count)]  # fmt: skip
    found = {change.title: change for change in estimates(twice, base).changes}
    assert list(found) == [
        "certification, min a dossier",
        "land, min a dossier",
        "social, min a dossier",
        "certification, cv",
        "other fields, cv",
        "incomplete dossiers, share",
        "dossiers a visitor",
    ]
    assert found["land, min a dossier"].after.value == pytest.approx(28, rel=1e-3)
    assert found["social, min a dossier"].after.value == pytest.approx(22, rel=1e-3)
    assert found["land, min a dossier"].after.visits == 10
    assert found["other fields, cv"].keys == ("procedures.land.service.cv", "procedures.social.service.cv")
    few = estimates(twice[:25], base)
    assert "land, min a dossier" not in {change.title for change in few.changes}
    assert few.left[:2] == ("civil_status (0 visits)", "business (0 visits)")
    assert "land (5 visits)" in few.left


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ([visit("land", 20)] * 9 + [visit("ask", 5, 0)] * 9, "9 visits with dossiers, wanted at least 10 visits that"),
        ([visit("land", 5)] * 10, "5.0 min a visit of land, on average, wanted more than the 5.9 min of greeting and"),
    ],
)
def test_what_measures_nothing_is_refused(visits: list[Visit], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        estimates(visits, sim.load(["center=cam_duong"]).base)


def test_where_guides_stand_the_sheet_does_not_see_what_is_incomplete() -> None:
    base = sim.load(["center=cam_duong", "policy=guidance_desk"]).scenario
    found = estimates([visit("land", 20 + n) for n in range(10)], base)
    assert "incomplete dossiers, share" not in {change.title for change in found.changes}
    assert "incomplete: guides have sent home whom the sheet does not see" in found.left


# Into the file


TEXT = "a:\n  b: 1.0   # A [0–2] was\n  c: {d: 2, e: 3}  # A\nname: 'x # y'\nf: 5\n"


def test_numbers_are_replaced_in_place_and_nothing_else() -> None:
    new = edited("f", TEXT, {"a.b": Figure("1.5", "W n=3"), "a.c.d": Figure("7", "W"), "a.c.e": Figure("10", "W")})
    assert new == "a:\n  b: 1.5  # W n=3\n  c: {d: 7, e: 10}  # W\nname: 'x # y'\nf: 5\n"
    assert edited("f", TEXT.rstrip(), {"f": Figure("6", "W")}).endswith("f: 6  # W")
    windows = edited("f", TEXT.replace("\n", "\r\n"), {"a.b": Figure("1.5", "W n=3")})
    assert windows == TEXT.replace("b: 1.0   # A [0–2] was", "b: 1.5  # W n=3")


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (TEXT, "a.z", "f a.z: wanted this number in the file itself, as motcua new writes it"),
        (TEXT, "name", "f name: wanted this number in the file itself, as motcua new writes it"),
        (TEXT, "a.c.d", "f:3 a.c.e: wanted a line of its own: the line's comment is to mark what was measured"),
        ("a: &x 1\nb: *x\n", "a", "f:1 b: wanted a line of its own: the line's comment is to mark what was measured"),
    ],
)
def test_what_cannot_be_marked_by_itself_is_not_replaced(text: str, key: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        edited("f", text, {key: Figure("9", "W")})
    assert str(caught.value) == said


# The whole way


def thirty(rng: Generator, mean: float, folder: Path, *, with_seconds: bool = True) -> Path:
    """A sheet of 30 visits to one field at two counters: lognormal work of this mean, cv 0.8."""
    rows: list[Row] = []
    free = [27_000.0, 27_000.0]
    for number in range(1, 31):
        dossiers = 1 + int(rng.poisson(0.2))
        work = GREETING + OVERHEAD * (rng.random() < ASSISTED) + float(lognormal(rng, mean, 0.8, dossiers).sum())
        free.sort()
        came, called = free[0] - 300, free[0]
        free[0] += 60 * work
        times = [clock(at, with_seconds=with_seconds) for at in (came, called, free[0])]
        rows.append((str(number), "certification", *times, str(dossiers), "no" if number % 5 == 0 else "yes", ""))
    return sheet(folder, rows)


def lognormal(rng: Generator, mean: float, cv: float, number: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    variance = math.log1p(cv**2)
    return mean * np.exp(math.sqrt(variance) * rng.standard_normal(number) - variance / 2)


def test_thirty_visits_go_into_the_scenario_with_their_intervals(
    center: Path, tmp_path: Path, capsys: Captured
) -> None:
    path = thirty(default_rng(7), 9.0, tmp_path)
    assert main([f"tally={path}", f"center={center}"]) == 0
    said = capsys.readouterr()
    out = tmp_path / "mine_measured.yaml"
    assert said.err == ""
    assert "30 visits timed, 30 with dossiers; 0 empty rows" in said.out
    assert "less 5.86 for greeting and channel" in said.out
    assert "observed wait, to hold a run against (no input): mean 4.7 min, longest 5.0, 100 % within 15 min" in said.out
    assert f"next:  motcua run center={out}" in said.out
    assert max(map(len, said.out.splitlines()[:10])) <= 100
    before, after = sim.load([center_override(center)]), sim.load([center_override(out)])
    found = marks_of(out.read_text(encoding="utf-8"))
    changed = {key for key, mark in found.items() if mark.letter == "W"}
    assert changed == {
        "arrivals.dossiers_per_visitor",
        "procedures.certification.service.mean",
        "procedures.certification.service.cv",
        *(f"procedures.{name}.incomplete" for name in FIELDS),
    }
    service = found["procedures.certification.service.mean"]
    assert service.range is not None
    assert service.range[0] < 9.0 < service.range[1]
    assert "95 %, n=30 visits" in service.text
    assert (before.assumptions - after.assumptions, after.inputs) == (len(changed), before.inputs)
    assert center.read_text(encoding="utf-8").count("\n") == out.read_text(encoding="utf-8").count("\n")


def test_a_measured_scenario_is_never_replaced_without_being_told(
    center: Path, tmp_path: Path, capsys: Captured
) -> None:
    path, text = thirty(default_rng(7), 9.0, tmp_path), center.read_text(encoding="utf-8")
    command = [f"tally={path}", f"center={center}", str(center)]
    assert main(command) == 2
    assert capsys.readouterr().err == f"{center}: exists: wanted another name, or --force to replace it\n"
    assert center.read_text(encoding="utf-8") == text
    assert main([*command, "--force"]) == 0
    measured = center.read_text(encoding="utf-8")
    assert measured != text
    assert main([*command, "--force"]) == 0
    assert center.read_text(encoding="utf-8") == measured, "the same sheet measures the same again"


def test_sheets_of_several_days_are_one_measurement(center: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "b").mkdir()
    sheets = [thirty(default_rng(seed), 9.0, folder) for seed, folder in ((1, tmp_path), (2, tmp_path / "b"))]
    assert main([*(f"tally={path}" for path in sheets), f"center={center}"]) == 0
    assert "60 visits timed" in capsys.readouterr().out


def test_a_shipped_centers_number_that_is_not_in_the_file_is_named(tmp_path: Path, capsys: Captured) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("defaults: [{center: cam_duong}]\nname: A\n", encoding="utf-8")
    assert main([f"tally={thirty(default_rng(7), 9.0, tmp_path)}", f"center={own}"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == (
        f"{own} procedures.certification.service.mean: wanted this number in the file itself, as motcua new writes it"
    )
    assert not (tmp_path / "own_measured.yaml").exists()


def gamma(rng: Generator, mean: float, cv: float, number: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return rng.gamma(cv**-2, mean * cv**2, number)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "visits", "cv", "least"),
    [
        (lognormal, 10, 0.5, 0.94),
        (lognormal, 10, 0.8, 0.94),
        (lognormal, 10, 1.2, 0.93),
        (lognormal, 30, 0.5, 0.94),
        (lognormal, 30, 0.8, 0.93),
        (lognormal, 30, 1.2, 0.915),
        (gamma, 30, 0.8, 0.935),
    ],
)
def test_how_often_the_interval_of_the_mean_covers(
    draw: Callable[[Generator, float, float, int], np.ndarray[tuple[int], np.dtype[np.float64]]],
    visits: int,
    cv: float,
    least: float,
) -> None:
    """Times read to the minute, greeting and overhead as in the model: neither too seldom nor nearly always."""
    rng = default_rng(5)
    always = Fixed(GREETING + ASSISTED * OVERHEAD, OVERHEAD**2 * ASSISTED * (1 - ASSISTED))
    covered = 0
    for _ in range(3000):
        rows = []
        for _ in range(visits):
            dossiers = 1 + int(rng.poisson(0.2))
            work = GREETING + OVERHEAD * (rng.random() < ASSISTED) + float(draw(rng, 6.0, cv, dossiers).sum())
            rows.append(visit("land", math.floor(work + rng.random()), dossiers))
        _, low, high = Work(rows, {"land": 6.0}, always).factor()
        covered += low <= 1.0 <= high
    assert least <= covered / 3000 <= 0.975


@pytest.mark.slow
@pytest.mark.parametrize(("visits", "cv"), [(20, 0.5), (20, 0.8), (30, 0.8), (30, 1.2)])
def test_how_often_the_interval_of_the_cv_covers(visits: int, cv: float) -> None:
    rng = default_rng(6)
    always = Fixed(GREETING + ASSISTED * OVERHEAD, OVERHEAD**2 * ASSISTED * (1 - ASSISTED))
    covered, none = 0, 0
    for _ in range(600):
        rows = []
        for _ in range(visits):
            work = GREETING + OVERHEAD * (rng.random() < ASSISTED) + float(lognormal(rng, 6.0, cv, 1)[0])
            rows.append(visit("land", math.floor(work + rng.random())))
        found = Work(rows, {"land": 6.0}, always).cv()
        none += found is None
        covered += found is not None and found[1] <= cv <= found[2]
    assert 0.92 <= covered / (600 - none) <= 0.995
    assert none <= 30
