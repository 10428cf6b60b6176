"""An export of dossiers: entry stamps that are no arrivals, terms, results, and what it does not tell."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.fit import main
from experiments.fitting.center_text import center_text
from experiments.fitting.counted import scenario_texts
from experiments.fitting.fitted import Fitted, Ways
from experiments.fitting.reading import Source, of_dossiers
from sim.assumed import is_input
from sim.calendar import Calendar
from sim.faults import BadInput
from sim.fitting.arrivals import weekday_of
from sim.fitting.batched import stamps_of
from sim.fitting.dossiers import COLUMNS, Dossiers, dossiers_of
from sim.fitting.fields import fields_of, known_field
from sim.fitting.files import table_of
from sim.fitting.held import CAME, RECEIVED, expected
from sim.fitting.terms import Taken, between, times_of
from sim.fitting.unidentified import ends_of

Captured = pytest.CaptureFixture[str]
EVERY_DAY = Calendar(hours={})
FIRST, LAST = date(2026, 3, 2), date(2026, 6, 30)
PER_DAY = {0: 40.0, 1: 30.0, 2: 30.0, 3: 30.0, 4: 20.0}
CV = 0.2
FIELDS = {"Lĩnh vực Chứng thực": (0.6, 0), "Hộ tịch": (0.25, 3), "Đất đai": (0.15, 15)}
KEYS = ("certification", "civil_status", "land")
WAYS = {"Trực tiếp": 0.7, "Trực tuyến": 0.26, "Bưu chính": 0.04}
MEDIAN = 0.6
"""Of the working days to the result, as a part of the term; lognormal with sigma 0.5."""


def working(day: date) -> bool:
    return day.weekday() < 5 and not EVERY_DAY.closed(day)


@cache
def later(day: date, days: int) -> date:
    """So many working days later."""
    while days > 0:
        day += timedelta(1)
        days -= working(day)
    return day


def rows(seed: int = 1) -> pd.DataFrame:
    """Four months of an office of which all is known: batched stamps, results that are not there yet at the end."""
    random, found = np.random.default_rng(seed), list[dict[str, str]]()
    days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
    for day in filter(working, days):
        for _ in range(random.poisson(PER_DAY[day.weekday()] * random.gamma(1 / CV**2, CV**2))):
            name = str(random.choice(list(FIELDS), p=[share for share, _ in FIELDS.values()]))
            term = FIELDS[name][1]
            done = later(day, int(random.lognormal(np.log(max(MEDIAN * term, 0.3)), 0.5)))
            found.append(
                {
                    "Mã hồ sơ": f"H{len(found):05d}",
                    "Lĩnh vực": name,
                    "Ngày tiếp nhận": f"{day:%d/%m/%Y} 16:{random.integers(0, 40):02d}",
                    "Ngày hẹn trả": f"{later(day, term):%d/%m/%Y}",
                    "Ngày có kết quả": f"{done:%d/%m/%Y}" if done <= LAST else "",
                    "Hình thức tiếp nhận": str(random.choice(list(WAYS), p=list(WAYS.values()))),
                    "Trạng thái": "Đã trả kết quả" if done <= LAST else "Đang xử lý",
                    "Chủ hồ sơ": "Nguyễn Thị Riêng",
                }
            )
    return pd.DataFrame(found)


def exported(tmp_path: Path, seed: int = 1) -> Path:
    path = tmp_path / f"ho_so_{seed}.csv"
    rows(seed).to_csv(path, index=False, sep=";")
    return path


def held(seed: int, tmp_path: Path) -> dict[str, bool]:
    """Which known figures lie in their intervals."""
    (office,) = of_dossiers(Source(exported(tmp_path, seed)))
    own, ends = office.week.arrivals, office.week.ends
    assert ends is not None
    assert own.factor_cv is not None
    mean = sum(PER_DAY.values()) / 5
    reach = [office.week.weekday_ends(day) for day in range(5)]
    return {
        "per_day": ends[0] <= mean <= ends[1],
        "monday": reach[0] is not None and reach[0][0] <= PER_DAY[0] / mean <= reach[0][1],
        "day_factor_cv": own.factor_cv[1] <= CV <= own.factor_cv[2],
    }


def test_what_was_put_in_is_found_again(tmp_path: Path) -> None:
    """2,500 dossiers of 84 days: shares to 0.03 (3 standard errors), terms exactly, medians to a day."""
    assert held(1, tmp_path) == {"per_day": True, "monday": True, "day_factor_cv": True}
    (office,) = of_dossiers(Source(tmp_path / "ho_so_1.csv"))
    assert [field.key for field in office.fields] == list(KEYS)
    assert [field.share for field in office.fields] == pytest.approx([0.6, 0.25, 0.15], abs=0.03)
    assert office.ways is not None
    assert office.ways.hall / office.ways.known == pytest.approx(0.7, abs=0.03)
    assert office.ways.online / office.ways.known == pytest.approx(0.26, abs=0.03)
    for key, (_, term) in zip(KEYS, FIELDS.values(), strict=True):
        found, taken = office.times[key].term, office.times[key].taken
        assert found is not None
        assert (found.days, found.share) == (term, 1.0)
        assert taken is not None
        assert taken.median == pytest.approx(int(max(MEDIAN * term, 0.3)), abs=1)
    land = office.times["land"].taken
    assert land is not None
    assert land.open > 0
    assert land.shape == "lognormal"
    assert land.parameters[0] == pytest.approx(0.5, abs=0.08)
    assert land.parameters[2] == pytest.approx(MEDIAN * 15, rel=0.1)


@pytest.mark.slow
def test_intervals_hold_what_was_put_in_as_often_as_stated(tmp_path: Path) -> None:
    """40 exports; of intervals stated at 95 % fewer than 34 of 40 hold in one of 1000 such tests."""
    found = pd.DataFrame([held(seed, tmp_path) for seed in range(40)])
    assert (found.sum() >= 34).all(), found.mean()


def test_results_that_are_not_there_yet_count_as_longer() -> None:
    """Left out, those that are open would make the median a day whatever their number."""
    assert taken_of(201).median == 1.0
    assert taken_of(190).median is None
    assert (taken_of(190).count, taken_of(190).open) == (400, 210)


def taken_of(ready: int, count: int = 400) -> Taken:
    """Of 400 dossiers so many are ready on the next working day, the others not within 20 days."""
    day, number = np.full(count, 20_520), np.zeros(count, np.int64)
    done = np.where(np.arange(count) < ready, day + 1, -1)
    columns = (number, number, day, np.full(count, np.nan), np.full(count, -1), done, None, None, None)
    own = Dossiers(("",), ("x",), *columns, 20_540, ())
    found = times_of(own, fields_of(["x"], [1.0])[0][0], np.ones(count, bool)).taken
    assert found is not None
    return found


def test_working_days_leave_out_weekends_and_holidays() -> None:
    """From Friday 24 April 2026: Monday 27 is a holiday (Hung Kings), 30 April and 1 May are too."""
    friday = (date(2026, 4, 24) - date(1970, 1, 1)).days
    last = np.array([friday, friday + 3, friday + 4, friday + 10])
    assert between(np.full(4, friday), last).tolist() == [0, 0, 1, 3]


# Times of entry

SHAPE = np.repeat([1.2, 1.8, 1.8, 1.6, 1.5, 1.0, 0.7, 0.4, 0, 0, 0, 0.7, 1.2, 1.1, 0.9, 0.7, 0.5, 0.3, 0.2], 1)


def stamps(per_day: float, seed: int, how: str, days: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Days and minutes of entries: live, all at the end of the day, or in bursts at any time of it."""
    random = np.random.default_rng(seed)
    number = np.maximum(random.poisson(per_day, days), 1)
    of = np.repeat(np.arange(days), number)
    if how == "live":
        minute = 450 + 30 * (random.choice(len(SHAPE), len(of), p=SHAPE / SHAPE.sum()) + random.random(len(of)))
    elif how == "evening":
        minute = 990 + random.exponential(15, len(of))
    else:
        minute = random.uniform(480, 960, days)[of] + random.exponential(8, len(of))
    return of, minute


