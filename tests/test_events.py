"""Event logs: what they say is what the trace says, in three formats that other programs read."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from experiments import events, run
from sim.events import Log, logs, write_csv, write_ocel, write_xes
from sim.events.happened import Activity, Transition, happened
from sim.events.log import legible
from sim.events.ocel import OBJECTS
from sim.frames import FORMULAS, visits_frame
from sim.models.center import run as reference
from sim.models.compiled.engine import run as compiled
from sim.occupancy import serving_spans
from sim.plan import Purpose
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER
from tests.full_disk import DEVICE
from tests.plans import random_plan

Captured = pytest.CaptureFixture[str]
SITUATIONS = {
    "results on the spot": ("center=phuc_hoa", "days=14", "demand=4", 'results.cut_off="10:00"'),
    "guided to several points": ("center=cam_duong", "days=14", "demand=3", "policy=guidance_desk"),
    "filed from home": ("center=na_hy", "days=20", "demand=4"),
    "paper to type in": ("center=central_highlands", "days=30"),
    "a full hall": ("center=phuc_hoa", "days=10", "demand=6", "points.hall.seats=4", "points.hall.ticket_cap=40"),
    "held over": ("center=phuc_hoa", "days=12", "demand=5", "closing.rule=carry_over", "patience=null"),
    "day and night": (
        *("center=phuc_hoa", "days=4", "opening=true", "calendar=continuous", "demand=20", "patience=null"),
        "points.hall.seats=null",
    ),
}
EACH = pytest.mark.parametrize("name", SITUATIONS)
ENDS = (Activity.LEAVE, Activity.ANSWER)
OF_A_CASE = (Activity.CHECK, Activity.STEP, Activity.APPROVAL)
NASTY = "=A1 <script>alert(1)</script> ](x) | ../%00 &amp; \"Phường\" 'b'"
WRITTEN = {".csv": write_csv, ".xes": write_xes, ".jsonocel": write_ocel}
TASK = re.compile("schedule(,withdraw|,start(,suspend,resume)*(,suspend|,complete)?)?")


@cache
def log(name: str) -> Log:
    """The log of one replication, warm-up included."""
    study = sim.load([*SITUATIONS[name], "engine=reference"])
    (found,) = logs(study, warmup=True)
    return found


@cache
def table(name: str) -> pd.DataFrame:
    return sim.event_log(sim.load([*SITUATIONS[name], "engine=reference"]), warmup=True)


def assert_is_the_trace(trace: Trace, fields: int, filed: Any, found: Any) -> None:
    """Each visit begins and ends once, each task runs its course, officials do one thing at a time, all in order."""
    visits = trace.visits
    assert (np.diff(found["time"]) >= 0).all()
    first = np.where(filed, Activity.FILE, Activity.ARRIVE)
    last = np.where(filed, Activity.ANSWER, Activity.LEAVE)
    told: dict[int, list[Any]] = {row: [] for row in range(len(visits))}
    for event in found:
        told[int(event["visit"])].append(event)
    for row, own in told.items():
        activities = [Activity(event["activity"]) for event in own]
        assert activities[0] == first[row]
        assert own[0]["time"] == visits["arrival"][row]
        assert activities.count(first[row]) == 1
        ends = [event["time"] for event in own if event["activity"] in ENDS]
        assert ends == ([visits["departure"][row]] if visits["departure"][row] != NEVER else [])
        assert activities.count(Activity.ENTER) == (visits["entry"][row] != NEVER)
        assert (last[row] in activities) == (visits["outcome"][row] != Outcome.IN_SYSTEM)
        assert_tasks_run_their_course(own)
    assert_worked_as_in(trace, found)


def assert_tasks_run_their_course(own: Sequence[Any]) -> None:
    """No task ends before it starts, and after the citizen left only the paper goes on."""
    tasks: dict[tuple[int, int], list[str]] = {}
    left = False
    for event in own:
        activity = Activity(event["activity"])
        if activity <= Activity.ANSWER:
            left |= activity in ENDS
            continue
        assert not left or activity in (Activity.RECORD, Activity.STEP, Activity.APPROVAL)
        tasks.setdefault((activity, event["step"]), []).append(Transition(event["transition"]).name.lower())
    for (task, step), course in tasks.items():
        assert TASK.fullmatch(",".join(course)), (task, course)
        assert (step > 0) == (task in (Activity.STEP, Activity.APPROVAL))
        assert task in OF_A_CASE or not {"suspend", "resume"} & set(course)
    steps = sorted(step for _, step in tasks if step)
    assert steps == list(range(1, len(steps) + 1))


def assert_worked_as_in(trace: Trace, found: Any) -> None:
    """The stretches of work of each official do not overlap, and are those of the trace."""
    spans: dict[int, list[tuple[int, int]]] = {}
    open_: dict[tuple[int, int, int], tuple[int, int]] = {}
    for event in found:
        key = (int(event["visit"]), int(event["activity"]), int(event["step"]))
        if event["transition"] in (Transition.START, Transition.RESUME):
            open_[key] = (int(event["official"]), int(event["time"]))
        elif event["transition"] in (Transition.SUSPEND, Transition.COMPLETE) and event["activity"] > Activity.ANSWER:
            official, start = open_.pop(key)
            assert official == event["official"]
            spans.setdefault(official, []).append((start, int(event["time"])))
    for official, start in open_.values():
        spans.setdefault(official, []).append((start, trace.horizon))
    for mine in spans.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(mine)))
    begun, over = serving_spans(trace)
    ours = sorted((official, *span) for official, own in spans.items() for span in own)
    who = trace.tasks["official"][trace.tasks["start"] != NEVER]
    assert ours == sorted(zip(who.tolist(), begun.tolist(), over.tolist(), strict=True))


@EACH
def test_a_log_is_what_happened(name: str) -> None:
    one = log(name)
    remote = np.array([channel.checking is not None for channel in one.scenario.channels.values()])
    filed = remote[one.trace.visits["channel"]] & (one.trace.visits["purpose"] == Purpose.SUBMIT)
    assert_is_the_trace(one.trace, len(one.scenario.fields), filed, one.events)


@given(seed=st.integers(0, 1 << 30))
@settings(max_examples=40, deadline=None)
def test_a_log_of_any_plan_is_what_happened(seed: int) -> None:
    """Whatever ties: withdrawn at once, put aside at the instant it began, asked over a link, held over, and so on."""
    plan = random_plan(Random(seed))
    trace = reference(plan)
    remote = plan.channels["checking"] != NEVER
    filed = remote[trace.visits["channel"]] & (trace.visits["purpose"] == Purpose.SUBMIT)
    everybody = np.ones(len(trace.visits), bool)
    found = happened(trace, plan.fields, filed, everybody)
    assert_is_the_trace(trace, plan.fields, filed, found)
    assert np.array_equal(found, happened(compiled(plan), plan.fields, filed, everybody))


def test_what_the_situations_are_for_happens() -> None:
    seen = {name: {(Activity(a), Transition(t)) for a, t in np.unique(log(name).events[["activity", "transition"]]).tolist()} for name in SITUATIONS}  # fmt: skip  # noqa: E501
    outcomes = {name: set(map(Outcome, log(name).trace.visits["outcome"].tolist())) for name in SITUATIONS}
    assert (Activity.COLLECTION, Transition.COMPLETE) in seen["results on the spot"]
    assert (Activity.GUIDANCE, Transition.COMPLETE) in seen["guided to several points"]
    assert (Activity.STEP, Transition.RESUME) in seen["filed from home"]
    assert (Activity.ANSWER, Transition.COMPLETE) in seen["filed from home"]
    assert (Activity.RECORD, Transition.COMPLETE) in seen["paper to type in"]
    assert (Activity.RECEPTION, Transition.WITHDRAW) in seen["a full hall"]
    assert {Outcome.BALKED, Outcome.TURNED_AWAY} <= outcomes["a full hall"]
    assert Outcome.CARRIED_OVER in outcomes["held over"]
    assert Outcome.IN_SYSTEM in outcomes["day and night"]
    waiting = log("day and night").trace.tasks
    assert ((waiting["start"] == NEVER) & (waiting["end"] == NEVER)).any()


@EACH
def test_the_table_names_what_happened(name: str) -> None:
    one, found = log(name), table(name)
    assert len(found) == len(one.events)
    zero = pd.Timestamp(one.scenario.start).tz_localize("Asia/Ho_Chi_Minh")
    ms = (found["timestamp"] - zero) // pd.Timedelta(milliseconds=1)
    assert ms.tolist() == one.events["time"].tolist()
    known = visits_frame(one.trace, one.scenario, 0).set_index(["citizen", "visit"])
    columns = ["purpose", "procedure", "field", "priority", "channel", "outcome"]
    ours = found.groupby(["citizen", "visit"])[columns].first()
    pd.testing.assert_frame_equal(ours, known[columns].sort_index(), check_categorical=False, check_dtype=False)
    assert found.groupby("case")[["citizen", "visit"]].nunique().to_numpy().tolist() == [[1, 1]] * len(known)
    entered = found[found["activity"] == "enter"].set_index(["citizen", "visit"])["point"]
    assert (entered.astype(str) == known["point"].astype(str)[entered.index]).all()
    at_work = found["lifecycle"].isin(["start", "suspend", "resume"])
    tasks = ~found["activity"].isin(["arrive", "enter", "leave", "file", "answer"])
    assert (found["official"].notna() == (at_work | (tasks & (found["lifecycle"] == "complete")))).all()
    nowhere = found["activity"].isin(["file", "answer", "signature", "approval", "consultation"])
    assert (found["point"].isna() == nowhere).all()


def test_what_is_measured_is_told_unless_all_is_asked_for() -> None:
    study = sim.load([*SITUATIONS["results on the spot"], "engine=reference"])
    measured, everything = sim.event_log(study, 2), sim.event_log(study, 2, warmup=True)
    warmup = pd.Timedelta(study.scenario.warmup * DAY, "ms")
    begins = pd.Timestamp(study.scenario.start).tz_localize("Asia/Ho_Chi_Minh") + warmup
    assert set(measured["replication"]) == {0, 1}
    arrived = everything.groupby("case")["timestamp"].transform("min")
    pd.testing.assert_frame_equal(measured, everything[arrived >= begins].reset_index(drop=True))
    assert 0 < len(measured) < len(everything)


@EACH
def test_dossiers_are_accepted_once_and_come_again_until_then(name: str) -> None:
    one = log(name)
    visits = one.trace.visits
    taken: set[tuple[int, int]] = set()
    last: dict[int, set[int]] = {}
    for row, visit in enumerate(visits):
        citizen, (accepted, left) = int(visit["citizen"]), one.dossiers.of(row)
        if visit["purpose"] == Purpose.SUBMIT:
            assert len(accepted) + len(left) == visit["dossiers"]
            assert last.get(citizen, {*accepted, *left}) == {*accepted, *left}
            assert not {(citizen, number) for number in accepted} & taken
            taken |= {(citizen, number) for number in accepted}
            last[citizen] = set(left)
        else:
            assert not (*accepted, *left)
        assert all((citizen, number) in taken for number in one.dossiers.results(row))
    if name in ("filed from home", "results on the spot"):
        assert (one.dossiers.result_of != NEVER).any()
    steps = one.events["visit"][np.isin(one.events["activity"], [Activity.STEP, Activity.COLLECTION, Activity.RECORD])]
    assert (one.dossiers.accepted[steps] > 0).all()


# Files


def written(one: Log, folder: Path) -> dict[str, Path]:
    paths = {kind: folder / f"events{kind}" for kind in WRITTEN}
    for kind, path in paths.items():
        WRITTEN[kind](path, one)
    return paths


def xes_rows(path: Path) -> list[tuple[Any, ...]]:
    """Case, activity, lifecycle, time, resource, point and step of each event, as an XML reader sees them."""
    found = []
    for trace in ET.parse(path).getroot().iter("trace"):
        case = trace.find("string[@key='concept:name']")
        assert case is not None
        for event in trace.iter("event"):
            said = {one.attrib["key"]: one.attrib["value"] for one in event}
            keys = ("concept:name", "lifecycle:transition", "time:timestamp", "org:resource", "point", "step")
            found.append((case.attrib["value"], *(said.get(key, "") for key in keys)))
    return found


def ocel_rows(path: Path) -> list[tuple[Any, ...]]:
    said = json.loads(path.read_text(encoding="utf-8"))
    names = {one["id"]: {a["name"]: a["value"] for a in one["attributes"]} for one in said["objects"]}
    found = []
    for event in said["events"]:
        told = {one["name"]: one["value"] for one in event["attributes"]}
        about = {one["qualifier"]: one["objectId"] for one in event["relationships"]}
        who, where = (names.get(about.get(kind, ""), {}).get("name", "") for kind in ("official", "point"))
        rest = (told["activity"], told["lifecycle"], event["time"], who, where, str(told.get("step", "")))
        found.append((about["visit"], *rest))
    return found


@EACH
def test_three_files_say_the_same(name: str, tmp_path: Path) -> None:
    one = log(name)
    paths = written(one, tmp_path)
    rows = pd.read_csv(paths[".csv"], dtype=str, keep_default_na=False)
    columns = ["case", "activity", "lifecycle", "timestamp", "official", "point", "step"]
    listed = list(rows[columns].itertuples(index=False, name=None))
    assert listed == ocel_rows(paths[".jsonocel"])
    in_order: dict[str, list[Any]] = {}
    for row in listed:
        in_order.setdefault(row[0], []).append(row)
    assert [row for own in in_order.values() for row in own] == xes_rows(paths[".xes"])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00", at) for at in rows["timestamp"])
    assert rows["timestamp"].is_monotonic_increasing


@EACH
def test_objects_are_known_and_typed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonocel"
    write_ocel(path, log(name))
    said = json.loads(path.read_text(encoding="utf-8"))
    assert list(said) == ["objectTypes", "eventTypes", "objects", "events"]
    kinds = {"string": ".*", "integer": "[0-9]+"}
    for group in ("object", "event"):
        types = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in said[f"{group}Types"]}
        assert {one["type"] for one in said[f"{group}s"]} <= set(types)
        for one in said[f"{group}s"]:
            assert all(re.fullmatch(kinds[types[one["type"]][a["name"]]], a["value"]) for a in one["attributes"])
            assert {type(a["value"]) for a in one["attributes"]} == {str}  # as the published schema wants it
    assert [one["name"] for one in said["objectTypes"]] == list(OBJECTS)
    known = [one["id"] for one in said["objects"]]
    assert len(set(known)) == len(known)
    assert len({one["id"] for one in said["events"]}) == len(said["events"])
    related = {r["objectId"] for one in (*said["objects"], *said["events"]) for r in one["relationships"]}
    assert related <= set(known)
    assert all(r["qualifier"] for one in (*said["objects"], *said["events"]) for r in one["relationships"])


def test_a_log_in_xes_has_what_the_standard_asks_for(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    write_xes(path, log("guided to several points"))
    root = ET.parse(path).getroot()
    assert root.attrib == {"xes.version": "1849.2016", "xes.features": ""}
    order = [kind for kind, _ in groupby(one.tag for one in root)]
    assert order == ["extension", "global", "classifier", "string", "int", "trace"]
    assert {one.attrib["prefix"] for one in root.iter("extension")} == {"concept", "time", "lifecycle", "org"}
    everywhere = {one.attrib["scope"]: {a.attrib["key"] for a in one} for one in root.iter("global")}
    for scope, tag in (("trace", "trace"), ("event", "event")):
        for one in root.iter(tag):
            keys = [a.attrib["key"] for a in one if a.tag != "event"]
            assert everywhere[scope] <= set(keys)
            assert len(set(keys)) == len(keys)
    for one in root.iter("classifier"):
        assert set(one.attrib["keys"].split()) <= everywhere["event"]
        assert re.fullmatch(r"\w+", one.attrib["name"])
    transitions = {a.attrib["value"] for a in root.iter("string") if a.attrib["key"] == "lifecycle:transition"}
    assert transitions <= {"schedule", "start", "suspend", "resume", "complete", "withdraw"}


@pytest.mark.parametrize("name", ["filed from home", "guided to several points"])
def test_both_engines_write_the_same_bytes(name: str, tmp_path: Path) -> None:
    found = []
    for engine in ("reference", "compiled"):
        (one,) = logs(sim.load([*SITUATIONS[name], f"engine={engine}"]))
        (tmp_path / engine).mkdir()
        found.append({kind: path.read_bytes() for kind, path in written(one, tmp_path / engine).items()})
    assert found[0] == found[1]


def test_pieces_of_a_table_are_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = log("guided to several points")
    write_csv(tmp_path / "whole.csv", one)
    monkeypatch.setattr("sim.events.table.ROWS_AT_ONCE", 97)
    write_csv(tmp_path / "pieces.csv", one)
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_nobody_comes(tmp_path: Path) -> None:
    (one,) = logs(sim.load(["center=phuc_hoa", "days=9", "demand=0"]))
    paths = written(one, tmp_path)
    assert paths[".csv"].read_text(encoding="utf-8").startswith("scenario,replication,case,activity,")
    assert len(pd.read_csv(paths[".csv"])) == 0
    assert not list(ET.parse(paths[".xes"]).getroot().iter("trace"))
    assert json.loads(paths[".jsonocel"].read_text(encoding="utf-8"))["events"] == []


def test_text_of_a_person_stays_text(tmp_path: Path) -> None:
    study = sim.load(["center=phuc_hoa", "days=9", "demand=4"])
    hall = study.base.points["hall"].model_copy(update={"title": NASTY})
    base = study.base.model_copy(update={"name": NASTY, "points": {"hall": hall}})
    (one,) = logs(study.model_copy(update={"base": base, "label": f"{NASTY}\ud800\x00"}))
    paths = written(one, tmp_path)
    label = f"{NASTY}\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    rows = pd.read_csv(paths[".csv"], dtype=str, keep_default_na=False)
    assert set(rows["scenario"]) == {f"'{label}"}
    assert not [text for name in rows for text in rows[name] if text.startswith(FORMULAS)]
    root = ET.parse(paths[".xes"]).getroot()
    assert {one.tag for one in root.iter()} <= {
        *("log", "extension", "global", "classifier", "trace", "event", "string", "int", "date")
    }
    assert {a.attrib["value"] for a in root.iter("string") if a.attrib["key"] == "scenario"} == {"", label}
    said = json.loads(paths[".jsonocel"].read_text(encoding="utf-8"))
    (point,) = (one for one in said["objects"] if one["type"] == "point")
    assert [a["value"] for a in point["attributes"]] == ["hall", NASTY, NASTY]
    assert legible("\t\n Đông 😀") == "\t\n Đông 😀"


# The program

SMALL = ("center=phuc_hoa", "days=9", "demand=4")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of two scenarios, two replications each."""
    out = tmp_path_factory.mktemp("swept") / "out"
    words = ("-m", *SMALL, "policy=none,guidance_desk", "replications=2", "engine=reference", "workers=1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.report.charts._figures", lambda *_: iter(()))
        assert run.main([*words, "assumptions=no", f"out={out}"]) == 0
    return out


