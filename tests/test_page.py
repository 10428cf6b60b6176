"""The planner's page says what the results say, in both languages, and takes nothing for a yes that is none."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments import report, run
from sim.assumptions.inputs import inputs_of
from sim.door import composed, load
from sim.faults import BadInput
from sim.figures import metric_names
from sim.intervals import Estimate
from sim.reopening import Made, reopened
from sim.report.cheapest import asked_together, cheapest_met, efficient, nearest
from sim.report.page import Source, page
from sim.report.page.named import Input, Metric
from sim.report.page.numbers import Day, Measure, Number, Weekday, figure
from sim.report.page.words import LANGUAGES, Language, Listed, Name, catalog, html, phrase, said
from sim.rested import Rested
from sim.result import Result, alike
from sim.simulating import simulate
from sim.study import Study
from sim.targets import Target, Targets

SCRIPT = "<img src=x onerror=alert(1)>"
MADE = Made(("motcua", "run"), "0" * 20, {"motcua": "0"}, "a machine", 1.0)
EASY = "targets.items=[{metric: wait_mean, at_most: 60}]"
SMALL = ("engine=reference", "days=7", "opening=true")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogs_have_the_same_messages_with_the_same_names() -> None:
    vi, en = catalog("vi"), catalog("en")
    assert set(vi) == set(en)
    assert {key: fields(text) for key, text in vi.items()} == {key: fields(text) for key, text in en.items()}
    assert all(text.strip() for text in (*vi.values(), *en.values()))


def test_every_policy_has_a_name_in_both_languages() -> None:
    from sim.policies import POLICIES

    assert all(f"policy.{name}" in catalog(language) for name in POLICIES for language in LANGUAGES)


@pytest.mark.parametrize(
    ("told", "vi", "en"),
    [
        (Number(-1234.5, 1), "−1.234,5", "−1,234.5"),
        (Number(-0.01, 1, signed=True), "0,0", "0.0"),
        (Number(2, signed=True), "+2", "+2"),
        (Number(0.05, exact=True), "0,05", "0.05"),
        (Day(date(2026, 3, 2)), "02/03/2026", "2 Mar 2026"),
        (Weekday(0), "Thứ Hai", "Monday"),
        (Measure("wait_mean", 15.0, exact=True), "15 phút", "15 min"),
        (Measure("wait_mean", 0.426), "0,43 phút", "0.43 min"),
        (Measure("wait_within_15", 1.0), "100%", "100%"),
        (Measure("wait_within_15", 0.99999), "trên 99,9%", "more than 99.9%"),
        (Measure("unserved_share", 0.0001), "dưới 0,1%", "less than 0.1%"),
        (Measure("cost_per_day", 6.714e6, "VND"), "6,71 triệu đồng", "6.71 million VND"),
        (Measure("cost_per_day", 6.714e9, "USD"), "6,71 tỷ USD", "6.71 billion USD"),
        (Measure("unserved_share", -0.031, signed=True), "−3,1 điểm phần trăm", "−3.1 points"),
        (Name("policy", "my_own_idea"), "my own idea", "my own idea"),
        (Listed(["a", "b", "c"]), "a, b và c", "a, b and c"),
    ],
)
def test_numbers_and_dates_are_those_of_the_reader(told: object, vi: str, en: str) -> None:
    assert {language: told.said(language) for language in LANGUAGES} == {"vi": vi, "en": en}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("estimate", "wanted"),
    [
        (Estimate(17.31, 14.8, 20.84, 3.0, 0.95, "", 30), "17.3 min (14.8–20.8)"),
        (Estimate(17.31, 14.8, None, None, 0.95, "", 30), "17.3 min (from 14.8 min)"),
        (Estimate(17.31, None, None, None, 0.95, "", 1), "17.3 min"),
        (Estimate(None, None, None, None, 0.95, "nobody", 30), "nothing to measure"),
    ],
)
def test_an_open_end_and_a_missing_figure_are_said(estimate: Estimate, wanted: str) -> None:
    word = figure("wait_mean", estimate)
    assert not isinstance(word, str | int)
    assert word.said("en") == wanted


def test_text_of_a_person_stays_text() -> None:
    assert str(html(phrase("asked.one", center=SCRIPT, promises="{x} & <b>"))).count("&lt;img") == len(LANGUAGES)
    assert "<b>" not in html(phrase("asked.one", center="", promises="<b>"))


class Reader(HTMLParser):
    """What a reader of one language sees, the script left out."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "line"})

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.hidden, self.open, self.text, self.tags = [False], list[str](), "", list[str]()
        self.other = {"vi": "en", "en": "vi"}[language]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
            unseen = tag in {"script", "style"} or (dict(attrs).get("lang") == self.other and tag != "html")
            self.hidden.append(self.hidden[-1] or unseen)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden[-1]:
            self.text += f" {data.strip()}"