@pytest.mark.parametrize("per_day", [5, 20, 80])
@pytest.mark.parametrize("how", ["evening", "bursts"])
def test_batches_are_seen(how: str, per_day: float) -> None:
    """40 of 40: seen at all in fewer than 93 % of such exports, it would be missed once with 95 %."""
    assert [stamps_of(*stamps(per_day, seed, how)).answer for seed in range(40)] == ["batched"] * 40


@pytest.mark.parametrize("per_day", [5, 20, 80, 400])
def test_live_stamps_are_not_called_batched(per_day: float) -> None:
    """None of 40: a false alarm in 7.5 % of such exports or more would be seen with 95 %."""
    assert [stamps_of(*stamps(per_day, seed, "live"), 30).answer for seed in range(40)] == ["live"] * 40


def test_half_of_a_day_typed_in_later_is_seen() -> None:
    """30 of 40 at 60 % typed in after 16:30 (what is late is then far above a third); at a tenth none is called so."""

    def mixed(part: float, seed: int) -> str:
        of, live = stamps(20, seed, "live")
        late = np.random.default_rng(seed).random(len(of)) < part
        return stamps_of(of, np.where(late, 990 + live % 30, live)).answer

    assert sum(mixed(0.6, seed) == "batched" for seed in range(40)) >= 30
    assert sum(mixed(0.1, seed) == "batched" for seed in range(40)) == 0


