"""Counts of days, lists of officials, what kind a file is, and how an answer depends on what nothing tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.fit import main
from experiments.fitting.center_text import center_text
from experiments.fitting.counted import scenario_texts
from experiments.fitting.dependence import told_and_framed
from experiments.fitting.fitted import Fitted
from experiments.fitting.kinds import kind_of
from experiments.fitting.reading import Source, of_counts
from experiments.new.defaults import FIELDS
from sim.assumed import is_input
from sim.assumptions.trials import in_memory
from sim.calendar import Calendar
from sim.faults import BadInput
from sim.fitting.counts import COLUMNS, Counts, counts_of
from sim.fitting.files import plain_head, table_of
from sim.fitting.held import CAME, RECEIVED, counted_in, expected
from sim.fitting.staff_list import COLUMNS as STAFF_COLUMNS
from sim.fitting.staff_list import StaffList, staff_of
from sim.fitting.unidentified import dependence, ends_of, frame
from sim.fitting.weekday_chart import weekday_chart
from sim.report.style import title_of

Captured = pytest.CaptureFixture[str]
MEANS, CV = (90.0, 70.0, 66.0, 71.0, 60.0), 0.15
KEYS = {plain_head(name): name for name in FIELDS}


def table(seed: int = 1, weeks: int = 20) -> pd.DataFrame:
    """People of so many weeks of an office of which all is known, but for public holidays."""
    random, found, closed = np.random.default_rng(seed), list[dict[str, object]](), Calendar(hours={})
    for nth in range(7 * weeks):
        day = date(2026, 3, 2) + timedelta(nth)
        if day.weekday() < 5 and not closed.closed(day):
            mean = MEANS[day.weekday()] * random.gamma(1 / CV**2, CV**2)
            found.append({"Ngày": f"{day:%d/%m/%Y}", "Số người": random.poisson(mean)})
    return pd.DataFrame(found)


def written(tmp_path: Path, text: str, name: str = "counts.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def fitted(path: Path, staff: Path | None = None) -> Fitted:
    (found,) = of_counts(Source(path, staff))
    return found


def held(seed: int, tmp_path: Path) -> dict[str, bool]:
    """Which known figures lie in their intervals."""
    path = tmp_path / f"{seed}.csv"
    table(seed).to_csv(path, index=False)
    week = fitted(path).week
    monday = week.weekday_ends(0)
    assert week.ends is not None
    assert monday is not None
    assert week.arrivals.factor_cv is not None
    mean = sum(MEANS) / 5
    return {
        "per_day": week.ends[0] <= mean <= week.ends[1],
        "monday": monday[0] <= MEANS[0] / mean <= monday[1],
        "day_factor_cv": week.arrivals.factor_cv[1] <= CV <= week.arrivals.factor_cv[2],
    }


def test_what_was_put_in_is_found_again(tmp_path: Path) -> None:
    """Twenty weeks: intervals of 95 % hold, and are narrow: a day to 6 %, the factor's cv to a half."""
    assert held(1, tmp_path) == {"per_day": True, "monday": True, "day_factor_cv": True}
    week = fitted(tmp_path / "1.csv").week
    assert week.ends is not None
    assert week.arrivals.factor_cv is not None
    assert week.ends[1] - week.ends[0] < 0.12 * week.arrivals.per_day
    assert week.arrivals.factor_cv[2] < 1.5 * CV


@pytest.mark.slow
def test_intervals_hold_what_was_put_in_as_often_as_stated(tmp_path: Path) -> None:
    """40 tables; of intervals stated at 95 % fewer than 34 of 40 hold in one of 1000 such tests."""
    found = pd.DataFrame([held(seed, tmp_path) for seed in range(40)])
    assert (found.sum() >= 34).all(), found.mean()


# Counts as offices write them


def counted(tmp_path: Path, text: str, counted_as: str | None = None, encoding: str = "utf-8") -> Counts:
    path = written(tmp_path, text, encoding=encoding)
    return counts_of(path, table_of(path, COLUMNS, None, encoding), None, counted_as)


WEEK = (
    ("Thứ hai", "T2", "2", "Monday", "mon"),
    ("Thứ ba", "T3", "3", "Tuesday", "tue"),
    ("Chủ nhật", "CN", "cn", "Sunday", "sun"),
)


