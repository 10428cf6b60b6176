"""The way of a citizen: the graph against hand-written tables and against runs; the picture's texts and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import yaml
from matplotlib.figure import Figure
from PIL import Image

import sim
from experiments.way import main
from sim.door import composed, groups
from sim.report.style import drawing
from sim.report.way.chart import MOST_POINTS, way_chart
from sim.report.way.graph import Arrow, Stage, Station, Way
from sim.report.way.layout import Layout, laid_out
from sim.report.way.sources import way_through

ROOT = Path(__file__).parent.parent
README_PICTURE = ROOT / "docs" / "way_cam_duong.png"
TEXTBOOK = "center=textbook"
GUIDED = (
    "points.hall.guides=2",
    "guidance={service: {kind: exponential, mean: 2.0}, finds: 0.5, mends: 0.4}",
    "procedures.request.incomplete=0.2",
)
SIGNED = (
    "procedures.request.signature={kind: exponential, mean: 2.0}",
    "results={collection: {kind: exponential, mean: 1.5}, cut_off: '15:00'}",
    "+staff.chairman={count: 1, role: leader, called_away: 0.5}",
)
PURPOSES = (
    "purposes={submit: {share: 0.8}, ask: {share: 0.1, service: {kind: exponential, mean: 3.0}},"
    " collect: {share: 0.1, service: {kind: exponential, mean: 3.0}}}"
)
LATER = (
    PURPOSES,
    "procedures.request.share=0.75",
    "+procedures.land={share: 0.25, service: {kind: exponential, mean: 20.0}}",
)
VOLUNTEERS = (
    "guidance={service: {kind: exponential, mean: 2.0}, finds: 0.5, mends: 0.4}",
    "procedures.request.incomplete=0.2",
    "+staff.youth_union={count: 3, role: guide, paid: false, serves: [ordinary]}",
)
OFFICE = (
    (
        "procedures.request.processing={term: 2, steps: [{work: {kind: exponential, mean: 20.0}},"
        " {field: finance, work: {kind: exponential, mean: 5.0}}], signature: {kind: exponential, mean: 3.0}}"
    ),
    "back_office={delivery: {in_person: 0.5, post: 0.3, online: 0.2}, at_counters: true}",
    "results={collection: {kind: exponential, mean: 1.5}}",
    "+staff.desk={count: 2, role: specialist, skills: [finance]}",
    "+staff.chairman={count: 1, role: leader, called_away: 0.5}",
)
MIXED = (
    "procedures.request.share=0.6",
    "+procedures.land={share: 0.4, service: {kind: exponential, mean: 20.0}}",
    "staff.counter.skills=[request, land]",
)
BY_DAY = ("calendar=office_hours", "arrivals.weekday={mon: 1.0, tue: 1.0, wed: 1.0, thu: 1.0, fri: 1.0}")
TWO_POINTS = (
    "points={hall: {counters: 1, share: 0.6}, other: {counters: 1, share: 0.4, title: Kia}}",
    "staff={one: {count: 1, skills: [request]}, all: {count: 1, skills: null, point: other}}",
    "procedures.request.share=0.5",
    "+procedures.land={share: 0.5, service: {kind: exponential, mean: 20.0}}",
)
TITLE = "Trung tâm Phục vụ hành chính công phường Bình Hưng Hòa B và điểm tiếp nhận $x_1$ <b>&amp; {0} số "


class Picture(NamedTuple):
    """A way, where its parts stand, and the chart."""

    way: Way
    layout: Layout
    figure: Figure


Pictures = Mapping[str, Picture]


@cache
def way(*overrides: str) -> Way:
    return way_through(sim.load(overrides))


def arrows(found: Way) -> dict[str, list[str]]:
    """What is said along each arrow."""
    return {f"{one.start} > {one.end}": [fact.text for fact in one.facts] for one in found.arrows}


def said_at(found: Way, name: str) -> list[str]:
    """What is said at a station, or for all points at a step."""
    places = {stage.name: stage.facts for stage in found.stages} | {one.name: one.facts for one in found.stations}
    return [fact.text for fact in places[name]]


# The graph


def test_a_textbook_queue_is_a_street_a_door_a_line_and_a_counter() -> None:
    found = way(TEXTBOOK)
    assert arrows(found) == {
        "street > hall.door": [],
        "hall.door > hall.line": [],
        "hall.line > hall.counters": [],
        "hall.counters > served": [],
    }
    assert [stage.name for stage in found.stages] == ["street", "door", "line", "counters", "out"]
    assert said_at(found, "door") == ["open day and night"]
    assert said_at(found, "hall.counters") == ["1 counter", "1 × counter: serves all"]


def test_cam_duong_has_three_points_between_the_street_and_the_way_back() -> None:
    found = way("center=cam_duong")
    table = arrows(found)
    assert found.points[0] == ("hall", "Trung tâm Phục vụ hành chính công phường Cam Đường")
    for point, share, minutes in (("hall", 50, 15), ("point_2", 25, 12), ("point_3", 25, 12)):
        assert table[f"street > {point}.door"] == [f"{share} % of the people", f"{minutes} min from home"]
        assert table[f"{point}.gate > {point}.door"] == []
        assert table[f"{point}.door > unserved"] == ["the hall is full"]
        assert table[f"{point}.line > unserved"] == ["out of patience", "still there at 18:00"]
        assert table[f"{point}.counters > incomplete"] == ["15 % of dossiers: a paper is missing"]
    assert table["unserved > street"] == ["80 % come back on the next working day"]
    assert table["incomplete > street"] == ["80 % come back 1–3 working days later"]
    assert table["incomplete > gone"] == ["20 % never come back"]
    assert said_at(found, "street")[:2] == ["67 people a day", "82 people on a Monday"]
    assert said_at(found, "hall.counters") == [
        "4 counters",
        "2 × certification: certification and civil status",
        "2 × specialists: business, land, social, construction and civil status",
    ]
    assert len(found.arrows) == 3 * 9 + 4


ARROWS: list[tuple[tuple[str, ...], str, list[str] | None]] = [
    (("points.hall.seats=0",), "hall.door > unserved", ["the hall is full"]),
    (("points.hall.ticket_cap=9",), "hall.door > unserved", ["no ticket left"]),
    (("patience={kind: exponential, mean: 20.0}",), "hall.line > unserved", ["out of patience"]),
    (("patience={kind: exponential, mean: 20.0}",), "unserved > gone", ["nobody comes back"]),
    (("patience={kind: exponential, mean: 20.0}",), "unserved > street", None),
    (("procedures.request.incomplete=0.125",), "hall.counters > incomplete", ["12 % of dossiers: a paper is missing"]),
    (GUIDED, "hall.door > hall.guidance", []),
    (GUIDED, "hall.door > hall.line", None),
    (GUIDED, "hall.guidance > incomplete", ["6 % of dossiers: a paper is missing"]),
    (GUIDED, "hall.counters > incomplete", ["11 % of dossiers: a paper is missing"]),
    ((*GUIDED, "guidance.mends=1.0"), "hall.guidance > incomplete", None),
    ((*GUIDED, "guidance.finds=1.0"), "hall.counters > incomplete", None),
    (BY_DAY, "street > hall.gate", ["before 07:30: 38 people"]),
    (BY_DAY, "hall.door > unserved", ["after 17:00: closed"]),
    (BY_DAY, "hall.line > unserved", ["still there at 17:00"]),
    ((*BY_DAY, "closing.overtime_cap=90.0"), "hall.line > unserved", ["still there at 18:30"]),
    ((*BY_DAY, "closing.overtime_cap=900.0", "overtime.beyond=true"), "hall.line > unserved", ["still there at 24:00"]),
    ((*BY_DAY, "closing={rule: send_home, overtime_cap: 90.0}"), "hall.line > unserved", ["still there at 17:00"]),
    ((*BY_DAY, "closing.rule=carry_over"), "hall.line > held", ["still there at 17:00"]),
    ((*BY_DAY, "closing.rule=carry_over"), "hall.line > unserved", None),
    ((*BY_DAY, "closing.rule=carry_over"), "held > street", ["first in line, in their class, at the next opening"]),
    (TWO_POINTS, "street > hall.door", ["30 % of the people", "not for land: that is done at Kia"]),
    (TWO_POINTS, "street > other.door", ["70 % of the people"]),
    (SIGNED, "hall.counters > hall.signature", []),
    (SIGNED, "hall.signature > hall.result", []),
    (SIGNED, "hall.result > served", []),
    (SIGNED, "hall.counters > served", None),
    (SIGNED, "hall.counters > owed", ["received after 15:00: too late for the result"]),
    (SIGNED, "hall.signature > owed", None),
    (SIGNED, "owed > street", ["all come for it on the next working day"]),
    (SIGNED, "owed > gone", None),
    ((*SIGNED, *BY_DAY), "hall.signature > owed", None),
    ((*SIGNED, *BY_DAY, "closing.rule=send_home"), "hall.signature > owed", ["not signed by 17:00"]),
    ((*SIGNED, *GUIDED), "owed > street", ["all come for it on the next working day, past the guide"]),
    ((*SIGNED, *LATER), "hall.counters > served",
     ["25 % of dossiers: the result is made later", "those who only ask or collect a result"]),
    ((*SIGNED, *LATER, *VOLUNTEERS), "hall.counters > served",
     ["25 % of dossiers: the result is made later", "those who collect a result"]),
    (OFFICE, "hall.counters > office", ["100 % of dossiers: accepted, they go on to the back office"]),
    (OFFICE, "hall.counters > served", []),
    (OFFICE, "office > street", ["result ready: 50 % come for it 1–3 working days later: 1.5 min at the counter"]),
    (OFFICE, "office > served", ["results: 30 % by post and 20 % online"]),
    ((*OFFICE, "back_office.last=1", "back_office.delivery={in_person: 1.0}"), "office > street",
     ["result ready: all come for it on the next working day: 1.5 min at the counter"]),
    ((*OFFICE, "back_office.delivery={in_person: 1.0}"), "office > served", None),
    ((*OFFICE, "back_office.delivery={online: 1.0}"), "office > street", None),
    ((*OFFICE, *GUIDED), "office > street",
     ["result ready: 50 % come for it 1–3 working days later, past the guide: 1.5 min at the counter"]),
    ((*OFFICE, *MIXED), "hall.counters > office", ["60 % of dossiers: accepted, they go on to the back office"]),
    (SIGNED, "hall.counters > office", None),
    (VOLUNTEERS, "hall.door > hall.guidance", []),
    (VOLUNTEERS, "hall.guidance > incomplete", ["6 % of dossiers: a paper is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "arrow", "words"), ARROWS)
def test_what_leads_where(overrides: tuple[str, ...], arrow: str, words: list[str] | None) -> None:
    assert arrows(way(TEXTBOOK, *overrides)).get(arrow) == words


NETWORK = "network={outages: {center: {up: {kind: exponential, mean: 4320.0}, down: {kind: exponential, mean: 45.0}}}}"
OF_TWO_SCOPES = (
    "the network fails with that of the province about every 21 days, for 120 min; with the national portal about "
    "every 4 days, for 90 min"
)
ON_DATES = (
    "storms={dates: [{first: 2026-06-01, last: 2026-06-01}, {first: 2026-06-08, last: 2026-06-09}],"
    " factor: 2, network_down: 0.5}"
)
SCOPES = (
    "network={outages: {province: {up: {kind: exponential, mean: 30000.0}, down: {kind: exponential, mean: 120.0}},"
    " portal: {up: {kind: exponential, mean: 6000.0}, down: {kind: exponential, mean: 90.0}}}}"
)
SLOW = (
    "network={windows: [{between: '08:00-09:00', speed: 0.5}, {between: '14:00-15:00', speed: 0.5},"
    " {between: '10:00-11:00'}], answer: paper, paper: {typing: 4.0, typed_in: after_hours}}"
)
SAID: list[tuple[tuple[str, ...], str, list[str]]] = [
    (("demand=2.0",), "street", ["240 people a day"]),
    (("points.hall.seats=9",), "hall.line", ["9 seats", "one line for all"]),
    (TWO_POINTS, "hall.line", ["room for all", "one line for all"]),
    (GUIDED, "hall.guidance", ["2 guides"]),
    (GUIDED, "guidance", ["2 min each", "finds 50 % of what is missing", "mends 40 % of that at once"]),
    (("staff.counter.count=3", "staff.counter.speed=0.5"), "hall.counters",
     ["1 counter", "3 × counter: serves all, at 0.5 times the pace"]),
    ((NETWORK,), "counters",
     ["+ 10 min a dossier", "⚡ the network fails about every 3 days, for 45 min", "meanwhile nobody is called"]),
    ((NETWORK, "network.start_while_down=true"), "counters",
     ["+ 10 min a dossier", "⚡ the network fails about every 3 days, for 45 min",
      "meanwhile work stands still at the counters"]),
    ((NETWORK, "procedures.request.needs_network=false"), "counters", ["+ 10 min a dossier"]),
    ((SLOW,), "counters",
     ["+ 10 min a dossier", "⚡ the network is slow, 50 % of its speed, 08:00-09:00 and 14:00-15:00",
      "⚡ the network is down 10:00-11:00", "meanwhile work goes on on paper, typed in after hours, 4 min a dossier"]),
    ((SCOPES,), "counters",
     ["+ 10 min a dossier", f"⚡ {OF_TWO_SCOPES}", "meanwhile nobody is called"]),
    (("storms={every: 30, days: 2, away: 0.25, factor: 0.5, come_later: 0.8}",), "street",
     ["120 people a day", "⚡ storms about every 30 days, for 2 days", "then × 0.5 people, 80 % of the others later",
      "then 25 % of officials are away"]),
    ((ON_DATES, "network={answer: pause}"), "street",
     ["120 people a day", "⚡ storms on 2026-06-01 and from 2026-06-08 to 2026-06-09", "then × 2 people",
      "then the network is down on 50 % of half days"]),
    (("storms={every: 30, days: 2}", "staff.counter.storm_away=0.5"), "hall.counters",
     ["1 counter", "1 × counter: serves all, 50 % away in storms"]),
    (VOLUNTEERS, "hall.guidance", ["3 × youth union, ordinary only, unpaid"]),
    (VOLUNTEERS, "hall.counters", ["1 counter", "1 × counter: serves all"]),
    (SIGNED, "hall.signature", ["1 × chairman, called away on 50 % of half days"]),
    (SIGNED, "signature", ["2 min for request"]),
    (SIGNED, "result", ["1.5 min each", "for what is received by 15:00"]),
    (SIGNED, "hall.result", ["by those who do its field, before all who wait"]),
    (OFFICE, "office",
     ["each dossier, one step after the other:",
      "request: 20 min, then 5 min for finance, then 3 min for the signature; due within 2 working days",
      "1 × counter: request and finance, while nobody waits", "2 × desk: finance",
      "1 × chairman: signature, called away on 50 % of half days"]),
    ((*OFFICE, "procedures.request.processing={term: 0, signature: {kind: exponential, mean: 3.0}}",
      "staff.desk.skills=null"), "office",
     ["each dossier, one step after the other:", "request: 3 min for the signature; due on the same day",
      "1 × chairman: signature, called away on 50 % of half days"]),
    ((*OFFICE, NETWORK, "back_office.at_counters=false", "staff.desk.skills=null", "staff.desk.speed=0.5"), "office",
     ["each dossier, one step after the other:",
      ("request: 20 min, then 5 min for finance, then 3 min for the signature, not while the network is down;"
       " due within 2 working days"),
      "2 × desk: request and finance, at 0.5 times the pace",
      "1 × chairman: signature, called away on 50 % of half days"]),
    (("staff.counter.learning={start: 0.7, weeks: 8}",), "hall.counters",
     ["1 counter", "1 × counter: serves all, learning over 8 weeks, from 70 % of the pace"]),
    (BY_DAY, "door", ["Mon–Fri 07:30–11:30, 13:00–17:00", "let in in the order in which they stand at the gate"]),
    (("calendar.hours.sun=[]",), "door", ["Mon–Sat 00:00–24:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "place", "words"), SAID)
def test_what_is_said(overrides: tuple[str, ...], place: str, words: list[str]) -> None:
    assert said_at(way(TEXTBOOK, *overrides), place) == words


def test_rates_by_the_hour_are_people_a_day() -> None:
    assert said_at(way("center=benchmark_day"), "street") == ["300 people a day"]


@pytest.mark.parametrize("center", groups()["center"])
def test_every_station_is_reached_and_left(center: str) -> None:
    found = way(f"center={center}")
    names = {one.name for one in found.stations}
    assert {arrow.end for arrow in found.arrows} | {"street"} == names
    assert {arrow.start for arrow in found.arrows} | {"served", "gone"} >= names
    assert {one.stage for one in found.stations} - {""} == {stage.name for stage in found.stages}


def test_shares_on_the_arrows_are_those_of_a_run() -> None:
    study = sim.load(["center=cam_duong", "policy=guidance_desk", "replications=1", "demand=2.0", "days=60"])
    visits, table = sim.simulate(study, workers=1).visits, arrows(way_through(study))
    home, counter, plain, asks = (
        float(re.findall(r"([\d.]+) %", table[arrow][0])[0]) / 100
        for arrow in ("hall.guidance > incomplete", "hall.counters > incomplete", "point_2.counters > incomplete",
                      "hall.guidance > served")
    )  # fmt: skip
    received = visits[visits["reception_end"].notna() | (visits["outcome"] == "incomplete_at_guidance")]
    for point, share in (("hall", home + (1 - home) * counter), ("point_2", plain)):
        brought, accepted = received[received["point"] == point][["dossiers", "accepted"]].sum()
        assert 1 - accepted / brought == pytest.approx(share, abs=4 * (share * (1 - share) / brought) ** 0.5 + 0.001)
    first = visits[(visits["visit"] == 0) & (visits["point"] == "hall")]
    assert (first["outcome"] == "advised").mean() == pytest.approx(asks, abs=4 * (0.09 / len(first)) ** 0.5)
    people = float(re.findall(r": (\d+) p", table["street > hall.gate"][0])[0])
    days = first["arrival"] // 1440
    early = (first["arrival"] % 1440 < 450).groupby(days).sum()
    assert early.mean() == pytest.approx(people, abs=0.5 + 4 * (people / len(early)) ** 0.5)


# What is known


def known(found: Way) -> dict[str, bool | None]:
    places: list[Stage | Station | Arrow] = [*found.stages, *found.stations, *found.arrows]
    return {fact.text: fact.known for place in places for fact in place.facts}


def test_a_figure_is_known_if_all_of_its_numbers_have_a_source() -> None:
    marks = known(way("center=cam_duong"))
    assert marks["67 people a day"] is True
    assert marks["82 people on a Monday"] is False
    assert marks["4 counters"] is False
    assert marks["+ 14 min for land (8 %)"] is True
    assert marks["+ 14 min for construction (3 %)"] is False
    assert marks["out of patience"] is None
    assert known(way("center=go_vap"))["15 counters"] is True
    assert known(way("center=go_vap", "policy=add_officials"))["18 counters"] is False
    assert known(way("center=cam_duong", "points.hall.counters=5"))["5 counters"] is True


def test_what_is_said_of_the_back_office_names_its_keys() -> None:
    found = way(TEXTBOOK, *OFFICE, "staff.desk.speed=0.5")
    at = "procedures.request.processing"
    keys = {fact.text.split(":")[0]: fact.keys for one in found.stations if one.name == "office" for fact in one.facts}
    means = (f"{at}.steps.0.work.mean", f"{at}.steps.1.work.mean", f"{at}.signature.mean")
    assert keys["request"] == (*means, f"{at}.term")
    assert keys["2 × desk"] == ("staff.desk.count", "staff.desk.speed")
    assert keys["1 × chairman"] == ("staff.chairman.count", "staff.chairman.called_away")
    leave = [one.facts for one in found.arrows if one.start == "office"]
    numbers = {fact.text.split(":")[0]: fact.keys for facts in leave for fact in facts}
    assert numbers["results"] == ("back_office.delivery.post", "back_office.delivery.online")
    days = ("back_office.delivery.in_person", "back_office.first", "back_office.last")
    assert numbers["result ready"] == (*days, "results.collection.mean")


def test_without_marks_nothing_is_known_or_assumed() -> None:
    study = sim.load(["center=cam_duong"]).model_copy(update={"marks": {}})
    assert set(known(way_through(study)).values()) == {None}


# The picture


@cache
def hostile() -> str:
    """Eight points with long names, six groups at each, guides at some, tickets, outages, everything else."""
    values = yaml.safe_load(composed(["center=cam_duong"]))
    fields = list(values["procedures"])
    point = {"counters": 9, "ticket_cap": 90, "share": 0.125, "travel": values["points"]["hall"]["travel"]}
    values["name"] = TITLE * 2
    values["points"] = {
        f"point_{n}": {**point, "title": TITLE * 2 + str(n), "seats": 30 * n, "guides": n % 3} for n in range(8)
    }
    values["staff"] = {
        f"nhom_{n}_{g}_{'rat_dai_' * 6}": {"count": 1 + 4 * g, "skills": fields[g : g + 3], "point": f"point_{n}"}
        for n in range(8)
        for g in range(6)
    }
    values["guidance"] = {"service": {"kind": "exponential", "mean": 2.0}, "finds": 0.6, "mends": 0.5}
    failing = {name: {"kind": "exponential", "mean": 4000.0} for name in ("up", "down")}
    values["network"] = {"outages": dict.fromkeys(("center", "province", "portal"), failing)}
    values["storms"] = {"every": 30.0, "days": 2, "away": 0.3, "factor": 0.5, "network_down": 0.25}
    values["procedures"]["land"]["signature"] = {"kind": "exponential", "mean": 2.0}
    values["results"] = {"collection": {"kind": "exponential", "mean": 2.0}}
    values["staff"]["lanh_dao"] = {"count": 30, "role": "leader", "called_away": 0.5, "point": "point_1"}
    values["staff"]["tinh_nguyen"] = {"count": 30, "role": "guide", "paid": False, "point": "point_1"}
    values["closing"] = {"rule": "carry_over", "overtime_cap": 0.0}
    steps = [{"work": {"kind": "exponential", "mean": 90.0}}, {"field": "tai_chinh_" * 5, "work": point["travel"]}]
    for name in ("business", "social", "construction"):
        values["procedures"][name]["processing"] = {"term": 250, "steps": steps, "signature": point["travel"]}
    values["back_office"] = {"delivery": {"in_person": 0.6, "post": 0.3, "online": 0.1}, "at_counters": True}
    values["staff"]["chuyen_vien_" * 5] = {"count": 9, "role": "specialist", "skills": None, "point": "point_3"}
    return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=False))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    own = tmp_path_factory.mktemp("own") / "own.yaml"
    own.write_text(hostile(), encoding="utf-8")
    asked = {name: [f"center={name}"] for name in groups()["center"]}
    asked |= {name: ["center=go_vap", f"policy={name}"] for name in ("extra_points", "guidance_desk")}
    asked |= {"office": [TEXTBOOK, *OFFICE], "fetched": [TEXTBOOK, *OFFICE, "back_office.delivery={in_person: 1.0}"]}
    asked |= {"guided": ["center=cam_duong", "policy=guidance_desk"], "own": [f"center={own}"]}
    found = {}
    for name, overrides in asked.items():
        study = sim.load(overrides)
        shown = way_through(study)
        found[name] = Picture(shown, laid_out(shown), way_chart(shown, study.base.name, "1 of 2 assumed."))
    return found


def boxes_of_text(figure: Figure) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float64]]]:
    """All texts that are drawn, and their places in pixels."""
    with drawing():
        figure.draw_without_rendering()
        texts = [one for axes in figure.axes for one in axes.texts] + figure.texts
        texts = [one for one in texts if one.get_text().strip()]
        return [one.get_text() for one in texts], np.array([one.get_window_extent().extents for one in texts])


def test_no_text_lies_on_another_or_off_the_page(pictures: Pictures) -> None:
    for name, picture in pictures.items():
        texts, at = boxes_of_text(picture.figure)
        width, height = picture.figure.bbox.size
        assert at[:, :2].min() >= 0, name
        assert (at[:, 2] <= width).all(), name
        assert (at[:, 3] <= height).all(), name
        apart = (at[:, None, 0] >= at[None, :, 2]) | (at[:, None, 1] >= at[None, :, 3] - 1)
        overlapping = np.argwhere(~(apart | apart.T) & ~np.eye(len(at), dtype=bool))
        assert not len(overlapping), (name, [(texts[a], texts[b]) for a, b in overlapping[:3]])


def test_boxes_do_not_overlap_and_hold_their_text(pictures: Pictures) -> None:
    for name, (_, layout, _) in pictures.items():
        boxes = [*layout.stations.values(), *layout.leaving.values()]
        assert all(box.height >= box.card.height - 1e-9 for box in boxes), name
        for one, other in combinations(boxes, 2):
            beside = one.right <= other.x + 1e-9 or other.right <= one.x + 1e-9
            assert beside or one.bottom <= other.y + 1e-9 or other.bottom <= one.y + 1e-9, name
        for path in layout.paths:
            assert all(0.0 in {b[0] - a[0], b[1] - a[1]} for a, b in pairwise(path.corners)), name


def test_every_arrow_ends_at_its_station(pictures: Pictures) -> None:
    for found, layout, _ in pictures.values():
        for arrow, path in zip(found.arrows, layout.paths, strict=True):
            there, (x, y) = layout.stations[arrow.end], path.corners[-1]
            assert there.x - 1e-9 <= x <= there.right + 1e-9
            assert there.y - 1e-9 <= y <= there.bottom + 1e-9


def test_what_a_user_writes_is_drawn_as_it_is(pictures: Pictures) -> None:
    texts, _ = boxes_of_text(pictures["own"].figure)
    assert "$x_1$ <b>&amp;" in " ".join(texts)
    assert any("rat dai" in text for text in texts)


def test_of_very_many_points_the_first_are_drawn() -> None:
    many = {f"p{n}": "{counters: 1, share: 0.05}" for n in range(20)}
    points = ", ".join(f"{name}: {entry}" for name, entry in many.items())
    found = way(TEXTBOOK, f"points={{{points}}}", "staff={a: {count: 1, skills: null, point: p0}}")
    texts, _ = boxes_of_text(way_chart(found, "x"))
    assert f"{20 - MOST_POINTS} more points are not drawn." in texts


# Files


def test_the_picture_of_the_readme_shows_the_present_scenario() -> None:
    """Where it does not: motcua way center=cam_duong out=docs."""
    with Image.open(README_PICTURE) as picture:
        assert picture.info["Description"] == way("center=cam_duong").digest
    assert README_PICTURE.stat().st_size < 150_000


def test_the_program_draws_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["-m", "center=textbook", "demand=1.0,2.0"]
    assert main([*words, f"out={tmp_path / 'a'}"]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [file.name for file in files] == [f"way_demand_{n}_0.{kind}" for n in (1, 2) for kind in ("png", "svg")]
    assert sorted(files) == sorted((tmp_path / "a").iterdir())
    assert main([*words, f"out={tmp_path / 'b'}"]) == 0
    assert [file.read_bytes() for file in files] == [(tmp_path / "b" / file.name).read_bytes() for file in files]
    assert files[0].read_bytes() != files[2].read_bytes()
    with Image.open(files[0]) as picture:
        assert picture.info["Description"] == way(TEXTBOOK, "demand=1.0").digest


def test_the_program_says_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main([TEXTBOOK, f"out={tmp_path / 'file'}"]) == 3
    assert capsys.readouterr().err.startswith("cannot write there: ")
    assert main(["center=txtbook"]) == 2
    assert "textbook" in capsys.readouterr().err
