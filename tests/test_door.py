"""The door: groups, settings, sweeps and own files, as the command line and a notebook use it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hydra import compose, initialize_config_module
from hydra.core.global_hydra import GlobalHydra
from hydra.version import getbase

from sim.distributions import Deterministic, Lognormal
from sim.door import composed, load, marks, studies, sweep
from sim.faults import BadInput


def labels(*overrides: str) -> list[str]:
    """The labels of a sweep."""
    return [study.label for study in sweep(overrides)]


def test_values_are_set_by_replacement() -> None:
    other = load(["procedures.land.service={kind: deterministic, mean: 10}"]).base
    assert other.procedures["land"].service == Deterministic(kind="deterministic", mean=10)
    changed = load(["procedures.land.service.mean=10"]).base
    assert changed.procedures["land"].service == Lognormal(kind="lognormal", mean=10, cv=0.8)


def test_adding_and_removing() -> None:
    base = load(
        [
            "~staff.point_3",
            "~points.point_3",
            "points.hall.share=0.75",
            "+staff.night={count: 1}",
            "++days=40",
        ]
    ).base
    assert list(base.staff) == ["certification", "specialists", "point_2", "night"]
    assert (list(base.points), base.days) == (["hall", "point_2"], 40)


def test_what_is_said_twice_holds_as_it_is_said_last() -> None:
    study = load(["demand=2", "center=textbook", "demand=3", "center=go_vap"])
    assert (study.base.demand, study.base.name) == (3, "Gò Vấp")


def test_policies_keep_their_order() -> None:
    names = [
        [name for name, _ in load([f"policy=[{order}]"]).policies]
        for order in ("weekend_hours,guidance_desk", "guidance_desk,weekend_hours", "none")
    ]
    assert names == [["weekend_hours", "guidance_desk"], ["guidance_desk", "weekend_hours"], []]


def test_a_sweep_multiplies_and_labels_tell_apart() -> None:
    assert labels("center=go_vap,textbook", "demand=1,2") == [
        "go_vap · demand=1",
        "go_vap · demand=2",
        "textbook · demand=1",
        "textbook · demand=2",
    ]
    assert labels("policy=none,[guidance_desk,add_officials]", "seed=1") == [
        "none",
        "guidance_desk+add_officials",
    ]
    assert labels("seed=3") == ["cam_duong · none"]


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ("demand=range(0.1,0.5,0.1)", ["demand=0.1", "demand=0.2", "demand=0.3", "demand=0.4"]),
        ("days=range(30,33)", ["days=30", "days=31", "days=32"]),
        ("seed=choice(5,7)", ["seed=5", "seed=7"]),
        ("policy=glob([week*_hours,*_desk])", ["guidance_desk", "weekend_hours"]),
        ("center=glob(*book*)", ["textbook"]),
    ],
)
def test_the_sweeps_of_the_grammar(override: str, found: list[str]) -> None:
    assert labels(override) == found


def test_identical_scenarios_merge() -> None:
    assert labels("policy=none,[none],[]") == ["none"]
    assert labels("demand=1.0,1.0,2") == ["demand=1.0", "demand=2"]


def test_a_parameter_is_ignored_where_its_policy_is_not() -> None:
    found = sweep(["policy=none,weekend_hours", "policy.weekend_hours.moves=0.05,0.1"])
    assert [study.label for study in found] == [
        "none",
        "weekend_hours · policy.weekend_hours.moves=0.05",
        "weekend_hours · policy.weekend_hours.moves=0.1",
    ]
    assert [policy.moves for study in found for _, policy in study.policies] == [0.05, 0.1]


def test_an_experiment_sweeps_under_what_the_command_line_says() -> None:
    found = studies(["+experiment=weekend_hours", "demand=1.2"], multirun=False)
    assert [(study.label, study.base.demand, study.base.name) for study in found] == [
        ("none", 1.2, "Gò Vấp"),
        ("weekend_hours", 1.2, "Gò Vấp"),
    ]
    assert load(["+experiment=weekend_hours", "policy=guidance_desk"]).label == "go_vap · guidance_desk"
    assert labels("+experiment=weekend_hours", "seed=1,2", "policy=none") == ["seed=1", "seed=2"]


def own(folder: Path, content: str) -> str:
    """The choice of a file with this content."""
    path = folder / "own.yaml"
    path.write_text(content, encoding="utf-8")
    return f"center={path}"


def test_a_file_changes_what_it_names_and_replaces_the_rest(tmp_path: Path) -> None:
    content = """
        # yaml-language-server: $schema=scenario.schema.json
        defaults: [{center: cam_duong}, {policy: [weekend_hours]}]
        name: Phường tôi
        points: {hall: {counters: 5}}                 # S2 counted
        patience: {kind: deterministic, mean: 30}     # A [20–40]
        priorities: {everyone: {share: 1, rank: 0}}
        policy: {weekend_hours: {moves: 0.1}}
    """.replace("\n        ", "\n")
    study = load([own(tmp_path, content)])
    assert (study.base.name, study.label) == ("Phường tôi", "own · weekend_hours")
    assert (study.base.points["hall"].counters, study.base.points["hall"].seats) == (5, 40)
    assert study.base.patience == Deterministic(kind="deterministic", mean=30)
    assert list(study.base.priorities) == ["everyone"]
    assert (study.policies[0][1].moves, study.policies[0][1].staff_share) == (0.1, 0.5)
    found = marks([own(tmp_path, content)])
    assert (found["points.hall.counters"].letter, found["patience.mean"].range) == ("S2", (20, 40))
    assert found["policy.weekend_hours.moves"].letter == "unmarked"


def test_the_command_line_wins_over_a_file(tmp_path: Path) -> None:
    content = "defaults: [{center: cam_duong}, {calendar: continuous}]\nreplications: 50\ngreeting: 5\ndays: 40\n"
    file = own(tmp_path, content)
    assert (load([file]).replications, load([file]).base.greeting) == (50, 5)
    study = load([file, "calendar=office_hours", "precision=standard", "citizens=ward", "days=41"])
    assert (study.replications, study.base.greeting, study.base.days) == (100, 2, 41)
    assert "sat" not in study.base.calendar.hours


def test_the_composed_text_is_a_file_again(tmp_path: Path) -> None:
    overrides = [
        "center=go_vap",
        "policy=[weekend_hours,guidance_desk]",
        "seed=5",
        "targets=hcmc_20",
        "demand=1e-3",
    ]
    before, after = load(overrides), load([own(tmp_path, composed(overrides))])
    assert after.model_dump(exclude={"label"}) == before.model_dump(exclude={"label"})
    assert after.label == "own · weekend_hours+guidance_desk"


def test_a_file_in_a_sweep_beside_shipped_centers(tmp_path: Path) -> None:
    file = own(tmp_path, "defaults: [{center: go_vap}]\nname: x\n")
    assert labels(f"{file},go_vap", "policy=none,guidance_desk") == [
        "own · none",
        "own · guidance_desk",
        "go_vap · none",
        "go_vap · guidance_desk",
    ]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    content = "defaults: [{center: go_vap}]\nname: "
    files = [own(tmp_path / folder, content + folder).partition("=")[2] for folder in ("a", "b")]
    assert labels(f"center={','.join(files)}") == files


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes("defaults: [{center: cam_duong}]\nname: Đường\n".encode("utf-8-sig"))
    assert load([f"center={path}"]).base.name == "Đường"


def test_nothing_is_written_and_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sweep(["+experiment=weekend_hours"])
    with pytest.raises(BadInput):
        load(["hydra.run.dir=here", "+x={_target_: os.mkdir, path: there}"])
    assert list(tmp_path.iterdir()) == []


def test_a_hydra_around_us_keeps_its_state() -> None:
    with initialize_config_module("configs", version_base="1.2"):
        outer = GlobalHydra.instance().hydra
        assert load(["center=textbook"]).base.name == "Textbook queue"
        assert (GlobalHydra.instance().hydra, str(getbase())) == (outer, "1.2")
        assert compose("config")["name"] == "Cam Đường"
    assert not GlobalHydra.instance().is_initialized()


def test_hydra_is_imported_when_something_is_composed() -> None:
    program = (
        "import sys, sim.door\n"
        "try: sim.door.load(['--bad', 'dayss', 'hydra.run.dir=x'])\n"
        "except sim.BadInput: pass\n"
        "assert sim.door.groups()['center']\n"
    )
    before = "import sys, sim.door; sim.door.groups(); sim.door.schema(); assert 'hydra' not in sys.modules"
    subprocess.run([sys.executable, "-c", before], check=True, cwd=Path(__file__).parent.parent)
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parent.parent)


def test_a_thousand_scenarios_of_four_compositions_take_seconds() -> None:
    overrides = [
        "center=go_vap,cam_duong",
        "policy=none,weekend_hours",
        "demand=range(0.5,1.5,0.02)",
        "seed=range(1,6)",
    ]
    start = time.perf_counter()
    assert len(sweep(overrides)) == 1000
    assert time.perf_counter() - start < 10, "about 1 s; Hydra's own sweep takes 170 s"