@pytest.mark.parametrize("form", range(5))
def test_weekdays_are_read_in_the_forms_that_offices_write(form: int, tmp_path: Path) -> None:
    lines = [f"{names[form]};{10 * n}" for n, names in enumerate(WEEK, 1)]
    found = counted(tmp_path, "\n".join(["Thứ;Số người", *lines]))
    assert found.notes == ()
    assert found.week.arrivals.weekday[[0, 1, 6]].tolist() == [10.0, 20.0, 30.0]
    assert np.isnan(found.week.arrivals.weekday[2:6]).all()
    assert found.week.ends is None


def test_numbers_of_weekdays_that_may_mean_another_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="with 0, 1 or 8 among them it cannot be seen which day is Monday"):
        counted(tmp_path, "weekday,people\n1,3\n2,4\n")


def test_several_weeks_of_weekdays_tell_how_days_differ(tmp_path: Path) -> None:
    found = counted(tmp_path, "weekday,people\nmon,80\ntue,60\nmon,120\ntue,60\n")
    assert found.week.arrivals.weekday[:2].tolist() == [100.0, 60.0]
    assert found.week.arrivals.factor_cv is not None


WRONG = {
    "no day, or none that there is": ("30/02/2026,5", "left out", 2),
    "people below 0": ("04/03/2026,-5", "left out", 2),
    "people that is no whole number": ("04/03/2026,5.5", "left out", 2),
    "people above 1,000,000": ("04/03/2026,5000000", "left out", 2),
    "no people written": ("04/03/2026,", "left out", 2),
    "a count that is there already": ("03/03/2026,70", "left out, the first is kept", 2),
    "more cells than heads": ("04/03/2026,5,6", "left out", 2),
}


@pytest.mark.parametrize("kind", WRONG)
def test_each_kind_of_nonsense_is_a_line_with_its_row_and_what_was_done(kind: str, tmp_path: Path) -> None:
    row, done, days = WRONG[kind]
    path = written(tmp_path, f"date,people\n02/03/2026,90\n03/03/2026,70\n{row}\n")
    found = counts_of(path, table_of(path, COLUMNS), "dmy")
    assert [note.said for note in found.notes] == [f"{kind}: 1 rows (lines 4): {done}"]
    assert len(found.week.arrivals.days) == days


def test_a_day_counted_twice_differently_is_no_count(tmp_path: Path) -> None:
    found = counted(tmp_path, "date,people\n2026-03-02,90\n2026-03-03,70\n2026-03-03,71\n2026-03-04,60\n")
    said = "the same day counted differently: 2 rows (lines 3, 4): left out, all of them: which is right cannot be seen"
    assert found.notes[0].said == said
    assert found.week.arrivals.counts.tolist() == [90.0, 60.0]


def test_totals_among_the_rows_are_not_counted_again(tmp_path: Path) -> None:
    lines = ["2026-03-02,Đất đai,20", "2026-03-02,Hộ tịch,30", "2026-03-02,Tổng cộng,50", "2026-03-03,Hộ tịch,10"]
    found = counted(tmp_path, "\n".join(["date,field,dossiers", *lines]))
    assert "a total of other rows: 1 rows (lines 4): left out" in [note.said for note in found.notes]
    assert found.fields == {"Hộ tịch": 40.0, "Đất đai": 20.0}
    assert found.week.arrivals.counts.tolist() == [50.0, 10.0]
    assert found.counted_as == "dossiers"


def test_free_text_among_fields_of_counts_is_not_kept(tmp_path: Path) -> None:
    lines = ["2026-03-02,Nguyễn Văn Kín,3", "2026-03-02,Tôn giáo,6", "2026-03-03,tôn giáo,6", "2026-03-03,Hộ tịch,2"]
    found = counted(tmp_path, "\n".join(["date,field,dossiers", *lines]))
    assert found.fields == {"Hộ tịch": 2.0, "Tôn giáo": 6.0, "tôn giáo": 6.0, "others": 3.0}
    assert "1 rows (lines 2): counted as others, its text is not kept" in found.notes[0].said


