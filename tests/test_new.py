"""Ten questions: what may be answered, what the file then says, and that the other programs take it."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from experiments.__main__ import main as motcua
from experiments.new import main
from experiments.new.commands import center_override, run_command
from experiments.new.defaults import AFTERNOON, AT_THE_GATE, FIELDS, INCOMPLETE, KINDS, MONDAY, MORNING, SERVICE_CV
from experiments.new.form import COLUMNS, VISITS, csv_form, form_figure, pdf_form
from experiments.new.questions import QUESTIONS, opening_sketch
from experiments.new.scenario_text import scenario_text
from experiments.new.sketch import Sketch
from experiments.new.starting import checked
from sim.assumed import is_input
from sim.door import marks
from sim.door.files import own_file
from sim.door.marks import UNMARKED, marks_of
from sim.faults import BadInput

ROOT = Path(__file__).parent.parent

Captured = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

TEN = (
    "ward Phường Cam Đường",
    "mon 90, tue-fri 65",
    "1,2",
    "certification 60, hộ tịch 20, land 15, business 5",
    "certification+civil_status 2, land+business 1, all 1",
    "4 counters, 40 seats",
    "07:30-17:00",
    "common 11:30-13:00",
    "20",
    "leader, later",
)


def ask(monkeypatch: Patch, out: Path, *answers: str, options: tuple[str, ...] = ()) -> int:
    """The program with some lines as its standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in answers)))
    return main([str(out), *options])


def sketched(*answers: str) -> Sketch:
    """The sketch of some answers, the rest taken by default."""
    sketch = opening_sketch("mine")
    for question, text in zip(QUESTIONS, [*answers, *[""] * (10 - len(answers))], strict=True):
        sketch = question.answered(sketch, text)
    return sketch


def with_answer(number: int, text: str) -> Sketch:
    """TEN with another answer to one question, counted from 1."""
    answers = list(TEN)
    answers[number - 1] = text
    return sketched(*answers)


def loaded(sketch: Sketch, folder: Path) -> sim.Scenario:
    """The scenario that the file of a sketch is read as."""
    path = folder / "mine.yaml"
    path.write_text(scenario_text(sketch, ""), encoding="utf-8")
    return sim.load([center_override(path)]).base


# A session


def test_results_at_once_are_signed_while_citizens_wait(tmp_path: Path, monkeypatch: Patch, capsys: Captured) -> None:
    out = tmp_path / "own.yaml"
    assert ask(monkeypatch, out, *TEN[:-1], "leader, at once") == 0
    assert "Certification is signed by leaders while the citizen waits" in capsys.readouterr().out
    scenario = sim.load([f"center={out}"]).scenario
    signed = [name for name, entry in scenario.procedures.items() if entry.signature]
    assert (signed, scenario.staff["leaders"].role) == (["certification"], "leader")
    assert sim.load_sheet(scenario).signed.sum() > 0
    without = [*TEN[:3], "land 100", "land 2", *TEN[5:-1], "leader, at once"]
    assert ask(monkeypatch, out, *without, options=("--force",)) == 0
    assert "Nobody knows certification" in capsys.readouterr().out


def test_ten_answers_make_a_scenario_that_runs(tmp_path: Path, monkeypatch: Patch, capsys: Captured) -> None:
    out = tmp_path / "của tôi.yaml"
    assert ask(monkeypatch, out, *TEN) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert {path.name for path in tmp_path.iterdir()} == {out.name, "của tôi_tally.pdf", "của tôi_tally.csv"}
    assert "of 80 inputs 20 are your own figures, 56 assumptions, 4 published or measured." in said.out
    assert "Signed by: leader, later. Nobody waits for it in the hall" in said.out
    assert "binding: certification, civil_status, business, land at hall: 0.60" in said.out
    (line,) = (line for line in said.out.splitlines() if line.startswith("next:"))
    command = shlex.split(line.partition(":")[2])
    assert command[:2] == ["motcua", "run"]
    assert motcua(["load", *command[2:]]) == 0
    short = ["days=9", "replications=2", "precision=smoke", f"out={tmp_path / 'results'}"]
    assert motcua(["run", *command[2:], *short]) == 0
    assert "56 of 80 inputs are assumptions, 20 own figures" in capsys.readouterr().out.replace("\n", " ")


