"""A day in the center, played: the days chosen, where everybody is, and what the page and other programs are given."""

from __future__ import annotations

import hashlib
import json
import shutil
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

import sim
from sim.frames import visits_frame
from sim.outages import FULL, network_of
from sim.planning import flatten, replicate
from sim.report.page.played import WAITING, WITH_AN_OFFICIAL, PlayedDay, Where, played
from sim.report.page.played_data import LOG_COLUMNS, as_data, texts, vidigi_log
from sim.report.page.played_shown import shown
from sim.report.page.words import LANGUAGES, catalog, phrase
from sim.result import Result
from sim.running import traces
from sim.trace import Outcome
from sim.units import DAY, SECOND

CENTERS = {
    "results on the spot": ("center=phuc_hoa", "days=14", "demand=4"),
    "several points": ("center=cam_duong", "days=14", "demand=3", "policy=guidance_desk"),
    "a crowd": ("center=go_vap", "days=9"),
    "outages": ("center=central_highlands", "days=30"),
    "filed from home": ("center=na_hy", "days=20", "demand=4"),
    "a full hall": ("center=phuc_hoa", "days=10", "demand=6", "points.hall.seats=4", "points.hall.ticket_cap=40"),
    "sent home": ("center=phuc_hoa", "days=10", "demand=6", "closing.rule=send_home"),
    "held over": ("center=phuc_hoa", "days=12", "demand=5", "closing.rule=carry_over", "patience=null"),
    "day and night": (
        "center=phuc_hoa",
        "days=4",
        "opening=true",
        "calendar=continuous",
        "demand=20",
        "patience=null",
        "points.hall.seats=null",
    ),
}
EACH = pytest.mark.parametrize("name", CENTERS)
HOSTILE = "<img src=x onerror=alert(1)>"
ASSETS = files("sim.report.page") / "assets"
CHROMIUM = shutil.which("chromium")


@cache
def result(name: str) -> Result:
    """A result without figures: days are chosen from traces alone."""
    return Result(sim.load([*CENTERS[name], "replications=2", "engine=reference"]), None)  # type: ignore[arg-type]


@cache
def days(name: str) -> tuple[PlayedDay, ...]:
    return played(result(name))


@cache
def frames(name: str) -> tuple[pd.DataFrame, ...]:
    study = result(name).study
    return tuple(visits_frame(trace, study.scenario, nth) for nth, trace in enumerate(traces(study)))


def number_of(name: str, day: PlayedDay) -> int:
    return (day.date - result(name).study.scenario.start).days


def in_hall(name: str, day: PlayedDay) -> pd.DataFrame:
    """The rows of the visits frame of who was in a hall on that day, times in seconds from its midnight."""
    study = result(name).study
    frame = frames(name)[day.replication]
    frame = frame[frame["time_in_center"].notna()].copy()
    times = ["arrival", "entry", "reception_start", "reception_end", "departure"]
    frame["departure"] = frame["departure"].fillna(study.scenario.days * DAY / 60_000)
    frame[times] = frame[times] * 60 - number_of(name, day) * 86_400
    frame = frame[(frame["arrival"] < 86_400) & ((frame["departure"] > 0) | (frame["arrival"] >= 0))]
    return frame.sort_values("arrival", kind="stable")