def test_missing_days_and_saturdays_are_told(tmp_path: Path) -> None:
    rows = table().values.tolist()
    lines = [f"{day},{count}" for day, count in rows if day != "10/03/2026"]
    found = counted(tmp_path, "\n".join(["date,people", *lines, "07/03/2026,3"]))
    said = [note.said for note in found.notes]
    assert any(one.startswith("3 people on sat: the office is taken to be closed then") for one in said)
    assert "1 weekdays without people: taken as closed: 2026-03-10" in said
    assert "3 public holidays without people: taken as closed: 2026-04-27, 2026-04-30, 2026-05-01" in said


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("date,count\n2026-03-02,5\n2026-03-03,5\n", [], "wanted counted_as=people or counted_as=dossiers"),
        ("date,people\n2026-03-02,5\n2026-03-03,5\n", ["counted_as=dossiers"], "the head of the column says people"),
        ("date,people\n2026-03-02,5\n", [], "1 of 1 rows, wanted at least two counts"),
        ("date,people\n2026-03-02,0\n2026-03-03,0\n", [], "wanted a day on which anybody came"),
        ("date,people\n02/03/2026,5\n03/03/2026,5\n", [], "wanted dates=dmy or dates=mdy"),
        ("day of week,people\nx,5\ny,5\n", [], "no weekday: 2 rows (lines 2, 3): left out"),
        ("people,field\n5,x\n", ["kind=counts"], "wanted a column date or weekday"),
        ("date,field\n2026-03-02,x\n", ["kind=counts"], "wanted a column people, dossiers or count"),
        ("date,people\n2026-03-02,5\n2026-03-03,5\n", ["holdout=2"], "holdout: is for kind=tickets"),
    ],
)
def test_counts_that_cannot_be_used_are_refused_in_a_line(
    text: str, words: Sequence[str], wanted: str, tmp_path: Path, capsys: Captured
) -> None:
    assert main([str(written(tmp_path, text)), *words, f"out={tmp_path / 'out'}"]) == 2
    said = capsys.readouterr().err
    assert wanted in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


# What kind a file is


@pytest.mark.parametrize(
    ("heads", "kind"),
    [
        ("Ngày;Giờ lấy số;Giờ gọi;Lĩnh vực;STT", "tickets"),
        ("issued_after,issued_by,called_after,called_by", "tickets"),
        ("Mã hồ sơ;Thủ tục;Ngày tiếp nhận;Ngày hẹn trả", "dossiers"),
        ("Số hồ sơ;Lĩnh vực;Ngày nhận", "dossiers"),
        ("Ngày;Số hồ sơ", "counts"),
        ("\ufeffweekday,count", "counts"),
        ("nothing,of,these", "tickets"),
    ],
)
def test_a_kind_is_told_by_the_heads(heads: str, kind: str, tmp_path: Path) -> None:
    found, said = kind_of(written(tmp_path, f"{heads}\n"), {}, "utf-8", None)
    assert found == kind
    assert said.startswith("counts.csv: ")


def test_heads_of_two_kinds_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "date,people,received\n")
    with pytest.raises(BadInput, match="wanted kind=dossiers or kind=counts"):
        kind_of(path, {}, "utf-8", None)
    assert kind_of(path, {}, "utf-8", "counts")[0] == "counts"


# Lists of officials

LIST = """Họ tên;Lĩnh vực phụ trách;Chức vụ;Điểm tiếp nhận;Số lượng;Giờ làm việc
Trần Thị Kín;Chứng thực và Hộ tịch;Công chức;Trụ sở;;7h30-11h30, 13h00-17h00
Lê Văn Riêng;Hộ tịch, chứng thực;Công chức;Trụ sở;;07:30-11:30; 13:00-17:00
Hồ Giấu;Đất đai;Công chức;Điểm số 2;2;7:30-11:30
;tất cả;;Trụ sở;;
Đỗ Che;;Giám đốc;Trụ sở;;
;Đất đai;Phòng chuyên môn;Trụ sở;3;
"""


def listed(tmp_path: Path, text: str, fields: dict[str, str] = KEYS) -> StaffList:
    path = written(tmp_path, text, "staff.csv")
    return staff_of(path, table_of(path, STAFF_COLUMNS), fields)


def test_officials_with_equal_fields_are_a_group(tmp_path: Path) -> None:
    found = listed(tmp_path, LIST.replace("07:30-11:30; 13:00", "07:30-11:30, 13:00"))
    assert found.notes == ()
    groups = [(one.key, one.role, one.fields, one.point, one.count) for one in found.groups]
    assert groups == [
        ("certification", "counter", ("certification", "civil_status"), "tru_so", 2),
        ("land", "counter", ("land",), "diem_so_2", 2),
        ("all_round", "counter", None, "tru_so", 1),
        ("leaders", "leader", None, "tru_so", 1),
        ("specialists", "specialist", ("land",), "tru_so", 3),
    ]
    assert found.groups[0].hours == ("07:30-11:30", "13:00-17:00")
    assert found.points == {"tru_so": "Trụ sở", "diem_so_2": "Điểm số 2"}
    assert found.at_counters == 5