def test_results_have_their_events(swept: Path, tmp_path: Path, capsys: Captured) -> None:
    before = {path.name for path in swept.iterdir()}
    assert events.main([str(swept), "scenario=none", f"out={tmp_path / 'a' / 'b'}", "replications=2"]) == 0
    told = capsys.readouterr().out.splitlines()
    names = [f"events_none_{n}{kind}" for n in (0, 1) for kind in (".csv", ".xes", ".jsonocel")]
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == set(names)
    assert [line.split("  (")[0] for line in told] == [str(tmp_path / "a" / "b" / name) for name in names]
    seen = pd.read_parquet(swept / "visits.parquet")
    seen = seen[(seen["scenario"] == "none") & (seen["arrival"] >= 7 * DAY / MINUTE)]
    for number in (0, 1):
        found = pd.read_csv(tmp_path / "a" / "b" / f"events_none_{number}.csv")
        assert set(found["replication"]) == {number}
        ours = found.groupby(["citizen", "visit"])["outcome"].first()
        mine = seen[seen["replication"] == number].set_index(["citizen", "visit"])["outcome"].sort_index()
        assert ours.to_dict() == mine.to_dict() != {}
    assert events.main([str(swept), "format=csv"]) == 0
    assert {path.name for path in swept.iterdir()} == before | {"events_none_0.csv", "events_guidance_desk_0.csv"}
    assert (swept / "events_none_0.csv").read_bytes() == (tmp_path / "a" / "b" / "events_none_0.csv").read_bytes()