def test_the_answers_are_in_the_scenario(tmp_path: Path) -> None:
    base = loaded(sketched(*TEN), tmp_path)
    assert (base.name, base.points["hall"].title) == ("Phường Cam Đường",) * 2
    assert base.arrivals.per_day == 70
    assert base.arrivals.weekday == {"mon": 90, "tue": 65, "wed": 65, "thu": 65, "fri": 65}
    assert (base.arrivals.dossiers_per_visitor, base.arrivals.counted_as) == (1.2, "people")
    shares = {name: procedure.share for name, procedure in base.procedures.items()}
    assert shares == {"certification": 0.6, "civil_status": 0.2, "business": 0.05, "land": 0.15}
    assert {procedure.incomplete for procedure in base.procedures.values()} == {0.2}
    assert {name: (group.count, group.skills) for name, group in base.staff.items()} == {
        "certification": (2, ("certification", "civil_status")),
        "land": (1, ("land", "business")),
        "all_round": (1, None),
    }
    assert (base.points["hall"].counters, base.points["hall"].seats) == (4, 40)
    assert base.calendar.hours["mon"] == ("07:30-11:30", "13:00-17:00")
    assert tuple(base.arrivals.profile.values()) == (AT_THE_GATE, *MORNING, *AFTERNOON)


def test_every_number_is_marked_as_own_or_assumed(tmp_path: Path) -> None:
    for sketch, own in ((sketched(*TEN), 20), (sketched(), 0)):
        found = marks_of(scenario_text(sketch, ""))
        inputs = {key: mark for key, mark in found.items() if is_input(key)}
        assert UNMARKED not in inputs.values()
        assert {mark.letter for mark in inputs.values()} <= {"O", "A"}
        assert sum(mark.is_own for mark in inputs.values()) == own
        loaded(sketch, tmp_path)
        whole = marks([center_override(tmp_path / "mine.yaml")])
        assert not [key for key, mark in whole.items() if is_input(key) and mark == UNMARKED]
    ranged = {key for key, mark in marks_of(scenario_text(sketched(), "")).items() if mark.range}
    assert {
        "arrivals.per_day",
        "procedures.land.service.mean",
        "points.hall.seats",
        "staff.certification.count",
    } < ranged