STAFF_WRONG = {
    "a field in which there is no dossier, or that is not known": (";Ma thuật;;", "left out"),
    "no field written": (";;;1", "taken as knowing all fields"),
    "a role that is not known": (";land;Phù thủy;", "taken as at a counter"),
    "guides at the door": (";land;Người hướng dẫn;", "left out: what they find is in no list"),
    "a number of officials that is no whole number from 1 on": (";land;;2.5", "left out"),
    "an official who is there already": ("An;civil_status;;", "taken as one, with fields and hours of all rows"),
}


@pytest.mark.parametrize("kind", STAFF_WRONG)
def test_each_kind_of_nonsense_in_a_list_is_a_line(kind: str, tmp_path: Path) -> None:
    row, done = STAFF_WRONG[kind]
    found = listed(tmp_path, f"name;field;role;count\nAn;land;;\n{row}\n")
    assert [note.said for note in found.notes] == [f"{kind}: 1 rows (lines 3): {done}"]
    assert found.at_counters == (2 if done.startswith(("taken as knowing", "taken as at")) else 1)


def test_hours_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for text in ("sáng", "17:00-07:00", "7:30-11:30, 11:00-12:00", "7:90-11:30", "7:30-11:30 hoặc hơn"):
        found = listed(tmp_path, f'name,field,hours\nAn,land,"{text}"\n')
        assert [note.kind for note in found.notes] == ["hours that cannot be read"]
        assert found.groups[0].hours == ()


def test_a_list_in_which_nobody_receives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="wanted somebody who receives citizens"):
        listed(tmp_path, "name,field,role\nAn,land,Chủ tịch\nBa,magic,\n")


# What is written


def test_what_is_written_composes_runs_and_has_no_names(tmp_path: Path, capsys: Captured) -> None:
    """People who come are as many as were counted, to three standard errors of eighty days, where nobody gives up."""
    path = tmp_path / "luot.csv"
    table().to_csv(path, index=False, encoding="utf-8-sig")
    many = LIST.replace(";tất cả;;Trụ sở;;", ";tất cả;;Trụ sở;9;")
    staff, out = written(tmp_path, many, "staff.csv"), tmp_path / "out"
    assert main([str(path), f"staff={staff}", "simulate=no", f"out={out}"]) == 0
    said = capsys.readouterr()
    assert "luot.csv: counts of days, by its heads (date, people)" in said.out
    assert "nobody of the list" not in said.out
    texts = "".join(one.read_text(encoding="utf-8") for one in out.iterdir() if one.suffix != ".png")
    for name in ("Kín", "Riêng", "Giấu", "Che", "Trần"):
        assert name not in texts + said.out + said.err
    study = sim.load([f"center={out / 'luot.yaml'}", "days=26", "replications=4", "engine=reference"])
    assert "unmarked" not in {mark for key, mark in study.marks.items() if is_input(key)}
    assert study.marks["arrivals.per_day"] == "W"
    assert study.marks["staff.land.count"] == "O"
    assert study.marks["procedures.land.share"] == "A"
    (seen,) = study.base.observed.values()
    assert seen.value is not None
    assert expected(study.scenario, CAME) == pytest.approx(seen.value, rel=1e-4)
    figures = sim.simulate(study).summary.set_index(["metric", "scope"])["estimate"]
    days = sum(study.base.is_working(day) for day in range(study.base.warmup, study.base.days))
    error = seen.value * CV / np.sqrt(4 * days)
    assert figures["arrived", "all"] / days == pytest.approx(seen.value, abs=3 * error + 0.03 * seen.value)


def test_points_that_are_counted_have_the_shares_that_were(tmp_path: Path) -> None:
    lines = [
        f"2026-03-0{day},{point},{30 if point == 'Trụ sở' else 10}"
        for day in (2, 3, 4)
        for point in ("Trụ sở", "Điểm số 2")
    ]
    path = written(tmp_path, "\n".join(["date,point,people", *lines]))
    staff = written(tmp_path, LIST, "staff.csv")
    (text,) = scenario_texts([fitted(path, staff=staff)]).values()
    study = sim.load([f"center={written(tmp_path, text, 'office.yaml')}"])
    assert {name: point.share for name, point in study.base.points.items()} == {"tru_so": 0.75, "diem_so_2": 0.25}
    assert study.marks["points.tru_so.share"] == "W"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258"])