@EACH
def test_the_days_are_the_median_and_the_worst(name: str) -> None:
    scenario, means = result(name).study.scenario, {}
    for nth, frame in enumerate(frames(name)):
        joined = frame[frame["entry"].notna() & (frame["outcome"] != "balked") & frame["wait"].notna()]
        days_of = (joined["arrival"] // 1440).astype(int)
        for number in range(scenario.warmup, scenario.days):
            if (days_of == number).any():
                means[nth, number] = float(joined["wait"][days_of == number].mean())
    found = days(name)
    assert [day.which for day in found] == ["median", "worst"]
    ordered = sorted(means.values())
    for day, wait in zip(found, (ordered[(len(ordered) - 1) // 2], ordered[-1]), strict=True):
        assert day.wait == pytest.approx(wait)
        assert means[day.replication, number_of(name, day)] == pytest.approx(wait)
        assert (day.chosen_from, day.replications) == (len(means), 2)


@EACH
def test_stays_are_those_of_the_visits(name: str) -> None:
    for day in days(name):
        rows = in_hall(name, day)
        assert len(rows) == len(day.stays)
        assert day.people == (rows["arrival"] >= 0).sum()
        for stay, row in zip(day.stays, rows.to_dict("records"), strict=True):
            assert stay.arrival == max(int(row["arrival"] + 1e-6), 0)
            assert stay.departure == min(int(row["departure"] + 1e-6), 86_400)
            after = row["departure"] > 86_400
            assert stay.outcome.name.lower() == ("in_system" if after else row["outcome"])
            served = [(step, end) for step, end in stay.spans() if step.where == Where.COUNTER]
            inside = row["reception_start"] < 86_400 and row["reception_end"] > 0
            assert len(served) == inside, row
            if row["reception_start"] >= 0 and inside:
                assert served[0][0].start == int(row["reception_start"] + 1e-6)
                assert served[0][1] == min(int(row["reception_end"] + 1e-6), 86_400)
            if row["arrival"] >= 0 and not after:
                waited = sum(end - step.start for step, end in stay.spans() if step.where in WAITING)
                assert waited == pytest.approx(row["wait"] * 60, abs=3)


@EACH
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_everybody_is_in_one_place(name: str, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(days(name)))
    second = data.draw(st.integers(*day.shown))
    for stay in day.stays:
        places = [step.where for step, end in stay.spans() if step.start <= second < end]
        assert len(places) == (stay.arrival <= second < stay.departure)


@EACH
def test_officials_serve_one_at_a_time_within_the_counters(name: str) -> None:
    for day in days(name):
        spans: dict[Any, list[tuple[int, int]]] = {}
        for stay in day.stays:
            for step, end in stay.spans():
                assert (step.official >= 0) == (step.where in WITH_AN_OFFICIAL)
                if step.official >= 0:
                    spans.setdefault(step.official, []).append((step.start, end))
        for mine in spans.values():
            assert all(before[1] <= after[0] for before, after in pairwise(sorted(mine)))
        assert set(spans) == set(range(len(day.officials)))


def decoded(day: dict[str, Any]) -> Iterator[tuple[int, int, list[tuple[int, int, int]], int]]:
    """Point, outcome, (where, start, end) and departure of each row of the plain data."""
    arrival = 0
    for path, gap, *numbers in day["rows"]:
        point, outcome, places = day["paths"][path]
        arrival, spans = arrival + gap, []
        at = arrival
        for where, length in zip(places, numbers, strict=False):
            spans.append((where, at, at + length))
            at += length
        yield point, outcome, spans, at


@EACH
def test_the_data_hold_the_stays_and_are_small(name: str) -> None:
    data = json.loads(json.dumps(as_data(days(name))))
    for day, plain in zip(days(name), data["days"], strict=True):
        for stay, (point, outcome, spans, departure) in zip(day.stays, decoded(plain), strict=True):
            assert (point, outcome, departure) == (stay.point, stay.outcome, stay.departure)
            assert spans == [(step.where, step.start, end) for step, end in stay.spans()]
        size = len(json.dumps(plain["rows"], separators=(",", ":")))
        assert size <= 35 * len(day.stays)


@EACH
def test_the_queue_is_that_of_the_rows(name: str) -> None:
    for day, plain in zip(days(name), as_data(days(name))["days"], strict=True):
        waits = [span for _, _, spans, _ in decoded(plain) for span in spans if span[0] in {1, 3}]
        assert day.queue[0][0] <= day.shown[0]
        assert all(before[1] != after[1] for before, after in pairwise(day.queue))
        times = np.array([time for time, _ in day.queue])
        for second in np.linspace(*day.shown, 60, dtype=int):
            people = day.queue[np.searchsorted(times, second, side="right") - 1][1]
            assert people == sum(start <= second < end for _, start, end in waits)


def test_what_the_situations_are_for_happens() -> None:
    ended = {name: {stay.outcome for day in days(name) for stay in day.stays} for name in CENTERS}
    places = {name: {step.where for day in days(name) for stay in day.stays for step in stay.steps} for name in CENTERS}
    assert {Where.OUTSIDE, Where.RESULT, Where.HANDED} <= places["results on the spot"]
    assert {Where.GUIDE_QUEUE, Where.GUIDED} <= places["several points"]
    assert {stay.point for stay in days("several points")[1].stays} == {0, 1, 2}
    assert {Outcome.BALKED, Outcome.TURNED_AWAY} <= ended["a full hall"]
    assert Outcome.TURNED_AWAY in ended["sent home"]
    assert Outcome.CARRIED_OVER in ended["held over"]
    assert Outcome.IN_SYSTEM in ended["day and night"]
    assert sum(day.at_home for day in days("filed from home")) > 0
    assert any(day.outages for day in days("outages"))


@pytest.mark.parametrize("name", ["outages", "a crowd"])
def test_outages_are_those_of_the_plan(name: str) -> None:
    study = result(name).study
    for day in days(name):
        steps = network_of(replicate(flatten(study.scenario), study.seed, day.replication), 0)
        edges = {at for one in day.outages for at in (one.start, one.end)}
        assert bool(day.outages) <= bool(len(steps))
        for second in range(0, 86_400 if len(steps) else 0, 61):
            at = number_of(name, day) * DAY + second * SECOND
            speed = steps["speed"][np.searchsorted(steps["time"], at, side="right") - 1]
            told = [one.speed for one in day.outages if one.start <= second < one.end]
            assert second in edges or told == ([speed] if speed < FULL else [])
        assert all(one.causes and one.kind == ("slow" if one.speed else "down") for one in day.outages)


def test_nobody_comes() -> None:
    nothing = sim.load(["center=phuc_hoa", "days=9", "demand=0", "replications=1"])
    assert played(Result(nothing, None)) == ()  # type: ignore[arg-type]
    assert as_data(())["days"] == []
    assert rendered(()).count("<canvas") == 0


def test_one_day_is_shown_once() -> None:
    one = sim.simulate(sim.load(["center=phuc_hoa", "days=8", "replications=1", "engine=reference"]), workers=1)
    assert [(day.which, day.chosen_from) for day in played(one)] == [("median", 1)]
    assert 'type="radio"' not in rendered(played(one))


@EACH
def test_the_event_log_is_as_vidigi_reads_it(name: str) -> None:
    log = vidigi_log(days(name))
    assert tuple(log.columns) == LOG_COLUMNS
    assert set(log["event_type"]) <= {"arrival_departure", "queue", "resource_use", "resource_use_end"}
    assert (log["resource_id"].notna() == log["event_type"].str.startswith("resource")).all()
    assert (log["resource_id"].dropna() >= 1).all()
    for run, day in enumerate(days(name), 1):
        mine = log[log["run_number"] == run]
        assert mine["time"].is_monotonic_increasing
        counts = mine["event"].value_counts()
        assert counts["arrival"] == mine["entity_id"].nunique() == len(day.stays)
        assert counts["depart"] == sum(stay.outcome != Outcome.IN_SYSTEM for stay in day.stays)
        for _, events in mine.groupby("entity_id"):
            kinds = events["event_type"].tolist()
            assert events["event"].iloc[0] == "arrival"
            assert all(after == "resource_use_end" for before, after in pairwise(kinds) if before == "resource_use")


# The page


def rendered(found: tuple[PlayedDay, ...]) -> str:
    sources = {"played.html.j2": (ASSETS / "played.html.j2").read_text("utf-8")}
    sources["page"] = '{% from "played.html.j2" import played with context %}{{ played(days, "day") }}'
    engine = Environment(loader=DictLoader(sources), autoescape=True)
    engine.globals["t"] = phrase
    return engine.get_template("page").render(days=[shown(day) for day in found])


def page(found: tuple[PlayedDay, ...]) -> str:
    def plain(value: object) -> str:
        return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")

    start = f"window.player = motcua.played(document.getElementById('day'), {plain(as_data(found))}, {plain(texts())});"
    script = (ASSETS / "played.js").read_text("utf-8") + start
    allowed = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><title>page</title><style>{(ASSETS / "played.css").read_text("utf-8")}</style>'
        f"<body>{rendered(found)}<script>{script}</script></body></html>"
    )


@EACH
def test_the_markup_says_the_same_without_a_script(name: str) -> None:
    text = rendered(days(name))
    assert text.count("<article") == len(days(name)) == text.count("<figure")
    for language in LANGUAGES:
        for day in days(name):
            assert shown(day).finding.said(language) in text  # type: ignore[union-attr]
    assert "onclick" not in text
    assert len(text.encode()) < 40_000


def test_the_same_texts_in_both_languages() -> None:
    vi, en = (set(texts()[language]) for language in ("vi", "en"))
    assert vi == en
    keys = [{key for key in catalog(language) if key.startswith("played.")} for language in LANGUAGES]
    assert keys[0] == keys[1]


def test_text_of_the_user_stays_text() -> None:
    day = days("several points")[1]
    hostile = replace(day, points=tuple(replace(point, name=HOSTILE) for point in day.points))
    assert [point["name"] for point in as_data([hostile])["days"][0]["points"]] == [HOSTILE] * 3
    assert HOSTILE not in rendered((hostile,))


@pytest.mark.skipif(CHROMIUM is None, reason="no browser")
def test_the_script_shows_what_happened() -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    found = days("several points")
    hostile = tuple(replace(day, points=tuple(replace(one, name=HOSTILE) for one in day.points)) for day in found)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 360, "height": 700})
        wrong: list[str] = []
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda message: wrong.append(message.text))
        tab.set_content(page(hostile))
        assert tab.locator("img").count() == 0
        assert tab.evaluate("document.documentElement.scrollWidth") == 360
        tab.locator("[data-played=days] input").nth(1).check()
        for minute in range(7 * 60, 17 * 60, 47):
            assert_shown(tab, found[1], minute * 60)
        tab.evaluate("document.documentElement.lang = 'en'; document.dispatchEvent(new Event('languagechange'))")
        assert tab.locator("[data-played=play]").text_content() == "Play"
        assert wrong == []
        browser.close()


def assert_shown(tab: Any, day: PlayedDay, second: int) -> None:
    """The page at a time has as many people in each place as there were."""
    tab.evaluate("second => player.seek(second)", second)
    here = [step.where for stay in day.stays for step, end in stay.spans() if step.start <= second < end]
    wanted = {
        "outside": here.count(Where.OUTSIDE),
        "waiting": sum(where in WAITING for where in here),
        "received": here.count(Where.GUIDED) + here.count(Where.COUNTER),
        "served": sum(
            stay.departure <= second and stay.outcome in {Outcome.SERVED, Outcome.ADVISED} for stay in day.stays
        ),
    }
    told = {kind: int(tab.locator(f"[data-played=count-{kind}]").text_content()) for kind in wanted}
    assert told == wanted, second
    assert (
        tab.locator("[data-played=time]").get_attribute("aria-valuetext")
        == f"{second // 3600:02d}:{second // 60 % 60:02d}"
    )