def test_a_scenario_has_its_events_without_a_run(swept: Path, tmp_path: Path, capsys: Captured) -> None:
    """The same bytes as from its results but for the label; the same each time, and whatever else is asked."""
    for folder in ("one", "two"):
        assert events.main([*SMALL, "engine=reference", f"out={tmp_path / folder}", "format=ocel,csv,csv"]) == 0
    names = ["events_phuc_hoa_0.csv", "events_phuc_hoa_0.jsonocel"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    assert events.main([*SMALL, f"out={tmp_path / 'more'}", "replications=2", "warmup=yes"]) == 0
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(pd.read_csv(tmp_path / "more" / names[0])) > len(pd.read_csv(tmp_path / "one" / names[0]))
    assert events.main([str(swept), "scenario=none", "format=csv", f"out={tmp_path}"]) == 0
    one = (tmp_path / "one" / names[0]).read_text(encoding="utf-8")
    assert (tmp_path / "events_none_0.csv").read_text(encoding="utf-8") == one.replace("phuc_hoa · none", "none")
    assert events.main(["-m", *SMALL, "policy=none,guidance_desk", "scenario=none", f"out={tmp_path / 'm'}"]) == 0
    assert {path.name.split(".")[0] for path in (tmp_path / "m").iterdir()} == {"events_none_0"}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("nowhere",), "nowhere: is no folder"),
        (("a=b/",), "a: unknown key"),
        (("results/a=b",), "results/a=b: is no folder"),
        ((".",), "wanted a results folder of motcua run"),
        (("a", "b"), "events: given b, wanted one folder of results, or the words of a scenario, not both"),
        (("a", "center=go_vap"), "events: given center=go_vap, wanted one folder"),
        (("-m", "a"), "events: given -m, wanted one folder"),
        (("center=go_vap", "format=cvs"), "format: given 'cvs', wanted some of csv, xes, ocel (did you mean csv?)"),
        (("format=",), "format: given '', wanted some of"),
        (("replications=0",), "replications: given '0', wanted a whole number from 1"),
        (("replications=x",), "replications: given 'x'"),
        (("replications=99999999999",), "replications: given"),
        (("warmup=all",), "warmup: given 'all', wanted one of no, yes"),
        (("scenario=no", "center=phuc_hoa"), "scenario: given 'no', wanted one of phuc_hoa · none"),
        (("workers=2",), "workers: is for motcua run"),
        (("--cfg", "job"), "--cfg: is for motcua run"),
        (("memory=2 GB",), "memory: is for motcua run"),
        (("center=go_vop",), "did you mean go_vap?"),
        (("out=",), "wanted a folder: out=DIR"),
    ],
)
def test_a_wrong_word_is_refused_in_a_line(
    words: tuple[str, ...], wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert events.main(list(words)) == 2
    told = capsys.readouterr()
    assert wanted in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []


def test_all_faults_are_told_at_once(capsys: Captured) -> None:
    assert events.main(["center=go_vop", "format=x", "replications=0", "warmup=x", "workers=2"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 5


def test_results_that_are_not_of_this_program_have_none(swept: Path, tmp_path: Path, capsys: Captured) -> None:
    assert events.main([str(swept), "replications=3"]) == 2
    assert capsys.readouterr().err == "replications: given 3, wanted at most 2, those that were run\n"
    assert events.main([str(swept), "scenario=guidance"]) == 2
    assert "wanted one of none, guidance_desk (did you mean guidance_desk?)" in capsys.readouterr().err
    old = tmp_path / "old"
    old.mkdir()
    for path in (one for one in swept.rglob("*") if one.is_file()):
        (old / path.relative_to(swept)).parent.mkdir(exist_ok=True)
        (old / path.relative_to(swept)).write_bytes(path.read_bytes())
    said = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    (old / "manifest.json").write_text(json.dumps({**said, "sources": "0" * 20}), encoding="utf-8")
    before = set(old.iterdir())
    assert events.main([str(old)]) == 2
    assert "results of another version of the program" in capsys.readouterr().err
    assert set(old.iterdir()) == before


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    assert events.main([*SMALL, f"out={tmp_path / 'file'}"]) == 3
    assert capsys.readouterr().err.startswith(f"cannot write there: {tmp_path / 'file'}: ")

    def full(path: Path, _: Log) -> None:
        with path.open("wb") as file, DEVICE.open("wb") as device:
            file.write(b"half")
            device.write(b"0")

    monkeypatch.setattr("sim.events.write_xes", full)
    assert events.main([*SMALL, f"out={tmp_path / 'out'}"]) == 4
    assert capsys.readouterr().err.startswith("disk full: ")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["events_phuc_hoa_0.csv"]


def test_a_link_gives_way_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "events_phuc_hoa_0.csv").symlink_to(tmp_path / "mine.txt")
    assert events.main([*SMALL, "format=csv", f"out={tmp_path}"]) == 0
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


# By others


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["filed from home", "guided to several points", "day and night"])
def test_pm4py_reads_all_three(name: str, tmp_path: Path) -> None:
    pm4py = pytest.importorskip("pm4py")
    one = log(name)
    paths = written(one, tmp_path)
    frame = pd.read_csv(paths[".csv"])
    listed = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="timestamp")
    traced = pm4py.read_xes(os.fspath(paths[".xes"]))
    for rows in (listed, traced):
        assert len(rows) == len(one.events)
        assert rows["case:concept:name"].nunique() == len(one.trace.visits)
        assert pm4py.get_start_activities(rows).keys() <= {"arrive", "file"}
    both = [pm4py.discover_dfg(rows) for rows in (listed, traced)]
    assert both[0] == both[1]
    objects = pm4py.read_ocel2(os.fspath(paths[".jsonocel"]))
    assert len(objects.events) == len(one.events)
    assert set(pm4py.ocel_get_object_types(objects)) == set(OBJECTS)
    visits = objects.objects[objects.objects["ocel:type"] == "visit"]
    assert sorted(visits["dossiers"].astype(int)) == sorted(one.dossiers.brought.tolist())
    moments = objects.events["ocel:timestamp"].sort_values().tolist()
    assert moments == traced["time:timestamp"].sort_values().tolist()