@pytest.mark.parametrize("heads", ["Thứ;Số hồ sơ;Lĩnh vực", "weekday;dossiers;field"])
def test_any_encoding_that_is_named_is_read(encoding: str, heads: str, tmp_path: Path) -> None:
    letters = {"ứ": "ư\u0301", "ố": "ô\u0301", "ồ": "ô\u0300", "ĩ": "i\u0303", "ự": "ư\u0323", "ấ": "â\u0301"}
    marks = str.maketrans(letters)
    text = f"{heads}\nT2;20;Đất đai\nT3;10;Tôn giáo\n"
    found = counted(tmp_path, text.translate(marks) if encoding == "cp1258" else text, encoding=encoding)
    assert found.fields == {"Tôn giáo": 10.0, "Đất đai": 20.0}


def test_dossiers_beside_people_are_dossiers_a_visitor(tmp_path: Path) -> None:
    path = written(tmp_path, "date,people,dossiers\n2026-03-02,50,72\n2026-03-03,50,72\n")
    found = fitted(path)
    assert (found.counted_as, found.dossiers_each) == ("people", (1.44, 100))
    fewer = fitted(written(tmp_path, "date,people,dossiers\n2026-03-02,50,20\n2026-03-03,50,30\n"))
    assert fewer.dossiers_each is None
    assert any("not all who come bring any" in note.done for note in fewer.notes)


def test_what_is_more_than_a_scenario_may_have_is_not_called_measured(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{day:02d},{people},{9 * people}"
        for day, people in zip(range(2, 7), (40, 50, 60, 40, 50), strict=True)
    ]
    found = fitted(written(tmp_path, "\n".join(["date,people,dossiers", *rows])))
    week = replace(found.week, arrivals=replace(found.week.arrivals, factor_cv=(3.4, 2.0, 5.0)))
    text = center_text(replace(found, week=week), 48.0)
    assert "dossiers_per_visitor: 8         # A fixed: the most that a scenario may have; 9 was measured" in text
    assert "day_factor_cv: 3                # A fixed: the most that a scenario may have; 3.4 was measured" in text
    said = "dossiers_per_visitor of 9: more than a scenario may have: 8 is written, as an assumption"
    assert said in [note.said for note in found.notes]


def test_hours_of_a_list_are_not_those_of_saturdays(tmp_path: Path) -> None:
    path = written(tmp_path, "weekday,people\nmon,20\ntue,20\nsat,15\n")
    staff = written(tmp_path, "field;count;hours\ntất cả;2;7h30-11h30, 13h00-17h00\n", "staff.csv")
    (text,) = scenario_texts([fitted(path, staff=staff)]).values()
    study = sim.load([f"center={written(tmp_path, text, 'office.yaml')}"])
    assert study.base.calendar.hours["sat"] == ("07:30-11:30",)
    (saturday,) = [line for line in text.splitlines() if line.startswith("    sat: [")]
    assert saturday.endswith("# A fixed: the morning alone; the list does not say of which days its hours are")


def test_saturday_mornings_are_open_on_saturday_mornings(tmp_path: Path) -> None:
    path = written(tmp_path, "weekday,people\nmon,20\ntue,20\nsat,15\n")
    (text,) = scenario_texts([fitted(path)]).values()
    study = sim.load(
        [f"center={written(tmp_path, text, 'office.yaml')}", "days=23", "replications=1", "engine=reference"]
    )
    assert study.base.calendar.hours["sat"] == ("07:30-11:30",)
    assert max(study.base.arrivals.profile_on["sat"]) < "11:30"
    assert sim.simulate(study).summary["estimate"].notna().any()


# How the answer depends on what nothing tells


def small(tmp_path: Path, text: str = "weekday,dossiers\nmon,9\ntue,9\nwed,9\n") -> str:
    return next(iter(scenario_texts([fitted(written(tmp_path, text))]).values()))


def test_what_was_counted_is_held_at_each_end(tmp_path: Path) -> None:
    """More who lack something, come back or only ask change who comes, and not how many dossiers are received."""
    study = sim.load([f"center={written(tmp_path, small(tmp_path), 'office.yaml')}"])
    assert counted_in(study.base) == RECEIVED
    ends, left_out = ends_of(study)
    assert {"procedures.*.incomplete", "returns.incomplete.share", "arrivals.dossiers_per_visitor"} <= {
        one.name for one, _ in ends
    }
    for one, studies in ends:
        for study_there in studies:
            assert expected(study_there.base, RECEIVED) == pytest.approx(expected(study.base, RECEIVED), rel=1e-9), (
                one.name
            )
    assert any(name == "demand" for name, _ in left_out)