def test_an_own_figure_is_counted_beside_the_assumptions(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    for sketch, counts in ((sketched(*TEN), (80, 56, 20)), (sketched(), (93, 89, 0))):
        path.write_text(scenario_text(sketch, ""), encoding="utf-8")
        study = sim.load([center_override(path)])
        assert (study.inputs, study.assumptions, study.own_figures) == counts
        assert "own_figures" not in study.model_dump()


@pytest.mark.parametrize("kind", KINDS)
def test_enter_ten_times_is_a_center_of_its_kind(kind: str, tmp_path: Path) -> None:
    sketch = sketched(kind)
    base = loaded(sketch, tmp_path)
    assert sketch.own == {"kind"}
    assert (base.name, base.arrivals.per_day) == ("mine", KINDS[kind].people.value)
    receiving = [group.count or 0 for group in base.staff.values() if group.role == "counter"]
    assert base.points["hall"].counters == sum(receiving)


def test_i_dont_know_is_an_assumption() -> None:
    for text in ("", "?", "I don't know", "không biết"):
        sketch = with_answer(4, text)
        assert "mix" not in sketch.own
        assert sum(sketch.mix.values()) == 100
        assert len(sketch.mix) == len(FIELDS)


def test_what_is_assumed_is_what_the_shipped_configs_say() -> None:
    ward = sim.load(["center=cam_duong"]).base
    for name, field in FIELDS.items():
        procedure = ward.procedures[name]
        assert procedure.share == pytest.approx(field.percent / 100)
        assert procedure.service.mean == field.minutes.value
        assert (procedure.service.cv, procedure.incomplete) == (SERVICE_CV.value, INCOMPLETE.value)
        assert field.minutes.low <= field.minutes.value <= field.minutes.high
        assert field.share[0] <= procedure.share <= field.share[1]
    assert tuple(ward.arrivals.profile.values()) == (AT_THE_GATE, *MORNING, *AFTERNOON)
    assert ward.arrivals.weekday["mon"] == MONDAY.value
    assert ward.arrivals.dossiers_per_visitor == KINDS["ward"].dossiers.value
    for kind in KINDS.values():
        assert all(one.low <= one.value <= one.high for one in kind)


# Answers


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (1, "warrd Phường A", "given 'warrd', wanted mountain, rural, ward first, then the name (did you mean ward?)"),
        (1, "ward ${HOME}", "given '${HOME}', wanted a name of at most 120 printable letters, without ${"),
        (1, "ward a\x07b", "given 'a\\x07b', wanted a name of at most 120 printable letters, without ${"),
        (2, "many", "given 'many', wanted people a day, 70, or by weekday: mon 90, tue-fri 70"),
        (2, "-5", "given '-5', wanted people a day, 70, or by weekday: mon 90, tue-fri 70"),
        (2, "0", "given '0', wanted a number from 0.1 to 100000"),
        (2, "mom 90", "given 'mom', wanted a weekday of mon, tue, wed, thu, fri, sat, sun (did you mean mon?)"),
        (2, "fri-mon 9", "given 'fri-mon', wanted weekdays in order, such as mon-fri"),
        (2, "1 2 3", "given '1 2 3', wanted one number, or one for each day from Monday on: 5, 6 or 7"),
        (2, "mon 0", "given 'mon 0', wanted people on at least one day"),
        (3, "0.5", "given '0.5', wanted a number from 1 to 8, such as 1.2"),
        (3, "nan", "given 'nan', wanted a number from 1 to 8, such as 1.2"),
        (4, "certificaton 100", ("given 'certificaton', wanted one of certification, civil_status, business, land, "
         "social, construction (did you mean certification?)")),
        (4, "certification 60", "given 'certification 60', wanted percents that sum to 100; these sum to 60"),
        (4, "land 50, đất đai 50", "given 'đất đai', is given twice: wanted it once"),
        (5, "land 2", ("given 'land 2', wanted somebody for certification, civil_status, business as well: "
         "certification 1, or all 1")),
        (5, "all 0", "given '0', wanted a whole number of officials from 1 to 1000"),
        (5, "all 1.5", "given '1.5', wanted a whole number of officials from 1 to 1000"),
        (6, "four", ("given 'four', wanted counters from 1 to 1000 and seats, or none for no limit: "
         "4 counters, 40 seats")),
        (7, "17:00-07:30", "given '17:00-07:30', wanted one span from an earlier to a later time: 07:30-17:00"),
        (7, "07:30-11:30 13:00-17:00", ("given '07:30-11:30 13:00-17:00', wanted one span from an earlier to a later "
         "time: 07:30-17:00")),
        (7, "07:30-17:00, sat 07:30-11:30", ("given 'sat', wanted one of mon, tue, wed, thu, fri, the days on which "
         "people come")),
        (7, "mon 07:30-17:00", "given 'mon 07:30-17:00', wanted hours for tue, wed, thu, fri as well"),
        (8, "comon", "given 'comon', wanted common, split, none (did you mean common?)"),
        (8, "common 06:00-07:00", ("given 'common 06:00-07:00', wanted a lunch inside the hours of a day, such as "
         "common 11:30-13:00")),
        (9, "120", "given '120', wanted a number from 0 to 100, such as 15"),
        (10, "boss, later", "given 'boss', wanted leader or official, then at once or later"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_one_line(number: int, text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        with_answer(number, text)
    assert [str(fault) for fault in caught.value.faults] == [f"answer: {said}"]


def test_a_question_is_asked_again_until_the_answer_is_right(
    tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    assert ask(monkeypatch, tmp_path / "a.yaml", TEN[0], "many", "70", *TEN[2:8], "12O", "", TEN[9]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "answer 2 of 10: given 'many', wanted people a day, 70, or by weekday: mon 90, tue-fri 70",
        "answer 9 of 10: given '12O', wanted a number from 0 to 100, such as 15",
    ]
    assert "arrivals" in own_file(tmp_path / "a.yaml")[0]


@pytest.mark.parametrize(
    ("text", "mean", "weekdays"),
    [
        ("70", 70, None),
        ("90 70 70 70 70", 74, {"mon": 90, "tue": 70, "wed": 70, "thu": 70, "fri": 70}),
        ("t2 90; t3-t6 60; t7 30", 60, {"mon": 90, "tue": 60, "wed": 60, "thu": 60, "fri": 60, "sat": 30}),
        ("mon=40, wed: 20, sun 0", 30, {"mon": 40, "wed": 20}),
    ],
)
def test_people_by_weekday(text: str, mean: float, weekdays: dict[str, float] | None, tmp_path: Path) -> None:
    sketch = with_answer(2, text)
    assert (sketch.people, sketch.weekdays) == (mean, weekdays)
    base = loaded(sketch, tmp_path)
    assert tuple(base.calendar.hours) == sketch.days == tuple(base.arrivals.weekday)


@pytest.mark.parametrize(
    ("hours", "lunch", "monday", "shifts"),
    [
        ("07:30-17:00", "common", ("07:30-11:30", "13:00-17:00"), {}),
        ("7h30-17h00", "none", ("07:30-17:00",), {}),
        (
            "07:30-17:00",
            "split",
            ("07:30-17:00",),
            {"early": ("07:30-11:30", "12:30-16:30"), "late": ("08:00-12:30", "13:30-17:00")},
        ),
        (
            "08:00-16:00",
            "split 11:30-12:30",
            ("08:00-16:00",),
            {"early": ("08:00-11:30", "12:00-16:00"), "late": ("08:00-12:00", "12:30-16:00")},
        ),
        ("06:15-11:00", "", ("06:15-11:00",), {}),
        ("00:00-24:00", "none", ("00:00-24:00",), {}),
    ],
)
def test_hours_and_lunch(
    hours: str, lunch: str, monday: tuple[str, ...], shifts: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    base = loaded(sketched(*TEN[:6], hours, lunch, *TEN[8:]), tmp_path)
    assert base.calendar.hours["mon"] == monday
    assert base.calendar.shifts == shifts
    assert all(bool(group.shifts) == bool(shifts) for group in base.staff.values())


def test_a_saturday_of_its_own_has_its_own_hours(tmp_path: Path) -> None:
    sketch = sketched(TEN[0], "mon-fri 70, sat 20", *TEN[2:6], "07:30-17:00, sat 07:30-11:30", *TEN[7:])
    base = loaded(sketch, tmp_path)
    assert base.calendar.hours["sat"] == ("07:30-11:30",)
    assert base.is_working(5)


def test_teams_that_share_a_first_field_have_names_of_their_own(tmp_path: Path) -> None:
    base = loaded(with_answer(5, "land+business 1, land 2, all 1, all 2"), tmp_path)
    assert {name: group.count for name, group in base.staff.items()} == {
        "land": 1,
        "land_2": 2,
        "all_round": 1,
        "all_round_2": 2,
    }


def test_no_limit_of_seats_and_seats_by_default(tmp_path: Path) -> None:
    base = loaded(with_answer(6, "3, none"), tmp_path)
    assert (base.points["hall"].counters, base.points["hall"].seats) == (3, None)
    sketch = with_answer(6, "3")
    assert (sketch.seats, "seats" in sketch.own, "counters" in sketch.own) == (40, False, True)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10), st.text(max_size=40) | st.text("0123456789:-,;.+% adlmnotueh", max_size=30))
def test_any_text_is_an_answer_or_one_fault(number: int, text: str) -> None:
    try:
        said = scenario_text(with_answer(number, text.strip()), "")
    except BadInput as error:
        (fault,) = error.faults
        said = str(fault)
    assert said.replace("\n", "").isprintable()


@settings(max_examples=40, deadline=None)
@given(
    name=st.text(max_size=30),
    people=st.sampled_from(["1", "5000", "mon 3", "sat 10, sun 4", "90 70 70 70 70 30"]),
    hours=st.sampled_from(["07:30-17:00", "06:10-06:50", "00:00-24:00", "11:00-13:40", "23:00-24:00"]),
    lunch=st.sampled_from(["", "common", "split", "none"]),
    mix=st.sampled_from(["", "land 100", "xã hội 99.5, construction 0.5"]),
)
def test_whatever_is_accepted_is_a_scenario(
    name: str, people: str, hours: str, lunch: str, mix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        sketch = sketched(f"rural {name}", people, "", mix, "", "", hours, lunch)
    except BadInput:
        return
    base = loaded(sketch, tmp_path_factory.getbasetemp())
    assert base.name == (" ".join(sketch.name.split()) or "mine")


@pytest.mark.parametrize(
    "name",
    [
        'Xã "Nà Hỳ"',
        "Phường: #1 & {2}",
        "C:\\xã\\1",
        "Đ'ran",
        "- no",
        "yes",
        "$x_2$",
        "*a &b !!python/name:os.system",
        "7",
    ],
)
def test_a_name_comes_out_as_it_was_given(name: str, tmp_path: Path) -> None:
    assert loaded(sketched(f"rural {name}"), tmp_path).name == name


# Refused


@pytest.mark.parametrize("count", range(10))
def test_too_few_answers_write_nothing(count: int, tmp_path: Path, monkeypatch: Patch, capsys: Captured) -> None:
    assert ask(monkeypatch, tmp_path / "mine.yaml", *TEN[:count]) == 2
    assert capsys.readouterr().err == (
        f"answer {count + 1} of 10: given the end of the input, "
        "wanted an answer, or an empty line; nothing is written\n"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["mine.yaml", "mine_tally.pdf", "mine_tally.csv"])
def test_what_exists_is_refused_before_anything_is_asked(
    name: str, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    (tmp_path / name).write_text("kept", encoding="utf-8")
    assert ask(monkeypatch, tmp_path / "mine.yaml", *TEN) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        f"{tmp_path / name}: exists: wanted another name, or --force to replace it\n",
    )
    assert (tmp_path / name).read_text(encoding="utf-8") == "kept"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_force_replaces_all_but_what_is_filled_in(tmp_path: Path, monkeypatch: Patch, capsys: Captured) -> None:
    out, form = tmp_path / "mine.yaml", tmp_path / "mine_tally.csv"
    assert ask(monkeypatch, out, *TEN) == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert ask(monkeypatch, out, *TEN, options=("--force",)) == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    form.write_bytes(csv_form() + b"31,land\r\n")
    capsys.readouterr()
    assert ask(monkeypatch, out, "mountain", *TEN[1:], options=("--force",)) == 0
    assert f"{form} (is filled in: kept as it is)" in capsys.readouterr().out
    assert form.read_bytes().endswith(b"31,land\r\n")
    assert out.read_bytes() != first["mine.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mine.txt"], "mine.txt: wanted OUT.yaml or one of --force, --help, -h, tally, center"),
        (["--forse"], "--forse: wanted OUT.yaml or one of --force, --help, -h, tally, center (did you mean --force?)"),
        (["a.yaml", "b.yaml"], "OUT.yaml: given a.yaml, b.yaml, wanted one"),
        (["tally=a.csv"], "tally: given a.csv, wanted the scenario that it measures beside it: center=MINE.yaml"),
        (["tally=a.xlsx", "center=a.yaml"], "tally: given 'a.xlsx', wanted a file NAME.csv"),
        (["center=a.yaml"], "center: given a.yaml, wanted the filled sheet beside it: tally=FILE.csv"),
        (["center=go_vap", "tally=a.csv"], "center: given 'go_vap', wanted a file NAME.yaml or NAME.yml"),
    ],
)
def test_the_command_line_is_refused_in_one_line(arguments: list[str], said: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"{said}\n"


def test_where_nothing_can_be_written_is_found_out_before_asking(
    tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder, why in (("file", "Not a directory"), ("none", "No such file or directory")):
        assert ask(monkeypatch, tmp_path / folder / "mine.yaml", *TEN) == 3
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("cannot write there: ")
        assert said.err.endswith(f": {why}\n")
    (tmp_path / "mine.yaml").mkdir()
    assert ask(monkeypatch, tmp_path / "mine.yaml", *TEN, options=("--force",)) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'mine.yaml'}: is a folder: wanted a file's name\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: Patch, capsys: Captured) -> None:
    tmp_path.chmod(0o500)
    assert ask(monkeypatch, tmp_path / "mine.yaml", *TEN) == 3
    assert capsys.readouterr().err.endswith("Permission denied\n")


LIMITED = (
    "import resource, sys; from experiments.new import main;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); sys.exit(main(sys.argv[1:]))"
)


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "mine.yaml")],
        input="\n" * 10,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (4, f"disk full: {tmp_path / 'mine.yaml'}: File too large\n")
    assert not list(tmp_path.iterdir())