def read(text: str, language: Language) -> str:
    reader = Reader(language)
    reader.feed(text)
    assert not reader.open
    return re.sub(r"\s+", " ", reader.text)


def written(results: Mapping[str, Result], language: Language = "en") -> str:
    from sim.result import against_baselines

    text = page(Source(results, tuple(against_baselines(results)), {}, MADE, {}, is_of_this_version=False), language)
    return read(text, language)


def results_of(*words: str, policies: tuple[str, ...] = ("none",)) -> dict[str, Result]:
    found = {}
    for policy in policies:
        study = load([*words, *SMALL, f"policy={policy}"])
        found[policy] = simulate(study, workers=1)
    return found


def test_a_center_that_keeps_its_promise_gets_a_yes() -> None:
    text = written(results_of("center=phuc_hoa", "replications=6", EASY))
    assert catalog("en")["found.yes_now"] in text
    assert "✓ met" in text


def test_what_is_undecided_is_said_to_be_no_yes() -> None:
    results = results_of("center=phuc_hoa", "replications=2")
    assert next(iter(results.values())).verdict == "undecided"
    text = written(results)
    assert catalog("en")["found.undecided_now"] in text
    assert "Yes" not in text
    assert "A first look: fewer than 30 runs (2)." in text


def test_the_cheapest_that_is_met_is_recommended_and_the_baseline_when_it_is() -> None:
    results = results_of("center=phuc_hoa", "replications=6", EASY, policies=("none", "guidance_desk"))
    assert {one.verdict for one in results.values()} == {"met"}
    assert cheapest_met(results) == "none"
    assert catalog("en")["found.yes_now"] in written(results)


def test_an_overloaded_center_gets_a_no_with_the_target_that_is_missed() -> None:
    results = results_of("center=phuc_hoa", "replications=4", "demand=8", policies=("none", "weekend_hours"))
    text = written(results)
    assert "No. Of 2 ways that were tried, 2 miss the promise, and none is shown to keep it." in text
    assert "None is shown to keep it" in text
    assert "missed: mean wait at most 15 min, sim" in text or "missed: share left unserved at most 1%, sim" in text


def test_the_nearest_is_undecided_where_any_is_and_efficient_ones_are_not_dominated() -> None:
    results = results_of("center=phuc_hoa", "replications=3", policies=("none", "guidance_desk", "weekend_hours"))
    verdicts = {label: one.verdict for label, one in results.items()}
    chosen = nearest(results)
    assert verdicts[chosen] == next(v for v in ("met", "undecided", "missed") if v in verdicts.values())
    at = {
        label: tuple(one.figures.estimates[name, "all"].value or 0.0 for name in ("cost_per_day", "wait_mean"))
        for label, one in results.items()
    }
    dominated = {a for a in at for b in at if at[b] != at[a] and all(y <= x for x, y in zip(at[a], at[b], strict=True))}
    assert efficient(results) == set(at) - dominated
    assert len(alike(results)) == 1