def test_more_than_officials_could_receive_is_no_live_entry() -> None:
    of, minute = stamps(400, 1, "live")
    assert stamps_of(of, minute, 30).answer == "live"
    found = stamps_of(of, minute, 1)
    assert (found.answer, [sign.name for sign in found.signs if sign.is_shown]) == ("batched", ["fast"])


@pytest.mark.parametrize(
    ("minute", "answer"),
    [([0.0] * 400, "no times"), ([np.nan] * 400, "no times"), ([480.0, 500.0, 520.0], "too few")],
)
def test_times_that_say_nothing_are_none(minute: list[float], answer: str) -> None:
    assert stamps_of(np.arange(len(minute)) // 10, np.array(minute)).answer == answer


ONCE = ("opening=true", "replications=1", "engine=reference")


def log_of(center: str, seed: int, path: Path, days: int = 67) -> sim.Study:
    """A center as its system would hold it: a row an accepted dossier, stamped at the end of reception."""
    study = sim.load([f"center={center}", f"days={days}", f"seed={seed}", *ONCE])
    events = sim.event_log(study)
    ended = events[(events["activity"] == "reception") & (events["lifecycle"] == "complete") & (events["accepted"] > 0)]
    each = ended.loc[ended.index.repeat(ended["accepted"].astype(int))]
    table = pd.DataFrame({"received": each["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S"), "field": each["field"]})
    table.assign(code=[f"{n}" for n in range(len(table))]).to_csv(path, index=False)
    return study


@pytest.mark.parametrize("center", ["cam_duong", "tan_giang", "ban_lau"])
def test_a_simulated_center_is_found_again_and_its_live_stamps_are_live(center: str, tmp_path: Path) -> None:
    """Dossiers a day within 2.2 standard errors of days: a systematic error of 15 % of them would mostly show."""
    path = tmp_path / "log.csv"
    study = log_of(center, 3, path)
    (office,) = of_dossiers(Source(path))
    wanted, own = expected(study.scenario, RECEIVED), office.week.arrivals
    error = own.counts.std(ddof=1) / np.sqrt(len(own.counts))
    assert abs(own.per_day - wanted) <= 2.2 * error + 0.03 * wanted
    assert office.profile is not None, [note.said for note in office.notes]
    assert any("not shown to be batched" in note.kind and "later than who came" in note.done for note in office.notes)
    shares = {name: entry.share for name, entry in study.base.procedures.items()}
    for field in office.fields:
        assert field.share == pytest.approx(shares[field.key], abs=4 * np.sqrt(0.25 / len(pd.read_csv(path))))


@pytest.mark.slow
@pytest.mark.parametrize("center", ["go_vap", "quang_yen", "phuc_hoa"])
def test_receptions_of_shipped_centers_are_not_called_batched(center: str, tmp_path: Path) -> None:
    """15 seeds of a month each: a false alarm in 18 % of them or more would be seen with 95 %."""
    for seed in range(15):
        log_of(center, seed, tmp_path / "log.csv", 37)
        (office,) = of_dossiers(Source(tmp_path / "log.csv"))
        assert not any("are batched" in note.kind for note in office.notes), [note.said for note in office.notes]


# What makes no sense

HEADS = "Mã hồ sơ,Lĩnh vực,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả,Hình thức tiếp nhận,Trạng thái"
FINE = [
    f"a{n},Đất đai,2026-03-0{n} 08:1{n},2026-03-1{n},2026-03-0{n + 1},Trực tiếp,Đã trả kết quả" for n in (2, 3, 4, 5, 6)
]
WRONG = {
    "no day of receipt, or none that there is": ("b,Đất đai,2026-02-30,,,Trực tiếp,", "left out"),
    "a dossier that is there already": ("a2,Đất đai,2026-03-03,,,Trực tiếp,", "left out, the first is kept"),
    "a time of entry that cannot be read": ("b,Đất đai,2026-03-02 8 giờ,,,Trực tiếp,Mới", "kept, without its time"),
    "a due date that cannot be read": ("b,Đất đai,2026-03-02,soon,,Trực tiếp,Đang xử lý", "kept, without a term"),
    "due before it was received": ("b,Đất đai,2026-03-03,2026-03-02,,Trực tiếp,Đang xử lý", "kept, without a term"),
    "a date of the result that cannot be read": (
        "b,Đất đai,2026-03-03,,x,Trực tiếp,Đang xử lý", "kept, not used for how long it took",
    ),
    "a result before it was received": (
        "b,Đất đai,2026-03-03,,2026-03-02,Trực tiếp,Đã trả kết quả", "kept, not used for how long it took",
    ),
    "done, without a date of the result": (
        "b,Đất đai,2026-03-03,,,Trực tiếp,Đã trả kết quả", "kept, not used for how long it took",
    ),
    "stopped or refused, without a date": (
        "b,Đất đai,2026-03-03,,,Trực tiếp,Dừng xử lý", "kept, not used for how long it took",
    ),
    "a channel that is not known": ("b,Đất đai,2026-03-03,,,Zalo,Đang xử lý", "kept, its channel taken as not said"),
    "a status that is not known": ("b,Đất đai,2026-03-03,,,Trực tiếp,???", "kept, its status taken as not said"),
    "fewer cells than heads": ("b,Đất đai", "left out"),
}  # fmt: skip


def cleaned(tmp_path: Path, lines: list[str], heads: str = HEADS, until: str | None = "2026-03-06") -> Dossiers:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([heads, *lines, ""]), encoding="utf-8")
    return dossiers_of(path, table_of(path, COLUMNS), None, until)