def test_help_names_what_can_be_done(capsys: Captured) -> None:
    assert motcua(["new", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("--force", "tally=", "center=", "OUT.yaml", "Exit codes"))


# The sheet to print


def test_the_form_has_a_row_a_visit_and_heads_in_two_languages() -> None:
    lines = csv_form().decode("utf-8-sig").splitlines()
    assert [head.split(" / ")[0] for head in lines[0].split(",")] == [column.name for column in COLUMNS]
    assert [line.split(",")[0] for line in lines[1:]] == [str(number) for number in range(1, VISITS + 1)]
    figure = form_figure("Phường $x_2$ Cam Đường", ["land", "own_field"])
    assert tuple(figure.get_size_inches()) == (8.27, 11.69)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert "Phường $x_2$ Cam Đường" in said
    assert all(f"{column.english}\n{column.vietnamese}" in said for column in COLUMNS)
    assert any("land (đất đai), own_field, ask (hỏi), collect (nhận kết quả)" in text for text in said)
    assert all(text.get_position()[1] > 0.3 for text in figure.axes[0].texts)


def test_the_page_is_the_same_bytes_each_time() -> None:
    pages = [pdf_form("Phường A", ["land"]) for _ in range(2)]
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"%PDF")
    assert b"CreationDate" not in pages[0]


def test_no_text_leaves_the_page_or_its_column() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = form_figure("Trung tâm " * 30, [*FIELDS, *(f"field_{n}" for n in range(8))])
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    page = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert page.x0 < box.x0 < box.x1 < page.x1, text.get_text()
        assert page.y0 < box.y0 < box.y1 < page.y1, text.get_text()


@pytest.mark.parametrize(
    "name", ["a b.yaml", "Phường.yaml", "it's.yaml", 'q"uote.yaml', "a,b (1).yaml", "a=b.yaml", "back\\slash.yaml"]
)
def test_the_printed_command_finds_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(scenario_text(sketched(*TEN), run_command(path)), encoding="utf-8")
    checked(path)
    (override,) = shlex.split(run_command(path))[2:]
    assert sim.load([override]).base.name == "Phường Cam Đường"
