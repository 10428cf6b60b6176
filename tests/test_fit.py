"""A log of tickets: read as offices write it, told what makes no sense, fitted, and held against days not used."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.fit import main
from experiments.fitting.goodness import said_of_small
from sim.faults import BadInput
from sim.fitting.arrivals import arrivals_of
from sim.fitting.boards import COLUMNS, boards_from, boards_of
from sim.fitting.clocks import dates, order_of, times
from sim.fitting.files import table_of
from sim.fitting.office import office_of
from sim.fitting.pace import work_of
from sim.fitting.seen import partly_seen
from sim.fitting.shares import share_ends
from sim.fitting.tickets import BETWEEN, OTHERS, POINT, Tickets, tickets_of, within
from sim.fitting.unseen import Foretold, Learnt, errors, foretold, mended, split
from sim.units import WEEKDAYS

Captured = pytest.CaptureFixture[str]
LOG = Path(__file__).parents[2] / "shared" / "data" / "warsaw_tickets_calibration.csv.gz"
BOARDS = LOG.with_name("warsaw_intervals_calibration.csv.gz")
DAY_ONE = 20_514  # 2026-03-02, a Monday


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("08:05", 485.0), ("8h05", 485.0), ("8:05:30", 485.5), ("2:05 PM", 845.0), ("3:10 CH", 910.0),
        ("12:10 AM", 10.0), ("485", 485.0), ("487.5", 487.5), ("02/03/2026 08:05", 485.0), ("-1", -1.0),
        ("24:00", 1440.0),
        ("2026-03-02T08:05:00.5+07:00", 485.0),
    ],
)  # fmt: skip
def test_times_are_read_in_the_forms_that_offices_write(text: str, minutes: float) -> None:
    found = times(pd.Series([text]), "dmy")
    assert found.minutes[0] == minutes
    assert not found.is_wrong[0]


@pytest.mark.parametrize("text", ["x", "25:00", "08:61", "31/02/2026 08:00", "8 o'clock", "9.15.3", "1e9"])
def test_what_is_no_time_is_wrong(text: str) -> None:
    found = times(pd.Series([text]), "dmy")
    assert found.is_wrong[0]
    assert np.isnan(found.minutes[0])


def test_the_order_of_dates_is_seen_or_asked() -> None:
    path = Path("log.csv")
    assert order_of(path, [pd.Series(["2026-03-02"])]) == "ymd"
    assert order_of(path, [pd.Series(["2026-03-02", "13/01/2026", "02/01/2026"])]) == "dmy"
    assert order_of(path, [pd.Series(["01/13/2026 08:00"])]) == "mdy"
    assert order_of(path, [pd.Series(["02/03/2026"])], "dmy") == "dmy"
    for unclear in (["02/03/2026"], ["13/01/2026", "01/13/2026"]):
        with pytest.raises(BadInput, match="wanted dates=dmy or dates=mdy"):
            order_of(path, [pd.Series(unclear)])


def test_days_that_are_none_or_far_away_are_no_days() -> None:
    found = dates(pd.Series(["2026-03-02", "0001-01-01", "9999-12-31", "2026-02-30", "02/03/26"]), "dmy")
    assert found.tolist() == [DAY_ONE, -1, -1, -1, DAY_ONE]


@pytest.mark.parametrize("column", [["0.35", "0.3333"], ["485", "08:05"], ["1500", "202603020800"], ["inf", "nan"]])
def test_numbers_that_may_mean_something_else_are_not_guessed(column: list[str]) -> None:
    found = times(pd.Series(column), "dmy")
    assert found.is_wrong[[":" not in text for text in column]].all()


VIETNAMESE = "Ngày;Giờ lấy số;Giờ gọi;Lĩnh vực;STT\n13/03/2026;7h45;8h00;Đất đai;1\n13/03/2026;8h10;8h40;Hộ tịch;2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_vietnamese_sheet_is_read_as_it_is(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(VIETNAMESE, encoding=encoding)
    found = tickets_of(path, table_of(path, (*POINT, *OTHERS)))
    assert found.notes == ()
    assert found.queues == ("Hộ tịch", "Đất đai")
    assert [found.issued[0].tolist(), found.called[0].tolist()] == [[490.0, 465.0], [520.0, 480.0]]


def test_an_old_encoding_is_named_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_bytes("issued;called;queue\n8:00;8:10;Hộ tịch\n8:05;8:20;x\n".encode("cp1258", "replace"))
    path.write_bytes(path.read_bytes().replace(b"?", b"\xf4"))
    with pytest.raises(BadInput, match=r"1 lines are not utf-8, the first is line 2.*say encoding=cp1258"):
        table_of(path, POINT)
    assert len(table_of(path, POINT, encoding="cp1258").table) == 2
    path.write_bytes(path.read_bytes() + "8:07;8:30;Đất\n".encode())
    with pytest.raises(BadInput, match="mixes encodings"):
        table_of(path, POINT)


HEADS = "date,ticket,issued,called"
WRONG = {
    "time of issue that cannot be read": ("2026-03-02,9,noon,9:00", "left out"),
    "time of call that cannot be read": ("2026-03-02,9,8:00,later", "left out"),
    "no day, or none that there is": ("2026-02-30,9,8:00,9:00", "left out"),
    "called before it was issued": ("2026-03-02,9,10:00,9:00", "left out"),
    "a ticket that is there already": ("2026-03-02,1,8:30,9:00", "left out, the first is kept"),
    "never called": ("2026-03-02,9,8:00,", "kept: counted as having waited longer than any limit"),
    "called past midnight": ("2026-03-02,9,23:50,0:20", "taken as the next day's"),
    "called more than a day later": ("2026-03-02,9,8:00,2027-03-02 9:00", "left out"),
    "a day that is not that of its time of issue": ("2026-03-02,9,2026-03-05 8:00,9:00", "left out"),
    "fewer cells than heads": ("2026-03-02,9,8:00", "left out"),
    "more cells than heads": ("2026-03-02,9,8:00,9:00,9:30", "left out"),
}


def cleaned(tmp_path: Path, rows: list[str], heads: str = HEADS) -> Tickets:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([heads, *rows, ""]), encoding="utf-8")
    return tickets_of(path, table_of(path, (*POINT, *OTHERS)))


@pytest.mark.parametrize("kind", WRONG)
def test_each_kind_of_nonsense_is_a_line_with_its_row_and_what_was_done(kind: str, tmp_path: Path) -> None:
    row, done = WRONG[kind]
    found = cleaned(tmp_path, ["2026-03-02,1,8:00,8:10", "2026-03-02,2,8:05,8:15", row])
    (note,) = found.notes
    assert note.said == f"{kind}: 1 rows (lines 4): {done}"
    assert len(found) == (3 if done.startswith(("kept", "taken")) else 2)


def test_past_midnight_is_the_next_day_and_days_without_tickets_are_told(tmp_path: Path) -> None:
    found = cleaned(tmp_path, ["2026-03-02,1,23:50,0:20", "2026-03-06,2,8:05,8:15"])
    assert found.called[0][0] - found.issued[0][0] == 30.0
    assert "3 weekdays without a ticket: taken as closed: 2026-03-03, 2026-03-04, 2026-03-05" in found.notes[-1].said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("date,issue_tme,called\n", "wanted a column issued"),
        ("issued,issue,called\n8:00,8:01,8:02\n8:00,8:01,8:02\n", "wanted columns.issued=HEAD"),
        ("date,issued,called\n2026-03-02,8:00,8:10\n", "wanted at least two tickets"),
        ("date,issued,called\n02/03/2026,8:00,8:10\n03/03/2026,8:00,8:10\n", "wanted dates=dmy or dates=mdy"),
        ("", "wanted a table"),
        ("issued,called\n", "has heads alone"),
        ("issued,issued,called\n8:00,8:01,8:02\n", "is the head of two columns"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused_in_a_line(
    text: str, wanted: str, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), f"out={tmp_path / 'out'}"]) == 2
    assert wanted in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], "wanted one log"),
        (["a.csv", "b.csv"], "wanted one log"),
        (["a.csv", "hold_out=3"], "holdout"),
        (["a.csv", "holdout=some"], "wanted alternate, or how many of the last days"),
        (["a.csv", "columns.isued=x"], "did you mean issued"),
        (["a.csv", "encoding=tcvn"], "wanted one of utf-8"),
        (["a.csv", "workers=3"], "is for motcua run"),
        (["nowhere.csv"], "cannot be read"),
    ],
)
def test_a_wrong_word_is_refused_in_a_line(words: list[str], wanted: str, capsys: Captured) -> None:
    assert main(words) == 2
    assert wanted in capsys.readouterr().err


# What is fitted


def test_the_chance_to_have_waited_so_long_is_that_of_uniform_times() -> None:
    ends = np.array([0.0]), np.array([10.0])
    assert within(ends, (np.array([10.0]), np.array([20.0])), 10.0)[0] == pytest.approx(0.5, abs=0.06)
    assert within(ends, (np.array([np.inf]), np.array([np.inf])), 1e9)[0] == 0.0
    assert within((ends[0], ends[0]), (np.array([15.0]), np.array([15.0])), 15.0)[0] == 1.0


RATE, MEAN, COUNTERS, DAYS = 0.5, 5.0, 3, 20


def days_of_a_queue(seed: int = 1, spread: float = 0.0) -> Tickets:
    """A queue of three counters on 20 days of 8 hours: 30 an hour, 5 minutes each, days alike or not."""
    random = np.random.default_rng(seed)
    issued, called, day = [], [], []
    for nth in range(DAYS):
        factor = random.gamma(1 / spread**2, spread**2) if spread else 1.0
        count = random.poisson(RATE * factor * 480)
        came = np.sort(random.uniform(0, 480, count))
        trace = sim.replay(came, random.exponential(MEAN, count), COUNTERS)
        issued.append(480 + came)
        called.append(480 + trace.tasks["start"] / 60_000)
        day.append(np.full(count, DAY_ONE + 7 * (nth // 5) + nth % 5))
    came, gone, on = map(np.concatenate, (issued, called, day))
    zeros = np.zeros(len(came), np.int64)
    return Tickets(("office",), ("queue",), zeros, zeros, on, (came, came), (gone, gone), ())


def test_days_and_half_hours_are_recovered() -> None:
    found = arrivals_of(days_of_a_queue(), days_of_a_queue().days)
    assert found.per_day == pytest.approx(RATE * 480, rel=0.05)
    assert found.profile[16:32] == pytest.approx(np.full(16, 1 / 16), abs=0.01)
    assert found.profile.sum() == pytest.approx(1.0)
    assert np.isnan(found.weekday[5:]).all()
    assert found.factor_cv is not None
    assert found.factor_cv[0] < 0.08


@pytest.mark.slow
def test_the_factor_of_a_day_is_in_its_interval_as_often_as_stated() -> None:
    """200 logs of 20 days, cv 0.3, stated 95 %: less than 90 % of them would be seen in one of 1000 such tests."""
    tickets = [days_of_a_queue(seed, 0.3) for seed in range(200)]
    found = [arrivals_of(one, one.days).factor_cv for one in tickets]
    inside = [one[1] <= 0.3 <= one[2] for one in found if one is not None]
    assert 0.9 < np.mean(inside) <= 1.0


@pytest.mark.slow
def test_the_interval_of_a_share_is_right_where_days_differ() -> None:
    """2,000 logs of 20 days, on which a queue has shares of its own, 0.3 on average: stated 95 %.

    Within 93 to 97 %: a correct method is outside in one of 10,000 such tests. Without the days it would be 75 %.
    """
    random, held = np.random.default_rng(3), 0
    for _ in range(2000):
        shares = random.beta(30, 70, 20)
        every = random.poisson(150, 20)
        own = random.binomial(every, shares)
        ends = share_ends(np.repeat(np.arange(20), own), np.repeat(np.arange(20), every))
        assert ends is not None
        held += ends[0] <= 0.3 <= ends[1]
    assert 0.93 <= held / 2000 <= 0.97


def test_minutes_a_call_are_those_of_service_where_counters_are_known() -> None:
    tickets = days_of_a_queue()
    boards = boards_from(tickets)
    known = boards.only(np.ones(len(boards.day), bool))
    known.open[:] = COUNTERS
    office = office_of(tickets, known, knows_counters=True)
    (crew,) = office.crews
    assert crew.work is not None
    assert crew.work.ends is not None
    low, high = crew.work.ends
    assert low <= MEAN <= high
    assert high - low < 0.15 * MEAN
    assert crew.counters == COUNTERS


@pytest.mark.parametrize("share", [0.02, 0.1])
def test_who_is_never_called_does_not_make_the_others_slow(share: float) -> None:
    """They are in the line until somebody is called who came later."""
    tickets = days_of_a_queue()
    gone = np.random.default_rng(1).random(len(tickets)) < share
    called = np.where(gone, np.inf, tickets.called[0])
    boards = boards_from(replace(tickets, called=(called, called)))
    boards.open[:] = COUNTERS
    work = work_of(boards)
    assert work is not None
    assert work.minutes == pytest.approx(MEAN, rel=0.12 + share)


def test_what_says_nothing_of_the_work_gives_no_number() -> None:
    tickets = days_of_a_queue()
    quick = replace(tickets, called=(tickets.issued[0] + 0.01, tickets.issued[0] + 0.01))
    assert work_of(boards_from(quick)) is None
    one_day = tickets.only(tickets.day == DAY_ONE)
    found = work_of(boards_from(one_day))
    assert found is not None
    assert found.ends is None


def test_weekdays_that_were_seen_less_often_weigh_alike() -> None:
    counts = {DAY_ONE: 100, DAY_ONE + 7: 100, DAY_ONE + 14: 100, DAY_ONE + 1: 200}
    day = np.repeat(list(counts), list(counts.values()))
    zeros, at = np.zeros(len(day), np.int64), np.full(len(day), 500.0)
    tickets = Tickets(("",), ("",), zeros, zeros, day, (at, at), (at + 5, at + 5), ())
    found = arrivals_of(tickets, tickets.days)
    assert found.per_day == 150.0
    assert found.weekday[:2].tolist() == [100.0, 200.0]


HOSTILE = ("no", "A", "a", "A 3", "${oc.env:HOME}", "<b>: # '", "=cmd|' /C calc'!A0", "x" * 300, "")


def test_whatever_queues_are_called_the_scenario_composes(tmp_path: Path, capsys: Captured) -> None:
    rows = ["date,ticket,office,queue,issued,called"]
    for office in ("${oc.env:HOME}", "Ủy ban", "uy_ban"):
        for number, queue in enumerate(HOSTILE):
            rows += [
                f'2026-03-0{day},{number}-{n},{office},"{queue}",{8 + n}:00,{8 + n}:1{n}'
                for day in (2, 3)
                for n in range(5)
            ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert main([str(path), "simulate=no", f"out={tmp_path / 'out'}"]) == 0
    made = sorted((tmp_path / "out").glob("*.yaml"))
    assert len(made) == 3
    studies = [sim.load([f"center={one}"]) for one in made]
    assert {len(study.base.procedures) for study in studies} == {len(HOSTILE)}
    assert "\n=cmd" not in (tmp_path / "out" / "queues.csv").read_text(encoding="utf-8")
    capsys.readouterr()


def test_an_office_without_a_name_beside_one_called_office_is_another(tmp_path: Path, capsys: Captured) -> None:
    rows = [
        f"2026-03-0{day},{n},{name},{8 + n}:00,{8 + n}:10"
        for day in (2, 3, 9)
        for n in (1, 2)
        for name in ("", "office")
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["date,ticket,office,issued,called", *rows]), encoding="utf-8")
    assert main([str(path), "simulate=no", f"out={tmp_path / 'out'}"]) == 0
    assert "no office written: 6 rows (lines 2, 4, 6, …): taken as an office of their own, office_2" in (
        " ".join(capsys.readouterr().out.split())
    )
    assert {one.name for one in (tmp_path / "out").glob("*.yaml")} == {"office.yaml", "office_2.yaml"}
    frame = pd.read_csv(tmp_path / "out" / "queues.csv")
    assert frame["office"].tolist() == ["office_2", "office"]
    arrivals = pd.read_csv(tmp_path / "out" / "arrivals.csv")
    assert ((arrivals["lower"] < arrivals["people"]) & (arrivals["people"] < arrivals["upper"])).all()


def test_many_small_queues_are_one(tmp_path: Path, capsys: Captured) -> None:
    rows = [f"2026-03-02,{n},q{n},8:{n % 60:02d},9:00" for n in range(70)] + ["2026-03-02,x,q0,23:45,23:50"]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["date,ticket,queue,issued,called", *rows]), encoding="utf-8")
    assert main([str(path), "simulate=no", f"out={tmp_path / 'out'}"]) == 0
    (made,) = (tmp_path / "out").glob("*.yaml")
    study = sim.load([f"center={made}"])
    assert len(study.base.procedures) == 51
    assert sum(procedure.share for procedure in study.base.procedures.values()) == pytest.approx(1.0)
    capsys.readouterr()


PACKED = gzip.compress(b"issued,called\n8:00,8:10\n" * 50, mtime=0)
BROKEN = {
    "cut off": (PACKED[:-9], "cannot be read"),
    "not packed to its end": (PACKED[:20] + b"xxx", "cannot be read"),
    "a zero byte": (b"issued,called\n8:00,8:10\x00\n8:00,8:10\n", ""),
    "an open quote": (b'issued,called\n"8:00,8:10\n8:05,8:10\n', ""),
}


@pytest.mark.parametrize("how", BROKEN)
def test_broken_files_end_in_a_line(how: str, tmp_path: Path, capsys: Captured) -> None:
    content, wanted = BROKEN[how]
    path = tmp_path / "log.csv.gz"
    path.write_bytes(content)
    assert main([str(path), f"out={tmp_path / 'out'}"]) == 2
    said = capsys.readouterr().err
    assert wanted in said
    assert "Traceback" not in said


def test_days_not_used_are_foretold() -> None:
    """Of one log, ten days at a load of 0.83 tell the share to some 0.08; over six both models are right."""
    found = []
    for seed in range(1, 7):
        tickets = days_of_a_queue(seed)
        boards = boards_from(tickets)
        boards.open[:] = COUNTERS
        found += foretold(tickets, boards, *split(tickets.days, "alternate"))
    assert [one.is_busy for one in found] == [True] * 6
    assert errors(found, 0, "predicted").mean() == pytest.approx(0.0, abs=0.05)
    assert errors(found, 0, "naive").mean() == pytest.approx(0.0, abs=0.05)
    assert sum(one.is_inside for one in found) >= 5


def test_what_the_pace_is_off_by_is_taken_off_and_the_pace_is_a_day() -> None:
    """Of three days all off alike: three quarters of it, in log odds."""
    seen, told = np.full((3, 2), 0.8), np.full((3, 2), 0.6)
    learnt = Learnt(np.array([10.0, 20.0, 30.0]), seen, told)
    odds = np.log(0.6 / 0.4) + 0.75 * (np.log(0.8 / 0.2) - np.log(0.6 / 0.4))
    assert learnt.mended(told[0]) == pytest.approx(1 / (1 + np.exp(-odds)), abs=0.005)
    assert learnt.mended(told[0], np.array([[0, 0, 1]])).shape == (1, 2)


def test_intervals_of_days_not_used_are_those_of_days_that_differ() -> None:
    """Of 300 queues whose days differ by chance alone, nine used and six held out: 87 to 96 in 100 hold their share."""
    random, held = np.random.default_rng(2), 0
    for _ in range(300):
        middle = random.normal(0.5, 0.8)
        share = 1 / (1 + np.exp(-(middle + random.normal(0, 0.6, (15, 1)))))
        told = np.full((9, 2), 1 / (1 + np.exp(-middle)))
        learnt = Learnt(np.full(9, 100.0), np.repeat(share[:9], 2, axis=1), told)
        observed = float(share[9:].mean())
        one = Foretold("", "", 600, 100.0, (observed,) * 2, (0.5, 0.5), None, None, (0.5, 0.5), None, 6)
        one = replace(one, predicted=tuple(told[0].tolist()))
        held += mended(one, learnt, random).is_inside
    assert 0.87 <= held / 300 <= 0.96


def test_what_is_foretold_is_the_same_again() -> None:
    tickets = days_of_a_queue()
    boards = boards_from(tickets)
    first, second = (foretold(tickets, boards, *split(tickets.days, "alternate")) for _ in range(2))
    assert first == second


def test_days_are_held_out_as_said() -> None:
    days = np.arange(5)
    assert [part.tolist() for part in split(days, "alternate")] == [[0, 2, 4], [1, 3]]
    assert [part.tolist() for part in split(days, 2)] == [[0, 1, 2], [3, 4]]
    with pytest.raises(ValueError, match="5 days"):
        split(days, 5)


def written(tickets: Tickets, folder: Path, counters: int) -> list[str]:
    """A log of tickets and what its boards showed, as files; the words of a command line."""
    boards = boards_from(tickets)
    date = [str(np.datetime64(int(day), "D")) for day in tickets.day]
    pd.DataFrame({"date": date, "issued": tickets.issued[0], "called": tickets.called[0]}).to_csv(folder / "log.csv")
    columns = {"from": boards.start, "to": boards.end, "arrivals": boards.arrivals, "called": boards.called}
    columns |= {"waiting": boards.waiting, "open": np.full(len(boards.day), counters)}
    days = [str(np.datetime64(int(day), "D")) for day in boards.day]
    pd.DataFrame({"date": days, **columns}).to_csv(folder / "boards.csv", index=False)
    return [str(folder / "log.csv"), f"boards={folder / 'boards.csv'}", f"out={folder / 'out'}"]


def test_a_scenario_is_held_against_the_waits_of_its_log(tmp_path: Path, capsys: Captured) -> None:
    """Three counters at 5 minutes and 30 people an hour, whose waits within 5 minutes a single queue has.

    A true scenario is outside its 95 % interval once in 20 logs, this one is a given one.
    """
    assert main(written(days_of_a_queue(2), tmp_path, COUNTERS)) == 0
    said = capsys.readouterr().out
    frame = pd.read_csv(tmp_path / "out" / "goodness.csv")
    row = frame.iloc[0]
    assert row["lower_15"] <= row["observed_15"] <= row["upper_15"]
    assert abs(row["scenario_15"] - row["observed_15"]) < 0.08
    assert "of one. Queues" in said
    assert "!" not in said
    assert "unidentified.csv" in {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize(
    ("scenario", "said"), [(0.9, "10.0 points (+10.0): their counters may call"), (0.8, "0.0 points (+0.0).")]
)
def test_it_is_said_how_far_smaller_queues_are_off(scenario: float, said: str) -> None:
    """Of two queues, both 0.8 within 15 minutes."""
    frame = pd.DataFrame({"observed_15": [0.8, 0.8], "scenario_15": [scenario, scenario]})
    assert f" The 2 smaller queues are off by {said}" in said_of_small(frame)
    assert said_of_small(frame[:0]) == ""


@pytest.mark.skipif(not LOG.exists(), reason="the log does not lie beside the project")
def test_a_real_office_is_fitted_and_foretold_better_than_by_single_queues(tmp_path: Path, capsys: Captured) -> None:
    """UD_Ochota of the log beside the project, by its boards; the scenario composes and runs."""
    out = tmp_path / "out"
    asked = [str(LOG), f"boards={BOARDS}", "office=UD_Ochota", "holdout=alternate", "simulate=no"]
    assert main([*asked, f"out={out}"]) == 0
    said = capsys.readouterr().out
    assert "never seen called" in said
    assert "days held out:" in said
    frame = pd.read_csv(out / "holdout.csv")
    busy = frame[frame["a_day"] >= 50]
    off = {name: (busy[f"{name}_15"] - busy["observed_15"]).abs().mean() for name in ("foretold", "naive")}
    assert off["foretold"] < off["naive"]
    study = sim.load([f"center={out / 'ud_ochota.yaml'}", "days=9", "replications=2", "engine=reference"])
    assert study.marks["arrivals.per_day"] == "W"
    assert sim.load_sheet(study.scenario).load < 1.5
    assert {path.name for path in out.iterdir()} == {
        "ud_ochota.yaml", "queues.csv", "arrivals.csv", "holdout.csv", "calibration.png", "calibration.svg",
    }  # fmt: skip
    assert main([str(LOG), f"out={out}"]) == 2
    assert "is there already: wanted a new folder" in capsys.readouterr().err


def test_boards_of_other_queues_are_told(tmp_path: Path) -> None:
    tickets = days_of_a_queue()
    path = tmp_path / "boards.csv"
    path.write_text("date,from,to,arrivals,called,waiting,open,office,queue\n2026-03-02,480,485,1,0,0,3,elsewhere,q\n")
    with pytest.raises(BadInput, match="of no queue of the log"):
        boards_of(path, table_of(path, COLUMNS), tickets)


NO_BOARDS = {
    "an interval that cannot be read": "2026-03-02,480,485,1,0,0.5,3",
    "of a day without tickets": "2026-03-01,480,485,1,0,0,3",
    "an interval that is there already": "2026-03-02,480,485,1,0,0,3",
}


@pytest.mark.parametrize("kind", NO_BOARDS)
def test_intervals_that_make_no_sense_are_told(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "boards.csv"
    rows = ["date,from,to,arrivals,called,waiting,open", "2026-03-02,480,485,1,0,0,3", NO_BOARDS[kind]]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = boards_of(path, table_of(path, COLUMNS), days_of_a_queue())
    assert len(found.day) == 1
    assert [note.said for note in found.notes] == [f"{kind}: 1 rows (lines 3): left out"]


def test_days_that_boards_saw_in_part_are_told() -> None:
    tickets = days_of_a_queue()
    boards = boards_from(tickets)
    assert partly_seen(tickets, boards) == ()
    late = boards.only((boards.day != DAY_ONE) | (boards.start >= 660))
    (note,) = partly_seen(tickets, late)
    assert note.said.startswith("boards that begin after the first ticket by more than 15 minutes: 1 days of a queue")
    short = boards.only(~np.isin(boards.day, tickets.days[:2]) | (boards.end <= 600))
    (note,) = partly_seen(tickets, short)
    assert note.said.startswith("boards that end before the last ticket or call by more than 15 minutes: 2 days")


def test_boards_that_do_not_say_of_which_queue_they_are_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "boards.csv"
    path.write_text("date,from,to,arrivals,called,waiting,open\n2026-03-02,480,485,1,0,0,3\n", encoding="utf-8")
    tickets = days_of_a_queue()
    two = replace(tickets, queues=("a", "b"), queue=np.arange(len(tickets)) % 2)
    with pytest.raises(BadInput, match="wanted a column queue: the log has 2"):
        boards_of(path, table_of(path, COLUMNS), two)


def test_looks_at_a_board_are_read_with_what_was_not_seen(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    heads = "date,issued_after,issued_by,called_after,called_by"
    rows = ["2026-03-02,480,485,490,495", "2026-03-02,-1,476,485,490", "2026-03-02,480,485,-9,-9"]
    path.write_bytes(gzip.compress("\n".join([heads, *rows]).encode()))
    found = tickets_of(path, table_of(path, (*BETWEEN, *OTHERS)))
    assert (found.issued[1] - found.issued[0]).tolist() == [0.0, 5.0, 5.0]
    assert [note.kind for note in found.notes] == [
        "issued before the first look", "never seen called", "no column ticket",
    ]  # fmt: skip
    assert np.isinf(found.called[1]).sum() == 1


def test_errors_are_of_those_that_have_the_model() -> None:
    tickets = days_of_a_queue()
    found = foretold(tickets, boards_from(tickets), *split(tickets.days, 5))
    assert errors(found, 0, "predicted").shape == (1,)


# There and back: what was simulated is fitted from its event log

NOBODY_RETURNS = ["returns.incomplete.share=0.0", "returns.unserved.share=0.0"]
MONTHS = ["days=67", "opening=true", "replications=1", "engine=reference"]
STAMP = "%Y-%m-%d %H:%M:%S"
CENTERS = ("phuc_hoa", "tan_giang", "cam_duong")


def ticket_log(center: str, seed: int, path: Path) -> tuple[sim.Study, Tickets]:
    """A center for two months, and the tickets of its halls as a file has them."""
    study = sim.load([f"center={center}", *NOBODY_RETURNS, *MONTHS, f"seed={seed}"])
    events = sim.event_log(study)
    came = events[events["activity"] == "arrive"].set_index("case")["timestamp"]
    reception = events[(events["activity"] == "reception") & (events["lifecycle"] == "start")]
    called = reception.groupby("case")["timestamp"].min().reindex(came.index)
    log = pd.DataFrame(
        {"issued": came.dt.strftime("%Y-%m-%d %H:%M:%S"), "called": called.dt.strftime("%Y-%m-%d %H:%M:%S")}
    )
    log.fillna("").to_csv(path, index=False)
    return study, tickets_of(path, table_of(path, (*POINT, *OTHERS)))


def recovered(center: str, seed: int, path: Path) -> dict[str, bool]:
    """Which parameters of its arrivals lie in their intervals."""
    study, tickets = ticket_log(center, seed, path)
    arrivals, found = study.base.arrivals, arrivals_of(tickets, tickets.days)
    assert arrivals.per_day is not None
    assert found.factor_cv is not None
    people = arrivals.per_day / (arrivals.dossiers_per_visitor if arrivals.counted_as == "dossiers" else 1.0)
    assert found.per_day_ends is not None
    assert found.factor_ends is not None
    factors = np.array([factor for factor in arrivals.weekday.values() if factor > 0])  # Mondays to Fridays
    factors /= factors.mean()
    weights = np.array([arrivals.profile.get(f"{slot // 2:02d}:{30 * (slot % 2):02d}", 0.0) for slot in range(48)])
    shares = weights / weights.sum()
    by_chance = 4 * np.sqrt(shares * (1 - shares) / len(tickets)) + 0.002
    return {
        "per_day": found.per_day_ends[0] <= people <= found.per_day_ends[1],
        "profile": bool((np.abs(found.profile - shares) <= by_chance).all()),
        "day_factor_cv": found.factor_cv[1] <= arrivals.day_factor_cv <= found.factor_cv[2],
        **{
            name: bool(low <= factor <= high)
            for name, factor, (low, high) in zip(WEEKDAYS, factors, found.factor_ends, strict=False)
        },
    }


@pytest.mark.parametrize("center", CENTERS)
def test_what_was_simulated_is_found_again(center: str, tmp_path: Path) -> None:
    """Of seven intervals of 95 % all but one hold: two would miss in one of 23 logs, and these are given ones."""
    found = recovered(center, 1, tmp_path / "log.csv")
    assert sum(found.values()) >= len(found) - 1, found


@pytest.mark.slow
@pytest.mark.parametrize("center", CENTERS)
def test_intervals_hold_what_was_simulated_as_often_as_stated(center: str, tmp_path: Path) -> None:
    """40 seeds; of intervals stated at 95 % fewer than 34 of 40 hold in one of 1000 such tests."""
    found = pd.DataFrame([recovered(center, seed, tmp_path / f"{seed}.csv") for seed in range(40)])
    assert (found.sum() >= 34).all(), found.mean()
