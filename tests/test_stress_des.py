"""The reporting sheet: every item once, counted right, every number with its mark, and text that stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import sim
from sim.assumed import is_input
from sim.door.files import plain_values
from sim.door.groups import groups, package_of, text_of
from sim.models.contract import CLAUSES
from sim.report.stress_des import FILE, ITEMS, MAY_DIFFER, TO_FILL_IN, Ran, Sheet, sheet
from sim.report.stress_des.algorithms import CLAUSES_WHERE
from sim.report.stress_des.inputs import MARKS, mark_of, rows_of
from sim.report.stress_des.markdown import escaped, fenced, paragraphs, table
from sim.report.stress_des.units import unit_at
from sim.report.wording import plain
from sim.reporting import Reporting
from sim.result import Result
from sim.study import Study
from sim.targets import Target, Targets
from sim.values import numbers
from tests.plans import WHOLE_CENTER, scenario

MARKDOWN = MarkdownIt("commonmark").enable("table")
RAN = Ran(["motcua", "run", "center=x y"], {"python": "3"}, "a machine", 1.5, pictures={})
SHORT = ("days=2", "replications=2", "engine=reference", "opening=true")
CAM_DUONG = ("center=cam_duong", *SHORT)
FACTS = {"S0", "S1", "S2", "S3", "S4", "V", "W", "O", "A", "given"}
OPEN = {"purpose": "1.1", "aims": "1.3", "data_sources": "3.1", "pre_processing": "3.2", "distributions": "3.3"}
OPEN |= {"warm_up": "4.1", "code_access": "6.1"}
WAITED = Targets(name="short", items=(Target(metric="wait_mean", at_most=15.0),))
EVIL = "a|b *c* `d` <script>x</script> [e](f) & \\ _g_\n# h"


@cache
def results(which: str) -> Mapping[str, Result]:
    """Results by label: of a small center, of one with everything on, and of a sweep."""
    match which:
        case "plain":
            studies = [Study(base=scenario(days=1), targets=WAITED, replications=2, engine="reference", label="plain")]
        case "no targets":
            none = Targets(name="none")
            studies = [Study(base=scenario(days=1), targets=none, replications=1, engine="reference", label="a")]
        case "everything":
            base = scenario(**{**WHOLE_CENTER, "days": 2, "opening": True})
            studies = [Study(base=base, targets=WAITED, replications=2, engine="reference", label="all")]
        case "policy":
            studies = [sim.load([*CAM_DUONG, "policy=[weekend_hours,guidance_desk]", "staff.point_2.count=3"])]
        case _:
            studies = sim.sweep([*CAM_DUONG, "policy=none,weekend_hours", "demand=1,1.5"])
    found = [sim.simulate(study, workers=1) for study in studies]
    return {one.study.label: one for one in found}


ALL = ("plain", "no targets", "everything", "policy", "sweep")


def with_study(result: Result, **changes: Any) -> Mapping[str, Result]:
    """The result with another study of the same runs."""
    study = result.study.model_copy(update=changes)
    return {study.label: Result(study, result.runs)}


def items(text: str) -> dict[str, str]:
    """What stands under the heading of each item, in order; an item that is there twice is a fault."""
    body = text.partition("\n## Tables\n")[0]
    parts = re.split(r"(?m)^### (\d[\d.]*) .*$", body)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert len(found) == len(parts) // 2
    return found


def inputs_in(text: str) -> dict[str, list[tuple[str, ...]]]:
    """The rows of Table 3.3 by key: value, unit, mark, range, words."""
    part = text.partition("### Table 3.3")[2].partition(MAY_DIFFER)[0]
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in part.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].startswith("`"):
            found.setdefault(cells[0].strip("`"), []).append(tuple(cells[1:]))
    return found


# Items


@pytest.mark.parametrize("ran", [None, RAN], ids=["in Python", "by the program"])
@pytest.mark.parametrize("which", ALL)
def test_every_item_is_there_once_in_order_and_counted(which: str, ran: Ran | None) -> None:
    made = sheet(results(which), ran)
    found = items(made.text)
    assert list(found) == [number for number, _, _ in ITEMS]
    waiting = [number for number, text in found.items() if TO_FILL_IN in text]
    assert waiting == list(made.waiting)
    assert made.filled + made.by_author + len(waiting) == len(ITEMS) == 24
    first = f"{24 - len(waiting)} of 24 items are filled from the run, {len(waiting)} wait for you: "
    assert made.text.splitlines()[0] == f"{first}{', '.join(waiting)}."
    assert all(text.replace(TO_FILL_IN, "").strip() for text in found.values())


def test_what_the_program_knows_of_itself_is_asked_of_who_ran_it_in_python() -> None:
    missing = {"5.1", "5.4"}
    assert missing <= set(sheet(results("plain")).waiting)
    assert not missing & set(sheet(results("plain"), RAN).waiting)
    assert sim.stress_des(results("plain")["plain"]) == sheet(results("plain")).text


@cache
def _open_to_words() -> Result:
    """A result of which each item that may wait for the author does: random durations, a warm-up set by hand."""
    base = scenario(opening=False, warmup_days=7, days=8, patience={"kind": "exponential", "mean": 60.0})
    study = Study(base=base, targets=WAITED, replications=1, engine="reference", label="open")
    return sim.simulate(study, workers=1)


@pytest.mark.parametrize("key", Reporting.model_fields)
def test_words_of_the_author_fill_their_item_and_no_other(key: str) -> None:
    before = sheet({"open": _open_to_words()}, RAN)
    after = sheet(with_study(_open_to_words(), reporting=Reporting(**{key: "One.\n\nTwo."})), RAN)
    assert set(before.waiting) == set(OPEN.values())
    assert set(before.waiting) - set(after.waiting) == {OPEN[key]}
    assert "One.\n\nTwo." in items(after.text)[OPEN[key]]
    assert (after.by_author, after.filled) == (1, before.filled)
    assert "1 with words of yours" in after.counted


def test_with_all_words_nothing_waits() -> None:
    said = Reporting(**dict.fromkeys(Reporting.model_fields, "said"))
    made = sheet(with_study(_open_to_words(), reporting=said), RAN)
    assert made.waiting == ()
    assert made.text.startswith("24 of 24 items are filled from the run, 7 with words of yours, 0 wait for you.")


def test_a_queue_whose_numbers_are_constant_needs_no_word_on_distributions() -> None:
    assert "3.3" not in sheet(results("plain")).waiting
    assert "3.3" in sheet(results("everything")).waiting


def test_a_sweep_says_what_each_scenario_changes() -> None:
    found = items(sheet(results("sweep")).text)["2.3"]
    assert "| `demand` | 1 | 1.5 |" in found
    assert "| `calendar.hours.sat` | – | 07:30-11:30 |" in found
    labels = list(results("sweep"))
    assert [f"**{label}**" in found for label in labels] == [False, True, True, True]
    assert all(f"- {label}" in items(sheet(results("sweep")).text)["1.3"] for label in labels)


def test_each_center_of_a_sweep_is_described() -> None:
    two = {**results("plain"), **results("everything")}
    other = two["all"].study
    renamed = other.model_copy(update={"base": other.base.replace(name="other")})
    made = items(sheet({"plain": two["plain"], "all": Result(renamed, two["all"].runs)}).text)
    for number in ("2.1", "2.2", "2.5.2", "2.5.3", "2.5.4", "4.2"):
        assert made[number].count("**small**") == made[number].count("**other**") == 1, number


@pytest.mark.parametrize(("which", "some"), [("plain", False), ("everything", True)])
def test_only_the_rules_that_can_apply_are_told(which: str, some: bool) -> None:
    told = sheet(results(which)).text.partition("### Table 2.4")[2].partition("### Table 3.3")[0]
    assert ("| `order` |" in told, "| `rows` |" in told) == (True, False)
    assert all((f"| `{name}` |" in told) == some for name in ("paper", "storm", "step", "file", "weak", "board"))


def test_each_rule_of_an_instant_says_when_it_applies() -> None:
    assert set(CLAUSES_WHERE) == set(CLAUSES) - {"rows"}


# Numbers


@pytest.mark.parametrize("which", ["plain", "everything", "policy"])
def test_every_number_is_in_the_table_with_its_mark(which: str) -> None:
    result = next(iter(results(which).values()))
    study, found = result.study, inputs_in(sheet(results(which)).text)
    base = study.base.model_dump(mode="json", exclude={"observed", "days", "warmup_days"})
    policies = {name: policy.model_dump(mode="json") for name, policy in study.policies}
    known = dict(numbers({**base, "policy": policies}))
    assert len(known) > 20
    for key, number in known.items():
        value, unit, mark, *_ = found[key][0]
        wanted = study.marks.get(key, "default" if study.marks else "unmarked")
        assert float(value.replace(",", "")) == number, key
        assert mark == ("–" if key.endswith(".rank") else wanted), key
        assert unit, key
    assert found["name"][0][0] == escaped(study.base.name)


def test_marks_are_those_that_the_study_counts() -> None:
    study = _of_policy().study
    found = Counter(rows[0][2] for rows in inputs_in(sheet(results("policy")).text).values())
    assert found["given"] == 1
    assert found["A"] == study.assumptions
    assert sum(found[mark] for mark in FACTS) == study.inputs
    assert f"**A**, {MARKS['A']}: {study.assumptions} numbers" in items(sheet(results("policy")).text)["3.1"]


def test_ranges_and_words_stand_beside_the_numbers() -> None:
    found = inputs_in(sheet(results("policy")).text)
    assert found["points.hall.travel.cv"] == [
        (
            "0.5",
            "standard deviation over mean",
            "A",
            "0.3 to 0.8",
            "minutes, one way, in a ward of 59.9 km²",
        )
    ]
    assert found["policy.weekend_hours.moves"][0][3] == "0 to 0.15"
    assert "nearly 200 people in 3 days: `arrivals.per_day`" in items(sheet(results("policy")).text)["3.1"]


def test_every_number_that_ships_has_a_unit() -> None:
    keys = set()
    for group, options in groups().items():
        for text in (text_of(group, option) for option in options):
            at = ".".join(package_of(group, text))
            keys |= {key for key, _ in numbers(plain_values(group, text)[0], at) if is_input(key)}
    assert len(keys) > 300
    assert not [key for key in sorted(keys) if not unit_at(key)]


def _of_policy() -> Result:
    return next(iter(results("policy").values()))


def test_a_long_list_of_values_is_told_by_its_ends() -> None:
    observed = {"kind": "empirical", "values": [float(n) for n in range(1, 31)]}
    study = Study(base=scenario(procedures={"request": {"service": observed}}), targets=WAITED)
    rows = {key: value for key, value, _ in rows_of(study)}
    assert len(rows["procedures.request.service.values"]) == 30
    assert mark_of(study, "procedures.request.service.values", [1.0]) == ""


# Text


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_text_stays_text_in_a_paragraph_and_in_a_table(text: str) -> None:
    wanted = plain(text)
    assert _rendered(escaped(text)) == ([wanted] if wanted else [])
    cells = _rendered(table(("a", "b"), [(f"x {escaped(text)}", "y")]))
    assert cells == ["a", "b", f"x {wanted}".strip(), "y"]


def _rendered(text: str) -> list[str]:
    """The text of each block as it is shown; anything that is no text is a fault."""
    shown = []
    for token in MARKDOWN.parse(text):
        assert token.type.partition("_")[0] in {"paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td"}
        if token.type == "inline":
            assert {child.type for child in token.children or []} <= {"text", "text_special"}, token
            shown.append("".join(child.content for child in token.children or []))
    return shown


def test_names_and_words_of_others_stay_text() -> None:
    base = scenario(days=1, name=EVIL, points={"hall": {"counters": 2, "title": EVIL}})
    study = Study(base=base, targets=WAITED.replace(source=EVIL), replications=1, engine="reference", label=EVIL)
    said = study.model_copy(update={"reporting": Reporting(purpose=EVIL, aims=f"one\n\n{EVIL}")})
    result = sim.simulate(said, workers=1)
    made = sheet({EVIL: result}, RAN).text
    tokens = MARKDOWN.parse(made)
    kinds = {child.type for token in tokens for child in token.children or []}
    assert not {"html_inline", "link_open"} & kinds
    assert not [token for token in tokens if token.type == "html_block"]
    headings = [token.content for token in tokens if token.type == "inline" and token.level == 1 and token.content]
    assert "h" not in headings
    assert list(items(made)) == [number for number, _, _ in ITEMS]
    assert escaped(EVIL) in items(made)["1.3"]


def test_paragraphs_and_commands_keep_their_form() -> None:
    assert paragraphs("one\nline\n\n \n two ") == ("one line", "two")
    token = MARKDOWN.parse(fenced(["motcua", "a```b", "c d"]))[0]
    assert (token.type, token.content) == ("fence", "motcua 'a```b' 'c d'\n")


# Bytes


def test_only_the_last_section_depends_on_who_ran_it() -> None:
    result = _of_policy()
    again = sim.simulate(result.study, workers=2)
    other = Ran(["motcua"], {"python": "4"}, "another", 9.0, failed={EVIL: EVIL})
    one, two = (sheet({r.study.label: r}, ran).text for r, ran in ((result, RAN), (again, other)))
    assert one.partition(MAY_DIFFER)[0] == two.partition(MAY_DIFFER)[0]
    assert one.partition(MAY_DIFFER)[2] != two.partition(MAY_DIFFER)[2]
    assert ("'center=x y'" in one, "a machine" in one, FILE) == (True, True, "stress_des.md")


def test_the_counts_are_in_words() -> None:
    assert Sheet("", 23, 0, ("1.1",)).counted == "23 of 24 items are filled from the run, 1 waits for you"