@pytest.mark.parametrize("kind", WRONG)
def test_each_kind_of_nonsense_is_a_line_with_its_row_and_what_was_done(kind: str, tmp_path: Path) -> None:
    row, done = WRONG[kind]
    fine = [line.replace("2026-03-07", "2026-03-06") for line in FINE]
    found = cleaned(tmp_path, [*fine, row])
    assert [note.said for note in found.notes] == [f"{kind}: 1 rows (lines 7): {done}"]
    assert len(found) == 5 + done.startswith("kept")


def test_what_came_after_the_export_or_half_a_year_off_is_told(tmp_path: Path) -> None:
    found = cleaned(tmp_path, FINE, until="2026-03-05")
    assert [note.said for note in found.notes] == [
        "received after 2026-03-05, the day of the export: 1 rows (lines 6): left out",
        "a result after 2026-03-05, the last day of the export: 1 rows (lines 5): kept, as not ready on that day",
    ]
    assert len(found) == 4
    many = [f"c{n},Đất đai,2026-03-0{2 + n % 5},,,Trực tiếp," for n in range(200)]
    far = cleaned(tmp_path, [*many, "z,Đất đai,2062-03-02,,,Trực tiếp,"], until=None)
    assert "received 180 days and more from all others: 1 rows (lines 202): left out" in [n.said for n in far.notes]
    assert far.until == found.until + 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{HEADS}\n{FINE[0]}\n", "1 of 1 rows, wanted at least two dossiers"),
        ("Mã hồ sơ,Ngày tiếp nhận\na,02/03/2026\nb,03/03/2026\n", "wanted dates=dmy or dates=mdy"),
        ("Mã hồ sơ,Ngày tiếp nhận\na,x\nb,y\n", "no day of receipt, or none that there is"),
        ("Ngày tiếp nhận,Ngày nhận\n2026-03-02,2026-03-02\n", "wanted columns.received=HEAD: each of these may be it"),
    ],
)
def test_an_export_that_cannot_be_used_is_refused_in_a_line(
    text: str, wanted: str, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "kind=dossiers", f"out={tmp_path / 'out'}"]) == 2
    assert wanted in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["boards=b.csv"], "boards: is for kind=tickets: an export of dossiers has none"),
        (["counted_as=people"], "counted_as: is for kind=counts"),
        (["columns.issued=x"], "wanted one of received, code"),
        (["exported=tomorrow"], "wanted the day of the export"),
        (["kind=dossier"], "did you mean dossiers?"),
        (["staff=nowhere.csv"], "cannot be read"),
        (["office=Elsewhere"], "wanted an office of the file"),
        (["simulate=maybe"], "wanted one of yes, no"),
    ],
)
def test_a_word_that_does_not_fit_is_refused_in_a_line(
    words: list[str], wanted: str, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([HEADS, *FINE]), encoding="utf-8")
    assert main([str(path), *words, f"out={tmp_path / 'out'}"]) == 2
    assert wanted in capsys.readouterr().err


