"""The shipped configs: ordinary Hydra configs, whole scenarios, and every number with its mark."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hydra import compose, initialize_config_module
from omegaconf import OmegaConf

from experiments.schema import text as schema_text
from experiments.validate import MADE_UP
from sim.assumed import FIXED, NOT_INPUTS, REST, is_input
from sim.assumptions.inputs import NO_OTHER, inputs_of
from sim.door import composed, groups, load, marks, schema, studies
from sim.door.files import plain_values
from sim.door.marks import UNMARKED, mark_in, marks_of
from sim.door.shape import WHOLE
from sim.faults import BadInput
from sim.policies import POLICIES
from sim.study import SMOKE
from sim.units import HOUR, MINUTE, span
from sim.yardstick import yardstick

REAL = [name for name in groups()["center"] if name not in MADE_UP]
FEW_OFFICIALS = (
    *("bac_hong_linh", "ban_lau", "central_highlands", "coc_san", "lao_cai_ward", "na_hy", "phuc_hoa", "quang_yen"),
)
ONE_POINT = [name for name in REAL if name not in {"cam_duong", "da_nang"}]
ONE_DOSSIER = ("ban_lau", "central_highlands", "coc_san", "duc_trong", "na_hy", "phuc_hoa")
TWO_OFFICIALS = ("central_highlands", "coc_san")
ALL_ROUND = ("coc_san", "da_nang")
SHORT = {"na_hy"}  # of officials whom every field suits
WITH_OFFICE = {"na_hy", "lao_cai_ward"}
GUIDED = ("bac_hong_linh", "ben_thanh", "duc_trong", "tan_giang")
UP = [name for name in REAL if name != "central_highlands"]
UNFIT = {
    ("go_vap", "split_lunch"): "there is no lunch to split",
    **{(center, "cross_training"): "all officials know these fields already" for center in ALL_ROUND},
    **{(center, "pooled_queue"): "serve every field already" for center in ALL_ROUND},
    **{(center, "vacant_headquarters"): "there are not 2 officials to take" for center in TWO_OFFICIALS},
    **{(center, "extra_points"): "there are not 4 officials to take" for center in FEW_OFFICIALS},
    **{(center, "open_when_long"): "there are not 2 officials to take" for center in TWO_OFFICIALS},
    **{(center, "floating_official"): "there is only one point to be at" for center in ONE_POINT},
    **{(center, "adjust_tomorrow"): "there is only one point to be at" for center in ONE_POINT},
    **{(center, "floating_team"): "there is no point but hall" for center in ONE_POINT},
    **{(center, "bulk_lane"): "everybody brings one dossier" for center in ONE_DOSSIER},
    **{(center, "volunteers"): "others guide here already and do it otherwise" for center in GUIDED},
    ("bac_hong_linh", "guidance_desk"): "others guide here already and do it otherwise",
    **{(center, name): "the network never fails here" for center in UP for name in ("paper_fallback", "backup_link")},
    ("central_highlands", "paper_fallback"): "outages are answered on paper already",
    **{(center, "non_territorial"): "there is no point but hall" for center in ONE_POINT},
    **{(center, "remote_specialists"): "these fields suit all officials" for center in REAL if center not in SHORT},
    **{(center, "digital_teams"): "nobody could check" for center in REAL if center not in WITH_OFFICE},
    **{(center, "postal_return"): "wanted a back_office section" for center in REAL if center not in WITH_OFFICE},
}
CHOICES = [(group, option) for group, options in groups().items() for option in options]


def texts() -> list[tuple[str, str]]:
    """Name and text of every shipped config."""
    root = files("configs")
    inner = [(f"{group}/{option}", root / group / f"{option}.yaml") for group, option in CHOICES]
    return [(name, path.read_text(encoding="utf-8")) for name, path in [("config", root / "config.yaml"), *inner]]


@pytest.mark.parametrize(("group", "option"), CHOICES, ids=[f"{group}={option}" for group, option in CHOICES])
def test_plain_hydra_composes_each_choice_to_the_same_values(group: str, option: str) -> None:
    override = f"+{group}={option}" if group == "experiment" else f"{group}={option}"
    with initialize_config_module("configs", version_base="1.3"):
        plain: Any = OmegaConf.to_container(compose("config", [override]), resolve=True)
    if group == "experiment":
        assert all(isinstance(line, str) for line in plain.pop("sweep"))
        return
    values, faults = plain_values(option, composed([override]))
    assert (values, faults) == (plain, [])


@pytest.mark.parametrize("center", groups()["center"])
@pytest.mark.parametrize("targets", groups()["targets"])
@pytest.mark.parametrize("precision", groups()["precision"])
def test_every_center_is_a_whole_scenario(center: str, targets: str, precision: str) -> None:
    study = load([f"center={center}", f"targets={targets}", f"precision={precision}"])
    assert (study.targets.name, study.policies) == (targets, ())
    assert study.replications >= SMOKE


@pytest.mark.parametrize("center", REAL)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_fits_every_real_center_or_says_why_not(center: str, policy: str) -> None:
    if (center, policy) in UNFIT:
        with pytest.raises(BadInput, match=rf"policy\.{policy}: .*{UNFIT[center, policy]}"):
            load([f"center={center}", f"policy={policy}"])
        return
    study = load([f"center={center}", f"policy={policy}"])
    assert (study.scenario != study.base) == (policy != "none")


def test_every_policy_that_can_be_chosen_has_a_config_and_the_reverse() -> None:
    assert sorted(groups()["policy"]) == sorted(POLICIES)


def test_every_experiment_compares_several_scenarios() -> None:
    for name in groups()["experiment"]:
        found = studies([f"+experiment={name}"], multirun=False)
        assert len({study.label for study in found}) == len(found) > 1, name


def test_every_number_has_its_mark() -> None:
    faults = [
        f"{name}: {key}"
        for name, text in texts()
        for key, mark in marks_of(text).items()
        if mark == UNMARKED and (is_input(key) or "items" in key or ".observed." in f".{key}")
    ]
    assert not faults, "\n".join(faults)


def test_every_assumption_has_a_range_or_says_why_not() -> None:
    faults = [
        f"{name}: {key}"
        for name, text in texts()
        for key, mark in marks_of(text).items()
        if mark.is_assumption and is_input(key) and "items" not in key and ".observed." not in f".{key}"
        if mark.range is None and not mark.assumed.words.startswith((REST, FIXED))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("center", groups()["center"])
def test_every_assumed_value_lies_in_its_range(center: str) -> None:
    policies = [name for name in POLICIES if (center, name) not in UNFIT]
    for policy in policies if center == "go_vap" else ["none"]:
        found, faults = inputs_of(load([f"center={center}", f"policy={policy}"]))
        assert all(one.low <= one.value <= one.high and one.low < one.high for one in found), [
            one.name for one in found
        ]
        assert {why.partition(":")[0] for _, why in faults} <= {"rescaled with the others", "fixed", NO_OTHER}


@pytest.mark.parametrize(
    ("line", "letter", "text", "bounds"),
    [
        ("mean: 6.0  # V 5–10 min", "V", "5–10 min", None),
        ("cv: 0.8  # A [0.5–1.5] a guess", "A", "[0.5–1.5] a guess", (0.5, 1.5)),
        ("cv: 0.8  # W: measured [0.1 - 0.3]", "W", "measured [0.1 - 0.3]", (0.1, 0.3)),
        ("per_day: 67  # S2", "S2", "", None),
        ("per_day: 67  # As said", "unmarked", "", None),
        ("per_day: 67", "unmarked", "", None),
    ],
)
def test_a_mark_is_read_from_its_comment(line: str, letter: str, text: str, bounds: tuple[float, float] | None) -> None:
    mark = mark_in(line)
    assert (mark.letter, mark.text, mark.range) == (letter, text, bounds)


def test_a_comment_marks_all_numbers_of_its_line_and_no_other() -> None:
    text = "# @package here\na: {b: 1, c: [2.5, yes]}  # V x\nd:\n  e: 3\n  f: '4'  # A\n"
    found = marks_of(text, ("here",))
    assert {key: mark.letter for key, mark in found.items()} == {
        "here.a.b": "V",
        "here.a.c.0": "V",
        "here.d.e": "unmarked",
    }


def test_ranges_belong_to_the_numbers_of_a_line_in_their_order() -> None:
    text = """