def test_dependence_is_that_of_runs_at_the_ends(tmp_path: Path) -> None:
    """One official: the change of the mean wait at the low end of their number is that of two runs by themselves."""
    path = written(tmp_path, small(tmp_path), "office.yaml")
    study = sim.load([f"center={path}", "days=12", "engine=reference"])
    found = dependence(study, in_memory(1), 2)
    assert [metric for metric, _ in found.figures] == ["wait_mean", "wait_within_15"]
    effects = [one.effect for one in found.inputs]
    assert effects == sorted(effects, reverse=True)
    (officials,) = [one for one in found.inputs if one.input.name == "points.hall.counters"]
    runs = [f"center={path}", "days=12", "engine=reference", "replications=2"]
    alone = [sim.simulate(sim.load([*runs, f"points.hall.counters={count}"])) for count in (3, 2)]
    waits = [one.summary.set_index(["metric", "scope"])["estimate"]["wait_mean", "all"] for one in alone]
    assert officials.low[0].value == pytest.approx(waits[1] - waits[0], rel=0.02)
    rows = frame(found)
    assert len(rows) == len(found.inputs) + len(found.left_out)
    assert Counter(rows["left_out"] == "")[True] == len(found.inputs)


def test_the_table_says_what_is_not_told(tmp_path: Path, capsys: Captured) -> None:
    text, rows = told_and_framed({"office.yaml": small(tmp_path)}, ("days=12", "engine=reference"), 1)
    assert "what the data do not tell of office:" in text
    assert "(dossiers_per_day held as counted)" in text
    assert all(len(line) <= 100 for line in text.splitlines())
    assert set(rows["office"]) == {"office"}
    assert "short replications" in capsys.readouterr().err


def test_a_fit_ends_with_what_is_not_told(tmp_path: Path, capsys: Captured) -> None:
    """Of a log of tickets too; three people a day are simulated in a moment."""
    rows = [f"2026-03-0{day},{n},{8 + n}:00,{8 + n}:10" for day in (2, 3, 4) for n in range(3)]
    log = written(tmp_path, "\n".join(["date,ticket,issued,called", *rows]), "log.csv")
    assert main([str(log), f"out={tmp_path / 'out'}"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("log.csv: a log of tickets, by its heads (called, date, issued, ticket)")
    assert "newcomers held as they are" in said
    assert (tmp_path / "out" / "unidentified.csv").read_text(encoding="utf-8").startswith("input,")


def test_a_mistyped_year_is_told_and_many_are_refused(tmp_path: Path) -> None:
    lines = [f"{date(2026, 3, 2) + timedelta(n)},10" for n in range(120)]
    found = counted(tmp_path, "\n".join(["date,people", *lines, "2062-03-02,10"]))
    assert "counted 180 days and more from all others: 1 rows (lines 122): left out" in [n.said for n in found.notes]
    with pytest.raises(BadInput, match="days from 2026-03-02 to 2062-03-02, wanted ten years at most"):
        counted(tmp_path, "\n".join(["date,people", *lines[:9], "2062-03-02,10"]))


def test_an_office_that_is_open_on_one_day_of_the_week_is_simulated_long_enough(tmp_path: Path) -> None:
    path = written(tmp_path, "date,people\n2026-03-02,10\n2026-03-09,12\n")
    (text,) = scenario_texts([fitted(path)]).values()
    study = sim.load([f"center={written(tmp_path, text, 'office.yaml')}", "replications=1", "engine=reference"])
    assert list(study.base.calendar.hours) == ["mon"]
    assert sim.simulate(study).summary["estimate"].notna().any()


def test_the_chart_has_each_weekday_with_its_days_and_its_interval(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    table().to_csv(path, index=False)
    week = fitted(path).week
    figure = weekday_chart("Phường Một", "people", week)
    (panel,) = figure.axes
    assert [text.get_text() for text in panel.get_xticklabels()] == ["mon", "tue", "wed", "thu", "fri"]
    large = [float(np.asarray(line.get_ydata(), float)[0]) for line in panel.lines if line.get_marker() == "o"]
    assert large == pytest.approx(week.arrivals.weekday[:5])
    days = np.concatenate([np.asarray(line.get_ydata(), float) for line in panel.lines if line.get_marker() == "."])
    assert sorted(days) == pytest.approx(sorted(week.arrivals.counts))
    assert title_of(figure).startswith("Phường Một: ")