OLD_MARKS = {
    "ồ": "ô\u0300", "ĩ": "i\u0303", "ự": "ư\u0323", "ế": "ê\u0301", "ậ": "â\u0323", "ấ": "â\u0301", "ị": "i\u0323",
    "ã": "a\u0303", "ộ": "ô\u0323",
}  # fmt: skip
"""cp1258 has these marks behind their letters."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_vietnamese_export_is_read_as_it_is(encoding: str, tmp_path: Path) -> None:
    text = "Mã hồ sơ;Lĩnh vực;Ngày tiếp nhận\n1;Đất đai;13/03/2026 16:05\n2;Hộ tịch;08:05 14/03/2026\n"
    path = tmp_path / "export.csv"
    if encoding == "cp1258":
        marks = str.maketrans(OLD_MARKS)
        assert unicodedata.normalize("NFC", text.translate(marks)) == text
        text = text.translate(marks)
    path.write_text(text, encoding=encoding)
    own = "utf-8" if encoding.startswith("utf-8") else encoding
    found = dossiers_of(path, table_of(path, COLUMNS, None, own))
    assert found.notes == ()
    assert found.names == ("Hộ tịch", "Đất đai")
    assert found.minute.tolist() == [965.0, 485.0]
    assert (found.day[1] - found.day[0], found.until) == (1, found.day[1])


def test_days_first_or_months_first_is_seen_or_asked(tmp_path: Path) -> None:
    lines = ["a,x,03/13/2026,,,,", "b,x,03/02/2026,,,,"]
    found = cleaned(tmp_path, lines, until=None)
    assert weekday_of(found.day).tolist() == [0, 4]


def test_missing_days_are_closed_holidays_or_days_without_anybody(tmp_path: Path) -> None:
    """A day of 30 that has none was closed; where two come a day, chance has such days."""
    table = rows(2)
    table = table[~table["Ngày tiếp nhận"].str.startswith("10/03/2026")]
    table.to_csv(tmp_path / "a.csv", index=False)
    (office,) = of_dossiers(Source(tmp_path / "a.csv"))
    said = [note.said for note in office.notes]
    assert "3 public holidays without dossiers: taken as closed: 2026-04-27, 2026-04-30, 2026-05-01" in said
    assert "1 weekdays without dossiers: taken as closed: 2026-03-10" in said
    table.iloc[::15].to_csv(tmp_path / "few.csv", index=False)
    (few,) = of_dossiers(Source(tmp_path / "few.csv"))
    assert any("as chance may have it: counted as days to which nobody came" in note.said for note in few.notes)


def test_intervals_of_shares_go_by_days(tmp_path: Path) -> None:
    """Days of one field or the other alone: 200 dossiers are no more than ten days, and their interval is as wide."""
    days = [f"2026-03-{day:02d}" for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    lines = [f"{day},{'Đất đai' if nth % 2 else 'Hộ tịch'}" for nth, day in enumerate(days) for _ in range(20)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(["Ngày tiếp nhận,Lĩnh vực", *lines]), encoding="utf-8")
    (office,) = of_dossiers(Source(path))
    for field in office.fields:
        assert field.ends is not None
        assert field.ends[1] - field.ends[0] > 0.5
        mark = f"# W [{field.ends[0]:.3g}–{field.ends[1]:.3g}] 100 of 200"
        assert center_text(office, 20.0).count(mark) == 2


@pytest.mark.parametrize("paper", [1234565, 8765435, 3])
def test_rounded_shares_of_channels_sum_to_one(paper: int, tmp_path: Path) -> None:
    office = replace(one_office(tmp_path), ways=Ways(paper, 0, 10_000_000 - paper, 0))
    text = center_text(office, 30.0)
    shares = [float(line.split()[1]) for line in text.split("channels:")[1].splitlines() if " share:" in line][:3]
    assert sum(shares) == pytest.approx(1.0, abs=1e-9)


def test_many_an_unknown_name_keeps_its_own_key() -> None:
    assert known_field("Chứng thực hợp đồng quyền sử dụng đất") == "certification"
    assert known_field("Lĩnh vực Người có công") == "social"
    assert known_field("Tôn giáo") is None
    fields, of = fields_of(["Tôn giáo", "1. Đất", "Hộ tịch", "khai sinh"], [5.0, 2.0, 3.0, 4.0])
    assert [field.key for field in fields] == ["civil_status", "ton_giao", "field_1_dat"]
    assert of.tolist() == [1, 2, 0, 0]
    assert sum(field.share for field in fields) == 1.0
    many = fields_of([f"lĩnh vực {n}" for n in range(40)], [1.0] * 40)[0]
    assert len(many) == 20
    assert many[-1].key == "others"


PRIVATE = ("Khai sinh cho Nguyễn Văn Kín", "Trả lời ông Trần Giấu", "gọi lại 0912 345 678", "CCCD 001099012345")
OWN = "Tôn giáo - 1.001193.000.00.00.H36"


def test_free_text_in_the_column_of_fields_is_kept_nowhere(tmp_path: Path, capsys: Captured) -> None:
    """A name in few dossiers, and a number of a telephone in however many; an office's own name of a field stays."""
    texts = [*PRIVATE[:2], *[PRIVATE[2]] * 15, *[PRIVATE[3]] * 15, *[OWN] * 12, *["Hộ tịch"] * 3]
    lines = [f"{n},2026-03-{2 + n % 5:02d},{text}" for n, text in enumerate(texts)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(["Mã hồ sơ,Ngày tiếp nhận,Thủ tục", *lines]), encoding="utf-8")
    (office,) = of_dossiers(Source(path))
    assert {field.key: field.count for field in office.fields} == {
        "others": 31, "ton_giao_1_001193_000_00_00_h36": 12, "civil_status": 4,
    }  # fmt: skip
    what = "a field or procedure named in fewer than 10, or with a number of eight digits"
    assert [note.said for note in office.notes if note.kind == what] == [
        f"{what}: 1 rows (lines 2): counted under its field, its text is not kept",
        f"{what}: 31 rows (lines 3, 4, 5, …): counted as others, its text is not kept",
    ]
    assert main([str(path), "simulate=no", f"out={tmp_path / 'out'}"]) == 0
    said = capsys.readouterr()
    text = "".join(one.read_text(encoding="utf-8") for one in (tmp_path / "out").iterdir() if one.suffix != ".png")
    for private in ("Kín", "_kin", "Giấu", "giau", "0912", "0010990", "CCCD"):
        assert private not in text + said.out + said.err