a: {x: 3.0, y: 0.8}  # A [1–5], [0.5–1.2] minutes
b: {x: 1.3, y: 1.0, z: 2}  # A [1.0–1.5], [×0.8–×1.5] each; Mondays
c: {x: 1, y: 2}  # A [0–2]
d: [10, 20]  # A [×0.5–×2] together: by somebody
e: {from: "18:00", x: 4}  # A [17:00–19:30], [3–6] in the evening
f: "18:00"  # A [1–2]
"""
    found = {key: (mark.range, mark.together) for key, mark in marks_of(text).items()}
    assert found == {
        "a.x": ((1, 5), False),
        "a.y": ((0.5, 1.2), False),
        "b.x": ((1.0, 1.5), False),
        "b.y": ((0.8, 1.5), False),
        "b.z": ((1.6, 3.0), False),
        "c.x": ((0, 2), False),
        "c.y": (None, False),
        "d.0": ((0.5, 2), True),
        "d.1": ((0.5, 2), True),
        "e.from": ((1020, 1170), False),
        "e.x": ((3, 6), False),
    }
    assert marks_of(text)["d.0"].assumed.words == "by somebody"


def test_marks_follow_the_composition() -> None:
    found = marks(["center=go_vap", "policy=guidance_desk", "demand=2", "patience={kind: exponential, mean: 9}"])
    assert found["arrivals.per_day"].letter == "V"
    assert found["procedures.land.incomplete"].range == (0.05, 0.2), "the center's, not the group's"
    assert found["policy.guidance_desk.finds"].letter == "A"
    assert (found["demand"].letter, found["patience.mean"].letter) == ("given", "given")
    assert {key for key, mark in found.items() if mark.letter == "unmarked"} == {
        key for key in found if key.split(".")[0] in NOT_INPUTS - {"targets", "observed"} or key.endswith(".rank")
    }


def test_inputs_and_assumptions_are_counted() -> None:
    before, after = load(["center=cam_duong"]), load(["center=cam_duong", "greeting=3", "days=40"])
    assert (after.inputs, after.assumptions) == (before.inputs, before.assumptions - 1)
    assert 0 < before.assumptions < before.inputs
    assert after.model_dump().keys().isdisjoint({"inputs", "assumptions"})


def test_the_committed_schema_is_the_one_that_is_printed() -> None:
    committed = (files("configs") / "scenario.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "python -m experiments.schema > configs/scenario.schema.json"


def test_the_schema_knows_every_key_and_choice() -> None:
    whole = schema()
    assert whole["properties"].keys() == {*WHOLE, "defaults"}
    choices = whole["properties"]["defaults"]["items"]["anyOf"][0]["properties"]
    assert choices["center"]["enum"] == list(groups()["center"])


@pytest.mark.parametrize("center", REAL)
def test_every_real_center_says_what_was_observed_of_it(center: str) -> None:
    """A figure, or that what is said is no measurement; a figure is a share of no count of inputs."""
    study = load([f"center={center}"])
    assert study.base.observed
    for one in study.base.observed.values():
        assert one.metric or "what is said is not a measurement" in one.note
    assert study.inputs == load([f"center={center}", "observed={}"]).inputs


def test_figures_that_were_computed_for_a_config() -> None:
    ward = load(["center=cam_duong"]).base
    assert ward.patience is not None
    assert ward.patience.mean / (1 + ward.patience.cv**2) ** 0.5 == pytest.approx(90, abs=0.1)  # a lognormal's median
    assert ward.channels["assisted"].share == pytest.approx(0.45 / 0.70, abs=0.001)
    rural = load(["center=ban_lau"]).base.patience
    assert rural is not None
    assert rural.mean / (1 + rural.cv**2) ** 0.5 == pytest.approx(120, abs=0.1)
    assert sum(group.count or 0 for group in load(["center=ben_thanh"]).base.staff.values()) == 17
    arrivals = load(["center=quang_yen"]).base.arrivals
    assert (arrivals.per_day or 0) * arrivals.dossiers_per_visitor == pytest.approx(72)
    shifts = load(["center=go_vap"]).base.calendar.shifts
    for spans in shifts.values():
        assert sum(end - start for start, end in map(span, spans)) == 8 * HOUR
    rests = [span(spans[0])[1] for spans in shifts.values()], [span(spans[1])[0] for spans in shifts.values()]
    assert rests[1][0] <= rests[0][1], "one shift is back before the other goes to lunch"


def test_figures_of_the_seeds_are_those_of_their_centers() -> None:
    seen = load(["center=na_hy"]).base
    assert (seen.start.isoformat(), (seen.start + timedelta(days=seen.days - 1)).isoformat()) == (
        "2025-07-01",
        "2025-11-27",
    )
    assert sum(seen.is_working(day) for day in range(seen.days)) == 106
    assert seen.channels["paper"].share == pytest.approx(2 / 926, abs=0.0001)
    assert seen.observed["ahead_of_schedule"].value == pytest.approx(918 / 926, abs=0.0001)
    city = load(["center=da_nang", "policy=non_territorial"]).scenario
    assert city.choice is not None
    assert city.choice.share == pytest.approx(1160 / 2267, abs=0.0005)
    assert load(["center=da_nang"]).scenario.choice is None


def test_outages_of_the_central_highlands_are_one_in_ten_working_days() -> None:
    base = load(["center=central_highlands"]).base
    assert base.network is not None
    door, outages = base.calendar.opening(base.start), base.network.outages
    every = {scope: one.up.mean + one.down.mean for scope, one in outages.items()}
    often = 1 / (10 * (door[-1][1] - door[0][0]) / MINUTE)
    assert sum(1 / minutes for minutes in every.values()) == pytest.approx(often, rel=0.001)
    assert 1 / every["portal"] / often == pytest.approx(6 / 34, rel=0.001)
    mean = outages["center"].down.mean
    assert 1 - base.network.share_up == pytest.approx(mean * often, rel=0.01)
    assert 1 - base.network.share_up == pytest.approx(0.0157, abs=0.00005)
    for one in outages.values():
        quantiles = one.down.inverse(np.array([1e-9, 0.5, 1 - 1e-9]), np.array([1 - 1e-9, 0.5, 1e-9]))
        assert quantiles == pytest.approx([15, 45, 540], abs=0.01)


@pytest.mark.parametrize("center", ["xuan_huong", "ban_lau", "coc_san", "duc_trong"])
def test_centers_that_open_are_measured_from_their_first_day(center: str) -> None:
    base = load([f"center={center}"]).base
    assert (base.opening, base.warmup, base.is_working(0)) == (True, 0, True)


def test_after_tet_the_whole_of_march_is_measured() -> None:
    study = load(["center=khanh_binh"])
    assert len(yardstick(study.base, study.targets).whole_months) == 1
    shares = {name: entry.share for name, entry in study.base.procedures.items()}
    assert max(shares, key=lambda name: shares[name]) == "job_certificate"


def test_the_default_run_measures_the_whole_of_june() -> None:
    base = load([]).base
    first = base.start + timedelta(days=base.warmup)
    assert (first.isoformat(), (base.start + timedelta(days=base.days)).isoformat()) == (
        "2026-06-01",
        "2026-07-01",
    )
    assert base.is_working(base.warmup)
    assert len(yardstick(base, load([]).targets).whole_months) == 1


@pytest.mark.parametrize(
    ("overrides", "first"),
    [
        (["days=7"], 7),  # all running in
        (["days=7", "warmup_days=5"], 5),  # a Saturday and a Sunday are measured
    ],
)
def test_a_run_in_which_no_working_day_is_measured_is_refused(overrides: list[str], first: int) -> None:
    with pytest.raises(BadInput, match=f"no working day is measured after the first {first} days: wanted more days"):
        load(overrides)
    longer = load([*overrides, "days=8"]).base
    assert longer.is_working(7)


@pytest.mark.parametrize("name", ["office_hours", "through_lunch"])
def test_the_friday_that_was_swapped_for_a_saturday_is_closed(name: str) -> None:
    calendar = load([f"calendar={name}"]).base.calendar
    found = [bool(calendar.opening(date(2026, 1, day))) for day in range(1, 9)]
    assert found == [False, False, False, False, True, True, True, True]


@pytest.mark.parametrize("center", REAL)
def test_every_real_center_says_how_far_it_is(center: str) -> None:
    """Also where extra points are opened, so that the hours of citizens have a figure."""
    few = ["policy.extra_points.from_existing=0"] if center in FEW_OFFICIALS else []
    for overrides in (["policy=none"], ["policy=extra_points", *few]):
        points = load([f"center={center}", *overrides]).scenario.points
        assert all(point.travel is not None for point in points.values())


def test_a_textbook_queue_by_its_keys() -> None:
    overrides = [
        "center=textbook",
        "arrivals.rate_per_hour=12",
        "points.hall.counters=3",
        "points.hall.seats=10",
        "patience={kind: exponential, mean: 20}",
        "procedures.request.service={kind: lognormal, mean: 10, cv: 1.2}",
        "procedures.request.share=0.5",
        "+procedures.other={share: 0.5, service: {kind: deterministic, mean: 3}}",
        "days=10",
        "warmup_days=2",
        "opening=true",
        "priorities={first: {share: 0.2, rank: 0}, second: {share: 0.8, rank: 1}}",
    ]
    base = load(overrides).base
    hall = base.points["hall"]
    assert (hall.counters, hall.seats, base.warmup, base.opening) == (3, 10, 2, True)
    assert base.staff["counter"].count is None
    assert base.fields == ("request", "other")
    assert base.guidance is None
    assert base.network is None
    assert base.returns.unserved.share == 0