def test_what_is_met_by_a_hair_is_met_alone_and_not_among_many() -> None:
    results = results_of("center=phuc_hoa", "replications=6", EASY)
    result = results["none"]
    upper = result.figures.estimates["wait_mean", "all"].upper
    assert upper is not None
    close = Targets(name="close", items=(Target(metric="wait_mean", at_most=upper + 1e-6),))
    result = Result(result.study.model_copy(update={"targets": close}), result.runs)
    assert result.verdict == "met"
    text = written({"none": result})
    assert "Yes. As it is run now" in text
    text = written({f"{n}": result for n in range(12)})
    assert "Yes, taken by itself" in text
    assert "with 12 ways tried, one may look this good by luck" in text


def test_ways_that_promise_something_else_are_no_alternatives() -> None:
    strict = results_of("center=phuc_hoa", "replications=4", "targets.items=[{metric: wait_mean, at_most: 0.0001}]")
    easy = results_of("center=phuc_hoa", "replications=4", EASY)
    both = {"strict": strict["none"], "easy": easy["none"]}
    assert [list(group) for group in asked_together(both)] == [["strict"], ["easy"]]
    text = written(both)
    assert "at most 0 min" in text
    assert "at most 60 min" in text
    assert "Yes, with" not in text


def test_a_policy_alone_is_not_how_it_is_run_now() -> None:
    results = results_of("center=phuc_hoa", "replications=4", EASY, policies=("guidance_desk",))
    text = written(results)
    assert "Yes. With guides at the door, the center keeps its promise." in text
    assert "run now" not in text


def test_the_promise_of_a_field_is_told_as_that() -> None:
    results = results_of(
        "center=phuc_hoa", "replications=4", 'targets.items=[{metric: wait_mean, at_most: 60, scope: "field=land"}]'
    )
    assert "mean wait (land) at most 60 min" in written(results)


@pytest.mark.parametrize("target", ["{metric: left_within_30, at_least: 0.1}", "{metric: wait_p90, at_most: 60}"])
def test_any_target_makes_a_page(target: str) -> None:
    results = results_of("center=phuc_hoa", "replications=3", f"targets.items=[{target}]")
    assert written(results)
    assert written(results, "vi")


def test_without_a_promise_nothing_is_judged() -> None:
    text = written(results_of("center=phuc_hoa", "replications=3", "targets.items=[]"))
    assert catalog("en")["found.nothing"] in text
    assert "keeps its promise" not in text


@pytest.mark.parametrize("metric", metric_names())
def test_every_figure_has_a_name_in_both_languages(metric: str) -> None:
    said = {language: Metric(metric).said(language) for language in LANGUAGES}
    assert said["vi"] != said["en"]
    assert "_" not in "".join(said.values())


def test_an_id_is_one_element_also_with_several_groups() -> None:
    from sim.report.page.ways import groups

    results = {}
    for demand in ("1", "2"):
        for policy, result in results_of(
            "center=phuc_hoa", "replications=2", f"demand={demand}", policies=("none", "guidance_desk")
        ).items():
            label = f"phuc_hoa · demand={demand} · {policy}"
            results[label] = Result(result.study.model_copy(update={"label": label}), result.runs)
    text = page(Source(results, (), {}, MADE, {}, is_of_this_version=False))
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    found = groups(results, asked_together(results), (), {}, [])
    assert [said(group.center, "en") for group in found] == ["Phục Hòa · demand=1", "Phục Hòa · demand=2"]