# What is written

STAFF = """Họ tên;Lĩnh vực phụ trách;Chức vụ;Điểm tiếp nhận
Trần Thị Kín;Chứng thực, Hộ tịch;Công chức một cửa;Trụ sở
Lê Văn Riêng;Chứng thực, Hộ tịch;Công chức một cửa;Trụ sở
Lê Văn Riêng;Đất đai;Công chức một cửa;Trụ sở
Đỗ Thị Giấu;;Phó Chủ tịch;Trụ sở
Phạm Kín;Phạm Kín;Công chức;Trụ sở
"""


def test_what_is_written_composes_runs_and_has_no_names(tmp_path: Path, capsys: Captured) -> None:
    staff = tmp_path / "can_bo.csv"
    staff.write_text(STAFF, encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(exported(tmp_path)), f"staff={staff}", "simulate=no", f"out={out}"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("ho_so_1.csv: an export of dossiers, by its heads (channel, code,")
    already = "an official who is there already: 1 rows (lines 4): taken as one, with fields and hours of all rows"
    assert already in said.out
    assert "a field in which there is no dossier, or that is not known: 1 rows (lines 6): left out" in said.out
    assert "are batched: 100% in the fullest hour" in said.out
    written = "".join(path.read_text(encoding="utf-8") for path in out.iterdir() if path.suffix != ".png")
    for name in ("Kín", "Riêng", "Giấu", "Trần", "Nguyễn"):
        assert name not in written + said.out + said.err
    study = sim.load([f"center={out / 'office.yaml'}", "days=16", "replications=2", "engine=reference"])
    assert {name: group.count for name, group in study.base.staff.items()} == {
        "certification": 1, "all_round": 1, "leaders": 1,
    }  # fmt: skip
    assert study.marks["arrivals.per_day"] == study.marks["procedures.land.processing.term"] == "W"
    assert study.marks["staff.certification.count"] == "O"
    assert study.marks["arrivals.profile.08:00"] == study.marks["procedures.land.service.mean"] == "A"
    assert "unmarked" not in {mark for key, mark in study.marks.items() if is_input(key)}
    (received,) = (one for one in study.base.observed.values() if one.used_as_input)
    assert received.value is not None
    assert expected(study.scenario, RECEIVED) == pytest.approx(received.value, rel=1e-4)
    figures = sim.simulate(study).summary.set_index(["metric", "scope"])["estimate"]
    assert figures["arrived", "all"] > 0
    assert 0 < figures["on_time_share", "all"] <= 1


def one_office(tmp_path: Path, **columns: str) -> Fitted:
    table = rows().drop(columns=[name for name, kept in columns.items() if kept == "-"])
    table.to_csv(tmp_path / "part.csv", index=False)
    return of_dossiers(Source(tmp_path / "part.csv"))[0]


@pytest.mark.parametrize(
    "missing",
    [
        (),
        ("Hình thức tiếp nhận",),
        ("Lĩnh vực",),
        ("Ngày hẹn trả", "Ngày có kết quả"),
        ("Lĩnh vực", "Hình thức tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Trạng thái", "Mã hồ sơ"),
    ],
)
def test_whatever_columns_are_missing_a_scenario_composes_with_as_many_dossiers(
    missing: tuple[str, ...], tmp_path: Path
) -> None:
    office = one_office(tmp_path, **dict.fromkeys(missing, "-"))
    (text,) = scenario_texts([office]).values()
    path = tmp_path / "office.yaml"
    path.write_text(text, encoding="utf-8")
    study = sim.load([f"center={path}", "days=9", "replications=1", "engine=reference"])
    assert expected(study.scenario, RECEIVED) == pytest.approx(office.week.arrivals.per_day, rel=1e-4)
    assert "unmarked" not in {mark for key, mark in study.marks.items() if is_input(key)}
    assert sim.simulate(study).summary["estimate"].notna().any()


def test_offices_are_apart_and_a_list_is_of_one(tmp_path: Path, capsys: Captured) -> None:
    table = rows().assign(**{"Đơn vị": lambda one: np.where(one.index % 3 == 0, "Xã Một", "=cmd: ${x}")})
    table.to_csv(tmp_path / "two.csv", index=False)
    out = tmp_path / "out"
    assert main([str(tmp_path / "two.csv"), "simulate=no", f"out={out}"]) == 0
    made = sorted(path.name for path in out.glob("*.yaml"))
    assert made == ["cmd_x.yaml", "xa_mot.yaml"]
    for name in made:
        assert sim.load([f"center={out / name}"]).base.arrivals.counted_as == "dossiers"
    staff = tmp_path / "staff.csv"
    staff.write_text(STAFF, encoding="utf-8")
    assert main([str(tmp_path / "two.csv"), f"staff={staff}", f"out={tmp_path / 'other'}"]) == 2
    assert "wanted office=NAME beside it" in capsys.readouterr().err


def test_a_share_that_was_sent_back_is_the_least_that_is_incomplete(tmp_path: Path) -> None:
    table = rows()
    table.loc[table.index % 4 == 0, "Trạng thái"] = "Yêu cầu bổ sung"
    table.to_csv(tmp_path / "back.csv", index=False)
    (office,) = of_dossiers(Source(tmp_path / "back.csv"))
    assert office.sent_back == ((table.index % 4 == 0).sum(), len(table))
    (text,) = scenario_texts([office]).values()
    assert "incomplete: 0.25" in text
    assert "A [0.25–0.5] 25.0% were sent back after receipt (W)" in text


def test_dates_that_can_be_read_in_two_ways_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="wanted dates=dmy or dates=mdy"):
        cleaned(tmp_path, ["a,x,03/04/2026,,,,", "b,x,03/02/2026,,,,"], until=None)


def test_a_time_that_is_of_no_usual_shape_is_kept_as_it_was_seen() -> None:
    """Two in three after 2 days, one in three after 12: no lognormal, gamma or Weibull time has that."""
    assert taken_of(390).shape == "empirical"
    random = np.random.default_rng(1)
    day = np.full(600, 20_520)
    done = day + np.where(random.random(600) < 2 / 3, random.integers(1, 4, 600), random.integers(12, 15, 600))
    number, nothing = np.zeros(600, np.int64), np.full(600, np.nan)
    columns = (number, number, day, nothing, np.full(600, -1), done, None, None, None)
    found = times_of(Dossiers(("",), ("x",), *columns, 20_600, ()), fields_of(["x"], [1.0])[0][0], day > 0).taken
    assert found is not None
    assert found.shape == "empirical"


def test_specialists_of_a_list_do_the_back_office_and_hours_that_differ_are_shifts(tmp_path: Path) -> None:
    staff = tmp_path / "staff.csv"
    lines = [
        "tất cả;Công chức;2;7h30-11h30, 13h00-17h00",
        "tất cả;Phòng chuyên môn;3;",
        "tất cả;Công chức;1;8h00-11h30",
    ]
    staff.write_text("\n".join(["field;role;count;hours", *lines]), encoding="utf-8")
    (office,) = of_dossiers(Source(exported(tmp_path), staff=staff))
    (text,) = scenario_texts([office]).values()
    path = tmp_path / "office.yaml"
    path.write_text(text, encoding="utf-8")
    study = sim.load([f"center={path}", "days=16", "replications=1", "engine=reference"])
    assert study.base.back_office is not None
    assert not study.base.back_office.at_counters
    assert [(one.role, one.count, one.shifts) for one in study.base.staff.values()] == [
        ("counter", 2, ()), ("specialist", 3, ()), ("counter", 1, ("shift_1",)),
    ]  # fmt: skip
    assert study.base.calendar.shifts == {"shift_1": ("08:00-11:30",)}
    assert sim.simulate(study).summary["estimate"].notna().any()