FORGED: dict[str, Any] = {
    "more verdicts than targets": {"verdicts": ["met"] * 3},
    "a figure beyond all": {"figure": {"value": 1.7e308, "lower": None, "upper": None, "confidence": 0.95}},
    "no number": {"at": "x"},
    "a verdict of its own": {"verdict": "yes"},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_trial_is_refused_in_a_line(what: str) -> None:
    one = {"value": 1.0, "lower": 0.5, "upper": 1.5, "confidence": 0.95}
    end = {"at": 60, "figure": one, "change": one, "verdict": "met", "verdicts": ["met"]}
    whole = {"without_network": {"begins": 8, "minutes": 60, "end": end}}
    assert _fitting(whole).without_network is not None
    forged = {"without_network": {"begins": 8, "minutes": 60, "end": {**end, **FORGED[what]}}}
    with pytest.raises(ValueError, match=r"validation|does not fit"):
        _fitting(forged)


def _fitting(whole: dict[str, Any]) -> Rested:
    found = Rested.model_validate(whole)
    if not found.fits(1):
        raise ValueError("does not fit")
    return found


def test_a_page_is_made_again_from_the_folder_alone_and_names_stay_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    mine = tmp_path / f"{SCRIPT.replace('/', '')}.yaml"
    text = composed(["center=phuc_hoa", f'name="{SCRIPT}"', f'points.hall.title="{SCRIPT}"'])
    mine.write_text(text.replace("  per_day: 12.9", f"  per_day: 12.9  # A [10–15] {SCRIPT}"), encoding="utf-8")
    words = [f"center='{mine}'", *SMALL, f'targets.source="{SCRIPT}"', "replications=4", "workers=1"]
    assert run.main([*words, f"out={out}"]) == 0
    first = (out / "report.html").read_text(encoding="utf-8")
    assert "<img" not in first.lower()
    assert read(first, "vi").count(SCRIPT) >= 4
    (out / "report.html").unlink()
    assert report.main([str(out)]) == 0
    assert (out / "report.html").read_text(encoding="utf-8") == first
    assert f"page:    {out / 'report.html'}" in capsys.readouterr().out
    assert report.main([str(out), "lang=en"]) == 0
    english = first.replace('<html lang="vi">', '<html lang="en">').replace('"vi" checked', '"vi"')
    english = english.replace('id="in-en" value="en"', 'id="in-en" value="en" checked')
    assert (out / "report.html").read_text(encoding="utf-8") == english
    assert report.main([str(out), "events=vidigi"]) == 0
    events = pd.read_csv(out / "vidigi.csv")
    assert set(events["event_type"]) <= {"arrival_departure", "queue", "resource_use", "resource_use_end"}
    assert (events.groupby(["run_number", "entity_id"])["time"].diff().dropna() >= 0).all()
    found = reopened(out)
    (without,) = (one.without_network for one in found.rests.values())
    assert without is not None
    assert f"{without.begins:02d}:00" in read(first, "vi")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), "wanted one folder of results"),
        (("nowhere",), "is no folder"),
        (("a", "b"), "wanted one folder of results"),
        (("a", "lang=fr"), "wanted one of vi, en"),
        (("a", "out=b"), "is for motcua run"),
        (("a", "events=all"), "wanted one of no, vidigi"),
    ],
)
def test_a_wrong_word_is_refused_in_a_line(
    words: tuple[str, ...],
    wanted: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert report.main(list(words)) == 2
    assert wanted in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def shipped(group: str) -> list[str]:
    return [path.stem for path in sorted(Path(f"configs/{group}").glob("*.yaml"))]


def with_policy(policy: str) -> Study:
    """The first center that a policy fits: one hall, several points, a network that fails, then all others."""
    for center in ("go_vap", "cam_duong", "central_highlands", *shipped("center")):
        with suppress(BadInput):
            return load([f"center={center}", f"policy={policy}"])
    raise AssertionError(policy)


def test_every_shipped_assumption_with_a_range_has_a_name_in_both_languages() -> None:
    centers = [load([f"center={name}"]) for name in shipped("center")]
    policies = [with_policy(name) for name in shipped("policy")]
    names = {one.name for study in (*centers, *policies) for one in inputs_of(study)[0]}
    assert len(names) > 150
    assert [name for name in sorted(names) for language in LANGUAGES if Input(name).said(language) == name] == []