def test_how_many_file_from_home_changes_who_comes_and_not_what_is_received(tmp_path: Path) -> None:
    (text,) = scenario_texts(of_dossiers(Source(exported(tmp_path)))).values()
    path = tmp_path / "office.yaml"
    path.write_text(text, encoding="utf-8")
    study = sim.load([f"center={path}"])
    (ends,) = [ends for one, ends in ends_of(study)[0] if one.name == "channels.home.share"]
    few, many = (end.base for end in ends)
    assert few.from_home < 0.1
    assert many.from_home > 0.25
    assert expected(few, RECEIVED) == pytest.approx(expected(many, RECEIVED), rel=1e-9)
    assert expected(many, CAME) < 0.85 * expected(few, CAME)


@pytest.mark.parametrize("way", ["Bưu chính", "Trực tuyến"])
def test_an_export_without_anybody_at_the_hall_composes(way: str, tmp_path: Path) -> None:
    rows().assign(**{"Hình thức tiếp nhận": way}).to_csv(tmp_path / "away.csv", index=False)
    (text,) = scenario_texts(of_dossiers(Source(tmp_path / "away.csv"))).values()
    path = tmp_path / "office.yaml"
    path.write_text(text, encoding="utf-8")
    assert sum(one.share for one in sim.load([f"center={path}"]).base.channels.values()) == pytest.approx(1.0)
